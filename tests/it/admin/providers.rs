//! `provider list`, `add` and `limits`.

use serde_json::{Value, json};

use super::{Setting, expect, script};
use crate::support::admin::{Fault, refusal};
use crate::support::snapshot::{file, same};

const VENDOR_KEY: &str = "AIza-canary-0123456789abcdef";
const ADD: [&str; 7] = [
    "provider",
    "add",
    "gemini",
    "--key-env",
    "GEMINI_KEY",
    "--vendor",
    "google",
];

fn provider(slug: &str) -> Value {
    json!({
        "slug": slug, "name": slug, "integration_id": slug, "status": "active",
        "usage_limits": { "type": "cost", "credit_limit": 100.0, "periodic_reset": "monthly" },
        "rate_limits": null,
    })
}

fn setting(script: crate::support::admin::Script) -> Setting {
    let mut setting = Setting::new(script);
    setting.home = setting.home.var("GEMINI_KEY", VENDOR_KEY);
    setting
}

#[test]
fn what_each_command_prints() {
    let setting = setting(
        script()
            .provider(provider("mistral"))
            .provider(provider("openai")),
    );
    let mut all = String::new();
    for args in [
        &["provider", "list"][..],
        &[
            &ADD[..],
            &[
                "--budget",
                "500 usd/month",
                "--rate",
                "100/min",
                "--dry-run",
            ],
        ]
        .concat(),
        &[
            &ADD[..],
            &["--budget", "500 usd/month", "--rate", "100/min", "--yes"],
        ]
        .concat(),
        &[&ADD[..], &["--yes"]].concat(),
        &["provider", "limits", "gemini"],
        &[
            "provider",
            "limits",
            "@mistral",
            "--rate",
            "10/hour",
            "--alert-at",
            "50%",
            "--dry-run",
        ],
        &[
            "provider",
            "limits",
            "@mistral",
            "--rate",
            "10/hour",
            "--alert-at",
            "50%",
            "--yes",
        ],
        &[
            "provider", "limits", "mistral", "--rate", "10/hour", "--yes",
        ],
        &[
            "provider", "limits", "mistral", "--budget", "none", "--rate", "none", "--yes",
        ],
        &["provider", "limits", "mistral"],
        &["provider", "list"],
    ] {
        let text = setting.transcript(args);
        assert!(!text.contains("canary"), "{text}");
        all += &text;
    }
    same(&all, file("admin/providers.txt"));
    let sent = setting.admin.requests();
    let post = sent.iter().find(|one| one.method == "POST").unwrap();
    let body: Value = serde_json::from_slice(&post.body).unwrap();
    assert_eq!(body["key"], VENDOR_KEY);
    assert_eq!(body["default_provider_slug"], "gemini");
    assert_eq!(setting.admin.providers()[0]["usage_limits"], Value::Null);
    // The vendor's key isn't stored on this machine.
    for (name, bytes) in setting.home.tree() {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("canary"),
            "{name}"
        );
    }
}

#[test]
fn invalid_arguments() {
    let setting = setting(script().provider(provider("openai")));
    setting.home.write(".openclaw/portkey.key", super::KEY);
    for (args, status, part) in [
        (&["add", "gemini"][..], 2, "no vendor key given"),
        (
            &["add", "mine", "--key-env", "GEMINI_KEY"],
            2,
            "--vendor google",
        ),
        (
            &["add", "mine", "--key-env", "NOT_SET", "--vendor", "google"],
            2,
            "pass the key on standard input",
        ),
        (
            &[
                "add",
                "mine",
                "--key-env",
                "PORTKEY_ADMIN_API_KEY",
                "--vendor",
                "google",
            ],
            2,
            "this is the admin key, not a key of google; nothing was sent",
        ),
        (
            &[
                "add",
                "mine",
                "--key-file",
                ".openclaw/portkey.key",
                "--vendor",
                "google",
            ],
            2,
            "this is the Portkey key that OpenClaw uses",
        ),
        (
            &["add", "b", "--key-env", "GEMINI_KEY", "--vendor", "bedrock"],
            2,
            "needs more than a key",
        ),
        (
            &["add", "b", "--key-env", "GEMINI_KEY", "--vendor", "Open AI"],
            2,
            "as Portkey spells it",
        ),
        (
            &["add", "local", "--vendor", "openai", "--host", "nowhere"],
            2,
            "--host",
        ),
        (
            &["add", "a/b", "--key-env", "GEMINI_KEY"],
            2,
            "a provider slug",
        ),
        (
            &["add", "openai", "--key-env", "GEMINI_KEY"],
            1,
            "the provider `openai` already exists",
        ),
        (
            &["limits", "nothing"],
            1,
            "no provider `nothing` at Portkey",
        ),
        (
            &["limits", "nothing", "--rate", "1/min"],
            1,
            "provider list",
        ),
        (
            &["limits", "openai", "--rate", "1/s"],
            2,
            "per minute, hour or day",
        ),
        (&["limits", "openai", "--budget", "0 usd"], 2, "at least 1"),
        (
            &["limits", "openai", "--budget", "10 usd", "--alert-at", "11"],
            2,
            "would never be sent",
        ),
    ] {
        expect(
            &setting.run(&[&["provider"], args, &["--yes"]].concat()),
            status,
            &[part],
        );
    }
    assert!(setting.writes().is_empty());
    expect(
        &setting.run(&["provider", "limits", "openai", "--rate", "1/min"]),
        2,
        &["--yes"],
    );
    assert!(setting.writes().is_empty());
}

#[test]
fn refusals_and_faults() {
    let limits = ["provider", "limits", "openai", "--rate", "1/min", "--yes"];
    let add = [&ADD[..], &["--yes"]].concat();
    for (scope, args) in [
        ("providers.list", &["provider", "list"][..]),
        ("providers.read", &["provider", "limits", "openai"]),
        ("providers.update", &limits),
        ("workspace_integrations.create", &add),
    ] {
        let setting = setting(script().provider(provider("openai")).without(scope));
        expect(
            &setting.run(args),
            1,
            &["403", "the admin key needs:", scope],
        );
    }
    let stale = setting(script().provider(provider("openai")).stale(2));
    let ran = stale.run(&limits);
    expect(
        &ran,
        0,
        &["Changed provider @openai", "rate: 1 request/min"],
    );
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let no = Fault::Status(409, refusal("AB07", "slug is taken"), None);
    let taken = setting(script().fault("POST", "/v1/integrations", 1, no));
    expect(&taken.run(&add), 1, &["409", "already exists"]);
    // The provider was added, but not its limits.
    let no = Fault::Status(402, refusal("AB09", "not in this plan"), None);
    let half = setting(script().fault("PUT", "/v1/providers", 1, no));
    let ran = half.run(&[&add[..], &["--rate", "5/min"]].concat());
    expect(
        &ran,
        1,
        &["402", "without its limits", "provider limits gemini"],
    );
    let lost = setting(script().provider(provider("openai")).fault(
        "PUT",
        "/v1/providers",
        1,
        Fault::Lost,
    ));
    expect(
        &lost.run(&limits),
        2,
        &["run the command again: it checks first"],
    );
}

#[test]
fn documents() {
    let setting = setting(script().provider(provider("openai")));
    let json = |args: &[&str]| setting.run(&[args, &["--format", "json"]].concat()).json();
    assert_eq!(
        json(&["provider", "list"])["providers"][0]["budget"],
        "100 usd/month"
    );
    let shown = json(&["provider", "limits", "openai"]);
    assert_eq!(
        (&shown["provider"]["slug"], &shown["sent"]),
        (&json!("openai"), &json!(false))
    );
    let changed = json(&["provider", "limits", "openai", "--rate", "5/min", "--yes"]);
    assert_eq!(changed["provider"]["rates"], json!(["5 requests/min"]));
    assert_eq!(changed["sent"], true);
    let dry = json(&[&ADD[..], &["--dry-run"]].concat());
    assert!(
        dry["calls"][0]["body"]
            .as_str()
            .unwrap()
            .contains("********")
    );
    assert_eq!(
        json(&[&ADD[..], &["--yes"]].concat())["provider"]["slug"],
        "gemini"
    );
}
