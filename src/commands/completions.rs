//! `completions`: prints a shell completion script.

use clap::{Args, ValueEnum};

use crate::error::Exit;
use crate::ui::Ui;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey completions bash \\
    > ~/.local/share/bash-completion/completions/openclaw-portkey
  openclaw-portkey completions fish \\
    > ~/.config/fish/completions/openclaw-portkey.fish")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// The supported shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// Bash, 3.2 and later
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// `PowerShell`
    #[value(name = "powershell")]
    PowerShell,
    /// Elvish
    Elvish,
    /// Nushell
    Nushell,
}

impl Shell {
    /// The script. It contains no command names: it calls the program to complete them.
    #[must_use]
    pub fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("../../completions/openclaw-portkey.bash"),
            Self::Zsh => include_str!("../../completions/_openclaw-portkey"),
            Self::Fish => include_str!("../../completions/openclaw-portkey.fish"),
            Self::PowerShell => include_str!("../../completions/openclaw-portkey.ps1"),
            Self::Elvish => include_str!("../../completions/openclaw-portkey.elv"),
            Self::Nushell => include_str!("../../completions/openclaw-portkey.nu"),
        }
    }
}

/// Runs `completions`.
#[must_use]
pub fn run(args: &CompletionsArgs, ui: &Ui) -> Exit {
    ui.result_part(args.shell.script());
    Exit::Done
}
