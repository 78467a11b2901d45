//! Whether the file that was located is the one that counts.

use std::path::Path;

use super::facts::OtherWhy;
use super::{DoctorFacts, Outcome, Outcomes, Verdict};

pub(super) fn config_found(evidence: &DoctorFacts<'_>, out: &mut Outcomes) {
    let path = &evidence.config.path;
    let shown = (evidence.short)(path);
    if !evidence.config.exists {
        let outcome = out.named(
            Verdict::Problem,
            "config-missing",
            format!("{shown} does not exist"),
        );
        out.push(outcome);
    }
    elsewhere(evidence, out);
    if out.is_empty() {
        out.passed(format!("{shown} is the config"));
    }
}

/// Gateways that follow another file than the one that is edited.
fn elsewhere(evidence: &DoctorFacts<'_>, out: &mut Outcomes) {
    let machine = evidence.machine;
    let gateways = machine.gateways.known().into_iter().flatten();
    let mut told = Vec::new();
    for gateway in gateways.filter(|gateway| !gateway.is_ours) {
        let found = format!("a gateway runs (process {}) on another config", gateway.pid);
        // With one on this config as well, two gateways are what somebody wanted.
        let verdict = if machine.gateway().is_some() {
            Verdict::Note
        } else {
            Verdict::Warning
        };
        let outcome = other(verdict, found, &gateway.config, evidence, out);
        out.push(outcome);
        told.push(&gateway.config);
    }
    let services = machine.services.known().into_iter().flatten();
    for service in services.filter(|service| !service.is_ours) {
        if machine.service().is_some() || told.contains(&&service.config) {
            continue;
        }
        let found = format!("the gateway service {} uses another config", service.name);
        let outcome = other(Verdict::Warning, found, &service.config, evidence, out);
        out.push(outcome);
        told.push(&service.config);
    }
    for other in &machine.other_configs {
        let OtherWhy::Variable(name) = other.why else {
            continue;
        };
        if told.contains(&&other.file) {
            continue;
        }
        let found = format!("{name} of this shell names another config");
        let outcome = self::other(Verdict::Warning, found, &other.file, evidence, out);
        out.push(outcome);
    }
}

fn other(
    verdict: Verdict,
    found: String,
    file: &Path,
    evidence: &DoctorFacts<'_>,
    out: &Outcomes,
) -> Outcome {
    let shown = (evidence.short)(file);
    out.named(verdict, "other-config", found)
        .at(file, None)
        .cure(format!("Run: openclaw-portkey doctor --config {shown}"))
}
