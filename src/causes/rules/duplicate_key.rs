//! `duplicate-key`

use crate::document::Step;
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "duplicate-key",
    area: Area::File,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "a key is duplicated in an object, so the first value is ignored",
    why: "If a key appears twice, only the last one counts, with everything below it, and \
          OpenClaw doesn't report it. A second `models` or `agents` pasted below the first \
          discards the first.",
    fix: "Merge the two, or remove one.",
    bad: &[
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      «apiKey»: \"${OTHER_KEY}\",\n      \
             apiKey: \"${PORTKEY_API_KEY}\",\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        concat!(
            "{ «models»: { mode: \"merge\" }, models: { providers: { portkey: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\",\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
        // Nothing below the ignored key is checked: OpenClaw never sees it.
        wired!(agents
            "defaults: {\n      «model»: { first: 1 },\n      \
             \"model\": { primary: \"portkey/@openai-prod/gpt-5\" },\n    }"),
    ],
    good: &[
        // The same key in two objects.
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@openai-prod/o3", name: "o3" }]"#),
        // Not below models or agents, so it doesn't affect Portkey.
        concat!(
            "{ logging: { level: \"info\", level: \"debug\" }, models: { providers: { portkey: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\", apiKey: \"${PORTKEY_API_KEY}\",\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
    ],
    check: Some(check),
    ..Cause::BLANK
};

/// Finding a line gets slower further down, and a broken file may have thousands.
const MAX_LOCATIONS: usize = 50;

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (index, duplicate) in facts.duplicates.iter().enumerate() {
        let place = if index < MAX_LOCATIONS {
            let document = &facts.config.sources()[duplicate.source].document;
            format!("at {}", document.locate(duplicate.last))
        } else {
            "further on".to_owned()
        };
        let key = match duplicate.path.0.last() {
            Some(Step::Key(key)) => printable(key, 60),
            _ => String::new(),
        };
        findings.at_range(
            (duplicate.source, duplicate.range.clone()),
            &duplicate.path,
            format!("`{key}` is duplicated {place}, and only the last one counts"),
            "merge the two, or remove the wrong one",
        );
    }
}
