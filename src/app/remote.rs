//! Shared by the commands that change something at Portkey: shows the call, asks for confirmation,
//! sends it once, and reads the result back.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::args::{Format, WriteArgs};
use crate::diagnostic::Diagnostic;
use crate::diff::Line;
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::printable;
use crate::portkey::admin::Request;
use crate::ui::{Tone, Ui};

use super::admin::Admin;
use super::change::{Call, Change, Ending, Proposal};
use super::output::{self, Stream};
use super::session::Session;

/// The pauses before reading a changed resource again.
pub(crate) const READ_DELAYS: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_millis(700),
    Duration::from_millis(1500),
];

/// A control plane, and the options for changing it.
pub(crate) struct Remote<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) admin: &'a Admin,
    pub(crate) write: &'a WriteArgs,
    pub(crate) ui: &'a Ui,
}

/// The result, with the fields of the command's JSON document.
pub(crate) struct Done {
    pub(crate) exit: Exit,
    pub(crate) fields: Json,
}

impl Remote<'_> {
    /// A request for display, with the diff of what it changes.
    pub(crate) fn call(&self, request: &Request, diff: Vec<Line>) -> Call {
        Call::new(request, self.admin.address(request), diff)
    }

    pub(crate) fn change(&self, command: &'static str, replaces_keys: bool) -> Change<'_> {
        Change {
            replaces_keys,
            ..Change::new(command, self.session, self.write, self.ui)
        }
    }

    /// Runs requests to Portkey with a spinner.
    pub(crate) fn asking<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.ui.asking(self.admin.host(), ask)
    }

    /// Reads for a few seconds until the result matches what was sent, since changes may show up
    /// late. Warns if it can't be read at all.
    pub(crate) fn until<T>(
        &self,
        read: impl Fn() -> Result<Option<T>, Failure>,
        agrees: impl Fn(&T) -> bool,
    ) -> Option<T> {
        let found = self.asking(|| {
            let mut found = read();
            for wait in READ_DELAYS {
                if found.is_err() || matches!(&found, Ok(Some(one)) if agrees(one)) {
                    break;
                }
                sleep(wait);
                found = read();
            }
            found
        });
        match found {
            Ok(Some(one)) => Some(one),
            Ok(None) => {
                self.warn("Portkey doesn't show it yet, so the result was not compared");
                None
            }
            Err(failure) => {
                let why = failure.message;
                self.warn(&format!("the result was not compared: {why}"));
                None
            }
        }
    }

    /// Shows the difference between what was sent and what Portkey returned.
    pub(crate) fn differs(&self, lines: &[Line]) {
        self.warn("Portkey returned something different from what was sent:");
        output::diff(self.ui, lines, Stream::Note);
    }

    /// Prints a result: to standard output, or with JSON to standard error.
    pub(crate) fn say(&self, line: &str) {
        let line = printable(line);
        if self.write.config.format == Format::Json {
            self.ui.note(&self.ui.err(Tone::Good, &line));
        } else {
            self.ui.result(&self.ui.out(Tone::Good, &line));
        }
    }

    /// Reports that there was nothing to do.
    pub(crate) fn say_nothing_to_do(&self, ending: &Ending, what: &str) {
        if matches!(ending, Ending::Nothing) && self.write.config.format == Format::Text {
            let line = format!("Nothing to change; {what} is already up to date.");
            self.ui.result(&line);
        }
    }

    pub(crate) fn warn(&self, text: &str) {
        let sign = self.ui.err(Tone::Warn, "warning:");
        self.ui.alert(&format!("{sign} {}", printable(text)));
    }

    /// The fields that all documents about a change have.
    pub(crate) fn fields(change: &Change<'_>, proposal: &Proposal, ending: &Ending) -> Json {
        let mut fields = change.json(proposal, ending);
        if fields.get("calls").is_none() {
            fields["calls"] = json!([]);
        }
        let is_made = matches!(ending, Ending::Sent | Ending::Written(_));
        fields["sent"] = (is_made && !proposal.calls.is_empty()).into();
        fields
    }

    pub(crate) fn checks_json(&self, checks: &[Diagnostic]) -> Json {
        output::diagnostics_json(checks, &self.session.run_context())
    }
}

/// A change without an answer may have succeeded.
pub(crate) fn unsure(failure: Failure) -> Failure {
    if failure.kind != FailureKind::Network {
        return failure;
    }
    failure.hint("Portkey may have made the change; run the command again: it checks first")
}
