//! Exact comparisons with self-updating texts: `SNAPSHOTS=overwrite cargo test --test it` writes
//! the actual text to the `str![]` at the call or to the file.

use std::fmt::Write as _;
use std::path::Path;

use snapbox::assert::DEFAULT_ACTION_ENV;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data, IntoData};

/// Ports chosen by the system are at least this high.
const FIRST_CHOSEN_PORT: u32 = 32_768;

/// Asserts that a text is the expected one.
#[track_caller]
pub(crate) fn same(found: &str, wanted: impl IntoData) {
    let difference = difference("the text", found, wanted);
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
}

/// The difference between a text and the expected one.
pub(crate) fn difference(name: &str, found: &str, wanted: impl IntoData) -> Option<String> {
    let found = Data::text(normalized(found));
    // Raw: `...` and `[..]` are literal.
    let result =
        Assert::new()
            .action_env(DEFAULT_ACTION_ENV)
            .try_eq(Some(&name), found, wanted.raw());
    result.err().map(|difference| difference.to_string())
}

/// The expected text in a file in `tests/it/snapshots/`, for long ones.
pub(crate) fn file(name: &str) -> Data {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
    Data::read_from(&folder.join(name), Some(DataFormat::Text))
}

/// The text without anything that differs between runs, versions and systems.
fn normalized(text: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let text = text
        // Line endings are normalized before the comparison, which would hide a wrong one.
        .replace('\r', "\\r")
        .replace(
            &format!("openclaw-portkey {version}"),
            "openclaw-portkey VERSION",
        )
        .replace(&format!("ersion\": \"{version}\""), "ersion\": \"VERSION\"")
        .replace(&format!("process {}", std::process::id()), "process PID");
    let text = with_number(&text, "127.0.0.1:", "", |port| {
        (port >= FIRST_CHOSEN_PORT).then_some("PORT")
    });
    let text = with_number(&text, "answered in ", " ms", |_| Some("TIME"));
    without_system_messages(&without_times(&text))
}

/// Replaces timestamps such as `2026-01-31T23:59:59.999Z`.
fn without_times(text: &str) -> String {
    let is_time = |part: &str| {
        let shape: String = part
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        ["0000-00-00T00:00:00Z", "0000-00-00T00:00:00.000Z"].contains(&shape.as_str())
    };
    text.split_inclusive(|c: char| c.is_whitespace() || c == '"')
        .map(|part| {
            let time = part.trim_end_matches(|c: char| !c.is_alphanumeric());
            if is_time(time) {
                part.replace(time, "TIME")
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// Replaces the number between two texts, if there is one.
fn with_number(
    text: &str,
    before: &str,
    after: &str,
    word: impl Fn(u32) -> Option<&'static str>,
) -> String {
    let mut parts = text.split(before);
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number = match number.parse().ok().and_then(&word) {
            Some(word) if rest.starts_with(after) => word,
            _ => number,
        };
        let _ = write!(done, "{before}{number}{rest}");
    }
    done
}

/// Systems word `No such file or directory (os error 2)` differently.
fn without_system_messages(text: &str) -> String {
    let mut done = String::new();
    for line in text.split_inclusive('\n') {
        let message = line.find(" (os error ").and_then(|end| {
            let start = line[..end].rfind([':', '('])? + 1;
            let start = start + usize::from(line[start..].starts_with(' '));
            Some((start, end + line[end..].find(')')? + 1))
        });
        match message {
            Some((start, end)) => {
                let _ = write!(done, "{}SYSTEM MESSAGE{}", &line[..start], &line[end..]);
            }
            None => done.push_str(line),
        }
    }
    done
}

#[test]
fn differences_between_runs_are_removed() {
    let process = format!("held by process {}.\n", std::process::id());
    for (text, settled_text) in [
        (
            "http://127.0.0.1:43210/v1, 127.0.0.1:11434",
            "http://127.0.0.1:PORT/v1, 127.0.0.1:11434",
        ),
        ("127.0.0.1:x 127.0.0.1:", "127.0.0.1:x 127.0.0.1:"),
        (
            "answered in 17 ms, answered in time",
            "answered in TIME ms, answered in time",
        ),
        (&process, "held by process PID.\n"),
        (
            "cannot read a: b: No such file (os error 2)\nnext: x\n",
            "cannot read a: b: SYSTEM MESSAGE\nnext: x\n",
        ),
        (
            "no answer: 127.0.0.1:80 (refused (os error 111))\n",
            "no answer: 127.0.0.1:80 (SYSTEM MESSAGE)\n",
        ),
        (
            "of 2026-11-28T15:26:54.636Z\n\"at\": \"2026-11-28T15:26:54Z\",",
            "of TIME\n\"at\": \"TIME\",",
        ),
        ("a\r\n", "a\\r\n"),
    ] {
        assert_eq!(normalized(text), settled_text);
    }
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        normalized(&format!("openclaw-portkey {version}\n")),
        "openclaw-portkey VERSION\n"
    );
}

/// Expected texts contain no patterns, and an empty one doesn't match everything.
#[test]
fn differences_are_reported() {
    for (found, wanted) in [
        ("a\nb\n", "a\n...\n"),
        ("abc", "a[..]"),
        ("a", ""),
        ("", "a"),
        ("a\n", "a"),
    ] {
        assert!(
            difference("it", found, wanted).is_some(),
            "{found:?} {wanted:?}"
        );
    }
    assert!(difference("it", "a\n", "a\n").is_none());
}
