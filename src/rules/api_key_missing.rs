//! `api-key-missing`

use crate::openclaw::{CredentialSource, variable_reference};
use crate::portkey::headers;

use super::example::wired;
use super::{Facts, Findings, Group, Level, PortkeyProvider, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "api-key-missing",
    group: Group::Key,
    level: Level::Error,
    summary: "the provider has no API key",
    why: "Without `apiKey` OpenClaw sends nothing to a public host (`No API key found for \
          provider`), even where the environment or a header holds the key. A header \
          `x-portkey-api-key` that is a SecretRef is the exception, and so is a key in an auth \
          profile that the config names. Nothing is said of gateways within one's own network.",
    fix: "Write `apiKey: \"${PORTKEY_API_KEY}\"` and put the key into OpenClaw's `.env`; \
          `openclaw-portkey init` does both.",
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
        // The open-source gateway on this machine needs none.
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
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let empty = match &provider.api_key {
            None if !facts.complete => continue,
            None => None,
            Some(view) if CredentialSource::read(view) == CredentialSource::Empty => Some(view),
            Some(_) => continue,
        };
        if !needs_key(provider) || has_key_elsewhere(facts, provider) {
            continue;
        }
        let help = "write apiKey: \"${PORTKEY_API_KEY}\" and keep the key in OpenClaw's .env";
        match empty {
            Some(view) => findings.at(view, "apiKey is empty, and OpenClaw sends nothing", help),
            None => findings.at_name(
                &provider.view,
                "the provider has no apiKey, and OpenClaw sends nothing without",
                help,
            ),
        }
        // The variable may have another name.
        findings.fix_put(
            &provider.view,
            "apiKey",
            false,
            "take it from PORTKEY_API_KEY",
            variable_reference("PORTKEY_API_KEY"),
        );
    }
}

/// OpenClaw asks for a key where the host is public.
fn needs_key(provider: &PortkeyProvider<'_>) -> bool {
    matches!(&provider.url, Some(Ok(url)) if !url.is_loopback() && !url.is_internal())
}

/// Where OpenClaw, or the gateway, may have the key from all the same.
fn has_key_elsewhere(facts: &Facts<'_>, provider: &PortkeyProvider<'_>) -> bool {
    let header = provider.header(headers::API_KEY, None);
    let other_auth = ["auth", "request", "localService"]
        .iter()
        .any(|key| provider.view.get(key).is_some());
    let profile = || {
        facts
            .config
            .at(&["auth", "profiles"])
            .map(|profiles| profiles.entries())
            .unwrap_or_default()
            .iter()
            .any(|(name, _)| {
                let owner = name.split(':').next().unwrap_or(name);
                owner.eq_ignore_ascii_case(&provider.id)
            })
    };
    other_auth
        || header.is_some_and(|header| {
            matches!(
                CredentialSource::read(&header.value),
                CredentialSource::SecretRef { .. }
            )
        })
        || provider.header(headers::AUTHORIZATION, None).is_some()
        || profile()
}
