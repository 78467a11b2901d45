//! Walks a config along the table, for one version.

use crate::document::{Kind, Path, Step};
use crate::openclaw::Config;

use super::issue::{Expected, Issue, Problem};
use super::table::{self, CheckRow, KeyRow, ObjectRow, Row, RowId, Versions};
use super::tree::{Cursor, Entry};

pub(super) struct Walk<'c> {
    pub(super) config: &'c Config,
    /// The bit of the version.
    pub(super) bit: Versions,
    pub(super) path: Path,
    pub(super) issues: Vec<Issue>,
    /// The version's checks of the whole config, run at the end.
    pub(super) after: Vec<&'static CheckRow>,
    /// Whether `default: true` marks exactly one agent, in which case OpenClaw removes it itself.
    pub(super) has_marker: bool,
}

impl<'c> Walk<'c> {
    fn new(config: &'c Config, bit: Versions) -> Self {
        Self {
            config,
            bit,
            path: Path::root(),
            issues: Vec::new(),
            after: Vec::new(),
            has_marker: false,
        }
    }

    /// Whether a version accepts a value for a row.
    pub(super) fn takes(config: &'c Config, bit: Versions, value: &Cursor, row: RowId) -> bool {
        Self::new(config, bit).fits(value, row)
    }

    /// Checks a config against a version.
    pub(super) fn run(config: &'c Config, bit: Versions) -> Vec<Issue> {
        let mut walk = Self::new(config, bit);
        let mut row = table::root();
        while let Row::ByVersion(rows) = table::row(row) {
            row = walk.chosen(rows);
        }
        let root = config.cursor();
        if let Row::Checked(inner, checks) = table::row(row) {
            walk.after = checks
                .iter()
                .filter(|check| check.versions & bit != 0)
                .collect();
            walk.has_marker = walk.has("roster-migration") && walk.marks_one(&root);
            row = *inner;
            walk.value(&root, row);
            if walk.is_clean(0) {
                for check in walk.after.clone() {
                    walk.check(check, &root);
                }
            }
        } else {
            walk.value(&root, row);
        }
        walk.issues
    }

    pub(super) fn has(&self, check: &str) -> bool {
        self.after.iter().any(|one| one.name == check)
    }

    /// Whether no definite issue was added after the first `since`.
    fn is_clean(&self, since: usize) -> bool {
        self.issues[since..].iter().all(Issue::is_unsure)
    }

    fn chosen(&self, rows: &[(RowId, Versions)]) -> RowId {
        let found = rows.iter().find(|(_, versions)| versions & self.bit != 0);
        found.map_or(RowId::MAX, |(row, _)| *row)
    }

    /// Adds an issue about a value.
    pub(super) fn at(&mut self, at: &Cursor, problem: Problem) {
        let (source, range) = self.config.range(at);
        self.issues.push(Issue {
            source,
            range,
            path: self.path.clone(),
            problem,
        });
    }

    /// Adds an issue about a descendant of a value, or about its nearest existing ancestor.
    pub(super) fn below(&mut self, at: &Cursor, steps: &[Step], message: String, help: &str) {
        let mut place = at.clone();
        for step in steps {
            let Some(next) = self.config.step(&place, step) else {
                break;
            };
            place = next;
        }
        let depth = self.path.0.len();
        self.path.0.extend(steps.iter().cloned());
        let problem = Problem::Wrong {
            message,
            help: help.to_owned(),
        };
        self.at(&place, problem);
        self.path.0.truncate(depth);
    }

    /// Like [`Self::below`], for a chain of keys.
    pub(super) fn wrong(&mut self, at: &Cursor, keys: &[&str], message: &str, help: &str) {
        let steps: Vec<Step> = keys
            .iter()
            .map(|key| Step::Key((*key).to_owned()))
            .collect();
        self.below(at, &steps, message.to_owned(), help);
    }

    pub(super) fn expected(&mut self, at: &Cursor, expected: Expected) {
        self.at(at, Problem::Expected(vec![expected]));
    }

    pub(super) fn value(&mut self, at: &Cursor, row: RowId) {
        match table::row(row) {
            Row::Any => {}
            Row::Never => self.at(at, Problem::Expected(Vec::new())),
            Row::Boolean => {
                if self.config.kind(at) != Kind::Bool {
                    self.expected(at, Expected::Boolean);
                }
            }
            Row::String(string) => self.string(at, string),
            Row::Number(number) => self.a_number(at, number),
            Row::Values(values) => self.one_of(at, values),
            Row::Array {
                item,
                min,
                max,
                unique,
            } => {
                self.array(at, *item, (*min, *max), *unique);
            }
            Row::Tuple(items) => self.tuple(at, items),
            Row::Record {
                key,
                value,
                min,
                max,
            } => {
                self.record(at, *key, *value, (*min, *max));
            }
            Row::Object(object) => self.object(at, object),
            Row::Checked(inner, checks) => self.checked(at, *inner, checks),
            Row::Union(options) => self.union(at, options),
            Row::All(parts) => {
                for (part, versions) in parts {
                    if versions & self.bit != 0 {
                        self.value(at, *part);
                    }
                }
            }
            Row::Not(inner) => {
                if self.fits(at, *inner) {
                    let message = "OpenClaw doesn't allow this combination of keys";
                    self.wrong(at, &[], message, "");
                }
            }
            Row::If {
                test,
                then,
                otherwise,
            } => {
                let row = if self.fits(at, *test) {
                    then
                } else {
                    otherwise
                };
                self.value(at, *row);
            }
            Row::ByVersion(rows) => self.value(at, self.chosen(rows)),
        }
    }

    /// Checks a value against the schema and, if it matches, against OpenClaw's checks in code.
    fn checked(&mut self, at: &Cursor, inner: RowId, checks: &[CheckRow]) {
        let before = self.issues.len();
        self.value(at, inner);
        let bit = self.bit;
        if self.is_clean(before) {
            for check in checks.iter().filter(|check| check.versions & bit != 0) {
                self.check(check, at);
            }
        }
    }

    /// Whether a value matches a row, without adding issues.
    pub(super) fn fits(&mut self, at: &Cursor, row: RowId) -> bool {
        let before = self.issues.len();
        self.value(at, row);
        let fits = self.is_clean(before);
        self.issues.truncate(before);
        fits
    }

    fn array(
        &mut self,
        at: &Cursor,
        item: RowId,
        bounds: (Option<usize>, Option<usize>),
        unique: bool,
    ) {
        if self.config.kind(at) != Kind::Array {
            self.expected(at, Expected::Array);
            return;
        }
        let items = self.config.items(at);
        self.count(at, items.len(), bounds, "items");
        if unique {
            let texts: Vec<_> = items.iter().map(|item| self.config.text(item)).collect();
            let repeated = (1..texts.len())
                .find(|at| texts[*at].is_some() && texts[..*at].contains(&texts[*at]));
            if let Some(index) = repeated {
                self.below(
                    at,
                    &[Step::Index(index)],
                    "is duplicated in this list".to_owned(),
                    "remove one of the two",
                );
            }
        }
        if matches!(table::row(item), Row::Any) {
            return;
        }
        for (index, one) in items.iter().enumerate() {
            self.path.0.push(Step::Index(index));
            self.value(one, item);
            self.path.0.pop();
        }
    }

    fn count(
        &mut self,
        at: &Cursor,
        count: usize,
        (min, max): (Option<usize>, Option<usize>),
        what: &str,
    ) {
        let message = if let Some(min) = min.filter(|min| count < *min) {
            if min == 1 {
                "must not be empty".to_owned()
            } else {
                format!("must have at least {min} {what}")
            }
        } else if let Some(max) = max.filter(|max| count > *max) {
            format!("must have at most {max} {what}")
        } else {
            return;
        };
        self.below(at, &[], message, "");
    }

    fn tuple(&mut self, at: &Cursor, rows: &[RowId]) {
        if self.config.kind(at) != Kind::Array {
            self.expected(at, Expected::Array);
            return;
        }
        let items = self.config.items(at);
        if items.len() != rows.len() {
            let message = format!("must have exactly {} items", rows.len());
            self.at(
                at,
                Problem::Wrong {
                    message,
                    help: String::new(),
                },
            );
            return;
        }
        for (index, (one, row)) in items.iter().zip(rows).enumerate() {
            self.path.0.push(Step::Index(index));
            self.value(one, *row);
            self.path.0.pop();
        }
    }

    fn record(
        &mut self,
        at: &Cursor,
        key: Option<RowId>,
        value: RowId,
        bounds: (Option<usize>, Option<usize>),
    ) {
        if !self.config.is_object(at) {
            self.expected(at, Expected::Object);
            return;
        }
        let entries = self.config.entries(at);
        self.count(at, entries.len(), bounds, "keys");
        for entry in &entries {
            if entry.key == "__proto__" {
                continue;
            }
            self.path.0.push(Step::Key(entry.key.clone().into_owned()));
            if let Some(key) = key {
                self.key_text(entry, key);
            }
            self.value(&entry.value, value);
            self.path.0.pop();
        }
    }

    /// Checks a key of a record, which has its own rules.
    fn key_text(&mut self, entry: &Entry<'_>, row: RowId) {
        let Some(message) = super::keys::problem(&entry.key, row, self.bit) else {
            return;
        };
        self.issues.push(Issue {
            source: entry.source,
            range: entry.key_range.clone(),
            path: self.path.clone(),
            problem: Problem::Wrong {
                message,
                help: "rename the key".to_owned(),
            },
        });
    }

    fn object(&mut self, at: &Cursor, row: &'static ObjectRow) {
        if !self.config.is_object(at) {
            if !row.partial {
                self.expected(at, Expected::Object);
            }
            return;
        }
        let entries = self.config.entries(at);
        for entry in &entries {
            self.path.0.push(Step::Key(entry.key.clone().into_owned()));
            self.member(at, entry, row);
            self.path.0.pop();
        }
        let bit = self.bit;
        for key in row.keys.iter().filter(|key| key.required & bit != 0) {
            if !entries.iter().any(|entry| entry.key == key.name) {
                self.missing(at, key);
            }
        }
    }

    fn missing(&mut self, at: &Cursor, key: &KeyRow) {
        self.path.0.push(Step::Key(key.name.clone().into_owned()));
        self.at(at, Problem::Missing);
        self.path.0.pop();
    }

    fn member(&mut self, holder: &Cursor, entry: &Entry<'_>, row: &'static ObjectRow) {
        let found = row
            .keys
            .binary_search_by(|key| key.name.as_bytes().cmp(entry.key.as_bytes()));
        let known = found.ok().map(|at| &row.keys[at]);
        if self.is_migrated(holder, entry, row) {
            return;
        }
        if let Some(known) = known.filter(|known| known.versions & self.bit != 0) {
            self.value(&entry.value, known.row);
        } else if row.strict & self.bit != 0 {
            let problem = match known {
                Some(known) => self.known_elsewhere(known.versions),
                None => Problem::Unknown(row),
            };
            self.issues.push(Issue {
                source: entry.source,
                range: entry.key_range.clone(),
                path: self.path.clone(),
                problem,
            });
        } else if let Some(rest) = row.rest {
            self.value(&entry.value, rest);
        }
    }

    /// The problem with a key that only other versions know.
    fn known_elsewhere(&self, versions: Versions) -> Problem {
        let before = versions & (self.bit - 1);
        let version = match before.checked_ilog2() {
            Some(last) => table::version_of(last).map(Problem::Removed),
            None => table::version_of(versions.trailing_zeros()).map(Problem::NotYet),
        };
        version.unwrap_or(Problem::Expected(Vec::new()))
    }

    fn union(&mut self, at: &Cursor, options: &[(RowId, Versions)]) {
        let before = self.issues.len();
        let mut tried: Vec<Vec<Issue>> = Vec::new();
        for (row, versions) in options {
            if versions & self.bit == 0 {
                continue;
            }
            self.value(at, *row);
            if self.issues.len() == before {
                return;
            }
            tried.push(self.issues.split_off(before));
        }
        if let Some(unsure) = tried
            .iter()
            .position(|issues| issues.iter().all(Issue::is_unsure))
        {
            self.issues.append(&mut tried[unsure]);
            return;
        }
        let best = super::issue::best_of(tried, self.path.0.len());
        self.issues.extend(best);
    }
}
