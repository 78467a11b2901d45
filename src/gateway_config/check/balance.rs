//! Rules about load balancing: weights and sticky sessions.

use crate::diagnostic::Level;
use crate::gateway_config::read::{Mode, Spanned, Sticky, Target};

use super::Rule;
use super::facts::{Facts, Findings, set, shown};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "weight-negative",
        level: Level::Error,
        summary: "a weight is negative",
        why: "A target with a negative weight is never called. The weight is also subtracted from \
              the sum, so the other targets get different shares than the numbers suggest.",
        fix: "Use 0 for a target that should not be called, or remove it.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"weight":«-1»},{"override_params":{"model":"@google/gemini"},"weight":2}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"weight":0},{"override_params":{"model":"@google/gemini"},"weight":2}]}"#,
        ],
        check: weight_negative,
    },
    Rule {
        id: "weights-all-zero",
        level: Level::Error,
        summary: "all weights of a load balance are 0",
        why: "If all weights are 0, no target is chosen. The open-source gateway never answers \
              such a request; Portkey's hosted gateway answers 500.",
        fix: "Give at least one target a weight above 0.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance"},«"targets"»:[{"override_params":{"model":"@openai/gpt-5"},"weight":0},{"override_params":{"model":"@google/gemini"},"weight":0}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"weight":0},{"override_params":{"model":"@google/gemini"},"weight":1}]}"#,
        ],
        check: weights_all_zero,
    },
    Rule {
        id: "weights-mixed",
        level: Level::Warning,
        summary: "only some targets of a load balance have a weight",
        why: "The default weight is 1. Next to a target with 0.5, a target without a weight gets \
              two thirds of the requests, not half.",
        fix: "Give every target a weight.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"weight":0.5},«{"override_params":{"model":"@google/gemini"}}»]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"weight":3},{"override_params":{"model":"@google/gemini"},"weight":1}]}"#,
        ],
        check: weights_mixed,
    },
    Rule {
        id: "sticky-off",
        level: Level::Warning,
        summary: "sticky sessions are not enabled",
        why: "`sticky` does nothing without `\"enabled\": true`.",
        fix: "Add `\"enabled\": true`.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance",«"sticky"»:{"hash_fields":["headers.x-session-affinity"],"ttl":3600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["headers.x-session-affinity"],"ttl":3600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: sticky_off,
    },
    Rule {
        id: "sticky-fields",
        level: Level::Warning,
        summary: "sticky sessions can't tell sessions apart",
        why: "A session is identified by the API key and the `hash_fields` present in the \
              request: `metadata.x`, `params.x` or `headers.x`. Without `hash_fields`, all \
              requests with the same key go to one target, and nothing is balanced.",
        fix: "With OpenClaw, use `headers.x-session-affinity` and set \
              `compat.sendSessionAffinityHeaders: true` on the model, or use `params.user`.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":[«"x-session-affinity"»],"ttl":3600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"loadbalance",«"sticky"»:{"enabled":true,"ttl":3600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["metadata.agent"],"ttl":3600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: sticky_fields,
    },
    Rule {
        id: "sticky-without-ttl",
        level: Level::Note,
        summary: "sticky sessions have no `ttl`",
        why: "The default is an hour in Portkey's documentation and 300 seconds in its code, so a \
              session that pauses for six minutes may switch models.",
        fix: "Set `ttl` in seconds.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance",«"sticky"»:{"enabled":true,"hash_fields":["metadata.agent"]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["metadata.agent"],"ttl":3600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: sticky_without_ttl,
    },
    Rule {
        id: "sticky-keeps-failing-target",
        level: Level::Note,
        summary: "a session sticks to a failing target",
        why: "A session keeps its target until the `ttl` expires, even if that target fails. A \
              load balance never tries another target.",
        fix: "Make the load balance the first target of a fallback.",
        bad: &[
            r#"{"strategy":{"mode":"loadbalance",«"sticky"»:{"enabled":true,"hash_fields":["metadata.agent"],"ttl":600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["metadata.agent"],"ttl":600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]},{"override_params":{"model":"@openai/gpt-5-mini"}}]}"#,
        ],
        check: sticky_keeps_failing_target,
    },
    Rule {
        id: "sticky-shared",
        level: Level::Warning,
        summary: "two load balances share sticky sessions",
        why: "Sticky sessions are stored per config and `hash_fields`, not per group. Two groups \
              with the same fields reuse each other's choice: if one picks its second target, so \
              does the other.",
        fix: "Use different `hash_fields` in one of them, or move it to a separate config.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["metadata.agent"],"ttl":600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]},{"strategy":{"mode":"loadbalance",«"sticky"»:{"enabled":true,"hash_fields":["metadata.agent"],"ttl":600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["metadata.agent"],"ttl":600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]},{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["params.user"],"ttl":600}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}]}"#,
        ],
        check: sticky_shared,
    },
];

fn balances<'c>(facts: &Facts<'c>) -> impl Iterator<Item = &'c Target> {
    let groups = facts.groups().map(|(_, group)| group);
    groups.filter(|group| group.mode() == Some(Mode::LoadBalance))
}

fn weight(target: &Target) -> f64 {
    target.weight.as_ref().map_or(1.0, |it| it.value)
}

fn weight_negative(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in balances(facts).flat_map(|group| facts.config.members(group)) {
        if let Some(weight) = target.weight.as_ref().filter(|it| it.value < 0.0) {
            findings.value(
                facts,
                weight,
                "this target is never called, and its weight reduces the sum that the others share",
                "use 0, or remove the target",
            );
            let path = facts.config.path(weight.node);
            findings.fix(false, "write 0", vec![set(path, 0)]);
        }
    }
}

fn weights_all_zero(facts: &Facts<'_>, findings: &mut Findings) {
    for group in balances(facts) {
        let Some(targets) = group.targets.as_ref().filter(|it| !it.value.is_empty()) else {
            continue;
        };
        if facts
            .config
            .members(group)
            .all(|(_, target)| weight(target) == 0.0)
        {
            findings.key(
                facts,
                targets,
                "all weights are 0, so no target is called",
                "give at least one target a weight above 0",
            );
        }
    }
}

fn weights_mixed(facts: &Facts<'_>, findings: &mut Findings) {
    for group in balances(facts) {
        let mut members = facts.config.members(group);
        if members.all(|(_, target)| target.weight.is_none()) {
            continue;
        }
        let total: f64 = facts
            .config
            .members(group)
            .map(|(_, it)| weight(it).max(0.0))
            .sum();
        for (_, target) in facts.config.members(group) {
            if target.weight.is_none() {
                findings.add(
                    facts,
                    target.node,
                    target.range.clone(),
                    format!(
                        "a target without a weight counts as 1, which is {:.0} % here",
                        100.0 / total
                    ),
                    "set its weight",
                );
            }
        }
    }
}

/// Load-balanced groups with sticky sessions.
fn sticky<'c>(facts: &Facts<'c>) -> impl Iterator<Item = (&'c Target, &'c Spanned<Sticky>)> {
    balances(facts).filter_map(|group| {
        let sticky = group.strategy.as_ref()?.value.sticky.as_ref()?;
        Some((group, sticky))
    })
}

fn is_on(sticky: &Sticky) -> bool {
    sticky.enabled.as_ref().is_some_and(|it| it.value)
}

fn sticky_off(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, sticky) in sticky(facts) {
        if sticky.value.enabled.is_none() {
            findings.key(
                facts,
                sticky,
                "sticky sessions are not enabled",
                "add `\"enabled\": true`",
            );
            let path = facts.config.path(sticky.node).key("enabled");
            findings.fix(false, "enable them", vec![set(path, true)]);
        }
    }
}

fn sticky_fields(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, sticky) in sticky(facts).filter(|(_, sticky)| is_on(&sticky.value)) {
        let fields = sticky.value.hash_fields.as_ref();
        let Some(fields) = fields.filter(|fields| !fields.value.is_empty()) else {
            findings.key(
                facts,
                sticky,
                "without `hash_fields`, all requests with the same API key go to one target",
                "add `\"hash_fields\": [\"headers.x-session-affinity\"]`",
            );
            let path = facts.config.path(sticky.node).key("hash_fields");
            let value = crate::document::Value::array(["headers.x-session-affinity"]);
            findings.fix(false, "add the session header", vec![set(path, value)]);
            continue;
        };
        for field in &fields.value {
            let rest = ["metadata.", "params.", "headers."]
                .iter()
                .find_map(|start| field.value.strip_prefix(start));
            if rest.is_some_and(|rest| !rest.is_empty()) {
                continue;
            }
            findings.value(
                facts,
                field,
                format!("`{}` is not part of a request", shown(&field.value)),
                "start it with `headers.`, `metadata.` or `params.`",
            );
            if field.value.starts_with("x-") {
                let path = facts.config.path(field.node);
                let value = format!("headers.{}", field.value);
                findings.fix(false, "name it as a header", vec![set(path, value)]);
            }
        }
    }
}

fn sticky_without_ttl(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, sticky) in sticky(facts).filter(|(_, sticky)| is_on(&sticky.value)) {
        if sticky.value.ttl.is_none() {
            findings.key(
                facts,
                sticky,
                "without `ttl`, a session may end after 300 seconds",
                "add `\"ttl\": 3600`",
            );
            let path = facts.config.path(sticky.node).key("ttl");
            findings.fix(false, "keep sessions for an hour", vec![set(path, 3600)]);
        }
    }
}

fn sticky_keeps_failing_target(facts: &Facts<'_>, findings: &mut Findings) {
    for (group, sticky) in sticky(facts).filter(|(_, sticky)| is_on(&sticky.value)) {
        let mut above = facts.config.above(group);
        if !above.any(|(_, group)| group.mode() == Some(Mode::Fallback)) {
            findings.key(
                facts,
                sticky,
                "a session sticks to its target even if that target fails",
                "make this load balance the first target of a fallback",
            );
        }
    }
}

fn sticky_shared(facts: &Facts<'_>, findings: &mut Findings) {
    let fields = |sticky: &Sticky| -> Vec<String> {
        let fields = sticky.hash_fields.iter().flat_map(|fields| &fields.value);
        fields.map(|field| field.value.clone()).collect()
    };
    let mut seen = Vec::new();
    for (_, sticky) in sticky(facts).filter(|(_, sticky)| is_on(&sticky.value)) {
        let own = fields(&sticky.value);
        if seen.contains(&own) {
            findings.key(
                facts,
                sticky,
                "another load balance has the same `hash_fields`, so the two share their choices",
                "use different fields here, or a separate config",
            );
        }
        seen.push(own);
    }
}
