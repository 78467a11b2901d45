//! Strings, numbers and lists of values.

use crate::document::Kind;
use crate::openclaw::has_variable;

use super::issue::{Expected, Problem};
use super::table::{Literal, NumberRow, StringRow, Versions};
use super::tree::Cursor;
use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn string(&mut self, at: &Cursor, row: &StringRow) {
        let config = self.config;
        let Some(text) = config.text(at) else {
            self.expected(at, Expected::String);
            return;
        };
        let trimmed = if row.trim { text.trim() } else { &*text };
        let bounded = row.min.is_some() || row.max.is_some();
        let length = if bounded {
            trimmed.encode_utf16().count()
        } else {
            0
        };
        let problem = if row.min.is_some_and(|min| length < min) {
            Some(match row.min {
                Some(1) => "must not be empty".to_owned(),
                min => format!("must have at least {} characters", min.unwrap_or_default()),
            })
        } else if let Some(max) = row.max.filter(|max| length > *max) {
            Some(format!("must have at most {max} characters"))
        } else if row.url && url::Url::parse(trimmed).is_err() {
            Some("must be a full URL, such as https://example.com".to_owned())
        } else {
            let mismatched = row.patterns.iter().find(|(source, compiled)| {
                let compiled = compiled.get_or_init(|| crate::pattern::Pattern::new(source).ok());
                let compiled = compiled.as_ref();
                compiled.is_some_and(|pattern| pattern.test(trimmed) == Ok(false))
            });
            mismatched.map(|(source, _)| super::issue::pattern_in_words(source))
        };
        if let Some(problem) = problem {
            self.text_problem(at, &text, problem);
        }
    }

    /// Reports an invalid text, but not if it contains a variable.
    fn text_problem(&mut self, at: &Cursor, text: &str, message: String) {
        if has_variable(text) {
            self.at(at, Problem::Unsure(variable_reason(text)));
            return;
        }
        self.below(at, &[], message, "");
    }

    pub(super) fn a_number(&mut self, at: &Cursor, row: &NumberRow) {
        let expected = if row.int {
            Expected::Integer
        } else {
            Expected::Number
        };
        let Some(number) = self.config.number(at).filter(|number| number.is_finite()) else {
            self.expected(at, expected);
            return;
        };
        if row.int && (number.fract() != 0.0 || number.abs() > MAX_SAFE_INTEGER) {
            self.expected(at, expected);
            return;
        }
        let message = if let Some(bound) = row.at_least.filter(|bound| number < *bound) {
            format!("must be at least {bound}")
        } else if let Some(bound) = row.above.filter(|bound| number <= *bound) {
            format!("must be greater than {bound}")
        } else if let Some(bound) = row.at_most.filter(|bound| number > *bound) {
            format!("must be at most {bound}")
        } else if let Some(bound) = row.below.filter(|bound| number >= *bound) {
            format!("must be less than {bound}")
        } else if let Some(bound) = row.multiple.filter(|bound| number % *bound != 0.0) {
            format!("must be a multiple of {bound}")
        } else {
            return;
        };
        self.below(at, &[], message, "");
    }

    pub(super) fn one_of(&mut self, at: &Cursor, values: &'static [(Literal, Versions)]) {
        let config = self.config;
        let text = config.text(at);
        let (number, boolean) = (config.number(at), config.boolean(at));
        let is = |literal: &Literal| match literal {
            Literal::Null => config.kind(at) == Kind::Null,
            Literal::Bool(value) => boolean == Some(*value),
            Literal::Number(value) => number == Some(*value),
            Literal::String(value) => text.as_deref() == Some(&**value),
        };
        let mut known = values
            .iter()
            .filter(|(_, versions)| versions & self.bit != 0);
        if known.clone().any(|(literal, _)| is(literal)) {
            return;
        }
        if let Some(text) = text.as_deref().filter(|text| has_variable(text)) {
            let strings = known.any(|(literal, _)| matches!(literal, Literal::String(_)));
            if strings {
                self.at(at, Problem::Unsure(variable_reason(text)));
                return;
            }
        }
        let values = values
            .iter()
            .filter(|(_, versions)| versions & self.bit != 0);
        let values = values
            .map(|(literal, _)| Expected::Value(literal))
            .collect();
        self.at(at, Problem::Expected(values));
    }
}

/// Beyond this, JavaScript can't represent every integer.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

pub(super) fn variable_reason(text: &str) -> String {
    let name = text
        .split_once("${")
        .and_then(|(_, rest)| rest.split_once('}'));
    let name = name.map_or_else(|| text.trim_start_matches('$'), |(name, _)| name);
    format!("it depends on the value of {name}")
}
