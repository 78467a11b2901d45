use std::path::{Path, PathBuf};
use std::time::Duration;

use super::facts::{Fact, Gateway, Health, Machine, Newer, OtherConfig, OtherWhy};
use super::{Answer, CHECKS, ConfigFile, DoctorFacts, Row, run, verdict};
use crate::causes::{self, Area, Doubt, Facts, InDoctor};
use crate::diagnostic::{Diagnostic, Level, Location};
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
        exposed_config: false,
        settings: Vec::new(),
        shell_profile: None,
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

/// Calls `check` with the facts for a config with this provider, and with these diagnostics of the
/// rules.
fn with_facts<T>(
    provider: &str,
    version: VersionSource,
    machine: &Machine,
    private: bool,
    found: &[Diagnostic],
    check: impl FnOnce(&DoctorFacts<'_>) -> T,
) -> T {
    let text = format!("{{ models: {{ providers: {{ portkey: {{ {provider} }} }} }} }}");
    let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
    let facts = Facts::new(&config, version);
    let short = |path: &Path| path.display().to_string();
    check(&DoctorFacts {
        config: ConfigFile {
            path: PathBuf::from("openclaw.json"),
            exists: true,
        },
        facts: Some(&facts),
        found,
        unread: &[],
        provider_id: "portkey",
        version,
        machine,
        answer: Answer::NotSent("not sent".to_owned()),
        other_key: None,
        proxies: None,
        resolves_privately: Fact::Known(private),
        health: None,
        probes: Fact::Unknown("not sent".to_owned()),
        forced: None,
        now: std::time::SystemTime::UNIX_EPOCH,
        short: &short,
    })
}

/// Problems, as `level id`, for a config with this provider.
fn problems(
    provider: &str,
    version: VersionSource,
    machine: &Machine,
    private: bool,
) -> Vec<String> {
    let reported = |found: Diagnostic| {
        let is_problem = found.level.is_problem();
        is_problem.then(|| format!("{} {}", found.level, found.id().unwrap_or("?")))
    };
    with_facts(provider, version, machine, private, &[], |facts| {
        run(facts).into_iter().filter_map(reported).collect()
    })
}

const WIRED: &str = "baseUrl: 'https://gw.corp.example/v1', apiKey: 'pk-0123456789'";

#[test]
fn check_ids_are_unique() {
    for (index, check) in CHECKS.iter().enumerate() {
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(check.id.chars().all(kebab), "{}", check.id);
        assert!(check.what.len() > 10, "{}", check.id);
        assert!(CHECKS[..index].iter().all(|other| other.id != check.id));
    }
}

/// A rule's diagnostic goes to the row for its area, whichever check reports it.
#[test]
fn rules_go_to_the_row_of_their_area() {
    for (row, cause, check) in [
        (Row::Routing, Some("agent-bypasses-portkey"), "wired"),
        (Row::Routing, Some("base-url-without-v1"), "reachable"),
        (Row::Key, Some("api-key-missing"), "key-given"),
        (Row::Models, Some("model-duplicate"), "wired"),
        (Row::Headers, Some("metadata-not-json-object"), "wired"),
        (Row::OpenClaw, Some("unknown-key"), "config-readable"),
        (Row::OpenClaw, None, "gateway-running"),
        (Row::Network, None, "reachable"),
        (Row::Requests, None, "probe"),
        (Row::Requests, Some("dns"), "probe"),
        (Row::Network, Some("dns"), "reachable"),
    ] {
        let found = match cause {
            Some(id) => Diagnostic::of(causes::by_id(id).expect(id), "x"),
            None => Diagnostic::note(None, "x"),
        };
        assert_eq!(Row::of(&found.check(check)), row, "{cause:?} {check}");
    }
    for row in Row::ALL {
        assert!(CHECKS.iter().any(|check| check.row == row), "{row:?}");
    }
}

#[test]
fn a_private_address_that_openclaw_blocks() {
    let of = |version: &str| {
        Version::parse(version).map_or(VersionSource::Unknown, VersionSource::Installed)
    };
    let check = |provider: &str, version: &str, private| {
        problems(provider, of(version), &machine(), private)
    };
    assert_eq!(check(WIRED, "2026.9.6", true), ["error private-address"]);
    assert_eq!(check(WIRED, "unknown", true), ["warning private-address"]);
    let nothing: [&str; 0] = [];
    assert_eq!(check(WIRED, "2026.9.6", false), nothing);
    assert_eq!(check(WIRED, "2026.2.17", true), nothing);
    let allowed = format!("{WIRED}, request: {{ allowPrivateNetwork: true }}");
    assert_eq!(check(&allowed, "2026.9.6", true), nothing);
    // Literal addresses and this machine's own name pass.
    for host in [
        "http://10.1.2.3",
        "http://127.0.0.1:8787",
        "http://localhost:8787",
    ] {
        let literal = WIRED.replace("https://gw.corp.example", host);
        assert_eq!(check(&literal, "2026.9.6", true), nothing, "{host}");
    }
}

#[test]
fn a_gateway_that_has_not_seen_the_change() {
    let check = |gateways: Vec<Gateway>| {
        let machine = Machine {
            gateways: Fact::Known(gateways),
            ..machine()
        };
        problems(WIRED, VersionSource::Unknown, &machine, false)
    };
    let nothing: [&str; 0] = [];
    assert_eq!(
        check(vec![gateway(true, Health::Live, Vec::new())]),
        nothing
    );
    // A changed config is picked up, but a changed `.env` isn't.
    let config = newer("/h/.openclaw/openclaw.json");
    assert_eq!(
        check(vec![gateway(true, Health::Live, vec![config])]),
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
        problems(&off, VersionSource::Unknown, &without_reload, false),
        ["error gateway-stale"]
    );
    let dotenv = newer("/h/.openclaw/.env");
    assert_eq!(
        check(vec![gateway(true, Health::Live, vec![dotenv])]),
        ["warning gateway-stale"]
    );
    let silent = Health::Silent("no answer within 1 s".to_owned());
    assert_eq!(
        check(vec![gateway(true, silent, Vec::new())]),
        ["warning gateway-silent"]
    );
    // A gateway on another file matters if none runs on this one.
    let other = || gateway(false, Health::Live, Vec::new());
    assert_eq!(check(vec![other()]), ["warning other-config"]);
    assert_eq!(
        check(vec![gateway(true, Health::Live, Vec::new()), other()]),
        nothing
    );
}

#[test]
fn another_config_selected_by_this_shell() {
    let check = |why: OtherWhy| {
        let machine = Machine {
            other_configs: vec![OtherConfig {
                file: PathBuf::from("/h/other.json"),
                why,
            }],
            ..machine()
        };
        problems(WIRED, VersionSource::Unknown, &machine, false)
    };
    assert_eq!(
        check(OtherWhy::Variable("OPENCLAW_CONFIG_PATH")),
        ["warning other-config"]
    );
    let nothing: [&str; 0] = [];
    assert_eq!(check(OtherWhy::Default), nothing);
    assert_eq!(check(OtherWhy::Profile("work".to_owned())), nothing);
}

/// Whatever is reported, there is one verdict with a matching exit code.
#[test]
fn the_verdict_and_the_exit_code_agree() {
    let version = VersionSource::Unknown;
    let check = |found: &[Diagnostic]| {
        with_facts(WIRED, version, &machine(), false, &[], |facts| {
            let verdict = verdict(facts, found);
            let worst = found.iter().map(|one| one.level).max();
            let worst = worst.unwrap_or(Level::Passed);
            let what = format!("{found:?}: {verdict:?}");
            assert_eq!(
                verdict.arrives == Some(false),
                worst == Level::Error,
                "{what}"
            );
            for fail_on in [Level::Note, Level::Warning, Level::Error] {
                assert_eq!(verdict.fails(found, fail_on), worst >= fail_on, "{what}");
                // Hiding a diagnostic doesn't make the result good.
                let fails = worst == Level::Error;
                assert_eq!(verdict.fails([], fail_on), fails, "{what}");
            }
            let good = verdict.summary.starts_with("Looks good");
            assert!(!good || verdict.arrives == Some(true), "{what}");
            assert!(!good || worst < Level::Warning, "{what}");
            assert!(verdict.summary.ends_with('.'), "{what}");
            verdict
        })
    };
    let good = check(&[Diagnostic::passed("wired", "x")]);
    assert!(good.summary.starts_with("Looks good"), "{good:?}");
    for cause in causes::all() {
        for level in [Level::Note, Level::Warning, Level::Error] {
            let verdict = check(&[Diagnostic::of(cause, "x").level(level)]);
            let open = level == Level::Warning && cause.doubt != Doubt::None;
            assert_eq!(verdict.arrives.is_none(), open, "{}: {verdict:?}", cause.id);
        }
    }
    for row in CHECKS {
        let verdict = check(&[Diagnostic::skipped(row.id, "x")]);
        let open = row.doubt != Doubt::None;
        assert_eq!(verdict.arrives.is_none(), open, "{}: {verdict:?}", row.id);
    }
}

/// A rule's diagnostic is shown once, unless the row says otherwise; and one that stops OpenClaw
/// isn't shown next to a check mark that says it starts.
#[test]
fn rule_diagnostics_are_shown_once() {
    for rule in causes::RULES {
        let found = [Diagnostic::error(*rule, "x")];
        with_facts(
            WIRED,
            VersionSource::Unknown,
            &machine(),
            false,
            &found,
            |facts| {
                let all = run(facts);
                let shown = all.iter().filter(|one| one.is(rule)).count();
                let wanted = matches!(rule.in_doctor, InDoctor::Problems | InDoctor::WithNotes);
                assert_eq!(shown, usize::from(wanted), "{}", rule.id);
                let passed = |check: &str| {
                    let mut all = all.iter();
                    all.any(|one| one.check == check && one.level == Level::Passed)
                };
                let starts = passed("config-readable");
                assert!(!(rule.stops_openclaw && starts), "{}", rule.id);
                let is_header = matches!(rule.area, Area::Headers | Area::Routing);
                assert!(!(is_header && passed("headers-right")), "{}", rule.id);
            },
        );
    }
}

/// Diagnostics about something the primary doesn't use cause no doubt about it.
#[test]
fn other_models_and_agents_do_not_matter() {
    let text = "{ models: { providers: {\n\
        portkey: { baseUrl: 'https://api.portkey.ai/v1', apiKey: '${K}', models: [\n\
            { id: '@a/one', name: 'One' }, { id: '@a/two', name: 'Two' } ] },\n\
        other: { baseUrl: 'https://api.portkey.ai/v1' } } },\n\
        agents: { defaults: { model: { primary: 'portkey/@a/one', fallbacks: ['portkey/x'] } },\n\
            entries: { main: { model: { primary: 'portkey/@a/one' } }, kids: { model: 'x' } } } }";
    let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
    let facts = Facts::new(&config, VersionSource::Unknown);
    let retired = causes::rule("retired-key").unwrap();
    let at = |path: &str| {
        let mut view = config.root();
        for step in path.split('.') {
            view = match step.parse::<usize>() {
                Ok(index) => view.items().swap_remove(index),
                Err(_) => view.get(step).unwrap(),
            };
        }
        Diagnostic::warning(retired, "x").at(Location::of(&view))
    };
    with_facts(
        WIRED,
        VersionSource::Unknown,
        &machine(),
        false,
        &[],
        |other| {
            let short = |path: &Path| path.display().to_string();
            let facts = DoctorFacts {
                facts: Some(&facts),
                config: other.config.clone(),
                found: &[],
                unread: &[],
                provider_id: "portkey",
                version: VersionSource::Unknown,
                machine: other.machine,
                answer: Answer::NotSent("not sent".to_owned()),
                other_key: None,
                proxies: None,
                resolves_privately: Fact::Known(false),
                health: None,
                probes: Fact::Unknown("not sent".to_owned()),
                forced: None,
                now: std::time::SystemTime::UNIX_EPOCH,
                short: &short,
            };
            for (path, is_on_the_way) in [
                ("models.providers.portkey", true),
                ("models.providers.portkey.models.0", true),
                ("models.providers.portkey.models.0.id", true),
                ("models.providers.portkey.models.1.id", false),
                ("models.providers.other", false),
                ("agents.defaults", true),
                ("agents.defaults.model.primary", true),
                ("agents.defaults.model.fallbacks.0", false),
                ("agents.entries.main.model", true),
                ("agents.entries.kids.model", false),
            ] {
                let verdict = verdict(&facts, &[at(path)]);
                assert_eq!(
                    verdict.arrives.is_none(),
                    is_on_the_way,
                    "{path}: {verdict:?}"
                );
            }
        },
    );
}

/// Sentence, `arrives`, exit code and check marks have the same source: whatever is reported, at
/// whatever level, they don't contradict each other.
#[test]
fn every_cause_gives_a_consistent_verdict() {
    for cause in causes::all() {
        for level in [Level::Note, Level::Warning, Level::Error] {
            let found = [Diagnostic::of(cause, "x").level(level)];
            with_facts(
                WIRED,
                VersionSource::Unknown,
                &machine(),
                false,
                &[],
                |facts| {
                    let verdict = verdict(facts, &found);
                    let fails = verdict.fails(&found, Level::Error);
                    let good = verdict.summary.starts_with("Looks good")
                        || verdict.summary.starts_with("Requests arrive")
                        || verdict.summary.starts_with("Requests should arrive");
                    let what = format!("{} {level}: {verdict:?}", cause.id);
                    assert_eq!(good, verdict.arrives == Some(true), "{what}");
                    assert_eq!(fails, verdict.arrives == Some(false), "{what}");
                    assert_eq!(fails, level == Level::Error, "{what}");
                    // The decisive diagnostic is shown with it, and isn't a reason if all is well.
                    assert_eq!(verdict.rests_on(&found[0]), !good, "{what}");
                },
            );
        }
    }
}

/// A rule's diagnostic would be lost if no check had its symptom.
#[test]
fn every_rule_is_shown_by_a_check() {
    for rule in causes::RULES {
        let is_shown = !matches!(rule.in_doctor, InDoctor::Never | InDoctor::Elsewhere);
        let mut checks = CHECKS.iter();
        let has_check = checks.any(|check| check.symptoms.first() == rule.symptoms.first());
        assert!(has_check || !is_shown, "{}", rule.id);
    }
}
