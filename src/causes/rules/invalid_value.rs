//! `invalid-value`

use crate::causes::validity::refused;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};
use crate::openclaw::schema::IssueKind;

pub(super) static CAUSE: Cause = Cause {
    id: "invalid-value",
    area: Area::File,
    level: Level::Error,
    symptoms: &[Symptom::OpenClaw, Symptom::Network, Symptom::Config],
    summary: "OpenClaw doesn't accept a value",
    why: "OpenClaw checks every value before it starts: types, allowed values, ranges, patterns, and values that depend on each other. If one is invalid, it refuses the whole file. The version is the one you pass, else the one that last wrote the file. If neither is known, values that only the newest version refuses are warnings.",
    fix: "Change the value as the message says, or remove the key to use OpenClaw's default.",
    bad: &[
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  gateway: { port: «\"18789\"» },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  gateway: { port: «0» },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  gateway: { mode: «\"remot\"» },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  logging: { level: «\"loud\"» },\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.9.6\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  talk: { agentId: «\"nobody\"» },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  bindings: [{ agentId: \"main\", match: { channel: «5» } }],\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.7.1\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  browser: { profiles: { work: «{ color: \"#112233\" }» } },\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.9.6\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  secrets: { providers: { vault: { source: \"exec\", command: «\"op\"» } } },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  channels: { «telegran»: { enabled: true } },\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.9.6\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  worktreeRoot: «\"work\"»,\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.9.6\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  session: { maintenance: { pruneAfter: «\"soon\"» } },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  gateway: { tailscale: { mode: \"serve\" }, bind: «\"lan\"» },\n}\n"
        ),
    ],
    good: &[
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  gateway: { port: 18789, bind: \"loopback\" },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  logging: { level: \"${LOG_LEVEL}\" },\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.9.6\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  session: { maintenance: { pruneAfter: \"30d\" } },\n}\n"
        ),
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  channels: { telegram: { enabled: true } },\n}\n"
        ),
        concat!(
            "{\n  meta: { lastTouchedVersion: \"2026.9.6\" },\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n",
            "  } } },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n",
            "  secrets: { providers: { vault: { source: \"exec\", command: \"/usr/bin/op\" } } },\n}\n"
        ),
    ],
    doubt: Doubt::Always,
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    refused(
        facts,
        findings,
        IssueKind::InvalidValue,
        "change it, or remove it",
    );
}
