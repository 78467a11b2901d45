//! Marks, sentence, `arrives` and exit code never contradict each other.

use super::{FLASH, KEY, MIXTRAL, doctor, healthy, healthy_home, ids, portkey};
use crate::support::portkey::{Fault, Script};
use serde_json::Value;

const STARTS: &str = "OpenClaw accepts the config";

/// The statuses of a check, in order.
fn statuses<'t>(report: &'t Value, check: &str) -> Vec<&'t str> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|one| one["check"] == check)
        .map(|one| one["level"].as_str().unwrap())
        .collect()
}

#[test]
fn errors_that_stop_openclaw_remove_its_check_mark() {
    let server = portkey(Script::new(KEY));
    let at = server.base_url();
    let good = healthy(&at);
    for (what, config) in [
        ("nothing", good.clone()),
        (
            "a key that is unknown",
            good.replace("api:", "retries: 3, api:"),
        ),
        (
            "an unknown key, and a comment that ignores it",
            good.replace(
                "api:",
                "retries: 3, // openclaw-portkey: ignore[unknown-key] later\n api:",
            ),
        ),
        (
            "a header that is a number",
            good.replace("api:", "headers: { 'x-portkey-trace-id': 1 }, api:"),
        ),
        (
            "a SecretRef without its provider",
            good.replace(
                "\"${PORTKEY_API_KEY}\"",
                "{ source: 'env', id: 'PORTKEY_API_KEY' }",
            ),
        ),
        (
            "a model without a name",
            good.replace("name: \"Gemini 2.5 Flash\"", "maxTokens: 4096"),
        ),
        (
            "an include that is missing",
            good.replacen('{', "{ channels: { $include: './none.json5' },", 1),
        ),
    ] {
        let home = healthy_home(&at);
        home.write(".openclaw/openclaw.json", &config);
        for args in [&["doctor"][..], &["doctor", "--offline"]] {
            let ran = home.run(args);
            let fine = what == "nothing";
            assert_eq!(ran.stdout.contains(STARTS), fine, "{what}: {}", ran.stdout);
            assert_eq!(ran.status, i32::from(!fine), "{what}: {}", ran.stdout);
        }
        let report = doctor(&home, &[]);
        assert_eq!(report["arrives"], what == "nothing", "{what}: {report:#}");
        assert!(!report["summary"].as_str().unwrap().contains("Looks good") || what == "nothing");
    }
}

/// Whatever the options: if requests don't arrive, the exit code is 1.
#[test]
fn failing_requests_fail_the_command() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("invalid-key")));
    let home = healthy_home(&server.base_url());
    for args in [
        &["doctor"][..],
        &["doctor", "--symptom", "network"],
        &["doctor", "--symptom", "guardrail", "--fail-on", "error"],
    ] {
        home.fails(args, 1)
            .stdout_has("Requests won't arrive as intended");
    }
    // The primary bypasses Portkey, which `lint` considers intentional.
    let server = portkey(Script::new(KEY));
    let past = healthy(&server.base_url())
        .replace(
            "      portkey: {",
            "      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'Llama 3' }] },\n      portkey: {",
        )
        .replace(
            &format!("primary: \"portkey/{FLASH}\""),
            "primary: \"ollama/llama3\"",
        );
    let home = healthy_home(&server.base_url());
    home.write(".openclaw/openclaw.json", past);
    home.fails(&["doctor"], 1)
        .stdout_has("Requests bypass Portkey");
    home.run(&["lint"]).status(0);
}

#[test]
fn an_answer_overrides_a_refused_list() {
    // Chat requests succeed, but the list of models doesn't.
    let server = portkey(Script::new(KEY).fault_at("/v1/models", Fault::Row("missing-scope")));
    let home = healthy_home(&server.base_url());
    let report = doctor(&home, &[]);
    assert_eq!(ids(&report), ["missing-scope"], "{report:#}");
    assert_eq!(report["arrives"], Value::Null, "{report:#}");
    let ran = home.run(&["doctor", "--probe"]).status(0);
    assert!(
        ran.stdout.contains(&format!(
            "Requests arrive: {FLASH} answered, despite 1 warning."
        )),
        "{}",
        ran.stdout
    );
    let server = portkey(Script::new(KEY).fault_at("/v1/models", Fault::Row("key-budget")));
    let home = healthy_home(&server.base_url());
    let report = doctor(&home, &["--probe"]);
    assert_eq!(report["arrives"], true, "{report:#}");
    assert_eq!(statuses(&report, "key-accepted"), ["warning"], "{report:#}");
    home.run(&["doctor", "--probe"]).status(0);
    home.fails(&["doctor"], 1);
}

/// If a SecretRef in the header is the only key, OpenClaw sends it.
#[test]
fn a_key_only_in_a_header_counts_for_lint_and_doctor() {
    let server = portkey(Script::new(KEY));
    for (at, host) in [
        (server.base_url(), "loopback"),
        ("https://api.portkey.ai/v1".to_owned(), "public"),
    ] {
        let home = healthy_home(&at);
        let config = healthy(&at).replace("apiKey: \"${PORTKEY_API_KEY}\",", "");
        assert_ne!(config, healthy(&at));
        let with = |header: &str| {
            config.replace(
                "api:",
                &format!("headers: {{ 'x-portkey-api-key': {header} }}, api:"),
            )
        };
        let reference = "{ source: 'env', provider: 'default', id: 'PORTKEY_API_KEY' }";
        home.write(".openclaw/openclaw.json", with(reference));
        home.run(&["lint"]).status(0);
        let report = doctor(&home, &["--offline"]);
        assert_eq!(ids(&report), [""; 0], "{host}: {report:#}");
        assert_eq!(
            statuses(&report, "key-given"),
            ["passed"],
            "{host}: {report:#}"
        );
        if host == "loopback" {
            let report = doctor(&home, &["--probe"]);
            assert_eq!(report["arrives"], true, "{report:#}");
        } else {
            // Without the reference, OpenClaw sends nothing to a public host.
            home.write(".openclaw/openclaw.json", &config);
            home.fails(&["lint"], 1).stdout_has("api-key-missing");
            let report = doctor(&home, &["--offline"]);
            assert_eq!(ids(&report), ["no-api-key"], "{report:#}");
            assert_eq!(report["arrives"], false);
            home.write(".openclaw/openclaw.json", with(&format!("'{KEY}'")));
            home.fails(&["lint"], 1).stdout_has("api-key-missing");
            let report = doctor(&home, &["--offline"]);
            assert_eq!(ids(&report), ["no-api-key"], "{report:#}");
        }
    }
}

/// For a gateway on this machine that may not require a key, neither reports that requests fail.
#[test]
fn no_key_for_a_gateway_on_this_machine() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let config = home.config().replace("apiKey: \"${PORTKEY_API_KEY}\",", "");
    home.write(".openclaw/openclaw.json", config);
    home.run(&["lint"]).status(0);
    let report = doctor(&home, &[]);
    assert_eq!(statuses(&report, "key-given"), ["warning"], "{report:#}");
    assert_eq!(report["arrives"], Value::Null, "{report:#}");
    home.run(&["doctor"]).status(0);
}

#[test]
fn doubts_do_not_look_good() {
    let is_open = |home: &crate::support::home::Home, what: &str| {
        let report = doctor(home, &[]);
        assert_eq!(report["arrives"], Value::Null, "{what}: {report:#}");
        let summary = report["summary"].as_str().unwrap();
        assert!(!summary.contains("good"), "{what}: {summary}");
        home.run(&["doctor"]).status(0);
    };
    // An inconclusive list.
    let server = portkey(Script::new(KEY).page(1).ignoring_offset());
    let home = healthy_home(&server.base_url());
    is_open(&home, "a list that is not whole");
    let server = portkey(Script::new(KEY).provider_backed("google"));
    let home = healthy_home(&server.base_url());
    is_open(&home, "a list without slugs");
    // An undeclared primary: OpenClaw sends it, and Portkey lists it.
    let server = portkey(Script::new(KEY).models([FLASH, MIXTRAL, "@gemini/gemini-3"]));
    let home = healthy_home(&server.base_url());
    let config = home.config().replace(
        &format!("primary: \"portkey/{FLASH}\""),
        "primary: \"portkey/@gemini/gemini-3\"",
    );
    home.write(".openclaw/openclaw.json", config);
    is_open(&home, "a primary that is not declared");
    // An undeclared fallback is a warning, but doesn't cast doubt on the primary.
    let config = healthy(&server.base_url()).replace(
        &format!("fallbacks: [\"portkey/{MIXTRAL}\"]"),
        "fallbacks: [\"portkey/@gemini/gemini-9\"]",
    );
    home.write(".openclaw/openclaw.json", config);
    let report = doctor(&home, &[]);
    assert_eq!(ids(&report), ["reference-undeclared"], "{report:#}");
    assert_eq!(report["arrives"], true);
    let summary = report["summary"].as_str().unwrap();
    assert!(summary.contains("despite 1 warning"), "{summary}");
    home.fails(&["doctor", "--fail-on", "warning"], 1)
        .stdout_has("despite 1 warning");
}

/// The check of headers doesn't pass if headers are reported under another symptom.
#[test]
fn headers_pass_or_fail() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let report = doctor(&home, &[]);
    assert_eq!(statuses(&report, "headers-right"), ["passed"]);
    let config = home.config().replace(
        "api:",
        "headers: { 'x-portkey-metadata': 'team=backend' }, api:",
    );
    home.write(".openclaw/openclaw.json", config);
    let report = doctor(&home, &[]);
    assert_eq!(ids(&report), ["metadata-not-json-object"]);
    assert_eq!(statuses(&report, "headers-right"), [""; 0], "{report:#}");
}

/// Suggested commands apply to this run's config and are quoted for the shell.
#[test]
fn fixes_use_the_runs_config() {
    let home = crate::support::home::Home::new();
    home.write("a folder/it's.json", "{}");
    let file = home.path("a folder/it's.json");
    let file = file.to_str().unwrap();
    let report = doctor(&home, &["--config", file, "--provider-id", "pk"]);
    let row = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["cause"] == "not-wired")
        .unwrap();
    assert_eq!(
        row["help"],
        r"Run: openclaw-portkey init --config 'HOME/a folder/it'\''s.json' --provider-id pk"
    );
    let config = healthy("https://api.portkey.ai/v1").replace(FLASH, "gemini-2.5-flash");
    home.write(".openclaw-work/openclaw.json", config);
    home.write_private(".openclaw-work/.env", "PORTKEY_API_KEY=\n");
    let report = doctor(&home, &["--offline", "--profile", "work"]);
    assert!(
        !report.to_string().contains("openclaw-portkey init\"")
            && !report.to_string().contains("{run"),
        "{report:#}"
    );
}
