//! What is found in a file that cannot be read as a config.

use crate::document::{Path, ReadError, ReadErrorKind};

use super::{Finding, not_utf8, syntax_error};

impl Finding {
    /// The finding of a file that the reader refuses; `source` is its index.
    #[must_use]
    pub fn unreadable(error: &ReadError, source: usize) -> Self {
        let rule = match error.kind {
            ReadErrorKind::Utf16 | ReadErrorKind::NotUtf8 => &not_utf8::RULE,
            _ => &syntax_error::RULE,
        };
        Self {
            rule,
            level: rule.level,
            source,
            range: error.span.clone(),
            path: Path::root(),
            message: error.message.clone(),
            help: error
                .hint
                .unwrap_or("mend the text here; OpenClaw does not start with it")
                .to_owned(),
            fix: None,
        }
    }
}
