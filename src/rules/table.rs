//! All rules, sorted by id.

use super::{
    Rule, agent_bypasses_portkey, allowlist_bypasses_portkey, api_key_placeholder,
    base_url_without_v1, fallback_bypasses_portkey, fallback_cannot_take_over, fallback_duplicate,
    fallback_is_primary, portkey_missing, primary_missing, primary_undeclared,
    reference_undeclared, reference_without_provider,
};

/// All rules, sorted by id.
pub const RULES: &[&Rule] = &[
    &agent_bypasses_portkey::RULE,
    &allowlist_bypasses_portkey::RULE,
    &api_key_placeholder::RULE,
    &base_url_without_v1::RULE,
    &fallback_bypasses_portkey::RULE,
    &fallback_cannot_take_over::RULE,
    &fallback_duplicate::RULE,
    &fallback_is_primary::RULE,
    &portkey_missing::RULE,
    &primary_missing::RULE,
    &primary_undeclared::RULE,
    &reference_undeclared::RULE,
    &reference_without_provider::RULE,
];
