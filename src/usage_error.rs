//! Usage errors: clap's text for people, a JSON document for programs, and never a key that was
//! passed by mistake.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::{Exit, Failure, FailureKind};
use crate::help::{RunContext, Shell, quote};
use crate::mask::{MASK, mask_known, mask_typed, names_secret, printable};
use crate::report::json;
use crate::ui::{Color, Secrets, Ui};

/// Runs of letters and digits of at least this length may be keys.
const MIN_KEY_LENGTH: usize = 16;

/// The flags that pass a key.
fn key_flags(command: Option<&str>) -> StyledStr {
    let (stdin, file) = match command {
        Some("set-key") => ("--stdin", "--file"),
        _ => ("--api-key-stdin", "--api-key-file"),
    };
    format!("don't pass a key as an argument, where others can see it; use {stdin} or {file} FILE")
        .into()
}

/// Command names from other programs, and the equivalent here.
const OTHER_NAMES: &[(&[&str], &str)] = &[
    (
        &["setup", "install", "connect", "configure", "login", "wire"],
        "init",
    ),
    (&["status", "info", "list", "ls", "view", "config"], "show"),
    (&["check", "validate", "verify"], "lint"),
    (&["test", "ping", "probe"], "doctor --probe"),
    (&["fix", "repair"], "doctor --fix"),
    (&["set-model", "use", "model"], "set-primary MODEL"),
    (&["add"], "add-model MODEL"),
    (&["rm", "remove", "delete"], "remove-model MODEL"),
    (&["fallback", "add-fallback"], "set-fallback MODEL"),
    (
        &["metadata", "set-metadata", "header", "tag"],
        "set-header --metadata NAME=VALUE",
    ),
    (&["logs", "requests"], "open logs"),
    (&["dashboard", "web"], "open"),
    (&["revert", "restore", "rollback"], "undo"),
    (&["uninstall", "disconnect", "reset"], "unwire"),
    (&["cost", "costs", "spend"], "usage"),
];

/// Flags that a command lacks but that other commands or programs have, with the equivalent.
const OTHER_FLAGS: &[(&str, &str, &str)] = &[
    ("lint", "--config", "openclaw-portkey lint FILE"),
    ("set-header", "--remove", "--unset NAME"),
    ("set-header", "--delete", "--unset NAME"),
    ("set-fallback", "--unset", "--remove"),
    ("explain", "--list", "openclaw-portkey explain"),
    ("models", "--list", "openclaw-portkey models"),
    ("undo", "--last", "openclaw-portkey undo"),
    ("init", "--provider", "--model @slug/model"),
    ("init", "--config-id", "--gateway-config ID"),
    ("set-header", "--config-id", "--gateway-config ID"),
];

/// Prints help or a usage error.
pub(crate) fn report(
    mut error: clap::Error,
    args: &[OsString],
    root: &clap::Command,
    secrets: Secrets,
) -> Exit {
    if !error.use_stderr() {
        // clap prints help to stdout, with the terminal's colours.
        let _ = error.print();
        return Exit::Done;
    }
    let command = command_name(args, root);
    suggest_flag(&mut error, command);
    suggest_known(&mut error, command);
    advise_on_keys(&mut error, command, root);
    hide_keys(&mut error, command);
    let plain = error.render().to_string();
    let ui = Ui::new(Color::Never, false, true, true, secrets);
    if ui.secrets().safe(&plain) == plain {
        let _ = error.print();
    } else {
        ui.alert(plain.trim_end());
    }
    if wants_json(args) {
        let failure = failure(&error, command);
        let fields =
            serde_json::json!({ "error": json::failure(&failure, &RunContext::default()) });
        ui.result(&json::document(command, fields));
    }
    Exit::CouldNotRun
}

/// The arguments between the program's name and `--`.
fn options(args: &[OsString]) -> impl Iterator<Item = &str> {
    args.iter()
        .skip(1)
        .map(|arg| arg.to_str().unwrap_or_default())
        .take_while(|arg| *arg != "--")
}

/// Whether JSON output is requested, as far as invalid arguments show.
fn wants_json(args: &[OsString]) -> bool {
    let values = options(args).skip(1).map(Some).chain([None]);
    options(args)
        .zip(values)
        .any(|(arg, value)| arg == "--format=json" || (arg == "--format" && value == Some("json")))
}

/// The named command, if it exists.
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

/// The first paragraph is the message; tips become hints.
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
        .hint(format!("`openclaw-portkey{of_command} --help` shows usage"))
}

/// A value that is often typed without its flag.
struct Flagless {
    /// The commands it applies to; empty for all.
    commands: &'static [&'static str],
    is_it: fn(&str) -> bool,
    /// The correct usage; `…` is the value.
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

/// Suggests the missing flag for a value.
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
    did_you_mean(error, &typed);
}

fn did_you_mean(error: &mut clap::Error, typed: &str) {
    let tip = StyledStr::from(format!("did you mean `{typed}`?"));
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
}

/// Suggests the command or flag that has another name elsewhere.
fn suggest_known(error: &mut clap::Error, command: Option<&str>) {
    if let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) {
        let known = OTHER_NAMES.iter().find(|row| row.0.contains(&&**typed));
        if let (Some((_, here)), None) = (known, command) {
            error.remove(ContextKind::SuggestedSubcommand);
            did_you_mean(error, &format!("openclaw-portkey {here}"));
        }
        return;
    }
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(typed))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    {
        let flag = typed.split('=').next().unwrap_or_default();
        let known = OTHER_FLAGS
            .iter()
            .find(|row| command == Some(row.0) && row.1 == flag);
        if let Some((_, _, here)) = known {
            error.remove(ContextKind::SuggestedArg);
            did_you_mean(error, here);
        }
    }
}

/// No flag takes a key as its value: the tip for such an attempt must not suggest a flag that takes
/// a name.
fn advise_on_keys(error: &mut clap::Error, command: Option<&str>, root: &clap::Command) {
    let is_key_flag = |flag: &str| {
        let flag = flag.split('=').next().unwrap_or_default();
        names_secret(flag) || flag.trim_start_matches('-').eq_ignore_ascii_case("key")
    };
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) if is_key_flag(flag) => flag,
        _ => return,
    };
    let takes_keys = root.get_subcommands().any(|command| {
        command
            .get_arguments()
            .any(|arg| arg.get_long() == Some("api-key-stdin"))
    });
    if error.kind() != ErrorKind::UnknownArgument || !takes_keys || flag.contains("api-key-") {
        return;
    }
    // The usage suggests the closest flag, as the tip does.
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::Usage);
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![key_flags(command)]),
    );
}

/// Removes anything that looks like a key from an error.
fn hide_keys(error: &mut clap::Error, command: Option<&str>) {
    let hidden: Vec<ContextKind> = error
        .context()
        .filter(|(_, value)| matches!(value, ContextValue::String(text) if looks_like_key(text)))
        .map(|(kind, _)| kind)
        .collect();
    for kind in &hidden {
        error.insert(*kind, ContextValue::String(MASK.to_owned()));
    }
    if !hidden.is_empty() {
        // A tip may repeat it.
        error.remove(ContextKind::Suggested);
        if matches!(command, Some("init" | "set-key")) {
            let tip = ContextValue::StyledStrs(vec![key_flags(command)]);
            error.insert(ContextKind::Suggested, tip);
        }
    }
}

/// Text from the command line, safe to show: words that look like keys are masked.
pub(crate) fn without_keys(text: &str) -> String {
    let masked = mask_typed(text);
    let words = masked.split_inclusive(' ').map(|word| {
        let bare = word.trim_end_matches(' ');
        if looks_like_key(bare) {
            word.replace(bare, MASK)
        } else {
            word.to_owned()
        }
    });
    let words: String = words.collect();
    printable(&words).into_owned()
}

/// Unlike keys, names of flags, commands and models consist of short words.
pub(crate) fn looks_like_key(text: &str) -> bool {
    let bare = text.trim_start_matches('-');
    let long_mix = |word: &str| {
        word.len() >= MIN_KEY_LENGTH
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
    fn format_and_command_are_found_in_invalid_arguments() {
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
    fn only_keys_are_masked_in_text() {
        for (text, want) in [
            ("401  no such thing", "401  no such thing"),
            ("key aB3dE5gH7jK9mN1pQ3sT5 is bad", "key ******** is bad"),
            ("a\u{1b}b", "a\\u{1b}b"),
        ] {
            assert_eq!(without_keys(text), want);
        }
    }

    #[test]
    fn keys_are_distinguished_from_words() {
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

    #[test]
    fn names_from_other_programs_lead_to_existing_commands() {
        let mut root = crate::cli::command();
        root.build();
        for (names, here) in OTHER_NAMES {
            let word = here.split(' ').next().unwrap();
            assert!(root.find_subcommand(word).is_some(), "{here}");
            for name in *names {
                assert!(root.find_subcommand(name).is_none(), "{name} is a command");
            }
        }
        for (command, flag, _) in OTHER_FLAGS {
            let command = root.find_subcommand(command).unwrap();
            let known = |arg: &clap::Arg| arg.get_long() == flag.strip_prefix("--");
            assert!(!command.get_arguments().any(known), "{flag} is a flag");
        }
    }
}
