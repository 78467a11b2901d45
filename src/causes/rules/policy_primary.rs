//! `policy-primary`

use crate::document::Value;
use crate::help::{Help, Run};
use crate::openclaw::has_variable;
use crate::portkey::printable;

use super::primary_missing::at_missing;
use crate::causes::example::wired;
use crate::causes::policy::{asked, model};
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-primary",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "the primary is not the team's",
    why: "`openclaw.primary` in the team file is the model that OpenClaw uses first. Agents may \
          have their own.",
    fix: "Run `{run: set-primary MODEL}` with the team's model.",
    team: "{ openclaw: { models: ['@gemini/gemini-2.5-flash'], primary: '@gemini/gemini-2.5-flash' } }",
    bad: &[
        wired!(agents "defaults: { model: { primary: «\"portkey/@openai-prod/gpt-5\"» } },"),
        wired!(agents "«defaults»: { workspace: \"~/w\" },"),
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@gemini/gemini-2.5-flash\" } },"),
        wired!(agents "defaults: { model: { primary: \"flash\" }, models: { \"portkey/@gemini/gemini-2.5-flash\": { alias: \"flash\" } } },"),
        wired!(agents "defaults: { model: \"${PRIMARY}\" },"),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((_, wanted, place)) = asked(facts, |team| team.openclaw.primary.as_ref()) else {
        return;
    };
    let id = wanted.value.as_str();
    let shown = printable(id, 80);
    let help = Help::from("run: ").run(Run::new("set-primary").value(id));
    let primary = facts.defaults().and_then(|choice| choice.primary.as_ref());
    let Some(view) = primary.filter(|view| view.text().is_some_and(|text| !text.trim().is_empty()))
    else {
        if facts.complete && !facts.portkey.is_empty() {
            let message = format!("no primary is set, but the team's is `{shown}` ({place})");
            at_missing(facts, findings, message, help);
        }
        return;
    };
    let text = view.text().unwrap_or_default();
    if has_variable(&text) || model(facts, &text) == Some(id) {
        return;
    }
    let message = format!(
        "the primary is `{}`, but the team's is `{shown}` ({place})",
        printable(&text, 80)
    );
    findings.at(view, message, help);
    if let Some(provider) = facts.portkey.iter().find(|provider| provider.declares(id)) {
        let reference = Value::String(format!("{}/{id}", provider.id));
        findings.fix_set(view, false, "use the team's primary", reference);
    }
}
