//! The fault matrix: what can go wrong between here and Portkey, and behind it.

use std::fmt::Write as _;
use std::time::Duration;

use super::{FLASH, KEY, doctor, finds, healthy, healthy_home, ids, portkey};
use crate::support::portkey::{Fault, ROWS, Script, closed_port};
use crate::support::snapshot::{file, same};

/// Whether this can't happen to a chat request: replies of the admin API.
fn is_admin(symptom: &str) -> bool {
    symptom.starts_with("admin-")
}

#[test]
fn every_reply_has_its_own_cause() {
    let mut cases = 0;
    let mut all = String::new();
    for row in ROWS {
        let server = portkey(Script::new(KEY).fault(Fault::Row(row.name)));
        let home = healthy_home(&server.base_url());
        let report = doctor(&home, &["--probe"]);
        assert_eq!(ids(&report), [row.symptom()], "{}: {report:#}", row.name);
        assert_eq!(
            report["arrives"],
            row.symptom() == "guardrail-warned",
            "{}",
            row.name
        );
        cases += usize::from(!is_admin(row.symptom()));
        let _ = writeln!(all, "{}: {}", row.name, report["summary"]);
        for check in report["checks"].as_array().unwrap() {
            if check["id"].is_string() {
                let _ = writeln!(all, "  {}: {}", check["id"], check["found"]);
            }
        }
    }
    same(&all, file("doctor/replies.txt"));
    assert!(cases >= 40, "{cases}");
}

#[test]
fn connection_failures() {
    let page = "<!doctype html><html><body>Sign in to the network</body></html>";
    let cases: Vec<(&str, Fault)> = vec![
        ("timeout", Fault::Slow(Duration::from_secs(3))),
        ("timeout", Fault::Drip(Duration::from_millis(400))),
        ("answer-cut", Fault::CutOff),
        ("answer-too-large", Fault::Huge),
        (
            "redirect",
            Fault::RedirectTo("https://login.example/".to_owned()),
        ),
        ("web-page", Fault::Reply(200, page.to_owned())),
        ("web-page", Fault::Reply(503, page.to_owned())),
        ("not-portkey", Fault::Reply(200, "hello".to_owned())),
        ("not-portkey", Fault::Reply(200, "{\"ok\":true}".to_owned())),
        (
            "unknown",
            Fault::Reply(418, "{\"error\":{\"message\":\"teapot\"}}".to_owned()),
        ),
        ("gateway-failed", Fault::Reply(503, "{}".to_owned())),
    ];
    for (want, fault) in cases {
        let server = portkey(Script::new(KEY).fault(fault.clone()));
        let home = healthy_home(&server.base_url());
        let report = doctor(&home, &["--timeout", "1"]);
        assert_eq!(ids(&report), [want], "{fault:?}: {report:#}");
        assert_eq!(report["arrives"], false, "{fault:?}");
    }
}

#[test]
fn wrong_base_urls() {
    let server = portkey(Script::new(KEY));
    let at = server.base_url();
    let closed = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let to_plain_port = at.replace("http:", "https:");
    for (base_url, want) in [
        (closed.as_str(), &["connect"][..]),
        (&to_plain_port, &["tls"]),
        ("https://gateway.openclaw-portkey.invalid/v1", &["dns"]),
        ("http://gateway.example/v1", &["base-url-insecure"]),
        ("https//api.portkey.ai/v1", &["base-url-malformed"]),
    ] {
        let home = healthy_home(base_url);
        finds(&home, &["--timeout", "2"], want);
    }
    // The right server, but without the path.
    let home = healthy_home(at.strip_suffix("/v1").unwrap());
    finds(&home, &[], &["base-url-without-v1"]);
}

#[test]
fn wrong_names() {
    let server = portkey(Script::new(KEY).config("pc-abc-123456"));
    let at = server.base_url();
    let with_header =
        |header: &str| healthy(&at).replace("api:", &format!("headers: {{ {header} }}, api:"));
    let cases: Vec<(String, &[&str])> = vec![
        (
            healthy(&at).replace(FLASH, "@gemini/gemini-2.5-flush"),
            &["model-not-in-catalog"],
        ),
        (
            healthy(&at).replace("@gemini/", "@gemeni/"),
            &["slug-unknown"],
        ),
        (
            with_header("'x-portkey-config': 'pc-abd-123456'"),
            &["config-unknown"],
        ),
        (
            with_header("'x-portkey-metadata': 'team=backend'"),
            &["metadata-not-json-object"],
        ),
        (
            with_header("'x-portkey-trace-id': 'always-the-same'"),
            &["trace-id-static"],
        ),
        (
            healthy(&at).replace("[\n", "[], other: [\n"),
            &["models-empty", "unknown-key"],
        ),
    ];
    for (config, want) in cases {
        let home = healthy_home(&at);
        home.write(".openclaw/openclaw.json", &config);
        finds(&home, &[], want);
    }
}

/// OpenClaw uses plain http for a self-hosted gateway, but `doctor` sends it no key, so nothing is
/// claimed about it.
#[test]
fn plain_http_is_not_queried() {
    let home = healthy_home("http://10.255.255.1:8787/v1");
    let report = finds(&home, &[], &[]);
    assert_eq!(report["arrives"], serde_json::Value::Null, "{report:#}");
}

/// A header with a key is sent instead of `apiKey`.
#[test]
fn a_key_in_a_header() {
    let server = portkey(Script::new(KEY));
    let at = server.base_url();
    let with = |key: &str, header: &str| {
        healthy(&at).replace("${PORTKEY_API_KEY}", key).replace(
            "api:",
            &format!("headers: {{ 'x-portkey-api-key': '{header}' }}, api:"),
        )
    };
    let home = healthy_home(&at);
    home.write(
        ".openclaw/openclaw.json",
        with("${PORTKEY_API_KEY}", "pk-wrong-0123456789"),
    );
    let report = doctor(&home, &[]);
    assert!(
        ids(&report).contains(&"invalid-key".to_owned()),
        "{report:#}"
    );
    assert_eq!(report["arrives"], false);
    home.write(
        ".openclaw/openclaw.json",
        with("sk-unused-0123456789", "${PORTKEY_API_KEY}"),
    );
    let report = doctor(&home, &["--probe"]);
    assert!(
        !ids(&report).contains(&"invalid-key".to_owned()),
        "{report:#}"
    );
}

#[test]
fn skipped_checks_do_not_pass() {
    // A config that couldn't be looked up.
    let home = healthy_home("https://api.portkey.ai/v1");
    let config = home.config().replace(
        "api:",
        "headers: { 'x-portkey-config': 'pc-abc-123456' }, api:",
    );
    home.write(".openclaw/openclaw.json", config);
    let report = doctor(&home, &["--offline"]);
    let headers = check(&report, "headers-right");
    assert_eq!(headers["level"], "skipped", "{report:#}");
    // A list without models.
    let server = portkey(Script::new(KEY).models([""; 0]));
    let home = healthy_home(&server.base_url());
    let report = finds(&home, &[], &["no-models"]);
    assert_eq!(check(&report, "models-known")["level"], "skipped");
    // A composed key, and a header with an undefined variable.
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let whole = home.config();
    home.write(
        ".openclaw/openclaw.json",
        whole.replace("${PORTKEY_API_KEY}", "pk-${PORTKEY_API_KEY}-x"),
    );
    let report = doctor(&home, &[]);
    assert_eq!(report["arrives"], serde_json::Value::Null, "{report:#}");
    let header = "headers: { 'x-portkey-trace-id': '${NOWHERE}' }, api:";
    home.write(".openclaw/openclaw.json", whole.replace("api:", header));
    let ran = home.run(&["doctor", "--probe", "--format", "json"]);
    assert!(!ran.stderr.contains("Sending"), "{}", ran.stderr);
    assert_eq!(ids(&ran.json()), ["variable-unset"]);
    assert_eq!(ran.json()["arrives"], false);
    home.write_private(
        ".openclaw/.env",
        format!("PORTKEY_API_KEY={KEY}\nNOWHERE=t\n"),
    );
    let report = doctor(&home, &["--probe"]);
    assert_eq!(report["arrives"], true, "{report:#}");
    // A model with its own base URL.
    let own = whole.replacen(
        "name: \"Gemini 2.5 Flash\"",
        "name: \"F\", baseUrl: \"http://127.0.0.1:9/v1\"",
        1,
    );
    home.write(".openclaw/openclaw.json", own);
    let report = doctor(&home, &["--probe"]);
    assert_eq!(report["arrives"], serde_json::Value::Null, "{report:#}");
}

fn check<'t>(report: &'t serde_json::Value, name: &str) -> &'t serde_json::Value {
    let mut checks = report["checks"].as_array().unwrap().iter();
    checks.find(|check| check["check"] == name).unwrap()
}

#[test]
fn a_model_id_without_its_slug() {
    let home = healthy_home("https://api.portkey.ai/v1");
    let config = home.config().replace(FLASH, "gemini-2.5-flash");
    home.write(".openclaw/openclaw.json", config);
    finds(&home, &["--offline"], &["model-id-without-at"]);
}

#[test]
fn a_wrong_key() {
    let server = portkey(Script::new("another-key-entirely"));
    let home = healthy_home(&server.base_url());
    let report = finds(&home, &[], &["invalid-key"]);
    assert_eq!(report["arrives"], false);
}

#[test]
fn a_healthy_setup_has_no_problems() {
    let server = portkey(Script::new(KEY).config("pc-abc-123456"));
    let home = healthy_home(&server.base_url());
    for args in [
        &[][..],
        &["--probe"],
        &["--symptom", "401"],
        &["--symptom", "rate-limit", "--probe"],
    ] {
        let report = finds(&home, args, &[]);
        assert_eq!(report["arrives"], true, "{args:?}");
    }
    let report = finds(&home, &["--offline"], &[]);
    assert_eq!(report["arrives"], serde_json::Value::Null);
    // A gateway config routes the virtual model, which is in no catalogue.
    let routed = healthy(&server.base_url())
        .replace(
            "api:",
            "headers: { 'x-portkey-config': 'pc-abc-123456' }, api:",
        )
        .replace(FLASH, "portkey-dynamic");
    home.write(".openclaw/openclaw.json", routed);
    finds(&home, &[], &[]);
}

#[test]
fn sends_nothing_elsewhere_and_writes_nothing() {
    let elsewhere = portkey(Script::new(KEY));
    let fault = Fault::RedirectTo(elsewhere.base_url());
    let server = portkey(Script::new(KEY).fault(fault));
    let home = healthy_home(&server.base_url());
    let before = home.tree();
    doctor(&home, &["--probe"]);
    assert!(elsewhere.requests().is_empty());
    assert_eq!(home.tree(), before);
    let offline = portkey(Script::new(KEY));
    let home = healthy_home(&offline.base_url());
    doctor(&home, &["--offline"]);
    assert!(offline.requests().is_empty());
}
