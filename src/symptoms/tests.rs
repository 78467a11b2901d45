use std::collections::HashSet;

use super::{Source, Transport, all, by_id, for_cause, for_transport, local, recognise, refused};
use crate::portkey::refusal::Cause;

#[test]
fn ids_are_sorted_unique_and_kebab_case() {
    for table in [refused::TABLE, local::TABLE] {
        for pair in table.windows(2) {
            assert!(
                pair[0].id < pair[1].id,
                "{} before {}",
                pair[0].id,
                pair[1].id
            );
        }
    }
    let mut ids = HashSet::new();
    for symptom in all() {
        assert!(ids.insert(symptom.id), "{} twice", symptom.id);
        assert!(
            symptom
                .id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{}",
            symptom.id
        );
        assert_eq!(by_id(symptom.id).map(|found| found.id), Some(symptom.id));
    }
    assert!(by_id("no-such").is_none());
}

#[test]
fn every_cause_and_transport_has_exactly_one_row() {
    let rows = |source: Source| all().filter(|symptom| symptom.source == source).count();
    for cause in Cause::ALL {
        assert_eq!(rows(Source::Refused(*cause)), 1, "{cause:?}");
        assert_eq!(for_cause(*cause).source, Source::Refused(*cause));
    }
    for transport in Transport::ALL {
        assert_eq!(rows(Source::Transport(*transport)), 1, "{transport:?}");
        assert_eq!(
            for_transport(*transport).source,
            Source::Transport(*transport)
        );
    }
}

#[test]
fn every_row_is_written_out() {
    for symptom in all() {
        let id = symptom.id;
        assert!(
            !symptom.title.is_empty() && !symptom.title.ends_with('.'),
            "{id}"
        );
        assert!(
            symptom.title.starts_with(|c: char| c.is_lowercase()
                || symptom.title.starts_with("Portkey")
                || c == 'O'),
            "{id}"
        );
        assert!(symptom.why.ends_with('.'), "{id}");
        assert!(!symptom.fix.is_empty(), "{id}");
        assert!(
            symptom.link.is_empty() || symptom.link.starts_with("https://"),
            "{id}"
        );
        for text in [symptom.title, symptom.why, symptom.fix] {
            assert!(
                !text.contains("  ") && !text.contains('\n') && !text.contains('{'),
                "{id}: {text}"
            );
        }
        for word in symptom.words.iter().copied().flatten() {
            assert_eq!(*word, word.to_lowercase(), "{id}: never found");
        }
    }
}

/// A text and the id of its symptom.
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
    ("401 errors", "guide-unauthorized"),
    ("Model not found", "guide-model-not-found"),
    ("Rate limited", "guide-rate-limited"),
    ("my metadata is gone", "metadata-missing"),
];

#[test]
fn pasted_texts_are_recognised() {
    for (text, id) in TOLD {
        assert_eq!(
            recognise(text).map(|symptom| symptom.id),
            Some(*id),
            "{text}"
        );
    }
    for text in ["", "hello", "everything works"] {
        assert!(recognise(text).is_none(), "{text}");
    }
}
