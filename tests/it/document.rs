//! The parser compared with npm `json5` 2.2.3: what it accepts and rejects, and the values.

use openclaw_portkey::document::{
    Document, Kind, MAX_DEPTH, Path, Position, ReadError, ReadErrorKind, Value,
};

fn read(text: &str) -> Document {
    Document::parse(text).unwrap_or_else(|error| panic!("{text:?} is refused: {error}"))
}

fn refused(text: &str) -> ReadError {
    match Document::parse(text) {
        Ok(document) => panic!("{text:?} is read as {:?}", document.value(document.root())),
        Err(error) => error,
    }
}

fn value(text: &str) -> Value {
    let document = read(text);
    document.value(document.root())
}

/// The source of a number, its value, and whether it is valid JSON.
const NUMBERS: &[(&str, f64, bool)] = &[
    ("0", 0.0, true),
    ("-0", -0.0, true),
    ("+0", 0.0, false),
    ("0.0", 0.0, true),
    ("-0.0", -0.0, true),
    ("0e0", 0.0, true),
    ("0e9", 0.0, true),
    ("1", 1.0, true),
    ("12", 12.0, true),
    ("-12", -12.0, true),
    ("+12", 12.0, false),
    ("1.5", 1.5, true),
    ("-1.5", -1.5, true),
    ("+1.5", 1.5, false),
    (".5", 0.5, false),
    ("-.5", -0.5, false),
    ("+.5", 0.5, false),
    ("5.", 5.0, false),
    ("0.", 0.0, false),
    ("-5.", -5.0, false),
    ("5.e3", 5000.0, false),
    (".5e1", 5.0, false),
    ("5e3", 5000.0, true),
    ("5E3", 5000.0, true),
    ("5e+3", 5000.0, true),
    ("5e-3", 0.005, true),
    ("1.25e2", 125.0, true),
    ("1e400", f64::INFINITY, true),
    ("-1e400", f64::NEG_INFINITY, true),
    ("1e-400", 0.0, true),
    ("9007199254740993", 9_007_199_254_740_992.0, true),
    (
        "123456789012345678901234567890",
        1.234_567_890_123_456_8e29,
        true,
    ),
    ("0x0", 0.0, false),
    ("0xa", 10.0, false),
    ("0XA", 10.0, false),
    ("0xc8", 200.0, false),
    ("-0xC8", -200.0, false),
    ("+0xC8", 200.0, false),
    ("-0x0", -0.0, false),
    ("0xe1", 225.0, false),
    (
        "0xffffffffffffffffffffffffffffffffff",
        8.711_228_593_176_025e40,
        false,
    ),
    ("Infinity", f64::INFINITY, false),
    ("+Infinity", f64::INFINITY, false),
    ("-Infinity", f64::NEG_INFINITY, false),
    ("NaN", f64::NAN, false),
    ("+NaN", f64::NAN, false),
    ("-NaN", f64::NAN, false),
];

/// The source of a string, its value, and whether it is valid JSON.
const STRINGS: &[(&str, &str, bool)] = &[
    (r#""""#, "", true),
    ("''", "", false),
    (r#""a""#, "a", true),
    ("'a'", "a", false),
    (r#""it's""#, "it's", true),
    (r#"'say "hi"'"#, "say \"hi\"", false),
    (r#""\"""#, "\"", true),
    (r#""\'""#, "'", false),
    (r"'\''", "'", false),
    (r#"'\"'"#, "\"", false),
    (r#""\\""#, "\\", true),
    (r#""\\\\""#, "\\\\", true),
    (r#""\/""#, "/", true),
    (r#""\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t", true),
    (r#""\v""#, "\u{b}", false),
    (r#""\0""#, "\0", false),
    (r#""\0a""#, "\0a", false),
    (r#""\x41""#, "A", false),
    (r#""\xe4\xFf""#, "\u{e4}\u{ff}", false),
    (r#""\u0041""#, "A", true),
    (r#""\u00e4\u2028""#, "\u{e4}\u{2028}", true),
    (r#""\u0000""#, "\0", true),
    (r#""\uD83D\uDE00""#, "😀", true),
    (r#""\ud83d\ude00x""#, "😀x", true),
    (r#""\ud83d""#, "\u{fffd}", true),
    (r#""\ude00""#, "\u{fffd}", true),
    (r#""\ud83dx""#, "\u{fffd}x", true),
    (r#""\ud83d\u0041""#, "\u{fffd}A", true),
    (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀", true),
    (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}", true),
    // Line continuations between the halves of a surrogate pair don't separate them.
    ("'\\ud83d\\\n\\ude00'", "😀", false),
    ("'\\ud83d\\\r\n\\\u{2028}\\ude00\\\n'", "😀", false),
    ("'\\ud83d\\\n\\ud83d\\\r\\ude00'", "\u{fffd}😀", false),
    ("'\\ud83d\\\nx\\ude00'", "\u{fffd}x\u{fffd}", false),
    (r#""\a\c\A""#, "acA", false),
    (r#""\ ""#, " ", false),
    (r#""\ä\😀""#, "ä😀", false),
    (r#""\U0041""#, "U0041", false),
    ("\"a\\\nb\"", "ab", false),
    ("\"a\\\rb\"", "ab", false),
    ("\"a\\\r\nb\"", "ab", false),
    ("\"a\\\n\\\nb\"", "ab", false),
    ("\"a\\\u{2028}b\"", "ab", false),
    ("\"a\\\u{2029}b\"", "ab", false),
    ("\"\\\n\"", "", false),
    ("\"a\u{2028}b\u{2029}c\"", "a\u{2028}b\u{2029}c", true),
    ("\"a\tb\"", "a\tb", false),
    ("\"a\0b\u{1f}\"", "a\0b\u{1f}", false),
    ("\"\u{7f}\u{feff}\"", "\u{7f}\u{feff}", true),
    ("\"// no comment\"", "// no comment", true),
    ("\"/* no comment */\"", "/* no comment */", true),
    ("\"{}[],:\"", "{}[],:", true),
    ("\"ключ 鍵 🔑\"", "ключ 鍵 🔑", true),
];

/// The source of a key, its value, and whether it is valid JSON.
const KEYS: &[(&str, &str, bool)] = &[
    (r#""a""#, "a", true),
    ("'a'", "a", false),
    (r#""""#, "", true),
    (r#""a b""#, "a b", true),
    (r#""\u0061""#, "a", true),
    (r#""\x61""#, "a", false),
    ("\"a\\\nb\"", "ab", false),
    ("a", "a", false),
    ("A1", "A1", false),
    ("$", "$", false),
    ("_", "_", false),
    ("$_a$1", "$_a$1", false),
    ("true", "true", false),
    ("false", "false", false),
    ("null", "null", false),
    ("true_x", "true_x", false),
    ("nullify", "nullify", false),
    ("Infinity", "Infinity", false),
    ("NaN", "NaN", false),
    ("while", "while", false),
    ("class", "class", false),
    ("__proto__", "__proto__", false),
    ("ünïcödé", "ünïcödé", false),
    ("ключ", "ключ", false),
    ("鍵", "鍵", false),
    ("ª", "ª", false),
    ("Ⅷ", "Ⅷ", false),
    ("𐐷x", "𐐷x", false),
    ("a\u{301}", "a\u{301}", false),
    ("a\u{200c}b\u{200d}", "a\u{200c}b\u{200d}", false),
    ("a\u{203f}b", "a\u{203f}b", false),
    ("a\u{661}", "a\u{661}", false),
    (r"\u0061", "a", false),
    (r"\u0061b\u0063", "abc", false),
    (r"a\u0031", "a1", false),
    (r"\u0024\u005f", "$_", false),
    (r"a\u200c", "a\u{200c}", false),
    (r"\u00fc", "ü", false),
];

/// Whitespace and comments, allowed between any two tokens, and whether they are valid JSON.
const BETWEEN: &[(&str, bool)] = &[
    ("", true),
    (" ", true),
    ("\t", true),
    ("\n", true),
    ("\r", true),
    ("\r\n", true),
    ("\u{b}", false),
    ("\u{c}", false),
    ("\u{a0}", false),
    ("\u{feff}", false),
    ("\u{2028}", false),
    ("\u{2029}", false),
    ("\u{1680}", false),
    ("\u{2000}", false),
    ("\u{200a}", false),
    ("\u{202f}", false),
    ("\u{205f}", false),
    ("\u{3000}", false),
    ("/**/", false),
    ("/***/", false),
    ("/* a */", false),
    ("/* * / ** */", false),
    ("/* a\n b */", false),
    ("/* // */", false),
    ("/*/*/", false),
    ("/* \" ' { [ , */", false),
    ("/* ключ 🔑 */", false),
    ("//\n", false),
    ("// a\n", false),
    ("// a\r", false),
    ("// a\r\n", false),
    ("// a\u{2028}", false),
    ("// a\u{2029}", false),
    ("// /* \n", false),
    ("// \" ' } ] ,\n", false),
    ("// a\n\n  // b\n  /* c */ ", false),
];

/// Texts that are rejected, and the byte the error points at.
const REFUSED: &[(&str, usize)] = &[
    // Empty, or too much.
    ("", 0),
    ("   ", 0),
    ("// only a comment", 0),
    ("/* only a comment */\n", 0),
    ("{} {}", 3),
    ("1 2", 2),
    ("[] ,", 3),
    ("{}}", 2),
    ("[1]]", 3),
    ("\"a\" \"b\"", 4),
    // Comments.
    ("/", 0),
    ("/ /", 0),
    ("/* a", 0),
    ("/*/", 0),
    ("[1 /]", 3),
    ("[1 /* a]", 3),
    ("{\"a\": 1 # b\n}", 8),
    // Words.
    ("a", 0),
    ("True", 0),
    ("None", 0),
    ("undefined", 0),
    ("nul", 0),
    ("nullx", 0),
    ("true1", 0),
    ("TRUE", 0),
    ("infinity", 0),
    ("nan", 0),
    ("Infinity1", 0),
    ("-infinity", 0),
    ("-true", 0),
    ("`a`", 0),
    ("“a”", 0),
    ("@@A@@", 0),
    ("<a>", 0),
    ("${A}", 0),
    ("(1)", 0),
    ("\\u0061", 0),
    ("=", 0),
    // Numbers.
    ("00", 0),
    ("01", 0),
    ("-01", 0),
    ("0123", 0),
    ("08", 0),
    ("00.5", 0),
    (".", 0),
    ("+", 0),
    ("-", 0),
    ("--1", 0),
    ("+-1", 0),
    ("- 1", 0),
    (".e1", 0),
    ("-.", 0),
    ("1e", 0),
    ("1e+", 0),
    ("1.5e-", 0),
    ("0x", 0),
    ("-0x", 0),
    ("0xg", 0),
    ("0x1.5", 3),
    ("1.2.3", 3),
    ("1_000", 1),
    ("1,000", 1),
    ("1a", 1),
    ("0b1", 1),
    ("0o7", 1),
    ("10n", 2),
    ("5..", 2),
    ("-Infinityx", 9),
    ("1 .5", 2),
    // Strings.
    ("\"", 0),
    ("'", 0),
    ("\"a", 0),
    ("\"a'", 0),
    ("'a\"", 0),
    ("\"a\nb\"", 0),
    ("\"a\rb\"", 0),
    ("\"a\\", 0),
    ("\"a\\\"", 0),
    (r#""\x4""#, 1),
    (r#""\xg0""#, 1),
    (r#""\u""#, 1),
    (r#""\u004""#, 1),
    (r#""\u004g""#, 1),
    (r#""\u{41}""#, 1),
    (r#""\u{1F915}""#, 1),
    (r#""\1""#, 1),
    (r#""\9""#, 1),
    (r#""\00""#, 1),
    (r#""\01""#, 1),
    // Arrays.
    ("[", 0),
    ("[1", 0),
    ("[1,", 0),
    ("[,]", 1),
    ("[,1]", 1),
    ("[1,,]", 3),
    ("[1,,2]", 3),
    ("[1 2]", 2),
    ("[1\n2]", 2),
    ("[1;2]", 2),
    ("[1}", 2),
    ("[}", 1),
    ("]", 0),
    ("[1:2]", 2),
    ("[a: 1]", 1),
    ("[[]", 0),
    ("[...a]", 1),
    // Objects.
    ("{", 0),
    ("}", 0),
    ("{]", 1),
    ("{,}", 1),
    ("{a}", 2),
    ("{\"a\"}", 4),
    ("{a:}", 3),
    ("{a:,}", 3),
    ("{a 1}", 2),
    ("{a = 1}", 3),
    ("{a: 1", 0),
    ("{a: 1,", 0),
    ("{a", 0),
    ("{a:", 3),
    ("{a: 1,,}", 6),
    ("{,a: 1}", 1),
    ("{a: 1 b: 2}", 5),
    ("{a: 1\n  b: 2}", 5),
    ("{a: \"x\" // note\n  \"b\": 2}", 7),
    ("{a: {}\n  b: 2}", 6),
    ("{a: 1; b: 2}", 5),
    ("{a: 1]", 5),
    ("{a: 1 2}", 5),
    ("{1: 1}", 1),
    ("{-1: 1}", 1),
    ("{.5: 1}", 1),
    ("{1a: 1}", 1),
    ("{a-b: 1}", 2),
    ("{a.b: 1}", 2),
    ("{a/b: 1}", 2),
    ("{@a: 1}", 1),
    ("{[a]: 1}", 1),
    ("{{a}: 1}", 1),
    ("{a😀: 1}", 2),
    ("{\u{301}a: 1}", 1),
    ("{\u{200c}a: 1}", 1),
    (r"{\u0031a: 1}", 1),
    (r"{\u002d: 1}", 1),
    (r"{a\u002d: 1}", 2),
    (r"{\x61: 1}", 1),
    (r"{\ud801\udc37: 1}", 1),
    (r"{a\u: 1}", 2),
    ("{a: process.env.A || \"b\"}", 4),
    ("{a: \"x\" || \"b\"}", 8),
    ("{a: @@A@@, b: 1}", 4),
    ("{a: 1 + 2}", 6),
    ("{a: -\"1\"}", 4),
    ("{a: b}", 4),
    ("{a(): 1}", 2),
    ("{get a: 1}", 4),
    ("{...a}", 1),
    // Not whitespace.
    ("[1,\u{180e}2]", 3),
    ("[1,\u{200b}2]", 3),
    ("[1,\u{85}2]", 3),
    ("[1,\u{0}2]", 3),
    ("\\n1", 0),
];

#[test]
fn all_number_formats() {
    for &(source, expected, json) in NUMBERS {
        for text in [
            source.to_owned(),
            format!("[{source}]"),
            format!("[ {source} , 1]"),
        ] {
            let document = read(&text);
            let node = document
                .items(document.root())
                .next()
                .unwrap_or(document.root());
            assert_eq!(document.kind(node), Kind::Number, "{text}");
            assert_eq!(document.slice(node), source);
            let number = document.number(node).unwrap();
            assert_eq!(Value::Number(number), Value::Number(expected), "{text}");
            assert_eq!(document.is_json(), json, "{text}");
        }
    }
}

#[test]
fn all_string_formats() {
    for &(source, expected, json) in STRINGS {
        for text in [
            source.to_owned(),
            format!("[{source}]"),
            format!("[ {source} , 1]"),
        ] {
            let document = read(&text);
            let node = document
                .items(document.root())
                .next()
                .unwrap_or(document.root());
            assert_eq!(document.slice(node), source);
            assert_eq!(document.string(node).unwrap(), expected, "{text}");
            assert_eq!(document.is_json(), json, "{text}");
        }
    }
}

#[test]
fn all_key_formats() {
    for &(source, expected, json) in KEYS {
        for text in [
            format!("{{{source}:1}}"),
            format!("{{ {source} : 1 , \"b\" : 2 }}"),
        ] {
            let document = read(&text);
            let member = document.members(document.root()).next().unwrap();
            assert_eq!(member.key, expected, "{text}");
            assert_eq!(&text[member.key_span], source);
            assert_eq!(document.number(member.value), Some(1.0));
            assert_eq!(document.get(document.root(), expected), Some(member.value));
            assert_eq!(document.is_json(), json, "{text}");
        }
    }
}

#[test]
fn whitespace_and_comments_between_any_tokens() {
    let expected = value(r#"{"a":[1,{}],"b":[]}"#);
    for &(between, json) in BETWEEN {
        let tokens = [
            "", "{", "\"a\"", ":", "[", "1", ",", "{", "}", "]", ",", "\"b\"", ":",
        ];
        let text = format!(
            "{}{between}[{between}]{between}}}{between}",
            tokens.join(between)
        );
        let document = read(&text);
        assert_eq!(document.value(document.root()), expected, "{text:?}");
        // Just a leading byte order mark doesn't make it JSON5.
        assert_eq!(document.is_json(), json, "{text:?}");
    }
}

#[test]
fn finds_comments() {
    for &(between, _) in BETWEEN {
        let text = format!("{between}{{'//': /**/ \"/* \\\" */\",{between}}}{between}// end");
        let document = read(&text);
        let comments: Vec<&str> = document.comments().map(|span| &text[span]).collect();
        let inside = between.matches("/*").count().min(1) + between.matches("// ").count();
        assert_eq!(comments.last(), Some(&"// end"));
        assert!(comments.contains(&"/**/"));
        assert!(
            !comments
                .iter()
                .any(|comment| comment.contains(['\n', '\r']) && comment.starts_with("//"))
        );
        if inside == 0 && !between.contains("//") {
            assert_eq!(comments.len(), 2, "{text:?}");
        }
    }
    let text = "// a\r\n{ /* b */ x: 'no // c', // d\u{2028} y: 1 /* e\n */ }//";
    let comments: Vec<&str> = read(text).comments().map(|span| &text[span]).collect();
    assert_eq!(comments, ["// a", "/* b */", "// d", "/* e\n */", "//"]);
}

#[test]
fn comments_in_a_part_match_the_whole() {
    let text = "// a\n{ /* b */ x: 'no // c', y: [/* d */], // e\n z: {} /* f */ }// g";
    let document = read(text);
    for start in 0..=text.len() {
        for end in start..=text.len() {
            let expected: Vec<_> = document
                .comments()
                .filter(|comment| comment.start < end && start < comment.end)
                .collect();
            let found: Vec<_> = document.comments_in(start..end).collect();
            assert_eq!(found, expected, "{start}..{end}");
        }
    }
}

#[test]
fn trailing_commas_and_duplicates() {
    for (text, json) in [
        ("[1,]", false),
        ("[1 , /* a */ ]", false),
        ("{a:1,}", false),
        ("{\"a\":1,}", false),
        ("{\"a\":1,\"a\":2}", true),
    ] {
        assert_eq!(read(text).is_json(), json, "{text}");
    }
    let document = read("{a: 1, b: 2, 'a': 3, \"\\u0061\": {c: 4}}");
    let root = document.root();
    assert_eq!(document.members(root).count(), 4);
    assert_eq!(document.value(root), value("{\"b\": 2, \"a\": {\"c\": 4}}"));
    let Value::Object(members) = document.value(root) else {
        panic!("an object")
    };
    assert_eq!(members[0].0, "a", "a duplicate keeps the first place");
    assert_eq!(
        document.at(&Path::root().key("a").key("c")),
        document.nodes().last()
    );
    assert_eq!(document.slice(document.get(root, "a").unwrap()), "{c: 4}");
}

#[test]
fn rejects_with_a_position() {
    for &(text, at) in REFUSED {
        let error = refused(text);
        assert_eq!(error.span.start, at, "{text:?}: {error}");
        assert!(
            error.span.end <= text.len() && text.get(error.span.clone()).is_some(),
            "{text:?}"
        );
        assert!(!error.message.ends_with('.') && !error.message.contains('\n'));
    }
}

#[test]
fn rejects_text_truncated_anywhere() {
    let text = "// c\n{\"a\": [1, -2.5e3, 'x\\u0041', {b: null, /* d */ c: true,},], $e: \"\"}";
    read(text);
    for (end, _) in text.char_indices() {
        refused(&text[..end]);
    }
}

#[test]
fn messages_and_hints_for_what_people_write() {
    for (text, message, hint) in [
        (
            "{\n  a: 1\n  b: 2\n}",
            "expected `,` or `}` after this value",
            "comma seems to be missing",
        ),
        (
            "{a: process.env.KEY || \"x\"}",
            "this word is not a value",
            "${NAME}",
        ),
        (
            "{a: \"x\" || \"y\"}",
            "expected `,` or `}` after this value",
            "not JavaScript",
        ),
        ("{a: @@BLOCK@@,}", "this is not a value", "placeholder"),
        ("{a: {{ name }}}", "expected a key or `}`", "placeholder"),
        ("{a: True}", "this word is not a value", "`true`"),
        ("{a: None}", "this word is not a value", "`null`"),
        ("{a: hello}", "this word is not a value", "quotes"),
        ("{a: ${KEY}}", "this is not a value", "quotes"),
        (
            "{a: \"\\u{1F915}\"}",
            "`\\u{…}` is not valid in JSON5",
            "four digits",
        ),
        (
            "{a: “x”}",
            "this is not a JSON5 quotation mark",
            "put strings in",
        ),
        ("{a-b: 1}", "expected `:` after this key", "needs quotes"),
        ("{a = 1}", "expected `:` after this key", "not `=`"),
        (
            "{a: 1; b: 2}",
            "expected `,` or `}` after this value",
            "not `;`",
        ),
        (
            "{a: 1 # b\n}",
            "expected `,` or `}` after this value",
            "comments start",
        ),
        ("{a: \"x\n}", "unterminated string", "on the same line"),
        (
            "{} {}",
            "expected nothing more after the outermost value",
            "merge",
        ),
        (
            "{}}",
            "expected nothing more after the outermost value",
            "extra closing",
        ),
    ] {
        let error = refused(text);
        assert_eq!(error.kind, ReadErrorKind::Syntax);
        assert_eq!(error.message, message, "{text}");
        assert!(
            error.hint.is_some_and(|text| text.contains(hint)),
            "{text}: {:?}",
            error.hint
        );
    }
    let error = refused("{\n  a: \"sk-secret\"\n  b: 2\n}");
    assert_eq!(
        error.position,
        Position {
            line: 2,
            column: 17
        }
    );
    assert_eq!(
        error.to_string(),
        "2:17: expected `,` or `}` after this value"
    );
    assert_eq!(
        refused("{\n  a: [\n").to_string(),
        "2:6: this `[` has no closing `]`"
    );
    assert_eq!(refused("  \n").kind, ReadErrorKind::Empty);
}

#[test]
fn bytes_that_are_not_utf8() {
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let big_endian = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    for bytes in [
        utf16("\u{feff}{}"),
        utf16("{}"),
        big_endian("\u{feff}{}"),
        big_endian("{}"),
    ] {
        assert_eq!(
            Document::read(bytes).unwrap_err().kind,
            ReadErrorKind::Utf16
        );
    }
    let error = Document::read(b"{\n  \"\xC3\xA4\": \"\xFF\"}".to_vec()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::NotUtf8);
    assert_eq!(error.span, 11..12);
    assert_eq!(error.position, Position { line: 2, column: 9 });
    let cut = Document::read(b"{\"a\": \"\xE2\x82".to_vec()).unwrap_err();
    assert_eq!((cut.kind, cut.span), (ReadErrorKind::NotUtf8, 7..9));
    for text in ["{a: 1}", "'\0'", "'\0a'", "\"\0a\0b\"", "'\0\0' // \0"] {
        let document = Document::read(text.as_bytes().to_vec()).unwrap();
        assert_eq!(document.text(), text);
    }
    assert_eq!(
        Document::read(Vec::new()).unwrap_err().kind,
        ReadErrorKind::Empty
    );
}

#[test]
fn a_byte_order_mark_is_kept_and_ignored() {
    let document = read("\u{feff}{\"a\": 1}");
    assert!(document.is_json());
    assert_eq!(document.text(), "\u{feff}{\"a\": 1}");
    assert_eq!(document.span(document.root()), 3..11);
    assert!(!read("\u{feff}\u{feff}{}").is_json());
}

#[test]
fn depth_is_bounded_without_using_the_stack() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::parse(nested(MAX_DEPTH)).is_ok());
    for text in [
        nested(MAX_DEPTH + 1),
        "[".repeat(1_000_000),
        "{\"a\":".repeat(1_000_000),
    ] {
        assert_eq!(refused(&text).kind, ReadErrorKind::TooDeep);
    }
    let wide = format!("[{}]", "[],".repeat(1_000_000));
    let document = read(&wide);
    assert_eq!(document.items(document.root()).count(), 1_000_000);
}

#[test]
fn positions_count_lines_like_editors() {
    let document = read("{\n  a: 'ä😀',\r\n  b: 1,\r  c: '\u{2028}', d: 2}");
    let text = document.text();
    for (needle, line, column) in [
        ("{", 1, 1),
        ("a:", 2, 3),
        (",\r\n", 2, 10),
        ("b", 3, 3),
        ("c:", 4, 3),
        ("d", 4, 11),
    ] {
        let position = document.locate(text.find(needle).unwrap());
        assert_eq!(position, Position { line, column }, "{needle:?}");
    }
    assert_eq!(document.locate(text.len() + 9), document.locate(text.len()));
}

#[test]
fn the_tree_can_be_walked() {
    let document = read("{a: [1, {b: 'x'}, [], {}], c: null, d: false}");
    let root = document.root();
    let a = document.get(root, "a").unwrap();
    let items: Vec<&str> = document.items(a).map(|item| document.slice(item)).collect();
    assert_eq!(items, ["1", "{b: 'x'}", "[]", "{}"]);
    assert_eq!(document.members(a).count(), 0);
    assert_eq!(document.items(root).count(), 0);
    assert_eq!(document.get(root, "e"), None);
    let at = |path: Path| document.at(&path).map(|node| document.slice(node));
    assert_eq!(at(Path::root().key("a").index(1).key("b")), Some("'x'"));
    assert_eq!(at(Path::root().key("a").index(4)), None);
    assert_eq!(at(Path::root().key("c").key("d")), None);
    assert_eq!(at(Path::root().index(0)), None);
    assert_eq!(
        document.boolean(document.get(root, "d").unwrap()),
        Some(false)
    );
    assert_eq!(document.boolean(root), None);
    assert_eq!(document.string(a), None);
    assert_eq!(document.nodes().count(), 9);
}

#[test]
fn paths_are_formatted_as_in_javascript() {
    for (path, shown) in [
        (Path::root(), "(root)"),
        (
            Path::keys(["models", "providers", "portkey", "models"])
                .index(0)
                .key("id"),
            "models.providers.portkey.models[0].id",
        ),
        (Path::root().key("a b").key("c"), "[\"a b\"].c"),
        (Path::root().key("a").key("@x/y:free"), "a[\"@x/y:free\"]"),
        (Path::root().key("say \"\\\""), "[\"say \\\"\\\\\\\"\"]"),
        (
            Path::root().key("\u{1b}[31m\n\u{202e}"),
            "[\"\\u001b[31m\\u000a\\u202e\"]",
        ),
        (
            Path::root().key("").key("1a").key("$_1"),
            "[\"\"][\"1a\"].$_1",
        ),
        (Path::root().index(3).index(0), "[3][0]"),
    ] {
        assert_eq!(path.to_string(), shown);
    }
}

#[test]
fn values_compare_exactly_except_key_order() {
    assert_eq!(value("{a: 1, b: [NaN]}"), value("{b: [NaN], a: 1}"));
    for (a, b) in [
        ("0", "-0"),
        ("1", "'1'"),
        ("[1, 2]", "[2, 1]"),
        ("{a: 1}", "{a: 1, b: 1}"),
        ("{a: 1, b: 1}", "{a: 1}"),
        ("{a: 1}", "{b: 1}"),
        ("null", "false"),
        ("[]", "{}"),
    ] {
        assert_ne!(value(a), value(b), "{a} and {b}");
    }
    let object = Value::object([("a", Value::from(1)), ("b", "x".into()), ("a", true.into())]);
    assert_eq!(object, value("{a: true, b: 'x'}"));
    assert_eq!(object.get("b").and_then(Value::as_str), Some("x"));
    assert_eq!(object.get("c"), None);
    assert_eq!(Value::array(["x"]).depth(), 1);
    assert_eq!(value("{a: [{}, 1]}").depth(), 3);
}
