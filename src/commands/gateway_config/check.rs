//! `gateway-config check`: what is wrong with a gateway config, with line and fix.

use std::path::PathBuf;

use clap::Args;

use crate::app::gateway_config::check::Shown;
use crate::app::gateway_config::{finish, name, read};
use crate::app::usage;
use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::gateway_config::check::{Facts, run as check};
use crate::gateway_config::compose::Leg;
use crate::mask::printable;
use crate::openclaw::Version;
use crate::ui::Ui;

/// Arguments of `gateway-config check`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config check gateway.json
  openclaw-portkey gateway-config check - --format json < gateway.json
  openclaw-portkey gateway-config check gateway.json --asked portkey-dynamic

Exits with 1 where there is an error or a warning.")]
pub(super) struct CheckArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The model that OpenClaw asks for, such as portkey-dynamic
    #[arg(long, value_name = "MODEL")]
    asked: Option<String>,
    /// A model that a provider is to use, for fixes; can be given several times
    #[arg(long = "model", value_name = "@PROVIDER/MODEL", value_delimiter = ',')]
    models: Vec<String>,
    /// The version of OpenClaw that sends the requests
    #[arg(long, value_name = "VERSION", value_parser = super::version)]
    openclaw: Option<Version>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) format: Format,
}

pub(super) fn run(args: &CheckArgs, ui: &Ui) -> Result<Exit, Failure> {
    let mut models = Vec::new();
    for text in &args.models {
        match Leg::parse(text).map_err(usage)? {
            Leg::Model(model) => models.push(model),
            Leg::Passthrough => return Err(usage("`passthrough` is not a model")),
        }
    }
    let config = read(&args.file)?;
    let asked = args.asked.as_deref().map(str::trim);
    let asked = asked.map(|model| model.strip_prefix("portkey/").unwrap_or(model));
    let facts = Facts {
        models,
        asked: asked.map(str::to_owned),
        version: args.openclaw.unwrap_or(Version::NEWEST),
        ..Facts::new(&config)
    };
    let findings = check(&facts);
    let name = name(&args.file).display().to_string();
    let shown = Shown::new(&config, printable(&name).into_owned());
    finish(ui, args.format, "check", || shown.json(&findings));
    if args.format == Format::Text {
        shown.text(ui, &findings);
    }
    let fails = findings.iter().any(|finding| finding.level.is_problem());
    Ok(if fails { Exit::Problems } else { Exit::Done })
}
