//! How text falls into the columns of a terminal.

use console::measure_text_width;

/// The columns that a character takes.
fn width_of(c: char) -> usize {
    if c.is_ascii() {
        1
    } else {
        measure_text_width(c.encode_utf8(&mut [0; 4]))
    }
}

/// The columns that a text takes; the colour in it takes none.
pub(crate) fn columns(text: &str) -> usize {
    let mut width = 0;
    let mut in_colour = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => in_colour = true,
            'm' if in_colour => in_colour = false,
            _ if in_colour => {}
            c => width += width_of(c),
        }
    }
    width
}

/// Breaks a text at spaces into lines of at most so many columns; longer words are cut in pieces.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let length = columns(word);
        if !line.is_empty() && columns(&line) + 1 + length > room {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        if length <= room {
            line.push_str(word);
            continue;
        }
        for c in word.chars() {
            if columns(&line) + width_of(c) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

/// Breaks a paragraph as [`wrap`] does. All lines but the first are indented to where its text
/// begins: after spaces, and a sign such as `✓` with a space behind it.
pub(crate) fn wrap_paragraph(text: &str, room: usize) -> Vec<String> {
    if columns(text) <= room {
        return vec![text.to_owned()];
    }
    let body = text.trim_start_matches([' ', '\n']);
    let lead = &text[..text.len() - body.len()];
    let sign = body.split_once(' ').filter(|(sign, _)| columns(sign) == 1);
    let (sign, body) = sign.map_or((String::new(), body), |(sign, body)| {
        (format!("{sign} "), body)
    });
    let indent = columns(lead.trim_start_matches('\n')) + columns(&sign);
    let lines = wrap(body, room.saturating_sub(indent).max(10));
    let indented = |(i, line): (usize, String)| {
        if i == 0 {
            format!("{lead}{sign}{line}")
        } else {
            format!("{}{line}", " ".repeat(indent))
        }
    };
    lines.into_iter().enumerate().map(indented).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_and_cuts_long_words() {
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one twotwotwo", 5), ["one", "twotw", "otwo"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(
            wrap("\u{1b}[1mone\u{1b}[0m two", 7),
            ["\u{1b}[1mone\u{1b}[0m two"]
        );
    }

    #[test]
    fn a_paragraph_hangs_from_its_sign() {
        assert_eq!(wrap_paragraph("  short", 10), ["  short"]);
        assert_eq!(
            wrap_paragraph("\u{1b}[32m✓\u{1b}[0m one two three four", 15),
            ["\u{1b}[32m✓\u{1b}[0m one two three", "  four"]
        );
        assert_eq!(
            wrap_paragraph("  → one two three four", 16),
            ["  → one two", "    three four"]
        );
        assert_eq!(wrap_paragraph("one two three", 10), ["one two", "three"]);
    }
}
