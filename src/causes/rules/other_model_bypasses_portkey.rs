//! `other-model-bypasses-portkey`

use crate::openclaw::View;
use crate::portkey::printable;

use super::policy_bypass;
use super::reference_without_provider::intended;
use crate::causes::example::wired;
use crate::causes::facts::Role;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "other-model-bypasses-portkey",
    area: Area::References,
    level: Level::Note,
    symptoms: &[Symptom::Dashboard],
    summary: "the primary goes through Portkey, but a model for another task does not",
    why: "`imageModel`, `pdfModel`, `utilityModel` and the models of subagents, heartbeat and \
          compaction are used next to the primary. If one is from another provider, its requests, \
          with their images, files or conversations, don't show in the dashboard. That may be \
          intended.",
    fix: "Use a model of the Portkey provider there, unless this is intended.",
    bad: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, imageModel: «\"openai/gpt-5\"» },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, pdfModel: { primary: «\"anthropic/claude-sonnet-4-5\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, utilityModel: «\"openai/gpt-5-mini\"» },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, subagents: { model: «\"openai/gpt-5\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, heartbeat: { model: «\"ollama/llama3\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, compaction: { model: «\"openai/gpt-5\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { heartbeat: { model: «\"openai/gpt-5\"» } } },"),
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, pdfModel: \"portkey/@openai-prod/gpt-5\" },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, utilityModel: \"${UTILITY}\" },"),
    ],
    in_doctor: InDoctor::WithNotes,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    // If the team forbids it, `policy-bypass` reports it.
    if policy_bypass::forbidden(facts).is_some() {
        return;
    }
    let through = |text: &str| facts.through(text).is_some();
    let primary =
        |view: Option<&View<'_>>| view.and_then(View::text).is_some_and(|text| through(&text));
    let defaults = facts.defaults().and_then(|model| model.primary.as_ref());
    for reference in &facts.references {
        let Role::Other(key) = reference.role else {
            continue;
        };
        let own = facts
            .choices
            .iter()
            .find(|choice| choice.agent == reference.agent && choice.agent.is_some())
            .and_then(|choice| choice.model.primary.as_ref());
        let elsewhere = facts.resolved(&reference.text).contains('/') && !through(&reference.text);
        if elsewhere && primary(own.or(defaults)) && intended(facts, reference).is_none() {
            findings.at(
                &reference.view,
                format!(
                    "the model of `{key}`, `{}`, bypasses Portkey",
                    printable(&reference.text, 80)
                ),
                "use a model of the Portkey provider, unless this is intended",
            );
        }
    }
}
