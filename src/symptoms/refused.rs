//! The symptoms of refused requests, sorted by id.

use super::{API_KEYS, CATALOG, CONFIGS, Group, LOGS, STATUS, Source, Symptom};
use crate::portkey::refusal::Cause;

const fn refused(id: &'static str, cause: Cause, group: Group) -> Symptom {
    Symptom::new(id, Source::Refused(cause), group, &[])
}

pub(super) const TABLE: &[Symptom] = &[
    refused("admin-conflict", Cause::AdminConflict, Group::Config)
        .because("it exists already in Portkey", "Something with this name or slug is already in the workspace.")
        .cure("Use the existing one, or choose another name.", CONFIGS),
    refused("admin-failed", Cause::AdminFailed, Group::Server)
        .because("Portkey's admin API failed", "The fault is on Portkey's side.")
        .cure("Try again in a minute; look at the status page if it stays.", STATUS),
    refused("admin-forbidden", Cause::AdminForbidden, Group::Unauthorized)
        .because(
            "the key may not use this part of Portkey's admin API",
            "The key lacks a scope, or what it asks for is not in the key's workspace: Portkey answers both the same way.",
        )
        .cure("On the API Keys page, edit the key's permissions, or take a key of the right workspace.", API_KEYS),
    refused("admin-invalid", Cause::AdminInvalid, Group::Config)
        .because("Portkey's admin API does not accept the request", "A field is missing or has a wrong value.")
        .cure("Read the message for the field, and correct it.", ""),
    refused("admin-not-found", Cause::AdminNotFound, Group::NotFound)
        .because("Portkey's admin API does not find it", "The name is wrong, or it belongs to another workspace.")
        .cure("Copy the slug or id again from Portkey's pages.", CONFIGS),
    refused("admin-plan", Cause::AdminPlan, Group::Budget)
        .because("the Portkey plan does not include this", "The organisation's plan or quota ends here.")
        .cure("Change the plan in Portkey's settings, or do without it.", LOGS),
    refused("admin-rate-limit", Cause::AdminRateLimit, Group::RateLimited)
        .because("too many requests to Portkey's admin API", "The admin API has a rate limit of its own.")
        .cure("Wait a minute and try again.", ""),
    refused("admin-unauthorized", Cause::AdminUnauthorized, Group::Unauthorized)
        .because("Portkey's admin API does not accept the key", "The key is wrong, or of a kind that the admin API does not take.")
        .cure("Take a key with admin permissions from the API Keys page.", API_KEYS),
    refused("config-not-json", Cause::ConfigNotJson, Group::Config)
        .because("x-portkey-config is neither a config id nor JSON", "An id begins with pc- in lower case; anything else must be a JSON object on one line.")
        .cure("Copy the id from the config's page and run: openclaw-portkey set-header --gateway-config pc-…", CONFIGS),
    refused("config-pinned", Cause::ConfigPinned, Group::Config)
        .because(
            "the key is bound to its own config",
            "The key has a default config and does not allow another, so a request with x-portkey-config is refused.",
        )
        .cure(
            "Remove the header with: openclaw-portkey set-header --unset x-portkey-config. Or allow the override on the key's page.",
            API_KEYS,
        ),
    refused("gateway-failed", Cause::GatewayFailed, Group::Server)
        .because("the gateway failed before the request reached a provider", "Portkey, or a machine in front of it, is down or overloaded.")
        .cure("Look at the status page; for a self-hosted gateway, look at its own log.", STATUS),
    refused("guardrail-denied", Cause::GuardrailDenied, Group::Guardrail)
        .because(
            "a guardrail denied the request",
            "A guardrail of the Portkey config blocked the prompt or the answer (446). OpenClaw tries it again and may then send it to a fallback model.",
        )
        .cure(
            "Open the request in the dashboard to see which check failed; change the prompt, or the guardrail in the config.",
            LOGS,
        ),
    refused("guardrail-warned", Cause::GuardrailWarned, Group::Guardrail)
        .because("a guardrail failed and let the answer through", "The config only warns (246), so this is no error.")
        .cure("Open the request in the dashboard to see which check failed.", LOGS),
    refused("headers-too-large", Cause::HeadersTooLarge, Group::Config)
        .because("the request's headers are too large", "All headers together may have about 16 KiB; long metadata or a long inline config goes beyond.")
        .cure("Save the config in Portkey and send its pc-… id; shorten x-portkey-metadata.", CONFIGS),
    refused("inline-blocked", Cause::InlineBlocked, Group::Config)
        .because("the organisation allows saved configs only", "Block Inline Configs is on, so a provider or a config in a header is refused.")
        .cure("Save the config in Portkey and run: openclaw-portkey set-header --gateway-config pc-…", CONFIGS),
    refused("invalid-config", Cause::InvalidConfig, Group::Config)
        .because("the config in x-portkey-config is not valid", "It is JSON, but a field or value is not one that the gateway knows.")
        .cure("Correct the field that the message names, or save the config in Portkey, which checks it.", CONFIGS),
    refused("invalid-key", Cause::InvalidKey, Group::Unauthorized)
        .because(
            "Portkey does not accept the API key",
            "The key is missing, mistyped, deleted, past its expiry date or from another Portkey: a Prisma AIRS key works only with https://aigw.portkey.ai/v1. A self-hosted gateway also says this when it cannot reach its control plane.",
        )
        .cure("Copy the key again from the API Keys page, or create a new one, and run: openclaw-portkey init", API_KEYS),
    refused("invalid-provider", Cause::InvalidProvider, Group::NotFound)
        .because("x-portkey-provider names no provider", "The value must be @ and a provider slug, or a provider name that Portkey knows.")
        .cure("Write @slug in it, or remove it and write @slug/model as the model id.", CATALOG),
    refused("key-budget", Cause::KeyBudget, Group::Budget)
        .because(
            "the API key's budget is used up",
            "Portkey answers 412 until the budget is raised or its period ends. OpenClaw may call this a rate limit.",
        )
        .cure("On the API Keys page, open the key and raise or reset its budget.", API_KEYS),
    refused("key-expired", Cause::KeyExpired, Group::Unauthorized)
        .because("the API key has expired", "It passed its expiry date.")
        .cure("Create a new key on the API Keys page and run: openclaw-portkey init", API_KEYS),
    refused("key-rate-limit", Cause::KeyRateLimit, Group::RateLimited)
        .because(
            "the API key's rate limit is reached",
            "The limit set on the key in Portkey is reached. OpenClaw tries again ten times before it falls back.",
        )
        .cure("Wait a minute, or raise the rate limit on the key's page.", API_KEYS),
    refused("missing-scope", Cause::MissingScope, Group::Unauthorized)
        .because(
            "the API key lacks a permission",
            "Chat needs completions.write; listing models also needs models.list, which some gateways call virtual_keys.list.",
        )
        .cure("On the API Keys page, edit the key and tick these permissions.", API_KEYS),
    refused("model-not-allowed", Cause::ModelNotAllowed, Group::NotFound)
        .because(
            "the model is not enabled for this provider in Portkey",
            "The integration has a list of allowed models and this one is not on it (412; it has nothing to do with a budget).",
        )
        .cure("In the Model Catalog, open the provider and enable the model, or choose one from: openclaw-portkey models", CATALOG),
    refused("model-not-found", Cause::ModelNotFound, Group::NotFound)
        .because("the provider does not have this model", "The part after @slug/ is misspelt, retired, or not open to the provider's account.")
        .cure("Run: openclaw-portkey models — and take an id from the list, in the form @slug/model.", CATALOG),
    refused("no-provider", Cause::NoProvider, Group::NotFound)
        .because(
            "the request names no provider",
            "The model id lacks @slug/, and no x-portkey-config or x-portkey-provider header is sent. The virtual model portkey-dynamic needs a config.",
        )
        .cure(
            "Write the model as @slug/model (openclaw-portkey set-primary @gemini/gemini-2.5-flash), or add a config (openclaw-portkey set-header --gateway-config pc-…).",
            CATALOG,
        ),
    refused("no-target-matched", Cause::NoTargetMatched, Group::Config)
        .because("no condition of the config matched", "The config routes by conditions, none fits this request, and it has no default.")
        .cure("Add a default to the config's strategy, or send the metadata that its conditions ask for.", CONFIGS),
    refused("policy-budget", Cause::PolicyBudget, Group::Budget)
        .because("a usage policy's budget is used up", "A usage limit policy of the workspace applies to this request.")
        .cure("Ask who manages the workspace to raise the policy's limit.", LOGS),
    refused("policy-rate-limit", Cause::PolicyRateLimit, Group::RateLimited)
        .because("a rate policy's limit is reached", "A rate limit policy of the workspace applies to this request.")
        .cure("Wait a minute, or ask who manages the workspace to raise the policy's limit.", LOGS),
    refused("provider-budget", Cause::ProviderBudget, Group::Budget)
        .because("the provider's budget in Portkey is used up", "The limit under Budget & Limits of this provider is reached.")
        .cure("In the Model Catalog, open the provider, then Budget & Limits, and raise it.", CATALOG),
    refused("provider-expired", Cause::ProviderExpired, Group::Unauthorized)
        .because("the provider's entry in Portkey has expired", "The provider in the Model Catalog passed its expiry date; the Portkey key itself is fine.")
        .cure("In the Model Catalog, open the provider and extend or replace it.", CATALOG),
    refused("provider-rate-limit", Cause::ProviderRateLimit, Group::RateLimited)
        .because("the provider's rate limit in Portkey is reached", "The limit under Budget & Limits of this provider is reached.")
        .cure("Wait a minute, or raise it in the Model Catalog: provider, then Budget & Limits.", CATALOG),
    refused("request-timeout", Cause::RequestTimeout, Group::Timeout)
        .because(
            "the provider took longer than Portkey was told to wait",
            "request_timeout of the config, or the header x-portkey-request-timeout, is shorter than the answer took.",
        )
        .cure("Raise request_timeout (milliseconds) in the config, or remove the header.", CONFIGS),
    refused("unknown", Cause::Unknown, Group::Server)
        .because("the request was refused for a reason that is not known here", "The status and the message are all there is to go by.")
        .cure("Read the message; see whether the base URL is Portkey's, and look at the status page.", STATUS),
    refused("unknown-config", Cause::UnknownConfig, Group::Config)
        .because("the config id does not exist in the key's workspace", "The id is misspelt (case counts), deleted, or of another workspace.")
        .cure("Copy the id from the config's page and run: openclaw-portkey set-header --gateway-config pc-…", CONFIGS),
    refused("unknown-slug", Cause::UnknownSlug, Group::NotFound)
        .because(
            "the provider slug does not exist",
            "The word after @ must be a slug of your Model Catalog, in the same case; it is not the vendor's name.",
        )
        .cure("Run: openclaw-portkey models — or copy the slug from the Model Catalog.", CATALOG),
    refused("upstream-failed", Cause::UpstreamFailed, Group::Server)
        .because("the provider failed", "The error comes from the provider behind Portkey, which passed it on.")
        .cure("Try again; a fallback in the Portkey config would switch providers at once.", CONFIGS),
    refused("upstream-forbidden", Cause::UpstreamForbidden, Group::Unauthorized)
        .because("the provider does not permit this", "The provider's account may not use the model or the region; the Portkey key is fine.")
        .cure("Look at the provider's own account, or choose another model.", CATALOG),
    refused("upstream-rate-limit", Cause::UpstreamRateLimit, Group::RateLimited)
        .because(
            "the provider's own rate limit or quota is reached",
            "The provider's account, not Portkey, says so. OpenClaw tries again ten times, about 150 seconds, before it falls back.",
        )
        .cure("Wait, raise the quota with the provider, or put a fallback into the Portkey config, which switches at once.", CONFIGS),
    refused("upstream-rejected", Cause::UpstreamRejected, Group::Server)
        .because("the provider does not accept the request", "Portkey passed it on, and the provider objects to its contents.")
        .cure("Read the message for the field; try another model to see whether it is this one alone.", LOGS),
    refused("upstream-unauthorized", Cause::UpstreamUnauthorized, Group::Unauthorized)
        .because("the provider refuses its own key", "The Portkey key is fine; the credentials stored for the provider in the Model Catalog are not.")
        .cure("In the Model Catalog, open the provider and enter its API key anew.", CATALOG),
    refused("upstream-unreachable", Cause::UpstreamUnreachable, Group::Network)
        .because("the gateway could not reach the provider", "The gateway answered; the address behind it does not: a wrong x-portkey-custom-host, or the provider is down.")
        .cure("Check the provider's address (custom host), seen from the gateway's machine.", CATALOG),
    refused("web-page", Cause::WebPage, Group::Network)
        .because("a web page answered instead of Portkey's API", "The base URL leads to a website, a sign-in page of the network, or a proxy's error page.")
        .cure("Set the base URL to https://api.portkey.ai/v1, and sign in to the network if it asks.", STATUS),
    refused("workspace-budget", Cause::WorkspaceBudget, Group::Budget)
        .because("the workspace's budget is used up", "Every key of the workspace is refused until it is raised or its period ends.")
        .cure("Ask who manages the workspace to raise its budget.", LOGS),
    refused("workspace-expired", Cause::WorkspaceExpired, Group::Unauthorized)
        .because("the workspace has expired", "Its keys no longer work.")
        .cure("Take a key of another workspace, or ask who manages the organisation.", API_KEYS),
    refused("workspace-rate-limit", Cause::WorkspaceRateLimit, Group::RateLimited)
        .because("the workspace's rate limit is reached", "All keys of the workspace share this limit.")
        .cure("Wait a minute, or ask who manages the workspace to raise the limit.", LOGS),
    refused("wrong-path", Cause::WrongPath, Group::NotFound)
        .because("the path does not exist on this server", "The base URL lacks /v1 at the end, or holds more than that.")
        .cure("Set the base URL to https://api.portkey.ai/v1, or for your own gateway to its address and /v1.", ""),
];
