//! `agent-bypasses-portkey`

use crate::portkey::printable;

use super::reference_without_provider::intended;
use crate::causes::example::wired;
use crate::causes::facts::{Reference, Role};
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, Symptom};

pub(crate) static CAUSE: Cause = Cause {
    id: "agent-bypasses-portkey",
    area: Area::References,
    level: Level::Note,
    symptoms: &[Symptom::Dashboard],
    summary: "an agent or the defaults use a model that bypasses Portkey",
    why: "An agent's own `model` overrides the defaults. Its requests go directly to another \
          provider and don't show in the dashboard. That may be intended. If Portkey is set up \
          but nothing in the config goes through it, this is a warning.",
    fix: "Use a model of the Portkey provider: `{run: set-primary @slug/model}`, with `--agent` \
          for a single agent.",
    bad: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: «\"anthropic/claude-sonnet-4-5\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, list: [{ id: \"main\", model: { primary: «\"openai/gpt-5\"», fallbacks: [\"portkey/@openai-prod/gpt-5\"] } }],"),
        // Portkey is configured but unused.
        wired!(agents "defaults: { model: { primary: «\"anthropic/claude-sonnet-4-5\"» } },"),
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: \"portkey/@gemini/gemini-2.5-flash\" } },"),
        wired!(agents "defaults: { model: { primary: \"${MODEL}\" } },"),
    ],
    in_doctor: InDoctor::WithNotes,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if facts.portkey.is_empty() {
        return;
    }
    let primaries = || {
        facts
            .references
            .iter()
            .filter(|reference| reference.role == Role::Primary)
    };
    let bypasses = |reference: &&Reference<'_>| {
        facts.resolved(&reference.text).contains('/')
            && facts.through(&reference.text).is_none()
            && intended(facts, reference).is_none()
    };
    let defaults = primaries().find(|reference| reference.agent.is_none());
    let Some(found) = defaults.filter(bypasses) else {
        for reference in primaries().filter(bypasses) {
            let agent = printable(reference.agent.as_deref().unwrap_or_default(), 40);
            findings.at(
                &reference.view,
                format!(
                    "the agent `{agent}` uses `{}`, which bypasses Portkey",
                    printable(&reference.text, 80)
                ),
                "use a model of the Portkey provider, unless this is intended",
            );
        }
        return;
    };
    // If the defaults bypass Portkey too, an agent doing so isn't a slip.
    let used = facts
        .references
        .iter()
        .any(|reference| facts.through(&reference.text).is_some());
    findings.at(
        &found.view,
        format!(
            "the default model `{}` bypasses Portkey{}",
            printable(&found.text, 80),
            if used {
                ""
            } else {
                ", and so does everything else in the config"
            }
        ),
        "set a model of the Portkey provider as primary, unless this is intended",
    );
    if !used {
        findings.level(Level::Warning);
    }
}
