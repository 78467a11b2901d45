//! Changes that are prepared, put in place one by one, and taken back together.

use std::io;
use std::path::{Path, PathBuf};

use super::attributes::{FileAttributes, Lost};
use super::busy::stop_if_abandoned;
use super::open::free_name;
use super::read::holds;
use super::temp::{Temp, create_folder, folder_of, sweep};
use super::{Snapshot, StoreError, WriteNote};

/// What a new file is like, apart from its bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Mode {
    /// Instead of the mode that the file has now.
    pub(super) set: Option<u32>,
    /// Nobody but the owner may read it.
    pub(super) private: bool,
}

/// A change that is on the disk but not yet in place.
pub(super) struct Staged<'a> {
    snapshot: &'a Snapshot,
    /// `None` when the file is to be removed.
    change: Option<(Temp, &'a [u8])>,
    /// Whether this is the record of the others, which has to outlive what could not be undone.
    pub(super) is_record: bool,
    pub(super) notes: Vec<WriteNote>,
    /// The mode from before, where the file was made private.
    pub(super) tightened: Option<u32>,
}

/// Changes that are in place and can still be taken back. Dropping this leaves them there for good.
#[derive(Default)]
pub(super) struct Committed<'a> {
    done: Vec<Done<'a>>,
}

struct Done<'a> {
    snapshot: &'a Snapshot,
    after: Option<&'a [u8]>,
    old: Old,
    is_record: bool,
}

/// What was at the target before.
enum Old {
    /// It is still there, under a temporary name.
    Aside(Temp),
    /// Nothing.
    Nothing,
    /// It is gone, but its bytes are known.
    Gone,
}

/// Writes what a file shall hold (`None` removes it) next to the file.
pub(super) fn stage<'a>(
    snapshot: &'a Snapshot,
    after: Option<&'a [u8]>,
    mode: Mode,
) -> Result<Staged<'a>, StoreError> {
    let mut staged = Staged {
        snapshot,
        change: None,
        is_record: false,
        notes: Vec::new(),
        tightened: None,
    };
    let Some(bytes) = after else {
        return Ok(staged);
    };
    let target = &snapshot.target;
    let folder = folder_of(target);
    create_folder(folder).map_err(|error| StoreError::failed("create", folder, error))?;
    sweep(folder);
    if snapshot.is_link() {
        sweep(folder_of(&snapshot.path));
    }
    let mut like = attributes_for(target)
        .map_err(|error| StoreError::failed("read the mode and owner of", target, error))?;
    if let Some(mode) = mode.set {
        like.mode = mode;
    }
    if mode.private && snapshot.exists() {
        staged.tightened = like.make_private();
    }
    let (temp, lost) = Temp::create_like(folder, bytes, &like)
        .map_err(|error| StoreError::failed("write", target, error))?;
    staged.change = Some((temp, bytes));
    if snapshot.exists() {
        staged.notes = notes(&snapshot.path, like.links, lost);
    }
    Ok(staged)
}

/// Those of the file that is there, else those of a new one.
fn attributes_for(target: &Path) -> io::Result<FileAttributes> {
    match FileAttributes::of(target)? {
        Some(attributes) => Ok(attributes),
        None => FileAttributes::new_in(folder_of(target), 0o600),
    }
}

fn notes(path: &Path, links: u64, lost: Lost) -> Vec<WriteNote> {
    let mut notes = Vec::new();
    let path = || path.to_owned();
    if links > 1 {
        let path = path();
        notes.push(WriteNote::HardLinks { path, links });
    }
    if lost.owner {
        notes.push(WriteNote::OwnerChanged(path()));
    }
    if !lost.extended.is_empty() {
        notes.push(WriteNote::AttributesLost {
            path: path(),
            names: lost.extended,
        });
    }
    notes
}

/// Puts every change in place. If one is refused, those already done are taken back.
pub(super) fn commit(staged: Vec<Staged<'_>>) -> Result<Committed<'_>, StoreError> {
    let mut committed = Committed::default();
    for change in staged {
        match put(change) {
            Ok(done) => committed.done.push(done),
            Err(error) => return Err(committed.take_back(error)),
        }
    }
    Ok(committed)
}

impl Committed<'_> {
    /// Puts everything back, the last first. The error that led to it is what gets reported, unless
    /// a file stays changed: then that is what matters, and the record of it stays, too.
    pub(super) fn take_back(self, error: StoreError) -> StoreError {
        let mut left = Vec::new();
        for done in self.done.into_iter().rev() {
            if done.is_record && !left.is_empty() {
                continue;
            }
            let path = done.snapshot.path.clone();
            if take_back(done).is_err() {
                left.push(path);
            }
        }
        if left.is_empty() {
            error
        } else {
            StoreError::NotTakenBack {
                files: left,
                source: Box::new(error),
            }
        }
    }
}

fn put(change: Staged<'_>) -> Result<Done<'_>, StoreError> {
    stop_if_abandoned();
    let snapshot = change.snapshot;
    snapshot.check_unchanged()?;
    let after = change.change.as_ref().map(|(_, after)| *after);
    let old = match (change.change, &snapshot.bytes) {
        (Some((temp, after)), Some(before)) => replace(temp, snapshot, before, after)?,
        (Some((temp, _)), None) => {
            temp.rename_to_free(&snapshot.target)
                .map_err(|(_, error)| match error.kind() {
                    io::ErrorKind::AlreadyExists => {
                        StoreError::ChangedUnderneath(snapshot.path.clone())
                    }
                    _ => StoreError::failed("create", &snapshot.target, error),
                })?;
            Old::Nothing
        }
        (None, Some(before)) => set_aside(snapshot, before)?,
        (None, None) => Old::Nothing,
    };
    Ok(Done {
        snapshot,
        after,
        old,
        is_record: change.is_record,
    })
}

/// Swaps the new file with the old one and looks at what came out: an editor may have saved since
/// the last look, and then its file goes back.
fn replace(
    temp: Temp,
    snapshot: &Snapshot,
    before: &[u8],
    after: &[u8],
) -> Result<Old, StoreError> {
    let target = &snapshot.target;
    let failed = |error| StoreError::failed("replace", target, error);
    if !temp.exchange_with(target).map_err(failed)? {
        temp.rename_to(target).map_err(failed)?;
        return Ok(Old::Gone);
    }
    let error = match holds(temp.path(), before) {
        Ok(true) => return Ok(Old::Aside(temp)),
        Ok(false) => StoreError::ChangedUnderneath(snapshot.path.clone()),
        Err(error) => StoreError::failed("read", target, error),
    };
    match swap_back(&temp, target, after) {
        Ok(()) => Err(error),
        Err(_) => Err(rescue(temp, target)),
    }
}

/// Swaps once more. What comes out has to be what we put in: if another process saved over that as well,
/// the latest version stays in place.
fn swap_back(temp: &Temp, target: &Path, ours: &[u8]) -> io::Result<()> {
    let again = || match temp.exchange_with(target) {
        Ok(true) => Ok(()),
        Ok(false) => Err(io::ErrorKind::Unsupported.into()),
        Err(error) => Err(error),
    };
    again()?;
    match holds(temp.path(), ours) {
        Ok(true) => Ok(()),
        Ok(false) => {
            again()?;
            Err(io::ErrorKind::AlreadyExists.into())
        }
        Err(error) => {
            again()?;
            Err(error)
        }
    }
}

/// Gives a version that another process saved a name that it can be found under.
fn rescue(temp: Temp, target: &Path) -> StoreError {
    let named = free_name(target, ".portkey.saved", 0);
    let kept = match named {
        Ok(name) => match temp.rename_to_free(&name) {
            Ok(()) => name,
            Err((temp, _)) => forgotten(temp),
        },
        Err(_) => forgotten(temp),
    };
    StoreError::Overtaken {
        file: target.to_owned(),
        kept,
    }
}

fn forgotten(temp: Temp) -> PathBuf {
    let path = temp.path().to_owned();
    temp.forget();
    path
}

/// Takes a file away that is to be removed, and looks at what it was.
fn set_aside(snapshot: &Snapshot, before: &[u8]) -> Result<Old, StoreError> {
    let target = &snapshot.target;
    let temp = Temp::take(target).map_err(|error| StoreError::failed("remove", target, error))?;
    let error = match holds(temp.path(), before) {
        Ok(true) => return Ok(Old::Aside(temp)),
        Ok(false) => StoreError::ChangedUnderneath(snapshot.path.clone()),
        Err(error) => StoreError::failed("read", target, error),
    };
    match temp.rename_to_free(target) {
        Ok(()) => Err(error),
        Err((temp, _)) => Err(rescue(temp, target)),
    }
}

fn take_back(done: Done<'_>) -> io::Result<()> {
    let Done {
        snapshot,
        after,
        old,
        ..
    } = done;
    let target = &snapshot.target;
    let back = |temp: Temp| {
        temp.rename_to_free(target).map_err(|(temp, error)| {
            rescue(temp, target);
            error
        })
    };
    match (old, after) {
        (Old::Aside(temp), Some(ours)) => {
            let swapped = swap_back(&temp, target, ours);
            if swapped.is_err() {
                rescue(temp, target);
            }
            swapped
        }
        (Old::Aside(temp), None) => back(temp),
        (Old::Nothing, Some(ours)) => {
            let temp = Temp::take(target)?;
            if matches!(holds(temp.path(), ours), Ok(true)) {
                return Ok(());
            }
            back(temp)?;
            Err(io::ErrorKind::AlreadyExists.into())
        }
        (Old::Gone, _) => {
            let bytes = snapshot.bytes.as_deref().unwrap_or_default();
            Temp::create(folder_of(target), bytes, &attributes_for(target)?)?.rename_to(target)
        }
        (Old::Nothing, None) => Ok(()),
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::read;

    /// A file that was read when it held `old`, and a new version of it, ready.
    fn ready(folder: &Path) -> (Snapshot, Temp) {
        let path = folder.join("file");
        fs::write(&path, "old").unwrap();
        let temp = Temp::create(folder, b"new", &FileAttributes::with_mode(0o600)).unwrap();
        (read(&path).unwrap(), temp)
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// What an editor without a lock may do between our last look and our rename.
    const SAVES: [fn(&Path); 5] = [
        |path| fs::write(path, "hers").unwrap(),
        |path| fs::write(path, "").unwrap(),
        |path| {
            fs::write(path.with_extension("swp"), "hers").unwrap();
            fs::rename(path.with_extension("swp"), path).unwrap();
        },
        |path| {
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("elsewhere", path).unwrap();
        },
        |path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        },
    ];

    fn look(path: &Path) -> String {
        let kind = fs::symlink_metadata(path).unwrap().file_type();
        if kind.is_file() {
            fs::read_to_string(path).unwrap()
        } else {
            format!("{kind:?}")
        }
    }

    #[test]
    fn a_save_right_before_the_swap_goes_back() {
        for (case, save) in SAVES.iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let (snapshot, temp) = ready(root.path());
            save(&snapshot.path);
            let theirs = look(&snapshot.path);
            let error = replace(temp, &snapshot, b"old", b"new").err().unwrap();
            assert!(
                matches!(error, StoreError::ChangedUnderneath(_)),
                "{case}: {error}"
            );
            assert_eq!(look(&snapshot.path), theirs, "{case}");
            assert_eq!(names(root.path()), ["file"], "{case}");
        }
    }

    #[test]
    fn a_save_right_before_a_removal_goes_back() {
        for (case, save) in SAVES.iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let (snapshot, temp) = ready(root.path());
            drop(temp);
            save(&snapshot.path);
            let theirs = look(&snapshot.path);
            let error = set_aside(&snapshot, b"old").err().unwrap();
            assert!(
                matches!(error, StoreError::ChangedUnderneath(_)),
                "{case}: {error}"
            );
            assert_eq!(look(&snapshot.path), theirs, "{case}");
            assert_eq!(names(root.path()), ["file"], "{case}");
        }
    }

    #[test]
    fn a_file_that_appeared_is_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let new = read(&root.path().join("new")).unwrap();
        let staged = stage(&new, Some(b"ours"), Mode::default()).unwrap();
        // As if it had appeared right after the look.
        fs::write(&new.path, "hers").unwrap();
        let temp = staged.change.unwrap().0;
        assert!(temp.rename_to_free(&new.path).is_err());
        assert_eq!(look(&new.path), "hers");
        assert_eq!(names(root.path()), ["new"]);
    }

    #[test]
    fn taking_back_leaves_alone_what_was_saved_in_between() {
        for (case, save) in SAVES.iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let (snapshot, temp) = ready(root.path());
            drop(temp);
            let staged = stage(&snapshot, Some(b"new"), Mode::default()).unwrap();
            let committed = commit(vec![staged]).unwrap();
            save(&snapshot.path);
            let theirs = look(&snapshot.path);
            let error = committed.take_back(StoreError::NoHome);
            assert!(error.leaves_changes(), "{case}: {error}");
            assert_eq!(look(&snapshot.path), theirs, "{case}");
            assert_eq!(names(root.path()), ["file", "file.portkey.saved"], "{case}");
            assert_eq!(
                look(&root.path().join("file.portkey.saved")),
                "old",
                "{case}"
            );
        }
    }

    #[test]
    fn taking_back_restores_the_very_file() {
        use std::os::unix::fs::MetadataExt as _;

        let root = tempfile::tempdir().unwrap();
        let (snapshot, temp) = ready(root.path());
        drop(temp);
        let before = fs::metadata(&snapshot.path).unwrap().ino();
        for after in [Some(b"new".as_slice()), None] {
            let staged = stage(&snapshot, after, Mode::default()).unwrap();
            let committed = commit(vec![staged]).unwrap();
            let error = committed.take_back(StoreError::NoHome);
            assert!(!error.leaves_changes());
            assert_eq!(fs::metadata(&snapshot.path).unwrap().ino(), before);
            assert_eq!(names(root.path()), ["file"]);
        }
        let new = read(&root.path().join("new")).unwrap();
        let staged = stage(&new, Some(b"new"), Mode::default()).unwrap();
        assert!(
            !commit(vec![staged])
                .unwrap()
                .take_back(StoreError::NoHome)
                .leaves_changes()
        );
        assert_eq!(names(root.path()), ["file"]);
    }
}
