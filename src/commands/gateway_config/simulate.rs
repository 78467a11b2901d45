//! `gateway-config simulate`: which calls go out, and what OpenClaw then does.

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
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, hide_short_help = true)]
    metadata: Vec<(String, String)>,
    /// A header of the request
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, hide_short_help = true)]
    header: Vec<(String, String)>,
    /// A parameter of the request, such as user=ops
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, hide_short_help = true)]
    param: Vec<(String, String)>,
    /// How many requests follow each other
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20), hide_short_help = true)]
    requests: u8,
    /// Which gateway runs the config
    #[arg(long, value_enum, default_value_t, hide_short_help = true)]
    gateway: GatewayArg,
    /// The version of OpenClaw that sends the requests
    #[arg(long, value_name = "VERSION", value_parser = super::version)]
    openclaw: Option<Version>,
    /// How the requests come to OpenClaw's model client
    #[arg(long, value_enum, default_value_t, hide_short_help = true)]
    through: WayArg,
    /// Run recorded cases, and print what is observed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "when", "model", "metadata", "header", "param"], hide_short_help = true)]
    case: Option<PathBuf>,
    /// How results are printed
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
    /// A picture
    Svg,
}

impl SimulateArgs {
    /// How results are printed that are not a picture.
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
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

pub(super) fn run(args: &SimulateArgs, ui: &Ui) -> anyhow::Result<Exit> {
    if let Some(path) = &args.case {
        let observed = cases::observed(path)?;
        finish(ui, Format::Json, "simulate", || observed);
        return Ok(Exit::Done);
    }
    let Some(file) = &args.file else {
        return Err(usage("name the gateway config").into());
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
