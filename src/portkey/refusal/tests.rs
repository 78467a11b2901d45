use super::{Refused, Reply, Stage, cause_in, classify};
use crate::secret::Secret;

fn portkey(message: &str) -> String {
    serde_json::json!({
        "status": "failure",
        "message": message,
        "error": { "message": message, "code": message.rsplit(' ').next() },
    })
    .to_string()
}

fn failure(message: &str) -> String {
    serde_json::json!({ "status": "failure", "message": message }).to_string()
}

fn typed(message: &str, kind: &str, code: Option<&str>) -> String {
    serde_json::json!({ "error": { "message": message, "type": kind, "param": null, "code": code } }).to_string()
}

fn admin(code: &str) -> String {
    serde_json::json!({
        "success": false,
        "data": { "message": "You cannot do this", "errorCode": code, "request_id": "0-0" },
    })
    .to_string()
}

/// Status, whether a target was reached, body, cause.
type Row = (u16, bool, String, Refused);

fn gateway(status: u16, body: String, cause: Refused) -> Row {
    (status, false, body, cause)
}

fn target(status: u16, body: String, cause: Refused) -> Row {
    (status, true, body, cause)
}

fn replies() -> Vec<Row> {
    [gateway_replies(), target_replies(), admin_replies()].concat()
}

fn gateway_replies() -> Vec<Row> {
    vec![
        gateway(401, portkey("Portkey Error: Invalid API Key. Error Code: 03"), Refused::InvalidKey),
        gateway(401, portkey("Portkey Error: Portkey API Key Expired. Error Code: 01"), Refused::KeyExpired),
        gateway(403, portkey("Portkey Error: Forbidden!. Error Code: 033"), Refused::MissingScope),
        gateway(412, portkey("Portkey Error: Portkey API Key Usage Limit Exceeded. Error Code: 04"), Refused::KeyBudget),
        gateway(
            412,
            portkey("Portkey Error: Portkey Workspace Usage Limit Exceeded. Error Code: 04"),
            Refused::WorkspaceBudget,
        ),
        gateway(
            429,
            portkey("Portkey Error: apikey 11********rpm rate limit exceded. Error Code: 05"),
            Refused::KeyRateLimit,
        ),
        gateway(
            429,
            portkey("Portkey Error: workspace team-a rate limit exceeded. Error Code: 05"),
            Refused::WorkspaceRateLimit,
        ),
        gateway(400, failure("Invalid config id passed"), Refused::UnknownConfig),
        gateway(400, failure("Invalid config passed. You need to pass a valid json"), Refused::ConfigNotJson),
        gateway(400, failure("Invalid config passed"), Refused::InvalidConfig),
        gateway(400, failure("Following keys are not valid: nope"), Refused::UnknownSlug),
        gateway(400, failure("Following keys are not valid: null"), Refused::UnknownSlug),
        gateway(
            400,
            failure("Either x-portkey-config or x-portkey-provider header is required"),
            Refused::NoProvider,
        ),
        gateway(400, failure("Invalid provider passed"), Refused::InvalidProvider),
        gateway(400, failure("Cannot override default config set for this API key."), Refused::ConfigPinned),
        gateway(
            400,
            r#"{"status":"failure","error":{"code":"inline_provider_blocked","message":"no","field":"x-portkey-provider"},"message":"no"}"#.to_owned(),
            Refused::InlineBlocked,
        ),
        gateway(404, r#"{"message":"Not Found","ok":false}"#.to_owned(), Refused::WrongPath),
        gateway(400, failure("Query router did not resolve to any valid target"), Refused::NoTargetMatched),
        gateway(431, String::new(), Refused::HeadersTooLarge),
        gateway(502, "<!DOCTYPE html><title>502</title>".to_owned(), Refused::WebPage),
        gateway(404, " \n<html>".to_owned(), Refused::WebPage),
        gateway(503, "no healthy upstream".to_owned(), Refused::GatewayFailed),
        // Another server, such as a provider called directly.
        gateway(
            401,
            typed("Incorrect API key provided", "invalid_request_error", Some("invalid_api_key")),
            Refused::InvalidKey,
        ),
        gateway(403, r#"{"error":"blocked by policy"}"#.to_owned(), Refused::Unknown),
        gateway(418, "teapot".to_owned(), Refused::Unknown),
    ]
}

fn target_replies() -> Vec<Row> {
    vec![
        target(
            412,
            typed("Model gpt-5 is not allowed for this integration", "model_not_allowed_error", None),
            Refused::ModelNotAllowed,
        ),
        target(412, typed("Portkey Virtual Key ex****ov Usage Limit Exceeded", "virtual_key_exhaust_error", Some("04")), Refused::ProviderBudget),
        target(401, typed("Portkey Virtual Key ex****ov Expired", "virtual_key_expired_error", Some("01")), Refused::ProviderExpired),
        target(429, typed("Portkey Virtual Key 11****pm Rate Limit Exceeded", "virtual_key_rate_limit_error", None), Refused::ProviderRateLimit),
        target(412, typed("", "integration_exhaust_error", None), Refused::ProviderBudget),
        target(429, typed("", "integration_rate_limit_error", None), Refused::ProviderRateLimit),
        target(412, typed("", "workspace_exhaust_error", None), Refused::WorkspaceBudget),
        target(401, typed("", "workspace_expired_error", None), Refused::WorkspaceExpired),
        target(429, typed("", "workspace_rate_limit_error", None), Refused::WorkspaceRateLimit),
        target(412, typed("", "usage_limits_policy_exhaust_error", Some("06")), Refused::PolicyBudget),
        target(429, typed("", "rate_limits_policy_exhaust_error", None), Refused::PolicyRateLimit),
        target(429, typed("", "api_key_rate_limit_error", None), Refused::KeyRateLimit),
        target(401, typed("Incorrect API key provided: sk-1", "invalid_request_error", Some("invalid_api_key")), Refused::UpstreamUnauthorized),
        // The open-source gateway names the provider in the body.
        gateway(
            401,
            r#"{"error":{"message":"openai error: no","type":"x","code":null},"provider":"openai"}"#.to_owned(),
            Refused::UpstreamUnauthorized,
        ),
        target(401, "{}".to_owned(), Refused::UpstreamUnauthorized),
        target(403, "{}".to_owned(), Refused::UpstreamForbidden),
        target(404, typed("The model `gpt-9` does not exist", "invalid_request_error", Some("model_not_found")), Refused::ModelNotFound),
        target(429, typed("slow down", "rate_limit", Some("rate_limit_exceeded")), Refused::UpstreamRateLimit),
        target(429, String::new(), Refused::UpstreamRateLimit),
        target(400, typed("bad tool schema", "invalid_request_error", None), Refused::UpstreamRejected),
        target(500, "{}".to_owned(), Refused::UpstreamFailed),
        target(502, "<html>".to_owned(), Refused::UpstreamFailed),
        // Another Portkey behind this one: its messages are the provider's, not ours.
        target(401, portkey("Portkey Error: Invalid API Key. Error Code: 03"), Refused::UpstreamUnauthorized),
        target(408, typed("Request exceeded the timeout sent in the request: 300ms", "timeout_error", None), Refused::RequestTimeout),
        target(446, typed("The guardrail checks failed", "hooks_failed", None), Refused::GuardrailDenied),
        target(246, r#"{"hook_results":{}}"#.to_owned(), Refused::GuardrailWarned),
        target(
            500,
            r#"{"html-message":"Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9 Name: TypeError"}"#.to_owned(),
            Refused::UpstreamUnreachable,
        ),
    ]
}

fn admin_replies() -> Vec<Row> {
    vec![
        gateway(400, admin("AB01"), Refused::AdminInvalid),
        gateway(404, admin("AB02"), Refused::AdminNotFound),
        gateway(403, admin("AB03"), Refused::AdminForbidden),
        gateway(500, admin("AB04"), Refused::AdminFailed),
        gateway(401, admin("AB05"), Refused::AdminUnauthorized),
        gateway(429, admin("AB06"), Refused::AdminRateLimit),
        gateway(409, admin("AB07"), Refused::AdminConflict),
        gateway(404, admin("AB08"), Refused::AdminNotFound),
        gateway(402, admin("AB09"), Refused::AdminPlan),
    ]
}

#[test]
fn classifies_every_reply() {
    for (status, reached_target, body, cause) in replies() {
        let refusal = classify(
            Reply {
                status,
                reached_target,
                body: body.as_bytes(),
            },
            None,
        );
        assert_eq!(refusal.cause, cause, "{status} {body}");
        assert_eq!(refusal.status, status);
        if reached_target {
            assert!(
                refusal.logged && refusal.stage != Stage::Config,
                "{status} {body}"
            );
        }
    }
}

#[test]
fn every_cause_has_a_reply() {
    let reached: Vec<Refused> = replies()
        .into_iter()
        .map(|(_, _, _, cause)| cause)
        .collect();
    for cause in Refused::ALL {
        // Recognised by what the gateway returns at its root.
        let by_root = *cause == Refused::OpenSourceGateway;
        assert!(by_root || reached.contains(cause), "{cause:?}");
    }
}

#[test]
fn pasted_bodies_have_the_same_cause() {
    for (status, reached_target, body, cause) in replies() {
        let pasted = format!("{status} {body}");
        let Some(found) = cause_in(&crate::pasted::Pasted::read(&pasted)) else {
            continue;
        };
        // Without the response headers, one Portkey behind another looks like the first, and it is
        // unclear whose key a provider rejects.
        let ambiguous = (reached_target && (body.contains("Portkey Error") || status == 502))
            || (!reached_target && body.contains("invalid_api_key"));
        if !ambiguous {
            assert_eq!(found, cause, "{pasted}");
        }
    }
}

#[test]
fn messages_are_short_printable_and_without_the_key() {
    let key = Secret::new("pk-canary");
    let message = |body: &[u8]| {
        classify(
            Reply {
                status: 400,
                reached_target: false,
                body,
            },
            Some(&key),
        )
        .message
    };
    for (body, want) in [
        (
            &br#"{"message":"key pk-canary is bad"}"#[..],
            "key ******** is bad",
        ),
        (
            br#"{"message":"key pk-\u001bcanary is\nbad\u0007"}"#,
            "key ******** is bad",
        ),
        (b"plain pk-canary", "plain ********"),
        (b"\xff\x1b[31mred", "\u{fffd}[31mred"),
        (br#"{"error":"text"}"#, "text"),
        (
            br#"{"error":{"message":"inner"},"message":"outer"}"#,
            "inner",
        ),
        (b"<!doctype html><script>", ""),
        (b"[1]", ""),
        (b"", ""),
    ] {
        assert_eq!(message(body), want);
    }
    // The text is cut within the key: no part of it may remain.
    let long = format!("{} pk-canary", "x".repeat(295));
    assert_eq!(
        message(long.as_bytes()),
        format!("{} ****…", "x".repeat(295))
    );
    assert_eq!(message("ä".repeat(1000).as_bytes()).chars().count(), 301);
}

#[test]
fn knows_whether_the_dashboard_shows_it() {
    let stage = |status, reached_target, body: &str| {
        let refusal = classify(
            Reply {
                status,
                reached_target,
                body: body.as_bytes(),
            },
            None,
        );
        (refusal.stage, refusal.logged)
    };
    assert_eq!(
        stage(
            401,
            false,
            &portkey("Portkey Error: Invalid API Key. Error Code: 03")
        ),
        (Stage::Auth, false)
    );
    assert_eq!(
        stage(400, false, &failure("Invalid config id passed")),
        (Stage::Config, false)
    );
    assert_eq!(stage(408, true, "{}"), (Stage::Target, true));
    assert_eq!(stage(401, true, "{}"), (Stage::Provider, true));
    assert_eq!(stage(403, false, &admin("AB03")), (Stage::Admin, false));
    assert_eq!(
        stage(412, true, &typed("", "workspace_exhaust_error", None)),
        (Stage::Target, true)
    );
    assert_eq!(stage(418, false, ""), (Stage::Unknown, false));
    assert_eq!(stage(302, true, ""), (Stage::Provider, true));
}
