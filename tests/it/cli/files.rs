//! Which file is written, and how.

use snapbox::str;

use super::{CONFIG, FLASH, GPT, offline_home};
use crate::support::home::Home;
use crate::support::snapshot::file;

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
    home.run(&["show"]).expect(
        0,
        str![[r#"
Config      ~/oc.json (OPENCLAW_CONFIG_PATH; does not exist yet)
OpenClaw    version unknown; assuming 2026.9.6
Provider    none for Portkey (others: none); `openclaw-portkey init` adds one
Defaults    no model set; OpenClaw uses its own default

"#]],
        str![],
    );
    Home::new().fails(&["show", "--profile", "a b"], 2).says(
        "",
        str![[r#"
error: "a b" is not a valid OpenClaw profile name
  → use letters, digits, `_` and `-`, at most 64, starting with a letter or digit

"#]],
    );
}

/// The change is printed, and nothing is written.
#[test]
fn a_config_that_is_declared_read_only() {
    for (variable, refused, not_undone) in [
        (
            "OPENCLAW_CONFIG_READONLY",
            str![[r#"
· not checked with Portkey
warning: agent `work` has its own model, ollama/llama3, and will not go through Portkey; `openclaw-portkey set-primary MODEL --agent work` changes that (openclaw.json:30:28)
error: the config is declared read-only by OPENCLAW_CONFIG_READONLY; nothing was written
  → make the change where the config is generated

"#]],
            str![[r#"
error: the config is declared read-only by OPENCLAW_CONFIG_READONLY; nothing was written
  → make the change where the config is generated

"#]],
        ),
        (
            "OPENCLAW_NIX_MODE",
            str![[r#"
· not checked with Portkey
warning: agent `work` has its own model, ollama/llama3, and will not go through Portkey; `openclaw-portkey set-primary MODEL --agent work` changes that (openclaw.json:30:28)
error: the config is declared read-only by OPENCLAW_NIX_MODE; nothing was written
  → make the change where the config is generated

"#]],
            str![[r#"
error: the config is declared read-only by OPENCLAW_NIX_MODE; nothing was written
  → make the change where the config is generated

"#]],
        ),
    ] {
        let home = offline_home().var(variable, "1");
        home.fails(&SET, 2).says(
            file("files/a-config-that-is-declared-read-only.txt"),
            refused,
        );
        home.run(&["set-primary", GPT, "--offline", "--dry-run"])
            .status(0);
        home.fails(&["undo", "--yes"], 2).says("", not_undone);
    }
}

#[test]
fn as_json_a_read_only_config_is_one_document() {
    let home = offline_home().var("OPENCLAW_NIX_MODE", "1");
    home.fails(&[&SET[..], &["--format", "json"]].concat(), 2)
        .says(
            file("files/as-json-a-read-only-config-is-one-document.json"),
            file("files/as-json-a-read-only-config-is-one-document-2.txt"),
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
    home.run(&SET).expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json, a link to ~/dotfiles/openclaw.json5 (backup: openclaw.json.portkey.bak)

"#]], file("files/through-a-link.txt"));
    assert!(home.path(CONFIG).is_symlink());
    assert!(
        home.read("dotfiles/openclaw.json5")
            .contains("primary: 'portkey/@openai-prod/gpt-5'")
    );
    std::fs::remove_file(home.path("dotfiles/openclaw.json5")).unwrap();
    home.run(&SET).expect(
        2,
        "",
        str![[r#"
error: HOME/.openclaw/openclaw.json is a symlink to ../dotfiles/openclaw.json5, which doesn't exist
  → create ../dotfiles/openclaw.json5, or remove the symlink: rm HOME/.openclaw/openclaw.json

"#]],
    );
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

/// OpenClaw's own lock, held by a live process: this one.
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
        .says("", file("files/while-openclaw-writes.txt"));
    home.run(&["set-primary", GPT, "--offline", "--dry-run"])
        .status(0);
}

/// Only the lock file's name is taken.
#[test]
fn a_folder_in_place_of_the_folder() {
    let home = Home::new();
    home.write(".openclaw", "a file");
    home.fails(&INIT, 2).says(
        "",
        str![[r#"
error: cannot read HOME/.openclaw/openclaw.json: SYSTEM MESSAGE
  → part of this path is a file, not a folder: HOME/.openclaw

"#]],
    );
}

#[cfg(unix)]
#[test]
fn file_names_cannot_control_the_terminal() {
    let home = Home::new();
    let ran = home.fails(&["show", "--config", "a\u{1b}[2J\u{202e}/x"], 2);
    ran.says(
        "",
        str![[r#"
error: HOME/a\u{1b}[2J\u{202e}/x does not exist
  → `openclaw-portkey init --config 'a\u{1b}[2J\u{202e}/x'` creates it

"#]],
    );
    home.write("a\u{1b}[2J.json", "{");
    let ran = home.fails(&["show", "--config", "a\u{1b}[2J.json"], 2);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    let ran = home.fails(&["show", "--config", "a\u{1b}[2J.json/x"], 2);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}
