//! Keys that OpenClaw doesn't know, and the known ones that were likely intended.

use std::collections::HashMap;

use crate::diagnostic::Location;
use crate::document::{Path, Step};
use crate::nearest::is_same;
use crate::openclaw::schema::{self, Issue, IssueKind, Validation};
use crate::openclaw::{Config, OTHER_REFERENCES, VersionSource};

/// A key that OpenClaw doesn't know, while the one that was likely intended is missing.
#[derive(Clone, Debug)]
pub struct Misspelt {
    /// The location of the key.
    pub at: Location,
    /// The key as written.
    pub written: String,
    /// The known key.
    pub intended: &'static str,
    /// Whether the two differ only in case, `_` and `-`.
    pub is_certain: bool,
    /// Whether no other key in the object may have been intended as the same one.
    pub is_alone: bool,
}

impl Misspelt {
    /// The misspelt keys among the issues of a judgement, one entry per issue; `None` for other
    /// issues.
    pub(super) fn all(judged: &Validation, config: &Config) -> Vec<Option<Self>> {
        let mut rivals = Rivals::default();
        let issues = judged.issues.iter();
        issues
            .map(|issue| Self::of(issue, judged, config, &mut rivals))
            .collect()
    }

    fn of<'i>(
        issue: &'i Issue,
        judged: &Validation,
        config: &Config,
        rivals: &mut Rivals<'i>,
    ) -> Option<Self> {
        if issue.kind() != IssueKind::UnknownKey || is_header(issue) {
            return None;
        }
        let intended = judged.closest(issue)?;
        let (_, way) = issue.path.0.split_last()?;
        let holder = config.root().down(way)?;
        if holder.get(intended).is_some() {
            return None;
        }
        let source = &config.sources()[issue.source];
        let position = source.document.locate(issue.range.start);
        let alike = rivals.0.entry(way).or_insert_with(|| {
            let mut alike = HashMap::new();
            for (key, _) in holder.entries() {
                if let Some(intended) = judged.closest_to(issue, &key) {
                    *alike.entry(intended).or_default() += 1;
                }
            }
            alike
        });
        Some(Self {
            at: Location {
                path: issue.path.clone(),
                ..Location::new(&source.path, position)
            },
            written: issue.key().to_owned(),
            intended,
            is_certain: is_same(issue.key(), intended),
            is_alone: alike.get(intended) == Some(&1),
        })
    }

    /// The path of the intended key.
    #[must_use]
    pub fn intended_path(&self) -> Path {
        let mut path = self.at.path.clone();
        path.0.pop();
        path.key(self.intended)
    }
}

/// For each object, how many keys may have been intended as each known one. Computed once per
/// object.
#[derive(Default)]
struct Rivals<'i>(HashMap<&'i [Step], HashMap<&'static str, usize>>);

/// The misspelt keys among those that this program reads or writes. Skips providers with another
/// id, unless they seem to be Portkey's.
#[must_use]
pub fn misspelt(config: &Config, version: VersionSource, provider_id: &str) -> Vec<Misspelt> {
    let is_other = |path: &Path| match path.0.get(2) {
        Some(Step::Key(id)) if path.0.first() == Some(&Step::Key("models".to_owned())) => {
            let provider = Path(path.0[..3].to_vec());
            path.0.len() > 3
                && !id.eq_ignore_ascii_case(provider_id)
                && !names_portkey(config, &provider)
        }
        _ => false,
    };
    let judged = schema::validate(config, version.version());
    Misspelt::all(&judged, config)
        .into_iter()
        .flatten()
        .filter(|found| is_ours(&found.intended_path()) && !is_other(&found.at.path))
        .chain(misspelt_roots(config))
        .collect()
}

/// `Models` and the like. The table doesn't cover anything else at the root.
fn misspelt_roots(config: &Config) -> Vec<Misspelt> {
    let root = config.root();
    let mut found = Vec::new();
    for intended in ["models", "agents"] {
        if root.get(intended).is_some() {
            continue;
        }
        let entries = root.entries().into_iter();
        let alike: Vec<String> = entries
            .map(|(key, _)| key)
            .filter(|key| is_same(key, intended))
            .collect();
        for written in &alike {
            let Some((source, range)) = root.key_range(written) else {
                continue;
            };
            let source = &config.sources()[source];
            let position = source.document.locate(range.start);
            found.push(Misspelt {
                at: Location {
                    path: Path::root().key(written),
                    ..Location::new(&source.path, position)
                },
                written: written.clone(),
                intended,
                is_certain: true,
                is_alone: alike.len() == 1,
            });
        }
    }
    found
}

/// Whether the word occurs in a value or its key.
fn names_portkey(config: &Config, path: &Path) -> bool {
    let has_word = |text: &str| text.to_ascii_lowercase().contains("portkey");
    has_word(&path.to_string())
        || config.root().down(&path.0).is_some_and(|view| {
            let (source, range) = view.range();
            has_word(&config.sources()[source].document.text()[range])
        })
}

/// Whether a provider's key was likely intended as a header.
fn is_header(issue: &Issue) -> bool {
    header_for(issue.key()).is_some()
        && issue.path.0.first() == Some(&Step::Key("models".to_owned()))
}

/// Keys that people write next to `headers` although they belong there; in lower case.
const HEADERS: &[(&str, &str)] = &[
    ("config", "x-portkey-config"),
    ("configid", "x-portkey-config"),
    ("metadata", "x-portkey-metadata"),
    ("portkeyconfig", "x-portkey-config"),
    ("traceid", "x-portkey-trace-id"),
    ("virtualkey", "x-portkey-provider"),
];

/// The header that an unknown key was likely intended as.
pub(super) fn header_for(key: &str) -> Option<&'static str> {
    let lower = key.to_ascii_lowercase();
    let found = HEADERS.iter().find(|(word, _)| *word == lower);
    found.map(|(_, header)| *header)
}

/// Whether a path is one that this program reads or writes.
fn is_ours(path: &Path) -> bool {
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    match keys.as_slice() {
        ["models", "providers" | "mode"] | ["agents", "defaults" | "list"] => true,
        ["models", "providers", _, key] => PROVIDER_KEYS.contains(key),
        ["models", "providers", _, "models", key, ..] => MODEL_KEYS.contains(key),
        ["models", "providers", _, "request", key] => *key == "allowPrivateNetwork",
        ["agents", "defaults" | "list", key, ..] => {
            matches!(*key, "id" | "model" | "models" | "modelPolicy")
                || OTHER_REFERENCES.iter().any(|way| way[0] == *key)
        }
        _ => false,
    }
}

/// The keys of a provider that this program reads or writes.
const PROVIDER_KEYS: [&str; 7] = [
    "api", "apiKey", "auth", "baseUrl", "headers", "models", "request",
];

/// The same for a model.
const MODEL_KEYS: [&str; 8] = [
    "contextWindow",
    "cost",
    "headers",
    "id",
    "input",
    "maxTokens",
    "name",
    "reasoning",
];
