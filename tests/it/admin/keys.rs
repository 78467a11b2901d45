//! `key list`, `show`, `create`, `update`, `revoke` and `rotate`.

use serde_json::{Value, json};

use super::{ISSUED, KEY, Setting, expect, key, script};
use crate::support::snapshot::{file, same};

const CREATE_OPS: [&str; 9] = [
    "key",
    "create",
    "--agent",
    "ops",
    "--budget",
    "20 usd/month",
    "--rate",
    "60/min",
    "--yes",
];

/// The snapshots have what each prints.
const COMMANDS: &[&[&str]] = &[
    &["key", "list"],
    &["key", "show", "ci"],
    &["key", "show"],
    &[
        "key",
        "create",
        "--agent",
        "ops",
        "--budget",
        "20 usd/month",
        "--rate",
        "60/min",
        "--alert",
        "me@example.com",
        "--alert-at",
        "80%",
        "--gateway-config",
        "pc-main-0001",
        "--pin",
        "--dry-run",
    ],
    &[
        "key",
        "create",
        "--agent",
        "ops",
        "--budget",
        "20 usd/month",
        "--rate",
        "60/min",
        "--yes",
    ],
    &CREATE_OPS,
    &[
        "key",
        "create",
        "--user",
        "alice@example.com",
        "--metadata",
        "team=backend",
        "--yes",
    ],
    &[
        "key",
        "create",
        "--service",
        "batch",
        "-o",
        "batch.txt",
        "--expires",
        "2099-12-31",
        "--yes",
    ],
    &[
        "key",
        "update",
        "openclaw-ops",
        "--budget",
        "50 usd/month",
        "--rate",
        "none",
        "--dry-run",
    ],
    &[
        "key",
        "update",
        "openclaw-ops",
        "--budget",
        "50 usd/month",
        "--rate",
        "none",
        "--yes",
    ],
    &[
        "key",
        "update",
        "openclaw-ops",
        "--budget",
        "50 usd/month",
        "--yes",
    ],
    &["key", "update", "openclaw-ops", "--reset-usage", "--yes"],
    &["key", "rotate", "--agent", "ops", "--dry-run"],
    &[
        "key",
        "rotate",
        "--agent",
        "ops",
        "--overlap",
        "12h",
        "--yes",
    ],
    &["key", "rotate", "ci", "-o", "new-ci.key", "--yes"],
    &["key", "revoke", "batch", "--dry-run"],
    &["key", "revoke", "batch", "--yes"],
    &["key", "list"],
];

#[test]
fn what_each_command_prints() {
    let setting = Setting::new(script().key(key("openclaw")).key(key("ci")));
    let all: String = COMMANDS
        .iter()
        .map(|args| setting.transcript(args))
        .collect();
    same(&all, file("admin/keys.txt"));
}

/// The agent's provider has its own key, and is otherwise a copy of the shared one.
#[test]
fn an_agent_gets_its_own_key() {
    let setting = Setting::new(script());
    expect(
        &setting.run(&CREATE_OPS),
        0,
        &["Created key openclaw-ops", "Key accepted"],
    );
    let made = &setting.admin.keys()[0];
    assert_eq!(
        made.fields["defaults"],
        json!({ "metadata": { "agent": "ops" } })
    );
    assert_eq!(made.fields["type"], "workspace-service");
    assert_eq!(
        setting.dotenv(),
        format!(
            "PORTKEY_API_KEY={KEY}\nPORTKEY_OPS_API_KEY={}\n",
            made.secret
        )
    );
    let config = setting.home.config();
    for part in [
        "// Mine.",
        "'${PORTKEY_OPS_API_KEY}'",
        "primary: 'portkey-ops/@gemini/gemini-2.5-flash'",
        "portkey-ops/@mistral/open-mixtral-8x7b",
    ] {
        assert!(config.contains(part), "{part}\n{config}");
    }
    assert!(!config.contains(ISSUED));
    assert_eq!(
        config.matches("contextWindow: 1048576").count(),
        2,
        "{config}"
    );
    let sent = setting.portkey.requests();
    let bearer = format!("Bearer {}", made.secret);
    assert!(
        sent.iter()
            .any(|request| request.header("authorization") == Some(&bearer))
    );
    // No second one is created.
    let again = setting.run(&CREATE_OPS);
    expect(
        &again,
        1,
        &[
            "the key `openclaw-ops` already exists",
            "key rotate openclaw-ops",
        ],
    );
    assert_eq!(setting.admin.keys().len(), 1);
    // It can be undone, as far as files are concerned.
    let _ = setting.home.run(&["undo", "--yes"]).status(0);
    assert!(!setting.home.config().contains("portkey-ops"));
}

#[test]
fn models_without_a_price_are_named() {
    let cases = [("20 usd", true), ("1M tokens", false)];
    for (budget, warns) in cases {
        let setting = Setting::new(script());
        let config = setting
            .home
            .config()
            .replace("@mistral/open-mixtral-8x7b", "@openai/gpt-99");
        setting.home.write(".openclaw/openclaw.json", config);
        let ran = setting.run(&[
            "key",
            "create",
            "--service",
            "a",
            "--budget",
            budget,
            "--dry-run",
        ]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let warning =
            "warning: Portkey has no price for @openai/gpt-99, so requests to it count as 0";
        assert_eq!(ran.stderr.contains(warning), warns, "{}", ran.stderr);
    }
    let priced = Setting::new(script());
    let ran = priced.run(&[
        "key",
        "create",
        "--service",
        "a",
        "--budget",
        "20 usd",
        "--dry-run",
    ]);
    assert!(!ran.stderr.contains("no price"), "{}", ran.stderr);
}

#[test]
fn the_key_of_openclaw_is_not_replaced_silently() {
    let setting = Setting::new(script());
    let before = setting.home.tree();
    let create = ["key", "create", "--yes"];
    expect(
        &setting.run(&create),
        2,
        &["already has a different key", "--replace-key"],
    );
    assert!(setting.writes().is_empty());
    assert!(setting.home.tree() == before);
    let ran = setting.run(&[&create[..], &["--replace-key"]].concat());
    expect(
        &ran,
        0,
        &["Created key openclaw", "openclaw agent --agent main"],
    );
    assert_eq!(
        setting.dotenv(),
        format!("PORTKEY_API_KEY={}\n", setting.admin.keys()[0].secret)
    );
}

#[test]
fn keys_of_people_and_programs_go_to_a_file() {
    let setting = Setting::new(script());
    let ran = setting.run(&["key", "create", "--user", "alice@example.com", "--yes"]);
    expect(&ran, 0, &["Wrote the key to alice@example.com.key"]);
    let made = &setting.admin.keys()[0];
    assert_eq!(
        made.fields["user_id"],
        "00000000-0000-4000-a000-000000000001"
    );
    assert_eq!(made.fields["type"], "workspace-user");
    assert_eq!(
        setting.home.read("alice@example.com.key"),
        format!("{}\n", made.secret)
    );
    #[cfg(unix)]
    assert_eq!(setting.home.mode("alice@example.com.key"), 0o600);
    for (args, status, part) in [
        (
            &["--user", "nobody@example.com"][..],
            2,
            "no user nobody@example.com at Portkey",
        ),
        (
            &["--service", "x", "-o", "alice@example.com.key"],
            2,
            "already exists",
        ),
        (&["--service", "x", "-o", "none/x.key"], 2, "isn't a folder"),
        (
            &["--agent", "nobody"],
            2,
            "the config has no agent `nobody`",
        ),
        (&["--agent", "local"], 2, "doesn't go through `portkey`"),
        (
            &["--service", "x", "--print", "--format", "json"],
            2,
            "--print can't be used with JSON",
        ),
        (&["--service", "x", "-o", "-"], 2, "use --print"),
        (
            &["--agent", "ops", "--metadata", "agent=other"],
            2,
            "--metadata and --agent name different",
        ),
        (
            &["--service", "x", "--pin"],
            2,
            "--pin needs a gateway config",
        ),
        (
            &["--service", "x", "--budget", "20 eur"],
            2,
            "US dollars, not in eur",
        ),
        (
            &["--service", "x", "--rate", "100/month"],
            2,
            "set a budget",
        ),
        (&["--service", "x", "--alert-at", "80%"], 2, "there is none"),
        (
            &["--service", "x", "--expires", "2020-01-01"],
            2,
            "is in the past",
        ),
        (
            &["--service", "x", "--gateway-config", "main"],
            2,
            "starts with `pc-`",
        ),
        (&["--service", "x", "--user", "y"], 2, "cannot be used with"),
        (&["--name", " "], 2, "name is empty"),
    ] {
        let ran = setting.run(&[&["key", "create"], args, &["--yes"]].concat());
        expect(&ran, status, &[part]);
    }
    assert_eq!(setting.admin.keys().len(), 1);
    assert_eq!(setting.writes().len(), 1);
    // Only on request.
    let ran = setting.raw(&["key", "create", "--service", "x", "--print", "--yes"]);
    let secret = setting.admin.keys()[1].secret.clone();
    assert_eq!(
        ran.stdout.lines().last(),
        Some(secret.as_str()),
        "{}",
        ran.stdout
    );
    assert!(!ran.stderr.contains(ISSUED));
}

#[test]
fn nothing_is_changed_without_confirmation() {
    let setting = Setting::new(script().key(key("openclaw")));
    for (args, status) in [
        (&["key", "create", "--agent", "ops"][..], 2),
        (&["key", "create", "--agent", "ops", "--dry-run"], 0),
        (&["key", "create", "--service", "a", "--dry-run"], 0),
        (&["key", "update", "openclaw", "--budget", "5 usd"], 2),
        (
            &[
                "key",
                "update",
                "openclaw",
                "--budget",
                "5 usd",
                "--dry-run",
            ],
            0,
        ),
        (&["key", "revoke", "openclaw"], 2),
        (&["key", "revoke", "openclaw", "--dry-run"], 0),
        (&["key", "rotate"], 2),
        (&["key", "rotate", "--dry-run"], 0),
        (&["key", "update", "openclaw", "--yes"], 2),
        (&["key", "rotate", "ci", "--yes"], 2),
        (&["key", "rotate", "--overlap", "10m", "--yes"], 2),
    ] {
        let before = setting.home.tree();
        let ran = setting.run(args);
        assert_eq!(ran.status, status, "{args:?} {}", ran.stderr);
        assert!(before == setting.home.tree(), "{args:?}");
    }
    assert!(setting.writes().is_empty(), "{:?}", setting.writes());
}

#[test]
fn rotation_replaces_the_old_key() {
    let setting = Setting::new(script().key(key("openclaw")));
    let ran = setting.run(&["key", "rotate", "--yes"]);
    expect(
        &ran,
        0,
        &[
            "Rotated key openclaw",
            "The old key stays valid until 2026-11-28T12:30:00.000Z; restart the gateway",
            "`openclaw gateway restart`",
        ],
    );
    let rotated = &setting.admin.keys()[0];
    assert_eq!(rotated.old.len(), 1);
    assert_eq!(
        setting.dotenv(),
        format!("PORTKEY_API_KEY={}\n", rotated.secret)
    );
    let body = &setting
        .admin
        .requests()
        .into_iter()
        .find(|one| one.method == "POST")
        .unwrap()
        .body;
    let body: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(body, json!({ "key_transition_period_ms": 1_800_000 }));
}

#[test]
fn documents() {
    let setting = Setting::new(script().key(key("openclaw")));
    let json = |args: &[&str]| setting.run(&[args, &["--format", "json"]].concat()).json();
    let list = json(&["key", "list"]);
    assert_eq!(list["action"], "list");
    assert_eq!(list["complete"], true);
    assert_eq!(list["keys"][0]["budget"], "20 usd/month");
    assert_eq!(
        json(&["key", "show"])["key"]["rates"],
        json!(["60 requests/min"])
    );
    let dry = json(&["key", "create", "--agent", "ops", "--dry-run"]);
    assert_eq!(
        (&dry["sent"], &dry["written"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(dry["calls"][0]["method"], "POST");
    assert_eq!(dry["files"].as_array().unwrap().len(), 2);
    let made = json(&CREATE_OPS);
    assert_eq!(
        (&made["sent"], &made["written"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(made["checks"][0]["level"], "passed");
    assert_eq!(made["key"]["name"], "openclaw-ops");
    assert!(made["storedIn"].as_str().unwrap().contains("/.env"));
    let file = json(&["key", "create", "--service", "a", "-o", "a.key", "--yes"]);
    assert_eq!(file["storedIn"], "a.key");
    let same = json(&[
        "key",
        "update",
        "openclaw",
        "--budget",
        "20 usd/month",
        "--yes",
    ]);
    assert_eq!(
        (&same["changed"], &same["sent"]),
        (&json!(false), &json!(false))
    );
    let changed = json(&[
        "key",
        "update",
        "openclaw",
        "--budget",
        "30 usd/month",
        "--yes",
    ]);
    assert_eq!(changed["key"]["budget"], "30 usd/month");
    let rotated = json(&["key", "rotate", "--yes"]);
    assert_eq!(rotated["oldValidUntil"], "2026-11-28T12:30:00.000Z");
    let revoked = json(&["key", "revoke", "openclaw", "--yes"]);
    assert_eq!(revoked["revoked"], true);
    assert_eq!(json(&["key", "show", "nothing"])["error"]["kind"], "check");
}

/// The agent's models now belong to its own provider, and the linter accepts that.
#[test]
fn the_config_is_still_valid() {
    let setting = Setting::new(script());
    let _ = setting.run(&CREATE_OPS).status(0);
    let lint = setting.home.run(&["lint"]);
    assert_eq!(lint.status, 0, "{}{}", lint.stdout, lint.stderr);
}

/// Two agents with their own keys: each still goes through Portkey, and commands without
/// --provider-id use the shared provider.
#[test]
fn agents_with_their_own_keys() {
    let setting = Setting::new(script());
    for (agent, id) in [("OPS", "ops"), ("main", "main")] {
        let ran = setting.run(&["key", "create", "--agent", agent, "--yes"]);
        expect(&ran, 0, &[&format!("Created key openclaw-{id} ")]);
        let has_model = format!("agent `{id}` has a model of its own");
        for other in ["agent `ops` has", "agent `main` has"] {
            assert!(!ran.stderr.contains(other), "{has_model} {}", ran.stderr);
        }
        let keys = setting.admin.keys();
        let metadata = &keys.last().unwrap().fields["defaults"]["metadata"];
        assert_eq!(metadata["agent"], id);
    }
    let ran = setting.run(&["key", "rotate", "--agent", "Ops", "--yes"]);
    expect(&ran, 0, &["Rotated key openclaw-ops"]);
    for args in [
        &["set-primary", "@gemini/gemini-2.5-flash"][..],
        &["doctor"],
    ] {
        let ran = setting.home.run(&[args, &["--offline"]].concat());
        assert!(!ran.stderr.contains("several providers"), "{}", ran.stderr);
        assert_ne!(ran.status, 2, "{}", ran.stderr);
    }
    let ran = setting.home.run(&["unwire", "--yes"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("several providers"), "{}", ran.stderr);
}
