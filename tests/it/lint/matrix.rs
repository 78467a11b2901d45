//! Configs with one fault per row, and unusual but valid ones: each fault is reported by its own
//! rule, at the right location, and by nothing else; nothing is reported for the valid ones.
//!
//! A row is part of a wired config. «» surrounds what must be pointed at; the rules after a `+` are
//! expected to report as well.

mod faults;
mod sound;

use std::fmt::Write as _;

use openclaw_portkey::causes::{self, Facts};
use openclaw_portkey::diagnostic::{Diagnostic, Level};
use openclaw_portkey::document::Document;
use openclaw_portkey::openclaw::{Config, Version, VersionSource};

use faults::FAULTS;
use sound::SOUND;

/// A wired config with one part replaced.
fn config(part: &str, text: &str) -> String {
    let is = |name: &str| part == name;
    let own = |name: &str, otherwise: &str| {
        if is(name) {
            text.to_owned()
        } else {
            otherwise.to_owned()
        }
    };
    let models = own(
        "models",
        if is("agents") || is("routed") {
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@gemini/gemini-2.5-flash", name: "Flash" }]"#
        } else {
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }]"#
        },
    );
    let headers = own(
        "headers",
        if is("routed") {
            r#""x-portkey-config": "pc-pplx-c-ca7a87""#
        } else {
            ""
        },
    );
    let request = if is("request") {
        format!("request: {{ {text} }},\n      ")
    } else {
        String::new()
    };
    let provider = own(
        if is("gateway") { "gateway" } else { "provider" },
        &format!(
            "baseUrl: {},\n      apiKey: {},\n      api: {},\n      {request}headers: {{ {headers} }},\n      models: {models},",
            own("base_url", r#""https://api.portkey.ai/v1""#),
            own("key", r#""${PORTKEY_API_KEY}""#),
            own("api", r#""openai-completions""#),
        ),
    );
    let agents = if is("agents") || is("routed") {
        text.to_owned()
    } else if is("gateway") {
        r#"defaults: { model: { primary: "portkey/gpt-5" } }"#.to_owned()
    } else {
        r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }"#.to_owned()
    };
    let mode = if is("root2") {
        format!("{text},\n    ")
    } else {
        String::new()
    };
    let root = if is("root") {
        format!("  {text},\n")
    } else {
        String::new()
    };
    format!(
        "{{\n  models: {{\n    {mode}providers: {{ portkey: {{\n      {provider}\n    }} }},\n  }},\n  agents: {{ {agents} }},\n{root}}}\n"
    )
}

/// What the rules report that are on by default.
fn findings(text: &str, version: Option<&str>) -> Vec<Diagnostic> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let config = Config::new("openclaw.json".into(), document);
    let version = version.map_or(VersionSource::Unknown, |version| {
        VersionSource::Flag(Version::parse(version).expect("a version"))
    });
    let rules: Vec<_> = causes::on().collect();
    causes::run(&Facts::new(&config, version), &rules)
}

fn shown(found: &[Diagnostic], text: &str) -> String {
    let mut lines = String::new();
    for one in found {
        let at = one.span().map_or("", |span| &text[span.range.clone()]);
        let _ = writeln!(
            lines,
            "    {} {} at {at:.60}: {}",
            one.level, one.check, one.message
        );
    }
    lines
}

#[test]
fn faults_have_the_right_rule_and_location() {
    let mut wrong = String::new();
    for (rules, part, text) in FAULTS {
        let (part, version) = part
            .split_once('@')
            .map_or((*part, None), |(part, version)| (part, Some(version)));
        let marked = config(part, text);
        let (start, rest) = (marked.find('«').expect("«"), marked.find('»').expect("»"));
        let text = marked.replace(['«', '»'], "");
        let place = start..rest - '«'.len_utf8();
        let wanted: Vec<&str> = rules.split(" + ").collect();
        let found = findings(&text, version);
        let right = found.iter().any(|one| {
            one.check == wanted[0] && one.span().is_some_and(|span| span.range == place)
        });
        let others = found.iter().any(|one| !wanted.contains(&one.check));
        if !right || others {
            let _ = writeln!(
                wrong,
                "{rules} in {part}: {}\n{}",
                &marked[start..rest],
                shown(&found, &text)
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(FAULTS.len() >= 200, "{} faults", FAULTS.len());
}

#[test]
fn valid_configs_have_no_problems() {
    let mut wrong = String::new();
    for (part, text) in SOUND {
        let (part, version) = part
            .split_once('@')
            .map_or((*part, None), |(part, version)| (part, Some(version)));
        let text = config(part, text);
        let mut found = findings(&text, version);
        found.retain(|one| one.level >= Level::Warning);
        if !found.is_empty() {
            let _ = writeln!(wrong, "{part}:\n{}{text}", shown(&found, &text));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(SOUND.len() >= 75, "{} sound configs", SOUND.len());
}

/// Twenty-two fallbacks with the same problem are one diagnostic.
#[test]
fn a_long_list_is_one_diagnostic() {
    let list = |name: &str| {
        let names: Vec<String> = (0..22).map(|n| format!("\"{name}-{n}\"")).collect();
        names.join(", ")
    };
    for (rule, name) in [
        ("fallback-bypasses-portkey", "anthropic/claude"),
        ("reference-undeclared", "portkey/@gemini/gemini"),
        ("reference-without-provider", "@gemini/gemini"),
    ] {
        let agents = format!(
            "defaults: {{ model: {{ primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [{}] }} }}",
            list(name)
        );
        let text = config("routed", &agents);
        let found = findings(&text, None);
        assert_eq!(found.len(), 1, "{}", shown(&found, &text));
        assert_eq!(found[0].check, rule);
        assert!(found[0].message.contains("21 more"), "{}", found[0].message);
    }
}
