//! `policy-fallback`

use crate::help::{Help, Run};
use crate::openclaw::has_variable;
use crate::portkey::printable;

use crate::causes::example::{routed, wired};
use crate::causes::policy::{asked, model};
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-fallback",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "the fallbacks are not the team's",
    why: "`openclaw.fallbacks` in the team file lists the models that OpenClaw falls back to, in order.",
    fix: "Run `{run: set-fallback MODEL}` with the team's models.",
    team: "{ openclaw: { models: ['@openai-prod/gpt-5', '@gemini/gemini-2.5-flash'], fallbacks: ['@gemini/gemini-2.5-flash'] } }",
    bad: &[
        wired!(agents "defaults: { model: «{ primary: \"portkey/@openai-prod/gpt-5\" }» },"),
        wired!(agents "defaults: { model: «\"portkey/@openai-prod/gpt-5\"» },"),
    ],
    good: &[routed!(
        "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"
    )],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((_, list, place)) = asked(facts, |team| team.openclaw.fallbacks.as_ref()) else {
        return;
    };
    // Without a `model` the primary is missing, which another rule reports.
    let Some(choice) = facts.defaults().filter(|_| !facts.portkey.is_empty()) else {
        return;
    };
    let texts = choice.fallback_texts();
    if texts.iter().any(|text| has_variable(text)) {
        return;
    }
    let wanted: Vec<&str> = list.value.iter().map(|one| one.value.as_str()).collect();
    let found: Vec<Option<&str>> = texts.iter().map(|text| model(facts, text)).collect();
    if found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| *a == Some(*b)) {
        return;
    }
    let names = wanted.iter().map(|id| printable(id, 80));
    let names = names.collect::<Vec<_>>().join(", ");
    let run = if wanted.is_empty() {
        Run::new("set-fallback").flag("--clear")
    } else {
        let run = Run::new("set-fallback");
        wanted.iter().fold(run, |run, id| run.value(*id))
    };
    let what = if wanted.is_empty() {
        "the team has no fallbacks".to_owned()
    } else {
        format!("the team's fallbacks are {names}")
    };
    let at = choice
        .view
        .get("fallbacks")
        .unwrap_or_else(|| choice.view.clone());
    findings.at(
        &at,
        format!("{what} ({place})"),
        Help::from("run: ").run(run),
    );
}
