//! The words by which a cause is known.

use super::Cause;

/// `error.type` of replies from Portkey's target stage.
const TYPES: &[(&str, Cause)] = &[
    ("api_key_exhaust_error", Cause::KeyBudget),
    ("api_key_rate_limit_error", Cause::KeyRateLimit),
    ("hooks_failed", Cause::GuardrailDenied),
    ("integration_exhaust_error", Cause::ProviderBudget),
    ("integration_rate_limit_error", Cause::ProviderRateLimit),
    ("model_not_allowed_error", Cause::ModelNotAllowed),
    ("rate_limits_policy_exhaust_error", Cause::PolicyRateLimit),
    ("timeout_error", Cause::RequestTimeout),
    ("usage_limits_policy_exhaust_error", Cause::PolicyBudget),
    ("virtual_key_exhaust_error", Cause::ProviderBudget),
    ("virtual_key_expired_error", Cause::ProviderExpired),
    ("virtual_key_rate_limit_error", Cause::ProviderRateLimit),
    ("workspace_exhaust_error", Cause::WorkspaceBudget),
    ("workspace_expired_error", Cause::WorkspaceExpired),
    ("workspace_rate_limit_error", Cause::WorkspaceRateLimit),
];

/// `error.code` where it says enough by itself.
const CODES: &[(&str, Cause)] = &[
    ("inline_provider_blocked", Cause::InlineBlocked),
    ("insufficient_quota", Cause::UpstreamRateLimit),
    ("invalid_api_key", Cause::UpstreamUnauthorized),
    ("model_not_found", Cause::ModelNotFound),
    ("rate_limit_exceeded", Cause::UpstreamRateLimit),
];

/// `errorCode` of the admin API.
const ADMIN_CODES: &[(&str, Cause)] = &[
    ("AB01", Cause::AdminInvalid),
    ("AB02", Cause::AdminNotFound),
    ("AB03", Cause::AdminForbidden),
    ("AB04", Cause::AdminFailed),
    ("AB05", Cause::AdminUnauthorized),
    ("AB06", Cause::AdminRateLimit),
    ("AB07", Cause::AdminConflict),
    ("AB08", Cause::AdminNotFound),
    ("AB09", Cause::AdminPlan),
];

/// Words in lower case that must all occur in a message; the first row that fits counts.
const MESSAGES: &[(&[&str], Cause)] = &[
    (
        &["portkey workspace", "rate limit exce"],
        Cause::WorkspaceRateLimit,
    ),
    (
        &["workspace", "rate limit exce", "error code: 05"],
        Cause::WorkspaceRateLimit,
    ),
    (
        &["portkey workspace", "usage limit exceeded"],
        Cause::WorkspaceBudget,
    ),
    (&["portkey workspace", "expired"], Cause::WorkspaceExpired),
    (
        &["portkey virtual key", "usage limit exceeded"],
        Cause::ProviderBudget,
    ),
    (
        &["portkey virtual key", "rate limit exce"],
        Cause::ProviderRateLimit,
    ),
    (&["portkey virtual key", "expired"], Cause::ProviderExpired),
    (
        &["portkey integration", "usage limit exceeded"],
        Cause::ProviderBudget,
    ),
    (
        &["portkey integration", "rate limit exce"],
        Cause::ProviderRateLimit,
    ),
    (&["invalid api key", "error code: 03"], Cause::InvalidKey),
    (&["portkey api key expired"], Cause::KeyExpired),
    (&["forbidden", "error code: 033"], Cause::MissingScope),
    (&["portkey api key usage limit exceeded"], Cause::KeyBudget),
    (
        &["usage limit exceeded", "error code: 04"],
        Cause::KeyBudget,
    ),
    (&["error code: 05"], Cause::KeyRateLimit),
    (&["error code: 06"], Cause::PolicyBudget),
    (&["error code: 033"], Cause::MissingScope),
    (&["error code: 03"], Cause::InvalidKey),
    (&["error code: 01"], Cause::KeyExpired),
    (&["invalid config id passed"], Cause::UnknownConfig),
    (
        &["invalid config passed", "valid json"],
        Cause::ConfigNotJson,
    ),
    (&["invalid config passed"], Cause::InvalidConfig),
    (&["following keys are not valid"], Cause::UnknownSlug),
    (
        &["either x-portkey-config or x-portkey-provider"],
        Cause::NoProvider,
    ),
    (&["invalid provider passed"], Cause::InvalidProvider),
    (&["cannot override default config"], Cause::ConfigPinned),
    (
        &["did not resolve to any valid target"],
        Cause::NoTargetMatched,
    ),
    (
        &["is not allowed for this integration"],
        Cause::ModelNotAllowed,
    ),
    (
        &["request exceeded the timeout sent in the request"],
        Cause::RequestTimeout,
    ),
    (
        &["guardrail checks defined in the config failed"],
        Cause::GuardrailDenied,
    ),
    (
        &["enough permissions to execute this request"],
        Cause::AdminForbidden,
    ),
];

/// Words of providers and of the programs between, for texts that come without a reply.
const FOREIGN_MESSAGES: &[(&[&str], Cause)] = &[
    (&["incorrect api key provided"], Cause::UpstreamUnauthorized),
    (&["the model", "does not exist"], Cause::ModelNotFound),
    (
        &["message: fetch failed", "cause:"],
        Cause::UpstreamUnreachable,
    ),
    (&["request header fields too large"], Cause::HeadersTooLarge),
    (&["\"ok\":false", "not found"], Cause::WrongPath),
    (
        &["you exceeded your current quota"],
        Cause::UpstreamRateLimit,
    ),
    (&["<!doctype html"], Cause::WebPage),
    (&["<html"], Cause::WebPage),
];

fn exact(table: &[(&str, Cause)], word: &str) -> Option<Cause> {
    table
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, cause)| *cause)
}

fn all_words(table: &[(&[&str], Cause)], lower: &str) -> Option<Cause> {
    table
        .iter()
        .find(|(words, _)| words.iter().all(|word| lower.contains(word)))
        .map(|(_, cause)| *cause)
}

pub(super) fn by_type(kind: &str) -> Option<Cause> {
    exact(TYPES, kind)
}

pub(super) fn by_code(code: &str) -> Option<Cause> {
    exact(CODES, code)
}

pub(super) fn by_admin_code(code: &str) -> Option<Cause> {
    exact(ADMIN_CODES, code)
}

pub(super) fn by_message(message: &str) -> Option<Cause> {
    all_words(MESSAGES, &message.to_lowercase())
}

/// Whether a body is a web page.
pub(super) fn is_page(text: &str) -> bool {
    let start = text
        .trim_start()
        .get(..14)
        .unwrap_or(text.trim_start())
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// The cause that a free text names: a line of a log, a pasted reply.
#[must_use]
pub fn cause_in(text: &str) -> Option<Cause> {
    let lower = text.to_lowercase();
    let named = |table: &[(&str, Cause)]| {
        table
            .iter()
            .find(|(word, _)| has_word(&lower, &word.to_lowercase()))
            .map(|(_, cause)| *cause)
    };
    named(TYPES)
        .or_else(|| all_words(MESSAGES, &lower))
        .or_else(|| named(CODES))
        .or_else(|| all_words(FOREIGN_MESSAGES, &lower))
        .or_else(|| named(ADMIN_CODES))
}

/// Whether a word is alone in a text.
fn has_word(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(joins) && !text[at + word.len()..].starts_with(joins))
}

#[cfg(test)]
mod tests {
    use super::{ADMIN_CODES, CODES, TYPES};

    #[test]
    fn tables_are_sorted() {
        for table in [TYPES, CODES, ADMIN_CODES] {
            for pair in table.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
            }
        }
    }
}
