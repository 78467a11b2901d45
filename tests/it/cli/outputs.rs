//! What each command says of the same config, as text and as JSON.

use super::{FLASH, GPT, MIXTRAL, offline_home};
use crate::support::snapshot::{file, same};

/// Commands that write, each with what its snapshot is called.
const COMMANDS: [(&str, &[&str]); 15] = [
    (
        "init",
        &[
            "init",
            "--offline",
            "--model",
            GPT,
            "--metadata",
            "team=web",
        ],
    ),
    ("init-again", &["init", "--offline", "--model", FLASH]),
    (
        "add-model",
        &["add-model", GPT, "--as", "fallback", "--offline"],
    ),
    ("add-model-unknown", &["add-model", "@a/b", "--offline"]),
    ("remove-model", &["remove-model", MIXTRAL]),
    ("remove-model-primary", &["remove-model", FLASH]),
    ("set-primary", &["set-primary", MIXTRAL, "--offline"]),
    (
        "set-primary-agent",
        &["set-primary", GPT, "--agent", "work", "--offline"],
    ),
    ("set-fallback", &["set-fallback", GPT, MIXTRAL, "--offline"]),
    ("set-fallback-clear", &["set-fallback", "--clear"]),
    (
        "set-header",
        &["set-header", "--metadata", "k=v", "--trace-id", "t"],
    ),
    (
        "set-header-unset",
        &["set-header", "--unset", "x-portkey-metadata"],
    ),
    ("models-sync", &["models", "--sync", "--offline"]),
    ("unwire", &["unwire"]),
    ("undo", &["undo"]),
];

#[test]
fn every_command_that_writes() {
    for (name, command) in COMMANDS {
        let mut all = String::new();
        for flags in [
            &["--dry-run"][..],
            &["--dry-run", "--format", "json"],
            &["--yes"],
            &["--yes", "--format", "json"],
            &["--yes", "--quiet"],
        ] {
            let home = offline_home();
            if name == "undo" {
                home.run(&["unwire", "--yes"]).status(0);
            }
            let args = [command, flags].concat();
            all += &home.run(&args).transcript(&args);
        }
        same(&all, file(&format!("commands/{name}.txt")));
    }
}
