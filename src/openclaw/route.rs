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
        write!(
            f,
            "`{}` comes from an $include that cannot be edited safely: {}",
            self.path, self.why
        )
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
        let mut at = At {
            source: 0,
            node: self.sources[0].document.root(),
        };
        let mut within = Path::default();
        for (depth, step) in path.0.iter().enumerate() {
            if let Step::Key(key) = step
                && let Some(next) = self.route_include(at, key, depth, path)?
            {
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
        Ok(Routed {
            source: at.source,
            path: within,
        })
    }

    /// The included file's root, where the include at `at` owns `key`.
    fn route_include(
        &self,
        at: At,
        key: &str,
        depth: usize,
        path: &Path,
    ) -> Result<Option<At>, RouteError> {
        let document = self.document(at);
        let files: Vec<usize> = self.included_by(at).collect();
        if files.is_empty() {
            return Ok(None);
        }
        let own = document.get(at.node, key).is_some();
        let alone = document.members(at.node).count() == 1;
        let owners: Vec<usize> = files
            .iter()
            .copied()
            .filter(|file| self.holds(*file, key))
            .collect();
        let refuse = |why| {
            let mut named = owners.clone();
            if own {
                named.push(at.source);
            }
            RouteError {
                path: path.clone(),
                files: named
                    .iter()
                    .map(|file| self.sources[*file].path.clone())
                    .collect(),
                why,
            }
        };
        let single = document
            .get(at.node, INCLUDE)
            .is_some_and(|node| document.kind(node) == Kind::String);
        let writable = alone && single && depth > 0;
        match (owners.is_empty(), own) {
            (true, _) if writable => {}
            (true, _) => return Ok(None),
            (false, true) => {
                return Err(refuse(
                    "the including file and the included one both hold it",
                ));
            }
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
        let root = At {
            source,
            node: self.sources[source].document.root(),
        };
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
