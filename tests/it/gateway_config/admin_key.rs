//! The admin key: where it may come from, and where it must not be.

use super::checking::expect;
use super::saving::{ADMIN_KEY, KEY, Setting, saved, script};
use crate::support::home::Home;

fn setting() -> Setting {
    Setting::new(script().config("main", saved()))
}

/// A home with the gateway's key and this config, but without the admin key.
fn home(config: &str) -> Home {
    Home::with(config).var("PORTKEY_API_KEY", KEY)
}

const WIRED: &str = include_str!("../../../fixtures/wired.json5");

#[test]
fn comes_from_the_environment_a_file_or_stdin() {
    let setting = setting();
    let url = setting.admin.url();
    let home = home(WIRED);
    let list = ["gateway-config", "list", "--admin-url", &url];
    let with = |more: &[&'static str]| [&list[..], more].concat();
    expect(
        &home.run(&list),
        2,
        &[
            "no admin key",
            "export PORTKEY_ADMIN_API_KEY=",
            "--admin-key-stdin",
        ],
    );
    let ran = home.run_with_input(&with(&["--admin-key-stdin"]), &format!("{ADMIN_KEY}\n"));
    expect(&ran, 0, &["pc-main-0001"]);
    home.write("secret", ADMIN_KEY);
    expect(
        &home.run(&with(&["--admin-key-file", "secret"])),
        0,
        &["pc-main-0001"],
    );
    for (input, part) in [
        ("", "empty"),
        ("Bearer x", "Bearer"),
        ("a b", "whitespace"),
        ("${X}", "placeholder"),
    ] {
        let ran = home.run_with_input(&with(&["--admin-key-stdin"]), input);
        expect(&ran, 2, &[part]);
    }
    expect(
        &home.run(&with(&["--admin-key-file", "none"])),
        2,
        &["none"],
    );
    expect(&home.run(&with(&["--offline"])), 2, &["needs Portkey"]);
    let bad = ["gateway-config", "list", "--admin-url", "https://x.example"];
    expect(&home.run(&bad), 2, &["the admin URL does not end in /v1"]);
}

/// If OpenClaw's agent could read it, it is rejected and nothing is sent.
#[test]
fn is_rejected_where_the_agent_reads() {
    let line = format!("PORTKEY_ADMIN_API_KEY={ADMIN_KEY}\n");
    let unit = format!(
        "[Service]\nExecStart=/usr/bin/openclaw gateway run\nEnvironment=PORTKEY_ADMIN_API_KEY={ADMIN_KEY}\n"
    );
    let vars = WIRED.replacen(
        "{\n",
        &format!("{{\n  env: {{ vars: {{ PORTKEY_ADMIN_API_KEY: '{ADMIN_KEY}' }} }},\n"),
        1,
    );
    let literal = WIRED.replace("${PORTKEY_API_KEY}", ADMIN_KEY);
    let header = WIRED.replace(
        "headers: {",
        &format!("headers: {{ 'x-custom': '{ADMIN_KEY}',"),
    );
    let same_key = format!("PORTKEY_API_KEY={ADMIN_KEY}\n");
    for (config, file, text, part) in [
        (WIRED, ".openclaw/.env", line.as_str(), "~/.openclaw/.env:1"),
        (WIRED, ".env", &line, "~/.env:1"),
        (
            WIRED,
            ".config/openclaw/gateway.env",
            &line,
            "gateway.env:1",
        ),
        (
            WIRED,
            ".config/systemd/user/openclaw-gateway.service",
            &unit,
            "openclaw-gateway.service:3",
        ),
        (&vars, "x", "", "openclaw.json:3"),
        (&literal, "x", "", "the key that OpenClaw uses"),
        (&header, "x", "", "the key that OpenClaw uses"),
        (
            WIRED,
            ".openclaw/.env",
            &same_key,
            "the key that OpenClaw uses",
        ),
    ] {
        let setting = setting();
        let url = setting.admin.url();
        let home = Home::with(config).var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
        home.write(file, text);
        let ran = home.run(&["gateway-config", "list", "--admin-url", &url]);
        if cfg!(unix) || !file.contains("systemd") {
            expect(&ran, 1, &[part, "agent can read", "nothing was sent"]);
            assert!(setting.admin.log().is_empty(), "{part}");
        }
        assert!(!ran.stderr.contains(ADMIN_KEY), "{}", ran.stderr);
    }
    // A file in OpenClaw's folder, or in the agent's workspace.
    for file in [".openclaw/admin", "clawd/keys/admin"] {
        let setting = setting();
        let url = setting.admin.url();
        let home = home(WIRED);
        home.write(file, ADMIN_KEY);
        let ran = home.run(&[
            "gateway-config",
            "list",
            "--admin-url",
            &url,
            "--admin-key-file",
            file,
        ]);
        expect(&ran, 1, &["one of OpenClaw's folders", "nothing was sent"]);
        assert!(setting.admin.log().is_empty());
    }
}

/// It is in no output and in no file.
#[test]
fn is_not_stored() {
    let setting = setting();
    for args in [
        &["list"][..],
        &["push", "good.json", "--yes", "--use"],
        &[
            "push",
            "good.json",
            "--name",
            "main",
            "--dry-run",
            "--format",
            "json",
        ],
        &["use", "pc-main-0001", "--yes"],
        &["show", "pc-none-0001"],
    ] {
        let ran = setting.run(args);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!all.contains(ADMIN_KEY), "{args:?}\n{all}");
    }
    for (name, bytes) in setting.home.tree() {
        assert!(
            !String::from_utf8_lossy(&bytes).contains(ADMIN_KEY),
            "{name}"
        );
    }
}
