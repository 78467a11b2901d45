//! `model-id-malformed`

use crate::openclaw::has_variable;
use crate::portkey::model_id::{ModelId, ModelIdError};

use super::model_id_without_at::renamed;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-id-malformed",
    area: Area::Models,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::OpenClaw],
    summary: "the model id is missing, incomplete or contains whitespace",
    why: "OpenClaw refuses a model without an id, and sends any other id as written. Portkey \
          finds no provider for just `@slug`, or for a slug with a space.",
    fix: "Write `@slug/model`.",
    bad: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-prod"», name: "GPT" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-prod/gpt 4"», name: "GPT" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «" @openai-prod/o3"», name: "o3" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «""», name: "GPT" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, «{ name: "GPT" }»]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, «"@openai-prod/o3"»]"#),
    ],
    good: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@or/meta-llama/llama-3:free", name: "L" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@x/${MODEL}", name: "M" }]"#),
    ],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        if facts.complete {
            for entry in &provider.without_id {
                findings.at(
                    entry,
                    "a model needs an id and a name; without them, OpenClaw does not start",
                    "write { id: \"@slug/model\", name: \"…\" }",
                );
            }
        }
        for model in provider
            .models
            .iter()
            .filter(|model| !has_variable(&model.id))
        {
            let trimmed = model.id.trim();
            let (what, todo) = match ModelId::parse(trimmed, &provider.id) {
                Err(
                    error @ (ModelIdError::Empty
                    | ModelIdError::BadCharacter(_)
                    | ModelIdError::Incomplete(_)),
                ) => split(&error.to_string()),
                _ if trimmed != model.id => (
                    "whitespace around the model id is sent too".to_owned(),
                    "remove the whitespace".to_owned(),
                ),
                _ => continue,
            };
            let Some(id) = model.view.get("id") else {
                continue;
            };
            findings.at(&id, what, todo);
            if trimmed != model.id
                && ModelId::parse(trimmed, &provider.id).is_ok()
                && let Some(fix) = renamed(facts, provider, model, trimmed)
            {
                findings.fix(fix);
            }
        }
    }
}

/// Splits a message into what is wrong and what to write.
fn split(message: &str) -> (String, String) {
    let (what, todo) = message.split_once("; ").unwrap_or((message, ""));
    (what.to_owned(), todo.to_owned())
}
