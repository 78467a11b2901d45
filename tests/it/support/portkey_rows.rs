//! The error replies of the real Portkey.

/// An error reply of the real Portkey.
#[derive(Debug)]
pub(crate) struct Row {
    /// The id of its symptom, or `id:variant` if several responses have the same one.
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    /// Whether it comes from a target, and so has `x-portkey-…` response headers.
    pub(crate) reached_target: bool,
    pub(crate) body: &'static str,
}

impl Row {
    /// The id of the symptom of this response.
    pub(crate) fn symptom(&self) -> &'static str {
        self.name.split(':').next().unwrap_or_default()
    }
}

const fn gateway(name: &'static str, status: u16, body: &'static str) -> Row {
    Row {
        name,
        status,
        reached_target: false,
        body,
    }
}

const fn target(name: &'static str, status: u16, body: &'static str) -> Row {
    Row {
        name,
        status,
        reached_target: true,
        body,
    }
}

pub(crate) const ROWS: &[Row] = &[
    gateway(
        "admin-conflict",
        409,
        r#"{"success":false,"data":{"message":"Already exists","errorCode":"AB07"}}"#,
    ),
    gateway(
        "admin-failed",
        500,
        r#"{"success":false,"data":{"message":"Something went wrong","errorCode":"AB04"}}"#,
    ),
    gateway(
        "admin-forbidden",
        403,
        r#"{"success":false,"data":{"message":"You do not have enough permissions to execute this request","errorCode":"AB03","request_id":"0"}}"#,
    ),
    gateway(
        "admin-invalid",
        400,
        r#"{"success":false,"data":{"message":"Invalid request","errorCode":"AB01"}}"#,
    ),
    gateway(
        "admin-not-found",
        404,
        r#"{"success":false,"data":{"message":"Not found","errorCode":"AB02"}}"#,
    ),
    gateway(
        "admin-not-found:resource",
        404,
        r#"{"success":false,"data":{"message":"Not found","errorCode":"AB08"}}"#,
    ),
    gateway(
        "admin-plan",
        402,
        r#"{"success":false,"data":{"message":"Upgrade","errorCode":"AB09"}}"#,
    ),
    gateway(
        "admin-rate-limit",
        429,
        r#"{"success":false,"data":{"message":"Slow down","errorCode":"AB06"}}"#,
    ),
    gateway(
        "admin-unauthorized",
        401,
        r#"{"success":false,"data":{"message":"Unauthorised","errorCode":"AB05"}}"#,
    ),
    gateway(
        "config-not-json",
        400,
        r#"{"status":"failure","message":"Invalid config passed. You need to pass a valid json"}"#,
    ),
    gateway(
        "config-pinned",
        400,
        r#"{"status":"failure","message":"Cannot override default config set for this API key."}"#,
    ),
    gateway("gateway-failed", 503, "no healthy upstream"),
    target(
        "guardrail-denied",
        446,
        r#"{"error":{"message":"The guardrail checks defined in the config failed. You can find more information in the `hook_results` object.","type":"hooks_failed","param":null,"code":null},"hook_results":{"before_request_hooks":[],"after_request_hooks":[]}}"#,
    ),
    gateway("headers-too-large", 431, ""),
    gateway(
        "inline-blocked",
        400,
        r#"{"status":"failure","error":{"code":"inline_provider_blocked","message":"Only saved configs","field":"x-portkey-provider"},"message":"Only saved configs"}"#,
    ),
    gateway(
        "invalid-config",
        400,
        r#"{"status":"failure","message":"Invalid config passed","errors":["path: strategy,mode, message: Invalid 'mode' value."]}"#,
    ),
    gateway(
        "invalid-key",
        401,
        r#"{"status":"failure","message":"Portkey Error: Invalid API Key. Error Code: 03","error":{"message":"Portkey Error: Invalid API Key. Error Code: 03","code":"03"}}"#,
    ),
    gateway(
        "invalid-provider",
        400,
        r#"{"status":"failure","message":"Invalid provider passed"}"#,
    ),
    gateway(
        "key-budget",
        412,
        r#"{"status":"failure","message":"Portkey Error: Portkey API Key Usage Limit Exceeded. Error Code: 04","error":{"message":"Portkey Error: Portkey API Key Usage Limit Exceeded. Error Code: 04","code":"04"}}"#,
    ),
    gateway(
        "key-expired",
        401,
        r#"{"status":"failure","message":"Portkey Error: Portkey API Key Expired. Error Code: 01","error":{"message":"Portkey Error: Portkey API Key Expired. Error Code: 01","code":"01"}}"#,
    ),
    gateway(
        "key-rate-limit",
        429,
        r#"{"status":"failure","message":"Portkey Error: apikey 11********rpm rate limit exceded. Error Code: 05","error":{"message":"Portkey Error: apikey 11********rpm rate limit exceded. Error Code: 05","code":"05"}}"#,
    ),
    gateway(
        "missing-scope",
        403,
        r#"{"status":"failure","message":"Portkey Error: Forbidden!. Error Code: 033","error":{"message":"Portkey Error: Forbidden!. Error Code: 033","code":"033"}}"#,
    ),
    target(
        "model-not-allowed",
        412,
        r#"{"error":{"message":"Model gpt-5 is not allowed for this integration","type":"model_not_allowed_error","param":null,"code":null}}"#,
    ),
    target(
        "model-not-found",
        404,
        r#"{"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
    ),
    gateway(
        "no-provider",
        400,
        r#"{"status":"failure","message":"Either x-portkey-config or x-portkey-provider header is required"}"#,
    ),
    gateway(
        "no-target-matched",
        400,
        r#"{"status":"failure","message":"Query router did not resolve to any valid target"}"#,
    ),
    target(
        "policy-budget",
        412,
        r#"{"error":{"message":"Usage limit","type":"usage_limits_policy_exhaust_error","param":null,"code":"06"}}"#,
    ),
    target(
        "policy-rate-limit",
        429,
        r#"{"error":{"message":"Rate limit","type":"rate_limits_policy_exhaust_error","param":null,"code":null}}"#,
    ),
    target(
        "provider-budget",
        412,
        r#"{"error":{"message":"Portkey Virtual Key ex********rov Usage Limit Exceeded","type":"virtual_key_exhaust_error","param":null,"code":"04"}}"#,
    ),
    target(
        "provider-budget:integration",
        412,
        r#"{"error":{"message":"Limit","type":"integration_exhaust_error","param":null,"code":"04"}}"#,
    ),
    target(
        "provider-expired",
        401,
        r#"{"error":{"message":"Portkey Virtual Key ex********rov Expired","type":"virtual_key_expired_error","param":null,"code":"01"}}"#,
    ),
    target(
        "provider-rate-limit",
        429,
        r#"{"error":{"message":"Portkey Virtual Key 11********rpm Rate Limit Exceeded","type":"virtual_key_rate_limit_error","param":null,"code":null}}"#,
    ),
    target(
        "request-timeout",
        408,
        r#"{"error":{"message":"Request exceeded the timeout sent in the request: 300ms","type":"timeout_error","param":null,"code":null}}"#,
    ),
    gateway("unknown", 418, r#"{"short":"stout"}"#),
    gateway(
        "unknown-config",
        400,
        r#"{"status":"failure","message":"Invalid config id passed"}"#,
    ),
    gateway(
        "unknown-slug",
        400,
        r#"{"status":"failure","message":"Following keys are not valid: nope"}"#,
    ),
    gateway(
        "unknown-slug:null",
        400,
        r#"{"status":"failure","message":"Following keys are not valid: null"}"#,
    ),
    target(
        "upstream-failed",
        500,
        r#"{"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}"#,
    ),
    target(
        "upstream-forbidden",
        403,
        r#"{"error":{"message":"Not in your region","type":"forbidden","param":null,"code":null}}"#,
    ),
    target(
        "upstream-rate-limit",
        429,
        r#"{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#,
    ),
    target(
        "upstream-rejected",
        400,
        r#"{"error":{"message":"Invalid schema for function","type":"invalid_request_error","param":"tools","code":null}}"#,
    ),
    target(
        "upstream-unauthorized",
        401,
        r#"{"error":{"message":"Incorrect API key provided: sk-x","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
    ),
    gateway(
        "upstream-unauthorized:oss",
        401,
        r#"{"error":{"message":"openai error: Incorrect API key provided: sk-x","type":"invalid_request_error","param":null,"code":"invalid_api_key"},"provider":"openai"}"#,
    ),
    target(
        "upstream-unreachable",
        500,
        r#"{"html-message":"Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9299 Name: TypeError"}"#,
    ),
    gateway(
        "web-page",
        502,
        "<!DOCTYPE html><html><title>Bad gateway</title></html>",
    ),
    gateway(
        "workspace-budget",
        412,
        r#"{"status":"failure","message":"Portkey Error: Portkey Workspace Usage Limit Exceeded. Error Code: 04","error":{"message":"Portkey Error: Portkey Workspace Usage Limit Exceeded. Error Code: 04","code":"04"}}"#,
    ),
    target(
        "workspace-budget:target",
        412,
        r#"{"error":{"message":"Limit","type":"workspace_exhaust_error","param":null,"code":"04"}}"#,
    ),
    target(
        "workspace-expired",
        401,
        r#"{"error":{"message":"Expired","type":"workspace_expired_error","param":null,"code":"01"}}"#,
    ),
    target(
        "workspace-rate-limit",
        429,
        r#"{"error":{"message":"Limit","type":"workspace_rate_limit_error","param":null,"code":null}}"#,
    ),
    gateway("wrong-path", 404, r#"{"message":"Not Found","ok":false}"#),
];
