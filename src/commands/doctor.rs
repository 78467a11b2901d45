//! `doctor`: why requests don't reach Portkey.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::app::Env;
use crate::app::doctor::examine::Report;
use crate::app::doctor::{self, Options};
use crate::args::{FailOn, PortkeyArgs, WriteArgs};
use crate::causes;
use crate::diagnostic::Diagnostic;
use crate::error::Exit;
use crate::ui::Ui;

/// Arguments of `doctor`.
#[derive(Clone, Debug, Args)]
#[command(group = clap::ArgGroup::new("requests").multiple(true))]
#[command(after_help = "Examples:
  openclaw-portkey doctor
  openclaw-portkey doctor --symptom 401
  openclaw-portkey doctor --probe
  openclaw-portkey doctor --prove-fallback
  openclaw-portkey doctor --fix --dry-run

It contacts only the configured base URL, and writes only with --fix.
Exit codes: 0 no problems, 1 problems found, 2 could not run.")]
pub struct DoctorArgs {
    /// Send one small request to each model the config uses; costs a few tokens
    #[arg(
        long,
        conflicts_with = "offline",
        help_heading = "Check",
        group = "requests"
    )]
    probe: bool,
    /// Let the first target fail on purpose, to see that Portkey falls back; with --probe
    #[arg(
        long,
        conflicts_with = "offline",
        help_heading = "Check",
        group = "requests",
        hide_short_help = true
    )]
    prove_fallback: bool,
    /// Seconds to wait for Portkey to count the answered requests, if the key can read usage
    #[arg(
        long,
        requires = "requests",
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(0..=600),
        help_heading = "Check",
        hide_short_help = true
    )]
    wait: u64,
    /// Check only for this symptom; can be repeated
    #[arg(long, value_enum, value_name = "SYMPTOM", help_heading = "Check")]
    symptom: Vec<Symptom>,
    #[command(flatten)]
    portkey: PortkeyArgs,
    /// Apply fixes that are safe
    #[arg(long, help_heading = "Writing")]
    fix: bool,
    /// Exit with 1 at this level or above
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "LEVEL",
        help_heading = "Output",
        hide_short_help = true
    )]
    fail_on: FailOn,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// The symptom that the user sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Symptom {
    /// Requests are not in the dashboard
    Dashboard,
    /// 401 or 403
    #[value(name = "401", alias = "403")]
    Unauthorized,
    /// Model, provider or path not found
    #[value(alias = "404", alias = "model-not-found")]
    NotFound,
    /// 429
    #[value(alias = "429", alias = "rate-limited")]
    RateLimit,
    /// A budget is used up (412)
    #[value(alias = "412")]
    Budget,
    /// A guardrail intervened (246, 446)
    #[value(alias = "446")]
    Guardrail,
    /// No answer in time
    #[value(alias = "408")]
    Timeout,
    /// No connection, or it breaks
    Network,
    /// Headers or gateway config
    Config,
    /// Portkey or the provider fails (5xx)
    #[value(alias = "500")]
    Server,
    /// OpenClaw doesn't start, or doesn't pick up a change
    Openclaw,
}

impl Symptom {
    fn cause_symptom(self) -> causes::Symptom {
        match self {
            Self::Dashboard => causes::Symptom::Dashboard,
            Self::Unauthorized => causes::Symptom::Unauthorized,
            Self::NotFound => causes::Symptom::NotFound,
            Self::RateLimit => causes::Symptom::RateLimited,
            Self::Budget => causes::Symptom::Budget,
            Self::Guardrail => causes::Symptom::Guardrail,
            Self::Timeout => causes::Symptom::Timeout,
            Self::Network => causes::Symptom::Network,
            Self::Config => causes::Symptom::Config,
            Self::Server => causes::Symptom::Server,
            Self::Openclaw => causes::Symptom::OpenClaw,
        }
    }
}

impl DoctorArgs {
    /// Whether a diagnostic matches the requested symptoms.
    fn is_wanted(&self, diagnostic: &Diagnostic) -> bool {
        self.symptom.is_empty()
            || self
                .symptom
                .iter()
                .any(|symptom| diagnostic.symptoms.contains(&symptom.cause_symptom()))
    }
}

/// Runs `doctor`.
///
/// # Errors
/// When the config cannot be located or opened, or the user declines a fix.
pub fn run(args: &DoctorArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let options = Options {
        probe: args.probe || args.prove_fallback,
        prove_fallback: args.prove_fallback,
        wait: Duration::from_secs(args.wait),
        portkey: args.portkey,
        fix: args.fix,
        write: &args.write,
    };
    let keep = |report: &mut Report| {
        let Report {
            outcomes, verdict, ..
        } = report;
        outcomes.retain(|outcome| args.is_wanted(outcome) || verdict.rests_on(outcome));
    };
    let fails = |report: &Report| report.verdict.fails(&report.outcomes, args.fail_on.level());
    doctor::run(&options, &keep, &fails, ui, env)
}
