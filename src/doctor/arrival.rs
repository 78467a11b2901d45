//! The last line: will requests arrive?

use super::facts::ProbeResult;
use super::probe::is_primary;
use super::{Evidence, Outcome, Verdict};

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
pub fn arrival(evidence: &Evidence<'_>, outcomes: &[Outcome]) -> Arrival {
    let problems: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::Problem)
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
    let past = |outcome: &&Outcome| {
        outcome.verdict == Verdict::Warning && outcome.id == Some("agent-bypasses-portkey")
    };
    if let Some(outcome) = outcomes.iter().find(past) {
        return Arrival::No(format!("Requests go past Portkey: {}.", outcome.found));
    }
    let probes = evidence.probes.known().into_iter().flatten();
    let primary = probes.into_iter().find(|probed| is_primary(probed));
    if let Some(probed) = primary
        && matches!(probed.result, ProbeResult::Arrived(_))
    {
        return Arrival::Yes(format!("Requests arrive: {} answered.", probed.model));
    }
    let decisive = ["wired", "key-given", "key-accepted", "reachable"];
    let unknown = outcomes
        .iter()
        .find(|outcome| outcome.verdict == Verdict::Skipped && decisive.contains(&outcome.check));
    match unknown {
        Some(outcome) => Arrival::Unknown(format!(
            "Nothing found that keeps requests from arriving, but not all was looked at: {}.",
            outcome.found
        )),
        None => Arrival::Yes(
            "Requests will arrive, as far as can be told without one; --probe sends one."
                .to_owned(),
        ),
    }
}
