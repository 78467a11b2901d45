//! Bad input gets a clear error, and nothing is lost.

use super::{CONFIG, FLASH};
use crate::support::home::Home;

const INIT: [&str; 5] = ["init", "--offline", "--yes", "--model", FLASH];
const MEND: &str = "  → nothing was written; fix the file and run the command again\n";

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
fn syntax_errors_show_their_place_and_no_secret() {
    let home = Home::with("{\n  models: {\n    apiKey: \"s3cret\" b: 1\n  }\n}\n");
    for command in EDITS.into_iter().chain([&["show"][..], &["models"]]) {
        home.fails(command, 2).expect(
            2,
            "",
            &format!(
                "error: expected `,` or `}}` after this value
 --> HOME/{CONFIG}:3:21
  |
3 |     apiKey: \"******\" b: 1
  |                     ^
  → a comma seems to be missing here
{MEND}"
            ),
        );
    }
    let json = home
        .fails(&["unwire", "--yes", "--format", "json"], 2)
        .json();
    let location = &json["error"]["location"];
    assert_eq!(location["file"], format!("HOME/{CONFIG}"));
    assert_eq!((&location["line"], &location["column"]), (&3.into(), &21.into()));
    assert_eq!(json["error"]["kind"], "config");
}

/// What a file holds, the message, and the place.
type Unreadable = (&'static [u8], &'static str, &'static str);

#[test]
fn files_that_are_no_config() {
    let cases: [Unreadable; 5] = [
        (
            b"\xff\xfe{\0}\0",
            "the file is UTF-16, but OpenClaw reads UTF-8",
            "1:1",
        ),
        (
            b"\xfe\xff\0{\0}",
            "the file is UTF-16, but OpenClaw reads UTF-8",
            "1:1",
        ),
        (
            b"{\n \"a\": \"\xff\"}",
            "the file holds bytes that are no UTF-8",
            "2:8",
        ),
        (b"", "there is no value in this text", "1:1"),
        (b" // nothing\n", "there is no value in this text", ""),
    ];
    for (bytes, message, place) in cases {
        let home = Home::new();
        home.write(CONFIG, bytes);
        for command in EDITS {
            home.fails(command, 2)
                .stderr_has(&format!("error: {message}\n"))
                .stderr_has(&format!("HOME/{CONFIG}:{place}"))
                .stderr_has(MEND);
        }
    }
    let home = Home::new();
    std::fs::create_dir_all(home.path(CONFIG)).unwrap();
    for command in EDITS {
        home.fails(command, 2).expect(
            2,
            "",
            &format!("error: HOME/{CONFIG} is a folder, not a file\n  → name the file itself with --config FILE\n"),
        );
    }
}

#[test]
fn values_that_cannot_be_edited() {
    let cases = [
        ("[]", "is an array, but an object is needed there", "1:1"),
        (
            "\"text\"",
            "is a string, but an object is needed there",
            "1:1",
        ),
        (
            "{models: null}",
            "models is null, but an object is needed there",
            "1:10",
        ),
        (
            "{models: {providers: []}}",
            "models.providers is an array, but an object is needed there",
            "1:22",
        ),
        (
            "{models: {providers: {portkey: 'x'}}}",
            "`models.providers.portkey` is a string, and has to be an object",
            "1:32",
        ),
        (
            "{models: {providers: {portkey: {models: {}}}}}",
            "`models.providers.portkey.models` is an object, and has to be an array",
            "1:41",
        ),
        (
            "{models: {}, models: {}}",
            "models stands 2 times in the same object; keep one of them",
            "1:14",
        ),
        (
            "{models: {providers: {portkey: {models: [], models: []}}}}",
            "models.providers.portkey.models stands 2 times",
            "1:45",
        ),
        (
            "{agents: []}",
            "agents is an array, but an object is needed there",
            "1:10",
        ),
        (
            "{agents: {defaults: null}}",
            "agents.defaults is null, but an object is needed there",
            "1:21",
        ),
        (
            "{agents: {defaults: {model: 5}}}",
            "agents.defaults.model is a number, but an object is needed there",
            "1:29",
        ),
    ];
    for (text, message, place) in cases {
        let home = Home::with(text);
        home.fails(&INIT, 2)
            .stderr_has(message)
            .stderr_has(&format!(
                "  at HOME/{CONFIG}:{place}\n  → nothing was written; fix the "
            ));
    }
    let home = Home::with(
        "{agents: {defaults: {model: {primary: 'portkey/@a/b', fallbacks: 'x/y'}}}, models: {providers: {portkey: {models: [], headers: []}}}}",
    );
    home.fails(&["set-fallback", "--add", FLASH, "--offline", "--yes"], 2)
        .stderr_has(
            "error: `agents.defaults.model.fallbacks` is a string, and has to be an array\n",
        );
    home.fails(&["set-header", "--metadata", "a=b", "--yes"], 2)
        .stderr_has(
            "error: `models.providers.portkey.headers` is an array, and has to be an object\n",
        );
}

#[test]
fn deep_and_large_files() {
    let deep = |depth: usize| format!("{{a: {}{}}}", "[".repeat(depth), "]".repeat(depth));
    let home = Home::with(&deep(10_000));
    for command in EDITS {
        home.fails(command, 2).stderr_has(&format!(
            "error: more than 500 objects and arrays inside each other\n  at HOME/{CONFIG}:1:504\n"
        ));
    }
    let home = Home::with(&deep(400));
    home.run(&INIT).status(0);
}

/// 100 MB take some seconds where nothing is optimised.
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
    let cases: [(&[&str], &str); 8] = [
        (
            &["--model", "gemini-2.5-flash"],
            "`gemini-2.5-flash` lacks the provider slug; write @gemini/gemini-2.5-flash",
        ),
        (
            &["--model", "gemini/gemini-2.5-flash"],
            "`gemini/gemini-2.5-flash` lacks the provider slug",
        ),
        (&["--model", "@gemini"], "`@gemini` is not complete"),
        (
            &["--model", "@gemini/a b"],
            "a model id cannot hold a space",
        ),
        (&["--model", ""], "the model id is empty"),
        (
            &["--model", "portkey/portkey/@a/b"],
            "the provider id is written more than once; write @a/b",
        ),
        (
            &["--model", FLASH, "--agent", "nope"],
            "the config has no agent `nope`; it lists no agents, so all of them use the defaults",
        ),
        (
            &["--model", FLASH, "--header", "x-a=b\r\nx-b: c"],
            "a header value cannot hold line breaks",
        ),
    ];
    for (args, message) in cases {
        home.fails(&[&["init", "--offline", "--yes"], args].concat(), 2)
            .stderr_has(&format!("error: {message}"));
    }
    for args in [
        &["nonsense"][..],
        &["init", "--timeout", "0"],
        &["init", "--key-in", "x"],
        &["add-model"],
        &["show", "--format", "xml"],
    ] {
        home.fails(args, 2).stderr_has("error: ");
    }
}
