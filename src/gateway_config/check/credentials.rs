//! Rules about providers with their own key, and keys in the config.

use crate::diagnostic::Level;
use crate::document::Value;
use crate::gateway_config::read::keys::VENDORS;

use super::Rule;
use super::facts::{Facts, Findings, closest, did_you_mean, remove, set, shown};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "provider-not-a-slug",
        level: Level::Error,
        summary: "a provider is written without `@`",
        why: "A provider of your Portkey workspace is written as `@` and its slug. Without `@`, \
              the value must be a vendor's name, and the config must have an `api_key`.",
        fix: "Write `@` before the slug.",
        bad: &[
            r#"{"provider":«"openai-prod"»,"override_params":{"model":"gpt-5"}}"#,
            r#"{"provider":«"openai"»,"override_params":{"model":"gpt-5"}}"#,
        ],
        good: &[
            r#"{"provider":"@openai-prod","override_params":{"model":"gpt-5"}}"#,
            r#"{"provider":"ollama","custom_host":"http://localhost:11434","override_params":{"model":"llama3"}}"#,
        ],
        check: provider_not_a_slug,
    },
    Rule {
        id: "virtual-key",
        level: Level::Note,
        summary: "`virtual_key` is the old form of `provider`",
        why: "Virtual keys still work, but providers have replaced them: `\"virtual_key\": \"x\"` \
              is the same as `\"provider\": \"@x\"`.",
        fix: "Write it as a provider, or put the slug into the model.",
        bad: &[r#"{«"virtual_key"»:"openai-1","override_params":{"model":"gpt-5"}}"#],
        good: &[r#"{"provider":"@openai-1","override_params":{"model":"gpt-5"}}"#],
        check: virtual_key,
    },
    Rule {
        id: "secret-in-config",
        level: Level::Warning,
        summary: "a credential is in the config itself",
        why: "Anyone who can read the config in Portkey, or a log that contains the config \
              header, has the key.",
        fix: "Store the key in a Portkey provider, and refer to it as `@slug`.",
        bad: &[
            r#"{"provider":"openai",«"api_key"»:"sk-abcdef","override_params":{"model":"gpt-5"}}"#,
        ],
        good: &[r#"{"provider":"@openai","override_params":{"model":"gpt-5"}}"#],
        check: secret_in_config,
    },
];

/// Vendors that don't need a key.
const KEYLESS: [&str; 2] = ["ollama", "triton"];

fn provider_not_a_slug(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let Some(provider) = &target.provider else {
            continue;
        };
        let name = provider.value.as_str();
        let is_vendor = VENDORS.contains(&name);
        let has_key = target.api_key.is_some()
            || KEYLESS.contains(&name)
            || ["aws_access_key_id", "azure_auth_mode", "vertex_region"]
                .iter()
                .any(|key| facts.document().get(target.node, key).is_some());
        if name.starts_with('@') || (is_vendor && has_key) {
            continue;
        }
        let near = if is_vendor {
            None
        } else {
            closest(name, VENDORS.iter().copied()).filter(|_| target.api_key.is_some())
        };
        let message = if is_vendor {
            format!("`{name}` is a vendor's name, but `api_key` is missing")
        } else {
            format!(
                "`{}` is neither a vendor's name nor an `@slug`",
                shown(name)
            )
        };
        let help = format!(
            "write `@{}` if that is your provider in Portkey",
            shown(name)
        );
        findings.value(facts, provider, message, did_you_mean(near, &help));
        if near.is_none() && !name.is_empty() && !is_vendor {
            let change = set(facts.config.path(provider.node), format!("@{name}"));
            findings.fix(false, "write `@` before it", vec![change]);
        }
    }
}

fn virtual_key(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let Some(key) = target
            .virtual_key
            .as_ref()
            .filter(|_| target.strategy.is_none())
        else {
            continue;
        };
        findings.key(
            facts,
            key,
            "virtual keys are the old form of providers",
            format!("write `\"provider\": \"@{}\"`", shown(&key.value)),
        );
        if target.provider.is_none() {
            let changes = vec![
                set(
                    facts.path(target.node, "provider"),
                    format!("@{}", key.value),
                ),
                remove(facts.config.path(key.node)),
            ];
            findings.fix(false, "write it as a provider", changes);
        }
    }
}

/// Keys whose values are credentials.
const SECRETS: [&str; 5] = [
    "api_key",
    "aws_secret_access_key",
    "aws_session_token",
    "azure_ad_token",
    "vertex_service_account_json",
];

fn secret_in_config(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for (_, target) in facts.config.targets() {
        for key in SECRETS {
            let Some(member) = document.member(target.node, key) else {
                continue;
            };
            let is_empty = document.value(member.value) == Value::from("");
            if target.strategy.is_none() && !is_empty {
                findings.add(
                    facts,
                    member.value,
                    member.key_span,
                    format!("`{key}` is a credential that anyone with the config can read"),
                    "store it in a Portkey provider, and refer to that as `@slug`",
                );
            }
        }
    }
}
