//! What a person reads, at 80 columns and without colour.

use super::support::portkey::{Fault, Script};
use super::{KEY, healthy_home, portkey};

#[test]
fn a_healthy_machine_is_told_in_a_few_lines() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    home.run(&["doctor"]).expect(
        0,
        "\
Config       ~/.openclaw/openclaw.json (default)
OpenClaw     none on the PATH, version unknown

✓ dashboard  the primary portkey/@gemini/gemini-2.5-flash goes through the
             provider `portkey`
✓ 401        PORTKEY_API_KEY is set in ~/.openclaw/.env:1
✓            no OpenClaw auth profile overrides the key
✓            Portkey accepts the key; it routes to 2 models
✓ not-found  2 models declared, each one known to Portkey or routed by a config
✓ network    the gateway at 127.0.0.1 answers, version 2.2.3
✓ config     headers look valid
✓ openclaw   ~/.openclaw/openclaw.json is the config
✓            OpenClaw accepts the config
i            `openclaw-portkey lint` reports 1 more note
i            no gateway runs on this config; `openclaw gateway run` starts one
· skipped    probe: only a request tells; --probe sends a small one to each
             model

Looks good. Run `doctor --probe` to send a real request.
",
        "",
    );
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
        "\
Config       ~/.openclaw/openclaw.json (default)
OpenClaw     none on the PATH, version unknown

✓ 401        PORTKEY_API_KEY is set in ~/.openclaw/.env:1
✓            no OpenClaw auth profile overrides the key
· skipped    key-accepted, reachable: not asked (--offline)

Nothing found that keeps requests from arriving, but not all was looked at: not
asked (--offline).
",
        "",
    );
}

#[test]
fn a_refused_key() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("invalid-key")));
    let home = healthy_home(&server.base_url());
    home.run(&["doctor", "--symptom", "401"]).expect(
        1,
        "\
Config       ~/.openclaw/openclaw.json (default)
OpenClaw     none on the PATH, version unknown

✗ 401        Portkey does not accept the API key (401: Portkey Error: Invalid
             API Key. Error Code: 03)
             why  The key is missing, mistyped, deleted, past its expiry date or
                  from another Portkey: a Prisma AIRS key works only with
                  https://aigw.portkey.ai/v1. A self-hosted gateway also says
                  this when it cannot reach its control plane.
             cure Copy the key again from the API Keys page, or create a new
                  one, and run: openclaw-portkey init
             see  https://app.portkey.ai/api-keys
✓            PORTKEY_API_KEY is set in ~/.openclaw/.env:1
✓            no OpenClaw auth profile overrides the key

Requests will not arrive as they should: Portkey does not accept the API key
(401: Portkey Error: Invalid API Key. Error Code: 03).
",
        "",
    );
}

#[test]
fn probes_say_what_they_cost_and_who_answered() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--symptom", "dashboard"])
        .status(0);
    assert_eq!(
        ran.stderr,
        "Sending 2 small requests, which cost a few tokens.\n"
    );
    for text in [
        "@gemini/gemini-2.5-flash (primary): answered in ",
        "@mistral/open-mixtral-8x7b (fallback): answered in ",
        "Requests arrive: @gemini/gemini-2.5-flash answered.\n",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
}

#[test]
fn who_said_no() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("upstream-unauthorized")));
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--format", "json"])
        .status(1);
    let told = ran.json();
    let checks = told["checks"].as_array().unwrap();
    let probe = checks
        .iter()
        .find(|check| check["check"] == "probe")
        .unwrap();
    let found = probe["found"].as_str().unwrap();
    assert!(found.contains("; the provider said no"), "{found}");
}

#[test]
fn the_same_cause_is_told_once() {
    let server = portkey(Script::new(KEY).fault(Fault::Row("key-budget")));
    let home = healthy_home(&server.base_url());
    let ran = home
        .run(&["doctor", "--probe", "--symptom", "budget"])
        .status(1);
    assert_eq!(ran.stdout.matches("✗").count(), 2, "{}", ran.stdout);
    assert_eq!(ran.stdout.matches(" cure ").count(), 1, "{}", ran.stdout);
}

#[test]
fn what_it_takes() {
    let home = healthy_home("https://api.portkey.ai/v1");
    home.fails(&["doctor", "--probe", "--offline"], 2);
    home.fails(&["doctor", "--symptom", "headache"], 2);
    home.fails(&["doctor", "--timeout", "0"], 2);
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
fn nothing_raw_reaches_the_terminal() {
    let home = healthy_home("https://api.portkey.ai/v1");
    let config = home.config().replace(
        "portkey/@gemini/gemini-2.5-flash",
        "portkey/@gemini/\\u001b[2Jgemini",
    );
    home.write(".openclaw/openclaw.json", config);
    let ran = home.run(&["doctor", "--offline"]);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
}
