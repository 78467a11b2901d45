//! `reference-undeclared`

use super::example::{routed, wired};
use super::facts::Role;
use super::primary_undeclared::undeclared;
use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "reference-undeclared",
    group: Group::References,
    level: Level::Warning,
    summary: "a fallback or another reference names a model that the Portkey provider does not declare",
    why: "OpenClaw sends the name as it stands and knows nothing of the model; most often it is a \
          typing error, and it shows only on the day when the fallback is needed. Fallbacks, an \
          agent's own model, `utilityModel`, `imageModel`, `pdfModel` and the models of heartbeat, \
          subagents and compaction are looked at.",
    fix: "Write the reference as the model is declared, or declare the model: \
          `openclaw-portkey add-model @slug/model`.",
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
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, pdfModel: \"anthropic/claude-haiku-4-5\" },"),
    ],
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for reference in &facts.references {
        if reference.role != Role::Primary || reference.agent.is_some() {
            undeclared(facts, reference, findings);
        }
    }
}
