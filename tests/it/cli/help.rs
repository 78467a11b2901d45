//! Help, the manual, and messages for typos.

use std::fs;
use std::path::Path;

use openclaw_portkey::cli;
use openclaw_portkey::commands::man;
use snapbox::str;

use crate::support::home::Home;
use crate::support::snapshot::{file, same};

/// The maximum number of lines of short help, so that it fits a terminal.
const SHORT: usize = 24;

/// A command as typed, such as `key create`, and its definition.
struct Known {
    words: Vec<String>,
    command: clap::Command,
}

impl Known {
    fn name(&self) -> String {
        self.words.join(" ")
    }
}

/// Every command, each followed by its subcommands.
fn commands() -> Vec<Known> {
    fn below(command: &clap::Command, words: &[String], all: &mut Vec<Known>) {
        for command in command.get_subcommands() {
            if command.is_hide_set() || command.get_name() == "help" {
                continue;
            }
            let words = [words, &[command.get_name().to_owned()]].concat();
            all.push(Known {
                words: words.clone(),
                command: command.clone(),
            });
            below(command, &words, all);
        }
    }
    let mut root = cli::command();
    root.build();
    let mut all = Vec::new();
    below(&root, &[], &mut all);
    all
}

/// The examples of a command, with continued lines joined, up to a pipe or redirection.
fn examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_after_long_help().unwrap().to_string();
    let help = help.replace("\\\n", " ");
    let line = |line: &str| {
        let line = line.strip_prefix("  openclaw-portkey ")?;
        Some(line.split(['|', '>', '<']).next()?.to_owned())
    };
    help.lines().filter_map(line).collect()
}

/// Splits at spaces outside quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split(['"', '\'']).enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_command_has_help_that_fits() {
    let home = Home::new();
    for known in commands() {
        let name = known.name();
        for flag in ["-h", "--help"] {
            let mut args: Vec<&str> = known.words.iter().map(String::as_str).collect();
            args.push(flag);
            let ran = home.run(&args).status(0);
            let form = if flag == "-h" { "short" } else { "long" };
            let ran = ran.says(
                file(&format!("help/{}.{form}.txt", name.replace(' ', "-"))),
                "",
            );
            for line in ran.stdout.lines() {
                assert!(line.chars().count() <= 80, "{name} {flag}: {line}");
            }
            assert!(ran.stdout.contains("\nExamples:\n"), "{name} {flag}");
            if flag == "-h" {
                let lines = ran.stdout.lines().count();
                assert!(lines <= SHORT, "{name} -h has {lines} lines");
            } else {
                assert!(ran.stdout.contains("\nMore: https://"), "{name}");
            }
        }
        // A longer line would wrap where no shell continues it.
        let help = known.command.get_after_long_help().unwrap().to_string();
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

#[test]
fn the_program_has_help_and_a_version() {
    let home = Home::new();
    let short = home.run(&["-h"]);
    let lines = short.stdout.lines().count();
    assert!(lines <= SHORT, "-h has {lines} lines");
    short.expect(0, file("help/short.txt"), str![]);
    home.run(&["help"]).expect(0, file("help/all.txt"), str![]);
    home.run(&["--help"])
        .expect(0, file("help/long.txt"), str![]);
    home.fails(&[""; 0], 2).says("", file("help/none.txt"));
    home.fails(&["explain", "--nope"], 2).says(
        "",
        str![[r#"
error: unexpected argument '--nope' found

  tip: to pass '--nope' as a value, use '-- --nope'

Usage: openclaw-portkey explain [OPTIONS] [RULE | STATUS | TEXT]...

For more information, try '--help'.

"#]],
    );
}

#[test]
fn every_argument_is_explained() {
    for Known { command, .. } in commands() {
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "{} {}", command.get_name(), arg.get_id());
        }
    }
}

#[test]
fn every_example_parses() {
    for known in commands() {
        let examples = examples(&known.command);
        assert!(!examples.is_empty(), "{}", known.name());
        for example in examples {
            let args = [vec!["openclaw-portkey".to_owned()], words(&example)].concat();
            let named = known.words.iter().all(|word| args[1..].contains(word));
            assert!(named, "{}: {example}", known.name());
            if let Err(error) = cli::command().try_get_matches_from(args) {
                panic!("{example}\n{error}");
            }
        }
    }
}

#[test]
fn typos_get_a_suggestion() {
    let home = Home::new();
    for (args, wanted) in [
        (
            &["modles"][..],
            str![[r#"
error: unrecognized subcommand 'modles'

  tip: a similar subcommand exists: 'models'

Usage: openclaw-portkey [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
        ),
        (
            &["set-fallbak", "@a/b"],
            str![[r#"
error: unrecognized subcommand 'set-fallbak'

  tip: a similar subcommand exists: 'set-fallback'

Usage: openclaw-portkey [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
        ),
        (
            &["init", "--primry", "@a/b"],
            str![[r#"
error: unexpected argument '--primry' found

  tip: a similar argument exists: '--primary'

Usage: openclaw-portkey init --primary <MODEL>

For more information, try '--help'.

"#]],
        ),
        (
            &["add-model", "@a/b", "--as", "fallbck"],
            str![[r#"
error: invalid value 'fallbck' for '--as <ROLE>'
  [possible values: primary, fallback]

  tip: a similar value exists: 'fallback'

For more information, try '--help'.

"#]],
        ),
        (
            &["lint", "--select", "primary-mising"],
            str![[r#"
error: unknown rule `primary-mising`
  → did you mean `primary-missing`?

"#]],
        ),
        (
            &["explain", "primary-mising"],
            str![[r#"
error: no rule, status or error matches `primary-mising`
  → did you mean primary-missing?

"#]],
        ),
    ] {
        home.fails(args, 2).says("", wanted);
    }
}

/// `cargo run --example docs` regenerates them.
#[test]
fn the_manual_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/man");
    let pages = man::pages(openclaw_portkey::cli::command()).unwrap();
    for page in &pages {
        let found = fs::read(folder.join(&page.name)).unwrap_or_default();
        assert!(
            found == page.text,
            "completions/man/{} is stale: cargo run --example docs",
            page.name
        );
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), pages.len());
}

#[test]
fn the_manual_goes_to_the_output_or_into_a_folder() {
    let home = Home::new();
    let page = home.run(&["man"]).status(0).stdout;
    let pages = man::pages(openclaw_portkey::cli::command()).unwrap();
    assert!(pages.iter().any(|kept| kept.text == page.as_bytes()));
    let head: Vec<&str> = page.lines().take(8).collect();
    same(
        &head.join("\n"),
        str![[r#"
.ie \n(.g .ds Aq \(aq
.el .ds Aq '
.TH openclaw-portkey 1  "openclaw-portkey VERSION" 
.ie \n(.g .ds Aq \(aq
.el .ds Aq '
.SH NAME
openclaw\-portkey \- Route OpenClaw through the Portkey AI gateway without rewriting your openclaw.json
.ie \n(.g .ds Aq \(aq
"#]],
    );
    home.run(&["man", "--dir", "share/man1"]).expect(
        0,
        str![],
        str![[r#"
53 pages written to share/man1

"#]],
    );
    assert_eq!(home.files().len(), pages.len());
    for kept in &pages {
        assert_eq!(
            home.read(&format!("share/man1/{}", kept.name)).as_bytes(),
            kept.text
        );
    }
    #[cfg(unix)]
    assert_eq!(home.mode("share/man1/openclaw-portkey-init.1"), 0o644);
    home.write("file", "");
    home.fails(&["man", "--dir", "file/below"], 2).says(
        "",
        str![[r#"
error: cannot write file/below/openclaw-portkey.1: SYSTEM MESSAGE

"#]],
    );
}

#[test]
fn names_from_other_programs_lead_to_the_command_or_flag() {
    let home = Home::new();
    for (args, tip) in [
        (&["status"][..], "`openclaw-portkey show`"),
        (
            &["set-model", "@a/b"],
            "`openclaw-portkey set-primary MODEL`",
        ),
        (&["help", "login"], "`openclaw-portkey init`"),
        (&["lint", "--config", "x"], "`openclaw-portkey lint FILE`"),
        (&["lint", "--config=x"], "`openclaw-portkey lint FILE`"),
        (&["set-header", "--remove", "x"], "`--unset NAME`"),
    ] {
        let ran = home.fails(args, 2);
        let tip = format!("tip: did you mean {tip}?");
        assert!(ran.stderr.contains(&tip), "{args:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("similar"), "{args:?}: {}", ran.stderr);
    }
    let key = "pk-abcdef0123456789abc";
    for (args, tip) in [
        (&["set-key", key][..], "--stdin or --file FILE"),
        (&["set-key", "--key", key], "--stdin or --file FILE"),
        (&["init", key], "--api-key-stdin or --api-key-file FILE"),
    ] {
        let ran = home.fails(args, 2);
        assert!(ran.stderr.contains(&format!("use {tip}")), "{}", ran.stderr);
        assert!(!ran.stderr.contains(key));
    }
}

#[test]
fn help_and_usage_errors_follow_the_colour_setting() {
    for (name, is_coloured) in [
        ("FORCE_COLOR", true),
        ("CLICOLOR_FORCE", true),
        ("X", false),
    ] {
        let home = Home::new().var(name, "1");
        for (args, status) in [(&["-h"][..], 0), (&["init", "--help"], 0), (&["lnit"], 2)] {
            let ran = home.run(args).status(status);
            let text = ran.stdout.clone() + &ran.stderr;
            assert_eq!(text.contains('\u{1b}'), is_coloured, "{name} {args:?}");
        }
        let home = home.var("NO_COLOR", "1");
        assert!(!home.run(&["-h"]).stdout.contains('\u{1b}'));
    }
}

#[test]
fn open_shows_the_logs_of_a_trace() {
    let home = Home::new();
    home.run(&["open", "logs", "abc-1"]).expect(
        0,
        str![[r#"
https://app.portkey.ai/logs

"#]],
        str![[r#"
Search there for the trace abc-1.

"#]],
    );
    home.run(&["open", "config"]).expect(
        0,
        str![[r#"
https://app.portkey.ai/configs

"#]],
        str![],
    );
    home.fails(&["open", "keys", "abc-1"], 2);
}
