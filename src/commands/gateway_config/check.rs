//! `gateway-config check`: problems in a gateway config, with line and fix.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::gateway_config::asking::{Answers, ask};
use crate::app::gateway_config::check::Shown;
use crate::app::gateway_config::fix::{Fixed, fixed, lines};
use crate::app::gateway_config::write::write;
use crate::app::gateway_config::{finish, name, read};
use crate::app::output::{self, Stream};
use crate::app::{Env, usage};
use crate::args::{ConfigArgs, Format, PortkeyArgs};
use crate::document::Document;
use crate::error::{Exit, Failure};
use crate::gateway_config::check::{Facts, run as check};
use crate::gateway_config::compose::Leg;
use crate::gateway_config::read::GatewayConfig;
use crate::mask::printable;
use crate::openclaw::Version;
use crate::ui::Ui;

/// Arguments of `gateway-config check`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey gateway-config check gateway.json
  openclaw-portkey gateway-config check - --format json < gateway.json
  openclaw-portkey gateway-config check gateway.json --asked portkey-dynamic
  openclaw-portkey gateway-config check gateway.json --online
  openclaw-portkey gateway-config check gateway.json --fix

Exits with 1 if there is an error or a warning.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag on the command line is a bool"
)]
pub(super) struct CheckArgs {
    /// The gateway config; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The model that OpenClaw requests, such as portkey-dynamic
    #[arg(long, value_name = "MODEL", hide_short_help = true)]
    asked: Option<String>,
    /// A model that fixes may use for its provider; can be repeated
    #[arg(
        long = "model",
        value_name = "@PROVIDER/MODEL",
        value_delimiter = ',',
        hide_short_help = true
    )]
    models: Vec<String>,
    /// Also check providers, models and guardrails with Portkey
    #[arg(long)]
    online: bool,
    /// Apply fixes that are safe
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// Also apply fixes that may change the meaning
    #[arg(long, help_heading = "Fixes", hide_short_help = true)]
    unsafe_fixes: bool,
    /// Show the fixes without writing them
    #[arg(long, visible_alias = "dry-run", help_heading = "Fixes")]
    diff: bool,
    #[command(flatten)]
    portkey: PortkeyArgs,
    /// Assume this OpenClaw version
    #[arg(long, value_name = "VERSION", value_parser = super::version, help_heading = "OpenClaw", hide_short_help = true)]
    openclaw: Option<Version>,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

pub(super) fn run(args: &CheckArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let models = models(args)?;
    let config = read(&args.file, ui)?;
    let answers = if args.online && !args.portkey.offline {
        Some(ask(&config, (&args.config, args.portkey), ui, env)?)
    } else {
        None
    };
    let asked = args.asked.as_deref().map(str::trim);
    let asked = asked.map(|model| model.strip_prefix("portkey/").unwrap_or(model));
    let find = |config: &GatewayConfig| {
        check(&Facts {
            config,
            models: models.clone(),
            asked: asked.map(str::to_owned),
            version: args.openclaw.unwrap_or(Version::NEWEST),
            online: answers.as_ref().map(Answers::online),
        })
    };
    let shown = printable(&name(&args.file).display().to_string()).into_owned();
    let after = args
        .fixes()
        .then(|| fixed(&config, args.unsafe_fixes, find));
    if let Some(after) = &after {
        write_fixes(args, &shown, config.document(), after, ui)?;
    }
    let is_written = |after: &&Fixed| after.made > 0 && !args.diff;
    let written = after.as_ref().filter(is_written);
    let last = written.map_or(&config, |after| &after.config);
    let findings = find(last);
    let report = Shown::new(last, shown);
    let skipped = answers.map(|answers| answers.skipped).unwrap_or_default();
    finish(ui, args.config.format, "check", || {
        let mut fields = report.json(&findings);
        fields["fixed"] = written.map_or(0, |after| after.made).into();
        fields["skipped"] = skipped.clone().into();
        fields
    });
    if args.config.format == Format::Text {
        report.text(ui, &findings);
    }
    for why in &skipped {
        ui.note(&format!("· {why}"));
    }
    if let Some(after) = &after {
        let what = if args.diff { "could be fixed" } else { "fixed" };
        ui.note(&format!("{} {what}", after.made));
    }
    let fails = findings.iter().any(|finding| finding.level.is_problem());
    Ok(if fails { Exit::Problems } else { Exit::Done })
}

/// Shows the fixes, and writes them unless only --diff is given.
fn write_fixes(
    args: &CheckArgs,
    shown: &str,
    before: &Document,
    after: &Fixed,
    ui: &Ui,
) -> Result<(), Failure> {
    if after.made == 0 {
        return Ok(());
    }
    let document = after.config.document();
    output::diff(ui, &lines(shown, before, document), Stream::Note);
    if args.diff {
        return Ok(());
    }
    if args.file == Path::new("-") {
        return Err(
            usage("--fix can't write to standard input").hint("use --diff to see the fixes")
        );
    }
    write(&args.file, document.text().as_bytes(), true)
}

impl CheckArgs {
    fn fixes(&self) -> bool {
        self.fix || self.unsafe_fixes || self.diff
    }
}

fn models(args: &CheckArgs) -> Result<Vec<String>, Failure> {
    let mut models = Vec::new();
    for text in &args.models {
        match Leg::parse(text).map_err(usage)? {
            Leg::Model(model) => models.push(model),
            Leg::Passthrough => return Err(usage("`passthrough` is not a model")),
        }
    }
    Ok(models)
}
