//! `gateway-config` as a user meets it.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

/// How a run ended.
pub(crate) struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Json {
        let document: Json = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}\n{}{}", self.out, self.err));
        assert_eq!(document["version"], 1);
        document
    }

    #[track_caller]
    fn expect(&self, status: i32, parts: &[&str]) -> &Self {
        assert_eq!(self.status, status, "{}{}", self.out, self.err);
        for part in parts {
            let all = format!("{}{}", self.out, self.err);
            assert!(all.contains(part), "`{part}` is not in\n{all}");
        }
        self
    }
}

/// A folder with files, in which the program runs.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(name: &str, text: &str) -> Self {
        let folder = Self::new();
        folder.write(name, text);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs the program without anything of the caller's environment.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_openclaw-portkey"))
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program need not read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn gateway_config(&self, args: &[&str]) -> Ran {
        self.run(&[&["gateway-config"], args].concat())
    }
}

const GOOD: &str = r#"{
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
fn check_names_line_and_column_and_what_to_do() {
    let folder = Folder::with("good.json", GOOD);
    folder
        .gateway_config(&["check", "good.json"])
        .expect(0, &["nothing is wrong"]);
    folder.write("bad.json", BAD);
    folder.gateway_config(&["check", "bad.json"]).expect(
        1,
        &[
            "error[mode-unknown]: there is no mode `load-balance`",
            "--> bad.json:2:25",
            "did you mean `loadbalance`?",
            "error[provider-with-slug-model]",
            "--> bad.json:4:60",
            "error[wrong-type]",
            "3 errors in bad.json",
        ],
    );
    // Notes alone are no problem.
    folder.write("note.json", r#"{"provider":"@openai"}"#);
    folder
        .gateway_config(&["check", "note.json"])
        .expect(0, &["note[model-from-request]", "1 note"]);
    folder
        .gateway_config(&["check", "note.json", "--asked", "portkey/portkey-dynamic"])
        .expect(
            1,
            &["error[model-from-request]: `portkey-dynamic` goes out"],
        );
}

#[test]
fn check_as_json_has_ranges_and_edits() {
    let folder = Folder::with("bad.json", BAD);
    let ran = folder.gateway_config(&["check", "bad.json", "--format", "json"]);
    ran.expect(1, &[]);
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
            let at = |end: &str| edit["range"][end]["offset"].as_u64().unwrap() as usize;
            text.replace_range(at("start")..at("end"), edit["text"].as_str().unwrap());
        }
    }
    folder.write("fixed.json", &text);
    folder
        .gateway_config(&["check", "fixed.json"])
        .expect(0, &[]);
}

#[test]
fn check_reads_standard_input_and_json5() {
    let folder = Folder::new();
    let ran = folder.run_with(
        &["gateway-config", "check", "-"],
        "{ // why\n 'targets': [] }",
    );
    ran.expect(
        1,
        &["<stdin>:1:3", "note[not-json]", "error[strategy-missing]"],
    );
}

#[test]
fn what_cannot_be_read_is_2() {
    let folder = Folder::with("broken.json", "{ \"targets\": [ }");
    folder
        .gateway_config(&["check", "broken.json"])
        .expect(2, &["broken.json:1:16"]);
    folder
        .gateway_config(&["check", "none.json"])
        .expect(2, &["none.json does not exist", "gateway-config new"]);
    folder
        .gateway_config(&["check", "."])
        .expect(2, &["folder"]);
    folder.gateway_config(&["check"]).expect(2, &["FILE"]);
    let ran = folder.gateway_config(&["simulate", "none.json", "--format", "json"]);
    ran.expect(2, &[]);
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
        assert!(ran.status < 2, "{}", ran.err);
        assert!(
            !ran.out.contains("canary") && !ran.err.contains("canary"),
            "{}",
            ran.out
        );
    }
    folder
        .gateway_config(&["check", "secret.json"])
        .expect(1, &["warning[secret-in-config]"]);
}

#[test]
fn simulate_goes_through_every_failure() {
    let folder = Folder::with("gateway.json", GOOD);
    let ran = folder.gateway_config(&["simulate", "gateway.json"]);
    ran.expect(
        0,
        &[
            "fallback over 2 targets; the request asks for portkey-dynamic",
            "@openai/gpt-5, 1 call",
            "a target answers",
            "at worst (429 rate limit): 4 here × 10 by OpenClaw = 40 calls",
        ],
    );
    let row = |start: &str| {
        let mut rows = ran.out.lines().filter(|line| line.starts_with(start));
        rows.next()
            .unwrap_or_else(|| panic!("{start}\n{}", ran.out))
            .to_owned()
    };
    for (start, parts) in [
        (
            "400 bad request",
            &["@google/gemini-2.5-flash, 2 calls", "400, 2 calls"][..],
        ),
        (
            "401 wrong key",
            &["turns the provider off", "does not fall back"],
        ),
        (
            "429 rate limit",
            &[
                "gemini-2.5-flash, 3 calls, 1 s",
                "429, 4 calls, 2 s",
                "40 calls in all",
            ],
        ),
        ("529 overloaded", &["gemini-2.5-flash, 2 calls"]),
        (
            "connection lost",
            &["gemini-2.5-flash, 3 calls, 1 s", "500, 4 calls, 2 s"],
        ),
        ("stream cut", &["@openai/gpt-5, cut off, 1 call"]),
    ] {
        for part in parts {
            assert!(row(start).contains(part), "{part}: {}", row(start));
        }
    }
    let ran = folder.gateway_config(&["simulate", "gateway.json", "--format", "json"]);
    let report = ran.json();
    assert_eq!(report["worst"]["total"], 40);
    assert!(report["failures"].as_array().unwrap().len() > 10);
    assert_eq!(report["unharmed"][0]["index"], "config.targets[0]");
}

#[test]
fn simulate_follows_answers_call_by_call() {
    let folder = Folder::with("gateway.json", GOOD);
    let when = ["simulate", "gateway.json", "--when", "@openai/gpt-5=429*3"];
    folder.gateway_config(&when).expect(
        0,
        &[
            "0 ms  429  @openai/gpt-5  (config.targets[0])",
            "1 s  429  @openai/gpt-5",
            "1 s  200  @google/gemini-2.5-flash  (config.targets[1])",
            "→ 200 from @google/gemini-2.5-flash, after 3 calls, 1 s",
        ],
    );
    let all = [
        &when[..],
        &[
            "--when",
            "@google=closed",
            "--openclaw",
            "2026.4.15",
            "--format",
            "json",
        ],
    ];
    let report = folder.gateway_config(&all.concat()).json();
    assert_eq!(report["openclaw"], "2026.4.15");
    let request = &report["branches"][0]["requests"][0];
    assert_eq!(request["calls"].as_array().unwrap().len(), 4);
    assert_eq!(request["reply"]["status"], 500);
    assert_eq!(request["reply"]["retries"], -1);
    assert_eq!(request["reply"]["index"], "config.targets[1]");
    assert_eq!(request["openclaw"]["tries"], 12);
    for (when, part) in [
        ("@openai=600", "not an answer"),
        ("@openai", "has no `=`"),
        ("config.targets[7]=500", "no target"),
        ("@openai=429*0", "count"),
        ("@openai=200:after=soon", "not a time"),
        ("pg-a=maybe", "`pass` or `fail`"),
    ] {
        folder
            .gateway_config(&["simulate", "gateway.json", "--when", when])
            .expect(2, &[part]);
    }
}

#[test]
fn simulate_gives_shares_and_follows_conditions() {
    let folder = Folder::with(
        "balance.json",
        r#"{"strategy":{"mode":"loadbalance"},"targets":[
            {"override_params":{"model":"@a/m"},"weight":3},{"override_params":{"model":"@b/m"},"weight":1}]}"#,
    );
    folder
        .gateway_config(&["simulate", "balance.json"])
        .expect(0, &["75 %: @a/m", "25 %: @b/m"]);
    folder.write(
        "router.json",
        r#"{"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.agent":"ops"},"then":"ops"}],"default":"rest"},
            "targets":[{"name":"ops","override_params":{"model":"@x/m"}},{"name":"rest","override_params":{"model":"@y/m"}}]}"#,
    );
    folder
        .gateway_config(&["simulate", "router.json"])
        .expect(0, &["  @y/m, 1 call"]);
    folder
        .gateway_config(&["simulate", "router.json", "--metadata", "agent=ops"])
        .expect(0, &["  @x/m, 1 call"]);
    folder.write(
        "empty.json",
        r#"{"strategy":{"mode":"fallback"},"targets":[]}"#,
    );
    folder
        .gateway_config(&["simulate", "empty.json"])
        .expect(0, &["no answer, ever"]);
}

#[test]
fn simulate_runs_recorded_cases() {
    let text = include_str!("../../fixtures/gateway-config/cases.json");
    let folder = Folder::with("cases.json", text);
    let all = folder.gateway_config(&["simulate", "--case", "cases.json", "--format", "json"]);
    all.expect(0, &[]);
    let found = all.json();
    assert_eq!(found["cases"].as_array().unwrap().len(), 67);
    let whole: Json = serde_json::from_str(text).unwrap();
    let case = &whole["cases"][1];
    folder.write("case.json", &case.to_string());
    let one = folder
        .gateway_config(&["simulate", "--case", "case.json"])
        .json();
    assert_eq!(one["id"], "fb-400");
    assert_eq!(one["observed"]["status"], case["observed"]["status"]);
    assert_eq!(one["observed"]["calls"], case["observed"]["calls"]);
    folder.write("other.json", "{\"script\":{}}");
    folder
        .gateway_config(&["simulate", "--case", "other.json"])
        .expect(2, &["no `config`"]);
}

#[test]
fn new_writes_what_the_checks_pass() {
    let folder = Folder::new();
    for args in [
        &[
            "--fallback",
            "@openai/gpt-5,@google/gemini",
            "--retry",
            "1",
            "--retry-on",
            "429,503",
        ][..],
        &[
            "--balance",
            "@a/m=3,@b/m=1",
            "--sticky",
            "session",
            "--fallback",
            "@c/m",
            "--timeout",
            "60s",
        ],
        &[
            "--fallback",
            "passthrough,@a/m",
            "--cache",
            "600",
            "--guardrail",
            "pg-a1",
        ],
        &[
            "--fallback",
            "@a/m",
            "--when",
            "agent=ops=@x/m",
            "--when",
            "params.user=dev=@y/m",
        ],
    ] {
        let all = [&["new", "-o", "new.json", "--force"][..], args].concat();
        folder
            .gateway_config(&all)
            .expect(0, &["wrote new.json", "gateway-config simulate new.json"]);
        folder.gateway_config(&["check", "new.json"]).expect(0, &[]);
        let simulated = folder.gateway_config(&["simulate", "new.json", "--when", "first=500"]);
        simulated.expect(0, &["→ "]);
        let text = folder.read("new.json");
        let printed = folder.gateway_config(&[&["new"][..], args].concat());
        assert_eq!(printed.out, text, "the same on standard output");
    }
}

#[test]
fn new_keeps_what_is_there() {
    let folder = Folder::with("mine.json", "{}\n");
    let args = ["new", "-o", "mine.json", "--fallback", "@a/m,@b/m"];
    folder
        .gateway_config(&args)
        .expect(2, &["is there already", "--force"]);
    assert_eq!(folder.read("mine.json"), "{}\n");
    folder
        .gateway_config(&[&args[..], &["--force"]].concat())
        .expect(0, &[]);
    assert!(folder.read("mine.json").contains("@b/m"));
    let json = folder.gateway_config(&["new", "--fallback", "@a/m,@b/m", "--format", "json"]);
    assert_eq!(json.json()["config"]["strategy"]["mode"], "fallback");
}

#[test]
fn new_says_what_does_not_fit() {
    let folder = Folder::new();
    for (args, part) in [
        (&[][..], "--fallback"),
        (&["--fallback", "gpt-5"], "not a model"),
        (&["--balance", "@a/m"], "has no weight"),
        (&["--balance", "@a/m=-1,@b/m=1"], "weight"),
        (&["--fallback", "@a/m", "--retry", "6"], "--retry"),
        (&["--fallback", "@a/m", "--retry-on", "429"], "--retry"),
        (&["--fallback", "@a/m", "--cache", "30"], "7 days"),
        (&["--fallback", "@a/m", "--guardrail", "pii-check"], "pg-"),
        (&["--fallback", "@a/m", "--sticky", "session"], "--balance"),
        (&["--fallback", "@a/m", "--timeout", "soon"], "60s"),
        (
            &["--fallback", "@a/m", "--when", "agent=ops"],
            "KEY=VALUE=MODEL",
        ),
        (
            &["--fallback", "@a/m,@b/m", "-o", "none/below/file"],
            "wrote",
        ),
    ] {
        let ran = folder.gateway_config(&[&["new"][..], args].concat());
        let status = if part == "wrote" { 0 } else { 2 };
        ran.expect(status, &[part]);
    }
}

/// Help fits a terminal, and its examples are understood.
#[test]
fn help_of_the_subcommands() {
    let folder = Folder::with("gateway.json", GOOD);
    let root = openclaw_portkey::cli::command();
    let group = root.find_subcommand("gateway-config").unwrap();
    for command in group.get_subcommands() {
        let name = command.get_name();
        for flag in ["-h", "--help"] {
            let ran = folder.gateway_config(&[name, flag]);
            ran.expect(0, &["\nExamples:\n"]);
            for line in ran.out.lines() {
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
            let words = example.split('<').next().unwrap().split_whitespace();
            let args = std::iter::once("openclaw-portkey").chain(words);
            if let Err(error) = openclaw_portkey::cli::command().try_get_matches_from(args) {
                panic!("{example}\n{error}");
            }
        }
    }
}

/// Every command of the documentation's `sh` blocks runs, in the order in which a reader types
/// them.
#[test]
fn the_documentation_can_be_followed() {
    let text = include_str!("../../docs/gateway-configs.md");
    let folder = Folder::new();
    let mut ran = 0;
    let mut blocks = text.split("```");
    while let (Some(_), Some(block)) = (blocks.next(), blocks.next()) {
        if let Some(config) = block.strip_prefix("json file=") {
            let (name, text) = config.split_once('\n').unwrap();
            folder.write(name, text);
        }
        let Some(commands) = block.strip_prefix("sh\n") else {
            continue;
        };
        for command in commands.replace("\\\n", " ").lines() {
            let words: Vec<&str> = command.split_whitespace().collect();
            let Some(("openclaw-portkey", args)) = words.split_first().map(|(a, b)| (*a, b)) else {
                panic!("`{command}` is not run");
            };
            let result = folder.run(args);
            assert!(result.status < 2, "{command}\n{}{}", result.out, result.err);
            ran += 1;
        }
    }
    assert!(ran >= 8, "{ran}");
}
