//! A call that changes something at Portkey, shown before it is made.

use serde_json::{Value as Json, json};

use crate::diff::{self, Line};
use crate::help::{Shell, quote};
use crate::mask::{mask_json, printable};
use crate::portkey::admin::Request;
use crate::ui::{Tone, Ui};

use crate::app::output::{self, Stream};
use crate::portkey::key_variable::ADMIN_KEY_VARIABLE;

/// A call that changes something at Portkey. It contains no key, and secrets in its body are
/// masked.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) diff: Vec<Line>,
}

impl Call {
    /// A request to this URL, with the diff of what it changes.
    pub(crate) fn new(request: &Request, url: String, diff: Vec<Line>) -> Self {
        Self {
            method: request.method.name(),
            url,
            body: request.body.as_ref().map(mask_json).unwrap_or_default(),
            diff,
        }
    }

    /// Shows the diff and the call, or only the call as a shell command.
    pub(crate) fn show(&self, ui: &Ui, stream: Stream, as_command: bool) {
        output::diff(ui, &self.diff, stream);
        let lines = if as_command {
            self.curl()
        } else {
            vec![format!("{} {}", self.method, self.url)]
        };
        for (index, line) in lines.iter().enumerate() {
            let line = printable(line);
            let tone = (index == 0).then_some(Tone::Bold);
            match (stream, tone) {
                (Stream::Result, Some(tone)) => ui.result(&ui.out(tone, &line)),
                (Stream::Result, None) => ui.result(&line),
                (Stream::Note, Some(tone)) => ui.verbatim(&ui.err(tone, &line)),
                (Stream::Note, None) => ui.verbatim(&line),
            }
        }
    }

    /// The call as a curl command. The key is a variable, not its value.
    fn curl(&self) -> Vec<String> {
        let url = quote(&self.url, Shell::Posix);
        let key = format!("\"x-portkey-api-key: ${ADMIN_KEY_VARIABLE}\"");
        let mut command = format!("curl -X {} {url} \\\n  -H {key}", self.method);
        if !self.body.is_empty() {
            command += " \\\n  -H 'content-type: application/json' \\\n  --data-raw ";
            command += &quote(self.body.trim_end(), Shell::Posix);
        }
        command.lines().map(str::to_owned).collect()
    }

    pub(crate) fn json(&self) -> Json {
        json!({
            "method": self.method,
            "url": self.url,
            "body": self.body,
            "diff": diff::to_text(&self.diff),
        })
    }
}
