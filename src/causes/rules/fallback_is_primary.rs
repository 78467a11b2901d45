//! `fallback-is-primary`

use crate::openclaw::View;

use crate::causes::example::routed;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "fallback-is-primary",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::OpenClaw],
    summary: "a fallback is the primary itself",
    why: "OpenClaw does not try the primary again as a fallback, so this entry does nothing. \
          Often a different model was intended.",
    fix: "Remove it, or write the intended model.",
    bad: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [«\"portkey/@openai-prod/gpt-5\"», \"portkey/@gemini/gemini-2.5-flash\"] } },"
        ),
        // An agent that only has fallbacks inherits the defaults' primary.
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: { fallbacks: [«\"portkey/@openai-prod/gpt-5\"»] } } },"
        ),
    ],
    good: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"
        ),
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: { primary: \"portkey/@gemini/gemini-2.5-flash\", fallbacks: [\"portkey/@openai-prod/gpt-5\"] } } },"
        ),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if facts.portkey.is_empty() {
        return;
    }
    for choice in &facts.choices {
        let primary = facts.primary_of(choice);
        let Some(primary) = primary.as_ref().and_then(View::text) else {
            continue;
        };
        for fallback in &choice.model.fallbacks {
            if fallback
                .text()
                .is_some_and(|text| facts.same(&text, &primary))
            {
                findings.at(
                    fallback,
                    "this fallback is the primary itself, so it does nothing",
                    "remove it, or write the intended model",
                );
                findings.fix_remove(fallback, true, "remove it");
            }
        }
    }
}
