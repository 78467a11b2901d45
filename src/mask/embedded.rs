//! JSON within a string, as gateway configs and service accounts are written.

use std::ops::Range;

use crate::document::Document;

use super::name::Class;
use super::source::{self, Holder};
use super::value::{self, Signs};

/// JSON within JSON is looked into so often.
const MAX_DEPTH: usize = 4;

/// The secrets of a text that is JSON; of one that only begins like it, what is assigned.
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
