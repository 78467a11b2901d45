//! Completion candidates, from the definitions of the commands.

use clap::{Arg, ArgAction, Command};

/// A candidate with a short description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) text: String,
    pub(crate) about: String,
}

/// Values of an argument that depend on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Models in the config, and those listed by Portkey.
    Models,
    /// Models in the config.
    DeclaredModels,
    Agents,
    /// Aliases of the headers in the config.
    Headers,
    Rules,
    /// Rules, symptoms and statuses.
    Topics,
}

/// By the value name in help.
const BY_VALUE_NAME: &[(&str, Source)] = &[
    ("MODEL", Source::Models),
    ("RULE", Source::Rules),
    ("RULE | STATUS | TEXT", Source::Topics),
];

/// By the argument id, if the value name isn't specific enough.
const BY_ID: &[(&str, Source)] = &[("agent", Source::Agents), ("unset", Source::Headers)];

/// An optional prefix of models, as in OpenClaw's config.
const PROVIDER: &str = "portkey/";

/// Looks up values on the machine.
pub(crate) type Known<'a> = &'a dyn Fn(Source) -> Vec<Candidate>;

/// The words before the one being typed.
struct Line<'c> {
    command: &'c Command,
    /// An option that still needs its value.
    open: Option<&'c Arg>,
    positionals: usize,
    /// After `--`, where nothing is an option.
    only_values: bool,
}

impl<'c> Line<'c> {
    fn read(root: &'c Command, words: &[String]) -> Self {
        let mut line = Self {
            command: root,
            open: None,
            positionals: 0,
            only_values: false,
        };
        for word in words {
            line.take(word);
        }
        line
    }

    fn take(&mut self, word: &str) {
        if self.open.take().is_some() {
            return;
        }
        if self.only_values || word == "-" || !word.starts_with('-') {
            match self.command.find_subcommand(word) {
                Some(command) if self.positionals == 0 => self.command = command,
                _ => self.positionals += 1,
            }
            return;
        }
        if word == "--" {
            self.only_values = true;
        } else if !word.contains('=') {
            self.open = self
                .option(word)
                .filter(|arg| arg.get_action().takes_values());
        }
    }

    /// The option in a word: a long one, or the last of several short ones.
    fn option(&self, word: &str) -> Option<&'c Arg> {
        self.command
            .get_arguments()
            .find(|arg| match word.strip_prefix("--") {
                Some(name) => arg.get_long() == Some(name),
                None => arg.get_short().is_some_and(|short| word.ends_with(short)),
            })
    }

    /// The next positional argument.
    fn positional(&self) -> Option<&'c Arg> {
        let last = self.command.get_positionals().last();
        self.command
            .get_positionals()
            .nth(self.positionals)
            .or_else(|| last.filter(|arg| matches!(arg.get_action(), ArgAction::Append)))
    }

    /// All candidates for `current`, regardless of its prefix.
    fn possible(&self, current: &str, known: Known<'_>) -> Vec<Candidate> {
        let values = |arg, current| values(self.command, arg, current, known);
        if let Some(arg) = self.open {
            return values(arg, current);
        }
        if current.starts_with('-') && !self.only_values {
            let Some((name, value)) = current.split_once('=') else {
                return flags(self.command);
            };
            let option = self.option(name);
            let mut found = option.map(|arg| values(arg, value)).unwrap_or_default();
            for candidate in &mut found {
                candidate.text = format!("{name}={}", candidate.text);
            }
            return found;
        }
        let mut found = if self.positionals == 0 {
            subcommands(self.command)
        } else {
            Vec::new()
        };
        match self.positional() {
            Some(arg) => found.extend(values(arg, current)),
            // Nothing is known about the arguments of an unknown subcommand.
            None if self.command.has_subcommands() || self.only_values => {}
            None => found.extend(flags(self.command)),
        }
        found
    }
}

/// The candidates for the last of `words`; `root` is built, and `known` looks up values on the
/// machine. Empty if only a file, a number or free text is possible.
pub(crate) fn candidates(root: &Command, words: &[String], known: Known<'_>) -> Vec<Candidate> {
    let Some((current, before)) = words.split_last() else {
        return Vec::new();
    };
    let line = Line::read(root, before);
    let mut found = line.possible(current, known);
    found.retain(|candidate| candidate.text.starts_with(current.as_str()));
    if line.open.is_none() {
        found.retain(|candidate| {
            !before.contains(&candidate.text) || is_repeatable(line.command, &candidate.text)
        });
    }
    found
}

fn is_repeatable(command: &Command, flag: &str) -> bool {
    command.get_arguments().any(|arg| {
        let is_named = |long| flag.strip_prefix("--") == Some(long);
        arg.get_long().is_some_and(is_named) && matches!(arg.get_action(), ArgAction::Append)
    })
}

fn subcommands(root: &Command) -> Vec<Candidate> {
    root.get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| Candidate {
            text: command.get_name().to_owned(),
            about: line(command.get_about()),
        })
        .collect()
}

fn flags(command: &Command) -> Vec<Candidate> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .filter_map(|arg| {
            Some(Candidate {
                text: format!("--{}", arg.get_long()?),
                about: line(arg.get_help()),
            })
        })
        .collect()
}

/// The values of an argument, with the part of the word that stays: the values before the last
/// comma of a list, and `portkey/` before a model.
fn values(command: &Command, arg: &Arg, current: &str, known: Known<'_>) -> Vec<Candidate> {
    let source = source(command, arg);
    let list = arg
        .get_value_delimiter()
        .and_then(|comma| current.rfind(comma))
        .map_or(0, |at| at + 1);
    let is_model = matches!(source, Some(Source::Models | Source::DeclaredModels));
    let provider = if is_model && current[list..].starts_with(PROVIDER) {
        PROVIDER.len()
    } else {
        0
    };
    let stays = &current[..list + provider];
    let mut found = all_values(arg, source, known);
    for candidate in &mut found {
        candidate.text.insert_str(0, stays);
    }
    found
}

fn all_values(arg: &Arg, source: Option<Source>, known: Known<'_>) -> Vec<Candidate> {
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        return possible
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| Candidate {
                text: value.get_name().to_owned(),
                about: line(value.get_help()),
            })
            .collect();
    }
    source.map(known).unwrap_or_default()
}

fn source(command: &Command, arg: &Arg) -> Option<Source> {
    let row = |table: &[(&str, Source)], name: &str| {
        table
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, source)| *source)
    };
    let by_value = || row(BY_VALUE_NAME, arg.get_value_names()?.first()?);
    match row(BY_ID, arg.get_id().as_str()).or_else(by_value)? {
        Source::Models if command.get_name() == "remove-model" => Some(Source::DeclaredModels),
        source => Some(source),
    }
}

/// The first line of a help text.
fn line(help: Option<&clap::builder::StyledStr>) -> String {
    help.map(ToString::to_string)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[&str]) -> Vec<String> {
        let mut root = crate::cli::command();
        root.build();
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let known = |source| {
            let texts: &[&str] = match source {
                Source::Models => &["@a/one", "@a/two", "@b/three"],
                Source::DeclaredModels => &["@a/one"],
                Source::Agents => &["work"],
                Source::Headers => &["x-portkey-metadata"],
                Source::Rules => &["primary-missing", "models-empty"],
                Source::Topics => &["412"],
            };
            let candidate = |text: &&str| Candidate {
                text: (*text).to_owned(),
                about: String::new(),
            };
            texts.iter().map(candidate).collect()
        };
        candidates(&root, &words, &known)
            .into_iter()
            .map(|candidate| candidate.text)
            .collect()
    }

    #[test]
    fn commands_are_named_without_the_hidden_ones() {
        let all = texts(&[""]);
        assert!(all.contains(&"init".to_owned()));
        assert!(!all.contains(&"__tab".to_owned()), "{all:?}");
        assert_eq!(texts(&["set-p"]), ["set-primary"]);
        assert_eq!(texts(&["--color", "never", "unw"]), ["unwire"]);
        assert_eq!(texts(&[]), [""; 0]);
    }

    #[test]
    fn flags_of_the_command_and_the_global_ones() {
        assert_eq!(texts(&["init", "--dry"]), ["--dry-run"]);
        assert_eq!(texts(&["show", "--co"]), ["--config", "--color"]);
        assert!(texts(&["init", ""]).contains(&"--model".to_owned()));
        // A hidden flag, and one that is already given.
        assert_eq!(texts(&["undo", "--ag"]), [""; 0]);
        assert_eq!(texts(&["init", "--dry-run", "--dry"]), [""; 0]);
        assert_eq!(texts(&["init", "--model", "x", "--mod"]), ["--model"]);
        assert_eq!(texts(&["lint", "--", "--f"]), [""; 0]);
    }

    #[test]
    fn values_of_flags_and_positionals() {
        assert_eq!(texts(&["add-model", "--as", ""]), ["primary", "fallback"]);
        assert_eq!(texts(&["add-model", "--as=f"]), ["--as=fallback"]);
        assert_eq!(texts(&["init", "--primary", "@a/t"]), ["@a/two"]);
        assert_eq!(texts(&["set-fallback", "@a/one", "@a"]), ["@a/two"]);
        assert_eq!(texts(&["remove-model", "@"]), ["@a/one"]);
        assert_eq!(texts(&["set-primary", "-y", "--agent", ""]), ["work"]);
        assert_eq!(
            texts(&["set-header", "--unset", ""]),
            ["x-portkey-metadata"]
        );
        assert_eq!(texts(&["lint", "--select", "p"]), ["primary-missing"]);
        assert_eq!(
            texts(&["lint", "--select", "models-empty,p"]),
            ["models-empty,primary-missing"]
        );
        assert_eq!(texts(&["explain", "4"]), ["412"]);
        assert_eq!(texts(&["set-primary", "portkey/@a/t"]), ["portkey/@a/two"]);
        assert_eq!(
            texts(&["init", "--model=portkey/@b"]),
            ["--model=portkey/@b/three"]
        );
        // The primary takes one model.
        assert!(!texts(&["set-primary", "@a/one", ""]).contains(&"@a/two".to_owned()));
        // The shell completes files.
        assert_eq!(texts(&["show", "--config", ""]), [""; 0]);
    }

    #[test]
    fn every_named_value_exists() {
        let mut root = crate::cli::command();
        root.build();
        let args: Vec<&Arg> = root
            .get_subcommands()
            .flat_map(Command::get_arguments)
            .collect();
        for (name, _) in BY_VALUE_NAME {
            let named = |arg: &&&Arg| arg.get_value_names().is_some_and(|names| names[0] == *name);
            assert!(args.iter().find(named).is_some(), "no value {name}");
        }
        for (id, _) in BY_ID {
            assert!(
                args.iter().any(|arg| arg.get_id() == id),
                "no argument {id}"
            );
        }
    }
}
