//! The agents of a config, and the migrations that OpenClaw applies in memory before validating.

use crate::document::{Kind, Step};

use super::checks::agent_id;
use super::table::{self, ObjectRow, Row};
use super::tree::{Cursor, Entry};
use super::walk::Walk;

/// An agent of `agents.entries`, or of `agents.list`.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) id: String,
    /// Its index in `agents.list`.
    pub(super) index: Option<usize>,
    pub(super) value: Cursor,
}

impl Agent {
    /// The path to it from `agents`.
    pub(super) fn steps(&self) -> Vec<Step> {
        match self.index {
            Some(index) => vec![Step::Key("list".to_owned()), Step::Index(index)],
            None => vec![Step::Key("entries".to_owned()), Step::Key(self.id.clone())],
        }
    }
}

impl Walk<'_> {
    /// The agents of the config.
    pub(super) fn roster(&self, root: &Cursor) -> Vec<Agent> {
        let agents = self.config.get(root, "agents");
        agents
            .map(|agents| self.roster_of(&agents))
            .unwrap_or_default()
    }

    pub(super) fn roster_of(&self, agents: &Cursor) -> Vec<Agent> {
        if let Some(entries) = self.config.get(agents, "entries") {
            let entries = self.config.entries(&entries);
            let agents = entries.into_iter().map(|entry| Agent {
                id: entry.key.into_owned(),
                index: None,
                value: entry.value,
            });
            return agents.collect();
        }
        let Some(list) = self.config.get(agents, "list") else {
            return Vec::new();
        };
        let items = self.config.items(&list).into_iter().enumerate();
        items
            .filter_map(|(index, value)| {
                let id = self
                    .config
                    .text(&self.config.get(&value, "id")?)?
                    .into_owned();
                Some(Agent {
                    id,
                    index: Some(index),
                    value,
                })
            })
            .collect()
    }

    /// Whether exactly one agent has `default: true`, so that OpenClaw removes every `default`.
    pub(super) fn marks_one(&self, root: &Cursor) -> bool {
        let explicit = self.config.down(root, &["agents", "ownership"]);
        if explicit.is_some_and(|value| self.config.text(&value).as_deref() == Some("explicit")) {
            return false;
        }
        let values: Vec<_> = self
            .roster(root)
            .iter()
            .filter_map(|agent| self.config.get(&agent.value, "default"))
            .collect();
        let booleans: Vec<_> = values
            .iter()
            .filter_map(|value| self.config.boolean(value))
            .collect();
        booleans.len() == values.len() && booleans.iter().filter(|marked| **marked).count() == 1
    }

    /// Whether OpenClaw migrates a key itself before validating. If so, checks its value here.
    pub(super) fn is_migrated(
        &mut self,
        holder: &Cursor,
        entry: &Entry<'_>,
        row: &'static ObjectRow,
    ) -> bool {
        let keys: Vec<&str> = self
            .path
            .0
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.as_str(),
                Step::Index(_) => "[]",
            })
            .collect();
        match keys[..] {
            ["agents", "list"] => self.is_legacy_list(holder, entry, row),
            ["agents", "entries", _, "default"] => self.has_marker,
            ["agents", "defaults", "contextTokens"] | ["agents", "entries", _, "contextTokens"] => {
                self.has("context-budget")
            }
            [
                "models",
                "providers",
                _,
                key @ ("contextTokens" | "contextWindow"),
            ] => {
                let key = key.to_owned();
                self.has("context-budget") && self.budget(holder, entry, row, &key)
            }
            _ => false,
        }
    }

    /// `agents.list` in a version that only knows `agents.entries`: checks each agent as an entry.
    fn is_legacy_list(
        &mut self,
        agents: &Cursor,
        entry: &Entry<'_>,
        row: &'static ObjectRow,
    ) -> bool {
        let known = |name: &str| {
            row.keys
                .iter()
                .find(|key| key.name == name && key.versions & self.bit != 0)
        };
        if !self.has("roster-migration")
            || known("list").is_some()
            || self.config.get(agents, "entries").is_some()
        {
            return false;
        }
        let Some(entries) = known("entries").map(|key| key.row) else {
            return false;
        };
        if !self.is_sound(&entry.value) {
            return false;
        }
        let Some(item) = self.record_value(entries) else {
            return false;
        };
        for (index, agent) in self.config.items(&entry.value).iter().enumerate() {
            self.path.0.push(Step::Index(index));
            self.entry_without_id(agent, item);
            self.path.0.pop();
        }
        true
    }

    /// Whether OpenClaw can convert a list to entries: objects whose ids are already normalised.
    fn is_sound(&self, list: &Cursor) -> bool {
        let mut seen = std::collections::HashSet::new();
        self.config.kind(list) == Kind::Array
            && self.config.items(list).iter().all(|item| {
                let id = self
                    .config
                    .get(item, "id")
                    .and_then(|id| self.config.text(&id).map(std::borrow::Cow::into_owned));
                id.is_some_and(|id| !id.is_empty() && agent_id(&id) == id && seen.insert(id))
            })
    }

    fn record_value(&self, row: u32) -> Option<u32> {
        match table::row(row) {
            Row::Record { value, .. } => Some(*value),
            Row::Checked(inner, _) => self.record_value(*inner),
            Row::ByVersion(rows) => {
                let (row, _) = rows.iter().find(|(_, versions)| versions & self.bit != 0)?;
                self.record_value(*row)
            }
            _ => None,
        }
    }

    fn entry_without_id(&mut self, agent: &Cursor, row: u32) {
        let before = self.issues.len();
        self.value(agent, row);
        let depth = self.path.0.len();
        let marker = self.has_marker;
        let budget = self.has("context-budget");
        // Don't revisit the issues of earlier agents: a roster may be long.
        let mut own = self.issues.split_off(before);
        own.retain(|issue| {
            let dropped = issue.path.0.len() == depth + 1
                && match issue.path.0.last() {
                    Some(Step::Key(key)) if key == "id" => true,
                    Some(Step::Key(key)) if key == "default" => marker,
                    Some(Step::Key(key)) if key == "contextTokens" => budget,
                    _ => false,
                };
            !dropped
        });
        self.issues.append(&mut own);
    }

    /// A provider's context budget, which OpenClaw moves to the models without one.
    fn budget(
        &mut self,
        provider: &Cursor,
        entry: &Entry<'_>,
        row: &'static ObjectRow,
        key: &str,
    ) -> bool {
        let models = self
            .config
            .get(provider, "models")
            .map(|list| self.config.items(&list))
            .unwrap_or_default();
        let lacks = models
            .iter()
            .any(|model| self.config.is_object(model) && self.config.get(model, key).is_none());
        let model = row
            .keys
            .iter()
            .find(|known| known.name == "models")
            .and_then(|models| self.item_row(models.row));
        let own = model.and_then(|model| self.key_row(model, key));
        if let (true, Some(own)) = (lacks, own) {
            self.value(&entry.value, own);
        }
        true
    }

    fn item_row(&self, row: u32) -> Option<u32> {
        match table::row(row) {
            Row::Array { item, .. } => Some(*item),
            Row::Checked(inner, _) => self.item_row(*inner),
            Row::ByVersion(rows) => {
                let (row, _) = rows.iter().find(|(_, versions)| versions & self.bit != 0)?;
                self.item_row(*row)
            }
            _ => None,
        }
    }

    fn key_row(&self, row: u32, key: &str) -> Option<u32> {
        match table::row(row) {
            Row::Object(object) => object
                .keys
                .iter()
                .find(|known| known.name == key)
                .map(|known| known.row),
            Row::Checked(inner, _) => self.key_row(*inner, key),
            Row::ByVersion(rows) => {
                let (row, _) = rows.iter().find(|(_, versions)| versions & self.bit != 0)?;
                self.key_row(*row, key)
            }
            _ => None,
        }
    }
}
