//! `--format json`: every command's document matches docs/json.md and the schemas, however the run
//! ends. (Every JSON document in any test is checked against its schema, see `Home::run`.)

use std::collections::BTreeSet;
use std::fmt::Write as _;

use openclaw_portkey::cli;
use serde_json::{Value, json};
use snapbox::Data;
use snapbox::data::DataFormat;

use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};
use crate::support::schema::{Schema, schemas};
use crate::support::snapshot::same;

const KEY: &str = "pk-test-0123456789abcdef";
const FLASH: &str = "@gemini/gemini-2.5-flash";
const WIRED: &str = include_str!("../../fixtures/wired.json5");
/// A gateway config with a misspelt mode.
const GATEWAY: &str = r#"{
  "strategy": { "mode": "load-balance" },
  "targets": [
    { "override_params": { "model": "@openai/gpt-5" } }
  ]
}
"#;
const PAGE: &str = include_str!("../../docs/json.md");

/// The commands that accept `--format json`.
fn commands() -> BTreeSet<String> {
    let takes = |command: &clap::Command| {
        let mut arguments = command.get_arguments();
        arguments.any(|arg| arg.get_id() == "format")
    };
    let has_format =
        |command: &&clap::Command| takes(command) || command.get_subcommands().any(takes);
    cli::command()
        .get_subcommands()
        .filter(has_format)
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// Successful and failing runs of every command.
const RUNS: &[(&[&str], i32)] = &[
    (&["init", "--offline", "--model", FLASH, "--yes"], 0),
    (&["init", "--offline", "--model", "@", "--yes"], 2),
    (&["add-model", "@a/b", "--offline", "--dry-run"], 0),
    (&["add-model", "@a/b", "--offline"], 2),
    (&["remove-model", "@mistral/open-mixtral-8x7b", "--yes"], 0),
    (&["remove-model", FLASH, "--yes"], 2),
    (
        &[
            "set-primary",
            "@mistral/open-mixtral-8x7b",
            "--offline",
            "--yes",
        ],
        0,
    ),
    (&["set-primary", "@", "--offline", "--yes"], 2),
    (&["set-fallback", "--clear", "--yes"], 0),
    (&["set-fallback", FLASH, "--offline", "--yes"], 2),
    (&["set-header", "--metadata", "a=b", "--dry-run"], 0),
    (&["set-header"], 2),
    (&["set-key", "--env", "HOME", "--offline", "--dry-run"], 0),
    (&["set-key", "--yes"], 2),
    (&["models", "--sync", "--offline", "--yes"], 0),
    (&["models", "--offline"], 2),
    (&["show"], 0),
    (&["show", "--config", "none.json"], 2),
    (&["show", "--config", "broken.json"], 2),
    (&["lint", "--no-fail"], 0),
    (&["lint", "broken.json", "none.json"], 2),
    (&["lint", "--select", "none"], 2),
    (&["lint", "--profile", "none"], 2),
    (&["doctor", "--offline", "--fix", "--yes"], 1),
    (&["doctor", "--config", "broken.json", "--offline"], 1),
    (&["doctor", "--config", ".openclaw", "--offline"], 2),
    (&["lint", "--rules"], 0),
    (&["open", "logs"], 0),
    (&["open", "nowhere"], 2),
    (&["explain"], 0),
    (&["explain", "412"], 0),
    (&["explain", "primary-missing"], 0),
    (&["explain", "nothing of this"], 2),
    (&["gateway-config", "check", "gateway.json"], 1),
    (&["gateway-config", "check", "broken.json"], 2),
    (&["gateway-config", "simulate", "gateway.json"], 0),
    (
        &[
            "gateway-config",
            "simulate",
            "gateway.json",
            "--when",
            "*=500",
        ],
        0,
    ),
    (&["gateway-config", "new", "--fallback", "@a/m,@b/n"], 0),
    (&["gateway-config", "new"], 2),
    (&["gateway-config", "list"], 2),
    (&["key", "list"], 2),
    (&["guardrail", "checks"], 0),
    (&["guardrail", "list"], 2),
    (&["usage"], 2),
    (&["provider", "list"], 2),
    (&["gateway-config", "use", "none"], 2),
    (&["team", "init", "new.json5"], 0),
    (&["team", "init", "broken.json"], 2),
    (&["team", "plan", "team.json5", "--offline"], 1),
    (&["team", "plan", "broken.json", "--offline"], 2),
    (&["team", "apply", "team.json5"], 2),
    (&["team", "export", "team.json5", "--offline"], 0),
    (&["undo", "--yes"], 2),
    (&["undo", "--list"], 0),
    (&["unwire", "--yes"], 0),
    (&["unwire", "--config", "broken.json"], 2),
];

#[test]
fn every_command_always_prints_one_document() {
    let mut seen = BTreeSet::new();
    for (args, status) in RUNS {
        let home = Home::with(WIRED);
        home.write("broken.json", "{ models: ");
        home.write("gateway.json", GATEWAY);
        home.write("team.json5", "{ keys: { ops: { agent: 'ops' } } }");
        let ran = home.run(&[args, &["--format", "json"][..]].concat());
        let report = ran.status(*status).json();
        assert_eq!(report["command"], args[0], "{args:?}");
        let failed = *status == 2 && report.get("findings").is_none();
        assert_eq!(report.get("error").is_some(), failed, "{args:?}");
        seen.insert(args[0].to_owned());
    }
    let home = Home::with(WIRED);
    home.run(&["unwire", "--yes"]).status(0);
    let undone = home.run(&["undo", "--yes", "--format", "json"]).status(0);
    assert_eq!(undone.json()["undone"]["command"], "unwire");
    let portkey = Portkey::start(Script::new(KEY).models([FLASH])).unwrap();
    let home = Home::with(&WIRED.replace("https://api.portkey.ai/v1", &portkey.base_url()));
    let home = home.var("PORTKEY_API_KEY", KEY);
    let listed = home.run(&["models", "--format", "json"]).status(0).json();
    assert_eq!(listed["models"][0]["id"], FLASH);
    assert_eq!(seen, commands());
}

/// A config that must not be written: shows the change, and why it wasn't made.
#[test]
fn a_refusal_is_reported_with_the_change() {
    let home = Home::with(WIRED).var("OPENCLAW_NIX_MODE", "1");
    let ran = home.run(&["unwire", "--yes", "--format", "json"]).status(2);
    let report = ran.json();
    assert_eq!(
        (&report["changed"], &report["written"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(report["error"]["kind"], "file");
    assert!(report["files"][0]["diff"].is_string());
}

#[test]
fn invalid_arguments() {
    for (args, command, message, hint) in [
        (
            &["lint", "--format", "json", "--frmat"][..],
            json!("lint"),
            "unexpected argument '--frmat' found",
            "a similar argument exists: '--format'",
        ),
        (
            &["models", "--format=json", "--timeout", "x"],
            json!("models"),
            "invalid value 'x' for '--timeout <SECONDS>': invalid digit found in string",
            "`openclaw-portkey models --help` shows usage",
        ),
        (
            &["--color", "never", "set-primary", "--format", "json"],
            json!("set-primary"),
            "the following required arguments were not provided: <MODEL>",
            "`openclaw-portkey set-primary --help` shows usage",
        ),
        (
            &["doctor", "--format", "json", "--fail-on", "never"],
            json!("doctor"),
            "invalid value 'never' for '--fail-on <LEVEL>' [possible values: error, warning, note]",
            "`openclaw-portkey doctor --help` shows usage",
        ),
        (
            &["man", "--format", "json"],
            json!("man"),
            "unexpected argument '--format' found",
            "to pass '--format' as a value, use '-- --format'",
        ),
        (
            &["lnit", "--format", "json"],
            Value::Null,
            "unrecognized subcommand 'lnit'",
            "some similar subcommands exist: 'init', 'lint'",
        ),
    ] {
        let ran = Home::new().run(args).status(2);
        let report = ran.json();
        assert_eq!(report["command"], command, "{args:?}");
        assert_eq!(report["error"]["kind"], "usage");
        assert_eq!(report["error"]["message"], message);
        assert_eq!(report["error"]["hints"][0], hint);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
    let ran = Home::new().run(&["lint", "--nope"]).status(2);
    assert_eq!(ran.stdout, "");
    let ran = Home::new().run(&["lint", "--format", "json", "--help"]);
    assert!(ran.status(0).stdout.contains("Usage:"));
}

#[test]
fn a_key_in_the_wrong_place_is_not_echoed() {
    for key in [KEY, "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9+"] {
        let flag = format!("--{key}");
        for args in [
            &["init", key][..],
            &[key],
            &["init", &flag],
            &["init", "--timeout", key],
            &["init", "--store-key", key],
            &["show", "--provider-id", &format!("{key}!")],
            &["explain", key],
            &["lint", "--fail-on", key],
        ] {
            for format in [&[][..], &["--format", "json"]] {
                let ran = Home::new().run(&[args, format].concat()).status(2);
                for stream in [&ran.stdout, &ran.stderr] {
                    assert!(!stream.contains(key), "{args:?}: {stream}");
                }
            }
        }
    }
}

/// Calls `f` with every object schema and its location.
fn objects(f: &mut impl FnMut(&'static str, &'static str, &'static Value)) {
    for (file, whole) in schemas() {
        for (name, schema) in whole["$defs"].as_object().into_iter().flatten() {
            if schema["type"] == "object" {
                f(file, name, schema);
            }
        }
    }
}

#[test]
fn every_command_has_a_schema_and_every_schema_is_closed() {
    let mut files: BTreeSet<String> = commands()
        .iter()
        .map(|name| format!("{name}.json"))
        .collect();
    files.insert("common.json".to_owned());
    assert_eq!(schemas().keys().cloned().collect::<BTreeSet<_>>(), files);
    let mut found = 0;
    objects(&mut |file, name, schema| {
        assert_eq!(schema["additionalProperties"], false, "{file} {name}");
        assert!(schema["title"].is_string(), "{file} {name}");
        for (property, schema) in schema["properties"].as_object().unwrap() {
            let schema = Schema { file, node: schema };
            assert!(!meaning(schema).is_empty(), "{file} {name} {property}");
            found += 1;
        }
    });
    assert!(found > 100, "{found}");
}

#[test]
fn schemas_detect_errors() {
    let schema = Schema::find("common.json", "#/$defs/failure");
    let good = json!({
        "version": 1,
        "command": null,
        "error": { "kind": "file", "message": "x", "location": null, "hints": ["y"] },
    });
    assert_eq!(schema.faults(&good), Vec::<String>::new());
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/command", json!(1)),
        ("/error", json!({})),
        ("/error/kind", json!("none")),
        ("/error/hints", json!([1])),
        (
            "/error/location",
            json!({ "file": "x", "line": 1.5, "column": 1 }),
        ),
        (
            "/error/location",
            json!({ "file": "x", "line": 1, "column": 1, "more": 1 }),
        ),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.faults(&bad).is_empty(), "{bad}");
    }
}

fn meaning(schema: Schema<'static>) -> &'static str {
    match (
        schema.node["description"].as_str(),
        schema.node["$ref"].as_str(),
    ) {
        (Some(own), _) => own,
        (None, Some(reference)) => meaning(Schema::find(schema.file, reference)),
        (None, None) => "",
    }
}

/// A schema's type as shown on the page.
fn type_of(schema: Schema<'static>) -> String {
    let of = |node: &'static Value| Schema { node, ..schema };
    let node = schema.node;
    let code = |value: &Value| format!("`{value}`");
    if node["$ref"].is_string() {
        let target = schema.target();
        return match target.node["title"].as_str() {
            Some(title) => format!("[{}](#{})", title.to_lowercase(), anchor(title)),
            None => type_of(target),
        };
    }
    if let Some(value) = node.get("const") {
        return code(value);
    }
    let parts = |list: &'static Value, one: &dyn Fn(&'static Value) -> String| {
        list.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    if let Some(values) = node.get("enum") {
        return parts(values, &code).join(", ");
    }
    if let Some(any) = node.get("anyOf") {
        return parts(any, &|node| type_of(of(node))).join(" or ");
    }
    if let Some(items) = node.get("items") {
        return format!("list of {}", type_of(of(items)));
    }
    match &node["type"] {
        Value::Array(types) => {
            let types: Vec<&str> = types.iter().filter_map(Value::as_str).collect();
            types.join(" or ")
        }
        name => name.as_str().unwrap().to_owned(),
    }
}

/// The anchor that GitHub generates for a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-');
    let kept: String = heading.to_lowercase().chars().filter(kept).collect();
    kept.replace(' ', "-")
}

/// An object's fields as a table.
fn table(file: &'static str, name: &str) -> String {
    let schema = Schema::find(file, &format!("#/$defs/{name}"));
    let mut table = format!(
        "#### {}\n\n| Field | Type | Meaning |\n| --- | --- | --- |\n",
        schema.node["title"].as_str().unwrap()
    );
    let required = schema.node["required"].as_array().unwrap();
    for (name, node) in schema.node["properties"].as_object().unwrap() {
        let field = Schema { node, ..schema };
        let optional = if required.contains(&json!(name)) {
            ""
        } else {
            ", may be missing"
        };
        let _ = writeln!(
            table,
            "| `{name}` | {}{optional} | {} |",
            type_of(field),
            meaning(field)
        );
    }
    table
}

/// The output of a command on the page, in a home with a wired config.
fn example(command: &str) -> String {
    let home = Home::with(WIRED);
    home.write("gateway.json", GATEWAY);
    home.write("app.json5", WIRED.replace("portkey.ai/v1", "portkey.ai"));
    let args: Vec<&str> = command.split(' ').skip(1).collect();
    home.run(&args).stdout.replace("HOME", "/home/you")
}

/// The page with its tables and command output regenerated.
fn page() -> String {
    let mut page = String::new();
    let mut lines = PAGE.lines();
    let mut command = None;
    while let Some(line) = lines.next() {
        let _ = writeln!(page, "{line}");
        let skip_to = |end: &str, lines: &mut std::str::Lines<'_>| {
            assert!(lines.any(|line| line == end), "{line} has no end");
        };
        if let Some(which) = line.strip_prefix("<!-- fields: ") {
            let (file, name) = which.trim_end_matches(" -->").split_once(' ').unwrap();
            let (file, _) = schemas().get_key_value(file).unwrap();
            let _ = write!(page, "\n{}\n<!-- end -->\n", table(file, name));
            skip_to("<!-- end -->", &mut lines);
        } else if line.starts_with("openclaw-portkey ") {
            command = Some(line);
        } else if line == "```json" {
            page += &example(command.take().unwrap());
            page += "```\n";
            skip_to("```", &mut lines);
        }
    }
    page
}

#[test]
fn the_page_matches_the_schemas_and_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md");
    same(
        &page(),
        Data::read_from(path.as_ref(), Some(DataFormat::Text)),
    );
}

#[test]
fn the_page_has_every_field_of_every_schema() {
    let rows: BTreeSet<&str> = PAGE
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    objects(&mut |file, name, schema| {
        let marker = format!("\n<!-- fields: {file} {name} -->\n");
        assert!(PAGE.contains(&marker), "{file} {name}");
        for property in schema["properties"].as_object().unwrap().keys() {
            let start = format!("| `{property}` | ");
            assert!(
                rows.iter().any(|row| row.starts_with(&start)),
                "{file} {name}: {property}"
            );
        }
    });
    for file in schemas().keys() {
        assert!(PAGE.contains(&format!("(schemas/{file})")), "{file}");
    }
}
