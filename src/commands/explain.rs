//! `explain`: what a rule, an HTTP status or an error text means, and what to do; or all that is known.

use clap::Args;
use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::causes::{self, Cause};
use crate::diagnostic::Level;
use crate::error::{Exit, Failure};
use crate::gateway_config::check;
use crate::help::Help;
use crate::report::text::wrapped;
use crate::ui::{Tone, Ui};
use crate::usage_error::without_keys;

use crate::app::{cause_list, output, usage};

/// How wide the explanations are, in columns.
const WIDTH: usize = 80;

/// What to explain.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "Examples:
  openclaw-portkey explain 412
  openclaw-portkey explain primary-missing
  openclaw-portkey explain \"401 Invalid API Key\"")]
pub struct ExplainArgs {
    /// A rule's id, an HTTP status, or an error text of OpenClaw or Portkey;
    /// lists everything known if omitted
    #[arg(value_name = "RULE | STATUS | TEXT")]
    pub what: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
}

/// A rule of `lint` or of `gateway-config check`.
struct Rule {
    id: &'static str,
    group: &'static str,
    level: Level,
    summary: &'static str,
    why: &'static str,
    fix: String,
    bad: &'static [&'static str],
    good: &'static [&'static str],
    team: &'static str,
}

impl From<&'static Cause> for Rule {
    fn from(cause: &'static Cause) -> Self {
        Self {
            id: cause.id,
            group: cause.area.name(),
            level: cause.level,
            summary: cause.summary,
            why: cause.why,
            fix: Help::from(cause.fix).to_string(),
            bad: cause.bad,
            good: cause.good,
            team: cause.team,
        }
    }
}

impl From<&'static check::Rule> for Rule {
    fn from(rule: &'static check::Rule) -> Self {
        Self {
            id: rule.id,
            group: "gateway-config",
            level: rule.level,
            summary: rule.summary,
            why: rule.why,
            fix: rule.fix.to_owned(),
            bad: rule.bad,
            good: rule.good,
            team: "",
        }
    }
}

/// What was understood.
enum Topic {
    Rule(Rule),
    Symptoms(Vec<&'static Cause>),
}

/// Runs the command.
///
/// # Errors
/// When no rule, status or error matches; the failure suggests the nearest.
pub fn run(args: &ExplainArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let what = args.what.join(" ");
    if what.trim().is_empty() {
        let all: Vec<&Cause> = causes::all().collect();
        return Ok(cause_list::list(ui, args.format, "explain", &all));
    }
    let topic = topic(what.trim()).ok_or_else(|| unknown(what.trim()))?;
    output::finish(ui, args.format, "explain", || match &topic {
        Topic::Rule(rule) => json!({ "rule": rule_json(rule), "symptoms": [] }),
        Topic::Symptoms(symptoms) => {
            let symptoms: Vec<Json> = symptoms.iter().map(|one| symptom_json(one)).collect();
            json!({ "rule": null, "symptoms": symptoms })
        }
    });
    if args.format == Format::Json {
        return Ok(Exit::Done);
    }
    match topic {
        Topic::Rule(rule) => rule_text(ui, &rule),
        Topic::Symptoms(symptoms) => {
            for (at, symptom) in symptoms.into_iter().enumerate() {
                if at > 0 {
                    ui.result("");
                }
                symptom_text(ui, symptom);
            }
        }
    }
    Ok(Exit::Done)
}

fn topic(what: &str) -> Option<Topic> {
    if let Some(cause) = causes::by_id(what) {
        return Some(if cause.is_rule() {
            Topic::Rule(cause.into())
        } else {
            Topic::Symptoms(vec![cause])
        });
    }
    if let Some(rule) = check::all_rules().find(|rule| rule.id == what) {
        return Some(Topic::Rule(rule.into()));
    }
    if let Ok(status) = what.parse() {
        let carriers: Vec<_> = causes::for_status(status).collect();
        return (!carriers.is_empty()).then_some(Topic::Symptoms(carriers));
    }
    let symptom = causes::recognise(what)?;
    Some(Topic::Symptoms(vec![symptom]))
}

fn unknown(what: &str) -> Failure {
    let start: String = what.chars().take(60).collect();
    let failure = usage(format!(
        "no rule, status or error matches `{}`",
        without_keys(&start)
    ));
    if what.parse::<u16>().is_ok() {
        return failure.hint("neither Portkey nor OpenClaw is known to use this status");
    }
    let ids = causes::all().map(|cause| cause.id);
    let mut near: Vec<(f64, &str)> = ids
        .chain(check::all_rules().map(|rule| rule.id))
        .map(|id| (strsim::jaro_winkler(&start, id), id))
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near: Vec<&str> = near.into_iter().take(3).map(|(_, id)| id).collect();
    if near.is_empty() {
        failure.hint("see docs/rules.md and docs/troubleshooting.md")
    } else {
        failure.hint(format!("did you mean {}?", near.join(" or ")))
    }
}

fn rule_text(ui: &Ui, rule: &Rule) {
    ui.result(&format!("{} ({})", ui.out(Tone::Bold, rule.id), rule.level));
    ui.result(&wrapped(rule.summary, WIDTH));
    ui.result("");
    ui.result(&wrapped(rule.why, WIDTH));
    ui.result("");
    ui.result(&ui.out(Tone::Good, &wrapped(&format!("Fix: {}", rule.fix), WIDTH)));
    if !rule.team.is_empty() {
        ui.result(&format!("\nWith the team file:\n\n    {}", rule.team));
    }
    let examples = [("Found, at «»:", rule.bad), ("Not found:", rule.good)];
    for (title, examples) in examples {
        if let Some(example) = examples.first() {
            ui.result(&format!("\n{title}\n"));
            for line in example.trim_end().lines() {
                ui.result(&format!("    {line}"));
            }
        }
    }
}

fn symptom_text(ui: &Ui, symptom: &Cause) {
    let statuses = statuses(symptom);
    ui.result(&format!(
        "{}{}",
        ui.out(Tone::Bold, symptom.id),
        if statuses.is_empty() {
            String::new()
        } else {
            format!(" ({})", statuses.join(", "))
        }
    ));
    ui.result(&wrapped(symptom.summary, WIDTH));
    ui.result("");
    ui.result(&wrapped(symptom.why, WIDTH));
    ui.result("");
    ui.result(&ui.out(
        Tone::Good,
        &wrapped(&format!("Fix: {}", Help::from(symptom.fix)), WIDTH),
    ));
    if !symptom.link.is_empty() {
        ui.result(&ui.out(Tone::Place, symptom.link));
    }
}

fn statuses(symptom: &Cause) -> Vec<String> {
    symptom.statuses.iter().map(u16::to_string).collect()
}

fn rule_json(rule: &Rule) -> Json {
    json!({
        "id": rule.id,
        "group": rule.group,
        "level": rule.level.name(),
        "summary": rule.summary,
        "why": rule.why,
        "fix": rule.fix,
        "bad": rule.bad,
        "good": rule.good,
    })
}

fn symptom_json(symptom: &Cause) -> Json {
    json!({
        "id": symptom.id,
        "statuses": symptom.statuses,
        "summary": symptom.summary,
        "why": symptom.why,
        "fix": Help::from(symptom.fix).to_string(),
        "link": (!symptom.link.is_empty()).then_some(symptom.link),
    })
}
