//! Agents: the models each one uses and is allowed to use.

use crate::document::{Kind, Value};

use super::{Config, Feature, VersionSource, View};

/// The keys of an agent, other than `model`, that hold references.
pub const OTHER_REFERENCES: [&[&str]; 6] = [
    &["utilityModel"],
    &["imageModel"],
    &["pdfModel"],
    &["heartbeat", "model"],
    &["subagents", "model"],
    &["compaction", "model"],
];

/// A `model` value: a string, or `{ primary, fallbacks }`.
#[derive(Clone, Debug)]
pub struct ModelChoice<'c> {
    /// The whole value.
    pub view: View<'c>,
    /// The primary model.
    pub primary: Option<View<'c>>,
    /// The models tried when the primary fails, in order.
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

    /// Whether this is the string form, which can't hold fallbacks.
    #[must_use]
    pub fn is_string(&self) -> bool {
        self.view.kind() == Kind::String
    }
}

/// An agent, not including the defaults.
#[derive(Clone, Debug)]
pub struct Agent<'c> {
    /// Its id.
    pub id: String,
    /// Its object.
    pub view: View<'c>,
}

impl<'c> Agent<'c> {
    /// Whether it has its own allow-list, which may be empty.
    #[must_use]
    pub fn has_policy(&self) -> bool {
        self.policy().is_some()
    }

    fn policy(&self) -> Option<View<'c>> {
        self.view.get("modelPolicy")?.get("allow")
    }
}

/// A list that restricts which models OpenClaw uses. It has at least one entry.
#[derive(Clone, Debug)]
pub struct AllowList<'c> {
    /// The array of references, or the map keyed by them.
    pub view: View<'c>,
    /// The agent it applies to; `None` for the defaults.
    pub agent: Option<String>,
    /// Whether `provider/*` matches all models of a provider.
    wildcards: bool,
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

    /// Whether a reference such as `portkey/@slug/model` is allowed, by name or by `provider/*`.
    #[must_use]
    pub fn allows(&self, reference: &str) -> bool {
        self.entries()
            .iter()
            .any(|entry| self.covers(entry, reference))
    }

    /// Whether one entry matches a reference. OpenClaw ignores case in provider ids, but not in
    /// model ids.
    #[must_use]
    pub fn covers(&self, entry: &str, reference: &str) -> bool {
        match (entry.split_once('/'), reference.split_once('/')) {
            (Some((provider, model)), Some((wanted, id))) => {
                let pattern = model.strip_suffix('*').filter(|_| self.wildcards);
                provider.eq_ignore_ascii_case(wanted)
                    && (model == id
                        || pattern.is_some_and(|start| {
                            (start.is_empty() || start.ends_with('/')) && id.starts_with(start)
                        }))
            }
            _ => entry == reference,
        }
    }

    /// Whether any entry has the form `provider/*`.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.entries().iter().any(|entry| entry.ends_with("/*"))
    }

    /// Whether this is a map of models, which restricts only in some versions, rather than a
    /// policy.
    #[must_use]
    pub fn is_map(&self) -> bool {
        self.view.kind() == Kind::Object
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

/// The agent that OpenClaw uses if none is named: the one marked `default`, else the first.
#[must_use]
pub fn default_agent(config: &Config) -> String {
    let agents = agents(config);
    let is_default = |agent: &&Agent<'_>| {
        let mark = agent.view.get("default");
        mark.is_some_and(|mark| mark.value() == Value::Bool(true))
    };
    let found = agents.iter().find(is_default).or(agents.first());
    found.map_or_else(|| "main".to_owned(), |agent| agent.id.clone())
}

/// The defaults and every agent, each with its id (`None` for the defaults).
#[must_use]
pub fn holders(config: &Config) -> Vec<(Option<String>, View<'_>)> {
    let defaults = config.at(&["agents", "defaults"]).map(|view| (None, view));
    let own = agents(config)
        .into_iter()
        .map(|agent| (Some(agent.id), agent.view));
    defaults.into_iter().chain(own).collect()
}

/// An agent by its case-insensitive id.
#[must_use]
pub fn find_agent<'c>(config: &'c Config, id: &str) -> Option<Agent<'c>> {
    agents(config)
        .into_iter()
        .find(|agent| agent.id.eq_ignore_ascii_case(id))
}

/// The allow-list in effect for an agent (`None`: for one without its own policy), if any.
///
/// An agent's own `modelPolicy.allow` replaces the defaults'; an empty one allows everything. The
/// keys of `agents.defaults.models` restrict only if there is no `modelPolicy`, and not once
/// OpenClaw has moved them (`meta.migrations.modelPolicyAllowlist`) or, from 9.6 on, if none of
/// them is a `provider/*`. An agent's own `models` never restrict.
#[must_use]
pub fn allow_list<'c>(
    config: &'c Config,
    version: VersionSource,
    agent: Option<&str>,
) -> Option<AllowList<'c>> {
    let own = agent
        .and_then(|agent| find_agent(config, agent))
        .and_then(|found| Some((found.policy()?, found.id)));
    match own {
        Some((allow, agent)) => restricting(allow, Some(agent), version),
        None => default_allow_list(config, version),
    }
}

/// The allow-lists in effect for a version, of the defaults and of each agent with its own.
#[must_use]
pub fn allow_lists(config: &Config, version: VersionSource) -> Vec<AllowList<'_>> {
    let own = agents(config)
        .into_iter()
        .filter_map(|agent| restricting(agent.policy()?, Some(agent.id), version));
    default_allow_list(config, version)
        .into_iter()
        .chain(own)
        .collect()
}

fn default_allow_list(config: &Config, version: VersionSource) -> Option<AllowList<'_>> {
    let defaults = config.at(&["agents", "defaults"])?;
    if let Some(policy) = defaults.get("modelPolicy") {
        return restricting(policy.get("allow")?, None, version);
    }
    let migrated = config
        .at(&["meta", "migrations", "modelPolicyAllowlist"])
        .is_some_and(|view| matches!(view.value(), Value::Bool(true)));
    let map = defaults.get("models").filter(|_| !migrated)?;
    restricting(map, None, version)
        .filter(|list| version.models_map_restricts() || list.has_wildcard())
}

/// The list, if it isn't empty.
fn restricting(
    view: View<'_>,
    agent: Option<String>,
    version: VersionSource,
) -> Option<AllowList<'_>> {
    let list = AllowList {
        view,
        agent,
        wildcards: version.version().has(Feature::Wildcards),
    };
    (!list.entries().is_empty()).then_some(list)
}

/// The id of an agent's own provider, next to the one that all agents share: `portkey-ops` for the
/// agent `ops`.
#[must_use]
pub fn own_provider(provider_id: &str, agent: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let agent = agent.to_ascii_lowercase().replace(|c: char| !fits(c), "-");
    let suffix = format!("-{agent}");
    if provider_id.ends_with(&suffix) {
        return provider_id.to_owned();
    }
    format!("{provider_id}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::{allow_list, allow_lists, default_agent, own_provider};
    use crate::document::Document;
    use crate::openclaw::{Config, Version, VersionSource};

    fn config(text: &str) -> Config {
        Config::new("openclaw.json".into(), Document::parse(text).unwrap())
    }

    fn version(text: &str) -> VersionSource {
        Version::parse(text).map_or(VersionSource::Unknown, VersionSource::Installed)
    }

    /// The entries of the list in effect for agent `main`.
    fn in_effect(text: &str, of: &str) -> Option<String> {
        let config = config(text);
        let list = allow_list(&config, version(of), Some("main"))?;
        Some(list.entries().join(" "))
    }

    #[test]
    fn the_default_agent() {
        for (agents, want) in [
            ("defaults: {}", "main"),
            ("list: [{ id: 'ops' }, { id: 'main' }]", "ops"),
            (
                "list: [{ id: 'ops' }, { id: 'kids', default: true }]",
                "kids",
            ),
            ("entries: { ops: {} }", "ops"),
            ("entries: { ops: {}, kids: { default: true } }", "kids"),
        ] {
            let config = config(&format!("{{ agents: {{ {agents} }} }}"));
            assert_eq!(default_agent(&config), want, "{agents}");
        }
    }

    #[test]
    fn entries_match_references() {
        let config = config("{ agents: { defaults: { models: { 'x/y': {} } } } }");
        let lists = |of| allow_lists(&config, version(of)).remove(0);
        let cases = [
            ("portkey/@a/b", "portkey/@a/b", true),
            ("Portkey/@a/b", "portkey/@a/b", true),
            ("portkey/*", "portkey/@a/b", true),
            ("portkey/@a/*", "portkey/@a/b", true),
            ("portkey/@A/b", "portkey/@a/b", false),
            ("portkey/@ab/*", "portkey/@a/b", false),
            ("portkey/@a*", "portkey/@a/b", false),
            ("other/*", "portkey/@a/b", false),
            ("*", "portkey/@a/b", false),
            ("port*", "portkey/@a/b", false),
            ("fast", "fast", true),
        ];
        for (entry, reference, expected) in cases {
            let covers = lists("2026.8.1").covers(entry, reference);
            assert_eq!(covers, expected, "{entry} {reference}");
        }
        let old = lists("2026.2.17");
        assert!(old.covers("portkey/@a/b", "portkey/@a/b"));
        assert!(!old.covers("portkey/*", "portkey/@a/b"));
    }

    #[test]
    fn the_effective_allow_list() {
        let map = "models: { 'o/a': {} }";
        let policy = |allow: &str| format!("modelPolicy: {{ {allow} }}");
        let defaults = |inner: &str| format!("{{ agents: {{ defaults: {{ {inner} }} }} }}");
        for (text, of, want) in [
            (defaults(map), "2026.2.17", Some("o/a")),
            (defaults(map), "2026.8.1", Some("o/a")),
            (defaults(map), "unknown", Some("o/a")),
            (defaults(map), "2026.9.6", None),
            (defaults("models: { 'o/*': {} }"), "2026.9.6", Some("o/*")),
            (defaults("models: {}"), "2026.8.1", None),
            // Any policy replaces the map.
            (
                defaults(&format!("{map}, {}", policy("allow: ['p/b']"))),
                "2026.8.1",
                Some("p/b"),
            ),
            (
                defaults(&format!("{map}, {}", policy("allow: []"))),
                "2026.8.1",
                None,
            ),
            (
                defaults(&format!("{map}, {}", policy(""))),
                "2026.8.1",
                None,
            ),
        ] {
            assert_eq!(in_effect(&text, of).as_deref(), want, "{text} {of}");
        }
        let migrated = "{ meta: { migrations: { modelPolicyAllowlist: true } }, agents: { defaults: { models: { 'o/*': {} } } } }";
        assert_eq!(in_effect(migrated, "2026.9.6"), None);
    }

    #[test]
    fn an_agents_own_policy_replaces_the_defaults() {
        let with = |own: &str| {
            format!(
                "{{ agents: {{ defaults: {{ modelPolicy: {{ allow: ['o/*'] }} }}, entries: {{ Main: {{ {own} }} }} }} }}"
            )
        };
        for (own, want) in [
            ("", Some("o/*")),
            ("modelPolicy: {}", Some("o/*")),
            ("modelPolicy: { allow: [] }", None),
            ("modelPolicy: { allow: ['p/*'] }", Some("p/*")),
            // An agent's own map only sets parameters and aliases; it doesn't restrict.
            ("models: { 'p/x': {} }", Some("o/*")),
        ] {
            assert_eq!(in_effect(&with(own), "2026.9.6").as_deref(), want, "{own}");
        }
    }

    #[test]
    fn an_agent_has_one_provider_of_its_own() {
        for (base, agent, own) in [
            ("portkey", "ops", "portkey-ops"),
            ("portkey", "Ops Team", "portkey-ops-team"),
            ("portkey-ops", "ops", "portkey-ops"),
            ("work", "a.b_c", "work-a.b_c"),
        ] {
            assert_eq!(own_provider(base, agent), own);
        }
    }
}
