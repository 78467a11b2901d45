//! `guardrail`: checks on requests and answers.

use clap::{Args, Subcommand};

use crate::app::guardrails::{NewGuardrail, checks, finish, list};
use crate::app::{Env, usage};
use crate::args::{Format, WriteArgs};
use crate::error::{Exit, Failure};
use crate::nearest::{closest, did_you_mean};
use crate::portkey::admin::guardrails::{self as requests, Actions};
use crate::portkey::guardrails::{ALIASES, Check, checks as all_checks, find};
use crate::ui::Ui;

use super::remote::{ChangeArgs, ReadArgs};

/// Arguments of `guardrail`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey guardrail list
  openclaw-portkey guardrail checks pii
  openclaw-portkey guardrail new pii --redact
  openclaw-portkey guardrail new regex --param rule=secret --deny

`checks` needs no key; the others need an admin key in PORTKEY_ADMIN_API_KEY.")]
pub struct GuardrailArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// List your guardrails
    List(ListArgs),
    /// List the available checks, with their parameters
    Checks(ChecksArgs),
    /// Create a guardrail
    New(Box<NewArgs>),
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey guardrail list")]
struct ListArgs {
    #[command(flatten)]
    remote: ReadArgs,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey guardrail checks
  openclaw-portkey guardrail checks pii
  openclaw-portkey guardrail checks default.jwt")]
struct ChecksArgs {
    /// Show only checks whose id or name contains this text
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey guardrail new pii --redact
  openclaw-portkey guardrail new models --param models=gpt-5,gemini-2.5-flash \\
    --deny
  openclaw-portkey guardrail new pii --param categories=SSN,CREDIT_CARD \\
    --dry-run

Add its id (`pg-…`) to a gateway config, under input_guardrails or
output_guardrails.")]
struct NewArgs {
    /// A check: its id, or a short name such as pii; `guardrail checks` lists them
    #[arg(value_name = "CHECK", value_parser = check)]
    check: &'static Check,
    /// The guardrail's name at Portkey [default: the check's]
    #[arg(long, value_name = "NAME", help_heading = "Guardrail")]
    name: Option<String>,
    /// Redact matches instead of only reporting them
    #[arg(long, help_heading = "Guardrail")]
    redact: bool,
    /// Refuse requests that fail the check
    #[arg(long, help_heading = "Guardrail")]
    deny: bool,
    /// Run the check in parallel with the request
    #[arg(long = "async", help_heading = "Guardrail", hide_short_help = true)]
    is_async: bool,
    /// A parameter of the check; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Guardrail", hide_short_help = true)]
    param: Vec<(String, String)>,
    #[command(flatten)]
    change: ChangeArgs,
}

fn check(text: &str) -> Result<&'static Check, String> {
    let text = text.trim();
    find(text).ok_or_else(|| {
        let is_short = |id: &str| {
            id.rsplit('.')
                .next()
                .is_some_and(|short| short.eq_ignore_ascii_case(text))
        };
        let ids = || all_checks().iter().map(|check| check.id);
        let short = ids().find(|id| is_short(id)).map(|id| (id, true));
        let names = ALIASES.iter().map(|(alias, _)| *alias).chain(ids());
        let near = short.or_else(|| closest(text, names));
        did_you_mean(near, "`guardrail checks` lists the checks")
    })
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

impl GuardrailArgs {
    /// The output format.
    #[must_use]
    pub fn format(&self) -> Format {
        match &self.command {
            Command::List(args) => args.remote.format(),
            Command::Checks(args) => args.format,
            Command::New(args) => args.change.write.config.format,
        }
    }

    /// The arguments of a command that writes.
    #[must_use]
    pub fn write(&self) -> Option<&WriteArgs> {
        match &self.command {
            Command::List(_) | Command::Checks(_) => None,
            Command::New(args) => Some(&args.change.write),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// The arguments are invalid, or Portkey refuses.
pub fn run(args: &GuardrailArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    Ok(match &args.command {
        Command::List(args) => run_list(args, ui, env),
        Command::Checks(args) => run_checks(args, ui),
        Command::New(args) => run_new(args, ui, env),
    }?)
}

fn run_list(args: &ListArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let (_session, admin) = args.remote.open(env)?;
    let Some(pages) = admin.read(ui, || admin.list(&requests::list(admin.workspace())))? else {
        return Ok(Exit::Done);
    };
    list(&pages, args.remote.format(), ui);
    Ok(Exit::Done)
}

fn run_checks(args: &ChecksArgs, ui: &Ui) -> Result<Exit, Failure> {
    let wanted = args.filter.as_deref().unwrap_or_default();
    let exact = find(wanted);
    let lower = wanted.to_lowercase();
    let fits = |check: &&Check| {
        check.id.to_lowercase().contains(&lower) || check.name.to_lowercase().contains(&lower)
    };
    let found: Vec<&Check> = match exact {
        Some(check) => vec![check],
        None => all_checks().iter().filter(fits).collect(),
    };
    if found.is_empty() {
        return Err(usage(format!(
            "no check matches `{}`",
            crate::mask::printable(wanted)
        ))
        .hint("`{run: guardrail checks}` lists them all"));
    }
    checks(&found, args.format, ui);
    Ok(Exit::Done)
}

fn run_new(args: &NewArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let mut pairs = args.param.clone();
    if args.redact {
        if !args.check.parameters.contains_key("redact") {
            return Err(usage(format!("{} can't redact", args.check.id))
                .hint("leave out --redact, or choose a check such as pii"));
        }
        pairs.push(("redact".to_owned(), "true".to_owned()));
    }
    let name = args.name.clone().unwrap_or_else(|| short_name(args.check));
    let new = NewGuardrail {
        name,
        check: args.check,
        parameters: args.check.parameters_of(&pairs).map_err(usage)?,
        actions: Actions {
            denies: args.deny,
            is_async: args.is_async,
        },
    };
    let done = args
        .change
        .run((ui, env), false, |remote| remote.guardrail_new(&new))?;
    finish(ui, args.change.write.config.format, "new", || done.fields);
    Ok(done.exit)
}

/// The short name of a check, or else its id.
fn short_name(check: &Check) -> String {
    use crate::portkey::guardrails::ALIASES;
    let alias = ALIASES.iter().find(|(_, id)| *id == check.id);
    alias.map_or(check.id, |(alias, _)| *alias).to_owned()
}
