//! Properties of every command on every config: the result can be read, comments stay, a second run
//! changes nothing, and undo restores the bytes.

use std::fmt::Write as _;
use std::ops::Range;

use openclaw_portkey::document::{Document, Kind, NodeId, Value};

use super::{CONFIG, FLASH, GPT, MIXTRAL, second_time_changes_nothing};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

const FIXTURES: [(&str, &str); 6] = [
    ("bare.json5", include_str!("../../../fixtures/bare.json5")),
    (
        "compact.json",
        include_str!("../../../fixtures/compact.json"),
    ),
    ("jsonc.json", include_str!("../../../fixtures/jsonc.json")),
    ("strict.json", include_str!("../../../fixtures/strict.json")),
    ("tabs.json5", include_str!("../../../fixtures/tabs.json5")),
    ("wired.json5", include_str!("../../../fixtures/wired.json5")),
];

const COMMANDS: [&[&str]; 15] = [
    &[
        "init",
        "--offline",
        "--model",
        GPT,
        "--model",
        FLASH,
        "--metadata",
        "k=v",
        "--fallback",
        GPT,
    ],
    &[
        "init",
        "--offline",
        "--dynamic",
        "--gateway-config",
        "pc-abc-123456",
        "--base-url",
        "https://gw.example/v1",
    ],
    &["add-model", GPT, "@a/b", "--as", "fallback", "--offline"],
    &[
        "add-model",
        FLASH,
        "--name",
        "Another \"name\"",
        "--offline",
    ],
    &["remove-model", MIXTRAL],
    &["set-primary", GPT, "--offline"],
    &["set-primary", MIXTRAL, "--offline"],
    &["set-fallback", GPT, MIXTRAL, "--offline"],
    &["set-fallback", "--clear"],
    &[
        "set-header",
        "--metadata",
        "k=v",
        "--trace-id",
        "t",
        "--offline",
    ],
    &[
        "set-header",
        "--model",
        FLASH,
        "--header",
        "x-portkey-cache-namespace=n",
    ],
    &[
        "set-header",
        "--unset",
        "x-portkey-metadata",
        "--unset",
        "x-portkey-trace-id",
    ],
    &["unwire"],
    &["unwire", "--agent", "kids"],
    &["remove-model", MIXTRAL, "--agent", "kids"],
];

/// Scripts that pass `--offline` and `--agent` everywhere must work.
#[test]
fn every_writing_command_takes_the_common_flags() {
    let home = super::offline_home();
    let mut refused = String::new();
    for command in COMMANDS.iter().copied().chain([&["undo"] as &[&str]]) {
        if command.contains(&"--agent") {
            continue;
        }
        let mut args = command.to_vec();
        args.retain(|arg| *arg != "--offline");
        args.extend(["--offline", "--dry-run", "--yes"]);
        args.extend(["--provider-id", "portkey", "--format", "json"]);
        for agent in [&[][..], &["--agent", "work"]] {
            let args = [&args, agent].concat();
            let ran = home.run(&args);
            if ran.status != 0 {
                refused += &ran.status(2).transcript(&args);
            }
        }
    }
    same(&refused, file("every-config/refused-flags.txt"));
}

/// Another way to write the same config.
type Variant = (&'static str, fn(&str) -> String);

const VARIANTS: [Variant; 4] = [
    ("as it is", str::to_owned),
    ("CRLF", |text| text.replace('\n', "\r\n")),
    ("byte order mark", |text| format!("\u{feff}{text}")),
    ("no final line end", |text| text.trim_end().to_owned()),
];

fn holds_for(variant: usize) {
    let (name, change) = VARIANTS[variant];
    let mut edits = 0;
    let mut refused = String::new();
    for (fixture, text) in FIXTURES {
        let old = change(text);
        let home = Home::with(&old);
        for command in COMMANDS {
            let what = format!("{fixture} ({name}), {}", command.join(" "));
            let args = [command, &["--yes"]].concat();
            let ran = home.run(&args);
            if ran.status == 2 {
                let _ = writeln!(refused, "{fixture}\n{}", ran.transcript(&args).trim_end());
                assert_eq!(home.config(), old, "{what}");
                continue;
            }
            let new = home.config();
            assert_eq!(ran.status, 0, "{what}: {}", ran.stderr);
            check(&old, &new, &what);
            second_time_changes_nothing(&home, &args);
            assert_eq!(home.config(), new, "{what}, again");
            if new != old {
                edits += 1;
                home.run(&["undo", "--yes"]).status(0);
                assert_eq!(home.config(), old, "{what}, undone");
            }
        }
    }
    assert!(edits > 50, "only {edits} edits");
    same(&refused, file("every-config/refused.txt"));
}

#[test]
fn as_they_are() {
    holds_for(0);
}

#[test]
fn with_crlf() {
    holds_for(1);
}

#[test]
fn with_a_byte_order_mark() {
    holds_for(2);
}

#[test]
fn without_a_final_line_end() {
    holds_for(3);
}

/// The result can be read, keeps its line endings, and keeps every comment that didn't belong to
/// something removed.
#[track_caller]
fn check(old: &str, new: &str, what: &str) {
    let before = Document::parse(old).unwrap();
    let after = Document::parse(new).unwrap_or_else(|error| panic!("{what}: {error}\n{new}"));
    assert!(
        after.is_json() || !before.is_json(),
        "{what}: strict JSON has become JSON5\n{new}"
    );
    assert_eq!(old.ends_with('\n'), new.ends_with('\n'), "{what}");
    assert_eq!(
        old.starts_with('\u{feff}'),
        new.starts_with('\u{feff}'),
        "{what}"
    );
    if old.contains("\r\n") {
        assert_eq!(
            new.matches('\n').count(),
            new.matches("\r\n").count(),
            "{what}"
        );
    } else {
        assert!(!new.contains('\r'), "{what}");
    }
    let mut removed = Vec::new();
    find_removed(
        &before,
        before.root(),
        &after.value(after.root()),
        &mut removed,
    );
    for comment in before.comments() {
        let text = &old[comment.clone()];
        let kept = new.matches(text).count() >= old.matches(text).count();
        let line = before.locate(comment.start).line;
        let next_to = |range: &Range<usize>| {
            (before.locate(range.start).line..=before.locate(range.end).line).contains(&line)
        };
        assert!(
            kept || removed.iter().any(next_to),
            "{what}: the comment {text:?} is gone\n{new}"
        );
    }
}

/// Finds entries that the new value no longer has.
fn find_removed(document: &Document, node: NodeId, new: &Value, removed: &mut Vec<Range<usize>>) {
    match (document.kind(node), new) {
        (Kind::Object, Value::Object(entries)) => {
            for member in document.members(node) {
                match entries.iter().find(|(key, _)| *key == member.key) {
                    Some((_, value)) => find_removed(document, member.value, value, removed),
                    None => removed.push(member.key_span.start..document.span(member.value).end),
                }
            }
        }
        (Kind::Array, Value::Array(items)) => {
            for item in document.items(node) {
                let same = |value: &&Value| match (document.get(item, "id"), value) {
                    (Some(id), Value::Object(entries)) => entries
                        .iter()
                        .any(|(key, value)| key == "id" && *value == document.value(id)),
                    _ => **value == document.value(item),
                };
                match items.iter().find(same) {
                    Some(value) => find_removed(document, item, value, removed),
                    None => removed.push(document.span(item)),
                }
            }
        }
        _ => {}
    }
}

/// The byte-for-byte guarantee, for everything a user would call the rest of the file.
#[test]
fn the_rest_of_the_file_stays() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    let old = home.config();
    home.run(&["set-primary", GPT, "--offline", "--yes"])
        .status(0);
    let new = home.config();
    let kept = old
        .lines()
        .filter(|line| new.lines().any(|other| other == *line))
        .count();
    assert_eq!(old.lines().count() - kept, 1, "{new}");
    assert_eq!(
        home.files(),
        [
            CONFIG,
            ".openclaw/openclaw.json.portkey.bak",
            ".openclaw/openclaw.json.portkey.undo.json"
        ]
    );
}
