//! The simulator gives what the open-source gateway gave.

use serde_json::Value as Json;

use openclaw_portkey::gateway_config::simulate::case::Case;

const CASES: &str = include_str!("../../fixtures/gateway-config/cases.json");

/// How far times may be apart, in milliseconds.
const TOLERANCE: f64 = 300.0;

fn cases() -> Vec<Json> {
    let all: Json = serde_json::from_str(CASES).unwrap();
    all["cases"].as_array().unwrap().clone()
}

/// Equal, but for times that are close to each other.
fn agrees(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && b.iter().all(|(key, b)| match (a.get(key), key.as_str()) {
                    (Some(a), "at" | "elapsed") => {
                        (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() <= TOLERANCE
                    }
                    (Some(a), _) => agrees(a, b),
                    (None, _) => false,
                })
        }
        (a, b) => a == b,
    }
}

#[test]
fn every_case_comes_out_as_the_gateway_had_it() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let found = Case::read(case).unwrap().observed();
        if !agrees(&found, &case["observed"]) {
            wrong.push(format!(
                "{}: {}\n  found    {found}\n  expected {}",
                case["id"], case["about"], case["observed"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cases.len(), 67);
}

/// What a config could not be told from another by, the comparison must see.
#[test]
fn the_comparison_sees_differences() {
    let observed = cases()[0]["observed"].clone();
    assert!(agrees(&observed, &observed));
    for (path, value) in [
        ("/status", Json::from(500)),
        ("/index", "config".into()),
        ("/retries", "1".into()),
        ("/calls/0/target", "b".into()),
        ("/calls/0/at", 1000.into()),
    ] {
        let mut other = observed.clone();
        *other.pointer_mut(path).unwrap() = value;
        assert!(!agrees(&other, &observed), "{path}");
    }
}

/// Facts about the machine that no recorded case shows, each read from the gateway's own code.
#[test]
fn what_no_case_shows() {
    let attempts = |retry: &str, answers: &str, rest: &str| {
        format!(
            r#"{{ "config": {{ "provider": "@a", "retry": {retry} }}, "script": {{ "a": {answers} }}{rest} }}"#
        )
    };
    let rows: Vec<(&str, String, &str)> = vec![
        (
            "a broken connection is retried whatever the list says, and then counts as no retry code",
            attempts(r#"{"attempts":1,"on_status_codes":[429]}"#, r#"[{"close":true}]"#, ""),
            r#"{"status":500,"retries":"1","index":"config"}"#,
        ),
        (
            "a retry-after of a minute is not waited for",
            attempts(
                r#"{"attempts":3,"use_retry_after_header":true}"#,
                r#"[{"status":429,"headers":{"retry-after":"60"}}]"#,
                "",
            ),
            r#"{"status":429,"retries":"-1","elapsed":0}"#,
        ),
        (
            "nor two that make more than one together",
            attempts(
                r#"{"attempts":3,"use_retry_after_header":true}"#,
                r#"[{"status":429,"headers":{"retry-after":"40"}},{"status":429,"headers":{"retry-after":"30"}}]"#,
                "",
            ),
            r#"{"status":429,"retries":"-1","elapsed":40000}"#,
        ),
        (
            "the most frequent failure stands for those that were given up",
            attempts(
                r#"{"attempts":5,"use_retry_after_header":true}"#,
                r#"[{"status":500},{"status":500},{"status":429,"headers":{"retry-after":"90"}}]"#,
                "",
            ),
            r#"{"status":500,"retries":"-1","elapsed":3000}"#,
        ),
        (
            "retry-after of a 503 is not read",
            attempts(
                r#"{"attempts":1,"use_retry_after_header":true}"#,
                r#"[{"status":503,"headers":{"retry-after":"9"}},{"status":200}]"#,
                "",
            ),
            r#"{"status":200,"retries":"1","elapsed":1000}"#,
        ),
        (
            "a date is not understood",
            attempts(
                r#"{"attempts":1,"use_retry_after_header":true}"#,
                r#"[{"status":429,"headers":{"retry-after":"Wed, 21 Oct 2026 07:28:00 GMT"}},{"status":200}]"#,
                "",
            ),
            r#"{"status":200,"elapsed":1000}"#,
        ),
        (
            "attempts that are no number",
            attempts(r#"{"attempts":"3"}"#, "[]", ""),
            r#"{"status":400,"errors":["path: retry,attempts, message: Expected number, received string"]}"#,
        ),
        (
            "targets without a strategy",
            r#"{"config":{"targets":[{"provider":"@a"}]}}"#.to_owned(),
            r#"{"status":400,"message":"Invalid config passed","errors":["path: , message: Invalid configuration. It must have either 'provider' and 'api_key', or 'strategy' and 'targets', or 'cache', or 'retry', or 'request_timeout'"]}"#,
        ),
        (
            "a target's weight as a string, and its cache without a mode",
            r#"{"config":{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"@a","weight":"1"},{"provider":"@b","cache":{}}]}}"#.to_owned(),
            r#"{"status":400,"errors":["path: targets,0,weight, message: Expected number, received string","path: targets,1,cache,mode, message: Required"]}"#,
        ),
        (
            "a stream that has begun is not cut by the timeout",
            r#"{"config":{"strategy":{"mode":"fallback"},"targets":[{"provider":"@a"},{"provider":"@b"}],"request_timeout":300},"script":{"a":[{"status":200,"pause":900}]},"request":{"stream":true}}"#.to_owned(),
            r#"{"status":200,"index":"config.targets[0]","elapsed":900}"#,
        ),
        (
            "an empty fallback, and one whose last group is empty",
            r#"{"config":{"strategy":{"mode":"fallback"},"targets":[{"provider":"@a"},{"strategy":{"mode":"fallback"},"targets":[]}]},"script":{"a":[{"status":500}]}}"#.to_owned(),
            r#"{"no_answer":"hangs"}"#,
        ),
        (
            "an empty group inside is passed over",
            r#"{"config":{"strategy":{"mode":"fallback"},"targets":[{"strategy":{"mode":"loadbalance"},"targets":[]},{"provider":"@b"}]}}"#.to_owned(),
            r#"{"status":200,"index":"config.targets[1]"}"#,
        ),
        (
            "single without targets",
            r#"{"config":{"strategy":{"mode":"single"},"targets":[]}}"#.to_owned(),
            r#"{"status":500,"message":"Something went wrong"}"#,
        ),
        (
            "a target that names nobody ends the chain",
            r#"{"config":{"strategy":{"mode":"fallback"},"targets":[{"cache":{"mode":"simple"}},{"provider":"@b"}]}}"#.to_owned(),
            r#"{"status":500,"message":"Provider  not found"}"#,
        ),
        (
            "neither provider nor targets",
            r#"{"config":{"retry":{"attempts":3}}}"#.to_owned(),
            r#"{"status":400,"message":"Either x-portkey-provider needs to be passed. Or the x-portkey-config header should have a valid config with provider details in it."}"#,
        ),
        (
            "a third part of a path is not read",
            r#"{"config":{"strategy":{"mode":"conditional","conditions":[{"query":{"params.metadata.plan":{"$eq":"paid"}},"then":"b"}],"default":"a"},"targets":[{"name":"a","provider":"@a"},{"name":"b","provider":"@b"}]},"request":{"body":{"metadata":{"plan":"paid"}}}}"#.to_owned(),
            r#"{"index":"config.targets[0]"}"#,
        ),
        (
            "what is behind $or is not read",
            r#"{"config":{"strategy":{"mode":"conditional","conditions":[{"query":{"$or":[{"params.model":"m"}],"params.user":"nobody"},"then":"b"}],"default":"a"},"targets":[{"name":"a","provider":"@a"},{"name":"b","provider":"@b"}]}}"#.to_owned(),
            r#"{"index":"config.targets[1]"}"#,
        ),
        (
            "a target's own checks replace those above",
            r#"{"config":{"strategy":{"mode":"fallback"},"input_guardrails":[{"default.contains":{"words":["bad"],"operator":"none"},"deny":true}],"targets":[{"provider":"@a","input_guardrails":[{"default.contains":{"words":["ugly"],"operator":"none"},"deny":true}]}]},"request":{"say":"bad"}}"#.to_owned(),
            r#"{"status":200,"before":[true]}"#,
        ),
        (
            "a guardrail by its id checks nothing in the open-source gateway",
            r#"{"config":{"provider":"@a","input_guardrails":["pg-abc"]},"request":{"say":"bad"}}"#.to_owned(),
            r#"{"status":200,"before":[true]}"#,
        ),
        (
            "checks after a stream cannot deny it",
            r#"{"config":{"provider":"@a","output_guardrails":[{"default.contains":{"words":["bad"],"operator":"none"},"deny":true}]},"script":{"a":[{"text":"bad"}]},"request":{"stream":true}}"#.to_owned(),
            r#"{"status":200,"index":"config"}"#,
        ),
        (
            "a denied answer is asked for again where its status is listed",
            r#"{"config":{"provider":"@a","retry":{"attempts":2,"on_status_codes":[446]},"output_guardrails":[{"default.contains":{"words":["bad"],"operator":"none"},"deny":true}]},"script":{"a":[{"text":"bad"},{"text":"good"}]}}"#.to_owned(),
            r#"{"status":200,"retries":"1","after":[true]}"#,
        ),
        (
            "settings under their other names count, and are not checked",
            r#"{"config":{"provider":"@a","requestTimeout":300},"script":{"a":[{"latency":900}]}}"#.to_owned(),
            r#"{"status":408,"error_type":"timeout_error"}"#,
        ),
    ];
    for (about, case, expected) in rows {
        let case: Json =
            serde_json::from_str(&case).unwrap_or_else(|error| panic!("{about}: {error}"));
        let found = Case::read(&case).unwrap().observed();
        let expected: Json = serde_json::from_str(expected).unwrap();
        for (key, value) in expected.as_object().unwrap() {
            let same = found.get(key).is_some_and(|found| match key.as_str() {
                "elapsed" => (found.as_f64().unwrap() - value.as_f64().unwrap()).abs() <= TOLERANCE,
                _ => found == value,
            });
            assert!(same, "{about}: {key} should be {value}\n{found}");
        }
    }
}
