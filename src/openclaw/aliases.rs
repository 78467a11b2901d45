//! Which model a reference resolves to.

use std::collections::HashMap;

use crate::document::Kind;

use super::{Config, Feature, VersionSource, holders};

/// The aliases that a config defines for its models.
#[derive(Debug)]
pub struct Aliases {
    /// Each alias in lower case, with its reference. If an alias is repeated, the last one counts.
    aliases: HashMap<String, String>,
    version: VersionSource,
}

impl Aliases {
    /// The aliases from the `models` maps of the defaults and of the agents.
    #[must_use]
    pub fn of(config: &Config, version: VersionSource) -> Self {
        let aliases = holders(config)
            .iter()
            .filter_map(|(_, holder)| holder.get("models"))
            .filter(|view| view.kind() == Kind::Object)
            .flat_map(|view| view.entries())
            .filter_map(|(reference, entry)| {
                let alias = entry.get("alias")?.text()?.trim().to_ascii_lowercase();
                Some((alias, reference))
            })
            .collect();
        Self { aliases, version }
    }

    /// What a reference resolves to: aliases are case-insensitive, and a trailing auth profile
    /// (`provider/model@profile`) is dropped.
    #[must_use]
    pub fn resolved<'t>(&'t self, reference: &'t str) -> &'t str {
        let plain = match reference.trim() {
            text if self.version.version().has(Feature::ProfileInReference) => {
                without_profile(text)
            }
            text => text,
        };
        self.aliases
            .get(&plain.to_ascii_lowercase())
            .map_or(plain, String::as_str)
    }

    /// The model that a reference requests from a provider; `None` if it refers to another
    /// provider.
    #[must_use]
    pub fn through<'t>(&'t self, reference: &'t str, provider_id: &str) -> Option<&'t str> {
        let (provider, model) = self.resolved(reference).split_once('/')?;
        provider.eq_ignore_ascii_case(provider_id).then_some(model)
    }

    /// Whether two references resolve to the same model. OpenClaw ignores case in provider ids, but
    /// not in model ids.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.resolved(one), self.resolved(other));
        match (one.split_once('/'), other.split_once('/')) {
            (Some((provider, model)), Some((wanted, id))) => {
                provider.eq_ignore_ascii_case(wanted) && model == id
            }
            _ => one == other,
        }
    }
}

/// A reference without its trailing auth profile. What follows `@` may also be part of the model's
/// name: a date, or a quantisation.
fn without_profile(reference: &str) -> &str {
    let name = reference.rfind('/').map_or(0, |slash| slash + 1);
    let Some(at) = reference[name..].find('@').map(|at| name + at) else {
        return reference;
    };
    let suffix = &reference[at + 1..];
    let bytes = suffix.as_bytes();
    let date = bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit);
    let lower = suffix.to_ascii_lowercase();
    let quantised = lower.ends_with("bit")
        || lower
            .trim_start_matches('i')
            .strip_prefix('q')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if at == 0 || suffix.is_empty() || date || quantised {
        reference
    } else {
        &reference[..at]
    }
}

#[cfg(test)]
mod tests {
    use super::without_profile;

    #[test]
    fn distinguishes_auth_profiles_from_names() {
        for (reference, want) in [
            ("portkey/@a/b", "portkey/@a/b"),
            ("portkey/@a/b@work", "portkey/@a/b"),
            ("@a/b", "@a/b"),
            ("@a", "@a"),
            ("portkey/@a/b@20250514", "portkey/@a/b@20250514"),
            ("portkey/@a/b@q4_k_m", "portkey/@a/b@q4_k_m"),
            ("portkey/@a/b@8bit", "portkey/@a/b@8bit"),
            ("portkey/@a/b@", "portkey/@a/b@"),
            ("fast@work", "fast"),
        ] {
            assert_eq!(without_profile(reference), want, "{reference}");
        }
    }
}
