//! `mode-replace`

use crate::document::Value;
use crate::openclaw::providers;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "mode-replace",
    area: Area::Provider,
    level: Level::Note,
    symptoms: &[Symptom::OpenClaw],
    summary: "OpenClaw's built-in providers are disabled",
    why: "With `mode: \"replace\"`, OpenClaw only knows the providers in this file. If a model of \
          a built-in provider is still used, it can't be reached, and this is a warning.",
    fix: "Write `mode: \"merge\"`, unless only this file's providers may be used.",
    bad: &[concat!(
        "{ models: { mode: «\"replace\"», providers: { portkey: {\n",
        "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\",\n",
        "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
        "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
    )],
    good: &[
        concat!(
            "{ models: { mode: \"merge\", providers: { portkey: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\",\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
        wired!(key r#""${PORTKEY_API_KEY}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if facts.portkey.is_empty() {
        return;
    }
    let Some(mode) = facts.config.at(&["models", "mode"]) else {
        return;
    };
    if mode.text().as_deref() != Some("replace") {
        return;
    }
    let cut_off = facts.complete.then(|| cut_off(facts)).flatten();
    findings.at(
        &mode,
        match &cut_off {
            Some(reference) => format!(
                "`{reference}` can't be reached: its provider is built in, and this disables \
                 built-in providers"
            ),
            None => "OpenClaw's built-in providers are disabled".to_owned(),
        },
        "write \"merge\", unless only this file's providers may be used",
    );
    if cut_off.is_some() {
        findings.level(Level::Warning);
    }
    findings.fix_set(&mode, false, "write merge", Value::from("merge"));
}

/// A reference in use whose provider isn't in the file.
fn cut_off(facts: &Facts<'_>) -> Option<String> {
    let held = providers(facts.config);
    facts
        .choices
        .iter()
        .flat_map(|choice| choice.model.primary.iter().chain(&choice.model.fallbacks))
        .filter_map(|view| Some(facts.resolved(&view.text()?).to_owned()))
        .find(|reference| {
            reference.split_once('/').is_some_and(|(id, _)| {
                !held
                    .iter()
                    .any(|provider| provider.id.eq_ignore_ascii_case(id))
            })
        })
        .map(|reference| crate::portkey::printable(&reference, 80))
}
