//! `acceptedByOpenClaw`: whether OpenClaw would start with a file, and why not.

use serde_json::{Value, json};

use crate::support::home::Home;

/// The verdict of one file.
fn verdict(home: &Home, args: &[&str]) -> Value {
    let mut all = vec!["lint", "--no-fail", "--format", "json"];
    all.extend(args);
    let ran = home.run(&all).status(0);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let files = document["files"].as_array().unwrap();
    assert_eq!(files.len(), 1, "{document}");
    let one = &files[0];
    json!([
        one["openclawVersion"],
        one["acceptedByOpenClaw"],
        one["reason"]
    ])
}

#[test]
fn every_file_has_its_own_verdict() {
    let written = "{ meta: { lastTouchedVersion: '2026.7.1' }, env: { KEY: 'x' } }";
    for (text, flags, wanted) in [
        ("{}", &[][..], json!(["2026.9.6", true, null])),
        (written, &[], json!(["2026.7.1", true, null])),
        (
            written,
            &["--openclaw-version", "2026.9.6"],
            json!([
                "2026.9.6",
                false,
                "1:52: OpenClaw doesn't know the key `KEY` here"
            ]),
        ),
        (
            "{ env: { KEY: 'x' } }",
            &["--openclaw-version", "2026.7.99"],
            json!([
                "2026.7.99",
                null,
                "OpenClaw 2026.7.35 accepts it, but 2026.8.1 refuses it"
            ]),
        ),
        (
            "{}",
            &["--openclaw-version", "2031.1.1"],
            json!([
                "2031.1.1",
                null,
                "the settings of OpenClaw 2031.1.1 are unknown"
            ]),
        ),
        (
            "{ gateway: { port: '1' } }",
            &[],
            json!([
                "2026.9.6",
                false,
                "1:20: `port` must be a whole number, not a string"
            ]),
        ),
        (
            "{ logging: { level: '${LEVEL}' } }",
            &[],
            json!([
                "2026.9.6",
                null,
                "logging.level: it depends on the value of LEVEL"
            ]),
        ),
        // Whatever rules run, and whatever a comment ignores.
        (
            "{ foo: 1 }",
            &["--select", "base-url-without-v1"],
            json!([
                "2026.9.6",
                false,
                "1:3: OpenClaw doesn't know the key `foo` here"
            ]),
        ),
    ] {
        let home = Home::new();
        home.write("a.json5", text);
        let args = [&["a.json5"], flags].concat();
        assert_eq!(verdict(&home, &args), wanted, "{text} {flags:?}");
    }
}

#[test]
fn rejected_files_have_a_reason() {
    let home = Home::new();
    home.write("a.json5", "{ ");
    let found = verdict(&home, &["a.json5"]);
    assert_eq!(found[1], false);
    assert!(found[2].as_str().unwrap().contains("no closing"), "{found}");
    for (include, reason) in [
        ("./none.json5", "does not exist"),
        ("./a.json5", "cycle"),
        ("../../out.json5", "outside"),
    ] {
        home.write("a.json5", format!("{{ $include: '{include}' }}"));

        let found = verdict(&home, &["a.json5"]);
        assert_eq!(found[1], false, "{include}");
        assert!(
            found[2].as_str().unwrap().contains(reason),
            "{include}: {found}"
        );
    }
}

#[test]
fn an_unreadable_include_is_an_error() {
    let home = Home::new();
    home.write("a.json5", "{ gateway: { $include: './none.json5' } }");
    let ran = home
        .run(&["lint", "a.json5", "--format", "github"])
        .status(1);
    let wanted = "::error file=a.json5,line=1,endLine=1,col=24,endColumn=38,title=include-unreadable::OpenClaw can't read this include: the included file ";
    assert!(ran.stdout.starts_with(wanted), "{}", ran.stdout);
}

/// Correcting a misspelt key is safe if the known key accepts the value.
#[test]
fn a_misspelt_key_is_corrected_if_its_value_fits() {
    for (text, wanted) in [
        ("{ gateway: { Port: 1234 } }", "{ gateway: { port: 1234 } }"),
        ("{ gateway: { Port: 'x' } }", "{ gateway: { Port: 'x' } }"),
        ("{ gateway: { quux: 1 } }", "{ gateway: { quux: 1 } }"),
    ] {
        let home = Home::new();
        home.write("a.json5", text);
        home.run(&["lint", "--fix", "--no-fail", "a.json5"])
            .status(0);
        assert_eq!(home.read("a.json5"), wanted);
    }
}
