//! `add-model` and `remove-model`.

use snapbox::str;

use super::{FLASH, GPT, MIXTRAL, changed_lines, offline_home, portkey, wired, wired_home};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn adds_one_and_uses_it() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let args = ["add-model", GPT, "--as", "fallback", "--no-metadata"];
    home.run(&[&args[..], &["--dry-run"]].concat()).expect(
        0,
        file("add-model/adds-one-and-uses-it.txt"),
        str![[r#"
✓ Key accepted: 3 models from 3 providers
✓ @openai-prod/gpt-5 is in the Model Catalog
Nothing was written: --dry-run.

"#]],
    );
    assert_eq!(home.config(), wired(&portkey.base_url()));
    home.fails(&args, 2)
        .says("", file("add-model/adds-one-and-uses-it-2.txt"));
    home.run(&[&args[..], &["--yes"]].concat()).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("add-model/adds-one-and-uses-it-3.txt"),
    );
    home.run(&args).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    home.run(&[&args[..], &["--format", "json"]].concat())
        .expect(
            0,
            str![[r#"
{
  "version": 1,
  "command": "add-model",
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
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-          { id: '@openai-prod/gpt-5', name: 'Five' },
+          { id: '@openai-prod/gpt-5', name: 'GPT' },

"#]],
    );
    home.fails(
        &["add-model", "@a/x", "@a/y", "--name", "Z", "--offline"],
        2,
    )
    .says(
        "",
        str![[r#"
error: --name applies to one model, but several are given
  → add them one by one

"#]],
    );
    home.fails(&["add-model", "@a/x", "--name", " ", "--offline"], 2)
        .says(
            "",
            str![[r#"
error: the name must not be empty
  → leave out --name to derive it from the id

"#]],
        );
    home.fails(
        &["add-model", "@a/x", "@a/y", "--as", "primary", "--offline"],
        2,
    )
    .says(
        "",
        str![[r#"
error: only one model can be the primary, but several are given
  → use --as fallback, or `openclaw-portkey set-primary MODEL` afterwards

"#]],
    );
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
        .says(
            "",
            str![[r#"
error: the config has no provider `portkey`
  → `openclaw-portkey init` adds it

"#]],
        );
    home.fails(
        &[
            "add-model",
            GPT,
            "--yes",
            "--offline",
            "--provider-id",
            "pk",
        ],
        2,
    )
    .says("", str![[r#"
error: the config has no provider `pk`
  → `openclaw-portkey init --provider-id pk` adds it; without --provider-id, the provider `portkey` is used

"#]]);
}

#[test]
fn removes_one_with_its_references() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    let ran = home.run(&["remove-model", MIXTRAL, "--yes"]).status(0);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-				"portkey/@mistral/open-mixtral-8x7b", // second choice
-				"portkey/@mistral/open-mixtral-8x7b": { alias: "mix" }, // cheap
-					{ id: "@mistral/open-mixtral-8x7b", name: "Mix", contextWindow: 32000 }, // 32k

"#]],
    );
    home.fails(&["remove-model", MIXTRAL], 2).says(
        "",
        str![[r#"
error: model `@mistral/open-mixtral-8x7b` not found
  → `openclaw-portkey show` lists the config

"#]],
    );
}

#[test]
fn a_primary_is_not_removed() {
    let home = offline_home();
    home.fails(&["remove-model", FLASH, "--yes"], 2).says(
        "",
        str![[r#"
error: @gemini/gemini-2.5-flash is the primary
  → choose another first: `openclaw-portkey set-primary MODEL`

"#]],
    );
    // Nor by its alias.
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    home.run(&["set-primary", MIXTRAL, "--offline", "--yes"])
        .status(0);
    home.fails(&["remove-model", FLASH, "--yes"], 2).says(
        "",
        str![[r#"
error: @gemini/gemini-2.5-flash is the primary of agent `kids`
  → choose another first: `openclaw-portkey set-primary MODEL --agent kids`

"#]],
    );
}

/// Each waits for the lock, then plans on the current contents.
#[test]
fn many_at_once_lose_nothing() {
    use std::process::Stdio;

    let home = offline_home();
    let ids: Vec<String> = (0..16)
        .map(|number| format!("@many/model-{number:02}"))
        .collect();
    let mut running: Vec<_> = ids
        .iter()
        .map(|id| {
            home.command(&["add-model", "--yes", "--offline", id])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut running {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let config = home.config();
    assert!(
        ids.iter().all(|id| config.contains(id.as_str())),
        "{config}"
    );
}
