use crate::support::home::Home;
use crate::support::portkey::ROWS;

use openclaw_portkey::causes;
use openclaw_portkey::report::docs;

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
        "base-url-without-v1 (error)\nthe base URL does not end in `/v1`\n\nOpenClaw appends `/chat/completions` to the base URL as it stands. Without `/v1`\n",
    );
}

#[test]
fn a_status_brings_all_that_carry_it() {
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
                "admin-unauthorized",
                "invalid-key",
                "key-expired",
                "provider-expired",
                "upstream-unauthorized",
                "workspace-expired",
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
        "invalid-key (401)\n",
    );
    home_says(
        &["explain", "connect", "ECONNREFUSED", "127.0.0.1:8787"],
        "connect\n",
    );
}

#[test]
fn what_is_unknown_gets_the_nearest() {
    let home = Home::new();
    home.run(&["explain", "base-url-witout-v1"])
        .status(2)
        .stderr_has("did you mean base-url-without-v1");
    home.run(&["explain", "999"]).expect(
        2,
        "",
        "error: nothing is known of `999`\n  → neither Portkey nor OpenClaw is known to answer with this status\n",
    );
    let odd = home.run(&["explain", "\u{1b}[31m qqq"]).status(2);
    assert!(!odd.stderr.contains('\u{1b}'));
    let json = home.run(&["explain", "qqqq", "--format", "json"]).status(2);
    let whole: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(whole["error"]["kind"], "usage");
}

#[test]
fn the_documentation_is_that_of_the_program() {
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
fn home_says(args: &[&str], start: &str) {
    let ran = Home::new().run(args).status(0);
    assert!(ran.stdout.starts_with(start), "{}", ran.stdout);
}
