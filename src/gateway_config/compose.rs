//! Builds a new gateway config from a few options, in the form that works: each target names its
//! model with the `@slug` and has no separate provider.

use crate::document::Value;

use super::read::split_slug;

/// What a config should do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The models to call, each when the previous one has failed.
    pub fallback: Vec<Leg>,
    /// The statuses that trigger the next one; any failure if empty.
    pub fallback_on: Vec<u16>,
    /// The models to balance requests across, with their weights. Combined with `fallback`, this is
    /// tried first.
    pub balance: Vec<(Leg, f64)>,
    /// What keeps a session on the same target.
    pub sticky: Option<Sticky>,
    /// The models to call for requests with a certain value.
    pub when: Vec<When>,
    /// How often to retry a failed call.
    pub retry: Option<u32>,
    /// The statuses to retry on.
    pub retry_on: Vec<u16>,
    /// The timeout, in milliseconds.
    pub timeout: Option<u64>,
    /// How long responses are cached, in seconds.
    pub cache: Option<u64>,
    /// The ids of checks that run before the request.
    pub guardrails: Vec<String>,
}

/// What to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leg {
    /// A model, as `@slug/model`.
    Model(String),
    /// Whatever model the request names.
    Passthrough,
}

impl Leg {
    /// Parses `@slug/model` or `passthrough`.
    ///
    /// # Errors
    /// A sentence about the invalid part.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let text = text.strip_prefix("portkey/").unwrap_or(text);
        match text {
            "passthrough" => Ok(Self::Passthrough),
            _ if split_slug(text).is_some() && !text.contains(char::is_whitespace) => {
                Ok(Self::Model(text.to_owned()))
            }
            _ => Err(format!(
                "invalid model `{text}`; write it as @provider/model, or use `passthrough` for \
                 the model that the request names"
            )),
        }
    }
}

/// What identifies a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sticky {
    /// OpenClaw's session.
    Session,
    /// The agent in the metadata.
    Agent,
    /// The user in the request.
    User,
}

impl Sticky {
    fn field(self) -> &'static str {
        match self {
            Self::Session => "headers.x-session-affinity",
            Self::Agent => "metadata.agent",
            Self::User => "params.user",
        }
    }
}

/// How long a session stays on its target, in seconds.
const STICKY_SECONDS: i32 = 3600;

/// The model to call for requests with a certain value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// `metadata.KEY` or `params.KEY`.
    pub path: String,
    /// The value.
    pub value: String,
    /// The model.
    pub leg: Leg,
}

impl When {
    /// Parses `agent=ops=@slug/model`; a key without a dot is a metadata key.
    ///
    /// # Errors
    /// A sentence about the invalid part.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '=').map(str::trim);
        let (Some(key), Some(value), Some(leg)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format!(
                "invalid condition `{text}`; write it as KEY=VALUE=MODEL, such as \
                 agent=ops=@openai/gpt-5"
            ));
        };
        let path = match key.split('.').collect::<Vec<_>>()[..] {
            [key] if !key.is_empty() => format!("metadata.{key}"),
            ["metadata" | "params", rest] if !rest.is_empty() => key.to_owned(),
            _ => {
                return Err(format!(
                    "a condition can't use `{key}`; write KEY for metadata, or params.KEY"
                ));
            }
        };
        Ok(Self {
            path,
            value: value.to_owned(),
            leg: Leg::parse(leg)?,
        })
    }
}

/// Builds the config.
///
/// # Errors
/// A sentence about what is missing or can't be combined.
pub fn compose(plan: &Plan) -> Result<Value, String> {
    let core = core(plan)?;
    let (head, tail) = if plan.when.is_empty() {
        core
    } else {
        conditional(plan, core)?
    };
    let passes_alone = head.is_empty() && tail.iter().any(|(key, _)| key == "passthrough");
    if passes_alone && !plan.guardrails.is_empty() {
        return Err(
            "Portkey refuses guardrails next to a lone `passthrough`; add a fallback".to_owned(),
        );
    }
    let mut members = head;
    members.extend(settings(plan)?);
    members.extend(tail);
    Ok(Value::Object(members))
}

type Members = Vec<(String, Value)>;

/// The members of a target, with those of its strategy separate.
type Target = (Members, Members);

fn member(key: &str, value: impl Into<Value>) -> (String, Value) {
    (key.to_owned(), value.into())
}

fn leaf(leg: &Leg) -> Members {
    match leg {
        Leg::Passthrough => vec![member("passthrough", true)],
        Leg::Model(model) => {
            let params = Value::object([("model", model.as_str())]);
            vec![member("override_params", params)]
        }
    }
}

fn codes(codes: &[u16]) -> Value {
    Value::array(codes.iter().map(|code| Value::from(u32::from(*code))))
}

fn joined((head, tail): Target) -> Members {
    [head, tail].concat()
}

fn core(plan: &Plan) -> Result<Target, String> {
    let balance = balance(plan)?;
    let mut targets: Vec<Members> = plan.fallback.iter().map(leaf).collect();
    if let Some(group) = balance {
        if targets.is_empty() {
            return Ok(group);
        }
        targets.insert(0, joined(group));
    }
    match targets.len() {
        0 => Err(if plan.when.is_empty() {
            "no model to call; add --fallback or --balance".to_owned()
        } else {
            "no model for requests that match no condition; add --fallback or --balance".to_owned()
        }),
        1 if plan.fallback_on.is_empty() => Ok((Vec::new(), targets.remove(0))),
        1 => Err("a fallback needs a second model".to_owned()),
        _ => {
            let mut strategy = vec![member("mode", "fallback")];
            if !plan.fallback_on.is_empty() {
                strategy.push(member("on_status_codes", codes(&plan.fallback_on)));
            }
            Ok(group(strategy, targets))
        }
    }
}

fn group(strategy: Members, targets: Vec<Members>) -> Target {
    let targets = targets.into_iter().map(Value::Object).collect();
    (
        vec![member("strategy", Value::Object(strategy))],
        vec![member("targets", Value::Array(targets))],
    )
}

fn balance(plan: &Plan) -> Result<Option<Target>, String> {
    match (&plan.balance[..], plan.sticky) {
        ([], None) => Ok(None),
        ([], Some(_)) => Err("sticky sessions need models to balance; add --balance".to_owned()),
        ([_], _) => Err("a load balance needs a second model".to_owned()),
        (legs, sticky) => {
            let mut strategy = vec![member("mode", "loadbalance")];
            if let Some(sticky) = sticky {
                let fields = Value::array([sticky.field()]);
                let sticky = vec![
                    member("enabled", true),
                    member("hash_fields", fields),
                    member("ttl", STICKY_SECONDS),
                ];
                strategy.push(member("sticky", Value::Object(sticky)));
            }
            if legs.iter().all(|(_, weight)| *weight == 0.0) {
                return Err("at least one weight must be above 0".to_owned());
            }
            let targets = legs.iter().map(|(leg, weight)| {
                let mut target = leaf(leg);
                target.push(member("weight", *weight));
                target
            });
            Ok(Some(group(strategy, targets.collect())))
        }
    }
}

/// The name of the target that is called if no condition matches.
const OTHERWISE: &str = "otherwise";

fn conditional(plan: &Plan, core: Target) -> Result<Target, String> {
    let mut conditions = Vec::new();
    let mut targets: Vec<Members> = Vec::new();
    let mut known: Vec<&When> = Vec::new();
    for when in &plan.when {
        let same = |other: &When| other.path == when.path && other.value == when.value;
        if known.iter().any(|other| same(other)) {
            return Err(format!(
                "duplicate condition {} = {}",
                when.path, when.value
            ));
        }
        known.push(when);
        let key = when.path.rsplit('.').next().unwrap_or_default();
        let name = format!("{key}-{}", when.value);
        let equals = Value::object([("$eq", when.value.as_str())]);
        let query = Value::Object(vec![member(&when.path, equals)]);
        conditions.push(Value::Object(vec![
            member("query", query),
            member("then", name.as_str()),
        ]));
        targets.push([vec![member("name", name)], leaf(&when.leg)].concat());
    }
    targets.push([vec![member("name", OTHERWISE)], joined(core)].concat());
    let strategy = vec![
        member("mode", "conditional"),
        member("conditions", Value::Array(conditions)),
        member("default", OTHERWISE),
    ];
    Ok(group(strategy, targets))
}

fn settings(plan: &Plan) -> Result<Members, String> {
    let mut members = Vec::new();
    match plan.retry {
        None if plan.retry_on.is_empty() => {}
        None => return Err("--retry-on needs --retry".to_owned()),
        Some(attempts) => {
            let mut retry = vec![member("attempts", attempts)];
            if !plan.retry_on.is_empty() {
                retry.push(member("on_status_codes", codes(&plan.retry_on)));
            }
            members.push(member("retry", Value::Object(retry)));
        }
    }
    if let Some(milliseconds) = plan.timeout {
        members.push(member("request_timeout", number(milliseconds)));
    }
    if let Some(seconds) = plan.cache {
        let cache = vec![member("mode", "simple"), member("max_age", number(seconds))];
        members.push(member("cache", Value::Object(cache)));
    }
    if !plan.guardrails.is_empty() {
        let list = Value::array(plan.guardrails.iter().map(String::as_str));
        members.push(member("input_guardrails", list));
    }
    Ok(members)
}

fn number(whole: u64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "times are far below that")]
    Value::Number(whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Level;
    use crate::gateway_config::check::{Facts, run};
    use crate::gateway_config::read::GatewayConfig;

    fn legs(texts: &[&str]) -> Vec<Leg> {
        texts.iter().map(|text| Leg::parse(text).unwrap()).collect()
    }

    fn text(plan: &Plan) -> String {
        crate::edit::create(&compose(plan).unwrap())
    }

    /// For every combination of options, the checks report nothing but notes.
    #[test]
    fn composed_configs_pass_the_checks() {
        let fallbacks = [
            vec![],
            legs(&["@a/m"]),
            legs(&["@a/m", "passthrough", "@b/n/o"]),
        ];
        let balances = [
            vec![],
            vec![(Leg::Passthrough, 3.0), (legs(&["@c/m"]).remove(0), 1.0)],
        ];
        let whens = [vec![], vec![When::parse("agent=ops=@x/m").unwrap()]];
        let mut made = 0;
        for fallback in &fallbacks {
            for balance in &balances {
                for when in &whens {
                    for more in [false, true] {
                        let plan = Plan {
                            fallback: fallback.clone(),
                            balance: balance.clone(),
                            when: when.clone(),
                            sticky: (more && !balance.is_empty()).then_some(Sticky::Session),
                            retry: more.then_some(2),
                            retry_on: if more { vec![429, 503] } else { vec![] },
                            timeout: more.then_some(60_000),
                            cache: more.then_some(600),
                            guardrails: if more {
                                vec!["pg-a".to_owned()]
                            } else {
                                vec![]
                            },
                            fallback_on: vec![],
                        };
                        let Ok(value) = compose(&plan) else {
                            assert!(fallback.is_empty() && balance.is_empty());
                            continue;
                        };
                        let text = crate::edit::create(&value);
                        let config = GatewayConfig::parse(text.as_str()).unwrap();
                        for finding in run(&Facts::new(&config)) {
                            assert!(
                                finding.level == Level::Note,
                                "{} {}\n{text}",
                                finding.rule.id,
                                finding.message
                            );
                        }
                        made += 1;
                    }
                }
            }
        }
        assert_eq!(made, 20);
    }

    #[test]
    fn configs_look_handwritten() {
        let plan = Plan {
            fallback: legs(&["portkey/@openai/gpt-5", "@google/gemini"]),
            fallback_on: vec![408, 429],
            retry: Some(1),
            ..Plan::default()
        };
        let wanted = r#"{
  "strategy": {
    "mode": "fallback",
    "on_status_codes": [
      408,
      429
    ]
  },
  "retry": {
    "attempts": 1
  },
  "targets": [
    {
      "override_params": {
        "model": "@openai/gpt-5"
      }
    },
    {
      "override_params": {
        "model": "@google/gemini"
      }
    }
  ]
}
"#;
        assert_eq!(text(&plan), wanted);
    }

    #[test]
    fn rejects_conflicting_options() {
        for (plan, word) in [
            (Plan::default(), "--fallback"),
            (
                Plan {
                    when: vec![When::parse("a=b=@x/m").unwrap()],
                    ..Plan::default()
                },
                "match no condition",
            ),
            (
                Plan {
                    fallback: legs(&["@a/m"]),
                    sticky: Some(Sticky::Agent),
                    ..Plan::default()
                },
                "--balance",
            ),
            (
                Plan {
                    fallback: legs(&["@a/m"]),
                    retry_on: vec![500],
                    ..Plan::default()
                },
                "--retry",
            ),
            (
                Plan {
                    fallback: legs(&["passthrough"]),
                    guardrails: vec!["pg-a".to_owned()],
                    ..Plan::default()
                },
                "guardrails",
            ),
        ] {
            let error = compose(&plan).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        for text in ["gpt-5", "@a", "@cf/x", "a b", ""] {
            assert!(Leg::parse(text).is_err(), "{text}");
        }
        for text in [
            "a=b",
            "a=b=c",
            "x.y.z=b=@a/m",
            "headers.x=b=@a/m",
            "=b=@a/m",
        ] {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }
}
