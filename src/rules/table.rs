//! All rules, sorted by id.

use super::{
    Rule, api_key_placeholder, base_url_without_v1, ignore_stale, ignore_without_reason, not_utf8,
    portkey_missing, syntax_error,
};

/// All rules, sorted by id.
pub const RULES: &[&Rule] = &[
    &api_key_placeholder::RULE,
    &base_url_without_v1::RULE,
    &ignore_stale::RULE,
    &ignore_without_reason::RULE,
    &not_utf8::RULE,
    &portkey_missing::RULE,
    &syntax_error::RULE,
];
