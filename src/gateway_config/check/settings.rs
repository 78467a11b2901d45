//! Rules about how a target's settings affect OpenClaw.

use crate::diagnostic::Level;
use crate::document::Step;

use super::Rule;
use super::facts::{Facts, Findings};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "model-settings-fixed",
    level: Level::Note,
    summary: "an override replaces something that OpenClaw must set itself",
    why: "`override_params` takes precedence over the request. An agent doesn't work without its \
          own tools, messages and streaming.",
    fix: "Remove the parameter from `override_params`.",
    bad: &[
        r#"{"override_params":{"model":"@openai/gpt-5",«"stream"»:false}}"#,
        r#"{"override_params":{"model":"@openai/gpt-5",«"tools"»:[]}}"#,
    ],
    good: &[r#"{"override_params":{"model":"@openai/gpt-5","temperature":0.2,"max_tokens":2000}}"#],
    check,
}];

/// Parameters that OpenClaw sets.
const OWN: [&str; 5] = [
    "messages",
    "stream",
    "tools",
    "tool_choice",
    "stream_options",
];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for (_, target) in facts.config.targets() {
        let Some(params) = &target.override_params else {
            continue;
        };
        for key in OWN {
            if let Some(member) = document.member(params.node, key) {
                findings.add(
                    facts,
                    member.value,
                    member.key_span,
                    format!("`{key}` replaces what OpenClaw sends"),
                    "remove it",
                );
                let mut path = facts.config.path(params.node);
                path.0.push(Step::Key(key.to_owned()));
                findings.fix(false, "remove it", vec![super::facts::remove(path)]);
            }
        }
    }
}
