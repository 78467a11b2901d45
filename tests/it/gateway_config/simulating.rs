//! `gateway-config simulate`.

use serde_json::Value as Json;

use super::checking::{Folder, GOOD, expect};

#[test]
fn simulate_covers_every_failure() {
    let folder = Folder::with("gateway.json", GOOD);
    let ran = folder.gateway_config(&["simulate", "gateway.json"]);
    expect(
        &ran,
        0,
        &[
            "fallback over 2 targets; the request is for portkey-dynamic",
            "@openai/gpt-5, 1 call",
            "if a target answers",
            "* not measured with OpenClaw 2026.9.6",
            "at worst (429 rate limit): 4 here × 10 by OpenClaw = 40 calls",
        ],
    );
    let row = |start: &str| {
        let mut rows = ran.stdout.lines().filter(|line| line.starts_with(start));
        rows.next()
            .unwrap_or_else(|| panic!("{start}\n{}", ran.stdout))
            .to_owned()
    };
    for (start, parts) in [
        (
            "400 bad request",
            &["@google/gemini-2.5-flash, 2 calls", "400, 2 calls"][..],
        ),
        ("401 wrong key", &["turns the provider off", "no fallback"]),
        (
            "429 rate limit",
            &[
                "gemini-2.5-flash, 3 calls, 1 s",
                "429, 4 calls, 2 s",
                "sends it 10 times = 40 calls, next model *",
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
    expect(
        &folder.gateway_config(&when),
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
        ("@openai=600", "invalid answer"),
        ("@openai", "has no `=`"),
        ("config.targets[7]=500", "no target"),
        ("@openai=429*0", "count"),
        ("@openai=200:after=soon", "invalid time"),
        ("pg-a=maybe", "`pass` or `fail`"),
    ] {
        expect(
            &folder.gateway_config(&["simulate", "gateway.json", "--when", when]),
            2,
            &[part],
        );
    }
}

#[test]
fn simulate_reports_shares_and_follows_conditions() {
    let folder = Folder::with(
        "balance.json",
        r#"{"strategy":{"mode":"loadbalance"},"targets":[
            {"override_params":{"model":"@a/m"},"weight":3},{"override_params":{"model":"@b/m"},"weight":1}]}"#,
    );
    expect(
        &folder.gateway_config(&["simulate", "balance.json"]),
        0,
        &["75 %: @a/m", "25 %: @b/m"],
    );
    folder.write(
        "router.json",
        r#"{"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.agent":"ops"},"then":"ops"}],"default":"rest"},
            "targets":[{"name":"ops","override_params":{"model":"@x/m"}},{"name":"rest","override_params":{"model":"@y/m"}}]}"#,
    );
    expect(
        &folder.gateway_config(&["simulate", "router.json"]),
        0,
        &["  @y/m, 1 call"],
    );
    expect(
        &folder.gateway_config(&["simulate", "router.json", "--metadata", "agent=ops"]),
        0,
        &["  @x/m, 1 call"],
    );
    folder.write(
        "empty.json",
        r#"{"strategy":{"mode":"fallback"},"targets":[]}"#,
    );
    expect(
        &folder.gateway_config(&["simulate", "empty.json"]),
        0,
        &["no answer, ever"],
    );
}

#[test]
fn simulate_runs_recorded_cases() {
    let text = include_str!("../../../fixtures/gateway-config/cases.json");
    let folder = Folder::with("cases.json", text);
    let all = folder.gateway_config(&["simulate", "--case", "cases.json", "--format", "json"]);
    expect(&all, 0, &[]);
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
    expect(
        &folder.gateway_config(&["simulate", "--case", "other.json"]),
        2,
        &["no `config`"],
    );
}
