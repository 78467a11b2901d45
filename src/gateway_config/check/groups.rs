//! Rules about groups: strategies and their targets.

use crate::diagnostic::Level;
use crate::document::{Kind, Value};
use crate::edit::Change;
use crate::gateway_config::read::{Mode, Target, TargetId};

use super::Rule;
use super::facts::{Facts, Findings, remove, set};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "targets-empty",
        level: Level::Error,
        summary: "a group has no targets",
        why: "There is nothing to call. The open-source gateway never answers such a request, and \
              may stop altogether; Portkey's hosted gateway answers 500 `Something went wrong`, \
              or not at all.",
        fix: "Add a target, or remove the group.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},"targets":«[]»}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"strategy":{"mode":"loadbalance"},"targets":«[]»}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: targets_empty,
    },
    Rule {
        id: "targets-missing",
        level: Level::Error,
        summary: "a strategy has no targets",
        why: "A strategy chooses among `targets`. If there are none, the gateway answers 400 or \
              500, whatever else is in the config.",
        fix: "Add `targets`, or remove `strategy`.",
        bad: &[r#"{«"strategy"»:{"mode":"fallback"},"override_params":{"temperature":0}}"#],
        good: &[
            r#"{"strategy":{"mode":"single"},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: targets_missing,
    },
    Rule {
        id: "strategy-missing",
        level: Level::Error,
        summary: "targets have no strategy",
        why: "The gateway only reads targets if there is a strategy. Without one it answers 400 \
              `Invalid config passed`, or treats the group as a single target.",
        fix: "Add `\"strategy\": { \"mode\": \"fallback\" }` or another mode next to `targets`.",
        bad: &[r#"{«"targets"»:[{"override_params":{"model":"@openai/gpt-5"}}]}"#],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: strategy_missing,
    },
    Rule {
        id: "fallback-never",
        level: Level::Warning,
        summary: "a fallback has an empty list of status codes",
        why: "`on_status_codes` replaces the default, which is every failure. With an empty list, \
              no answer leads to the next target.",
        fix: "Remove the list to fall back on every failure, or list the codes.",
        bad: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":«[]»},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: fallback_never,
    },
    Rule {
        id: "fallback-from-success",
        level: Level::Error,
        summary: "a fallback continues after a successful answer",
        why: "Any listed status leads to the next target, even 200: you pay for the answer, and \
              it is thrown away.",
        fix: "Remove the code. The only success code that makes sense here is 246, which means \
              that a check failed.",
        bad: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429,«200»]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429,246]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: fallback_from_success,
    },
    Rule {
        id: "target-never-called",
        level: Level::Warning,
        summary: "`single` only calls the first target",
        why: "In `single` mode, the gateway ignores all other targets.",
        fix: "Use `fallback` to try them in order, or remove them.",
        bad: &[
            r#"{"strategy":{"mode":"single"},"targets":[{"override_params":{"model":"@openai/gpt-5"}},«{"override_params":{"model":"@google/gemini"}}»]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"single"},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: target_never_called,
    },
    Rule {
        id: "setting-not-read",
        level: Level::Warning,
        summary: "the gateway ignores a setting in this location",
        why: "`on_status_codes` belongs in `strategy` or `retry`, `weight` on the targets of a \
              load balance, `conditions` and `default` in a conditional strategy, and a provider \
              on a target that is itself called. Elsewhere they do nothing.",
        fix: "Move the setting to where it has an effect, or remove it.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},«"on_status_codes"»:[429],"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"},«"weight"»:2},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"loadbalance",«"on_status_codes"»:[429]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{«"provider"»:"@openai","strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"fallback",«"default"»:"a"},"targets":[{"name":"a","override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"loadbalance"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"weight":2},{"override_params":{"model":"@google/gemini"},"weight":1}]}"#,
        ],
        check: setting_not_read,
    },
];

fn targets_empty(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in facts.groups() {
        if let Some(targets) = group.targets.as_ref().filter(|it| it.value.is_empty()) {
            findings.value(
                facts,
                targets,
                "this group has no targets to call",
                "add a target; without one, the gateway fails or never answers",
            );
        }
    }
}

fn targets_missing(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in facts.groups() {
        let is_absent = facts.document().get(group.node, "targets").is_none();
        if let Some(strategy) = group.strategy.as_ref().filter(|_| is_absent) {
            findings.key(
                facts,
                strategy,
                "this strategy has no `targets` to choose among",
                "add `targets`, or remove the strategy",
            );
        }
    }
}

fn strategy_missing(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let is_absent = facts.document().get(target.node, "strategy").is_none();
        let Some(targets) = target.targets.as_ref().filter(|_| is_absent) else {
            continue;
        };
        findings.key(
            facts,
            targets,
            "these targets have no strategy",
            "add `\"strategy\": { \"mode\": \"fallback\" }` or another mode",
        );
        let strategy = Value::object([("mode", "fallback")]);
        let change = set(facts.path(target.node, "strategy"), strategy);
        findings.fix(false, "add a fallback strategy", vec![change]);
    }
}

fn fallback_never(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in fallbacks(facts) {
        let codes = group
            .strategy
            .as_ref()
            .and_then(|it| it.value.on_status_codes.as_ref());
        let is_empty = |node| facts.document().items(node).next().is_none();
        if let Some(codes) = codes.filter(|codes| is_empty(codes.node)) {
            findings.value(
                facts,
                codes,
                "with an empty list, this fallback never happens",
                "remove it to fall back on every failure, or list the codes",
            );
            let path = facts.config.path(codes.node);
            findings.fix(false, "remove the list", vec![remove(path)]);
        }
    }
}

fn fallback_from_success(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in fallbacks(facts) {
        let codes = group
            .strategy
            .as_ref()
            .and_then(|it| it.value.on_status_codes.as_ref());
        for code in codes.into_iter().flat_map(|codes| &codes.value) {
            if (200.0..=204.0).contains(&code.value) {
                findings.value(
                    facts,
                    code,
                    format!(
                        "a successful answer ({}) leads to the next target",
                        code.value
                    ),
                    "remove it",
                );
                let path = facts.config.path(code.node);
                findings.fix(true, format!("remove {}", code.value), vec![remove(path)]);
            }
        }
    }
}

/// Fallback groups.
pub(super) fn fallbacks<'c>(facts: &Facts<'c>) -> impl Iterator<Item = (TargetId, &'c Target)> {
    let groups = facts.groups();
    groups.filter(|(_, group)| group.mode() == Some(Mode::Fallback))
}

fn target_never_called(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in facts.groups() {
        if group.mode() != Some(Mode::Single) {
            continue;
        }
        for (_, target) in facts.config.members(group).skip(1) {
            findings.add(
                facts,
                target.node,
                target.range.clone(),
                "`single` only calls the first target, so this one is never called",
                "use the mode `fallback`, or remove it",
            );
        }
    }
}

fn setting_not_read(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        if let Some(codes) = &target.on_status_codes {
            findings.key(
                facts,
                codes,
                "`on_status_codes` only works in `strategy` and `retry`",
                "move it into `strategy`",
            );
            let mode = target.mode();
            let is_free = target
                .strategy
                .as_ref()
                .is_some_and(|it| it.value.on_status_codes.is_none());
            let path = facts.config.path(codes.node);
            if mode == Some(Mode::Fallback) && is_free {
                let value = facts.document().value(codes.node);
                let inside = facts.path(target.node, "strategy").key("on_status_codes");
                let changes = vec![set(inside, value), remove(path)];
                findings.fix(false, "move it into `strategy`", changes);
            } else {
                findings.fix(true, "remove it", vec![remove(path)]);
            }
        }
        let parent = target.parent.map(|(parent, _)| facts.config.target(parent));
        let balanced = parent.is_some_and(|group| group.mode() == Some(Mode::LoadBalance));
        if let Some(weight) = target.weight.as_ref().filter(|_| !balanced) {
            findings.key(
                facts,
                weight,
                "`weight` only works in a load balance",
                "use the mode `loadbalance`, or remove the weight",
            );
            let path = facts.config.path(weight.node);
            findings.fix(true, "remove the weight", vec![remove(path)]);
        }
        if target.strategy.is_some() {
            on_a_group(facts, findings, target);
            in_strategy(facts, findings, target);
        }
    }
}

fn on_a_group(facts: &Facts<'_>, findings: &mut Findings, group: &Target) {
    let document = facts.document();
    for key in ["provider", "virtual_key", "api_key"] {
        let Some(member) = document.member(group.node, key) else {
            continue;
        };
        findings.add(
            facts,
            member.value,
            member.key_span,
            format!("`{key}` is ignored next to `strategy`: each target names its own"),
            "move it to the targets, or remove it",
        );
        let change: Change = remove(facts.path(group.node, key));
        findings.fix(true, "remove it", vec![change]);
    }
}

fn in_strategy(facts: &Facts<'_>, findings: &mut Findings, group: &Target) {
    let (Some(strategy), Some(mode)) = (&group.strategy, group.mode()) else {
        return;
    };
    let document = facts.document();
    for (key, reader, name) in [
        ("on_status_codes", Mode::Fallback, "fallback"),
        ("conditions", Mode::Conditional, "conditional"),
        ("default", Mode::Conditional, "conditional"),
        ("sticky", Mode::LoadBalance, "loadbalance"),
    ] {
        let member = document.member(strategy.node, key);
        let Some(member) = member.filter(|_| mode != reader) else {
            continue;
        };
        if document.kind(member.value) == Kind::Null {
            continue;
        }
        findings.add(
            facts,
            member.value,
            member.key_span,
            format!("`{key}` only works in the mode `{name}`"),
            format!("use the mode `{name}`, or remove it"),
        );
        findings.fix(
            true,
            "remove it",
            vec![remove(facts.path(strategy.node, key))],
        );
    }
}
