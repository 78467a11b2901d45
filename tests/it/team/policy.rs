use snapbox::str;

use super::{TEAM, home};
use crate::support::home::Home;
use crate::support::snapshot::file;

/// A config that breaks most rules.
const OTHER: &str = r#"{
  models: { providers: { portkey: {
    baseUrl: "https://api.portkey.ai/v1",
    apiKey: "pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ",
    headers: { "x-portkey-config": "pc-mine-123456", "x-portkey-metadata": '{"team":"web"}' },
    api: "openai-completions",
    models: [
      { id: "@openai-prod/gpt-5", name: "GPT 5" },
      { id: "@mistral/open-mixtral-8x7b", name: "Mixtral" },
    ],
  } } },
  agents: {
    defaults: { model: { primary: "portkey/@mistral/open-mixtral-8x7b" } },
    // openclaw-portkey: ignore[policy-bypass] it is only the assistant
    entries: { helper: { model: "anthropic/claude-sonnet-4-5" } },
  },
}
"#;

fn other() -> Home {
    let home = home();
    home.write("app.json5", OTHER);
    home
}

#[test]
fn a_config_that_breaks_the_rules() {
    let home = other();
    let lint = |format| {
        home.run(&[
            "lint",
            "--policy",
            "team.json5",
            "app.json5",
            "--format",
            format,
        ])
    };
    lint("text").expect(
        1,
        file("team/policy.txt"),
        str![[r#"
Found 9 errors, 1 note in 1 file. 2 fixable with --fix --unsafe-fixes.

"#]],
    );
    lint("github").expect(
        1,
        file("team/policy.github"),
        str![[r#"
Found 9 errors, 1 note in 1 file. 2 fixable with --fix --unsafe-fixes.

"#]],
    );
    let json = lint("json").status(1).json();
    let mut rules: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["check"].as_str())
        .filter(|rule| rule.starts_with("policy-"))
        .collect();
    rules.sort_unstable();
    rules.dedup();
    assert_eq!(
        rules,
        [
            "policy-bypass",
            "policy-fallback",
            "policy-header",
            "policy-key",
            "policy-metadata",
            "policy-model",
            "policy-model-missing",
            "policy-primary",
        ]
    );
    let sarif = lint("sarif").status(1);
    for rule in rules {
        assert!(
            sarif.stdout.contains(&format!("\"ruleId\":\"{rule}\""))
                || sarif.stdout.contains(&format!("\"ruleId\": \"{rule}\"")),
            "{rule}"
        );
    }
}

/// Without the flag, no team rule is checked, and the output doesn't claim otherwise.
#[test]
fn team_rules_need_the_file() {
    let home = other();
    let found = home.run(&["lint", "app.json5"]);
    assert!(!found.stdout.contains("error[policy-"), "{}", found.stdout);
    home.run(&["lint", "app.json5", "--select", "policy-key"])
        .expect(
            2,
            "",
            str![[r#"
skipped: team rules skipped; pass --policy FILE
No files checked.

"#]],
        );
}

/// The id of the team's config is unknown until it is saved.
#[test]
fn what_cannot_be_checked_is_skipped() {
    let home = other();
    home.write("team.json5", TEAM.replace(", id: \"pc-abc-123456\"", ""));
    home.run(&[
        "lint",
        "--policy",
        "team.json5",
        "--select",
        "policy-header",
        "app.json5",
    ])
    .expect(2, str![[r#"
error[policy-header]: the header x-portkey-cache-namespace, which the team
                      requires, is missing (team.json5:8:45)
 --> app.json5:2:26
  |
2 |   models: { providers: { portkey: {
  |                          ^^^^^^^
  |
  = note: models.providers.portkey
  = help: run: openclaw-portkey set-header --header
          x-portkey-cache-namespace=backend

"#]], str![[r#"
skipped: x-portkey-config not checked: team.json5 doesn't have the id of the config `main` yet (team.json5:6:13)
Found 1 error in 1 file.

"#]]);
}

/// Fixes make the config conform to the team file, as far as possible.
#[test]
fn fixes_are_offered_if_they_are_known() {
    let home = other();
    let text = OTHER.replace(
        "    models: [\n",
        "    models: [\n      { id: '@gemini/gemini-2.5-flash', name: 'Flash' },\n",
    );
    home.write("app.json5", text);
    let args = [
        "lint",
        "--policy",
        "team.json5",
        "app.json5",
        "--select",
        "policy-primary,policy-header",
    ];
    home.run(&[&args[..], &["--fix", "--unsafe-fixes"]].concat())
        .expect(
            1,
            str![[r#"
error[policy-header]: the header x-portkey-cache-namespace, which the team
                      requires, is missing (team.json5:8:45)
 --> app.json5:2:26
  |
2 |   models: { providers: { portkey: {
  |                          ^^^^^^^
  |
  = note: models.providers.portkey
  = help: run: openclaw-portkey set-header --header
          x-portkey-cache-namespace=backend

"#]],
            str![[r#"
--- app.json5
+++ app.json5
@@ -2,7 +2,7 @@
   models: { providers: { portkey: {
     baseUrl: "https://api.portkey.ai/v1",
     apiKey: "********",
-    headers: { "x-portkey-config": "pc-mine-123456", "x-portkey-metadata": '{"team":"web"}' },
+    headers: { "x-portkey-config": "pc-abc-123456", "x-portkey-metadata": '{"team":"web"}' },
     api: "openai-completions",
     models: [
       { id: '@gemini/gemini-2.5-flash', name: 'Flash' },
@@ -11,7 +11,7 @@
     ],
   } } },
   agents: {
-    defaults: { model: { primary: "portkey/@mistral/open-mixtral-8x7b" } },
+    defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } },
     // openclaw-portkey: ignore[policy-bypass] it is only the assistant
     entries: { helper: { model: "anthropic/claude-sonnet-4-5" } },
   },
Wrote ~/app.json5 (backup: app.json5.portkey.bak)
Found 1 error in 1 file.

"#]],
        );
}

#[test]
fn explain_shows_the_team_file_of_an_example() {
    home().run(&["explain", "policy-header"]).expect(
        0,
        str![[r#"
policy-header (error)
a header that the team requires is missing or differs

Fix: Set the header: `openclaw-portkey set-header --header NAME=VALUE`, or
`--gateway-config ID`.

`openclaw.headers` and `openclaw.config` in the team file define headers for
every request; `config` is the gateway config in `x-portkey-config`. A model's
own header overrides the provider's.

With the team file:

    { openclaw: { config: 'pc-team-123456', headers: { 'x-portkey-cache-namespace': 'team' } } }

Reported at «»:

    {
      models: {
        providers: { portkey: {
          baseUrl: "https://api.portkey.ai/v1",
          apiKey: "${PORTKEY_API_KEY}",
          headers: { "x-portkey-config": «"pc-mine-123456"», "x-portkey-cache-namespace": "team" },
          api: "openai-completions",
          models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
        } },
      },
      agents: { defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } } },
    }

Not reported:

    {
      models: {
        providers: { portkey: {
          baseUrl: "https://api.portkey.ai/v1",
          apiKey: "${PORTKEY_API_KEY}",
          headers: { "X-Portkey-Config": "pc-team-123456", "x-portkey-cache-namespace": "team" },
          api: "openai-completions",
          models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
        } },
      },
      agents: { defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } } },
    }

"#]],
        "",
    );
    home().run(&["explain", "team-key-unknown"]).expect(
        0,
        str![[r#"
team-key-unknown
a team file has an unknown key

Fix: Rename the key, or remove it. `openclaw-portkey team init` writes an
example with all keys.

A misspelt setting would have no effect: a key would have no budget, a policy
would check nothing.

"#]],
        "",
    );
}

/// An agent's own provider must be named in the suggested command, since several exist.
#[test]
fn a_second_provider_is_named_in_the_suggestion() {
    let home = home();
    home.write(
        "two.json5",
        OTHER.replace(
            "  } } },\n",
            r#"  }, "portkey-ops": {
    baseUrl: "https://api.portkey.ai/v1",
    apiKey: "${PORTKEY_OPS_API_KEY}",
    api: "openai-completions",
    models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
  } } },
"#,
        ),
    );
    let ran = home
        .run(&["lint", "--policy", "team.json5", "two.json5"])
        .status(1);
    for way in [
        "set-header --provider-id portkey-ops --metadata team=backend",
        "set-header --provider-id portkey --metadata team=backend",
    ] {
        let words: Vec<&str> = ran.stdout.split_whitespace().collect();
        assert!(words.join(" ").contains(way), "{}", ran.stdout);
    }
    // With only one, there is nothing to choose.
    home.write("app.json5", OTHER);
    let ran = home
        .run(&["lint", "--policy", "team.json5", "app.json5"])
        .status(1);
    assert!(!ran.stdout.contains("--provider-id"), "{}", ran.stdout);
}
