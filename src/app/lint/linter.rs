//! One config: the rules run over it, and what they found made ready to be shown.

use std::path::Path;

use crate::document::Document;
use crate::openclaw::{Config, Version, VersionSource};
use crate::report::{self, Counts, File, Report, Shown};
use crate::rules::{self, Facts, Finding, Online, Rule, apply_ignores};
use crate::secret::Secret;

use super::baseline::{self, Baseline, Entry};
use super::inputs;
use crate::app::load::Loaded;
use crate::args::LintFormat;

/// What is the same for every file of a run.
pub(crate) struct Linter {
    pub(crate) rules: Vec<&'static Rule>,
    /// The version that the command line names.
    pub(crate) version: Option<Version>,
    /// The OpenClaw that is installed; only for this machine's own config.
    pub(crate) installed: Option<Version>,
    pub(crate) format: LintFormat,
    pub(crate) color: bool,
    pub(crate) cwd: std::path::PathBuf,
    pub(crate) baseline: Option<Baseline>,
    /// The folder of the baseline that is written.
    pub(crate) writes_baseline: Option<std::path::PathBuf>,
    /// Keys that no text gives away.
    pub(crate) known: Vec<Secret>,
}

/// What was found in a config.
pub(crate) struct Checked<'l> {
    pub(crate) report: Report<'l>,
    /// The same findings, in the same order, with their fixes.
    pub(crate) findings: Vec<Finding>,
    /// How many a comment silenced.
    pub(crate) ignored: usize,
    /// Those that the baseline holds.
    pub(crate) suppressed: Vec<Entry>,
    /// Those that are to be written into one.
    pub(crate) entries: Vec<Entry>,
}

impl Linter {
    /// The facts of a config, where it could be read.
    pub(crate) fn facts<'c>(&self, loaded: &'c Loaded) -> Option<Facts<'c>> {
        let config = loaded.config.as_ref()?;
        let version = VersionSource::of(self.version, self.installed, config.written_by());
        let mut facts = Facts::new(config, version);
        facts.complete = loaded.complete;
        Some(facts)
    }

    /// Runs the rules, and tries the fixes.
    pub(crate) fn check<'l>(&self, loaded: &'l Loaded, online: Option<&'l Online>) -> Checked<'l> {
        self.check_with(loaded, online, loaded.config.as_ref())
    }

    /// Runs the rules; whoever makes the fixes need not try them before.
    pub(crate) fn check_untried<'l>(
        &self,
        loaded: &'l Loaded,
        online: Option<&'l Online>,
    ) -> Checked<'l> {
        self.check_with(loaded, online, None)
    }

    fn check_with<'l>(
        &self,
        loaded: &'l Loaded,
        online: Option<&'l Online>,
        tried: Option<&Config>,
    ) -> Checked<'l> {
        let (mut findings, ignored) = match (self.facts(loaded), &loaded.config) {
            (Some(mut facts), Some(config)) => {
                facts.online = online;
                let found = rules::run(&facts, &self.rules);
                let unignored = apply_ignores(config, &self.rules, found);
                (unignored.findings, unignored.ignored)
            }
            _ => (Vec::new(), 0),
        };
        let readable = loaded
            .config
            .as_ref()
            .map_or(0, |config| config.sources().len());
        for (index, broken) in loaded.broken.iter().enumerate() {
            let finding = Finding::unreadable(&broken.error, readable + index);
            if self.rules.iter().any(|rule| rule.id == finding.rule.id) {
                findings.push(finding);
            }
        }
        let mut checked = Checked {
            report: self.report(loaded, &findings, tried),
            findings,
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
        findings: &[Finding],
        tried: Option<&Config>,
    ) -> Report<'l> {
        if findings.is_empty() {
            return Report::new(Vec::new(), None, &[]);
        }
        let sources = loaded.config.iter().flat_map(Config::sources);
        let read = sources.map(|source| self.file(&source.path, &source.document));
        let broken = loaded.broken.iter().map(|broken| {
            let name = inputs::name(&broken.path, &self.cwd);
            File::unread(name, &broken.bytes, broken.error.kind)
        });
        let files = read.chain(broken).collect();
        Report::new(files, tried, findings)
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
        let path = |shown: &Shown| paths.get(shown.file).copied().unwrap_or(Path::new(""));
        let mut kept = Vec::new();
        let mut kept_findings = Vec::new();
        let shown = std::mem::take(&mut checked.report.findings);
        let findings = std::mem::take(&mut checked.findings);
        for (shown, finding) in shown.into_iter().zip(findings) {
            let print = shown.fingerprint.clone();
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
            kept_findings.push(finding);
        }
        checked.report.findings = kept;
        checked.findings = kept_findings;
    }

    /// The findings in the chosen format, what stands between them included.
    pub(crate) fn render(&self, report: &Report<'_>) -> String {
        let mut text = String::new();
        for (at, finding) in report.findings.iter().enumerate() {
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

/// How many findings there are, and how many of them have a fix, a safe one.
pub(crate) fn count(report: &Report<'_>) -> (Counts, (usize, usize)) {
    let mut counts = Counts::default();
    let mut fixable = (0, 0);
    for finding in &report.findings {
        counts.add(finding.level);
        if let Some(fix) = &finding.fix {
            fixable.0 += 1;
            fixable.1 += usize::from(fix.safe);
        }
    }
    (counts, fixable)
}
