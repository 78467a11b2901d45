//! A change at Portkey, as it is shown before it is made.

use serde_json::{Value as Json, json};

use crate::diff::{self, Line};
use crate::help::{Shell, quote};
use crate::mask::{mask_json, printable};
use crate::portkey::admin::Request;
use crate::ui::{Tone, Ui};

use crate::app::output::{self, Stream};
use crate::portkey::key_variable::ADMIN_KEY_VARIABLE;

/// A call that changes something at Portkey. It holds no key, and secrets of its body are masked.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) diff: Vec<Line>,
}

impl Call {
    /// A request to this address, with what it changes.
    pub(crate) fn new(request: &Request, url: String, diff: Vec<Line>) -> Self {
        Self {
            method: request.method.name(),
            url,
            body: request.body.as_ref().map(mask_json).unwrap_or_default(),
            diff,
        }
    }

    /// The diff, and the call; as a command for a shell where nothing but that is wanted.
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

    /// The call as a command. The key is named and not shown.
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
