//! `lint`: problems that keep requests from reaching Portkey, with location and fix.

use std::path::PathBuf;

use clap::Args;

use crate::app::lint::{self, Fixes, Options};
use crate::app::{Env, cause_list, usage};
use crate::args::{FailOn, LintFormat};
use crate::causes::{self, Cause, RULES, nearest};
use crate::error::{Exit, Failure};
use crate::openclaw::Version;
use crate::ui::Ui;

/// Arguments of `lint`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "Examples:
  openclaw-portkey lint
  openclaw-portkey lint --fix
  openclaw-portkey lint --diff deploy/
  openclaw-portkey lint --format sarif --fail-on warning openclaw.json5
  openclaw-portkey lint --select primary-missing,api-key-missing
  openclaw-portkey lint --policy team.json5

Run `openclaw-portkey explain RULE` for details about a finding.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag on the command line is a bool"
)]
pub struct LintArgs {
    /// Files or folders to check instead of the config OpenClaw reads
    ///
    /// Folders are searched for openclaw.json and openclaw.json5; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// OpenClaw's profile, as in `openclaw --profile NAME`
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "files",
        hide_short_help = true
    )]
    pub profile: Option<String>,
    /// Assume this OpenClaw version instead of the one that last wrote the file
    #[arg(long, value_name = "VERSION", value_parser = version, hide_short_help = true)]
    pub openclaw_version: Option<Version>,
    /// Also check key, models and configs with Portkey
    #[arg(long)]
    pub online: bool,
    /// Also check that the config follows this team file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub policy: Option<PathBuf>,
    /// List the rules
    #[arg(long, help_heading = "Rules", hide_short_help = true)]
    pub rules: bool,
    /// Check only these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub select: Vec<String>,
    /// Check these rules in addition to the default ones
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules",
        hide_short_help = true
    )]
    pub extend_select: Vec<String>,
    /// Don't check these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules",
        hide_short_help = true
    )]
    pub ignore: Vec<String>,
    /// Hide findings recorded in this file
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Rules",
        hide_short_help = true
    )]
    pub baseline: Option<PathBuf>,
    /// Record findings in this file, for --baseline
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Rules",
        hide_short_help = true,
        conflicts_with_all = ["baseline", "fix", "unsafe_fixes", "diff"]
    )]
    pub write_baseline: Option<PathBuf>,
    /// Apply fixes that are safe
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// With --fix or --diff: include fixes that may change the meaning
    #[arg(long, help_heading = "Fixes", hide_short_help = true)]
    pub unsafe_fixes: bool,
    /// Show the fixes without writing them
    #[arg(long, visible_alias = "dry-run", help_heading = "Fixes")]
    pub diff: bool,
    /// text, json, sarif or github
    #[arg(
        long,
        value_enum,
        default_value_t,
        help_heading = "Output",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: LintFormat,
    /// Exit with 1 at this level or above
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "LEVEL",
        help_heading = "Output",
        hide_short_help = true
    )]
    pub fail_on: FailOn,
    /// Exit with 0 even if there are findings
    #[arg(long, help_heading = "Output", hide_short_help = true)]
    pub no_fail: bool,
}

/// Runs `lint`.
///
/// # Errors
/// The arguments are invalid, there is no config, or the baseline can't be read. A config file that
/// can't be read is reported with the diagnostics of the others.
pub fn run(args: &LintArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let options = args.options()?;
    if args.rules {
        let format = args.format.of_failures();
        let rules = options.rules.iter().copied().map(Into::into).collect();
        return Ok(cause_list::list(ui, format, "lint", rules));
    }
    lint::run::run(&options, ui, env)
}

impl LintArgs {
    fn options(&self) -> Result<Options, Failure> {
        Ok(Options {
            files: self.files.clone(),
            profile: self.profile.clone(),
            version: self.openclaw_version,
            rules: self.selected()?,
            online: self.online,
            policy: self.policy.clone(),
            selects_policy: known_rules(&self.select)?
                .iter()
                .any(|rule| rule.is_policy()),
            selects_online: known_rules(&self.select)?
                .iter()
                .any(|rule| rule.is_online()),
            baseline: self.baseline.clone(),
            write_baseline: self.write_baseline.clone(),
            fixes: if self.diff {
                Fixes::Show
            } else if self.fix {
                Fixes::Write
            } else {
                Fixes::Offer
            },
            safe: self.fix,
            also_unsafe: self.unsafe_fixes,
            format: self.format,
            fail_on: self.fail_on,
            no_fail: self.no_fail,
        })
    }

    /// The selected rules.
    fn selected(&self) -> Result<Vec<&'static Cause>, Failure> {
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
    let failure = usage(format!("unknown rule `{}`", crate::mask::printable(id)));
    match nearest(id) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`{run: lint --rules}` lists them"),
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "expected a version such as 2026.9.6".to_owned())
}
