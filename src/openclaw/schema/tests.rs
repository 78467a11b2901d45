use super::{IssueKind, Validation, Verdict, is_covered, validate, versions};
use crate::document::{Document, Kind};
use crate::openclaw::{Config, Version};

fn config(text: &str) -> Config {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    Config::new("openclaw.json".into(), document)
}

fn result(text: &str, version: &str) -> Validation {
    validate(&config(text), Version::parse(version).unwrap())
}

/// Every issue, as the text that it points at and its message.
fn said(text: &str, version: &str) -> Vec<String> {
    let config = config(text);
    let result = validate(&config, Version::parse(version).unwrap());
    let issues = result.issues.iter().map(|issue| {
        let found = config.root().down(&issue.path.0);
        let kind = found.map_or(Kind::Null, |view| view.kind());
        format!("{}: {}", &text[issue.range.clone()], issue.message(kind))
    });
    issues.collect()
}

#[test]
fn every_table_row_parses() {
    let lines = include_str!("table.txt").lines().skip(3).count();
    assert!(lines > 1000, "{lines}");
    for id in 0..u32::try_from(lines).unwrap() {
        // A row that can't be parsed reads as `Never`.
        let is_never = matches!(super::table::row(id), super::table::Row::Never);
        let line = include_str!("table.txt").lines().nth(3 + id as usize);
        assert_eq!(is_never, line == Some("n"), "{id}: {line:?}");
    }
    assert_eq!(versions().last(), Some(&Version::NEWEST));
    assert!(versions().is_sorted());
}

/// A config, a version, and the expected issues.
const CASES: &[(&str, &str, &[&str])] = &[
    ("{}", "2026.9.6", &[]),
    // Only these versions use the id as a folder name.
    (
        "{ models: { providers: { 'a/b': { baseUrl: 'https://x.example', models: [] } } } }",
        "2026.6.35",
        &["'a/b': OpenClaw uses a provider's id as a folder name, so it can't contain a slash"],
    ),
    (
        "{ models: { providers: { 'a/b': { baseUrl: 'https://x.example', models: [] } } } }",
        "2026.4.15",
        &[],
    ),
    (
        "{ models: { providers: { 'a/b': { baseUrl: 'https://x.example', models: [] } } } }",
        "2026.8.1",
        &[],
    ),
    (
        "{ foo: 1 }",
        "2026.9.6",
        &["foo: OpenClaw doesn't know the key `foo` here"],
    ),
    (
        "{ models: 5 }",
        "2026.9.6",
        &["5: `models` must be an object, not a number"],
    ),
    (
        "{ gateway: { port: 1.5 } }",
        "2026.9.6",
        &["1.5: `port` must be a whole number, not a number"],
    ),
    (
        "{ gateway: { port: Infinity } }",
        "2026.9.6",
        &["Infinity: `port` must be a whole number, not a number"],
    ),
    (
        "{ gateway: { port: 0 } }",
        "2026.9.6",
        &["0: `port` must be at least 1"],
    ),
    (
        "{ models: { mode: 'merg' } }",
        "2026.9.6",
        &["'merg': `mode` must be \"merge\" or \"replace\""],
    ),
    (
        "{ models: { providers: { portkey: { models: [] } } } }",
        "2026.9.6",
        &["{ models: [] }: a provider that is not built into OpenClaw needs `baseUrl`"],
    ),
    ("{ models: { providers: { OpenAI: {} } } }", "2026.9.6", &[]),
    // The intended branch of a union.
    (
        "{ models: { providers: { openai: { apiKey: { source: 'env', provider: 'default', id: 'key' } } } } }",
        "2026.9.6",
        &["'key': `id` must be a variable name: capitals, digits and `_`, such as PORTKEY_API_KEY"],
    ),
    (
        "{ models: { providers: { openai: { apiKey: 5 } } } }",
        "2026.9.6",
        &["5: `apiKey` must be a string or an object, not a number"],
    ),
    (
        "{ models: { providers: { openai: { apiKey: { source: 'enf', provider: 'default', id: 'KEY' } } } } }",
        "2026.9.6",
        &["'enf': `source` must be \"env\", \"file\", \"exec\" or \"store\""],
    ),
    ("{ agents: { list: [{ id: 'main' }] } }", "2026.9.6", &[]),
    (
        "{ agents: { list: [{ id: 'Main' }] } }",
        "2026.9.6",
        &["list: OpenClaw no longer has the key `list` here (2026.7.35 had it)"],
    ),
    (
        "{ agents: { entries: { a: {}, b: {} } } }",
        "2026.9.6",
        &[
            "{ a: {}, b: {} }: 2 agents need `agents.ownership: \"explicit\"`, or `default: true` for one of them",
        ],
    ),
    (
        "{ agents: { entries: { a: { default: true }, b: {} } } }",
        "2026.9.6",
        &[],
    ),
    (
        "{ agents: { ownership: 'explicit', entries: { a: {}, b: {} } } }",
        "2026.9.6",
        &[],
    ),
    (
        "{ agents: { list: [{ id: 'a' }, { id: 'b' }] } }",
        "2026.7.35",
        &[],
    ),
    (
        "{ talk: { agentId: 'x' } }",
        "2026.9.6",
        &["'x': unknown agent `x`"],
    ),
    (
        "{ broadcast: { 'telegram:1': ['x'] }, agents: { entries: { a: {} } } }",
        "2026.9.6",
        &["'x': unknown agent `x`"],
    ),
    // Fixed by OpenClaw itself.
    (
        "{ models: { providers: { openai: { contextWindow: 5 } } } }",
        "2026.9.6",
        &[],
    ),
    ("{ env: { KEY: 'x' } }", "2026.7.1", &[]),
    (
        "{ env: { KEY: 'x' } }",
        "2026.9.6",
        &["KEY: OpenClaw doesn't know the key `KEY` here"],
    ),
    (
        "{ channels: { telegram: { enabled: 'yes' } } }",
        "2026.9.6",
        &["'yes': `enabled` must be true or false, not a string"],
    ),
    (
        "{ channels: { telegran: {} } }",
        "2026.9.6",
        &["telegran: OpenClaw has no channel `telegran`"],
    ),
    (
        "{ channels: { modelByChannel: {} } }",
        "2026.2.17",
        &["modelByChannel: OpenClaw has no channel `modelByChannel`"],
    ),
    ("{ channels: { modelByChannel: {} } }", "2026.2.26", &[]),
    (
        "{ channels: { mine: {} }, plugins: { entries: { mine: {} } } }",
        "2026.9.6",
        &[],
    ),
    ("{ meta: { lastTouchedAt: 'x' } }", "2026.7.35", &[]),
    (
        "{ meta: { lastTouchedAt: 'x' } }",
        "2026.8.2",
        &["lastTouchedAt: OpenClaw no longer has the key `lastTouchedAt` here (2026.7.35 had it)"],
    ),
    (
        "{ foo: 1, foo: 2 }",
        "2026.9.6",
        &["foo: OpenClaw doesn't know the key `foo` here"],
    ),
];

#[test]
fn finds_every_kind_of_issue() {
    for (text, version, wanted) in CASES {
        assert_eq!(said(text, version), *wanted, "{version}: {text}");
        let verdict = if wanted.is_empty() {
            Verdict::Accepted
        } else {
            Verdict::Refused
        };
        assert_eq!(result(text, version).verdict, verdict, "{version}: {text}");
    }
}

#[test]
fn between_versions_only_shared_issues_count() {
    let text = "{ env: { KEY: 'x' }, foo: 1 }";
    assert_eq!(said(text, "2026.7.40").len(), 1);
    assert_eq!(result(text, "2026.7.40").verdict, Verdict::Refused);
    let verdict = result("{ env: { KEY: 'x' } }", "2026.7.40").verdict;
    assert_eq!(
        verdict,
        Verdict::Unknown("OpenClaw 2026.7.35 accepts it, but 2026.8.1 refuses it".to_owned())
    );
    assert_eq!(result("{}", "2026.7.40").verdict, Verdict::Accepted);
}

#[test]
fn uncertain_results_are_unknown() {
    for (text, version, reason) in [
        (
            "{ logging: { level: '${LEVEL}' } }",
            "2026.9.6",
            "logging.level: it depends on the value of LEVEL",
        ),
        (
            "{ plugins: { load: { paths: ['/x'] } } }",
            "2026.9.6",
            "(root): `plugins.load.paths` refers to folders on the machine where OpenClaw runs",
        ),
        (
            "{ plugins: { allow: ['mine'] } }",
            "2026.3.13",
            "(root): can't tell whether the plugin `mine` is installed",
        ),
        (
            "{}",
            "2027.1.1",
            "the settings of OpenClaw 2027.1.1 are unknown",
        ),
    ] {
        assert_eq!(
            result(text, version).verdict,
            Verdict::Unknown(reason.to_owned()),
            "{text}"
        );
    }
    assert!(!is_covered(Version::new(2026, 2, 1)));
    assert!(is_covered(Version::new(2026, 9, 3)));
}

#[test]
fn finds_misspelt_keys_and_tests_their_values() {
    for (text, wanted) in [
        ("{ gateway: { prot: 1 } }", Some(("port", true))),
        ("{ gateway: { prot: 'x' } }", Some(("port", false))),
        ("{ gateway: { quux: 1 } }", None),
    ] {
        let config = config(text);
        let result = validate(&config, Version::NEWEST);
        assert_eq!(result.issues[0].kind(), IssueKind::UnknownKey);
        assert_eq!(
            result.intended(&config, &result.issues[0]),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn issues_point_into_included_files() {
    let document = |text: &str| Document::parse(text).unwrap();
    let mut config = config(r#"{ gateway: { $include: "./g.json5", port: 1 } }"#);
    let include = config.includes_of(0).remove(0);
    config.add_included(include, "g.json5".into(), document("{ port: 'x', foo: 1 }"));
    let result = validate(&config, Version::NEWEST);
    assert_eq!(result.issues.len(), 1, "{:?}", result.issues);
    assert_eq!(
        (result.issues[0].source, result.issues[0].range.clone()),
        (1, 13..16)
    );
    assert_eq!(result.issues[0].path.to_string(), "gateway.foo");
}
