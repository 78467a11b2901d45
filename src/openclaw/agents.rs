//! Agents: which model each uses, and what it is allowed to use.

use crate::document::{Kind, Value};

use super::{Config, VersionSource, View};

/// A `model` value: a string, or `{ primary, fallbacks }`.
#[derive(Clone, Debug)]
pub struct ModelChoice<'c> {
    /// The whole value.
    pub view: View<'c>,
    /// The model asked first.
    pub primary: Option<View<'c>>,
    /// The models asked when it fails, in order.
    pub fallbacks: Vec<View<'c>>,
}

impl ModelChoice<'_> {
    /// The primary's reference.
    #[must_use]
    pub fn primary_text(&self) -> Option<String> {
        Some(self.primary.as_ref()?.text()?.into_owned())
    }

    /// The fallbacks' references.
    #[must_use]
    pub fn fallback_texts(&self) -> Vec<String> {
        self.fallbacks
            .iter()
            .filter_map(|view| Some(view.text()?.into_owned()))
            .collect()
    }

    /// The string form, which has no room for fallbacks.
    #[must_use]
    pub fn is_string(&self) -> bool {
        self.view.kind() == Kind::String
    }
}

/// An agent of its own beside the defaults.
#[derive(Clone, Debug)]
pub struct Agent<'c> {
    /// Its id.
    pub id: String,
    /// Its object.
    pub view: View<'c>,
}

/// An allow-list in force.
#[derive(Clone, Debug)]
pub struct AllowList<'c> {
    /// The array of references, or the map whose keys they are.
    pub view: View<'c>,
    /// The agent it rules; `None` for the defaults.
    pub agent: Option<String>,
}

impl AllowList<'_> {
    /// The references in it.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        match self.view.kind() {
            Kind::Array => self
                .view
                .items()
                .iter()
                .filter_map(|item| Some(item.text()?.into_owned()))
                .collect(),
            _ => self
                .view
                .entries()
                .into_iter()
                .map(|(key, _)| key)
                .collect(),
        }
    }

    /// Whether a reference such as `portkey/@slug/model` may be used: named itself, or by
    /// `provider/*`.
    #[must_use]
    pub fn allows(&self, reference: &str) -> bool {
        self.entries().iter().any(|entry| covers(entry, reference))
    }
}

/// Whether an allow-list entry covers a reference. OpenClaw compares provider ids without regard
/// to case, model ids letter by letter.
fn covers(entry: &str, reference: &str) -> bool {
    match (entry.split_once('/'), reference.split_once('/')) {
        (Some((provider, model)), Some((wanted, id))) => {
            provider.eq_ignore_ascii_case(wanted) && (model == id || model == "*")
        }
        _ => entry == reference,
    }
}

/// Reads the `model` of the defaults or of an agent.
#[must_use]
pub fn choice<'c>(holder: &View<'c>) -> Option<ModelChoice<'c>> {
    let view = holder.get("model")?;
    let (primary, fallbacks) = match view.kind() {
        Kind::String => (Some(view.clone()), Vec::new()),
        _ => (
            view.get("primary"),
            view.get("fallbacks")
                .map(|list| list.items())
                .unwrap_or_default(),
        ),
    };
    Some(ModelChoice {
        view,
        primary,
        fallbacks,
    })
}

/// The agents under `agents.entries` and `agents.list`.
#[must_use]
pub fn agents(config: &Config) -> Vec<Agent<'_>> {
    let mut found: Vec<Agent<'_>> = config
        .at(&["agents", "entries"])
        .map(|view| view.entries())
        .unwrap_or_default()
        .into_iter()
        .map(|(id, view)| Agent { id, view })
        .collect();
    let listed = config
        .at(&["agents", "list"])
        .map(|view| view.items())
        .unwrap_or_default();
    found.extend(listed.into_iter().filter_map(|view| {
        let id = view.get("id")?.text()?.into_owned();
        Some(Agent { id, view })
    }));
    found
}

/// The defaults and every agent, each with the agent's id; `None` for the defaults.
#[must_use]
pub fn holders(config: &Config) -> Vec<(Option<String>, View<'_>)> {
    let defaults = config.at(&["agents", "defaults"]).map(|view| (None, view));
    let own = agents(config)
        .into_iter()
        .map(|agent| (Some(agent.id), agent.view));
    defaults.into_iter().chain(own).collect()
}

/// The names that the `models` maps give to references, each with its reference.
#[must_use]
pub fn aliases(config: &Config) -> Vec<(String, String)> {
    holders(config)
        .into_iter()
        .filter_map(|(_, holder)| holder.get("models"))
        .filter(|view| view.kind() == Kind::Object)
        .flat_map(|view| view.entries())
        .filter_map(|(reference, entry)| {
            Some((entry.get("alias")?.text()?.into_owned(), reference))
        })
        .collect()
}

/// A `provider/*` key, which makes the map an allow-list in every version.
fn has_wildcard(map: &View<'_>) -> bool {
    map.entries().iter().any(|(key, _)| key.ends_with("/*"))
}

/// The list that rules the defaults, or an agent's requests: the agent's own policy stands in
/// place of the defaults', an empty one lifts them. An agent's own `models` map restricts nothing.
#[must_use]
pub fn allow_list<'c>(
    config: &'c Config,
    version: VersionSource,
    agent: Option<&str>,
) -> Option<AllowList<'c>> {
    let own = agent
        .and_then(|id| find_agent(config, id))
        .and_then(|agent| {
            Some(AllowList {
                view: policy(&agent.view)?,
                agent: Some(agent.id),
            })
        });
    own.or_else(|| default_list(config, version))
        .filter(|list| !list.entries().is_empty())
}

fn default_list(config: &Config, version: VersionSource) -> Option<AllowList<'_>> {
    let defaults = config.at(&["agents", "defaults"])?;
    // From 8.1 on the map counts until OpenClaw has copied it into a policy, which it notes.
    let migrated = config
        .at(&["meta", "migrations", "modelPolicyAllowlist"])
        .is_some_and(|view| view.value() == Value::Bool(true));
    let map = || {
        defaults
            .get("models")
            .filter(|view| !migrated && view.kind() == Kind::Object)
            .filter(|view| version.models_map_restricts() || has_wildcard(view))
    };
    let view = policy(&defaults).or_else(map)?;
    Some(AllowList { view, agent: None })
}

fn policy<'c>(holder: &View<'c>) -> Option<View<'c>> {
    holder
        .get("modelPolicy")?
        .get("allow")
        .filter(|view| view.kind() == Kind::Array)
}

/// An agent by its id, whatever its case.
#[must_use]
pub fn find_agent<'c>(config: &'c Config, id: &str) -> Option<Agent<'c>> {
    agents(config)
        .into_iter()
        .find(|agent| agent.id.eq_ignore_ascii_case(id))
}

/// The allow-lists in force, of the defaults and of each agent that has its own.
#[must_use]
pub fn allow_lists(config: &Config, version: VersionSource) -> Vec<AllowList<'_>> {
    let own = agents(config)
        .into_iter()
        .filter(|agent| policy(&agent.view).is_some())
        .filter_map(|agent| allow_list(config, version, Some(&agent.id)));
    allow_list(config, version, None)
        .into_iter()
        .chain(own)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn entries_cover_references() {
        let cases = [
            ("portkey/@a/b", "portkey/@a/b", true),
            ("Portkey/@a/b", "portkey/@a/b", true),
            ("portkey/*", "portkey/@a/b", true),
            ("portkey/@A/b", "portkey/@a/b", false),
            ("other/*", "portkey/@a/b", false),
            ("*", "portkey/@a/b", false),
            ("port*", "portkey/@a/b", false),
            ("fast", "fast", true),
        ];
        for (entry, reference, expected) in cases {
            assert_eq!(covers(entry, reference), expected, "{entry} {reference}");
        }
    }
}
