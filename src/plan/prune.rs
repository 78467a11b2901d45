//! Removes references, and whatever becomes empty as a result.

use crate::document::{Kind, Path, Step, Value};
use crate::edit;
use crate::openclaw::{Feature, Model, ModelChoice, View, choice, providers};
use crate::portkey::printable;

use super::{PlanError, Planner};

/// What remains of a `model` value after removing references.
struct Remaining {
    primary: Option<String>,
    fallbacks: Vec<String>,
}

impl<'c> Planner<'c> {
    /// Removes members of an object with the comments next to them, and the object too if it
    /// becomes empty. An object that would still contain a comment is kept.
    pub(super) fn remove_keys(&mut self, path: &Path, keys: &[String]) -> Result<(), PlanError> {
        self.take_out(path, keys, false)
    }

    /// The same, for values that a user may have commented before Portkey was added: every comment
    /// is kept.
    pub(super) fn remove_keys_leaving_comments(
        &mut self,
        path: &Path,
        keys: &[String],
    ) -> Result<(), PlanError> {
        self.take_out(path, keys, true)
    }

    fn take_out(
        &mut self,
        path: &Path,
        keys: &[String],
        comments_stay: bool,
    ) -> Result<(), PlanError> {
        let Some(view) = self.view_at(path) else {
            return Ok(());
        };
        let entries = view.entries();
        let present: Vec<&(String, View<'_>)> = entries
            .iter()
            .filter(|(key, _)| keys.contains(key))
            .collect();
        if present.is_empty() {
            return Ok(());
        }
        let says_more = entries
            .iter()
            .any(|(key, value)| !keys.contains(key) && !is_default(path, key, value));
        let has_comments = if comments_stay {
            view.has_comments()
        } else {
            view.nodes()
                .any(|(document, node)| edit::keeps_comment(document, node))
        };
        let included = self.config.route(path)? != self.config.route_contents(path)?;
        if let Some((parent, key)) = optional(path)
            && !says_more
            && !has_comments
            && !included
        {
            return self.take_out(&parent, &[key], comments_stay);
        }
        for (key, value) in present {
            let path = path.clone().key(key);
            if comments_stay && value.kind() == Kind::Array && value.has_comments() {
                // From last to first, so that earlier indices stay valid.
                for index in (0..value.items().len()).rev() {
                    self.remove(&path.clone().index(index), true)?;
                }
            } else {
                self.remove(&path, comments_stay)?;
            }
        }
        Ok(())
    }

    /// Removes references from every `model` value and allow-list, or only from those of the target
    /// agent. Returns what replaces the removed primaries.
    pub(super) fn drop_references(
        &mut self,
        is_removed: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<String>, PlanError> {
        let mut notes = Vec::new();
        for (agent, holder) in self.target_holders() {
            if let Some(found) = choice(&holder) {
                notes.extend(self.drop_from_choice(
                    agent.as_deref(),
                    &holder,
                    &found,
                    is_removed,
                )?);
            }
            self.drop_from_lists(&holder, is_removed)?;
        }
        Ok(notes)
    }

    fn drop_from_choice(
        &mut self,
        agent: Option<&str>,
        holder: &View<'_>,
        found: &ModelChoice<'_>,
        is_removed: &dyn Fn(&str) -> bool,
    ) -> Result<Option<String>, PlanError> {
        let before = found.primary_text();
        let fallbacks = found.fallback_texts();
        let mut after = Remaining {
            primary: before.clone(),
            fallbacks: fallbacks
                .iter()
                .filter(|text| !is_removed(text))
                .cloned()
                .collect(),
        };
        let removes_primary = before.as_deref().is_some_and(is_removed);
        let chosen = if removes_primary {
            self.next_primary_of(agent)
        } else {
            None
        };
        if let Some(chosen) = &chosen {
            after.fallbacks.retain(|text| text != chosen);
            after.primary = Some(chosen.clone());
        } else if removes_primary {
            after.primary = (!after.fallbacks.is_empty()).then(|| after.fallbacks.remove(0));
        }
        if after.primary == before && after.fallbacks == fallbacks {
            return Ok(None);
        }
        self.rewrite_choice(holder, found, &after)?;
        if !removes_primary {
            return Ok(None);
        }
        let whose = agent.map_or_else(
            || "the primary".to_owned(),
            |id| format!("the primary of agent `{id}`"),
        );
        Ok(Some(match (&after.primary, agent) {
            (Some(next), _) if chosen.is_some() => format!("{whose} becomes {next}"),
            (Some(next), _) => format!("{whose} becomes {next}, until now its fallback"),
            (None, None) => {
                let next = self.takes_over(is_removed);
                format!("{whose} is no longer set: {next} is used instead")
            }
            (None, Some(_)) => {
                format!("{whose} is no longer set: the defaults' model is used instead")
            }
        }))
    }

    /// The model that OpenClaw uses if no primary is set.
    fn takes_over(&self, is_removed: &dyn Fn(&str) -> bool) -> String {
        let models = providers(self.config).into_iter().flat_map(|provider| {
            let of = |model: &Model<'_>| format!("{}/{}", provider.id, model.id);
            provider.models().iter().map(of).collect::<Vec<_>>()
        });
        let next = models.into_iter().find(|reference| !is_removed(reference));
        let guesses = self
            .target
            .version
            .version()
            .has(Feature::PrimaryFromProviders);
        match next.filter(|_| guesses) {
            Some(next) => format!("{}, the first that is configured,", printable(&next, 80)),
            None => "OpenClaw's own default model".to_owned(),
        }
    }

    /// The next primary for an agent, or for the defaults; returned only once.
    fn next_primary_of(&mut self, agent: Option<&str>) -> Option<String> {
        let is_target = match (agent, self.target.agent.as_deref()) {
            (None, None) => true,
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        };
        self.next_primary.take_if(|_| is_target)
    }

    fn rewrite_choice(
        &mut self,
        holder: &View<'_>,
        found: &ModelChoice<'_>,
        after: &Remaining,
    ) -> Result<(), PlanError> {
        let path = found.view.path();
        let Some(primary) = &after.primary else {
            let known = ["primary".to_owned(), "fallbacks".to_owned()];
            let only_known = found
                .view
                .entries()
                .iter()
                .all(|(key, _)| known.contains(key));
            if found.is_string() || (only_known && !found.view.has_comments()) {
                return self.remove_keys_leaving_comments(holder.path(), &["model".to_owned()]);
            }
            return self.remove_keys_leaving_comments(path, &known);
        };
        if found.is_string() {
            return self.set(path, Value::String(primary.clone()));
        }
        self.set(&path.clone().key("primary"), Value::String(primary.clone()))?;
        if after.fallbacks.is_empty() {
            return self.remove_keys_leaving_comments(path, &["fallbacks".to_owned()]);
        }
        let list = after
            .fallbacks
            .iter()
            .map(|text| Value::String(text.clone()))
            .collect();
        self.set(&path.clone().key("fallbacks"), Value::Array(list))
    }

    /// Cleans the lists even if this version doesn't use them. A list that would become empty is
    /// kept as it is, since an empty one allows everything.
    fn drop_from_lists(
        &mut self,
        holder: &View<'_>,
        is_removed: &dyn Fn(&str) -> bool,
    ) -> Result<(), PlanError> {
        let policy = holder.get("modelPolicy").and_then(|view| view.get("allow"));
        if let Some(list) = policy.filter(|view| view.kind() == Kind::Array) {
            let items = list.items();
            let stay: Vec<Value> = items
                .iter()
                .filter(|item| !item.text().is_some_and(|text| is_removed(&text)))
                .map(View::value)
                .collect();
            if stay.is_empty() && !items.is_empty() {
                self.warn(
                    format!(
                        "the allow-list `{}` was left unchanged: without these entries it would be empty and allow every model",
                        list.path()
                    ),
                    Some(list.place()),
                );
            } else if stay.len() < items.len() {
                self.set(list.path(), Value::Array(stay))?;
            }
        }
        if let Some(map) = holder
            .get("models")
            .filter(|view| view.kind() == Kind::Object)
        {
            let keys: Vec<String> = map
                .entries()
                .into_iter()
                .map(|(key, _)| key)
                .filter(|key| is_removed(key))
                .collect();
            self.remove_keys(map.path(), &keys)?;
        }
        Ok(())
    }

    fn view_at(&self, path: &Path) -> Option<View<'c>> {
        path.0
            .iter()
            .try_fold(self.config.root(), |view, step| match step {
                Step::Key(key) => view.get(key),
                Step::Index(index) => view.item(*index),
            })
    }
}

/// The path of an object's parent, and the object's key, if OpenClaw treats a missing object like
/// an empty one. An agent without settings is still an agent.
fn optional(path: &Path) -> Option<(Path, String)> {
    let (Step::Key(key), parent) = path.0.split_last()? else {
        return None;
    };
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    let is_optional = match keys.as_slice() {
        ["models" | "agents"] | ["models", "providers"] | ["agents", "defaults"] => true,
        ["models" | "agents", .., last] => matches!(*last, "headers" | "model" | "models"),
        _ => false,
    };
    is_optional.then(|| (Path(parent.to_vec()), key.clone()))
}

/// Whether a member has the value that OpenClaw uses by default.
fn is_default(path: &Path, key: &str, value: &View<'_>) -> bool {
    *path == Path::root().key("models")
        && key == "mode"
        && value.text().is_some_and(|mode| mode == "merge")
}
