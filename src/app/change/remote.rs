//! A change at Portkey, as it is shown before it is made.

use serde_json::{Value as Json, json};

use crate::diff::{self, Line};
use crate::mask::printable;
use crate::ui::{Tone, Ui};

use crate::app::output::{self, Stream};

/// A call that changes something at Portkey. It holds no key, and secrets of its body are masked.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) body: String,
    pub(crate) diff: Vec<Line>,
}

impl Call {
    /// The diff, and the call; with its body where nothing but that is wanted.
    pub(crate) fn show(&self, ui: &Ui, stream: Stream, with_body: bool) {
        output::diff(ui, &self.diff, stream);
        let line = printable(&format!("{} {}", self.method, self.url)).into_owned();
        match stream {
            Stream::Result => ui.result(&ui.out(Tone::Bold, &line)),
            Stream::Note => ui.verbatim(&ui.err(Tone::Bold, &line)),
        }
        if !with_body {
            return;
        }
        for line in self.body.lines() {
            let line = printable(line);
            match stream {
                Stream::Result => ui.result(&line),
                Stream::Note => ui.verbatim(&line),
            }
        }
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
