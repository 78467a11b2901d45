use std::collections::HashSet;

use super::{
    Area, InDoctor, RULES, Transport, all, by_id, connection, for_refusal, for_status,
    for_transport, machine, recognise, replies, team, texts,
};
use crate::portkey::refusal::Refused;

#[test]
fn ids_are_sorted_unique_and_kebab_case() {
    let ids = |table: &'static [super::Cause]| table.iter().map(|cause| cause.id).collect();
    let tables: [Vec<&str>; 6] = [
        RULES.iter().map(|cause| cause.id).collect(),
        ids(replies::TABLE),
        ids(connection::TABLE),
        machine::TABLE.iter().map(|cause| cause.id).collect(),
        team::TABLE.iter().map(|cause| cause.id).collect(),
        ids(texts::TABLE),
    ];
    for table in tables {
        assert!(table.is_sorted(), "{table:?}");
    }
    let mut ids = HashSet::new();
    for cause in all() {
        let id = cause.id;
        assert!(ids.insert(id), "{id} twice");
        let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(id.bytes().all(kebab), "{id}");
        assert_eq!(by_id(id).map(|found| found.id), Some(id));
    }
    assert!(by_id("no-such").is_none());
    assert!(ids.len() > 150, "{}", ids.len());
}

#[test]
fn every_refusal_and_transport_has_one_row() {
    for refused in Refused::ALL {
        let rows = all().filter(|cause| cause.reply == Some(*refused)).count();
        assert_eq!(rows, 1, "{refused:?}");
        assert_eq!(for_refusal(*refused).reply, Some(*refused));
        // An unknown refusal may have any status.
        let statuses = for_refusal(*refused).statuses;
        assert_eq!(
            statuses.is_empty(),
            *refused == Refused::Unknown,
            "{refused:?}"
        );
    }
    for transport in Transport::ALL {
        let rows = all()
            .filter(|cause| cause.transport == Some(*transport))
            .count();
        assert_eq!(rows, 1, "{transport:?}");
        assert_eq!(for_transport(*transport).transport, Some(*transport));
    }
}

#[test]
fn statuses_map_to_causes() {
    for (status, want) in [
        (246, "guardrail-warned"),
        (401, "invalid-key"),
        (412, "key-budget"),
        (431, "headers-too-large"),
        (404, "wrong-path"),
        (403, "missing-scope"),
    ] {
        assert_eq!(for_status(status)[0].id, want, "{status}");
    }
    for (status, want) in [(429, "upstream-rate-limit"), (400, "unknown-slug")] {
        assert_eq!(for_status(status)[0].id, want, "{status}");
    }
    let last = for_status(401).pop().unwrap();
    assert_eq!(last.id, "admin-unauthorized");
    assert!(for_status(299).is_empty());
}

#[test]
fn every_row_is_complete() {
    for cause in all() {
        let id = cause.id;
        for text in [cause.summary, cause.why, cause.fix] {
            assert!(text.len() > 10, "{id}: {text}");
            assert!(!text.contains("  ") && !text.contains('\n'), "{id}: {text}");
        }
        assert!(!cause.summary.ends_with('.'), "{id}");
        assert!(cause.why.ends_with('.'), "{id}");
        // It follows a name and precedes `: details`.
        let is_name = ["Portkey", "O", "`", "Gemini"]
            .iter()
            .any(|name| cause.summary.starts_with(name));
        assert!(
            is_name || cause.summary.starts_with(char::is_lowercase),
            "{id}"
        );
        assert!(
            cause.link.is_empty() || cause.link.starts_with("https://"),
            "{id}"
        );
        for word in cause.words.iter().copied().flatten() {
            assert_eq!(*word, word.to_lowercase(), "{id}: never found");
        }
        assert!(!cause.symptoms.is_empty(), "{id}");
        for (index, symptom) in cause.symptoms.iter().enumerate() {
            assert!(
                !cause.symptoms[..index].contains(symptom),
                "{id}: {symptom:?}"
            );
        }
    }
}

#[test]
fn rules_are_the_rows_of_their_areas() {
    for cause in all() {
        let listed = RULES.contains(&cause);
        assert_eq!(cause.is_rule(), listed, "{}", cause.id);
        assert!(listed || cause.check.is_none(), "{}", cause.id);
        assert!(
            listed || cause.in_doctor == InDoctor::Problems,
            "{}",
            cause.id
        );
    }
    // Rules whose findings come from reading the file have no check.
    let unchecked: Vec<&str> = RULES
        .iter()
        .filter(|rule| rule.check.is_none())
        .map(|rule| rule.id)
        .collect();
    assert_eq!(
        unchecked,
        [
            "ignore-stale",
            "ignore-without-reason",
            "not-utf8",
            "syntax-error"
        ]
    );
    let off: Vec<&str> = RULES
        .iter()
        .filter(|rule| !rule.on)
        .map(|rule| rule.id)
        .collect();
    assert_eq!(off, ["model-metadata-missing"]);
    for area in Area::OF_RULES {
        assert!(
            RULES.iter().any(|rule| rule.area == area),
            "{}",
            area.name()
        );
    }
}

/// A text and the id of the cause it shows.
const TOLD: &[(&str, &str)] = &[
    (
        "401 Portkey Error: Invalid API Key. Error Code: 03",
        "invalid-key",
    ),
    (
        "Error: 401 Portkey Error: Portkey API Key Expired. Error Code: 01",
        "key-expired",
    ),
    (
        "403 Portkey Error: Forbidden!. Error Code: 033",
        "missing-scope",
    ),
    (
        "412 Portkey Error: Portkey API Key Usage Limit Exceeded. Error Code: 04",
        "key-budget",
    ),
    (
        "429 Portkey Error: apikey 11********rpm rate limit exceded. Error Code: 05",
        "key-rate-limit",
    ),
    (
        "400 Either x-portkey-config or x-portkey-provider header is required",
        "no-provider",
    ),
    ("400 Following keys are not valid: nope", "unknown-slug"),
    ("400 Invalid config id passed", "unknown-config"),
    (r#"404 {"message":"Not Found","ok":false}"#, "wrong-path"),
    (
        r#"{"error":{"message":"Model gpt-5 is not allowed for this integration","type":"model_not_allowed_error"}}"#,
        "model-not-allowed",
    ),
    (
        "412 Portkey Virtual Key ex********rov Usage Limit Exceeded",
        "provider-budget",
    ),
    (
        "401 Incorrect API key provided: sk-****. You can find your API key at …",
        "upstream-unauthorized",
    ),
    (
        "404 The model `gpt-9` does not exist or you do not have access to it.",
        "model-not-found",
    ),
    (
        "446 The guardrail checks defined in the config failed. You can find more",
        "guardrail-denied",
    ),
    (
        "408 Request exceeded the timeout sent in the request: 300ms",
        "request-timeout",
    ),
    (
        r#"500 {"html-message":"Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9299"}"#,
        "upstream-unreachable",
    ),
    (
        r#"{"success":false,"data":{"message":"x","errorCode":"AB03"}}"#,
        "admin-forbidden",
    ),
    (
        "[model-fallback/decision] requested=portkey/@a/b reason=format next=portkey/@c/d detail=400 Following keys are not valid: null",
        "unknown-slug",
    ),
    (
        "[model-fallback/decision] reason=rate_limit next=none detail=412 Portkey Error: Portkey API Key Usage Limit Exceeded. Error Code: 04",
        "key-budget",
    ),
    (
        "[model-fallback/decision] decision=candidate_failed reason=auth next=none",
        "fallback",
    ),
    (
        r#"No API key found for provider "portkey". Auth store: …"#,
        "no-api-key",
    ),
    (
        "TypeError: Cannot convert argument to a ByteString because the character at index 3 has a value of 8220",
        "bytestring",
    ),
    (
        "Blocked: resolves to private/internal/special-use IP address",
        "private-address",
    ),
    (
        "[reload] config reload skipped (invalid config): models",
        "skipped-config",
    ),
    ("Invalid URL.", "invalid-url"),
    ("getaddrinfo ENOTFOUND api.portkye.ai", "dns"),
    ("connect ECONNREFUSED 127.0.0.1:8787", "connect"),
    (
        "Error: self-signed certificate in certificate chain",
        "certificate-untrusted",
    ),
    ("CERT_HAS_EXPIRED", "certificate-expired"),
    ("ERR_TLS_CERT_ALTNAME_INVALID", "certificate-wrong-host"),
    ("write EPROTO … wrong version number", "tls"),
    ("Request timed out.", "timeout"),
    ("Connection error.", "connection-error"),
    (
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "not-portkey",
    ),
    ("<!DOCTYPE html><html><head><title>Sign in", "web-page"),
    ("Requests not in dashboard", "not-in-dashboard"),
    ("401 errors", "invalid-key"),
    ("unauthorized", "guide-unauthorized"),
    // OpenClaw's own messages, as in its packages.
    (
        "⚠️ portkey/@x/y request failed (HTTP 446).",
        "guardrail-denied",
    ),
    (
        "⚠️ portkey/@x/y request failed (authentication failed, HTTP 403). Re-authenticate the provider and try again.",
        "missing-scope",
    ),
    (
        "⚠️ portkey/@x/y request failed (request timed out).",
        "timeout",
    ),
    (
        "⚠️ Agent run failed (model: portkey/@x/y).",
        "request-failed",
    ),
    (
        "All models failed (2): portkey/@a/b: x | y",
        "request-failed",
    ),
    (
        "⚠️ Agent failed before reply: All models failed (1): portkey/@a/b: No available auth profile for portkey (all in cooldown or unavailable). (auth)",
        "provider-cooldown",
    ),
    (
        "Provider portkey is in cooldown (all profiles unavailable)",
        "provider-cooldown",
    ),
    (
        "Provider portkey is in cooldown (probe already attempted this run)",
        "provider-cooldown",
    ),
    (
        r#"Inline API key for provider "portkey" is temporarily disabled after a provider auth/billing failure. Retry after about 1 minute, or switch to a different model."#,
        "provider-cooldown",
    ),
    (
        "LLM request failed: provider rejected the request schema or tool payload.",
        "request-rejected",
    ),
    (
        "LLM request failed: provider rejected the request schema or tool payload. rawError=400 Following keys are not valid: nope",
        "unknown-slug",
    ),
    (
        "The selected model was not found by the provider. Check the model id or choose a different model.",
        "model-not-found-by-provider",
    ),
    (
        "[model-fallback/decision] reason=model_not_found next=none detail=404 Not Found",
        "wrong-path",
    ),
    ("404 Not Found", "wrong-path"),
    ("404 status code (no body)", "wrong-path"),
    (
        "Context overflow: prompt too large for the model. Try /reset (or /new) to start a fresh session",
        "context-overflow",
    ),
    (
        "This model's maximum context length is 128000 tokens. However, you requested 140000",
        "context-overflow",
    ),
    (
        "Model context window too small (4000 tokens; source=modelsConfig). Minimum is 16000.",
        "context-window-too-small",
    ),
    (
        "(image omitted: model does not support images)",
        "images-omitted",
    ),
    (
        "Model does not support images: portkey/@a/b",
        "images-omitted",
    ),
    (
        "400 Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max-tokens-field",
    ),
    (
        "400 body.max_completion_tokens: Extra inputs are not permitted",
        "max-tokens-field",
    ),
    (
        "LLM request rejected: configured maxTokens is 200000, above the provider maximum of 64000. Lower maxTokens and try again.",
        "max-tokens-too-large",
    ),
    (
        "max_tokens is too large: 200000. This model supports at most 16384 completion tokens",
        "max-tokens-too-large",
    ),
    (
        "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions",
        "reasoning-field",
    ),
    (
        "The reasoning_content in the thinking mode must be passed back to the API.",
        "reasoning-field",
    ),
    (
        r#"Invalid JSON payload received. Unknown name "additionalProperties" at 'tools[0].function_declarations[3].parameters'"#,
        "gemini-schema",
    ),
    (
        "Function call is missing a thought_signature in functionCall parts.",
        "gemini-thought-signature",
    ),
    (
        "models.providers.portkey.apiKey SecretRef is unresolved (env:default:PORTKEY_API_KEY).",
        "secret-ref-unresolved",
    ),
    (
        r#"Environment variable "PORTKEY_API_KEY" is missing or empty."#,
        "secret-ref-unresolved",
    ),
    (
        r#"Secret provider "vault" is not configured (ref: env:vault:PORTKEY_API_KEY)."#,
        "secret-ref-invalid",
    ),
    (
        r#"Env secret reference id must match /^[A-Z][A-Z0-9_]{0,127}$/ (example: "OPENAI_API_KEY")."#,
        "secret-ref-invalid",
    ),
    (
        "OpenClaw config is invalid: ~/.openclaw/openclaw.json\n  - models.providers.portkey: Unrecognized key: \"apikey\"\nRun: openclaw doctor --fix",
        "config-not-accepted",
    ),
    (
        "Auth profile store main requires legacy credential migration; affected providers: portkey; run openclaw doctor --fix.",
        "auth-store-migration",
    ),
    (
        "Unknown model: openai/@gemini/gemini-2.5-flash",
        "unknown-model",
    ),
    (
        r#"Model override "portkey/@a/b" is not allowed for agent "main" by agents.defaults.modelPolicy.allow."#,
        "agent-model-blocked",
    ),
    (
        "⚠️ API rate limit reached. Please try again later.",
        "guide-rate-limited",
    ),
    (
        "LLM request timed out. rawError=terminated",
        "stream-broken",
    ),
    (
        "The AI service is temporarily overloaded. Please try again in a moment.",
        "service-overloaded",
    ),
    (
        "The AI service is temporarily unavailable (HTTP 503). Please try again in a moment.",
        "upstream-failed",
    ),
    (
        "LLM request failed: DNS lookup for the provider endpoint failed.",
        "dns",
    ),
    (
        "LLM request failed: connection refused by the provider endpoint.",
        "connect",
    ),
    (
        "LLM request failed: proxy or tunnel configuration blocked the provider request.",
        "proxy",
    ),
    (
        r#"Missing env var "PORTKEY_API_KEY" referenced at config path: models.providers.portkey.apiKey"#,
        "no-api-key",
    ),
    // Quoted, boxed, wrapped, truncated.
    (
        "│ 401 Portkey Error: Invalid API Ke│\n│y. Error Code: 03              │",
        "invalid-key",
    ),
    (
        "> {\n>   \"message\": \"Not Found\",\n>   \"ok\": false\n> }",
        "wrong-path",
    ),
    (
        "LLM request failed: provider rejected the req…",
        "request-rejected",
    ),
    ("LLM request failed: provider rej…", "request-rejected"),
    ("400 Either x-portkey-config or x-port...", "no-provider"),
    (
        "app.json5:4:16: error[base-url-without-v1]: the base URL",
        "base-url-without-v1",
    ),
    (
        r#"something odd {"error":{"message":"slow down","code": 429}}"#,
        "upstream-rate-limit",
    ),
    ("the thing said status=403", "missing-scope"),
    ("Model not found", "guide-model-not-found"),
    ("Rate limited", "guide-rate-limited"),
    ("my metadata is gone", "metadata-missing"),
];

#[test]
fn pasted_texts_are_recognised() {
    for (text, id) in TOLD {
        assert_eq!(
            recognise(text).first().map(|cause| cause.id),
            Some(*id),
            "{text}"
        );
    }
    for text in [
        "",
        "hello",
        "everything works",
        "the resource not found",
        "lorem…",
    ] {
        assert!(recognise(text).is_empty(), "{text}");
    }
}
