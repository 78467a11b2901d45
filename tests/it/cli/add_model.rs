//! `add-model` and `remove-model`.

use super::{FLASH, GPT, MIXTRAL, changed_lines, offline_home, portkey, wired, wired_home};
use crate::support::home::Home;

#[test]
fn adds_one_and_uses_it() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let diff = "\
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -11,6 +11,7 @@
         models: [
           { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576 },
           { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral' }, // cheap
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
         ],
       },
       ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'Llama 3' }] },
@@ -21,7 +22,7 @@
       // the good one first
       model: {
         primary: 'portkey/@gemini/gemini-2.5-flash',
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@mistral/open-mixtral-8x7b', 'portkey/@openai-prod/gpt-5'],
       },
       workspace: '~/clawd',
     },
";
    let checks =
        "✓ Key accepted: 3 models from 3 providers\n✓ @openai-prod/gpt-5 is in the Model Catalog\n";
    let args = ["add-model", GPT, "--as", "fallback", "--no-metadata"];
    home.run(&[&args[..], &["--dry-run"]].concat()).expect(
        0,
        diff,
        &format!("{checks}Nothing was written: --dry-run.\n"),
    );
    assert_eq!(home.config(), wired(&portkey.base_url()));
    home.fails(&args, 2)
        .stderr_has("→ --yes writes without asking");
    home.run(&[&args[..], &["--yes"]].concat()).expect(
        0,
        "Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)\n",
        &format!("{checks}{diff}"),
    );
    home.run(&args).expect(
        0,
        "Nothing to change; ~/.openclaw/openclaw.json is already up to date.\n",
        "",
    );
    let json = home
        .run(&[&args[..], &["--format", "json"]].concat())
        .json();
    assert_eq!(
        (&json["changed"], &json["written"]),
        (&false.into(), &false.into())
    );
}

#[test]
fn names() {
    let home = offline_home();
    let offline = ["--offline", "--yes", "--no-metadata"];
    home.run(&[&["add-model", GPT, "--name", "Five"], &offline[..]].concat())
        .status(0);
    assert!(
        home.config()
            .contains("{ id: '@openai-prod/gpt-5', name: 'Five' }")
    );
    let ran = home
        .run(
            &[
                &["add-model", "portkey/@openai-prod/gpt-5", "--name", "GPT"],
                &offline[..],
            ]
            .concat(),
        )
        .status(0);
    assert_eq!(
        changed_lines(&ran.stderr),
        "-          { id: '@openai-prod/gpt-5', name: 'Five' },\n+          { id: '@openai-prod/gpt-5', name: 'GPT' },\n"
    );
    home.fails(
        &["add-model", "@a/x", "@a/y", "--name", "Z", "--offline"],
        2,
    )
    .stderr_has("error: --name is for one model, and several are given\n  → add them one by one\n");
    home.fails(&["add-model", "@a/x", "--name", " ", "--offline"], 2)
        .stderr_has("a name that is not empty");
    home.fails(
        &["add-model", "@a/x", "@a/y", "--as", "primary", "--offline"],
        2,
    )
    .stderr_has("error: there is only one primary, and several models are given\n");
}

#[test]
fn a_model_given_twice_is_added_once() {
    let home = offline_home();
    home.run(&[
        "add-model",
        "@a/x",
        "portkey/@a/x",
        "@a/y",
        "@a/x",
        "--offline",
        "--yes",
    ])
    .status(0);
    assert_eq!(home.config().matches("'@a/x'").count(), 1);
    assert_eq!(home.config().matches("'@a/y'").count(), 1);
}

#[test]
fn needs_a_provider() {
    let home = Home::with("{}");
    home.fails(&["add-model", GPT, "--yes", "--offline"], 2)
        .expect(
            2,
            "",
            "error: the config has no provider `portkey`\n  → `openclaw-portkey init` adds it\n",
        );
    home
        .fails(&["add-model", GPT, "--yes", "--offline", "--provider-id", "pk"], 2)
        .stderr_has("→ `openclaw-portkey init --provider-id pk` adds it; without --provider-id the provider `portkey` is meant\n");
}

#[test]
fn removes_one_with_its_references() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    let ran = home.run(&["remove-model", MIXTRAL, "--yes"]).status(0);
    assert_eq!(
        changed_lines(&ran.stderr),
        "-\t\t\t\t\"portkey/@mistral/open-mixtral-8x7b\", // second choice
-\t\t\t\t\"portkey/@mistral/open-mixtral-8x7b\": { alias: \"mix\" }, // cheap
-\t\t\t\t\t{ id: \"@mistral/open-mixtral-8x7b\", name: \"Mix\", contextWindow: 32000 }, // 32k
"
    );
    home.run(&["remove-model", MIXTRAL])
        .status(0)
        .stdout_has("Nothing to change");
}

#[test]
fn a_primary_is_not_removed() {
    let home = offline_home();
    home.fails(&["remove-model", FLASH, "--yes"], 2).expect(
        2,
        "",
        "error: @gemini/gemini-2.5-flash is the primary\n  → choose another first: `openclaw-portkey set-primary MODEL`\n",
    );
    // Not by its alias either.
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    home.run(&["set-primary", MIXTRAL, "--offline", "--yes"])
        .status(0);
    home.fails(&["remove-model", FLASH, "--yes"], 2).expect(
        2,
        "",
        "error: @gemini/gemini-2.5-flash is the primary of agent `kids`
  → choose another first: `openclaw-portkey set-primary MODEL --agent kids`
",
    );
}
