//! Classifies values by their names.

use crate::portkey::headers::{self, Kind};

/// What a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The value is secret.
    Secret,
    /// It is an id, a hash, a version or the like, which may look random.
    Public,
    /// It may be anything.
    Unknown,
}

const SECRET: [&str; 17] = [
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "token",
    "authorization",
    "credential",
    "credentials",
    "cookie",
    "bearer",
    "apikey",
    "apikeys",
    "pat",
    "jwt",
    "webhooksecret",
];

/// Words that make a following `key` secret.
const BEFORE_KEY: [&str; 18] = [
    "api",
    "access",
    "private",
    "secret",
    "signing",
    "encryption",
    "auth",
    "master",
    "service",
    "account",
    "subscription",
    "function",
    "functions",
    "license",
    "webhook",
    "gateway",
    "admin",
    "consumer",
];

/// Words that make a header secret if its name ends in them.
const LAST_IN_HEADER: [&str; 9] = [
    "key",
    "keys",
    "auth",
    "authentication",
    "signature",
    "session",
    "pass",
    "passcode",
    "tokens",
];

/// Words before `key` that make it a name rather than a secret.
const NO_KEY: [&str; 9] = [
    "session",
    "idempotency",
    "cache",
    "public",
    "virtual",
    "routing",
    "partition",
    "sort",
    "primary",
];

const PUBLIC: [&str; 41] = [
    "id",
    "ids",
    "uuid",
    "guid",
    "trace",
    "traceparent",
    "tracestate",
    "span",
    "hash",
    "sha",
    "sha1",
    "sha256",
    "digest",
    "checksum",
    "commit",
    "revision",
    "etag",
    "fingerprint",
    "version",
    "model",
    "models",
    "url",
    "uri",
    "path",
    "file",
    "include",
    "region",
    "project",
    "workspace",
    "provider",
    "config",
    "name",
    "title",
    "label",
    "namespace",
    "host",
    "channel",
    "date",
    "primary",
    "fallbacks",
    "integrity",
];

/// The class of a config key.
pub(super) fn class(key: &str) -> Class {
    let words = words(key);
    if is_secret(key, &words) {
        Class::Secret
    } else if words.iter().any(|word| PUBLIC.contains(&word.as_str())) {
        Class::Public
    } else {
        Class::Unknown
    }
}

/// The class of a header.
pub(super) fn header_class(name: &str) -> Class {
    if let Some(known) = headers::known(name) {
        if matches!(known.kind, Kind::Key | Kind::Bearer) {
            return Class::Secret;
        }
        if !known.secret {
            return Class::Public;
        }
    }
    let words = words(name);
    let before = words.iter().rev().nth(1).map(String::as_str);
    let ends_secretly = words
        .last()
        .is_some_and(|last| LAST_IN_HEADER.contains(&last.as_str()))
        && !before.is_some_and(|before| NO_KEY.contains(&before));
    if ends_secretly {
        return Class::Secret;
    }
    class(name)
}

/// Whether a URL parameter's name marks its value as secret.
pub(super) fn parameter_is_secret(name: &str) -> bool {
    let words = words(name);
    is_secret(name, &words)
        || matches!(
            words.last().map(String::as_str),
            Some("key" | "sig" | "signature" | "auth" | "code" | "pass" | "session")
        )
}

/// Whether a key's name marks its value as secret: `apiKey`, `botToken`, `OPENAI_API_KEY`,
/// `Authorization`.
#[must_use]
pub fn names_secret(key: &str) -> bool {
    is_secret(key, &words(key))
}

fn is_secret(key: &str, words: &[String]) -> bool {
    let shouted = key.contains('_') && key.chars().all(|c| !c.is_lowercase());
    let last = words.last().map(String::as_str);
    words.iter().any(|word| SECRET.contains(&word.as_str()))
        || words.windows(2).any(|pair| {
            matches!(pair[1].as_str(), "key" | "keys") && BEFORE_KEY.contains(&pair[0].as_str())
        })
        || (shouted && matches!(last, Some("key" | "keys")))
        || (last == Some("tokens")
            && words.len() == 2
            && matches!(words[0].as_str(), "access" | "auth" | "bot" | "api"))
}

/// `x-portkey-apiKey` → `x`, `portkey`, `api`, `key`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in key.chars() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            after_lower = false;
            continue;
        }
        if c.is_uppercase() && after_lower {
            words.push(String::new());
        }
        after_lower = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for name in [
            "apiKey",
            "api_key",
            "X-Api-Key",
            "OPENAI_API_KEY",
            "botToken",
            "GITHUB_TOKEN",
            "clientSecret",
            "Authorization",
            "x-portkey-aws-secret-access-key",
            "MY_KEY",
            "password",
            "subscriptionKey",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "maxTokens",
            "contextTokens",
            "key",
            "keyboard",
            "tokenizer",
            "author",
            "auth",
            "sessionKey",
            "maxTokensField",
            "monkey",
            "dmScope",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn headers() {
        for (name, class) in [
            ("ocp-apim-subscription-key", Class::Secret),
            ("x-functions-key", Class::Secret),
            ("x-auth", Class::Secret),
            ("X-Amz-Signature", Class::Secret),
            ("cf-access-client-secret", Class::Secret),
            ("x-goog-api-key", Class::Secret),
            ("apikey", Class::Secret),
            ("x-portkey-api-key", Class::Secret),
            ("x-portkey-azure-api-key", Class::Secret),
            ("x-portkey-virtual-key", Class::Public),
            ("x-portkey-config", Class::Public),
            ("x-portkey-vertex-region", Class::Public),
            ("x-portkey-vertex-service-account-json", Class::Unknown),
            ("idempotency-key", Class::Unknown),
            ("X-OpenClaw-Session-Key", Class::Unknown),
            ("x-request-id", Class::Public),
            ("x-custom", Class::Unknown),
        ] {
            assert_eq!(header_class(name), class, "{name}");
        }
    }
}
