//! A fallback whose first target is forced to fail, to test that it takes over.

use serde_json::{Value, json};

/// A model that no vendor has.
const NO_MODEL: &str = "fails-on-purpose";

/// What vendors answer for a model they don't have.
const NOT_FOUND: [u64; 2] = [404, 400];

/// A gateway config, and the target that fails in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Forced {
    pub(crate) config: Value,
    pub(crate) failing: String,
}

/// The config with a nonexistent model in its first target, and without its cache, which could
/// answer instead. `model` is the one the request names.
///
/// # Errors
/// Why its fallback can't be forced.
pub(crate) fn first_fails(config: &Value, model: &str) -> Result<Forced, String> {
    let targets = config["targets"].as_array().map_or(0, Vec::len);
    if config["strategy"]["mode"] != "fallback" || targets < 2 {
        return Err(
            "the gateway config in the header is not a fallback at the top level".to_owned(),
        );
    }
    let statuses = config["strategy"]["on_status_codes"].as_array();
    let falls_back = |statuses: &Vec<Value>| {
        let mut all = statuses.iter();
        all.any(|status| status.as_u64().is_some_and(|it| NOT_FOUND.contains(&it)))
    };
    if statuses.is_some_and(|statuses| !statuses.is_empty() && !falls_back(statuses)) {
        return Err(
            "a 404 can be forced, but its on_status_codes does not list it; `gateway-config \
             simulate` shows what the config does"
                .to_owned(),
        );
    }
    let mut config = config.clone();
    let mut failing = String::new();
    fail(&mut config["targets"][0], model, &mut failing);
    if let Some(parts) = config.as_object_mut() {
        parts.remove("cache");
    }
    Ok(Forced { config, failing })
}

/// A config that falls back from a nonexistent model of the first one's provider to the second.
///
/// # Errors
/// The first one doesn't name its provider.
pub(crate) fn between(first: &str, second: &str) -> Result<Forced, String> {
    let failing = absent(first);
    if !failing.starts_with('@') {
        return Err(format!("{first} doesn't name its provider as @slug/model"));
    }
    let target = |model: &str| json!({ "override_params": { "model": model } });
    Ok(Forced {
        config: json!({
            "strategy": { "mode": "fallback" },
            "targets": [target(&failing), target(second)],
        }),
        failing,
    })
}

/// Makes all targets below fail.
fn fail(target: &mut Value, model: &str, failing: &mut String) {
    let Some(parts) = target.as_object_mut() else {
        return;
    };
    parts.remove("cache");
    if let Some(targets) = parts.get_mut("targets").and_then(Value::as_array_mut) {
        for target in targets {
            fail(target, model, failing);
        }
        return;
    }
    let params = parts.entry("override_params").or_insert_with(|| json!({}));
    let absent = absent(params["model"].as_str().unwrap_or(model));
    params["model"] = absent.as_str().into();
    if failing.is_empty() {
        *failing = absent;
    }
}

/// A model that the same provider doesn't have.
fn absent(model: &str) -> String {
    let slug = model
        .strip_prefix('@')
        .and_then(|rest| rest.split_once('/'));
    slug.map_or_else(
        || NO_MODEL.to_owned(),
        |(slug, _)| format!("@{slug}/{NO_MODEL}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_target_is_changed() {
        for (config, failing, first) in [
            (
                json!({ "strategy": { "mode": "fallback" }, "cache": { "mode": "simple" },
                    "targets": [{ "override_params": { "model": "@a/x", "top_p": 1 } }, { "provider": "@b" }] }),
                "@a/fails-on-purpose",
                json!({ "override_params": { "model": "@a/fails-on-purpose", "top_p": 1 } }),
            ),
            (
                json!({ "strategy": { "mode": "fallback", "on_status_codes": [429, 404] },
                    "targets": [{ "provider": "openai", "cache": {} }, {}] }),
                "fails-on-purpose",
                json!({ "provider": "openai", "override_params": { "model": "fails-on-purpose" } }),
            ),
            (
                json!({ "strategy": { "mode": "fallback" },
                    "targets": [{ "strategy": { "mode": "loadbalance" }, "targets": [{}, {}] }, {}] }),
                "fails-on-purpose",
                json!({ "strategy": { "mode": "loadbalance" }, "targets": [
                    { "override_params": { "model": "fails-on-purpose" } },
                    { "override_params": { "model": "fails-on-purpose" } },
                ] }),
            ),
        ] {
            let forced = first_fails(&config, "gpt-5").unwrap();
            assert_eq!(forced.failing, failing);
            assert_eq!(forced.config["targets"][0], first);
            assert_eq!(forced.config["targets"][1], config["targets"][1]);
            assert_eq!(forced.config["cache"], Value::Null);
        }
    }

    #[test]
    fn reports_what_cannot_be_forced() {
        for config in [
            json!({ "strategy": { "mode": "loadbalance" }, "targets": [{}, {}] }),
            json!({ "strategy": { "mode": "fallback" }, "targets": [{}] }),
            json!({ "strategy": { "mode": "fallback", "on_status_codes": [429] }, "targets": [{}, {}] }),
            json!({ "provider": "@openai" }),
            json!("pc-abc-123456"),
        ] {
            assert!(first_fails(&config, "gpt-5").is_err(), "{config}");
        }
        assert!(between("gpt-5", "@a/x").is_err());
        let forced = between("@a/x", "@b/y").unwrap();
        assert_eq!(forced.failing, "@a/fails-on-purpose");
        assert_eq!(
            forced.config["targets"][1]["override_params"]["model"],
            "@b/y"
        );
    }
}
