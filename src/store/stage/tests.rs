//! Another process saves a file at the worst moment.

use std::fs;

use super::*;
use crate::store::read;

/// A file that was read when it held `old`, and a new version ready to replace it.
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

/// What an editor that ignores locks may do between our last check and our rename.
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
fn a_save_right_before_the_swap_is_restored() {
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
fn a_save_right_before_a_removal_is_restored() {
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
    // As if it had appeared right after the check.
    fs::write(&new.path, "hers").unwrap();
    let temp = staged.change.unwrap().0;
    assert!(temp.rename_to_free(&new.path).is_err());
    assert_eq!(look(&new.path), "hers");
    assert_eq!(names(root.path()), ["new"]);
}

#[test]
fn rollback_keeps_later_saves() {
    for (case, save) in SAVES.iter().enumerate() {
        let root = tempfile::tempdir().unwrap();
        let (snapshot, temp) = ready(root.path());
        drop(temp);
        let staged = stage(&snapshot, Some(b"new"), Mode::default()).unwrap();
        let committed = commit(vec![staged]).unwrap();
        save(&snapshot.path);
        let theirs = look(&snapshot.path);
        let error = committed.roll_back(StoreError::NoHome);
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
fn rollback_restores_the_same_file() {
    use std::os::unix::fs::MetadataExt as _;

    let root = tempfile::tempdir().unwrap();
    let (snapshot, temp) = ready(root.path());
    drop(temp);
    let before = fs::metadata(&snapshot.path).unwrap().ino();
    for after in [Some(b"new".as_slice()), None] {
        let staged = stage(&snapshot, after, Mode::default()).unwrap();
        let committed = commit(vec![staged]).unwrap();
        let error = committed.roll_back(StoreError::NoHome);
        assert!(!error.leaves_changes());
        assert_eq!(fs::metadata(&snapshot.path).unwrap().ino(), before);
        assert_eq!(names(root.path()), ["file"]);
    }
    let new = read(&root.path().join("new")).unwrap();
    let staged = stage(&new, Some(b"new"), Mode::default()).unwrap();
    assert!(
        !commit(vec![staged])
            .unwrap()
            .roll_back(StoreError::NoHome)
            .leaves_changes()
    );
    assert_eq!(names(root.path()), ["file"]);
}
