//! `api-key-missing`

use crate::openclaw::variable_reference;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, KeyFrom, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "api-key-missing",
    area: Area::Key,
    level: Level::Error,
    symptoms: &[Symptom::Unauthorized, Symptom::Dashboard],
    summary: "the provider has no API key",
    why: "Without `apiKey`, OpenClaw sends nothing to a public host (`No API key found for \
          provider`), even if the environment or a header has the key. Exceptions are a header \
          `x-portkey-api-key` that is a SecretRef, and a key in an auth profile that the config \
          names. Gateways in a private network are not reported.",
    fix: "Write `apiKey: \"${PORTKEY_API_KEY}\"` and put the key into OpenClaw's `.env`; \
          `{run: init}` does both.",
    bad: &[
        concat!(
            "{ models: { providers: { «portkey»: { baseUrl: \"https://api.portkey.ai/v1\",\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: «\"\"»,\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
    ],
    good: &[
        // The open-source gateway on this machine doesn't need one.
        wired!(provider
            "baseUrl: \"http://127.0.0.1:8787/v1\",\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      headers: { \"x-portkey-api-key\":\n        \
             { source: \"env\", provider: \"default\", id: \"PORTKEY_API_KEY\" } },\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        concat!(
            "{ auth: { profiles: { \"portkey:default\": { provider: \"portkey\", mode: \"api_key\" } } },\n",
            "  models: { providers: { portkey: { baseUrl: \"https://api.portkey.ai/v1\",\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
    ],
    in_doctor: InDoctor::Elsewhere,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let KeyFrom::Nowhere(empty) = provider.key_from(facts.config) else {
            continue;
        };
        let help = "write apiKey: \"${PORTKEY_API_KEY}\" and keep the key in OpenClaw's .env";
        match empty {
            Some(view) => findings.at(view, "apiKey is empty, so OpenClaw sends nothing", help),
            None if !facts.complete => continue,
            None => findings.at_name(
                &provider.view,
                "the provider has no apiKey, so OpenClaw sends nothing",
                help,
            ),
        }
        // The variable may have a different name.
        findings.fix_put(
            &provider.view,
            "apiKey",
            false,
            "read it from PORTKEY_API_KEY",
            variable_reference("PORTKEY_API_KEY"),
        );
    }
}
