//! `undo`.

use super::{CONFIG, GPT, MIXTRAL, offline_home};
use crate::support::home::Home;

const COMMANDS: [&[&str]; 8] = [
    &["add-model", GPT, "--as", "fallback", "--offline"],
    &["set-primary", GPT, "--offline"],
    &["set-fallback", "@a/z", "--offline"],
    &["set-header", "--metadata", "a=b"],
    &["set-header", "--unset", "x-portkey-metadata"],
    &["remove-model", MIXTRAL],
    &[
        "init",
        "--offline",
        "--model",
        "@a/b",
        "--base-url",
        "https://gw.example/v1",
    ],
    &["unwire"],
];

#[test]
fn five_deep() {
    let home = offline_home();
    let mut texts = vec![home.config()];
    for command in COMMANDS {
        home.run(&[command, &["--yes"]].concat()).status(0);
        texts.push(home.config());
    }
    texts.pop();
    for text in texts.iter().rev().take(5) {
        home.run(&["undo", "--yes"])
            .status(0)
            .stdout_has("Restored ~/.openclaw/openclaw.json\n");
        assert_eq!(home.config(), *text);
    }
    home.fails(&["undo", "--yes"], 2)
        .stderr_has("is left to undo\n");
}

#[test]
fn every_command() {
    for command in COMMANDS {
        let home = offline_home();
        let before = home.config();
        home.run(&[command, &["--yes"]].concat()).status(0);
        assert_ne!(home.config(), before, "{command:?}");
        let dry = home
            .run(&["undo", "--dry-run"])
            .status(0)
            .stderr_has("Nothing was written: --dry-run.\n");
        assert!(
            dry.stdout.starts_with("--- ~/.openclaw/openclaw.json\n"),
            "{}",
            dry.stdout
        );
        home.fails(&["undo"], 2)
            .stderr_has("--yes writes without asking");
        let json = home
            .run(&["undo", "--yes", "--format", "json"])
            .status(0)
            .json();
        assert_eq!(json["undone"]["command"], command[0]);
        assert_eq!(home.config(), before, "{command:?}");
    }
}

#[test]
fn a_file_that_was_changed_since() {
    let home = offline_home();
    let before = home.config();
    home.run(&["unwire", "--yes"]).status(0);
    home.write(CONFIG, "{ /* mine */ }\n");
    home.fails(&["undo", "--yes"], 2)
        .stderr_has("warning: ~/.openclaw/openclaw.json was changed since\n")
        .stderr_has("error: HOME/.openclaw/openclaw.json was changed since our last write\n");
    home.run(&["undo", "--yes", "--force"]).status(0);
    assert_eq!(home.config(), before);
    assert_eq!(
        home.read(".openclaw/openclaw.json.portkey.undone"),
        "{ /* mine */ }\n"
    );
}

#[test]
fn nothing_to_undo() {
    Home::new()
        .fails(&["undo", "--yes"], 2)
        .stderr_has("is left to undo\n");
    let home = offline_home();
    home.write(".openclaw/openclaw.json.portkey.undo.json", "not json");
    home.fails(&["undo", "--yes"], 2)
        .stderr_has("error: the record of our writes is damaged: ");
}

/// A config that can no longer be read is put back all the same.
#[test]
fn out_of_a_broken_config() {
    let home = offline_home();
    let before = home.config();
    home.run(&["unwire", "--yes"]).status(0);
    home.write(CONFIG, "{ apiKey: \"s3cret\", ");
    let ran = home.run(&["undo", "--yes", "--force"]).status(0);
    assert!(!ran.stderr.contains("s3cret"), "{}", ran.stderr);
    assert_eq!(home.config(), before);
}
