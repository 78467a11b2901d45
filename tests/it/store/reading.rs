//! What is read, and what is rejected.

use std::fs;
use std::path::Path;

use openclaw_portkey::store::{MAX_BYTES, StoreError, read};

use super::*;

#[test]
fn a_missing_file_is_not_an_error() {
    let home = folder();
    let snapshot = read(&home.path().join("none/openclaw.json")).unwrap();
    assert!(!snapshot.exists());
    assert!(!snapshot.is_link());
}

#[test]
fn rejects_anything_but_files() {
    let home = folder();
    assert!(matches!(read(home.path()), Err(StoreError::Folder(_))));
    let file = home.path().join("file");
    put(&file, "x");
    // Windows only reports that it doesn't exist.
    if cfg!(unix) {
        let error = read(&file.join("openclaw.json")).err().unwrap();
        assert!(error.to_string().starts_with("cannot read "), "{error}");
    }
    let big = fs::File::create(home.path().join("big")).unwrap();
    big.set_len(MAX_BYTES + 1).unwrap();
    let error = read(&home.path().join("big")).err().unwrap();
    assert!(matches!(error, StoreError::TooLarge(_)));
}

#[cfg(unix)]
#[test]
fn refuses_broken_links_and_devices_without_waiting() {
    use std::os::unix::fs::symlink;

    let home = folder();
    let at = |name: &str| home.path().join(name);
    symlink("nowhere", at("dangling")).unwrap();
    symlink("loop-b", at("loop-a")).unwrap();
    symlink("loop-a", at("loop-b")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        at("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    assert!(matches!(
        read(&at("dangling")),
        Err(StoreError::Dangling { to, .. }) if to == Path::new("nowhere")
    ));
    assert!(matches!(read(&at("loop-a")), Err(StoreError::Loop(_))));
    assert!(matches!(read(&at("pipe")), Err(StoreError::Special(_))));
    assert!(matches!(
        read(Path::new("/dev/zero")),
        Err(StoreError::Special(_))
    ));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_reported() {
    if rustix::process::geteuid().is_root() {
        skip("root may read everything");
        return;
    }
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "{}");
    set_mode(&file, 0o000);
    let error = read(&file).err().unwrap();
    assert!(error.hint().unwrap().contains("ls -ld"), "{error}");
    set_mode(&file, 0o600);
    set_mode(home.path(), 0o500);
    assert!(replace(&file, &file, "{a:1}").is_err());
    set_mode(home.path(), 0o700);
    assert_eq!(text(&file), "{}");
    assert_eq!(names(home.path()), ["openclaw.json"]);
}
