//! The fix for a setting that a newer OpenClaw no longer has: the same as `openclaw doctor --fix`,
//! but keeping comments.

use crate::document::{Kind, Path, Step, Value};
use crate::edit::Change;
use crate::openclaw::schema::{Issue, accepted};
use crate::openclaw::{Config, Upgrade, Version, VersionSource, View, upgrade};

use super::{Facts, Findings};

/// How to upgrade a setting.
pub(super) struct Upgraded {
    /// What to do, shown with the diagnostic.
    pub(super) help: String,
    /// `None` if a comment would be lost.
    changes: Option<Vec<Change>>,
}

/// How to upgrade a setting that a version doesn't know; `None` if only OpenClaw knows.
pub(super) fn upgraded(facts: &Facts<'_>, issue: &Issue) -> Option<Upgraded> {
    let (upgrade, target) = upgrade(&issue.path)?;
    let version = facts.version.version();
    if target
        .as_ref()
        .is_some_and(|target| !is_known(target, version))
    {
        return None;
    }
    let value = facts.config.root().down(&issue.path.0)?;
    if is_in_env(&issue.path) && value.kind() != Kind::String {
        return None;
    }
    let remove = || removal(&issue.path);
    let there = || "remove it; OpenClaw now does this itself".to_owned();
    let moved = |target: &Path| format!("move it to `{target}`");
    let (help, changes) = match (upgrade, target) {
        (Upgrade::GoneWithHolder, _) => (there(), Some(vec![goes_with_holder(facts, issue)?])),
        (Upgrade::GoneWith(when, sibling), _) => {
            let mut changes = vec![remove()];
            if spelling(&value.value()) == when {
                let (_, above) = issue.path.0.split_last()?;
                changes.push(removal(&Path(above.to_vec()).key(sibling)));
            }
            (there(), Some(changes))
        }
        (Upgrade::Moved(_), Some(target)) => {
            let changes = moves(facts.config, &value, &issue.path, &target);
            (moved(&target), changes)
        }
        (Upgrade::Merged(_), Some(target)) => {
            let mut changes = Vec::new();
            merge(facts.config, &value, &target, &mut changes);
            changes.push(remove());
            (moved(&target), (!value.has_comments()).then_some(changes))
        }
        (Upgrade::Chosen(_, values), Some(target)) => {
            let now = spelling(&value.value());
            let (_, then) = values.iter().find(|(from, _)| *from == now)?;
            let mut changes = sets(facts.config, &target, Value::String((*then).to_owned()));
            changes.push(remove());
            (format!("write `{target}: \"{then}\"`"), Some(changes))
        }
        (Upgrade::Inner(inner, _), Some(target)) => {
            let steps: Vec<Step> = inner
                .split('.')
                .map(|key| Step::Key(key.to_owned()))
                .collect();
            let Some(inner) = value.down(&steps) else {
                return Some(Upgraded {
                    help: there(),
                    changes: Some(vec![remove()]),
                });
            };
            let mut changes = sets(facts.config, &target, inner.value());
            changes.push(remove());
            (moved(&target), (!value.has_comments()).then_some(changes))
        }
        _ => (there(), (!value.has_comments()).then(|| vec![remove()])),
    };
    Some(Upgraded { help, changes })
}

impl Upgraded {
    /// Adds the fix to the last diagnostic; safe if the version is known.
    pub(super) fn fix(self, facts: &Facts<'_>, findings: &mut Findings, is_doubtful: bool) {
        if let Some(changes) = self.changes {
            let is_known = facts.version != VersionSource::Unknown;
            findings.fix_all(facts.config, is_known && !is_doubtful, self.help, changes);
        }
    }
}

/// Whether a version has the setting. A version without `agents.list` reads it as `agents.entries`.
fn is_known(path: &Path, version: Version) -> bool {
    let mut in_entries = path.clone();
    if let [
        Step::Key(agents),
        list @ Step::Key(_),
        agent @ Step::Index(_),
        ..,
    ] = &mut in_entries.0[..]
        && agents == "agents"
    {
        *list = Step::Key("entries".to_owned());
        *agent = Step::Key("main".to_owned());
    }
    [path, &in_entries]
        .iter()
        .any(|path| accepted(&path.0, version).is_something())
}

fn is_in_env(path: &Path) -> bool {
    matches!(&path.0[..], [Step::Key(env), _] if env == "env")
}

fn removal(path: &Path) -> Change {
    Change::Remove {
        path: path.clone(),
        comments_stay: true,
    }
}

/// Removes a setting, or its object if that contains nothing else and no comment.
fn goes_with_holder(facts: &Facts<'_>, issue: &Issue) -> Option<Change> {
    let (_, above) = issue.path.0.split_last()?;
    let holder = facts.config.root().down(above)?;
    let is_alone = holder.entries().len() == 1 && !holder.has_comments();
    let path = if is_alone {
        Path(above.to_vec())
    } else {
        issue.path.clone()
    };
    Some(removal(&path))
}

/// Renames a setting, or removes it if the new name is already set.
fn moves(config: &Config, value: &View<'_>, from: &Path, to: &Path) -> Option<Vec<Change>> {
    let is_sibling =
        from.0.split_last().map(|(_, above)| above) == to.0.split_last().map(|(_, above)| above);
    if let Some(Step::Key(key)) = to.0.last().filter(|_| is_sibling)
        && config.root().down(&to.0).is_none()
    {
        return Some(vec![Change::Rename {
            path: from.clone(),
            key: key.clone(),
        }]);
    }
    if value.has_comments() {
        return None;
    }
    let mut changes = sets(config, to, value.value());
    changes.push(removal(from));
    Some(changes)
}

/// Sets a value unless there already is one.
fn sets(config: &Config, path: &Path, value: Value) -> Vec<Change> {
    if config.root().down(&path.0).is_some() {
        return Vec::new();
    }
    vec![Change::Set {
        path: path.clone(),
        value,
    }]
}

/// Adds the members that the object at a path lacks.
fn merge(config: &Config, value: &View<'_>, path: &Path, changes: &mut Vec<Change>) {
    let there = config.root().down(&path.0);
    if there.is_some_and(|there| there.kind() == Kind::Object) && value.kind() == Kind::Object {
        for (key, member) in value.entries() {
            merge(config, &member, &path.clone().key(&key), changes);
        }
    } else {
        changes.extend(sets(config, path, value.value()));
    }
}

/// A value as the table spells it.
fn spelling(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}
