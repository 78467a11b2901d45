//! Where a key belongs if OpenClaw has no such key where it was found.

use crate::document::{Path, Step};

/// The misplaced key with its path (`*` is any step), and where it belongs.
const PLACES: &[(&[&str], &str)] = &[
    (
        &["agents", "defaults", "fallbacks"],
        "agents.defaults.model.fallbacks",
    ),
    (
        &["agents", "defaults", "fallback"],
        "agents.defaults.model.fallbacks",
    ),
    (
        &["agents", "defaults", "primary"],
        "agents.defaults.model.primary",
    ),
    (&["agents", "model"], "agents.defaults.model"),
    (&["agents", "models"], "agents.defaults.models"),
    (&["agents", "primary"], "agents.defaults.model.primary"),
    (&["agents", "fallbacks"], "agents.defaults.model.fallbacks"),
    (
        &["agents", "defaults", "agentId"],
        "agents.list[].id, or as a key of agents.entries",
    ),
    (
        &["agents", "defaults", "id"],
        "agents.list[].id, or as a key of agents.entries",
    ),
    (&["agents", "list", "*", "agentId"], "id"),
    (
        &["agents", "list", "*", "fallbacks"],
        "the agent's model.fallbacks",
    ),
    (
        &["agents", "list", "*", "primary"],
        "the agent's model.primary",
    ),
    (
        &["agents", "entries", "*", "fallbacks"],
        "the agent's model.fallbacks",
    ),
    (
        &["agents", "entries", "*", "primary"],
        "the agent's model.primary",
    ),
    (&["models", "default"], "agents.defaults.model.primary"),
    (&["models", "primary"], "agents.defaults.model.primary"),
    (&["models", "fallback"], "agents.defaults.model.fallbacks"),
    (&["models", "fallbacks"], "agents.defaults.model.fallbacks"),
    (&["models", "portkey"], "models.providers.portkey"),
    (&["models", "apiKey"], "models.providers.portkey.apiKey"),
    (&["models", "baseUrl"], "models.providers.portkey.baseUrl"),
    (&["models", "headers"], "models.providers.portkey.headers"),
    (
        &["models", "providers", "*", "primary"],
        "agents.defaults.model.primary",
    ),
    (
        &["models", "providers", "*", "default"],
        "agents.defaults.model.primary",
    ),
    (
        &["models", "providers", "*", "fallbacks"],
        "agents.defaults.model.fallbacks",
    ),
    (
        &["models", "providers", "*", "model"],
        "the provider's models, a list of { id, name }",
    ),
    (&["model"], "agents.defaults.model"),
    (&["primary"], "agents.defaults.model.primary"),
    (&["fallbacks"], "agents.defaults.model.fallbacks"),
    (&["providers"], "models.providers"),
    (&["provider"], "models.providers"),
    (&["portkey"], "models.providers.portkey"),
    (&["apiKey"], "models.providers.portkey.apiKey"),
    (&["baseUrl"], "models.providers.portkey.baseUrl"),
    (&["headers"], "models.providers.portkey.headers"),
];

/// Where the key at this path belongs.
pub(super) fn belongs(path: &Path) -> Option<&'static str> {
    let fits = |way: &&[&str]| {
        way.len() == path.0.len()
            && way.iter().zip(&path.0).all(|(want, step)| match step {
                Step::Key(key) => *want == "*" || want == key,
                Step::Index(_) => *want == "*",
            })
    };
    let found = PLACES.iter().find(|(way, _)| fits(way));
    found.map(|(_, place)| *place)
}

#[cfg(test)]
mod tests {
    use super::{PLACES, belongs};
    use crate::document::Path;

    #[test]
    fn suggests_where_a_misplaced_key_belongs() {
        let path = |keys: &[&str]| keys.iter().fold(Path::root(), |path, key| path.key(*key));
        for (keys, place) in [
            (
                &["agents", "defaults", "fallbacks"][..],
                Some("agents.defaults.model.fallbacks"),
            ),
            (
                &["models", "default"],
                Some("agents.defaults.model.primary"),
            ),
            (
                &["models", "providers", "mine", "fallbacks"],
                Some("agents.defaults.model.fallbacks"),
            ),
            (
                &["agents", "defaults", "agentId"],
                Some("agents.list[].id, or as a key of agents.entries"),
            ),
            (
                &["agents", "entries", "ops", "primary"],
                Some("the agent's model.primary"),
            ),
            (&["models", "providers"], None),
            (&["agents", "defaults", "model"], None),
        ] {
            assert_eq!(belongs(&path(keys)), place, "{keys:?}");
        }
        for (index, (way, _)) in PLACES.iter().enumerate() {
            assert!(
                PLACES[..index].iter().all(|(other, _)| other != way),
                "{way:?} twice"
            );
        }
    }
}
