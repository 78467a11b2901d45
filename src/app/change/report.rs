//! The report of a change, for people and as JSON.

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::diff;
use crate::mask::printable;
use crate::report::json::failure as failure_json;
use crate::store::{Replaced, Written};
use crate::ui::Tone;

use super::{Call, Change, Ending, Proposal};
use crate::app::output;

impl Change<'_> {
    /// Prints a line for each changed file.
    pub(super) fn report(&self, proposal: &Proposal, written: &Written) {
        self.notes(written);
        for file in &written.files {
            let removes = proposal
                .files
                .iter()
                .any(|change| change.removes && change.snapshot.path == file.path);
            let line = self.line(file, if removes { "Removed" } else { self.verb });
            if self.format == Format::Json {
                self.ui.note(&self.ui.err(Tone::Good, &line));
            } else {
                self.ui.result(&self.ui.out(Tone::Good, &line));
            }
        }
    }

    /// Warnings about side effects of the write.
    fn notes(&self, written: &Written) {
        for file in &written.files {
            if let Some(mode) = file.tightened {
                self.ui.note(&format!(
                    "{} {} is now readable only by its owner (its mode was {mode:03o})",
                    self.ui.err(Tone::Place, "note:"),
                    output::short(&file.path, self.env.home().as_deref())
                ));
            }
        }
        for note in &written.notes {
            self.ui
                .alert(&format!("{} {note}", self.ui.err(Tone::Warn, "warning:")));
        }
    }

    fn line(&self, file: &Replaced, verb: &str) -> String {
        let short = |path: &std::path::Path| output::short(path, self.env.home().as_deref());
        let link = file
            .through
            .as_ref()
            .map(|target| format!(", a link to {}", short(target)))
            .unwrap_or_default();
        let backup = file
            .backup
            .as_ref()
            .map(|backup| match backup.file_name() {
                Some(name) if backup.parent() == file.path.parent() => {
                    format!(" (backup: {})", printable(&name.to_string_lossy()))
                }
                _ => format!(" (backup: {})", short(backup)),
            })
            .unwrap_or_default();
        format!("{verb} {}{link}{backup}", short(&file.path))
    }

    /// The result as fields of the command's JSON document.
    pub(crate) fn json(&self, proposal: &Proposal, ending: &Ending) -> Json {
        let mut fields = json!({
            "config": output::config_json(self.location),
            "changed": !proposal.is_empty(),
            "written": ending.written().is_some(),
            "files": files_json(proposal, ending),
            "notes": output::diagnostics_json(&proposal.notes, &self.context),
        });
        if !proposal.calls.is_empty() {
            fields["calls"] = proposal.calls.iter().map(Call::json).collect();
        }
        if let Ending::Shown(Some(refusal)) = ending {
            fields["error"] = failure_json(refusal, &self.context);
        }
        fields
    }
}

/// The files of a change, and whether they were written.
pub(crate) fn files_json(proposal: &Proposal, ending: &Ending) -> Vec<Json> {
    let written = ending.written();
    proposal
        .files
        .iter()
        .map(|file| {
            let path = &file.snapshot.path;
            let stored = written
                .and_then(|written| written.files.iter().find(|stored| stored.path == *path));
            json!({
                "path": path.display().to_string(),
                "written": stored.is_some(),
                "backup": stored
                    .and_then(|stored| stored.backup.as_ref())
                    .map(|backup| backup.display().to_string()),
                "diff": diff::to_text(&file.diff),
            })
        })
        .collect()
}
