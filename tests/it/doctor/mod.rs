//! `doctor` from the outside: it reports each fault, and nothing else.
mod fix;
mod forced;
mod machine;
mod matrix;
mod output;
#[cfg(unix)]
mod table;
mod verdict;

use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};
use serde_json::Value;

const KEY: &str = "pk-test-0123456789abcdef";
const FLASH: &str = "@gemini/gemini-2.5-flash";
const MIXTRAL: &str = "@mistral/open-mixtral-8x7b";

/// A config without problems, for a Portkey at this address.
fn healthy(base_url: &str) -> String {
    format!(
        r#"{{
  models: {{
    mode: "merge",
    providers: {{
      portkey: {{
        baseUrl: "{base_url}",
        apiKey: "${{PORTKEY_API_KEY}}",
        api: "openai-completions",
        models: [
          {{ id: "{FLASH}", name: "Gemini 2.5 Flash" }},
          {{ id: "{MIXTRAL}", name: "Open Mixtral 8x7b" }},
        ],
      }},
    }},
  }},
  agents: {{ defaults: {{ model: {{ primary: "portkey/{FLASH}", fallbacks: ["portkey/{MIXTRAL}"] }} }} }},
}}
"#
    )
}

/// A home with that config and the key in OpenClaw's `.env`.
fn healthy_home(base_url: &str) -> Home {
    let home = Home::with(&healthy(base_url));
    home.write_private(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    home
}

fn portkey(script: Script) -> Portkey {
    Portkey::start(script).unwrap()
}

/// Runs `doctor` with JSON output.
fn doctor(home: &Home, args: &[&str]) -> Value {
    let ran = home.run(&[&["doctor", "--format", "json"], args].concat());
    assert!(matches!(ran.status, 0 | 1), "{}", ran.stderr);
    assert!(!ran.stdout.contains(KEY) && !ran.stderr.contains(KEY));
    ran.json()
}

/// The ids of the reported problems, sorted, without duplicates.
fn ids(report: &Value) -> Vec<String> {
    let mut ids: Vec<String> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["level"] == "error" || check["level"] == "warning")
        .map(|check| check["cause"].as_str().unwrap_or("without id").to_owned())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Notes and problems as `level: message → help`, one line each.
fn diagnostics(report: &Value) -> String {
    let mut lines = Vec::new();
    for check in report["checks"].as_array().unwrap() {
        if !["passed", "skipped"].contains(&check["level"].as_str().unwrap()) {
            let text = |key: &str| check[key].as_str().unwrap_or("nothing").to_owned();
            lines.push(format!(
                "{}: {} → {}",
                text("level"),
                text("message"),
                text("help")
            ));
        }
    }
    lines.join("\n")
}

#[track_caller]
fn finds(home: &Home, args: &[&str], want: &[&str]) -> Value {
    let report = doctor(home, args);
    assert_eq!(ids(&report), want, "{report:#}");
    for check in report["checks"].as_array().unwrap() {
        if check["level"] == "error" || check["level"] == "warning" {
            assert!(check["help"].is_string(), "{check:#}");
        }
    }
    report
}
