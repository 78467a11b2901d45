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
fn every_refusal_and_transport_has_exactly_one_row() {
    for refused in Refused::ALL {
        let rows = all().filter(|cause| cause.reply == Some(*refused)).count();
        assert_eq!(rows, 1, "{refused:?}");
        assert_eq!(for_refusal(*refused).reply, Some(*refused));
        // Any status may be for what is not known.
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
fn statuses_lead_to_their_causes() {
    for (status, want) in [
        (246, "guardrail-warned"),
        (401, "invalid-key"),
        (412, "key-budget"),
        (431, "headers-too-large"),
    ] {
        let mut found = for_status(status);
        assert!(found.any(|cause| cause.id == want), "{status}: {want}");
    }
    assert_eq!(for_status(299).count(), 0);
}

#[test]
fn every_row_is_written_out() {
    for cause in all() {
        let id = cause.id;
        for text in [cause.summary, cause.why, cause.fix] {
            assert!(text.len() > 10, "{id}: {text}");
            assert!(!text.contains("  ") && !text.contains('\n'), "{id}: {text}");
        }
        assert!(!cause.summary.ends_with('.'), "{id}");
        assert!(cause.why.ends_with('.'), "{id}");
        // It is after a name and before `: details`.
        let is_name = ["Portkey", "O", "`"]
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
    // What only reading the file finds has no check.
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

/// A text and the id of its cause.
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
        assert_eq!(recognise(text).map(|cause| cause.id), Some(*id), "{text}");
    }
    for text in ["", "hello", "everything works"] {
        assert!(recognise(text).is_none(), "{text}");
    }
}
