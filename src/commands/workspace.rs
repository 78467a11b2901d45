//! The config, the files that belong to it, and what is known of the OpenClaw that reads them.

use std::path::{Path, PathBuf};

use crate::cli::ConfigArgs;
use crate::document::{Document, ReadError};
use crate::error::{Failure, FailureKind};
use crate::openclaw::{Config, Version, VersionSource};
use crate::store::{self, Location, Snapshot, StoreError};

use super::{Env, output};

/// OpenClaw follows includes no deeper than this.
const DEEPEST_INCLUDE: usize = 10;

/// What a config that does not exist yet is taken for.
const EMPTY: &str = "{\n}\n";

/// Everything that a command reads before it plans.
pub(super) struct Workspace {
    pub(super) location: Location,
    pub(super) config: Config,
    /// The files as they were read, in the order of [`Config::sources`].
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) dotenv: Snapshot,
    pub(super) version: VersionSource,
    home: Option<PathBuf>,
}

impl Workspace {
    /// Finds and reads the config, what it includes, and `.env`.
    pub(super) fn open(args: &ConfigArgs, env: &Env) -> Result<Self, Failure> {
        let location = locate(args, env)?;
        let snapshot = store::read(&location.config).map_err(|error| store_failure(&error))?;
        let document = match snapshot.bytes.as_deref() {
            Some(bytes) => parse(&location.config, bytes)?,
            None => Document::parse(EMPTY)
                .map_err(|error| unreadable(&location.config, EMPTY.as_bytes(), &error))?,
        };
        let mut config = Config::new(location.config.clone(), document);
        let mut snapshots = vec![snapshot];
        read_includes(&mut config, &mut snapshots, &location, env)?;
        let dotenv = store::read(&location.dotenv).map_err(|error| store_failure(&error))?;
        let version = match config.written_by() {
            Some(version) => VersionSource::Config(version),
            None => (env.variable)("PATH")
                .and_then(|path| store::installed_openclaw(&path))
                .and_then(|text| Version::parse(&text))
                .map_or(VersionSource::Unknown, VersionSource::Installed),
        };
        Ok(Self {
            location,
            config,
            snapshots,
            dotenv,
            version,
            home: env.home(),
        })
    }

    /// OpenClaw's `.env`, where it exists and is text.
    pub(super) fn dotenv_text(&self) -> Option<&str> {
        std::str::from_utf8(self.dotenv.bytes.as_deref()?).ok()
    }

    /// A path as people write it.
    pub(super) fn short(&self, path: &Path) -> String {
        output::short(path, self.home.as_deref())
    }
}

/// The config that the flags, or else OpenClaw's own order, lead to.
pub(super) fn locate(args: &ConfigArgs, env: &Env) -> Result<Location, Failure> {
    store::locate(&env.files, args.config.as_deref(), args.profile.as_deref())
        .map_err(|error| store_failure(&error))
}

fn read_includes(
    config: &mut Config,
    snapshots: &mut Vec<Snapshot>,
    location: &Location,
    env: &Env,
) -> Result<(), Failure> {
    let mut next = 0;
    while next < config.sources().len() {
        for include in config.includes_of(next) {
            let including = &config.sources()[next];
            let position = including
                .document
                .locate(including.document.span(include.node).start);
            let place = |failure: Failure| failure.at(&including.path, position);
            if config.include_depth(next) >= DEEPEST_INCLUDE {
                return Err(place(Failure::new(
                    FailureKind::Config,
                    "includes lead more than 10 files deep, or in a circle",
                )));
            }
            let path = store::include_path(
                &env.files,
                &location.config,
                &including.path,
                &include.target,
            )
            .map_err(|error| place(store_failure(&error)))?;
            let snapshot = store::read(&path).map_err(|error| place(store_failure(&error)))?;
            let Some(bytes) = snapshot.bytes.as_deref() else {
                return Err(place(Failure::new(
                    FailureKind::Config,
                    format!("the included file {} does not exist", path.display()),
                ))
                .hint(
                    "OpenClaw does not start without it; make the file, or take the $include out",
                ));
            };
            let document = parse(&path, bytes)?;
            config.add_included(include, path, document);
            snapshots.push(snapshot);
        }
        next += 1;
    }
    Ok(())
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Document, Failure> {
    Document::read(bytes.to_vec()).map_err(|error| unreadable(path, bytes, &error))
}

fn unreadable(path: &Path, bytes: &[u8], error: &ReadError) -> Failure {
    Failure::unreadable(path, std::str::from_utf8(bytes).ok(), error)
}

/// A failure of the file system, with what to do next.
pub(super) fn store_failure(error: &StoreError) -> Failure {
    let failure = Failure::new(FailureKind::File, error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
