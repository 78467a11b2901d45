//! Rules about circuit breakers.

use crate::diagnostic::Level;
use crate::gateway_config::read::{Breaker, Mode, Spanned, Target};
use crate::gateway_config::simulate::MIN_COOLDOWN;

use super::Rule;
use super::facts::{Facts, Findings, remove, set};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "circuit-breaker-incomplete",
        level: Level::Warning,
        summary: "a circuit breaker is incomplete",
        why: "A circuit breaker needs `cooldown_interval`, and either `failure_threshold` or \
              `failure_threshold_percentage`. Without them it does nothing.",
        fix: "Add the missing keys.",
        bad: &[
            r#"{"strategy":{"mode":"fallback",«"cb_config"»:{"failure_threshold":3,"failure_status_codes":[429,500]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","cb_config":{"failure_threshold":3,"cooldown_interval":60000,"failure_status_codes":[429,500]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: incomplete,
    },
    Rule {
        id: "circuit-breaker-cooldown",
        level: Level::Warning,
        summary: "a cooldown is shorter than 30 seconds",
        why: "`cooldown_interval` is in milliseconds, and anything below 30,000 counts as 30,000.",
        fix: "Write at least 30000.",
        bad: &[
            r#"{"strategy":{"mode":"fallback","cb_config":{"failure_threshold":3,"cooldown_interval":«60»,"failure_status_codes":[429,500]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","cb_config":{"failure_threshold":3,"cooldown_interval":30000,"failure_status_codes":[429,500]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: cooldown,
    },
    Rule {
        id: "circuit-breaker-not-read",
        level: Level::Warning,
        summary: "a circuit breaker is in the wrong place",
        why: "`cb_config` only works inside `strategy`, and not for targets chosen by conditions.",
        fix: "Move it into the `strategy` of a fallback or a load balance.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},«"cb_config"»:{"failure_threshold":3,"cooldown_interval":60000},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"conditional",«"cb_config"»:{"failure_threshold":3,"cooldown_interval":60000,"failure_status_codes":[429,500]},"conditions":[{"query":{"params.user":"a"},"then":"a"}],"default":"b"},"targets":[{"name":"a","override_params":{"model":"@openai/gpt-5"}},{"name":"b","override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","cb_config":{"failure_threshold":3,"cooldown_interval":60000,"failure_status_codes":[429,500]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: not_read,
    },
    Rule {
        id: "circuit-breaker-ignores-429",
        level: Level::Note,
        summary: "rate limits don't open the circuit breaker",
        why: "Without `failure_status_codes`, only 500 and above count as failures. A provider \
              that always answers 429 is still called every time.",
        fix: "Add `\"failure_status_codes\": [429, 500, 502, 503, 504]`.",
        bad: &[
            r#"{"strategy":{"mode":"fallback",«"cb_config"»:{"failure_threshold":3,"cooldown_interval":60000}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","cb_config":{"failure_threshold":3,"cooldown_interval":60000,"failure_status_codes":[429,500]}},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: ignores_429,
    },
];

fn breakers<'c>(facts: &Facts<'c>) -> impl Iterator<Item = (&'c Target, &'c Spanned<Breaker>)> {
    facts.groups().filter_map(|(_, group)| {
        let breaker = group.strategy.as_ref()?.value.breaker.as_ref()?;
        Some((group, breaker))
    })
}

fn incomplete(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, breaker) in breakers(facts) {
        if breaker.value.is_read() {
            continue;
        }
        let help = match breaker.value.cooldown_interval {
            None => "add `\"cooldown_interval\": 30000` or more, in milliseconds",
            Some(_) => "add `\"failure_threshold\": 3` or another number",
        };
        findings.key(
            facts,
            breaker,
            "this circuit breaker is incomplete, so it does nothing",
            help,
        );
        if breaker.value.cooldown_interval.is_none() {
            let path = facts.config.path(breaker.node).key("cooldown_interval");
            let value = crate::document::Value::Number(MIN_COOLDOWN);
            findings.fix(false, "add a cooldown of 30 s", vec![set(path, value)]);
        }
    }
}

fn cooldown(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, breaker) in breakers(facts) {
        let interval = breaker.value.cooldown_interval.as_ref();
        let short = |it: &&Spanned<f64>| it.value != 0.0 && it.value < MIN_COOLDOWN;
        if let Some(interval) = interval.filter(short) {
            findings.value(
                facts,
                interval,
                format!("{} ms counts as {MIN_COOLDOWN}", interval.value),
                "the interval is in milliseconds; write at least 30000",
            );
            let path = facts.config.path(interval.node);
            let value = crate::document::Value::Number(MIN_COOLDOWN);
            findings.fix(true, "write 30000", vec![set(path, value)]);
        }
    }
}

fn not_read(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for (_, target) in facts.config.targets() {
        let Some(member) = document.member(target.node, "cb_config") else {
            continue;
        };
        findings.add(
            facts,
            member.value,
            member.key_span,
            "`cb_config` only works inside `strategy`",
            "move it into `strategy`",
        );
        let fits = matches!(target.mode(), Some(Mode::Fallback | Mode::LoadBalance));
        if let Some(strategy) = target.strategy.as_ref().filter(|_| fits)
            && strategy.value.breaker.is_none()
        {
            let changes = vec![
                set(
                    facts.path(strategy.node, "cb_config"),
                    document.value(member.value),
                ),
                remove(facts.path(target.node, "cb_config")),
            ];
            findings.fix(false, "move it into `strategy`", changes);
        }
    }
    for (group, breaker) in breakers(facts) {
        if group.mode() == Some(Mode::Conditional) {
            findings.key(
                facts,
                breaker,
                "a circuit breaker does nothing for targets chosen by conditions",
                "move it into the fallbacks or load balances among the targets",
            );
        }
    }
}

fn ignores_429(facts: &Facts<'_>, findings: &mut Findings) {
    for (group, breaker) in breakers(facts) {
        let whole = breaker.value.is_read() && breaker.value.failure_status_codes.is_none();
        if whole && group.mode() != Some(Mode::Conditional) {
            findings.key(
                facts,
                breaker,
                "only 500 and above count as failures, not 429",
                "add `\"failure_status_codes\": [429, 500, 502, 503, 504]`",
            );
            let path = facts.config.path(breaker.node).key("failure_status_codes");
            let codes = crate::document::Value::array([429, 500, 502, 503, 504]);
            findings.fix(false, "list the status codes", vec![set(path, codes)]);
        }
    }
}
