//! The effects of a write.

use std::fs;

use openclaw_portkey::store::{Pending, StoreError, read, undo};

use super::*;

#[test]
fn new_files_and_folders_are_private() {
    let home = folder();
    let file = home.path().join(".openclaw/deep/openclaw.json");
    let written = replace(&file, &file, "{}").unwrap();
    assert_eq!(written.files[0].backup, None);
    assert_eq!(text(&file), "{}");
    #[cfg(unix)]
    {
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(file.parent().unwrap()), 0o700);
        assert_eq!(mode(&home.path().join(".openclaw")), 0o700);
    }
}

#[cfg(unix)]
#[test]
fn the_mode_is_kept_and_our_files_are_private() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "0");
    for (round, kept) in [0o644, 0o640, 0o444, 0o600].into_iter().enumerate() {
        set_mode(&file, kept);
        replace(&file, &file, &format!("{}", round + 1)).unwrap();
        assert_eq!(mode(&file), kept);
    }
    for name in names(home.path())
        .iter()
        .filter(|name| name.contains(".portkey."))
    {
        assert_eq!(mode(&home.path().join(name)), 0o600, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn the_owner_is_kept_if_permitted() {
    use std::os::unix::fs::{MetadataExt, chown};

    if !rustix::process::geteuid().is_root() {
        skip("only root may give files away");
        return;
    }
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    chown(&file, Some(1234), Some(1235)).unwrap();
    let written = replace(&file, &file, "new").unwrap();
    for path in [&file, written.files[0].backup.as_ref().unwrap()] {
        let metadata = fs::metadata(path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (1234, 1235));
    }
}

#[test]
fn keeps_the_last_five() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "0");
    for round in 1..=7 {
        replace(&file, &file, &round.to_string()).unwrap();
    }
    let backup = |ending: &str| {
        text(
            &home
                .path()
                .join(format!("openclaw.json.portkey.bak{ending}")),
        )
    };
    let ring = ["", ".1", ".2", ".3", ".4"].map(backup);
    assert_eq!(ring, ["6", "5", "4", "3", "2"]);
    assert_eq!(names(home.path()).len(), 7, "{:?}", names(home.path()));
}

#[test]
fn equal_bytes_are_not_written() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "same");
    let written = replace(&file, &file, "same").unwrap();
    assert!(written.files.is_empty());
    assert_eq!(names(home.path()), ["openclaw.json"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_kept_and_its_target_written() {
    let home = folder();
    let target = home.path().join("dotfiles/real.json");
    let config = home.path().join("openclaw.json");
    put(&target, "old");
    set_mode(&target, 0o644);
    std::os::unix::fs::symlink("dotfiles/real.json", &config).unwrap();
    let written = replace(&config, &config, "new").unwrap();
    let through = written.files[0].through.clone().unwrap();
    assert_eq!(through, fs::canonicalize(&target).unwrap());
    assert!(fs::symlink_metadata(&config).unwrap().is_symlink());
    assert_eq!((text(&target).as_str(), mode(&target)), ("new", 0o644));
    // Backups go next to OpenClaw's own files, not into someone's repository.
    assert_eq!(names(target.parent().unwrap()), ["real.json"]);
    undo(&undo_preview(&config).unwrap(), false).unwrap();
    assert_eq!(text(&target), "old");
}

#[test]
fn a_file_that_changed_underneath_is_left_alone() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    let stale = read(&file).unwrap();
    let missing = read(&home.path().join("new.json")).unwrap();
    put(&file, "hers");
    put(&missing.path, "hers");
    for snapshot in [&stale, &missing] {
        let pending = Pending {
            snapshot,
            new_bytes: b"mine",
            private: false,
        };
        let error = write(&file, "test", &[pending]).unwrap_err();
        assert!(matches!(error, StoreError::ChangedUnderneath(_)), "{error}");
        assert_eq!(text(&snapshot.path), "hers");
    }
    assert_eq!(names(home.path()), ["new.json", "openclaw.json"]);

    // Rewriting the same bytes isn't a change.
    put(&file, "old");
    let pending = Pending {
        snapshot: &stale,
        new_bytes: b"mine",
        private: false,
    };
    write(&file, "test", &[pending]).unwrap();
    assert_eq!(text(&file), "mine");
}

#[test]
fn a_batch_that_cannot_start_changes_nothing() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    put(&at("openclaw.json"), "old");
    put(&at("blocked/part.json"), "old");
    let snapshots =
        [".env", "openclaw.json", "blocked/part.json"].map(|name| read(&at(name)).unwrap());
    fs::remove_dir_all(at("blocked")).unwrap();
    put(&at("blocked"), "in the way");
    let batch = snapshots.each_ref().map(|snapshot| Pending {
        snapshot,
        new_bytes: b"new",
        private: false,
    });
    write(&at("openclaw.json"), "test", &batch).unwrap_err();
    assert_eq!(text(&at("openclaw.json")), "old");
    assert_eq!(names(home.path()), ["blocked", "openclaw.json"]);
}

#[test]
fn a_batch_that_fails_halfway_is_rolled_back() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    put(&at("openclaw.json"), "old");
    // The second step creates a file that the third expects to be missing.
    let snapshots = ["openclaw.json", ".env", ".env"].map(|name| read(&at(name)).unwrap());
    let batch = snapshots.each_ref().map(|snapshot| Pending {
        snapshot,
        new_bytes: b"new",
        private: false,
    });
    let error = write(&at("openclaw.json"), "test", &batch).unwrap_err();
    assert!(matches!(error, StoreError::ChangedUnderneath(_)), "{error}");
    assert_eq!(text(&at("openclaw.json")), "old");
    assert!(!at(".env").exists());
    assert!(undo_preview(&at("openclaw.json")).is_err());
}

#[test]
fn errors_never_show_contents() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "pk-canary");
    let snapshot = read(&file).unwrap();
    put(&file, "pk-canary 2");
    let pending = Pending {
        snapshot: &snapshot,
        new_bytes: b"pk-canary 3",
        private: false,
    };
    let error = write(&file, "test", &[pending]).unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.hint());
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("openclaw.json"), "{shown}");
}

/// A temporary file of a process in another container isn't ours to remove.
#[test]
fn sweeps_only_certain_leftovers() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    let pid = i32::MAX;
    let foreign = format!(".openclaw-portkey.elsewhere-1.{pid}.0.tmp");
    let fresh = home.path().join(foreign);
    put(&fresh, "x");
    let alike = home.path().join(".openclaw-portkey.notes");
    put(&alike, "x");
    replace(&file, &file, "new").unwrap();
    assert!(fresh.exists() && alike.exists());
}
