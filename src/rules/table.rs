//! All rules, sorted by id.

use super::{Rule, api_key_placeholder, base_url_without_v1, portkey_missing};

/// All rules, sorted by id.
pub const RULES: &[&Rule] = &[
    &api_key_placeholder::RULE,
    &base_url_without_v1::RULE,
    &portkey_missing::RULE,
];
