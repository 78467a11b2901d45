//! OpenClaw's messages and short complaints, sorted by id.

use super::{API_KEYS, Area, CATALOG, CONFIGS, Cause, LOGS, OPENCLAW_DOCS, STATUS, Symptom, Words};

/// A message from OpenClaw.
const fn openclaw(id: &'static str, symptoms: &'static [Symptom], words: Words) -> Cause {
    Cause {
        words,
        ..Cause::new(id, Area::OpenClaw, symptoms)
    }
}

/// A complaint or log line that fits many causes; tried when nothing else fits.
const fn vague(id: &'static str, symptoms: &'static [Symptom], words: Words) -> Cause {
    Cause {
        words,
        ..Cause::new(id, Area::Complaint, symptoms)
    }
}

pub(super) static TABLE: &[Cause] = &[
    openclaw("agent-model-blocked", &[Symptom::OpenClaw], &[&["model override", "is not allowed"], &["is not allowed for agent"], &["or its provider wildcard to"], &["no allowed model is available"]])
        .because(
            "OpenClaw's allow-list does not permit the model",
            "modelPolicy.allow of the agent or the defaults lists other models. If neither is set, agents.defaults.models is the allow-list in some versions.",
        )
        .fixed_by("Run: {run: set-primary MODEL} — it adds the model to the list in force.", OPENCLAW_DOCS),
    openclaw("auth-store-migration", &[Symptom::OpenClaw, Symptom::Unauthorized], &[&["requires legacy credential migration"]])
        .because(
            "an old auth-profiles.json stops OpenClaw",
            "Since 2026.8.1 no agent runs until the file has been moved into the agent's database.",
        )
        .fixed_by("Run: {openclaw: doctor --fix} — then check which key is used: {run: doctor}", OPENCLAW_DOCS),
    vague("billing", &[Symptom::Budget], &[&["billing issue"], &["run out of credits"], &["insufficient balance"], &["insufficient credits"], &["payment required"]])
        .because(
            "a budget or a provider's account is used up",
            "OpenClaw reports the provider's own account and a Portkey budget in the same way; the dashboard shows which it is.",
        )
        .fixed_by("Open the request in the dashboard. For Portkey's budgets, check the key and the provider's Budget & Limits. Otherwise top up the provider's account.", LOGS),
    openclaw("bytestring", &[Symptom::Config, Symptom::OpenClaw], &[&["convert argument to a bytestring"]])
        .because(
            "the key or a header contains a character that can't be sent",
            "OpenClaw only sends Latin-1. The usual culprits are typographic quotes, dashes and invisible characters from copying.",
        )
        .fixed_by("Retype the value by hand. For metadata in other scripts, {run: set-header --metadata KEY=VALUE} writes it in a form that can be sent.", ""),
    openclaw("config-not-accepted", &[Symptom::OpenClaw], &[&["config is invalid"], &["invalid config at"], &["config invalid"], &["unrecognized key"], &["must not have additional properties"], &["invalid input: expected"], &["custom providers require"]])
        .because(
            "OpenClaw does not start with this openclaw.json",
            "A single key or value that this version does not know makes it refuse the whole file.",
        )
        .fixed_by("Run: {run: lint} — it shows each location, and {run: lint --fix} applies the safe fixes.", OPENCLAW_DOCS),
    vague("connection-error", &[Symptom::Network], &[&["network connection error"], &["reported a network error"], &["connection error"], &["fetch failed"]])
        .because(
            "OpenClaw could not connect and doesn't say why",
            "It says the same for a wrong host, a closed port and an address that it blocks as private. Its log says which it is.",
        )
        .fixed_by("Run: {openclaw: logs} — and look for `resolves to private` or a code such as ENOTFOUND.", ""),
    openclaw("context-overflow", &[Symptom::OpenClaw, Symptom::Server], &[&["context overflow"], &["prompt too large for"], &["prompt is too long"], &["maximum context length"], &["context_length_exceeded"], &["exceeds the context window"], &["input is too long for requested model"], &["context limit exceeded"], &["input token count", "exceeds the maximum"]])
        .because(
            "the conversation does not fit into the model's context window",
            "Either it really is that long, or the model's contextWindow in openclaw.json is too large, so that OpenClaw compacts too late. Up to 2026.4.15, a maxTokens as large as the window has the same effect.",
        )
        .fixed_by("Type /compact or /new. Then run: {run: models --sync} — it writes the real contextWindow and maxTokens.", OPENCLAW_DOCS),
    openclaw("context-window-too-small", &[Symptom::OpenClaw], &[&["context window too small"]])
        .because(
            "OpenClaw refuses the model because its contextWindow is too small",
            "It needs at least 4000 tokens (16000 up to 2026.4.15). Usually the number in openclaw.json is wrong.",
        )
        .fixed_by("Run: {run: models --sync --overwrite} — or correct contextWindow by hand.", OPENCLAW_DOCS),
    vague("fallback", &[Symptom::OpenClaw], &[&["model-fallback/decision"], &["reason=auth"], &["reason=rate_limit"]])
        .because(
            "OpenClaw left the primary model, and its reason label can be misleading",
            "It calls any 400 `format`, and a used-up budget (412) `rate_limit`. Look at the text after detail= instead.",
        )
        .fixed_by("Paste the whole line with its detail=… part. If there is none, open the request in the dashboard.", LOGS),
    openclaw("gemini-schema", &[Symptom::Server], &[&["invalid json payload received", "unknown name"], &["function_declarations", "schema"], &["functiondeclaration", "schema"], &["tools[0].function_declarations"], &["\"$schema\"", "unknown name"], &["only allowed for string type", "enum"]])
        .because(
            "Gemini does not accept the JSON schema of a tool",
            "Gemini only supports part of JSON schema. OpenClaw adapts its tools if it knows that the model is Gemini, but behind Portkey it sees an OpenAI model.",
        )
        .fixed_by("Find the tool that the message names. Disable the plugin or MCP server that adds it, or use another model. A gateway config in x-portkey-config can also choose the model by agent.", LOGS),
    openclaw("gemini-thought-signature", &[Symptom::Server], &[&["thought_signature"], &["thought signature"], &["thoughtsignature"]])
        .because(
            "Gemini is missing the thought signature of an earlier tool call",
            "Gemini 3 requires the signature that it sent with each tool call. It is missing from another model's history, or if a gateway drops the field.",
        )
        .fixed_by("Start a new session (/new), and don't switch models within one. {run: set-header --header x-portkey-strict-open-ai-compliance=false} makes Portkey pass such fields on.", LOGS),
    vague("guide-model-not-found", &[Symptom::NotFound], &[&["model not found"], &["model_not_found"], &["unknown model"], &["not a valid model id"]])
        .because("a model is not found", "The model id is not in the form @slug/model, the slug is not in your Model Catalog, or the model is not enabled there.")
        .fixed_by("Run: {run: models} — and use an id from the list.", CATALOG),
    vague("guide-rate-limited", &[Symptom::RateLimited], &[&["api rate limit reached"], &["rate limit"], &["ratelimit"], &["too many requests"], &["429"]])
        .because("requests are rate limited", "The limit is Portkey's (key, workspace or provider) or the provider's own; the reply says which. OpenClaw also calls a used-up budget (412) a rate limit.")
        .fixed_by("In the Model Catalog, open the provider, then Budget & Limits. Otherwise wait a minute.", CATALOG),
    vague("guide-unauthorized", &[Symptom::Unauthorized], &[&["authentication failed"], &["re-authenticate the provider"], &["401"], &["unauthorized"], &["unauthorised"]])
        .because(
            "requests are not authorized",
            "Either Portkey refuses its key, or the provider refuses the one stored in the Model Catalog. Only the second shows in the dashboard.",
        )
        .fixed_by("Copy the Portkey key again ({run: init}), and check the provider's credentials in the Model Catalog.", API_KEYS),
    openclaw("images-omitted", &[Symptom::OpenClaw], &[&["image omitted: model does not support images"], &["media omitted: model does not support images"], &["model does not support images"], &["does not support image input"]])
        .because(
            "OpenClaw drops images because the config does not say that the model accepts them",
            "A model without input, or with input: [\"text\"], only gets text, whatever it \
             supports.",
        )
        .fixed_by("Run: {run: models --sync} — it adds input: [\"text\", \"image\"] to models that accept images.", OPENCLAW_DOCS),
    openclaw("invalid-url", &[Symptom::Config, Symptom::Dashboard, Symptom::Network], &[&["invalid url"]])
        .because("the base URL is not a URL", "It does not begin with https://.")
        .fixed_by("Set baseUrl to https://api.portkey.ai/v1, or run: {run: init --base-url https://api.portkey.ai/v1}", ""),
    openclaw("max-tokens-field", &[Symptom::Server], &[&["'max_tokens' is not supported"], &["use 'max_completion_tokens' instead"], &["max_completion_tokens", "unsupported parameter"], &["max_completion_tokens", "extra inputs are not permitted"], &["max_completion_tokens", "unrecognized"], &["max_completion_tokens", "unknown field"], &["max_completion_tokens", "unexpected keyword"]])
        .because(
            "the provider uses another name for the output limit",
            "OpenClaw sends max_completion_tokens. Some providers only accept max_tokens, and some OpenAI models only max_completion_tokens.",
        )
        .fixed_by("Set compat: { maxTokensField: \"max_tokens\" }, or \"max_completion_tokens\", on the model.", OPENCLAW_DOCS),
    openclaw("max-tokens-too-large", &[Symptom::Server], &[&["above the provider maximum of"], &["max_tokens", "exceed"], &["max_tokens is too large"], &["max_completion_tokens", "exceed"], &["max_completion_tokens is too large"], &["supports at most", "completion tokens"], &["max_output_tokens", "exceed"]])
        .because(
            "the model's maxTokens is more than the provider allows",
            "Every request sends the number as max_completion_tokens.",
        )
        .fixed_by("Run: {run: models --sync --overwrite} — or lower maxTokens by hand.", OPENCLAW_DOCS),
    vague("message-order", &[Symptom::OpenClaw], &[&["message ordering conflict"], &["roles must alternate"], &["incorrect role information"], &["tool_use", "tool_result", "ids were found without"], &["must be followed by tool messages"]])
        .because(
            "the provider does not accept the session's history",
            "It has a tool call without its result, or two messages with the same role in a row. The session stays broken.",
        )
        .fixed_by("Start a new session: /new.", OPENCLAW_DOCS),
    vague("metadata-missing", &[Symptom::Dashboard], &[&["metadata"]])
        .because("metadata does not show in the dashboard", "Portkey silently drops metadata that is not a JSON object of strings, and still answers 200.")
        .fixed_by("Run: {run: set-header --metadata team=backend}", LOGS),
    vague("model-not-found-by-provider", &[Symptom::NotFound], &[&["selected model was not found by the provider"], &["reason=model_not_found"], &["request failed (model not found"]])
        .because(
            "OpenClaw says this for every 404",
            "If its log has `detail=404 Not Found`, the path is wrong: the base URL lacks /v1. If it has a sentence about the model, the provider does not have it.",
        )
        .fixed_by("Run: {run: lint} — for the base URL; then: {run: doctor} — for the models.", CATALOG),
    vague("not-in-dashboard", &[Symptom::Dashboard], &[&["dashboard"], &["no logs"], &["not logged"], &["logs missing"]])
        .because(
            "requests do not show in the dashboard",
            "They go to another base URL or provider, were refused before they reached a target (401/03, 400), belong to another workspace, or carry x-portkey-ignore-service-log.",
        )
        .fixed_by("Check that the base URL is https://api.portkey.ai/v1 and that the primary begins with portkey/. Run: {run: show}", LOGS),
    vague("other-provider-answers", &[Symptom::OpenClaw, Symptom::Dashboard], &[&["modelpolicy"], &["allow-list"], &["allowlist"], &["wrong provider"], &["another provider"]])
        .because(
            "OpenClaw silently sends requests to another provider",
            "An allow-list (agents.defaults.modelPolicy.allow, or agents.defaults.models in some versions) omits the Portkey models.",
        )
        .fixed_by("Run: {run: set-primary MODEL} — it adds the model to the list in force.", OPENCLAW_DOCS),
    openclaw("provider-cooldown", &[Symptom::OpenClaw, Symptom::RateLimited], &[&["is in cooldown"], &["all in cooldown or unavailable"], &["model_cooldown"], &["is temporarily disabled after a provider"], &["inline api key for provider", "temporarily disabled"], &["wait for cooldown"], &["profiles unavailable"]])
        .because(
            "OpenClaw has switched the provider off for a while after an earlier failure",
            "OpenClaw treats all models behind Portkey as one provider, so one refused key (401, 403; since 2026.8.1) or a rate limit stops them all for about a minute, even after the cause is fixed.",
        )
        .fixed_by("Find the first failure in {openclaw: logs} and explain that one, then wait a minute. A fallback in a Portkey config switches at once: {run: set-fallback MODEL --in portkey}", OPENCLAW_DOCS),
    openclaw("reasoning-field", &[Symptom::Server], &[&["reasoning_effort", "not supported"], &["reasoning_effort", "unsupported"], &["reasoning_effort", "unrecognized"], &["reasoning_effort", "extra inputs"], &["reasoning_content", "must be passed back"], &["reasoning_content", "missing"], &["thinking", "not supported"], &["expected `thinking`"], &["expected 'thinking' or 'redacted_thinking'"], &["thinking or redacted_thinking"]])
        .because(
            "the provider rejects the reasoning settings, or requires its earlier reasoning",
            "Some models don't accept reasoning_effort, some not together with tools, and some need the reasoning of earlier turns with each tool call, which the OpenAI format drops.",
        )
        .fixed_by("Set reasoning: false on the model, or turn thinking off (/think off), and start a new session. For OpenAI models with tools, api: \"openai-responses\" works.", OPENCLAW_DOCS),
    vague("request-failed", &[Symptom::OpenClaw, Symptom::Server], &[&["request failed ("], &["llm request failed"], &["agent run failed"], &["agent failed before reply"], &["something went wrong while processing your request"], &["all models failed"], &["llm error"], &["the ai service returned an error"]])
        .because(
            "the request failed, and OpenClaw's message does not say why",
            "It hides the provider's own message; its log has it after detail= or rawError=.",
        )
        .fixed_by("Run: {openclaw: logs} — and paste the line with the error, or run: {run: doctor --probe}", LOGS),
    vague("request-rejected", &[Symptom::Server, Symptom::Config], &[&["provider rejected the request schema"], &["request format rejected"], &["reason=format"]])
        .because(
            "OpenClaw says this for every 400",
            "An unknown slug or config, a missing provider, or a field that the provider does not accept all give this message. Its log has the original after detail= or rawError=.",
        )
        .fixed_by("Run: {run: doctor --probe} — it shows Portkey's own message. Or paste the line from: {openclaw: logs}", LOGS),
    openclaw("secret-ref-invalid", &[Symptom::Unauthorized, Symptom::OpenClaw], &[&["secret reference id must"], &["secret reference provider must match"], &["secret provider", "is not configured"], &["secret provider", "but ref requests"], &["secret reference is not allowed"], &["secretref objects are not supported"], &["not allowlisted in secrets.providers"]])
        .because(
            "OpenClaw can't use a SecretRef in the config",
            "It needs source, provider and id. With source env, the id must be a variable name in capitals, and a provider other than default must be defined in secrets.providers.",
        )
        .fixed_by("Write { source: \"env\", provider: \"default\", id: \"PORTKEY_API_KEY\" }, or run: {run: init}", OPENCLAW_DOCS),
    openclaw("secret-ref-unresolved", &[Symptom::Unauthorized, Symptom::OpenClaw], &[&["secretref is unresolved"], &["secret reference was not found"], &["secret reference was not materialized"], &["secret reference", "resolved to no value"], &["secretref resolution failed"], &["environment variable", "is missing or empty"], &["resolves to a redaction placeholder"], &["did not return id"], &["secretref", "could not be resolved"]])
        .because(
            "a SecretRef refers to a secret that OpenClaw can't find",
            "The variable is not set where OpenClaw runs (a service does not see your shell's exports), or the store or file does not have the id.",
        )
        .fixed_by("Run: {run: init} — it puts the key into OpenClaw's own .env; then restart the gateway.", API_KEYS),
    vague("service-overloaded", &[Symptom::Server], &[&["temporarily overloaded"], &["provider overloaded"], &["temporarily unavailable"], &["provider returned an internal error"], &["provider internal error"], &["the ai service"]])
        .because(
            "the provider or Portkey failed or is overloaded",
            "OpenClaw says this for 500, 502, 503, 504 and 529. It retries for more than a minute before it tries a fallback.",
        )
        .fixed_by("Try again. A fallback in a Portkey config switches at once: {run: set-fallback MODEL --in portkey}", STATUS),
    openclaw("skipped-config", &[Symptom::OpenClaw], &[&["config reload skipped"], &["config reload skipped (invalid config)"], &["invalid config", "reload"]])
        .because("the running OpenClaw ignores the changed config", "The file is invalid for this version, so the old config stays in force, and the next start will fail.")
        .fixed_by("Run: {openclaw: config validate} — and fix what it names.", OPENCLAW_DOCS),
    openclaw("stream-broken", &[Symptom::Network, Symptom::Server], &[&["invalid streaming response"], &["malformed fragment"], &["stream ended before"], &["stream ended without"], &["rawerror=terminated"], &["premature close"], &["stream disconnected before completion"]])
        .because(
            "an answer broke off, or is not a stream",
            "Something between OpenClaw and the provider cut it off or changed it: a buffering proxy, a time limit, or a guardrail on the answer.",
        )
        .fixed_by("Run: {run: doctor --probe} — it reads a stream to its end. Look for a time limit in the Portkey config and in proxies.", STATUS),
    vague("traces-merged", &[Symptom::Dashboard], &[&["one trace"], &["same trace"], &["trace-id"], &["traces", "merged"]])
        .because("all runs share one trace", "A fixed x-portkey-trace-id replaces the trace that OpenClaw sends for each run.")
        .fixed_by("Run: {run: set-header --unset x-portkey-trace-id} — and group by metadata instead.", LOGS),
    openclaw("unknown-model", &[Symptom::NotFound, Symptom::OpenClaw], &[&["unknown model: "], &["no api provider registered for api"]])
        .because(
            "OpenClaw does not know the model or its provider",
            "A reference has the form <provider id>/<model id>: portkey/@slug/model. Without portkey/, OpenClaw looks for another provider.",
        )
        .fixed_by("Run: {run: lint} — it shows the reference; {run: set-primary MODEL} writes a complete one.", OPENCLAW_DOCS),
    vague("virtual-model", &[Symptom::Config], &[&["portkey-dynamic"]])
        .because("the virtual model needs a config", "portkey-dynamic is not in any catalogue: only the config in x-portkey-config can route it.")
        .fixed_by("Run: {run: set-header --gateway-config pc-…}", CONFIGS),
];
