//! The program as a user sees it: one file per command, and one per topic that concerns all of
//! them.
mod add_model;
mod allow_lists;
mod bad_input;
mod bare_models;
mod canary;
mod checks;
mod choose;
mod complete;
mod every_config;
mod files;
mod help;
mod include;
mod init;
mod keys;
mod misspelt;
mod models;
mod outputs;
mod replacing;
mod report;
mod secrets;
mod set_header;
mod set_key;
mod show;
mod typed;
mod undo;
mod unwire;
mod unwire_rest;

use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};

/// The key that the loopback Portkey accepts.
const KEY: &str = "pk-test-0123456789abcdef";

/// The path of OpenClaw's config in the home folder.
const CONFIG: &str = ".openclaw/openclaw.json";

/// Models that the loopback Portkey has.
const FLASH: &str = "@gemini/gemini-2.5-flash";
const MIXTRAL: &str = "@mistral/open-mixtral-8x7b";
const GPT: &str = "@openai-prod/gpt-5";

/// Runs the same command again: nothing is left to do, and removing what is gone is an error.
#[track_caller]
fn second_time_changes_nothing(home: &Home, args: &[&str]) {
    let removals = ["remove-model", "--remove", "--unset"];
    if args.iter().any(|arg| removals.contains(arg)) {
        let again = home.fails(args, 2);
        assert!(again.stderr.contains("` not found"), "{}", again.stderr);
    } else {
        let again = home.run(args).status(0);
        let nothing = "Nothing to change; ~/.openclaw/openclaw.json is already up to date.\n";
        assert_eq!(again.stdout, nothing, "{args:?}");
    }
}

/// A Portkey with three models and a config.
fn script() -> Script {
    Script::new(KEY)
        .models([FLASH, MIXTRAL, GPT])
        .config("pc-abc-123456")
}

fn portkey() -> Portkey {
    Portkey::start(script()).unwrap()
}

/// A typical hand-written config, connected to a Portkey.
fn wired(base_url: &str) -> String {
    include_str!("../../../fixtures/wired.json5").replace("https://api.portkey.ai/v1", base_url)
}

/// A home with [`wired`] and the key in the environment.
fn wired_home(base_url: &str) -> Home {
    Home::with(&wired(base_url)).var("PORTKEY_API_KEY", KEY)
}

/// A home with a config that can be edited with `--offline`.
fn offline_home() -> Home {
    Home::with(include_str!("../../../fixtures/wired.json5"))
}

/// The added and removed lines of a diff.
fn changed_lines(output: &str) -> String {
    let mut changed = String::new();
    for line in output.lines() {
        let is_name = line.starts_with("--- ") || line.starts_with("+++ ");
        if line.starts_with(['+', '-']) && !is_name {
            changed.push_str(line);
            changed.push('\n');
        }
    }
    changed
}
