//! `missing-key`

use crate::causes::validity::refused;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};
use crate::openclaw::schema::IssueKind;

pub(super) static CAUSE: Cause = Cause {
    id: "missing-key",
    area: Area::File,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw, Symptom::Network, Symptom::Config],
    summary: "a key that OpenClaw requires is missing",
    why: "Some objects are incomplete without a key, and OpenClaw then refuses the whole file. If an include could not be read, missing keys are not reported.",
    fix: "Add the key, or remove the object.",
    bad: &[
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  auth: { profiles: { work: «{ provider: \"openai\" }» } },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  bindings: [«{ match: { channel: \"telegram\" } }»],\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  auth: { profiles: { a: «{ mode: \"api_key\" }» } },\n}\n"
        ),
    ],
    good: &[
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  auth: { profiles: { work: { provider: \"openai\", mode: \"api_key\" } } },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  bindings: [{ agentId: \"main\", match: { channel: \"telegram\" } }],\n}\n"
        ),
    ],
    doubt: Doubt::Always,
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if !facts.complete {
        return;
    }
    refused(facts, findings, IssueKind::MissingKey, "add it");
}
