//! What clap refuses: for people as clap says it, for programs as the error of a JSON document, and
//! never with a key that stood in the wrong place.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::{Exit, Failure, FailureKind};
use crate::help::{RunContext, Shell, quote};
use crate::mask::{MASK, mask_known, printable};
use crate::report::json;
use crate::ui::{Color, Ui};

/// From this length on, letters and digits without a break are taken for a key.
const SHORTEST_KEY: usize = 16;

/// Prints help, or what is wrong with the arguments.
pub(crate) fn report(mut error: clap::Error, args: &[OsString], root: &clap::Command) -> Exit {
    suggest_flag(&mut error, command_name(args, root));
    hide_keys(&mut error);
    // clap prints help to stdout and errors to stderr, and knows which this is.
    let _ = error.print();
    if !error.use_stderr() {
        return Exit::Done;
    }
    if wants_json(args) {
        let command = command_name(args, root);
        let failure = failure(&error, command);
        let fields =
            serde_json::json!({ "error": json::failure(&failure, &RunContext::default()) });
        Ui::new(Color::Never, false, true, true).result(&json::document(command, fields));
    }
    Exit::CouldNotRun
}

/// The arguments up to `--`, the program's name left out.
fn options(args: &[OsString]) -> impl Iterator<Item = &str> {
    args.iter()
        .skip(1)
        .map(|arg| arg.to_str().unwrap_or_default())
        .take_while(|arg| *arg != "--")
}

/// Whether JSON is asked for, as far as arguments that do not fit can tell.
fn wants_json(args: &[OsString]) -> bool {
    let values = options(args).skip(1).map(Some).chain([None]);
    options(args)
        .zip(values)
        .any(|(arg, value)| arg == "--format=json" || (arg == "--format" && value == Some("json")))
}

/// The command that is named, where it is one.
fn command_name<'c>(args: &[OsString], root: &'c clap::Command) -> Option<&'c str> {
    let mut words = options(args);
    while let Some(word) = words.next() {
        if word == "--color" {
            words.next();
        } else if !word.starts_with('-') {
            return root.find_subcommand(word).map(clap::Command::get_name);
        }
    }
    None
}

/// The first paragraph is what is wrong; tips become hints.
fn failure(error: &clap::Error, command: Option<&str>) -> Failure {
    let text = error.render().to_string();
    let message: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let message = message.join(" ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let failure = Failure::new(FailureKind::Usage, printable(message));
    let of_command = command.map(|name| format!(" {name}")).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("tip: "))
        .fold(failure, |failure, tip| {
            failure.hint(printable(tip).into_owned())
        })
        .hint(format!(
            "`openclaw-portkey{of_command} --help` shows the usage"
        ))
}

/// A value that people type without its flag.
struct Flagless {
    /// The commands; all of them where none is named.
    commands: &'static [&'static str],
    is_it: fn(&str) -> bool,
    /// How it is typed; `…` is the value.
    flag: &'static str,
}

const fn flagless(
    commands: &'static [&'static str],
    is_it: fn(&str) -> bool,
    flag: &'static str,
) -> Flagless {
    Flagless {
        commands,
        is_it,
        flag,
    }
}

const FLAGLESS: &[Flagless] = &[
    flagless(&["set-header", "init"], is_header, "--header …"),
    flagless(&["set-header", "init"], is_assignment, "--metadata …"),
    flagless(&["set-header", "init"], is_config_id, "--gateway-config …"),
    flagless(&["init", "set-header"], is_model, "--model …"),
    flagless(&["doctor"], is_status, "openclaw-portkey explain …"),
    flagless(&["doctor"], is_model, "--probe"),
    flagless(&[], is_config_file, "--config …"),
];

fn is_config_id(text: &str) -> bool {
    text.starts_with("pc-")
}

fn is_model(text: &str) -> bool {
    text.starts_with('@')
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    })
}

fn is_header(text: &str) -> bool {
    text.starts_with("x-") && is_assignment(text)
}

fn is_status(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_config_file(text: &str) -> bool {
    [".json", ".json5"]
        .iter()
        .any(|ending| text.ends_with(ending))
}

/// Names the flag that a value lacks.
fn suggest_flag(error: &mut clap::Error, command: Option<&str>) {
    let Some(ContextValue::String(text)) = error.get(ContextKind::InvalidArg) else {
        return;
    };
    if error.kind() != ErrorKind::UnknownArgument || text.starts_with('-') || looks_like_key(text) {
        return;
    }
    let fits = |row: &&Flagless| {
        let of_command = command.is_some_and(|command| row.commands.contains(&command));
        (row.commands.is_empty() || of_command) && (row.is_it)(text)
    };
    let Some(row) = FLAGLESS.iter().find(fits) else {
        return;
    };
    let typed = row.flag.replace('…', &quote(text, Shell::default()));
    let tip = StyledStr::from(format!("did you mean `{typed}`?"));
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
}

/// Takes what looks like a key out of an error.
fn hide_keys(error: &mut clap::Error) {
    let told: Vec<ContextKind> = error
        .context()
        .filter(|(_, value)| matches!(value, ContextValue::String(text) if looks_like_key(text)))
        .map(|(kind, _)| kind)
        .collect();
    for kind in &told {
        error.insert(*kind, ContextValue::String(MASK.to_owned()));
    }
    if !told.is_empty() {
        // A tip may repeat it.
        error.remove(ContextKind::Suggested);
    }
}

/// A text of the command line without the words that look like keys, safe to show.
pub(crate) fn without_keys(text: &str) -> String {
    let words = text.split_inclusive(' ').map(|word| {
        let bare = word.trim_end_matches(' ');
        if looks_like_key(bare) {
            word.replace(bare, MASK)
        } else {
            word.to_owned()
        }
    });
    let words: String = words.collect();
    printable(&mask_known(&words, &[])).into_owned()
}

/// Names of flags, commands and models are made of short words.
fn looks_like_key(text: &str) -> bool {
    let bare = text.trim_start_matches('-');
    let long_mix = |word: &str| {
        word.len() >= SHORTEST_KEY
            && word.contains(|c: char| c.is_ascii_digit())
            && word.contains(|c: char| c.is_ascii_alphabetic())
    };
    mask_known(bare, &[]) != bare
        || bare
            .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '=')))
            .any(long_mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn format_and_command_are_found_in_arguments_that_do_not_fit() {
        let root = crate::cli::command();
        for (text, json, name) in [
            ("x lint --format json --nope", true, Some("lint")),
            ("x --nope lint --format=json", true, Some("lint")),
            ("x --color never -q show --format json", true, Some("show")),
            ("x show --format text", false, Some("show")),
            ("x lint --format sarif", false, Some("lint")),
            ("x lint --format", false, Some("lint")),
            ("x lint -- --format json", false, Some("lint")),
            ("x lnit --format json", true, None),
            ("x --format json", true, None),
            ("x", false, None),
        ] {
            let args = args(text);
            assert_eq!(wants_json(&args), json, "{text}");
            assert_eq!(command_name(&args, &root), name, "{text}");
        }
    }

    #[test]
    fn a_text_keeps_its_words() {
        for (text, want) in [
            ("401  no such thing", "401  no such thing"),
            ("key aB3dE5gH7jK9mN1pQ3sT5 is bad", "key ******** is bad"),
            ("a\u{1b}b", "a\\u{1b}b"),
        ] {
            assert_eq!(without_keys(text), want);
        }
    }

    #[test]
    fn keys_are_told_from_words() {
        for key in [
            "sk-proj-0123456789abcdefghij",
            "--sk-proj-0123456789abcdefghij",
            "pk-test-0123456789abcdef",
            "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9+",
        ] {
            assert!(looks_like_key(key), "{key}");
        }
        for word in [
            "--extend-select",
            "claude-sonnet-4-20250514",
            "@openai-prod/gpt-5-2025-01-01",
            "primary-missing",
            "/home/someone/openclaw.json",
        ] {
            assert!(!looks_like_key(word), "{word}");
        }
    }
}
