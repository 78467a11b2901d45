//! Keys below `models` and `agents` that OpenClaw doesn't know, or that are duplicated.
//!
//! OpenClaw is strict there: one unknown key, and it does not start. The walk runs over the
//! documents themselves, since of keys given twice a view shows only the last.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Kind, NodeId, Path, Step};
use crate::openclaw::{Config, Version, VersionSource};
use crate::portkey::printable;

use super::keys::{self, NONE, Object, versions};

/// A key that is not as it should be.
#[derive(Clone, Debug)]
pub struct KeyError {
    /// What is wrong with it.
    pub what: KeyErrorKind,
    /// The index of the file in `Config::sources`.
    pub source: usize,
    /// Where the key is.
    pub range: Range<usize>,
    /// The way to its value in the merged config.
    pub path: Path,
}

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyErrorKind {
    /// No version knows it. Holds the number of the object that it is in.
    Unknown(u16),
    /// The version at hand knows it no longer; the last that did.
    Removed(Version),
    /// The version at hand does not know it yet; the first that does.
    NotYet(Version),
    /// It is given again in the same object, for the last time at this byte of the file, and only
    /// that one counts.
    Duplicate(usize),
}

impl KeyError {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        match self.path.0.last() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// The key as a message shows it.
    #[must_use]
    pub fn shown(&self) -> String {
        printable(self.key(), 60)
    }
}

/// The known key that was likely intended by an unknown one.
#[must_use]
pub(super) fn closest(object: u16, key: &str, version: VersionSource) -> Option<&'static str> {
    /// Longer words than any key of OpenClaw's are not worth comparing.
    const LONGEST: usize = 48;
    if key.len() > LONGEST {
        return None;
    }
    let at_hand = bits(version.version());
    let wanted = bare(key);
    keys::object(object)?
        .keys
        .iter()
        .filter(|known| known.versions & at_hand != 0)
        .map(|known| {
            let likeness = strsim::normalized_damerau_levenshtein(&wanted, &bare(known.name));
            (likeness, known.name)
        })
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// A key without what people write differently.
pub(super) fn bare(text: &str) -> String {
    text.replace(['_', '-'], "").to_ascii_lowercase()
}

/// Whether the table can speak for a version: one that it holds, or one between two of these.
#[must_use]
pub(super) fn is_covered(version: VersionSource) -> bool {
    let version = version.version();
    versions().first().is_some_and(|oldest| *oldest <= version)
        && versions().last().is_some_and(|newest| version <= *newest)
}

/// Finds the strange keys of a config.
pub(super) fn find(config: &Config, version: VersionSource) -> Vec<KeyError> {
    let mut walk = Walk {
        config,
        at_hand: bits(version.version()),
        path: Path::root(),
        keys: Vec::new(),
        found: Vec::new(),
    };
    walk.root(0);
    walk.found
}

/// The versions of the table that speak for a version: itself, or its neighbours on both sides.
fn bits(version: Version) -> u8 {
    let above = versions().partition_point(|known| *known < version);
    let exact = versions().get(above) == Some(&version);
    let mut bits = 0;
    if above < versions().len() {
        bits |= 1 << above;
    }
    if above > 0 && !exact {
        bits |= 1 << (above - 1);
    }
    bits
}

struct Walk<'c> {
    config: &'c Config,
    at_hand: u8,
    path: Path,
    /// The keys of one object, sorted, each with where it is; kept for its memory.
    keys: Vec<(Cow<'c, str>, Range<usize>)>,
    found: Vec<KeyError>,
}

impl<'c> Walk<'c> {
    fn document(&self, source: usize) -> &'c Document {
        &self.config.sources()[source].document
    }

    /// A file that is the config, or is included by its root.
    fn root(&mut self, source: usize) {
        let document = self.document(source);
        let root = document.root();
        for included in self.config.included_at(source, root) {
            self.root(included);
        }
        for (key, object) in [("models", keys::models()), ("agents", keys::agents())] {
            let mut members = document.members(root).filter(|member| member.key == key);
            let Some(first) = members.next() else {
                continue;
            };
            let mut value = first.value;
            if let Some(last) = members.last() {
                let what = KeyErrorKind::Duplicate(last.key_span.start);
                self.add(what, source, first.key_span, key);
                value = last.value;
            }
            self.below(source, value, Step::Key(key.to_owned()), object);
        }
    }

    fn below(&mut self, source: usize, node: NodeId, step: Step, object: u16) {
        self.path.0.push(step);
        self.value(source, node, object);
        self.path.0.pop();
    }

    fn value(&mut self, source: usize, node: NodeId, object: u16) {
        let document = self.document(source);
        match document.kind(node) {
            Kind::Object => {
                for included in self.config.included_at(source, node) {
                    let root = self.document(included).root();
                    self.value(included, root, object);
                }
                let dead = self.repeated(source, node);
                self.members(source, node, object, &dead);
            }
            Kind::Array => {
                for (index, item) in document.items(node).enumerate() {
                    if is_container(document, item) {
                        self.below(source, item, Step::Index(index), object);
                    }
                }
            }
            _ => {}
        }
    }

    /// Finds keys given more than once. Returns where those are that do not count, sorted.
    fn repeated(&mut self, source: usize, node: NodeId) -> Vec<usize> {
        let members = self.document(source).members(node);
        let mut keys = std::mem::take(&mut self.keys);
        keys.extend(members.map(|member| (member.key, member.key_span)));
        keys.sort_unstable_by(|(a, a_at), (b, b_at)| (a, a_at.start).cmp(&(b, b_at.start)));
        let mut dead = Vec::new();
        for same in keys.chunk_by(|(a, _), (b, _)| a == b) {
            if let [(key, first), .., (_, last)] = same {
                self.add(
                    KeyErrorKind::Duplicate(last.start),
                    source,
                    first.clone(),
                    key,
                );
                dead.extend(same[..same.len() - 1].iter().map(|(_, at)| at.start));
            }
        }
        keys.clear();
        self.keys = keys;
        dead.sort_unstable();
        dead
    }

    fn members(&mut self, source: usize, node: NodeId, object: u16, dead: &[usize]) {
        let document = self.document(source);
        let known = keys::object(object);
        // An object in a string's place: it is that which is wrong, and other rules say so.
        if known.is_some_and(is_secret_ref) && document.get(node, "source").is_none() {
            return;
        }
        for member in document.members(node) {
            // What does not count is not there for OpenClaw.
            let counts = dead.binary_search(&member.key_span.start).is_err();
            if !counts || member.key == "$include" {
                continue;
            }
            let child = match known.map(|object| find_key(object, &member.key, self.at_hand)) {
                None => NONE,
                Some(Ok(child)) => child,
                Some(Err(strange)) => {
                    let what = strange.unwrap_or(KeyErrorKind::Unknown(object));
                    self.add(what, source, member.key_span, &member.key);
                    continue;
                }
            };
            if is_container(document, member.value) {
                let step = Step::Key(member.key.into_owned());
                self.below(source, member.value, step, child);
            }
        }
    }

    fn add(&mut self, what: KeyErrorKind, source: usize, range: Range<usize>, key: &str) {
        self.found.push(KeyError {
            what,
            source,
            range,
            path: self.path.clone().key(key),
        });
    }
}

/// The object that may replace a secret string.
fn is_secret_ref(object: &Object) -> bool {
    let keys = object.keys.iter().map(|key| key.name);
    keys.eq(["id", "provider", "source"])
}

fn is_container(document: &Document, node: NodeId) -> bool {
    matches!(document.kind(node), Kind::Object | Kind::Array)
}

/// The object behind a key; an error where the versions at hand refuse it, with what became of it
/// if any version knows it.
fn find_key(object: &Object, key: &str, at_hand: u8) -> Result<u16, Option<KeyErrorKind>> {
    let found = object.keys.binary_search_by(|known| known.name.cmp(key));
    let strict = object.closed & at_hand == at_hand;
    let Ok(index) = found else {
        return if strict { Err(None) } else { Ok(object.rest) };
    };
    let known = &object.keys[index];
    if known.versions & at_hand != 0 || !strict {
        return Ok(known.object);
    }
    // The bits of the versions before the one at hand.
    let before = known.versions & ((1 << at_hand.trailing_zeros()) - 1);
    let version = |bit: u32| versions().get(bit as usize).copied();
    let what = match before.checked_ilog2() {
        Some(last) => version(last).map(KeyErrorKind::Removed),
        None => version(known.versions.trailing_zeros()).map(KeyErrorKind::NotYet),
    };
    Err(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_between_two_is_spoken_for_by_both() {
        let bits = |text| super::bits(Version::parse(text).unwrap());
        assert_eq!(bits("2026.2.2"), 0b1);
        assert_eq!(bits("2026.2.12"), 0b1);
        assert_eq!(bits("2026.3.13"), 0b110);
        assert_eq!(bits("2026.9.6"), 0b100_0000);
        assert_eq!(bits("2027.1.1"), 0b100_0000);
    }

    #[test]
    fn included_files_are_walked_where_they_stand() {
        let document = |text: &str| Document::parse(text).unwrap();
        let main = r#"{ models: { providers: { $include: "./p.json5" } } }"#;
        let mut config = Config::new("openclaw.json".into(), document(main));
        let include = config.includes_of(0).remove(0);
        let providers = r#"{ portkey: { baseUrl: "x", baseURL: "y", models: [] } }"#;
        config.add_included(include, "p.json5".into(), document(providers));
        let found = find(&config, VersionSource::Unknown);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].source, 1);
        assert_eq!(&providers[found[0].range.clone()], "baseURL");
        assert_eq!(
            found[0].path.to_string(),
            "models.providers.portkey.baseURL"
        );
        let KeyErrorKind::Unknown(object) = found[0].what else {
            panic!("{found:?}");
        };
        assert_eq!(
            closest(object, "baseURL", VersionSource::Unknown),
            Some("baseUrl")
        );
        assert_eq!(closest(object, "quux", VersionSource::Unknown), None);
    }
}
