//! What the commands that change something at Portkey share: showing the call, asking, sending it
//! once, and reading back what Portkey then has.

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

/// The waits before something that was changed is read again and does not say so yet.
pub(crate) const READ_AGAIN: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_millis(700),
    Duration::from_millis(1500),
];

/// A control plane, and how it is to be changed.
pub(crate) struct Remote<'a> {
    pub(crate) session: &'a Session<'a>,
    pub(crate) admin: &'a Admin,
    pub(crate) write: &'a WriteArgs,
    pub(crate) ui: &'a Ui,
}

/// How it ended, with the fields of the command's JSON document.
pub(crate) struct Done {
    pub(crate) exit: Exit,
    pub(crate) fields: Json,
}

impl Remote<'_> {
    /// A request as it is shown, with what it changes.
    pub(crate) fn call(&self, request: &Request, diff: Vec<Line>) -> Call {
        Call::new(request, self.admin.address(request), diff)
    }

    pub(crate) fn change(&self, command: &'static str, replaces_keys: bool) -> Change<'_> {
        Change {
            replaces_keys,
            ..Change::new(command, self.session, self.write, self.ui)
        }
    }

    /// Runs something that asks Portkey.
    pub(crate) fn asking<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.ui.asking(self.admin.host(), ask)
    }

    /// Reads until what comes agrees with what was sent, for a few seconds: what was just changed
    /// may be read as it was. Says so where nothing comes at all.
    pub(crate) fn until<T>(
        &self,
        read: impl Fn() -> Result<Option<T>, Failure>,
        agrees: impl Fn(&T) -> bool,
    ) -> Option<T> {
        let found = self.asking(|| {
            let mut found = read();
            for wait in READ_AGAIN {
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
                self.warn("Portkey does not show it yet, so what it has was not compared");
                None
            }
            Err(failure) => {
                let why = failure.message;
                self.warn(&format!("what Portkey has was not compared: {why}"));
                None
            }
        }
    }

    /// Shows how what Portkey has differs from what was sent.
    pub(crate) fn differs(&self, lines: &[Line]) {
        self.warn("Portkey gives back something else than was sent:");
        output::diff(self.ui, lines, Stream::Note);
    }

    /// A result: for people on standard output, next to JSON on standard error.
    pub(crate) fn say(&self, line: &str) {
        let line = printable(line);
        if self.write.config.format == Format::Json {
            self.ui.note(&self.ui.err(Tone::Good, &line));
        } else {
            self.ui.result(&self.ui.out(Tone::Good, &line));
        }
    }

    /// That there was nothing to do.
    pub(crate) fn say_nothing_to_do(&self, ending: &Ending, what: &str) {
        if matches!(ending, Ending::Nothing) && self.write.config.format == Format::Text {
            let line = format!("Nothing to change; {what} already says this.");
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

/// A change that got no answer may have happened anyway.
pub(crate) fn unsure(failure: Failure) -> Failure {
    if failure.kind != FailureKind::Network {
        return failure;
    }
    failure.hint(
        "whether Portkey has made the change is not known; run the command again: it looks first",
    )
}
