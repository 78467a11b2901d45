//! Refusals by Portkey and the providers behind it, sorted by id.

use super::{API_KEYS, Area, CATALOG, CONFIGS, Cause, Doubt, LOGS, Level, STATUS, Symptom};
use crate::portkey::refusal::Refused;

const fn reply(
    id: &'static str,
    refused: Refused,
    statuses: &'static [u16],
    symptoms: &'static [Symptom],
) -> Cause {
    Cause {
        reply: Some(refused),
        statuses,
        ..Cause::new(id, Area::Reply, symptoms)
    }
}

pub(super) static TABLE: &[Cause] = &[
    reply("admin-conflict", Refused::AdminConflict, &[409], &[Symptom::Config])
        .because("it already exists in Portkey", "The workspace already has something with this name or slug.")
        .fixed_by("Use the existing one, or choose another name.", CONFIGS),
    reply("admin-failed", Refused::AdminFailed, &[500], &[Symptom::Server])
        .because("Portkey's admin API failed", "The fault is on Portkey's side.")
        .fixed_by("Try again in a minute. If it persists, check the status page.", STATUS),
    reply("admin-forbidden", Refused::AdminForbidden, &[403], &[Symptom::Unauthorized])
        .because(
            "the key may not use this part of Portkey's admin API",
            "The key lacks a scope, or the object is not in the key's workspace: Portkey gives the same answer in both cases.",
        )
        .fixed_by("On the API Keys page, edit the key's permissions, or use a key from the right workspace.", API_KEYS),
    reply("admin-invalid", Refused::AdminInvalid, &[400], &[Symptom::Config])
        .because("Portkey's admin API does not accept the request", "A field is missing or has a wrong value.")
        .fixed_by("Fix the field that the message names.", ""),
    reply("admin-not-found", Refused::AdminNotFound, &[404], &[Symptom::NotFound])
        .because("not found in Portkey's admin API", "The name is wrong, or belongs to another workspace.")
        .fixed_by("Copy the slug or id again from Portkey's pages.", CONFIGS),
    reply("admin-plan", Refused::AdminPlan, &[402], &[Symptom::Budget])
        .because("the Portkey plan does not include this", "The organisation has reached the limit of its plan or quota.")
        .fixed_by("Change the plan in Portkey's settings, or do without it.", LOGS),
    reply("admin-rate-limit", Refused::AdminRateLimit, &[429], &[Symptom::RateLimited])
        .because("too many requests to Portkey's admin API", "The admin API has its own rate limit.")
        .fixed_by("Wait as long as the error says, or a minute, and try again.", ""),
    reply("admin-unauthorized", Refused::AdminUnauthorized, &[401], &[Symptom::Unauthorized])
        .because("Portkey's admin API does not accept the key", "The key is wrong, or of a kind that the admin API doesn't accept.")
        .fixed_by("Use a key with admin permissions from the API Keys page.", API_KEYS),
    reply("config-not-json", Refused::ConfigNotJson, &[400], &[Symptom::Config, Symptom::Dashboard])
        .because("x-portkey-config is neither a config id nor JSON", "An id begins with pc-, in lower case; anything else must be a JSON object on one line.")
        .fixed_by("Copy the id from the config's page and run: {run: set-header --gateway-config pc-…}", CONFIGS),
    reply("config-pinned", Refused::ConfigPinned, &[400], &[Symptom::Config, Symptom::Dashboard])
        .because(
            "the key is bound to its own config",
            "The key has a default config that may not be overridden, so requests with x-portkey-config are refused.",
        )
        .fixed_by(
            "Run: {run: set-header --unset x-portkey-config}. Or allow the override on the key's page.",
            API_KEYS,
        ),
    reply("gateway-failed", Refused::GatewayFailed, &[500, 502, 503, 504], &[Symptom::Server])
        .because("the gateway failed before the request reached a provider", "Portkey, or a server in front of it, is down or overloaded.")
        .fixed_by("Check the status page. For a self-hosted gateway, check its log.", STATUS),
    reply("guardrail-denied", Refused::GuardrailDenied, &[446], &[Symptom::Guardrail])
        .because(
            "a guardrail denied the request",
            "A guardrail in the Portkey config blocked the prompt or the answer (446). OpenClaw retries, and may then send it to a fallback model.",
        )
        .fixed_by(
            "Open the request in the dashboard to see which check failed. Change the prompt, or the guardrail in the config.",
            LOGS,
        ),
    reply("guardrail-warned", Refused::GuardrailWarned, &[246], &[Symptom::Guardrail])
        .because("a guardrail failed but let the answer through", "The config only warns (246), so this is not an error.")
        .fixed_by("Open the request in the dashboard to see which check failed.", LOGS)
        .level(Level::Warning),
    reply("inline-blocked", Refused::InlineBlocked, &[400], &[Symptom::Config, Symptom::Dashboard])
        .because("the organisation only allows saved configs", "Block Inline Configs is on, so a provider or config in a header is refused.")
        .fixed_by("Save the config in Portkey and run: {run: set-header --gateway-config pc-…}", CONFIGS),
    reply("invalid-config", Refused::InvalidConfig, &[400], &[Symptom::Config, Symptom::Dashboard])
        .because("the config in x-portkey-config is invalid", "It is JSON, but a field or value is unknown to the gateway.")
        .fixed_by("Fix the field that the message names, or save the config in Portkey, which checks it.", CONFIGS),
    reply("invalid-key", Refused::InvalidKey, &[401], &[Symptom::Unauthorized, Symptom::Dashboard])
        .because(
            "Portkey does not accept the API key",
            "The key is missing, mistyped, deleted, expired or from a different Portkey: a Prisma AIRS key only works with https://aigw.portkey.ai/v1. A self-hosted gateway gives the same answer if it cannot reach its control plane.",
        )
        .fixed_by("Copy the key again from the API Keys page, or create a new one; `{run: init}` stores it.", API_KEYS),
    reply("invalid-provider", Refused::InvalidProvider, &[400], &[Symptom::NotFound, Symptom::Dashboard])
        .because("x-portkey-provider does not name a provider", "The value must be @ and a provider slug, or a provider name that Portkey knows.")
        .fixed_by("Set it to @slug, or remove it and use @slug/model as the model id.", CATALOG),
    reply("key-budget", Refused::KeyBudget, &[412], &[Symptom::Budget, Symptom::Dashboard])
        .because(
            "the API key's budget is used up",
            "Portkey answers 412 until the budget is raised or resets. OpenClaw may call this a rate limit.",
        )
        .fixed_by("On the API Keys page, open the key and raise or reset its budget.", API_KEYS),
    reply("key-expired", Refused::KeyExpired, &[401], &[Symptom::Unauthorized, Symptom::Dashboard])
        .because("the API key has expired", "Its expiry date has passed.")
        .fixed_by("Create a new key on the API Keys page; `{run: init}` stores it.", API_KEYS),
    reply("key-rate-limit", Refused::KeyRateLimit, &[429], &[Symptom::RateLimited, Symptom::Dashboard])
        .because(
            "the API key's rate limit is reached",
            "The key has reached the rate limit set in Portkey. OpenClaw retries ten times before it falls back.",
        )
        .fixed_by("Wait a minute, or raise the rate limit on the key's page.", API_KEYS),
    reply("missing-scope", Refused::MissingScope, &[403], &[Symptom::Unauthorized, Symptom::Dashboard])
        .because(
            "the API key lacks a permission",
            "Chat needs completions.write. Listing models also needs models.list, which some gateways call virtual_keys.list.",
        )
        .fixed_by("On the API Keys page, edit the key and add these permissions.", API_KEYS)
        .level(Level::Warning)
        .doubt(Doubt::UntilAnswered),
    reply("model-not-allowed", Refused::ModelNotAllowed, &[412], &[Symptom::NotFound])
        .because(
            "the model is not enabled for this provider in Portkey",
            "The integration has a list of allowed models without this one (412, which has nothing to do with a budget here).",
        )
        .fixed_by("In the Model Catalog, open the provider and enable the model, or choose one from: {run: models}", CATALOG),
    reply("model-not-found", Refused::ModelNotFound, &[404], &[Symptom::NotFound])
        .because("the provider does not have this model", "The part after @slug/ is misspelt, retired, or not available to the provider's account.")
        .fixed_by("Run: {run: models} — and use an id from the list, in the form @slug/model.", CATALOG),
    reply("no-provider", Refused::NoProvider, &[400], &[Symptom::NotFound, Symptom::Dashboard])
        .because(
            "the request names no provider",
            "The model id lacks @slug/, and neither x-portkey-config nor x-portkey-provider is sent. The virtual model portkey-dynamic needs a config.",
        )
        .fixed_by(
            "Write the model as @slug/model ({run: set-primary @gemini/gemini-2.5-flash}), or add a config ({run: set-header --gateway-config pc-…}).",
            CATALOG,
        ),
    reply("no-target-matched", Refused::NoTargetMatched, &[400], &[Symptom::Config, Symptom::Dashboard])
        .because("no condition of the config matches", "The config routes by conditions, the request matches none, and there is no default.")
        .fixed_by("Add a default to the config's strategy, or send the metadata that its conditions expect.", CONFIGS),
    reply("open-source-gateway", Refused::OpenSourceGateway, &[400], &[Symptom::NotFound, Symptom::Dashboard])
        .because(
            "the open-source gateway needs the provider's name",
            "This is Portkey's open-source gateway. It has no Model Catalog, so it can't interpret @slug/model, and the provider must be set in a header or a gateway config.",
        )
        .fixed_by(
            "Set the provider in a header ({run: set-header --header x-portkey-provider=openai}), and use the provider's own name for the model.",
            "",
        ),
    reply("policy-budget", Refused::PolicyBudget, &[412], &[Symptom::Budget, Symptom::Dashboard])
        .because("a usage policy's budget is used up", "A usage limit policy of the workspace applies to this request.")
        .fixed_by("Ask the workspace's admin to raise the policy's limit.", LOGS),
    reply("policy-rate-limit", Refused::PolicyRateLimit, &[429], &[Symptom::RateLimited, Symptom::Dashboard])
        .because("a rate policy's limit is reached", "A rate limit policy of the workspace applies to this request.")
        .fixed_by("Wait a minute, or ask the workspace's admin to raise the policy's limit.", LOGS),
    reply("provider-budget", Refused::ProviderBudget, &[412], &[Symptom::Budget])
        .because("the provider's budget in Portkey is used up", "This provider's limit under Budget & Limits is reached.")
        .fixed_by("In the Model Catalog, open the provider, then Budget & Limits, and raise it.", CATALOG),
    reply("provider-expired", Refused::ProviderExpired, &[401], &[Symptom::Unauthorized])
        .because("the provider's entry in Portkey has expired", "The expiry date of the provider in the Model Catalog has passed; the Portkey key itself is fine.")
        .fixed_by("In the Model Catalog, open the provider and extend or replace it.", CATALOG),
    reply("provider-rate-limit", Refused::ProviderRateLimit, &[429], &[Symptom::RateLimited])
        .because("the provider's rate limit in Portkey is reached", "This provider's limit under Budget & Limits is reached.")
        .fixed_by("Wait a minute, or raise it in the Model Catalog: provider, then Budget & Limits.", CATALOG),
    reply("request-timeout", Refused::RequestTimeout, &[408], &[Symptom::Timeout])
        .because(
            "the provider took longer than Portkey's timeout",
            "The answer took longer than the config's request_timeout or the header x-portkey-request-timeout allows.",
        )
        .fixed_by("Raise request_timeout (in milliseconds) in the config, or remove the header.", CONFIGS),
    reply("unknown", Refused::Unknown, &[], &[Symptom::Server])
        .because("the request was refused for an unknown reason", "Only the status and the message are known.")
        .fixed_by("Read the message, check that the base URL is Portkey's, and check the status page.", STATUS),
    reply("unknown-config", Refused::UnknownConfig, &[400], &[Symptom::Config, Symptom::Dashboard])
        .because("the config id does not exist in the key's workspace", "The id is misspelt (it is case-sensitive), deleted, or belongs to another workspace.")
        .fixed_by("Copy the id from the config's page and run: {run: set-header --gateway-config pc-…}", CONFIGS),
    reply("unknown-slug", Refused::UnknownSlug, &[400], &[Symptom::NotFound, Symptom::Dashboard])
        .because(
            "the provider slug does not exist",
            "The part after @ must be a slug in your Model Catalog, in the same case, not the vendor's name.",
        )
        .fixed_by("Run: {run: models} — or copy the slug from the Model Catalog.", CATALOG),
    reply("upstream-failed", Refused::UpstreamFailed, &[500, 502, 503, 504], &[Symptom::Server])
        .because("the provider failed", "The error comes from the provider; Portkey only passed it on.")
        .fixed_by("Try again. A fallback in the Portkey config would switch providers at once.", CONFIGS),
    reply("upstream-forbidden", Refused::UpstreamForbidden, &[403], &[Symptom::Unauthorized])
        .because("the provider does not permit this", "The provider's account may not use the model or the region. The Portkey key is fine.")
        .fixed_by("Check the provider's account, or choose another model.", CATALOG),
    reply("upstream-rate-limit", Refused::UpstreamRateLimit, &[402, 429], &[Symptom::RateLimited])
        .because(
            "the provider's own rate limit or quota is reached",
            "The limit is the provider account's, not Portkey's. OpenClaw retries ten times, for about 150 seconds, before it falls back.",
        )
        .fixed_by("Wait, raise the quota with the provider, or add a fallback to the Portkey config, which switches at once.", CONFIGS),
    reply("upstream-rejected", Refused::UpstreamRejected, &[400], &[Symptom::Server])
        .because("the provider does not accept the request", "Portkey passed the request on, but the provider rejects its contents.")
        .fixed_by("Read which field the message names. Try another model to see whether only this one is affected.", LOGS),
    reply("upstream-unauthorized", Refused::UpstreamUnauthorized, &[401], &[Symptom::Unauthorized])
        .because("the provider refuses its own key", "The Portkey key is fine; the provider's credentials in the Model Catalog are not.")
        .fixed_by("In the Model Catalog, open the provider and enter its API key again.", CATALOG),
    reply("upstream-unreachable", Refused::UpstreamUnreachable, &[500], &[Symptom::Network])
        .because("the gateway could not reach the provider", "The gateway responds, but the address behind it does not: x-portkey-custom-host is wrong, or the provider is down.")
        .fixed_by("Check the provider's address (custom host) from the gateway's machine.", CATALOG),
    reply("web-page", Refused::WebPage, &[200, 502, 503], &[Symptom::Network])
        .because("the server returned a web page, not an API response", "The base URL points to a website, the network's sign-in page, or a proxy's error page.")
        .fixed_by("Set the base URL to https://api.portkey.ai/v1, and sign in to the network if required.", STATUS),
    reply("workspace-budget", Refused::WorkspaceBudget, &[412], &[Symptom::Budget, Symptom::Dashboard])
        .because("the workspace's budget is used up", "All keys of the workspace are refused until it is raised or resets.")
        .fixed_by("Ask the workspace's admin to raise its budget.", LOGS),
    reply("workspace-expired", Refused::WorkspaceExpired, &[401], &[Symptom::Unauthorized, Symptom::Dashboard])
        .because("the workspace has expired", "Its keys no longer work.")
        .fixed_by("Use a key of another workspace, or ask the organisation's admin.", API_KEYS),
    reply("workspace-rate-limit", Refused::WorkspaceRateLimit, &[429], &[Symptom::RateLimited, Symptom::Dashboard])
        .because("the workspace's rate limit is reached", "All keys of the workspace share this limit.")
        .fixed_by("Wait a minute, or ask the workspace's admin to raise the limit.", LOGS),
    reply("wrong-path", Refused::WrongPath, &[404], &[Symptom::NotFound, Symptom::Dashboard])
        .because("the path does not exist on this server", "The base URL does not end in /v1, or has a longer path.")
        .fixed_by("Set the base URL to https://api.portkey.ai/v1, or to your own gateway's address followed by /v1.", ""),
];
