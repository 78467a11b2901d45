//! What Portkey answered about the key, models and configs, or why it didn't.

use crate::causes::machine::{NO_MODELS, PRIVATE_ADDRESS, PROXY_DIFFERS};
use crate::causes::rules::base_url_not_portkey;
use crate::causes::{self, Online, listed};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::help::{Help, Run};
use crate::openclaw::{Feature, VersionSource};
use crate::portkey::catalogue::Mode;
use crate::portkey::model_id::ModelId;
use crate::portkey::refusal::Refused;

use super::facts::{Arrived, Fact, KeyPlace, ProbeResult, Reader};
use super::key::{key_sent, source_in_use};
use super::{Answer, Diagnostics, DoctorFacts, settings, value, wiring};

pub(super) fn key(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    answer(evidence, &evidence.answer, None, out);
    if let Some(other) = &evidence.other_key {
        answer(evidence, &other.answer, Some(&other.whose), out);
    }
}

/// Adds the origin of a rejected key, and how to change it there.
fn from(found: Diagnostic, refused: Refused, evidence: &DoctorFacts<'_>) -> Diagnostic {
    let Some(facts) = evidence.facts.filter(|_| refused == Refused::InvalidKey) else {
        return found;
    };
    let in_use = key_sent(evidence, facts, wiring::provider(evidence));
    let Some(source) = source_in_use(&in_use, evidence.machine) else {
        return found;
    };
    let found = match value::at(source) {
        Some(at) => found.at(at),
        None => found,
    };
    match source.place {
        KeyPlace::StateDotenv | KeyPlace::ConfigDotenv | KeyPlace::GatewayEnv => found,
        _ => found.help(value::how_to_change(source, evidence.machine)),
    }
}

/// Reports the answer to one key; `whose` names the key if it isn't the one in use.
fn answer(evidence: &DoctorFacts<'_>, answer: &Answer, whose: Option<&str>, out: &mut Diagnostics) {
    let of = whose
        .map(|whose| format!(" of {whose}"))
        .unwrap_or_default();
    let online = match answer {
        Answer::Answered(online) => online,
        Answer::NotSent(_) | Answer::Failed { .. } => {
            if whose.is_none() {
                out.skipped(answer.reason().unwrap_or_default());
            }
            return;
        }
    };
    match &online.models {
        Ok(catalogue) if catalogue.models.is_empty() => {
            out.push(Diagnostic::of(
                &NO_MODELS,
                format!("the key{of} is accepted, but can't route to any model"),
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
            // The other key isn't in use.
            out.push(match whose {
                Some(_) => found.level(Level::Warning),
                None => from(found, refusal.cause, evidence),
            });
        }
    }
}

pub(super) fn models(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    wiring::findings(evidence, out);
    undeclared_primary(evidence, out);
    let count = facts.models().count();
    if count == 0 {
        return out.skipped("no models are declared");
    }
    let plural = if count == 1 { "" } else { "s" };
    match &evidence.answer {
        Answer::Answered(Online {
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
                    "{count} model{plural} declared, each known to Portkey or routed by a config"
                ));
            }
        }
        Answer::Answered(Online { models: Err(_), .. }) => {
            out.skipped("Portkey lists no models for this key");
        }
        answer => out.skipped(answer.reason().unwrap_or_default()),
    }
}

/// Looks up a primary that the config doesn't declare; the rules look up the declared ones.
fn undeclared_primary(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let (Some(facts), Some(online)) = (evidence.facts, evidence.answer.online()) else {
        return;
    };
    let (Some((_, view)), Ok(catalogue)) = (wiring::primary(facts), &online.models) else {
        return;
    };
    let text = view.text().unwrap_or_default();
    let Some((provider, model)) = facts.through(&text) else {
        return;
    };
    let is_asked = provider.id.eq_ignore_ascii_case(evidence.provider_id);
    if !is_asked || provider.declares(model) || provider.is_routed(None) {
        return;
    }
    let Ok(id) = ModelId::parse(model, &provider.id) else {
        return;
    };
    let found = listed(catalogue, &id, false).diagnostic;
    if found.level == Level::Error {
        out.push(found.at(Location::of(&view)));
    }
}

pub(super) fn configs(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    wiring::findings(evidence, out);
    settings::unset_in_headers(evidence, out);
    let mut named = Vec::new();
    let mut unasked = facts.config_ids();
    if let Answer::Answered(online) = &evidence.answer {
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
        let why = evidence.answer.reason();
        let why = why.unwrap_or_else(|| "Portkey's answer was inconclusive".to_owned());
        out.skipped(format!("config {id} not checked: {why}"));
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

pub(super) fn reachable(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(provider) = wiring::provider(evidence) else {
        return out.skipped(match evidence.facts {
            Some(_) => "no base URL to check",
            None => evidence.unreadable(),
        });
    };
    wiring::findings(evidence, out);
    blocked(evidence, out);
    settings::unset_in_base_url(evidence, out);
    proxies(evidence, out);
    unlike_portkey(evidence, out);
    let url = provider.url.as_ref().and_then(|url| url.as_ref().ok());
    match &evidence.answer {
        Answer::Failed { cause, message } => {
            out.push(Diagnostic::error(*cause, message.clone()));
        }
        Answer::NotSent(reason) => out.skipped(reason.clone()),
        Answer::Answered(online) if out.is_empty() => {
            let host = url.map(|url| url.host().to_owned()).unwrap_or_default();
            let listed = online.models.as_ref().ok();
            let is_portkey = listed.is_some_and(|catalogue| {
                catalogue.mode == Mode::Integrated && !catalogue.models.is_empty()
            });
            match &evidence.health {
                Some(version) => {
                    out.passed(format!("the gateway at {host} responds, version {version}"));
                }
                None if is_portkey => out.passed(format!("{host} responds like Portkey")),
                None => out.passed(format!("{host} responds")),
            }
        }
        Answer::Answered(_) => {}
    }
}

/// Reports that the gateway service uses a different proxy from this shell.
fn proxies(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(routes) = &evidence.proxies else {
        return;
    };
    let Some(service) = evidence.machine.service() else {
        return;
    };
    let message = match routes {
        (Some(name), None) => {
            format!("the gateway service uses the proxy from {name}, but this shell does not")
        }
        (None, Some(name)) => {
            format!("this shell uses the proxy from {name}, but the gateway service does not")
        }
        (Some(one), Some(other)) if one == other => {
            format!("{one} is set to a different proxy for the gateway service than in this shell")
        }
        (Some(one), Some(other)) => {
            format!(
                "the gateway service uses the proxy from {one}, but this shell uses the one \
                     from {other}"
            )
        }
        (None, None) => return,
    };
    let source = routes.0.as_deref().and_then(|name| {
        let variable = evidence.machine.variable(name)?;
        value::at(variable.seen_by(Reader::Service)?)
    });
    let at = source.unwrap_or_else(|| Location::file(&service.file));
    out.push(Diagnostic::of(&PROXY_DIFFERS, message).at(at));
}

/// Reports a host that doesn't seem to be Portkey: its list could be any vendor's, and its
/// responses have no Portkey headers.
fn unlike_portkey(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(Ok(url)) = wiring::provider(evidence).and_then(|provider| provider.url.as_ref())
    else {
        return;
    };
    let Some(Ok(catalogue)) = evidence
        .answer
        .online()
        .map(|online| online.models.as_ref())
    else {
        return;
    };
    let probes = evidence.probes.known();
    let answers: Vec<&Arrived> = probes
        .into_iter()
        .flatten()
        .filter_map(|probed| match &probed.result {
            ProbeResult::Arrived(arrived) => Some(arrived),
            _ => None,
        })
        .collect();
    let shows = catalogue.mode == Mode::Integrated && !catalogue.models.is_empty()
        || answers.iter().any(|arrived| arrived.by_portkey);
    if shows || answers.is_empty() || evidence.health.is_some() || url.is_known_portkey_host() {
        return;
    }
    let message = format!("{} responds, but not like Portkey", url.host());
    let found = Diagnostic::warning(&base_url_not_portkey::CAUSE, message);
    out.push(
        match wiring::provider(evidence).and_then(|provider| provider.base_url.as_ref()) {
            Some(view) => found.at(Location::of(view)),
            None => found,
        },
    );
}

/// OpenClaw refuses a host name that resolves to a private address.
fn blocked(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
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
    let blocks = evidence.version.version().has(Feature::PrivateHostsBlocked);
    if allowed || !is_name || !blocks || evidence.resolves_privately != Fact::Known(true) {
        return;
    }
    let message = format!("the host {} resolves to a private address", url.host());
    // The version may be older and not refuse it.
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
