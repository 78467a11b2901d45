//! Reports the results of a small request to each model.

use std::fmt::Write as _;
use std::time::Duration;

use crate::causes::{self, Symptom};
use crate::diagnostic::{Diagnostic, Level};
use crate::portkey::refusal::{Refused, Stage};

use super::facts::{Arrived, Counting, Fact, ForcedFallback, ProbeResult, Probed};
use super::{Diagnostics, DoctorFacts, table, wiring};

pub(super) fn answered(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let probes = match &evidence.probes {
        Fact::Known(probes) => probes,
        Fact::Unknown(reason) => return out.skipped(reason.clone()),
    };
    for probed in probes {
        out.push(one(probed));
    }
    if let Some(forced) = &evidence.forced {
        out.push(fallback(forced));
    }
    if out.is_empty() {
        out.skipped("no model goes through Portkey, so there is nothing to send");
    }
}

/// The diagnostic for one of them.
#[must_use]
pub fn one(probed: &Probed) -> Diagnostic {
    let name = format!("{} ({})", probed.model, probed.roles.join(", "));
    // A failing fallback doesn't keep requests from arriving.
    let level = if probed.roles.iter().any(|role| role.starts_with(PRIMARY)) {
        Level::Error
    } else {
        Level::Warning
    };
    match &probed.result {
        ProbeResult::Skipped(why) => Diagnostic::skipped(table::PROBE.id, format!("{name}: {why}")),
        ProbeResult::Arrived(arrived) if arrived.guardrail_warned => Diagnostic::of(
            causes::for_refusal(Refused::GuardrailWarned),
            format!("{name}: {}", way(arrived, "counted by Portkey")),
        ),
        ProbeResult::Arrived(arrived) => Diagnostic::passed(
            table::PROBE.id,
            format!("{name}: {}", way(arrived, "counted by Portkey")),
        )
        .symptoms(&[Symptom::Dashboard]),
        ProbeResult::Refused { refusal, trace_id } => {
            let cause = causes::for_refusal(refusal.cause);
            let mut found = format!("{name}: {} ({}", cause.summary, refusal.status);
            if !refusal.message.is_empty() {
                let _ = write!(found, ": {}", refusal.message);
            }
            let _ = write!(found, "); refused by {}", who(refusal.stage));
            match trace_id {
                Some(trace_id) if refusal.logged => {
                    let _ = write!(found, "; the dashboard shows it as trace {trace_id}");
                }
                _ if refusal.logged => {}
                _ => found.push_str("; not shown in the dashboard"),
            }
            Diagnostic::of(cause, found).level(level)
        }
        ProbeResult::Failed { cause, message } => {
            Diagnostic::of(cause, format!("{name}: {message}")).level(level)
        }
    }
    .check(table::PROBE.id)
}

/// The diagnostic for a request that was wanted but not sent.
#[must_use]
pub fn not_sent(why: &str) -> Diagnostic {
    Diagnostic::skipped(table::PROBE.id, format!("not sent: {why}"))
}

/// The diagnostic for a forced fallback.
fn fallback(forced: &ForcedFallback) -> Diagnostic {
    let whose = if forced.is_own {
        "the config's fallback"
    } else {
        "a fallback created for this test"
    };
    let ProbeResult::Arrived(arrived) = &forced.result else {
        let probed = Probed {
            model: whose.to_owned(),
            roles: vec!["forced".to_owned()],
            result: forced.result.clone(),
        };
        return one(&probed);
    };
    let failing = &forced.failing;
    let way = way(arrived, "counted by Portkey as rescued");
    match arrived.target_index {
        Some(0) => Diagnostic::warning(
            None,
            format!(
                "{whose} was not used: its first target answered to `{failing}`, which should have failed"
            ),
        ),
        Some(_) => Diagnostic::passed(
            table::PROBE.id,
            format!(
                "{whose}: {failing} failed on purpose, and Portkey used the next target, which \
                 {way}"
            ),
        )
        .symptoms(&[Symptom::RateLimited]),
        None => Diagnostic::note(
            None,
            format!("{whose}: got an answer, but no header says which target it came from; {way}"),
        ),
    }
}

/// The role of a primary; for an agent's own primary, the agent follows.
const PRIMARY: &str = "primary";

/// Whether it is the primary of the default agent.
pub(super) fn is_primary(evidence: &DoctorFacts<'_>, probed: &Probed) -> bool {
    let agent = evidence
        .facts
        .and_then(wiring::primary)
        .and_then(|(agent, _)| agent);
    let role = agent.map_or_else(
        || PRIMARY.to_owned(),
        |agent| format!("{PRIMARY} of agent {agent}"),
    );
    probed
        .roles
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&role))
}

fn who(stage: Stage) -> &'static str {
    match stage {
        Stage::Auth => "the gateway (key check)",
        Stage::Config => "the gateway (config or provider check)",
        Stage::Target => "the gateway (target check)",
        Stage::Provider => "the provider",
        Stage::Admin => "Portkey's admin API",
        Stage::Unknown => "a server that may not be Portkey",
    }
}

/// How an answer was routed, and whether it was `counted`.
fn way(arrived: &Arrived, counted: &str) -> String {
    let mut text = format!("answered in {} ms", arrived.latency.as_millis());
    match (&arrived.served_model, &arrived.provider) {
        (Some(model), Some(provider)) => {
            let _ = write!(text, " by {model} of {provider}");
        }
        (Some(one), None) | (None, Some(one)) => {
            let _ = write!(text, " by {one}");
        }
        (None, None) => {}
    }
    match arrived.retries {
        Some(retries @ 1..) => {
            let plural = if retries == 1 { "retry" } else { "retries" };
            let _ = write!(text, " after {retries} {plural}");
        }
        Some(-1) => text.push_str(" after all retries"),
        _ => {}
    }
    if let Some(index @ 1..) = arrived.target_index {
        let _ = write!(text, ", target {index} of the config");
    }
    match arrived.counted {
        Counting::Yes => {
            let _ = write!(text, ", {counted}");
        }
        Counting::NotWithin(Duration::ZERO) => {
            let _ = write!(text, ", not {counted} yet");
        }
        Counting::NotWithin(time) => {
            let _ = write!(
                text,
                ", not {counted} within {} s (which does not mean that it is lost)",
                time.as_secs()
            );
        }
        Counting::Unknown => {}
    }
    let _ = write!(text, "; trace {}", arrived.trace_id);
    text
}
