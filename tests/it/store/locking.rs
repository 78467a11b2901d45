//! OpenClaw's lock, taken and honoured.

use std::fs;
use std::process::Command;
use std::time::Duration;

use openclaw_portkey::store::{StoreError, lock};

use super::*;

#[test]
fn a_lock_is_openclaws_and_is_given_back() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let held = lock(&file, NO_WAIT).unwrap();
    let record: serde_json::Value = serde_json::from_str(&text(&lock_file(&home))).unwrap();
    assert_eq!(record["pid"], std::process::id());
    assert!(record["createdAt"].as_str().unwrap().ends_with('Z'));
    #[cfg(target_os = "linux")]
    assert!(record["starttime"].is_u64());
    let error = lock(&file, Duration::from_millis(50)).err().unwrap();
    assert!(
        matches!(error, StoreError::Locked { pid: Some(pid), .. } if pid == std::process::id())
    );
    drop(held);
    assert_eq!(names(home.path()), Vec::<String>::new());
    drop(lock(&file, NO_WAIT).unwrap());
}

#[test]
fn a_lock_that_became_somebody_elses_is_not_removed() {
    let home = folder();
    let held = lock(&home.path().join("openclaw.json"), NO_WAIT).unwrap();
    put(&lock_file(&home), "{\"pid\":1}");
    drop(held);
    assert_eq!(text(&lock_file(&home)), "{\"pid\":1}");
}

#[cfg(unix)]
#[test]
fn a_live_holder_is_honoured_and_a_dead_one_is_not() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let mut holder = Command::new("sleep").arg("60").spawn().unwrap();
    // As OpenClaw writes it, with the token that it puts behind.
    let record = format!("{{\n  \"pid\": {}\n}}\n\t\t\t  \t\n", holder.id());
    put(&lock_file(&home), &record);
    let error = lock(&file, Duration::from_millis(30)).err().unwrap();
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", holder.id())),
        "{error}"
    );
    assert_eq!(text(&lock_file(&home)), record);

    holder.kill().unwrap();
    holder.wait().unwrap();
    drop(lock(&file, NO_WAIT).unwrap());
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_reused_process_id_holds_nothing() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let record = format!("{{\"pid\":{},\"starttime\":1}}", std::process::id());
    put(&lock_file(&home), &record);
    drop(lock(&file, NO_WAIT).unwrap());
}

#[test]
fn a_lock_that_names_nobody_is_honoured() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    for record in [
        "",
        "{}",
        "[]",
        "{\"createdAt\":\"2020-01-01T00:00:00.000Z\"}",
    ] {
        put(&lock_file(&home), record);
        let error = lock(&file, NO_WAIT).err().unwrap();
        assert!(
            matches!(error, StoreError::Locked { pid: None, .. }),
            "{record}"
        );
        assert!(error.hint().unwrap().contains("rm -r "), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn whoever_clears_a_stale_lock_is_waited_for_unless_it_was_killed() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let guard = lock_file(&home).with_extension("lock.reclaim");
    fs::create_dir(&guard).unwrap();
    assert!(matches!(
        lock(&file, NO_WAIT),
        Err(StoreError::Locked { .. })
    ));
    let guard = fs::File::open(&guard).unwrap();
    guard.set_modified(std::time::UNIX_EPOCH).unwrap();
    drop(lock(&file, NO_WAIT).unwrap());
    assert_eq!(names(home.path()), Vec::<String>::new());
}
