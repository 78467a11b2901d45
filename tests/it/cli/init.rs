//! `init` without a terminal.

use super::{CONFIG, FLASH, GPT, KEY, MIXTRAL, changed_lines, offline_home, portkey};
use crate::support::home::Home;

const WRITTEN: &str = r#"{
  "models": {
    "mode": "merge",
    "providers": {
      "portkey": {
        "baseUrl": "BASE",
        "apiKey": "${PORTKEY_API_KEY}",
        "headers": {
          "x-portkey-metadata": "{\"team\":\"backend\"}"
        },
        "api": "openai-completions",
        "models": [
          {
            "id": "@gemini/gemini-2.5-flash",
            "name": "Gemini 2.5 Flash",
            "contextWindow": 1048576,
            "maxTokens": 65535,
            "input": [
              "text",
              "image"
            ],
            "reasoning": true,
            "cost": {
              "input": 0.3,
              "output": 2.5,
              "cacheRead": 0.03
            }
          },
          {
            "id": "@mistral/open-mixtral-8x7b",
            "name": "Open Mixtral 8x7b",
            "contextWindow": 32000,
            "maxTokens": 32000,
            "input": [
              "text"
            ],
            "reasoning": false,
            "cost": {
              "input": 0.7,
              "output": 0.7
            }
          }
        ]
      }
    }
  },
  "agents": {
    "defaults": {
      "model": {
        "primary": "portkey/@mistral/open-mixtral-8x7b",
        "fallbacks": [
          "portkey/@gemini/gemini-2.5-flash"
        ]
      }
    }
  }
}
"#;

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

fn diff(text: &str) -> String {
    let mut diff = format!(
        "--- ~/.openclaw/.env\n+++ ~/.openclaw/.env\n@@ -0,0 +1 @@\n+PORTKEY_API_KEY=********\n\
         --- ~/.openclaw/openclaw.json\n+++ ~/.openclaw/openclaw.json\n@@ -0,0 +1,{} @@\n",
        text.lines().count()
    );
    for line in text.split_inclusive('\n') {
        diff.push('+');
        diff.push_str(line);
    }
    diff
}

const CHECKS: &str = "\
✓ Key accepted: 3 models from 3 providers
✓ @gemini/gemini-2.5-flash is in the Model Catalog
✓ @mistral/open-mixtral-8x7b is in the Model Catalog
";

#[test]
fn from_nothing_to_wired_and_back() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("MY_KEY", KEY);
    let config = WRITTEN.replace("BASE", &base_url);

    let dry = format!("{CHECKS}Nothing was written: --dry-run.\n");
    home.run(&guide(&base_url, &["--dry-run"]))
        .expect(0, &diff(&config), &dry);
    assert_eq!(home.files(), [""; 0]);

    let steps = "
1. openclaw gateway restart  (if it runs: it reads the key when it starts)
2. openclaw agent --agent main --message \"hi\"
3. https://app.portkey.ai/logs  (shows the request)
Back to the old bytes: openclaw-portkey undo
";
    home.run(&guide(&base_url, &["--yes"])).expect(
        0,
        "Wrote ~/.openclaw/.env\nWrote ~/.openclaw/openclaw.json\n",
        &format!("{CHECKS}{}{steps}", diff(&config)),
    );
    assert_eq!(home.config(), config);
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
        "Nothing to change; ~/.openclaw/openclaw.json is already up to date.\n",
        "",
    );

    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.files(), [".openclaw/openclaw.json.portkey.undo.json"]);
}

#[test]
fn asks_portkey_as_openclaw_will() {
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
    // Prices are public, so the key stays at home.
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
        .status(0);
    assert_eq!(ran.stderr, "");
    let json = ran.json();
    assert_eq!(json["command"], "init");
    assert_eq!(json["written"], true);
    assert_eq!(json["files"][0]["path"], "HOME/.openclaw/.env");
    assert_eq!(json["files"][1]["path"], "HOME/.openclaw/openclaw.json");
    assert_eq!(json["files"][1]["backup"], serde_json::Value::Null);
    assert_eq!(json["checks"][0]["level"], "passed");
    assert!(!ran.stdout.contains(KEY));

    let ran = home
        .run(&guide(&base_url, &["--yes", "--format", "json"]))
        .status(0);
    assert_eq!(ran.json()["changed"], false);
    home.run(&guide(&base_url, &["--yes", "--quiet"])).expect(
        0,
        "Nothing to change; ~/.openclaw/openclaw.json is already up to date.\n",
        "",
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
fn nobody_to_ask() {
    let home = Home::new();
    let ran = home.fails(&["init", "--offline", "--model", FLASH], 2);
    ran.stderr_has("error: there is no terminal to ask for confirmation\n")
        .stderr_has("→ --yes writes without asking, --dry-run only shows the change\n");
    home.fails(&["init", "--offline", "--yes"], 2).expect(
        2,
        "",
        "error: no model is named, and the config doesn't have one either
  → name one with --model @slug/model, or use --dynamic with --gateway-config pc-…
  → `openclaw-portkey models` lists what a key can route to
",
    );
    home.fails(&["init", "--yes", "--model", FLASH], 2).expect(
        2,
        "",
        "error: there is no API key to check with
  → pass one with --api-key-env, --api-key-stdin or --api-key-file (init), or set PORTKEY_API_KEY
  → --offline continues without checking
",
    );
}

/// What is there stays: other providers, own models with their metadata, other headers.
#[test]
fn merges_into_what_is_there() {
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
    assert_eq!(
        changed_lines(&ran.stderr),
        r#"-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"backend","project":"api"}', 'x-portkey-cache-namespace': 'a' },
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@openai-prod/gpt-5', 'portkey/@mistral/open-mixtral-8x7b'],
"#
    );
    ran.stderr_has(
        "warning: agent `work` has a model of its own, ollama/llama3, and will not go through Portkey; \
         `openclaw-portkey set-primary MODEL --agent work` changes that (openclaw.json:30:28)\n",
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
    assert_eq!(
        changed_lines(&ran.stdout),
        "-    defaults: {},
+    defaults: {
+      model: {
+        primary: 'portkey/@gemini/gemini-2.5-flash',
+      },
+    },
+  },
+  models: {
+    mode: 'merge',
+    providers: {
+      portkey: {
+        baseUrl: 'https://api.portkey.ai/v1',
+        apiKey: '${PORTKEY_API_KEY}',
+        api: 'openai-completions',
+        models: [
+          {
+            id: '@gemini/gemini-2.5-flash',
+            name: 'Gemini 2.5 Flash'
+          }
+        ]
+      }
+    }
"
    );
}

/// `mode` is written with a new `models` alone.
#[test]
fn leaves_the_mode_alone() {
    let home = Home::with("{\"models\": {\"providers\": {}}}");
    home.run(&["init", "--offline", "--yes", "--model", FLASH])
        .status(0);
    assert!(!home.config().contains("\"mode\""), "{}", home.config());
}

#[test]
fn mends_what_portkey_cannot_work_with() {
    let home = Home::with(
        "{ models: { providers: { Portkey: { api: 'anthropic-messages', apiKey: 'YOUR_PORTKEY_API_KEY', models: [{ id: '@gemini/gemini-2.5-flash' }] } } } }",
    );
    home.run(&["init", "--offline", "--yes", "--model", FLASH])
        .status(0);
    assert_eq!(
        home.config(),
        "{ models: { providers: { Portkey: { api: 'openai-completions', apiKey: '${PORTKEY_API_KEY}', \
         models: [{ id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash' }], \
         baseUrl: 'https://api.portkey.ai/v1' } } }, \
         agents: { defaults: { model: { primary: 'portkey/@gemini/gemini-2.5-flash' } } } }"
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
        .status(0)
        .stderr_has("✓ the config pc-abc-123456 exists\n")
        .stderr_has("· portkey-dynamic is not a real model: the gateway config decides\n");
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let config = home.config();
    assert!(
        config.contains("\"x-portkey-config\": \"pc-abc-123456\""),
        "{config}"
    );
    assert!(config.contains("\"name\": \"Portkey Router\""), "{config}");
    assert!(
        config.contains("\"primary\": \"portkey/portkey-dynamic\""),
        "{config}"
    );

    let home = Home::new();
    home
        .run(&["init", "--offline", "--yes", "--dynamic"])
        .status(0)
        .stderr_has("warning: portkey-dynamic is no real model: unless a config is attached to the API key itself");
}

#[test]
fn another_provider_id_and_api() {
    let home = offline_home();
    home.run(&[
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
    let config = home.config();
    assert!(config.contains("pk: {"), "{config}");
    assert!(config.contains("api: 'openai-responses'"), "{config}");
    assert!(config.contains("primary: 'pk/@a/b'"), "{config}");
    home.fails(&["show", "--provider-id", "a/b"], 2)
        .stderr_has("letters, digits, `-`, `_` and `.` make a provider id");
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
    assert_eq!(
        changed_lines(&ran.stderr),
        "+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-      { id: 'work', model: 'ollama/llama3' }, // stays local
+      { id: 'work', model: 'portkey/@openai-prod/gpt-5' }, // stays local
"
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
    .expect(
        2,
        "",
        "error: @openai-prod/gpt-5 cannot be both the primary and a fallback
  → name another model as primary or as fallback
",
    );
}

#[test]
fn the_first_message_goes_to_an_agent_that_exists() {
    for (agents, flags, want) in [
        ("", &[][..], "--agent main "),
        ("agents: { entries: { Ops: {} } }", &[], "--agent Ops "),
        (
            "agents: { list: [{ id: 'a' }, { id: 'b', default: true }] }",
            &[],
            "--agent b ",
        ),
        (
            "agents: { list: [{ id: 'a' }, { id: 'b', default: true }] }",
            &["--agent", "a"],
            "--agent a ",
        ),
    ] {
        let home = Home::with(&format!("{{ {agents} }}"));
        let init = ["init", "--offline", "--yes", "--model", FLASH];
        home.run(&[&init, flags].concat())
            .status(0)
            .stderr_has(&format!("2. openclaw agent {want}--message \"hi\"\n"));
    }
}
