//! Gateway configs at Portkey: list, show, diff, pull, push, history, rollback.

use serde_json::{Value, json};

use super::checking::{GOOD, expect};
use crate::support::admin::{AdminApi, Script, Style};
use crate::support::home::{Home, Ran};
use crate::support::portkey::{self, Portkey};
use crate::support::snapshot::{file, same};

pub(crate) const ADMIN_KEY: &str = "pk-admin-0123456789abcdef";
pub(crate) const KEY: &str = "pk-test-0123456789abcdef";
pub(crate) const FLASH: &str = "@gemini/gemini-2.5-flash";
pub(crate) const GPT: &str = "@openai/gpt-5";

/// A control plane, a gateway, and a home that uses both.
pub(crate) struct Setting {
    pub(crate) admin: AdminApi,
    pub(crate) portkey: Portkey,
    pub(crate) home: Home,
}

pub(crate) fn script() -> Script {
    Script::new(ADMIN_KEY)
}

pub(crate) fn saved() -> Value {
    json!({ "override_params": { "model": GPT } })
}

impl Setting {
    pub(crate) fn new(script: Script) -> Self {
        let gateway = portkey::Script::new(KEY)
            .models([
                FLASH,
                GPT,
                "@mistral/open-mixtral-8x7b",
                "@google/gemini-2.5-flash",
            ])
            .config("pc-main-0001")
            .config("pc-good-0001")
            .config("pc-openclaw-fallback-0001")
            .config("pc-openclaw-fallback-0002");
        let portkey = Portkey::start(gateway).unwrap();
        let admin = AdminApi::start(script);
        let config = include_str!("../../../fixtures/wired.json5")
            .replace("https://api.portkey.ai/v1", &portkey.base_url());
        let home = Home::with(&config)
            .var("PORTKEY_API_KEY", KEY)
            .var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
        home.write("good.json", GOOD);
        Self {
            admin,
            portkey,
            home,
        }
    }

    pub(crate) fn args<'a>(args: &[&'a str], url: &'a str) -> Vec<&'a str> {
        [&["gateway-config"], args, &["--admin-url", url]].concat()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let url = self.admin.url();
        self.home.run(&Self::args(args, &url))
    }
}

/// The output of a run, without the loopback server's address.
fn transcript(setting: &Setting, args: &[&str]) -> String {
    let ran = setting.run(args);
    let args = [&["gateway-config"], args].concat();
    ran.transcript(&args)
}

#[test]
fn output_of_each_command() {
    for style in [Style::Documented, Style::Flat] {
        let mut all = String::new();
        let setting = Setting::new(script().style(style).config("main", saved()));
        for args in [
            &["list"][..],
            &["show", "pc-main-0001"],
            &["diff", "good.json", "pc-main-0001"],
            &["pull", "pc-main-0001", "-o", "main.json"],
            &["diff", "main.json", "pc-main-0001"],
            &["push", "main.json"],
            &["push", "good.json", "--name", "main", "--dry-run"],
            &["push", "good.json", "--name", "main", "--yes"],
            &["push", "good.json", "--name", "main", "--yes"],
            &["history", "pc-main-0001"],
            &[
                "rollback",
                "pc-main-0001",
                "--to",
                "00a00001",
                "--yes",
                "--no-probe",
            ],
            &["push", "good.json", "--yes", "--no-probe"],
            &["list"],
        ] {
            all += &transcript(&setting, args);
        }
        let name = if style == Style::Flat {
            "flat"
        } else {
            "documented"
        };
        same(&all, file(&format!("gateway-config/{name}.txt")));
        let configs = setting.admin.configs();
        assert_eq!(configs.len(), 2);
        assert_eq!(configs[0].1.len(), 3, "two changes");
        assert_eq!(configs[0].1[2], saved());
    }
}

#[test]
fn documents() {
    let setting = Setting::new(script().style(Style::Flat).config("main", saved()));
    let json = |args: &[&str]| setting.run(&[args, &["--format", "json"]].concat()).json();
    let list = json(&["list"]);
    assert_eq!(list["action"], "list");
    assert_eq!(list["configs"][0]["id"], "pc-main-0001");
    assert_eq!(json(&["show", "pc-main-0001"])["config"], saved());
    assert_eq!(
        json(&["diff", "good.json", "pc-main-0001"])["differs"],
        true
    );
    assert_eq!(
        json(&["pull", "pc-main-0001", "-o", "x.json"])["file"],
        "x.json"
    );
    let dry = json(&["push", "good.json", "--name", "main", "--dry-run"]);
    assert_eq!(dry["calls"][0]["method"], "PUT");
    assert_eq!(dry["gatewayConfig"]["saved"], false);
    let pushed = json(&["push", "good.json", "--name", "main", "--yes"]);
    assert_eq!(pushed["gatewayConfig"]["saved"], true);
    assert_eq!(pushed["gatewayConfig"]["created"], false);
    assert_eq!(pushed["probe"]["level"], "passed");
    let again = json(&["push", "good.json", "--name", "main", "--yes"]);
    assert_eq!(again["changed"], false);
    let history = json(&["history", "pc-main-0001"]);
    assert_eq!(history["versions"][0]["current"], true);
    let version = history["versions"][1]["versionId"].as_str().unwrap();
    let back = json(&["rollback", "pc-main-0001", "--to", version, "--yes"]);
    assert_eq!(back["gatewayConfig"]["saved"], true);
    let new = json(&["push", "good.json", "--yes", "--no-probe"]);
    assert_eq!(new["gatewayConfig"]["created"], true);
    assert_eq!(new["gatewayConfig"]["id"], "pc-good-0002");
    let used = json(&["use", "pc-main-0001", "--yes"]);
    assert_eq!(used["written"], true);
}

#[test]
fn nothing_is_written_without_a_yes() {
    let setting = Setting::new(script().config("main", saved()));
    for args in [
        &["push", "good.json"][..],
        &["push", "good.json", "--name", "main"],
        &["push", "good.json", "--dry-run"],
        &["push", "good.json", "--dry-run", "--use"],
        &["rollback", "pc-main-0001", "--to", "9"],
        &["use", "pc-main-0001"],
    ] {
        let before = setting.home.tree();
        let _ = setting.run(args);
        assert!(before == setting.home.tree(), "{args:?}");
    }
    let log = setting.admin.log();
    assert!(log.iter().all(|line| line.starts_with("GET")), "{log:?}");
    expect(&setting.run(&["push", "good.json"]), 2, &["--yes"]);
}

#[test]
fn invalid_configs_are_not_pushed() {
    let setting = Setting::new(script());
    setting.home.write(
        "bad.json",
        r#"{"strategy":{"mode":"load-balance"},"targets":[]}"#,
    );
    let ran = setting.run(&["push", "bad.json", "--yes"]);
    expect(
        &ran,
        1,
        &[
            "error[mode-unknown]",
            "bad.json:1:21",
            "nothing was sent",
            "gateway-config check bad.json",
        ],
    );
    assert!(setting.admin.log().is_empty());
    expect(
        &setting.run(&["push", "bad.json", "--yes", "--force", "--no-probe"]),
        0,
        &["Created"],
    );
    let args = ["push", "-", "--yes"];
    let url = setting.admin.url();
    let args = Setting::args(&args, &url);
    let ran = setting.home.run_with_input(&args, GOOD);
    expect(&ran, 2, &["needs a name", "--name"]);
}

/// The saved config is strict JSON, whatever the file is.
#[test]
fn comments_are_not_sent() {
    let setting = Setting::new(script());
    setting.home.write(
        "main.json5",
        "{ // why\n override_params: { model: '@openai/gpt-5', },\n}\n",
    );
    expect(
        &setting.run(&["push", "main.json5", "--yes"]),
        0,
        &["Created gateway config pc-main-0001 (main)"],
    );
    assert_eq!(
        setting.admin.configs(),
        [("main".to_owned(), vec![saved()])]
    );
    let pushed = setting.admin.requests();
    let post = pushed.iter().find(|one| one.method == "POST").unwrap();
    let body: Value = serde_json::from_slice(&post.body).unwrap();
    assert_eq!(body, json!({ "name": "main", "config": saved() }));
}

#[test]
fn a_failing_probe_suggests_a_rollback() {
    let setting = Setting::new(script().style(Style::Flat).config("gone", saved()));
    // The gateway doesn't have this config.
    let ran = setting.run(&["push", "good.json", "--name", "gone", "--yes"]);
    expect(
        &ran,
        1,
        &["✗", "gateway-config rollback pc-gone-0001 --to 00a00001"],
    );
    let home = Home::with("{}").var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
    home.write("good.json", GOOD);
    let url = setting.admin.url();
    let ran = home.run(&[
        "gateway-config",
        "push",
        "good.json",
        "--yes",
        "--admin-url",
        &url,
    ]);
    expect(
        &ran,
        0,
        &["no request was sent: OpenClaw's own key is unknown on this machine"],
    );
}

/// Secrets in a config are sent but never shown.
#[test]
fn no_secret_of_a_config_is_shown() {
    let secret = "sk-canary0123456789abcdef";
    let config =
        json!({ "provider": "openai", "api_key": secret, "override_params": { "model": "gpt-5" } });
    let setting = Setting::new(script().config("main", config.clone()));
    setting
        .home
        .write("new.json", config.to_string().replace("gpt-5", "gpt-4"));
    for args in [
        &["show", "pc-main-0001"][..],
        &["diff", "new.json", "pc-main-0001"],
        &["push", "new.json", "--name", "main", "--dry-run"],
        &["push", "new.json", "--name", "main", "--yes", "--no-probe"],
        &["history", "pc-main-0001"],
    ] {
        for format in ["text", "json"] {
            let ran = setting.run(&[args, &["--format", format]].concat());
            assert!(ran.status < 2, "{args:?} {}", ran.stderr);
            let all = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!all.contains("canary"), "{args:?}\n{all}");
        }
    }
    let _ = setting
        .run(&["pull", "pc-main-0001", "-o", "pulled.json"])
        .status(0);
    assert!(setting.home.read("pulled.json").contains(secret));
    assert_eq!(setting.admin.configs()[0].1[1]["api_key"], secret);
}
