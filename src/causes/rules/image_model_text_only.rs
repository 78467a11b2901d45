//! `image-model-text-only`

use crate::document::Value;
use crate::openclaw::View;
use crate::portkey::printable;

use crate::causes::facts::Role;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

/// A config whose image model has this `input`.
macro_rules! looking {
    ($model:literal, $input:literal) => {
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [\n",
            "      { id: \"@openai-prod/gpt-5\", name: \"GPT 5\" },\n",
            "      { id: \"@gemini/gemini-2.5-flash\", name: \"Gemini\"",
            $input,
            " },\n    ],\n  } } },\n",
            "  agents: { defaults: {\n    model: { primary: \"portkey/@openai-prod/gpt-5\" },\n",
            "    imageModel: ",
            $model,
            ",\n  } },\n}\n"
        )
    };
}

pub(super) static CAUSE: Cause = Cause {
    id: "image-model-text-only",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::OpenClaw],
    summary: "`imageModel` is declared as text-only",
    why: "OpenClaw only sends images to a model whose `input` includes `\"image\"`; the default \
          is text only. With a text-only `imageModel`, an image gives `Model does not support \
          images`.",
    fix: "If the model accepts images, add `input: [\"text\", \"image\"]` to it (`{run: models \
          --sync}`). Otherwise use another model.",
    bad: &[
        looking!("«\"portkey/@gemini/gemini-2.5-flash\"»", ""),
        looking!(
            "«\"portkey/@gemini/gemini-2.5-flash\"»",
            ", input: [\"text\"]"
        ),
        looking!("{ primary: «\"portkey/@gemini/gemini-2.5-flash\"» }", ""),
    ],
    good: &[looking!(
        "\"portkey/@gemini/gemini-2.5-flash\"",
        ", input: [\"text\", \"image\"]"
    )],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for reference in &facts.references {
        if reference.role != Role::Other("imageModel") {
            continue;
        }
        let Some((provider, id)) = facts.through(&reference.text) else {
            continue;
        };
        let Some(model) = provider.models.iter().find(|model| model.id == id) else {
            continue;
        };
        let input = model.view.get("input");
        let kinds = input.as_ref().map(View::items).unwrap_or_default();
        let is_image = |kind: Option<std::borrow::Cow<'_, str>>| kind.as_deref() == Some("image");
        if kinds.iter().any(|kind| is_image(kind.text())) {
            continue;
        }
        findings.at(
            &reference.view,
            format!(
                "`{}` is declared as text-only, so OpenClaw sends it no images",
                printable(id, 80)
            ),
            "add input: [\"text\", \"image\"] to the model, if it accepts images",
        );
        let value = Value::Array(vec![Value::from("text"), Value::from("image")]);
        let title = "add input: [\"text\", \"image\"]";
        findings.fix_put(&model.view, "input", false, title, value);
    }
}
