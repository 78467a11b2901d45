//! Rules about retries.

use crate::diagnostic::Level;
use crate::gateway_config::Gateway;
use crate::gateway_config::client::{Way, worst};
use crate::gateway_config::read::{Codes, Retry, Spanned, lists};

use super::Rule;
use super::facts::{Facts, Findings, remove, set};
use super::groups::fallbacks;

/// Portkey's limit.
const MAX_ATTEMPTS: f64 = 5.0;

/// With more, they multiply with OpenClaw's own retries.
const FEW_ATTEMPTS: f64 = 2.0;

/// Statuses that won't change however often a request is sent.
const FINAL: [f64; 8] = [400.0, 401.0, 402.0, 403.0, 404.0, 412.0, 413.0, 422.0];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "attempts-out-of-range",
        level: Level::Warning,
        summary: "the number of retries is not allowed",
        why: "`attempts` must be a whole number from 0 to 5. The gateway may still make more, \
              with a wait that doubles each time: the seventh retry starts after two minutes.",
        fix: "Write 1 or 2; OpenClaw retries as well.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":«10»}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":«-1»}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":«1.5»}}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2}}"#,
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":0}}"#,
        ],
        check: attempts_out_of_range,
    },
    Rule {
        id: "retry-multiplies",
        level: Level::Warning,
        summary: "Portkey retries many times, on top of OpenClaw's own retries",
        why: "When Portkey gives up, OpenClaw sends the request again: up to 10 times after a \
              429. The two numbers multiply, and so do Portkey's waits, which start at 1 second \
              and double each time. Every call may be charged.",
        fix: "Use 1 or 2, or none, and let OpenClaw retry.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":«3»}}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":«5»}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2}}"#],
        check: retry_multiplies,
    },
    Rule {
        id: "retry-cannot-help",
        level: Level::Warning,
        summary: "a retry can't succeed",
        why: "A bad request, a wrong key, an unknown model or a spent budget gets the same answer \
              every time. Retrying only costs time.",
        fix: "Remove the code from `retry`. Listing it for a fallback may still help.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2,"on_status_codes":[429,«401»]}}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2,"on_status_codes":[408,429,500,529]}}"#,
        ],
        check: retry_cannot_help,
    },
    Rule {
        id: "retry-after-hides-429",
        level: Level::Note,
        summary: "a 429 without `retry-after` turns into a 500",
        why: "With `use_retry_after_header`, the gateway mishandles a 429 that has none of \
              `retry-after-ms`, `x-ms-retry-after-ms` and `retry-after`: it retries, then answers \
              500 instead of 429. A fallback only on 429 then doesn't happen.",
        fix: "Use it only for providers that send the header, or list 500 in the fallback as well.",
        bad: &[
            r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1,«"use_retry_after_header"»:true}}"#,
            r#"{"strategy":{"mode":"fallback","on_status_codes":[429]},"retry":{"attempts":1,«"use_retry_after_header"»:true},"targets":[{"override_params":{"model":"@openai/gpt-5"}},{"override_params":{"model":"@google/gemini"}}]}"#,
        ],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":1}}"#],
        check: retry_after_hides_429,
    },
];

fn retries<'c>(facts: &Facts<'c>) -> impl Iterator<Item = &'c Spanned<Retry>> {
    let targets = facts.config.targets();
    targets.filter_map(|(_, target)| target.retry.as_ref())
}

fn is_allowed(attempts: f64) -> bool {
    (0.0..=MAX_ATTEMPTS).contains(&attempts) && attempts.fract() == 0.0
}

fn attempts_out_of_range(facts: &Facts<'_>, findings: &mut Findings) {
    for attempts in retries(facts).filter_map(|retry| retry.value.attempts.as_ref()) {
        if is_allowed(attempts.value) {
            continue;
        }
        findings.value(
            facts,
            attempts,
            format!("{} is not a number of retries from 0 to 5", attempts.value),
            "write 1 or 2",
        );
        let path = facts.config.path(attempts.node);
        findings.fix(false, "write 2", vec![set(path, 2)]);
    }
}

fn retry_multiplies(facts: &Facts<'_>, findings: &mut Findings) {
    let many =
        |attempts: &&Spanned<f64>| attempts.value > FEW_ATTEMPTS && is_allowed(attempts.value);
    let mut found = retries(facts)
        .filter_map(|retry| retry.value.attempts.as_ref())
        .filter(many)
        .peekable();
    if found.peek().is_none() {
        return;
    }
    let worst = worst(facts.config, Gateway::Hosted, facts.version, Way::default());
    for attempts in found {
        let message = if worst.calls > 1 {
            format!(
                "with OpenClaw's own retries, one message can cause {} calls ({} here × {})",
                worst.total(),
                worst.calls,
                worst.tries
            )
        } else {
            "OpenClaw also retries, and the two numbers multiply".to_owned()
        };
        findings.value(
            facts,
            attempts,
            message,
            "use 1 or 2, and let OpenClaw retry",
        );
        let path = facts.config.path(attempts.node);
        findings.fix(false, "write 1", vec![set(path, 1)]);
    }
}

fn retry_cannot_help(facts: &Facts<'_>, findings: &mut Findings) {
    for codes in retries(facts).filter_map(|retry| retry.value.on_status_codes.as_ref()) {
        for code in codes
            .value
            .iter()
            .filter(|code| FINAL.contains(&code.value))
        {
            findings.value(
                facts,
                code,
                format!("a retry after {} can't succeed", code.value),
                "remove it",
            );
            let path = facts.config.path(code.node);
            findings.fix(false, "remove it", vec![remove(path)]);
        }
    }
}

fn retry_after_hides_429(facts: &Facts<'_>, findings: &mut Findings) {
    let hidden = |codes: &Codes| lists(codes, 429) && !lists(codes, 500);
    let is_missed = fallbacks(facts).any(|(_, group)| {
        let strategy = group.strategy.as_ref();
        let codes = strategy.and_then(|it| it.value.on_status_codes.as_ref());
        codes.is_some_and(hidden)
    });
    for retry in retries(facts) {
        let attempts = retry.value.attempts.as_ref().map_or(0.0, |it| it.value);
        let follows = retry.value.use_retry_after_header.as_ref();
        let Some(follows) = follows.filter(|it| it.value && attempts > 0.0) else {
            continue;
        };
        findings.key(
            facts,
            follows,
            "a 429 without `retry-after` turns into a 500",
            if is_missed {
                "list 500 next to 429 in `on_status_codes`, or remove it"
            } else {
                "use it only if the provider sends the header"
            },
        );
        if is_missed {
            findings.level(Level::Warning);
        }
    }
}
