//! `gateway-config simulate`: which calls go out, and what OpenClaw then does.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use crate::cli::Format;
use crate::document::Value;
use crate::error::{Exit, Failure, FailureKind};
use crate::gateway_config::client::{Reaction, reaction};
use crate::gateway_config::overview::{Scene, default_request, label};
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::simulate::case::Case;
use crate::gateway_config::simulate::{
    AnswerKind, Branch, Branches, Call, End, Outcome, Request, Script, Setup, branches,
};
use crate::openclaw::Version;
use crate::ui::{Tone, Ui};

use super::super::{output, usage};
use super::{GatewayArg, WayArg, table};

/// Arguments of `gateway-config simulate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config simulate gateway.json
  openclaw-portkey gateway-config simulate gateway.json --when @openai/gpt-5=429*3
  openclaw-portkey gateway-config simulate gateway.json --when first=closed,500 \\
    --when @google=200:after=90s --openclaw 2026.9.6
  openclaw-portkey gateway-config simulate gateway.json --metadata agent=ops

WHO is @provider, @provider/model, config.targets[0], first (the target that is
called first) or *. ANSWERS is a list such as 429*3,200: statuses, closed, cut,
unreachable or silence, each with :retry-after=20, :after=5s or *3 behind it.
A count at the end is followed by 200s, anything else repeats.
pg-ID=fail lets a guardrail deny.")]
pub(super) struct SimulateArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "case")]
    file: Option<PathBuf>,
    /// What a target answers; can be given several times
    #[arg(long, value_name = "WHO=ANSWERS")]
    when: Vec<String>,
    /// The model that OpenClaw asks for
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// A value of the request's metadata
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
    /// A header of the request
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    header: Vec<(String, String)>,
    /// A parameter of the request, such as user=ops
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    param: Vec<(String, String)>,
    /// How many requests follow each other
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    requests: u8,
    /// Which gateway runs the config
    #[arg(long, value_enum, default_value_t)]
    gateway: GatewayArg,
    /// The version of OpenClaw that sends the requests
    #[arg(long, value_name = "VERSION", value_parser = super::version)]
    openclaw: Option<Version>,
    /// How the requests come to OpenClaw's model client
    #[arg(long, value_enum, default_value_t)]
    through: WayArg,
    /// Run recorded cases, and print what is observed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "when", "model", "metadata", "header", "param"])]
    case: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) format: Format,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

pub(super) fn run(args: &SimulateArgs, ui: &Ui) -> Result<Exit, Failure> {
    if let Some(path) = &args.case {
        return cases(path, ui);
    }
    let Some(file) = &args.file else {
        return Err(usage("name the gateway config"));
    };
    let config = super::read(file)?;
    let scene = Scene {
        config: &config,
        gateway: args.gateway.into(),
        version: args.openclaw.unwrap_or(Version::NEWEST),
        way: args.through.into(),
    };
    let request = request(args, &config);
    if args.when.is_empty() && args.requests == 1 {
        table::show(&scene, &request, args.format, ui);
        return Ok(Exit::Done);
    }
    let mut script = Script::new().with_known_models();
    for text in &args.when {
        script = script.add(text, &config).map_err(|error| {
            usage(error).hint("see `openclaw-portkey gateway-config simulate --help`")
        })?;
    }
    let requests = vec![request; usize::from(args.requests)];
    let setup = Setup {
        config: &config,
        gateway: scene.gateway,
        script: &script,
    };
    let found = branches(&setup, &requests);
    match args.format {
        Format::Text => text(&scene, &found, ui),
        Format::Json => ui.result(&output::document(&json(&scene, &found))),
    }
    Ok(Exit::Done)
}

/// The request that the arguments describe.
fn request(args: &SimulateArgs, config: &GatewayConfig) -> Request {
    let mut request = match &args.model {
        Some(model) => {
            let model = model.trim();
            Request::of_model(model.strip_prefix("portkey/").unwrap_or(model))
        }
        None => default_request(config),
    };
    if let Value::Object(body) = &mut request.body {
        for (key, text) in &args.param {
            let value = match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number),
                _ => Value::String(text.clone()),
            };
            body.retain(|(known, _)| known != key);
            body.push((key.clone(), value));
        }
    }
    let headers = args.header.iter();
    request.headers = headers
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .collect();
    if !args.metadata.is_empty() {
        let metadata: serde_json::Map<String, Json> = args
            .metadata
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().into()))
            .collect();
        let metadata = Json::Object(metadata).to_string();
        request
            .headers
            .push(("x-portkey-metadata".to_owned(), metadata));
    }
    request
}

/// Runs one case, or all of a file.
fn cases(path: &Path, ui: &Ui) -> Result<Exit, Failure> {
    let bytes = super::read_bytes(path)?;
    let failed = |message: String| {
        Failure::new(FailureKind::Config, format!("{}: {message}", path.display()))
            .hint("a case is an object with `config`, `script`, `request`; a file has one, or a list under `cases`")
    };
    let whole: Json = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    let observed = |case: &Json| -> Result<Json, Failure> {
        let id = case.get("id").cloned();
        let ran = Case::read(case).map_err(|error| {
            failed(match &id {
                Some(id) => format!("{id}: {error}"),
                None => error,
            })
        })?;
        let mut shown = serde_json::Map::new();
        if let Some(id) = id {
            shown.insert("id".to_owned(), id);
        }
        shown.insert("observed".to_owned(), ran.observed());
        Ok(shown.into())
    };
    let list = whole.get("cases").or(Some(&whole)).and_then(Json::as_array);
    let result = match list {
        Some(list) => {
            let cases = list.iter().map(observed).collect::<Result<Vec<_>, _>>()?;
            json!({ "cases": cases })
        }
        None => observed(&whole)?,
    };
    ui.result(&output::document(&result));
    Ok(Exit::Done)
}

fn text(scene: &Scene<'_>, found: &Branches<'_>, ui: &Ui) {
    for (at, branch) in found.list.iter().enumerate() {
        if at > 0 {
            ui.result("");
        }
        if found.list.len() > 1 || found.left_out > 0.0 {
            let share = format!("{} of the requests", table::percent(branch.share));
            ui.result(&ui.out(Tone::Bold, &share));
        }
        let many = branch.outcomes.len() > 1;
        for (number, outcome) in branch.outcomes.iter().enumerate() {
            if many {
                ui.result(&ui.out(Tone::Bold, &format!("request {}", number + 1)));
            }
            outcome_text(scene, outcome, ui);
        }
    }
    let outcomes = found.list.iter().flat_map(|branch| &branch.outcomes);
    let reactions = outcomes.filter_map(|it| reaction(scene.version, scene.way, it));
    let reactions: Vec<Reaction> = reactions.collect();
    if let Some(footnote) = table::footnote(scene, &reactions) {
        ui.result(&format!("\n{footnote}"));
    }
    if found.left_out > 0.0 {
        ui.result(&format!(
            "\n{} of the requests go other ways, too many to follow",
            table::percent(found.left_out)
        ));
    }
}

/// More calls than these are not listed one by one.
const MAX_LISTED: usize = 40;

fn outcome_text(scene: &Scene<'_>, outcome: &Outcome<'_>, ui: &Ui) {
    for call in outcome.calls.iter().take(MAX_LISTED) {
        ui.result(&format!(
            "  {:>8}  {}  {}{}",
            table::time(call.at),
            answer(call.answer),
            call_name(call),
            ui.out(
                Tone::Dim,
                &format!("  ({})", scene.config.index(call.target))
            )
        ));
    }
    if let Some(more) = outcome.calls.len().checked_sub(MAX_LISTED + 1) {
        ui.result(&format!("  … and {} more", more + 1));
    }
    let took = table::calls(outcome.calls.len(), outcome.elapsed);
    let (tone, line) = match &outcome.end {
        End::Reply(reply) => {
            let from = match reply.target {
                Some(target) => format!(" from {}", label(scene.config, target)),
                None => " from the gateway".to_owned(),
            };
            let message = reply.message.iter().chain(&reply.errors);
            let message: Vec<&str> = message.map(String::as_str).collect();
            let message = if message.is_empty() {
                String::new()
            } else {
                format!(": {}", message.join("; "))
            };
            let cut = if reply.is_cut { ", cut off" } else { "" };
            let good = reply.is_ok() && !reply.is_cut;
            (
                if good { Tone::Good } else { Tone::Bad },
                format!("{}{from}{cut}, after {took}{message}", reply.status),
            )
        }
        End::NoAnswer => (
            Tone::Bad,
            "no answer, ever: the gateway has nobody to call".to_owned(),
        ),
        End::TooManyCalls => (Tone::Bad, format!("given up after {took}")),
        End::Unknown(what) => (Tone::Warn, format!("cannot tell {what}")),
    };
    ui.result(&format!(
        "  {} {}",
        ui.out(tone, "→"),
        crate::mask::printable(&line)
    ));
    if let Some(reaction) = reaction(scene.version, scene.way, outcome) {
        let then = table::reaction(&reaction, outcome.calls.len());
        ui.result(&format!("    OpenClaw {}: {then}", scene.version));
    }
}

fn call_name(call: &Call<'_>) -> String {
    let name = match call.model() {
        Some(model) => format!("@{}/{model}", call.upstream),
        None => format!("@{}", call.upstream),
    };
    crate::mask::printable(&name).into_owned()
}

fn answer(kind: AnswerKind) -> String {
    match kind {
        AnswerKind::Status(status) => status.to_string(),
        AnswerKind::Closed => "closed".to_owned(),
        AnswerKind::Unreachable => "unreachable".to_owned(),
        AnswerKind::Silence => "silence".to_owned(),
    }
}

fn json(scene: &Scene<'_>, found: &Branches<'_>) -> Json {
    let branches: Vec<Json> = found
        .list
        .iter()
        .map(|branch| branch_json(scene, branch))
        .collect();
    json!({
        "gateway": table::gateway(scene.gateway),
        "openclaw": scene.version.to_string(),
        "branches": branches,
        "left_out": found.left_out,
    })
}

fn branch_json(scene: &Scene<'_>, branch: &Branch<'_>) -> Json {
    let requests: Vec<Json> = branch
        .outcomes
        .iter()
        .map(|outcome| outcome_json(scene, outcome))
        .collect();
    json!({ "share": branch.share, "requests": requests })
}

fn outcome_json(scene: &Scene<'_>, outcome: &Outcome<'_>) -> Json {
    let calls: Vec<Json> = outcome
        .calls
        .iter()
        .map(|call| {
            json!({
                "index": scene.config.index(call.target),
                "provider": call.upstream,
                "model": call.model(),
                "at": call.at,
                "answer": match call.answer {
                    AnswerKind::Status(status) => status.into(),
                    kind => Json::from(answer(kind)),
                },
            })
        })
        .collect();
    let reply = match &outcome.end {
        End::Reply(reply) => json!({
            "status": reply.status,
            "index": reply.target.map(|target| scene.config.index(target)),
            "retries": reply.retries,
            "cache": reply.cache,
            "cut": reply.is_cut,
            "message": reply.message,
            "errors": reply.errors,
        }),
        End::NoAnswer | End::TooManyCalls | End::Unknown(_) => Json::Null,
    };
    json!({
        "calls": calls,
        "reply": reply,
        "no_answer": matches!(outcome.end, End::NoAnswer),
        "unknown": match &outcome.end {
            End::Unknown(what) => Some(what.as_str()),
            End::TooManyCalls => Some("too many calls to follow"),
            _ => None,
        },
        "elapsed": outcome.elapsed,
        "openclaw": reaction(scene.version, scene.way, outcome).map(|it| reaction_json(&it)),
    })
}

pub(super) fn reaction_json(reaction: &Reaction) -> Json {
    json!({
        "tries": reaction.tries,
        "falls_back": reaction.falls_back,
        "seconds": reaction.seconds.map(|(least, most)| [least, most]),
        "seen": reaction.is_seen,
        "note": (!reaction.note.is_empty()).then_some(reaction.note),
    })
}
