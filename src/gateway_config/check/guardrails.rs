//! Rules about guardrails.

mod checks;

use crate::diagnostic::Level;
use crate::gateway_config::read::{Guardrail, Guards, Hook, Target, TargetId, lists as has_code};

use super::Rule;
use super::facts::{Facts, Findings, closest, did_you_mean, remove, shown};
use super::groups::fallbacks;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "guardrail-not-an-id",
        level: Level::Error,
        summary: "a guardrail is not given by its id",
        why: "A string in a list of guardrails must be the id of one in your workspace, and ids \
              begin with `pg-`. If it does not exist, Portkey answers every request with 400 \
              `Following guardrails are not valid`. The `pii-check` in Portkey's guide is only a \
              placeholder.",
        fix: "Copy the id from Guardrails in Portkey's dashboard.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[«"pii-check"»]}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[«"default.contains"»]}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":["pg-pii-3f2a1b"]}"#,
        ],
        check: guardrail_not_an_id,
    },
    Rule {
        id: "guardrails-mixed",
        level: Level::Error,
        summary: "a list of guardrails mixes ids and objects",
        why: "The list must hold either only ids or only objects. The gateway answers 400 to \
              every request if it holds anything else.",
        fix: "Write an id as `{ \"id\": \"pg-…\" }`, or use two lists on two levels.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":«["pg-pii-3f2a1b",{"default.contains":{"words":["x"],"operator":"none"}}]»}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[{"id":"pg-pii-3f2a1b"},{"default.contains":{"words":["x"],"operator":"none"}}]}"#,
        ],
        check: guardrails_mixed,
    },
    Rule {
        id: "guardrail-check-unknown",
        level: Level::Error,
        summary: "a check does not exist",
        why: "A check that the gateway doesn't know always passes, even with `deny`: nothing is \
              protected, and there is no warning.",
        fix: "Use the check's name as Portkey spells it.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[{«"default.contain"»:{"words":["x"],"operator":"none"},"deny":true}]}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[{"default.contains":{"words":["x"],"operator":"none"},"deny":true}]}"#,
        ],
        check: guardrail_check_unknown,
    },
    Rule {
        id: "guardrail-async-deny",
        level: Level::Warning,
        summary: "an async check is set to deny requests",
        why: "With `async: true`, the request doesn't wait for the check, so `deny` does nothing.",
        fix: "Remove `async` to block requests, or `deny` to only monitor them.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[{"default.contains":{"words":["x"],"operator":"none"},«"deny"»:true,"async":true}]}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":[{"default.contains":{"words":["x"],"operator":"none"},"async":true}]}"#,
        ],
        check: guardrail_async_deny,
    },
    Rule {
        id: "guardrails-replaced",
        level: Level::Warning,
        summary: "a target's guardrails replace those of its group",
        why: "A target's own guardrails are not added to those of its group: they replace the \
              group's guardrails for the same side (input or output).",
        fix: "List all of them on the target.",
        bad: &[
            r#"{"strategy":{"mode":"single"},"input_guardrails":["pg-a-1"],"targets":[{"override_params":{"model":"@openai/gpt-5"},«"input_guardrails"»:["pg-b-2"]}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"single"},"input_guardrails":["pg-a-1"],"targets":[{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":["pg-a-1","pg-b-2"]}]}"#,
        ],
        check: guardrails_replaced,
    },
    Rule {
        id: "guardrail-bypassed",
        level: Level::Error,
        summary: "a denied request falls back to a target without the guardrail",
        why: "A denied request gets 446, and a fallback continues after every failure. The next \
              target lacks this guardrail, so the denied request is sent anyway.",
        fix: "Put the guardrail on the group, so that it covers all targets, or list \
              `on_status_codes` without 446.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"},«"input_guardrails"»:["pg-pii-3f2a1b"]},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"input_guardrails":["pg-pii-3f2a1b"],"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429,500]},"targets":[{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":["pg-pii-3f2a1b"]},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"},"input_guardrails":["pg-pii-3f2a1b"]}]}"#,
        ],
        check: guardrail_bypassed,
    },
    Rule {
        id: "guardrail-cannot-stop-a-stream",
        level: Level::Warning,
        summary: "a guardrail checks answers, which OpenClaw streams",
        why: "OpenClaw streams answers, and a check on the output runs when the stream has ended. \
              It can report, but the answer has already been delivered.",
        fix: "Check the input instead, or use it only for clients that don't stream.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},«"output_guardrails"»:["pg-moderation-1"]}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"input_guardrails":["pg-moderation-1"]}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"output_guardrails":[{"default.contains":{"words":["x"],"operator":"none"}}]}"#,
        ],
        check: guardrail_cannot_stop_a_stream,
    },
    Rule {
        id: "guardrail-last-message",
        level: Level::Note,
        summary: "a guardrail only checks the last message of a request",
        why: "Only the last message of a request is checked. An agent's last message is often a \
              tool result, and the earlier messages are sent unchecked. OpenClaw treats a denial \
              (446) as a failure: it sends the request four times, then tries its next model.",
        fix: "Don't rely on it to check a whole conversation. If a denial should end the request, \
              set the guardrail's `soft_deny_200` in Portkey.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},«"input_guardrails"»:["pg-pii-3f2a1b"]}"#,
        ],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"}}"#],
        check: guardrail_last_message,
    },
];

/// The maximum number of a group's targets to compare with each other.
const MAX_MEMBERS: usize = 100;

/// All lists of guardrails, each with its target.
fn lists<'c>(facts: &Facts<'c>) -> impl Iterator<Item = (&'c Target, &'c Guards)> {
    facts
        .config
        .targets()
        .flat_map(|(_, target)| [(target, &target.input), (target, &target.output)])
}

fn hooks<'c>(facts: &Facts<'c>) -> impl Iterator<Item = &'c Hook> {
    let guards = lists(facts).flat_map(|(_, guards)| &guards.list);
    guards.filter_map(|guard| match guard {
        Guardrail::Hook(hook) => Some(hook),
        Guardrail::Id(_) | Guardrail::Broken(_) => None,
    })
}

fn guardrail_not_an_id(facts: &Facts<'_>, findings: &mut Findings) {
    for guard in lists(facts).flat_map(|(_, guards)| &guards.list) {
        if let Guardrail::Id(id) = guard
            && !id.value.starts_with("pg-")
        {
            findings.value(
                facts,
                id,
                format!("`{}` is not a guardrail id", shown(&id.value)),
                "copy the id from Guardrails in Portkey's dashboard; it begins with `pg-`",
            );
        }
    }
}

fn guardrails_mixed(facts: &Facts<'_>, findings: &mut Findings) {
    use crate::gateway_config::Gateway;
    use crate::gateway_config::read::schema::IssueKind;
    for issue in facts.config.issues(Gateway::Hosted) {
        if issue.kind == IssueKind::Guardrails
            && let Some(node) = facts.document().at(&issue.path)
            && facts.document().kind(node) == crate::document::Kind::Array
        {
            findings.add(
                facts,
                node,
                issue.range.clone(),
                "a list of guardrails holds either ids or objects, not both",
                "write an id as `{ \"id\": \"pg-…\" }`",
            );
        }
    }
}

fn guardrail_check_unknown(facts: &Facts<'_>, findings: &mut Findings) {
    for check in hooks(facts).flat_map(|hook| &hook.checks) {
        if checks::KNOWN.contains(&check.id.as_str()) {
            continue;
        }
        let near = closest(&check.id, checks::KNOWN.iter().copied());
        findings.key(
            facts,
            &check.at,
            format!("unknown check `{}`, which always passes", shown(&check.id)),
            did_you_mean(
                near,
                "use the name as Portkey spells it, such as `default.contains`",
            ),
        );
    }
}

fn guardrail_async_deny(facts: &Facts<'_>, findings: &mut Findings) {
    for hook in hooks(facts) {
        let is_async = hook.is_async.as_ref().is_some_and(|it| it.value);
        if let Some(deny) = hook.deny.as_ref().filter(|deny| deny.value && is_async) {
            findings.key(
                facts,
                deny,
                "the request doesn't wait for this check, so it can't deny anything",
                "remove `async` to block requests, or `deny` to only monitor them",
            );
            let path = facts.config.path(deny.node);
            findings.fix(true, "remove `deny`", vec![remove(path)]);
        }
    }
}

fn guardrails_replaced(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        for side in
            [|it: &Target| &it.input, |it: &Target| &it.output] as [fn(&Target) -> &Guards; 2]
        {
            let Some(key) = side(target).keys.first() else {
                continue;
            };
            let above = facts.config.above(target).map(|(_, group)| side(group));
            let Some(above) = above.into_iter().find(|guards| !guards.keys.is_empty()) else {
                continue;
            };
            let own = names(side(target));
            let lost = names(above).into_iter().filter(|name| !own.contains(name));
            let lost: Vec<String> = lost.collect();
            if !lost.is_empty() {
                findings.key(
                    facts,
                    key,
                    format!("these replace {} of the group above", lost.join(", ")),
                    "list all of them here",
                );
            }
        }
    }
}

/// The names of what a list runs.
fn names(guards: &Guards) -> Vec<String> {
    let mut names = Vec::new();
    for guard in &guards.list {
        if let Some(id) = guard.workspace_id() {
            names.push(format!("`{}`", shown(&id.value)));
        } else if let Guardrail::Hook(hook) = guard {
            names.extend(
                hook.checks
                    .iter()
                    .map(|check| format!("`{}`", shown(&check.id))),
            );
        }
    }
    names
}

/// Whether a list can deny a request.
fn denies(guards: &Guards) -> bool {
    guards
        .list
        .iter()
        .any(|guard| guard.denies() || guard.workspace_id().is_some())
}

fn guardrail_bypassed(facts: &Facts<'_>, findings: &mut Findings) {
    let owned = |owner: Option<TargetId>| owner.map(|id| names(&facts.config.target(id).input));
    for (_, group) in fallbacks(facts) {
        let codes = group
            .strategy
            .as_ref()
            .and_then(|it| it.value.on_status_codes.as_ref());
        let goes_on = |codes| has_code(codes, 446);
        if !codes.is_none_or(goes_on) {
            continue;
        }
        let members: Vec<_> = facts.config.members(group).take(MAX_MEMBERS).collect();
        for (at, (_, target)) in members.iter().enumerate() {
            let Some(key) = target.input.keys.first().filter(|_| denies(&target.input)) else {
                continue;
            };
            let own = names(&target.input);
            let lacks = |(next, _): &(TargetId, &Target)| {
                leaves_of(facts, *next).any(|leaf| {
                    let theirs = owned(leaf.inherited.input).unwrap_or_default();
                    own.iter().any(|name| !theirs.contains(name))
                })
            };
            if members[at + 1..].iter().any(lacks) {
                findings.key(
                    facts,
                    key,
                    "requests that this denies go to the next target, which doesn't have it",
                    "put it on the group, or list `on_status_codes` without 446",
                );
            }
        }
    }
}

/// The leaf targets below this one.
fn leaves_of<'c>(facts: &Facts<'c>, id: TargetId) -> impl Iterator<Item = &'c Target> {
    let config = facts.config;
    config
        .leaves()
        .filter(move |(leaf, target)| {
            *leaf == id || config.above(target).any(|(group, _)| group == id)
        })
        .map(|(_, target)| target)
}

fn guardrail_cannot_stop_a_stream(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let Some(key) = target.output.keys.first() else {
            continue;
        };
        let is_named = |guard: &Guardrail| match guard {
            Guardrail::Id(id) => id.value.starts_with("pg-"),
            guard => guard.workspace_id().is_some(),
        };
        let denies = |guard: &Guardrail| guard.denies() || is_named(guard);
        if target.output.list.iter().any(denies) {
            findings.key(
                facts,
                key,
                "OpenClaw streams answers, so this check runs after delivery",
                "check the input, or only report",
            );
        }
    }
}

fn guardrail_last_message(facts: &Facts<'_>, findings: &mut Findings) {
    let mut targets = facts.config.targets().map(|(_, target)| target);
    let first = targets.find(|target| denies(&target.input));
    if let Some(key) = first.and_then(|target| target.input.keys.first()) {
        findings.key(
            facts,
            key,
            "only the last message of a request is checked, and OpenClaw retries a denied one",
            "don't rely on it to check a whole conversation",
        );
    }
}
