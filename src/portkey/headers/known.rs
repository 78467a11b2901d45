//! The request headers that Portkey supports.

use crate::nearest::likeness;

use super::{
    API_KEY, AUTHORIZATION, CONFIG, FETCH_INTEGRATED_MODELS, METADATA, PROVIDER, TRACE_ID,
};

/// The type of a header's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Bool,
    /// An integer, in milliseconds.
    Millis,
    /// An http or https URL without user name and password.
    Url,
    /// Header names, separated by commas.
    Names,
    /// A JSON object as text.
    Metadata,
    /// `pc-…` or a JSON object on one line.
    Config,
    /// A Portkey key without `Bearer`.
    Key,
    /// `Bearer ` and a key.
    Bearer,
    /// `@slug`, or the name of a provider that Portkey supports.
    Provider,
}

/// Whether a header belongs in a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Yes.
    Normal,
    /// It still works, but has been replaced.
    Deprecated,
    /// Portkey uses it internally; never set it.
    Internal,
}

/// A request header that Portkey supports.
#[derive(Clone, Copy, Debug)]
pub struct KnownHeader {
    /// The name in lower case; one that ends in `-` is a prefix.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// Whether it belongs in a config.
    pub usage: Use,
    /// Whether its value is or may be a credential.
    pub secret: bool,
    /// What it does, in one line.
    pub meaning: &'static str,
    /// Why not to set it in OpenClaw's config; empty if there is no reason.
    pub caution: &'static str,
}

const fn normal(name: &'static str, kind: Kind, meaning: &'static str) -> KnownHeader {
    KnownHeader {
        name,
        kind,
        usage: Use::Normal,
        secret: false,
        meaning,
        caution: "",
    }
}

impl KnownHeader {
    const fn but(mut self, caution: &'static str) -> Self {
        self.caution = caution;
        self
    }

    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    const fn deprecated(mut self, caution: &'static str) -> Self {
        self.usage = Use::Deprecated;
        self.but(caution)
    }
}

const fn internal(name: &'static str) -> KnownHeader {
    KnownHeader {
        name,
        kind: Kind::Text,
        usage: Use::Internal,
        secret: false,
        meaning: "set by Portkey internally",
        caution: "never set it: Portkey sets it internally",
    }
}

/// Settings of one provider, including credentials.
const fn provider_settings(name: &'static str) -> KnownHeader {
    normal(name, Kind::Text, "settings and credentials of one provider")
        .secret()
        .but("credentials belong to the provider in the Model Catalog, not in this file")
}

/// Every known header, sorted by name.
pub const KNOWN: &[KnownHeader] = &[
    normal(
        AUTHORIZATION,
        Kind::Bearer,
        "the Portkey key, as OpenClaw sends it from apiKey",
    )
    .secret()
    .but("it replaces the Bearer token that OpenClaw makes from apiKey"),
    internal("x-auth-organisation-details"),
    provider_settings("x-portkey-amzn-sagemaker-"),
    provider_settings("x-portkey-anthropic-"),
    normal(
        API_KEY,
        Kind::Key,
        "the Portkey key; overrides Authorization",
    )
    .secret()
    .but("if it differs from apiKey, Authorization is used as the provider's own key"),
    provider_settings("x-portkey-aws-"),
    provider_settings("x-portkey-azure-"),
    normal(
        "x-portkey-beta",
        Kind::Text,
        "opts in to preview features, feature-YYYY-MM-DD, separated by commas",
    ),
    normal("x-portkey-cache", Kind::Text, "cache mode")
        .deprecated("set cache in the Portkey config instead"),
    normal(
        "x-portkey-cache-force-refresh",
        Kind::Bool,
        "skips the cache and replaces the cached answer",
    )
    .but("the open-source gateway refreshes on any value, even false"),
    normal(
        "x-portkey-cache-namespace",
        Kind::Text,
        "separates cached answers by this name",
    ),
    normal(
        CONFIG,
        Kind::Config,
        "the Portkey config that routes the request",
    )
    .but("a config with a provider or targets overrides the @slug of the model"),
    internal("x-portkey-config-id"),
    internal("x-portkey-config-slug"),
    internal("x-portkey-config-version"),
    normal(
        "x-portkey-custom-host",
        Kind::Url,
        "the provider's address, if it is not the usual one",
    ),
    normal(
        "x-portkey-debug",
        Kind::Bool,
        "false logs only metrics, not contents",
    )
    .but("if false, the dashboard shows no contents, and the cache is off"),
    internal("x-portkey-default-"),
    normal(
        FETCH_INTEGRATED_MODELS,
        Kind::Bool,
        "makes GET /v1/models list the Model Catalog, whatever config is attached",
    ),
    provider_settings("x-portkey-fireworks-"),
    normal(
        "x-portkey-forward-headers",
        Kind::Names,
        "headers to forward to the provider unchanged",
    ),
    normal(
        "x-portkey-ignore-service-log",
        Kind::Bool,
        "true leaves the request out of the logs",
    )
    .but("if true, the request does not appear in the dashboard at all"),
    internal("x-portkey-integration-details"),
    normal(
        METADATA,
        Kind::Metadata,
        "labels for filtering in the dashboard, a JSON object as text",
    ),
    normal("x-portkey-mode", Kind::Text, "routing mode")
        .deprecated("set strategy.mode in the Portkey config instead"),
    normal(
        "x-portkey-nitro-mode",
        Kind::Bool,
        "skips part of the gateway for speed",
    )
    .but("it needs a provider header, and disables fallbacks, cache and override_params"),
    provider_settings("x-portkey-openai-"),
    provider_settings("x-portkey-oracle-"),
    normal(
        "x-portkey-parent-span-id",
        Kind::Text,
        "the parent of this span",
    ),
    internal("x-portkey-prompt-"),
    normal(
        PROVIDER,
        Kind::Provider,
        "the provider to use, @slug or a known name",
    )
    .but("it overrides the @slug of the model"),
    normal(
        "x-portkey-request-timeout",
        Kind::Millis,
        "timeout in milliseconds",
    )
    .but("hardly any model answers in less than 1000"),
    normal(
        "x-portkey-retry-count",
        Kind::Text,
        "number of retries after a failure",
    )
    .deprecated("set retry in the Portkey config instead"),
    normal(
        "x-portkey-sensitive-headers",
        Kind::Names,
        "headers to keep out of the logs",
    ),
    normal(
        "x-portkey-span-id",
        Kind::Text,
        "the id of this span in its trace",
    ),
    normal(
        "x-portkey-span-name",
        Kind::Text,
        "the name of this span in its trace",
    ),
    normal(
        "x-portkey-strict-open-ai-compliance",
        Kind::Bool,
        "false allows fields that OpenAI does not have",
    ),
    normal(TRACE_ID, Kind::Text, "groups requests into one trace")
        .but("OpenClaw sends its own trace per run; a fixed id merges all runs into one trace"),
    provider_settings("x-portkey-vertex-"),
    normal(
        "x-portkey-virtual-key",
        Kind::Text,
        "the provider's slug, under its old name",
    )
    .deprecated("set x-portkey-provider to @slug, or write @slug/model"),
    internal("x-portkey-virtual-key-details"),
    provider_settings("x-portkey-workers-ai-"),
];

/// The known header with this name, ignoring case.
#[must_use]
pub fn known(name: &str) -> Option<&'static KnownHeader> {
    let name = name.to_ascii_lowercase();
    let family =
        |header: &&KnownHeader| header.name.ends_with('-') && name.starts_with(header.name);
    KNOWN
        .iter()
        .find(|header| header.name == name)
        .or_else(|| KNOWN.iter().find(family))
}

/// The known header that was likely intended by an unknown `x-portkey-…` name, or by a name without
/// the prefix or with a misspelt one.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static KnownHeader> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    KNOWN
        .iter()
        .filter(|header| header.usage != Use::Internal && !header.name.ends_with('-'))
        .map(|header| {
            let short = header.name.trim_start_matches("x-portkey-");
            let likeness = likeness(&name, header.name).max(if name == short { 0.95 } else { 0.0 });
            (likeness, header)
        })
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, header)| header)
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, Use, known, nearest};

    #[test]
    fn the_table_is_sorted_and_complete() {
        for pair in KNOWN.windows(2) {
            assert!(
                pair[0].name < pair[1].name,
                "{} before {}",
                pair[0].name,
                pair[1].name
            );
        }
        for header in KNOWN {
            assert_eq!(header.name, header.name.to_ascii_lowercase());
            assert!(
                !header.meaning.is_empty() && !header.meaning.ends_with('.'),
                "{}",
                header.name
            );
            assert!(
                header.usage == Use::Normal || !header.caution.is_empty(),
                "{}",
                header.name
            );
        }
    }

    #[test]
    fn finds_headers_and_families_in_any_case() {
        for (name, found) in [
            ("X-Portkey-Config", Some("x-portkey-config")),
            ("x-portkey-config-id", Some("x-portkey-config-id")),
            ("x-portkey-vertex-project-id", Some("x-portkey-vertex-")),
            (
                "x-portkey-default-input-guardrails",
                Some("x-portkey-default-"),
            ),
            ("x-portkey-virtual-key", Some("x-portkey-virtual-key")),
            ("authorization", Some("authorization")),
            ("x-portkey-confg", None),
            ("accept", None),
        ] {
            assert_eq!(known(name).map(|header| header.name), found, "{name}");
        }
        assert!(known("x-portkey-aws-secret-access-key").is_some_and(|header| header.secret));
    }

    #[test]
    fn guesses_misspelt_names() {
        for (name, found) in [
            ("x-portkey-confg", Some("x-portkey-config")),
            ("x-portkey-meta-data", Some("x-portkey-metadata")),
            ("x_portkey_trace_id", Some("x-portkey-trace-id")),
            ("portkey-config", Some("x-portkey-config")),
            ("x-portkey-traceid", Some("x-portkey-trace-id")),
            ("metadata", Some("x-portkey-metadata")),
            ("x-custom", None),
            ("accept", None),
        ] {
            assert_eq!(nearest(name).map(|header| header.name), found, "{name}");
        }
    }
}
