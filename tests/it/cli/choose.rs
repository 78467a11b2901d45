//! `set-primary` and `set-fallback`.

use snapbox::str;

use super::{
    FLASH, GPT, MIXTRAL, changed_lines, offline_home, portkey, second_time_changes_nothing,
    wired_home,
};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

/// Runs a command offline and returns the changed lines.
#[track_caller]
fn edit(home: &Home, args: &[&str]) -> String {
    let args = [args, &["--offline", "--yes", "--no-metadata"]].concat();
    let changed = changed_lines(&home.run(&args).status(0).stderr);
    second_time_changes_nothing(home, &args);
    changed
}

#[test]
fn checked_and_written() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let ran = home
        .run(&["set-primary", GPT, "--yes", "--no-metadata"])
        .expect(
            0,
            str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
            file("choose/checked-and-written.txt"),
        );
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-        primary: 'portkey/@gemini/gemini-2.5-flash',
+        primary: 'portkey/@openai-prod/gpt-5',

"#]],
    );
    home.run(&["set-fallback", FLASH, "--yes", "--format", "json", "-q"])
        .expect(0, file("choose/checked-and-written-2.json"), str![]);
}

#[test]
fn a_fallback_becomes_primary() {
    let home = offline_home();
    same(
        &edit(&home, &["set-primary", MIXTRAL]),
        str![[r#"
-        primary: 'portkey/@gemini/gemini-2.5-flash',
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        primary: 'portkey/@mistral/open-mixtral-8x7b',

"#]],
    );
}

#[test]
fn fallbacks() {
    let home = offline_home();
    same(
        &edit(&home, &["set-fallback", "--add", GPT]),
        str![[r#"
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@mistral/open-mixtral-8x7b', 'portkey/@openai-prod/gpt-5'],

"#]],
    );
    same(
        &edit(&home, &["set-fallback", GPT, MIXTRAL]),
        str![[r#"
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b', 'portkey/@openai-prod/gpt-5'],
+        fallbacks: ['portkey/@openai-prod/gpt-5', 'portkey/@mistral/open-mixtral-8x7b'],

"#]],
    );
    same(
        &edit(&home, &["set-fallback", "--remove", GPT]),
        str![[r#"
-        fallbacks: ['portkey/@openai-prod/gpt-5', 'portkey/@mistral/open-mixtral-8x7b'],
+        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],

"#]],
    );
    same(
        &edit(&home, &["set-fallback", "--clear"]),
        str![[r#"
-        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],

"#]],
    );
    home.fails(&["set-fallback", FLASH, "--offline", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: @gemini/gemini-2.5-flash cannot be both the primary and a fallback
  → use another model as primary or fallback

"#]],
        );
    for (args, wanted) in [
        (
            &["set-fallback"][..],
            str![[r#"
error: the following required arguments were not provided:
  <MODEL>...

Usage: openclaw-portkey set-fallback <MODEL>...

For more information, try '--help'.

"#]],
        ),
        (
            &["set-fallback", "--add"],
            str![[r#"
error: the following required arguments were not provided:
  <MODEL>...

Usage: openclaw-portkey set-fallback --add <MODEL>...

For more information, try '--help'.

"#]],
        ),
        (
            &["set-fallback", "--clear", FLASH],
            str![[r#"
error: the argument '--clear' cannot be used with '[MODEL]...'

Usage: openclaw-portkey set-fallback --clear [MODEL]...

For more information, try '--help'.

"#]],
        ),
        (
            &["set-fallback", "--add", "--remove", FLASH],
            str![[r#"
error: the argument '--add' cannot be used with '--remove'

Usage: openclaw-portkey set-fallback --add <MODEL>...

For more information, try '--help'.

"#]],
        ),
    ] {
        home.fails(args, 2).says("", wanted);
    }
}

/// OpenClaw before 3.13 refuses the string, so it becomes an object only if necessary.
#[test]
fn a_string_stays_a_string_if_possible() {
    let home = offline_home();
    same(
        &edit(&home, &["set-primary", GPT, "--agent", "work"]),
        str![[r#"
+          { id: '@openai-prod/gpt-5', name: 'GPT 5' },
-      { id: 'work', model: 'ollama/llama3' }, // stays local
+      { id: 'work', model: 'portkey/@openai-prod/gpt-5' }, // stays local

"#]],
    );
    same(
        &edit(&home, &["set-fallback", "--add", FLASH, "--agent", "work"]),
        str![[r#"
-      { id: 'work', model: 'portkey/@openai-prod/gpt-5' }, // stays local
+      { id: 'work', model: { primary: 'portkey/@openai-prod/gpt-5', fallbacks: ['portkey/@gemini/gemini-2.5-flash'] } }, // stays local

"#]],
    );
}

#[test]
fn agents() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    let changed = edit(&home, &["set-primary", FLASH, "--agent", "Night"]);
    same(
        &changed,
        str![[r#"
-        "model": "groq/llama-3.3-70b-versatile",
+        "model": "portkey/@gemini/gemini-2.5-flash",
-            "groq/*"
+            "groq/*",
+            "portkey/@gemini/gemini-2.5-flash"

"#]],
    );
    home.fails(
        &["set-primary", FLASH, "--agent", "day", "--offline", "--yes"],
        2,
    )
    .says(
        "",
        str![[r#"
error: the config has no agent `day`; it has main, night
  → use an agent in the config, or leave out --agent

"#]],
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
    .says(
        "",
        str![[r#"
error: fallbacks need a primary, and agent `main` has no model of its own
  → `openclaw-portkey set-primary MODEL --agent main` first

"#]],
    );
    let home = Home::with("{models: {providers: {portkey: {models: []}}}}");
    home.fails(&["set-fallback", FLASH, "--offline", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: fallbacks need a primary, and none is set
  → `openclaw-portkey set-primary MODEL` first

"#]],
        );
}

#[test]
fn reports_what_does_not_go_through_portkey() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    home.run(&["set-primary", MIXTRAL, "--offline", "--yes"])
        .expect(
            0,
            str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
            file("choose/tells-what-does-not-go-through-portkey.txt"),
        );
}
