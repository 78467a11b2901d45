//! Whether OpenClaw starts with a file, for `--format json`.

use crate::app::load::Loaded;
use crate::causes::Facts;
use crate::document::Kind;
use crate::openclaw::Version;
use crate::openclaw::schema::Verdict;
use crate::report;

/// Whether OpenClaw accepts a file.
#[derive(Clone, Debug)]
pub(crate) struct FileVerdict {
    version: Version,
    accepted: Option<bool>,
    reason: Option<String>,
}

impl FileVerdict {
    /// For a config that could be parsed.
    pub(super) fn of(facts: &Facts<'_>, loaded: &Loaded) -> Self {
        let validity = facts.validity();
        let broken = loaded.broken.first().map(|broken| broken.error.to_string());
        let unread = facts.unread.first().map(|unread| unread.reason.clone());
        let (accepted, reason) = if let Some(reason) = unread.or(broken) {
            (Some(false), Some(reason))
        } else {
            match &validity.judged.verdict {
                Verdict::Unknown(reason) => (None, Some(reason.clone())),
                Verdict::Accepted if !loaded.complete => {
                    (None, Some("some of its includes weren't read".to_owned()))
                }
                Verdict::Accepted => (Some(true), None),
                Verdict::Refused => (Some(false), first_issue(facts)),
            }
        };
        Self {
            version: facts.version.version(),
            accepted,
            reason,
        }
    }

    /// For a config that couldn't be parsed.
    pub(super) fn unparsed(loaded: &Loaded, flag: Option<Version>) -> Self {
        let reason = loaded.broken.first().map(|broken| broken.error.to_string());
        Self {
            version: flag.unwrap_or(Version::NEWEST),
            accepted: Some(false),
            reason,
        }
    }

    /// Masks secrets in the reason, which may quote the file.
    pub(super) fn hide_secrets(&mut self, safe: impl FnOnce(&str) -> String) {
        self.reason = self.reason.take().map(|reason| safe(&reason));
    }

    pub(super) fn report(self, file: String) -> report::FileVerdict {
        report::FileVerdict {
            file,
            version: self.version.to_string(),
            accepted: self.accepted,
            reason: self.reason,
        }
    }
}

/// The first problem, with its location.
fn first_issue(facts: &Facts<'_>) -> Option<String> {
    let issue = facts.validity().judged.issues.first()?;
    let source = facts.config.sources().get(issue.source)?;
    let found = facts.config.root().down(&issue.path.0);
    let kind = found.map_or(Kind::Null, |view| view.kind());
    let position = source.document.locate(issue.range.start);
    Some(format!("{position}: {}", issue.message(kind)))
}
