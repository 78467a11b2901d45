//! `primary-undeclared`

use crate::document::Value;
use crate::edit::Change;
use crate::nearest::likeness;
use crate::openclaw::Feature;
use crate::portkey::model_id::{ModelId, display_name};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::facts::{Reference, Role};
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "primary-undeclared",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::NotFound],
    summary: "the primary is not declared in the Portkey provider",
    why: "OpenClaw sends the name unchanged and knows nothing about the model (context window, \
          output limit, its own headers). Up to 2026.2.17 it also omits the provider's headers, \
          so no Portkey config is sent. Usually it is a typo. If Portkey can't route the name, \
          this is an error.",
    fix: "Write the reference as the model is declared, or declare the model: \
          `{run: add-model @slug/model}`.",
    bad: &[
        wired!(agents "defaults: { model: { primary: «\"portkey/@openai-prod/gpt-6\"» } },"),
        // Case matters.
        wired!(agents "defaults: { model: «\"portkey/@openai-prod/GPT-5\"» },"),
        // Without the `@`, Portkey can't route it.
        wired!(agents "defaults: { model: { primary: «\"portkey/gemini/gemini-2.5-flash\"» } },"),
        wired!(agents "defaults: { model: { primary: «\"portkey/portkey/@openai-prod/gpt-5\"» } },"),
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } },"),
        wired!(agents "defaults: { model: { primary: \"Portkey/@gemini/gemini-2.5-flash\" } },"),
        // A trailing auth profile, and an alias.
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5@work\" } },"),
        wired!(agents "defaults: { model: { primary: \"Fast\" }, models: { \"portkey/@openai-prod/gpt-5\": { alias: \"fast\" } } },"),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@openrouter/meta-llama/llama-3:free", name: "Llama 3" }]"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for reference in &facts.references {
        if reference.role == Role::Primary && reference.agent.is_none() {
            undeclared(facts, reference, findings);
        }
    }
}

/// Reports a reference through Portkey to a model that isn't declared.
pub(super) fn undeclared(facts: &Facts<'_>, reference: &Reference<'_>, findings: &mut Findings) {
    let Some((provider, id)) = facts.through(&reference.text) else {
        return;
    };
    // If there are no models at all, another rule reports the list.
    if !facts.complete || provider.models.is_empty() || provider.declares(id) {
        return;
    }
    let parsed = ModelId::parse(id, &provider.id)
        .ok()
        .filter(|parsed| parsed.as_str() == id);
    let shown = printable(id, 80);
    let near = nearest(provider, id);
    let help = match &near {
        Some(near) => format!("did you mean {}/{}?", provider.id, printable(near, 80)),
        None => format!("add a model with the id {shown} to the provider, or use an existing one"),
    };
    let routed = provider.is_routed(None);
    let (why, level) = if parsed.is_none() && !routed {
        ("and Portkey can't route it without @slug/", Level::Error)
    } else if routed && facts.version.version().lacks(Feature::HeadersForUndeclared) {
        (
            "and this version of OpenClaw then omits the provider's headers",
            Level::Error,
        )
    } else {
        (
            "so OpenClaw knows nothing about it and sends it unchanged",
            Level::Warning,
        )
    };
    findings.at(
        &reference.view,
        format!(
            "`{shown}` is not among the models of `{}`, {why}",
            printable(&provider.id, 40)
        ),
        help,
    );
    findings.level(level);
    // An alias is defined elsewhere.
    if facts.resolved(&reference.text) == reference.text {
        fix(facts, reference, provider, near, parsed, findings);
    }
}

/// Replaces the id with the one that was likely intended, or else declares the model.
fn fix(
    facts: &Facts<'_>,
    reference: &Reference<'_>,
    provider: &PortkeyProvider<'_>,
    near: Option<String>,
    parsed: Option<ModelId>,
    findings: &mut Findings,
) {
    if let Some(near) = near {
        let text = format!("{}/{near}", provider.id);
        let title = format!("write {}", printable(&text, 80));
        findings.fix_set(&reference.view, false, title, Value::String(text));
    } else if let Some(parsed) = parsed {
        let entry = Value::object([
            ("id", Value::String(parsed.as_str().to_owned())),
            ("name", Value::String(display_name(&parsed))),
        ]);
        let append = Change::Append {
            path: provider.view.path().clone().key("models"),
            value: entry,
        };
        findings.fix_all(
            facts.config,
            false,
            format!("add {}", printable(parsed.as_str(), 80)),
            vec![append],
        );
    }
}

/// The declared id that was likely intended.
fn nearest(provider: &PortkeyProvider<'_>, id: &str) -> Option<String> {
    let plain = id
        .rsplit_once('@')
        .map_or(id, |(_, rest)| rest)
        .to_lowercase();
    provider
        .models
        .iter()
        .map(|model| {
            let declared = model.id.trim_start_matches('@').to_lowercase();
            (likeness(&plain, &declared), model)
        })
        .filter(|(likeness, _)| *likeness >= 0.85)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, model)| model.id.to_string())
}
