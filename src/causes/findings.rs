//! Collects the rules' diagnostics.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Fix, Level, Location, Span};
use crate::document::{Kind, Path, Step, Value};
use crate::edit::Change;
use crate::help::Help;
use crate::lines::Lines;
use crate::openclaw::{Config, Routed, View};
use crate::portkey::printable;

use super::misspelt::Misspelt;
use super::{Cause, Facts};

/// The rules that point at an object because of its keys.
const OF_WHOLE_OBJECTS: [&str; 2] = ["api-key-malformed", "header-type"];

/// Up to this many diagnostics for one list are reported separately; beyond that, the first
/// represents all.
const MAX_OF_A_LIST: usize = 3;

/// Collects the rules' diagnostics.
#[derive(Debug, Default)]
pub struct Findings {
    rule: Option<&'static Cause>,
    found: Vec<Diagnostic>,
}

impl Findings {
    pub(super) fn start(&mut self, rule: &'static Cause) {
        self.rule = Some(rule);
    }

    /// Adds a diagnostic that points at a value.
    pub fn at(&mut self, view: &View<'_>, message: impl Into<String>, help: impl Into<Help>) {
        let (source, range) = view.range();
        self.add(
            source,
            range,
            view.path().clone(),
            message.into(),
            help.into(),
        );
    }

    /// Adds a diagnostic that points at part of a value, given by its byte range in the file.
    pub fn within(
        &mut self,
        view: &View<'_>,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        let (source, _) = view.range();
        let path = view.path().clone();
        self.add(source, range, path, message.into(), help.into());
    }

    /// Adds a diagnostic that points at a key of an object.
    pub fn at_key(
        &mut self,
        view: &View<'_>,
        key: &str,
        message: impl Into<String>,
        help: impl Into<Help>,
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

    /// Adds a diagnostic that points at the key of a value.
    pub fn at_name(&mut self, view: &View<'_>, message: impl Into<String>, help: impl Into<Help>) {
        let (source, range) = own_key(view).unwrap_or_else(|| view.range());
        self.add(
            source,
            range,
            view.path().clone(),
            message.into(),
            help.into(),
        );
    }

    /// Adds a diagnostic that points at part of a file.
    pub fn at_range(
        &mut self,
        (source, range): (usize, Range<usize>),
        path: &Path,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        self.add(source, range, path.clone(), message.into(), help.into());
    }

    /// Removes schema diagnostics that another rule reports too.
    pub(super) fn drop_duplicates(&mut self, of_schema: &[&str], of_missing: &[(&str, &str)]) {
        let specific =
            |one: &&Diagnostic| one.level == Level::Error && !of_schema.contains(&one.check);
        let specific: Vec<(&'static str, Location)> = self
            .found
            .iter()
            .filter(specific)
            .filter_map(|one| Some((one.check, one.location.clone()?)))
            .collect();
        // Sets, since a file may have as many of both as it has lines.
        let mut spans = HashSet::new();
        let mut paths: HashSet<&[Step]> = HashSet::new();
        let mut whole: HashSet<&[Step]> = HashSet::new();
        let mut missing: HashSet<(&str, &[Step])> = HashSet::new();
        for (check, location) in &specific {
            let path = location.path.0.as_slice();
            spans.insert(location.span.as_ref());
            paths.insert(path);
            if OF_WHOLE_OBJECTS.contains(check) {
                whole.insert(path);
            }
            if of_missing.iter().any(|(id, _)| id == check) {
                missing.extend((0..=path.len()).map(|length| (*check, &path[..length])));
            }
        }
        self.found.retain(|one| {
            let Some(location) = one
                .location
                .as_ref()
                .filter(|_| of_schema.contains(&one.check))
            else {
                return true;
            };
            let is_of_holder = || {
                let Some((last, holder)) = location.path.0.split_last() else {
                    return false;
                };
                let is_last = |key: &str| matches!(last, Step::Key(own) if own == key);
                let mut missed = of_missing.iter().filter(|(_, key)| is_last(key));
                whole.contains(holder) || missed.any(|(id, _)| missing.contains(&(*id, holder)))
            };
            let is_said = spans.contains(&location.span.as_ref())
                || paths.contains(location.path.0.as_slice())
                || is_of_holder();
            !is_said
        });
    }

    /// If several providers use Portkey, adds the provider to suggested commands.
    pub(super) fn choose_providers(&mut self, facts: &Facts<'_>) {
        if facts.portkey.len() < 2 {
            return;
        }
        for found in &mut self.found {
            let path = found.location.as_ref().map(|location| &location.path);
            let is_in = |holder: &Path| path.is_some_and(|path| path.0.starts_with(&holder.0));
            let mut all = facts.portkey.iter();
            if let Some(provider) = all.find(|provider| is_in(provider.view.path())) {
                found.help.choose_provider(&provider.id);
            }
        }
    }

    /// Removes diagnostics if a team's rule reports the same value more strictly.
    pub(super) fn drop_softer(&mut self, stricter: &[(&str, &[&str])]) {
        let mut softer = HashSet::new();
        for one in &self.found {
            let of = stricter.iter().find(|(id, _)| *id == one.check);
            let checks = of.iter().flat_map(|(_, checks)| *checks);
            softer.extend(checks.map(|check| (*check, one.span().cloned())));
        }
        self.found
            .retain(|one| !softer.contains(&(one.check, one.span().cloned())));
    }

    /// Runs another rule, but reports under this one's id and level; `end` is appended to each
    /// message.
    pub(super) fn borrow(&mut self, facts: &Facts<'_>, of: &Cause, end: &str) {
        let from = self.found.len();
        if let Some(check) = of.check {
            check(facts, self);
        }
        let level = self.rule.map(|rule| rule.level);
        for one in &mut self.found[from..] {
            one.message.push_str(end);
            one.level = level.unwrap_or(one.level);
        }
    }

    fn add(&mut self, source: usize, range: Range<usize>, path: Path, message: String, help: Help) {
        let Some(rule) = self.rule else {
            return;
        };
        self.found
            .push(found(rule, Span { source, range }, path, message, help));
    }

    /// Overrides the level of the last diagnostic.
    pub fn level(&mut self, level: Level) {
        if let Some(last) = self.found.last_mut() {
            last.level = level;
        }
    }

    /// Adds a fix to the last diagnostic.
    pub fn fix(&mut self, fix: Fix) {
        if let Some(last) = self.found.last_mut() {
            last.fix = Some(fix);
        }
    }

    /// Adds a fix of several changes to the last diagnostic, with paths in the merged config, if
    /// one file owns each of them.
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
            | Change::Remove { path, .. }
            | Change::Rename { path, .. }) = &mut change;
            let owner = config.route(path).ok()?;
            *path = owner.path;
            Some((owner.source, change))
        });
        if let Some(changes) = routed.collect() {
            self.fix(Fix {
                safe,
                title: title.into(),
                changes,
                edits: None,
            });
        }
    }

    /// Adds a fix to the last diagnostic that replaces a value, if one file owns it.
    pub fn fix_set(&mut self, view: &View<'_>, safe: bool, title: impl Into<String>, value: Value) {
        if let Some((source, path)) = view.owner() {
            self.fix(Fix {
                safe,
                title: title.into(),
                changes: vec![(source, Change::Set { path, value })],
                edits: None,
            });
        }
    }

    /// Adds a fix to the last diagnostic that removes a value, if one file owns it.
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
                edits: None,
            });
        }
    }

    /// Adds a fix to the last diagnostic that adds a member to an object, if one file owns it.
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
                edits: None,
            });
        }
    }

    /// Removes fixes that would add a key next to its misspelt form: the misspelt one should be
    /// renamed instead.
    pub(super) fn keep_keys_single(&mut self, facts: &Facts<'_>) {
        let misspelt = facts.validity().misspelt(facts.config);
        let misspelt: Vec<(&Misspelt, Routed)> = misspelt
            .iter()
            .flatten()
            .filter_map(|found| {
                let routed = facts.config.route(&found.intended_path()).ok()?;
                Some((found, routed))
            })
            .collect();
        if misspelt.is_empty() {
            return;
        }
        let mut intended = HashMap::new();
        for (index, (_, routed)) in misspelt.iter().enumerate() {
            let place = (routed.source, routed.path.0.as_slice());
            intended.entry(place).or_insert(index);
        }
        let first = |(source, change): &(usize, Change)| match change {
            Change::Set { path, .. } | Change::Append { path, .. } => {
                let prefixes = (0..=path.0.len()).map(|length| &path.0[..length]);
                let found = prefixes.filter_map(|prefix| intended.get(&(*source, prefix)));
                found.min().copied()
            }
            Change::Remove { .. } | Change::Rename { .. } => None,
        };
        for one in &mut self.found {
            let changes = one.fix.iter().flat_map(|fix| &fix.changes);
            if let Some(index) = changes.filter_map(first).min() {
                let (found, _) = misspelt[index];
                let written = printable(&found.written, 60);
                one.fix = None;
                one.help = format!("rename `{written}` to `{}`", found.intended).into();
            }
        }
    }

    /// Merges diagnostics that are the same for many fallbacks of a list.
    fn fold_lists(&mut self) {
        let mut sizes: HashMap<_, usize> = HashMap::new();
        for key in self.found.iter().filter_map(place_in_fallbacks) {
            *sizes.entry(key).or_default() += 1;
        }
        let mut first_of = HashMap::new();
        let mut kept: Vec<Diagnostic> = Vec::with_capacity(self.found.len());
        for one in std::mem::take(&mut self.found) {
            let key = place_in_fallbacks(&one).filter(|key| sizes[key] > MAX_OF_A_LIST);
            let Some(key) = key else {
                kept.push(one);
                continue;
            };
            if let Some(&index) = first_of.get(&key) {
                let first: &mut Diagnostic = &mut kept[index];
                first.fix = join(first.fix.take(), one.fix);
            } else {
                let more = sizes[&key] - 1;
                first_of.insert(key, kept.len());
                kept.push(Diagnostic {
                    message: format!("{}, and the same of {more} more in this list", one.message),
                    ..one
                });
            }
        }
        self.found = kept;
    }

    pub(super) fn sorted(mut self, config: &Config) -> Vec<Diagnostic> {
        Diagnostic::sort_by_location(&mut self.found);
        self.fold_lists();
        locate(config, &mut self.found);
        self.found
    }
}

/// What must be equal to merge diagnostics about fallbacks of the same list; `None` for other
/// diagnostics.
fn place_in_fallbacks(one: &Diagnostic) -> Option<(&'static str, &'static str, usize, Vec<Step>)> {
    let location = one.location.as_ref()?;
    let (last, holder) = location.path.0.split_last()?;
    let is_fallback = matches!(last, Step::Index(_))
        && matches!(holder.last(), Some(Step::Key(key)) if key == "fallbacks");
    let source = location.span.as_ref()?.source;
    is_fallback.then(|| (one.check, one.level.name(), source, holder.to_vec()))
}

/// Merges two fixes, if there are two and neither replaces a whole text.
fn join(one: Option<Fix>, other: Option<Fix>) -> Option<Fix> {
    let (mut one, other) = (one?, other?);
    if one.edits.is_some() || other.edits.is_some() {
        return None;
    }
    one.safe &= other.safe;
    for change in other.changes {
        if !one.changes.contains(&change) {
            one.changes.push(change);
        }
    }
    Some(one)
}

/// A rule's diagnostic, without line and column yet. `lint` shows what is wrong and how to fix it;
/// `explain` shows why it matters.
pub(super) fn found(
    rule: &'static Cause,
    span: Span,
    path: Path,
    message: String,
    help: impl Into<Help>,
) -> Diagnostic {
    Diagnostic::of(rule, message)
        .help(help)
        .because("")
        .at(Location {
            span: Some(span),
            path,
            ..Location::default()
        })
}

/// Adds file, line and column to the diagnostics that lack them; they must be sorted by file.
pub(super) fn locate(config: &Config, found: &mut [Diagnostic]) {
    for (index, source) in config.sources().iter().enumerate() {
        let from = found.partition_point(|one| one.source() < Some(index));
        let to = found.partition_point(|one| one.source() <= Some(index));
        let is_located =
            |one: &Diagnostic| one.location.as_ref().is_none_or(|at| at.line.is_some());
        if found[from..to].iter().all(is_located) {
            continue;
        }
        let lines = Lines::of(source.document.text().as_bytes());
        for location in found[from..to]
            .iter_mut()
            .filter_map(|one| one.location.as_mut())
        {
            let Some(span) = location.span.as_ref().filter(|_| location.line.is_none()) else {
                continue;
            };
            let position = lines.position(span.range.start);
            location.file.clone_from(&source.path);
            location.line = Some(position.line);
            location.column = Some(position.column);
        }
    }
}

/// The range of a value's key; `None` for the root and for array items.
fn own_key(view: &View<'_>) -> Option<(usize, Range<usize>)> {
    let (last, way) = view.path().0.split_last()?;
    match last {
        Step::Key(key) => view.config().root().down(way)?.key_range(key),
        Step::Index(_) => None,
    }
}
