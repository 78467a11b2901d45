//! `guardrail list`, `checks` and `new`.

use serde_json::json;

use super::{Setting, expect, script};
use crate::support::admin::{Fault, refusal};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn what_each_command_prints() {
    let setting = Setting::new(script());
    let mut all = String::new();
    for args in [
        &["guardrail", "list"][..],
        &["guardrail", "new", "pii", "--redact", "--dry-run"],
        &["guardrail", "new", "pii", "--redact", "--yes"],
        &["guardrail", "new", "pii", "--yes"],
        &[
            "guardrail",
            "new",
            "models",
            "--param",
            "models=gpt-5,gpt-5-mini",
            "--deny",
            "--yes",
        ],
        &[
            "guardrail",
            "new",
            "patronus.toxicity",
            "--deny",
            "--async",
            "--yes",
        ],
        &["guardrail", "list"],
    ] {
        all += &setting.transcript(args);
    }
    same(&all, file("admin/guardrails.txt"));
    let made = &setting.admin.guardrails()[0];
    assert_eq!(made["checks"][0]["id"], "portkey.pii");
    assert_eq!(made["checks"][0]["parameters"]["redact"], true);
    assert_eq!(made["actions"]["deny"], false);
    let models = &setting.admin.guardrails()[1];
    let wanted = json!({ "models": ["gpt-5", "gpt-5-mini"] });
    assert_eq!(models["checks"][0]["parameters"], wanted);
    assert_eq!(models["actions"]["deny"], true);
}

/// Needs no key, no config and no network.
#[test]
fn the_checks_are_listed_offline() {
    let home = Home::new();
    let mut all = String::new();
    for args in [
        &["guardrail", "checks"][..],
        &["guardrail", "checks", "toxic"],
        &["guardrail", "checks", "pii"],
        &["guardrail", "checks", "default.jwt"],
        &["guardrail", "checks", "nothing of this"],
    ] {
        all += &home.run(args).transcript(args);
    }
    same(&all, file("admin/checks.txt"));
    let document = home
        .run(&["guardrail", "checks", "--format", "json"])
        .status(0)
        .json();
    assert_eq!(document["checks"].as_array().unwrap().len(), 73);
    assert_eq!(home.files(), Vec::<String>::new());
}

#[test]
fn invalid_arguments() {
    let setting = Setting::new(script());
    for (args, status, part) in [
        (&["new", "nothing"][..], 2, "`guardrail checks` lists"),
        (
            &["new", "wordcount"],
            2,
            "did you mean `default.wordCount`?",
        ),
        (&["new", "gibberisch"], 2, "did you mean `gibberish`?"),
        (&["new", "regex"], 2, "default.regexMatch needs `rule`"),
        (
            &["new", "regex", "--param", "rule"],
            2,
            "expected NAME=VALUE",
        ),
        (&["new", "regex", "--param", "rules=x"], 2, "has no `rules`"),
        (
            &["new", "regex", "--param", "rule=x", "--redact"],
            2,
            "can't redact",
        ),
        (
            &["new", "pii", "--param", "categories=SHOES"],
            2,
            "comma-separated list of: EMAIL_ADDRESS",
        ),
    ] {
        expect(
            &setting.run(&[&["guardrail"], args, &["--yes"]].concat()),
            status,
            &[part],
        );
    }
    expect(&setting.run(&["guardrail", "new", "pii"]), 2, &["--yes"]);
    assert!(setting.writes().is_empty());
    for (scope, args) in [
        ("guardrails.list", &["guardrail", "list"][..]),
        ("guardrails.create", &["guardrail", "new", "pii", "--yes"]),
    ] {
        let setting = Setting::new(script().without(scope));
        expect(
            &setting.run(args),
            1,
            &["403", "the admin key needs:", scope],
        );
    }
    let blind = Setting::new(script().without("guardrails.read"));
    expect(
        &blind.run(&["guardrail", "new", "pii", "--yes"]),
        0,
        &["was not compared", "pg-pii-0001"],
    );
    let lost = Setting::new(script().fault("POST", "/v1/guardrails", 1, Fault::Cut));
    let new = ["guardrail", "new", "pii", "--yes"];
    expect(
        &lost.run(&new),
        2,
        &["it checks first and doesn't create another"],
    );
    expect(
        &lost.run(&new),
        1,
        &["the guardrail `pii` already exists (pg-pii-0001)"],
    );
    let plan = Fault::Status(402, refusal("AB09", "not in this plan"), None);
    let plan = Setting::new(script().fault("POST", "/v1/guardrails", 1, plan));
    expect(&plan.run(&new), 1, &["402", "plan"]);
}

#[test]
fn documents() {
    let setting = Setting::new(script());
    let json = |args: &[&str]| setting.run(&[args, &["--format", "json"]].concat()).json();
    let dry = json(&["guardrail", "new", "pii", "--dry-run"]);
    assert_eq!(
        (&dry["sent"], &dry["guardrail"]["id"]),
        (&json!(false), &json!(null))
    );
    let made = json(&["guardrail", "new", "pii", "--yes"]);
    assert_eq!(
        (&made["sent"], &made["guardrail"]["id"]),
        (&json!(true), &json!("pg-pii-0001"))
    );
    assert_eq!(json(&["guardrail", "list"])["guardrails"][0]["name"], "pii");
}
