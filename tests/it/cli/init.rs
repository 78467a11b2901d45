//! `init` without a terminal.

use snapbox::str;

use super::{CONFIG, FLASH, GPT, KEY, MIXTRAL, changed_lines, offline_home, portkey, script};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey};
use crate::support::snapshot::{file, same};

fn guide<'a>(base_url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "init",
        "--api-key-env",
        "MY_KEY",
        "--base-url",
        base_url,
        "--model",
        FLASH,
        "--model",
        MIXTRAL,
        "--primary",
        MIXTRAL,
        "--fallback",
        FLASH,
        "--metadata",
        "team=backend",
    ];
    args.extend(more);
    args
}

#[test]
fn from_nothing_to_connected_and_back() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("MY_KEY", KEY);
    let dry = home.run(&guide(&base_url, &["--dry-run"])).expect(
        0,
        file("init/dry-run.diff"),
        str![[r#"
✓ Key accepted: 3 models from 3 providers
✓ @gemini/gemini-2.5-flash is in the Model Catalog
✓ @mistral/open-mixtral-8x7b is in the Model Catalog
Nothing was written: --dry-run.

"#]],
    );
    assert_eq!(home.files(), [""; 0]);

    let written = home.run(&guide(&base_url, &["--yes"])).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/.env
Wrote ~/.openclaw/openclaw.json

"#]],
        file("init/written.txt"),
    );
    assert!(written.stderr.contains(&dry.stdout), "{}", written.stderr);
    same(&home.config(), file("init/config.json"));
    assert_eq!(
        home.read(".openclaw/.env"),
        format!("PORTKEY_API_KEY={KEY}\n")
    );
    #[cfg(unix)]
    for (name, mode) in [
        (".openclaw", 0o700),
        (CONFIG, 0o600),
        (".openclaw/.env", 0o600),
    ] {
        assert_eq!(home.mode(name), mode, "{name}");
    }

    home.run(&guide(&base_url, &["--yes"])).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );

    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.files(), [".openclaw/openclaw.json.portkey.undo.json"]);
}

#[test]
fn sends_requests_like_openclaw() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("MY_KEY", KEY);
    home.run(&guide(&base_url, &["--yes"])).status(0);
    let requests = portkey.requests();
    let (prices, asked): (Vec<_>, Vec<_>) = requests
        .iter()
        .partition(|request| request.target.starts_with("/model-configs/pricing/"));
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].target.starts_with("/v1/models"),
        "{}",
        asked[0].target
    );
    // Prices are public, so the key isn't sent.
    assert_eq!(prices.len(), 2);
    for request in prices {
        assert!(
            request
                .headers
                .iter()
                .all(|(_, value)| !value.contains(KEY)),
            "{request:?}"
        );
    }
}

#[test]
fn as_json_and_quietly() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("MY_KEY", KEY);
    let ran = home
        .run(&guide(&base_url, &["--yes", "--quiet", "--format", "json"]))
        .expect(0, file("init/quietly.json"), str![]);
    assert!(!ran.stdout.contains(KEY));

    home.run(&guide(&base_url, &["--yes", "--format", "json"]))
        .expect(
            0,
            str![[r#"
{
  "version": 1,
  "command": "init",
  "config": {
    "path": "HOME/.openclaw/openclaw.json",
    "reason": "default",
    "exists": true
  },
  "changed": false,
  "written": false,
  "files": [],
  "notes": [],
  "checks": []
}

"#]],
            str![],
        );
    home.run(&guide(&base_url, &["--yes", "--quiet"])).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
}

#[test]
fn colours_the_diff() {
    let home = Home::new();
    let args = [
        "init",
        "--offline",
        "--dry-run",
        "--model",
        FLASH,
        "--color",
    ];
    let with = |when| home.run(&[&args[..], &[when]].concat()).status(0).stdout;
    let (plain, coloured) = (with("never"), with("always"));
    assert!(
        coloured.contains("\u{1b}[32m+  \"models\": {\u{1b}[0m\n"),
        "{coloured}"
    );
    assert!(coloured.contains("\u{1b}[36m@@ "), "{coloured}");
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(console_free(&coloured), plain);
    assert_eq!(with("auto"), plain);
}

fn console_free(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |done, part| done + part.split_once('m').unwrap().1)
}

#[test]
fn without_a_terminal() {
    let home = Home::new();
    let ran = home.fails(&["init", "--offline", "--model", FLASH], 2);
    ran.says("", file("init/nobody-to-ask.txt"));
    home.fails(&["init", "--offline", "--yes"], 2).says(
        "",
        str![[r#"
error: no model given, and the config has none
  → pass one with --model @slug/model, or use --dynamic with --gateway-config pc-…
  → `openclaw-portkey models` lists what a key can route to

"#]],
    );
    home.fails(&["init", "--yes", "--model", FLASH], 2).says(
        "",
        str![[r#"
error: no API key for Portkey
  → pass one with --api-key-env NAME, --api-key-stdin or --api-key-file FILE, or set PORTKEY_API_KEY
  → use --offline to continue without checking

"#]],
    );
}

/// What exists stays: other providers, own models with their metadata, other headers.
#[test]
fn merges_into_an_existing_config() {
    let home = offline_home();
    let ran = home
        .run(&[
            "init",
            "--offline",
            "--no-metadata",
            "--yes",
            "--model",
            &format!("portkey/{FLASH}"),
            "--model",
            GPT,
            "--fallback",
            GPT,
            "--fallback",
            MIXTRAL,
            "--metadata",
            "project=api",
            "--header",
            "x-portkey-cache-namespace=a",
        ])
        .status(0);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"backend","project":"api"}', 'x-portkey-cache-namespace': 'a' },
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@openai-prod/gpt-5', 'portkey/@mistral/open-mixtral-8x7b'],

"#]],
    );
    ran.says(
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("init/merges-into-what-is-there.txt"),
    );
}

#[test]
fn wires_a_config_without_portkey() {
    let home = Home::with(include_str!("../../../fixtures/bare.json5"));
    let ran = home
        .run(&[
            "init",
            "--offline",
            "--no-metadata",
            "--dry-run",
            "--model",
            FLASH,
        ])
        .status(0);
    same(
        &changed_lines(&ran.stdout),
        file("init/wires-a-config-without-portkey.txt"),
    );
}

/// `mode` is written only with a new `models`.
#[test]
fn leaves_the_mode_alone() {
    let home = Home::with("{\"models\": {\"providers\": {}}}");
    home.run(&["init", "--offline", "--yes", "--model", FLASH])
        .status(0);
    assert!(!home.config().contains("\"mode\""), "{}", home.config());
}

#[test]
fn fixes_what_portkey_cannot_work_with() {
    let home = Home::with(
        "{ models: { providers: { Portkey: { api: 'anthropic-messages', apiKey: 'YOUR_PORTKEY_API_KEY', models: [{ id: '@gemini/gemini-2.5-flash' }] } } } }",
    );
    home.run(&["init", "--offline", "--yes", "--model", FLASH])
        .status(0);
    same(
        &home.config(),
        str![
            "{ models: { providers: { Portkey: { api: 'openai-completions', apiKey: '${PORTKEY_API_KEY}', models: [{ id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash' }], baseUrl: 'https://api.portkey.ai/v1' } } }, agents: { defaults: { model: { primary: 'portkey/@gemini/gemini-2.5-flash' } } } }"
        ],
    );
}

#[test]
fn the_virtual_model() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let ran = home
        .run(&[
            "init",
            "--yes",
            "--base-url",
            &base_url,
            "--gateway-config",
            "pc-abc-123456",
            "--dynamic",
        ])
        .expect(
            0,
            str![[r#"
Wrote ~/.openclaw/.env
Wrote ~/.openclaw/openclaw.json

"#]],
            file("init/the-virtual-model.txt"),
        );
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    same(&home.config(), file("init/the-virtual-model.json"));

    let home = Home::new();
    home.run(&["init", "--offline", "--yes", "--dynamic"])
        .expect(
            0,
            str![[r#"
Wrote ~/.openclaw/openclaw.json

"#]],
            file("init/the-virtual-model-2.txt"),
        );
}

#[test]
fn another_provider_id_and_api() {
    let home = offline_home();
    let ran = home
        .run(&[
            "init",
            "--offline",
            "--yes",
            "--provider-id",
            "pk",
            "--model",
            "pk/@a/b",
            "--primary",
            "pk/@a/b",
            "--api",
            "openai-responses",
        ])
        .status(0);
    same(
        &changed_lines(&ran.stderr),
        file("init/another-provider-id-and-api.txt"),
    );
    home.fails(&["show", "--provider-id", "a/b"], 2)
        .says("", str![[r#"
error: invalid value 'a/b' for '--provider-id <ID>': a provider id can contain only letters, digits, `-`, `_` and `.`

For more information, try '--help'.

"#]]);
}

#[test]
fn the_model_of_an_agent() {
    let home = offline_home();
    let ran = home
        .run(&[
            "init",
            "--offline",
            "--no-metadata",
            "--yes",
            "--agent",
            "WORK",
            "--model",
            GPT,
        ])
        .status(0);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-      { id: 'work', model: 'ollama/llama3' }, // stays local
+      { id: 'work', model: 'portkey/@openai-prod/gpt-5' }, // stays local

"#]],
    );
}

#[test]
fn a_model_cannot_be_both() {
    let home = offline_home();
    home.fails(
        &[
            "init",
            "--offline",
            "--yes",
            "--primary",
            GPT,
            "--fallback",
            GPT,
        ],
        2,
    )
    .says(
        "",
        str![[r#"
error: @openai-prod/gpt-5 cannot be both the primary and a fallback
  → use another model as primary or fallback

"#]],
    );
}

#[test]
fn the_first_message_goes_to_an_agent_that_exists() {
    let two = "agents: { list: [{ id: 'a' }, { id: 'b', default: true }] }";
    for (agents, flags, wanted) in [
        (
            "",
            &[][..],
            str![[r#"openclaw agent --agent main --message "hi""#]],
        ),
        (
            "agents: { entries: { Ops: {} } }",
            &[],
            str![[r#"openclaw agent --agent Ops --message "hi""#]],
        ),
        (
            two,
            &[],
            str![[r#"openclaw agent --agent b --message "hi""#]],
        ),
        (
            two,
            &["--agent", "a"],
            str![[r#"openclaw agent --agent a --message "hi""#]],
        ),
    ] {
        let home = Home::with(&format!("{{ {agents} }}"));
        let init = ["init", "--offline", "--yes", "--model", FLASH];
        let ran = home.run(&[&init, flags].concat()).status(0);
        let mut lines = ran.stderr.lines().map(str::trim);
        let message = lines.find(|line| line.starts_with("openclaw agent"));
        same(message.unwrap(), wanted);
    }
}

#[test]
fn the_test_request_is_in_the_json() {
    for (fault, flags, status, levels) in [
        (None, &["--test"][..], 0, &["passed"][..]),
        (Some("key-budget"), &["--test"], 1, &["error"]),
        (None, &[], 0, &[]),
    ] {
        let mut script = script();
        if let Some(row) = fault {
            script = script.fault_at("/v1/chat/completions", Fault::Row(row));
        }
        let portkey = Portkey::start(script).unwrap();
        let url = portkey.base_url();
        let home = Home::new().var("MY_KEY", KEY);
        let more = [&["--yes", "--format", "json"], flags].concat();
        let document = home.run(&guide(&url, &more)).status(status).json();
        let checks = document["checks"].as_array().unwrap().iter();
        let probes = checks.filter(|check| check["check"] == "probe");
        let found: Vec<&str> = probes.map(|it| it["level"].as_str().unwrap()).collect();
        assert_eq!(found, levels, "{flags:?} {document:#}");
        assert_eq!(document["written"], true);
    }
}
