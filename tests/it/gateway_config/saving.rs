//! Gateway configs at Portkey: list, show, diff, pull, push, history, rollback.

use serde_json::{Value, json};

use super::checking::{GOOD, expect};
use crate::support::admin::{AdminApi, Fault, Script, Style, refusal};
use crate::support::home::{Home, Ran};
use crate::support::portkey::{self, Portkey};
use crate::support::snapshot::{file, same};

pub(super) const ADMIN_KEY: &str = "pk-admin-0123456789abcdef";
pub(super) const KEY: &str = "pk-test-0123456789abcdef";
pub(super) const FLASH: &str = "@gemini/gemini-2.5-flash";
pub(super) const GPT: &str = "@openai/gpt-5";

/// A control plane, a gateway, and a home that uses both.
pub(super) struct Setting {
    pub(super) admin: AdminApi,
    pub(super) portkey: Portkey,
    pub(super) home: Home,
}

pub(super) fn script() -> Script {
    Script::new(ADMIN_KEY)
}

pub(super) fn saved() -> Value {
    json!({ "override_params": { "model": GPT } })
}

impl Setting {
    pub(super) fn new(script: Script) -> Self {
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

    pub(super) fn args<'a>(args: &[&'a str], url: &'a str) -> Vec<&'a str> {
        [&["gateway-config"], args, &["--admin-url", url]].concat()
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        let url = self.admin.url();
        self.home.run(&Self::args(args, &url))
    }
}

/// A run as it is printed, with the loopback's address taken out.
fn transcript(setting: &Setting, args: &[&str]) -> String {
    let ran = setting.run(args);
    let args = [&["gateway-config"], args].concat();
    ran.transcript(&args)
}

#[test]
fn what_each_command_prints() {
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

/// A run that fails so says these parts, and neither a result nor the key.
#[track_caller]
fn fails(script: Script, args: &[&str], status: i32, parts: &[&str]) {
    let setting = Setting::new(script);
    let ran = setting.run(args);
    expect(&ran, status, parts);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    assert!(!ran.stderr.contains(ADMIN_KEY), "{}", ran.stderr);
}

const PUSH: [&str; 3] = ["push", "good.json", "--yes"];
const SHOW: [&str; 2] = ["show", "pc-main-0001"];
const NONE: &str = "pc-none-0001";

/// Who said no, why, and what to do.
#[test]
fn refusals() {
    let main = || script().config("main", saved());
    let good = || script().config("good", saved());
    let needs = "the admin key needs: configs.";
    fails(
        script().without("configs.list"),
        &["list"],
        1,
        &["GET /configs", "403", needs],
    );
    fails(
        main().without("configs.read"),
        &SHOW,
        1,
        &["configs.read", "or it is not in the key's workspace"],
    );
    fails(
        script().without("configs.create"),
        &PUSH,
        1,
        &["POST /configs", needs],
    );
    fails(
        good().without("configs.update"),
        &PUSH,
        1,
        &["PUT /configs/pc-good-0001", needs],
    );
    let wrong = &["does not accept the key", "401", "admin permissions"];
    fails(Script::new("another"), &["list"], 1, wrong);
    fails(
        script(),
        &["show", NONE],
        1,
        &["Portkey has no config pc-none-0001", "gateway-config list"],
    );
    fails(script(), &["history", NONE], 1, &["Portkey has no config"]);
    let back = ["rollback", "pc-main-0001", "--to", "ffff"];
    fails(
        main(),
        &back,
        1,
        &["has no version ffff", "gateway-config history pc-main-0001"],
    );
    let two = main().config("main", saved());
    let push = ["push", "good.json", "--name", "main", "--yes"];
    fails(
        two,
        &push,
        2,
        &["2 configs are called `main`", "--name pc-main-0001"],
    );
}

/// What is answered with something else than is documented.
#[test]
fn faults() {
    let at = |method, status, body: &str| {
        let fault = Fault::Status(status, body.to_owned(), Some("0"));
        script().fault(method, "/v1/configs", 9, fault)
    };
    let no = |code| refusal(code, "targets.0 is wrong");
    fails(
        at("POST", 409, &no("AB07")),
        &PUSH,
        1,
        &["already exists", "409"],
    );
    fails(
        at("POST", 400, &no("AB01")),
        &PUSH,
        1,
        &["targets.0 is wrong"],
    );
    fails(at("POST", 402, &no("AB09")), &PUSH, 1, &["402", "plan"]);
    fails(at("GET", 200, "[1"), &["list"], 2, &["error"]);
    fails(at("GET", 200, "{}"), &["list"], 2, &["error"]);
    fails(
        at("GET", 502, "<html><body>no</body></html>"),
        &["list"],
        2,
        &["web page"],
    );
}

#[test]
fn what_passes_is_tried_again_and_what_writes_is_not() {
    let busy = |status, code| Fault::Status(status, refusal(code, "later"), Some("0"));
    for fault in [
        busy(429, "AB06"),
        busy(500, "AB04"),
        busy(503, "x"),
        Fault::Lost,
        Fault::Cut,
    ] {
        let lost = matches!(fault, Fault::Lost | Fault::Cut);
        let setting = Setting::new(script().config("main", saved()).fault(
            "GET",
            "/v1/configs",
            2,
            fault.clone(),
        ));
        expect(&setting.run(&["list"]), 0, &["pc-main-0001"]);
        assert_eq!(setting.admin.log().len(), 3);
        let setting = Setting::new(script().fault("POST", "/v1/configs", 9, fault));
        let ran = setting.run(&["push", "good.json", "--yes"]);
        assert_ne!(ran.status, 0);
        let posts = setting
            .admin
            .log()
            .iter()
            .filter(|line| line.starts_with("POST"))
            .count();
        assert_eq!(posts, 1);
        if lost {
            expect(&ran, 2, &["run the command again", "no second one"]);
        }
    }
    // A wait that is too long is not begun.
    let long = Fault::Status(429, refusal("AB06", "later"), Some("3600"));
    let setting = Setting::new(script().fault("GET", "/v1/configs", 9, long));
    expect(&setting.run(&["list"]), 1, &["too many requests", "429"]);
    assert_eq!(setting.admin.log().len(), 1);
    // Silence ends.
    let slow = Fault::Slow(std::time::Duration::from_secs(4));
    let setting = Setting::new(script().fault("GET", "/v1/configs", 9, slow));
    expect(
        &setting.run(&["list", "--timeout", "1"]),
        2,
        &["silent for 1 s"],
    );
}

#[test]
fn the_key_goes_nowhere_else() {
    let other = AdminApi::start(script());
    let setting =
        Setting::new(script().fault("GET", "/v1/configs", 9, Fault::Redirect(other.url())));
    expect(&setting.run(&["list"]), 2, &["points to"]);
    assert!(other.requests().is_empty());
    let far = [
        "gateway-config",
        "list",
        "--admin-url",
        "http://portkey.invalid/v1",
    ];
    expect(&setting.home.run(&far), 2, &["plain http"]);
    let requests = setting.admin.requests();
    assert!(
        requests
            .iter()
            .all(|one| one.header("authorization").is_none())
    );
    assert_eq!(requests[0].header("x-portkey-api-key"), Some(ADMIN_KEY));
    assert!(setting.portkey.requests().is_empty());
}

#[test]
fn lists_come_in_pages() {
    let mut many = script().page(2);
    for number in 0..5 {
        many = many.config(&format!("c{number}"), saved());
    }
    let setting = Setting::new(many);
    let ran = setting.run(&["list"]).status(0);
    assert_eq!(ran.stdout.lines().count(), 5, "{}", ran.stdout);
    assert_eq!(setting.admin.log().len(), 3);
    // The name is on the last page: no second one is made.
    expect(
        &setting.run(&["push", "good.json", "--name", "c4", "--yes", "--no-probe"]),
        0,
        &["Saved gateway config pc-c4-0005"],
    );
    assert_eq!(setting.admin.configs().len(), 5);
}

#[test]
fn what_was_written_is_read_back() {
    // Stale replies pass.
    let setting = Setting::new(script().config("good", saved()).stale(2));
    let ran = setting
        .run(&["push", "good.json", "--yes", "--no-probe"])
        .status(0);
    assert!(!ran.stderr.contains("something else"), "{}", ran.stderr);
    // A difference that stays is shown.
    let setting = Setting::new(script().config("good", saved()).adding());
    let ran = setting.run(&["push", "good.json", "--yes", "--no-probe"]);
    expect(
        &ran,
        0,
        &[
            "Portkey gives back something else than was sent",
            "strict_open_ai_compliance",
        ],
    );
    // A new config that the list does not have at once is found, and is one.
    for lists in [2, 3] {
        let setting = Setting::new(script().unlisted(lists));
        let ran = setting.run(&["push", "good.json", "--yes", "--no-probe"]);
        expect(&ran, 0, &["Created gateway config pc-good-0001"]);
        assert_eq!(setting.admin.configs().len(), 1);
    }
}

#[test]
fn what_is_wrong_is_not_pushed() {
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

/// What is saved is strict JSON, whatever the file is.
#[test]
fn comments_stay_here() {
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
fn a_failing_probe_names_the_way_back() {
    let setting = Setting::new(script().style(Style::Flat).config("gone", saved()));
    // The gateway does not know this config.
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
        &["no request was sent: OpenClaw's own key is not known here"],
    );
}

/// Secrets in a config are sent and never shown.
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
