//! `gateway-config new`: writes a new gateway config.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use crate::app::gateway_config::finish;
use crate::app::gateway_config::write::write;
use crate::app::usage;
use crate::args::Format;
use crate::edit;
use crate::error::Exit;
use crate::gateway_config::compose::{Leg, Plan, Sticky, When, compose};
use crate::gateway_config::simulate::script::milliseconds;
use crate::mask::printable;
use crate::ui::Ui;

/// The valid lifetimes of a cached answer, in seconds.
const CACHE_SECONDS: std::ops::RangeInclusive<u64> = 60..=7_776_000;

/// Arguments of `gateway-config new`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config new -o gateway.json \\
    --fallback @openai/gpt-5,@anthropic/claude-sonnet-4-5 --retry 1 \\
    --timeout 60s
  openclaw-portkey gateway-config new -o gateway.json \\
    --balance @azure/gpt-5=3,@openai/gpt-5=1 --sticky session
  openclaw-portkey gateway-config new -o gateway.json \\
    --fallback passthrough,@openai/gpt-5 --when agent=ops=@openai/gpt-5-mini")]
pub(super) struct NewArgs {
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Models to call in order, until one succeeds
    ///
    /// As @provider/model; `passthrough` is the model in the request.
    #[arg(long, value_name = "MODEL", value_delimiter = ',')]
    fallback: Vec<String>,
    /// Statuses that move on to the next model [default: every failure]
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(200..=599), hide_short_help = true)]
    fallback_on: Vec<u16>,
    /// Models to balance requests between, by weight
    #[arg(long, value_name = "MODEL=WEIGHT", value_delimiter = ',')]
    balance: Vec<String>,
    /// Keep conversations on one balanced model, by session, agent or user
    #[arg(long, value_enum, value_name = "WHAT", hide_short_help = true)]
    sticky: Option<StickyArg>,
    /// Model for requests with this value in their metadata or parameters
    #[arg(long, value_name = "KEY=VALUE=MODEL", hide_short_help = true)]
    when: Vec<String>,
    /// How many times to retry a failed call
    ///
    /// OpenClaw retries as well, so the calls multiply.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=5))]
    retry: Option<u32>,
    /// Statuses to retry [default: 429, 500, 502, 503, 504]
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(200..=599), hide_short_help = true)]
    retry_on: Vec<u16>,
    /// Time limit for an answer to begin, such as 60s
    #[arg(long, value_name = "TIME", value_parser = time, hide_short_help = true)]
    timeout: Option<u64>,
    /// How long identical requests get the cached answer
    ///
    /// In seconds, or with a unit such as 10m.
    #[arg(long, value_name = "TIME", value_parser = time)]
    cache: Option<u64>,
    /// Id of a guardrail that checks requests
    #[arg(long, value_name = "pg-ID", value_delimiter = ',', value_parser = guardrail, hide_short_help = true)]
    guardrail: Vec<String>,
    /// Replace the file if it exists
    #[arg(long, hide_short_help = true)]
    force: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) format: Format,
}

/// The value by which a conversation is kept on one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StickyArg {
    /// OpenClaw's session
    Session,
    /// The agent in the metadata
    Agent,
    /// The user in the request
    User,
}

fn time(text: &str) -> Result<u64, String> {
    let time = milliseconds(text).filter(|time| *time > 0);
    time.ok_or_else(|| "expected a time such as 500ms, 60s or 10m".to_owned())
}

fn guardrail(text: &str) -> Result<String, String> {
    if text.starts_with("pg-") {
        return Ok(text.to_owned());
    }
    Err("a guardrail id starts with `pg-`; copy it from Portkey's dashboard".to_owned())
}

pub(super) fn run(args: &NewArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let plan = plan(args).map_err(usage)?;
    let value = compose(&plan).map_err(usage)?;
    let text = edit::create(&value);
    let Some(path) = args
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"))
    else {
        finish(ui, args.format, "new", || report(None, &text));
        if args.format == Format::Text {
            ui.result_part(&text);
        }
        return Ok(Exit::Done);
    };
    write(path, text.as_bytes(), args.force)?;
    let shown = printable(&path.display().to_string()).into_owned();
    finish(ui, args.format, "new", || report(Some(&shown), &text));
    ui.note(&format!("Wrote {shown}"));
    ui.note(&format!(
        "  Try it: openclaw-portkey gateway-config simulate {shown}"
    ));
    if let Some(hint) = sticky_hint(args) {
        ui.note(&format!("  {hint}"));
    }
    Ok(Exit::Done)
}

fn report(file: Option<&str>, text: &str) -> Json {
    let config: Json = serde_json::from_str(text).unwrap_or_default();
    json!({ "file": file, "config": config })
}

fn sticky_hint(args: &NewArgs) -> Option<&'static str> {
    (args.sticky? == StickyArg::Session).then_some(
        "OpenClaw sends its session with `compat: { sendSessionAffinityHeaders: true }` on the model",
    )
}

fn plan(args: &NewArgs) -> Result<Plan, String> {
    let cache = args.cache.map(|time| time / 1000);
    if cache.is_some_and(|seconds| !CACHE_SECONDS.contains(&seconds)) {
        return Err(format!(
            "--cache must be {} s to {} s (90 days); Portkey would use 7 days instead of anything else",
            CACHE_SECONDS.start(),
            CACHE_SECONDS.end()
        ));
    }
    Ok(Plan {
        fallback: args
            .fallback
            .iter()
            .map(|text| Leg::parse(text))
            .collect::<Result<_, _>>()?,
        fallback_on: args.fallback_on.clone(),
        balance: args
            .balance
            .iter()
            .map(|text| weighted(text))
            .collect::<Result<_, _>>()?,
        sticky: args.sticky.map(|sticky| match sticky {
            StickyArg::Session => Sticky::Session,
            StickyArg::Agent => Sticky::Agent,
            StickyArg::User => Sticky::User,
        }),
        when: args
            .when
            .iter()
            .map(|text| When::parse(text))
            .collect::<Result<_, _>>()?,
        retry: args.retry,
        retry_on: args.retry_on.clone(),
        timeout: args.timeout,
        cache,
        guardrails: args.guardrail.clone(),
    })
}

/// A model with its weight.
fn weighted(text: &str) -> Result<(Leg, f64), String> {
    let (model, weight) = text
        .rsplit_once('=')
        .ok_or_else(|| format!("`{text}` has no weight; write it as @provider/model=3"))?;
    let weight = weight.trim().parse::<f64>().ok();
    let weight = weight.filter(|weight| weight.is_finite() && *weight >= 0.0);
    let weight =
        weight.ok_or_else(|| format!("the weight in `{text}` is not a number from 0 up"))?;
    Ok((Leg::parse(model)?, weight))
}
