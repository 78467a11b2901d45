//! `model-metadata-missing`

use crate::edit::Change;
use crate::portkey::model_facts::{Fact, lookup_id};
use crate::portkey::model_id::ModelId;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-metadata-missing",
    area: Area::Models,
    level: Level::Note,
    symptoms: &[Symptom::NotFound],
    summary: "a model lacks known limits, input types, reasoning or prices",
    why: "For a model with only an id and a name, OpenClaw assumes that it accepts text only (so \
          images are not sent), has a context window of 128000 tokens (200000 in early versions), \
          answers with at most 8192, can't reason, and costs nothing. The rule is off by default.",
    fix: "`{run: models --sync}` fills in what is known, using Portkey's own list; `lint --fix \
          --extend-select model-metadata-missing` only uses the model's id.",
    bad: &[
        wired!(models r#"[{ id: «"@openai-prod/gpt-5"», name: "GPT 5" }]"#),
        wired!(models r#"[{ id: «"@openai-prod/gpt-5"», name: "GPT 5", contextWindow: 400000 }]"#),
    ],
    good: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 400000, maxTokens: 128000, input: ["text"], reasoning: true, cost: { input: 1, output: 1 } }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 128000, maxTokens: 8192, input: ["text"], reasoning: true, cost: {} }, { id: "@a/nobody-knows-it", name: "Unknown" }]"#),
    ],
    on: false,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, model) in facts.models() {
        let Ok(id) = ModelId::parse(&model.id, &provider.id) else {
            continue;
        };
        let missing: Vec<_> = lookup_id(&id)
            .fields(facts.version)
            .into_iter()
            .filter(|(fact, _)| model.view.get(fact.as_str()).is_none())
            .collect();
        if missing.is_empty() {
            continue;
        }
        let names: Vec<&str> = missing
            .iter()
            .map(|(fact, _)| Fact::as_str(*fact))
            .collect();
        let Some(view) = model.view.get("id") else {
            continue;
        };
        findings.at(
            &view,
            format!("{} could be added to this model", names.join(", ")),
            "`{run: models --sync}` fills in what is known",
        );
        let changes = missing
            .into_iter()
            .map(|(fact, value)| Change::Set {
                path: model.view.path().clone().key(fact.as_str()),
                value,
            })
            .collect();
        findings.fix_all(facts.config, true, "fill in what is known", changes);
    }
}
