//! `models-empty`

use crate::document::Kind;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "models-empty",
    area: Area::Models,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw],
    summary: "the provider lists no models",
    why: "OpenClaw refuses a custom provider without a `models` list. It accepts an empty list, \
          but then knows nothing about any model: no limits, no images, and early versions omit \
          the provider's headers. That is a warning.",
    fix: "Add at least the primary: `models: [{ id: \"@slug/model\", name: \"…\" }]`, or run \
          `{run: add-model @slug/model}`.",
    bad: &[
        wired!(models "«[]»"),
        wired!(models "«{}»"),
        concat!(
            "{ models: { providers: { «portkey»: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\" } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
    ],
    good: &[wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }]"#)],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let help = "`{run: add-model @slug/model}` adds one";
        match &provider.list {
            None if facts.complete => findings.at_name(
                &provider.view,
                "the provider lists no models, and OpenClaw does not start without any",
                help,
            ),
            Some(list) if list.kind() != Kind::Array => findings.at(
                list,
                format!("models must be a list, not {}", list.kind()),
                "write [{ id: \"@slug/model\", name: \"…\" }]",
            ),
            Some(list)
                if facts.complete
                    && provider.models.is_empty()
                    && provider.without_id.is_empty() =>
            {
                findings.at(
                    list,
                    "the provider lists no models, so OpenClaw knows nothing about them",
                    help,
                );
                findings.level(Level::Warning);
            }
            _ => {}
        }
    }
}
