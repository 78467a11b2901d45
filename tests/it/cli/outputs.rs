//! The output of each command for the same config, as text and as JSON.

use super::{FLASH, GPT, MIXTRAL, offline_home};
use crate::support::snapshot::{file, same};

/// Commands that write, each with its snapshot's name and exit code.
const COMMANDS: [(&str, i32, &[&str]); 15] = [
    (
        "init",
        0,
        &[
            "init",
            "--offline",
            "--model",
            GPT,
            "--metadata",
            "team=web",
        ],
    ),
    ("init-again", 0, &["init", "--offline", "--model", FLASH]),
    (
        "add-model",
        0,
        &["add-model", GPT, "--as", "fallback", "--offline"],
    ),
    ("add-model-unknown", 0, &["add-model", "@a/b", "--offline"]),
    ("remove-model", 0, &["remove-model", MIXTRAL]),
    ("remove-model-primary", 2, &["remove-model", FLASH]),
    ("set-primary", 0, &["set-primary", MIXTRAL, "--offline"]),
    (
        "set-primary-agent",
        0,
        &["set-primary", GPT, "--agent", "work", "--offline"],
    ),
    (
        "set-fallback",
        0,
        &["set-fallback", GPT, MIXTRAL, "--offline"],
    ),
    ("set-fallback-clear", 0, &["set-fallback", "--clear"]),
    (
        "set-header",
        0,
        &["set-header", "--metadata", "k=v", "--trace-id", "t"],
    ),
    (
        "set-header-unset",
        0,
        &["set-header", "--unset", "x-portkey-metadata"],
    ),
    ("models-sync", 0, &["models", "--sync", "--offline"]),
    ("unwire", 0, &["unwire"]),
    ("undo", 0, &["undo"]),
];

#[test]
fn every_command_that_writes() {
    for (name, status, command) in COMMANDS {
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
            all += &home.run(&args).status(status).transcript(&args);
        }
        same(&all, file(&format!("commands/{name}.txt")));
    }
}
