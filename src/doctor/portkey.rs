//! What Portkey said: to the key, about the models and configs, or why it said nothing.

use crate::causes::machine::{NO_MODELS, PRIVATE_ADDRESS};
use crate::causes::{self, Online};
use crate::diagnostic::{Diagnostic, Level};
use crate::help::{Help, Run};
use crate::openclaw::VersionSource;
use crate::portkey::catalogue::Mode;
use crate::portkey::refusal::Refused;

use super::facts::Fact;
use super::{Asked, DoctorFacts, Found, wiring};

pub(super) fn key(evidence: &DoctorFacts<'_>, out: &mut Found) {
    answer(&evidence.asked, None, out);
    if let Some(other) = &evidence.other_key {
        answer(&other.asked, Some(&other.whose), out);
    }
}

/// What was said to one key; `whose` names it where it is not the one in use.
fn answer(asked: &Asked, whose: Option<&str>, out: &mut Found) {
    let of = whose
        .map(|whose| format!(" of {whose}"))
        .unwrap_or_default();
    let online = match asked {
        Asked::Answered(online) => online,
        Asked::No(_) | Asked::Failed { .. } => {
            if whose.is_none() {
                out.skipped(asked.reason().unwrap_or_default());
            }
            return;
        }
    };
    match &online.models {
        Ok(catalogue) if catalogue.models.is_empty() => {
            out.push(Diagnostic::of(
                &NO_MODELS,
                format!("the key{of} is accepted but routes to no models"),
            ));
        }
        Ok(catalogue) => {
            let count = catalogue.models.len();
            let plural = if count == 1 { "" } else { "s" };
            out.passed(format!(
                "Portkey accepts the key{of}: {count} model{plural}"
            ));
        }
        Err(refusal) => {
            let cause = causes::for_refusal(refusal.cause);
            let mut message = format!("{}{of} ({})", cause.summary, refusal.status);
            if !refusal.message.is_empty() {
                message = format!(
                    "{}{of} ({}: {})",
                    cause.summary, refusal.status, refusal.message
                );
            }
            let found = Diagnostic::of(cause, message);
            // The other key is not in use.
            out.push(match whose {
                Some(_) => found.level(Level::Warning),
                None => found,
            });
        }
    }
}

pub(super) fn models(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    wiring::findings(evidence, out);
    let count = facts.models().count();
    if count == 0 {
        return out.skipped("no models are declared");
    }
    let plural = if count == 1 { "" } else { "s" };
    match &evidence.asked {
        Asked::Answered(Online {
            models: Ok(catalogue),
            ..
        }) => {
            if catalogue.models.is_empty() {
                out.skipped("Portkey's list is empty");
            } else if catalogue.mode == Mode::ProviderBacked || catalogue.is_partial() {
                out.skipped(
                    "Portkey's list is inconclusive: a config attached to the key chooses the model, or the list is incomplete",
                );
            } else if out.is_empty() {
                out.passed(format!(
                    "{count} model{plural} declared, each one known to Portkey or routed by a config"
                ));
            }
        }
        Asked::Answered(Online { models: Err(_), .. }) => {
            out.skipped("Portkey lists no models for this key");
        }
        asked => out.skipped(asked.reason().unwrap_or_default()),
    }
}

pub(super) fn configs(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    wiring::findings(evidence, out);
    let mut named = Vec::new();
    let mut unasked = facts.config_ids();
    if let Asked::Answered(online) = &evidence.asked {
        unasked.retain(|id| !online.configs.iter().any(|(known, _)| known == id));
        for (id, refusal) in &online.configs {
            match refusal {
                None => named.push(id.as_str()),
                // A rule reports an unknown one.
                Some(refusal) if refusal.cause == Refused::UnknownConfig => {}
                Some(refusal) => {
                    let cause = causes::for_refusal(refusal.cause);
                    let message = format!("{}: {id} ({})", cause.summary, refusal.status);
                    out.push(Diagnostic::warning(cause, message));
                }
            }
        }
    }
    if let Some(id) = unasked.first() {
        let why = evidence.asked.reason();
        let why = why.unwrap_or_else(|| "Portkey's answer was inconclusive".to_owned());
        out.skipped(format!("whether Portkey knows the config {id}: {why}"));
    }
    if !out.is_empty() {
        return;
    }
    if named.is_empty() {
        out.passed("headers look valid");
    } else {
        out.passed(format!("Portkey knows the config {}", named.join(", ")));
    }
}

pub(super) fn reachable(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let Some(provider) = wiring::provider(evidence) else {
        return out.skipped(match evidence.facts {
            Some(_) => "no base URL to check",
            None => evidence.unreadable(),
        });
    };
    wiring::findings(evidence, out);
    blocked(evidence, out);
    let url = provider.url.as_ref().and_then(|url| url.as_ref().ok());
    match &evidence.asked {
        Asked::Failed { cause, message } => {
            out.push(Diagnostic::error(*cause, message.clone()));
        }
        Asked::No(reason) => out.skipped(reason.clone()),
        Asked::Answered(online) if out.is_empty() => {
            let host = url.map(|url| url.host().to_owned()).unwrap_or_default();
            let listed = online.models.as_ref().ok();
            let is_portkey = listed.is_some_and(|catalogue| {
                catalogue.mode == Mode::Integrated && !catalogue.models.is_empty()
            });
            match &evidence.health {
                Some(version) => {
                    out.passed(format!("the gateway at {host} answers, version {version}"));
                }
                None if is_portkey => out.passed(format!("{host} answers as Portkey does")),
                None => out.passed(format!("{host} answers")),
            }
        }
        Asked::Answered(_) => {}
    }
}

/// OpenClaw refuses a host name that leads to a private address.
fn blocked(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let Some(provider) = wiring::provider(evidence) else {
        return;
    };
    let Some(Ok(url)) = &provider.url else {
        return;
    };
    let allowed = provider
        .view
        .get("request")
        .and_then(|request| request.get("allowPrivateNetwork"))
        .is_some_and(|allow| allow.value() == crate::document::Value::Bool(true));
    let is_name = !url.is_loopback() && !url.is_private_literal();
    let blocks = evidence.version.version().blocks_private_hosts();
    if allowed || !is_name || !blocks || evidence.resolves_privately != Fact::Known(true) {
        return;
    }
    let message = format!("the host {} leads to a private address", url.host());
    // The version may be older and not mind.
    let level = if evidence.version == VersionSource::Unknown {
        Level::Warning
    } else {
        Level::Error
    };
    let view = provider.base_url.as_ref().unwrap_or(&provider.view);
    let run = Run::new("init").flag("--base-url").value(url.as_str());
    out.push(
        Diagnostic::of(&PRIVATE_ADDRESS, message)
            .level(level)
            .at(view.place())
            .help(Help::from("Run: ").run(run)),
    );
}
