//! The output for people, at 80 columns and without colour.

use snapbox::str;

use super::{KEY, healthy_home, portkey};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Script};
use crate::support::snapshot::{file, same};

#[test]
fn a_healthy_machine_takes_a_few_lines() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    home.run(&["doctor"])
        .expect(0, file("doctor/healthy.txt"), str![]);
}

#[test]
fn offline() {
    let home = healthy_home("https://api.portkey.ai/v1");
    home.run(&[
        "doctor",
        "--offline",
        "--symptom",
        "401",
        "--symptom",
        "network",
    ])
    .expect(
        0,
        str![[r#"
Config       ~/.openclaw/openclaw.json (default)
OpenClaw     version unknown; assuming 2026.9.6

✓ key        PORTKEY_API_KEY is set in ~/.openclaw/.env:1
✓            no OpenClaw auth profile overrides the key
· skipped    key-accepted, models-known, reachable: Portkey not contacted
             (--offline)

No problems found, but not everything could be checked: Portkey not contacted
(--offline).

"#]],
        str![],
    );
}

#[test]
fn a_rejected_key() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("invalid-key")));
    let home = healthy_home(&server.base_url());
    home.run(&["doctor", "--symptom", "401"])
        .expect(1, file("doctor/rejected-key.txt"), "");
}

/// Passed, skipped and failed checks.
#[test]
fn as_json() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    home.run(&["doctor", "--probe", "--format", "json"]).expect(
        0,
        file("doctor/healthy.json"),
        str![[r#"
Sending 2 small requests, which cost a few tokens.

"#]],
    );
    home.run(&["doctor", "--offline", "--format", "json"])
        .expect(0, file("doctor/offline.json"), str![]);
    let server = portkey(Script::new(KEY).fault(Fault::Row("invalid-key")));
    let home = healthy_home(&server.base_url());
    home.run(&["doctor", "--format", "json"])
        .expect(1, file("doctor/refused.json"), "");
    Home::new()
        .run(&["doctor", "--format", "json"])
        .expect(1, file("doctor/no-config.json"), "");
}

#[test]
fn without_a_config() {
    Home::new().run(&["doctor"]).expect(
        1,
        str![[r#"
Config       ~/.openclaw/openclaw.json (default)
OpenClaw     version unknown; assuming 2026.9.6

✗ OpenClaw   ~/.openclaw/openclaw.json does not exist
             why  Until there is one, OpenClaw uses its defaults.
             fix  Run: openclaw-portkey init
i            no gateway is running with this config; start one with `openclaw
             gateway run`
· skipped    config-readable, wired, key-given, auth-profile, key-accepted,
             models-known, headers-right, reachable, probe: no config

Requests won't arrive as intended: ~/.openclaw/openclaw.json does not exist.

"#]],
        "",
    );
    Home::with("{}")
        .run(&["doctor"])
        .expect(1, file("doctor/without-a-config.txt"), "");
    Home::with("{ models: ").run(&["doctor"]).expect(
        1,
        str![[r#"
Config       ~/.openclaw/openclaw.json (default)
OpenClaw     version unknown; assuming 2026.9.6

✗ OpenClaw   expected a value, but the text ends here
             at   ~/.openclaw/openclaw.json:1:10
             fix  fix the text here; OpenClaw does not start with it
✓            ~/.openclaw/openclaw.json is the config
i            no gateway is running with this config; start one with `openclaw
             gateway run`
· skipped    wired, key-given, auth-profile, key-accepted, models-known,
             headers-right, reachable, probe: the config could not be read

Requests won't arrive as intended: expected a value, but the text ends here.

"#]],
        "",
    );
}

#[test]
fn probes_report_their_cost_and_who_answered() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--symptom", "dashboard"])
        .status(0);
    same(
        &ran.stderr,
        str![[r#"
Sending 2 small requests, which cost a few tokens.

"#]],
    );
    // The duration determines where lines break.
    let words: Vec<&str> = ran.stdout.split_whitespace().collect();
    same(
        &words.join(" "),
        str![
            "Config ~/.openclaw/openclaw.json (default) OpenClaw version unknown; assuming 2026.9.6 ✓ routing the primary portkey/@gemini/gemini-2.5-flash goes through the provider `portkey` ✓ requests @gemini/gemini-2.5-flash (primary): answered in TIME ms by @gemini/gemini-2.5-flash of gemini; trace 0f0f ✓ @mistral/open-mixtral-8x7b (fallback): answered in TIME ms by @mistral/open-mixtral-8x7b of mistral; trace 0f0f Requests arrive: @gemini/gemini-2.5-flash answered."
        ],
    );
}

/// The report about the primary's answer.
fn probed(script: Script, wait: &str) -> (String, usize) {
    let server = portkey(script);
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--wait", wait, "--format", "json"])
        .status(0);
    let report = ran.json();
    let mut checks = report["checks"].as_array().unwrap().iter();
    let probe = checks.find(|check| check["check"] == "probe").unwrap();
    let asked = server
        .requests()
        .iter()
        .filter(|request| request.target.starts_with("/v1/analytics/"))
        .count();
    let message = probe["message"].as_str().unwrap();
    let (_, end) = message.split_once(" of gemini").unwrap();
    (end.to_owned(), asked)
}

/// Two requests are sent, and Portkey is queried for each until it has counted it.
#[test]
fn a_counted_answer_is_proof() {
    let counted = ", counted by Portkey; trace 0f0f";
    assert_eq!(
        probed(Script::new(KEY).counted_from(0), "5"),
        (counted.to_owned(), 2)
    );
    let (message, asked) = probed(Script::new(KEY).counted_from(3), "20");
    assert_eq!((message.as_str(), asked > 3), (counted, true));
}

#[test]
fn an_uncounted_answer_proves_nothing() {
    let never = || Script::new(KEY).counted_from(usize::MAX);
    assert_eq!(
        probed(never(), "0"),
        (", not counted by Portkey yet; trace 0f0f".to_owned(), 2)
    );
    let (message, asked) = probed(never(), "1");
    assert_eq!(
        message,
        ", not counted by Portkey within 1 s (which does not mean that it is lost); trace 0f0f"
    );
    assert!(asked > 2, "{asked}");
}

/// A key without the scope, a lasting rate limit, a failing server, and a broken reply: nothing is
/// reported about the count, and the answer counts as before.
#[test]
fn an_answer_counts_if_the_count_is_unavailable() {
    const PATH: &str = "/v1/analytics/graphs/requests";
    let nothing = "; trace 0f0f";
    for (fault, wait) in [
        (Fault::Reply(403, "{\"message\":\"no\"}".to_owned()), "20"),
        (Fault::Reply(200, "{}".to_owned()), "20"),
        (Fault::CutOff, "20"),
        (
            Fault::Reply(429, "{\"message\":\"slow down\"}".to_owned()),
            "1",
        ),
        (Fault::Reply(503, "{\"message\":\"down\"}".to_owned()), "1"),
    ] {
        let script = Script::new(KEY)
            .counted_from(0)
            .fault_at(PATH, fault.clone());
        let (message, _) = probed(script, wait);
        assert_eq!(message, nothing, "{fault:?}");
    }
}

#[test]
fn wait_needs_probe() {
    let home = Home::new();
    let ran = home.run(&["doctor", "--wait", "5"]).status(2);
    assert!(ran.stderr.contains("--probe"), "{}", ran.stderr);
}

#[test]
fn who_refused() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("upstream-unauthorized")));
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--format", "json"])
        .status(1);
    let report = ran.json();
    let checks = report["checks"].as_array().unwrap();
    let probe = checks
        .iter()
        .find(|check| check["check"] == "probe")
        .unwrap();
    same(
        probe["message"].as_str().unwrap(),
        str![
            "@gemini/gemini-2.5-flash (primary): the provider refuses its own key (401: Incorrect API key provided: sk-x); refused by the provider; the dashboard shows it as trace 0f0f"
        ],
    );
}

#[test]
fn the_same_cause_is_reported_once() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("key-budget")));
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--symptom", "budget"])
        .status(1);
    assert_eq!(ran.stdout.matches("✗").count(), 2, "{}", ran.stdout);
    assert_eq!(ran.stdout.matches(" fix ").count(), 1, "{}", ran.stdout);
}

#[test]
fn what_it_takes() {
    let home = healthy_home("https://api.portkey.ai/v1");
    for (args, wanted) in [
        (
            ["--probe", "--offline"],
            str![[r#"
error: the argument '--probe' cannot be used with '--offline'

Usage: openclaw-portkey doctor --probe

For more information, try '--help'.

"#]],
        ),
        (
            ["--symptom", "headache"],
            str![[r#"
error: invalid value 'headache' for '--symptom <SYMPTOM>'
  [possible values: dashboard, 401, not-found, rate-limit, budget, guardrail, timeout, network, config, server, openclaw]

For more information, try '--help'.

"#]],
        ),
        (
            ["--timeout", "0"],
            str![[r#"
error: invalid value '0' for '--timeout <SECONDS>': 0 is not in 1..=600

For more information, try '--help'.

"#]],
        ),
    ] {
        home.fails(&[&["doctor"], &args[..]].concat(), 2)
            .says("", wanted);
    }
    home.run(&[
        "doctor",
        "--offline",
        "--symptom",
        "403",
        "--fail-on",
        "note",
    ])
    .status(0);
    home.run(&["doctor", "--offline", "--fail-on", "note"])
        .status(1);
}

#[test]
fn no_raw_text_reaches_the_terminal() {
    let home = healthy_home("https://api.portkey.ai/v1");
    let config = home.config().replace(
        "portkey/@gemini/gemini-2.5-flash",
        "portkey/@gemini/\\u001b[2Jgemini",
    );
    home.write(".openclaw/openclaw.json", config);
    let ran = home.run(&["doctor", "--offline"]);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    same(&ran.stdout, file("doctor/no-raw-text.txt"));
}
