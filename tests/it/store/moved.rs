//! Undo records that have moved, or that we didn't write.

use std::fs;
use std::path::{Path, PathBuf};

use openclaw_portkey::store::{self, Location, Pending, StoreError, WriteNote, read, undo};

use super::*;

const RECORD: &str = "openclaw.json.portkey.undo.json";

/// Writes the config and `.env` as `init` does.
fn init(location: &Location) {
    let snapshots = [&location.dotenv, &location.config].map(|path| read(path).unwrap());
    let batch = [("KEY=1\n", true), ("wired", false)];
    let pending: Vec<_> = snapshots
        .iter()
        .zip(&batch)
        .map(|(snapshot, (text, private))| Pending {
            snapshot,
            new_bytes: text.as_bytes(),
            private: *private,
        })
        .collect();
    store::write(location, "init", &pending).unwrap();
}

/// A profile's folder below `home`.
fn profile(home: &Path, name: &str) -> Location {
    let vars = [("HOME".into(), home.into())];
    locate(&Environment::from_vars(vars, None, None), None, Some(name)).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn undo_in_a_copied_folder_leaves_the_original() {
    let home = folder();
    let (default, work) = (
        profile(home.path(), "default"),
        profile(home.path(), "work"),
    );
    put(&default.config, "plain");
    init(&default);
    copy(&default.state_dir, &work.state_dir);
    undo(&store::undo_preview(&work).unwrap(), false).unwrap();
    assert_eq!(text(&work.config), "plain");
    assert!(!work.dotenv.exists());
    assert_eq!(text(&default.config), "wired");
    assert_eq!(text(&default.dotenv), "KEY=1\n");
    // And still the original.
    undo(&store::undo_preview(&default).unwrap(), false).unwrap();
    assert_eq!(text(&default.config), "plain");
    assert!(!default.dotenv.exists());
}

#[test]
fn a_renamed_folder_can_be_undone() {
    let home = folder();
    let (default, work) = (
        profile(home.path(), "default"),
        profile(home.path(), "work"),
    );
    put(&default.config, "plain");
    init(&default);
    let part = default.state_dir.join("parts/models.json5");
    put(&part, "old");
    let snapshot = read(&part).unwrap();
    let pending = Pending {
        snapshot: &snapshot,
        new_bytes: b"new",
        private: false,
    };
    store::write(&default, "lint", &[pending]).unwrap();
    fs::rename(&default.state_dir, &work.state_dir).unwrap();
    for _ in 0..2 {
        undo(&store::undo_preview(&work).unwrap(), false).unwrap();
    }
    assert_eq!(text(&work.state_dir.join("parts/models.json5")), "old");
    assert_eq!(text(&work.config), "plain");
    assert!(!work.dotenv.exists());
}

/// The state folder, with its `.env`, may be separate from the config.
fn apart(home: &TempDir, state: &str) -> Location {
    let state = home.path().join(state);
    let config = home.path().join("configs/openclaw.json");
    location_with(&config, &[("OPENCLAW_STATE_DIR", &state)])
}

#[test]
fn a_separate_env_file_moves_with_its_state_folder() {
    let home = folder();
    let first = apart(&home, "state");
    put(&first.config, "plain");
    init(&first);
    let record = text(&home.path().join("configs").join(RECORD));
    let folder = home.path().to_str().unwrap();
    assert!(!record.contains(folder), "{record}");

    let moved = apart(&home, "state-2");
    fs::rename(&first.state_dir, &moved.state_dir).unwrap();
    undo(&store::undo_preview(&moved).unwrap(), false).unwrap();
    assert_eq!(text(&moved.config), "plain");
    assert!(!moved.dotenv.exists());
}

#[test]
fn another_env_file_is_left_alone() {
    let home = folder();
    let first = apart(&home, "state");
    put(&first.config, "plain");
    init(&first);
    let other = apart(&home, "other");
    for contents in [None, Some("KEY=2\n"), Some("")] {
        if let Some(contents) = contents {
            put(&other.dotenv, contents);
        }
        let error = store::undo_preview(&other).err().unwrap();
        assert!(
            matches!(error, StoreError::OtherDotenv(_)),
            "{contents:?}: {error}"
        );
    }
    assert_eq!(text(&first.config), "wired");
    // Changed in its old place, it can only be undone by force, like any file.
    put(&first.dotenv, "KEY=3\n");
    let preview = store::undo_preview(&first).unwrap();
    assert!(preview.files[0].changed_since);
    undo(&preview, true).unwrap();
    assert!(!first.dotenv.exists());
}

#[test]
fn an_include_from_another_folder_needs_permission() {
    let home = folder();
    let config = home.path().join("configs/openclaw.json");
    let part = home.path().join("shared/models.json5");
    put(&config, "{}");
    put(&part, "old");
    let open = location_with(
        &config,
        &[("OPENCLAW_INCLUDE_ROOTS", part.parent().unwrap())],
    );
    let snapshot = read(&part).unwrap();
    let pending = || Pending {
        snapshot: &snapshot,
        new_bytes: b"new",
        private: false,
    };
    let error = store::write(&location(&config), "lint", &[pending()]).unwrap_err();
    assert!(matches!(error, StoreError::OutsideConfig(_)), "{error}");
    store::write(&open, "lint", &[pending()]).unwrap();
    let error = undo_preview(&config).err().unwrap();
    assert!(matches!(error, StoreError::OutsideConfig(_)), "{error}");
    undo(&store::undo_preview(&open).unwrap(), false).unwrap();
    assert_eq!(text(&part), "old");
}

/// A record, and a file that it says to remove or change.
fn hostile_record(place: &str, what: &str, mode: u32) -> String {
    // The digest of "victim".
    let after = "{\"length\":6,\"hash\":\"2b4fb9b471839815\"}";
    format!(
        "{{\"version\":2,\"writes\":[{{\"at\":\"now\",\"what\":\"{what}\",\"files\":[{{\
         \"place\":{place},\"before\":null,\"mode\":{mode},\"after\":{after}}}]}}]}}"
    )
}

#[test]
fn a_record_cannot_touch_other_files() {
    let home = folder();
    let config = home.path().join("folder/openclaw.json");
    let victim = home.path().join("victim");
    put(&victim, "victim");
    put(&config, "{}");
    let mut places = vec![
        format!("{{\"include\":{:?}}}", victim.to_str().unwrap()),
        format!("{{\"below\":{:?}}}", victim.to_str().unwrap()),
        "{\"below\":\"../victim\"}".to_owned(),
        "{\"below\":\"x/../../victim\"}".to_owned(),
        "{\"below\":\"./../victim\"}".to_owned(),
        "{\"below\":\"\"}".to_owned(),
        "{\"below\":\".\"}".to_owned(),
        "{\"below\":\"..\"}".to_owned(),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(home.path(), config.with_file_name("out")).unwrap();
        std::os::unix::fs::symlink(&victim, config.with_file_name("link")).unwrap();
        places.push("{\"below\":\"out/victim\"}".to_owned());
        places.push("{\"below\":\"link\"}".to_owned());
        places.push(format!(
            "{{\"include\":{:?}}}",
            config.with_file_name("out/../../victim").to_str().unwrap()
        ));
    }
    for place in places {
        put(
            &config.with_file_name(RECORD),
            &hostile_record(&place, "x", 0o600),
        );
        let error = undo_preview(&config).err().unwrap();
        assert!(
            matches!(error, StoreError::OutsideConfig(_)),
            "{place}: {error}"
        );
        assert_eq!(text(&victim), "victim");
    }
    // The state folder's `.env` may be a link; no other file of that name may lead outside.
    put(
        &config.with_file_name(RECORD),
        &hostile_record("{\"below\":\"victim\"}", "x", 0o600),
    );
    put(&config.with_file_name("victim"), "victim");
    assert!(!undo_preview(&config).unwrap().files[0].changed_since);
}

#[test]
fn a_record_cannot_control_the_terminal() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "victim");
    let long = "y".repeat(5000);
    for what in ["\\u001b[2J", "a\\nb\\r\\u202e", &long] {
        put(
            &home.path().join(RECORD),
            &hostile_record("\"config\"", what, 0o600),
        );
        let preview = undo_preview(&config).unwrap();
        assert!(
            !preview.what.chars().any(char::is_control),
            "{:?}",
            preview.what
        );
        assert!(!preview.what.contains('\u{202e}'), "{:?}", preview.what);
        assert!(preview.what.len() < 1000);
    }
    let place = "{\"below\":\"../\\u001b[2J\"}";
    put(
        &home.path().join(RECORD),
        &hostile_record(place, "x", 0o600),
    );
    let error = undo_preview(&config).err().unwrap();
    let shown = format!("{error} {}", error.hint().unwrap());
    assert!(
        shown.contains("\\u{1b}[2J") && !shown.contains('\u{1b}'),
        "{shown}"
    );
}

#[cfg(unix)]
#[test]
fn an_undo_sets_no_special_mode_bits() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    set_mode(&file, 0o640);
    replace(&file, &file, "new").unwrap();
    let record = home.path().join(RECORD);
    put(
        &record,
        &text(&record).replace("\"mode\": 416", "\"mode\": 2541"),
    );
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert_eq!(mode(&file), 0o755);
}

/// The old format of the record, with absolute paths.
fn first_record(folder: &Path) -> String {
    // The digests of "plain" and "wired".
    format!(
        "{{\"version\":1,\"writes\":[{{\"at\":\"2026-11-01T00:00:00.000Z\",\"what\":\"init\",\
         \"files\":[{{\"path\":{:?},\"before\":{{\"length\":5,\"hash\":\"{}\"}},\"mode\":384,\
         \"after\":{{\"length\":5,\"hash\":\"{}\"}}}}]}}]}}",
        folder.join("openclaw.json").to_str().unwrap(),
        fnv(b"plain"),
        fnv(b"wired"),
    )
}

fn fnv(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[test]
fn a_record_with_absolute_paths_is_read_where_it_was_made() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "wired");
    put(&home.path().join("openclaw.json.portkey.bak"), "plain");
    put(&home.path().join(RECORD), &first_record(home.path()));
    // The next write keeps it.
    replace(&config, &config, "more").unwrap();
    for expected in ["wired", "plain"] {
        undo(&undo_preview(&config).unwrap(), false).unwrap();
        assert_eq!(text(&config), expected);
    }
}

#[test]
fn a_record_with_absolute_paths_is_refused_elsewhere() {
    let home = folder();
    let original = home.path().join("a");
    let config = home.path().join("b/openclaw.json");
    put(&original.join("openclaw.json"), "wired");
    put(&config, "wired");
    put(&config.with_file_name("openclaw.json.portkey.bak"), "plain");
    put(&config.with_file_name(RECORD), &first_record(&original));
    let error = undo_preview(&config).err().unwrap();
    assert!(
        matches!(error, StoreError::HistoryFromElsewhere { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("openclaw.json"), "{error}");
    assert_eq!(text(&original.join("openclaw.json")), "wired");
}

fn set_aside_by(config: &Path, new: &str) -> PathBuf {
    let written = replace(config, config, new).unwrap();
    let to = match &written.notes[..] {
        [WriteNote::RecordSetAside { to, .. }] => Some(to.clone()),
        _ => None,
    };
    to.unwrap()
}

#[test]
fn an_unusable_record_is_renamed() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    let record = home.path().join(RECORD);
    put(&config, "0");
    let elsewhere = first_record(Path::new("/elsewhere"));
    let records = [
        "{",
        "",
        "{\"version\":3,\"writes\":[]}",
        "{\"version\":2}",
        &elsewhere,
    ];
    for (round, contents) in records.iter().enumerate() {
        put(&record, contents);
        let to = set_aside_by(&config, &format!("round {round}"));
        assert_eq!(text(&to), **contents);
        assert_eq!(
            to.file_name().unwrap().to_str().unwrap(),
            format!("{RECORD}.unreadable-{}", round + 1)
        );
        let before = if round == 0 {
            "0".to_owned()
        } else {
            format!("round {}", round - 1)
        };
        let preview = undo_preview(&config).unwrap();
        assert_eq!(preview.files[0].before.as_deref(), Some(before.as_bytes()));
    }
    put(&record, "{\"version\":3}");
    let error = undo_preview(&config).err().unwrap();
    assert!(matches!(error, StoreError::NewerHistory(_)), "{error}");
}

#[test]
fn an_unusable_record_stays_if_the_write_fails() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    put(&at("openclaw.json"), "old");
    put(&at(RECORD), "{");
    let snapshots = ["openclaw.json", ".env", ".env"].map(|name| read(&at(name)).unwrap());
    let batch = snapshots.each_ref().map(|snapshot| Pending {
        snapshot,
        new_bytes: b"new",
        private: false,
    });
    write(&at("openclaw.json"), "test", &batch).unwrap_err();
    assert_eq!(text(&at(RECORD)), "{");
    assert_eq!(names(home.path()), ["openclaw.json", RECORD]);
}
