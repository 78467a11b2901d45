//! File attributes are preserved.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};

use openclaw_portkey::store::{self, Pending, WriteNote, read, undo};

use super::*;

fn owner(path: &Path) -> (u32, u32) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.uid(), metadata.gid())
}

#[test]
fn what_root_creates_belongs_to_the_owner_of_the_folder() {
    if !rustix::process::geteuid().is_root() {
        skip("only root may give files away");
        return;
    }
    let home = folder();
    chown(home.path(), Some(1234), Some(1235)).unwrap();
    let config = home.path().join("a/b/openclaw.json");
    let held = store::lock(&config, NO_WAIT).unwrap();
    assert_eq!(
        owner(&config.with_file_name("openclaw.json.lock")),
        (1234, 1235)
    );
    replace(&config, &config, "1").unwrap();
    replace(&config, &config, "2").unwrap();
    drop(held);
    store::cache::put(&home.path().join("cache"), "x", "y").unwrap();
    for name in [
        "a",
        "a/b",
        "a/b/openclaw.json",
        "a/b/openclaw.json.portkey.bak",
        "a/b/openclaw.json.portkey.undo.json",
        "cache",
        "cache/x",
    ] {
        assert_eq!(owner(&home.path().join(name)), (1234, 1235), "{name}");
    }
}

#[test]
fn hard_links_are_reported() {
    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "old");
    fs::hard_link(&config, home.path().join("other")).unwrap();
    let written = replace(&config, &config, "new").unwrap();
    let [note @ WriteNote::HardLinks { links: 2, .. }] = &written.notes[..] else {
        panic!("{:?}", written.notes);
    };
    assert!(note.to_string().contains("hard links"), "{note}");
    assert_eq!(text(&home.path().join("other")), "old");
    assert!(replace(&config, &config, "newer").unwrap().notes.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn extended_attributes_are_preserved() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};

    let home = folder();
    let config = home.path().join("openclaw.json");
    put(&config, "old");
    let long = "x".repeat(2000);
    for (name, value) in [
        ("user.origin", "here"),
        ("user.empty", ""),
        ("user.long", &long),
    ] {
        if setxattr(&config, name, value.as_bytes(), XattrFlags::empty()).is_err() {
            skip("this file system keeps no such attributes");
            return;
        }
    }
    let check = || {
        for (name, value) in [
            ("user.origin", "here"),
            ("user.empty", ""),
            ("user.long", &long),
        ] {
            let mut buffer = vec![0; 4096];
            let length = getxattr(&config, name, &mut buffer[..]).unwrap();
            assert_eq!(&buffer[..length], value.as_bytes(), "{name}");
        }
    };
    let written = replace(&config, &config, "new").unwrap();
    assert!(written.notes.is_empty(), "{:?}", written.notes);
    check();
    undo(&undo_preview(&config).unwrap(), false).unwrap();
    check();
}

#[test]
fn a_file_with_a_key_is_made_private_on_request() {
    let home = folder();
    let file = home.path().join(".env");
    let config = home.path().join("openclaw.json");
    for (kept, private, expected, tightened) in [
        (0o644, true, 0o600, Some(0o644)),
        (0o640, true, 0o600, Some(0o640)),
        (0o666, true, 0o600, Some(0o666)),
        (0o600, true, 0o600, None),
        (0o400, true, 0o400, None),
        (0o644, false, 0o644, None),
    ] {
        put_fresh(&file);
        set_mode(&file, kept);
        let snapshot = read(&file).unwrap();
        let pending = Pending {
            snapshot: &snapshot,
            new_bytes: b"KEY=1\n",
            private,
        };
        let written = write(&config, "test", &[pending]).unwrap();
        assert_eq!(written.files[0].tightened, tightened, "{kept:o}");
        assert_eq!(mode(&file), expected, "{kept:o}");
        undo(&undo_preview(&config).unwrap(), false).unwrap();
        assert_eq!(mode(&file), kept, "{kept:o}");
    }
}

fn put_fresh(file: &Path) {
    let _ = fs::remove_file(file);
    put(file, "");
}
