//! Walks through `init`, `show` and `undo` for people without a Portkey account, with a local
//! Portkey and a temporary home for OpenClaw. The real home isn't touched.
//!
//! `cargo run --release --locked --example playground`
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    reason = "a demo: it creates files, prints, and may fail"
)]

#[path = "../tests/it/support/portkey.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod portkey;

use std::ffi::OsString;
use std::io::{IsTerminal, stderr, stdin};
use std::path::Path;
use std::process::{Command, ExitCode};

/// The first argument that makes this run as the program itself.
const AS_TOOL: &str = "run-the-tool";

const KEY: &str = "playground-key-0000000000";

/// A gateway config of the local Portkey.
const GATEWAY_CONFIG: &str = "pc-play-123456";

const CONFIG: &str = r#"// My OpenClaw, as I like it.
{
  // The model that I use most.
  agents: {
    defaults: {
      model: { primary: "anthropic/claude-sonnet-4-5" }, // to be replaced
      workspace: "~/clawd",
    },
  },
  gateway: { port: 18789 }, // default
}
"#;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == AS_TOOL) {
        return openclaw_portkey::cli::run(args.into_iter().skip(1)).into();
    }
    // Ctrl-C ends the running command and then this; the home is cleaned up in between.
    let _ = ctrlc::set_handler(|| {});
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join(".openclaw");
    std::fs::create_dir(&folder).expect("a folder for the config");
    std::fs::write(folder.join("openclaw.json"), CONFIG).expect("a config");
    let models = [
        "@gemini/gemini-2.5-flash",
        "@mistral/open-mixtral-8x7b",
        "@openai-prod/gpt-5",
    ];
    let script = portkey::Script::new(KEY)
        .models(models)
        .config(GATEWAY_CONFIG);
    let server = portkey::Portkey::start(script).expect("a port on loopback");
    println!(
        "Mock Portkey: {}, with the gateway config {GATEWAY_CONFIG}\nThrowaway home: {}",
        server.base_url(),
        home.path().display()
    );
    let base_url = server.base_url();
    let mut init = vec!["init", "--base-url", &base_url];
    if !(stdin().is_terminal() && stderr().is_terminal()) || console::is_dumb() {
        init.extend([
            "--yes",
            "--model",
            models[0],
            "--model",
            models[1],
            "--metadata",
            "team=play",
        ]);
    }
    for command in [&init[..], &["show"], &["undo", "--yes"]] {
        println!("\n$ openclaw-portkey {}", command.join(" "));
        if !run(home.path(), command) {
            return ExitCode::FAILURE;
        }
    }
    println!("\nDone. The throwaway home has been removed.");
    ExitCode::SUCCESS
}

fn run(home: &Path, args: &[&str]) -> bool {
    let program = std::env::current_exe().expect("this program's path");
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OPENCLAW_") {
            command.env_remove(name);
        }
    }
    command
        .arg(AS_TOOL)
        .args(args)
        .env("HOME", home)
        .env("PORTKEY_API_KEY", KEY)
        .status()
        .is_ok_and(|status| status.success())
}
