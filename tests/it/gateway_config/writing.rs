//! `gateway-config new`.

use super::checking::{Folder, expect};

#[test]
fn new_writes_valid_configs() {
    let folder = Folder::new();
    for args in [
        &[
            "--fallback",
            "@openai/gpt-5,@google/gemini",
            "--retry",
            "1",
            "--retry-on",
            "429,503",
        ][..],
        &[
            "--balance",
            "@a/m=3,@b/m=1",
            "--sticky",
            "session",
            "--fallback",
            "@c/m",
            "--timeout",
            "60s",
        ],
        &[
            "--fallback",
            "passthrough,@a/m",
            "--cache",
            "600",
            "--guardrail",
            "pg-a1",
        ],
        &[
            "--fallback",
            "@a/m",
            "--when",
            "agent=ops=@x/m",
            "--when",
            "params.user=dev=@y/m",
        ],
    ] {
        let all = [&["new", "-o", "new.json", "--force"][..], args].concat();
        expect(
            &folder.gateway_config(&all),
            0,
            &["Wrote new.json", "gateway-config simulate new.json"],
        );
        expect(&folder.gateway_config(&["check", "new.json"]), 0, &[]);
        let simulated = folder.gateway_config(&["simulate", "new.json", "--when", "first=500"]);
        expect(&simulated, 0, &["→ "]);
        let text = folder.read("new.json");
        let printed = folder.gateway_config(&[&["new"][..], args].concat());
        assert_eq!(printed.stdout, text, "the same on standard output");
    }
}

#[test]
fn new_does_not_overwrite() {
    let folder = Folder::with("mine.json", "{}\n");
    let args = ["new", "-o", "mine.json", "--fallback", "@a/m,@b/m"];
    expect(
        &folder.gateway_config(&args),
        2,
        &["already exists", "--force"],
    );
    assert_eq!(folder.read("mine.json"), "{}\n");
    expect(
        &folder.gateway_config(&[&args[..], &["--force"]].concat()),
        0,
        &[],
    );
    assert!(folder.read("mine.json").contains("@b/m"));
    let json = folder.gateway_config(&["new", "--fallback", "@a/m,@b/m", "--format", "json"]);
    assert_eq!(json.json()["config"]["strategy"]["mode"], "fallback");
}

#[test]
fn new_reports_invalid_options() {
    let folder = Folder::new();
    for (args, part) in [
        (&[][..], "--fallback"),
        (&["--fallback", "gpt-5"], "invalid model"),
        (&["--balance", "@a/m"], "has no weight"),
        (&["--balance", "@a/m=-1,@b/m=1"], "weight"),
        (&["--fallback", "@a/m", "--retry", "6"], "--retry"),
        (&["--fallback", "@a/m", "--retry-on", "429"], "--retry"),
        (&["--fallback", "@a/m", "--cache", "30"], "7 days"),
        (&["--fallback", "@a/m", "--guardrail", "pii-check"], "pg-"),
        (&["--fallback", "@a/m", "--sticky", "session"], "--balance"),
        (&["--fallback", "@a/m", "--timeout", "soon"], "60s"),
        (
            &["--fallback", "@a/m", "--when", "agent=ops"],
            "KEY=VALUE=MODEL",
        ),
        (
            &["--fallback", "@a/m,@b/m", "-o", "none/below/file"],
            "Wrote",
        ),
    ] {
        let ran = folder.gateway_config(&[&["new"][..], args].concat());
        let status = if part == "Wrote" { 0 } else { 2 };
        expect(&ran, status, &[part]);
    }
}
