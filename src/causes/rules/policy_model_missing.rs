//! `policy-model-missing`

use crate::help::{Help, Run};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::policy::{asked, at_setting};
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-model-missing",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "one of the team's models is not declared",
    why: "`openclaw.models` in the team file lists the models that every config has, so that \
          people and agents can rely on them.",
    fix: "Run `{run: add-model MODEL}`, or `{run: init --from FILE}` for all of them.",
    team: "{ openclaw: { models: ['@openai-prod/gpt-5', '@gemini/gemini-2.5-flash'] } }",
    bad: &[wired!(models r#"«[{ id: "@openai-prod/gpt-5", name: "GPT 5" }]»"#)],
    good: &[
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@gemini/gemini-2.5-flash", name: "Flash" }]"#),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((_, list, place)) = asked(facts, |team| team.openclaw.models.as_ref()) else {
        return;
    };
    let Some(provider) = facts.portkey.first().filter(|_| facts.complete) else {
        return;
    };
    let is_missing = |id: &&str| !facts.portkey.iter().any(|provider| provider.declares(id));
    let missing = list.value.iter().map(|model| model.value.as_str());
    let missing: Vec<&str> = missing.filter(is_missing).collect();
    if missing.is_empty() {
        return;
    }
    let names = missing.iter().map(|id| format!("`{}`", printable(id, 80)));
    let message = format!(
        "{} of the team {} not declared ({place})",
        names.collect::<Vec<_>>().join(", "),
        if missing.len() == 1 { "is" } else { "are" }
    );
    let run = missing
        .iter()
        .fold(Run::new("add-model"), |run, id| run.value(*id));
    let help = Help::from("run: ").run(run);
    at_setting(provider, provider.list.as_ref(), findings, message, help);
}
