//! Rules about conditions and the targets they lead to.

use crate::diagnostic::Level;
use crate::document::Value;
use crate::gateway_config::read::{Condition, Mode, Target};

use super::Rule;
use super::facts::{Facts, Findings, closest, did_you_mean, set, shown};

/// A config with one condition.
macro_rules! conditional {
    ($query:literal) => {
        concat!(
            r#"{"strategy":{"mode":"conditional","conditions":[{"query":"#,
            $query,
            r#","then":"a"}],"default":"b"},"targets":[{"name":"a","override_params":{"model":"@openai/gpt-5"}},{"name":"b","override_params":{"model":"@google/gemini"}}]}"#
        )
    };
}

pub(super) use conditional;

/// A conditional config with its own strategy and targets.
macro_rules! chosen {
    ($strategy:literal) => {
        chosen!($strategy, r#"{"name":"a","override_params":{"model":"@openai/gpt-5"}},{"name":"b","override_params":{"model":"@google/gemini"}}"#)
    };
    ($strategy:literal, $targets:literal) => {
        concat!(
            r#"{"strategy":{"mode":"conditional","#,
            $strategy,
            r#"},"targets":["#,
            $targets,
            "]}"
        )
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "conditions-missing",
        level: Level::Error,
        summary: "a conditional strategy has no conditions",
        why: "The gateway answers 400 `No conditions passed in the query router` to every request.",
        fix: "Add `conditions`, or use another mode.",
        bad: &[
            r#"{"strategy":{"mode":«"conditional"»,"default":"a"},"targets":[{"name":"a","override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        good: &[conditional!(r#"{"params.user":"ops"}"#)],
        check: conditions_missing,
    },
    Rule {
        id: "condition-target-unknown",
        level: Level::Error,
        summary: "a condition names a target that does not exist",
        why: "`then` and `default` refer to a target of the group by its `name`. If there is no \
              such target, the gateway answers 400 and tries nothing else, even inside a fallback.",
        fix: "Give the target that name.",
        bad: &[
            chosen!(
                r#""conditions":[{"query":{"params.user":"ops"},"then":«"aa"»},{"query":{"params.user":"x"},"then":"a"}],"default":"b""#
            ),
            chosen!(
                r#""conditions":[{"query":{"params.user":"ops"},"then":"a"},{"query":{"params.user":"x"},"then":"b"}],"default":«"nobody"»"#
            ),
        ],
        good: &[conditional!(r#"{"params.user":"ops"}"#)],
        check: condition_target_unknown,
    },
    Rule {
        id: "condition-default-missing",
        level: Level::Warning,
        summary: "a conditional strategy has no default",
        why: "A request that matches no condition gets 400 `Query router did not resolve to any \
              valid target`, and nothing else is tried.",
        fix: "Set `default` to the name of a target.",
        bad: &[chosen!(
            r#"«"conditions"»:[{"query":{"params.user":"ops"},"then":"a"},{"query":{"params.user":"dev"},"then":"b"}]"#
        )],
        good: &[conditional!(r#"{"params.user":"ops"}"#)],
        check: condition_default_missing,
    },
    Rule {
        id: "condition-target-unused",
        level: Level::Warning,
        summary: "no condition leads to a target",
        why: "A conditional group calls its targets by name. A target without a name, or with a \
              name that appears in neither `then` nor `default`, is never called.",
        fix: "Name it in a condition, or remove it.",
        bad: &[
            chosen!(
                r#""conditions":[{"query":{"params.user":"ops"},"then":"a"}],"default":"a""#,
                r#"{"name":"a","override_params":{"model":"@openai/gpt-5"}},«{"name":"b","override_params":{"model":"@google/gemini"}}»"#
            ),
            chosen!(
                r#""conditions":[{"query":{"params.user":"ops"},"then":"a"}],"default":"a""#,
                r#"{"name":"a","override_params":{"model":"@openai/gpt-5"}},«{"name":"a","override_params":{"model":"@google/gemini"}}»"#
            ),
        ],
        good: &[conditional!(r#"{"params.user":"ops"}"#)],
        check: condition_target_unused,
    },
];

/// Conditional groups.
pub(super) fn routers<'c>(facts: &Facts<'c>) -> impl Iterator<Item = &'c Target> {
    let groups = facts.groups().map(|(_, group)| group);
    groups.filter(|group| group.mode() == Some(Mode::Conditional))
}

pub(super) fn conditions(group: &Target) -> impl Iterator<Item = &Condition> {
    let strategy = group.strategy.iter();
    let lists = strategy.filter_map(|strategy| strategy.value.conditions.as_ref());
    lists.flat_map(|conditions| &conditions.value)
}

fn names<'c>(facts: &Facts<'c>, group: &'c Target) -> Vec<&'c str> {
    let members = facts.config.members(group);
    members
        .filter_map(|(_, target)| Some(target.name.as_ref()?.value.as_str()))
        .collect()
}

fn conditions_missing(facts: &Facts<'_>, findings: &mut Findings) {
    for group in routers(facts) {
        let Some(strategy) = &group.strategy else {
            continue;
        };
        if conditions(group).next().is_none()
            && let Some(mode) = &strategy.value.mode
        {
            findings.value(
                facts,
                mode,
                "this conditional strategy has no conditions",
                "add `conditions`, or use another mode",
            );
        }
    }
}

fn condition_target_unknown(facts: &Facts<'_>, findings: &mut Findings) {
    for group in routers(facts) {
        let names = names(facts, group);
        let default = group
            .strategy
            .as_ref()
            .and_then(|it| it.value.default.as_ref());
        let used = conditions(group).filter_map(|condition| condition.then.as_ref());
        for name in used.chain(default.filter(|name| !name.value.is_empty())) {
            if names.contains(&name.value.as_str()) {
                continue;
            }
            let near = closest(&name.value, names.iter().copied());
            findings.value(
                facts,
                name,
                format!("no target here is named `{}`", shown(&name.value)),
                did_you_mean(near, "give the intended target this `name`"),
            );
            if let Some((near, _)) = near {
                let change = set(facts.config.path(name.node), near);
                findings.fix(false, format!("write `{}`", shown(near)), vec![change]);
            }
        }
    }
}

fn condition_default_missing(facts: &Facts<'_>, findings: &mut Findings) {
    for group in routers(facts) {
        let Some(strategy) = &group.strategy else {
            continue;
        };
        let default = strategy.value.default.as_ref();
        let (Some(conditions), true) = (
            &strategy.value.conditions,
            default.is_none_or(|name| name.value.is_empty()),
        ) else {
            continue;
        };
        if conditions.value.is_empty() || always(conditions.value.last()) {
            continue;
        }
        findings.key(
            facts,
            conditions,
            "a request that matches none of these conditions gets 400",
            "set `\"default\"` to the name of a target",
        );
        if let [only] = names(facts, group)[..] {
            let change = set(facts.path(strategy.node, "default"), only);
            findings.fix(false, "use the only target as default", vec![change]);
        }
    }
}

fn always(condition: Option<&Condition>) -> bool {
    let query = condition.and_then(|condition| condition.query.as_ref());
    query.is_some_and(|query| matches!(&query.value, Value::Object(members) if members.is_empty()))
}

fn condition_target_unused(facts: &Facts<'_>, findings: &mut Findings) {
    for group in routers(facts) {
        if conditions(group).next().is_none() {
            continue;
        }
        let default = group
            .strategy
            .as_ref()
            .and_then(|it| it.value.default.as_ref());
        let used: Vec<&str> = conditions(group)
            .filter_map(|condition| condition.then.as_ref())
            .chain(default)
            .map(|name| name.value.as_str())
            .collect();
        let known = names(facts, group);
        if used.iter().any(|name| !known.contains(name)) {
            // Another rule reports misspelt keys there.
            continue;
        }
        let mut seen: Vec<&str> = Vec::new();
        for (_, target) in facts.config.members(group) {
            let name = target.name.as_ref().map(|it| it.value.as_str());
            let message = match name {
                None => Some("this target has no name, so no condition can select it".to_owned()),
                Some(name) if seen.contains(&name) => Some(format!(
                    "an earlier target is also named `{}`, and is always used instead",
                    shown(name)
                )),
                Some(name) if !used.contains(&name) => {
                    Some(format!("no condition selects `{}`", shown(name)))
                }
                Some(_) => None,
            };
            seen.extend(name);
            if let Some(message) = message {
                findings.add(
                    facts,
                    target.node,
                    target.range.clone(),
                    message,
                    "name it in a condition or as the default, or remove it",
                );
            }
        }
    }
}
