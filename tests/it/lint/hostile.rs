//! Arbitrary bytes and mutated configs: no panic, no hang, no raw control character.

use std::fmt::Write as _;
use std::path::PathBuf;

use openclaw_portkey::causes::{Facts, RULES, apply_ignores, run, unreadable};
use openclaw_portkey::document::Document;
use openclaw_portkey::openclaw::{Config, VersionSource};
use openclaw_portkey::report::{File, Report, github, json, sarif, text};
use serde_json::Value;

use super::WITHOUT_V1;
use crate::support::home::Home;

/// The worst possible file name.
const NAME: &str = "a\u{1b}[31m\u{9b}\n%,:b.json5";

/// Texts that are easily mishandled when inserted into others.
const NASTY: &[&str] = &[
    "\u{1b}[31m",
    "\u{0}",
    "\u{7f}",
    "\u{9b}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\r",
    "\r\n",
    "\n",
    "\t",
    "\\u0007",
    "\\\n",
    "'",
    "\"",
    "`",
    "{",
    "}",
    "[",
    "]",
    "//",
    "/*",
    "*/",
    ":",
    ",",
    "%",
    "::error::",
    "$include: './x', ",
    "// openclaw-portkey: ignore[base-url-without-v1] x\n",
    "/* openclaw-portkey: ignore[",
    "portkey",
    "x-portkey-config: 'pc-\u{1b}', ",
    "@",
    "é",
    "😀",
    "https://",
    "null",
    "-Infinity",
    "0x1",
    "${",
    "}}}}",
    "𝒳\u{301}",
];

/// Small, fast and deterministic.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (sides.max(1) as u64)).unwrap()
    }
}

fn lint(bytes: &[u8]) -> Vec<String> {
    let document = match Document::read(bytes.to_vec()) {
        Ok(document) => document,
        Err(error) => {
            let file = File::unread(NAME, bytes, error.kind);
            return all_formats(&Report::new(
                vec![file],
                None,
                vec![unreadable(NAME.as_ref(), &error, 0)],
            ));
        }
    };
    let config = Config::new(PathBuf::from(NAME), document);
    let version = config
        .written_by()
        .map_or(VersionSource::Unknown, VersionSource::Config);
    let found = run(&Facts::new(&config, version), RULES);
    let found = apply_ignores(&config, RULES, found).findings;
    let file = File::read(NAME, &config.sources()[0].document, &[]);
    all_formats(&Report::new(vec![file], Some(&config), found))
}

fn all_formats(report: &Report<'_>) -> Vec<String> {
    report
        .diagnostics
        .iter()
        .flat_map(|finding| {
            let as_json = json::render(report, finding);
            let as_sarif = sarif::render(report, finding);
            for one in [&as_json, &as_sarif] {
                let _: Value = serde_json::from_str(one).unwrap();
            }
            let as_github = github::render(report, finding);
            assert_eq!(as_github.lines().count(), 1, "{as_github}");
            [
                text::render(report, finding, false),
                as_json,
                as_sarif,
                as_github,
            ]
        })
        .collect()
}

#[track_caller]
fn is_clean(output: &str, input: &[u8]) {
    let raw = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}')
    };
    assert!(
        !output.contains(raw),
        "{output:?}\nfor {:?}",
        String::from_utf8_lossy(input)
    );
}

fn seeds() -> Vec<String> {
    let examples = RULES
        .iter()
        .flat_map(|rule| rule.bad.iter().chain(rule.good));
    let mut seeds: Vec<String> = examples.map(|text| text.replace(['«', '»'], "")).collect();
    seeds.push(WITHOUT_V1.to_owned());
    seeds.push(include_str!("../../../fixtures/wired.json5").to_owned());
    seeds
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len() + 1);
        let end = (at + dice.roll(12)).min(bytes.len());
        match dice.roll(5) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let copy = bytes[at..end].to_vec();
                let to = dice.roll(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            2 if at < bytes.len() => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
            _ => {
                let nasty = NASTY[dice.roll(NASTY.len())];
                bytes.splice(at..at, nasty.bytes());
            }
        }
    }
}

fn fuzz(rounds: usize, seed: u64) {
    let seeds = seeds();
    let mut dice = Dice(seed);
    for round in 0..rounds {
        let mut bytes = seeds[round % seeds.len()].clone().into_bytes();
        mutate(&mut bytes, &mut dice);
        for output in lint(&bytes) {
            is_clean(&output, &bytes);
        }
    }
    for _ in 0..rounds / 4 {
        let bytes: Vec<u8> = (0..dice.roll(60))
            .map(|_| u8::try_from(dice.roll(256)).unwrap())
            .collect();
        for output in lint(&bytes) {
            is_clean(&output, &bytes);
        }
    }
}

#[test]
fn mutated_configs() {
    fuzz(3_000, 0x9e37_79b9_7f4a_7c15);
}

#[test]
#[ignore = "minutes; run with --release"]
fn mutated_configs_for_long() {
    fuzz(1_000_000, 0x2545_f491_4f6c_dd1d);
}

/// Anything quadratic in a file's size would not finish.
#[test]
fn large_and_unusual_files() {
    let mut providers = String::new();
    for index in 0..2_000 {
        let _ = write!(
            providers,
            "p{index}:{{baseUrl:'https://api.portkey.ai',apiKey:'sk-0123456789abcdef{index}'}},"
        );
    }
    let comments = "/*openclaw-portkey: ignore[base-url-without-v1] x*/".repeat(5_000);
    let deep = format!("{}{}", "[".repeat(499), "]".repeat(499));
    for text in [
        format!("{{models:{{providers:{{{providers}}}}}}}"),
        format!("{{{comments}}}"),
        format!("{{a:{deep}}}"),
        "[".repeat(100_000),
        format!("{{ '{}': 1 ", "a".repeat(300_000)),
    ] {
        let outputs = lint(text.as_bytes());
        assert!(!outputs.is_empty());
        for output in outputs.iter().step_by(1 + outputs.len() / 100) {
            is_clean(output, b"large");
            assert!(!output.contains("sk-0123456789"), "{output}");
        }
    }
}

#[test]
fn the_output_stays_clean() {
    let home = Home::new();
    home.write(
        "a.json5",
        WITHOUT_V1.replace("baseUrl", "/* \u{1b}[31m \u{9b} \u{202e} */ baseUrl"),
    );
    home.write("broken.json5", "{ a: '\u{1b}]0;x\u{7}', \u{9b}");
    home.write("b.json5", "{ $include: './\u{1b}[31m.json5' }");
    for format in ["text", "json", "sarif", "github"] {
        for extra in [vec![], vec!["--diff"]] {
            let mut args = vec![
                "lint",
                "a.json5",
                "broken.json5",
                "b.json5",
                "--format",
                format,
            ];
            args.extend(extra);
            let ran = home.run(&args);
            is_clean(&ran.stdout, b"a.json5");
            is_clean(&ran.stderr, b"a.json5");
        }
    }
}
