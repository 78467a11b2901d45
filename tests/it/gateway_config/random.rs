//! Simulating any config terminates without a panic.

use openclaw_portkey::document::Value;
use openclaw_portkey::gateway_config::Gateway;
use openclaw_portkey::gateway_config::read::GatewayConfig;
use openclaw_portkey::gateway_config::simulate::{
    Answer, AnswerKind, End, Fixed, Request, Script, Setup, State, Who, branches, run,
};

/// Random numbers, the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }
}

const NUMBERS: &[&str] = &[
    "0", "1", "2", "5", "0.5", "-1", "300", "1e9", "1e308", "429", "500", "-0.5", "60", "2.5",
];
const CODES: &[&str] = &[
    "[]",
    "[429]",
    "[429,500,503]",
    "[200]",
    "[408,446,246]",
    "[\"429\"]",
    "null",
    "[1e9]",
];
const PROVIDERS: &[&str] = &[
    "\"@a\"",
    "\"@b\"",
    "\"@c\"",
    "\"openai\"",
    "\"\"",
    "5",
    "\"@\"",
];
const MODELS: &[&str] = &[
    "\"@a/m\"",
    "\"m\"",
    "\"@b/x/y\"",
    "\"@cf/z\"",
    "7",
    "null",
    "\"@\"",
];
const QUERIES: &[&str] = &[
    "{}",
    r#"{"metadata.plan":"paid"}"#,
    r#"{"params.user":{"$ne":"x"}}"#,
    r#"{"params.model":{"$regex":"^(a+)+$"}}"#,
    r#"{"params.model":{"$regex":"("}}"#,
    r#"{"params.model":{"$regex":"\\7"}}"#,
    r#"{"$or":[{"a":1},{"metadata.x":{"$in":["y"]}}]}"#,
    r#"{"$and":[null]}"#,
    r#"{"params.x":{"$nope":1}}"#,
    r#"{"params.n":{"$gte":"3"}}"#,
    r#"{"metadata.plan":[]}"#,
    "[]",
    "null",
];
const GUARDS: &[&str] = &[
    r#"["pg-a"]"#,
    r#"[{"default.contains":{"words":["hi"],"operator":"none"},"deny":true}]"#,
    r#"[{"default.regexMatch":{"rule":"(a|a)*b"}}]"#,
    r#"[{"default.wordCount":{"minWords":1,"maxWords":2,"not":true},"async":true}]"#,
    r#"[{"x":null}]"#,
    "[5]",
    "[]",
    "{}",
];

/// A target of some depth, usually valid but not always.
pub(crate) fn target(dice: &mut Dice, depth: usize) -> String {
    let mut parts = Vec::new();
    let mut add = |part: String| parts.push(part);
    if depth > 0 && dice.chance(60) {
        let mode = dice.one_of(&[
            "fallback",
            "fallback",
            "loadbalance",
            "conditional",
            "single",
            "load-balance",
        ]);
        let mut strategy = format!("\"mode\":\"{mode}\"");
        if dice.chance(30) {
            strategy.extend([",\"on_status_codes\":", dice.one_of(CODES)]);
        }
        if dice.chance(if mode == "conditional" { 90 } else { 5 }) {
            let [query, then] = [dice.one_of(QUERIES), dice.one_of(&["t0", "t1", "t9"])];
            let default = dice.one_of(&["t0", "t1", ""]);
            let conditions = format!(",\"conditions\":[{{\"query\":{query},\"then\":\"{then}\"}}]");
            strategy.extend([conditions.as_str(), ",\"default\":\"", default, "\""]);
        }
        if dice.chance(15) {
            strategy +=
                ",\"sticky\":{\"enabled\":true,\"hash_fields\":[\"params.user\",\"headers.x\"]}";
        }
        if dice.chance(15) {
            strategy += ",\"cb_config\":{\"failure_threshold\":1,\"cooldown_interval\":30000}";
        }
        add(format!("\"strategy\":{{{strategy}}}"));
        let count = dice.below(4);
        let targets: Vec<String> = (0..count).map(|_| target(dice, depth - 1)).collect();
        if dice.chance(95) {
            add(format!("\"targets\":[{}]", targets.join(",")));
        }
    } else if dice.chance(70) {
        add(format!("\"provider\":{}", dice.one_of(PROVIDERS)));
    }
    if dice.chance(30) {
        add(format!(
            "\"override_params\":{{\"model\":{}}}",
            dice.one_of(MODELS)
        ));
    }
    if dice.chance(40) {
        add(format!(
            "\"retry\":{{\"attempts\":{},\"on_status_codes\":{},\"use_retry_after_header\":true}}",
            dice.one_of(NUMBERS),
            dice.one_of(&CODES[..5])
        ));
    }
    for (key, values) in [
        ("weight", NUMBERS),
        ("request_timeout", NUMBERS),
        ("on_status_codes", CODES),
        ("input_guardrails", GUARDS),
        ("output_guardrails", GUARDS),
        ("passthrough", &["true", "false", "1"][..]),
        (
            "cache",
            &[
                "{\"mode\":\"simple\",\"max_age\":30}",
                "{\"mode\":\"semantic\"}",
                "{}",
            ][..],
        ),
    ] {
        if dice.chance(12) {
            add(format!("\"{key}\":{}", dice.one_of(values)));
        }
    }
    if dice.chance(70) {
        add(format!("\"name\":\"t{}\"", dice.below(3)));
    }
    format!("{{{}}}", parts.join(","))
}

fn script(dice: &mut Dice) -> Script {
    let mut script = Script::new();
    for slug in ["a", "b", "openai"] {
        let answers = (0..=dice.below(3)).map(|_| answer(dice)).collect();
        script = script.with(Who::Provider(slug.to_owned()), answers);
    }
    script
}

fn answer(dice: &mut Dice) -> Answer {
    let kind = match dice.below(10) {
        0 => AnswerKind::Closed,
        1 => AnswerKind::Silence,
        2 => AnswerKind::Unreachable,
        3..=5 => AnswerKind::Status(200),
        _ => AnswerKind::Status(
            [
                200, 201, 204, 205, 304, 400, 404, 408, 429, 446, 500, 503, 529, 599,
            ][dice.below(14)],
        ),
    };
    let mut answer = Answer::of(kind);
    if dice.chance(30) {
        let text = dice.one_of(&["20", "0", "-3", "61", "99999999999999999999", "soon", ""]);
        answer.retry_after[dice.below(3)] = Some(text.to_owned());
    }
    answer.delay = [0, 10, 1000, u64::MAX][dice.below(4)];
    answer
}

fn simulate(count: u64) {
    let mut ended = [0_u64; 4];
    for seed in 0..count {
        let mut dice = Dice::new(seed + 1);
        let text = target(&mut dice, 3);
        let Ok(config) = GatewayConfig::parse(text.as_str()) else {
            panic!("{text}");
        };
        let script = script(&mut dice);
        let mut request = Request::of_model("@a/aaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
        if let (Value::Object(body), true) = (&mut request.body, dice.chance(50)) {
            body.push(("user".to_owned(), "x".into()));
        }
        let requests = [request.clone(), request];
        for gateway in [Gateway::Hosted, Gateway::OpenSource] {
            let setup = Setup {
                config: &config,
                gateway,
                script: &script,
            };
            let mut state = State::new(&script);
            let outcome = run(&setup, &requests[0], &mut state, &mut Fixed(0.4));
            ended[match outcome.end {
                End::Reply(_) => 0,
                End::NoAnswer => 1,
                End::TooManyCalls => 2,
                End::Unknown(_) => 3,
            }] += 1;
            let all = branches(&setup, &requests);
            let shares: f64 = all.list.iter().map(|branch| branch.share).sum();
            assert!(
                (shares + all.left_out - 1.0).abs() < 1e-6,
                "{shares} of {text}"
            );
        }
    }
    // Every kind of end must occur, or the configs are too tame.
    assert!(ended.iter().all(|count| *count > 0), "{ended:?}");
}

#[test]
fn a_few_random_configs() {
    simulate(1500);
}

/// `cargo test --release --test it -- --ignored random_configs`
#[test]
#[ignore = "long without optimisation"]
fn a_hundred_thousand_random_configs() {
    simulate(100_000);
}
