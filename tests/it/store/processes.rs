//! Several processes, and killed ones.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use openclaw_portkey::store::{Deadline, Pending, abandon, lock, lock_all, read, undo};

use super::*;

/// The variable with the file to work on, for a process started by [`run_as_child`].
pub(crate) const CHILD_FILE: &str = "STORE_TEST_FILE";

/// The arguments to run a single test in this file.
fn arguments(test: &str) -> [String; 3] {
    arguments_of(module_path!(), test)
}

/// The arguments to run a single test in a module.
pub(crate) fn arguments_of(module: &str, test: &str) -> [String; 3] {
    let (_, module) = module.split_once("::").unwrap();
    [
        "--exact".to_owned(),
        format!("{module}::{test}"),
        "--nocapture".to_owned(),
    ]
}

/// Runs a test of this file in a separate process, on `file`.
fn run_as_child(test: &str, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(arguments(test))
        .env(CHILD_FILE, file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The file to work on, in a process started by [`run_as_child`].
pub(crate) fn child_file() -> Option<PathBuf> {
    std::env::var_os(CHILD_FILE).map(PathBuf::from)
}

const SIZE: usize = 300_000;

/// One letter, repeated: half an old file and half a new one can't look like it.
fn page(round: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(round % 26).unwrap());
    letter.to_string().repeat(SIZE)
}

#[test]
fn child_writes_until_killed() {
    let Some(file) = child_file() else { return };
    for round in 0.. {
        let _held = lock(&file, Duration::from_secs(10)).unwrap();
        replace(&file, &file, &page(round)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_intact_after_a_kill_at_any_moment() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, &page(0));
    for round in 0_u64..40 {
        let mut child = run_as_child("child_writes_until_killed", &file);
        std::thread::sleep(Duration::from_millis(15 + round * 37 % 60));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.code().is_none(),
            "ended by itself: {output:?}"
        );
        let found = text(&file);
        assert_eq!(found.len(), SIZE);
        assert!(found.chars().all(|c| found.starts_with(c)));
    }
    // The next command cleans up after the dead ones, and undo still has what it needs.
    let held = lock(&file, Duration::from_secs(30)).unwrap();
    let before = text(&file);
    replace(&file, &file, "end").unwrap();
    drop(held);
    let left = names(home.path());
    assert!(
        left.iter()
            .all(|name| name.starts_with("openclaw.json") && !name.contains(".lock")),
        "{left:?}"
    );
    undo(&undo_preview(&file).unwrap(), false).unwrap();
    assert!(text(&file) == before);
}

#[test]
fn child_counts() {
    let Some(file) = child_file() else { return };
    for _ in 0..20 {
        let _held = lock(&file, Duration::from_secs(60)).unwrap();
        let count: u32 = text(&file).parse().unwrap();
        replace(&file, &file, &(count + 1).to_string()).unwrap();
    }
}

#[test]
fn two_at_once_lose_nothing() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "0");
    let children = [0, 1].map(|_| run_as_child("child_counts", &file));
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(text(&file), "40");
    assert!(!lock_file(&home).exists());
}

const WRITERS: usize = 100;

/// Appends its line to `.env` and increments a counter in its own config, like a run with
/// `--config`.
#[test]
fn child_appends() {
    let Some(dotenv) = child_file() else { return };
    let config = dotenv.with_file_name(format!("{}.json", std::process::id()));
    let locks = lock_all(
        &[&config, &dotenv],
        Deadline::after(Duration::from_secs(60)),
    )
    .unwrap();
    assert!(locks.cover(&config) && locks.cover(&dotenv));
    let lines = text(&dotenv) + &format!("{}\n", std::process::id());
    let snapshots = [&dotenv, &config].map(|path| read(path).unwrap());
    let batch = snapshots.each_ref().map(|snapshot| Pending {
        snapshot,
        new_bytes: lines.as_bytes(),
        private: false,
    });
    write(&config, "test", &batch).unwrap();
}

#[test]
fn a_hundred_configs_with_one_env_file_lose_nothing() {
    let home = folder();
    let dotenv = home.path().join(".env");
    put(&dotenv, "");
    let children: Vec<_> = (0..WRITERS)
        .map(|_| run_as_child("child_appends", &dotenv))
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(text(&dotenv).lines().count(), WRITERS);
    let left = names(home.path());
    assert!(left.iter().all(|name| !name.contains(".lock")), "{left:?}");
}

#[test]
fn child_takes_both() {
    let Some(file) = child_file() else { return };
    let other = file.with_file_name("other.json");
    for round in 0..30 {
        let files = [file.as_path(), other.as_path()];
        let files = if round % 2 == 0 {
            files
        } else {
            [files[1], files[0]]
        };
        drop(lock_all(&files, Deadline::after(Duration::from_secs(60))).unwrap());
    }
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let children = [0; 4].map(|_| run_as_child("processes::child_takes_both", &file));
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[test]
fn child_is_interrupted() {
    let Some(file) = child_file() else { return };
    let held = lock(&file, NO_WAIT).unwrap();
    abandon();
    // As in a signal handler: the lock's owner never gets to drop it.
    std::mem::forget(held);
    std::process::exit(130);
}

#[test]
fn an_interrupted_command_releases_its_lock() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    let output = run_as_child("child_is_interrupted", &file)
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_file_intact() {
    let home = folder();
    let file = home.path().join("openclaw.json");
    put(&file, "old");
    // A file size limit has the same effect as a full disk. Its signal is ignored, since a full
    // disk sends none.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(arguments("child_beyond_the_limit"))
        .env(CHILD_FILE, &file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&file), "old");
    assert_eq!(names(home.path()), ["openclaw.json"]);
}

#[test]
fn child_beyond_the_limit() {
    let Some(file) = child_file() else { return };
    let error = replace(&file, &file, &page(1)).unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
}
