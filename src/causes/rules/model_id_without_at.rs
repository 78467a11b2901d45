//! `model-id-without-at`

use crate::diagnostic::Fix;
use crate::document::Value;
use crate::edit::Change;
use crate::openclaw::{Model, has_variable};
use crate::portkey::headers;
use crate::portkey::model_id::{ModelId, ModelIdError};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-id-without-at",
    area: Area::Models,
    level: Level::Error,
    symptoms: &[Symptom::NotFound],
    summary: "the model id lacks the provider slug, `@slug/`",
    why: "Portkey chooses the provider from `@slug/model`. Without the slug, and without a header \
          that names the provider, it answers 400 (`Either x-portkey-config or x-portkey-provider \
          header is required`). A config attached to the key can also name it: if no model of the \
          provider has a slug, this is a warning.",
    fix: "Write `@slug/model`, with the provider's slug from Portkey's Model Catalog.",
    bad: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"gemini/gemini-2.5-flash"», name: "Flash" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"gpt-4o"», name: "GPT 4o" }]"#),
        concat!(
            "{ models: { providers: { portkey: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\",\n",
            "  models: [{ id: «\"gemini/gemini-2.5-flash\"», name: \"Flash\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/gemini/gemini-2.5-flash\" } } } }"
        ),
    ],
    good: &[
        // The header selects the provider.
        concat!(
            "{ models: { providers: { portkey: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\",\n",
            "  headers: { \"x-portkey-provider\": \"@openai-prod\" },\n",
            "  models: [{ id: \"gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/gpt-5\" } } } }"
        ),
        // The open-source gateway doesn't have slugs.
        concat!(
            "{ models: { providers: { portkey: {\n",
            "  baseUrl: \"http://127.0.0.1:8787/v1\", apiKey: \"${OPENAI_API_KEY}\",\n",
            "  models: [{ id: \"gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/gpt-5\" } } } }"
        ),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "${MODEL}", name: "Mine" }]"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in facts
        .portkey
        .iter()
        .filter(|provider| takes_slugs(provider))
    {
        let some_have_one = provider
            .models
            .iter()
            .any(|model| model.id.starts_with('@'));
        for (index, model) in provider.models.iter().enumerate() {
            let routed = [headers::PROVIDER, headers::CONFIG, "x-portkey-virtual-key"]
                .iter()
                .any(|name| provider.header(name, Some(index)).is_some());
            if routed || has_variable(&model.id) || is_padded(&model.id) {
                continue;
            }
            let Err(ModelIdError::NoSlug { suggestion, .. }) =
                ModelId::parse(&model.id, &provider.id)
            else {
                continue;
            };
            let Some(id) = model.view.get("id") else {
                continue;
            };
            let suggestion = crate::portkey::printable(&suggestion, 80);
            findings.at(
                &id,
                "the model id lacks the provider slug, so Portkey answers 400",
                format!("write {suggestion}, with the slug from your Model Catalog"),
            );
            if !some_have_one {
                findings.level(Level::Warning);
            }
            // Without a slash, the slug is only a guess.
            if model.id.contains('/')
                && let Some(fix) = renamed(facts, provider, model, &suggestion)
            {
                findings.fix(fix);
            }
        }
    }
}

/// The hosted gateways do; the open-source one, which runs in private networks, doesn't.
fn takes_slugs(provider: &PortkeyProvider<'_>) -> bool {
    matches!(&provider.url, Some(Ok(url)) if !url.is_loopback() && !url.is_internal())
}

/// `model-id-malformed` reports whitespace.
fn is_padded(id: &str) -> bool {
    id.trim() != id
}

/// Renames a model, here and wherever it is a primary or fallback.
pub(super) fn renamed(
    facts: &Facts<'_>,
    provider: &PortkeyProvider<'_>,
    model: &Model<'_>,
    id: &str,
) -> Option<Fix> {
    if provider.models.iter().any(|other| other.id == id) {
        return None;
    }
    let set = |view: &crate::openclaw::View<'_>, text: String| {
        let (source, path) = view.owner()?;
        let value = Value::String(text);
        Some((source, Change::Set { path, value }))
    };
    let mut changes = vec![set(&model.view.get("id")?, id.to_owned())?];
    for choice in &facts.choices {
        for view in choice.model.primary.iter().chain(&choice.model.fallbacks) {
            let text = view.text().unwrap_or_default();
            let named = text.split_once('/').filter(|(owner, named)| {
                owner.eq_ignore_ascii_case(&provider.id) && *named == model.id
            });
            if let Some((owner, _)) = named {
                changes.push(set(view, format!("{owner}/{id}"))?);
            }
        }
    }
    Some(Fix {
        safe: false,
        title: format!("write {id}, and update the references to it"),
        changes,
        edits: None,
    })
}
