//! Which file, and how it is written.

use super::{CONFIG, FLASH, GPT, offline_home};
use crate::support::home::Home;

const SET: [&str; 4] = ["set-primary", GPT, "--offline", "--yes"];
const INIT: [&str; 5] = ["init", "--offline", "--yes", "--model", FLASH];

#[test]
fn a_profile_and_variables() {
    let written = |home: &Home, args: &[&str]| {
        home.run(&[&INIT, args].concat()).status(0);
        home.files()
            .into_iter()
            .find(|name| !name.contains(".portkey."))
            .unwrap()
    };
    assert_eq!(written(&Home::new(), &[]), CONFIG);
    assert_eq!(
        written(&Home::new(), &["--profile", "work"]),
        ".openclaw-work/openclaw.json"
    );
    assert_eq!(
        written(&Home::new(), &["--config", "my/conf.json"]),
        "my/conf.json"
    );
    assert_eq!(
        written(&Home::new().var("OPENCLAW_CONFIG_PATH", "~/x/oc.json"), &[]),
        "x/oc.json"
    );
    let home = Home::new().var("OPENCLAW_CONFIG_PATH", "~/oc.json");
    home.run(&["show"])
        .status(0)
        .stdout_has("Config      ~/oc.json (OPENCLAW_CONFIG_PATH; does not exist yet)\n");
    Home::new()
        .fails(&["show", "--profile", "a b"], 2)
        .stderr_has("error: \"a b\" is no OpenClaw profile name\n");
}

/// The edit is printed instead, and nothing is written.
#[test]
fn a_config_that_is_declared_read_only() {
    for variable in ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"] {
        let home = offline_home().var(variable, "1");
        let ran = home.fails(&SET, 2);
        assert!(
            ran.stdout
                .contains("+        primary: 'portkey/@openai-prod/gpt-5',\n"),
            "{}",
            ran.stdout
        );
        ran.stderr_has(&format!(
            "error: the config is declared read-only by {variable}; nothing was written\n  → make the change where the config is generated\n"
        ));
        home.run(&["set-primary", GPT, "--offline", "--dry-run"])
            .status(0);
        home.fails(&["undo", "--yes"], 2)
            .stderr_has("declared read-only");
    }
}

#[test]
fn as_json_a_read_only_config_is_one_document() {
    let home = offline_home().var("OPENCLAW_NIX_MODE", "1");
    let json = home
        .fails(&[&SET[..], &["--format", "json"]].concat(), 2)
        .json();
    assert_eq!(json["error"]["kind"], "file");
    assert!(
        json["files"][0]["diff"]
            .as_str()
            .unwrap()
            .contains("+        primary: 'portkey/@openai-prod/gpt-5',\n")
    );
}

#[cfg(unix)]
#[test]
fn through_a_link() {
    use std::os::unix::fs::symlink;
    let home = Home::new();
    home.write(
        "dotfiles/openclaw.json5",
        include_str!("../../../fixtures/wired.json5"),
    );
    std::fs::create_dir(home.path(".openclaw")).unwrap();
    symlink("../dotfiles/openclaw.json5", home.path(CONFIG)).unwrap();
    let ran = home.run(&SET).status(0);
    assert_eq!(
        ran.stdout,
        "Wrote ~/.openclaw/openclaw.json, a link to ~/dotfiles/openclaw.json5 (backup: openclaw.json.portkey.bak)\n"
    );
    assert!(home.path(CONFIG).is_symlink());
    assert!(
        home.read("dotfiles/openclaw.json5")
            .contains("primary: 'portkey/@openai-prod/gpt-5'")
    );
    std::fs::remove_file(home.path("dotfiles/openclaw.json5")).unwrap();
    home.run(&SET)
        .status(2)
        .stderr_has("which does not exist\n");
}

#[cfg(unix)]
#[test]
fn a_mode_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = offline_home();
    std::fs::set_permissions(home.path(CONFIG), std::fs::Permissions::from_mode(0o640)).unwrap();
    home.run(&SET).status(0);
    assert_eq!(home.mode(CONFIG), 0o640);
    assert_eq!(home.mode(".openclaw/openclaw.json.portkey.bak"), 0o600);
}

/// OpenClaw's own lock, held by a process that lives: this one.
#[cfg(unix)]
#[test]
fn while_openclaw_writes() {
    let home = offline_home();
    let pid = std::process::id();
    home.write(
        ".openclaw/openclaw.json.lock",
        format!("{{\"pid\": {pid}, \"createdAt\": \"2026-01-01T00:00:00Z\"}}"),
    );
    home.fails(&SET, 2)
        .stderr_has(&format!(
            "error: another command holds HOME/.openclaw/openclaw.json.lock (process {pid})\n"
        ))
        .stderr_has(&format!(
            "→ wait until process {pid} has finished, then run the same command again\n"
        ));
    home.run(&["set-primary", GPT, "--offline", "--dry-run"])
        .status(0);
}

/// Only the file's name is in the way.
#[test]
fn a_folder_in_place_of_the_folder() {
    let home = Home::new();
    home.write(".openclaw", "a file");
    home.fails(&INIT, 2).stderr_has("error: cannot ");
}

#[cfg(unix)]
#[test]
fn names_of_files_give_a_terminal_no_orders() {
    let home = Home::new();
    let ran = home.fails(&["show", "--config", "a\u{1b}[2J\u{202e}/x"], 0);
    ran.stdout_has("a\\u{1b}[2J\\u{202e}/x");
    home.write("a\u{1b}[2J.json", "{");
    let ran = home.fails(&["show", "--config", "a\u{1b}[2J.json"], 2);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    let ran = home.fails(&["show", "--config", "a\u{1b}[2J.json/x"], 2);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}
