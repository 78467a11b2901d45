use openclaw_portkey::causes::{self, Area, Symptom};
use openclaw_portkey::doctor;
use openclaw_portkey::gateway_config::check;
use openclaw_portkey::report::docs;
use snapbox::IntoData;
use snapbox::str;

use crate::support::home::Home;
use crate::support::portkey::ROWS;
use crate::support::snapshot::file;

#[test]
fn every_rule_and_symptom_is_explained() {
    let home = Home::new();
    for id in causes::all().map(|cause| cause.id) {
        let ran = home.run(&["explain", id]).status(0);
        assert!(
            ran.stdout.starts_with(id) && ran.stdout.contains("\nFix: "),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn a_rule() {
    home_says(
        &["explain", "base-url-without-v1"],
        file("explain/a-rule.txt"),
    );
}

#[test]
fn as_json() {
    let home = Home::new();
    for (name, wanted) in [
        ("base-url-without-v1", "explain/rule.json"),
        ("446", "explain/status.json"),
        ("invalid-key", "explain/symptom.json"),
        ("slug-unknown", "explain/two-rules.json"),
    ] {
        home.run(&["explain", name, "--format", "json"])
            .expect(0, file(wanted), str![]);
    }
    home.run(&["explain", "412"])
        .expect(0, file("explain/412.txt"), str![]);
}

#[test]
fn a_status_lists_all_its_causes() {
    let home = Home::new();
    for (status, ids) in [
        ("446", vec!["guardrail-denied"]),
        (
            "412",
            vec![
                "key-budget",
                "model-not-allowed",
                "policy-budget",
                "provider-budget",
                "workspace-budget",
            ],
        ),
        (
            "401",
            vec![
                "invalid-key",
                "upstream-unauthorized",
                "key-expired",
                "provider-expired",
                "workspace-expired",
                "admin-unauthorized",
            ],
        ),
    ] {
        let ran = home.run(&["explain", status, "--format", "json"]).status(0);
        let whole: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let found: Vec<&str> = whole["symptoms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids, "{status}");
    }
}

/// Everything that a command prints as the id of a cause, a check, a symptom or an area.
#[test]
fn every_id_is_accepted() {
    let home = Home::new();
    let rules = check::all_rules().map(|rule| rule.id);
    let checks = doctor::CHECKS.iter().map(|check| check.id);
    let symptoms = Symptom::ALL.iter().map(|symptom| symptom.name());
    let areas = Area::ALL.iter().map(|area| area.name());
    let before_a_write = ["model", "config-known", "gateway-config"];
    for name in rules
        .chain(checks)
        .chain(symptoms)
        .chain(areas)
        .chain(before_a_write)
    {
        let ran = home.run(&["explain", name]).status(0);
        assert!(ran.stdout.len() > 80, "{name}: {}", ran.stdout);
        home.run(&["explain", name, "--format", "json"]).status(0);
    }
    // Two rules have this id.
    let both = home.run(&["explain", "slug-unknown"]).status(0).stdout;
    assert_eq!(both.matches("slug-unknown (error)").count(), 2, "{both}");
    // Truncated by a column, and in a different case.
    let cut = home.run(&["explain", "base-url-with…"]).status(0).stdout;
    assert!(cut.starts_with("base-url-without-v1"), "{cut}");
    home.run(&["explain", "Base-URL-without-v1"]).status(0);
    home.run(&["explain", "base-url-…"]).status(2);
    let all = home.run(&["explain"]).status(0).stdout;
    for rule in check::all_rules() {
        assert!(all.contains(&format!("\n  {} ", rule.id)), "{}", rule.id);
    }
}

#[test]
fn a_doctor_check() {
    home_says(&["explain", "config-known"], file("explain/a-check.txt"));
}

#[test]
fn statuses_are_those_of_the_real_replies() {
    for row in ROWS.iter().filter(|row| row.symptom() != "unknown") {
        let symptom = causes::by_id(row.symptom()).unwrap();
        assert!(
            symptom.statuses.contains(&row.status),
            "{} {}",
            row.name,
            row.status
        );
    }
}

#[test]
fn a_pasted_text() {
    home_says(
        &[
            "explain",
            "HTTP 401: Portkey Error: Invalid API Key. Error Code: 03",
        ],
        str![[r#"
invalid-key (401)
Portkey does not accept the API key

Fix: Copy the key again from the API Keys page, or create a new one;
`openclaw-portkey init` stores it.
https://app.portkey.ai/api-keys

The key is missing, mistyped, deleted, expired or from a different Portkey: a
Prisma AIRS key only works with https://aigw.portkey.ai/v1. A self-hosted
gateway gives the same answer if it cannot reach its control plane.

"#]],
    );
    home_says(
        &["explain", "connect", "ECONNREFUSED", "127.0.0.1:8787"],
        str![[r#"
connect
nothing accepts a connection at the base URL

Fix: Check the host and port of the base URL. For your own gateway, start it;
for api.portkey.ai, check the network and the status page.
https://status.portkey.ai

The port is wrong, the gateway is not running, or a firewall blocks it.

"#]],
    );
}

#[test]
fn unknown_ids_get_a_suggestion() {
    let home = Home::new();
    home.run(&["explain", "base-url-witout-v1"]).expect(
        2,
        "",
        str![[r#"
error: no rule, status or error matches `base-url-witout-v1`
  → did you mean base-url-without-v1?

"#]],
    );
    home.run(&["explain", "999"]).expect(
        2,
        "",
        str![[r#"
error: no rule, status or error matches `999`
  → neither Portkey nor OpenClaw uses this status, as far as is known

"#]],
    );
    home.run(&["explain", "\u{1b}[31m qqq"]).expect(
        2,
        "",
        str![[r#"
error: no rule, status or error matches `\u{1b}[31m qqq`
  → `openclaw-portkey explain` lists all topics

"#]],
    );
    home.run(&["explain", "qqqq", "--format", "json"]).expect(
        2,
        str![[r#"
{
  "version": 1,
  "command": "explain",
  "error": {
    "kind": "usage",
    "message": "no rule, status or error matches `qqqq`",
    "location": null,
    "hints": [
      "`openclaw-portkey explain` lists all topics"
    ]
  }
}

"#]],
        str![[r#"
error: no rule, status or error matches `qqqq`
  → `openclaw-portkey explain` lists all topics

"#]],
    );
}

#[test]
fn the_documentation_is_up_to_date() {
    let pages = [
        (
            "rules.md",
            include_str!("../../../docs/rules.md"),
            docs::rules(),
        ),
        (
            "troubleshooting.md",
            include_str!("../../../docs/troubleshooting.md"),
            docs::troubleshooting(),
        ),
    ];
    for (name, kept, made) in pages {
        assert!(
            kept.replace("\r\n", "\n") == made,
            "docs/{name} is out of date: run `cargo run --example docs`"
        );
    }
}

#[track_caller]
fn home_says(args: &[&str], wanted: impl IntoData) {
    Home::new().run(args).expect(0, wanted, str![]);
}
