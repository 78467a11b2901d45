//! Which file owns a path of the merged config, and so where an edit of it goes.
//!
//! OpenClaw writes through an include only where one file, included alone by an object below the
//! root, owns every changed key. An edit here follows the same line, but for keys that the
//! including file holds itself: those are edited where they stand.

use std::fmt;
use std::path::PathBuf;

use crate::document::{Kind, Path, Step};

use super::{At, Config, INCLUDE, Place};

/// A path in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// The index of the file in [`Config::sources`].
    pub source: usize,
    /// The path within it.
    pub path: Path,
}

/// Why no single file owns the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteError {
    /// The path that was to be edited.
    pub path: Path,
    /// The files that hold parts of it, to be edited by hand.
    pub files: Vec<PathBuf>,
    /// What stands in the way.
    pub why: &'static str,
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` comes from an $include that cannot be edited safely: {}", self.path, self.why)
    }
}

impl std::error::Error for RouteError {}

impl Config {
    /// The file that owns `path`, existing or to be made.
    ///
    /// # Errors
    /// Where OpenClaw itself would not write through: a root include that owns the key, several
    /// included files, an include beside keys of its own.
    pub fn route(&self, path: &Path) -> Result<Routed, RouteError> {
        let mut at = At { source: 0, node: self.sources[0].document.root() };
        let mut within = Path::default();
        for (depth, step) in path.0.iter().enumerate() {
            let next = match step {
                Step::Key(key) => self.route_include(at, key, depth, path)?,
                Step::Index(_) => self.route_whole(at, path)?,
            };
            if let Some(next) = next {
                at = next;
                within = Path::default();
            }
            within.0.push(step.clone());
            let document = self.document(at);
            let child = match step {
                Step::Key(key) => document.get(at.node, key),
                Step::Index(index) => document.items(at.node).nth(*index),
            };
            let Some(node) = child else {
                within.0.extend(path.0[depth + 1..].iter().cloned());
                break;
            };
            at.node = node;
        }
        Ok(Routed { source: at.source, path: within })
    }

    /// As [`Config::route`]; where the value at the path is nothing but an include, the path of
    /// what it brings in the file that it names.
    ///
    /// # Errors
    /// As [`Config::route`].
    pub fn route_contents(&self, path: &Path) -> Result<Routed, RouteError> {
        let mut routed = self.route(path)?;
        while let Some(node) = self.sources[routed.source].document.at(&routed.path) {
            let at = At { source: routed.source, node };
            let Some(next) = self.route_whole(at, path)? else {
                break;
            };
            routed = Routed { source: next.source, path: Path::default() };
        }
        Ok(routed)
    }

    /// The included file's root, where the value at `at` is an include for all of it.
    fn route_whole(&self, at: At, path: &Path) -> Result<Option<At>, RouteError> {
        let files: Vec<usize> = self.included_by(at).collect();
        let document = self.document(at);
        let refuse = |why| RouteError {
            path: path.clone(),
            files: files.iter().map(|file| self.sources[*file].path.clone()).collect(),
            why,
        };
        let source = match files.as_slice() {
            [] => return Ok(None),
            [source] if document.members(at.node).count() == 1 && !self.names_several(at) => *source,
            [_] => return Err(refuse("the including object has keys of its own")),
            _ => return Err(refuse("several files are merged there")),
        };
        let document = &self.sources[source].document;
        let node = document.root();
        if document.kind(node) != Kind::Object {
            return Err(refuse("the included file is not an object"));
        }
        Ok(Some(At { source, node }))
    }

    /// Whether the include is written as a list, be it of one file.
    fn names_several(&self, at: At) -> bool {
        let document = self.document(at);
        document
            .get(at.node, INCLUDE)
            .is_some_and(|node| document.kind(node) == Kind::Array)
    }

    /// The included file's root, where the include at `at` owns `key`.
    fn route_include(&self, at: At, key: &str, depth: usize, path: &Path) -> Result<Option<At>, RouteError> {
        let document = self.document(at);
        let files: Vec<usize> = self.included_by(at).collect();
        if files.is_empty() {
            return Ok(None);
        }
        let own = document.get(at.node, key).is_some();
        let alone = document.members(at.node).count() == 1;
        let owners: Vec<usize> = files.iter().copied().filter(|file| self.holds(*file, key)).collect();
        let refuse = |why| {
            let mut named = owners.clone();
            if own {
                named.push(at.source);
            }
            RouteError {
                path: path.clone(),
                files: named.iter().map(|file| self.sources[*file].path.clone()).collect(),
                why,
            }
        };
        let single = !self.names_several(at);
        let writable = alone && single && depth > 0;
        match (owners.is_empty(), own) {
            (true, _) if writable => {}
            (true, _) => return Ok(None),
            (false, true) => return Err(refuse("the including file and the included one both hold it")),
            (false, false) if writable => {}
            (false, false) => {
                return Err(refuse(if depth == 0 {
                    "the include stands at the root"
                } else if single {
                    "the including object has keys of its own"
                } else {
                    "several files are merged there"
                }));
            }
        }
        let source = files[0];
        let node = self.sources[source].document.root();
        Ok(Some(At { source, node }))
    }

    /// Whether an included file, or what it includes at its root, has the key.
    fn holds(&self, source: usize, key: &str) -> bool {
        let root = At { source, node: self.sources[source].document.root() };
        self.merged(vec![root])
            .iter()
            .any(|layer| self.document(*layer).get(layer.node, key).is_some())
    }

    /// Where a routed path stands, or its nearest existing parent.
    #[must_use]
    pub fn place_of(&self, routed: &Routed) -> Place<'_> {
        let source = &self.sources[routed.source];
        let mut path = routed.path.clone();
        let node = loop {
            if let Some(node) = source.document.at(&path) {
                break node;
            }
            if path.0.pop().is_none() {
                break source.document.root();
            }
        };
        Place {
            file: &source.path,
            position: source.document.locate(source.document.span(node).start),
        }
    }
}
