//! A config with what it includes, as far as it can be read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diagnostic::Location;
use crate::document::{Document, ReadError};
use crate::error::{Failure, FailureKind};
use crate::openclaw::{Config, Include};
use crate::store::{self, Environment, Snapshot};

use super::super::workspace::store_failure;

/// OpenClaw follows includes no deeper than this.
const DEEPEST_INCLUDE: usize = 10;

/// More files than any config is spread over: includes that multiply end here.
const MOST_FILES: usize = 200;

/// A file with the bytes taken out that its document holds.
pub(in crate::commands) type Emptied = Snapshot;

/// A config as far as it could be read.
pub(in crate::commands) struct Loaded {
    /// `None` where the file itself could not be parsed; it is then among `broken`.
    pub(in crate::commands) config: Option<Config>,
    /// The files in the order of [`Config::sources`]; `None` for standard input.
    pub(in crate::commands) snapshots: Vec<Option<Emptied>>,
    /// Files that are there but no JSON5.
    pub(in crate::commands) broken: Vec<Broken>,
    /// Whether every include was read.
    pub(in crate::commands) complete: bool,
    /// What was not read, and why.
    pub(in crate::commands) notes: Vec<String>,
}

/// A file that is no JSON5.
pub(in crate::commands) struct Broken {
    pub(in crate::commands) path: PathBuf,
    pub(in crate::commands) bytes: Vec<u8>,
    pub(in crate::commands) error: ReadError,
}

/// Texts that stand in place of what is on the disk.
pub(in crate::commands) type Overlay = BTreeMap<PathBuf, String>;

/// Reads a file and what it includes.
pub(in crate::commands) fn file(
    path: &Path,
    env: &Environment,
    overlay: &Overlay,
) -> Result<Loaded, Failure> {
    let (snapshot, bytes) = read(path, overlay)?;
    let mut loaded = parsed(path, bytes, Some(snapshot));
    loaded.follow(env, overlay);
    Ok(loaded)
}

/// Takes a text from standard input for a config. Where its includes are is not known.
pub(in crate::commands) fn stdin(bytes: Vec<u8>, overlay: &Overlay) -> Loaded {
    let path = Path::new("<stdin>");
    let bytes = overlay
        .get(path)
        .map_or(bytes, |text| text.clone().into_bytes());
    let mut loaded = parsed(path, bytes, None);
    if loaded
        .config
        .as_ref()
        .is_some_and(|config| !config.includes_of(0).is_empty())
    {
        loaded.complete = false;
        loaded
            .notes
            .push("includes of standard input are not read".to_owned());
    }
    loaded
}

fn read(path: &Path, overlay: &Overlay) -> Result<(Emptied, Vec<u8>), Failure> {
    let mut snapshot = store::read(path).map_err(|error| store_failure(&error))?;
    let Some(bytes) = snapshot.bytes.take() else {
        return Err(Failure::new(
            FailureKind::File,
            format!("{} does not exist", path.display()),
        ));
    };
    let bytes = overlay
        .get(path)
        .map_or(bytes, |text| text.clone().into_bytes());
    Ok((snapshot, bytes))
}

fn parsed(path: &Path, bytes: Vec<u8>, snapshot: Option<Emptied>) -> Loaded {
    let mut loaded = Loaded {
        config: None,
        snapshots: vec![snapshot],
        broken: Vec::new(),
        complete: true,
        notes: Vec::new(),
    };
    match document(path, bytes) {
        Ok(document) => loaded.config = Some(Config::new(path.to_owned(), document)),
        Err(broken) => loaded.broken.push(*broken),
    }
    loaded
}

fn document(path: &Path, bytes: Vec<u8>) -> Result<Document, Box<Broken>> {
    // A text that is no UTF-8, or no JSON5, is wanted back to be shown.
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return reread(path, error.into_bytes()),
    };
    if text.as_bytes().contains(&0) {
        return reread(path, text.into_bytes());
    }
    match Document::parse(text.as_str()) {
        Ok(document) => Ok(document),
        Err(error) => Err(Box::new(Broken {
            path: path.to_owned(),
            bytes: text.into_bytes(),
            error,
        })),
    }
}

fn reread(path: &Path, bytes: Vec<u8>) -> Result<Document, Box<Broken>> {
    Document::read(bytes.clone()).map_err(|error| {
        Box::new(Broken {
            path: path.to_owned(),
            bytes,
            error,
        })
    })
}

impl Loaded {
    fn follow(&mut self, env: &Environment, overlay: &Overlay) {
        let Some(mut config) = self.config.take() else {
            return;
        };
        // The file that includes each file, to tell circles.
        let mut parents = vec![None];
        let mut next = 0;
        while next < config.sources().len() {
            for include in config.includes_of(next) {
                match self.include(&config, &parents, &include, env, overlay) {
                    Ok((path, document, snapshot)) => {
                        config.add_included(include, path, document);
                        self.snapshots.push(Some(snapshot));
                        parents.push(Some(next));
                    }
                    Err(why) => {
                        self.complete = false;
                        self.notes.extend(why);
                    }
                }
                if self.notes.len() > MOST_FILES {
                    self.notes.truncate(MOST_FILES);
                }
            }
            next += 1;
        }
        self.config = Some(config);
    }

    /// The file that an include names; without a reason where the reason is a finding.
    fn include(
        &mut self,
        config: &Config,
        parents: &[Option<usize>],
        include: &Include,
        env: &Environment,
        overlay: &Overlay,
    ) -> Result<(PathBuf, Document, Emptied), Option<String>> {
        let sources = config.sources();
        let including = &sources[include.source];
        let at = || {
            let span = including.document.span(include.node);
            Location::new(&including.path, including.document.locate(span.start))
        };
        let because = |why: &str| Some(format!("{}: the include is not read: {why}", at()));
        if sources.len() >= MOST_FILES {
            return Err(because("there are too many"));
        }
        if config.include_depth(include.source) >= DEEPEST_INCLUDE {
            return Err(because("it is more than 10 files deep"));
        }
        let path = store::include_path(env, &sources[0].path, &including.path, &include.target)
            .map_err(|error| because(&error.to_string()))?;
        let mut above = Some(include.source);
        while let Some(index) = above {
            if sources[index].path == path {
                return Err(because("it leads in a circle"));
            }
            above = parents.get(index).copied().flatten();
        }
        let (snapshot, bytes) =
            read(&path, overlay).map_err(|failure| because(&failure.message))?;
        match document(&path, bytes) {
            Ok(document) => Ok((path, document, snapshot)),
            Err(broken) => {
                if !self.broken.iter().any(|known| known.path == broken.path) {
                    self.broken.push(*broken);
                }
                Err(None)
            }
        }
    }
}
