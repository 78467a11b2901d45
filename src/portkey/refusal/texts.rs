//! The words that identify a cause.

use super::Refused;
use crate::pasted::Pasted;

/// `error.type` of replies from Portkey's target stage.
const TYPES: &[(&str, Refused)] = &[
    ("api_key_exhaust_error", Refused::KeyBudget),
    ("api_key_rate_limit_error", Refused::KeyRateLimit),
    ("hooks_failed", Refused::GuardrailDenied),
    ("integration_exhaust_error", Refused::ProviderBudget),
    ("integration_rate_limit_error", Refused::ProviderRateLimit),
    ("model_not_allowed_error", Refused::ModelNotAllowed),
    ("rate_limits_policy_exhaust_error", Refused::PolicyRateLimit),
    ("timeout_error", Refused::RequestTimeout),
    ("usage_limits_policy_exhaust_error", Refused::PolicyBudget),
    ("virtual_key_exhaust_error", Refused::ProviderBudget),
    ("virtual_key_expired_error", Refused::ProviderExpired),
    ("virtual_key_rate_limit_error", Refused::ProviderRateLimit),
    ("workspace_exhaust_error", Refused::WorkspaceBudget),
    ("workspace_expired_error", Refused::WorkspaceExpired),
    ("workspace_rate_limit_error", Refused::WorkspaceRateLimit),
];

/// `error.code`, where it is unambiguous.
const CODES: &[(&str, Refused)] = &[
    ("inline_provider_blocked", Refused::InlineBlocked),
    ("insufficient_quota", Refused::UpstreamRateLimit),
    ("invalid_api_key", Refused::UpstreamUnauthorized),
    ("model_not_found", Refused::ModelNotFound),
    ("rate_limit_exceeded", Refused::UpstreamRateLimit),
];

/// `errorCode` of the admin API.
const ADMIN_CODES: &[(&str, Refused)] = &[
    ("AB01", Refused::AdminInvalid),
    ("AB02", Refused::AdminNotFound),
    ("AB03", Refused::AdminForbidden),
    ("AB04", Refused::AdminFailed),
    ("AB05", Refused::AdminUnauthorized),
    ("AB06", Refused::AdminRateLimit),
    ("AB07", Refused::AdminConflict),
    ("AB08", Refused::AdminNotFound),
    ("AB09", Refused::AdminPlan),
];

/// Lower-case words that must all occur in a message; the first matching row wins.
const MESSAGES: &[(&[&str], Refused)] = &[
    (
        &["portkey workspace", "rate limit exce"],
        Refused::WorkspaceRateLimit,
    ),
    (
        &["workspace", "rate limit exce", "error code: 05"],
        Refused::WorkspaceRateLimit,
    ),
    (
        &["portkey workspace", "usage limit exceeded"],
        Refused::WorkspaceBudget,
    ),
    (&["portkey workspace", "expired"], Refused::WorkspaceExpired),
    (
        &["portkey virtual key", "usage limit exceeded"],
        Refused::ProviderBudget,
    ),
    (
        &["portkey virtual key", "rate limit exce"],
        Refused::ProviderRateLimit,
    ),
    (
        &["portkey virtual key", "expired"],
        Refused::ProviderExpired,
    ),
    (
        &["portkey integration", "usage limit exceeded"],
        Refused::ProviderBudget,
    ),
    (
        &["portkey integration", "rate limit exce"],
        Refused::ProviderRateLimit,
    ),
    (&["invalid api key", "error code: 03"], Refused::InvalidKey),
    (&["portkey api key expired"], Refused::KeyExpired),
    (&["forbidden", "error code: 033"], Refused::MissingScope),
    (
        &["portkey api key usage limit exceeded"],
        Refused::KeyBudget,
    ),
    (
        &["usage limit exceeded", "error code: 04"],
        Refused::KeyBudget,
    ),
    (&["error code: 05"], Refused::KeyRateLimit),
    (&["error code: 06"], Refused::PolicyBudget),
    (&["error code: 033"], Refused::MissingScope),
    (&["error code: 03"], Refused::InvalidKey),
    (&["error code: 01"], Refused::KeyExpired),
    (&["invalid config id passed"], Refused::UnknownConfig),
    (
        &["invalid config passed", "valid json"],
        Refused::ConfigNotJson,
    ),
    (&["invalid config passed"], Refused::InvalidConfig),
    (&["following keys are not valid"], Refused::UnknownSlug),
    (
        &["either x-portkey-config or x-portkey-provider"],
        Refused::NoProvider,
    ),
    (&["invalid provider passed"], Refused::InvalidProvider),
    (&["cannot override default config"], Refused::ConfigPinned),
    (
        &["did not resolve to any valid target"],
        Refused::NoTargetMatched,
    ),
    (
        &["is not allowed for this integration"],
        Refused::ModelNotAllowed,
    ),
    (
        &["request exceeded the timeout sent in the request"],
        Refused::RequestTimeout,
    ),
    (
        &["guardrail checks defined in the config failed"],
        Refused::GuardrailDenied,
    ),
    (
        &["enough permissions to execute this request"],
        Refused::AdminForbidden,
    ),
];

/// Messages of providers and the programs in between, for texts without a reply.
const FOREIGN_MESSAGES: &[(&[&str], Refused)] = &[
    (
        &["incorrect api key provided"],
        Refused::UpstreamUnauthorized,
    ),
    (&["the model", "does not exist"], Refused::ModelNotFound),
    (&["is not found for api version"], Refused::ModelNotFound),
    (&["no endpoints found for"], Refused::ModelNotFound),
    (&["not_found_error", "model:"], Refused::ModelNotFound),
    (
        &["the provided model identifier is invalid"],
        Refused::ModelNotFound,
    ),
    // A provider's reply has a full sentence.
    (&["404 not found"], Refused::WrongPath),
    (&["404 status code (no body)"], Refused::WrongPath),
    (&["invalid x-api-key"], Refused::UpstreamUnauthorized),
    (&["api key not valid"], Refused::UpstreamUnauthorized),
    (
        &["security token included in the request is invalid"],
        Refused::UpstreamUnauthorized,
    ),
    (&["resource_exhausted"], Refused::UpstreamRateLimit),
    (&["credit balance is too low"], Refused::UpstreamRateLimit),
    (&["overloaded_error"], Refused::UpstreamFailed),
    (
        &["message: fetch failed", "cause:"],
        Refused::UpstreamUnreachable,
    ),
    (
        &["request header fields too large"],
        Refused::HeadersTooLarge,
    ),
    (&["\"ok\":false", "not found"], Refused::WrongPath),
    (
        &["you exceeded your current quota"],
        Refused::UpstreamRateLimit,
    ),
    (&["<!doctype html"], Refused::WebPage),
    (&["<html"], Refused::WebPage),
];

fn exact(table: &[(&str, Refused)], word: &str) -> Option<Refused> {
    table
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, cause)| *cause)
}

fn all_words(table: &[(&[&str], Refused)], lower: &str) -> Option<Refused> {
    table
        .iter()
        .find(|(words, _)| words.iter().all(|word| lower.contains(word)))
        .map(|(_, cause)| *cause)
}

pub(super) fn by_type(kind: &str) -> Option<Refused> {
    exact(TYPES, kind)
}

pub(super) fn by_code(code: &str) -> Option<Refused> {
    exact(CODES, code)
}

pub(super) fn by_admin_code(code: &str) -> Option<Refused> {
    exact(ADMIN_CODES, code)
}

pub(super) fn by_message(message: &str) -> Option<Refused> {
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

/// The cause in a free text: a log line, a pasted reply.
#[must_use]
pub fn cause_in(text: &Pasted) -> Option<Refused> {
    let named = |table: &[(&str, Refused)]| {
        table
            .iter()
            .find(|(word, _)| text.has_word(&word.to_lowercase()))
            .map(|(_, cause)| *cause)
    };
    let matching = |table: &[(&[&str], Refused)]| {
        table
            .iter()
            .find(|(words, _)| text.holds(words, false).is_some())
            .map(|(_, cause)| *cause)
    };
    // `reason=model_not_found` is OpenClaw's label, which it also uses for a wrong path.
    let is_label = text.has("reason=") && !text.has("\"code\"");
    named(TYPES)
        .or_else(|| matching(MESSAGES))
        .or_else(|| named(CODES).filter(|_| !is_label))
        .or_else(|| matching(FOREIGN_MESSAGES))
        .or_else(|| named(ADMIN_CODES))
}

/// The causes whose words a free text starts with before an ellipsis, each with how much of them it
/// contains.
pub fn begun_in(text: &Pasted) -> impl Iterator<Item = (usize, Refused)> {
    let tables = MESSAGES.iter().chain(FOREIGN_MESSAGES);
    tables.filter_map(|(words, cause)| Some((text.holds(words, true)?, *cause)))
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
