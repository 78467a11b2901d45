//! A run over all files: in parallel if nothing is looked up or written, reported in order.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use serde_json::Value as Json;

use crate::causes::{Cause, Online};
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::printable;
use crate::report::{Counts, FileVerdict};
use crate::store::{Environment, MAX_BYTES};
use crate::ui::Ui;

use super::baseline::{self, Baseline, Entry};
use super::inputs::{self, Input, Inputs};
use super::linter::{Linter, count};
use super::online::OnlineCheck;
use super::reporter::Reporter;
use super::{Fixes, Options, fix};
use crate::app::change::{Ending, files_json, stays_accepted};
use crate::app::load::{self, Loaded};
use crate::app::parallel_map::parallel_map;
use crate::app::session::Session;
use crate::app::team;
use crate::app::{Env, usage};
use crate::args::ConfigArgs;

/// The number of files per core that are read before their findings are printed; limits memory use.
const BATCH: usize = 64;

/// The result for one file.
#[derive(Default)]
pub(super) struct FileResult {
    pub(super) text: String,
    pub(super) counts: Counts,
    pub(super) fixable: (usize, usize),
    pub(super) ignored: usize,
    pub(super) suppressed: Vec<Entry>,
    pub(super) entries: Vec<Entry>,
    /// The file's name in the baseline.
    pub(super) baseline_name: Option<String>,
    pub(super) notes: Vec<String>,
    pub(super) skipped: Option<String>,
    pub(super) failure: Option<Failure>,
    /// The files that the fixes change, as JSON.
    pub(super) files: Vec<Json>,
    /// Why the fixes weren't written, if that was printed.
    pub(super) refusal: Option<Failure>,
    pub(super) verdict: Option<FileVerdict>,
}

impl From<Failure> for FileResult {
    fn from(failure: Failure) -> Self {
        Self {
            failure: Some(failure),
            ..Self::default()
        }
    }
}

/// Checks all files.
///
/// # Errors
/// There is no config, or the baseline can't be read. A file that can't be read is reported with
/// the findings of the others.
pub(crate) fn run(options: &Options, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let own = own(options, env)?;
    let Inputs {
        found: inputs,
        failures,
    } = match &own {
        Some(session) => Inputs::of(session.location.config.clone()),
        None => inputs::find(&options.files),
    };
    let has_stdin = inputs.iter().any(|input| matches!(input, Input::Stdin));
    if has_stdin && options.fixes == Fixes::Write {
        return Err(usage("standard input cannot be fixed in place")
            .hint("use --diff to see the fixes, or --fix FILE to write them")
            .into());
    }
    let online = options.online.then(|| OnlineCheck::new(env, own.as_ref()));
    let linter = linter(options, ui, env, own.as_ref())?;
    let mut reporter = Reporter::new(options, ui, &linter);
    reporter.begin();
    if options.selects_online && !options.online {
        reporter
            .summary
            .skipped
            .push("online rules skipped; pass --online".to_owned());
    }
    reporter
        .summary
        .skipped
        .extend(policy_skipped(options, &linter));
    for failure in failures {
        reporter.failed(failure);
    }
    let one_by_one = online.is_some() || options.fixes != Fixes::Offer || inputs.len() == 1;
    if one_by_one {
        let mut run = Run {
            linter: &linter,
            options,
            ui,
            env,
            online,
        };
        for input in &inputs {
            reporter.report(run.one(input).unwrap_or_else(FileResult::from));
        }
    } else {
        in_parallel(&linter, &env.files, &inputs, &mut reporter);
    }
    Ok(reporter.finish(inputs.len()))
}

/// The team rules that can't be checked.
fn policy_skipped(options: &Options, linter: &Linter) -> Option<String> {
    let Some(team) = &linter.team else {
        let text = "team rules skipped; pass --policy FILE";
        return options.selects_policy.then(|| text.to_owned());
    };
    let config = team.openclaw.config.as_ref()?;
    if team.config_id(&config.value).is_some() {
        return None;
    }
    let name = printable(&config.value);
    Some(format!(
        "x-portkey-config not checked: {} doesn't have the id of the config `{name}` yet ({})",
        team.name(),
        team.place(config)
    ))
}

/// OpenClaw's own config, unless files are named.
fn own<'e>(options: &Options, env: &'e Env) -> Result<Option<Session<'e>>, Failure> {
    if !options.files.is_empty() {
        return Ok(None);
    }
    let flags = ConfigArgs {
        profile: options.profile.clone(),
        ..ConfigArgs::default()
    };
    let session = Session::examine(&flags, env)?;
    if session.loaded.exists {
        return Ok(Some(session));
    }
    Err(Failure::new(
        FailureKind::File,
        format!("no config at {}", session.location.config.display()),
    )
    .hint("name the files to check, or create a config with `{run: init}`"))
}

fn linter(
    options: &Options,
    ui: &Ui,
    env: &Env,
    own: Option<&Session<'_>>,
) -> Result<Linter, Failure> {
    Ok(Linter {
        rules: options.rules.clone(),
        team: match &options.policy {
            Some(file) => Some(Arc::new(team::load(file, ui)?)),
            None => None,
        },
        version: options.version,
        installed: own.and_then(Session::installed_version),
        format: options.format,
        color: ui.colors_results(),
        cwd: std::path::absolute(".").unwrap_or_default(),
        baseline: options
            .baseline
            .as_deref()
            .map(Baseline::read)
            .transpose()?,
        writes_baseline: options
            .write_baseline
            .as_deref()
            .map(baseline::folder_of)
            .transpose()?,
        known: match own {
            Some(session) => session.secrets(),
            None if options.online => OnlineCheck::new(env, None).known(),
            None => Vec::new(),
        },
    })
}

pub(super) fn is_online(id: &str) -> bool {
    crate::causes::rule(id).is_some_and(Cause::is_online)
}

fn in_parallel(
    linter: &Linter,
    files: &Environment,
    inputs: &[Input],
    reporter: &mut Reporter<'_>,
) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    for batch in inputs.chunks(BATCH * cores) {
        let results = parallel_map(cores, batch, |input| {
            open(input, files, &load::Overlay::new())
                .and_then(|(path, _, loaded)| checked(linter, &path, &loaded, None))
                .unwrap_or_else(FileResult::from)
        });
        for result in results {
            reporter.report(result);
        }
    }
}

/// The path, the bytes of standard input, and the config.
fn open(
    input: &Input,
    files: &Environment,
    overlay: &load::Overlay,
) -> Result<(PathBuf, Option<Vec<u8>>, Loaded), Failure> {
    match input {
        Input::File(path) => Ok((path.clone(), None, load::file(path, files, overlay)?)),
        Input::Stdin => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(MAX_BYTES)
                .read_to_end(&mut bytes)
                .context("cannot read standard input")
                .map_err(Failure::from)?;
            let loaded = load::stdin(bytes.clone(), overlay);
            Ok((PathBuf::from("<stdin>"), Some(bytes), loaded))
        }
    }
}

/// A run that looks things up or writes, one file at a time.
struct Run<'a> {
    linter: &'a Linter,
    options: &'a Options,
    ui: &'a Ui,
    env: &'a Env,
    online: Option<OnlineCheck<'a>>,
}

impl Run<'_> {
    /// Checks one file, looks things up at Portkey, and fixes it, as requested.
    fn one(&mut self, input: &Input) -> Result<FileResult, Failure> {
        let (path, bytes, loaded) = open(input, &self.env.files, &load::Overlay::new())?;
        let (online, gap) = match (&mut self.online, self.linter.facts(&loaded)) {
            (Some(online), Some(facts)) => online.ask(&facts),
            _ => (None, None),
        };
        let skipped = gap.map(|why| {
            format!(
                "{}: not checked with Portkey: {why}",
                inputs::name(&path, &self.linter.cwd)
            )
        });
        let mut result = match self.options.fixes {
            Fixes::Offer => checked(self.linter, &path, &loaded, online.as_ref())?,
            Fixes::Show | Fixes::Write => {
                self.fixed(&path, bytes.as_deref(), &loaded, online.as_ref())?
            }
        };
        result.skipped = skipped;
        Ok(result)
    }

    fn fixed(
        &self,
        path: &Path,
        input: Option<&[u8]>,
        loaded: &Loaded,
        online: Option<&Online>,
    ) -> Result<FileResult, Failure> {
        let reload = fix::reloader(path, input, &self.env.files);
        let fixed = fix::in_memory(
            self.linter,
            loaded,
            online,
            self.options.also_unsafe,
            &reload,
        )?;
        let writer = fix::Writer {
            ui: self.ui,
            env: self.env,
            linter: self.linter,
            format: self.options.format,
        };
        if self.options.fixes == Fixes::Show {
            writer.show(loaded, &fixed.texts);
            let mut result = checked(self.linter, path, loaded, online)?;
            if self.options.format == crate::args::LintFormat::Text {
                result.text.clear();
            }
            return Ok(result);
        }
        if let (Some(before), Some(after)) = (&loaded.config, self.linter.facts(&fixed.loaded)) {
            stays_accepted(before, after.config, after.version)?;
        }
        let (proposal, ending) = writer.write(path, loaded, &fixed.texts)?;
        let now = match &ending {
            Ending::Shown(_) => loaded,
            Ending::Written(_) | Ending::Nothing | Ending::Sent => &fixed.loaded,
        };
        Ok(FileResult {
            files: files_json(&proposal, &ending),
            refusal: match ending {
                Ending::Shown(refusal) => refusal,
                Ending::Written(_) | Ending::Nothing | Ending::Sent => None,
            },
            ..checked(self.linter, path, now, online)?
        })
    }
}

/// The includes that no rule reports.
fn notes(loaded: &Loaded, linter: &Linter) -> Vec<String> {
    let reported = linter
        .rules
        .iter()
        .any(|rule| rule.id == "include-unreadable");
    let unread = loaded.unread.iter();
    let unread = unread.filter(|unread| !reported || unread.include().is_none());
    unread.map(load::Unread::text).collect()
}

/// The diagnostics for a config.
fn checked(
    linter: &Linter,
    path: &Path,
    loaded: &Loaded,
    online: Option<&Online>,
) -> Result<FileResult, Failure> {
    let checked = linter.check(loaded, online);
    if loaded.config.is_none()
        && checked.report.diagnostics.is_empty()
        && checked.suppressed.is_empty()
        && checked.entries.is_empty()
    {
        // The rule that would report it is off, but nothing was checked.
        let reason = loaded.broken.first().map(|broken| broken.error.to_string());
        return Err(Failure::new(
            FailureKind::Config,
            format!(
                "{}:{}",
                inputs::name(path, &linter.cwd),
                reason.unwrap_or_default()
            ),
        ));
    }
    let (counts, fixable) = count(&checked.report);
    Ok(FileResult {
        text: linter.render(&checked.report),
        counts,
        fixable,
        ignored: checked.ignored,
        suppressed: checked.suppressed,
        entries: checked.entries,
        baseline_name: linter.baseline.as_ref().map(|baseline| baseline.name(path)),
        notes: notes(loaded, linter),
        verdict: Some(checked.verdict.report(inputs::name(path, &linter.cwd))),
        ..FileResult::default()
    })
}
