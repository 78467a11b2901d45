//! `usage`: requests, tokens and cost.

use serde_json::json;

use super::{Setting, expect, script};
use crate::support::admin::{Fault, Script, refusal};
use crate::support::snapshot::{file, same};

const FLASH: &str = "gemini-2.5-flash";

/// A date so many days ago, in the control plane's format.
fn ago(days: u64) -> String {
    let now = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86400);
    let text = humantime::format_rfc3339_seconds(now).to_string();
    text[..10].to_owned()
}

fn used() -> Script {
    let ops = json!({
        "name": "openclaw-ops", "scopes": [], "defaults": { "metadata": { "agent": "ops" } },
    });
    script()
        .key(ops)
        .key(json!({ "name": "unused", "scopes": [] }))
        .used((&ago(3), FLASH, "ops"), [100.0, 50_000.0, 12.5])
        .used((&ago(2), FLASH, "ops"), [200.0, 90_000.0, 25.0])
        .used((&ago(2), "gpt-5", "main"), [40.0, 1_200_000.0, 480.0])
        .used((&ago(1), "gpt-5", ""), [3.0, 60.0, 0.05])
}

/// The dates differ between runs.
fn steady(text: String) -> String {
    (0..8).fold(text, |text, days| {
        text.replace(&ago(days), &format!("DAY-{days}-----"))
    })
}

#[test]
fn what_it_prints() {
    let setting = Setting::new(used());
    let mut all = String::new();
    for by in ["day", "agent", "model", "user", "key"] {
        all += &steady(setting.transcript(&["usage", "--by", by]));
    }
    all += &steady(setting.transcript(&["usage", "--by", "agent", "--format", "csv"]));
    all += &steady(setting.transcript(&["usage", "--quiet"]));
    same(&all, file("admin/usage.txt"));
}

#[test]
fn documents() {
    let setting = Setting::new(used());
    let json = |by| {
        setting
            .run(&["usage", "--by", by, "--format", "json"])
            .status(0)
            .json()
    };
    let agents = json("agent");
    assert_eq!(
        agents["total"],
        json!({ "requests": 343, "tokens": 1_340_060, "costUsd": 5.1755 })
    );
    assert_eq!(agents["days"].as_array().unwrap().len(), 8);
    let main = json!({ "name": "main", "requests": 40, "tokens": 1_200_000, "costUsd": 4.8 });
    assert_eq!(agents["rows"][0], main);
    assert_eq!(json("model")["rows"][0]["costUsd"], json!(null));
    let keys = json("key");
    assert_eq!(keys["rows"].as_array().unwrap().len(), 1);
    assert_eq!(keys["rows"][0]["name"], "openclaw-ops");
    assert_eq!(keys["rows"][0]["costUsd"], 0.375);
    assert_eq!(keys["complete"], true);
}

#[test]
fn failures() {
    let none = Setting::new(script());
    expect(
        &none.run(&["usage", "--by", "agent"]),
        0,
        &["0 requests", "key create --agent"],
    );
    let setting = Setting::new(used().without("analytics.view"));
    expect(
        &setting.run(&["usage"]),
        1,
        &["403", "the admin key needs: analytics.view"],
    );
    let cut = Fault::Status(500, refusal("AB04", "later"), Some("0"));
    let busy = Setting::new(used().fault("GET", "/v1/analytics", 2, cut));
    expect(&busy.run(&["usage"]), 0, &["343 requests"]);
    for (since, part) in [("400d", "366 days"), ("x", "write a duration")] {
        expect(&setting.run(&["usage", "--since", since]), 2, &[part]);
    }
    let home = crate::support::home::Home::with("{}");
    expect(&home.run(&["usage"]), 2, &["no admin key"]);
    let many = (0..120).fold(used(), |script, at| {
        script.key(json!({ "name": format!("k{at}"), "scopes": [] }))
    });
    expect(
        &Setting::new(many).run(&["usage", "--by", "key"]),
        0,
        &["the list is incomplete"],
    );
}

/// The requested window is sent, encoded.
#[test]
fn the_window_is_sent() {
    let setting = Setting::new(used());
    let _ = setting
        .run(&["usage", "--since", "30d", "--workspace", "ws-a"])
        .status(0);
    let log = setting.admin.log();
    assert_eq!(log.len(), 3);
    for line in log {
        let wanted = format!("time_of_generation_min={}T", ago(30));
        assert!(
            line.contains(&wanted) && line.contains("workspace_slug=ws-a"),
            "{line}"
        );
    }
}
