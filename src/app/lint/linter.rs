//! Runs the rules on one config and renders the diagnostics.

use std::path::Path;
use std::sync::Arc;

use crate::causes::{self, Cause, Facts, Online, apply_ignores};
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::openclaw::{Config, Version, VersionSource};
use crate::report::{self, Counts, File, Report};
use crate::secret::Secret;
use crate::team::Team;

use super::baseline::{self, Baseline, Entry};
use super::inputs;
use super::verdict::FileVerdict;
use crate::app::load::{Loaded, Unread};
use crate::args::LintFormat;

/// The settings of a run, the same for every file.
pub(crate) struct Linter {
    pub(crate) rules: Vec<&'static Cause>,
    /// The team file whose rules apply.
    pub(crate) team: Option<Arc<Team>>,
    /// The version from the command line.
    pub(crate) version: Option<Version>,
    /// The installed OpenClaw; only for this machine's own config.
    pub(crate) installed: Option<Version>,
    pub(crate) format: LintFormat,
    pub(crate) color: bool,
    pub(crate) cwd: std::path::PathBuf,
    pub(crate) baseline: Option<Baseline>,
    /// The folder of the baseline to write.
    pub(crate) writes_baseline: Option<std::path::PathBuf>,
    /// Keys to mask in all output.
    pub(crate) known: Vec<Secret>,
}

/// The result for a config.
pub(crate) struct Checked<'l> {
    /// Whether OpenClaw starts with it.
    pub(crate) verdict: FileVerdict,
    pub(crate) report: Report<'l>,
    /// The number of findings ignored by comments.
    pub(crate) ignored: usize,
    /// The findings in the baseline.
    pub(crate) suppressed: Vec<Entry>,
    /// The findings to write into a baseline.
    pub(crate) entries: Vec<Entry>,
}

impl Linter {
    /// The facts of a config, if it could be read.
    pub(crate) fn facts<'c>(&self, loaded: &'c Loaded) -> Option<Facts<'c>> {
        let config = loaded.config.as_ref()?;
        let version = VersionSource::of(self.version, self.installed, config.written_by());
        let mut facts = Facts::new(config, version);
        facts.complete = loaded.complete;
        facts.team.clone_from(&self.team);
        facts.unread = loaded.unread.iter().filter_map(Unread::include).collect();
        Some(facts)
    }

    /// Runs the rules and tries out the fixes.
    pub(crate) fn check<'l>(&self, loaded: &'l Loaded, online: Option<&'l Online>) -> Checked<'l> {
        self.check_with(loaded, (online, None), loaded.config.as_ref(), false)
    }

    /// Runs the rules for a check that comments can't hide errors from. `provider_id` is the
    /// provider that was looked up at Portkey.
    pub(crate) fn check_errors<'l>(
        &self,
        loaded: &'l Loaded,
        online: Option<&'l Online>,
        provider_id: &str,
    ) -> Checked<'l> {
        let online = (online, Some(provider_id));
        self.check_with(loaded, online, loaded.config.as_ref(), true)
    }

    /// Runs the rules without trying out the fixes, for callers that apply them anyway.
    pub(crate) fn check_untried<'l>(
        &self,
        loaded: &'l Loaded,
        online: Option<&'l Online>,
    ) -> Checked<'l> {
        self.check_with(loaded, (online, None), None, false)
    }

    fn check_with<'l>(
        &self,
        loaded: &'l Loaded,
        (online, provider_id): (Option<&'l Online>, Option<&str>),
        tried: Option<&Config>,
        with_errors: bool,
    ) -> Checked<'l> {
        let mut verdict = FileVerdict::unparsed(loaded, self.version);
        let (mut findings, ignored) = match (self.facts(loaded), &loaded.config) {
            (Some(mut facts), Some(config)) => {
                facts.online = online;
                facts.online_provider = provider_id.map(str::to_owned);
                verdict = FileVerdict::of(&facts, loaded);
                let found = causes::run(&facts, &self.rules);
                let mut unignored = apply_ignores(config, &self.rules, found);
                if with_errors {
                    unignored = unignored.with_errors();
                }
                (unignored.findings, unignored.ignored.len())
            }
            _ => (Vec::new(), 0),
        };
        let readable = loaded
            .config
            .as_ref()
            .map_or(0, |config| config.sources().len());
        for (index, broken) in loaded.broken.iter().enumerate() {
            let finding = causes::unreadable(&broken.path, &broken.error, readable + index);
            if self.rules.iter().any(|rule| finding.is(rule)) {
                findings.push(finding);
            }
        }
        let report = self.report(loaded, findings, tried);
        verdict.hide_secrets(|reason| {
            if report.has_files() {
                report.safe(reason)
            } else {
                let files = self.files(loaded);
                Report::new(files, None, Vec::new()).safe(reason)
            }
        });
        let mut checked = Checked {
            verdict,
            report,
            ignored,
            suppressed: Vec::new(),
            entries: Vec::new(),
        };
        self.apply_baseline(loaded, &mut checked);
        checked
    }

    fn report<'l>(
        &self,
        loaded: &'l Loaded,
        findings: Vec<Diagnostic>,
        tried: Option<&Config>,
    ) -> Report<'l> {
        if findings.is_empty() {
            return Report::new(Vec::new(), None, Vec::new());
        }
        Report::new(self.files(loaded), tried, findings)
    }

    /// The files of a config, for reports.
    fn files<'l>(&self, loaded: &'l Loaded) -> Vec<File<'l>> {
        let sources = loaded.config.iter().flat_map(Config::sources);
        let read = sources.map(|source| self.file(&source.path, &source.document));
        let broken = loaded.broken.iter().map(|broken| {
            let name = inputs::name(&broken.path, &self.cwd);
            File::unread(name, &broken.bytes, broken.error.kind)
        });
        read.chain(broken).collect()
    }

    fn file<'l>(&self, path: &Path, document: &'l Document) -> File<'l> {
        File::read(inputs::name(path, &self.cwd), document, &self.known)
    }

    fn apply_baseline(&self, loaded: &Loaded, checked: &mut Checked<'_>) {
        if self.baseline.is_none() && self.writes_baseline.is_none() {
            return;
        }
        let sources = loaded.config.iter().flat_map(Config::sources);
        let paths: Vec<&Path> = sources
            .map(|source| source.path.as_path())
            .chain(loaded.broken.iter().map(|broken| broken.path.as_path()))
            .collect();
        let path = |shown: &Diagnostic| {
            let source = shown.source().and_then(|source| paths.get(source));
            source.copied().unwrap_or(Path::new(""))
        };
        let mut kept = Vec::new();
        for shown in std::mem::take(&mut checked.report.diagnostics) {
            let print = checked.report.fingerprint(&shown);
            if let Some(folder) = &self.writes_baseline {
                checked
                    .entries
                    .push((baseline::name_in(folder, path(&shown)), print));
                continue;
            }
            if let Some(baseline) = &self.baseline {
                let entry = (baseline.name(path(&shown)), print);
                if baseline.holds(&entry) {
                    checked.suppressed.push(entry);
                    continue;
                }
            }
            kept.push(shown);
        }
        checked.report.diagnostics = kept;
    }

    /// The findings in the chosen format, with separators.
    pub(crate) fn render(&self, report: &Report<'_>) -> String {
        let mut text = String::new();
        for (at, finding) in report.diagnostics.iter().enumerate() {
            let (between, one) = match self.format {
                LintFormat::Text => ("\n\n", report::text::render(report, finding, self.color)),
                LintFormat::Json => (report::json::BETWEEN, report::json::render(report, finding)),
                LintFormat::Sarif => (
                    report::sarif::BETWEEN,
                    report::sarif::render(report, finding),
                ),
                LintFormat::Github => ("\n", report::github::render(report, finding)),
            };
            if at > 0 {
                text.push_str(between);
            }
            text.push_str(&one);
        }
        text
    }
}

/// The number of findings, those with a fix, and those with a safe fix.
pub(crate) fn count(report: &Report<'_>) -> (Counts, (usize, usize)) {
    let mut counts = Counts::default();
    let mut fixable = (0, 0);
    for finding in &report.diagnostics {
        counts.add(finding.level);
        if let Some(fix) = &finding.fix {
            fixable.0 += 1;
            fixable.1 += usize::from(fix.safe);
        }
    }
    (counts, fixable)
}
