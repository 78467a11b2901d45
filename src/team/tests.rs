use super::Team;
use super::keys::{FILE, Holds, Key};
use crate::causes;
use crate::document::Document;

fn team(text: &str) -> Team {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    Team::new(document, "team.json5")
}

/// The diagnostics, one per line: location, cause, message and help.
fn found(text: &str) -> String {
    let lines: Vec<String> = team(text)
        .check()
        .into_iter()
        .map(|one| {
            format!(
                "{} {}: {}; {}\n",
                one.location.as_ref().unwrap(),
                one.check,
                one.message,
                one.help
            )
        })
        .collect();
    lines.concat()
}

/// Each cause with files that trigger it, at « », and similar ones that don't.
const CASES: &[(&str, &[&str], &[&str])] = &[
    (
        "team-contradiction",
        &[
            "{ keys: { a: { user: 'a@b.cd', agent: «'ops'» } } }",
            "{ keys: { a: { agent: 'ops', pin: «true» } } }",
            "{ keys: { a: { agent: 'ops', metadata: { agent: «'other'» } } } }",
            "{ keys: { a: { agent: 'ops', config: 'pc-a', pin: «true» } }, openclaw: { config: 'pc-a' } }",
            "{ openclaw: { headers: { «'X-Portkey-Metadata'»: '{}' } } }",
            "{ openclaw: { headers: { «'x-portkey-config'»: 'pc-a' } } }",
            "{ openclaw: { models: ['@a/m'], primary: '@a/m', fallbacks: [«'@a/m'»] } }",
            "{ openclaw: { models: [«'@a/m'», '@b/n'] }, policy: { allowedModels: ['@b/*'] } }",
        ],
        &[
            "{ keys: { a: { agent: 'ops', pin: false } } }",
            "{ keys: { a: { agent: 'ops', metadata: { agent: 'ops' } } } }",
            "{ keys: { a: { service: 'ops', metadata: { agent: 'other' } } } }",
            "{ keys: { a: { agent: 'ops', config: 'pc-a', pin: true } } }",
            "{ keys: { a: { agent: 'ops', config: 'pc-a' } }, openclaw: { config: 'pc-a' } }",
            "{ openclaw: { models: ['@a/m', '@b/n'] }, policy: { allowedModels: ['@a/*', '@b/n'] } }",
        ],
    ),
    (
        "team-key-duplicate",
        &[
            "{ «workspace»: 'ws-a', workspace: 'ws-b' }",
            "{ keys: { «a»: { agent: 'x' }, a: { agent: 'y' } } }",
            "{ keys: { a: { agent: 'x', metadata: { «team»: 'a', 'team': 'b' } } } }",
            "{ openclaw: { models: ['@a/m', «'@a/m'»] } }",
        ],
        &["{ keys: { a: { agent: 'x' }, A: { agent: 'x' } } }"],
    ),
    (
        "team-key-missing",
        &[
            "{ configs: { main: «{}» } }",
            "{ keys: { «a»: { budget: '5 usd' } } }",
        ],
        &["{ configs: { main: 'gateway.json', other: { file: 'b.json', id: 'pc-a' } } }"],
    ),
    (
        "team-key-unknown",
        &[
            "{ «key»: {} }",
            "{ providers: { a: { «bugdet»: '5 usd' } } }",
            "{ configs: { a: { file: 'a.json', «slug»: 'pc-a' } } }",
            "{ keys: { a: { agent: 'x', «rates»: '1/min' } } }",
            "{ openclaw: { «fallback»: [] } }",
            "{ policy: { «no_bypass»: true } }",
        ],
        &["{ keys: { a: { agent: 'x', metadata: { anything: 'x' } } } }"],
    ),
    (
        "team-reference",
        &[
            "{ configs: { main: 'a.json' }, keys: { a: { agent: 'x', config: «'mian'» } } }",
            "{ openclaw: { config: «'main'» } }",
            "{ openclaw: { models: ['@a/m'], primary: «'@a/n'» } }",
            "{ openclaw: { models: ['@a/m'], primary: '@a/m', fallbacks: [«'@b/m'»] } }",
        ],
        &[
            "{ configs: { main: 'a.json' }, openclaw: { config: 'main' } }",
            "{ openclaw: { config: 'pc-abc-123456' } }",
        ],
    ),
    (
        "team-type",
        &[
            "«[]»",
            "{ workspace: «5» }",
            "{ providers: «[]» }",
            "{ keys: { a: «'x'» } }",
            "{ configs: { a: «null» } }",
            "{ keys: { a: { agent: 'x', pin: «'yes'» } } }",
            "{ keys: { a: { agent: 'x', rate: «100» } } }",
            "{ keys: { a: { agent: 'x', rate: ['1/min', «5»] } } }",
            "{ keys: { a: { agent: 'x', metadata: { sprint: «12» } } } }",
            "{ openclaw: { models: «'@a/m'» } }",
            "{ openclaw: { models: [«null»] } }",
            "{ openclaw: «true» }",
        ],
        &["{ keys: { a: { agent: 'x', alert: 'a@b.cd' } } }", "{}"],
    ),
    (
        "team-value",
        &[
            "{ workspace: «' '» }",
            "{ keys: { «''»: { agent: 'x' } } }",
            "{ providers: { «'@a'»: {} } }",
            "{ configs: { a: «''» } }",
            "{ configs: { a: { file: 'a.json', id: «'main'» } } }",
            "{ keys: { a: { user: «'alice'» } } }",
            "{ keys: { a: { agent: 'x', alert: ['a@b.cd', «'b'»] } } }",
            "{ keys: { a: { agent: 'x', config: «'pc-config-id'» } } }",
            "{ keys: { a: { agent: 'x', budget: «'5 bananas'» } } }",
            "{ providers: { a: { budget: «'5'» } } }",
            "{ keys: { a: { agent: 'x', rate: ['1/min', «'fast'»] } } }",
            "{ keys: { a: { agent: 'x', rate: ['1/min', «'2 rpm'»] } } }",
            "{ providers: { a: { rate: ['1/min', '1k tokens/min', «'2/minute'»] } } }",
            "{ keys: { a: { agent: «''» } } }",
            "{ keys: { a: { service: «' '» } } }",
            "{ keys: { a: { agent: 'x', expires: «'soon'» } } }",
            "{ openclaw: { baseUrl: «'portkey'» } }",
            "{ openclaw: { models: [«'gpt-5'»] } }",
            "{ openclaw: { headers: { «authorization»: 'Bearer x' } } }",
            "{ openclaw: { headers: { 'x-portkey-debug': «'maybe'» } } }",
            "{ policy: { allowedModels: [«'openai/*'»] } }",
            "{ policy: { requiredMetadata: [«''»] } }",
        ],
        &[
            "{ openclaw: { baseUrl: 'https://portkey.example.com/v1', headers: { 'x-portkey-debug': 'false' } } }",
            "{ keys: { a: { agent: 'x', rate: ['1/min', '1/hour', '1k tokens/min'] } } }",
            "{ keys: { a: { agent: 'x', expires: '2027-06-30', budget: '5 usd', rate: '1/s' } } }",
            "{ policy: { allowedModels: ['*', '@a/m-*', 'portkey-dynamic'] } }",
        ],
    ),
];

#[test]
fn each_fault_is_reported_once_at_its_location() {
    for (id, bad, good) in CASES {
        for text in *bad {
            let start = text.find('«').unwrap();
            let end = text.find('»').unwrap() - '«'.len_utf8();
            let text = text.replace(['«', '»'], "");
            let all = team(&text).check();
            assert_eq!(all.len(), 1, "{id}: {text}\n{}", found(&text));
            assert_eq!(all[0].check, *id, "{text}\n{}", found(&text));
            assert_eq!(all[0].span().unwrap().range, start..end, "{text}");
            assert!(!all[0].help.is_empty(), "{text}");
        }
        for text in *good {
            assert_eq!(found(text), "", "{text}");
        }
    }
    for cause in causes::all().filter(|cause| cause.area == causes::Area::Team) {
        assert!(CASES.iter().any(|(id, ..)| *id == cause.id), "{}", cause.id);
    }
}

#[test]
fn similar_words_are_suggested() {
    for (text, want) in [
        (
            "{ keyz: {} }",
            "team.json5:1:3 team-key-unknown: unknown key `keyz`; did you mean `keys`?\n",
        ),
        (
            "{ policy: { x: 1 } }",
            "team.json5:1:13 team-key-unknown: unknown key `x`; the keys here are requiredMetadata, allowedModels, noPlaintextKeys, noBypass\n",
        ),
        (
            "{ configs: { main: 'a.json' },\n  openclaw: { config: 'mian' } }",
            "team.json5:2:23 team-reference: `mian` isn't in `configs`; did you mean `main`?\n",
        ),
        (
            "{ openclaw: { models: ['gpt-5'] } }",
            "team.json5:1:24 team-value: `gpt-5` lacks the provider slug; write @openai/gpt-5 (the part after @ is the slug in your Model Catalog)\n",
        ),
    ] {
        assert_eq!(found(text), want);
    }
}

/// All keys of a table, by name.
fn names(keys: &[Key], all: &mut Vec<&'static str>) {
    for key in keys {
        all.push(key.name);
        match key.holds {
            Holds::Object(keys) | Holds::Named(keys) | Holds::NamedOrText(keys) => names(keys, all),
            _ => {}
        }
    }
}

#[test]
fn the_example_is_valid_and_has_every_key() {
    assert_eq!(found(super::EXAMPLE), "");
    let mut all = Vec::new();
    names(FILE, &mut all);
    for name in all {
        // `team apply` writes the id of a config.
        assert!(
            name == "id" || super::EXAMPLE.contains(&format!("{name}: ")),
            "{name}"
        );
    }
    assert!(super::EXAMPLE.lines().all(|line| line.len() <= 100));
}

#[test]
fn paths_and_locations_point_at_values() {
    let team = team("{ keys: { a: { agent: 'x', alert: ['b@c.de',\n 'x'] } } }");
    let found = team.check();
    let location = found[0].location.as_ref().unwrap();
    assert_eq!(location.path.to_string(), "keys.a.alert[1]");
    assert_eq!(location.to_string(), "team.json5:2:2");
    assert_eq!(team.place(&team.keys[0].name), "team.json5:1:11");
}

#[test]
fn patterns_match_whole_models() {
    for (pattern, model, fits) in [
        ("@a/*", "@a/m", true),
        ("@a/*", "@ab/m", false),
        ("@a/m", "@a/m", true),
        ("@a/m", "@a/m-2", false),
        ("@a/m*", "@a/m-2", true),
        ("@a/*-mini", "@a/gpt-5-mini", true),
        ("@a/*-mini", "@a/gpt-5-mini-2", false),
        ("@*/gpt-*-mini", "@a/gpt-5-mini", true),
        ("*", "portkey-dynamic", true),
        ("@a/m*m", "@a/m", false),
    ] {
        assert_eq!(
            super::values::matches(pattern, model),
            fits,
            "{pattern} {model}"
        );
    }
}
