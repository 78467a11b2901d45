//! Records what the program is built from and for, for `--version`.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a build script communicates with cargo through the environment and stdout"
)]

use std::env;
use std::process::Command;

fn main() {
    let target = env::var("TARGET").unwrap_or_default();
    // The commit changes too often to rebuild for it during development.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = (is_release && is_own_repository()).then(commit).flatten();
    let built = match commit {
        Some(commit) => format!("{commit} {target}"),
        None => target,
    };
    println!("cargo:rustc-env=OPENCLAW_PORTKEY_BUILD={built}");
    println!("cargo:rerun-if-changed=build.rs");
}

fn commit() -> Option<String> {
    if let Some(head) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo:rerun-if-changed={head}");
    }
    git(&["rev-parse", "--short=9", "HEAD"])
}

/// Whether the repository is this package's, rather than one that its source was unpacked into.
fn is_own_repository() -> bool {
    let root = git(&["rev-parse", "--show-toplevel"]);
    let package = env::var("CARGO_MANIFEST_DIR").ok();
    root.is_some() && root == package
}

/// The output of git in this checkout; `None` if the source isn't in one.
fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
