//! Edits preserve the author's style. Cases with a folder in `fixtures/edit` are whole files in one
//! style; the table here covers what no editor should touch (line endings, byte order marks,
//! minified text) and small questions of placement.

use std::path::Path as FilePath;

use openclaw_portkey::document::{Document, Kind, MAX_DEPTH, Path, Value};
use openclaw_portkey::edit::{Change, EditError, Edited, apply, create, replaced};

fn read(text: &str) -> Document {
    Document::parse(text).unwrap_or_else(|error| panic!("{text:?} is refused: {error}"))
}

fn value(text: &str) -> Value {
    let document = read(text);
    document.value(document.root())
}

/// Changes written as JSON5: `{set: PATH, to: VALUE}`, `{append: PATH, value: VALUE}` and `{remove:
/// PATH}`, optionally with `commentsStay`, and `{rename: PATH, to: KEY}`, where a path is an array
/// of keys and indices.
fn changes(text: &str) -> Vec<Change> {
    let Value::Array(changes) = value(text) else {
        panic!("changes are an array")
    };
    let required = |change: &Value, key: &str| change.get(key).unwrap().clone();
    let change = |change: &Value| {
        if let Some(steps) = change.get("set") {
            Change::Set {
                path: path(steps),
                value: required(change, "to"),
            }
        } else if let Some(steps) = change.get("append") {
            Change::Append {
                path: path(steps),
                value: required(change, "value"),
            }
        } else if let Some(steps) = change.get("rename") {
            let Some(Value::String(key)) = change.get("to") else {
                panic!("a key is a string")
            };
            Change::Rename {
                path: path(steps),
                key: key.clone(),
            }
        } else {
            Change::Remove {
                path: path(&required(change, "remove")),
                comments_stay: change.get("commentsStay").is_some(),
            }
        }
    };
    changes.iter().map(change).collect()
}

fn path(steps: &Value) -> Path {
    let Value::Array(steps) = steps else {
        panic!("a path is an array")
    };
    steps.iter().fold(Path::root(), |path, step| match step {
        Value::String(key) => path.key(key.clone()),
        Value::Number(index) => path.index(format!("{index}").parse().unwrap()),
        _ => panic!("a step is a key or an index"),
    })
}

fn edited(before: &str, change: &str) -> Edited {
    apply(&read(before), &changes(change))
        .unwrap_or_else(|error| panic!("{before}\n{change}: {error}"))
}

fn refused(before: &str, change: &str) -> EditError {
    match apply(&read(before), &changes(change)) {
        Ok(edited) => panic!("not refused: {}", edited.document.text()),
        Err(error) => error,
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]
fn whole_files_in_every_style() {
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edit");
    let mut count = 0;
    for case in folder.read_dir().unwrap() {
        let case = case.unwrap().path();
        let file = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
        let (before, change, after) = (
            file("before.json5"),
            file("changes.json5"),
            file("after.json5"),
        );
        let edited = edited(&before, &change);
        assert_eq!(edited.document.text(), after, "{}", case.display());
        assert_eq!(replaced(&before, &edited.replacements), after);
        count += 1;
    }
    assert!(count >= 18, "only {count} cases found");
}

/// Before, changes, after.
const CASES: &[(&str, &str, &str)] = &[
    // A key is renamed in place, keeping its quotes and everything around it.
    (
        "{a:{ b /*1*/ : /*2*/ [1] /*3*/, // 4\n 'c-d': 2}}",
        "[{rename: ['a','b'], to: 'x'}, {rename: ['a','c-d'], to: 'y'}]",
        "{a:{ x /*1*/ : /*2*/ [1] /*3*/, // 4\n 'y': 2}}",
    ),
    (
        r#"{"a":1,"b":2}"#,
        "[{rename: ['a'], to: 'c'}]",
        r#"{"c":1,"b":2}"#,
    ),
    ("{a:1}", "[{rename: ['a'], to: 'x-y'}]", "{\"x-y\":1}"),
    (
        "{a:1}",
        "[{rename: ['b'], to: 'c'}, {rename: ['a'], to: 'a'}]",
        "{a:1}",
    ),
    // Later changes find it under its new key.
    (
        "{a:{b:1}, c:2}",
        "[{rename: ['a'], to: 'd'}, {set: ['d','b'], to: 3}, {set: ['d','e'], to: 4}, {remove: ['c']}]",
        "{d:{b:3,e:4}}",
    ),
    (
        "{a:1,b:2}",
        "[{rename: ['a'], to: 'c'}, {remove: ['c']}]",
        "{b:2}",
    ),
    (
        "{a:{b:1}}",
        "[{rename: ['a','b'], to: 'c'}, {set: ['a'], to: {b: 2}}]",
        "{a:{b:2}}",
    ),
    // Minified stays minified.
    (
        r#"{"a":{"b":[1,2]}}"#,
        "[{set: ['a','c'], to: {d: [1, {e: 'x'}]}}]",
        r#"{"a":{"b":[1,2],"c":{"d":[1,{"e":"x"}]}}}"#,
    ),
    (
        r#"{"a":{}}"#,
        "[{set: ['a','b'], to: [1, 2]}]",
        r#"{"a":{"b":[1,2]}}"#,
    ),
    (
        r#"{"a":[]}"#,
        "[{append: ['a'], value: 1}, {append: ['a'], value: 2}]",
        r#"{"a":[1,2]}"#,
    ),
    ("{a:1,b:2,c:3}", "[{remove: ['b']}]", "{a:1,c:3}"),
    (
        "{a:1,b:2,c:3}",
        "[{remove: ['c']}, {remove: ['a']}]",
        "{b:2}",
    ),
    ("{a:1}", "[{remove: ['a']}]", "{}"),
    // One line stays one line.
    (
        "{ a: 1 }",
        "[{set: ['b'], to: {c: 'x'}}]",
        "{ a: 1, b: { c: \"x\" } }",
    ),
    ("{ a: 1 }", "[{remove: ['a']}]", "{}"),
    ("{ a: 1, b: 2 }", "[{remove: ['a']}]", "{ b: 2 }"),
    ("{ a: 1, b: 2, }", "[{remove: ['b']}]", "{ a: 1, }"),
    (
        "{ a: [ 1, 2 ] }",
        "[{append: ['a'], value: 3}]",
        "{ a: [ 1, 2, 3 ] }",
    ),
    ("{a : 1}", "[{set: ['b'], to: 2}]", "{a : 1, b : 2}"),
    ("{ a: [1] }", "[{set: ['a'], to: [0, 1]}]", "{ a: [0, 1] }"),
    (
        "{ a: [/* one */ 1] }",
        "[{set: ['a'], to: [0, 1]}]",
        "{ a: [0, /* one */ 1] }",
    ),
    (
        "{ a: [1, 2, 3, 4] }",
        "[{set: ['a'], to: [4, 1, 2]}]",
        "{ a: [4, 1, 2] }",
    ),
    // The object in an empty file becomes what OpenClaw itself would write.
    (
        "{}",
        "[{set: ['a','b'], to: [1]}]",
        "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}",
    ),
    ("{ }\n", "[{set: ['a'], to: {}}]", "{\n  \"a\": {}\n}\n"),
    ("{\n}\n", "[{set: ['a'], to: 1}]", "{\n  \"a\": 1\n}\n"),
    (
        "// note\n{}\n",
        "[{set: ['a'], to: 1}]",
        "// note\n{\n  \"a\": 1\n}\n",
    ),
    // Comments in empty containers.
    (
        "{ /* c */ }",
        "[{set: ['a'], to: 1}]",
        "{ /* c */\n  \"a\": 1\n}",
    ),
    (
        "{ a: { /* c */ } }",
        "[{set: ['a', 'b'], to: 1}]",
        "{ a: { /* c */ b: 1 } }",
    ),
    (
        "{\n  // c\n}",
        "[{set: ['a'], to: 1}]",
        "{\n  // c\n  \"a\": 1\n}",
    ),
    (
        "{ // c\n}",
        "[{set: ['a'], to: 1}]",
        "{ // c\n  \"a\": 1\n}",
    ),
    (
        "{\n\t\t// c\n}",
        "[{set: ['a'], to: 1}, {set: ['b'], to: 2}]",
        "{\n\t\t// c\n\t\t\"a\": 1,\n\t\t\"b\": 2\n}",
    ),
    // Line endings, byte order mark, no final line break.
    (
        "{\r\n  \"a\": 1\r\n}",
        "[{set: ['b', 'c'], to: 2}]",
        "{\r\n  \"a\": 1,\r\n  \"b\": {\r\n    \"c\": 2\r\n  }\r\n}",
    ),
    (
        "{\r  a: 1,\r}\r",
        "[{set: ['b'], to: 2}]",
        "{\r  a: 1,\r  b: 2,\r}\r",
    ),
    (
        "{\r\n  a: 1, // c\r\n  b: 2, // d\r\n}\r\n",
        "[{remove: ['a']}]",
        "{\r\n  b: 2, // d\r\n}\r\n",
    ),
    (
        "\u{feff}{\n  \"a\": 1\n}",
        "[{set: ['b'], to: 2}]",
        "\u{feff}{\n  \"a\": 1,\n  \"b\": 2\n}",
    ),
    (
        "\u{feff}{}",
        "[{set: ['b'], to: 2}]",
        "\u{feff}{\n  \"b\": 2\n}",
    ),
    (
        "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}",
        "[{set: ['c', 'd'], to: 2}]",
        "{\n\t\"a\": {\n\t\t\"b\": 1\n\t},\n\t\"c\": {\n\t\t\"d\": 2\n\t}\n}",
    ),
    // A line comment always keeps the line break that ends it.
    (
        "{ a: 1 // c\n}",
        "[{set: ['b'], to: 2}]",
        "{ a: 1, // c\n b: 2\n}",
    ),
    (
        "{ a: 1, // c\n  b: 2 }",
        "[{remove: ['b']}]",
        "{ a: 1 // c\n }",
    ),
    ("{ // c\n  a: 1 }", "[{remove: ['a']}]", "{ // c\n }"),
    (
        "{\n  a: 1\n  // c\n  , b: 2\n}",
        "[{remove: ['a']}]",
        "{\n  // c\n b: 2\n}",
    ),
    (
        "{ a: 1 // c\u{2028}}",
        "[{set: ['b'], to: 2}]",
        "{ a: 1, // c\n b: 2\u{2028}}",
    ),
    (
        "{\n  a: [\n    1, // c\n    2 // d\n  ]\n}",
        "[{remove: ['a', 1]}]",
        "{\n  a: [\n    1 // c\n  ]\n}",
    ),
    // Strings.
    ("{a: 'x'}", "[{set: ['a'], to: \"it's\"}]", "{a: 'it\\'s'}"),
    (
        "{a: \"x\"}",
        "[{set: ['a'], to: 'say \"hi\"'}]",
        "{a: \"say \\\"hi\\\"\"}",
    ),
    (
        "{a: 'x', b: 'y', c: \"z\"}",
        "[{set: ['c'], to: 'w'}, {set: ['d'], to: 'v'}]",
        "{a: 'x', b: 'y', c: \"w\", d: 'v'}",
    ),
    (
        "{a: 1}",
        r"[{set: ['\u001b\u2028'], to: '\0\u0085\u2029\ufeff'}]",
        r#"{a: 1, "\u001b\u2028": "\u0000\u0085\u2029\ufeff"}"#,
    ),
    // Keys that aren't identifiers are quoted, all others are like their neighbours.
    (
        "{a: 1}",
        "[{set: ['b-c'], to: 1}, {set: ['1'], to: 1}, {set: [''], to: 1}, {set: ['ключ'], to: 1}, {set: ['null'], to: 1}]",
        "{a: 1, \"b-c\": 1, \"1\": 1, \"\": 1, \"ключ\": 1, null: 1}",
    ),
    ("{'a': 1}", "[{set: ['b'], to: 1}]", "{'a': 1, 'b': 1}"),
    (
        "{x: {'a-b': 1}}",
        "[{set: ['x', 'c'], to: 1}, {set: ['x', 'd-e'], to: 1}]",
        "{x: {'a-b': 1, c: 1, 'd-e': 1}}",
    ),
    (
        "{\n  x: 1,\n  \"y\": { \"a\": 1 },\n}",
        "[{set: ['y', 'b'], to: 1}]",
        "{\n  x: 1,\n  \"y\": { \"a\": 1, \"b\": 1 },\n}",
    ),
    // Numbers.
    (
        "{a: 1}",
        "[{set: ['a'], to: -0}, {set: ['b'], to: NaN}, {set: ['c'], to: -Infinity}, {set: ['d'], to: 1e300}]",
        "{a: -0, b: NaN, c: -Infinity, d: 1e300}",
    ),
    // Equal values keep their spelling.
    (
        "{a: 0x10, 'b': \"\\x41\", c: +1.0, d: [1,  2], e: {g: 1, f: .5}}",
        "[{set: ['a'], to: 16}, {set: ['b'], to: 'A'}, {set: ['c'], to: 1}, {set: ['d'], to: [1, 2]}, {set: ['e'], to: {f: 0.5, g: 1}}]",
        "{a: 0x10, 'b': \"\\x41\", c: +1.0, d: [1,  2], e: {g: 1, f: .5}}",
    ),
    // Changes see the previous ones.
    (
        "{a: 1}",
        "[{set: ['b'], to: {}}, {set: ['b', 'c'], to: 1}, {append: ['b', 'd'], value: 2}, {remove: ['b', 'c']}]",
        "{a: 1, b: {d: [2]}}",
    ),
    ("{a: 1}", "[{set: ['b'], to: 1}, {remove: ['b']}]", "{a: 1}"),
    (
        "{a: {b: 1}}",
        "[{remove: ['a']}, {set: ['a', 'b'], to: 1}]",
        "{a: {b: 1}}",
    ),
    (
        "{a: [1, 2, 3]}",
        "[{remove: ['a', 0]}, {remove: ['a', 0]}, {append: ['a'], value: 4}]",
        "{a: [3, 4]}",
    ),
    (
        "{a: [{b: 1}, {b: 2}]}",
        "[{remove: ['a', 0]}, {set: ['a', 0, 'b'], to: 3}]",
        "{a: [{b: 3}]}",
    ),
    (
        "{a: [1, 2]}",
        "[{set: ['a', 1], to: {b: [1]}}]",
        "{a: [1, {b: [1]}]}",
    ),
    // Removing something missing does nothing.
    (
        "{a: {b: 1}, c: [1]}",
        "[{remove: ['x']}, {remove: ['a', 'x']}, {remove: ['a', 'b', 'x']}, {remove: ['c', 5]}, {remove: ['c', 'x']}, {remove: ['a', 0]}]",
        "{a: {b: 1}, c: [1]}",
    ),
    // Duplicates elsewhere don't matter, nor do those that already have the desired value.
    (
        "{a: 1, a: 2, b: 3}",
        "[{set: ['b'], to: 4}]",
        "{a: 1, a: 2, b: 4}",
    ),
    (
        "{a: {x: 1, x: 2, y: 3}}",
        "[{set: ['a'], to: {x: 2, y: 4}}]",
        "{a: {x: 1, x: 2, y: 4}}",
    ),
    // Lone surrogates and huge hexadecimal numbers, which the second parser doesn't support.
    (
        r#"{a: "\ud83d", "\ud83d": -0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF, b: 1}"#,
        "[{set: ['b'], to: 2}]",
        r#"{a: "\ud83d", "\ud83d": -0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF, b: 2}"#,
    ),
    (
        "{'\\ud83d\\\n\\ude00': ['\\ud83d\\\r\n\\\n\\ude00', '\\ud83d\\\n\\ud83d'], b: 1}",
        "[{set: ['b'], to: 2}]",
        "{'\\ud83d\\\n\\ude00': ['\\ud83d\\\r\n\\\n\\ude00', '\\ud83d\\\n\\ud83d'], b: 2}",
    ),
    (
        "{a: 0x100000000000000000000000000000000, c: +0Xffffffffffffffffffffffffffffffffff, b: 1}",
        "[{set: ['b'], to: 2}]",
        "{a: 0x100000000000000000000000000000000, c: +0Xffffffffffffffffffffffffffffffffff, b: 2}",
    ),
    // A change of type replaces only the value.
    (
        "{\n  a: \"x\", // c\n  b: { d: 1 }, // e\n}",
        "[{set: ['a'], to: {y: 1}}, {set: ['b'], to: null}]",
        "{\n  a: { y: 1 }, // c\n  b: null, // e\n}",
    ),
    // Text around the root stays.
    (
        "// head\n{a: 1} // tail",
        "[{set: ['a'], to: 2}]",
        "// head\n{a: 2} // tail",
    ),
];

#[test]
fn placement_and_spelling() {
    for &(before, change, after) in CASES {
        let edited = edited(before, change);
        assert_eq!(edited.document.text(), after, "before: {before}");
        assert_eq!(replaced(before, &edited.replacements), after);
        assert_eq!(edited.replacements.is_empty(), before == after);
    }
}

#[test]
fn strict_json_stays_strict_json() {
    for &(before, change, _) in CASES {
        if read(before).is_json() {
            assert!(edited(before, change).document.is_json(), "{before}");
        }
    }
    let error = refused("{\"a\": 1}", "[{set: ['b', 'c'], to: {d: [NaN]}}]");
    assert_eq!(
        error,
        EditError::NotInJson {
            path: Path::keys(["b", "c"])
        }
    );
}

#[test]
fn replacements_are_small_and_relative_to_the_old_text() {
    let before = "{\n  a: 1, // one\n  b: [1, 2], // two\n  c: \"x\",\n}\n";
    let edited = edited(
        before,
        "[{set: ['a'], to: 2}, {append: ['b'], value: 3}, {set: ['c'], to: 'y'}, {set: ['d'], to: 4}]",
    );
    let seen: Vec<(&str, &str)> = edited
        .replacements
        .iter()
        .map(|replacement| {
            (
                &before[replacement.range.clone()],
                replacement.text.as_str(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("1", "2"),
            ("", ", 3"),
            ("\"x\"", "\"y\""),
            ("", "\n  d: 4,")
        ]
    );
}

#[test]
fn rejects_duplicate_keys_on_the_path() {
    let before = "{a: {b: 1}, 'a': {b: 2, b: 3}, c: {d: 1, d: 1}, e: [{f: 1, f: 2}]}";
    for change in [
        "[{set: ['a'], to: 1}]",
        "[{set: ['a', 'x'], to: 1}]",
        "[{append: ['a', 'x'], value: 1}]",
        "[{remove: ['a']}]",
        "[{remove: ['a', 'b']}]",
    ] {
        let error = refused(before, change);
        assert_eq!(
            error,
            EditError::DuplicateKey {
                path: Path::root().key("a"),
                spans: vec![1..2, 12..15]
            }
        );
        assert_eq!(
            error.to_string(),
            "a is in the same object 2 times; keep one of them"
        );
    }
    // Also if only the comparison of two objects finds it.
    for (change, path) in [
        ("[{set: ['c'], to: {d: 2}}]", Path::keys(["c", "d"])),
        ("[{set: ['c'], to: {}}]", Path::keys(["c", "d"])),
        (
            "[{set: ['e'], to: [{f: 1}]}]",
            Path::root().key("e").index(0).key("f"),
        ),
    ] {
        match refused(before, change) {
            EditError::DuplicateKey { path: seen, spans } => {
                assert_eq!((seen, spans.len()), (path, 2), "{change}");
            }
            error => panic!("{error}"),
        }
    }
}

#[test]
fn rejects_paths_through_scalars() {
    let before = "{models: null, list: [1], name: 'x'}";
    for (change, shown) in [
        (
            "[{set: ['models', 'a'], to: 1}]",
            "models is null, but must be an object",
        ),
        (
            "[{append: ['models'], value: 1}]",
            "models is null, but must be an array",
        ),
        (
            "[{append: ['name'], value: 1}]",
            "name is a string, but must be an array",
        ),
        (
            "[{set: ['list', 'a', 'b'], to: 1}]",
            "list is an array, but must be an object",
        ),
        (
            "[{set: ['name', 0], to: 1}]",
            "name is a string, but must be an array",
        ),
        (
            "[{set: ['list', 0, 'a'], to: 1}]",
            "list[0] is a number, but must be an object",
        ),
        (
            "[{set: ['n'], to: 1}, {set: ['n', 'a'], to: 1}]",
            "n is a number, but must be an object",
        ),
        (
            "[{set: ['list', 1], to: 1}]",
            "list[1] doesn't exist: the array has 1 item",
        ),
        (
            "[{set: ['new', 0], to: 1}]",
            "new[0] doesn't exist: the array has 0 items",
        ),
        ("[{remove: []}]", "the outermost value can't be removed"),
    ] {
        assert_eq!(refused(before, change).to_string(), shown, "{change}");
    }
    match refused(before, "[{set: ['models', 'providers', 'x'], to: 1}]") {
        EditError::NotAContainer {
            path,
            needed,
            found,
            span,
        } => {
            assert_eq!(
                (path, needed, found),
                (Path::root().key("models"), Kind::Object, Kind::Null)
            );
            assert_eq!(&before[span], "null");
        }
        error => panic!("{error}"),
    }
    for root in ["[]", "1", "null", "\"x\""] {
        let error = refused(root, "[{set: ['a'], to: 1}]");
        assert!(
            matches!(
                error,
                EditError::NotAContainer {
                    needed: Kind::Object,
                    ..
                }
            ),
            "{error}"
        );
        refused(root, "[{remove: ['a']}]");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |depth: usize| (0..depth).fold(Value::Null, |value, _| Value::Array(vec![value]));
    let document = read("{a: 1}");
    let set = |depth: usize| {
        let path = Path::root().key("b");
        apply(
            &document,
            &[Change::Set {
                path,
                value: deep(depth),
            }],
        )
    };
    assert!(
        set(MAX_DEPTH - 1).is_ok(),
        "the judge must not run out of stack either"
    );
    assert_eq!(
        set(MAX_DEPTH).unwrap_err(),
        EditError::TooDeep {
            path: Path::root().key("b")
        }
    );
    let path = Path::keys(vec!["k"; MAX_DEPTH]);
    assert!(
        apply(
            &document,
            &[Change::Set {
                path,
                value: Value::Null
            }]
        )
        .is_ok()
    );
    let path = Path::keys(vec!["k"; MAX_DEPTH + 1]);
    let error = apply(
        &document,
        &[Change::Set {
            path,
            value: Value::Null,
        }],
    )
    .unwrap_err();
    assert!(matches!(error, EditError::TooDeep { .. }));
}

#[test]
fn the_root_can_be_replaced() {
    let edited = edited(
        "{\n  // c\n  a: 1,\n  b: 2, // d\n}",
        "[{set: [], to: {a: 1, e: 3}}]",
    );
    assert_eq!(edited.document.text(), "{\n  // c\n  a: 1,\n  e: 3,\n}");
}

#[test]
fn new_files_are_plain_json() {
    let text = create(&value("{a: {b: [1, 'x'], c: {}, d: []}, 'e\"': null}"));
    assert_eq!(
        text,
        "{\n  \"a\": {\n    \"b\": [\n      1,\n      \"x\"\n    ],\n    \"c\": {},\n    \"d\": []\n  },\n  \"e\\\"\": null\n}\n"
    );
    assert!(read(&text).is_json());
    assert_eq!(create(&Value::Object(Vec::new())), "{}\n");
}

/// The cost of an edit mustn't depend on the length of a list: no step may scan the whole list for
/// each of its entries.
#[test]
fn long_lists_are_fast() {
    let items: Vec<String> = (0..30_000)
        .map(|n| format!("    {{ id: \"m{n}\" }}, // {n}"))
        .collect();
    let before = format!("{{\n  list: [\n{}\n  ],\n}}\n", items.join("\n"));
    let edited = edited(
        &before,
        "[{append: ['list'], value: {id: 'new'}}, {remove: ['list', 29998]}, {set: ['list', 7, 'id'], to: 'x'}]",
    );
    let after = before
        .replace("    { id: \"m29998\" }, // 29998\n", "")
        .replace("// 29999\n", "// 29999\n    { id: \"new\" },\n")
        .replace("\"m7\"", "\"x\"");
    assert_eq!(edited.document.text(), after);
    assert_eq!(edited.replacements.len(), 3);
}

#[test]
fn rejects_renaming_to_an_existing_key() {
    let error = refused("{a:{b:1,c:2}}", "[{rename: ['a','b'], to: 'c'}]");
    assert_eq!(error.to_string(), "a.c already exists");
}
