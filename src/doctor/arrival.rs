//! The last line: will requests arrive?

use super::facts::ProbeResult;
use super::probe::is_primary;
use super::wiring::BYPASS;
use super::{DoctorFacts, Outcome, Verdict};

/// Whether requests arrive, with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// They do.
    Yes(String),
    /// They do not.
    No(String),
    /// That cannot be told.
    Unknown(String),
}

/// What all outcomes come to.
#[must_use]
pub fn arrival(evidence: &DoctorFacts<'_>, outcomes: &[Outcome]) -> Arrival {
    let primary = evidence
        .probes
        .known()
        .into_iter()
        .flatten()
        .find(|probed| is_primary(evidence, probed));
    let answered = primary.filter(|probed| matches!(probed.result, ProbeResult::Arrived(_)));
    let problems: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::Problem)
        // A model that answered says more of the key than a list.
        .filter(|outcome| answered.is_none() || outcome.check != "key-accepted")
        .collect();
    if let Some(first) = problems.first() {
        let more = match problems.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        return Arrival::No(format!(
            "Requests will not arrive as they should: {}{more}.",
            first.found
        ));
    }
    let warning = |id: &str| {
        outcomes
            .iter()
            .find(|outcome| outcome.verdict == Verdict::Warning && outcome.id == Some(id))
    };
    if let Some(outcome) = warning(BYPASS) {
        return Arrival::No(format!("Requests go past Portkey: {}.", outcome.found));
    }
    if let Some(outcome) = warning("primary-missing") {
        return Arrival::Unknown(format!(
            "It depends on OpenClaw's version: {}.",
            outcome.found
        ));
    }
    match primary.map(|probed| (probed, &probed.result)) {
        Some((probed, ProbeResult::Arrived(_))) => {
            Arrival::Yes(format!("Requests arrive: {} answered.", probed.model))
        }
        Some((probed, ProbeResult::Skipped(why))) => Arrival::Unknown(format!(
            "Nothing found that keeps requests from arriving, but {} was not asked: {why}.",
            probed.model
        )),
        _ => unprobed(evidence, outcomes),
    }
}

/// What can be told where no primary was sent a request.
fn unprobed(evidence: &DoctorFacts<'_>, outcomes: &[Outcome]) -> Arrival {
    let decisive = ["wired", "key-given", "key-accepted", "reachable"];
    let unknown = outcomes
        .iter()
        .find(|outcome| outcome.verdict == Verdict::Skipped && decisive.contains(&outcome.check));
    match unknown {
        Some(outcome) => Arrival::Unknown(format!(
            "Nothing found that keeps requests from arriving, but not all was looked at: {}.",
            outcome.found
        )),
        None if evidence.probes.known().is_some() => {
            Arrival::Yes("Requests will arrive, as far as can be told.".to_owned())
        }
        None => Arrival::Yes(
            "Requests will arrive, as far as can be told without one; --probe sends one."
                .to_owned(),
        ),
    }
}
