//! How to fix something, as text with embedded commands.
//!
//! A command gets the flags of the current run, so that it applies to the same config, and is
//! quoted for the shell.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

/// How to fix something, as text and commands.
///
/// A static text is a template: `{run: set-primary MODEL}` is a command of this program and
/// `{openclaw: gateway restart}` one of OpenClaw's. Any other text is used verbatim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Cow<'static, str>),
    Run(Run),
}

/// The program that a command belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Own,
    OpenClaw,
}

/// A command for the user to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    program: Program,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// Fixed text, including placeholders such as `MODEL`.
    Fixed(&'static str),
    /// A value: quoted if a shell would otherwise misread it.
    Value(String),
}

/// The flags of the current run that select the config, so that suggested commands use the same
/// one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunContext {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--provider-id`, if it isn't `portkey`.
    pub provider_id: Option<String>,
    /// The shell that commands are typed into.
    pub shell: Shell,
}

/// How a shell quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash, zsh, fish.
    Posix,
    /// `PowerShell`, and `cmd` where it behaves the same.
    Windows,
}

impl Default for Shell {
    fn default() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else {
            Self::Posix
        }
    }
}

/// Commands that don't use a config.
const WITHOUT_CONFIG: [&str; 8] = [
    "completions",
    "explain",
    "gateway-config",
    "guardrail",
    "lsp",
    "man",
    "open",
    "team",
];

/// The command that takes files as arguments, and no provider.
const LINT: &str = "lint";

/// The command that covers the whole workspace, regardless of provider.
const USAGE: &str = "usage";

impl Help {
    /// The text with its commands, for a run.
    #[must_use]
    pub fn render(&self, context: &RunContext) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.to_string(),
                Piece::Run(run) => run.render(context),
            })
            .collect()
    }

    /// Adds text.
    #[must_use]
    pub fn text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Piece::Text(text.into()));
        self
    }

    /// Adds a command.
    #[must_use]
    pub fn run(mut self, run: Run) -> Self {
        self.0.push(Piece::Run(run));
        self
    }

    /// Adds a provider to each command that needs to know which one.
    pub(crate) fn choose_provider(&mut self, id: &str) {
        for piece in &mut self.0 {
            if let Piece::Run(run) = piece {
                run.choose_provider(id);
            }
        }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0
            .iter()
            .all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()))
    }

    /// Applies a function to every text and value, for example to hide a secret.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(Cow::Owned(change(text))),
            Piece::Run(run) => Piece::Run(Run {
                program: run.program,
                words: run
                    .words
                    .iter()
                    .map(|word| match word {
                        Word::Fixed(text) => Word::Fixed(text),
                        Word::Value(text) => Word::Value(change(text)),
                    })
                    .collect(),
            }),
        });
        Self(pieces.collect())
    }

    /// The words of its own commands, for tests.
    #[cfg(test)]
    pub(crate) fn commands(&self) -> Vec<Vec<String>> {
        self.0
            .iter()
            .filter_map(|piece| match piece {
                Piece::Run(run) if run.program == Program::Own => Some(run),
                _ => None,
            })
            .map(|run| {
                run.words
                    .iter()
                    .map(|word| word.as_str().to_owned())
                    .collect()
            })
            .collect()
    }
}

impl From<&'static str> for Help {
    fn from(template: &'static str) -> Self {
        let mut help = Self::default();
        let mut rest = template;
        while let Some((before, program, command, after)) = next_command(rest) {
            if !before.is_empty() {
                help = help.text(before);
            }
            help = help.run(Run {
                program,
                words: command.split_whitespace().map(Word::Fixed).collect(),
            });
            rest = after;
        }
        if rest.is_empty() {
            help
        } else {
            help.text(rest)
        }
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self::default().text(text)
    }
}

impl From<Run> for Help {
    fn from(run: Run) -> Self {
        Self::default().run(run)
    }
}

/// Formatted for a run without flags.
impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&RunContext::default()))
    }
}

/// The text before the first command of a template, the command, and the text after it.
fn next_command(text: &'static str) -> Option<(&'static str, Program, &'static str, &'static str)> {
    let marks = [("{run: ", Program::Own), ("{openclaw: ", Program::OpenClaw)];
    let (at, mark, program) = marks
        .into_iter()
        .filter_map(|(mark, program)| Some((text.find(mark)?, mark, program)))
        .min_by_key(|(at, ..)| *at)?;
    let (command, after) = text[at + mark.len()..].split_once('}')?;
    Some((&text[..at], program, command, after))
}

impl Run {
    /// A command of this program, by its name.
    #[must_use]
    pub fn new(command: &'static str) -> Self {
        Self {
            program: Program::Own,
            words: vec![Word::Fixed(command)],
        }
    }

    /// A command of OpenClaw, by its words.
    #[must_use]
    pub fn openclaw(words: &'static str) -> Self {
        Self {
            program: Program::OpenClaw,
            words: words.split_whitespace().map(Word::Fixed).collect(),
        }
    }

    /// Adds a flag or another fixed word.
    #[must_use]
    pub fn flag(mut self, flag: &'static str) -> Self {
        self.words.push(Word::Fixed(flag));
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.words.push(Word::Value(value.into()));
        self
    }

    fn choose_provider(&mut self, id: &str) {
        const FLAG: Word = Word::Fixed("--provider-id");
        if self.takes_provider() && !self.words.contains(&FLAG) {
            self.words.splice(1..1, [FLAG, Word::Value(id.to_owned())]);
        }
    }

    fn command(&self) -> &str {
        self.words.first().map_or("", Word::as_str)
    }

    /// Whether this is a command of this program that uses a config.
    fn takes_config(&self) -> bool {
        self.program == Program::Own && !WITHOUT_CONFIG.contains(&self.command())
    }

    fn takes_provider(&self) -> bool {
        self.takes_config() && ![LINT, USAGE].contains(&self.command())
    }

    /// The command line to type.
    #[must_use]
    pub fn render(&self, context: &RunContext) -> String {
        let quoted = |text: &str| quote(text, context.shell);
        let mut words: Vec<String> = Vec::new();
        let names = |flag: &'static str| self.words.contains(&Word::Fixed(flag));
        let pick = |flag: &'static str, value: Option<&str>| {
            value
                .filter(|_| !names(flag))
                .map(|value| [flag.to_owned(), quoted(value)])
        };
        let profile = context.profile.as_deref().filter(|_| !names("--config"));
        let rest = match self.program {
            Program::OpenClaw => {
                words.push("openclaw".to_owned());
                words.extend(pick("--profile", profile).into_iter().flatten());
                &self.words[..]
            }
            Program::Own => {
                words.push("openclaw-portkey".to_owned());
                let Some((command, rest)) = self.words.split_first() else {
                    return words.join(" ");
                };
                words.push(command.as_str().to_owned());
                rest
            }
        };
        let takes_config = self.takes_config();
        let takes_files = takes_config && self.command() == LINT;
        let file = context
            .config
            .as_ref()
            .map(|file| file.display().to_string());
        if takes_config {
            words.extend(pick("--profile", profile).into_iter().flatten());
        }
        if takes_config && !takes_files {
            let file = file.as_deref().filter(|_| !names("--profile"));
            words.extend(pick("--config", file).into_iter().flatten());
        }
        if self.takes_provider() {
            let provider = context.provider_id.as_deref();
            words.extend(pick("--provider-id", provider).into_iter().flatten());
        }
        words.extend(rest.iter().map(|word| match word {
            Word::Fixed(text) => (*text).to_owned(),
            Word::Value(text) => quoted(text),
        }));
        if takes_files {
            words.extend(file.as_deref().map(quoted));
        }
        words.join(" ")
    }
}

impl Word {
    fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Value(text) => text,
        }
    }
}

/// Quotes a word for a shell.
#[must_use]
pub fn quote(text: &str, shell: Shell) -> String {
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric()
            || "-_./:@%+,=".contains(c)
            || (shell == Shell::Windows && c == '\\')
    };
    let needs_none = match shell {
        Shell::Posix => text.chars().all(is_plain),
        // PowerShell splats `@name` and splits at a comma; cmd expands `%name%`.
        Shell::Windows => text.chars().all(|c| is_plain(c) && !"@%,".contains(c)),
    };
    if needs_none && !text.is_empty() {
        return text.to_owned();
    }
    match shell {
        Shell::Posix => format!("'{}'", text.replace('\'', r"'\''")),
        // Double quotes mean the same to PowerShell and cmd, unless the text contains one of these.
        Shell::Windows if !text.contains(['"', '$', '`', '%']) => format!("\"{text}\""),
        Shell::Windows => format!("'{}'", text.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Help, LINT, Run, RunContext, Shell, USAGE, WITHOUT_CONFIG, quote};
    use crate::causes;

    fn context(shell: Shell) -> RunContext {
        RunContext {
            profile: None,
            config: Some("/path with space/x.json".into()),
            provider_id: Some("pk".to_owned()),
            shell,
        }
    }

    fn work() -> RunContext {
        RunContext {
            profile: Some("work".to_owned()),
            ..RunContext::default()
        }
    }

    #[test]
    fn commands_get_the_runs_flags() {
        let help = Help::from("Run: {run: init}, or {run: set-header --unset x} — that is all.");
        assert_eq!(
            help.render(&context(Shell::Posix)),
            "Run: openclaw-portkey init --config '/path with space/x.json' --provider-id pk, or \
             openclaw-portkey set-header --config '/path with space/x.json' --provider-id pk \
             --unset x — that is all."
        );
        assert_eq!(
            help.render(&context(Shell::Windows)),
            "Run: openclaw-portkey init --config \"/path with space/x.json\" --provider-id pk, or \
             openclaw-portkey set-header --config \"/path with space/x.json\" --provider-id pk \
             --unset x — that is all."
        );
        assert_eq!(
            help.to_string(),
            "Run: openclaw-portkey init, or openclaw-portkey set-header --unset x — that is all."
        );
        let both = RunContext {
            provider_id: Some("pk".to_owned()),
            ..work()
        };
        for (template, want) in [
            (
                "{run: init}",
                "openclaw-portkey init --profile work --provider-id pk",
            ),
            ("{run: lint}", "openclaw-portkey lint --profile work"),
            ("{run: explain 412}", "openclaw-portkey explain 412"),
            (
                "{openclaw: gateway restart}",
                "openclaw --profile work gateway restart",
            ),
            // An explicit flag wins.
            (
                "{run: doctor --config FILE}",
                "openclaw-portkey doctor --provider-id pk --config FILE",
            ),
            (
                "{run: doctor --provider-id a}",
                "openclaw-portkey doctor --profile work --provider-id a",
            ),
            ("no command {here}", "no command {here}"),
        ] {
            assert_eq!(Help::from(template).render(&both), want);
        }
        let lint = Help::from("{run: lint --fix}").render(&context(Shell::Posix));
        assert_eq!(
            lint,
            "openclaw-portkey lint --fix '/path with space/x.json'"
        );
    }

    #[test]
    fn dynamic_text_is_not_a_template() {
        let name = "{run: undo --yes}".to_owned();
        assert_eq!(Help::from(name.clone()).to_string(), name);
        let run = Run::new("set-primary")
            .value("@a/$(reboot)")
            .flag("--agent")
            .value("it's");
        assert_eq!(
            Help::from(run.clone()).render(&RunContext {
                shell: Shell::Posix,
                ..RunContext::default()
            }),
            r"openclaw-portkey set-primary '@a/$(reboot)' --agent 'it'\''s'"
        );
        let hidden = Help::from(run).map(|text| text.replace("reboot", "***"));
        assert!(!hidden.to_string().contains("reboot"));
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        for (text, posix, windows) in [
            ("", "''", "\"\""),
            ("a/b.json", "a/b.json", "a/b.json"),
            ("@openai/gpt-5", "@openai/gpt-5", "\"@openai/gpt-5\""),
            ("a b", "'a b'", "\"a b\""),
            (r"C:\x\y z.json", r"'C:\x\y z.json'", r#""C:\x\y z.json""#),
            (r"C:\x\y.json", r"'C:\x\y.json'", r"C:\x\y.json"),
            ("it's", r"'it'\''s'", "\"it's\""),
            ("$HOME", "'$HOME'", "'$HOME'"),
            ("a;b", "'a;b'", "\"a;b\""),
            ("é", "'é'", "\"é\""),
            ("~/x", "'~/x'", "\"~/x\""),
            ("line\nbreak", "'line\nbreak'", "\"line\nbreak\""),
        ] {
            assert_eq!(quote(text, Shell::Posix), posix);
            assert_eq!(quote(text, Shell::Windows), windows);
        }
    }

    /// Suggested commands must exist and accept their flags.
    #[test]
    fn every_suggested_command_exists() {
        let mut named = 0;
        for cause in causes::all() {
            for text in [cause.summary, cause.why, cause.fix] {
                assert!(!text.contains("openclaw-portkey "), "{}: {text}", cause.id);
            }
            for words in Help::from(cause.fix).commands() {
                let words = [vec!["openclaw-portkey".to_owned()], words].concat();
                let parsed = crate::cli::command().try_get_matches_from(&words);
                assert!(parsed.is_ok(), "{}: {words:?}: {parsed:?}", cause.id);
                named += 1;
            }
        }
        assert!(named > 30, "{named}");
    }

    #[test]
    fn flags_are_added_only_if_a_command_has_them() {
        for command in crate::cli::command().get_subcommands() {
            let name = command.get_name();
            let has = |command: &clap::Command, flag: &str| {
                let mut args = command.get_arguments();
                args.any(|arg| arg.get_long() == Some(flag))
            };
            let takes = |flag: &str| {
                let mut parts = command.get_subcommands();
                has(command, flag) || command.has_subcommands() && parts.all(|part| has(part, flag))
            };
            if command.is_hide_set() {
                continue;
            }
            let has_config = !WITHOUT_CONFIG.contains(&name);
            assert_eq!(takes("profile"), has_config, "{name}");
            let has_provider = has_config && name != LINT;
            assert_eq!(takes("config"), has_provider, "{name}");
            let has_provider = has_provider && name != USAGE;
            assert_eq!(takes("provider-id"), has_provider, "{name}");
        }
    }
}
