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
fn without_a_config() {
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
fn other_settings() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    let ran = home.run(&["show"]).status(0);
    ran.says(file("show/the-rest-of-what-matters.txt"), str![]);
    home.run(&["show", "--format", "json"])
        .expect(0, file("show/wired.json"), str![]);
}

/// The models for other tasks, in the defaults and in an agent that sets nothing else.
#[test]
fn models_for_other_tasks() {
    let home = Home::with(
        "{ models: { providers: { portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${K}',
  models: [{ id: '@a/m', name: 'M' }] } } },
  agents: {
    defaults: { model: { primary: 'portkey/@a/m' },
      utilityModel: 'portkey/@a/m', imageModel: { primary: 'openai/gpt-5', fallbacks: ['portkey/@a/m'] } },
    entries: { ops: { heartbeat: { model: 'ollama/llama3' } } },
  },
}",
    );
    let text = home.run(&["show"]).status(0).stdout;
    let from = text.find("Defaults").unwrap();
    same(
        &text[from..],
        str![[r#"
Defaults    openclaw.json:4:24
  primary     portkey/@a/m  openclaw.json:4:35
  utility     portkey/@a/m  openclaw.json:5:21
  image       openai/gpt-5 (not through Portkey)  openclaw.json:5:60
  image       portkey/@a/m  openclaw.json:5:88
Agent       ops  openclaw.json:6:21
  heartbeat   ollama/llama3 (not through Portkey)  openclaw.json:6:43

"#]],
    );
    let document = home.run(&["show", "--format", "json"]).status(0).json();
    let others = &document["defaults"]["otherModels"];
    assert_eq!(others[0]["key"], "utilityModel", "{document:#}");
    assert_eq!(others[1]["viaPortkey"], false, "{document:#}");
    assert_eq!(document["agents"][0]["otherModels"][0]["key"], "heartbeat");
}

/// Every value with a secret's name is masked, and control characters don't reach the terminal.
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
