//! `reference-undeclared`

use super::primary_undeclared::undeclared;
use crate::causes::example::{routed, wired};
use crate::causes::facts::Role;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

/// The rule.
pub(super) static CAUSE: Cause = Cause {
    id: "reference-undeclared",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::NotFound],
    summary: "a fallback or another reference names a model that the Portkey provider does not declare",
    why: "OpenClaw sends the name as it is and knows nothing about the model; most often it is a \
          typing error, and it shows only on the day when the fallback is needed. Fallbacks, an \
          agent's own model, `utilityModel`, `imageModel`, `pdfModel` and the models of heartbeat, \
          subagents and compaction are looked at.",
    fix: "Write the reference as the model is declared, or declare the model: \
          `{run: add-model @slug/model}`.",
    bad: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [«\"portkey/@gemini/gemini-2.5-pro\"»] } },"
        ),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, imageModel: «\"portkey/@gemini/gemini-2.5-image\"» },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: «\"portkey/@openai-prod/o9\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, heartbeat: { model: «\"portkey/@openai-prod/gpt-5-nano\"» } },"),
    ],
    good: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"
        ),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, utilityModel: \"portkey/@gemini/gemini-2.5-flash\" },"),
        // Another provider's models are not known here.
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, pdfModel: \"portkey/@openai-prod/gpt-5\" },"),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for reference in &facts.references {
        if reference.role != Role::Primary || reference.agent.is_some() {
            undeclared(facts, reference, findings);
        }
    }
}
