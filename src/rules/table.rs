//! All rules, sorted by id.

use super::{
    Rule, api_incompatible, api_key_header_conflict, api_key_malformed, api_key_missing,
    api_key_placeholder, api_key_plaintext, base_url_insecure, base_url_malformed,
    base_url_missing, base_url_not_portkey, base_url_trailing_slash, base_url_without_v1,
    duplicate_key, mode_replace, model_duplicate, model_id_has_provider_prefix, model_id_malformed,
    model_id_without_at, model_metadata_invalid, model_name_missing, models_empty, not_utf8,
    portkey_missing, retired_key, root_not_object, secret_in_env_block, secret_in_header,
    syntax_error, unknown_key,
};

/// All rules, sorted by id.
pub const RULES: &[&Rule] = &[
    &api_incompatible::RULE,
    &api_key_header_conflict::RULE,
    &api_key_malformed::RULE,
    &api_key_missing::RULE,
    &api_key_placeholder::RULE,
    &api_key_plaintext::RULE,
    &base_url_insecure::RULE,
    &base_url_malformed::RULE,
    &base_url_missing::RULE,
    &base_url_not_portkey::RULE,
    &base_url_trailing_slash::RULE,
    &base_url_without_v1::RULE,
    &duplicate_key::RULE,
    &mode_replace::RULE,
    &model_duplicate::RULE,
    &model_id_has_provider_prefix::RULE,
    &model_id_malformed::RULE,
    &model_id_without_at::RULE,
    &model_metadata_invalid::RULE,
    &model_name_missing::RULE,
    &models_empty::RULE,
    &not_utf8::RULE,
    &portkey_missing::RULE,
    &retired_key::RULE,
    &root_not_object::RULE,
    &secret_in_env_block::RULE,
    &secret_in_header::RULE,
    &syntax_error::RULE,
    &unknown_key::RULE,
];
