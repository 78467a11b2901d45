//! Writes values as text.

use std::fmt::Write as _;

use crate::document::{Document, Kind, NodeId, Value, is_plain_identifier};

use super::style::{MAX_INLINE, Shape, Style, shape, shape_of};
use super::trivia;

/// Where a new value goes.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) style: &'a Style,
    /// The indentation of the line on which the value starts.
    pub(super) indent: &'a str,
    /// Whether its container has each entry on its own line.
    pub(super) parent_is_multiline: bool,
    /// A neighbour whose formatting to copy.
    pub(super) model: Option<NodeId>,
    /// Whether some items next to it need several lines, so that none should be put on one line.
    pub(super) among_deep: bool,
}

/// Writes values for a document or, without one, for a new file.
#[derive(Clone, Copy)]
pub(super) struct Writer<'d> {
    pub(super) document: Option<&'d Document>,
}

/// The text of a new file.
pub(super) fn document(value: &Value) -> String {
    let style = Style::default();
    let place = Place {
        style: &style,
        indent: "",
        parent_is_multiline: true,
        model: None,
        among_deep: false,
    };
    let mut text = String::new();
    Writer { document: None }.value(value, place, &mut text);
    text.push('\n');
    text
}

impl Writer<'_> {
    pub(super) fn value(self, value: &Value, place: Place<'_>, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Number(value) => number(*value, out),
            Value::String(value) => string(value, place.style.string_quote, out),
            Value::Array(items) if items.is_empty() => out.push_str("[]"),
            Value::Object(members) if members.is_empty() => out.push_str("{}"),
            Value::Array(_) | Value::Object(_) => self.container(value, place, out),
        }
    }

    fn container(self, value: &Value, place: Place<'_>, out: &mut String) {
        let closer_style;
        let style = match (self.document, place.model) {
            (Some(document), Some(model)) => {
                closer_style = place.style.near(document, model);
                &closer_style
            }
            _ => place.style,
        };
        let place = Place { style, ..place };
        if self.wants_lines(value, place) {
            return self.lines(value, place, out);
        }
        let start = out.len();
        self.one_line(value, place, out);
        let is_too_wide = place.indent.chars().count() + out[start..].chars().count() > MAX_INLINE;
        if place.parent_is_multiline && is_too_wide {
            out.truncate(start);
            self.lines(value, place, out);
        }
    }

    /// Whether the entries go on separate lines.
    fn wants_lines(self, value: &Value, place: Place<'_>) -> bool {
        if let (Some(document), Some(model)) = (self.document, place.model) {
            return trivia::is_multiline(document.text(), document.span(model).start);
        }
        place.parent_is_multiline
            && match (value, shape_of(value)) {
                (Value::Array(_), Some(Shape::Flat)) => !place.style.inline_arrays,
                (Value::Object(_), Some(Shape::Flat)) => {
                    place.among_deep || !place.style.inline_objects
                }
                _ => true,
            }
    }

    fn lines(self, value: &Value, place: Place<'_>, out: &mut String) {
        let style = place.style;
        let indent = format!("{}{}", place.indent, style.unit);
        let inner = Place {
            indent: &indent,
            parent_is_multiline: true,
            ..place
        };
        let (open, close) = brackets(value);
        out.push(open);
        self.entries(value, inner, out, |index, out| {
            if index > 0 {
                out.push(',');
            }
            out.push_str(style.line_break);
            out.push_str(&indent);
        });
        if style.trailing_comma {
            out.push(',');
        }
        out.push_str(style.line_break);
        out.push_str(place.indent);
        out.push(close);
    }

    fn one_line(self, value: &Value, place: Place<'_>, out: &mut String) {
        let style = place.style;
        let inner = Place {
            parent_is_multiline: false,
            ..place
        };
        let (open, close) = brackets(value);
        let is_padded = if open == '{' {
            style.object_padding
        } else {
            style.array_padding
        };
        out.push(open);
        self.entries(value, inner, out, |index, out| match index {
            0 if is_padded => out.push(' '),
            0 => {}
            _ => out.push_str(if style.comma_blank { ", " } else { "," }),
        });
        if is_padded {
            out.push(' ');
        }
        out.push(close);
    }

    /// Writes the entries, each preceded by what `separate` writes for its index.
    fn entries(
        self,
        value: &Value,
        inner: Place<'_>,
        out: &mut String,
        separate: impl Fn(usize, &mut String),
    ) {
        match value {
            Value::Array(items) => {
                let among_deep = items.iter().any(|item| shape_of(item) == Some(Shape::Deep));
                for (index, item) in items.iter().enumerate() {
                    separate(index, out);
                    let model = inner.model.and_then(|model| self.last_like(model, item));
                    self.value(
                        item,
                        Place {
                            model,
                            among_deep,
                            ..inner
                        },
                        out,
                    );
                }
            }
            Value::Object(members) => {
                for (index, (name, value)) in members.iter().enumerate() {
                    separate(index, out);
                    key(name, inner.style, out);
                    out.push_str(&inner.style.colon);
                    let model = inner
                        .model
                        .and_then(|model| self.namesake(model, name, value));
                    self.value(
                        value,
                        Place {
                            model,
                            among_deep: false,
                            ..inner
                        },
                        out,
                    );
                }
            }
            _ => {}
        }
    }

    /// The last child of a container whose formatting the value can copy. Array items are similar;
    /// members only if they have the same shape.
    pub(super) fn last_like(self, container: NodeId, value: &Value) -> Option<NodeId> {
        let document = self.document?;
        let kind = kind_of(value)?;
        let is_filled =
            |node: &NodeId| document.kind(*node) == kind && shape(document, *node) != Shape::Empty;
        let has_shape = |node: &NodeId| {
            document.kind(*node) == kind && Some(shape(document, *node)) == shape_of(value)
        };
        let items = document.items(container).filter(is_filled);
        let members = document
            .members(container)
            .map(|member| member.value)
            .filter(has_shape);
        items.chain(members).last()
    }

    /// The member with this name, if it has the same kind and shape as the value.
    fn namesake(self, object: NodeId, name: &str, value: &Value) -> Option<NodeId> {
        let document = self.document?;
        let node = document.get(object, name)?;
        let is_alike = kind_of(value) == Some(document.kind(node))
            && shape_of(value) == Some(shape(document, node));
        is_alike.then_some(node)
    }
}

fn brackets(value: &Value) -> (char, char) {
    if matches!(value, Value::Object(_)) {
        ('{', '}')
    } else {
        ('[', ']')
    }
}

fn kind_of(value: &Value) -> Option<Kind> {
    match value {
        Value::Array(items) if !items.is_empty() => Some(Kind::Array),
        Value::Object(members) if !members.is_empty() => Some(Kind::Object),
        _ => None,
    }
}

pub(super) fn key(key: &str, style: &Style, out: &mut String) {
    if style.bare_keys && !style.json && is_plain_identifier(key) {
        out.push_str(key);
    } else {
        string(key, style.key_quote, out);
    }
}

/// A string literal. Uses only JSON's escapes, except `\'`.
pub(super) fn string(value: &str, quote: char, out: &mut String) {
    out.push(quote);
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
                push_unit(c, out);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
}

fn push_unit(c: char, out: &mut String) {
    // Writing to a string can't fail.
    let _ = write!(out, "\\u{:04x}", u32::from(c));
}

/// A number literal; long ones have an exponent, as JavaScript writes them.
fn number(value: f64, out: &mut String) {
    let magnitude = value.abs();
    let text = if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        format!("{value:e}")
    } else {
        format!("{value}")
    };
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_round_trip() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (200_000.0, "200000"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-7, "1e-7"),
            (1e21, "1e21"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            let mut text = String::new();
            number(value, &mut text);
            assert_eq!(text, expected);
            let document = Document::parse(text).unwrap();
            assert_eq!(document.value(document.root()), Value::Number(value));
        }
    }

    #[test]
    fn strings_are_escaped_for_their_quote() {
        for (value, quote, expected) in [
            ("a\"b'c", '"', "\"a\\\"b'c\""),
            ("a\"b'c", '\'', "'a\"b\\'c'"),
            ("\\ \n\r\t\u{8}\u{c}", '"', "\"\\\\ \\n\\r\\t\\b\\f\""),
            (
                "\0\u{1b}\u{7f}\u{85}\u{2028}\u{feff}",
                '"',
                "\"\\u0000\\u001b\\u007f\\u0085\\u2028\\ufeff\"",
            ),
            ("ключ 🔑", '"', "\"ключ 🔑\""),
        ] {
            let mut text = String::new();
            string(value, quote, &mut text);
            assert_eq!(text, expected);
            let document = Document::parse(text).unwrap();
            assert_eq!(document.string(document.root()).as_deref(), Some(value));
        }
    }
}
