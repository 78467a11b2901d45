//! The last line: will requests arrive? Sentence, `arrives` and exit code come from here alone.

use crate::causes::{Doubt, Facts, rules};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::document::Step;
use crate::openclaw::default_agent;

use super::facts::{ProbeResult, Probed};
use super::probe::is_primary;
use super::{CHECKS, DoctorFacts, wiring};

/// What all diagnostics come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether requests of the primary model arrive; `None` where that is not known.
    pub arrives: Option<bool>,
    /// One sentence.
    pub summary: String,
}

impl Verdict {
    fn new(arrives: Option<bool>, summary: String) -> Self {
        Self { arrives, summary }
    }

    /// Whether the command fails: requests don't arrive, or something that is shown is at least
    /// this bad.
    #[must_use]
    pub fn fails<'d>(
        &self,
        shown: impl IntoIterator<Item = &'d Diagnostic>,
        fail_on: Level,
    ) -> bool {
        let fail_on = fail_on.max(Level::Note);
        self.arrives == Some(false) || shown.into_iter().any(|one| one.level >= fail_on)
    }
}

/// The primary's probe, where it answered.
pub(super) fn answered<'e>(facts: &'e DoctorFacts<'_>) -> Option<&'e Probed> {
    primary(facts).filter(|probed| matches!(probed.result, ProbeResult::Arrived(_)))
}

fn primary<'e>(facts: &'e DoctorFacts<'_>) -> Option<&'e Probed> {
    let mut probed = facts.probes.known().into_iter().flatten();
    probed.find(|probed| is_primary(facts, probed))
}

/// What the diagnostics of [`super::run`] come to.
#[must_use]
pub fn verdict(facts: &DoctorFacts<'_>, diagnostics: &[Diagnostic]) -> Verdict {
    let answered = answered(facts);
    let of = |level: Level| diagnostics.iter().filter(move |one| one.level == level);
    if let Some(first) = of(Level::Error).next() {
        return fails(first, of(Level::Error).count() - 1);
    }
    let is_open = |doubt: Doubt| match doubt {
        Doubt::None => false,
        Doubt::UntilAnswered => answered.is_none(),
        Doubt::Always => true,
    };
    let doubt = of(Level::Warning).find(|one| {
        one.cause.is_some_and(|cause| is_open(cause.doubt)) && is_on_the_way(facts, one)
    });
    if let Some(doubt) = doubt {
        return Verdict::new(None, format!("Requests may not arrive: {}.", doubt.message));
    }
    let unchecked = of(Level::Skipped).find(|one| {
        let mut checks = CHECKS.iter().filter(|check| check.made(one));
        checks.any(|check| is_open(check.doubt))
    });
    if let Some(unchecked) = unchecked {
        return unknown(&format!(
            "not everything could be checked: {}",
            unchecked.message
        ));
    }
    let warnings = match of(Level::Warning).count() {
        0 => String::new(),
        1 => ", despite 1 warning".to_owned(),
        count => format!(", despite {count} warnings"),
    };
    match (
        answered,
        primary(facts).map(|probed| (probed, &probed.result)),
    ) {
        (Some(probed), _) => Verdict::new(
            Some(true),
            format!("Requests arrive: {} answered{warnings}.", probed.model),
        ),
        (None, Some((probed, ProbeResult::Skipped(why)))) => {
            unknown(&format!("{} was not tested: {why}", probed.model))
        }
        _ => unprobed(facts, &warnings),
    }
}

fn fails(first: &Diagnostic, more: usize) -> Verdict {
    let more = match more {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let what = if first.is(&rules::agent_bypasses_portkey::CAUSE) {
        "Requests bypass Portkey"
    } else {
        "Requests won't arrive as intended"
    };
    Verdict::new(Some(false), format!("{what}: {}{more}.", first.message))
}

fn unknown(what: &str) -> Verdict {
    Verdict::new(None, format!("No problems found, but {what}."))
}

/// What is said where no primary was sent a request.
fn unprobed(facts: &DoctorFacts<'_>, warnings: &str) -> Verdict {
    let summary = if facts.probes.known().is_some() {
        format!("Looks good{warnings}.")
    } else if warnings.is_empty() {
        "Looks good. Run `doctor --probe` to send a real request.".to_owned()
    } else {
        format!("Requests should arrive{warnings}. Run `doctor --probe` to send a real request.")
    };
    Verdict::new(Some(true), summary)
}

/// Whether a diagnostic is about something that a request of the primary uses: not another model,
/// another provider, another agent or a fallback.
fn is_on_the_way(facts: &DoctorFacts<'_>, diagnostic: &Diagnostic) -> bool {
    let (Some(facts), Some(location)) = (facts.facts, &diagnostic.location) else {
        return true;
    };
    let key = |index: usize| match location.path.0.get(index) {
        Some(Step::Key(key)) => Some(&**key),
        _ => None,
    };
    match (key(0), key(1)) {
        (Some("models"), Some("providers")) => is_the_primarys(facts, location),
        (Some("agents"), Some("defaults")) => {
            let mut steps = location.path.0.iter();
            !steps.any(|step| *step == Step::Key("fallbacks".into()))
        }
        (Some("agents"), Some("entries")) => {
            key(2).is_some_and(|agent| agent.eq_ignore_ascii_case(&default_agent(facts.config)))
        }
        _ => true,
    }
}

/// Whether what is in a provider is in the primary's, and not in another of its models.
fn is_the_primarys(facts: &Facts<'_>, location: &Location) -> bool {
    let Some((_, view)) = wiring::primary(facts) else {
        return true;
    };
    let text = view.text().unwrap_or_default();
    let Some((provider, model)) = facts.through(&text) else {
        return true;
    };
    let steps = &location.path.0;
    if let Some(Step::Key(id)) = steps.get(2)
        && !provider.id.eq_ignore_ascii_case(id)
    {
        return false;
    }
    match (steps.get(3), steps.get(4)) {
        (Some(Step::Key(list)), Some(Step::Index(_))) if &**list == "models" => {
            let known = facts.config.root().down(&steps[..5]);
            let id = known.and_then(|view| view.get("id"));
            id.and_then(|id| id.text().map(|text| text.trim() == model))
                .unwrap_or(true)
        }
        _ => true,
    }
}
