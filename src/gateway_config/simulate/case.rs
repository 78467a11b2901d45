//! Test cases: a config, provider responses and requests, with what the open-source gateway did.

use serde_json::{Map, Value as Json, json};

use crate::document::Value;
use crate::gateway_config::Gateway;
use crate::gateway_config::read::{GatewayConfig, Target, TargetId};

use super::script::{Answer, Kind, Script, Who};
use super::{Call, Cause, End, Fixed, Outcome, Reply, Request, Setup, State, js, run};

/// A case, ready to run.
#[derive(Debug)]
pub struct Case {
    config: GatewayConfig,
    script: Script,
    requests: Vec<CaseRequest>,
    /// Whether the case has a list of requests, so that the result is a list too.
    is_list: bool,
    random: f64,
    watch: Vec<String>,
}

#[derive(Debug)]
struct CaseRequest {
    request: Request,
    pause: u64,
    config: Option<GatewayConfig>,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// A sentence about what is missing.
    pub fn read(json: &Json) -> Result<Self, String> {
        let config = json.get("config").ok_or("the case has no `config`")?;
        let list = json.get("requests").and_then(Json::as_array);
        let none = json!({});
        let single = json.get("request").unwrap_or(&none);
        let requests = match list {
            Some(list) => list.iter().map(case_request).collect::<Result<_, _>>()?,
            None => vec![case_request(single)?],
        };
        Ok(Self {
            config: parse(config)?,
            script: script(json.get("script"))?,
            requests,
            is_list: list.is_some(),
            random: json
                .get("random")
                .and_then(Json::as_f64)
                .unwrap_or_default(),
            watch: json
                .get("watch")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .filter_map(|name| Some(name.as_str()?.to_owned()))
                .collect(),
        })
    }

    /// The result of running the case on the open-source gateway, in the same JSON form as the
    /// cases.
    #[must_use]
    pub fn observed(&self) -> Json {
        let mut state = State::new(&self.script);
        let mut all = Vec::new();
        for one in &self.requests {
            state.pass(one.pause);
            let config = one.config.as_ref().unwrap_or(&self.config);
            let setup = Setup {
                config,
                gateway: Gateway::OpenSource,
                script: &self.script,
            };
            let outcome = run(&setup, &one.request, &mut state, &mut Fixed(self.random));
            all.push(self.shown(config, &one.request, &outcome));
        }
        match (self.is_list, all.pop()) {
            (false, Some(only)) => only,
            (_, last) => {
                all.extend(last);
                Json::Array(all)
            }
        }
    }

    fn shown(&self, config: &GatewayConfig, request: &Request, outcome: &Outcome<'_>) -> Json {
        let calls: Vec<Json> = outcome
            .calls
            .iter()
            .map(|call| self.call(config, request, call))
            .collect();
        let mut shown = Map::new();
        shown.insert("calls".to_owned(), calls.into());
        match &outcome.end {
            End::Reply(reply) => shown_reply(&mut shown, config, reply, outcome.elapsed),
            End::NoAnswer => {
                shown.insert("no_answer".to_owned(), "hangs".into());
            }
            End::TooManyCalls => {
                shown.insert("unknown".to_owned(), "too many calls to follow".into());
            }
            End::Unknown(what) => {
                shown.insert("unknown".to_owned(), what.as_str().into());
            }
        }
        shown.into()
    }

    fn call(&self, config: &GatewayConfig, request: &Request, call: &Call<'_>) -> Json {
        let mut shown = Map::new();
        shown.insert("target".to_owned(), call.upstream.into());
        shown.insert(
            "status".to_owned(),
            match call.answer {
                Kind::Status(status) => status.into(),
                Kind::Closed | Kind::Unreachable | Kind::Silence => "closed".into(),
            },
        );
        let model = call.model_text.map(Json::from);
        let model = model.or_else(|| call.model.map(js::to_json));
        shown.insert(
            "model".to_owned(),
            model.unwrap_or_else(|| "gpt-3.5-turbo".into()),
        );
        for name in &self.watch {
            let value = match name.strip_prefix("header:") {
                Some(header) => forwarded(config, call.target, request, header).map(Json::from),
                None => sent(config, call.target, request, name),
            };
            if let Some(value) = value {
                shown.insert(name.clone(), value);
            }
        }
        shown.insert("at".to_owned(), rounded(call.at).into());
        shown.into()
    }
}

fn shown_reply(shown: &mut Map<String, Json>, config: &GatewayConfig, reply: &Reply, elapsed: u64) {
    let mut put = |key: &str, value: Json| {
        shown.insert(key.to_owned(), value);
    };
    put("status", reply.status.into());
    if let Some(target) = reply.target {
        put("index", config.index(target).into());
        put(
            "retries",
            reply.retries.unwrap_or_default().to_string().into(),
        );
        if let Some(cache) = reply.cache {
            put("cache", cache.into());
        }
        put("provider", "openai".into());
    }
    put("elapsed", rounded(elapsed).into());
    if let Some(message) = &reply.message {
        put("message", message.as_str().into());
    }
    if !reply.errors.is_empty() {
        put("errors", reply.errors.as_slice().into());
    }
    let kind = match reply.cause {
        Cause::Upstream if reply.status >= 400 => Some("scripted"),
        Cause::Timeout => Some("timeout_error"),
        Cause::Guardrail => Some("hooks_failed"),
        _ => None,
    };
    if let Some(kind) = kind {
        put("error_type", kind.into());
    }
    for (key, verdicts) in [("before", &reply.before), ("after", &reply.after)] {
        if !verdicts.is_empty() {
            put(key, verdicts.as_slice().into());
        }
    }
}

/// Times in the cases are in tenths of a second.
fn rounded(milliseconds: u64) -> u64 {
    milliseconds.saturating_add(50) / 100 * 100
}

fn parse(config: &Json) -> Result<GatewayConfig, String> {
    GatewayConfig::parse(config.to_string()).map_err(|error| error.to_string())
}

fn case_request(json: &Json) -> Result<CaseRequest, String> {
    let say = json.get("say").and_then(Json::as_str).unwrap_or("hi");
    let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": say }] });
    if json.get("stream") == Some(&Json::Bool(true)) {
        body["stream"] = true.into();
    }
    if let Some(own) = json.get("body").and_then(Json::as_object) {
        for (key, value) in own {
            body[key.as_str()] = value.clone();
        }
    }
    let headers = json.get("headers").and_then(Json::as_object);
    let headers = headers.into_iter().flatten();
    Ok(CaseRequest {
        request: Request {
            body: js::from_json(&body),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), plain(value)))
                .collect(),
        },
        pause: json.get("pause").and_then(Json::as_u64).unwrap_or_default(),
        config: json.get("config").map(parse).transpose()?,
    })
}

/// A string without its quotes, anything else as JSON.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn script(json: Option<&Json>) -> Result<Script, String> {
    let mut script = Script::new();
    let upstreams = json.and_then(Json::as_object).into_iter().flatten();
    for (name, answers) in upstreams {
        let answers = answers
            .as_array()
            .ok_or_else(|| format!("the answers of `{name}` are not a list"))?;
        let answers = answers.iter().map(answer).collect();
        script = script.with(Who::Provider(name.clone()), answers);
    }
    Ok(script)
}

fn answer(json: &Json) -> Answer {
    let flag = |key: &str| json.get(key).and_then(Json::as_bool) == Some(true);
    let number = |key: &str| json.get(key).and_then(Json::as_u64);
    let status = number("status").and_then(|status| u16::try_from(status).ok());
    let header = |name: &str| {
        let mut headers = json.get("headers")?.as_object()?.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(plain(value))
    };
    Answer {
        delay: number("latency").unwrap_or_default(),
        pause: number("pause").unwrap_or_default(),
        is_cut: flag("cut"),
        retry_after: ["retry-after-ms", "x-ms-retry-after-ms", "retry-after"].map(header),
        text: json.get("text").map(plain),
        ..Answer::of(if flag("close") {
            Kind::Closed
        } else {
            Kind::Status(status.unwrap_or(200))
        })
    }
}

/// A forwarded header as it reaches the provider.
fn forwarded(
    config: &GatewayConfig,
    target: TargetId,
    request: &Request,
    name: &str,
) -> Option<String> {
    let target = config.target(target);
    let sent = request.header("x-portkey-forward-headers");
    let list: Vec<String> = if let Some(names) = sent {
        names
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect()
    } else {
        let owner = config.target(target.inherited.forward_headers?);
        owner.forward_headers.as_ref()?.value.clone()
    };
    let is_listed = list.iter().any(|listed| listed.eq_ignore_ascii_case(name));
    let value = request.header(&name.to_ascii_lowercase())?;
    (is_listed && !value.is_empty()).then(|| value.to_owned())
}

/// Parameters that are sent to an OpenAI-compatible provider, with their limits.
const PARAMETERS: &[(&str, f64, f64)] = &[
    ("audio", f64::MIN, f64::MAX),
    ("frequency_penalty", -2.0, 2.0),
    ("function_call", f64::MIN, f64::MAX),
    ("functions", f64::MIN, f64::MAX),
    ("logit_bias", f64::MIN, f64::MAX),
    ("logprobs", f64::MIN, f64::MAX),
    ("max_completion_tokens", f64::MIN, f64::MAX),
    ("max_tokens", 0.0, f64::MAX),
    ("messages", f64::MIN, f64::MAX),
    ("metadata", f64::MIN, f64::MAX),
    ("modalities", f64::MIN, f64::MAX),
    ("model", f64::MIN, f64::MAX),
    ("n", f64::MIN, f64::MAX),
    ("parallel_tool_calls", f64::MIN, f64::MAX),
    ("prediction", f64::MIN, f64::MAX),
    ("presence_penalty", -2.0, 2.0),
    ("prompt_cache_key", f64::MIN, f64::MAX),
    ("reasoning_effort", f64::MIN, f64::MAX),
    ("response_format", f64::MIN, f64::MAX),
    ("safety_identifier", f64::MIN, f64::MAX),
    ("seed", f64::MIN, f64::MAX),
    ("service_tier", f64::MIN, f64::MAX),
    ("stop", f64::MIN, f64::MAX),
    ("store", f64::MIN, f64::MAX),
    ("stream", f64::MIN, f64::MAX),
    ("stream_options", f64::MIN, f64::MAX),
    ("temperature", 0.0, 2.0),
    ("tool_choice", f64::MIN, f64::MAX),
    ("tools", f64::MIN, f64::MAX),
    ("top_logprobs", f64::MIN, f64::MAX),
    ("top_p", 0.0, 1.0),
    ("user", f64::MIN, f64::MAX),
    ("verbosity", f64::MIN, f64::MAX),
    ("web_search_options", f64::MIN, f64::MAX),
];

/// A parameter as it is sent.
fn sent(config: &GatewayConfig, target: TargetId, request: &Request, name: &str) -> Option<Json> {
    let (_, low, high) = PARAMETERS.iter().find(|(known, ..)| *known == name)?;
    let target = config.target(target);
    let own = |target: &Target| {
        let params = target.override_params.as_ref()?;
        params.value.get(name).cloned()
    };
    let value = own(target)
        .or_else(|| config.above(target).find_map(|(_, group)| own(group)))
        .or_else(|| request.body.get(name).cloned())?;
    Some(match value {
        Value::Number(number) => js::to_json(&Value::Number(number.clamp(*low, *high))),
        value => js::to_json(&value),
    })
}
