//! Reads a config and its includes, as far as possible. Every command reads through here, with the
//! same limits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::causes::UnreadInclude;
use crate::diagnostic::Location;
use crate::document::{Document, ReadError};
use crate::error::{Failure, FailureKind};
use crate::openclaw::{Config, Include};
use crate::store::{self, Environment, Snapshot};

/// OpenClaw follows includes no deeper than this.
const MAX_DEPTH: usize = 10;

/// A limit that no real config reaches, to stop includes that multiply.
const MAX_FILES: usize = 200;

/// The maximum size of an included file, in bytes; OpenClaw refuses larger ones.
const MAX_INCLUDE: usize = 2 * 1024 * 1024;

/// The text to plan on if the config does not exist yet.
const EMPTY: &str = "{\n}\n";

/// A config as far as it could be read.
pub(crate) struct Loaded {
    /// `None` if the file itself couldn't be parsed; it is then in `broken`.
    pub(crate) config: Option<Config>,
    /// The files in the order of [`Config::sources`], without the bytes, which their documents
    /// hold; `None` for standard input.
    pub(crate) snapshots: Vec<Option<Snapshot>>,
    /// Files that exist but aren't JSON5.
    pub(crate) broken: Vec<Broken>,
    /// Whether every include was read.
    pub(crate) complete: bool,
    /// Includes that weren't read.
    pub(crate) unread: Vec<Unread>,
    pub(crate) exists: bool,
}

/// A file that isn't JSON5.
pub(crate) struct Broken {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) error: ReadError,
}

/// An include that wasn't read.
pub(crate) struct Unread {
    location: Option<Location>,
    /// The including file's index and the location of the include; `None` for standard input.
    at: Option<(usize, Range<usize>)>,
    reason: String,
    hint: Option<String>,
}

impl Unread {
    /// One line with its location.
    pub(crate) fn text(&self) -> String {
        match &self.location {
            Some(location) => format!("{location}: include not read: {}", self.reason),
            None => self.reason.clone(),
        }
    }

    /// The same for the rules; `None` for standard input.
    pub(crate) fn include(&self) -> Option<UnreadInclude> {
        let (source, range) = self.at.clone()?;
        Some(UnreadInclude {
            source,
            range,
            reason: self.reason.clone(),
            help: self.hint.clone().unwrap_or_default(),
        })
    }

    fn failure(&self) -> Failure {
        let failure = Failure::new(FailureKind::Config, self.reason.clone());
        let failure = Failure {
            location: self.location.clone().map(Box::new),
            ..failure
        };
        match &self.hint {
            Some(hint) => failure.hint(hint.clone()),
            None => failure,
        }
    }
}

/// Texts that override the files on disk.
pub(crate) type Overlay = BTreeMap<PathBuf, String>;

/// Reads a file that must exist, and its includes.
pub(crate) fn file(path: &Path, env: &Environment, overlay: &Overlay) -> Result<Loaded, Failure> {
    let loaded = file_or_empty(path, env, overlay)?;
    if loaded.exists {
        return Ok(loaded);
    }
    Err(Failure::new(
        FailureKind::File,
        format!("{} does not exist", path.display()),
    ))
}

/// Reads a file and its includes; a missing file is an empty object.
pub(crate) fn file_or_empty(
    path: &Path,
    env: &Environment,
    overlay: &Overlay,
) -> Result<Loaded, Failure> {
    let mut snapshot = store::read(path)?;
    let exists = snapshot.exists();
    let bytes = snapshot.bytes.take();
    let bytes = match overlay.get(path) {
        Some(text) => text.clone().into_bytes(),
        None => bytes.unwrap_or_else(|| EMPTY.into()),
    };
    let mut loaded = parsed(path, bytes, Some(snapshot));
    loaded.exists = exists;
    loaded.follow(env, overlay);
    Ok(loaded)
}

/// Reads a config from standard input. The folder for its includes is unknown.
pub(crate) fn stdin(bytes: Vec<u8>, overlay: &Overlay) -> Loaded {
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
        loaded.unread.push(Unread {
            location: None,
            at: None,
            reason: "includes aren't read from standard input".to_owned(),
            hint: None,
        });
    }
    loaded
}

/// The config that a missing file is equivalent to.
pub(crate) fn empty(path: &Path) -> Result<Config, Failure> {
    let loaded = parsed(path, EMPTY.into(), None);
    loaded.whole()?;
    loaded
        .config
        .ok_or_else(|| Failure::new(FailureKind::Internal, "an empty object was not read"))
}

fn parsed(path: &Path, bytes: Vec<u8>, snapshot: Option<Snapshot>) -> Loaded {
    let mut loaded = Loaded {
        config: None,
        snapshots: vec![snapshot],
        broken: Vec::new(),
        complete: true,
        unread: Vec::new(),
        exists: true,
    };
    match document(path, bytes) {
        Ok(document) => loaded.config = Some(Config::new(path.to_owned(), document)),
        Err(broken) => loaded.broken.push(*broken),
    }
    loaded
}

fn document(path: &Path, bytes: Vec<u8>) -> Result<Document, Box<Broken>> {
    // The text of a file that can't be parsed is needed for the message.
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
    /// The config, for commands that change or show it: all of it must be readable.
    ///
    /// # Errors
    /// The first file that couldn't be read, with its location.
    pub(crate) fn whole(&self) -> Result<&Config, Failure> {
        if let Some(broken) = self.broken.first() {
            return Err(Failure::unreadable(
                &broken.path,
                std::str::from_utf8(&broken.bytes).ok(),
                &broken.error,
            ));
        }
        match (&self.config, self.unread.first()) {
            (_, Some(unread)) => Err(unread.failure()),
            (Some(config), None) => Ok(config),
            (None, None) => Err(Failure::new(
                FailureKind::Internal,
                "a config was neither read nor refused",
            )),
        }
    }

    fn follow(&mut self, env: &Environment, overlay: &Overlay) {
        let Some(mut config) = self.config.take() else {
            return;
        };
        // The parent of each file, to detect cycles.
        let mut parents = vec![None];
        let mut next = 0;
        while next < config.sources().len() {
            for include in config.includes_of(next) {
                let brought = Follower {
                    config: &config,
                    parents: &parents,
                    env,
                    overlay,
                }
                .include(&include);
                match brought {
                    Ok((path, document, snapshot)) => {
                        config.add_included(include, path, document);
                        self.snapshots.push(Some(snapshot));
                        parents.push(Some(next));
                    }
                    Err(Stopped::Unread(unread)) => {
                        self.complete = false;
                        if self.unread.len() < MAX_FILES {
                            self.unread.push(*unread);
                        }
                    }
                    Err(Stopped::Broken(broken)) => {
                        self.complete = false;
                        if !self.broken.iter().any(|known| known.path == broken.path) {
                            self.broken.push(*broken);
                        }
                    }
                }
            }
            next += 1;
        }
        self.config = Some(config);
    }
}

/// Why an include isn't read.
enum Stopped {
    Unread(Box<Unread>),
    Broken(Box<Broken>),
}

struct Follower<'a> {
    config: &'a Config,
    parents: &'a [Option<usize>],
    env: &'a Environment,
    overlay: &'a Overlay,
}

impl Follower<'_> {
    /// The file that an include names.
    fn include(&self, include: &Include) -> Result<(PathBuf, Document, Snapshot), Stopped> {
        let sources = self.config.sources();
        let including = &sources[include.source];
        let because = |reason: &str, hint: Option<&str>| {
            let span = including.document.span(include.node);
            Stopped::Unread(Box::new(Unread {
                location: Some(Location::new(
                    &including.path,
                    including.document.locate(span.start),
                )),
                at: Some((include.source, span.clone())),
                reason: reason.to_owned(),
                hint: hint.map(str::to_owned),
            }))
        };
        if sources.len() >= MAX_FILES {
            return Err(because("more than 200 included files", None));
        }
        if self.config.include_depth(include.source) >= MAX_DEPTH {
            return Err(because("includes are nested more than 10 files deep", None));
        }
        let path =
            store::include_path(self.env, &sources[0].path, &including.path, &include.target)
                .map_err(|error| because(&error.to_string(), error.hint().as_deref()))?;
        if self.is_above(&path, include.source) {
            return Err(because(
                "the includes form a cycle",
                Some("remove one of the $include keys"),
            ));
        }
        let mut snapshot = store::read(&path)
            .map_err(|error| because(&error.to_string(), error.hint().as_deref()))?;
        let Some(bytes) = snapshot.bytes.take() else {
            return Err(because(
                &format!("the included file {} does not exist", path.display()),
                Some("OpenClaw doesn't start without it; create the file or remove the $include"),
            ));
        };
        if bytes.len() > MAX_INCLUDE {
            return Err(because(
                &format!(
                    "{} is larger than 2 MB, which OpenClaw refuses",
                    path.display()
                ),
                None,
            ));
        }
        let bytes = self
            .overlay
            .get(&path)
            .map_or(bytes, |text| text.clone().into_bytes());
        document(&path, bytes)
            .map(|document| (path, document, snapshot))
            .map_err(Stopped::Broken)
    }

    /// Whether a file is the including one or one of its parents.
    fn is_above(&self, path: &Path, including: usize) -> bool {
        let mut above = Some(including);
        while let Some(index) = above {
            if self.config.sources()[index].path == path {
                return true;
            }
            above = self.parents.get(index).copied().flatten();
        }
        false
    }
}
