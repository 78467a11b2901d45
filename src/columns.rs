//! Text layout in terminal columns.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// The minimum width of text next to an indent, in columns.
const MIN_ROOM: usize = 10;

/// The width of a text in columns; escape sequences such as colour have none.
pub(crate) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// The first three of several names, and the number of the rest.
pub(crate) fn few<S: AsRef<str>>(names: &[S]) -> String {
    const NAMED: usize = 3;
    let first: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// Greedy wrapping at spaces only: paths, model ids and commands are full of hyphens, and must be
/// copyable in full.
fn options<'o>(width: usize) -> Options<'o> {
    Options::new(width)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
}

/// Wraps a text at spaces; longer words are split.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    lines(text, options(room))
}

/// Like [`wrap`], but longer words get their own line.
pub(crate) fn wrap_words(text: &str, room: usize) -> Vec<String> {
    lines(text, options(room).break_words(false))
}

/// Wraps a paragraph like [`wrap`]. All lines but the first are indented to the start of its text,
/// after leading spaces and a sign such as `✓` with a space.
pub(crate) fn wrap_paragraph(text: &str, room: usize) -> Vec<String> {
    let spaces = text.len() - text.trim_start_matches(' ').len();
    let sign = text[spaces..].split_once(' ').map(|(sign, _)| sign);
    let sign = sign.filter(|sign| columns(sign) == 1);
    let start = spaces + sign.map_or(0, |sign| sign.len() + 1);
    let (lead, body) = text.split_at(start);
    let indent = columns(lead);
    let hanging = " ".repeat(indent);
    let options = options(room.max(indent + MIN_ROOM))
        .initial_indent(lead)
        .subsequent_indent(&hanging);
    lines(body, options)
}

fn lines(text: &str, options: Options<'_>) -> Vec<String> {
    textwrap::wrap(text, options)
        .into_iter()
        .map(std::borrow::Cow::into_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_and_splits_long_words() {
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one twotwotwo", 5), ["one", "twotw", "otwo"]);
        assert_eq!(wrap("one two-two/two", 8), ["one", "two-two/", "two"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("日本 語", 5), ["日本", "語"]);
        assert_eq!(
            wrap("\u{1b}[1mone\u{1b}[0m two", 7),
            ["\u{1b}[1mone\u{1b}[0m two"]
        );
        assert_eq!(
            wrap("\u{1b}[1mthree\u{1b}[0m", 3),
            ["\u{1b}[1mthr", "ee\u{1b}[0m"]
        );
    }

    #[test]
    fn wide_characters_count_twice_and_colours_not_at_all() {
        for (text, count) in [
            ("", 0),
            ("one", 3),
            ("é ✓", 3),
            ("日本", 4),
            ("e\u{301}", 1),
            ("\u{1b}[1;32mone\u{1b}[0m", 3),
        ] {
            assert_eq!(columns(text), count, "{text}");
        }
    }

    #[test]
    fn paragraphs_are_indented_after_their_sign() {
        for (text, room, lines) in [
            ("  short", 10, &["  short"] as &[&str]),
            (
                "\u{1b}[32m✓\u{1b}[0m one two three four",
                15,
                &["\u{1b}[32m✓\u{1b}[0m one two three", "  four"],
            ),
            (
                "  → one two three four",
                16,
                &["  → one two", "    three four"],
            ),
            ("one two three", 10, &["one two", "three"]),
            // However narrow the terminal, there is room for some text.
            ("      one two three", 4, &["      one two", "      three"]),
        ] {
            assert_eq!(wrap_paragraph(text, room), lines, "{text}");
        }
    }
}
