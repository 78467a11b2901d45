//! The output of a run: findings in file order, then a summary line.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use crate::app::print_failure;
use crate::args::LintFormat;
use crate::error::{Exit, Failure};
use crate::help::RunContext;
use crate::mask::printable;
use crate::report::{self, Summary};
use crate::ui::{Tone, Ui};

use super::Options;
use super::baseline::{self, Entry};
use super::linter::Linter;
use super::run::{FileResult, is_online};

pub(super) struct Reporter<'a> {
    options: &'a Options,
    ui: &'a Ui,
    linter: &'a Linter,
    pub(super) summary: Summary,
    printed: bool,
    looked_at: HashSet<String>,
    suppressed: HashSet<Entry>,
    entries: BTreeSet<Entry>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(options: &'a Options, ui: &'a Ui, linter: &'a Linter) -> Self {
        Self {
            options,
            ui,
            linter,
            summary: Summary::default(),
            printed: false,
            looked_at: HashSet::new(),
            suppressed: HashSet::new(),
            entries: BTreeSet::new(),
        }
    }

    pub(super) fn begin(&self) {
        match self.options.format {
            LintFormat::Json => self.ui.result_part(report::json::HEAD),
            LintFormat::Sarif => self.ui.result_part(&report::sarif::head()),
            LintFormat::Text | LintFormat::Github => {}
        }
    }

    pub(super) fn report(&mut self, outcome: FileResult) {
        if let Some(failure) = outcome.failure {
            self.failed(failure);
            return;
        }
        if !outcome.text.is_empty() {
            let between = match self.options.format {
                LintFormat::Json if self.printed => report::json::BETWEEN,
                LintFormat::Sarif if self.printed => report::sarif::BETWEEN,
                LintFormat::Text if self.printed => "\n",
                _ => "",
            };
            let end = match self.options.format {
                LintFormat::Text | LintFormat::Github => "\n",
                LintFormat::Json | LintFormat::Sarif => "",
            };
            self.ui
                .result_part(&format!("{between}{}{end}", outcome.text));
            self.printed = true;
        }
        let summary = &mut self.summary;
        summary.counts.merge(outcome.counts);
        summary.fixable.0 += outcome.fixable.0;
        summary.fixable.1 += outcome.fixable.1;
        summary.ignored += outcome.ignored;
        summary.suppressed += outcome.suppressed.len();
        summary.skipped.extend(outcome.skipped);
        summary.files_changed.extend(outcome.files);
        summary.failed.extend(outcome.refusal);
        summary.verdicts.extend(outcome.verdict);
        self.suppressed.extend(outcome.suppressed);
        self.entries.extend(outcome.entries);
        self.looked_at.extend(outcome.baseline_name);
        for note in outcome.notes {
            self.ui.note(&format!(
                "{} {}",
                self.ui.err(Tone::Place, "note:"),
                printable(&note)
            ));
        }
    }

    pub(super) fn failed(&mut self, mut failure: Failure) {
        // A file name may contain control characters.
        failure.message = printable(&failure.message).into_owned();
        for hint in &mut failure.hints {
            *hint = hint.map(|text| printable(text).into_owned());
        }
        // In JSON, it follows the findings.
        let _ = print_failure(self.ui, &failure, &RunContext::default());
        self.summary.failed.push(failure);
    }

    pub(super) fn finish(mut self, files: usize) -> Exit {
        self.summary.files = files;
        let unread = self.summary.failed.len() + self.summary.skipped.len();
        if let Some(baseline) = &self.linter.baseline {
            let ran = |id: &str| {
                let runs = self.linter.rules.iter().any(|rule| rule.id == id);
                runs && (self.options.online || !is_online(id))
            };
            self.summary.stale = baseline.stale(&self.suppressed, &self.looked_at, &ran);
        }
        if let Some(path) = &self.options.write_baseline {
            self.summary.suppressed = self.entries.len();
            if let Err(error) = baseline::write(path, &self.entries) {
                self.failed(error.into());
            }
        }
        match self.options.format {
            LintFormat::Json => self.ui.result(&report::json::tail(&self.summary)),
            LintFormat::Sarif => self.ui.result(&report::sarif::tail(&self.summary)),
            LintFormat::Text | LintFormat::Github => {}
        }
        self.sum_up(unread);
        let found = self
            .summary
            .counts
            .from_level_up(self.options.fail_on.level());
        if !self.summary.failed.is_empty() || !self.summary.skipped.is_empty() {
            Exit::CouldNotRun
        } else if found > 0 && !self.options.no_fail {
            Exit::Problems
        } else {
            Exit::Done
        }
    }

    /// `unread` is the number of files that couldn't be checked.
    fn sum_up(&self, unread: usize) {
        let summary = &self.summary;
        for (file, print) in &summary.stale {
            let text = format!(
                "stale baseline entry: {} at {} in {file} is no longer reported",
                print.rule,
                if print.path.is_empty() {
                    "(root)"
                } else {
                    &print.path
                },
            );
            self.ui.note(&format!(
                "{} {}",
                self.ui.err(Tone::Place, "note:"),
                printable(&text)
            ));
        }
        for skipped in &summary.skipped {
            self.ui.alert(&format!(
                "{} {}",
                self.ui.err(Tone::Warn, "skipped:"),
                printable(skipped)
            ));
        }
        self.ui.note(&sentence(summary, self.options, unread));
    }
}

/// The summary line.
fn sentence(summary: &Summary, options: &Options, unread: usize) -> String {
    let number =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let counts = summary.counts;
    let found: Vec<String> = [
        (counts.errors, "error"),
        (counts.warnings, "warning"),
        (counts.notes, "note"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| number(count, what))
    .collect();
    let files = number(summary.files, "file");
    let mut text = if found.is_empty() && unread >= summary.files {
        "No files checked.".to_owned()
    } else if found.is_empty() && unread > 0 {
        format!(
            "No problems in {} of {files}.",
            summary.files.saturating_sub(unread)
        )
    } else if found.is_empty() {
        format!("No problems in {files}.")
    } else {
        format!("Found {} in {files}.", found.join(", "))
    };
    let (all, safe) = summary.fixable;
    if safe > 0 && !options.safe {
        let _ = write!(text, " {safe} fixable with --fix.");
    }
    if all > safe && !options.also_unsafe {
        let _ = write!(text, " {all} fixable with --fix --unsafe-fixes.");
    }
    if summary.ignored > 0 {
        let _ = write!(text, " {} ignored by comments.", summary.ignored);
    }
    if let Some(path) = &options.write_baseline {
        let path = path.display().to_string();
        let _ = write!(
            text,
            " Wrote {} to {}.",
            number(summary.suppressed, "finding"),
            printable(&path)
        );
    } else if summary.suppressed > 0 {
        let _ = write!(text, " {} hidden by the baseline.", summary.suppressed);
    }
    text
}
