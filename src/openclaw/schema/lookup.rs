//! What a version accepts at a path of the config, for code that writes there.

use super::table::{self, Literal, Row, RowId, Versions};
use crate::document::Step;
use crate::openclaw::Version;

/// The maximum depth of rows that refer to other rows.
const MAX_DEPTH: usize = 12;

/// The values allowed at a path.
#[derive(Debug)]
pub struct Accepted {
    rows: Vec<&'static Row>,
    bit: Versions,
}

/// What a version accepts at a path.
#[must_use]
pub fn accepted(path: &[Step], version: Version) -> Accepted {
    let known = table::versions();
    let index = known.partition_point(|other| *other < version);
    let index = index.min(known.len().saturating_sub(1));
    let bit = 1 << index;
    let mut rows = Vec::new();
    expand(table::root(), bit, 0, &mut rows);
    for step in path {
        let mut next = Vec::new();
        for row in rows {
            if let Some(id) = below(row, step, bit) {
                expand(id, bit, 0, &mut next);
            }
        }
        rows = next;
    }
    Accepted { rows, bit }
}

impl Accepted {
    /// Whether any value is allowed here.
    #[must_use]
    pub fn is_something(&self) -> bool {
        self.rows.iter().any(|row| !matches!(row, Row::Never))
    }

    /// The keys of an object here, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<&'static str> {
        let mut keys: Vec<&'static str> = Vec::new();
        for row in &self.rows {
            if let Row::Object(object) = row {
                let own = object
                    .keys
                    .iter()
                    .filter(|key| key.versions & self.bit != 0);
                keys.extend(own.map(|key| &*key.name));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The literal values allowed here, as JSON.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for row in &self.rows {
            let own: Vec<String> = match row {
                Row::Boolean => vec!["true".to_owned(), "false".to_owned()],
                Row::Values(literals) => literals
                    .iter()
                    .filter(|(_, versions)| versions & self.bit != 0)
                    .map(|(literal, _)| written(literal))
                    .collect(),
                _ => Vec::new(),
            };
            for value in own {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        values
    }

    /// The allowed values in words; empty if they aren't known.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut add = |word: String| {
            if !words.contains(&word) {
                words.push(word);
            }
        };
        for row in &self.rows {
            match row {
                Row::Boolean => add("true or false".to_owned()),
                Row::String(_) => add("text".to_owned()),
                Row::Number(number) if number.int => add("a whole number".to_owned()),
                Row::Number(_) => add("a number".to_owned()),
                Row::Values(literals) => {
                    let own = literals
                        .iter()
                        .filter(|(_, versions)| versions & self.bit != 0);
                    let own: Vec<String> = own.map(|(literal, _)| written(literal)).collect();
                    add(format!("one of {}", own.join(", ")));
                }
                Row::Array { .. } | Row::Tuple(_) => add("a list".to_owned()),
                Row::Record { .. } | Row::Object(_) => add("an object".to_owned()),
                _ => {}
            }
        }
        words.join(", or ")
    }
}

fn written(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::String(text) => format!("\"{text}\""),
    }
}

/// The rows that a row resolves to.
fn expand(id: RowId, bit: Versions, depth: usize, out: &mut Vec<&'static Row>) {
    if depth > MAX_DEPTH {
        return;
    }
    let row = table::row(id);
    match row {
        Row::Checked(inner, _) => expand(*inner, bit, depth + 1, out),
        Row::Union(rows) | Row::All(rows) | Row::ByVersion(rows) => {
            for (inner, versions) in rows {
                if versions & bit != 0 {
                    expand(*inner, bit, depth + 1, out);
                }
            }
        }
        Row::If {
            then, otherwise, ..
        } => {
            expand(*then, bit, depth + 1, out);
            expand(*otherwise, bit, depth + 1, out);
        }
        _ => out.push(row),
    }
}

fn below(row: &'static Row, step: &Step, bit: Versions) -> Option<RowId> {
    match (row, step) {
        (Row::Object(object), Step::Key(name)) => {
            let mut keys = object.keys.iter();
            let known = keys.find(|key| key.name == **name && key.versions & bit != 0);
            known.map(|key| key.row).or(object.rest)
        }
        (Row::Record { value, .. }, Step::Key(_)) => Some(*value),
        (Row::Array { item, .. }, Step::Index(_)) => Some(*item),
        (Row::Tuple(items), Step::Index(index)) => items.get(*index).copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &[&str]) -> Accepted {
        let steps: Vec<Step> = path
            .iter()
            .map(|step| match step.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key((*step).into()),
            })
            .collect();
        accepted(&steps, Version::NEWEST)
    }

    #[test]
    fn keys_and_values_of_the_newest_version() {
        assert!(at(&[]).keys().contains(&"models"));
        let provider = at(&["models", "providers", "portkey"]);
        for key in ["apiKey", "baseUrl", "headers", "models"] {
            assert!(
                provider.keys().contains(&key),
                "{key}: {:?}",
                provider.keys()
            );
        }
        let model = at(&["models", "providers", "x", "models", "0"]);
        assert!(model.keys().contains(&"contextWindow"));
        let api = at(&["models", "providers", "x", "api"]);
        assert!(api.values().contains(&"\"openai-completions\"".to_owned()));
        assert!(api.words().starts_with("one of "), "{}", api.words());
        let merge = at(&["models", "mode"]);
        assert!(merge.values().contains(&"\"merge\"".to_owned()));
        assert_eq!(at(&["no", "such", "place"]).keys(), [""; 0]);
        assert_eq!(at(&["no"]).words(), "");
    }
}
