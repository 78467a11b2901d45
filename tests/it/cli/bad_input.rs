//! Bad input gets a clear error and nothing is lost.

use std::fmt::Write as _;

use snapbox::data::Inline;
use snapbox::str;

use super::{CONFIG, FLASH};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

const INIT: [&str; 5] = ["init", "--offline", "--yes", "--model", FLASH];

/// Every command that edits.
const EDITS: [&[&str]; 7] = [
    &INIT,
    &["add-model", FLASH, "--offline", "--yes"],
    &["remove-model", FLASH, "--yes"],
    &["set-primary", FLASH, "--offline", "--yes"],
    &["set-fallback", FLASH, "--offline", "--yes"],
    &["set-header", "--metadata", "a=b", "--yes"],
    &["unwire", "--yes"],
];

#[test]
fn syntax_errors_show_their_location_and_no_secret() {
    let home = Home::with("{\n  models: {\n    apiKey: \"s3cret\" b: 1\n  }\n}\n");
    for command in EDITS.into_iter().chain([&["show"][..], &["models"]]) {
        home.fails(command, 2).says(
            "",
            str![[r#"
error: expected `,` or `}` after this value
 --> HOME/.openclaw/openclaw.json:3:21
  |
3 |     apiKey: "******" b: 1
  |                     ^
  → a comma seems to be missing here
  → nothing was written; fix the file and run the command again

"#]],
        );
    }
    let json = home
        .fails(&["unwire", "--yes", "--format", "json"], 2)
        .json();
    let location = &json["error"]["location"];
    assert_eq!(location["file"], format!("HOME/{CONFIG}"));
    assert_eq!(
        (&location["line"], &location["column"]),
        (&3.into(), &21.into())
    );
    assert_eq!(json["error"]["kind"], "config");
}

/// The contents of a file, and the message.
type Unreadable = (&'static [u8], Inline);

#[test]
fn files_that_are_not_configs() {
    let cases: [Unreadable; 5] = [
        (
            b"\xff\xfe{\0}\0",
            str![[r#"
error: the file is UTF-16, but OpenClaw reads UTF-8
  at HOME/.openclaw/openclaw.json:1:1
  → save it as UTF-8
  → nothing was written; fix the file and run the command again

"#]],
        ),
        (
            b"\xfe\xff\0{\0}",
            str![[r#"
error: the file is UTF-16, but OpenClaw reads UTF-8
  at HOME/.openclaw/openclaw.json:1:1
  → save it as UTF-8
  → nothing was written; fix the file and run the command again

"#]],
        ),
        (
            b"{\n \"a\": \"\xff\"}",
            str![[r#"
error: the file is not valid UTF-8
  at HOME/.openclaw/openclaw.json:2:8
  → save it as UTF-8
  → nothing was written; fix the file and run the command again

"#]],
        ),
        (
            b"",
            str![[r#"
error: the text contains no value
  at HOME/.openclaw/openclaw.json:1:1
  → nothing was written; fix the file and run the command again

"#]],
        ),
        (
            b" // nothing\n",
            str![[r#"
error: the text contains no value
  at HOME/.openclaw/openclaw.json:1:1
  → nothing was written; fix the file and run the command again

"#]],
        ),
    ];
    for (bytes, wanted) in cases {
        let home = Home::new();
        home.write(CONFIG, bytes);
        for command in EDITS {
            home.fails(command, 2).says("", wanted.clone());
        }
    }
    let home = Home::new();
    std::fs::create_dir_all(home.path(CONFIG)).unwrap();
    for command in EDITS {
        home.fails(command, 2).says(
            "",
            str![[r#"
error: HOME/.openclaw/openclaw.json is a folder, not a file
  → name the file itself; for OpenClaw's config that is --config FILE

"#]],
        );
    }
}

#[test]
fn values_that_cannot_be_edited() {
    let cases = [
        "[]",
        "\"text\"",
        "{models: null}",
        "{models: {providers: []}}",
        "{models: {providers: {portkey: 'x'}}}",
        "{models: {providers: {portkey: {models: {}}}}}",
        "{models: {}, models: {}}",
        "{models: {providers: {portkey: {models: [], models: []}}}}",
        "{agents: []}",
        "{agents: {defaults: null}}",
        "{agents: {defaults: {model: 5}}}",
    ];
    let mut output = String::new();
    for text in cases {
        let home = Home::with(text);
        let _ = write!(output, "{text}\n{}", home.fails(&INIT, 2).transcript(&INIT));
    }
    same(&output, file("bad-input/values-that-cannot-be-edited.txt"));
    let home = Home::with(
        "{agents: {defaults: {model: {primary: 'portkey/@a/b', fallbacks: 'x/y'}}}, models: {providers: {portkey: {models: [], headers: []}}}}",
    );
    home.fails(&["set-fallback", "--add", FLASH, "--offline", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: `agents.defaults.model.fallbacks` is a string, but must be an array
  at HOME/.openclaw/openclaw.json:1:66
  → nothing was written; fix the value and run the command again

"#]],
        );
    home.fails(&["set-header", "--metadata", "a=b", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: `models.providers.portkey.headers` is an array, but must be an object
  at HOME/.openclaw/openclaw.json:1:128
  → nothing was written; fix the value and run the command again

"#]],
        );
}

#[test]
fn deep_and_large_files() {
    let deep = |depth: usize| format!("{{a: {}{}}}", "[".repeat(depth), "]".repeat(depth));
    let home = Home::with(&deep(10_000));
    for command in EDITS {
        home.fails(command, 2).says(
            "",
            str![[r#"
error: objects and arrays are nested more than 500 levels deep
  at HOME/.openclaw/openclaw.json:1:504
  → nothing was written; fix the file and run the command again

"#]],
        );
    }
    let home = Home::with(&deep(400));
    home.run(&INIT).status(0);
}

/// 100 MB take a few seconds in an unoptimized build.
#[test]
#[ignore = "takes long without optimisation"]
fn a_hundred_megabytes() {
    let line = "  // a line of a hundred bytes, so that there are a million of them in a file of a hundred megabytes\n";
    let home = Home::with(&format!(
        "{{\n{}  models: {{}},\n}}\n",
        line.repeat(1_000_000)
    ));
    let ran = home.run(&INIT).status(0);
    assert!(ran.stderr.len() < 4_000, "{}", ran.stderr.len());
    home.run(&["undo", "--yes"]).status(0);
}

#[test]
fn arguments() {
    let home = Home::with("{}");
    let init = ["init", "--offline", "--yes", "--model"];
    let mut output = String::new();
    for args in [
        &["gemini-2.5-flash"][..],
        &["gemini/gemini-2.5-flash"],
        &["@gemini"],
        &["@gemini/a b"],
        &[""],
        &["portkey/portkey/@a/b"],
        &[FLASH, "--agent", "nope"],
        &[FLASH, "--header", "x-a=b\r\nx-b: c"],
    ] {
        let args = [&init, args].concat();
        output += &home.fails(&args, 2).transcript(&args);
    }
    for args in [
        &["nonsense"][..],
        &["init", "--timeout", "0"],
        &["init", "--key-in", "x"],
        &["add-model"],
        &["show", "--format", "xml"],
    ] {
        output += &home.fails(args, 2).transcript(args);
    }
    same(&output, file("bad-input/arguments.txt"));
}
