//! `gateway-config simulate`: the calls of a gateway config, and how OpenClaw reacts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value as Json;

use crate::app::gateway_config::{cases, drawing, finish, outcome, read, table};
use crate::app::usage;
use crate::args::Format;
use crate::document::Value;
use crate::error::Exit;
use crate::gateway_config::overview::{Scene, default_request};
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::simulate::{Request, Script, Setup, branches};
use crate::openclaw::Version;
use crate::ui::Ui;

use super::{GatewayArg, WayArg};

/// Arguments of `gateway-config simulate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config simulate gateway.json
  openclaw-portkey gateway-config simulate gateway.json \\
    --when @openai/gpt-5=429*3
  openclaw-portkey gateway-config simulate gateway.json \\
    --when first=closed,500 \\
    --when @google=200:after=90s --openclaw 2026.9.6
  openclaw-portkey gateway-config simulate gateway.json --metadata agent=ops
  openclaw-portkey gateway-config simulate gateway.json --format svg \\
    > gateway.svg

WHO is @provider, @provider/model, config.targets[0], first (the target that is
called first) or *. ANSWERS is a list such as 429*3,200: statuses, closed, cut,
unreachable or silence, each optionally followed by :retry-after=20, :after=5s
or *3. After a final count come 200s; anything else repeats.
pg-ID=fail makes a guardrail deny.")]
pub(super) struct SimulateArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "case")]
    file: Option<PathBuf>,
    /// The answers of a target; can be repeated
    #[arg(long, value_name = "WHO=ANSWERS")]
    when: Vec<String>,
    /// The model that OpenClaw requests
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Metadata of the request
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, hide_short_help = true)]
    metadata: Vec<(String, String)>,
    /// Header of the request
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, hide_short_help = true)]
    header: Vec<(String, String)>,
    /// Parameter of the request, such as user=ops
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, hide_short_help = true)]
    param: Vec<(String, String)>,
    /// Number of requests, one after the other
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20), hide_short_help = true)]
    requests: u8,
    /// Gateway that runs the config
    #[arg(long, value_enum, default_value_t, hide_short_help = true)]
    gateway: GatewayArg,
    /// Assume this OpenClaw version
    #[arg(long, value_name = "VERSION", value_parser = super::version)]
    openclaw: Option<Version>,
    /// How requests reach OpenClaw's model client
    #[arg(long, value_enum, default_value_t, hide_short_help = true)]
    through: WayArg,
    /// Run recorded cases and print the observations
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "when", "model", "metadata", "header", "param"], hide_short_help = true)]
    case: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: SimulateFormat,
}

/// Output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum SimulateFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// An image
    Svg,
}

impl SimulateArgs {
    /// The format of results other than images.
    pub(super) fn format(&self) -> Format {
        match self.format {
            SimulateFormat::Json => Format::Json,
            SimulateFormat::Text | SimulateFormat::Svg => Format::Text,
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.to_owned()))
        }
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

pub(super) fn run(args: &SimulateArgs, ui: &Ui) -> anyhow::Result<Exit> {
    if let Some(path) = &args.case {
        let observed = cases::observed(path)?;
        finish(ui, Format::Json, "simulate", || observed);
        return Ok(Exit::Done);
    }
    let Some(file) = &args.file else {
        return Err(usage("no gateway config given").into());
    };
    let config = read(file, ui)?;
    let scene = Scene {
        config: &config,
        gateway: args.gateway.into(),
        version: args.openclaw.unwrap_or(Version::NEWEST),
        way: args.through.into(),
    };
    let request = request(args, &config);
    let draws = args.format == SimulateFormat::Svg;
    if args.when.is_empty() && args.requests == 1 {
        if draws {
            drawing::overview(&scene, &request, ui);
        } else {
            table::show(&scene, &request, args.format(), ui);
        }
        return Ok(Exit::Done);
    }
    let mut script = Script::new().with_known_models();
    for text in &args.when {
        script = script
            .add(text, &config)
            .map_err(|error| usage(error).hint("see `{run: gateway-config simulate --help}`"))?;
    }
    let requests = vec![request; usize::from(args.requests)];
    let setup = Setup {
        config: &config,
        gateway: scene.gateway,
        script: &script,
    };
    let found = branches(&setup, &requests);
    if draws {
        drawing::ways(&scene, &found, ui);
    } else {
        outcome::show(&scene, &found, args.format(), ui);
    }
    Ok(Exit::Done)
}

/// The request from the arguments.
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
