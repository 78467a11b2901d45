//! A forced fallback, to test that it takes over.

use serde_json::{Value, json};
use snapbox::str;

use super::{FLASH, KEY, MIXTRAL, healthy_home, portkey};
use crate::support::portkey::Script;
use crate::support::snapshot::same;

/// The report about a forced fallback with these headers in the config, and the config that was
/// sent for it.
fn forced(script: Script, headers: &str) -> (String, Value) {
    let server = portkey(script);
    let home = healthy_home(&server.base_url());
    let config = home.config().replace(
        "api: \"openai-completions\",",
        &format!("api: \"openai-completions\", headers: {headers},"),
    );
    home.write(".openclaw/openclaw.json", config);
    let flags = ["doctor", "--prove-fallback", "--wait", "0"];
    let ran = home.run(&[&flags[..], &["--format", "json"]].concat());
    let report = ran.json();
    let mut checks = report["checks"].as_array().unwrap().iter();
    let is_it = |check: &&Value| {
        let message = check["message"].as_str().unwrap();
        check["check"] == "probe" && message.contains("fallback") && !message.contains("(fallback)")
    };
    let check = checks.find(is_it).unwrap();
    let message = check["message"].as_str().unwrap();
    let sent = server.requests();
    let mut sent = sent
        .iter()
        .filter_map(|request| request.header("x-portkey-config"));
    let sent = sent.find(|config| config.contains("fails-on-purpose"));
    let sent = serde_json::from_str(sent.unwrap_or("null")).unwrap();
    (
        format!("{}: {message}", check["level"].as_str().unwrap()),
        sent,
    )
}

/// The first target requests a nonexistent model, and the next one answers.
#[test]
fn a_fallback_takes_over() {
    let (message, sent) = forced(Script::new(KEY), "{}");
    same(
        &message,
        str![
            "passed: a fallback created for this test: @gemini/fails-on-purpose failed on purpose, and Portkey used the next target, which answered in TIME ms by @mistral/open-mixtral-8x7b of mistral, target 1 of the config; trace 0f0f"
        ],
    );
    assert_eq!(
        sent,
        json!({ "strategy": { "mode": "fallback" }, "targets": [
            { "override_params": { "model": "@gemini/fails-on-purpose" } },
            { "override_params": { "model": MIXTRAL } },
        ] })
    );

    let own = r#"{ "x-portkey-config": '{"strategy":{"mode":"fallback"},"cache":{"mode":"simple"},"targets":[{"override_params":{"model":"@gemini/gemini-2.5-flash"}},{"retry":{"attempts":1}}]}' }"#;
    let (message, sent) = forced(Script::new(KEY).counted_from(0), own);
    same(
        &message,
        str![
            "passed: the config's fallback: @gemini/fails-on-purpose failed on purpose, and Portkey used the next target, which answered in TIME ms by @gemini/gemini-2.5-flash of gemini, target 1 of the config, counted by Portkey as rescued; trace 0f0f"
        ],
    );
    assert_eq!(sent["targets"][1], json!({ "retry": { "attempts": 1 } }));
    assert_eq!(sent["cache"], Value::Null);

    // A saved config isn't read: another one replaces it for this request.
    let saved = r#"{ "x-portkey-config": "pc-abc-123456" }"#;
    let script = || Script::new(KEY).config("pc-abc-123456");
    let (message, _) = forced(script().counted_from(9), saved);
    same(
        &message,
        str![
            "passed: a fallback created for this test: @gemini/fails-on-purpose failed on purpose, and Portkey used the next target, which answered in TIME ms by @mistral/open-mixtral-8x7b of mistral, target 1 of the config, not counted by Portkey as rescued yet; trace 0f0f"
        ],
    );
}

#[test]
fn reports_fallbacks_that_fail_or_cannot_be_forced() {
    // The vendor accepts any name.
    let takes_all = Script::new(KEY).models([FLASH, MIXTRAL, "@gemini/fails-on-purpose"]);
    let (message, _) = forced(takes_all, "{}");
    same(
        &message,
        str![
            "warning: a fallback created for this test was not used: its first target answered to `@gemini/fails-on-purpose`, which should have failed"
        ],
    );
    let other =
        r#"{ "x-portkey-config": '{"strategy":{"mode":"loadbalance"},"targets":[{},{}]}' }"#;
    let (message, sent) = forced(Script::new(KEY), other);
    same(
        &message,
        str![
            "skipped: a fallback created for this test (forced): the gateway config in the header is not a fallback at the top level"
        ],
    );
    assert_eq!(sent, Value::Null);
    let refused = Script::new(KEY).models(["@gemini/gemini-2.5-flash"]);
    let (message, _) = forced(refused, "{}");
    assert!(
        message.starts_with("warning: a fallback created for this test (forced): "),
        "{message}"
    );
}
