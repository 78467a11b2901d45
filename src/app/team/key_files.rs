//! The files for new keys: one each, in a separate folder.
//!
//! Portkey shows a key only once. A marker file is created before the key is requested; a marker
//! without a key file means that the key was requested but never arrived.
#![expect(
    clippy::disallowed_methods,
    reason = "key files aren't OpenClaw's: they are created once and have no backup"
)]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::app::keys::place::file_name;
use crate::error::{Failure, FailureKind};
use crate::mask::printable;
use crate::secret::Secret;
use crate::store;
use crate::team::Team;

/// The default folder, next to the team file.
const FOLDER: &str = "team-keys";

/// The suffix of a marker file.
const MARKER: &str = ".asked";

/// The folder of key files.
pub(crate) struct KeyFiles {
    folder: PathBuf,
    /// The file name of each key.
    names: HashMap<String, String>,
}

impl KeyFiles {
    /// # Errors
    /// Two keys would have the same file.
    pub(crate) fn new(team: &Team, file: &Path, folder: Option<&Path>) -> Result<Self, Failure> {
        let next = file.parent().unwrap_or(Path::new("")).join(FOLDER);
        let mut names = HashMap::new();
        let mut taken: HashMap<String, &str> = HashMap::new();
        for key in &team.keys {
            let own = key.name.value.as_str();
            let name = file_name(own);
            // File systems may ignore case.
            if let Some(other) = taken.insert(name.to_lowercase(), own) {
                let (a, b) = (printable(other), printable(own));
                return Err(Failure::new(
                    FailureKind::Config,
                    format!("the keys `{a}` and `{b}` would have the same file, {name}"),
                )
                .at(team.location_of(&key.name))
                .hint("rename one of them"));
            }
            names.insert(own.to_owned(), name);
        }
        Ok(Self {
            folder: folder.map_or(next, Path::to_owned),
            names,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, key: &str) -> PathBuf {
        let own = self.names.get(key).cloned();
        self.folder.join(own.unwrap_or_else(|| file_name(key)))
    }

    fn mark(&self, key: &str) -> PathBuf {
        let mut path = self.path(key).into_os_string();
        path.push(MARKER);
        path.into()
    }

    /// The keys that were requested but never arrived.
    pub(crate) fn lost(&self) -> HashSet<String> {
        let is_lost = |key: &&String| self.mark(key).exists() && !self.path(key).exists();
        self.names.keys().filter(is_lost).cloned().collect()
    }

    /// Checks that none of these keys has a file yet.
    ///
    /// # Errors
    /// A file already exists.
    pub(crate) fn check<'k>(&self, keys: impl Iterator<Item = &'k str>) -> Result<(), Failure> {
        for key in keys {
            let path = self.path(key);
            if path.exists() {
                let message = format!("{} already exists; nothing was sent", path.display());
                return Err(Failure::new(FailureKind::File, message)
                    .hint("move it, or choose another folder with --keys FOLDER"));
            }
        }
        Ok(())
    }

    /// Creates the folder, readable only by its owner and ignored by git.
    pub(crate) fn open(&self) -> Result<(), Failure> {
        let failed = |error: std::io::Error| self.failed(&self.folder, &error);
        if !self.folder.is_dir() {
            fs::create_dir_all(&self.folder).map_err(failed)?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let private = fs::Permissions::from_mode(0o700);
                fs::set_permissions(&self.folder, private).map_err(failed)?;
            }
            store::publish(&self.folder, ".gitignore", b"*\n", 0o600).map_err(failed)?;
        }
        Ok(())
    }

    /// Records that a key is about to be requested.
    pub(crate) fn ask(&self, key: &str) -> Result<(), Failure> {
        self.put(&self.mark(key), b"")
    }

    /// Removes the marker of a key that was refused.
    pub(crate) fn forget(&self, key: &str) {
        let _ = fs::remove_file(self.mark(key));
    }

    /// Writes a key, readable only by its owner, and removes its marker.
    pub(crate) fn write(&self, key: &str, value: &Secret) -> Result<(), Failure> {
        let text = format!("{}\n", value.expose());
        self.put(&self.path(key), text.as_bytes())?;
        // A leftover marker next to the key file does no harm.
        self.forget(key);
        Ok(())
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let name = path.file_name().and_then(|name| name.to_str());
        let written = store::publish(&self.folder, name.unwrap_or_default(), bytes, 0o600);
        written.map_err(|error| self.failed(path, &error))
    }

    #[expect(clippy::unused_self, reason = "keeps the call sites short")]
    fn failed(&self, path: &Path, error: &std::io::Error) -> Failure {
        let message = format!("cannot write {}: {error}", path.display());
        Failure::new(FailureKind::File, message).hint("choose a writable folder with --keys FOLDER")
    }
}
