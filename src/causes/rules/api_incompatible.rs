//! `api-incompatible`

use crate::document::Value;
use crate::openclaw::{View, has_variable};
use crate::portkey::{headers, printable};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "api-incompatible",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[
        Symptom::Config,
        Symptom::Dashboard,
        Symptom::NotFound,
        Symptom::OpenClaw,
    ],
    summary: "`api` is not Portkey's OpenAI format",
    why: "Portkey expects OpenAI's format for every model and converts it to the provider's. With \
          another `api`, such as `anthropic-messages`, OpenClaw calls another path and sends the \
          key in another header, so Portkey refuses the request. Portkey also documents \
          `/v1/messages`, which should work with the key in `x-portkey-api-key` and a base URL \
          without `/v1`; that is only a note. OpenClaw does not start with an unknown value.",
    fix: "Write `api: \"openai-completions\"` (or `openai-responses`), even for Claude and Gemini.",
    bad: &[
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      \
             api: «\"anthropic-messages\"»,\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      \
             api: «\"openai\"»,\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", api: «"google-generative-ai"» }]"#),
    ],
    good: &[
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      \
             api: \"openai-responses\",\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        // Unset: OpenClaw uses openai-completions.
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
    ],
    doubt: Doubt::UntilAnswered,
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        judge(provider, None, provider.view.get("api"), findings);
        for (index, model) in provider.models.iter().enumerate() {
            judge(provider, Some(index), model.view.get("api"), findings);
        }
    }
}

fn judge(
    provider: &PortkeyProvider<'_>,
    model: Option<usize>,
    api: Option<View<'_>>,
    findings: &mut Findings,
) {
    let Some(view) = api.filter(|view| !may_be_openai(view)) else {
        return;
    };
    let anthropic = view.text().is_some_and(|text| text == "anthropic-messages");
    if anthropic && provider.header(headers::API_KEY, model).is_some() {
        findings.at(
            &view,
            "with this `api` OpenClaw calls Portkey's /v1/messages, which is documented but not tested here",
            "\"openai-completions\" is known to work, even for Claude",
        );
        findings.level(Level::Note);
        return;
    }
    findings.at(
        &view,
        match view.text() {
            Some(api) => format!(
                "Portkey needs an OpenAI-style `api`, not `{}`",
                printable(&api, 40)
            ),
            None => format!("Portkey needs an OpenAI-style `api`, not {}", view.kind()),
        },
        "write \"openai-completions\"; Portkey translates for every provider",
    );
    findings.fix_set(
        &view,
        false,
        "write openai-completions",
        Value::from("openai-completions"),
    );
}

fn may_be_openai(api: &View<'_>) -> bool {
    api.text().is_some_and(|text| {
        matches!(&*text, "openai-completions" | "openai-responses") || has_variable(&text)
    })
}

/// Whether the provider sends requests in the format that Portkey accepts.
pub(super) fn uses_openai_format(provider: &PortkeyProvider<'_>) -> bool {
    provider
        .view
        .get("api")
        .is_none_or(|api| may_be_openai(&api))
}
