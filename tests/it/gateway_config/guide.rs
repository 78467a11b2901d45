//! The example configs in Portkey's OpenClaw guide: the problems of each are reported, the fixes
//! make them work, and the simulator confirms both.

use openclaw_portkey::diagnostic::Level;
use openclaw_portkey::edit;
use openclaw_portkey::gateway_config::Gateway;
use openclaw_portkey::gateway_config::check::{Facts, Finding, run as check};
use openclaw_portkey::gateway_config::read::GatewayConfig;
use openclaw_portkey::gateway_config::simulate::{
    Branches, End, Outcome, Reply, Request, Script, Setup, branches,
};

const DYNAMIC: &str = "portkey-dynamic";

const FAILOVERS: &str = r#"{
  "strategy": { "mode": "fallback" },
  "targets": [
    { "provider": "@anthropic-prod" },
    { "provider": "@openai-backup" }
  ]
}
"#;

const RETRIES: &str = r#"{
  "retry": {
    "attempts": 3,
    "on_status_codes": [429, 500, 502, 503]
  }
}
"#;

const LOAD_BALANCING: &str = r#"{
  "strategy": { "mode": "loadbalance" },
  "targets": [
    { "provider": "@anthropic-us", "weight": 0.5 },
    { "provider": "@anthropic-eu", "weight": 0.5 }
  ]
}
"#;

const CACHING: &str = r#"{
  "cache": { "mode": "simple", "max_age": 60 }
}
"#;

const GUARDRAILS: &str = r#"{
  "input_guardrails": ["pii-check"],
  "output_guardrails": ["content-moderation"]
}
"#;

fn findings(config: &GatewayConfig, models: &[&str]) -> Vec<Finding> {
    check(&Facts {
        models: models.iter().map(|model| (*model).to_owned()).collect(),
        asked: Some(DYNAMIC.to_owned()),
        ..Facts::new(config)
    })
}

fn parse(text: &str) -> GatewayConfig {
    GatewayConfig::parse(text).unwrap()
}

/// The config after applying all possible fixes in turn.
fn fixed(text: &str, models: &[&str]) -> String {
    let mut text = text.to_owned();
    for _ in 0..10 {
        let config = parse(&text);
        let fix = findings(&config, models).into_iter().find_map(|it| it.fix);
        let Some(fix) = fix else {
            return text;
        };
        let edited = edit::apply(config.document(), &fix.changes).unwrap();
        assert!(!edited.replacements.is_empty(), "{}", fix.title);
        edited.document.text().clone_into(&mut text);
    }
    panic!("the fixes do not end\n{text}");
}

/// The rules of errors and warnings.
fn faults(text: &str, models: &[&str]) -> Vec<&'static str> {
    findings(&parse(text), models)
        .iter()
        .filter(|finding| finding.level > Level::Note)
        .map(|finding| finding.rule.id)
        .collect()
}

fn simulate(text: &str, when: &[&str], requests: usize, then: impl Fn(&Branches<'_>)) {
    let config = parse(text);
    let mut script = Script::new().with_known_models();
    for text in when {
        script = script.add(text, &config).unwrap();
    }
    let requests = vec![Request::of_model(DYNAMIC); requests];
    let setup = Setup {
        config: &config,
        gateway: Gateway::Hosted,
        script: &script,
    };
    then(&branches(&setup, &requests));
}

fn reply<'o>(outcome: &'o Outcome<'_>) -> &'o Reply {
    match &outcome.end {
        End::Reply(reply) => reply,
        end => panic!("{end:?}"),
    }
}

/// The status, and the model of each call, for a request with a single outcome.
fn once(text: &str, when: &[&str]) -> (u16, Vec<String>) {
    let result = std::cell::RefCell::new((0, Vec::new()));
    simulate(text, when, 1, |found| {
        assert_eq!(found.list.len(), 1);
        let outcome = &found.list[0].outcomes[0];
        let models = outcome
            .calls
            .iter()
            .map(|call| format!("{}/{}", call.upstream, call.model().unwrap_or_default()));
        *result.borrow_mut() = (reply(outcome).status, models.collect());
    });
    result.into_inner()
}

#[test]
fn failovers_request_an_unknown_model() {
    let models = ["@anthropic-prod/claude-sonnet-4-5", "@openai-backup/gpt-5"];
    assert_eq!(faults(FAILOVERS, &[]), ["model-of-another-vendor"]);
    let (status, calls) = once(FAILOVERS, &[]);
    assert_eq!(status, 404);
    assert_eq!(
        calls,
        [
            "anthropic-prod/portkey-dynamic",
            "openai-backup/portkey-dynamic"
        ]
    );

    let fixed = fixed(FAILOVERS, &models);
    assert_eq!(faults(&fixed, &models), [] as [&str; 0], "{fixed}");
    assert_eq!(
        once(&fixed, &[]),
        (200, vec!["anthropic-prod/claude-sonnet-4-5".to_owned()])
    );
    let (status, calls) = once(&fixed, &["@anthropic-prod=529"]);
    assert_eq!(status, 200);
    assert_eq!(calls[1], "openai-backup/gpt-5");
}

#[test]
fn retries_have_no_target_and_multiply() {
    assert_eq!(
        faults(RETRIES, &[]),
        ["provider-from-request", "retry-multiplies"]
    );
    assert_eq!(once(RETRIES, &[]), (400, Vec::new()));

    let models = ["@openai/gpt-5"];
    let fixed = fixed(RETRIES, &models);
    assert_eq!(faults(&fixed, &models), [] as [&str; 0], "{fixed}");
    let (status, calls) = once(&fixed, &["@openai=503*1"]);
    assert_eq!((status, calls.len()), (200, 2));
}

#[test]
fn load_balancing_requests_an_unknown_model() {
    assert_eq!(faults(LOAD_BALANCING, &[]), ["model-of-another-vendor"]);
    simulate(LOAD_BALANCING, &[], 1, |found| {
        assert_eq!(found.list.len(), 2);
        for branch in &found.list {
            assert_eq!(reply(&branch.outcomes[0]).status, 404);
        }
    });

    let models = [
        "@anthropic-us/claude-sonnet-4-5",
        "@anthropic-eu/claude-sonnet-4-5",
    ];
    let fixed = fixed(LOAD_BALANCING, &models);
    assert_eq!(faults(&fixed, &models), [] as [&str; 0], "{fixed}");
    simulate(&fixed, &[], 1, |found| {
        assert_eq!(found.list.len(), 2);
        for branch in &found.list {
            assert!((branch.share - 0.5).abs() < 1e-9);
            assert_eq!(reply(&branch.outcomes[0]).status, 200);
        }
    });
}

#[test]
fn caching_has_no_target_and_is_shared() {
    assert_eq!(faults(CACHING, &[]), ["provider-from-request"]);
    let notes = findings(&parse(CACHING), &[]);
    assert!(
        notes
            .iter()
            .any(|finding| finding.rule.id == "cache-shared")
    );
    assert_eq!(once(CACHING, &[]), (400, Vec::new()));

    let fixed = fixed(CACHING, &["@openai/gpt-5"]);
    assert_eq!(faults(&fixed, &[]), [] as [&str; 0], "{fixed}");
    simulate(&fixed, &[], 2, |found| {
        let [first, second] = &found.list[0].outcomes[..] else {
            panic!("two requests");
        };
        assert_eq!((first.calls.len(), reply(first).cache), (1, Some("MISS")));
        assert_eq!((second.calls.len(), reply(second).cache), (0, Some("HIT")));
    });
}

#[test]
fn guardrails_have_wrong_names() {
    let found = faults(GUARDRAILS, &["@openai/gpt-5"]);
    let ids = found.iter().filter(|rule| **rule == "guardrail-not-an-id");
    assert_eq!(ids.count(), 2, "{found:?}");
}

/// State that the hosted gateway keeps between requests.
#[test]
fn the_hosted_gateway_keeps_state() {
    let breaker = r#"{"strategy":{"mode":"fallback","cb_config":{"failure_threshold":2,"cooldown_interval":30000}},
        "targets":[{"override_params":{"model":"@a/m"}},{"override_params":{"model":"@b/n"}}]}"#;
    simulate(breaker, &["@a=500"], 4, |found| {
        let calls: Vec<usize> = found.list[0]
            .outcomes
            .iter()
            .map(|it| it.calls.len())
            .collect();
        // After two failures, the first target is skipped.
        assert_eq!(calls, [2, 2, 1, 1]);
        let last = reply(&found.list[0].outcomes[3]);
        assert_eq!(last.target, reply(&found.list[0].outcomes[0]).target);
    });
    simulate(breaker, &["@a=429"], 4, |found| {
        assert!(found.list[0].outcomes.iter().all(|it| it.calls.len() == 2));
    });
    let sticky = r#"{"strategy":{"mode":"loadbalance","sticky":{"enabled":true,"hash_fields":["metadata.agent"],"ttl":60}},
        "targets":[{"override_params":{"model":"@a/m"}},{"override_params":{"model":"@b/n"}}]}"#;
    simulate(sticky, &[], 3, |found| {
        assert_eq!(found.list.len(), 2, "one choice for all requests");
        for branch in &found.list {
            let mut names = branch.outcomes.iter().map(|it| it.calls[0].upstream);
            let first = names.next();
            assert!(names.all(|name| Some(name) == first));
        }
    });
    let empty = r#"{"strategy":{"mode":"loadbalance"},"targets":[]}"#;
    simulate(empty, &[], 1, |found| {
        assert_eq!(reply(&found.list[0].outcomes[0]).status, 500);
    });
}
