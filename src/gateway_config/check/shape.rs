//! Rules about keys, types and modes: what the gateway's schema and code expect.

use std::collections::HashSet;

use crate::diagnostic::Level;
use crate::document::{Document, Kind, NodeId, Value};
use crate::gateway_config::Gateway;
use crate::gateway_config::read::keys::{
    BREAKER, CACHE, CONDITION, Holds, Key, RETRY, STICKY, STRATEGY, TARGET,
};
use crate::gateway_config::read::schema::IssueKind;
use crate::gateway_config::read::{Mode, Spanned};

use super::Rule;
use super::facts::{Facts, Findings, closest, did_you_mean, set, shown};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "not-an-object",
        level: Level::Error,
        summary: "the config is not an object",
        why: "A gateway config is a JSON object. Portkey answers 400 to anything else.",
        fix: "Put the settings into `{ … }`.",
        bad: &["«[]»", "«\"pc-abc-123\"»"],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"}}"#],
        check: not_an_object,
    },
    Rule {
        id: "not-json",
        level: Level::Note,
        summary: "the config is not strict JSON",
        why: "In `x-portkey-config` and in the admin API, a config must be strict JSON: comments, \
              single quotes and trailing commas get `Invalid config passed. You need to pass a \
              valid json`.",
        fix: "Keep comments in your own copy, and send plain JSON to Portkey.",
        bad: &["«{override_params:{model:'@openai/gpt-5'}}»"],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"}}"#],
        check: not_json,
    },
    Rule {
        id: "key-twice",
        level: Level::Warning,
        summary: "a key is duplicated, so the first value is ignored",
        why: "JSON readers silently keep the last of two equal keys and ignore the first.",
        fix: "Remove the wrong one.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},«"retry"»:{"attempts":1},"retry":{"attempts":2}}"#,
        ],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1}}"#],
        check: key_twice,
    },
    Rule {
        id: "unknown-key",
        level: Level::Warning,
        summary: "the gateway ignores an unknown key",
        why: "The gateway keeps unknown keys but ignores them, so a misspelt setting does \
              nothing. One example is `use_retry_after_headers`, as Portkey's documentation \
              spells it: the gateway reads `use_retry_after_header`.",
        fix: "Spell the key as the gateway does, or remove it.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1,«"use_retry_after_headers"»:true}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},«"retries"»:{"attempts":2}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},«"requestTimeout"»:30000}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},«"comment"»:"ours"}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1,"use_retry_after_header":true}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5","anything":1}}"#,
        ],
        check: unknown_key,
    },
    Rule {
        id: "wrong-type",
        level: Level::Error,
        summary: "a value has the wrong type",
        why: "The gateway checks the types of its settings. If one is wrong, it answers 400 \
              `Invalid config passed` to every request.",
        fix: "Write numbers and booleans without quotes, and lists in `[ … ]`.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":«"2"»}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"request_timeout":«"30s"»}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1,"use_retry_after_header":«"true"»}}"#,
            r#"{"strategy":«"fallback"»,"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2}}"#],
        check: wrong_type,
    },
    Rule {
        id: "status-code-not-number",
        level: Level::Error,
        summary: "a status code is a string",
        why: "Status codes must be JSON numbers, although Portkey's reference table says \
              otherwise. If the list holds a string, the gateway answers 400 to every request.",
        fix: "Remove the quotes.",
        bad: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":[«"429"»]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2,"on_status_codes":[500,«"503"»]}}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2,"on_status_codes":[500,503]}}"#,
        ],
        check: status_code_not_number,
    },
    Rule {
        id: "status-code-invalid",
        level: Level::Warning,
        summary: "a status code can't occur",
        why: "Codes are compared one by one: `5`, `500.5` or `5000` match nothing, and ranges \
              aren't supported.",
        fix: "List each status that should count, from 200 to 599.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2,"on_status_codes":[429,«5»]}}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2,"on_status_codes":[429,529]}}"#,
        ],
        check: status_code_invalid,
    },
    Rule {
        id: "key-missing",
        level: Level::Error,
        summary: "a required key is missing",
        why: "`strategy` and `cache` need a `mode`, `retry` needs `attempts`, and a condition \
              needs `query` and `then`. Without them the gateway answers 400 to every request.",
        fix: "Add the key.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":«{"on_status_codes":[500]}»}"#,
            r#"{"strategy":«{}»,"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1,"on_status_codes":[500]}}"#,
        ],
        check: key_missing,
    },
    Rule {
        id: "mode-unknown",
        level: Level::Error,
        summary: "a mode is unknown",
        why: "A strategy can be `single`, `loadbalance`, `fallback` or `conditional`, and a cache \
              `simple` or `semantic`. With any other value, such as `load-balance`, the gateway \
              answers 400 to every request.",
        fix: "Spell the mode as the gateway does.",
        bad: &[
            r#"{"strategy":{"mode":«"load-balance"»},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
            r#"{"strategy":{"mode":«"Fallback"»},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"cache":{"mode":«"exact"»}}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: mode_unknown,
    },
];

/// The objects of the config, each with its allowed keys.
fn objects(facts: &Facts<'_>) -> Vec<(NodeId, &'static [Key])> {
    let mut objects = Vec::new();
    let mut add = |node, keys| objects.push((node, keys));
    for (_, target) in facts.config.targets() {
        add(target.node, TARGET);
        if let Some(strategy) = &target.strategy {
            add(strategy.node, STRATEGY);
            let conditions = strategy.value.conditions.iter();
            for condition in conditions.flat_map(|conditions| &conditions.value) {
                add(condition.node, CONDITION);
            }
            if let Some(sticky) = &strategy.value.sticky {
                add(sticky.node, STICKY);
            }
            if let Some(breaker) = &strategy.value.breaker {
                add(breaker.node, BREAKER);
            }
        }
        if let Some(retry) = &target.retry {
            add(retry.node, RETRY);
        }
        if let Some(cache) = &target.cache {
            add(cache.node, CACHE);
        }
    }
    objects
}

fn not_an_object(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    let kind = facts.document().kind(root.node);
    if kind != Kind::Object {
        findings.add(
            facts,
            root.node,
            root.range.clone(),
            format!("a gateway config must be an object, not {kind}"),
            "put the settings into `{ … }`",
        );
    }
}

fn not_json(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    if !facts.document().is_json() {
        let range = facts.document().comments().next();
        findings.add(
            facts,
            root.node,
            range.unwrap_or_else(|| root.range.clone()),
            "this is JSON5, but Portkey needs strict JSON",
            "send Portkey a copy without comments, single quotes and trailing commas",
        );
    }
}

fn key_twice(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for node in document.nodes() {
        let mut later = HashSet::new();
        let members: Vec<_> = document.members(node).collect();
        for member in members.into_iter().rev() {
            if !later.insert(member.key.clone()) {
                findings.add(
                    facts,
                    node,
                    member.key_span,
                    format!(
                        "`{}` is duplicated further down, and only the last one counts",
                        shown(&member.key)
                    ),
                    "remove one of them",
                );
            }
        }
    }
}

fn unknown_key(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for (holder, keys) in objects(facts) {
        for member in document.members(holder) {
            let key = member.key.as_ref();
            // Another rule reports a circuit breaker where it isn't read.
            if keys.iter().any(|(known, ..)| *known == key) || key == "cb_config" {
                continue;
            }
            let near = closest(key, keys.iter().map(|(known, ..)| *known));
            let message = match near {
                Some((near, true)) if !key.ends_with('s') => {
                    format!("unknown key `{}`; the gateway reads `{near}`", shown(key))
                }
                _ => format!("the gateway ignores the unknown key `{}`", shown(key)),
            };
            findings.add(
                facts,
                member.value,
                member.key_span.clone(),
                message,
                did_you_mean(near, "remove it, or keep it as a note for readers"),
            );
            if let Some((near, same)) = near
                && let Some(changes) = facts.rename(holder, key, near)
            {
                findings.fix(same, format!("rename it to `{near}`"), changes);
            }
        }
    }
}

/// The nodes that make a value invalid, and what each should be.
fn misfits(document: &Document, value: NodeId, holds: Holds) -> Vec<(NodeId, &'static str)> {
    let kind = document.kind(value);
    let one = |wanted: Kind, name| {
        if kind == wanted {
            Vec::new()
        } else {
            vec![(value, name)]
        }
    };
    let items = |wanted: Kind, list, item| {
        if kind != Kind::Array {
            return vec![(value, list)];
        }
        let items = document
            .items(value)
            .filter(|it| document.kind(*it) != wanted);
        items.map(|node| (node, item)).collect()
    };
    match holds {
        Holds::String => one(Kind::String, "a string"),
        Holds::Number => one(Kind::Number, "a number"),
        Holds::Bool => one(Kind::Bool, "true or false"),
        Holds::Object => one(Kind::Object, "an object"),
        Holds::Strings => items(Kind::String, "a list of strings", "a string"),
        Holds::Numbers => items(Kind::Number, "a list of numbers", "a number"),
        Holds::Objects => items(Kind::Object, "a list of objects", "an object"),
        Holds::Targets => items(Kind::Object, "a list of targets", "an object"),
        Holds::Guardrails => one(Kind::Array, "a list of guardrails"),
        Holds::Any => Vec::new(),
    }
}

/// Calls `report` with each value of a wrong type, its key, and what it should be.
fn each_misfit(facts: &Facts<'_>, mut report: impl FnMut(NodeId, &str, &'static str)) {
    let document = facts.document();
    for (holder, keys) in objects(facts) {
        for (key, holds, _) in keys {
            if let Some(value) = document.get(holder, key) {
                for (node, wanted) in misfits(document, value, *holds) {
                    report(node, key, wanted);
                }
            }
        }
    }
}

fn is_code_string(facts: &Facts<'_>, node: NodeId, key: &str) -> bool {
    key.ends_with("on_status_codes") && facts.document().kind(node) == Kind::String
}

fn wrong_type(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    each_misfit(facts, |node, key, wanted| {
        if is_code_string(facts, node, key) {
            return;
        }
        findings.add(
            facts,
            node,
            document.span(node),
            format!("`{key}` is {}, but must be {wanted}", document.kind(node)),
            format!("write {wanted}"),
        );
        let text = document.string(node);
        let text = text.as_deref().map(str::trim);
        let value = match (wanted, text) {
            ("a number", Some(text)) => number(text).map(Value::Number),
            ("true or false", Some("true")) => Some(Value::Bool(true)),
            ("true or false", Some("false")) => Some(Value::Bool(false)),
            _ => None,
        };
        if let Some(value) = value {
            let change = set(facts.config.path(node), value);
            findings.fix(true, "remove the quotes", vec![change]);
        }
    });
}

fn number(text: &str) -> Option<f64> {
    let is_plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|_| is_plain)
}

fn status_code_not_number(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    each_misfit(facts, |node, key, _| {
        if !is_code_string(facts, node, key) {
            return;
        }
        let text = document.string(node).unwrap_or_default();
        findings.add(
            facts,
            node,
            document.span(node),
            format!("the status code \"{}\" is a string", shown(&text)),
            "status codes are numbers; remove the quotes",
        );
        if let Some(number) = number(text.trim()) {
            let change = set(facts.config.path(node), number);
            findings.fix(true, "remove the quotes", vec![change]);
        }
    });
}

/// All lists of status codes.
fn code_lists<'c>(facts: &Facts<'c>) -> Vec<&'c Spanned<Vec<Spanned<f64>>>> {
    let mut lists = Vec::new();
    for (_, target) in facts.config.targets() {
        let strategy = target.strategy.as_ref();
        lists.extend(strategy.and_then(|it| it.value.on_status_codes.as_ref()));
        lists.extend(
            target
                .retry
                .as_ref()
                .and_then(|it| it.value.on_status_codes.as_ref()),
        );
        lists.extend(&target.on_status_codes);
        let breaker = strategy.and_then(|it| it.value.breaker.as_ref());
        lists.extend(breaker.and_then(|it| it.value.failure_status_codes.as_ref()));
    }
    lists
}

fn status_code_invalid(facts: &Facts<'_>, findings: &mut Findings) {
    for code in code_lists(facts).into_iter().flat_map(|list| &list.value) {
        if code.value.fract() != 0.0 || !(200.0..=599.0).contains(&code.value) {
            findings.value(
                facts,
                code,
                format!("no answer has the status {}", code.value),
                "list each status that should count, from 200 to 599",
            );
        }
    }
}

fn key_missing(facts: &Facts<'_>, findings: &mut Findings) {
    for issue in facts.config.issues(Gateway::Hosted) {
        let (IssueKind::Missing, Some((last, above))) = (issue.kind, issue.path.0.split_last())
        else {
            continue;
        };
        let crate::document::Step::Key(key) = last else {
            continue;
        };
        let holder = crate::document::Path(above.to_vec());
        let Some(node) = facts.document().at(&holder) else {
            continue;
        };
        let parent = above.last();
        let is_in = |name: &str| *parent.unwrap_or(last) == crate::document::Step::Key(name.into());
        let (value, example) = match key.as_str() {
            "attempts" => (Some(Value::from(2)), "`\"attempts\": 2`"),
            "mode" if is_in("cache") => (Some("simple".into()), "`\"mode\": \"simple\"`"),
            "mode" => (Some("fallback".into()), "`\"mode\": \"fallback\"`"),
            "query" => (None, "the query that a request must match"),
            _ => (None, "the name of a target"),
        };
        findings.add(
            facts,
            node,
            issue.range.clone(),
            format!("`{key}` is missing"),
            format!("add {example}"),
        );
        if let Some(value) = value {
            let change = set(holder.key(key.as_str()), value);
            findings.fix(false, format!("add `{key}`"), vec![change]);
        }
    }
}

fn mode_unknown(facts: &Facts<'_>, findings: &mut Findings) {
    let strategies = Mode::NAMES.map(|(name, _)| name);
    for (_, target) in facts.config.targets() {
        let strategy = target
            .strategy
            .as_ref()
            .and_then(|it| it.value.mode.as_ref());
        let cache = target.cache.as_ref().and_then(|it| it.value.mode.as_ref());
        let modes = [
            (strategy, &strategies[..]),
            (cache, &["simple", "semantic"]),
        ];
        for (mode, known) in modes {
            let Some(mode) = mode.filter(|it| !known.contains(&it.value.as_str())) else {
                continue;
            };
            let near = closest(&mode.value, known.iter().copied());
            findings.value(
                facts,
                mode,
                format!("unknown mode `{}`", shown(&mode.value)),
                did_you_mean(near, &format!("use one of {}", known.join(", "))),
            );
            if let Some((near, same)) = near {
                let change = set(facts.config.path(mode.node), near);
                findings.fix(same, format!("write `{near}`"), vec![change]);
            }
        }
    }
}
