//! `show`.

use super::{KEY, offline_home};
use crate::support::home::Home;

#[test]
fn a_wired_config() {
    let home = offline_home();
    home.run(&["show"]).expect(
        0,
        r#"Config      ~/.openclaw/openclaw.json (default)
OpenClaw    version unknown; assuming 2026.9.6
Provider    portkey  openclaw.json:6:16
  base URL    https://api.portkey.ai/v1  openclaw.json:7:18
  API         openai-completions  openclaw.json:10:14
  API key     ${PORTKEY_API_KEY}  openclaw.json:8:17
    set in      not set anywhere OpenClaw looks
  header      x-portkey-metadata: {"team":"backend"}  openclaw.json:9:42
  model       @gemini/gemini-2.5-flash  "Gemini 2.5 Flash"  openclaw.json:12:11
  model       @mistral/open-mixtral-8x7b  "Mixtral"  openclaw.json:13:11
Defaults    openclaw.json:22:14
  primary     portkey/@gemini/gemini-2.5-flash  openclaw.json:23:18
  fallback    portkey/@mistral/open-mixtral-8x7b  openclaw.json:24:21
Agent       work  openclaw.json:30:7
  primary     ollama/llama3 (not through Portkey)  openclaw.json:30:28
"#,
        "",
    );
}

#[test]
fn nothing_there() {
    Home::new().run(&["show"]).expect(
        0,
        "Config      ~/.openclaw/openclaw.json (default; does not exist yet)
OpenClaw    version unknown; assuming 2026.9.6
Provider    none for Portkey (others: none); `openclaw-portkey init` adds one
Defaults    no model set; OpenClaw uses its own default
",
        "",
    );
}

#[test]
fn where_the_key_is() {
    let set_in = |home: &Home| {
        let text = home.run(&["show"]).status(0).stdout;
        text.lines()
            .find_map(|line| Some(line.trim().strip_prefix("set in")?.trim().to_owned()))
            .unwrap()
    };
    let home = offline_home().var("PORTKEY_API_KEY", KEY);
    assert_eq!(
        set_in(&home),
        "this shell only; the gateway service doesn't see it"
    );
    home.write(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    assert_eq!(set_in(&home), "this shell and ~/.openclaw/.env");
    let home = offline_home();
    home.write(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    assert_eq!(set_in(&home), "~/.openclaw/.env");
}

#[test]
fn the_rest_of_what_matters() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    let ran = home.run(&["show"]).status(0);
    ran.stdout_has("OpenClaw    2026.9.6 (last wrote the config)\n")
        .stdout_has("  API key     SecretRef env:PORTKEY_API_KEY  openclaw.json:33:19\n")
        .stdout_has("    header      x-portkey-trace-id: flash  openclaw.json:49:37\n")
        .stdout_has(
            "Allow-list  agents.defaults.modelPolicy.allow  openclaw.json:70:18
  allows      portkey/@gemini/gemini-2.5-flash
  allows      portkey/@mistral/open-mixtral-8x7b
  others      1
Allow-list  agents.entries.night.modelPolicy.allow  openclaw.json:84:20
  others      1
",
        );
    let json = home.run(&["show", "--format", "json"]).status(0).json();
    assert_eq!(json["wired"], true);
    assert_eq!(json["provider"]["id"], "portkey");
}

/// Whatever stands under a secret's name is hidden, and control characters do not reach the
/// terminal.
#[test]
fn hides_and_escapes() {
    let home = Home::with(
        r#"{models: {providers: {portkey: {apiKey: "s3cret", headers: {"x-portkey-api-key": "s3cret", "x-note": "a\u001b[31mb"}, models: [{id: "@a/\u0007"}]}}}}"#,
    );
    let ran = home.run(&["show"]).status(0);
    assert!(!ran.stdout.contains("s3cret"), "{}", ran.stdout);
    ran.stdout_has("API key     ******** (plain text in the config)")
        .stdout_has("x-note: a\\u{1b}[31mb")
        .stdout_has("@a/\\u{7}");
    let ran = home.run(&["show", "--format", "json"]).status(0);
    assert!(!ran.stdout.contains("s3cret"), "{}", ran.stdout);
}
