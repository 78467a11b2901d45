//! Whether the located file is the one that OpenClaw uses.

use std::path::Path;

use crate::causes::machine::{CONFIG_MISSING, OTHER_CONFIG};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::help::{Help, Run};
use crate::portkey::printable;

use super::facts::OtherWhy;
use super::{Diagnostics, DoctorFacts};

pub(super) fn config_found(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let path = &evidence.config.path;
    let shown = (evidence.short)(path);
    if !evidence.config.exists {
        out.push(Diagnostic::of(
            &CONFIG_MISSING,
            format!("{shown} does not exist"),
        ));
    }
    elsewhere(evidence, out);
    if out.is_empty() {
        out.passed(format!("{shown} is the config"));
    }
}

/// Gateways that run on a different file from the one being edited.
fn elsewhere(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let machine = evidence.machine;
    let gateways = machine.gateways.known().into_iter().flatten();
    let mut reported = Vec::new();
    for gateway in gateways.filter(|gateway| !gateway.is_ours) {
        let found = format!(
            "a gateway is running (process {}) with a different config",
            gateway.pid
        );
        // If one also runs on this config, having two gateways is intentional.
        let level = if machine.gateway().is_some() {
            Level::Note
        } else {
            Level::Warning
        };
        out.push(other(found, &gateway.config).level(level));
        reported.push(&gateway.config);
    }
    let services = machine.services.known().into_iter().flatten();
    for service in services.filter(|service| !service.is_ours) {
        if machine.service().is_some() || reported.contains(&&service.config) {
            continue;
        }
        let found = format!(
            "the gateway service {} uses a different config",
            service.name
        );
        out.push(other(found, &service.config));
        reported.push(&service.config);
    }
    profile_alone(evidence, out);
    for other in &machine.other_configs {
        let OtherWhy::Variable(name) = other.why else {
            continue;
        };
        if reported.contains(&&other.file) {
            continue;
        }
        let found = format!("{name} in this shell points to a different config");
        out.push(self::other(found, &other.file));
    }
}

/// `OPENCLAW_PROFILE` is what `openclaw --profile` sets; on its own it doesn't change any path.
fn profile_alone(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(name) = &evidence.machine.shell_profile else {
        return;
    };
    let mut others = evidence.machine.other_configs.iter();
    let intended =
        others.find(|other| matches!(&other.why, OtherWhy::Profile(known) if known == name));
    if let Some(intended) = intended {
        let name = printable(name, 40);
        let message = format!(
            "OPENCLAW_PROFILE={name} alone doesn't select the profile's config; `openclaw --profile {name}` does"
        );
        let run = Run::new("doctor").flag("--profile").value(name);
        out.push(other(message, &intended.file).help(Help::from("Run: ").run(run)));
    }
}

fn other(message: String, file: &Path) -> Diagnostic {
    let run = Run::new("doctor")
        .flag("--config")
        .value(file.display().to_string());
    Diagnostic::of(&OTHER_CONFIG, message)
        .at(Location::file(file))
        .help(Help::from("Run: ").run(run))
}
