//! Rules about caches.

use crate::diagnostic::Level;
use crate::gateway_config::read::{Cache, Spanned};

use super::Rule;
use super::facts::{Facts, Findings, remove, set};

/// The minimum and maximum effective lifetime, in seconds.
const MIN_AGE: f64 = 60.0;
const MAX_AGE: f64 = 7_776_000.0;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cache-max-age",
        level: Level::Error,
        summary: "a cache's `max_age` is out of range, so it becomes a week",
        why: "`max_age` is in seconds, from 60 to 7,776,000 (90 days). Any other number is \
              replaced by the default, 7 days: `30` caches for a week.",
        fix: "Write at least 60, or remove the cache.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"cache":{"mode":"simple","max_age":«30»}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"cache":{"mode":"simple","max_age":«86400000»}}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"cache":{"mode":"simple","max_age":60}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"cache":{"mode":"simple","max_age":7776000}}"#,
        ],
        check: cache_max_age,
    },
    Rule {
        id: "cache-shared",
        level: Level::Note,
        summary: "all agents and users share a cache",
        why: "Portkey looks up cached answers by organisation, provider URL, body and metadata, \
              but not by API key: two agents that send the same text get the same answer. With \
              OpenClaw the cache rarely hits, since the system prompt contains the time.",
        fix: "Don't use the cache for agents. For recurring jobs, send \
              `x-portkey-cache-namespace` or metadata that tells agents apart, and keep `max_age` \
              short.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},«"cache"»:{"mode":"simple","max_age":60}}"#,
        ],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"}}"#],
        check: cache_shared,
    },
    Rule {
        id: "cache-semantic",
        level: Level::Warning,
        summary: "a semantic cache is used for an agent",
        why: "The semantic cache handles up to 4 messages and 8,191 tokens and ignores the system \
              prompt. An agent's requests are longer, so it does nothing; in a short chat it may \
              return the answer to a different question.",
        fix: "Remove it, or use `simple`.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},«"cache"»:{"mode":"semantic","max_age":3600}}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"cache":{"mode":"simple","max_age":3600}}"#,
        ],
        check: cache_semantic,
    },
];

fn caches<'c>(facts: &Facts<'c>) -> impl Iterator<Item = &'c Spanned<Cache>> {
    let targets = facts.config.targets();
    targets.filter_map(|(_, target)| target.cache.as_ref())
}

fn cache_max_age(facts: &Facts<'_>, findings: &mut Findings) {
    for age in caches(facts).filter_map(|cache| cache.value.max_age.as_ref()) {
        if (MIN_AGE..=MAX_AGE).contains(&age.value) {
            continue;
        }
        findings.value(
            facts,
            age,
            format!(
                "{} s is out of range, so answers are cached for 7 days",
                age.value
            ),
            "write 60 to 7776000 seconds",
        );
        let near = if age.value < MIN_AGE {
            MIN_AGE
        } else {
            MAX_AGE
        };
        let path = facts.config.path(age.node);
        let change = set(path, crate::document::Value::Number(near));
        findings.fix(false, format!("write {near}"), vec![change]);
    }
}

fn is_mode(cache: &Cache, mode: &str) -> bool {
    cache.mode.as_ref().is_some_and(|it| it.value == mode)
}

fn cache_shared(facts: &Facts<'_>, findings: &mut Findings) {
    for cache in caches(facts).filter(|cache| is_mode(&cache.value, "simple")) {
        findings.key(
            facts,
            cache,
            "all agents and users of the organisation share the cached answers",
            "remove it for agents, or send a cache namespace for each",
        );
    }
}

fn cache_semantic(facts: &Facts<'_>, findings: &mut Findings) {
    for cache in caches(facts).filter(|cache| is_mode(&cache.value, "semantic")) {
        findings.key(
            facts,
            cache,
            "an agent's requests are too long for the semantic cache, and short ones may get the \
             answer to a different question",
            "remove it",
        );
        let path = facts.config.path(cache.node);
        findings.fix(false, "remove it", vec![remove(path)]);
    }
}
