//! `fallback-bypasses-portkey`

use crate::openclaw::View;
use crate::portkey::printable;

use super::reference_without_provider::intended;
use crate::causes::example::{routed, wired};
use crate::causes::facts::Role;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "fallback-bypasses-portkey",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::Dashboard],
    summary: "the primary goes through Portkey, but a fallback does not",
    why: "When the primary fails, the prompt goes directly to another provider: no log in the \
          dashboard, no budget, no guardrail. This includes prompts refused by a Portkey \
          guardrail, since OpenClaw treats that as a failure. If that is intended, ignore this \
          rule on the line.",
    fix: "Use a model of the Portkey provider, or let a Portkey config fall back.",
    bad: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [«\"anthropic/claude-haiku-4-5\"»] } },"),
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: { fallbacks: [\"portkey/@gemini/gemini-2.5-flash\", «\"openai/gpt-5\"»] } } },"
        ),
    ],
    good: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"
        ),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"${FALLBACK}\"] } },"),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let through = |text: &str| facts.through(text).is_some();
    for choice in &facts.choices {
        let primary = facts.primary_of(choice);
        if !primary
            .as_ref()
            .and_then(View::text)
            .is_some_and(|text| through(&text))
        {
            continue;
        }
        let fallbacks = facts.references.iter().filter(|reference| {
            reference.role == Role::Fallback && reference.agent == choice.agent
        });
        for reference in fallbacks {
            // A name without a provider uses the primary's.
            let elsewhere =
                facts.resolved(&reference.text).contains('/') && !through(&reference.text);
            if elsewhere && intended(facts, reference).is_none() {
                findings.at(
                    &reference.view,
                    format!(
                        "when the primary fails, `{}` is called directly and bypasses Portkey",
                        printable(&reference.text, 80)
                    ),
                    "use a model of the Portkey provider, or let a Portkey config fall back",
                );
            }
        }
    }
}
