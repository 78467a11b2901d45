//! `explain`: the meaning of a rule, an HTTP status or an error text, and the fix; or a list of all.

use clap::Args;
use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::causes::{self, Area, Cause, Symptom};
use crate::diagnostic::Level;
use crate::doctor::CHECKS;
use crate::error::{Exit, Failure};
use crate::gateway_config::check;
use crate::help::Help;
use crate::nearest::nearest_few;
use crate::report::text::wrapped;
use crate::ui::{Tone, Ui};
use crate::usage_error::without_keys;

use crate::app::cause_list::Entry;
use crate::app::{cause_list, output, usage};

/// The width of explanations, in columns.
const WIDTH: usize = 80;

/// Arguments of `explain`.
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
            group: check::GROUP,
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

/// What the argument refers to.
enum Topic {
    /// A rule, and the rule of `gateway-config check` with the same id.
    Rules(Vec<Rule>),
    /// Causes, likeliest first.
    Symptoms(Vec<&'static Cause>),
    /// A name for several causes: its title and the causes.
    Group(String, Vec<Entry>),
}

/// Runs the command.
///
/// # Errors
/// If no rule, status or error matches; the failure suggests the closest.
pub fn run(args: &ExplainArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let what = args.what.join(" ");
    let what = what.trim();
    if what.is_empty() {
        let causes = causes::all().map(Entry::from);
        let all = causes.chain(check::all_rules().map(Entry::from)).collect();
        return Ok(cause_list::list(ui, args.format, "explain", all));
    }
    let topic = topic(what).ok_or_else(|| unknown(what))?;
    let fields = |rules: &[Rule], symptoms: &[&'static Cause]| {
        let symptoms: Vec<Json> = symptoms.iter().map(|one| symptom_json(one)).collect();
        let others: Vec<Json> = rules.iter().skip(1).map(rule_json).collect();
        json!({
            "rule": rules.first().map(rule_json),
            "otherRules": others,
            "symptoms": symptoms,
        })
    };
    match topic {
        Topic::Group(title, entries) => {
            if args.format == Format::Text {
                ui.result(&wrapped(&title, WIDTH));
                ui.result("");
            }
            return Ok(cause_list::list(ui, args.format, "explain", entries));
        }
        Topic::Rules(rules) => {
            output::finish(ui, args.format, "explain", || fields(&rules, &[]));
            if args.format == Format::Text {
                apart(ui, &rules, |rule| rule_text(ui, rule));
            }
        }
        Topic::Symptoms(symptoms) => {
            output::finish(ui, args.format, "explain", || fields(&[], &symptoms));
            if args.format == Format::Text {
                short_answer(ui, &symptoms);
                apart(ui, &symptoms, |symptom| symptom_text(ui, symptom));
            }
        }
    }
    Ok(Exit::Done)
}

/// Shows each, separated by empty lines.
fn apart<T>(ui: &Ui, all: &[T], show: impl Fn(&T)) {
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            ui.result("");
        }
        show(one);
    }
}

fn topic(what: &str) -> Option<Topic> {
    let id = what.to_lowercase();
    let cause = causes::by_id(&id);
    let rules: Vec<Rule> = cause
        .filter(|cause| cause.is_rule())
        .map(Rule::from)
        .into_iter()
        .chain(
            check::all_rules()
                .filter(|rule| rule.id == id)
                .map(Rule::from),
        )
        .collect();
    if !rules.is_empty() {
        return Some(Topic::Rules(rules));
    }
    if let Some(cause) = cause {
        return Some(Topic::Symptoms(vec![cause]));
    }
    if let Ok(status) = what.parse() {
        let carriers = causes::for_status(status);
        return (!carriers.is_empty()).then_some(Topic::Symptoms(carriers));
    }
    if let Some((title, causes)) = group(&id) {
        let entries = causes.into_iter().map(Entry::from).collect();
        return Some(Topic::Group(title, entries));
    }
    if id == check::GROUP {
        let entries = check::all_rules().map(Entry::from).collect();
        let title = "`gateway-config check` can report:".to_owned();
        return Some(Topic::Group(title, entries));
    }
    if let Some(id) = truncated(&id) {
        return topic(id);
    }
    let symptoms = causes::recognise(what);
    (!symptoms.is_empty()).then_some(Topic::Symptoms(symptoms))
}

/// Names in the output of `lint`, `doctor` and the check before a write that cover several causes.
fn group(name: &str) -> Option<(String, Vec<&'static Cause>)> {
    let of =
        |is_meant: &dyn Fn(&Cause) -> bool| causes::all().filter(|one| is_meant(one)).collect();
    if let Some(check) = CHECKS.iter().find(|check| check.id == name) {
        let has = |cause: &Cause| {
            let mut symptoms = check.symptoms.iter();
            symptoms.any(|symptom| cause.first_symptom() == Some(*symptom))
        };
        let title = format!("`doctor` checks that {}. It can report:", check.what);
        return Some((title, of(&has)));
    }
    if let Some((_, what, ids)) = BEFORE_A_WRITE.iter().find(|(check, ..)| *check == name) {
        let title = format!("Checks before a write that {what}. It can report:");
        return Some((title, of(&|cause| ids.contains(&cause.id))));
    }
    if let Some(symptom) = Symptom::ALL.iter().find(|symptom| symptom.name() == name) {
        let title = format!("Causes of the symptom `{name}`:");
        return Some((title, of(&|cause| cause.first_symptom() == Some(*symptom))));
    }
    let area = Area::ALL.iter().find(|area| area.name() == name)?;
    let title = format!("Causes in the area `{name}`:");
    Some((title, of(&|cause| cause.area == *area)))
}

/// The checks before a write that `doctor` doesn't have: name, what they check, what they report.
const BEFORE_A_WRITE: [(&str, &str, &[&str]); 2] = [
    (
        "config-known",
        "the gateway config exists at Portkey",
        &["config-unknown", "unknown-config"],
    ),
    (
        "model",
        "the Model Catalog lists the model",
        &["model-not-in-catalog", "slug-unknown"],
    ),
];

/// All ids.
fn ids() -> impl Iterator<Item = &'static str> {
    let causes = causes::all().map(|cause| cause.id);
    causes.chain(check::all_rules().map(|rule| rule.id))
}

/// The only id with this beginning, up to an ellipsis: narrow columns truncate ids.
fn truncated(id: &str) -> Option<&'static str> {
    let start = id.strip_suffix('…').or_else(|| id.strip_suffix("..."))?;
    let mut found = ids().filter(|id| start.len() >= 3 && id.starts_with(start));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

fn unknown(what: &str) -> Failure {
    let start: String = what.chars().take(60).collect();
    let failure = usage(format!(
        "no rule, status or error matches `{}`",
        without_keys(&start)
    ));
    if what.parse::<u16>().is_ok() {
        return failure.hint("neither Portkey nor OpenClaw uses this status, as far as is known");
    }
    let near = nearest_few(&start, ids(), 2);
    if near.is_empty() {
        failure.hint("`openclaw-portkey explain` lists all topics")
    } else {
        failure.hint(format!("did you mean {}?", near.join(" or ")))
    }
}

/// A short line for each, if there are several.
fn short_answer(ui: &Ui, symptoms: &[&'static Cause]) {
    if symptoms.len() < 2 {
        return;
    }
    ui.result(&format!(
        "{} possible causes, likeliest first. To narrow it down, pass the whole error text:\n",
        symptoms.len()
    ));
    cause_list::rows(
        ui,
        &symptoms
            .iter()
            .map(|one| Entry::from(*one))
            .collect::<Vec<_>>(),
    );
    ui.result("");
}

fn rule_text(ui: &Ui, rule: &Rule) {
    ui.result(&format!("{} ({})", ui.out(Tone::Bold, rule.id), rule.level));
    ui.result(&wrapped(rule.summary, WIDTH));
    ui.result("");
    ui.result(&ui.out(Tone::Good, &wrapped(&format!("Fix: {}", rule.fix), WIDTH)));
    ui.result("");
    ui.result(&wrapped(rule.why, WIDTH));
    if !rule.team.is_empty() {
        ui.result(&format!("\nWith the team file:\n\n    {}", rule.team));
    }
    let examples = [("Reported at «»:", rule.bad), ("Not reported:", rule.good)];
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
    ui.result(&ui.out(
        Tone::Good,
        &wrapped(&format!("Fix: {}", Help::from(symptom.fix)), WIDTH),
    ));
    if !symptom.link.is_empty() {
        ui.result(&ui.out(Tone::Place, symptom.link));
    }
    ui.result("");
    ui.result(&wrapped(symptom.why, WIDTH));
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
