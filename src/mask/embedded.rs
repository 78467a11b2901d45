//! JSON inside a string, such as inline gateway configs and service accounts.

use std::ops::Range;

use crate::document::Document;

use super::name::Class;
use super::source::{self, Holder};
use super::value::{self, Signs};

/// The maximum nesting of JSON in JSON.
const MAX_DEPTH: usize = 4;

/// The secrets in a text that is JSON; if it only starts like JSON, those in assignments.
pub(super) fn ranges(text: &str, class: Class, depth: usize) -> Vec<Range<usize>> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[', '"']) || depth >= MAX_DEPTH {
        return Vec::new();
    }
    match Document::parse(text) {
        Ok(document) => {
            let holder = Holder::of_text(class, depth + 1);
            source::secrets(&document, holder, &|_| true)
        }
        Err(_) => value::assigned(text, Signs::All),
    }
}
