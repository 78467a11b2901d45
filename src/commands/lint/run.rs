//! A run over all files: in parallel where nothing is asked or written, told in order.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;

use crate::causes::{Cause, Online};
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::printable;
use crate::report::{self, Counts, Summary};
use crate::store::{self, MAX_BYTES};
use crate::ui::{Tone, Ui};

use super::super::output::{self, Stream};
use super::super::parallel_map::parallel_map;
use super::super::{Env, report_failure, usage};
use super::baseline::{self, Baseline, Entry};
use super::files::{self, Input, Inputs};
use super::fix;
use super::judge::{Job, count};
use super::load::{self, Loaded};
use super::online::Asker;
use super::{LintArgs, LintFormat};

/// How many files are looked at for each core before what was found is told; bounds the memory.
const BATCH: usize = 64;

/// What came of one file.
#[derive(Default)]
struct Outcome {
    text: String,
    counts: Counts,
    fixable: (usize, usize),
    ignored: usize,
    suppressed: Vec<Entry>,
    entries: Vec<Entry>,
    /// What the file is called in the baseline.
    baseline_name: Option<String>,
    notes: Vec<String>,
    skipped: Option<String>,
    failure: Option<Failure>,
}

/// Runs the command.
///
/// # Errors
/// Arguments that do not fit, no config, an unreadable baseline. A file that cannot be read is
/// told with the findings of the others.
pub fn run(args: &LintArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let rules = args.rules()?;
    let Inputs {
        found: inputs,
        failures,
        own,
    } = files::find(&args.files, args.profile.as_deref(), env)?;
    let has_stdin = inputs.iter().any(|input| matches!(input, Input::Stdin));
    if has_stdin && args.fixes() && !args.diff {
        return Err(usage("standard input cannot be mended in place")
            .hint("--diff shows the fixes, --fix FILE makes them"));
    }
    let dotenv = own
        .as_ref()
        .filter(|_| args.online)
        .and_then(|location| store::read(&location.dotenv).ok()?.bytes)
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let asker = args
        .online
        .then(|| Asker::new(env, dotenv.as_deref(), own.is_some()));
    let job = Job {
        rules,
        version: args.openclaw_version,
        format: args.format,
        color: ui.colors_results(),
        cwd: std::path::absolute(".").unwrap_or_default(),
        baseline: args.baseline.as_deref().map(Baseline::read).transpose()?,
        writes_baseline: args
            .write_baseline
            .as_deref()
            .map(baseline::folder_of)
            .transpose()?,
        known: asker.as_ref().map(Asker::known).unwrap_or_default(),
    };
    let mut teller = Reporter::new(args, ui, &job);
    teller.begin();
    if args.select.iter().any(|id| is_online(id)) && !args.online {
        teller
            .summary
            .skipped
            .push("rules about Portkey's own word need --online".to_owned());
    }
    for failure in failures {
        teller.failed(failure);
    }
    if let Some(asker) = asker {
        one_by_one(&job, args, ui, env, &inputs, Some(asker), &mut teller);
    } else if args.fixes() || inputs.len() == 1 {
        one_by_one(&job, args, ui, env, &inputs, None, &mut teller);
    } else {
        in_parallel(&job, env, &inputs, &mut teller);
    }
    Ok(teller.finish(inputs.len()))
}

fn is_online(id: &str) -> bool {
    crate::causes::rule(id).is_some_and(Cause::is_online)
}

fn one_by_one(
    job: &Job,
    args: &LintArgs,
    ui: &Ui,
    env: &Env,
    inputs: &[Input],
    mut asker: Option<Asker<'_>>,
    teller: &mut Reporter<'_>,
) {
    for input in inputs {
        let outcome =
            one(job, args, ui, env, input, asker.as_mut()).unwrap_or_else(|failure| Outcome {
                failure: Some(failure),
                ..Outcome::default()
            });
        teller.tell(outcome);
    }
}

fn in_parallel(job: &Job, env: &Env, inputs: &[Input], teller: &mut Reporter<'_>) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    for batch in inputs.chunks(BATCH * cores) {
        let outcomes = parallel_map(cores, batch, |input| {
            open(input, env, &load::Overlay::new())
                .and_then(|(path, _, loaded)| judged(job, &path, &loaded, None))
                .unwrap_or_else(|failure| Outcome {
                    failure: Some(failure),
                    ..Outcome::default()
                })
        });
        for outcome in outcomes {
            teller.tell(outcome);
        }
    }
}

/// The path, the bytes of standard input, and the config.
fn open(
    input: &Input,
    env: &Env,
    overlay: &load::Overlay,
) -> Result<(PathBuf, Option<Vec<u8>>, Loaded), Failure> {
    match input {
        Input::File(path) => Ok((path.clone(), None, load::file(path, &env.files, overlay)?)),
        Input::Stdin => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(MAX_BYTES)
                .read_to_end(&mut bytes)
                .map_err(|error| {
                    Failure::new(
                        FailureKind::File,
                        format!("cannot read standard input: {error}"),
                    )
                })?;
            let loaded = load::stdin(bytes.clone(), overlay);
            Ok((PathBuf::from("<stdin>"), Some(bytes), loaded))
        }
    }
}

/// Looks at one file, asks Portkey and mends it where that is wanted.
fn one(
    job: &Job,
    args: &LintArgs,
    ui: &Ui,
    env: &Env,
    input: &Input,
    asker: Option<&mut Asker<'_>>,
) -> Result<Outcome, Failure> {
    let (path, bytes, loaded) = open(input, env, &load::Overlay::new())?;
    let answer = match (asker, job.facts(&loaded)) {
        (Some(asker), Some(facts)) => asker.ask(&facts),
        _ => Ok(None),
    };
    let skipped = answer.as_ref().err().map(|why| {
        format!(
            "{}: not checked against Portkey: {why}",
            files::name(&path, &job.cwd)
        )
    });
    let online = answer.ok().flatten();
    let mut outcome = if args.fixes() {
        mended(
            job,
            args,
            ui,
            env,
            &path,
            bytes.as_deref(),
            loaded,
            online.as_ref(),
        )?
    } else {
        judged(job, &path, &loaded, online.as_ref())?
    };
    outcome.skipped = skipped;
    Ok(outcome)
}

/// What the rules say of a config.
fn judged(
    job: &Job,
    path: &Path,
    loaded: &Loaded,
    online: Option<&Online>,
) -> Result<Outcome, Failure> {
    let judged = job.judge(loaded, online);
    if loaded.config.is_none()
        && judged.report.diagnostics.is_empty()
        && judged.suppressed.is_empty()
        && judged.entries.is_empty()
    {
        // The rule that would tell it is switched off, but nothing was looked at.
        let reason = loaded.broken.first().map(|broken| broken.error.to_string());
        return Err(Failure::new(
            FailureKind::Config,
            format!(
                "{}:{}",
                files::name(path, &job.cwd),
                reason.unwrap_or_default()
            ),
        ));
    }
    let (counts, fixable) = count(&judged.report);
    Ok(Outcome {
        text: job.render(&judged.report),
        counts,
        fixable,
        ignored: judged.ignored,
        suppressed: judged.suppressed,
        entries: judged.entries,
        baseline_name: job.baseline.as_ref().map(|baseline| baseline.name(path)),
        notes: loaded.notes.clone(),
        ..Outcome::default()
    })
}

#[expect(
    clippy::too_many_arguments,
    reason = "all that a run has, for one of its files"
)]
fn mended(
    job: &Job,
    args: &LintArgs,
    ui: &Ui,
    env: &Env,
    path: &Path,
    input: Option<&[u8]>,
    loaded: Loaded,
    online: Option<&Online>,
) -> Result<Outcome, Failure> {
    let reload = fix::reloader(path, input, &env.files);
    let fixed = fix::in_memory(job, &loaded, online, args.unsafe_fixes, &reload)?;
    let stream = if args.diff && args.format == LintFormat::Text {
        Stream::Result
    } else {
        Stream::Note
    };
    for lines in fix::diffs(&loaded, &fixed.texts, job) {
        output::diff(ui, &lines, stream);
    }
    if args.diff {
        let mut outcome = judged(job, path, &loaded, online)?;
        if args.format == LintFormat::Text {
            outcome.text.clear();
        }
        return Ok(outcome);
    }
    if !fixed.texts.is_empty() {
        let written = fix::write(path, loaded, &fixed.texts, "lint --fix", &env.files)?;
        for file in &written.files {
            let backup = file
                .backup
                .as_ref()
                .map(|backup| format!(" (backup: {})", files::name(backup, &job.cwd)));
            let line = format!(
                "Wrote {}{}",
                files::name(&file.path, &job.cwd),
                backup.unwrap_or_default()
            );
            ui.note(&ui.err(Tone::Good, &printable(&line)));
        }
    }
    judged(job, path, &fixed.loaded, online)
}

/// Tells what was found, in order, and adds it up.
struct Reporter<'a> {
    args: &'a LintArgs,
    ui: &'a Ui,
    job: &'a Job,
    summary: Summary,
    told: bool,
    looked_at: HashSet<String>,
    suppressed: HashSet<Entry>,
    entries: BTreeSet<Entry>,
}

impl<'a> Reporter<'a> {
    fn new(args: &'a LintArgs, ui: &'a Ui, job: &'a Job) -> Self {
        Self {
            args,
            ui,
            job,
            summary: Summary::default(),
            told: false,
            looked_at: HashSet::new(),
            suppressed: HashSet::new(),
            entries: BTreeSet::new(),
        }
    }

    fn begin(&self) {
        match self.args.format {
            LintFormat::Json => self.ui.result_part(report::json::HEAD),
            LintFormat::Sarif => self.ui.result_part(&report::sarif::head()),
            LintFormat::Text | LintFormat::Github => {}
        }
    }

    fn tell(&mut self, outcome: Outcome) {
        if let Some(failure) = outcome.failure {
            self.failed(failure);
            return;
        }
        if !outcome.text.is_empty() {
            let between = match self.args.format {
                LintFormat::Json if self.told => report::json::BETWEEN,
                LintFormat::Sarif if self.told => report::sarif::BETWEEN,
                LintFormat::Text if self.told => "\n",
                _ => "",
            };
            let end = match self.args.format {
                LintFormat::Text | LintFormat::Github => "\n",
                LintFormat::Json | LintFormat::Sarif => "",
            };
            self.ui
                .result_part(&format!("{between}{}{end}", outcome.text));
            self.told = true;
        }
        let summary = &mut self.summary;
        summary.counts.merge(outcome.counts);
        summary.fixable.0 += outcome.fixable.0;
        summary.fixable.1 += outcome.fixable.1;
        summary.ignored += outcome.ignored;
        summary.suppressed += outcome.suppressed.len();
        summary.skipped.extend(outcome.skipped);
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

    fn failed(&mut self, mut failure: Failure) {
        // A file's name may hold anything.
        for text in std::iter::once(&mut failure.message).chain(&mut failure.hints) {
            *text = printable(text).into_owned();
        }
        // In JSON it stands behind the findings.
        let _ = report_failure(self.ui, crate::cli::Format::Text, &failure);
        self.summary
            .failed
            .push(printable(&failure.message).into_owned());
    }

    fn finish(mut self, files: usize) -> Exit {
        self.summary.files = files;
        if let Some(baseline) = &self.job.baseline {
            let ran = |id: &str| {
                let runs = self.job.rules.iter().any(|rule| rule.id == id);
                runs && (self.args.online || !is_online(id))
            };
            self.summary.stale = baseline.stale(&self.suppressed, &self.looked_at, &ran);
        }
        if let Some(path) = &self.args.write_baseline {
            self.summary.suppressed = self.entries.len();
            if let Err(failure) = baseline::write(path, &self.entries) {
                self.failed(failure);
            }
        }
        match self.args.format {
            LintFormat::Json => self.ui.result(&report::json::tail(&self.summary)),
            LintFormat::Sarif => self.ui.result(&report::sarif::tail(&self.summary)),
            LintFormat::Text | LintFormat::Github => {}
        }
        self.sum_up();
        let found = self.summary.counts.from_level_up(self.args.fail_on.level());
        if !self.summary.failed.is_empty() || !self.summary.skipped.is_empty() {
            Exit::CouldNotRun
        } else if found > 0 && !self.args.no_fail {
            Exit::Problems
        } else {
            Exit::Done
        }
    }

    fn sum_up(&self) {
        let summary = &self.summary;
        for (file, print) in &summary.stale {
            let text = format!(
                "the baseline's entry for {} at {} in {file} is stale: nothing is found there",
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
        self.ui.note(&sentence(summary, self.args));
    }
}

/// One line about the whole run.
fn sentence(summary: &Summary, args: &LintArgs) -> String {
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
    let mut text = if found.is_empty() {
        format!("No problems in {files}.")
    } else {
        format!("Found {} in {files}.", found.join(", "))
    };
    let (all, safe) = summary.fixable;
    if safe > 0 && !args.fix {
        let _ = write!(text, " --fix mends {safe}.");
    }
    if all > safe && !args.unsafe_fixes {
        let _ = write!(text, " --unsafe-fixes mends {all}.");
    }
    if summary.ignored > 0 {
        let _ = write!(text, " Comments silence {}.", summary.ignored);
    }
    if let Some(path) = &args.write_baseline {
        let path = path.display().to_string();
        let _ = write!(
            text,
            " Wrote {} to {}.",
            number(summary.suppressed, "finding"),
            printable(&path)
        );
    } else if summary.suppressed > 0 {
        let _ = write!(text, " The baseline holds {}.", summary.suppressed);
    }
    text
}
