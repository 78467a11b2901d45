//! `model-name-missing`

use crate::document::Value;
use crate::openclaw::View;
use crate::portkey::model_id::{ModelId, display_name};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-name-missing",
    area: Area::Models,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw],
    summary: "a model has no name",
    why: "OpenClaw refuses a model without a `name` and does not start.",
    fix: "Add `name`; any text will do.",
    bad: &[
        wired!(models r#"[{ id: «"@openai-prod/gpt-5"» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: «""» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: «5» }]"#),
    ],
    good: &[wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "${NAME}" }]"#)],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, model) in facts.models() {
        let name = model.view.get("name");
        let given = name.as_ref().and_then(View::text);
        if given.is_some_and(|text| !text.is_empty()) || (name.is_none() && !facts.complete) {
            continue;
        }
        let Some(place) = name.or_else(|| model.view.get("id")) else {
            continue;
        };
        findings.at(
            &place,
            "the model has no name, and OpenClaw does not start without one",
            "add name; any text will do",
        );
        let name = ModelId::parse(&model.id, &provider.id)
            .map_or_else(|_| model.id.to_string(), |id| display_name(&id));
        if !name.is_empty() {
            let title = format!("name it {}", crate::portkey::printable(&name, 60));
            findings.fix_put(&model.view, "name", true, title, Value::String(name));
        }
    }
}
