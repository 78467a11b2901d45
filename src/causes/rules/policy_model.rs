//! `policy-model`

use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::policy::asked;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-model",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "a model is not allowed by the team",
    why: "`policy.allowedModels` in the team file lists the models that may be declared or used; \
          `*` matches any text. Others may be too expensive, or process data where it must not be.",
    fix: "Use an allowed model, or ask for this one to be added to the team file.",
    team: "{ policy: { allowedModels: ['@openai-prod/*'] } }",
    bad: &[
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@gemini/gemini-2.5-flash"», name: "Flash" }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-production/gpt-5"», name: "GPT 5" }]"#),
    ],
    good: &[
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@openai-prod/o3", name: "o3" }]"#),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((team, _, place)) = asked(facts, |team| team.policy.allowed_models.as_ref()) else {
        return;
    };
    let message = |id: &str| format!("the team doesn't allow `{}` ({place})", printable(id, 80));
    let help = "use an allowed model, or have this one added there";
    for (_, model) in facts.models() {
        if let Some(view) = model.view.get("id")
            && !team.allows(model.id.trim())
        {
            findings.at(&view, message(&model.id), help);
        }
    }
    for reference in &facts.references {
        let Some((provider, id)) = facts.through(&reference.text) else {
            continue;
        };
        // A declared model is reported where it is declared.
        if !provider.declares(id.trim()) && !team.allows(id.trim()) {
            findings.at(&reference.view, message(id), help);
        }
    }
}
