//! `gateway-config` as a user sees it.

use crate::support::home::{Home, Ran};

/// A folder with files, in which the program runs.
pub(super) struct Folder(Home);

impl Folder {
    pub(super) fn new() -> Self {
        Self(Home::new())
    }

    pub(super) fn with(name: &str, text: &str) -> Self {
        let folder = Self::new();
        folder.write(name, text);
        folder
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        self.0.write(name, text);
    }

    pub(super) fn read(&self, name: &str) -> String {
        self.0.read(name)
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.0.run(args)
    }

    pub(super) fn gateway_config(&self, args: &[&str]) -> Ran {
        self.run(&[&["gateway-config"], args].concat())
    }
}

/// Checks that a run had this status and printed these parts.
#[track_caller]
pub(super) fn expect(ran: &Ran, status: i32, parts: &[&str]) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.status, status, "{all}");
    for part in parts {
        assert!(all.contains(part), "`{part}` is not in\n{all}");
    }
}

pub(super) const GOOD: &str = r#"{
  "strategy": { "mode": "fallback" },
  "retry": { "attempts": 1 },
  "targets": [
    { "override_params": { "model": "@openai/gpt-5" } },
    { "override_params": { "model": "@google/gemini-2.5-flash" } }
  ]
}
"#;

const BAD: &str = r#"{
  "strategy": { "mode": "load-balance" },
  "targets": [
    { "provider": "@openai", "override_params": { "model": "@openai/gpt-5" } },
    { "override_params": { "model": "@google/gemini-2.5-flash" }, "retry": { "attempts": "2" } }
  ]
}
"#;

#[test]
fn check_reports_line_column_and_help() {
    let folder = Folder::with("good.json", GOOD);
    expect(
        &folder.gateway_config(&["check", "good.json"]),
        0,
        &["no problems"],
    );
    folder.write("bad.json", BAD);
    expect(
        &folder.gateway_config(&["check", "bad.json"]),
        1,
        &[
            "error[mode-unknown]: unknown mode `load-balance`",
            "--> bad.json:2:25",
            "did you mean `loadbalance`?",
            "error[provider-with-slug-model]",
            "--> bad.json:4:60",
            "error[wrong-type]",
            "3 errors in bad.json",
        ],
    );
    // Notes alone aren't a problem.
    folder.write("note.json", r#"{"provider":"@openai"}"#);
    expect(
        &folder.gateway_config(&["check", "note.json"]),
        0,
        &["note[model-from-request]", "1 note"],
    );
    expect(
        &folder.gateway_config(&["check", "note.json", "--asked", "portkey/portkey-dynamic"]),
        1,
        &["error[model-from-request]: `portkey-dynamic` is sent"],
    );
}

#[test]
fn check_as_json_has_ranges_and_edits() {
    let folder = Folder::with("bad.json", BAD);
    let ran = folder.gateway_config(&["check", "bad.json", "--format", "json"]);
    expect(&ran, 1, &[]);
    let report = ran.json();
    assert_eq!(report["file"], "bad.json");
    assert_eq!(report["summary"]["errors"], 3);
    let findings = report["findings"].as_array().unwrap();
    let mode = &findings[0];
    assert_eq!(mode["rule"], "mode-unknown");
    assert_eq!(mode["path"], "strategy.mode");
    assert_eq!(mode["range"]["start"]["line"], 2);
    let mut text = BAD.to_owned();
    for finding in findings.iter().rev() {
        assert_eq!(finding["fix"]["safe"], true, "{finding}");
        for edit in finding["fix"]["edits"].as_array().unwrap().iter().rev() {
            let at = |end: &str| {
                let offset = edit["range"][end]["offset"].as_u64();
                usize::try_from(offset.unwrap()).unwrap()
            };
            text.replace_range(at("start")..at("end"), edit["text"].as_str().unwrap());
        }
    }
    folder.write("fixed.json", &text);
    expect(&folder.gateway_config(&["check", "fixed.json"]), 0, &[]);
}

#[test]
fn check_reads_standard_input_and_json5() {
    let folder = Folder::new();
    let ran = folder.0.run_with_input(
        &["gateway-config", "check", "-"],
        "{ // why\n 'targets': [] }",
    );
    expect(
        &ran,
        1,
        &["<stdin>:1:3", "note[not-json]", "error[strategy-missing]"],
    );
}

#[test]
fn unreadable_files_exit_with_2() {
    let folder = Folder::with("broken.json", "{ \"targets\": [ }");
    expect(
        &folder.gateway_config(&["check", "broken.json"]),
        2,
        &["broken.json:1:16"],
    );
    expect(
        &folder.gateway_config(&["check", "none.json"]),
        2,
        &["none.json does not exist", "gateway-config new"],
    );
    expect(&folder.gateway_config(&["check", "."]), 2, &["folder"]);
    expect(&folder.gateway_config(&["check"]), 2, &["FILE"]);
    let ran = folder.gateway_config(&["simulate", "none.json", "--format", "json"]);
    expect(&ran, 2, &[]);
    assert_eq!(ran.json()["error"]["kind"], "file");
}

#[test]
fn no_secret_is_shown() {
    let canary = "sk-canary0123456789abcdef";
    let text = format!(
        r#"{{"provider":"openai","apiKey":"{canary}","api_key":"{canary}","override_params":{{"model":"gpt-5"}},"weight":1}}"#
    );
    let folder = Folder::with("secret.json", &text);
    for args in [
        &["check", "secret.json"][..],
        &["check", "secret.json", "--format", "json"],
        &["simulate", "secret.json"],
        &[
            "simulate",
            "secret.json",
            "--format",
            "json",
            "--when",
            "*=500",
        ],
    ] {
        let ran = folder.gateway_config(args);
        assert!(ran.status < 2, "{}", ran.stderr);
        assert!(
            !ran.stdout.contains("canary") && !ran.stderr.contains("canary"),
            "{}",
            ran.stdout
        );
    }
    expect(
        &folder.gateway_config(&["check", "secret.json"]),
        1,
        &["warning[secret-in-config]"],
    );
}

/// Help fits a terminal, and its examples are valid.
#[test]
fn help_of_the_subcommands() {
    let folder = Folder::with("gateway.json", GOOD);
    let root = openclaw_portkey::cli::command();
    let group = root.find_subcommand("gateway-config").unwrap();
    for command in group.get_subcommands() {
        let name = command.get_name();
        for flag in ["-h", "--help"] {
            let ran = folder.gateway_config(&[name, flag]);
            expect(&ran, 0, &["\nExamples:\n"]);
            for line in ran.stdout.lines() {
                assert!(line.chars().count() <= 80, "{name} {flag}: {line}");
            }
        }
        let help = command
            .get_after_help()
            .unwrap()
            .to_string()
            .replace("\\\n", " ");
        let examples: Vec<&str> = help
            .lines()
            .filter_map(|line| line.strip_prefix("  openclaw-portkey "))
            .collect();
        assert!(examples.len() > 1, "{name}");
        for example in examples {
            let words = example.split(['<', '>']).next().unwrap().split_whitespace();
            let args = std::iter::once("openclaw-portkey").chain(words);
            if let Err(error) = openclaw_portkey::cli::command().try_get_matches_from(args) {
                panic!("{example}\n{error}");
            }
        }
    }
}

/// Ids in the documentation, and those of the loopback server's first config.
const DOCUMENTED: [(&str, &str); 2] =
    [("pc-main-4f21ab", "pc-main-0001"), ("3f2a91c0", "00a00001")];

/// The additional arguments of a command in a test: the URL of the control plane, and a yes.
fn answered(command: &str, url: &str) -> Vec<String> {
    let known = DOCUMENTED
        .iter()
        .fold(command.to_owned(), |text, (from, to)| {
            text.replace(from, to)
        });
    let mut words: Vec<String> = known.split_whitespace().map(str::to_owned).collect();
    let is_one_of = |names: &[&str]| {
        words
            .iter()
            .take(3)
            .any(|word| names.contains(&word.as_str()))
    };
    let writes = is_one_of(&["push", "rollback", "use", "set-fallback"]);
    if writes || is_one_of(&["list", "show", "diff", "pull", "history"]) {
        words.extend(["--admin-url".to_owned(), url.to_owned()]);
    }
    if writes {
        words.push("--yes".to_owned());
    }
    words
}

/// Every command in the documentation's `sh` blocks runs, in the order in which a reader would type
/// them.
#[test]
fn the_documentation_can_be_followed() {
    use super::saving::{Setting, script};
    let text = include_str!("../../../docs/gateway-configs.md");
    let setting = Setting::new(script());
    let url = setting.admin.url();
    let mut ran = 0;
    let mut blocks = text.split("```");
    while let (Some(_), Some(block)) = (blocks.next(), blocks.next()) {
        if let Some(config) = block.strip_prefix("json file=") {
            let (name, text) = config.split_once('\n').unwrap();
            setting.home.write(name, text);
        }
        let Some(commands) = block.strip_prefix("sh\n") else {
            continue;
        };
        for command in commands.replace("\\\n", " ").lines() {
            let words = answered(command, &url);
            let Some(("openclaw-portkey", args)) =
                words.split_first().map(|(a, b)| (a.as_str(), b))
            else {
                panic!("`{command}` is not run");
            };
            let result = setting.home.run(args);
            assert!(
                result.status < 2,
                "{command}\n{}{}",
                result.stdout,
                result.stderr
            );
            ran += 1;
        }
    }
    assert!(ran >= 25, "{ran}");
}

#[test]
fn fixes_are_written_to_the_file() {
    let folder = Folder::with("bad.json", BAD);
    let shown = folder.gateway_config(&["check", "bad.json", "--diff"]);
    expect(
        &shown,
        1,
        &[
            "3 could be fixed",
            "+  \"strategy\": { \"mode\": \"loadbalance\" },",
        ],
    );
    assert_eq!(folder.read("bad.json"), BAD);
    let fixed = folder.gateway_config(&["check", "bad.json", "--fix"]);
    expect(&fixed, 0, &["3 fixed", "no problems"]);
    assert!(
        folder
            .read("bad.json")
            .contains("\"mode\": \"loadbalance\"")
    );
    expect(
        &folder.gateway_config(&["check", "bad.json", "--fix"]),
        0,
        &["0 fixed"],
    );
    // Comments stay.
    let commented = BAD.replacen('{', "{ // mine", 1);
    folder.write("five.json5", &commented);
    expect(
        &folder.gateway_config(&["check", "five.json5", "--fix"]),
        0,
        &["3 fixed"],
    );
    assert!(folder.read("five.json5").starts_with("{ // mine"));
    let ran = folder
        .0
        .run_with_input(&["gateway-config", "check", "-", "--fix"], BAD);
    expect(&ran, 2, &["standard input", "--diff"]);
    let json = folder
        .gateway_config(&["check", "five.json5", "--fix", "--format", "json"])
        .json();
    assert_eq!(json["fixed"], 0);
}

/// The guide's four examples: problems are reported, and the fixes make them work.
#[test]
fn the_guides_examples_are_fixed() {
    let claude = "@anthropic-us/claude-sonnet-4-5";
    for (text, found, models) in [
        (
            r#"{ "strategy": { "mode": "fallback" }, "targets": [{ "provider": "@anthropic-prod" }, { "provider": "@openai-backup" }] }"#,
            "model-of-another-vendor",
            "@anthropic-prod/claude-sonnet-4-5,@openai-backup/gpt-5",
        ),
        (
            r#"{ "retry": { "attempts": 3, "on_status_codes": [429, 500, 502, 503] } }"#,
            "provider-from-request",
            claude,
        ),
        (
            r#"{ "strategy": { "mode": "loadbalance" }, "targets": [{ "provider": "@anthropic-us", "weight": 0.5 }, { "provider": "@anthropic-eu", "weight": 0.5 }] }"#,
            "model-of-another-vendor",
            "@anthropic-us/claude-sonnet-4-5,@anthropic-eu/claude-sonnet-4-5",
        ),
        (
            r#"{ "cache": { "mode": "simple", "max_age": 60 } }"#,
            "provider-from-request",
            claude,
        ),
    ] {
        let folder = Folder::with("guide.json", text);
        let asked = ["check", "guide.json", "--asked", "portkey-dynamic"];
        expect(&folder.gateway_config(&asked), 1, &[found]);
        let served = |folder: &Folder| {
            let args = [
                "simulate",
                "guide.json",
                "--model",
                "portkey-dynamic",
                "--format",
                "json",
            ];
            let report = folder.gateway_config(&args).json();
            report["unharmed"][0]["status"] == 200
        };
        assert!(!served(&folder), "{text}");
        let _ = folder.gateway_config(&[&asked[..], &["--model", models, "--fix"]].concat());
        let left = folder.gateway_config(&["check", "guide.json", "--format", "json"]);
        assert_eq!(
            left.json()["summary"]["errors"],
            0,
            "{}",
            folder.read("guide.json")
        );
        assert!(served(&folder), "{}", folder.read("guide.json"));
    }
}

#[test]
fn online_checks() {
    use crate::support::portkey::{Fault, Portkey, Script};
    let key = "pk-test-0123456789abcdef";
    let script = || Script::new(key).models(["@openai/gpt-5", "@google/gemini-2.5-flash"]);
    let run = |script: Script, text: &str, more: &[&str]| {
        let portkey = Portkey::start(script).unwrap();
        let wired = include_str!("../../../fixtures/wired.json5");
        let home = Home::with(&wired.replace("https://api.portkey.ai/v1", &portkey.base_url()));
        let home = home.var("PORTKEY_API_KEY", key);
        home.write("x.json", text);
        let ran = home.run(&[&["gateway-config", "check", "x.json", "--online"], more].concat());
        (ran, portkey.requests())
    };
    let (ran, requests) = run(script(), GOOD, &[]);
    expect(&ran, 0, &["no problems"]);
    let sent = requests
        .iter()
        .find_map(|one| one.header("x-portkey-config"));
    assert!(
        sent.unwrap().starts_with(r#"{"strategy":"#),
        "the config itself is asked about"
    );
    let unknown = GOOD.replace("@openai/gpt-5", "@openai/gpt-6");
    let (ran, _) = run(script(), &unknown, &[]);
    expect(
        &ran,
        1,
        &[
            "error[model-unlisted]",
            "x.json:5:37",
            "did you mean @openai/gpt-5",
        ],
    );
    let unknown = GOOD.replace("@openai/", "@opanai/");
    let (ran, _) = run(script(), &unknown, &["--format", "json"]);
    assert_eq!(ran.json()["findings"][0]["rule"], "slug-unknown");
    // A provider's own key isn't sent, and that is reported.
    let secret = r#"{"provider":"openai","api_key":"sk-canary0123456789","override_params":{"model":"gpt-5"}}"#;
    let (ran, requests) = run(script(), secret, &[]);
    expect(&ran, 1, &["guardrails not checked", "a provider's key"]);
    assert!(
        requests
            .iter()
            .all(|one| one.header("x-portkey-config").is_none())
    );
    let (ran, _) = run(script().fault(Fault::Row("invalid-key")), GOOD, &[]);
    expect(&ran, 1, &["Portkey does not accept the API key"]);
    let (ran, requests) = run(script(), GOOD, &["--offline"]);
    expect(&ran, 0, &[]);
    assert!(requests.is_empty());
    let ran = Folder::with("x.json", GOOD).gateway_config(&["check", "x.json", "--online"]);
    expect(&ran, 2, &["no API key"]);
}

#[test]
fn a_picture_is_drawn() {
    let folder = Folder::with("good.json", GOOD);
    for more in [&[][..], &["--when", "first=429*3"], &["--requests", "2"]] {
        let ran =
            folder.gateway_config(&[&["simulate", "good.json", "--format", "svg"], more].concat());
        expect(&ran, 0, &["<svg ", "@openai/gpt-5", "</svg>"]);
        assert!(ran.stderr.is_empty());
    }
    expect(
        &folder.gateway_config(&["simulate", "none.json", "--format", "svg"]),
        2,
        &["none.json"],
    );
}

/// Every rule that `check` reports can be explained.
#[test]
fn the_checks_are_explained() {
    let folder = Folder::new();
    for rule in openclaw_portkey::gateway_config::check::all_rules() {
        let ran = folder.run(&["explain", rule.id, "--format", "json"]);
        assert_eq!(ran.json()["rule"]["id"], rule.id);
    }
    expect(
        &folder.run(&["explain", "mode-unknown"]),
        0,
        &["mode-unknown (error)", "load-balance", "Fix: "],
    );
}
