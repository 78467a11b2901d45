//! `undo`.

use snapbox::str;

use super::{CONFIG, GPT, MIXTRAL, offline_home};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

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
        let ran = home.run(&["undo", "--yes"]).status(0);
        same(
            &ran.stdout,
            str![[r#"
Restored ~/.openclaw/openclaw.json

"#]],
        );
        assert_eq!(home.config(), *text);
    }
    home.fails(&["undo", "--yes"], 2).says(
        "",
        str![[r#"
error: nothing to undo in HOME/.openclaw/openclaw.json

"#]],
    );
}

#[test]
fn every_command() {
    for (number, command) in COMMANDS.into_iter().enumerate() {
        let home = offline_home();
        let before = home.config();
        home.run(&[command, &["--yes"]].concat()).status(0);
        assert_ne!(home.config(), before, "{command:?}");
        let dry = ["undo", "--dry-run"];
        let mut output = home.run(&dry).status(0).transcript(&dry);
        output += &home.fails(&["undo"], 2).transcript(&["undo"]);
        let json = ["undo", "--yes", "--format", "json"];
        output += &home.run(&json).status(0).transcript(&json);
        same(&output, file(&format!("undo/{number}-{}.txt", command[0])));
        assert_eq!(home.config(), before, "{command:?}");
    }
}

#[test]
fn a_file_that_has_changed_since() {
    let home = offline_home();
    let before = home.config();
    home.run(&["unwire", "--yes"]).status(0);
    home.write(CONFIG, "{ /* mine */ }\n");
    home.fails(&["undo", "--yes"], 2)
        .says("", file("undo/a-file-that-was-changed-since.txt"));
    home.run(&["undo", "--yes", "--force"]).status(0);
    assert_eq!(home.config(), before);
    same(
        &home.read(".openclaw/openclaw.json.portkey.undone"),
        str![[r#"
{ /* mine */ }

"#]],
    );
}

#[test]
fn nothing_to_undo() {
    Home::new().fails(&["undo", "--yes"], 2).says(
        "",
        str![[r#"
error: nothing to undo in HOME/.openclaw/openclaw.json

"#]],
    );
    let home = offline_home();
    home.write(".openclaw/openclaw.json.portkey.undo.json", "not json");
    home.fails(&["undo", "--yes"], 2).says("", str![[r#"
error: the undo record is damaged: HOME/.openclaw/openclaw.json.portkey.undo.json
  → the backups next to the config are still there. To start over: rm HOME/.openclaw/openclaw.json.portkey.undo.json

"#]]);
}

/// A config that can no longer be parsed is restored, too.
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
