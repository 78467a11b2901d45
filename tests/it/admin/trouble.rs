//! Refusals, transport failures, and responses that differ from what was sent.

use std::time::Duration;

use serde_json::json;

use super::{ISSUED, KEY, Setting, expect, key, script};
use crate::support::admin::{Fault, Script, refusal};

const CREATE: [&str; 5] = ["key", "create", "--agent", "ops", "--yes"];
const UPDATE: [&str; 6] = [
    "key",
    "update",
    "openclaw",
    "--budget",
    "5 usd/day",
    "--yes",
];

/// Asserts that a run fails with these parts in its output, and changes no file.
#[track_caller]
fn fails(script: Script, args: &[&str], status: i32, parts: &[&str]) {
    let setting = Setting::new(script);
    let before = setting.home.tree();
    let ran = setting.run(args);
    expect(&ran, status, parts);
    assert!(setting.home.tree() == before, "{args:?}");
}

#[test]
fn refusals_name_the_scope() {
    let main = || script().key(key("openclaw"));
    for (scope, args) in [
        ("workspace_service_api_keys.list", &["key", "list"][..]),
        ("workspace_service_api_keys.create", &CREATE),
        ("workspace_service_api_keys.update", &UPDATE),
        (
            "workspace_service_api_keys.delete",
            &["key", "revoke", "openclaw", "--yes"],
        ),
        (
            "workspace_service_api_keys.rotate",
            &["key", "rotate", "--yes"],
        ),
        (
            "organisation_users.list",
            &["key", "create", "--user", "alice@example.com", "--yes"],
        ),
        (
            "workspace_user_api_keys.create",
            &["key", "create", "--user", "alice@example.com", "--yes"],
        ),
    ] {
        let parts = ["403", "the admin key needs:", scope];
        fails(main().without(scope), args, 1, &parts);
    }
    fails(
        Script::new("another"),
        &["key", "list"],
        1,
        &["401", "does not accept the key"],
    );
    fails(
        script(),
        &["key", "show", "nothing"],
        1,
        &["no key `nothing` at Portkey", "key list"],
    );
    let id = "00000000-0000-4000-9000-000000000009";
    fails(
        script(),
        &["key", "revoke", id, "--yes"],
        1,
        &["no key `", "` at Portkey"],
    );
    let two = main().key(key("openclaw"));
    fails(
        two,
        &["key", "show"],
        2,
        &["2 keys are called `openclaw`", "-000000000002"],
    );
}

#[test]
fn faults() {
    let at = |method, status, code: &str| {
        let fault = Fault::Status(status, refusal(code, "that is wrong"), Some("0"));
        script()
            .key(key("openclaw"))
            .fault(method, "/v1/api-keys", 9, fault)
    };
    fails(at("POST", 402, "AB09"), &CREATE, 1, &["402", "plan"]);
    fails(
        at("POST", 409, "AB07"),
        &CREATE,
        1,
        &["409", "already exists"],
    );
    fails(at("POST", 400, "AB01"), &CREATE, 1, &["that is wrong"]);
    fails(at("PUT", 404, "AB08"), &UPDATE, 1, &["404"]);
    fails(
        at("POST", 429, "AB06"),
        &CREATE,
        1,
        &["429", "too many requests"],
    );
    fails(at("GET", 403, "AB03"), &["key", "list"], 1, &["403"]);
}

/// Reads are retried, writes aren't.
#[test]
fn temporary_failures_are_retried() {
    let busy = |status, code| Fault::Status(status, refusal(code, "later"), Some("0"));
    for fault in [
        busy(429, "AB06"),
        busy(500, "AB04"),
        Fault::Lost,
        Fault::Cut,
    ] {
        let lost = matches!(fault, Fault::Lost | Fault::Cut);
        let done = matches!(fault, Fault::Cut);
        let start = || script().key(key("openclaw"));
        let setting = Setting::new(start().fault("GET", "/v1/api-keys", 2, fault.clone()));
        expect(&setting.run(&["key", "list"]), 0, &["openclaw"]);
        assert_eq!(setting.admin.log().len(), 3);
        let setting = Setting::new(start().fault("POST", "/v1/api-keys", 9, fault.clone()));
        let ran = setting.run(&CREATE);
        assert_ne!(ran.status, 0);
        assert_eq!(setting.writes().len(), 1, "{:?}", setting.writes());
        if done {
            // It was created, but its value is lost.
            let id = "key revoke 00000000-0000-4000-9000-000000000002";
            expect(&ran, 2, &["its value was lost", id]);
        } else if lost {
            expect(
                &ran,
                2,
                &["Portkey doesn't list such a key; run the command again"],
            );
        }
        let setting = Setting::new(start().fault("POST", "/v1/api-keys", 9, fault.clone()));
        let ran = setting.run(&["key", "rotate", "--yes"]);
        assert_ne!(ran.status, 0);
        assert_eq!(setting.writes().len(), 1);
        if lost {
            expect(&ran, 2, &["the new one was never shown"]);
        }
        let setting = Setting::new(start().fault("PUT", "/v1/api-keys", 9, fault));
        let ran = setting.run(&UPDATE);
        if lost {
            expect(&ran, 2, &["run the command again: it checks first"]);
        }
        let _ = setting.run(&UPDATE);
    }
    let long = Fault::Status(429, refusal("AB06", "later"), Some("3600"));
    let setting = Setting::new(script().fault("GET", "/v1/api-keys", 9, long));
    expect(
        &setting.run(&["key", "list"]),
        1,
        &["429: later; try again after 3600 s"],
    );
    assert_eq!(setting.admin.log().len(), 1);
    let slow = Fault::Slow(Duration::from_secs(4));
    let setting = Setting::new(script().fault("GET", "/v1/api-keys", 9, slow));
    expect(
        &setting.run(&["key", "list", "--timeout", "1"]),
        2,
        &["1 s"],
    );
}

/// A PUT that is read back late, and responses with other contents.
#[test]
fn responses_are_compared() {
    let stale = Setting::new(script().key(key("openclaw")).stale(2));
    let ran = stale.run(&UPDATE);
    expect(&ran, 0, &["Changed key openclaw", "budget: 5 usd/day"]);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let long = Setting::new(script().key(key("openclaw")).stale(9));
    let ran = long.run(&UPDATE);
    expect(
        &ran,
        0,
        &[
            "warning: Portkey returned something different from what was sent",
            "20 usd/month",
        ],
    );
    let adds = Setting::new(script().adding());
    let ran = adds.run(&CREATE);
    expect(
        &ran,
        0,
        &["something different from what was sent", "1 request/min"],
    );
    let blind = Setting::new(script().without("workspace_service_api_keys.read"));
    expect(
        &blind.run(&CREATE),
        0,
        &["the result was not compared", "Wrote"],
    );
}

#[test]
fn more_than_two_thousand_keys() {
    let mut script = script();
    for number in 0..2050 {
        script = script.key(key(&format!("k{number:04}")));
    }
    let setting = Setting::new(script);
    let ran = setting.run(&["key", "list", "--format", "json"]);
    let keys = ran.json()["keys"].as_array().unwrap().len();
    assert_eq!(keys, 2050);
    assert_eq!(setting.admin.log().len(), 41);
    expect(&setting.run(&["key", "show", "k2049"]), 0, &["name: k2049"]);
}

/// A key that was created but can't be stored is revoked, or saved elsewhere.
#[cfg(target_os = "linux")]
#[test]
fn a_key_that_cannot_be_stored() {
    let link = |setting: &Setting| {
        let dotenv = setting.home.path(".openclaw/.env");
        std::fs::remove_file(&dotenv).unwrap();
        std::os::unix::fs::symlink("/proc/version", &dotenv).unwrap();
    };
    let setting = Setting::new(script());
    link(&setting);
    let ran = setting.run(&CREATE);
    expect(&ran, 2, &["the new key was revoked"]);
    assert!(setting.admin.keys()[0].revoked);
    let setting = Setting::new(script().key(key("openclaw")));
    link(&setting);
    let ran = setting.run(&["key", "rotate", "--yes"]);
    let rotated = &setting.admin.keys()[0];
    let kept = setting.home.read(".openclaw/portkey-key-00000000.txt");
    assert_eq!(kept, format!("{}\n", rotated.secret));
    expect(&ran, 2, &["the new key is in", "set-key --file"]);
    assert!(!ran.stderr.contains(ISSUED) && !ran.stderr.contains(KEY));
}

/// The admin key is never one that OpenClaw can read, nor left behind by a command.
#[test]
fn the_admin_key_stays_away_from_openclaw() {
    let setting = Setting::new(script());
    let _ = setting.run(&CREATE).status(0);
    for (name, bytes) in setting.home.tree() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(super::ADMIN_KEY), "{name}");
    }
    setting.home.write_private(
        ".openclaw/.env",
        format!("PORTKEY_ADMIN_API_KEY={}\n", super::ADMIN_KEY),
    );
    expect(
        &setting.run(&["key", "list"]),
        1,
        &["OpenClaw's agent can read it"],
    );
}

/// A write may have succeeded although its response is invalid; the list shows it.
#[test]
fn a_lost_key_is_named() {
    let id = "key revoke 00000000-0000-4000-9000-000000000001";
    for (status, body) in [
        (500, refusal("AB04", "later")),
        (503, String::new()),
        (504, "<html>".to_owned()),
        (200, "<html>".to_owned()),
        (200, "{}".to_owned()),
        (200, json!({ "id": "x", "key": "" }).to_string()),
        // It would add a line to `.env`.
        (200, json!({ "id": "x", "key": "a\nB=1" }).to_string()),
        (200, json!({ "id": "x", "key": "a b" }).to_string()),
        (200, json!({ "id": "x", "key": "a\u{1b}[31m" }).to_string()),
    ] {
        let done = Fault::Done(status, body);
        let start = || script().fault("POST", "/v1/api-keys", 1, done.clone());
        fails(start(), &CREATE, 2, &["its value was lost", id]);
        let print = ["key", "create", "--service", "a", "--print", "--yes"];
        fails(start(), &print, 2, &["its value was lost", id]);
        let rotate = ["key", "rotate", "--yes"];
        let parts = ["the new one was never shown"];
        fails(start().key(key("openclaw")), &rotate, 2, &parts);
    }
    let lost = || Fault::Done(502, String::new());
    let script = || script().key(key("openclaw"));
    for (method, args) in [
        ("PUT", &UPDATE[..]),
        ("DELETE", &["key", "revoke", "openclaw", "--yes"]),
    ] {
        let script = script().fault(method, "/v1/api-keys", 1, lost());
        fails(script, args, 2, &["run the command again: it checks first"]);
    }
}

/// Something that isn't a list of keys isn't treated as an empty one.
#[test]
fn lists_of_something_else() {
    for body in [
        r#"{"data":[7]}"#,
        r#"{"data":["a","b"]}"#,
        r#"[null]"#,
        r#"{"data":{}}"#,
        "7",
    ] {
        let fault = Fault::Status(200, body.to_owned(), None);
        let script = script().fault("GET", "/v1/api-keys", 1, fault);
        let parts = ["the answer does not come from Portkey", "admin URL"];
        fails(script, &["key", "list"], 2, &parts);
    }
}

/// A key that couldn't be printed is revoked, or saved.
#[cfg(target_os = "linux")]
#[test]
fn a_key_that_cannot_be_printed() {
    let setting = Setting::new(script().key(key("ci")));
    for (args, part) in [
        (
            &["key", "create", "--service", "a", "--print"][..],
            "revoked",
        ),
        (
            &["key", "rotate", "ci", "--print"],
            "move it to its destination",
        ),
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let url = setting.admin.url();
        let args = [args, &["--yes", "--admin-url", &url]].concat();
        let ran = setting.home.command(&args).stdout(full.unwrap()).output();
        let ran = ran.unwrap();
        let output = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(2), "{output}");
        assert!(output.contains(part), "{output}");
        assert!(
            !output.contains(ISSUED) && !output.contains("set-key"),
            "{output}"
        );
    }
    let keys = setting.admin.keys();
    assert!(keys[1].revoked);
    let kept = setting.home.read(".openclaw/portkey-key-00000000.txt");
    assert_eq!(kept, format!("{}\n", keys[0].secret));
}

/// An agent can read every agent's folder.
#[test]
fn an_admin_key_in_an_agents_folder() {
    let setting = Setting::new(script());
    let config = setting.home.config();
    let own = config.replace("id: 'ops'", "id: 'ops', workspace: '~/ops'");
    setting.home.write(".openclaw/openclaw.json", own);
    let home = setting.home.var("PORTKEY_ADMIN_API_KEY", "");
    let url = setting.admin.url();
    for (file, status) in [("ops/a.key", 1), ("ops/b/a.key", 1), ("other/a.key", 0)] {
        home.write_private(file, format!("{}\n", super::ADMIN_KEY));
        let args = ["key", "list", "--admin-key-file", file, "--admin-url", &url];
        let ran = home.run(&args);
        assert_eq!(ran.status, status, "{file} {}", ran.stderr);
    }
}

/// A dry run of a command that only reads shows its calls, without the key, and sends nothing.
#[test]
fn a_dry_run_of_reading_commands() {
    let setting = Setting::new(script().key(key("openclaw")));
    setting
        .home
        .write("team.json5", "{ keys: { a: { agent: 'a' } } }");
    setting
        .home
        .write("gateway.json", r#"{"provider":"@openai"}"#);
    for (args, calls) in [
        (&["key", "list"][..], &["/api-keys"][..]),
        (&["key", "show"], &["/api-keys"]),
        (&["provider", "list"], &["/providers"]),
        (&["guardrail", "list"], &["/guardrails"]),
        (
            &["usage"],
            &["/graphs/cost", "/graphs/requests", "/graphs/tokens"],
        ),
        (&["usage", "--by", "agent"], &["/groups/metadata/agent"]),
        (&["team", "plan", "team.json5"], &["/api-keys"]),
        (&["team", "export", "team.json5"], &["/api-keys"]),
        (&["gateway-config", "list"], &["/configs"]),
        (&["gateway-config", "show", "pc-a"], &["/configs/pc-a"]),
        (&["gateway-config", "history", "pc-a"], &["/configs/pc-a"]),
        (
            &["gateway-config", "pull", "pc-a", "-o", "a.json"],
            &["/configs/pc-a"],
        ),
        (
            &["gateway-config", "diff", "gateway.json", "pc-a"],
            &["/configs/pc-a"],
        ),
    ] {
        let before = setting.home.tree();
        let ran = setting.run(&[args, &["--dry-run"]].concat());
        assert_eq!(ran.status, 0, "{args:?} {}", ran.stderr);
        assert!(ran.stdout.starts_with("curl -X GET "), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("$PORTKEY_ADMIN_API_KEY"),
            "{}",
            ran.stdout
        );
        assert!(ran.stderr.contains("Nothing was sent"), "{}", ran.stderr);
        for call in calls {
            assert!(ran.stdout.contains(call), "{args:?} {}", ran.stdout);
        }
        assert!(setting.home.tree() == before, "{args:?}");
    }
    let json = setting.run(&["usage", "--dry-run", "--format", "json"]);
    assert_eq!(json.status, 2);
    assert_eq!(json.json()["error"]["kind"], "usage");
    assert_eq!(setting.admin.log(), [""; 0]);
}
