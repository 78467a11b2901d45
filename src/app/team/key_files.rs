//! The files that new keys go to: one each, in a folder of their own.
//!
//! Portkey shows a key once. Before it is asked for one, a mark is made next to the key's file; where
//! the mark is there and the file is not, the key was asked for and never arrived.
#![expect(
    clippy::disallowed_methods,
    reason = "the files of keys are not OpenClaw's: they are made once and have no backup"
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

/// The folder, next to the team file, unless another is named.
const FOLDER: &str = "team-keys";

/// What a mark's name ends with.
const MARK: &str = ".asked";

/// The folder of the keys.
pub(crate) struct KeyFiles {
    folder: PathBuf,
    /// The file's name for each key.
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
            // Files need not differ in case alone.
            if let Some(other) = taken.insert(name.to_lowercase(), own) {
                let (a, b) = (printable(other), printable(own));
                let mut failure = Failure::new(
                    FailureKind::Config,
                    format!("the keys `{a}` and `{b}` would have the same file, {name}"),
                )
                .hint("rename one of them");
                let location = team.location(key.name.range.clone(), team.path(key.name.node));
                failure.location = Some(Box::new(location));
                return Err(failure);
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

    /// The file of a key.
    pub(crate) fn path(&self, key: &str) -> PathBuf {
        let own = self.names.get(key).cloned();
        self.folder.join(own.unwrap_or_else(|| file_name(key)))
    }

    fn mark(&self, key: &str) -> PathBuf {
        let mut path = self.path(key).into_os_string();
        path.push(MARK);
        path.into()
    }

    /// The keys that were asked for and did not arrive.
    pub(crate) fn lost(&self) -> HashSet<String> {
        let is_lost = |key: &&String| self.mark(key).exists() && !self.path(key).exists();
        self.names.keys().filter(is_lost).cloned().collect()
    }

    /// Whether all these keys have room.
    ///
    /// # Errors
    /// A file is there already.
    pub(crate) fn check<'k>(&self, keys: impl Iterator<Item = &'k str>) -> Result<(), Failure> {
        for key in keys {
            let path = self.path(key);
            if path.exists() {
                let message = format!("{} is there already; nothing was sent", path.display());
                return Err(Failure::new(FailureKind::File, message)
                    .hint("move it away, or name another folder with --keys FOLDER"));
            }
        }
        Ok(())
    }

    /// Makes the folder, for its owner alone and for no repository.
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

    /// Says that a key is about to be asked for.
    pub(crate) fn ask(&self, key: &str) -> Result<(), Failure> {
        self.put(&self.mark(key), b"")
    }

    /// Takes the mark of a key away that was asked for and refused.
    pub(crate) fn forget(&self, key: &str) {
        let _ = fs::remove_file(self.mark(key));
    }

    /// Writes a key for its owner alone, and takes its mark away.
    pub(crate) fn write(&self, key: &str, value: &Secret) -> Result<(), Failure> {
        let text = format!("{}\n", value.expose());
        self.put(&self.path(key), text.as_bytes())?;
        // A mark that stays does no harm next to the file.
        self.forget(key);
        Ok(())
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let name = path.file_name().and_then(|name| name.to_str());
        let written = store::publish(&self.folder, name.unwrap_or_default(), bytes, 0o600);
        written.map_err(|error| self.failed(path, &error))
    }

    #[expect(clippy::unused_self, reason = "it is a failure of these files")]
    fn failed(&self, path: &Path, error: &std::io::Error) -> Failure {
        let message = format!("cannot write {}: {error}", path.display());
        Failure::new(FailureKind::File, message)
            .hint("name a folder that you may write to with --keys FOLDER")
    }
}
