//! The keys of objects: what a key may be, and which key a misspelt one was likely intended to be.

use super::issue::pattern_in_words;
use super::table::{self, ObjectRow, Row, RowId, Versions};

/// Why a text isn't a valid key for the row; `None` if it is.
pub(super) fn problem(key: &str, row: RowId, bit: Versions) -> Option<String> {
    match table::row(row) {
        Row::String(string) => {
            let trimmed = if string.trim { key.trim() } else { key };
            let length = trimmed.encode_utf16().count();
            if string.min.is_some_and(|min| length < min) {
                return Some("is empty".to_owned());
            }
            if let Some(max) = string.max.filter(|max| length > *max) {
                return Some(format!("must have at most {max} characters"));
            }
            let mismatched = string.patterns.iter().find(|(source, compiled)| {
                let compiled = compiled.get_or_init(|| crate::pattern::Pattern::new(source).ok());
                compiled
                    .as_ref()
                    .is_some_and(|pattern| pattern.test(trimmed) == Ok(false))
            });
            mismatched.map(|(source, _)| pattern_in_words(source))
        }
        Row::Values(values) => {
            let known = values.iter().any(|(literal, versions)| {
                versions & bit != 0
                    && matches!(literal, table::Literal::String(text) if *text == key)
            });
            (!known).then(|| "is not a key that OpenClaw knows here".to_owned())
        }
        Row::Checked(inner, checks) => problem(key, *inner, bit).or_else(|| {
            let mut checks = checks.iter().filter(|check| check.versions & bit != 0);
            checks.find_map(|check| super::checks::of_text(check.name, key))
        }),
        Row::Union(options) => {
            let mut problems = options
                .iter()
                .filter(|(_, versions)| versions & bit != 0)
                .map(|(row, _)| problem(key, *row, bit));
            let first = problems.next()?;
            problems.try_fold(first?, |first, other| other.map(|_| first))
        }
        Row::ByVersion(rows) => {
            let (row, _) = rows.iter().find(|(_, versions)| versions & bit != 0)?;
            problem(key, *row, bit)
        }
        Row::Never => Some("is not allowed here".to_owned()),
        _ => None,
    }
}

/// The known key that was likely intended by an unknown one.
pub(super) fn closest(row: &'static ObjectRow, key: &str, bit: Versions) -> Option<&'static str> {
    let known = row.keys.iter().filter(|known| known.versions & bit != 0);
    crate::nearest::nearest(key, known.map(|known| &*known.name))
}
