//! The allowed keys of a gateway config.

/// The type of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A string.
    String,
    /// A number.
    Number,
    /// A boolean.
    Bool,
    /// An object.
    Object,
    /// A list of strings.
    Strings,
    /// A list of numbers.
    Numbers,
    /// A list of objects.
    Objects,
    /// A list of strings, or a list of objects.
    Guardrails,
    /// A list of targets.
    Targets,
    /// Anything.
    Any,
}

/// A key, the type of its value, and whether gateway 1.15.2 checks it.
pub type Key = (&'static str, Holds, bool);

/// The keys of a target, in the order in which the gateway checks them.
pub const TARGET: &[Key] = &[
    ("strategy", Holds::Object, true),
    ("provider", Holds::String, true),
    ("api_key", Holds::String, true),
    ("aws_secret_access_key", Holds::String, true),
    ("aws_access_key_id", Holds::String, true),
    ("aws_session_token", Holds::String, true),
    ("aws_region", Holds::String, true),
    ("cache", Holds::Object, true),
    ("retry", Holds::Object, true),
    ("weight", Holds::Number, true),
    ("on_status_codes", Holds::Numbers, true),
    ("targets", Holds::Targets, true),
    ("request_timeout", Holds::Number, true),
    ("custom_host", Holds::String, true),
    ("forward_headers", Holds::Strings, true),
    ("vertex_project_id", Holds::String, true),
    ("vertex_region", Holds::String, true),
    ("after_request_hooks", Holds::Objects, true),
    ("before_request_hooks", Holds::Objects, true),
    ("input_guardrails", Holds::Guardrails, true),
    ("output_guardrails", Holds::Guardrails, true),
    ("vertex_service_account_json", Holds::Object, true),
    ("openai_project", Holds::String, true),
    ("openai_organization", Holds::String, true),
    ("azure_model_name", Holds::String, true),
    ("azure_auth_mode", Holds::String, true),
    ("strict_open_ai_compliance", Holds::Bool, true),
    // From here on, only the hosted gateway checks types.
    ("name", Holds::String, false),
    ("virtual_key", Holds::String, false),
    ("override_params", Holds::Object, false),
    ("default_params", Holds::Object, false),
    ("drop_params", Holds::Strings, false),
    ("passthrough", Holds::Bool, false),
    ("prompt_id", Holds::String, false),
    ("fetch_integrated_models", Holds::Bool, false),
    ("resource_name", Holds::String, false),
    ("deployment_id", Holds::String, false),
    ("api_version", Holds::String, false),
    ("deployments", Holds::Objects, false),
    ("azure_region", Holds::String, false),
    ("azure_deployment_name", Holds::String, false),
    ("azure_deployment_type", Holds::String, false),
    ("azure_endpoint_name", Holds::String, false),
    ("azure_api_version", Holds::String, false),
    ("azure_deployment_id", Holds::String, false),
    ("azure_resource_name", Holds::String, false),
    ("azure_ad_token", Holds::String, false),
    ("input_mutators", Holds::Objects, false),
    ("output_mutators", Holds::Objects, false),
];

/// The keys of `strategy`.
pub const STRATEGY: &[Key] = &[
    ("mode", Holds::String, true),
    ("on_status_codes", Holds::Numbers, true),
    ("conditions", Holds::Objects, true),
    ("default", Holds::String, true),
    ("sticky", Holds::Object, false),
    ("cb_config", Holds::Object, false),
];

/// The keys of a condition.
pub const CONDITION: &[Key] = &[
    ("query", Holds::Object, true),
    ("then", Holds::String, true),
];

/// The keys of `cache`.
pub const CACHE: &[Key] = &[
    ("mode", Holds::String, true),
    ("max_age", Holds::Number, true),
];

/// The keys of `retry`.
pub const RETRY: &[Key] = &[
    ("attempts", Holds::Number, true),
    ("on_status_codes", Holds::Numbers, true),
    ("use_retry_after_header", Holds::Bool, true),
];

/// The keys of `strategy.sticky`.
pub const STICKY: &[Key] = &[
    ("enabled", Holds::Bool, false),
    ("hash_fields", Holds::Strings, false),
    ("ttl", Holds::Number, false),
];

/// The keys of `strategy.cb_config`.
pub const BREAKER: &[Key] = &[
    ("failure_threshold", Holds::Number, false),
    ("failure_threshold_percentage", Holds::Number, false),
    ("cooldown_interval", Holds::Number, false),
    ("minimum_requests", Holds::Number, false),
    ("failure_status_codes", Holds::Numbers, false),
];

/// Vendors by Portkey's names, which `provider` uses without `@`.
pub const VENDORS: &[&str] = &[
    "302ai",
    "ai21",
    "aibadgr",
    "anthropic",
    "anyscale",
    "azure-ai",
    "azure-openai",
    "bedrock",
    "bytez",
    "cerebras",
    "cohere",
    "cometapi",
    "cortex",
    "dashscope",
    "deepbricks",
    "deepinfra",
    "deepseek",
    "featherless-ai",
    "fireworks-ai",
    "github",
    "google",
    "groq",
    "huggingface",
    "hyperbolic",
    "inference-net",
    "iointelligence",
    "jina",
    "kluster-ai",
    "krutrim",
    "lambda",
    "lemonfox-ai",
    "lepton",
    "lingyi",
    "matterai",
    "meshy",
    "milvus",
    "mistral-ai",
    "modal",
    "monsterapi",
    "moonshot",
    "ncompass",
    "nebius",
    "nextbit",
    "nomic",
    "novita-ai",
    "nscale",
    "ollama",
    "openai",
    "openrouter",
    "oracle",
    "ovhcloud",
    "palm",
    "perplexity-ai",
    "portkey",
    "predibase",
    "qdrant",
    "recraft-ai",
    "reka-ai",
    "replicate",
    "sagemaker",
    "sambanova",
    "segmind",
    "siliconflow",
    "stability-ai",
    "together-ai",
    "tripo3d",
    "triton",
    "upstage",
    "vertex-ai",
    "voyage",
    "workers-ai",
    "x-ai",
    "z-ai",
    "zhipu",
];
