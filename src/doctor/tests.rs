use std::path::{Path, PathBuf};
use std::time::Duration;

use super::facts::{Fact, Gateway, Health, Machine, Newer, OtherConfig, OtherWhy};
use super::{Asked, CHECKS, ConfigFile, DoctorFacts, run};
use crate::causes::Facts;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::openclaw::{Config, Version, VersionSource};

fn machine() -> Machine {
    Machine {
        installed: None,
        variables: Vec::new(),
        services: Fact::Known(Vec::new()),
        gateways: Fact::Known(Vec::new()),
        profiles: Fact::Known(Vec::new()),
        other_configs: Vec::new(),
    }
}

fn gateway(is_ours: bool, health: Health, newer: Vec<Newer>) -> Gateway {
    Gateway {
        pid: 7,
        lock: PathBuf::from("/lock"),
        config: PathBuf::from("/elsewhere/openclaw.json"),
        is_ours,
        port: 18789,
        started: None,
        health,
        newer,
    }
}

fn newer(file: &str) -> Newer {
    Newer {
        file: PathBuf::from(file),
        is_config: file.ends_with("json"),
        after: Duration::from_secs(300),
    }
}

/// What is amiss, as `verdict id`, for a config with this provider.
fn amiss(provider: &str, version: VersionSource, machine: &Machine, private: bool) -> Vec<String> {
    let text = format!("{{ models: {{ providers: {{ portkey: {{ {provider} }} }} }} }}");
    let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
    let facts = Facts::new(&config, version);
    let short = |path: &Path| path.display().to_string();
    let evidence = DoctorFacts {
        config: ConfigFile {
            path: PathBuf::from("openclaw.json"),
            exists: true,
        },
        facts: Some(&facts),
        found: &[],
        unread: &[],
        provider_id: "portkey",
        version,
        machine,
        asked: Asked::No("not asked".to_owned()),
        other_key: None,
        resolves_privately: Fact::Known(private),
        health: None,
        probes: Fact::Unknown("not sent".to_owned()),
        short: &short,
    };
    let told = |found: Diagnostic| {
        let is_problem = found.level.is_problem();
        is_problem.then(|| format!("{} {}", found.level, found.id().unwrap_or("?")))
    };
    run(&evidence).into_iter().filter_map(told).collect()
}

const WIRED: &str = "baseUrl: 'https://gw.corp.example/v1', apiKey: 'pk-0123456789'";

#[test]
fn checks_have_names_of_their_own() {
    for (index, check) in CHECKS.iter().enumerate() {
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(check.id.chars().all(kebab), "{}", check.id);
        assert!(check.what.len() > 10, "{}", check.id);
        assert!(CHECKS[..index].iter().all(|other| other.id != check.id));
    }
}

#[test]
fn a_private_address_that_openclaw_blocks() {
    let of = |version: &str| {
        Version::parse(version).map_or(VersionSource::Unknown, VersionSource::Installed)
    };
    let look =
        |provider: &str, version: &str, private| amiss(provider, of(version), &machine(), private);
    assert_eq!(look(WIRED, "2026.9.6", true), ["error private-address"]);
    assert_eq!(look(WIRED, "unknown", true), ["warning private-address"]);
    let nothing: [&str; 0] = [];
    assert_eq!(look(WIRED, "2026.9.6", false), nothing);
    assert_eq!(look(WIRED, "2026.2.17", true), nothing);
    let allowed = format!("{WIRED}, request: {{ allowPrivateNetwork: true }}");
    assert_eq!(look(&allowed, "2026.9.6", true), nothing);
    // Addresses and this machine's own name pass.
    for host in [
        "http://10.1.2.3",
        "http://127.0.0.1:8787",
        "http://localhost:8787",
    ] {
        let literal = WIRED.replace("https://gw.corp.example", host);
        assert_eq!(look(&literal, "2026.9.6", true), nothing, "{host}");
    }
}

#[test]
fn a_gateway_that_does_not_know_of_the_change() {
    let look = |gateways: Vec<Gateway>| {
        let machine = Machine {
            gateways: Fact::Known(gateways),
            ..machine()
        };
        amiss(WIRED, VersionSource::Unknown, &machine, false)
    };
    let nothing: [&str; 0] = [];
    assert_eq!(look(vec![gateway(true, Health::Live, Vec::new())]), nothing);
    // A changed config is taken up, a changed `.env` is not.
    let config = newer("/h/.openclaw/openclaw.json");
    assert_eq!(
        look(vec![gateway(true, Health::Live, vec![config])]),
        nothing
    );
    let config = newer("/h/.openclaw/openclaw.json");
    let without_reload = Machine {
        gateways: Fact::Known(vec![gateway(true, Health::Live, vec![config])]),
        ..machine()
    };
    let off =
        format!("{WIRED} }} }} }}, gateway: {{ reload: {{ mode: 'off' }} }}, x: {{ y: {{ z: {{");
    assert_eq!(
        amiss(&off, VersionSource::Unknown, &without_reload, false),
        ["warning gateway-stale"]
    );
    let dotenv = newer("/h/.openclaw/.env");
    assert_eq!(
        look(vec![gateway(true, Health::Live, vec![dotenv])]),
        ["warning gateway-stale"]
    );
    let silent = Health::Silent("no answer within 1 s".to_owned());
    assert_eq!(
        look(vec![gateway(true, silent, Vec::new())]),
        ["warning gateway-silent"]
    );
    // One that follows another file matters where none follows this one.
    let other = || gateway(false, Health::Live, Vec::new());
    assert_eq!(look(vec![other()]), ["warning other-config"]);
    assert_eq!(
        look(vec![gateway(true, Health::Live, Vec::new()), other()]),
        nothing
    );
}

#[test]
fn another_file_that_this_shell_names() {
    let look = |why: OtherWhy| {
        let machine = Machine {
            other_configs: vec![OtherConfig {
                file: PathBuf::from("/h/other.json"),
                why,
            }],
            ..machine()
        };
        amiss(WIRED, VersionSource::Unknown, &machine, false)
    };
    assert_eq!(
        look(OtherWhy::Variable("OPENCLAW_CONFIG_PATH")),
        ["warning other-config"]
    );
    let nothing: [&str; 0] = [];
    assert_eq!(look(OtherWhy::Default), nothing);
    assert_eq!(look(OtherWhy::Profile("work".to_owned())), nothing);
}
