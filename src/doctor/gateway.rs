//! The running gateway, and whether it has picked up the last change.

use std::path::Path;
use std::time::Duration;

use crate::causes::machine::{GATEWAY_SILENT, GATEWAY_STALE};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::openclaw::{CredentialSource, Feature, variables_in};

use super::facts::{Fact, Gateway, Health, Newer};
use super::{Diagnostics, DoctorFacts, wiring};

pub(super) fn running(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let machine = evidence.machine;
    if let Fact::Unknown(reason) = &machine.gateways {
        return out.skipped(format!("can't tell whether a gateway is running: {reason}"));
    }
    let Some(gateway) = machine.gateway() else {
        let found = match machine.service() {
            Some(service) => format!(
                "no gateway is running with this config, but the service {} is installed; start it with `openclaw gateway start`",
                service.name
            ),
            None => "no gateway is running with this config; start one with `openclaw gateway run`"
                .to_owned(),
        };
        return out.note(found);
    };
    let reload = evidence
        .facts
        .and_then(|facts| facts.config.at(&["gateway", "reload", "mode"]))
        .filter(|view| view.text().is_some_and(|mode| mode == "off"));
    // The oldest version reads the config for each message.
    let reads_once = evidence.version.version().has(Feature::ConfigReadOnce);
    stale(gateway, reload.is_some() && reads_once, evidence, out);
    if let Health::Silent(why) = &gateway.health {
        let found = format!(
            "the gateway (process {}) does not answer on port {}: {why}",
            gateway.pid, gateway.port
        );
        out.push(Diagnostic::of(&GATEWAY_SILENT, found));
    }
    if out.is_empty() {
        // Only its log proves that it has picked up a change since it started.
        let changed_since = gateway.newer.iter().any(|newer| newer.is_config);
        let known = match gateway.started {
            Some(_) if changed_since => " and should have picked up its last change",
            Some(_) => " and has its last change",
            None => "",
        };
        out.passed(format!(
            "a gateway is running with it (port {}){known}",
            gateway.port
        ));
        if let Some(view) = reload.filter(|_| reads_once) {
            let message = "gateway.reload.mode is \"off\", so config changes only take effect after a restart";
            let note = Diagnostic::note(None, message).at(Location::of(&view));
            out.push(note.help("After a change, run: {openclaw: gateway restart}"));
        }
    }
}

/// Whether a file sets a variable that the provider's key or headers need.
fn sets_what_is_needed(file: &Path, evidence: &DoctorFacts<'_>) -> bool {
    let Some(provider) = wiring::provider(evidence) else {
        return false;
    };
    let headers = provider.headers.iter().map(|header| &header.value);
    let values = provider
        .api_key
        .iter()
        .chain(&provider.base_url)
        .chain(headers);
    let sets = |name: &str| {
        let variable = evidence.machine.variable(name);
        variable.is_some_and(|variable| {
            let mut sources = variable.sources.iter();
            sources.any(|source| source.file.as_deref() == Some(file) && source.is_present())
        })
    };
    values.into_iter().any(|view| {
        let text = view.text().unwrap_or_default();
        let given = CredentialSource::read(view);
        given.variable().is_some_and(sets) || variables_in(&text).into_iter().any(sets)
    })
}

/// It picks up config changes automatically, unless configured otherwise. It sends the key that it
/// had when it started.
fn stale(
    gateway: &Gateway,
    reload_is_off: bool,
    evidence: &DoctorFacts<'_>,
    out: &mut Diagnostics,
) {
    let is_missed = |newer: &&Newer| !newer.is_config || reload_is_off;
    for newer in gateway.newer.iter().filter(is_missed) {
        let found = format!(
            "the gateway (process {}) started {} before this file was changed",
            gateway.pid,
            span(newer.after)
        );
        let counts = newer.is_config || sets_what_is_needed(&newer.file, evidence);
        out.push(
            Diagnostic::of(&GATEWAY_STALE, found)
                .level(if counts { Level::Error } else { Level::Warning })
                .at(Location::file(&newer.file)),
        );
    }
}

/// A duration in one word.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::span;
    use std::time::Duration;

    #[test]
    fn durations() {
        for (seconds, want) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7200, "2 h"),
            (200_000, "2 days"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), want);
        }
    }
}
