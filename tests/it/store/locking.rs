//! OpenClaw's lock, taken and honoured.

use std::fs;
use std::process::Command;
use std::time::Duration;

use openclaw_portkey::store::{Deadline, StoreError, lock, lock_all};

use super::*;

#[test]
fn the_lock_is_openclaws_and_is_released() {
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
fn another_processes_lock_is_not_removed() {
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
    // As OpenClaw writes it, with the token that it appends.
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
fn a_reused_process_id_holds_no_lock() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let record = format!("{{\"pid\":{},\"starttime\":1}}", std::process::id());
    put(&lock_file(&home), &record);
    drop(lock(&file, NO_WAIT).unwrap());
}

#[test]
fn a_lock_without_a_holder_is_honoured() {
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
fn waits_for_a_process_that_clears_a_stale_lock_unless_it_was_killed() {
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

#[cfg(unix)]
#[test]
fn anything_else_is_a_lock_without_a_holder() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let home = folder();
    let file = home.path().join("openclaw.json");
    let path = lock_file(&home);
    let makers: [fn(&Path); 6] = [
        |path| std::os::unix::fs::symlink("nowhere", path).unwrap(),
        |path| std::os::unix::fs::symlink(path, path).unwrap(),
        |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
        |path| mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap(),
        |path| fs::create_dir(path).unwrap(),
        |path| fs::File::create(path).unwrap().set_len(20 << 30).unwrap(),
    ];
    for (case, make) in makers.iter().enumerate() {
        for suffix in ["", ".reclaim"] {
            let path = path.with_extension(format!("lock{suffix}"));
            make(&path);
            let error = lock(&file, Duration::from_millis(30)).err().unwrap();
            assert!(
                matches!(error, StoreError::Locked { pid: None, .. }),
                "{case}{suffix}: {error}"
            );
            assert!(error.hint().unwrap().contains("rm -r "), "{error}");
            fs::remove_file(&path)
                .or_else(|_| fs::remove_dir(&path))
                .unwrap();
        }
    }
    drop(lock(&file, NO_WAIT).unwrap());
}

/// How a lock of OpenClaw in a container looks from outside, and vice versa.
#[cfg(unix)]
#[test]
fn a_holder_that_cannot_be_seen_is_honoured_for_a_while() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let pid = i32::MAX;
    let taken = |created: &str| {
        put(
            &lock_file(&home),
            &format!("{{\"pid\":{pid},\"createdAt\":\"{created}\"}}"),
        );
        lock(&file, Duration::from_millis(30))
    };
    // Take the timestamp from our own lock.
    let held = lock(&file, NO_WAIT).unwrap();
    let record: serde_json::Value = serde_json::from_str(&text(&lock_file(&home))).unwrap();
    let now = record["createdAt"].as_str().unwrap().to_owned();
    drop(held);
    let error = taken(&now).err().unwrap();
    assert!(
        matches!(error, StoreError::Locked { unseen: true, .. }),
        "{error}"
    );
    assert!(error.hint().unwrap().contains("container"), "{error}");
    drop(taken("2026-01-01T00:00:00.000Z").unwrap());

    // Our own locks record their origin.
    let Some(origin) = record["origin"].as_str() else {
        return;
    };
    for (origin, is_honoured) in [("elsewhere-1", true), (origin, false)] {
        let record = format!("{{\"pid\":{pid},\"createdAt\":\"{now}\",\"origin\":\"{origin}\"}}");
        put(&lock_file(&home), &record);
        assert_eq!(lock(&file, NO_WAIT).is_err(), is_honoured, "{origin}");
    }
}

#[test]
fn all_files_of_a_write_are_locked() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    let (config, dotenv) = (at("openclaw.json"), at("state/.env"));
    let soon = || Deadline::after(Duration::from_millis(20));
    let locks = lock_all(&[&config, &dotenv, &config], soon()).unwrap();
    assert!(locks.cover(&config) && locks.cover(&dotenv) && !locks.cover(&at("other")));
    for file in [&config, &dotenv] {
        assert!(matches!(
            lock(file, NO_WAIT),
            Err(StoreError::Locked { .. })
        ));
    }
    drop(lock_all(&[&at("other")], soon()).unwrap());
    let error = lock_all(&[&at("a.json"), &dotenv], soon()).err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    drop(locks);
    // The locks taken before the refusal were released too.
    drop(lock_all(&[&at("a.json"), &dotenv, &config], soon()).unwrap());
    assert_eq!(names(home.path()), ["state"]);
    assert_eq!(names(&at("state")), Vec::<String>::new());
}

/// Two configs may link to the same file.
#[cfg(unix)]
#[test]
fn both_ends_of_a_link_are_locked() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    put(&at("real.json"), "{}");
    for name in ["a.json", "b.json"] {
        std::os::unix::fs::symlink("real.json", at(name)).unwrap();
    }
    let soon = || Deadline::after(Duration::from_millis(20));
    let locks = lock_all(&[&at("a.json")], soon()).unwrap();
    assert_eq!(
        names(home.path()),
        [
            "a.json",
            "a.json.lock",
            "b.json",
            "real.json",
            "real.json.lock"
        ]
    );
    assert!(lock_all(&[&at("b.json")], soon()).is_err());
    assert!(!locks.cover(&at("b.json")));
    drop(locks);
    drop(lock_all(&[&at("b.json")], soon()).unwrap());
}
