//! Writes and undos that fail or are cut off, and what they leave behind.

use std::fs;
use std::path::Path;
use std::process::Command;

use openclaw_portkey::store::{Pending, StoreError, read, undo};

use super::*;

const RECORD: &str = "openclaw.json.portkey.undo.json";

/// All files of a folder with their contents.
fn contents(folder: &Path) -> Vec<(String, String)> {
    names(folder)
        .into_iter()
        .map(|name| (name.clone(), text(&folder.join(name))))
        .collect()
}

/// A write whose last file appears in the meantime, so that it fails halfway.
fn refused(home: &TempDir, new: &str) -> StoreError {
    let at = |name: &str| home.path().join(name);
    let snapshots = ["openclaw.json", "new.json", "new.json"].map(|name| read(&at(name)).unwrap());
    let batch = snapshots.each_ref().map(|snapshot| Pending {
        snapshot,
        new_bytes: new.as_bytes(),
        private: false,
    });
    write(&at("openclaw.json"), "test", &batch).unwrap_err()
}

#[test]
fn a_refused_write_leaves_no_trace() {
    for writes_before in [0, 1, 4, 5, 8] {
        let home = folder();
        let config = home.path().join("openclaw.json");
        put(&config, "0");
        for round in 1..=writes_before {
            replace(&config, &config, &round.to_string()).unwrap();
        }
        let before = contents(home.path());
        for attempt in 0..7 {
            let error = refused(&home, &format!("attempt {attempt}"));
            assert!(matches!(error, StoreError::ChangedUnderneath(_)), "{error}");
            assert_eq!(contents(home.path()), before, "{writes_before}");
        }
        for round in (0..writes_before).rev().take(5) {
            undo(&undo_preview(&config).unwrap(), false).unwrap();
            assert_eq!(text(&config), round.to_string());
        }
    }
}

/// A killed process leaves this behind: the record and the backup of a write that never happened.
#[test]
fn writes_that_never_happened_use_no_history() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "precious");
    for round in 0..8 {
        replace(&config, &config, &format!("round {round}")).unwrap();
        put(&config, "precious");
    }
    assert_eq!(
        names(home.path()),
        ["openclaw.json", "openclaw.json.portkey.bak", RECORD]
    );
    for round in 0..5 {
        replace(&config, &config, &format!("round {round}")).unwrap();
    }
    for expected in ["round 3", "round 2", "round 1", "round 0", "precious"] {
        undo(&undo_preview(&config).unwrap(), false).unwrap();
        assert_eq!(text(&config), expected);
    }
}

#[test]
fn a_backup_is_kept_as_long_as_a_write_needs_it() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "0");
    for round in 1..=5 {
        replace(&config, &config, &round.to_string()).unwrap();
    }
    // One too many, from a killed process, and newer than all others.
    for index in (0..5).rev() {
        let name = |index: usize| match index {
            0 => "openclaw.json.portkey.bak".to_owned(),
            _ => format!("openclaw.json.portkey.bak.{index}"),
        };
        fs::rename(
            home.path().join(name(index)),
            home.path().join(name(index + 1)),
        )
        .unwrap();
    }
    put(&home.path().join("openclaw.json.portkey.bak"), "stray");
    refused(&home, "x");
    replace(&config, &config, "6").unwrap();
    for expected in ["5", "4", "3", "2", "1"] {
        undo(&undo_preview(&config).unwrap(), false).unwrap();
        assert_eq!(text(&config), expected);
    }
}

/// The process ended between the last file and the record.
#[test]
fn an_undo_that_was_cut_off_is_not_repeated_on_the_write_before() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    let record = home.path().join(RECORD);
    put(&config, "0");
    replace(&config, &config, "1").unwrap();
    replace(&config, &config, "2").unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text(&record)).unwrap();
    json["writes"][1]["undoing"] = true.into();
    put(&record, &json.to_string());
    put(&config, "1");
    let written = undo(&undo_preview(&config).unwrap(), false).unwrap();
    assert!(written.files.is_empty());
    assert_eq!(text(&config), "1");
    undo(&undo_preview(&config).unwrap(), false).unwrap();
    assert_eq!(text(&config), "0");

    // If it was cut off before the files, it starts again.
    put(&config, "2");
    put(&record, &json.to_string());
    put(&home.path().join("openclaw.json.portkey.bak"), "1");
    undo(&undo_preview(&config).unwrap(), false).unwrap();
    assert_eq!(text(&config), "1");
}

#[test]
fn an_undo_that_is_refused_changes_nothing() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    let config = at("openclaw.json");
    put(&config, "old");
    let snapshots = ["openclaw.json", ".env"].map(|name| read(&at(name)).unwrap());
    let batch = snapshots.each_ref().map(|snapshot| Pending {
        snapshot,
        new_bytes: b"new",
        private: false,
    });
    write(&config, "test", &batch).unwrap();
    put(&config, "hers");
    let before = contents(home.path());
    let preview = undo_preview(&config).unwrap();
    put(&at(".env"), "his");
    let error = undo(&preview, true).unwrap_err();
    assert!(matches!(error, StoreError::ChangedUnderneath(_)), "{error}");
    put(&at(".env"), "new");
    assert_eq!(contents(home.path()), before);
}

#[test]
fn copies_from_a_forced_undo_are_not_overwritten() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "old");
    for (round, name) in ["", "-1", "-2"].iter().enumerate() {
        replace(&config, &config, "new").unwrap();
        put(&config, &format!("hers {round}"));
        undo(&undo_preview(&config).unwrap(), true).unwrap();
        let copy = home
            .path()
            .join(format!("openclaw.json.portkey.undone{name}"));
        assert_eq!(text(&copy), format!("hers {round}"));
    }
}

/// The way containers mount single files.
#[cfg(target_os = "linux")]
#[test]
fn a_mounted_file_keeps_its_backups() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "precious");
    replace(&config, &config, "now").unwrap();
    put(&home.path().join("mounted"), "now");
    let before = contents(home.path());
    let script = "mount --bind mounted openclaw.json && exec \"$0\" \"$@\"";
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(super::processes::arguments_of(
            module_path!(),
            "child_writes_to_a_mount",
        ))
        .env(processes::CHILD_FILE, &config)
        .current_dir(home.path())
        .output();
    match output {
        Ok(output) if String::from_utf8_lossy(&output.stdout).contains("1 passed") => {
            assert!(output.status.success(), "{output:?}");
        }
        Ok(output) if output.stdout.is_empty() => {
            skip("nothing can be mounted here");
            return;
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(contents(home.path()), before);
    undo(&undo_preview(&config).unwrap(), false).unwrap();
    assert_eq!(text(&config), "precious");
}

#[cfg(target_os = "linux")]
#[test]
fn child_writes_to_a_mount() {
    let Some(file) = processes::child_file() else {
        return;
    };
    for round in 0..7 {
        let error = replace(&file, &file, &format!("round {round}")).unwrap_err();
        assert!(error.hint().unwrap().contains("mounted"), "{error}");
    }
    let error = undo(&undo_preview(&file).unwrap(), false).unwrap_err();
    assert!(error.hint().unwrap().contains("mounted"), "{error}");
}
