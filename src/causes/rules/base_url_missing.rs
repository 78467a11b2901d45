//! `base-url-missing`

use crate::document::Value;
use crate::portkey::DEFAULT_BASE_URL;
use crate::portkey::base_url::BaseUrlError;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "base-url-missing",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Dashboard, Symptom::OpenClaw],
    summary: "the provider has no base URL",
    why: "OpenClaw has no built-in Portkey provider. A custom provider must have a base URL; \
          otherwise OpenClaw refuses the file.",
    fix: "Add `baseUrl: \"https://api.portkey.ai/v1\"`.",
    bad: &[
        concat!(
            "{ models: { providers: { «portkey»: { apiKey: \"${PORTKEY_API_KEY}\",\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
        wired!(base_url r#"«""»"#),
        wired!(base_url r#"«"  "»"#),
        wired!(base_url "«null»"),
        wired!(base_url r#"«{ url: "https://api.portkey.ai/v1" }»"#),
    ],
    good: &[wired!(base_url r#""${PORTKEY_BASE_URL}""#)],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let help = format!("write baseUrl: \"{DEFAULT_BASE_URL}\"");
        match &provider.base_url {
            None if !facts.complete => continue,
            None => findings.at_name(
                &provider.view,
                "the provider has no baseUrl, so OpenClaw does not know where Portkey is",
                help,
            ),
            Some(view) if view.text().is_none() => findings.at(
                view,
                format!("baseUrl must be a string, not {}", view.kind()),
                help,
            ),
            Some(view) if matches!(provider.url, Some(Err(BaseUrlError::Empty))) => findings.at(
                view,
                "baseUrl is empty, so OpenClaw does not know where Portkey is",
                help,
            ),
            Some(_) => continue,
        }
        // The provider may be a self-hosted gateway.
        findings.fix_put(
            &provider.view,
            "baseUrl",
            false,
            format!("set it to {DEFAULT_BASE_URL}"),
            Value::from(DEFAULT_BASE_URL),
        );
    }
}
