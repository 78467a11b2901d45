//! Random edits of random documents, checked against a model that only has values, no text.
//!
//! The same check runs under proptest (small, shrinking), for a few thousand seeds in the normal
//! suite, and for a million with `cargo test --release -- --ignored fuzz`.

use std::collections::HashMap;
use std::fmt::Write as _;

use openclaw_portkey::document::{Document, NodeId, Path, Step, Value};
use openclaw_portkey::edit::{Change, EditError, apply, replaced};
use proptest::prelude::*;

/// Random choices: from given bytes (then always zero, the simplest choice), or from a seed.
struct Dice {
    bytes: Vec<u8>,
    at: usize,
    state: Option<u64>,
}

impl Dice {
    fn seeded(seed: u64) -> Self {
        Self {
            bytes: Vec::new(),
            at: 0,
            state: Some(seed),
        }
    }

    fn given(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            at: 0,
            state: None,
        }
    }

    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        let number = if let Some(state) = &mut self.state {
            // SplitMix64.
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            usize::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)
        } else {
            self.at += 1;
            self.bytes
                .get(self.at - 1)
                .map_or(0, |&byte| usize::from(byte))
        };
        number % sides
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.roll(one_in) == one_in - 1
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.roll(choices.len())]
    }
}

const KEYS: &[&str] = &[
    "a",
    "b",
    "id",
    "model",
    "a b",
    "@x/y:free",
    "",
    "ключ",
    "$_1",
    "true",
    "it's",
    "\"",
    "c-d",
    "\u{1b}\n",
];
const STRINGS: &[&str] = &[
    "",
    "x",
    "${KEY}",
    "// no comment",
    "it's",
    "say \"hi\"",
    "\\",
    "\n\r\t\u{8}\0",
    "\u{2028}",
    "🔑",
    "/* */",
    "}{][,:",
];
const NUMBERS: &[f64] = &[
    0.0,
    1.0,
    -0.0,
    -1.5,
    200_000.0,
    1e21,
    1e-7,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

fn random_value(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth == 0 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(dice.roll(2) == 0),
        2 => Value::Number(
            NUMBERS[if dice.chance(12) {
                7 + dice.roll(3)
            } else {
                dice.roll(7)
            }],
        ),
        3 | 4 => Value::String(dice.pick(STRINGS).to_owned()),
        5 => Value::Array(
            (0..dice.roll(4))
                .map(|_| random_value(dice, depth - 1))
                .collect(),
        ),
        _ => random_object(dice, depth - 1),
    }
}

fn random_object(dice: &mut Dice, depth: usize) -> Value {
    let count = dice.roll(5);
    Value::object(
        (0..count)
            .map(|_| (dice.pick(KEYS), random_value(dice, depth)))
            .collect::<Vec<_>>(),
    )
}

/// How to format a random document.
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
struct Hand {
    json: bool,
    /// Arbitrary trivia everywhere, instead of an orderly layout.
    wild: bool,
    duplicates: bool,
    line_break: &'static str,
    unit: &'static str,
    bare_keys: bool,
    quote: char,
    colon: &'static str,
    trailing_comma: bool,
    comments: bool,
    /// One in this many containers is on one line.
    inline_one_in: usize,
}

impl Hand {
    fn random(dice: &mut Dice) -> Self {
        let json = dice.roll(3) == 0;
        Self {
            json,
            wild: !json && dice.chance(3),
            duplicates: dice.chance(12),
            line_break: dice.pick(&["\n", "\n", "\n", "\r\n", "\r"]),
            unit: dice.pick(&["  ", "    ", "\t", ""]),
            bare_keys: !json && dice.roll(2) == 0,
            quote: if json {
                '"'
            } else {
                ['"', '"', '\''][dice.roll(3)]
            },
            colon: dice.pick(&[": ", ":", " : "]),
            trailing_comma: !json && dice.roll(2) == 0,
            comments: !json && dice.roll(2) == 0,
            inline_one_in: 1 + dice.roll(4),
        }
    }

    fn document(&self, value: &Value, dice: &mut Dice) -> String {
        let mut text = String::new();
        if dice.chance(10) {
            text.push('\u{feff}');
        }
        self.own_line_comment("", dice, &mut text);
        self.value(value, "", dice, &mut text);
        if dice.roll(3) > 0 {
            text.push_str(self.line_break);
        }
        text
    }

    fn value(&self, value: &Value, indent: &str, dice: &mut Dice, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(value) => out.push_str(&self.number(*value)),
            Value::String(value) => Self::string(value, self.quote, out),
            Value::Array(items) => {
                let entries: Vec<_> = items.iter().map(|item| (None, item)).collect();
                self.container(('[', ']'), &entries, indent, dice, out);
            }
            Value::Object(members) => {
                let mut entries: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (Some(key.as_str()), value))
                    .collect();
                if self.duplicates && entries.len() > 1 {
                    // An earlier duplicate doesn't count.
                    let last = entries[entries.len() - 1].0;
                    entries.insert(0, (last, entries[0].1));
                }
                self.container(('{', '}'), &entries, indent, dice, out);
            }
        }
    }

    fn number(&self, value: f64) -> String {
        if value.is_nan() {
            return if self.json { "0" } else { "NaN" }.to_owned();
        }
        if value.is_infinite() {
            let (finite, infinite) = if value > 0.0 {
                ("1e999", "+Infinity")
            } else {
                ("-1e999", "-Infinity")
            };
            return if self.json { finite } else { infinite }.to_owned();
        }
        format!("{value:e}")
    }

    fn string(value: &str, quote: char, out: &mut String) {
        out.push(quote);
        for c in value.chars() {
            match c {
                c if c == quote || c == '\\' => out.extend(['\\', c]),
                c if c.is_control() => write!(out, "\\u{:04X}", u32::from(c)).unwrap(),
                c => out.push(c),
            }
        }
        out.push(quote);
    }

    fn key(&self, key: &str, out: &mut String) {
        let is_bare =
            self.bare_keys && !key.is_empty() && key.chars().all(|c| c.is_alphabetic() || c == '_');
        if is_bare {
            out.push_str(key);
        } else {
            Self::string(key, self.quote, out);
        }
    }

    fn container(
        &self,
        (open, close): (char, char),
        entries: &[(Option<&str>, &Value)],
        indent: &str,
        dice: &mut Dice,
        out: &mut String,
    ) {
        let is_inline = dice.roll(self.inline_one_in) == 0 || (self.json && entries.is_empty());
        let inner = format!("{indent}{}", self.unit);
        out.push(open);
        for (index, (key, value)) in entries.iter().enumerate() {
            if self.wild {
                Self::anything(dice, out);
            } else if is_inline {
                out.push_str(if index > 0 { " " } else { "" });
                self.block_comment(dice, out);
            } else {
                self.end_line(index == 0, &inner, dice, out);
                out.push_str(&inner);
            }
            if let Some(key) = key {
                self.key(key, out);
                if self.wild {
                    Self::anything(dice, out);
                }
                out.push_str(self.colon);
                if self.wild {
                    Self::anything(dice, out);
                }
            }
            self.value(value, &inner, dice, out);
            if self.wild {
                Self::anything(dice, out);
            } else {
                self.block_comment(dice, out);
            }
            if index + 1 < entries.len() || (self.trailing_comma && !is_inline) {
                out.push(',');
            }
        }
        if self.wild {
            Self::anything(dice, out);
        } else if !is_inline {
            self.end_line(false, &inner, dice, out);
            out.push_str(indent);
        } else {
            self.block_comment(dice, out);
        }
        out.push(close);
    }

    fn block_comment(&self, dice: &mut Dice, out: &mut String) {
        if self.comments && dice.chance(6) {
            out.push_str(dice.pick(&["/* c */", " /**/ ", " /* \" ' , } */"]));
        }
    }

    fn own_line_comment(&self, indent: &str, dice: &mut Dice, out: &mut String) {
        if self.comments && dice.chance(4) {
            out.push_str(indent);
            out.push_str(dice.pick(&["// own line", "/* own line */", "// \"a\": 1,"]));
            out.push_str(self.line_break);
        }
    }

    fn end_line(&self, is_head: bool, indent: &str, dice: &mut Dice, out: &mut String) {
        if self.comments && dice.chance(4) {
            out.push_str(dice.pick(&[" // end of line", " //", "/* end of line */"]));
        }
        out.push_str(self.line_break);
        if !is_head && dice.chance(6) {
            out.push_str(self.line_break);
        }
        self.own_line_comment(indent, dice, out);
    }

    fn anything(dice: &mut Dice, out: &mut String) {
        for _ in 0..dice.roll(3) {
            out.push_str(dice.pick(&[
                " ",
                "\n",
                "\t",
                "  ",
                "// c\n",
                "/* c */",
                "//\r",
                "\u{2028}",
                "// c\u{2029}",
                "\u{feff}",
                "/* a\n b */",
                "// , }\r\n",
                "\r\n",
                "/**/",
            ]));
        }
    }
}

/// Damages a text slightly; most results still parse.
fn mutated(text: &str, dice: &mut Dice) -> String {
    const BITS: &[&str] = &[
        ",",
        " ",
        "\n",
        "//\n",
        "/**/",
        "// x",
        "\"",
        "1",
        "a:1,",
        "[]",
        "{}",
        "\\u0061",
        "'x'",
        "\r",
        "\u{2028}",
        ":",
        "0x1F",
        "\\uD800",
        "[1,2,]",
        "\"k\": \"v\",",
        "-0",
    ];
    let mut text = text.to_owned();
    for _ in 0..=dice.roll(3) {
        let boundaries: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let at = dice.roll(boundaries.len());
        let end = (at + dice.roll(3)).min(boundaries.len() - 1);
        let bit = if dice.chance(2) { dice.pick(BITS) } else { "" };
        text.replace_range(boundaries[at]..boundaries[end], bit);
    }
    text
}

/// A path to something that exists or doesn't.
fn random_path(document: &Document, dice: &mut Dice) -> Path {
    let mut path = Path::root();
    let mut node = Some(document.root());
    for depth in 0..=dice.roll(4) {
        let is_scalar = node.is_some_and(|node| !document.slice(node).starts_with(['{', '[']));
        if depth > 0 && is_scalar && !dice.chance(8) {
            break;
        }
        let (members, items) = node.map_or((Vec::new(), 0), |node| {
            let keys = document.members(node).map(|member| member.key.into_owned());
            (keys.collect(), document.items(node).count())
        });
        path = if !members.is_empty() && dice.roll(4) > 0 {
            path.key(members[dice.roll(members.len())].clone())
        } else if items > 0 && dice.roll(8) > 0 {
            let beyond = usize::from(dice.chance(8));
            path.index(dice.roll(items + beyond))
        } else if node.is_some_and(|node| document.slice(node).starts_with('[')) {
            return path;
        } else {
            path.key(dice.pick(KEYS))
        };
        node = document.at(&path);
    }
    path
}

fn random_changes(document: &Document, dice: &mut Dice) -> Vec<Change> {
    let mut changes = Vec::new();
    for _ in 0..=dice.roll(4) {
        let path = random_path(document, dice);
        let array = array_near(document, dice);
        changes.push(match dice.roll(9) {
            8 => Change::Rename {
                path,
                key: dice.pick(KEYS).to_owned(),
            },
            0..=2 => Change::Set {
                path,
                value: random_value(dice, 3),
            },
            3 => {
                // A value similar to the old one, so that the two are merged.
                let old = document.at(&path).map(|node| document.value(node));
                let value = changed(old.unwrap_or(Value::Null), dice);
                Change::Set { path, value }
            }
            4 | 5 => Change::Append {
                path: array.unwrap_or(path),
                value: random_value(dice, 2),
            },
            _ => Change::Remove {
                path,
                comments_stay: dice.chance(2),
            },
        });
    }
    changes
}

fn array_near(document: &Document, dice: &mut Dice) -> Option<Path> {
    let mut arrays = Vec::new();
    collect_arrays(document, document.root(), &Path::root(), &mut arrays);
    if arrays.is_empty() {
        None
    } else {
        Some(arrays.swap_remove(dice.roll(arrays.len())))
    }
}

fn collect_arrays(document: &Document, node: NodeId, path: &Path, arrays: &mut Vec<Path>) {
    for member in document.members(node) {
        collect_arrays(
            document,
            member.value,
            &path.clone().key(member.key),
            arrays,
        );
    }
    if document.slice(node).starts_with('[') {
        arrays.push(path.clone());
    }
    for (index, item) in document.items(node).enumerate() {
        collect_arrays(document, item, &path.clone().index(index), arrays);
    }
}

fn changed(value: Value, dice: &mut Dice) -> Value {
    match value {
        Value::Array(mut items) => {
            for _ in 0..=dice.roll(2) {
                let at = dice.roll(items.len() + 1);
                match dice.roll(3) {
                    0 => items.insert(at, random_value(dice, 1)),
                    1 if at < items.len() => drop(items.remove(at)),
                    _ if at < items.len() => {
                        let item = items.remove(at);
                        items.insert(dice.roll(items.len() + 1), item);
                    }
                    _ => {}
                }
            }
            Value::Array(items)
        }
        Value::Object(mut members) => {
            for _ in 0..=dice.roll(2) {
                let at = dice.roll(members.len() + 1);
                if at < members.len() && dice.chance(2) {
                    members.remove(at);
                } else if at < members.len() {
                    members[at].1 = changed(members[at].1.clone(), dice);
                } else {
                    members.push((dice.pick(KEYS).to_owned(), random_value(dice, 1)));
                }
            }
            Value::object(members)
        }
        _ => random_value(dice, 1),
    }
}

/// The effect of the changes on values; `None` if they can't be applied.
fn model(mut root: Value, changes: &[Change]) -> Option<Value> {
    if !matches!(root, Value::Object(_)) {
        return None;
    }
    for change in changes {
        match change {
            Change::Set { path, value } => {
                *reach(&mut root, &path.0, &Value::Null)? = value.clone();
            }
            Change::Append { path, value } => {
                match reach(&mut root, &path.0, &Value::Array(Vec::new()))? {
                    Value::Array(items) => items.push(value.clone()),
                    _ => return None,
                }
            }
            Change::Remove { path, .. } => remove(&mut root, &path.0)?,
            Change::Rename { path, key } => rename(&mut root, &path.0, key)?,
        }
    }
    Some(root)
}

fn rename(value: &mut Value, steps: &[Step], new: &str) -> Option<()> {
    let (step, rest) = steps.split_first()?;
    match (step, value) {
        (Step::Key(key), Value::Object(members)) => {
            let is_taken = key != new && members.iter().any(|(name, _)| name == new);
            let Some((name, value)) = members.iter_mut().find(|(name, _)| name == key) else {
                return Some(());
            };
            if !rest.is_empty() {
                rename(value, rest, new)?;
            } else if is_taken {
                return None;
            } else {
                new.clone_into(name);
            }
        }
        (Step::Index(index), Value::Array(items)) if !rest.is_empty() => {
            if let Some(item) = items.get_mut(*index) {
                rename(item, rest, new)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn reach<'v>(value: &'v mut Value, steps: &[Step], missing: &Value) -> Option<&'v mut Value> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(value);
    };
    let next = match (step, value) {
        (Step::Key(key), Value::Object(members)) => {
            let place = members
                .iter()
                .position(|(name, _)| name == key)
                .unwrap_or_else(|| {
                    let fresh = if rest.is_empty() {
                        missing.clone()
                    } else {
                        Value::Object(Vec::new())
                    };
                    members.push((key.clone(), fresh));
                    members.len() - 1
                });
            &mut members[place].1
        }
        (Step::Index(index), Value::Array(items)) => items.get_mut(*index)?,
        _ => return None,
    };
    reach(next, rest, missing)
}

fn remove(value: &mut Value, steps: &[Step]) -> Option<()> {
    let (step, rest) = steps.split_first()?;
    match (step, value) {
        (Step::Key(key), Value::Object(members)) if rest.is_empty() => {
            members.retain(|(name, _)| name != key);
        }
        (Step::Index(index), Value::Array(items)) if rest.is_empty() && *index < items.len() => {
            items.remove(*index);
        }
        (Step::Key(key), Value::Object(members)) => {
            if let Some((_, value)) = members.iter_mut().find(|(name, _)| name == key) {
                remove(value, rest)?;
            }
        }
        (Step::Index(index), Value::Array(items)) => {
            if let Some(item) = items.get_mut(*index) {
                remove(item, rest)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn comments(document: &Document) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for comment in document.comments() {
        *counts.entry(&document.text()[comment]).or_default() += 1;
    }
    counts
}

fn has_duplicates(document: &Document) -> bool {
    document.nodes().any(|node| {
        let keys: Vec<_> = document.members(node).map(|member| member.key).collect();
        keys.iter()
            .enumerate()
            .any(|(at, key)| keys[..at].contains(key))
    })
}

#[derive(Default, Debug)]
struct Tally {
    edits: usize,
    changed: usize,
    refused: usize,
    unreadable: usize,
    left_comments: usize,
}

/// The number of comments in the entry at a path.
fn comments_within(document: &Document, path: &Path) -> usize {
    let Some(node) = document.at(path) else {
        return 0;
    };
    let parent = document.at(&Path(path.0[..path.0.len() - 1].to_vec()));
    let mut members = parent.into_iter().flat_map(|it| document.members(it));
    let key = members.find(|member| member.value == node);
    let value = document.span(node);
    let start = key.map_or(value.start, |key| key.key_span.start);
    document.comments_in(start..value.end).count()
}

/// Whether this error is justified for an edit.
fn is_fair(
    error: &EditError,
    document: &Document,
    changes: &[Change],
    is_impossible: bool,
) -> bool {
    match error {
        EditError::DuplicateKey { .. } => has_duplicates(document),
        EditError::NotInJson { .. } => document.is_json(),
        EditError::RootRemoved => !document.slice(document.root()).starts_with('{'),
        EditError::NotAContainer { .. } | EditError::NoSuchIndex { .. } => is_impossible,
        // Even if the key with that name is removed by the same edit.
        EditError::KeyTaken { path } => changes.iter().any(|change| {
            matches!(change, Change::Rename { key, .. }
                        if path.0.last() == Some(&Step::Key(key.clone())))
        }),
        _ => false,
    }
}

/// Makes one random edit and checks all invariants.
fn check(dice: &mut Dice, tally: &mut Tally) {
    let hand = Hand::random(dice);
    let mut text = hand.document(&random_object(dice, 3), dice);
    if dice.chance(4) {
        text = mutated(&text, dice);
    }
    let Ok(document) = Document::parse(text) else {
        tally.unreadable += 1;
        return;
    };
    let changes = random_changes(&document, dice);
    let expected = model(document.value(document.root()), &changes);
    tally.edits += 1;
    let context = || format!("{:?}\n{}\n{changes:#?}", document.text(), document.text());
    let edited = match apply(&document, &changes) {
        Ok(edited) => edited,
        Err(error) => {
            let is_fair = is_fair(&error, &document, &changes, expected.is_none());
            assert!(is_fair, "{error}\n{}", context());
            tally.refused += 1;
            return;
        }
    };
    let new = &edited.document;
    let context = || format!("{}\n---\n{}", context(), new.text());
    let Some(expected) = expected else {
        panic!("not refused\n{}", context())
    };
    assert_eq!(new.value(new.root()), expected, "{}", context());
    assert_eq!(replaced(document.text(), &edited.replacements), new.text());
    let mut end = 0;
    for (index, replacement) in edited.replacements.iter().enumerate() {
        let range = replacement.range.clone();
        assert!(
            range.start > end || index == 0,
            "touching or unsorted: {}",
            context()
        );
        assert_ne!(
            &document.text()[range.clone()],
            replacement.text,
            "{}",
            context()
        );
        end = range.end;
    }
    assert!(!document.is_json() || new.is_json(), "{}", context());
    let old_comments = comments(&document);
    for (comment, count) in comments(new) {
        assert!(
            old_comments.get(comment) >= Some(&count),
            "a new comment {comment:?}: {}",
            context()
        );
    }
    if let [
        Change::Remove {
            path,
            comments_stay: true,
        },
    ] = changes.as_slice()
    {
        let left = document.comments().count() - comments_within(&document, path);
        assert_eq!(
            new.comments().count(),
            left,
            "a lost comment: {}",
            context()
        );
        tally.left_comments += 1;
    }
    if document.text().contains("\r\n")
        && !document.text().replace("\r\n", "").contains(['\n', '\r'])
    {
        assert!(
            !new.text().replace("\r\n", "").contains(['\n', '\r']),
            "{}",
            context()
        );
    }
    if edited.replacements.is_empty() {
        assert_eq!(document.text(), new.text());
        return;
    }
    tally.changed += 1;
    // Indices refer to the current items, so only changes of keys can be repeated.
    let is_repeatable = changes.iter().all(|change| match change {
        Change::Set { .. } => true,
        Change::Append { .. } | Change::Rename { .. } => false,
        Change::Remove { path, .. } => path.0.iter().all(|step| matches!(step, Step::Key(_))),
    });
    if is_repeatable && let Ok(again) = apply(new, &changes) {
        assert_eq!(again.replacements, [], "not idempotent: {}", context());
    }
}

fn run(seeds: std::ops::Range<u64>) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        check(&mut Dice::seeded(seed), &mut tally);
    }
    tally
}

#[test]
fn a_few_thousand_edits() {
    let tally = run(0..6_000);
    assert!(tally.changed > 3_000 && tally.refused > 300, "{tally:?}");
    assert!(tally.left_comments > 50, "{tally:?}");
}

/// `cargo test --release -- --ignored fuzz --nocapture` shows the count.
#[test]
#[ignore = "takes minutes"]
#[expect(
    clippy::disallowed_macros,
    reason = "the count is the purpose of running this"
)]
fn fuzz() {
    let mut total = Tally::default();
    let mut seed = 0;
    while total.edits < 1_000_000 {
        let tally = run(seed..seed + 10_000);
        seed += 10_000;
        total.edits += tally.edits;
        total.changed += tally.changed;
        total.refused += tally.refused;
        total.unreadable += tally.unreadable;
        total.left_comments += tally.left_comments;
    }
    println!("{total:?} from {seed} seeds");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_edit_of_any_document(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&mut Dice::given(bytes), &mut Tally::default());
    }
}
