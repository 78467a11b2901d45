//! `$include`: the edit is made in the file that owns the key, or not at all.

use snapbox::str;

use super::{CONFIG, GPT, changed_lines};
use crate::support::home::Home;
use crate::support::snapshot::same;

const PORTKEY: &str =
    "portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', models: [] }";

/// A home with files below `.openclaw`.
fn home(files: &[(&str, &str)]) -> Home {
    let home = Home::new();
    for (name, text) in files {
        home.write(&format!(".openclaw/{name}"), text);
    }
    home
}

const ADD: [&str; 5] = ["add-model", GPT, "--offline", "--yes", "--no-metadata"];
const ENTRY: &str = "{ id: '@openai-prod/gpt-5', name: 'GPT 5' }";

#[test]
fn a_file_for_models() {
    let main = "{ models: { $include: './models.json5' }, // mine\n}\n";
    let home = home(&[
        ("openclaw.json", main),
        ("models.json5", &format!("{{ providers: {{ {PORTKEY} }} }}")),
    ]);
    home.run(&ADD).expect(0, str![[r#"
Wrote ~/.openclaw/models.json5 (backup: models.json5.portkey.bak)

"#]], str![[r#"
· not checked with Portkey
--- ~/.openclaw/models.json5
+++ ~/.openclaw/models.json5
@@ -1 +1 @@
-{ providers: { portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', models: [] } } }
\ No newline at end of file
+{ providers: { portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', models: [{ id: '@openai-prod/gpt-5', name: 'GPT 5' }] } } }
\ No newline at end of file

"#]]);
    assert_eq!(home.config(), main);
    home.run(&ADD).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    // Two files in one write, and one undo for both.
    let before = home.tree();
    let ran = home
        .run(&["set-primary", "@a/b", "--offline", "--yes"])
        .status(0);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
+ agents: { defaults: { model: { primary: 'portkey/@a/b' } } },
-{ providers: { portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', models: [{ id: '@openai-prod/gpt-5', name: 'GPT 5' }] } } }
+{ providers: { portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', models: [{ id: '@openai-prod/gpt-5', name: 'GPT 5' }, { id: '@a/b', name: 'B' }] } } }

"#]],
    );
    home.run(&["undo", "--yes"]).status(0);
    for (name, bytes) in before {
        if !name.contains(".portkey.") {
            assert!(home.read(&name).as_bytes() == bytes, "{name}");
        }
    }
    home.run(&["show"]).expect(
        0,
        str![[r#"
Config      ~/.openclaw/openclaw.json (default)
OpenClaw    version unknown; assuming 2026.9.6
Provider    portkey  models.json5:1:25
  base URL    https://api.portkey.ai/v1  models.json5:1:36
  API         openai-completions (not set)
  API key     ${PORTKEY_API_KEY}  models.json5:1:73
    set in      not set anywhere OpenClaw looks
  model       @openai-prod/gpt-5  "GPT 5"  models.json5:1:104
Defaults    no model set; OpenClaw uses its own default

"#]],
        str![],
    );
}

#[test]
fn nested_files() {
    let home = home(&[
        (
            "openclaw.json",
            "{ models: { $include: './a/models.json5' } }",
        ),
        (
            "a/models.json5",
            "{ mode: 'merge', providers: { $include: '../b/providers.json5' } }",
        ),
        ("b/providers.json5", &format!("{{ {PORTKEY} }}")),
    ]);
    home.run(&ADD).status(0);
    assert!(home.read(".openclaw/b/providers.json5").contains(ENTRY));
    home.run(&["unwire", "--yes"]).status(0);
    assert_eq!(home.read(".openclaw/b/providers.json5"), "{}");
}

/// An included file for one model, and one that is a bare list, which this tool doesn't edit.
#[test]
fn files_for_items_and_lists() {
    let main = "{ models: { providers: { portkey: { models: [{ $include: './one.json5' }] } } } }";
    let item = home(&[("openclaw.json", main), ("one.json5", "{ id: '@a/one' }")]);
    item.run(&["add-model", "@a/one", "--offline", "--yes"])
        .status(0);
    assert_eq!(
        item.read(".openclaw/one.json5"),
        "{ id: '@a/one', name: 'One' }"
    );
    assert_eq!(item.config(), main);
    item.run(&ADD).status(0);
    assert_eq!(
        item.config(),
        main.replace("' }]", &format!("' }}, {ENTRY}]"))
    );

    let main = "{ models: { providers: { portkey: { models: { $include: './list.json5' } } } } }";
    let list = home(&[
        ("openclaw.json", main),
        ("list.json5", "[{ id: '@a/one' }]"),
    ]);
    for (command, wanted) in [
        (
            &ADD[..],
            str![[r#"
error: `models.providers.portkey.models` comes from an $include that can't be edited safely: the included file is not an object
  → edit HOME/.openclaw/list.json5 by hand, or pass it with --config

"#]],
        ),
        (
            &["add-model", "@a/one", "--offline", "--yes"],
            str![[r#"
error: `models.providers.portkey.models[0].name` comes from an $include that can't be edited safely: the included file is not an object
  → edit HOME/.openclaw/list.json5 by hand, or pass it with --config

"#]],
        ),
        (
            &["remove-model", "@a/one", "--yes"],
            str![[r#"
error: `models.providers.portkey.models[0]` comes from an $include that can't be edited safely: the included file is not an object
  → edit HOME/.openclaw/list.json5 by hand, or pass it with --config

"#]],
        ),
    ] {
        list.fails(command, 2).says("", wanted);
    }
}

#[test]
fn several_files_are_refused() {
    let home = home(&[
        (
            "openclaw.json",
            "{ models: { $include: ['./a.json5', './b.json5'] } }",
        ),
        ("a.json5", &format!("{{ providers: {{ {PORTKEY} }} }}")),
        ("b.json5", "{ mode: 'merge' }"),
    ]);
    home.fails(&ADD, 2).says("", str![[r#"
error: `models.providers.portkey.models` comes from an $include that can't be edited safely: it merges several files
  → edit HOME/.openclaw/a.json5 by hand, or pass it with --config

"#]]);
}

#[test]
fn keys_next_to_an_include() {
    let files = |main| {
        home(&[
            ("openclaw.json", main),
            ("m.json5", &format!("{{ providers: {{ {PORTKEY} }} }}")),
        ])
    };
    files("{ models: { $include: './m.json5', mode: 'merge' } }")
        .fails(&ADD, 2)
        .says("", str![[r#"
error: `models.providers.portkey.models` comes from an $include that can't be edited safely: the including object has other keys
  → edit HOME/.openclaw/m.json5 by hand, or pass it with --config

"#]]);
    files("{ models: { $include: './m.json5', providers: {} } }")
        .fails(&ADD, 2)
        .says("", str![[r#"
error: `models.providers.portkey.models` comes from an $include that can't be edited safely: both the including and the included file have it
  → edit HOME/.openclaw/m.json5 by hand, or pass it with --config
  → edit HOME/.openclaw/openclaw.json by hand, or pass it with --config

"#]]);
    // Edits that don't touch the include are made in place.
    let home = files("{ models: { $include: './m.json5', mode: 'merge' }, agents: {} }");
    home.fails(&["set-primary", "@a/b", "--offline", "--yes"], 2);
    home.run(&["unwire", "--yes"]).status(2);
}

#[test]
fn an_include_at_the_root() {
    let home = home(&[
        (
            "openclaw.json",
            "{ $include: './base.json5', agents: { defaults: { model: { primary: 'portkey/@x/y' } } } }",
        ),
        (
            "base.json5",
            &format!("{{ models: {{ providers: {{ {PORTKEY} }} }} }}"),
        ),
    ]);
    home.fails(&ADD, 2).says("", str![[r#"
error: `models.providers.portkey.models` comes from an $include that can't be edited safely: the include is at the root
  → edit HOME/.openclaw/base.json5 by hand, or pass it with --config

"#]]);
    // The main file's own key is edited there.
    home.write(
        ".openclaw/base.json5",
        "{ models: { providers: { portkey: { models: [{ id: '@a/b', name: 'B' }] } } } }",
    );
    let ran = home
        .run(&["set-primary", "@a/b", "--offline", "--yes"])
        .status(0);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-{ $include: './base.json5', agents: { defaults: { model: { primary: 'portkey/@x/y' } } } }
+{ $include: './base.json5', agents: { defaults: { model: { primary: 'portkey/@a/b' } } } }

"#]],
    );
}

#[test]
fn includes_that_cannot_be_read() {
    let start = "{\n  models: { $include: ";
    let with = |target: &str| home(&[("openclaw.json", &format!("{start}'{target}' }},\n}}\n"))]);
    let home = with("./gone.json5");
    home.fails(&["show"], 2).says(
        "",
        str![[r#"
error: the included file HOME/.openclaw/gone.json5 does not exist
  at HOME/.openclaw/openclaw.json:2:23
  → OpenClaw doesn't start without it; create the file or remove the $include

"#]],
    );
    with("../out.json5").fails(&ADD, 2).says(
        "",
        str![[r#"
error: the included file HOME/out.json5 is outside the config's folder, so OpenClaw doesn't read it
  at HOME/.openclaw/openclaw.json:2:23
  → move the file below the config's folder, or list its folder in OPENCLAW_INCLUDE_ROOTS

"#]],
    );
    let circle = with("./openclaw.json");
    circle.fails(&ADD, 2).says(
        "",
        str![[r#"
error: the includes form a cycle
  at HOME/.openclaw/openclaw.json:2:23
  → remove one of the $include keys

"#]],
    );
    let home = with("./m.json5");
    home.write(".openclaw/m.json5", "{ apiKey: 's3cret' oops }");
    let ran = home.fails(&ADD, 2).says(
        "",
        str![[r#"
error: expected `,` or `}` after this value
 --> HOME/.openclaw/m.json5:1:19
  |
1 | { apiKey: '******' oops }
  |                   ^
  → a comma seems to be missing here
  → nothing was written; fix the file and run the command again

"#]],
    );
    assert!(!ran.stderr.contains("s3cret"));
    home.write(".openclaw/m.json5", b"\xff\xfe{\0}\0");
    home.fails(&ADD, 2).says(
        "",
        str![[r#"
error: the file is UTF-16, but OpenClaw reads UTF-8
  at HOME/.openclaw/m.json5:1:1
  → save it as UTF-8
  → nothing was written; fix the file and run the command again

"#]],
    );
    assert_eq!(home.read(CONFIG), format!("{start}'./m.json5' }},\n}}\n"));
}

#[test]
fn folders_that_the_user_allows() {
    let home = home(&[(
        "openclaw.json",
        "{ models: { $include: '../shared/m.json5' } }",
    )]);
    home.write(
        "shared/m.json5",
        format!("{{ providers: {{ {PORTKEY} }} }}"),
    );
    let roots = home.path("shared").to_str().unwrap().to_owned();
    let home = home.var("OPENCLAW_INCLUDE_ROOTS", &roots);
    home.run(&["show"]).expect(
        0,
        str![[r#"
Config      ~/.openclaw/openclaw.json (default)
OpenClaw    version unknown; assuming 2026.9.6
Provider    portkey  m.json5:1:25
  base URL    https://api.portkey.ai/v1  m.json5:1:36
  API         openai-completions (not set)
  API key     ${PORTKEY_API_KEY}  m.json5:1:73
    set in      not set anywhere OpenClaw looks
  models      none  m.json5:1:103
Defaults    no model set; OpenClaw uses its own default

"#]],
        str![],
    );
}
