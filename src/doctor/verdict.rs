//! The last line: whether requests will arrive. Sentence, `arrives` and exit code are all derived
//! here.

use crate::causes::{Doubt, Facts, rules};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::document::Step;
use crate::openclaw::default_agent;

use super::facts::{ProbeResult, Probed};
use super::probe::is_primary;
use super::{CHECKS, DoctorFacts, table, wiring};

/// Whether a diagnostic keeps the primary's requests from arriving. All statements about that
/// derive from this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bearing {
    /// They arrive anyway.
    None,
    /// They may not, or that couldn't be checked.
    Open,
    /// They don't.
    Fails,
}

/// The conclusion from all diagnostics.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether the primary's requests arrive; `None` if unknown.
    pub arrives: Option<bool>,
    /// One sentence.
    pub summary: String,
    /// The diagnostics that decided it.
    decisive: Vec<Diagnostic>,
}

impl Verdict {
    /// Whether a diagnostic was decisive, so that it must be shown too.
    #[must_use]
    pub fn rests_on(&self, diagnostic: &Diagnostic) -> bool {
        self.decisive.iter().any(|one| {
            (one.check, one.cause, one.level)
                == (diagnostic.check, diagnostic.cause, diagnostic.level)
                && one.message == diagnostic.message
                && one.location == diagnostic.location
        })
    }

    /// Whether the command fails: requests don't arrive, or a shown diagnostic is at least this
    /// severe.
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

/// The primary's probe, if it was answered.
pub(super) fn answered<'e>(facts: &'e DoctorFacts<'_>) -> Option<&'e Probed> {
    primary(facts).filter(|probed| matches!(probed.result, ProbeResult::Arrived(_)))
}

fn primary<'e>(facts: &'e DoctorFacts<'_>) -> Option<&'e Probed> {
    let mut probed = facts.probes.known().into_iter().flatten();
    probed.find(|probed| is_primary(facts, probed))
}

/// Derives the verdict from the diagnostics of [`super::run`].
#[must_use]
pub fn verdict(facts: &DoctorFacts<'_>, diagnostics: &[Diagnostic]) -> Verdict {
    let bearings = Bearings::of(facts);
    let worst = diagnostics.iter().map(|one| bearings.bearing(one)).max();
    let worst = worst.unwrap_or(Bearing::None);
    let decisive: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|one| worst != Bearing::None && bearings.bearing(one) == worst)
        .cloned()
        .collect();
    let (arrives, summary) = match worst {
        Bearing::Fails => (Some(false), fails(&decisive)),
        Bearing::Open => (None, open(&decisive)),
        Bearing::None => arrives(facts, diagnostics),
    };
    Verdict {
        arrives,
        summary,
        decisive,
    }
}

/// Whether a diagnostic casts doubt on the primary's requests arriving, or rules it out.
pub(super) fn bears(facts: &DoctorFacts<'_>, diagnostic: &Diagnostic) -> bool {
    Bearings::of(facts).bearing(diagnostic) != Bearing::None
}

/// Determines the bearing of diagnostics.
struct Bearings<'j, 'e> {
    facts: &'j DoctorFacts<'e>,
    is_answered: bool,
}

impl<'j, 'e> Bearings<'j, 'e> {
    fn of(facts: &'j DoctorFacts<'e>) -> Self {
        Self {
            facts,
            is_answered: answered(facts).is_some(),
        }
    }

    fn bearing(&self, one: &Diagnostic) -> Bearing {
        let doubt = match one.level {
            Level::Error => return Bearing::Fails,
            Level::Warning => one.cause.map_or(Doubt::Always, |cause| cause.doubt),
            Level::Skipped => self.of_skipped(one),
            Level::Passed | Level::Note => Doubt::None,
        };
        let is_open = match doubt {
            Doubt::None => false,
            Doubt::UntilAnswered => !self.is_answered,
            Doubt::Always => true,
        };
        if is_open && is_on_the_way(self.facts, one) {
            Bearing::Open
        } else {
            Bearing::None
        }
    }

    /// The doubt that remains if a check doesn't run.
    fn of_skipped(&self, one: &Diagnostic) -> Doubt {
        let primary_untested = || {
            let probed = primary(self.facts).map(|probed| &probed.result);
            matches!(probed, Some(ProbeResult::Skipped(_)))
        };
        match CHECKS.iter().find(|check| check.made(one)) {
            Some(check) if **check == table::PROBE && primary_untested() => Doubt::UntilAnswered,
            check => check.map_or(Doubt::None, |check| check.doubt),
        }
    }
}

fn fails(decisive: &[Diagnostic]) -> String {
    let Some(first) = decisive.first() else {
        return String::new();
    };
    let more = match decisive.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let what = if first.is(&rules::agent_bypasses_portkey::CAUSE) {
        "Requests bypass Portkey"
    } else {
        "Requests won't arrive as intended"
    };
    format!("{what}: {}{more}.", first.message)
}

/// A problem is more informative than a check that couldn't run.
fn open(decisive: &[Diagnostic]) -> String {
    let problem = decisive.iter().find(|one| one.level.is_problem());
    if let Some(problem) = problem {
        return format!("Requests may not arrive: {}.", problem.message);
    }
    let Some(first) = decisive.first() else {
        return String::new();
    };
    let what = if table::PROBE.made(first) {
        "the primary was not tested"
    } else {
        "not everything could be checked"
    };
    format!("No problems found, but {what}: {}.", first.message)
}

/// The conclusion if nothing speaks against it.
fn arrives(facts: &DoctorFacts<'_>, diagnostics: &[Diagnostic]) -> (Option<bool>, String) {
    let warnings = diagnostics.iter().filter(|one| one.level == Level::Warning);
    let warnings = match warnings.count() {
        0 => String::new(),
        1 => ", despite 1 warning".to_owned(),
        count => format!(", despite {count} warnings"),
    };
    let summary = match answered(facts) {
        Some(probed) => format!("Requests arrive: {} answered{warnings}.", probed.model),
        None if facts.probes.known().is_some() => format!("Looks good{warnings}."),
        None if warnings.is_empty() => {
            "Looks good. Run `doctor --probe` to send a real request.".to_owned()
        }
        None => format!(
            "Requests should arrive{warnings}. Run `doctor --probe` to send a real request."
        ),
    };
    (Some(true), summary)
}

/// Whether a diagnostic is about something that the primary's requests use: not another model,
/// provider or agent, or a fallback.
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

/// Whether a location inside a provider is in the primary's provider, and not in another of its
/// models.
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
