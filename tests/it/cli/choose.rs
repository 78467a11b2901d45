//! `set-primary` and `set-fallback`.

use super::{FLASH, GPT, KEY, MIXTRAL, changed_lines, offline_home, portkey, wired_home};
use crate::support::home::Home;

/// Runs a command offline and gives the changed lines.
#[track_caller]
fn edit(home: &Home, args: &[&str]) -> String {
    let args = [args, &["--offline", "--yes", "--no-metadata"]].concat();
    let changed = changed_lines(&home.run(&args).status(0).stderr);
    let again = home.run(&args).status(0);
    assert!(
        again.stdout.starts_with("Nothing to change; "),
        "{}",
        again.stdout
    );
    changed
}

#[test]
fn checked_and_written() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let ran = home
        .run(&["set-primary", GPT, "--yes", "--no-metadata"])
        .status(0)
        .stderr_has("✓ @openai-prod/gpt-5 is in the Model Catalog\n");
    assert_eq!(
        changed_lines(&ran.stderr),
        "+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-        primary: 'portkey/@gemini/gemini-2.5-flash',
+        primary: 'portkey/@openai-prod/gpt-5',
"
    );
    let json = home
        .run(&["set-fallback", FLASH, "--yes", "--format", "json", "-q"])
        .status(0);
    assert_eq!(
        json.stderr
            .lines()
            .filter(|line| !line.starts_with("warning"))
            .count(),
        0,
        "{}",
        json.stderr
    );
    assert_eq!(json.json()["command"], "set-fallback");
    assert!(!json.stdout.contains(KEY));
}

#[test]
fn a_fallback_becomes_primary() {
    let home = offline_home();
    assert_eq!(
        edit(&home, &["set-primary", MIXTRAL]),
        "-        primary: 'portkey/@gemini/gemini-2.5-flash',
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        primary: 'portkey/@mistral/open-mixtral-8x7b',
"
    );
}

#[test]
fn fallbacks() {
    let home = offline_home();
    assert_eq!(
        edit(&home, &["set-fallback", "--add", GPT]),
        "+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@mistral/open-mixtral-8x7b', 'portkey/@openai-prod/gpt-5'],
"
    );
    assert_eq!(
        edit(&home, &["set-fallback", GPT, MIXTRAL]),
        "-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b', 'portkey/@openai-prod/gpt-5'],
+        fallbacks: ['portkey/@openai-prod/gpt-5', 'portkey/@mistral/open-mixtral-8x7b'],
"
    );
    assert_eq!(
        edit(&home, &["set-fallback", "--remove", GPT]),
        "-        fallbacks: ['portkey/@openai-prod/gpt-5', 'portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
"
    );
    assert_eq!(
        edit(&home, &["set-fallback", "--clear"]),
        "-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],\n"
    );
    home.fails(&["set-fallback", FLASH, "--offline", "--yes"], 2)
        .stderr_has("error: @gemini/gemini-2.5-flash cannot be both the primary and a fallback\n");
    for args in [
        &["set-fallback"][..],
        &["set-fallback", "--add"],
        &["set-fallback", "--clear", FLASH],
        &["set-fallback", "--add", "--remove", FLASH],
    ] {
        home.fails(args, 2).stderr_has("error: ");
    }
}

/// OpenClaw before 3.13 refuses the string, so it is made an object only where it must be.
#[test]
fn a_string_stays_a_string_until_it_cannot() {
    let home = offline_home();
    assert_eq!(
        edit(&home, &["set-primary", GPT, "--agent", "work"]),
        "+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-      { id: 'work', model: 'ollama/llama3' }, // stays local
+      { id: 'work', model: 'portkey/@openai-prod/gpt-5' }, // stays local
"
    );
    assert_eq!(
        edit(&home, &["set-fallback", "--add", FLASH, "--agent", "work"]),
        "-      { id: 'work', model: 'portkey/@openai-prod/gpt-5' }, // stays local
+      { id: 'work', model: { primary: 'portkey/@openai-prod/gpt-5', fallbacks: ['portkey/@gemini/gemini-2.5-flash'] } }, // stays local
"
    );
}

#[test]
fn agents() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    let changed = edit(&home, &["set-primary", FLASH, "--agent", "Night"]);
    assert_eq!(
        changed,
        "-        \"model\": \"groq/llama-3.3-70b-versatile\",
+        \"model\": \"portkey/@gemini/gemini-2.5-flash\",
-            \"groq/*\"
+            \"groq/*\",
+            \"portkey/@gemini/gemini-2.5-flash\"
"
    );
    home.fails(&["set-primary", FLASH, "--agent", "day", "--offline", "--yes"], 2).expect(
        2,
        "",
        "error: the config has no agent `day`; it has main, night\n  → name one that the config has, or leave out --agent\n",
    );
    home.fails(
        &[
            "set-fallback",
            FLASH,
            "--agent",
            "main",
            "--offline",
            "--yes",
        ],
        2,
    )
    .expect(
        2,
        "",
        "error: agent `main` has no model of its own for fallbacks to stand in for
  → `openclaw-portkey set-primary MODEL --agent main` first
",
    );
    let home = Home::with("{models: {providers: {portkey: {models: []}}}}");
    home
        .fails(&["set-fallback", FLASH, "--offline", "--yes"], 2)
        .stderr_has("error: there is no primary for fallbacks to stand in for\n  → `openclaw-portkey set-primary MODEL` first\n");
}

#[test]
fn tells_what_does_not_go_through_portkey() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    home
        .run(&["set-primary", MIXTRAL, "--offline", "--yes"])
        .status(0)
        .stderr_has("warning: the fallback groq/llama-3.3-70b-versatile does not go through Portkey (openclaw.json:66:11)\n")
        .stderr_has("warning: agent `night` has a model of its own, groq/llama-3.3-70b-versatile, and will not go through Portkey; ");
}
