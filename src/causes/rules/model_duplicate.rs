//! `model-duplicate`

use std::collections::HashMap;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-duplicate",
    area: Area::Models,
    level: Level::Warning,
    symptoms: &[Symptom::NotFound],
    summary: "a model is duplicated",
    why: "OpenClaw uses the first entry with an id; the limits, prices and headers of later ones \
          are silently ignored.",
    fix: "Remove the later entry, or merge the two.",
    bad: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-prod/gpt-5"», name: "GPT 5" }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-prod/gpt-5"», name: "Another" }]"#),
    ],
    good: &[
        // Ids are case-sensitive.
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@Openai-prod/gpt-5", name: "Other" }]"#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let mut first = HashMap::with_capacity(provider.models.len());
        for model in &provider.models {
            let Some(earlier) = first.insert(&*model.id, model) else {
                continue;
            };
            first.insert(&*model.id, earlier);
            let Some(id) = model.view.get("id") else {
                continue;
            };
            findings.at(
                &id,
                "the model is already in the list, and only the first entry counts",
                "remove this entry, or merge the two",
            );
            let same = earlier.view.value() == model.view.value();
            findings.fix_remove(&model.view, same, "remove the later entry");
        }
    }
}
