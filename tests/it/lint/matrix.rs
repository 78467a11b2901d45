//! What is wrong with a config, one fault a row, and sound configs that are unusual: each fault is
//! found by its own rule, where it is, and alone; in the sound ones nothing is found.
//!
//! A row is a part of a wired config. « and » are around what is to be pointed at; after a `+` are
//! the rules that rightly have their say as well.

use std::fmt::Write as _;

use openclaw_portkey::causes::{self, Facts};
use openclaw_portkey::diagnostic::{Diagnostic, Level};
use openclaw_portkey::document::Document;
use openclaw_portkey::openclaw::{Config, Version, VersionSource};

/// The rules, the part, its text.
type Fault = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    // The base URL
    ("base-url-missing", "base_url", r#"«""»"#),
    ("base-url-missing", "base_url", r#"«"  "»"#),
    ("base-url-missing", "base_url", "«null»"),
    ("base-url-missing", "base_url", "«443»"),
    ("base-url-missing", "base_url", r#"«["https://api.portkey.ai/v1"]»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://aigw.portkey.ai"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v2"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/V1"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v1beta"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v1/v1"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v1/chat/completions"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v1/responses"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v1/models"»"#),
    ("base-url-without-v1", "base_url", r#"«"https://api.portkey.ai/v1/embeddings/"»"#),
    ("base-url-without-v1", "base_url", r#"«"http://127.0.0.1:8787"»"#),
    ("base-url-malformed", "base_url", r#"«"api.portkey.ai/v1"»"#),
    ("base-url-malformed", "base_url", r#"«"//api.portkey.ai/v1"»"#),
    ("base-url-malformed", "base_url", r#"«"ftp://api.portkey.ai/v1"»"#),
    ("base-url-malformed", "base_url", r#"«"wss://api.portkey.ai/v1"»"#),
    ("base-url-malformed", "base_url", r#"«"https://"»"#),
    ("base-url-malformed", "base_url", r#"«"https://user:pass@api.portkey.ai/v1"»"#),
    ("base-url-malformed", "base_url", r#"«"https://api.portkey.ai/v1?x=1"»"#),
    ("base-url-malformed", "base_url", r##"«"https://api.portkey.ai/v1#x"»"##),
    ("base-url-insecure", "base_url", r#"«"http://api.portkey.ai/v1"»"#),
    ("base-url-insecure", "base_url", r#"«"http://llm.example.com/v1"»"#),
    ("base-url-trailing-slash", "base_url", r#"«"https://api.portkey.ai/v1/"»"#),
    ("base-url-trailing-slash", "base_url", r#"«"https://api.portkey.ai/v1 "»"#),
    ("base-url-not-portkey", "base_url", r#"«"https://app.portkey.ai/v1"»"#),
    ("base-url-not-portkey", "base_url", r#"«"https://portkey.ai/v1"»"#),
    ("base-url-not-portkey", "base_url", r#"«"https://docs.portkey.ai/v1"»"#),
    ("base-url-not-portkey", "base_url", r#"«"https://api.openai.com/v1"»"#),
    ("variable-not-expanded", "base_url", r#"«"%PORTKEY_BASE_URL%"»"#),
    ("variable-not-expanded", "base_url", r#"«"$(PORTKEY_BASE_URL)"»"#),
    ("variable-not-expanded", "base_url", r#"«"https://${portkey_host}/v1"»"#),
    ("variable-not-expanded", "base_url", r#"«"${env:PORTKEY_BASE_URL}"»"#),
    ("variable-not-expanded", "base_url", r#"«"${PORTKEY_BASE_URL:-https://api.portkey.ai/v1}"»"#),
    ("variable-not-expanded", "base_url", r#"«"{{PORTKEY_BASE_URL}}"»"#),
    // The key
    ("api-key-placeholder", "key", r#"«"YOUR_PORTKEY_API_KEY"»"#),
    ("api-key-placeholder", "key", r#"«"your-portkey-api-key"»"#),
    ("api-key-placeholder", "key", r#"«"<portkey key>"»"#),
    ("api-key-placeholder", "key", r#"«"PORTKEY_API_KEY"»"#),
    ("api-key-placeholder", "key", r#"«"env:PORTKEY_API_KEY"»"#),
    ("api-key-placeholder", "key", r#"«"process.env.PORTKEY_API_KEY"»"#),
    ("api-key-placeholder", "key", r#"«"${portkey_api_key}"»"#),
    ("api-key-placeholder", "key", r#"«"${env:PORTKEY_API_KEY}"»"#),
    ("api-key-placeholder", "key", r#"«"${PORTKEY_API_KEY:-none}"»"#),
    ("api-key-placeholder", "key", r#"«"%PORTKEY_API_KEY%"»"#),
    ("api-key-placeholder", "key", r#"«"$(PORTKEY_API_KEY)"»"#),
    ("api-key-placeholder", "key", r#"«"{{PORTKEY_API_KEY}}"»"#),
    ("api-key-placeholder", "key", r#"«"changeme"»"#),
    ("api-key-placeholder", "key", r#"«"xxxxxxxx"»"#),
    ("api-key-malformed", "key", r#"«"Bearer ${PORTKEY_API_KEY}"»"#),
    ("api-key-malformed", "key", r#"«"bearer ${PORTKEY_API_KEY}"»"#),
    ("api-key-malformed", "key", "«12345»"),
    ("api-key-malformed", "key", "«null»"),
    ("api-key-malformed", "key", "«true»"),
    ("api-key-malformed", "key", "«[]»"),
    ("api-key-malformed", "key", r#"«{ source: "env", id: "PORTKEY_API_KEY" }»"#),
    ("api-key-malformed", "key", r#"«{ provider: "default", id: "PORTKEY_API_KEY" }»"#),
    ("api-key-malformed", "key", r#"«{ source: "environment", provider: "default", id: "PORTKEY_API_KEY" }»"#),
    ("api-key-missing", "key", r#"«""»"#),
    ("api-key-missing", "key", r#"«"   "»"#),
    ("api-key-plaintext", "key", r#"«"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"»"#),
    ("api-key-plaintext + api-key-malformed", "key", r#"«"pk3xAmpl3dZq8Wn2 rT5yVb7Lc0aJ"»"#),
    ("unknown-key", "key", r#"{ source: "env", provider: "default", id: "PORTKEY_API_KEY", «default»: "x" }"#),
    // Headers: names
    ("header-unknown", "headers", r#"«"x-portkey-confg"»: "pc-a-123456""#),
    ("header-unknown", "headers", r#"«"x-portkey-meta-data"»: "{}""#),
    ("header-unknown", "headers", r#"«"x_portkey_config"»: "pc-a-123456""#),
    ("header-unknown", "headers", r#"«"portkey-metadata"»: "{}""#),
    ("header-unknown", "headers", r#"«"x-portkey-traceid"»: "t""#),
    ("header-unknown", "headers", r#"«"x-portkey-apikey"»: "${PORTKEY_API_KEY}""#),
    ("header-unknown", "headers", r#"«"x-portkey-colour"»: "blue""#),
    ("header-name-invalid", "headers", r#"«"x portkey config"»: "pc-a-123456""#),
    ("header-name-invalid", "headers", r#"«"x-portkey-config:"»: "pc-a-123456""#),
    ("header-name-invalid", "headers", r#"«""»: "x""#),
    ("header-internal", "headers", r#"«"x-portkey-config-id"»: "x""#),
    ("header-internal", "headers", r#"«"x-portkey-default-input-guardrails"»: "x""#),
    ("header-deprecated", "headers", r#"«"x-portkey-mode"»: "fallback""#),
    ("header-deprecated", "headers", r#"«"x-portkey-cache"»: "simple""#),
    ("header-deprecated", "headers", r#"«"x-portkey-retry-count"»: "3""#),
    ("header-repeated", "headers", r#"«"X-Portkey-Metadata"»: "{}", "x-portkey-metadata": "{}""#),
    ("virtual-key-legacy", "headers", r#"«"x-portkey-virtual-key"»: "openai-prod""#),
    ("authorization-header-overrides-key", "headers", r#"«"Authorization"»: "Bearer ${PORTKEY_API_KEY}""#),
    // Headers: values
    ("header-type", "headers", r#""x-portkey-metadata": «{ team: "backend" }»"#),
    ("header-type", "headers", r#""x-portkey-request-timeout": «30000»"#),
    ("header-type", "headers", r#""x-portkey-debug": «true»"#),
    ("header-type", "headers", r#""x-portkey-config": «null»"#),
    ("header-type", "headers", r#""x-portkey-forward-headers": «["x-a"]»"#),
    ("header-value-invalid", "headers", r#""x-portkey-request-timeout": «"30"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-request-timeout": «"0"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-request-timeout": «"30s"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-request-timeout": «"1.5"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-request-timeout": «"-1"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-cache-force-refresh": «"false"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-cache-force-refresh": «"0"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-debug": «"no"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-strict-open-ai-compliance": «"False"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-custom-host": «"llm.example.com"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-custom-host": «"https://u:p@llm.example.com"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-custom-host": «"http://localhost:11434/v1"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-custom-host": «"http://10.0.0.5:11434"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-custom-host": «"https://ollama.internal/v1"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-api-key": «"Bearer ${PORTKEY_API_KEY}"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-api-key": «"bearer ${PORTKEY_API_KEY}"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-provider": «"@"»"#),
    ("header-value-invalid", "headers", r#""x-portkey-provider": «"@openai-prod/gpt-5"»"#),
    ("header-hides-requests", "headers", r#""x-portkey-ignore-service-log": «"true"»"#),
    ("header-hides-requests", "headers", r#""x-portkey-debug": «"false"»"#),
    ("header-control-character", "headers", r#""x-team": «"a\nb"»"#),
    ("header-control-character", "headers", r#""x-team": «"a\u0007b"»"#),
    ("header-not-latin1", "headers", r#""x-team": «"“ops”"»"#),
    ("header-not-latin1", "headers", r#""x-portkey-metadata": «"{\"team\":\"東京\"}"»"#),
    ("secret-in-header", "headers", r#""x-portkey-api-key": «"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"»"#),
    ("secret-in-header", "headers", r#""x-portkey-aws-secret-access-key": «"wJalrXUtnFEMIK7MDENGbPxRfiCY"»"#),
    ("secret-in-header", "headers", r#""x-portkey-azure-entra-client-secret": «"wJalrXUtnFEMIK7MDENGbPxRfiCY"»"#),
    ("secret-in-header", "headers", r#""x-api-token": «"abcd1234efgh5678"»"#),
    ("variable-not-expanded", "headers", r#""x-portkey-config": «"%PORTKEY_CONFIG%"»"#),
    ("variable-not-expanded", "headers", r#""x-team": «"$(hostname)"»"#),
    ("variable-not-expanded", "headers", r#""x-team": «"${team}"»"#),
    ("variable-not-expanded", "headers", r#""x-team": «"team $TEAM_NAME"»"#),
    ("forward-headers-syntax", "headers", r#""x-portkey-forward-headers": «"['x-a','x-b']"»"#),
    ("forward-headers-syntax", "headers", r#""x-portkey-forward-headers": «"x-a x-b"»"#),
    ("forward-headers-syntax", "headers", r#""x-portkey-sensitive-headers": «"\"x-a\""»"#),
    ("config-id-malformed", "headers", r#""x-portkey-config": «"my-config"»"#),
    ("config-id-malformed", "headers", r#""x-portkey-config": «"PC-abc-123456"»"#),
    ("config-id-malformed", "headers", r#""x-portkey-config": «"pc-"»"#),
    ("config-id-placeholder", "headers", r#""x-portkey-config": «"pc-config-id"»"#),
    ("metadata-not-json-object", "headers", r#""x-portkey-metadata": «"team=backend"»"#),
    ("metadata-not-json-object", "headers", r#""x-portkey-metadata": «"[1]"»"#),
    ("metadata-not-json-object", "headers", r#""x-portkey-metadata": «"{team:'x'}"»"#),
    ("metadata-value-not-string", "headers", r#""x-portkey-metadata": «"{\"n\":1}"»"#),
    ("metadata-value-not-string", "headers", r#""x-portkey-metadata": «"{\"a\":{\"b\":\"c\"}}"»"#),
    ("trace-id-static", "headers", r#""x-portkey-trace-id": «"session-1"»"#),
    // Headers elsewhere
    ("header-value-invalid", "request", r#"headers: { "x-portkey-request-timeout": «"30"» }"#),
    ("header-unknown", "request", r#"headers: { «"x-portkey-confg"»: "pc-a-123456" }"#),
    ("metadata-not-json-object", "request", r#"headers: { "x-portkey-metadata": «"team=backend"» }"#),
    ("config-id-malformed", "request", r#"headers: { "x-portkey-config": «"abc"» }"#),
    ("header-value-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "x-portkey-request-timeout": «"9"» } }]"#),
    ("header-unknown", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { «"x-portkey-confg"»: "pc-a-1" } }]"#),
    ("config-id-placeholder", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "x-portkey-config": «"pc-config-id"» } }]"#),
    ("metadata-not-json-object", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "x-portkey-metadata": «"x"» } }]"#),
    // Models
    ("models-empty", "models", "«[]»"),
    ("models-empty", "models", "«null»"),
    ("models-empty", "models", r#"«{ id: "@openai-prod/gpt-5", name: "GPT 5" }»"#),
    ("model-name-missing", "models", r#"[{ id: «"@openai-prod/gpt-5"» }]"#),
    ("model-name-missing", "models", r#"[{ id: "@openai-prod/gpt-5", name: «""» }]"#),
    ("model-id-malformed", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, «{ name: "Other" }»]"#),
    ("model-id-malformed", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-prod"», name: "Other" }]"#),
    ("model-id-malformed", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@/gpt-5"», name: "Other" }]"#),
    ("model-id-malformed", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@gemini/ flash"», name: "Other" }]"#),
    ("model-id-without-at", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"gemini/gemini-2.5-flash"», name: "Flash" }]"#),
    ("model-id-without-at", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"gpt-5-mini"», name: "Mini" }]"#),
    ("model-id-has-provider-prefix", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"portkey/@gemini/gemini-2.5-flash"», name: "Flash" }]"#),
    ("model-duplicate", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: «"@openai-prod/gpt-5"», name: "Again" }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «0» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «-5» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «"128k"» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «3000» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", maxTokens: «0» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 100000, maxTokens: «200000» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", reasoning: «"yes"» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", input: [«"images"»] }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", input: «"text"» }]"#),
    ("model-metadata-invalid", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", cost: «5» }]"#),
    ("unknown-key", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", «context_window»: 400000 }]"#),
    ("unknown-key", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", «label»: "x" }]"#),
    ("base-url-without-v1", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"https://api.portkey.ai"» }]"#),
    ("base-url-malformed", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"api.portkey.ai/v1"» }]"#),
    ("base-url-not-portkey", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"https://api.openai.com/v1"» }]"#),
    ("base-url-insecure", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"http://api.portkey.ai/v1"» }]"#),
    ("variable-not-expanded", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"%BASE%"» }]"#),
    ("api-incompatible", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", api: «"anthropic-messages"» }]"#),
    ("api-incompatible", "models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", api: «"google-generative-ai"» }]"#),
    // The provider
    ("api-incompatible", "api", r#"«"anthropic-messages"»"#),
    ("api-incompatible", "api", r#"«"openai"»"#),
    ("api-incompatible", "api", r#"«"google-vertex"»"#),
    ("api-incompatible", "api", r#"«"ollama"»"#),
    ("api-incompatible", "api", r#"«5»"#),
    ("unknown-key", "request", r#"headers: {} }, «configId»: "pc-a-1", params: { a: 1"#),
    ("unknown-key", "request", r#"headers: {} }, «api_key»: "x", params: { a: 1"#),
    ("unknown-key", "request", r#"headers: {} }, «baseURL»: "x", params: { a: 1"#),
    ("unknown-key", "request", r#"headers: {} }, «fallbacks»: [], params: { a: 1"#),
    // References
    ("primary-missing", "agents", "«defaults»: {}"),
    ("primary-undeclared", "agents", r#"defaults: { model: { primary: «"portkey/@openai-prod/gpt-6"» } }"#),
    ("primary-undeclared", "agents", r#"defaults: { model: «"portkey/@openai-prod/gpt-5-mini"» }"#),
    ("reference-without-provider", "agents", r#"defaults: { model: { primary: «"@openai-prod/gpt-5"» } }"#),
    ("reference-without-provider", "agents", r#"defaults: { model: «"@gemini/gemini-2.5-flash"» }"#),
    ("reference-without-provider", "agents", r#"defaults: { model: { primary: «"portkye/@openai-prod/gpt-5"» } }"#),
    ("reference-without-provider", "agents", r#"defaults: { model: { primary: «"gpt-5"» } }"#),
    ("agent-bypasses-portkey", "agents", r#"defaults: { model: { primary: «"anthropic/claude-sonnet-4-5"» } }"#),
    ("agent-bypasses-portkey", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }, list: [{ id: "ops", model: «"openai/gpt-5"» }]"#),
    ("agent-bypasses-portkey", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }, entries: { main: { model: { primary: «"openai/gpt-5"» } } }"#),
    ("fallback-bypasses-portkey", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: [«"anthropic/claude-haiku-4-5"»] } }"#),
    ("fallback-is-primary", "routed", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: [«"portkey/@openai-prod/gpt-5"»] } }"#),
    ("fallback-duplicate", "routed", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: ["portkey/@gemini/gemini-2.5-flash", «"portkey/@gemini/gemini-2.5-flash"»] } }"#),
    ("fallback-cannot-take-over", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: «["portkey/@gemini/gemini-2.5-flash"]» } }"#),
    ("reference-undeclared", "routed", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: [«"portkey/@gemini/gemini-3"»] } }"#),
    ("reference-undeclared", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, utilityModel: «"portkey/@openai-prod/gpt-5-nano"» }"#),
    ("reference-undeclared", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, pdfModel: «"portkey/@openai-prod/gpt-5-nano"» }"#),
    ("reference-undeclared", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, subagents: { model: «"portkey/@openai-prod/gpt-5-nano"» } }"#),
    ("reference-undeclared", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, compaction: { model: «"portkey/@openai-prod/gpt-5-nano"» } }"#),
    ("reference-undeclared", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, models: { "portkey/@openai-prod/gpt-5": {}, «"portkey/@openai-prod/gpt-5-minni"»: {} } }"#),
    ("reference-undeclared", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, models: { «"portkey/gpt-5"»: { alias: "g" }, "portkey/@openai-prod/gpt-5": {} } }"#),
    ("image-model-text-only", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, imageModel: «"portkey/@gemini/gemini-2.5-flash"» }"#),
    ("image-model-text-only", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, imageModel: { primary: «"portkey/@gemini/gemini-2.5-flash"» } }"#),
    ("unknown-key", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, «fallbacks»: ["portkey/@gemini/gemini-2.5-flash"] }"#),
    ("unknown-key", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, «primary»: "portkey/@openai-prod/gpt-5" }"#),
    ("unknown-key", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, «agentId»: "main" }"#),
    ("unknown-key", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", «fallback»: [] } }"#),
    ("unknown-key", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }, «fallbacks»: []"#),
    ("unknown-key", "agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }, list: [{ id: "main", «prompt»: "x" }]"#),
    // The file
    ("unknown-key", "root", r#"«portkey»: { apiKey: "x" }"#),
    ("unknown-key", "root", r#"«providers»: {}"#),
    ("unknown-key", "root", r#"«model»: "portkey/@openai-prod/gpt-5""#),
    ("unknown-key", "root", r#"«fallbacks»: []"#),
    ("invalid-value", "root", r#"gateway: { port: «"18789"» }"#),
    ("invalid-value", "root", r#"gateway: { mode: «"remot"» }"#),
    ("invalid-value", "root", r#"logging: { level: «"loud"» }"#),
    ("secret-in-env-block", "root", r#"env: { vars: { PORTKEY_API_KEY: «"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"» } }"#),
    // By version
    ("unknown-key", "root@2026.9.6", r#"env: { «PORTKEY_TEAM»: "backend" }"#),
    ("fallback-cannot-take-over", "agents@2026.2.17", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: [«"portkey/@gemini/gemini-2.5-flash"»] }, models: { "portkey/@openai-prod/gpt-5": {} } }"#),
    ("retired-key", "request@2026.2.17", r#"x: 1 }, «timeoutSeconds»: 60, params: { a: 1"#),
    ("allowlist-bypasses-portkey", "agents@2026.8.1", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, modelPolicy: { allow: «["anthropic/claude-opus-4-6"]» } }"#),
    ("allowlist-bypasses-portkey", "agents@2026.9.6", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, modelPolicy: { allow: «["anthropic/*"]» } }"#),
    ("mode-replace", "root2", r#"mode: «"replace"»"#),
];

#[rustfmt::skip]
const SOUND: &[(&str, &str)] = &[
    ("base_url", r#""https://api.portkey.ai/v1""#),
    ("base_url", r#""https://aigw.portkey.ai/v1""#),
    ("base_url", r#""http://127.0.0.1:8787/v1""#),
    ("base_url", r#""http://localhost:8787/v1""#),
    ("base_url", r#""http://[::1]:8787/v1""#),
    ("base_url", r#""https://gateway.corp.example/portkey/v1""#),
    ("base_url", r#""https://gw.internal/v1""#),
    ("base_url", r#""${PORTKEY_BASE_URL}""#),
    ("base_url", r#""https://${PORTKEY_HOST}/v1""#),
    ("base_url", r#""$PORTKEY_BASE_URL""#),
    ("base_url", r#"'https://api.portkey.ai/v1'"#),
    ("base_url", r#""https://api.portkey.ai:443/v1""#),
    ("key", r#""${PORTKEY_API_KEY}""#),
    ("key", r#""$PORTKEY_API_KEY""#),
    ("key", r#"" ${PORTKEY_API_KEY} ""#),
    ("key", r#""${MY_OWN_NAME}""#),
    ("key", r#"{ source: "env", provider: "default", id: "PORTKEY_API_KEY" }"#),
    ("key", r#"{ source: "exec", provider: "default", id: "portkey" }"#),
    ("key", r#"{ source: "file", provider: "default", id: "/portkey/key" }"#),
    ("headers", ""),
    ("headers", r#""X-Portkey-Metadata": '{"team":"backend"}'"#),
    ("headers", r#""x-portkey-metadata": "{\"_user\":\"${USER_NAME}\"}""#),
    ("headers", r#""x-portkey-metadata": "${METADATA}""#),
    ("headers", r#""x-portkey-metadata": "{}""#),
    ("headers", r#""x-portkey-metadata": "{\"a\":\"R&D\"}""#),
    ("headers", r#""x-portkey-config": "pc-pplx-c-ca7a87""#),
    ("headers", r#""x-portkey-config": "${PORTKEY_CONFIG}""#),
    ("headers", r#""x-portkey-provider": "@openai-prod""#),
    ("headers", r#""x-portkey-api-key": "${PORTKEY_API_KEY}""#),
    ("headers", r#""x-portkey-api-key": { source: "env", provider: "default", id: "PORTKEY_API_KEY" }"#),
    ("headers", r#""x-portkey-request-timeout": "60000""#),
    ("headers", r#""x-portkey-request-timeout": "${TIMEOUT_MS}""#),
    ("headers", r#""x-portkey-cache-force-refresh": "true""#),
    ("headers", r#""x-portkey-cache-namespace": "tenant-1""#),
    ("headers", r#""x-portkey-debug": "true""#),
    ("headers", r#""x-portkey-strict-open-ai-compliance": "false""#),
    ("headers", r#""x-portkey-custom-host": "https://llm.example.com/v1""#),
    ("headers", r#""x-portkey-forward-headers": "x-tenant, x-request-id", "x-tenant": "a""#),
    ("headers", r#""x-portkey-forward-headers": "x-portkey-colour", "x-portkey-colour": "blue""#),
    ("headers", r#""x-portkey-vertex-region": "us-east5""#),
    ("headers", r#""x-portkey-vertex-project-id": "team-1234""#),
    ("headers", r#""x-portkey-azure-deployment-id": "gpt-5-prod""#),
    ("headers", r#""x-portkey-azure-api-version": "2025-01-01-preview""#),
    ("headers", r#""x-portkey-openai-organization": "org-abcd1234efgh5678""#),
    ("headers", r#""x-portkey-openai-project": "proj_abcd1234efgh5678""#),
    ("headers", r#""x-portkey-aws-region": "eu-west-1""#),
    ("headers", r#""x-portkey-anthropic-version": "2023-06-01""#),
    ("headers", r#""x-portkey-aws-secret-access-key": "${AWS_SECRET_ACCESS_KEY}""#),
    ("headers", r#""x-team": "backend", "user-agent": "mine/1.0""#),
    ("headers", r#""x-price": "US$ 5", "x-path": "%C3%A4", "x-share": "50% of 90%""#),
    ("headers", r#""x-literal": "$${NAME}""#),
    ("headers", r#""x-latin": "Zoë""#),
    ("request", r#"headers: { "x-portkey-metadata": '{"team":"backend"}' }"#),
    ("request", r#"allowPrivateNetwork: true"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@openrouter/meta-llama/llama-3:free", name: "Llama" }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 400000, maxTokens: 128000, input: ["text", "image"], reasoning: true }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", cost: { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 0 } }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", compat: { maxTokensField: "max_tokens" } }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", api: "openai-responses" }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: "https://aigw.portkey.ai/v1" }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "x-portkey-config": "pc-a-123456" } }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "Genau so – „Fünf“" }]"#),
    ("models", r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@OpenAI-prod/gpt-5", name: "Other case" }]"#),
    ("api", r#""openai-completions""#),
    ("api", r#""openai-responses""#),
    ("agents", r#"defaults: { model: "portkey/@openai-prod/gpt-5" }"#),
    ("agents", r#"defaults: { model: { primary: "Portkey/@openai-prod/gpt-5" } }"#),
    ("agents", r#"defaults: { model: { primary: " portkey/@openai-prod/gpt-5 " } }"#),
    ("agents", r#"defaults: { model: { primary: "gpt" }, models: { "portkey/@openai-prod/gpt-5": { alias: "gpt" } } }"#),
    ("agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, models: { "portkey/*": {} } }"#),
    ("agents", r#"defaults: { model: { primary: "${PRIMARY}" } }"#),
    ("agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: [] } }"#),
    ("agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, imageModel: "openai/gpt-5" }"#),
    ("agents", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }, list: [{ id: "main", model: "portkey/@gemini/gemini-2.5-flash" }]"#),
    ("routed", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: ["portkey/@gemini/gemini-2.5-flash"] } }"#),
    ("agents@2026.9.6", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" }, modelPolicy: { allow: ["portkey/*"] } }"#),
    ("agents@2026.2.17", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }"#),
    ("agents@2026.7.1", r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5", fallbacks: ["portkey/@gemini/gemini-2.5-flash"] } }"#),
    ("root", r#"env: { vars: { PORTKEY_TEAM: "backend" } }"#),
    ("root@2026.5.28", r#"env: { PORTKEY_TEAM: "backend" }"#),
    ("root@2026.7.1", r#"env: { PORTKEY_API_KEY: "${OTHER}" }"#),
    ("root", r#"gateway: { port: 18789, bind: "loopback" }"#),
    ("root2", r#"mode: "merge""#),
    // Keyless, and other ways of wiring.
    ("provider", r#"baseUrl: "https://api.portkey.ai/v1", headers: { "x-portkey-api-key": { source: "env", provider: "default", id: "PORTKEY_API_KEY" } }, models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }]"#),
    ("gateway", r#"baseUrl: "http://127.0.0.1:8787/v1", apiKey: "${OPENAI_API_KEY}", headers: { "x-portkey-provider": "openai" }, models: [{ id: "gpt-5", name: "GPT 5" }]"#),
    ("gateway", r#"baseUrl: "http://127.0.0.1:8787/v1", headers: { "x-portkey-provider": "openai", "x-portkey-custom-host": "http://127.0.0.1:9000/v1" }, models: [{ id: "gpt-5", name: "GPT 5" }]"#),
    ("provider", r#"baseUrl: "https://api.portkey.ai", apiKey: "${PORTKEY_API_KEY}", api: "anthropic-messages", headers: { "x-portkey-api-key": "${PORTKEY_API_KEY}" }, models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }]"#),
];

/// A wired config in which one part is given.
fn config(part: &str, text: &str) -> String {
    let is = |name: &str| part == name;
    let own = |name: &str, otherwise: &str| {
        if is(name) {
            text.to_owned()
        } else {
            otherwise.to_owned()
        }
    };
    let models = own(
        "models",
        if is("agents") || is("routed") {
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "@gemini/gemini-2.5-flash", name: "Flash" }]"#
        } else {
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }]"#
        },
    );
    let headers = own(
        "headers",
        if is("routed") {
            r#""x-portkey-config": "pc-pplx-c-ca7a87""#
        } else {
            ""
        },
    );
    let request = if is("request") {
        format!("request: {{ {text} }},\n      ")
    } else {
        String::new()
    };
    let provider = own(
        if is("gateway") { "gateway" } else { "provider" },
        &format!(
            "baseUrl: {},\n      apiKey: {},\n      api: {},\n      {request}headers: {{ {headers} }},\n      models: {models},",
            own("base_url", r#""https://api.portkey.ai/v1""#),
            own("key", r#""${PORTKEY_API_KEY}""#),
            own("api", r#""openai-completions""#),
        ),
    );
    let agents = if is("agents") || is("routed") {
        text.to_owned()
    } else if is("gateway") {
        r#"defaults: { model: { primary: "portkey/gpt-5" } }"#.to_owned()
    } else {
        r#"defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } }"#.to_owned()
    };
    let mode = if is("root2") {
        format!("{text},\n    ")
    } else {
        String::new()
    };
    let root = if is("root") {
        format!("  {text},\n")
    } else {
        String::new()
    };
    format!(
        "{{\n  models: {{\n    {mode}providers: {{ portkey: {{\n      {provider}\n    }} }},\n  }},\n  agents: {{ {agents} }},\n{root}}}\n"
    )
}

/// What the rules find that run without being selected.
fn findings(text: &str, version: Option<&str>) -> Vec<Diagnostic> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let config = Config::new("openclaw.json".into(), document);
    let version = version.map_or(VersionSource::Unknown, |version| {
        VersionSource::Flag(Version::parse(version).expect("a version"))
    });
    let rules: Vec<_> = causes::on().collect();
    causes::run(&Facts::new(&config, version), &rules)
}

fn shown(found: &[Diagnostic], text: &str) -> String {
    let mut lines = String::new();
    for one in found {
        let at = one.span().map_or("", |span| &text[span.range.clone()]);
        let _ = writeln!(
            lines,
            "    {} {} at {at:.60}: {}",
            one.level, one.check, one.message
        );
    }
    lines
}

#[test]
fn each_fault_is_found_by_its_own_rule_where_it_is() {
    let mut wrong = String::new();
    for (rules, part, text) in FAULTS {
        let (part, version) = part
            .split_once('@')
            .map_or((*part, None), |(part, version)| (part, Some(version)));
        let marked = config(part, text);
        let (start, rest) = (marked.find('«').expect("«"), marked.find('»').expect("»"));
        let text = marked.replace(['«', '»'], "");
        let place = start..rest - '«'.len_utf8();
        let wanted: Vec<&str> = rules.split(" + ").collect();
        let found = findings(&text, version);
        let right = found.iter().any(|one| {
            one.check == wanted[0] && one.span().is_some_and(|span| span.range == place)
        });
        let others = found.iter().any(|one| !wanted.contains(&one.check));
        if !right || others {
            let _ = writeln!(
                wrong,
                "{rules} in {part}: {}\n{}",
                &marked[start..rest],
                shown(&found, &text)
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(FAULTS.len() >= 200, "{} faults", FAULTS.len());
}

#[test]
fn nothing_is_wrong_with_what_is_sound() {
    let mut wrong = String::new();
    for (part, text) in SOUND {
        let (part, version) = part
            .split_once('@')
            .map_or((*part, None), |(part, version)| (part, Some(version)));
        let text = config(part, text);
        let mut found = findings(&text, version);
        found.retain(|one| one.level >= Level::Warning);
        if !found.is_empty() {
            let _ = writeln!(wrong, "{part}:\n{}{text}", shown(&found, &text));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(SOUND.len() >= 75, "{} sound configs", SOUND.len());
}

/// Twenty-two fallbacks that are all wrong in one way are one finding.
#[test]
fn a_long_list_is_one_finding() {
    let list = |name: &str| {
        let names: Vec<String> = (0..22).map(|n| format!("\"{name}-{n}\"")).collect();
        names.join(", ")
    };
    for (rule, name) in [
        ("fallback-bypasses-portkey", "anthropic/claude"),
        ("reference-undeclared", "portkey/@gemini/gemini"),
        ("reference-without-provider", "@gemini/gemini"),
    ] {
        let agents = format!(
            "defaults: {{ model: {{ primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [{}] }} }}",
            list(name)
        );
        let text = config("routed", &agents);
        let found = findings(&text, None);
        assert_eq!(found.len(), 1, "{}", shown(&found, &text));
        assert_eq!(found[0].check, rule);
        assert!(found[0].message.contains("21 more"), "{}", found[0].message);
    }
}
