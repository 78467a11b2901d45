//! `doctor`: why requests do not arrive, on this machine and at Portkey.

mod ask;
mod examine;
mod fix;
mod show;

use clap::{Args, ValueEnum};

use crate::causes;
use crate::cli::{Format, WriteArgs};
use crate::diagnostic::Diagnostic;
use crate::error::{Exit, Failure};
use crate::ui::Ui;

use super::Env;
use super::lint::FailOn;
use examine::Target;

/// Arguments of `doctor`.
#[derive(Clone, Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag on the command line is a bool"
)]
#[command(after_help = "Examples:
  openclaw-portkey doctor
  openclaw-portkey doctor --symptom 401
  openclaw-portkey doctor --probe
  openclaw-portkey doctor --fix --dry-run

It reads, and asks the configured base URL alone; it writes only with --fix. Exit
codes: 0 nothing found, 1 problems found, 2 could not run.")]
pub struct DoctorArgs {
    /// Send one small request to each model that the config refers to; costs a few tokens
    #[arg(long, conflicts_with = "offline", help_heading = "Check")]
    probe: bool,
    /// Do not ask Portkey, only look at this machine
    #[arg(long, help_heading = "Check")]
    offline: bool,
    /// Look at this symptom alone; may be repeated
    #[arg(long, value_enum, value_name = "SYMPTOM", help_heading = "Check")]
    symptom: Vec<Symptom>,
    /// Seconds to wait for each answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10, help_heading = "Check", value_parser = clap::value_parser!(u64).range(1..=600), hide_short_help = true)]
    timeout: u64,
    /// Send the key over plain http to a host that is not this machine
    #[arg(long, help_heading = "Check", hide_short_help = true)]
    insecure_http: bool,
    /// Make the changes to the config that surely keep what you meant
    #[arg(long, help_heading = "Writing")]
    fix: bool,
    /// Exit with 1 from this level up
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "LEVEL",
        help_heading = "Output"
    )]
    fail_on: FailOn,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// What the user sees first.
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
    /// A guardrail stepped in (246, 446)
    #[value(alias = "446")]
    Guardrail,
    /// No answer in time
    #[value(alias = "408")]
    Timeout,
    /// No connection, or a broken one
    Network,
    /// Headers or gateway config
    Config,
    /// Portkey or the provider fails (5xx)
    #[value(alias = "500")]
    Server,
    /// OpenClaw does not start, or does not see a change
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
    /// Whether an outcome is among what was asked for.
    fn is_wanted(&self, outcome: &Diagnostic) -> bool {
        self.symptom.is_empty()
            || self
                .symptom
                .iter()
                .any(|symptom| outcome.symptoms.contains(&symptom.cause_symptom()))
    }
}

/// Runs `doctor`.
///
/// # Errors
/// When the config cannot be located or opened, or the user says no to a fix.
pub fn run(args: &DoctorArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let target = Target::find(args, env)?;
    let mut report = examine::examine(&target, args, ui, env);
    report.outcomes.retain(|outcome| args.is_wanted(outcome));
    let json = args.write.config.format == Format::Json;
    if !json {
        show::text(ui, &report, args.fix);
    }
    let mut mended = None;
    if args.fix {
        let fixed = fix::fix(target, args, ui, env)?;
        if fixed.written {
            // What was sent to the models is not sent again.
            let again = DoctorArgs {
                probe: false,
                ..args.clone()
            };
            report = examine::examine(&Target::find(args, env)?, &again, ui, env);
            report.outcomes.retain(|outcome| args.is_wanted(outcome));
            if !json {
                ui.result("\nAfter the fixes:\n");
                show::text(ui, &report, true);
            }
        } else if fixed.made == 0 && !json {
            ui.note("There is nothing that --fix mends; the rest is for you, as said above.");
        }
        mended = Some(fixed);
    }
    if json {
        show::json(ui, &report, mended.as_ref());
    }
    let fails = report.verdict.fails(&report.outcomes, args.fail_on.level());
    Ok(if fails { Exit::Problems } else { Exit::Done })
}
