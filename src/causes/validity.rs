//! Reports what OpenClaw rejects.

use std::sync::OnceLock;

use super::{Facts, Findings, Level, Misspelt};
use crate::document::Kind;
use crate::openclaw::schema::{self, Issue, IssueKind, Validation, Verdict};
use crate::openclaw::{Config, Version, VersionSource};

/// Whether OpenClaw accepts a config, and how certain that is.
#[derive(Debug)]
pub struct Validity {
    /// The judgement for the known or assumed version.
    pub judged: Validation,
    /// For each issue, whether it may be a false alarm: the version is a guess, and other versions
    /// accept the config.
    doubtful: Vec<bool>,
    misspelt: OnceLock<Vec<Option<Misspelt>>>,
}

/// Versions to check as well if the version is unknown.
const ALSO: [Version; 2] = [Version::new(2026, 5, 28), Version::new(2026, 7, 35)];

impl Validity {
    pub(super) fn of(config: &Config, version: VersionSource) -> Self {
        let judged = schema::validate(config, version.version());
        let all = !schema::is_covered(version.version());
        let doubtful = if all || version != VersionSource::Unknown || judged.issues.is_empty() {
            vec![all; judged.issues.len()]
        } else {
            let others = ALSO.map(|version| schema::validate(config, version).places());
            let refused_by_all =
                |issue: &Issue| others.iter().all(|places| places.contains(&issue.place()));
            judged
                .issues
                .iter()
                .map(|issue| !refused_by_all(issue))
                .collect()
        };
        Self {
            judged,
            doubtful,
            misspelt: OnceLock::new(),
        }
    }

    /// The unknown keys, each with whether it may be a false alarm, and the misspelt key it is, if
    /// any.
    pub(super) fn unknown_keys(
        &self,
        config: &Config,
    ) -> impl Iterator<Item = (&Issue, bool, Option<&Misspelt>)> {
        let issues = self.judged.issues.iter().zip(&self.doubtful);
        issues
            .zip(self.misspelt(config))
            .filter(|((issue, _), _)| issue.kind() == IssueKind::UnknownKey)
            .map(|((issue, doubtful), misspelt)| (issue, *doubtful, misspelt.as_ref()))
    }

    /// The misspelt keys, one entry per issue.
    pub(super) fn misspelt(&self, config: &Config) -> &[Option<Misspelt>] {
        self.misspelt
            .get_or_init(|| Misspelt::all(&self.judged, config))
    }

    /// The issues of a kind, each with whether it may be a false alarm.
    pub(super) fn of_kind(&self, kind: IssueKind) -> impl Iterator<Item = (&Issue, bool)> {
        let issues = self.judged.issues.iter().zip(self.doubtful.iter().copied());
        issues.filter(move |(issue, _)| issue.kind() == kind)
    }

    /// Whether OpenClaw starts; `None` if that can't be determined.
    #[must_use]
    pub fn accepted(&self) -> Option<bool> {
        match self.judged.verdict {
            Verdict::Accepted => Some(true),
            Verdict::Refused => Some(false),
            Verdict::Unknown(_) => None,
        }
    }
}

/// Reports the issues of a kind. `otherwise` is the help for issues without their own.
pub(super) fn refused(
    facts: &Facts<'_>,
    findings: &mut Findings,
    kind: IssueKind,
    otherwise: &'static str,
) {
    for (issue, doubtful) in facts.validity().of_kind(kind) {
        let found = facts.config.root().down(&issue.path.0);
        let kind = found.map_or(Kind::Null, |view| view.kind());
        let help = match issue.help() {
            "" => otherwise,
            help => help,
        };
        findings.at_range(
            (issue.source, issue.range.clone()),
            &issue.path,
            format!("{}, so OpenClaw won't start", issue.message(kind)),
            help.to_owned(),
        );
        if doubtful {
            findings.level(Level::Warning);
        }
    }
}
