//! The rules of `lint`, one file per rule.

pub(crate) mod agent_bypasses_portkey;
mod allowlist_bypasses_portkey;
mod api_incompatible;
mod api_key_header_conflict;
pub(crate) mod api_key_malformed;
mod api_key_missing;
pub(crate) mod api_key_placeholder;
mod api_key_plaintext;
mod authorization_header_overrides_key;
mod base_url_insecure;
mod base_url_malformed;
mod base_url_missing;
pub(crate) mod base_url_not_portkey;
mod base_url_trailing_slash;
mod base_url_without_v1;
mod config_id_malformed;
mod config_id_placeholder;
mod config_inline;
mod config_overrides_slug;
pub(crate) mod config_unknown;
mod duplicate_key;
mod dynamic_without_config;
mod fallback_bypasses_portkey;
mod fallback_cannot_take_over;
mod fallback_duplicate;
mod fallback_is_primary;
mod forward_headers_syntax;
mod header_control_character;
mod header_deprecated;
mod header_hides_requests;
mod header_internal;
mod header_name_invalid;
mod header_not_latin1;
mod header_repeated;
mod header_type;
mod header_unknown;
mod header_value_invalid;
mod headers_too_large;
pub(super) mod ignore_stale;
pub(super) mod ignore_without_reason;
mod image_model_text_only;
mod include_unreadable;
mod invalid_value;
mod key_rejected;
mod key_scope_missing;
mod metadata_not_json_object;
mod metadata_refused_by_provider;
mod metadata_value_not_string;
mod metadata_value_too_long;
mod missing_key;
mod mode_replace;
mod model_duplicate;
mod model_id_has_provider_prefix;
mod model_id_malformed;
mod model_id_without_at;
mod model_metadata_invalid;
mod model_metadata_missing;
mod model_name_missing;
pub(super) mod model_not_in_catalog;
mod models_empty;
pub(super) mod not_utf8;
mod other_model_bypasses_portkey;
mod policy_base_url;
mod policy_bypass;
mod policy_fallback;
mod policy_header;
mod policy_key;
mod policy_metadata;
mod policy_model;
mod policy_model_missing;
mod policy_primary;
mod portkey_missing;
mod primary_missing;
mod primary_undeclared;
mod provider_header_overrides_slug;
mod provider_repeated;
mod reference_undeclared;
mod reference_without_provider;
mod retired_key;
mod root_not_object;
mod secret_in_env_block;
mod secret_in_header;
pub(super) mod slug_unknown;
pub(super) mod syntax_error;
mod trace_id_static;
mod unknown_key;
mod variable_not_expanded;
mod virtual_key_legacy;

use super::Cause;

/// All rules, sorted by id.
pub static RULES: &[&Cause] = &[
    &agent_bypasses_portkey::CAUSE,
    &allowlist_bypasses_portkey::CAUSE,
    &api_incompatible::CAUSE,
    &api_key_header_conflict::CAUSE,
    &api_key_malformed::CAUSE,
    &api_key_missing::CAUSE,
    &api_key_placeholder::CAUSE,
    &api_key_plaintext::CAUSE,
    &authorization_header_overrides_key::CAUSE,
    &base_url_insecure::CAUSE,
    &base_url_malformed::CAUSE,
    &base_url_missing::CAUSE,
    &base_url_not_portkey::CAUSE,
    &base_url_trailing_slash::CAUSE,
    &base_url_without_v1::CAUSE,
    &config_id_malformed::CAUSE,
    &config_id_placeholder::CAUSE,
    &config_inline::CAUSE,
    &config_overrides_slug::CAUSE,
    &config_unknown::CAUSE,
    &duplicate_key::CAUSE,
    &dynamic_without_config::CAUSE,
    &fallback_bypasses_portkey::CAUSE,
    &fallback_cannot_take_over::CAUSE,
    &fallback_duplicate::CAUSE,
    &fallback_is_primary::CAUSE,
    &forward_headers_syntax::CAUSE,
    &header_control_character::CAUSE,
    &header_deprecated::CAUSE,
    &header_hides_requests::CAUSE,
    &header_internal::CAUSE,
    &header_name_invalid::CAUSE,
    &header_not_latin1::CAUSE,
    &header_repeated::CAUSE,
    &header_type::CAUSE,
    &header_unknown::CAUSE,
    &header_value_invalid::CAUSE,
    &headers_too_large::CAUSE,
    &ignore_stale::CAUSE,
    &ignore_without_reason::CAUSE,
    &image_model_text_only::CAUSE,
    &include_unreadable::CAUSE,
    &invalid_value::CAUSE,
    &key_rejected::CAUSE,
    &key_scope_missing::CAUSE,
    &metadata_not_json_object::CAUSE,
    &metadata_refused_by_provider::CAUSE,
    &metadata_value_not_string::CAUSE,
    &metadata_value_too_long::CAUSE,
    &missing_key::CAUSE,
    &mode_replace::CAUSE,
    &model_duplicate::CAUSE,
    &model_id_has_provider_prefix::CAUSE,
    &model_id_malformed::CAUSE,
    &model_id_without_at::CAUSE,
    &model_metadata_invalid::CAUSE,
    &model_metadata_missing::CAUSE,
    &model_name_missing::CAUSE,
    &model_not_in_catalog::CAUSE,
    &models_empty::CAUSE,
    &not_utf8::CAUSE,
    &other_model_bypasses_portkey::CAUSE,
    &policy_base_url::CAUSE,
    &policy_bypass::CAUSE,
    &policy_fallback::CAUSE,
    &policy_header::CAUSE,
    &policy_key::CAUSE,
    &policy_metadata::CAUSE,
    &policy_model::CAUSE,
    &policy_model_missing::CAUSE,
    &policy_primary::CAUSE,
    &portkey_missing::CAUSE,
    &primary_missing::CAUSE,
    &primary_undeclared::CAUSE,
    &provider_header_overrides_slug::CAUSE,
    &provider_repeated::CAUSE,
    &reference_undeclared::CAUSE,
    &reference_without_provider::CAUSE,
    &retired_key::CAUSE,
    &root_not_object::CAUSE,
    &secret_in_env_block::CAUSE,
    &secret_in_header::CAUSE,
    &slug_unknown::CAUSE,
    &syntax_error::CAUSE,
    &trace_id_static::CAUSE,
    &unknown_key::CAUSE,
    &variable_not_expanded::CAUSE,
    &virtual_key_legacy::CAUSE,
];

/// The rules that report schema issues; another rule at the same location is more specific.
pub(super) const OF_THE_SCHEMA: [&str; 4] =
    ["invalid-value", "missing-key", "retired-key", "unknown-key"];

/// The rules that report a missing key, each with that key.
pub(super) const OF_MISSING_KEYS: &[(&str, &str)] = &[
    ("base-url-missing", "baseUrl"),
    ("model-id-malformed", "id"),
    ("model-name-missing", "name"),
    ("models-empty", "models"),
];

/// Team rules, each with the rules that report the same value less strictly.
pub(super) const STRICTER: &[(&str, &[&str])] = &[
    (
        "policy-bypass",
        &[
            "agent-bypasses-portkey",
            "fallback-bypasses-portkey",
            "portkey-missing",
        ],
    ),
    (
        "policy-base-url",
        &["base-url-not-portkey", "base-url-missing"],
    ),
    (
        "policy-key",
        &[
            "api-key-plaintext",
            "secret-in-env-block",
            "secret-in-header",
        ],
    ),
    ("policy-primary", &["primary-missing"]),
];

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use super::RULES;
    use crate::causes::{Cause, Facts, run};
    use crate::diagnostic::{Diagnostic, Level};
    use crate::document::Document;
    use crate::openclaw::{Config, VersionSource};
    use crate::team::Team;

    /// The diagnostics of this rule and of those that are on by default.
    fn findings(text: &str, with: &Cause) -> Vec<Diagnostic> {
        let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        let config = Config::new("openclaw.json".into(), document);
        let version = config
            .written_by()
            .map_or(VersionSource::Unknown, VersionSource::Config);
        let rules: Vec<&Cause> = RULES
            .iter()
            .copied()
            .filter(|rule| rule.on || rule.id == with.id)
            .collect();
        let mut facts = Facts::new(&config, version);
        facts.team = (!with.team.is_empty()).then(|| {
            let document = Document::parse(with.team).unwrap();
            let team = Team::new(document, "team.json5");
            assert!(team.check().is_empty(), "{}: {:?}", with.id, team.check());
            Arc::new(team)
        });
        run(&facts, &rules)
    }

    fn shown(findings: &[Diagnostic]) -> String {
        let lines: Vec<String> = findings
            .iter()
            .map(|finding| {
                format!(
                    "{} {:?} {}",
                    finding.check, finding.location, finding.message
                )
            })
            .collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn the_table_is_sorted_and_complete() {
        for pair in RULES.windows(2) {
            assert!(
                pair[0].id < pair[1].id,
                "{} before {}",
                pair[0].id,
                pair[1].id
            );
        }
        for rule in RULES {
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(rule.id.chars().all(kebab), "{}", rule.id);
            for text in [rule.summary, rule.why, rule.fix] {
                assert!(text.len() > 10, "{}: {text}", rule.id);
            }
            assert!(
                rule.why.ends_with('.') && rule.fix.ends_with('.'),
                "{}",
                rule.id
            );
            assert!(!rule.summary.ends_with('.'), "{}", rule.id);
        }
    }

    #[test]
    fn bad_examples_trigger_only_their_own_rule_at_the_right_place() {
        let mut wrong = String::new();
        for rule in RULES {
            for bad in rule.bad {
                let start = bad.find('«').unwrap_or_else(|| panic!("{}: no «", rule.id));
                let end =
                    bad.find('»').unwrap_or_else(|| panic!("{}: no »", rule.id)) - '«'.len_utf8();
                let text = bad.replace(['«', '»'], "");
                let found = findings(&text, rule);
                if !(found.len() == 1
                    && found[0].check == rule.id
                    && found[0].span().unwrap().range == (start..end))
                {
                    let _ = writeln!(
                        wrong,
                        "{}: wanted {start}..{end}, found\n{}in {text}",
                        rule.id,
                        shown(&found)
                    );
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    /// Suggested commands must exist.
    #[test]
    fn suggested_commands_parse() {
        for rule in RULES {
            for bad in rule.bad {
                let text = bad.replace(['«', '»'], "");
                for words in findings(&text, rule)
                    .iter()
                    .flat_map(|one| one.help.commands())
                {
                    let words = [vec!["openclaw-portkey".to_owned()], words].concat();
                    let parsed = crate::cli::command().try_get_matches_from(&words);
                    assert!(parsed.is_ok(), "{}: {words:?}", rule.id);
                }
                for one in findings(&text, rule) {
                    let help = one.help.to_string();
                    assert!(
                        !help.contains(['{', '}']) || !help.contains("run:"),
                        "{help}"
                    );
                }
            }
        }
    }

    #[test]
    fn good_examples_trigger_nothing() {
        for rule in RULES {
            for good in rule.good {
                let found = findings(good, rule);
                assert!(
                    found.is_empty(),
                    "{}: found\n{}in {good}",
                    rule.id,
                    shown(&found)
                );
            }
        }
    }

    /// The complete configs from Portkey's guide: a pasted one is a template, not an error.
    #[test]
    fn the_guides_configs_have_no_errors() {
        let headers = [
            ("", "@gemini/gemini-2.5-flash", "Gemini 2.5 Flash"),
            (
                r#""headers": { "x-portkey-config": "pc-config-id" },"#,
                "portkey-dynamic",
                "Portkey Router",
            ),
            (
                r#"headers: { "x-portkey-trace-id": "session-auth-refactor",
                    "x-portkey-metadata": "{\"team\":\"backend\",\"project\":\"api-v2\"}" },"#,
                "@mistral/open-mixtral-8x7b",
                "Mixtral 8x7b",
            ),
        ];
        for (headers, id, name) in headers {
            let text = format!(
                r#"{{ "models": {{ "mode": "merge", "providers": {{ "portkey": {{
                    "baseUrl": "https://api.portkey.ai/v1", "apiKey": "YOUR_PORTKEY_API_KEY",
                    {headers} "api": "openai-completions",
                    "models": [{{ "id": "{id}", "name": "{name}" }},
                        {{ "id": "@gemini/other", "name": "Other" }}] }} }} }},
                    "agents": {{ "defaults": {{ "model": {{
                        "fallbacks": ["portkey/@gemini/other"], "primary": "portkey/{id}" }} }} }} }}"#
            );
            let found = findings(&text, RULES[0]);
            assert!(
                found.iter().all(|finding| finding.level < Level::Error),
                "{}in {text}",
                shown(&found)
            );
            assert!(
                found
                    .iter()
                    .any(|finding| finding.check == "api-key-placeholder")
            );
        }
    }

    #[test]
    fn safe_fixes_fix_their_diagnostic() {
        for rule in RULES {
            for bad in rule.bad {
                let text = bad.replace(['«', '»'], "");
                for fix in findings(&text, rule)
                    .iter()
                    .filter_map(|finding| finding.fix.as_ref())
                {
                    let document = Document::parse(text.as_str()).unwrap();
                    let changes: Vec<_> = fix
                        .changes
                        .iter()
                        .map(|(_, change)| change.clone())
                        .collect();
                    let edited = crate::edit::apply(&document, &changes).unwrap();
                    assert!(
                        !edited.replacements.is_empty(),
                        "{}: the fix changes nothing",
                        rule.id
                    );
                    let left = findings(edited.document.text(), rule);
                    assert!(
                        left.iter().all(|finding| finding.check != rule.id),
                        "{}: still found after its fix\n{}",
                        rule.id,
                        edited.document.text()
                    );
                }
            }
        }
    }
}
