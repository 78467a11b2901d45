//! Refusals by Portkey, broken connections, and replies that differ from what was sent.

use serde_json::Value;

use super::checking::expect;
use super::saving::{ADMIN_KEY, Setting, saved, script};
use crate::support::admin::{AdminApi, Fault, Script, Style, refusal};

/// Checks that a run fails with this status and prints these parts, but neither a result nor the
/// key.
#[track_caller]
fn fails(script: Script, args: &[&str], status: i32, parts: &[&str]) {
    let setting = Setting::new(script);
    let ran = setting.run(args);
    expect(&ran, status, parts);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    assert!(!ran.stderr.contains(ADMIN_KEY), "{}", ran.stderr);
}

const PUSH: [&str; 3] = ["push", "good.json", "--yes"];
const SHOW: [&str; 2] = ["show", "pc-main-0001"];
const NONE: &str = "pc-none-0001";

/// Who refused, why, and what to do.
#[test]
fn refusals() {
    let main = || script().config("main", saved());
    let good = || script().config("good", saved());
    let needs = "the admin key needs: configs.";
    fails(
        script().without("configs.list"),
        &["list"],
        1,
        &["GET /configs", "403", needs],
    );
    fails(
        main().without("configs.read"),
        &SHOW,
        1,
        &["configs.read", "or it isn't in the key's workspace"],
    );
    fails(
        script().without("configs.create"),
        &PUSH,
        1,
        &["POST /configs", needs],
    );
    fails(
        good().without("configs.update"),
        &PUSH,
        1,
        &["PUT /configs/pc-good-0001", needs],
    );
    let wrong = &["does not accept the key", "401", "admin permissions"];
    fails(Script::new("another"), &["list"], 1, wrong);
    fails(
        script(),
        &["show", NONE],
        1,
        &["no config pc-none-0001 at Portkey", "gateway-config list"],
    );
    fails(
        script(),
        &["history", NONE],
        1,
        &["no config pc-none-0001 at Portkey"],
    );
    let back = ["rollback", "pc-main-0001", "--to", "ffff"];
    fails(
        main(),
        &back,
        1,
        &["has no version ffff", "gateway-config history pc-main-0001"],
    );
    let two = main().config("main", saved());
    let push = ["push", "good.json", "--name", "main", "--yes"];
    fails(
        two,
        &push,
        2,
        &["2 configs are called `main`", "--name pc-main-0001"],
    );
}

/// Replies that differ from the documentation.
#[test]
fn faults() {
    let at = |method, status, body: &str| {
        let fault = Fault::Status(status, body.to_owned(), Some("0"));
        script().fault(method, "/v1/configs", 9, fault)
    };
    let no = |code| refusal(code, "targets.0 is wrong");
    fails(
        at("POST", 409, &no("AB07")),
        &PUSH,
        1,
        &["already exists", "409"],
    );
    fails(
        at("POST", 400, &no("AB01")),
        &PUSH,
        1,
        &["targets.0 is wrong"],
    );
    fails(at("POST", 402, &no("AB09")), &PUSH, 1, &["402", "plan"]);
    fails(at("GET", 200, "[1"), &["list"], 2, &["error"]);
    fails(at("GET", 200, "{}"), &["list"], 2, &["error"]);
    fails(
        at("GET", 502, "<html><body>no</body></html>"),
        &["list"],
        2,
        &["web page"],
    );
}

#[test]
fn reads_are_retried_and_writes_are_not() {
    let busy = |status, code| Fault::Status(status, refusal(code, "later"), Some("0"));
    for fault in [
        busy(429, "AB06"),
        busy(500, "AB04"),
        busy(503, "x"),
        Fault::Lost,
        Fault::Cut,
    ] {
        let lost = matches!(fault, Fault::Lost | Fault::Cut);
        let setting = Setting::new(script().config("main", saved()).fault(
            "GET",
            "/v1/configs",
            2,
            fault.clone(),
        ));
        expect(&setting.run(&["list"]), 0, &["pc-main-0001"]);
        assert_eq!(setting.admin.log().len(), 3);
        let setting = Setting::new(script().fault("POST", "/v1/configs", 9, fault));
        let ran = setting.run(&["push", "good.json", "--yes"]);
        assert_ne!(ran.status, 0);
        let posts = setting
            .admin
            .log()
            .iter()
            .filter(|line| line.starts_with("POST"))
            .count();
        assert_eq!(posts, 1);
        if lost {
            expect(&ran, 2, &["run the command again", "create another"]);
        }
    }
    // Don't start a delay that is too long.
    let long = Fault::Status(429, refusal("AB06", "later"), Some("3600"));
    let setting = Setting::new(script().fault("GET", "/v1/configs", 9, long));
    expect(&setting.run(&["list"]), 1, &["too many requests", "429"]);
    assert_eq!(setting.admin.log().len(), 1);
    // A silent server times out.
    let slow = Fault::Slow(std::time::Duration::from_secs(4));
    let setting = Setting::new(script().fault("GET", "/v1/configs", 9, slow));
    expect(
        &setting.run(&["list", "--timeout", "1"]),
        2,
        &["silent for 1 s"],
    );
}

#[test]
fn the_key_is_sent_nowhere_else() {
    let other = AdminApi::start(script());
    let setting =
        Setting::new(script().fault("GET", "/v1/configs", 9, Fault::Redirect(other.url())));
    expect(&setting.run(&["list"]), 2, &["points to"]);
    assert!(other.requests().is_empty());
    let far = [
        "gateway-config",
        "list",
        "--admin-url",
        "http://portkey.invalid/v1",
    ];
    expect(&setting.home.run(&far), 2, &["plain http"]);
    let requests = setting.admin.requests();
    assert!(
        requests
            .iter()
            .all(|one| one.header("authorization").is_none())
    );
    assert_eq!(requests[0].header("x-portkey-api-key"), Some(ADMIN_KEY));
    assert!(setting.portkey.requests().is_empty());
}

#[test]
fn lists_are_paginated() {
    let mut many = script().page(2);
    for number in 0..5 {
        many = many.config(&format!("c{number}"), saved());
    }
    let setting = Setting::new(many);
    let ran = setting.run(&["list"]).status(0);
    assert_eq!(ran.stdout.lines().count(), 5, "{}", ran.stdout);
    assert_eq!(setting.admin.log().len(), 3);
    // The name is on the last page, so no second config is created.
    expect(
        &setting.run(&["push", "good.json", "--name", "c4", "--yes", "--no-probe"]),
        0,
        &["Saved gateway config pc-c4-0005"],
    );
    assert_eq!(setting.admin.configs().len(), 5);
}

#[test]
fn writes_are_read_back() {
    // Stale replies are temporary.
    let setting = Setting::new(script().config("good", saved()).stale(2));
    let ran = setting
        .run(&["push", "good.json", "--yes", "--no-probe"])
        .status(0);
    assert!(!ran.stderr.contains("something else"), "{}", ran.stderr);
    // A persistent difference is shown.
    let setting = Setting::new(script().config("good", saved()).adding());
    let ran = setting.run(&["push", "good.json", "--yes", "--no-probe"]);
    expect(
        &ran,
        0,
        &[
            "Portkey returned something different from what was sent",
            "strict_open_ai_compliance",
        ],
    );
    // A new config that the list doesn't contain yet is found, and is only created once.
    for lists in [2, 3] {
        let setting = Setting::new(script().unlisted(lists));
        let ran = setting.run(&["push", "good.json", "--yes", "--no-probe"]);
        expect(&ran, 0, &["Created gateway config pc-good-0001"]);
        assert_eq!(setting.admin.configs().len(), 1);
    }
}

/// Two processes create a config with the same name at once: both configs are reported.
#[test]
fn reports_a_concurrent_duplicate() {
    for style in [Style::Documented, Style::Flat] {
        let setting = Setting::new(script().style(style).twin());
        let ran = setting.run(&["push", "good.json", "--yes", "--no-probe"]);
        let parts = [
            "Created gateway config pc-good-0001",
            "another config with this name, pc-good-0002",
        ];
        expect(&ran, 0, &parts);
        let again = setting.run(&["push", "good.json", "--yes", "--no-probe"]);
        expect(&again, 2, &["2 configs are called `good`"]);
    }
}

/// With an organisation's key, every request names the workspace.
#[test]
fn every_request_names_the_workspace() {
    let setting = Setting::new(script().config("good", saved()));
    let with =
        |args: &[&'static str]| [args, &["--workspace", "ws-a", "--yes", "--no-probe"]].concat();
    expect(&setting.run(&with(&["push", "good.json"])), 0, &["Saved"]);
    expect(
        &setting.run(&with(&["push", "good.json", "--name", "new"])),
        0,
        &["Created"],
    );
    for request in setting.admin.requests() {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_named =
            request.target.contains("workspace_id=ws-a") || body["workspace_id"] == "ws-a";
        assert!(is_named, "{} {}", request.method, request.target);
    }
}
