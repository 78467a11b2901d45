//! Agents: which model each uses, and what it is allowed to use.

use crate::document::Kind;

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

/// A `provider/*` key, which makes the map an allow-list in every version.
fn has_wildcard(map: &View<'_>) -> bool {
    map.entries().iter().any(|(key, _)| key.ends_with("/*"))
}

/// The allow-lists in force for a version, of the defaults and of each agent.
#[must_use]
pub fn allow_lists(config: &Config, version: VersionSource) -> Vec<AllowList<'_>> {
    let defaults = config.at(&["agents", "defaults"]).map(|view| (None, view));
    let own = agents(config)
        .into_iter()
        .map(|agent| (Some(agent.id), agent.view));
    let mut lists = Vec::new();
    for (agent, holder) in defaults.into_iter().chain(own) {
        let policy = holder
            .get("modelPolicy")
            .and_then(|policy| policy.get("allow"))
            .filter(|view| view.kind() == Kind::Array);
        let map = holder
            .get("models")
            .filter(|view| view.kind() == Kind::Object)
            .filter(|view| version.models_map_restricts() || has_wildcard(view));
        // A policy that holds anything is the one that counts; an empty list allows everything.
        let in_force = policy
            .into_iter()
            .chain(map)
            .map(|view| AllowList {
                view,
                agent: agent.clone(),
            })
            .find(|list| !list.entries().is_empty());
        lists.extend(in_force);
    }
    lists
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
