//! `policy-bypass`

use crate::portkey::printable;

use super::reference_without_provider::intended;
use crate::causes::example::wired;
use crate::causes::policy::asked;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-bypass",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "requests bypass Portkey, which the team forbids",
    why: "With `policy.noBypass`, every model that OpenClaw may use must go through Portkey: the \
          primary, fallbacks, each agent's own model, and those for images, summaries and other \
          tasks. Other requests are not logged and count towards no budget.",
    fix: "Use only models of the Portkey provider. If the config has no Portkey provider yet, run `{run: init --from FILE}`.",
    team: "{ policy: { noBypass: true } }",
    bad: &[
        "«{ agents: { defaults: { model: { primary: \"anthropic/claude-sonnet-4-5\" } } } }»",
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: «\"anthropic/claude-sonnet-4-5\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, imageModel: «\"openai/gpt-5\"» },"),
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, pdfModel: \"portkey/@gemini/gemini-2.5-flash\" },"),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

/// Where the team's file forbids it; `None` if it doesn't.
pub(super) fn forbidden(facts: &Facts<'_>) -> Option<String> {
    let (_, flag, place) = asked(facts, |team| team.policy.no_bypass.as_ref())?;
    flag.value.then_some(place)
}

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(place) = forbidden(facts) else {
        return;
    };
    if facts.portkey.is_empty() {
        if facts.complete {
            let message =
                format!("nothing goes through Portkey, but the team requires it ({place})");
            findings.at(
                &facts.config.root(),
                message,
                "`{run: init --from FILE}` adds it",
            );
        }
        return;
    }
    for reference in &facts.references {
        let elsewhere = facts.resolved(&reference.text).contains('/')
            && facts.through(&reference.text).is_none()
            && intended(facts, reference).is_none();
        if elsewhere {
            findings.at(
                &reference.view,
                format!(
                    "`{}` bypasses Portkey, which the team forbids ({place})",
                    printable(&reference.text, 80)
                ),
                "use a model of the Portkey provider",
            );
        }
    }
}
