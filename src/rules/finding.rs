//! What a rule has found, and how to mend it.

use std::ops::Range;

use crate::document::{Kind, Path, Step, Value};
use crate::edit::Change;
use crate::openclaw::{Config, View};

use super::schema::KeyError;
use super::{Level, Rule};

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub level: Level,
    /// The index of the file in `Config::sources`.
    pub source: usize,
    /// The bytes it points at.
    pub range: Range<usize>,
    /// The way to the value in the merged config.
    pub path: Path,
    /// One sentence: what is wrong.
    pub message: String,
    /// One sentence: what to do.
    pub help: String,
    /// The change that mends it.
    pub fix: Option<Fix>,
}

/// A change that mends a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether it keeps what the user meant, beyond doubt.
    pub safe: bool,
    /// What it does, as a verb phrase: `add /v1`.
    pub title: String,
    /// The changes, each with the index of its file.
    pub changes: Vec<(usize, Change)>,
}

/// Collects what the rules find.
#[derive(Debug, Default)]
pub struct Findings {
    rule: Option<&'static Rule>,
    found: Vec<Finding>,
}

impl Findings {
    pub(super) fn start(&mut self, rule: &'static Rule) {
        self.rule = Some(rule);
    }

    /// A finding that points at a value.
    pub fn at(&mut self, view: &View<'_>, message: impl Into<String>, help: impl Into<String>) {
        let (source, range) = view.range();
        self.add(
            source,
            range,
            view.path().clone(),
            message.into(),
            help.into(),
        );
    }

    /// A finding that points at a key of an object.
    pub fn at_key(
        &mut self,
        view: &View<'_>,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (source, range) = view.key_range(key).unwrap_or_else(|| view.range());
        self.add(
            source,
            range,
            view.path().clone().key(key),
            message.into(),
            help.into(),
        );
    }

    /// A finding that points at the key under which a value stands.
    pub fn at_name(
        &mut self,
        view: &View<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (source, range) = own_key(view).unwrap_or_else(|| view.range());
        self.add(
            source,
            range,
            view.path().clone(),
            message.into(),
            help.into(),
        );
    }

    /// A finding that points at a key that is not as it should be.
    pub fn at_strange(
        &mut self,
        strange: &KeyError,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(
            strange.source,
            strange.range.clone(),
            strange.path.clone(),
            message.into(),
            help.into(),
        );
    }

    fn add(
        &mut self,
        source: usize,
        range: Range<usize>,
        path: Path,
        message: String,
        help: String,
    ) {
        let Some(rule) = self.rule else {
            return;
        };
        self.found.push(Finding {
            rule,
            level: rule.level,
            source,
            range,
            path,
            message,
            help,
            fix: None,
        });
    }

    /// Gives the last finding another level than its rule's.
    pub fn level(&mut self, level: Level) {
        if let Some(last) = self.found.last_mut() {
            last.level = level;
        }
    }

    /// Gives the last finding a fix.
    pub fn fix(&mut self, fix: Fix) {
        if let Some(last) = self.found.last_mut() {
            last.fix = Some(fix);
        }
    }

    /// Gives the last finding a fix of several changes, their paths those of the merged config,
    /// where one file owns each of them.
    pub fn fix_all(
        &mut self,
        config: &Config,
        safe: bool,
        title: impl Into<String>,
        changes: Vec<Change>,
    ) {
        let routed = changes.into_iter().map(|mut change| {
            let (Change::Set { path, .. }
            | Change::Append { path, .. }
            | Change::Remove { path, .. }) = &mut change;
            let owner = config.route(path).ok()?;
            *path = owner.path;
            Some((owner.source, change))
        });
        if let Some(changes) = routed.collect() {
            self.fix(Fix {
                safe,
                title: title.into(),
                changes,
            });
        }
    }

    /// Gives the last finding the fix that its value becomes another, where one file owns it.
    pub fn fix_set(&mut self, view: &View<'_>, safe: bool, title: impl Into<String>, value: Value) {
        if let Some((source, path)) = view.owner() {
            self.fix(Fix {
                safe,
                title: title.into(),
                changes: vec![(source, Change::Set { path, value })],
            });
        }
    }

    /// Gives the last finding the fix that its value goes, where one file owns it.
    pub fn fix_remove(&mut self, view: &View<'_>, safe: bool, title: impl Into<String>) {
        if let Some((source, path)) = view.owner() {
            self.fix(Fix {
                safe,
                title: title.into(),
                changes: vec![(
                    source,
                    Change::Remove {
                        path,
                        comments_stay: false,
                    },
                )],
            });
        }
    }

    /// Gives the last finding the fix that an object gets one more member, where one file owns it.
    pub fn fix_put(
        &mut self,
        holder: &View<'_>,
        key: &str,
        safe: bool,
        title: impl Into<String>,
        value: Value,
    ) {
        if holder.kind() == Kind::Object
            && let Ok(routed) = holder.config().route(&holder.path().clone().key(key))
        {
            self.fix(Fix {
                safe,
                title: title.into(),
                changes: vec![(
                    routed.source,
                    Change::Set {
                        path: routed.path,
                        value,
                    },
                )],
            });
        }
    }

    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.found
            .sort_by_key(|finding| (finding.source, finding.range.start, finding.rule.id));
        self.found
    }
}

/// Where the key stands that leads to a value; none for the root and for items of arrays.
fn own_key(view: &View<'_>) -> Option<(usize, Range<usize>)> {
    let (last, way) = view.path().0.split_last()?;
    match last {
        Step::Key(key) => view.config().root().down(way)?.key_range(key),
        Step::Index(_) => None,
    }
}
