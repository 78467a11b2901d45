//! `show`.

use snapbox::str;

use super::{KEY, offline_home};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn a_wired_config() {
    let home = offline_home();
    home.run(&["show"])
        .expect(0, file("show/a-wired-config.txt"), str![]);
}

#[test]
fn nothing_there() {
    Home::new().run(&["show"]).expect(
        0,
        str![[r#"
Config      ~/.openclaw/openclaw.json (default; does not exist yet)
OpenClaw    version unknown; assuming 2026.9.6
Provider    none for Portkey (others: none); `openclaw-portkey init` adds one
Defaults    no model set; OpenClaw uses its own default

"#]],
        str![],
    );
    Home::new().run(&["show", "--format", "json"]).expect(
        0,
        file("show/nothing-there.json"),
        str![],
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
    same(
        &set_in(&home),
        str!["this shell only; the gateway service doesn't see it"],
    );
    home.write(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    same(&set_in(&home), str!["this shell and ~/.openclaw/.env"]);
    let home = offline_home();
    home.write(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    same(&set_in(&home), str!["~/.openclaw/.env"]);
}

#[test]
fn the_rest_of_what_matters() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    let ran = home.run(&["show"]).status(0);
    ran.says(file("show/the-rest-of-what-matters.txt"), str![]);
    home.run(&["show", "--format", "json"])
        .expect(0, file("show/wired.json"), str![]);
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
    ran.says(
        str![[r#"
Config      ~/.openclaw/openclaw.json (default)
OpenClaw    version unknown; assuming 2026.9.6
Provider    portkey  openclaw.json:1:32
  base URL    not set
  API         openai-completions (not set)
  API key     ******** (plain text in the config)  openclaw.json:1:41
  header      x-portkey-api-key: ********  openclaw.json:1:82
  header      x-note: a\u{1b}[31mb  openclaw.json:1:102
  model       @a/\u{7}  openclaw.json:1:128
Defaults    no model set; OpenClaw uses its own default

"#]],
        str![],
    );
    let ran = home.run(&["show", "--format", "json"]).expect(
        0,
        file("show/hides-and-escapes.json"),
        str![],
    );
    assert!(!ran.stdout.contains("s3cret"), "{}", ran.stdout);
}
