//! `usage`: requests, tokens and cost, as Portkey counted them.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};

use crate::app::admin::Admin;
use crate::app::session::Session;
use crate::app::usage_report::{self, By, Usage};
use crate::app::{Env, output};
use crate::args::{AdminArgs, ConfigArgs, Format, PortkeyArgs};
use crate::columns::wrap;
use crate::commands::remote::DryRunArg;
use crate::error::Exit;
use crate::portkey::admin::analytics::Window;
use crate::portkey::admin::expiry;
use crate::report::usage::{Row, count, csv, money, short, sparkline, table};
use crate::store::now;
use crate::timestamp;
use crate::ui::{Tone, Ui};

/// The longest time that is looked back, in days.
const MAX_DAYS: u64 = 366;

/// The seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// Arguments of `usage`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey usage
  openclaw-portkey usage --by agent --since 30d
  openclaw-portkey usage --by model --format csv
  openclaw-portkey usage --by key --format json | jq '.rows[0]'

Needs an admin key with the scope analytics.view in PORTKEY_ADMIN_API_KEY; see
docs/costs.md. --by agent reads the metadata that `key create --agent` puts on a
key.")]
pub struct UsageArgs {
    /// What each line is about
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    by: ByArg,
    /// How far to look back, such as 24h, 7d or 30d
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = since)]
    since: Duration,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    portkey: PortkeyArgs,
    /// Use this config file instead of the one OpenClaw reads
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Config",
        hide_short_help = true
    )]
    config: Option<PathBuf>,
    /// OpenClaw's profile, as in `openclaw --profile NAME`
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Config",
        hide_short_help = true
    )]
    profile: Option<String>,
    /// Output format
    #[arg(
        long,
        value_enum,
        default_value_t,
        help_heading = "Output",
        hide_short_help = true
    )]
    format: UsageFormat,
    #[command(flatten)]
    dry_run: DryRunArg,
}

/// What each line is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ByArg {
    /// The agent, by the metadata of its key
    Agent,
    /// The model; Portkey gives no tokens and no cost by model
    Model,
    /// The user
    User,
    /// The API key
    Key,
    /// The day
    #[default]
    Day,
}

impl From<ByArg> for By {
    fn from(arg: ByArg) -> Self {
        match arg {
            ByArg::Agent => Self::Agent,
            ByArg::Model => Self::Model,
            ByArg::User => Self::User,
            ByArg::Key => Self::Key,
            ByArg::Day => Self::Day,
        }
    }
}

/// Output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum UsageFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document on standard output.
    Json,
    /// Comma-separated values.
    Csv,
}

fn since(text: &str) -> Result<Duration, String> {
    let span = expiry::span(text)?;
    if span > Duration::from_secs(MAX_DAYS * DAY) {
        return Err(format!("{MAX_DAYS} days is the longest time"));
    }
    Ok(span)
}

impl UsageArgs {
    /// How a failure of the command itself is reported.
    #[must_use]
    pub fn format(&self) -> Format {
        match self.format {
            UsageFormat::Json => Format::Json,
            UsageFormat::Text | UsageFormat::Csv => Format::Text,
        }
    }
}

/// Runs `usage`.
///
/// # Errors
/// No admin key, or Portkey's refusal.
pub fn run(args: &UsageArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let config = ConfigArgs {
        config: args.config.clone(),
        profile: args.profile.clone(),
        provider_id: None,
        format: args.format(),
    };
    let session = Session::open(&config, env)?;
    let mut admin = Admin::open(&args.admin, args.portkey, &session)?;
    args.dry_run.apply(&mut admin, args.format())?;
    let until = now();
    let window = Window {
        from: timestamp::seconds(until - args.since),
        until: timestamp::seconds(until),
    };
    let by = By::from(args.by);
    let usage = ui.asking(admin.host(), || {
        usage_report::ask(&admin, by, &window, &days(until - args.since, until))
    });
    if admin.shows_calls(ui) {
        return Ok(Exit::Done);
    }
    let usage = usage?;
    match args.format {
        UsageFormat::Text => text(&usage, by, &window, ui),
        UsageFormat::Json => output::finish(ui, Format::Json, "usage", || {
            usage_report::json(&usage, by, &window)
        }),
        UsageFormat::Csv => ui.result_part(&csv(by.name(), &usage.rows)),
    }
    if !usage.complete {
        ui.alert("warning: these are not all; Portkey has more than it was asked for");
    }
    Ok(Exit::Done)
}

/// The days of a time, such as `2026-11-21`.
fn days(from: SystemTime, until: SystemTime) -> Vec<String> {
    let day = |time: SystemTime| timestamp::seconds(time)[..10].to_owned();
    let mut days = Vec::new();
    let mut at = from;
    while at < until {
        days.push(day(at));
        at += Duration::from_secs(DAY);
    }
    let last = day(until);
    if days.last() != Some(&last) {
        days.push(last);
    }
    days
}

fn text(usage: &Usage, by: By, window: &Window, ui: &Ui) {
    let total = &usage.total;
    let line = format!(
        "{} to {}: {} requests, {} tokens, {}",
        &window.from[..10],
        &window.until[..10],
        count(total.requests),
        short(total.tokens.unwrap_or(0.0)),
        money(total.dollars.unwrap_or(0.0)),
    );
    let width = ui.width();
    for line in wrap(&line, width.unwrap_or(usize::MAX)) {
        ui.result(&ui.out(Tone::Bold, &line));
    }
    let values: Vec<f64> = usage.days.iter().map(|day| day.requests).collect();
    let fits = width.is_some_and(|width| values.len() + 16 <= width);
    if fits && values.len() > 1 {
        ui.result(&format!(
            "requests a day  {}",
            ui.out(Tone::Good, &sparkline(&values))
        ));
    }
    let rows: Vec<Row> = usage.rows.iter().map(named).collect();
    if rows.is_empty() {
        ui.note(nothing(by));
        return;
    }
    let mut lines = table(by.name(), &rows, width).into_iter();
    if let Some(heading) = lines.next() {
        ui.note(&ui.err(Tone::Dim, &heading));
    }
    for line in lines {
        ui.result(&line);
    }
}

/// A row whose name is never empty.
fn named(row: &Row) -> Row {
    let mut row = row.clone();
    if row.name.is_empty() {
        "(none)".clone_into(&mut row.name);
    }
    row
}

fn nothing(by: By) -> &'static str {
    match by {
        By::Agent => {
            "No request of this time has the metadata `agent`; `key create --agent ID` gives an agent's key one."
        }
        By::Key => "No key that this admin key may list was used in this time.",
        _ => "Portkey counted no requests in this time.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_no_gaps() {
        let at = |text| timestamp::parse(text).unwrap();
        for (from, until, wanted) in [
            (
                "2026-11-27T10:00:00Z",
                "2026-11-28T09:00:00Z",
                &["2026-11-27", "2026-11-28"][..],
            ),
            (
                "2026-11-27T10:00:00Z",
                "2026-11-27T11:00:00Z",
                &["2026-11-27"],
            ),
            (
                "2026-02-27T23:00:00Z",
                "2026-03-02T01:00:00Z",
                &["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"],
            ),
        ] {
            assert_eq!(days(at(from), at(until)), wanted);
        }
        assert!(since("400d").is_err() && since("0d").is_err() && since("7d").is_ok());
    }
}
