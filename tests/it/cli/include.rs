//! `$include`: the edit goes into the file that owns the key, or nowhere.

use super::{CONFIG, GPT, changed_lines};
use crate::support::home::Home;

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
    let ran = home.run(&ADD).status(0);
    assert_eq!(
        ran.stdout,
        "Wrote ~/.openclaw/models.json5 (backup: models.json5.portkey.bak)\n"
    );
    assert!(
        home.read(".openclaw/models.json5")
            .contains(&format!("models: [{ENTRY}]"))
    );
    assert_eq!(home.config(), main);
    home.run(&ADD).status(0).stdout_has("Nothing to change");
    // Two files in one write, and one undo for both.
    let before = home.tree();
    home.run(&["set-primary", "@a/b", "--offline", "--yes"])
        .status(0);
    assert!(
        home.config().contains("primary: 'portkey/@a/b'"),
        "{}",
        home.config()
    );
    assert!(home.read(".openclaw/models.json5").contains("@a/b"));
    home.run(&["undo", "--yes"]).status(0);
    for (name, bytes) in before {
        if !name.contains(".portkey.") {
            assert!(home.read(&name).as_bytes() == bytes, "{name}");
        }
    }
    home.run(&["show"])
        .status(0)
        .stdout_has("Provider    portkey  models.json5:1:25\n");
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

/// An included file for one model, and one that is a bare list, which this tool does not edit.
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
    for command in [
        &ADD[..],
        &["add-model", "@a/one", "--offline", "--yes"],
        &["remove-model", "@a/one", "--yes"],
    ] {
        list.fails(command, 2).stderr_has(
            "comes from an $include that cannot be edited safely: the included file is not an object
  → edit HOME/.openclaw/list.json5 by hand, or pass it with --config
",
        );
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
    home.fails(&ADD, 2).expect(
        2,
        "",
        "error: `models.providers.portkey.models` comes from an $include that cannot be edited safely: several files are merged there
  → edit HOME/.openclaw/a.json5 by hand, or pass it with --config
",
    );
}

#[test]
fn keys_beside_an_include() {
    let files = |main| {
        home(&[
            ("openclaw.json", main),
            ("m.json5", &format!("{{ providers: {{ {PORTKEY} }} }}")),
        ])
    };
    files("{ models: { $include: './m.json5', mode: 'merge' } }")
        .fails(&ADD, 2)
        .stderr_has(
            "the including object has keys of its own\n  → edit HOME/.openclaw/m.json5 by hand",
        );
    files("{ models: { $include: './m.json5', providers: {} } }")
        .fails(&ADD, 2)
        .stderr_has("the including file and the included one both hold it\n");
    // What does not touch the include is edited where it stands.
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
    home
        .fails(&ADD, 2)
        .stderr_has("the include stands at the root\n  → edit HOME/.openclaw/base.json5 by hand, or pass it with --config\n");
    // A key of the main file's own is edited there.
    home.write(
        ".openclaw/base.json5",
        "{ models: { providers: { portkey: { models: [{ id: '@a/b', name: 'B' }] } } } }",
    );
    let ran = home
        .run(&["set-primary", "@a/b", "--offline", "--yes"])
        .status(0);
    assert!(changed_lines(&ran.stderr).contains("primary: 'portkey/@a/b'"));
}

#[test]
fn includes_that_cannot_be_read() {
    let start = "{\n  models: { $include: ";
    let with = |target: &str| home(&[("openclaw.json", &format!("{start}'{target}' }},\n}}\n"))]);
    let home = with("./gone.json5");
    home.fails(&["show"], 2).expect(
        2,
        "",
        "error: the included file HOME/.openclaw/gone.json5 does not exist
  at HOME/.openclaw/openclaw.json:2:23
  → OpenClaw does not start without it; create the file or remove the $include
",
    );
    with("../out.json5")
        .fails(&ADD, 2)
        .stderr_has("error: the included file HOME/out.json5 is outside the config's folder, where OpenClaw does not read it\n")
        .stderr_has("  at HOME/.openclaw/openclaw.json:2:23\n");
    let circle = with("./openclaw.json");
    circle
        .fails(&ADD, 2)
        .stderr_has("error: the includes form a circle\n");
    let home = with("./m.json5");
    home.write(".openclaw/m.json5", "{ apiKey: 's3cret' oops }");
    let ran = home
        .fails(&ADD, 2)
        .stderr_has("HOME/.openclaw/m.json5:1:19\n");
    assert!(!ran.stderr.contains("s3cret"));
    home.write(".openclaw/m.json5", b"\xff\xfe{\0}\0");
    home.fails(&ADD, 2)
        .stderr_has("HOME/.openclaw/m.json5:1:1\n");
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
    home.run(&["show"])
        .status(0)
        .stdout_has("Provider    portkey");
}
