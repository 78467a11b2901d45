//! The program as a user meets it: one file a command.

#[path = "../support/mod.rs"]
mod support;

mod add_model;
mod bad_input;
mod canary;
mod choose;
mod init;
mod models;
mod set_header;
mod show;
mod undo;
mod unwire;

use support::home::Home;
use support::portkey::{Portkey, Script};

/// The key that the loopback Portkey accepts.
const KEY: &str = "pk-test-0123456789abcdef";

/// A loopback Portkey with three models and a config.
fn portkey() -> Portkey {
    Portkey::start(
        Script::new(KEY)
            .models([
                "@gemini/gemini-2.5-flash",
                "@mistral/open-mixtral-8x7b",
                "@openai-prod/gpt-5",
            ])
            .config("pc-abc-123456"),
    )
    .unwrap()
}

/// A config as people write it, wired to a Portkey.
fn wired(base_url: &str) -> String {
    include_str!("../../fixtures/wired.json5").replace("https://api.portkey.ai/v1", base_url)
}

/// A home with [`wired`] and the key in the environment.
fn wired_home(base_url: &str) -> Home {
    Home::with(&wired(base_url)).var("PORTKEY_API_KEY", KEY)
}
