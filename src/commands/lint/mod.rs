//! `lint`: what keeps OpenClaw from reaching models through Portkey, with place and fix.

mod baseline;
pub(super) mod files;
pub(super) mod fix;
pub(super) mod judge;
pub(super) mod load;
pub(super) mod online;
mod run;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::causes::{self, Cause, RULES, nearest};
use crate::cli::Format;
use crate::diagnostic::Level;
use crate::openclaw::Version;

use super::usage;
use crate::error::Failure;

pub use run::run;

/// Which files are looked at, for what, and how it is told.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "Examples:
  openclaw-portkey lint
  openclaw-portkey lint --fix
  openclaw-portkey lint --diff deploy/
  openclaw-portkey lint --format sarif --fail-on warning openclaw.json5
  openclaw-portkey lint --select primary-missing,api-key-missing

`openclaw-portkey explain RULE` tells more about a finding.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag on the command line is a bool"
)]
pub struct LintArgs {
    /// What to check, if not the config that OpenClaw reads
    ///
    /// Folders are searched for openclaw.json and openclaw.json5; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// OpenClaw's profile, as in `openclaw --profile NAME`
    #[arg(long, value_name = "NAME", conflicts_with = "files")]
    pub profile: Option<String>,
    /// Check against this version of OpenClaw, instead of the one that last wrote the file
    #[arg(long, value_name = "VERSION", value_parser = version, hide_short_help = true)]
    pub openclaw_version: Option<Version>,
    /// Ask Portkey, too, about the key, the models and the configs
    #[arg(long)]
    pub online: bool,
    /// Check these rules alone
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub select: Vec<String>,
    /// Check these rules besides those that are on
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules",
        hide_short_help = true
    )]
    pub extend_select: Vec<String>,
    /// Do not check these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub ignore: Vec<String>,
    /// Do not tell what this file holds
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub baseline: Option<PathBuf>,
    /// Write what is found into this file, for --baseline
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Rules",
        hide_short_help = true,
        conflicts_with_all = ["baseline", "fix", "unsafe_fixes", "diff"]
    )]
    pub write_baseline: Option<PathBuf>,
    /// Make the fixes that surely keep what you meant
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// Make the other fixes as well
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Show the fixes and write nothing
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: LintFormat,
    /// Exit with 1 from this level up
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "LEVEL",
        help_heading = "Output"
    )]
    pub fail_on: FailOn,
    /// Exit with 0 whatever is found
    #[arg(long, help_heading = "Output", hide_short_help = true)]
    pub no_fail: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
}

impl LintFormat {
    /// How a failure of the command itself is told.
    #[must_use]
    pub fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Text | Self::Sarif | Self::Github => Format::Text,
        }
    }
}

/// The level from which on findings fail the command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors alone.
    #[default]
    Error,
    /// Errors and warnings.
    Warning,
    /// Anything.
    Note,
}

impl FailOn {
    pub(super) fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

impl LintArgs {
    /// Whether files are changed, or shown as they would be.
    fn fixes(&self) -> bool {
        self.fix || self.unsafe_fixes || self.diff
    }

    /// The rules that are asked for.
    fn rules(&self) -> Result<Vec<&'static Cause>, Failure> {
        let select = known_rules(&self.select)?;
        let ignore = known_rules(&self.ignore)?;
        let among = |rules: &[&Cause], id: &str| rules.iter().any(|rule| rule.id == id);
        let more = known_rules(&self.extend_select)?;
        let is_selected = |rule: &&Cause| {
            let first = if select.is_empty() {
                rule.on
            } else {
                among(&select, rule.id)
            };
            first || among(&more, rule.id)
        };
        Ok(RULES
            .iter()
            .copied()
            .filter(is_selected)
            .filter(|rule| !among(&ignore, rule.id))
            .collect())
    }
}

fn known_rules(ids: &[String]) -> Result<Vec<&'static Cause>, Failure> {
    ids.iter()
        .map(|id| causes::rule(id).ok_or_else(|| unknown_rule(id)))
        .collect()
}

fn unknown_rule(id: &str) -> Failure {
    let failure = usage(format!("there is no rule `{}`", crate::mask::printable(id)));
    match nearest(id) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("docs/rules.md lists them"),
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "a version is written like 2026.9.6".to_owned())
}
