//! Converts fixes to text edits, trying them out first.

use crate::diagnostic::{Edit, Fix};
use crate::edit::{self, Change};
use crate::mask::secret_ranges;
use crate::openclaw::Config;

use super::File;

/// How many bytes of trial edits to do for one config, which takes some tenths of a second. Fixes
/// beyond that aren't tried, which only happens for a file with thousands of problems.
const TRIAL_BYTES: usize = 16 * 1024 * 1024;

/// Tries out fixes on a config.
pub(super) struct Trial<'c, 'f> {
    config: Option<&'c Config>,
    files: &'f [File<'f>],
    left: usize,
}

impl<'c, 'f> Trial<'c, 'f> {
    pub(super) fn new(config: Option<&'c Config>, files: &'f [File<'_>]) -> Self {
        Self {
            config,
            files,
            left: TRIAL_BYTES,
        }
    }

    /// A fix with its edits; `None` if it can't be applied or changes nothing.
    pub(super) fn tried(&mut self, fix: Fix) -> Option<Fix> {
        let edits = self.edits(&fix)?;
        Some(Fix { edits, ..fix })
    }

    #[expect(
        clippy::option_option,
        reason = "outer: no such fix; inner: a fix that must not be shown"
    )]
    fn edits(&mut self, fix: &Fix) -> Option<Option<Vec<Edit>>> {
        let mut edits = Some(Vec::new());
        let Some(config) = self.config else {
            return Some(None);
        };
        let sources = config.sources();
        for (index, source) in sources.iter().enumerate() {
            let changes = changes_of(fix, index);
            if changes.is_empty() {
                continue;
            }
            let file = self.files.get(index)?;
            let Some(left) = self.left.checked_sub(source.document.text().len()) else {
                return Some(None);
            };
            self.left = left;
            let edited = edit::apply(&source.document, &changes).ok()?;
            let secrets = secret_ranges(&edited.document, &[]);
            // Offsets into the new text must include what earlier replacements added.
            let mut added = 0;
            let mut removed = 0;
            for replacement in edited.replacements {
                let range = replacement.range;
                let start = range.start + added - removed;
                let end = start + replacement.text.len();
                added += replacement.text.len();
                removed += range.len();
                let holds_one = secrets
                    .iter()
                    .any(|secret| secret.start < end && start < secret.end)
                    || file.secrets.finds(&replacement.text);
                if holds_one {
                    edits = None;
                }
                if let Some(edits) = &mut edits {
                    edits.push(Edit {
                        source: index,
                        start: file.lines.position(range.start),
                        end: file.lines.position(range.end),
                        range,
                        text: replacement.text,
                    });
                }
            }
        }
        let changes_something = edits.as_ref().is_none_or(|edits| !edits.is_empty());
        changes_something.then_some(edits)
    }
}

/// The changes of a fix to one file.
#[must_use]
pub fn changes_of(fix: &Fix, source: usize) -> Vec<Change> {
    fix.changes
        .iter()
        .filter(|(owner, _)| *owner == source)
        .map(|(_, change)| change.clone())
        .collect()
}
