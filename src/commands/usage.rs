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

/// The longest period to look back, in days.
const MAX_DAYS: u64 = 366;

const DAY: u64 = 24 * 60 * 60;

/// Arguments of `usage`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey usage
  openclaw-portkey usage --by agent --since 30d
  openclaw-portkey usage --by model --format csv
  openclaw-portkey usage --by key --format json | jq '.rows[0]'

Needs an admin key with the scope analytics.view in PORTKEY_ADMIN_API_KEY; see
docs/costs.md. --by agent uses the metadata that `key create --agent` adds to
keys.")]
pub struct UsageArgs {
    /// How to group the results
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

/// How to group the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ByArg {
    /// By agent, from its key's metadata
    Agent,
    /// By model; Portkey reports no tokens or cost for these
    Model,
    /// By user
    User,
    /// By API key
    Key,
    /// By day
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
        return Err(format!("at most {MAX_DAYS} days"));
    }
    Ok(span)
}

impl UsageArgs {
    /// The format for failures of the command itself.
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
/// If there is no admin key, or Portkey refuses.
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
    let Some(usage) = admin.read(ui, || {
        usage_report::ask(&admin, by, &window, &days(until - args.since, until))
    })?
    else {
        return Ok(Exit::Done);
    };
    match args.format {
        UsageFormat::Text => text(&usage, by, &window, ui),
        UsageFormat::Json => output::finish(ui, Format::Json, "usage", || {
            usage_report::json(&usage, by, &window)
        }),
        UsageFormat::Csv => ui.result_part(&csv(by.name(), &usage.rows)),
    }
    if !usage.complete {
        ui.alert("warning: the list is incomplete; Portkey has more rows");
    }
    Ok(Exit::Done)
}

/// The days of a period, such as `2026-11-21`.
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
            "requests per day  {}",
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

/// The row, with a name if its own is empty.
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
            "No request in this period has `agent` metadata; `key create --agent ID` adds it to an agent's key."
        }
        By::Key => "No key that this admin key can list was used in this period.",
        _ => "Portkey counted no requests in this period.",
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
