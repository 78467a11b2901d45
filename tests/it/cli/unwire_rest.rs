//! What `unwire` does about the key and the previous primary.

use snapbox::str;

use super::FLASH;
use crate::support::home::Home;

const DOTENV: &str = ".openclaw/.env";
const KEY: &str = "pk-live-0123456789ab7f3a";

const BEFORE: &str = "{
  models: { providers: { ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'L' }] } } },
  agents: { defaults: {
    // the one I like
    model: { primary: 'ollama/llama3' },
  } },
}
";

/// A home in which `init` has connected Portkey and replaced another primary.
fn connected(before: &str, more: &[&str]) -> Home {
    let home = Home::with(before);
    home.write(DOTENV, "OTHER=1\n");
    let init = [
        "init",
        "--yes",
        "--offline",
        "--api-key-stdin",
        "--model",
        FLASH,
    ];
    home.run_with_input(&[&init[..], more].concat(), KEY)
        .status(0);
    home
}

#[test]
fn without_flags_it_reports_what_is_left_and_the_next_commands() {
    let home = connected(BEFORE, &[]);
    home.run(&["unwire", "--yes"]).expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -1,7 +1,6 @@
 {
-  models: { providers: { ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'L' }] }, portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', api: 'openai-completions', models: [{ id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576, maxTokens: 65535, input: ['text', 'image'], reasoning: true, cost: { input: 0.3, output: 2.5, cacheRead: 0.03 } }] } } },
+  models: { providers: { ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'L' }] } } },
   agents: { defaults: {
     // the one I like
-    model: { primary: 'portkey/@gemini/gemini-2.5-flash' },
   } },
 }
note: the primary is no longer set: ollama/llama3, the first that is configured, is used instead
note: the primary before Portkey was ollama/llama3; `openclaw-portkey unwire --primary ollama/llama3` restores it
note: the key is still in ~/.openclaw/.env, as PORTKEY_API_KEY; `openclaw-portkey unwire --remove-key` removes it

"#]]);
    assert_eq!(
        home.read(DOTENV),
        format!("OTHER=1\nPORTKEY_API_KEY={KEY}\n")
    );
    // The suggested commands work.
    home.run(&["unwire", "--remove-key", "--yes"]).status(0);
    assert_eq!(home.read(DOTENV), "OTHER=1\n");
    home.run(&["unwire", "--primary", "ollama/llama3", "--yes"])
        .status(0);
    assert!(
        home.config().contains("'ollama/llama3'"),
        "{}",
        home.config()
    );
    home.run(&["unwire", "--primary", "ollama/llama3", "--yes"])
        .expect(
            0,
            str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
            "",
        );
}

#[test]
fn all_at_once() {
    let home = connected(BEFORE, &[]);
    let args = [
        "unwire",
        "--remove-key",
        "--primary",
        "ollama/llama3",
        "--yes",
    ];
    home.run(&args).expect(0, str![[r#"
Wrote ~/.openclaw/.env (backup: .env.portkey.bak)
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
--- ~/.openclaw/.env
+++ ~/.openclaw/.env
@@ -2 +1,0 @@
-PORTKEY_API_KEY=********
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -1,7 +1,7 @@
 {
-  models: { providers: { ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'L' }] }, portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', api: 'openai-completions', models: [{ id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576, maxTokens: 65535, input: ['text', 'image'], reasoning: true, cost: { input: 0.3, output: 2.5, cacheRead: 0.03 } }] } } },
+  models: { providers: { ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'L' }] } } },
   agents: { defaults: {
     // the one I like
-    model: { primary: 'portkey/@gemini/gemini-2.5-flash' },
+    model: { primary: 'ollama/llama3' },
   } },
 }
note: the primary becomes ollama/llama3

"#]]);
    assert_eq!(home.read(DOTENV), "OTHER=1\n");
    assert_eq!(home.config(), BEFORE);
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(
        home.read(DOTENV),
        format!("OTHER=1\nPORTKEY_API_KEY={KEY}\n")
    );
    let ran = home.run(&["unwire", "--keep-key", "--yes"]).status(0);
    assert!(!ran.stderr.contains("the key"), "{}", ran.stderr);
    assert_eq!(
        home.read(DOTENV),
        format!("OTHER=1\nPORTKEY_API_KEY={KEY}\n")
    );
}

#[test]
fn the_primary_as_a_string_or_of_an_agent() {
    let text = BEFORE.replace("{ primary: 'ollama/llama3' }", "'ollama/llama3'");
    let home = connected(&text, &[]);
    home.run(&[
        "unwire",
        "--primary",
        "ollama/llama3",
        "--keep-key",
        "--yes",
    ])
    .status(0);
    assert_eq!(home.config(), text);
    let text = BEFORE.replace(
        "  } },",
        "  }, list: [{ id: 'work', model: 'anthropic/claude-x' }] },",
    );
    let home = connected(&text, &[]);
    home.run(&[
        "set-primary",
        FLASH,
        "--agent",
        "work",
        "--yes",
        "--offline",
    ])
    .status(0);
    home.run(&["unwire", "--agent", "work", "--yes"])
        .expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -3,5 +3,5 @@
   agents: { defaults: {
     // the one I like
     model: { primary: 'portkey/@gemini/gemini-2.5-flash' },
-  }, list: [{ id: 'work', model: 'portkey/@gemini/gemini-2.5-flash' }] },
+  }, list: [{ id: 'work' }] },
 }
note: the primary of agent `work` is no longer set: the defaults' model is used instead
note: the primary before Portkey was anthropic/claude-x; `openclaw-portkey unwire --primary anthropic/claude-x --agent work` restores it

"#]]);
    home.run(&[
        "unwire",
        "--agent",
        "work",
        "--primary",
        "anthropic/claude-x",
        "--yes",
    ])
    .status(0);
    assert!(home.config().contains("'anthropic/claude-x'"));
    assert!(home.config().contains("portkey"));
}

#[test]
fn an_impossible_primary() {
    let home = connected(BEFORE, &[]);
    home.fails(&["unwire", "--yes", "--primary", "portkey/@a/b"], 2)
        .says(
            "",
            str![[r#"
error: portkey/@a/b goes through Portkey, which this removes
  → use a model of another provider, as `provider/model`

"#]],
        );
    home.fails(&["unwire", "--yes", "--primary", "llama3"], 2)
        .says(
            "",
            str![[r#"
error: llama3 doesn't name a provider
  → use OpenClaw's format: `provider/model`

"#]],
        );
    home.fails(&["unwire", "--yes", "--agent", "main", "--remove-key"], 2)
        .says(
            "",
            str![[r#"
error: the key is used by all agents
  → leave out --agent or --remove-key

"#]],
        );
    home.fails(&["unwire", "--yes", "--keep-key", "--remove-key"], 2);
    // Its provider is gone, so it isn't offered.
    let config = home.config();
    let provider = config
        .lines()
        .find(|line| line.contains("ollama:"))
        .unwrap();
    let without = config.replace(provider, "  models: { providers: {");
    home.write(".openclaw/openclaw.json", without.replace("ollama", "gone"));
    let ran = home.run(&["unwire", "--keep-key", "--dry-run"]);
    assert!(!ran.stderr.contains("llama3"), "{}", ran.stderr);
}

#[test]
fn a_key_that_something_else_uses_stays() {
    let second = "models: { providers: { work: { baseUrl: 'https://gw.example/v1', apiKey: '${PORTKEY_API_KEY}', models: [] }, ";
    let home = connected(
        &BEFORE.replace("models: { providers: { ", second),
        &["--provider-id", "portkey", "--key-name", "PORTKEY_API_KEY"],
    );
    let unwire = [
        "unwire",
        "--remove-key",
        "--yes",
        "--provider-id",
        "portkey",
    ];
    let ran = home.run(&unwire).status(0);
    assert!(
        ran.stderr.contains("note: PORTKEY_API_KEY stays in ~/.openclaw/.env: `models.providers.work.apiKey` uses it\n"),
        "{}",
        ran.stderr
    );
    assert!(home.read(DOTENV).contains(KEY));
    for (other, is_used) in [
        ("{ apiKey: '${PORTKEY_API_KEY}' }", true),
        ("{ id: 'PORTKEY_API_KEY' }", true),
        ("{ apiKey: '${PORTKEY_API_KEY_2}' }", false),
    ] {
        let home = connected(BEFORE, &[]);
        home.write(".openclaw/b.json5", other);
        let ran = home.run(&["unwire", "--remove-key", "--yes"]).status(0);
        assert_eq!(home.read(DOTENV).contains(KEY), is_used, "{other}");
        assert_eq!(
            ran.stderr.contains("~/.openclaw/b.json5 uses it"),
            is_used,
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_variable_with_another_name() {
    let home = connected(BEFORE, &["--key-name", "WORK_KEY"]);
    let ran = home.run(&["unwire", "--yes"]).status(0);
    assert!(
        ran.stderr
            .contains("`openclaw-portkey unwire --remove-key=WORK_KEY` removes it"),
        "{}",
        ran.stderr
    );
    home.run(&["unwire", "--remove-key=WORK_KEY", "--yes"])
        .status(0);
    assert_eq!(home.read(DOTENV), "OTHER=1\n");
}
