//! The store on real temporary folders: what it finds, what it leaves behind, and that files are
//! never partially written.
mod failing;
mod find;
mod keeping;
mod locking;
mod moved;
mod processes;
mod reading;
mod undoing;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use openclaw_portkey::store::{
    self, Environment, Location, Pending, StoreError, Undo, Written, locate, read,
};
use tempfile::TempDir;

const NO_WAIT: Duration = Duration::ZERO;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn put(path: &Path, bytes: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The location of a config in its own home; the `.env` is the home's.
fn location(config: &Path) -> Location {
    location_with(config, &[])
}

fn location_with(config: &Path, vars: &[(&str, &Path)]) -> Location {
    let home = config.parent().unwrap();
    let vars = [("HOME", home)]
        .iter()
        .chain(vars)
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect::<Vec<_>>();
    locate(
        &Environment::from_vars(vars, None, None),
        Some(config),
        None,
    )
    .unwrap()
}

fn write(config: &Path, what: &str, batch: &[Pending<'_>]) -> Result<Written, StoreError> {
    store::write(&location(config), what, batch)
}

fn undo_preview(config: &Path) -> Result<Undo, StoreError> {
    store::undo_preview(&location(config))
}

/// Replaces one file and records it under `config`.
fn replace(config: &Path, file: &Path, bytes: &str) -> Result<Written, StoreError> {
    let snapshot = read(file)?;
    let pending = Pending {
        snapshot: &snapshot,
        new_bytes: bytes.as_bytes(),
        private: false,
    };
    write(config, "test", &[pending])
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn lock_file(home: &TempDir) -> PathBuf {
    fs::canonicalize(home.path())
        .unwrap()
        .join("openclaw.json.lock")
}

/// Reports that a test can't check anything on this system.
#[cfg(unix)]
#[expect(clippy::disallowed_macros, reason = "the test runner's own output")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
