//! What keeps OpenClaw from reaching models through Portkey: one file a rule.
//!
//! A rule is data, documentation and a function from [`Facts`] to findings. It never fetches
//! anything and is silent where it cannot tell.

mod agent_bypasses_portkey;
mod allowlist_bypasses_portkey;
mod api_incompatible;
mod api_key_header_conflict;
mod api_key_malformed;
mod api_key_missing;
mod api_key_placeholder;
mod api_key_plaintext;
mod authorization_header_overrides_key;
mod base_url_insecure;
mod base_url_malformed;
mod base_url_missing;
mod base_url_not_portkey;
mod base_url_trailing_slash;
mod base_url_without_v1;
mod config_id_malformed;
mod config_id_placeholder;
mod config_overrides_slug;
mod config_unknown;
mod duplicate_key;
mod dynamic_without_config;
mod example;
mod facts;
mod fallback_bypasses_portkey;
mod fallback_cannot_take_over;
mod fallback_duplicate;
mod fallback_is_primary;
mod finding;
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
mod headers_too_large;
mod ignore;
mod ignore_stale;
mod ignore_without_reason;
mod key_rejected;
mod key_scope_missing;
mod keys;
mod metadata_not_json_object;
mod metadata_value_not_string;
mod metadata_value_too_long;
mod mode_replace;
mod model_duplicate;
mod model_id_has_provider_prefix;
mod model_id_malformed;
mod model_id_without_at;
mod model_metadata_invalid;
mod model_metadata_missing;
mod model_name_missing;
mod model_not_in_catalog;
mod models_empty;
mod not_utf8;
mod portkey_missing;
mod primary_missing;
mod primary_undeclared;
mod provider_header_overrides_slug;
mod reference_undeclared;
mod reference_without_provider;
mod retired_key;
mod root_not_object;
mod schema;
mod secret_in_env_block;
mod secret_in_header;
mod slug_unknown;
mod syntax_error;
mod table;
mod trace_id_static;
mod unknown_key;
mod unreadable;
mod virtual_key_legacy;

use std::fmt;

pub use facts::{
    Choice, Facts, Header, Online, PortkeyProvider, Reference, Role, portkey_providers,
};
pub use finding::{Finding, Findings, Fix};
pub use ignore::{Unignored, apply_ignores, nearest};
pub use not_utf8::RULE as NOT_UTF8;
pub use schema::{KeyError, KeyErrorKind};
pub use syntax_error::RULE as SYNTAX_ERROR;
pub use table::RULES;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Likely wrong, or a leak.
    Warning,
    /// OpenClaw will not start, or requests will fail or go elsewhere.
    Error,
}

impl Level {
    /// Its name in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Group {
    /// Every group, in the order in which they are told.
    pub const ALL: [Self; 8] = [
        Self::File,
        Self::Provider,
        Self::Key,
        Self::Models,
        Self::References,
        Self::Routing,
        Self::Headers,
        Self::Online,
    ];

    /// Its name in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Provider => "provider",
            Self::Key => "key",
            Self::Models => "models",
            Self::References => "references",
            Self::Routing => "routing",
            Self::Headers => "headers",
            Self::Online => "online",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The file as a whole.
    File,
    /// `models.providers.<Portkey>`.
    Provider,
    /// The API key.
    Key,
    /// The provider's models.
    Models,
    /// Primary, fallbacks, agents, allow-lists.
    References,
    /// Gateway configs and provider slugs.
    Routing,
    /// Headers.
    Headers,
    /// What only Portkey can tell.
    Online,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name: kebab-case, for people and for `ignore[…]`.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// How bad its findings are.
    pub level: Level,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Why it matters, in a few sentences of Markdown.
    pub why: &'static str,
    /// How to mend it, in a sentence or two of Markdown.
    pub fix: &'static str,
    /// Whole configs that trigger it, and nothing else; what it points at stands between « and ».
    /// Rules that need more than a config (`syntax-error`, the online ones) are tested apart.
    pub bad: &'static [&'static str],
    /// Whole configs close to the bad ones that trigger nothing.
    pub good: &'static [&'static str],
    /// Finds.
    pub check: fn(&Facts<'_>, &mut Findings),
}

/// Rules about what could be better and not what is wrong: they run where they are selected.
const OFF: [&str; 1] = ["model-metadata-missing"];

impl Rule {
    /// Whether it runs without being selected.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !OFF.contains(&self.id)
    }
}

/// The rules that run without being selected.
pub fn on() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| rule.is_on())
}

/// The rule of an id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id).copied()
}

/// Runs rules over the facts. The findings come sorted by place.
#[must_use]
pub fn run<'r>(
    facts: &Facts<'_>,
    rules: impl IntoIterator<Item = &'r &'static Rule>,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    for rule in rules {
        findings.start(rule);
        (rule.check)(facts, &mut findings);
    }
    findings.sorted()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::openclaw::{Config, VersionSource};

    /// What the rules find that are on, and this one.
    fn findings(text: &str, with: &Rule) -> Vec<Finding> {
        let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        let config = Config::new("openclaw.json".into(), document);
        let version = config
            .written_by()
            .map_or(VersionSource::Unknown, VersionSource::Config);
        let rules: Vec<&Rule> = RULES
            .iter()
            .copied()
            .filter(|rule| rule.is_on() || rule.id == with.id)
            .collect();
        run(&Facts::new(&config, version), &rules)
    }

    fn shown(findings: &[Finding]) -> String {
        let lines: Vec<String> = findings
            .iter()
            .map(|finding| {
                format!(
                    "{} {:?} {}",
                    finding.rule.id, finding.range, finding.message
                )
            })
            .collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn the_table_is_sorted_and_written_out() {
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

    /// What is said to be typed has to exist.
    #[test]
    fn only_commands_that_exist_are_named() {
        let commands = crate::cli::command_names();
        for rule in RULES {
            for rest in [rule.why, rule.fix]
                .iter()
                .flat_map(|text| text.split("openclaw-portkey ").skip(1))
            {
                let word = rest
                    .split(|c: char| !c.is_ascii_lowercase() && c != '-')
                    .next();
                assert!(
                    commands
                        .iter()
                        .any(|command| Some(command.as_str()) == word),
                    "{}: {word:?}",
                    rule.id
                );
            }
        }
    }

    #[test]
    fn each_fault_is_found_by_its_own_rule_alone_and_in_its_place() {
        for rule in RULES {
            for bad in rule.bad {
                let start = bad.find('«').unwrap_or_else(|| panic!("{}: no «", rule.id));
                let end =
                    bad.find('»').unwrap_or_else(|| panic!("{}: no »", rule.id)) - '«'.len_utf8();
                let text = bad.replace(['«', '»'], "");
                let found = findings(&text, rule);
                assert!(
                    found.len() == 1
                        && found[0].rule.id == rule.id
                        && found[0].range == (start..end),
                    "{}: wanted {start}..{end}, found\n{}in {text}",
                    rule.id,
                    shown(&found)
                );
            }
        }
    }

    #[test]
    fn what_is_right_is_left_alone() {
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

    /// The whole configs of Portkey's guide: a pasted one is a template, not a fault.
    #[test]
    fn the_guide_gives_no_error() {
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
                    .any(|finding| finding.rule.id == "api-key-placeholder")
            );
        }
    }

    #[test]
    fn safe_fixes_mend_their_finding() {
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
                        left.iter().all(|finding| finding.rule.id != rule.id),
                        "{}: still found after its fix\n{}",
                        rule.id,
                        edited.document.text()
                    );
                }
            }
        }
    }
}
