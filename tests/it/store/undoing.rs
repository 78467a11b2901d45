//! Undoing writes.

use std::fs;

use openclaw_portkey::store::{Pending, StoreError, read, undo};

use super::*;

#[test]
fn undo_restores_one_write_at_a_time() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "\u{feff}{\r\n}");
    for round in 1..=7 {
        replace(&file, &file, &round.to_string()).unwrap();
    }
    for expected in ["6", "5", "4", "3", "2"] {
        undo(&undo_preview(&file).unwrap(), false).unwrap();
        assert_eq!(text(&file), expected);
    }
    let error = undo_preview(&file).err().unwrap();
    assert!(matches!(error, StoreError::NothingToUndo(_)), "{error}");
}

#[test]
fn undo_keeps_step_with_writes_in_between() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "0");
    for round in 1..=5 {
        replace(&file, &file, &round.to_string()).unwrap();
    }
    for _ in 0..2 {
        undo(&undo_preview(&file).unwrap(), false).unwrap();
    }
    for round in ["x", "y"] {
        replace(&file, &file, round).unwrap();
    }
    for expected in ["x", "3", "2", "1", "0"] {
        undo(&undo_preview(&file).unwrap(), false).unwrap();
        assert_eq!(text(&file), expected);
    }
}

#[test]
fn undo_restores_all_files_of_a_write() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    let config = at("openclaw.json");
    put(&config, "old");
    let snapshots = ["env/.env", "openclaw.json"].map(|name| read(&at(name)).unwrap());
    let batch = [
        Pending {
            snapshot: &snapshots[0],
            new_bytes: b"PORTKEY_API_KEY=pk-canary\n",
            private: false,
        },
        Pending {
            snapshot: &snapshots[1],
            new_bytes: b"new",
            private: false,
        },
    ];
    let written = write(&config, "init", &batch).unwrap();
    assert_eq!(written.files.len(), 2);
    let record = text(&at("openclaw.json.portkey.undo.json"));
    assert!(!record.contains("canary"), "{record}");

    let preview = undo_preview(&config).unwrap();
    assert_eq!(preview.what, "init");
    assert_eq!(preview.files[0].before, None);
    assert_eq!(preview.files[1].before.as_deref(), Some(b"old".as_slice()));
    undo(&preview, false).unwrap();
    assert_eq!(text(&config), "old");
    assert!(!at("env/.env").exists());
    assert!(at("env").exists());
}

#[cfg(unix)]
#[test]
fn undo_restores_the_mode() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    set_mode(&file, 0o640);
    replace(&file, &file, "new").unwrap();
    // OpenClaw leaves 0600 behind when it writes.
    set_mode(&file, 0o600);
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert_eq!((text(&file).as_str(), mode(&file)), ("old", 0o640));
}

#[test]
fn undo_respects_changes_unless_forced() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    replace(&file, &file, "new").unwrap();
    put(&file, "hers");
    let preview = undo_preview(&file).unwrap();
    assert!(preview.files[0].changed_since);
    let error = undo(&preview, false).unwrap_err();
    assert!(matches!(error, StoreError::ChangedSince(_)), "{error}");
    assert_eq!(text(&file), "hers");
    undo(&preview, true).unwrap();
    assert_eq!(text(&file), "old");
    assert_eq!(
        text(&home.path().join("openclaw.json.portkey.undone")),
        "hers"
    );
}

#[test]
fn undo_rejects_changes_after_the_preview() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    replace(&file, &file, "new").unwrap();
    let preview = undo_preview(&file).unwrap();
    put(&file, "hers");
    let error = undo(&preview, true).unwrap_err();
    assert!(matches!(error, StoreError::ChangedUnderneath(_)), "{error}");
    assert_eq!(text(&file), "hers");

    put(&file, "new");
    undo(&preview, false).unwrap();
    put(&file, "new");
    let error = undo(&preview, false).unwrap_err();
    assert!(matches!(error, StoreError::ChangedUnderneath(_)), "{error}");
}

#[test]
fn undo_skips_what_is_already_undone() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "0");
    replace(&file, &file, "1").unwrap();
    replace(&file, &file, "2").unwrap();
    put(&file, "1");
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert_eq!(text(&file), "0");
}

#[test]
fn undo_reports_what_is_missing_or_damaged() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    replace(&file, &file, "new").unwrap();
    fs::remove_file(home.path().join("openclaw.json.portkey.bak")).unwrap();
    let error = undo_preview(&file).err().unwrap();
    assert!(matches!(error, StoreError::BackupGone(_)), "{error}");
    put(&home.path().join("openclaw.json.portkey.undo.json"), "{");
    let error = undo_preview(&file).err().unwrap();
    assert!(matches!(error, StoreError::BadHistory(_)), "{error}");
    // A damaged record prevents neither the next write nor its undo.
    replace(&file, &file, "newer").unwrap();
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert_eq!(text(&file), "new");
}

#[cfg(unix)]
#[test]
fn a_record_or_backup_that_is_not_a_file_does_not_block() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let home = folder();
    let file = home.path().join("openclaw.json");
    let fifo = |path: &Path| {
        let _ = fs::remove_file(path);
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    };
    put(&file, "old");
    replace(&file, &file, "new").unwrap();
    fifo(&home.path().join("openclaw.json.portkey.bak"));
    let error = undo_preview(&file).err().unwrap();
    assert!(matches!(error, StoreError::BackupGone(_)), "{error}");
    fifo(&home.path().join("openclaw.json.portkey.undo.json"));
    let error = undo_preview(&file).err().unwrap();
    assert!(matches!(error, StoreError::BadHistory(_)), "{error}");
    replace(&file, &file, "newer").unwrap();
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert_eq!(text(&file), "new");

    // An oversized record isn't read either.
    let record = fs::File::create(home.path().join("openclaw.json.portkey.undo.json")).unwrap();
    record.set_len(20 << 30).unwrap();
    let error = undo_preview(&file).err().unwrap();
    assert!(matches!(error, StoreError::BadHistory(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn an_unreadable_record_stops_a_write() {
    if rustix::process::geteuid().is_root() {
        skip("root may read everything");
        return;
    }
    let home = folder();
    let file = home.path().join("openclaw.json");
    let record = home.path().join("openclaw.json.portkey.undo.json");
    put(&file, "old");
    replace(&file, &file, "new").unwrap();
    set_mode(&record, 0o000);
    let error = replace(&file, &file, "newer").unwrap_err();
    assert!(error.to_string().starts_with("cannot read "), "{error}");
    assert_eq!(text(&file), "new");
    set_mode(&record, 0o600);
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert_eq!(text(&file), "old");
}

/// A run killed between its files leaves this behind, and the next one completes it.
#[test]
fn a_write_completed_by_the_next_run_is_undone_in_one_step() {
    for is_same_command in [true, false] {
        let home = folder();
        let at = |name: &str| home.path().join(name);
        let files = [at("a.json5"), at("openclaw.json")];
        for file in &files {
            put(file, "0");
        }
        replace(&files[1], &files[1], "1").unwrap();
        let both = |bytes: &str, what: &str| {
            let snapshots = files.each_ref().map(|file| read(file).unwrap());
            let batch = snapshots.each_ref().map(|snapshot| Pending {
                snapshot,
                new_bytes: bytes.as_bytes(),
                private: false,
            });
            write(&files[1], what, &batch).unwrap();
        };
        both("2", "init");
        put(&files[1], "1");
        both("2", if is_same_command { "init" } else { "unwire" });
        assert_eq!(files.each_ref().map(|file| text(file)), ["2", "2"]);
        undo(&undo_preview(&files[1]).unwrap(), false).unwrap();
        let now = files.each_ref().map(|file| text(file));
        if is_same_command {
            assert_eq!(now, ["0", "1"]);
            undo(&undo_preview(&files[1]).unwrap(), false).unwrap();
            assert_eq!(text(&files[1]), "0");
        } else {
            assert_eq!(now, ["2", "1"]);
        }
    }
}
