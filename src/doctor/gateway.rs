//! The gateway that runs, and whether it knows of the last change.

use std::time::Duration;

use crate::causes::machine::{GATEWAY_SILENT, GATEWAY_STALE};
use crate::diagnostic::{Diagnostic, Location};

use super::facts::{Fact, Gateway, Health, Newer};
use super::{DoctorFacts, Found};

pub(super) fn running(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let machine = evidence.machine;
    if let Fact::Unknown(reason) = &machine.gateways {
        return out.skipped(format!("unknown whether a gateway is running: {reason}"));
    }
    let Some(gateway) = machine.gateway() else {
        let found = match machine.service() {
            Some(service) => format!(
                "no gateway runs on this config, though the service {} is installed; `openclaw gateway start` starts it",
                service.name
            ),
            None => "no gateway runs on this config; `openclaw gateway run` starts one".to_owned(),
        };
        return out.note(found);
    };
    let reload_is_off = evidence
        .facts
        .and_then(|facts| facts.config.at(&["gateway", "reload", "mode"]))
        .and_then(|view| view.text())
        .is_some_and(|mode| mode == "off");
    stale(gateway, reload_is_off, out);
    if let Health::Silent(why) = &gateway.health {
        let found = format!(
            "the gateway (process {}) does not answer on port {}: {why}",
            gateway.pid, gateway.port
        );
        out.push(Diagnostic::of(&GATEWAY_SILENT, found));
    }
    if out.is_empty() {
        let known = if gateway.started.is_some() {
            " and has its last change"
        } else {
            ""
        };
        out.passed(format!(
            "a gateway runs on it (port {}){known}",
            gateway.port
        ));
    }
}

/// It picks up config changes by itself, unless configured otherwise.
fn stale(gateway: &Gateway, reload_is_off: bool, out: &mut Found) {
    let is_missed = |newer: &&Newer| !newer.is_config || reload_is_off;
    for newer in gateway.newer.iter().filter(is_missed) {
        let found = format!(
            "the gateway (process {}) started {} before this file was changed",
            gateway.pid,
            span(newer.after)
        );
        out.push(Diagnostic::of(&GATEWAY_STALE, found).at(Location::file(&newer.file)));
    }
}

/// A length of time in one word.
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
    fn lengths_of_time() {
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
