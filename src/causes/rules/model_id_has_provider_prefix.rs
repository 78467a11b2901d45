//! `model-id-has-provider-prefix`

use crate::openclaw::View;
use crate::portkey::model_id::ModelId;

use super::model_id_without_at::renamed;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-id-has-provider-prefix",
    area: Area::Models,
    level: Level::Error,
    symptoms: &[Symptom::NotFound],
    summary: "the model id begins with OpenClaw's provider id",
    why: "`portkey/@slug/model` is how OpenClaw refers to a model; its `id` is what is sent, and \
          must be just `@slug/model`. No reference matches such an entry, so its name, limits and \
          headers are not used. If it is selected by its id, Portkey answers 400.",
    fix: "Remove `portkey/` from the id, but keep it in `primary` and `fallbacks`.",
    bad: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"portkey/@openai-prod/o3"», name: "o3" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"portkey/portkey/@openai-prod/o3"», name: "o3" }]"#),
    ],
    good: &[
        // A slug that happens to have this name.
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@portkey/o3", name: "o3" }]"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        for model in &provider.models {
            let bare = bare(&model.id, &provider.id);
            if bare.len() == model.id.len() || ModelId::parse(bare, &provider.id).is_err() {
                continue;
            }
            let Some(id) = model.view.get("id") else {
                continue;
            };
            findings.at(
                &id,
                "the model id begins with OpenClaw's provider id, which Portkey does not know",
                format!("write {}", crate::portkey::printable(bare, 80)),
            );
            let used = is_used(facts, provider, &model.id);
            if !used {
                findings.level(Level::Warning);
            }
            if let Some(mut fix) = renamed(facts, provider, model, bare) {
                // If nothing refers to the entry, the new id can only make references match.
                fix.safe = !used;
                findings.fix(fix);
            }
        }
    }
}

/// The id without any provider prefixes, however many there are.
fn bare<'t>(id: &'t str, provider: &str) -> &'t str {
    let mut rest = id;
    while let Some((head, tail)) = rest.split_once('/')
        && head.eq_ignore_ascii_case(provider)
    {
        rest = tail;
    }
    rest
}

fn is_used(facts: &Facts<'_>, provider: &PortkeyProvider<'_>, id: &str) -> bool {
    facts
        .choices
        .iter()
        .flat_map(|choice| choice.model.primary.iter().chain(&choice.model.fallbacks))
        .filter_map(View::text)
        .any(|text| {
            facts
                .through(&text)
                .is_some_and(|(owner, named)| owner.id == provider.id && named == id)
        })
}
