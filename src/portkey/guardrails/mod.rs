//! The checks that a guardrail can run, with their parameters. `data.tsv` comes from the manifests
//! of Portkey's gateway (MIT).

use std::sync::LazyLock;

use serde_json::{Map, Value as Json};

/// A check.
#[derive(Clone, Debug)]
pub struct Check {
    /// `portkey.pii`
    pub id: &'static str,
    /// Its name in Portkey's dashboard.
    pub name: &'static str,
    /// Whether it can check requests.
    pub input: bool,
    /// Whether it can check responses.
    pub output: bool,
    /// Whether its plugin needs its own credentials, set in Portkey under Integrations, Plugins.
    pub needs_credentials: bool,
    /// The required parameters.
    pub required: Vec<&'static str>,
    /// Its parameters, by name.
    pub parameters: Map<String, Json>,
}

/// Short names for the most useful checks.
pub const ALIASES: [(&str, &str); 10] = [
    ("pii", "portkey.pii"),
    ("moderation", "portkey.moderateContent"),
    ("gibberish", "portkey.gibberish"),
    ("language", "portkey.language"),
    ("regex", "default.regexMatch"),
    ("models", "default.modelwhitelist"),
    ("metadata", "default.requiredMetadataKeys"),
    ("length", "default.characterCount"),
    ("webhook", "default.webhook"),
    ("jwt", "default.jwt"),
];

static CHECKS: LazyLock<Vec<Check>> =
    LazyLock::new(|| include_str!("data.tsv").lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Check> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [id, name, _kind, hooks, credentials, required, parameters] = fields[..] else {
        return None;
    };
    let has = |hook: &str| hooks.is_empty() || hooks.split(',').any(|one| one == hook);
    Some(Check {
        id,
        name,
        input: has("input"),
        output: has("output"),
        // Portkey's own checks need no setup on its hosted gateway.
        needs_credentials: !credentials.is_empty() && !id.starts_with("portkey."),
        required: required
            .split(',')
            .filter(|name| !name.is_empty())
            .collect(),
        parameters: serde_json::from_str(parameters).ok()?,
    })
}

/// All checks, Portkey's own first.
#[must_use]
pub fn checks() -> &'static [Check] {
    &CHECKS
}

/// The check with this id or short name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Check> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    let id = alias.map_or(name, |(_, id)| *id);
    checks().iter().find(|check| check.id == id)
}

impl Check {
    /// The parameters from `NAME=VALUE` pairs, with defaults for the required ones.
    ///
    /// # Errors
    /// A sentence about what is invalid.
    pub fn parameters_of(&self, pairs: &[(String, String)]) -> Result<Json, String> {
        let mut wanted = Map::new();
        for (name, text) in pairs {
            let value = match self.parameters.get(name) {
                Some(known) => {
                    value(known, text).map_err(|form| format!("`{name}` must be {form}"))?
                }
                // The manifests require some parameters that they don't describe.
                None if self.required.contains(&name.as_str()) => {
                    serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
                }
                None => return Err(self.unknown(name)),
            };
            wanted.insert(name.clone(), value);
        }
        for name in &self.required {
            if wanted.contains_key(*name) {
                continue;
            }
            let known = self.parameters.get(*name);
            let default = known.and_then(|known| known.get("default"));
            let default = default.ok_or_else(|| {
                let form = known.map_or_else(|| "needed".to_owned(), form);
                format!("{} needs `{name}`, {form}", self.id)
            })?;
            wanted.insert((*name).to_owned(), default.clone());
        }
        Ok(Json::Object(wanted))
    }

    fn unknown(&self, name: &str) -> String {
        let known: Vec<&str> = self.parameters.keys().map(String::as_str).collect();
        let name = super::printable(name, 30);
        if known.is_empty() {
            return format!("{} has no parameters, so no `{name}`", self.id);
        }
        format!("{} has no `{name}`; it has {}", self.id, known.join(", "))
    }
}

/// Parses a value in the form the parameter needs.
fn value(known: &Json, text: &str) -> Result<Json, String> {
    let wrong = || form(known);
    let is_allowed = |value: &Json| {
        let values = known.get("enum").and_then(Json::as_array);
        values.is_none_or(|values| values.contains(value))
    };
    let value = match known.get("type").and_then(Json::as_str) {
        Some("boolean") => Json::Bool(text.parse().map_err(|_| wrong())?),
        Some("number") => {
            let number: f64 = text.parse().map_err(|_| wrong())?;
            let within = |name: &str, fits: fn(f64, f64) -> bool| {
                let bound = known.get(name).and_then(Json::as_f64);
                bound.is_none_or(|bound| fits(number, bound))
            };
            let fits = within("min", |a, b| a >= b) && within("max", |a, b| a <= b);
            let json = serde_json::from_str(text).ok().filter(|_| fits);
            json.ok_or_else(wrong)?
        }
        Some("array") => {
            let list = text.split(',').map(str::trim);
            let list: Vec<Json> = list.filter(|one| !one.is_empty()).map(Json::from).collect();
            if list.is_empty() || !list.iter().all(is_allowed) {
                return Err(wrong());
            }
            return Ok(Json::Array(list));
        }
        Some("object" | "json") => serde_json::from_str(text).map_err(|_| wrong())?,
        _ => text.into(),
    };
    if is_allowed(&value) {
        Ok(value)
    } else {
        Err(wrong())
    }
}

/// The form of a parameter's value.
#[must_use]
pub fn form(known: &Json) -> String {
    let values = known.get("enum").and_then(Json::as_array);
    let values = values.map(|values| {
        let texts: Vec<String> = values
            .iter()
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect();
        texts.join(", ")
    });
    match (known.get("type").and_then(Json::as_str), values) {
        (Some("array"), Some(values)) => format!("a comma-separated list of: {values}"),
        (_, Some(values)) => format!("one of {values}"),
        (Some("array"), None) => "a comma-separated list".to_owned(),
        (Some("boolean"), None) => "true or false".to_owned(),
        (Some("number"), None) => "a number".to_owned(),
        (Some("object" | "json"), None) => "JSON".to_owned(),
        _ => "text".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_is_complete() {
        let lines = include_str!("data.tsv").lines().count();
        assert_eq!(checks().len(), lines);
        assert_eq!(lines, 73);
        for check in checks() {
            assert!(check.input || check.output, "{}", check.id);
        }
        for (alias, id) in ALIASES {
            assert_eq!(find(alias).map(|check| check.id), Some(id));
            assert_eq!(find(id).map(|check| check.id), Some(id));
        }
        assert!(find("nothing").is_none());
    }

    fn of(check: &str, pairs: &[(&str, &str)]) -> Result<Json, String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        find(check)
            .unwrap()
            .parameters_of(&pairs.collect::<Vec<_>>())
    }

    #[test]
    fn parameters_are_checked() {
        let pii = of("pii", &[("redact", "true"), ("categories", "SSN, NAME")]);
        assert_eq!(
            pii,
            Ok(json!({ "redact": true, "categories": ["SSN", "NAME"] }))
        );
        // A required parameter with a default may be omitted.
        let defaults = of("pii", &[]).unwrap();
        assert_eq!(defaults["categories"].as_array().unwrap().len(), 7);
        assert_eq!(
            of("regex", &[("rule", "a=b")]),
            Ok(json!({ "rule": "a=b" }))
        );
        for (check, pairs, wanted) in [
            (
                "pii",
                &[("redact", "yes")][..],
                "`redact` must be true or false",
            ),
            (
                "pii",
                &[("categories", "SHOE_SIZE")],
                "comma-separated list of: EMAIL_ADDRESS",
            ),
            (
                "pii",
                &[("colour", "red")],
                "portkey.pii has no `colour`; it has redact, categories, not",
            ),
            ("regex", &[], "default.regexMatch needs `rule`, text"),
            ("models", &[], "needs `models`, a comma-separated list"),
            ("portkey.gibberish", &[("x", "1")], "has no `x`"),
        ] {
            let why = of(check, pairs).unwrap_err();
            assert!(why.contains(wanted), "{why}");
        }
    }
}
