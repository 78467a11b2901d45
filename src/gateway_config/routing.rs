//! What selects the model, and which models a config calls.

use crate::document::Document;
use crate::edit;

use super::overview::label;
use super::read::{GatewayConfig, Upstream};

/// What selects the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// The config, so OpenClaw requests `portkey-dynamic`.
    Config,
    /// The request selects both provider and model, for at least one target.
    Request,
    /// The config selects the provider and the request the model, so only that provider's models
    /// work.
    Provider,
}

/// Determines what selects the model.
#[must_use]
pub fn routing(config: &GatewayConfig) -> Routing {
    let mut routing = Routing::Config;
    for (_, leaf) in config.leaves() {
        if config.upstream(leaf) == Upstream::Request {
            return Routing::Request;
        }
        if leaf.inherited.model.is_none() {
            routing = Routing::Provider;
        }
    }
    routing
}

/// The models that are called, as `@slug/model`, in the order of the targets, without duplicates.
#[must_use]
pub fn models(config: &GatewayConfig) -> Vec<String> {
    let mut models = Vec::new();
    for (id, _) in config.leaves() {
        let label = label(config, id);
        if label.starts_with('@') && label.contains('/') && !models.contains(&label) {
            models.push(label);
        }
    }
    models
}

/// The slugs of the providers that are called, without duplicates.
#[must_use]
pub fn slugs(config: &GatewayConfig) -> Vec<&str> {
    let mut slugs = Vec::new();
    for (_, leaf) in config.leaves() {
        if let Upstream::Slug(slug) = config.upstream(leaf)
            && !slugs.contains(&slug)
        {
            slugs.push(slug);
        }
    }
    slugs
}

/// The config as strict JSON, as Portkey stores it: no comments, keys in order.
///
/// # Errors
/// It is not an object, or contains a number that JSON can't represent.
pub fn strict(document: &Document) -> Result<serde_json::Value, &'static str> {
    let text = edit::create(&document.value(document.root()));
    let value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|_| "the config contains a number that JSON cannot represent, such as NaN")?;
    if !value.is_object() {
        return Err("a gateway config is an object");
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routing_by_config_or_request() {
        for (text, wanted) in [
            (
                r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@a/m"}},{"provider":"@b","override_params":{"model":"n"}}]}"#,
                Routing::Config,
            ),
            (
                r#"{"strategy":{"mode":"fallback"},"override_params":{"model":"m"},"targets":[{"provider":"@a"}]}"#,
                Routing::Config,
            ),
            (
                r#"{"strategy":{"mode":"fallback"},"targets":[{"passthrough":true},{"override_params":{"model":"@b/n"}}]}"#,
                Routing::Request,
            ),
            (r#"{"retry":{"attempts":2}}"#, Routing::Request),
            (r#"{"provider":"@a"}"#, Routing::Provider),
        ] {
            let config = GatewayConfig::parse(text).unwrap();
            assert_eq!(routing(&config), wanted, "{text}");
        }
    }

    #[test]
    fn models_and_slugs() {
        let text = r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@a/m"}},{"provider":"@b"},{"provider":"@a","override_params":{"model":"m"}}]}"#;
        let config = GatewayConfig::parse(text).unwrap();
        assert_eq!(models(&config), ["@a/m"]);
        assert_eq!(slugs(&config), ["a", "b"]);
    }

    #[test]
    fn strict_json() {
        let strict = |text: &str| strict(&Document::parse(text).unwrap());
        let text = "{ // why\n targets: [], 'request_timeout': 60000, a: .5, }";
        assert_eq!(
            strict(text).unwrap().to_string(),
            r#"{"targets":[],"request_timeout":60000,"a":0.5}"#
        );
        assert!(strict("{ a: NaN }").is_err());
        assert!(strict("[]").is_err());
    }
}
