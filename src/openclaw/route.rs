//! Which file owns a path of the merged config, and so which file to edit.
//!
//! OpenClaw writes through an include only if one file, included alone by an object below the root,
//! owns every changed key. Edits here follow the same rule, except for keys that the including file
//! holds itself: those are edited in place.

use std::fmt;
use std::path::PathBuf;

use crate::document::{Kind, Path, Step};

use super::{At, Config, INCLUDE};

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
    /// The path to edit.
    pub path: Path,
    /// The files that hold parts of it, to be edited by hand.
    pub files: Vec<PathBuf>,
    /// The reason.
    pub why: &'static str,
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` comes from an $include that can't be edited safely: {}",
            self.path, self.why
        )
    }
}

impl std::error::Error for RouteError {}

impl Config {
    /// The file that owns `path`, which may not exist yet.
    ///
    /// # Errors
    /// If OpenClaw itself would not write through: a root include that owns the key, several
    /// included files, an include next to other keys.
    pub fn route(&self, path: &Path) -> Result<Routed, RouteError> {
        let mut at = At {
            source: 0,
            node: self.sources[0].document.root(),
        };
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
                Step::Index(index) => document.item(at.node, *index),
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

    /// Like [`Config::route`], but if the value at the path is just an include, returns the path of
    /// the contents in the included file.
    ///
    /// # Errors
    /// The same as [`Config::route`].
    pub fn route_contents(&self, path: &Path) -> Result<Routed, RouteError> {
        let mut routed = self.route(path)?;
        while let Some(node) = self.sources[routed.source].document.at(&routed.path) {
            let at = At {
                source: routed.source,
                node,
            };
            let Some(next) = self.route_whole(at, path)? else {
                break;
            };
            routed = Routed {
                source: next.source,
                path: Path::default(),
            };
        }
        Ok(routed)
    }

    /// The root of the included file, if the value at `at` is just an include.
    fn route_whole(&self, at: At, path: &Path) -> Result<Option<At>, RouteError> {
        let files: Vec<usize> = self.included_by(at).collect();
        let document = self.document(at);
        let refuse = |why| RouteError {
            path: path.clone(),
            files: files
                .iter()
                .map(|file| self.sources[*file].path.clone())
                .collect(),
            why,
        };
        let source = match files.as_slice() {
            [] => return Ok(None),
            [source] if document.members(at.node).count() == 1 && !self.names_several(at) => {
                *source
            }
            [_] => return Err(refuse("the including object has other keys")),
            _ => return Err(refuse("it merges several files")),
        };
        let document = &self.sources[source].document;
        let node = document.root();
        if document.kind(node) != Kind::Object {
            return Err(refuse("the included file is not an object"));
        }
        Ok(Some(At { source, node }))
    }

    /// Whether the include is written as a list, even of one file.
    fn names_several(&self, at: At) -> bool {
        let document = self.document(at);
        document
            .get(at.node, INCLUDE)
            .is_some_and(|node| document.kind(node) == Kind::Array)
    }

    /// The root of the included file, if the include at `at` owns `key`.
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
        let single = !self.names_several(at);
        let writable = alone && single && depth > 0;
        if !writable {
            return match (owners.is_empty(), own) {
                (true, _) => Ok(None),
                (false, true) => Err(refuse("both the including and the included file have it")),
                (false, false) if depth == 0 => Err(refuse("the include is at the root")),
                (false, false) if single => Err(refuse("the including object has other keys")),
                (false, false) => Err(refuse("it merges several files")),
            };
        }
        let source = files[0];
        let node = self.sources[source].document.root();
        Ok(Some(At { source, node }))
    }

    /// Whether an included file, or a file that its root includes, has the key.
    fn holds(&self, source: usize, key: &str) -> bool {
        let root = At {
            source,
            node: self.sources[source].document.root(),
        };
        self.merged(vec![root])
            .iter()
            .any(|layer| self.document(*layer).get(layer.node, key).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::openclaw::View;

    /// A config of a main file and included ones.
    fn config(main: &str, files: &[(&str, &str)]) -> Config {
        let parse = |text: &str| Document::parse(text).unwrap();
        let mut config = Config::new(PathBuf::from("main"), parse(main));
        let mut next = 0;
        while next < config.sources().len() {
            for include in config.includes_of(next) {
                let (name, text) = files
                    .iter()
                    .find(|(name, _)| *name == include.target)
                    .unwrap();
                config.add_included(include, PathBuf::from(name), parse(text));
            }
            next += 1;
        }
        config
    }

    fn path(text: &str) -> Path {
        let step = |part: &str| {
            part.parse()
                .map_or_else(|_| Step::Key(part.to_owned()), Step::Index)
        };
        Path(text.split('.').map(step).collect())
    }

    /// The file and the path in it, or why there is none.
    fn routed(config: &Config, to: &str) -> Result<(String, String), &'static str> {
        let found = config.route(&path(to)).map_err(|error| error.why)?;
        let file = config.sources()[found.source].path.display().to_string();
        Ok((file, found.path.to_string()))
    }

    fn at(file: &str, path: &str) -> (String, String) {
        (file.to_owned(), path.to_owned())
    }

    #[test]
    fn a_single_include_owns_everything_below_it() {
        let config = config(
            "{models: {$include: 'm'}, agents: {list: [{$include: 'one'}, {id: 'b'}]}}",
            &[
                ("m", "{providers: {$include: 'p'}}"),
                ("p", "{a: {models: [1]}}"),
                ("one", "{id: 'a'}"),
            ],
        );
        assert_eq!(routed(&config, "models.mode"), Ok(at("m", "mode")));
        assert_eq!(
            routed(&config, "models.providers.a.models"),
            Ok(at("p", "a.models"))
        );
        assert_eq!(
            routed(&config, "models.providers.new.baseUrl"),
            Ok(at("p", "new.baseUrl"))
        );
        assert_eq!(
            routed(&config, "agents.list.0.model"),
            Ok(at("one", "model"))
        );
        assert_eq!(
            routed(&config, "agents.list.1.model"),
            Ok(at("main", "agents.list[1].model"))
        );
        assert_eq!(
            routed(&config, "gateway.port"),
            Ok(at("main", "gateway.port"))
        );
        // The value itself is in the including file, its contents in the other.
        assert_eq!(
            routed(&config, "models.providers"),
            Ok(at("m", "providers"))
        );
        let contents = config.route_contents(&path("models.providers")).unwrap();
        assert_eq!((contents.source, contents.path), (3, Path::default()));
    }

    #[test]
    fn includes_that_openclaw_would_not_write_through() {
        let shared = config(
            "{$include: 'base', own: {a: 1}}",
            &[("base", "{models: {}, own: {b: 1}}")],
        );
        assert_eq!(
            routed(&shared, "models.mode"),
            Err("the include is at the root")
        );
        assert_eq!(
            routed(&shared, "own.a"),
            Err("both the including and the included file have it")
        );
        assert_eq!(routed(&shared, "new.a"), Ok(at("main", "new.a")));
        let several = config(
            "{models: {$include: ['a', 'b']}}",
            &[("a", "{x: 1}"), ("b", "{y: 1}")],
        );
        assert_eq!(routed(&several, "models.x"), Err("it merges several files"));
        assert_eq!(routed(&several, "models.z"), Ok(at("main", "models.z")));
        let mixed = config("{models: {$include: 'a', own: 1}}", &[("a", "{x: 1}")]);
        assert_eq!(
            routed(&mixed, "models.x"),
            Err("the including object has other keys")
        );
        assert_eq!(routed(&mixed, "models.own"), Ok(at("main", "models.own")));
        let list = config("{models: {$include: 'a'}}", &[("a", "[1]")]);
        assert_eq!(
            routed(&list, "models.0"),
            Err("the included file is not an object")
        );
        let error = list.route_contents(&path("models")).unwrap_err();
        assert_eq!(error.files, [PathBuf::from("a")]);
    }

    #[test]
    fn views_merge_like_openclaw() {
        let config = config(
            "{a: {$include: ['x', 'y'], own: [3], s: 'main'}}",
            &[
                ("x", "{own: [1], s: 'x', t: 'x', o: {p: 1}}"),
                ("y", "{own: [2], t: 'y', o: {q: 2}}"),
            ],
        );
        let text = |keys: &[&str]| config.at(keys).unwrap().text().unwrap().into_owned();
        assert_eq!(text(&["a", "s"]), "main");
        assert_eq!(text(&["a", "t"]), "y");
        let own = config.at(&["a", "own"]).unwrap();
        let numbers: Vec<_> = own.items().iter().map(View::value).collect();
        assert_eq!(numbers, [1.0, 2.0, 3.0].map(crate::document::Value::Number));
        let keys: Vec<String> = config
            .at(&["a", "o"])
            .unwrap()
            .entries()
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(keys, ["p", "q"]);
        assert_eq!(own.place().file, std::path::Path::new("main"));
    }
}
