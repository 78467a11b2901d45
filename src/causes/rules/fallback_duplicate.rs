//! `fallback-duplicate`

use std::collections::HashSet;

use crate::causes::example::routed;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "fallback-duplicate",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::OpenClaw],
    summary: "a fallback is duplicated",
    why: "OpenClaw tries each model once, so the second entry does nothing. Often a different \
          model was intended.",
    fix: "Remove the second entry, or write the intended model.",
    bad: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\", «\"portkey/@gemini/gemini-2.5-flash\"»] } },"
        ),
        // Provider ids ignore case, and aliases resolve to their models.
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\", «\"Portkey/@gemini/gemini-2.5-flash\"»] } },"
        ),
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"flash\", «\"portkey/@gemini/gemini-2.5-flash\"»] }, models: { \"portkey/@gemini/gemini-2.5-flash\": { alias: \"Flash\" }, \"portkey/@openai-prod/gpt-5\": {} } },"
        ),
    ],
    good: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"
        ),
        // Each list separately.
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } }, entries: { main: { model: { fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } } },"
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
        let mut seen = HashSet::new();
        for fallback in &choice.model.fallbacks {
            let Some(text) = fallback.text() else {
                continue;
            };
            let reference = facts.resolved(&text);
            let same = match reference.split_once('/') {
                Some((provider, model)) => (provider.to_ascii_lowercase(), model.to_owned()),
                None => (String::new(), reference.to_owned()),
            };
            let earlier = !seen.insert(same);
            if earlier {
                findings.at(
                    fallback,
                    "this fallback is already in the list, so it is never tried here",
                    "remove it, or write the intended model",
                );
                findings.fix_remove(fallback, true, "remove the second entry");
            }
        }
    }
}
