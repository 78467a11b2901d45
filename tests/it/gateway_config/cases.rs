//! The simulator produces the same results as the open-source gateway.

use serde_json::Value as Json;

use openclaw_portkey::gateway_config::simulate::case::Case;

const CASES: &str = include_str!("../../../fixtures/gateway-config/cases.json");

const RANDOM: &str = include_str!("../../../fixtures/gateway-config/random-cases.json");

const FROM_CODE: &str = include_str!("../../../fixtures/gateway-config/from-code.json");

/// How much times may differ, in milliseconds.
const TOLERANCE: f64 = 300.0;

fn cases(text: &str) -> Vec<Json> {
    let all: Json = serde_json::from_str(text).unwrap();
    all["cases"].as_array().unwrap().clone()
}

/// Equal, except that times may differ slightly.
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

fn every_case_comes_out(text: &str) -> usize {
    let mut wrong = Vec::new();
    let cases = cases(text);
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
    cases.len()
}

#[test]
fn recorded_cases_match_the_gateway() {
    assert_eq!(every_case_comes_out(CASES), 67);
}

#[test]
fn recorded_random_cases_match_the_gateway() {
    assert!(every_case_comes_out(RANDOM) > 50);
}

/// The comparison itself must fail if something differs.
#[test]
fn the_comparison_detects_differences() {
    let observed = cases(CASES)[0]["observed"].clone();
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

/// Facts that no recorded case covers, each taken from the gateway's code.
#[test]
fn facts_without_a_recorded_case() {
    let cases = cases(FROM_CODE);
    assert!(cases.len() > 20);
    for case in &cases {
        let found = Case::read(case).unwrap().observed();
        for (key, value) in case["expected"].as_object().unwrap() {
            let same = found.get(key).is_some_and(|found| match key.as_str() {
                "elapsed" => (found.as_f64().unwrap() - value.as_f64().unwrap()).abs() <= TOLERANCE,
                _ => found == value,
            });
            assert!(same, "{}: {key} should be {value}\n{found}", case["about"]);
        }
    }
}
