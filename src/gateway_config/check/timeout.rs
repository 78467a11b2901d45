//! Rules about timeouts.

use crate::diagnostic::Level;
use crate::edit::Change;
use crate::gateway_config::read::{Codes, lists};

use super::Rule;
use super::facts::{Facts, Findings, set};
use super::groups::fallbacks;

/// A number below this looks like seconds.
const TOO_SHORT: f64 = 1000.0;

/// The maximum of a timer, in milliseconds.
const MAX_TIMER: f64 = 2_147_483_647.0;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "request-timeout-unit",
        level: Level::Warning,
        summary: "a timeout is shorter than a second, or longer than 24 days",
        why: "`request_timeout` is in milliseconds. Less than a second is hardly enough for a \
              model's answer, and more than 2,147,483,647 ms expires at once.",
        fix: "Write it in milliseconds: 60000 is a minute.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"request_timeout":«60»}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"request_timeout":«-1»}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"request_timeout":«9999999999»}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"request_timeout":60000}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"request_timeout":0}"#,
        ],
        check: request_timeout_unit,
    },
    Rule {
        id: "timeout-does-not-fall-back",
        level: Level::Warning,
        summary: "a fallback ignores timeouts",
        why: "When `request_timeout` expires, the gateway answers 408. `on_status_codes` replaces \
              the default list, and this one lacks 408, so a target that hangs doesn't fall back.",
        fix: "Add 408 to `on_status_codes`.",
        bad: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":«[429,500]»},"request_timeout":60000,"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback","on_status_codes":[408,429,500]},"request_timeout":60000,"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429,500]},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        check: timeout_does_not_fall_back,
    },
];

fn request_timeout_unit(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let Some(timeout) = &target.request_timeout else {
            continue;
        };
        let value = timeout.value;
        let path = facts.config.path(timeout.node);
        if value != 0.0 && value < TOO_SHORT {
            findings.value(
                facts,
                timeout,
                format!("{value} ms is hardly enough for an answer"),
                "write it in milliseconds: 60000 is a minute",
            );
            if value > 0.0 {
                let change = set(path, crate::document::Value::Number(value * 1000.0));
                findings.fix(false, format!("change it to {value} s"), vec![change]);
            }
        } else if value > MAX_TIMER {
            findings.value(
                facts,
                timeout,
                "a timeout of more than 24 days expires at once",
                "remove it, or use a smaller number",
            );
        }
    }
}

fn timeout_does_not_fall_back(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in fallbacks(facts) {
        let codes = group
            .strategy
            .as_ref()
            .and_then(|it| it.value.on_status_codes.as_ref());
        let lacks = |codes: &&Codes| !codes.value.is_empty() && !lists(codes, 408);
        let Some(codes) = codes.filter(lacks) else {
            continue;
        };
        let last = facts.config.members(group).count().saturating_sub(1);
        let mut before_last = facts.config.members(group).take(last);
        if before_last.any(|(_, target)| target.inherited.request_timeout.is_some()) {
            findings.value(
                facts,
                codes,
                "a target that times out (408) does not fall back to the next",
                "add 408",
            );
            let change = Change::Append {
                path: facts.config.path(codes.node),
                value: 408.into(),
            };
            findings.fix(false, "add 408", vec![change]);
        }
    }
}
