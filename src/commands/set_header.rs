//! `set-header`: what goes out with every request.

use clap::Args;

use crate::cli::{CheckArgs, NoAgentArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::openclaw::{Config, find_provider};
use crate::plan::{HeaderChange, Intent};
use crate::portkey::headers::{self, HeaderError};
use crate::portkey::model_id::ModelId;
use crate::ui::Ui;

use super::workspace::Workspace;
use super::{Env, change_in, model_ids, usage};

/// The headers that `init` and `set-header` share.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Headers")]
pub struct HeaderArgs {
    /// Tag every request; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub metadata: Vec<String>,
    /// Send a gateway config, by its id
    #[arg(long, value_name = "pc-…")]
    pub gateway_config: Option<String>,
    /// Any other header; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub header: Vec<String>,
}

/// Arguments of `set-header`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey set-header --metadata team=backend --metadata project=api-v2
  openclaw-portkey set-header --gateway-config pc-abc-123456 --model @gemini/gemini-2.5-flash
  openclaw-portkey set-header --unset x-portkey-trace-id")]
pub struct SetHeaderArgs {
    /// One trace id for all requests (OpenClaw already sends one per run)
    #[arg(long, value_name = "ID", help_heading = "Headers")]
    trace_id: Option<String>,
    #[command(flatten)]
    headers: HeaderArgs,
    /// Take a header out; may be repeated
    #[arg(long, value_name = "NAME", help_heading = "Headers")]
    unset: Vec<String>,
    /// For one model instead of the whole provider
    #[arg(long, value_name = "MODEL", help_heading = "Config")]
    model: Option<String>,
    #[command(flatten)]
    agent: NoAgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Runs `set-header`.
///
/// # Errors
/// When a header is not one, the config cannot be edited, a check fails, or the user says no.
pub fn run(args: &SetHeaderArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    args.agent.check(
        "headers go out with every request of a provider or of a model, whichever agent asks",
    )?;
    let provider_id = &args.write.config.provider_id;
    let model = model_ids(args.model.as_slice(), provider_id)?
        .into_iter()
        .next();
    let workspace = Workspace::open(&args.write.config, env)?;
    let mut wishes = wishes(
        &args.headers,
        &workspace.config,
        provider_id,
        model.as_ref(),
    )?;
    if let Some(id) = &args.trace_id {
        wishes.push(checked(headers::TRACE_ID, id, model.as_ref())?);
        no_name_twice(&wishes)?;
    }
    for name in &args.unset {
        let twice = wishes
            .iter()
            .any(|wish| wish.name.eq_ignore_ascii_case(name));
        if twice {
            return Err(usage(format!("{name} cannot be both set and unset")));
        }
        headers::check_name(name).map_err(|error| header_failure(&error))?;
        wishes.push(HeaderChange {
            name: name.clone(),
            value: None,
            model: model.clone(),
        });
    }
    if wishes.is_empty() {
        return Err(usage("no header is named").hint(
            "--metadata, --gateway-config, --trace-id and --header set one, --unset takes one out",
        ));
    }
    let intent = Intent {
        headers: wishes,
        ..Intent::default()
    };
    change_in(
        &workspace,
        "set-header",
        &intent,
        None,
        &args.check,
        None,
        &args.write,
        ui,
        env,
    )
}

/// The headers that the flags ask for.
pub(super) fn wishes(
    args: &HeaderArgs,
    config: &Config,
    provider_id: &str,
    model: Option<&ModelId>,
) -> Result<Vec<HeaderChange>, Failure> {
    let mut wishes = Vec::new();
    for text in &args.header {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            usage(format!("--header {} is no NAME=VALUE", name_only(text)))
                .hint("write --header NAME=VALUE")
        })?;
        wishes.push(checked(name.trim(), value, model)?);
    }
    if !args.metadata.is_empty() {
        let pairs = args
            .metadata
            .iter()
            .map(|text| headers::metadata_pair(text))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| header_failure(&error))?;
        let current = current(config, provider_id, model, headers::METADATA);
        let text = headers::merge_metadata(current.as_deref(), &pairs).map_err(|error| {
            let failure = header_failure(&error);
            match error {
                HeaderError::MetadataNotObject => failure.hint("`openclaw-portkey set-header --unset x-portkey-metadata` takes the old value out"),
                _ => failure,
            }
        })?;
        wishes.push(checked(headers::METADATA, &text, model)?);
    }
    if let Some(id) = &args.gateway_config {
        headers::check_config(id).map_err(|error| header_failure(&error))?;
        wishes.push(checked(headers::CONFIG, id, model)?);
    }
    no_name_twice(&wishes)?;
    Ok(wishes)
}

fn no_name_twice(wishes: &[HeaderChange]) -> Result<(), Failure> {
    for (index, wish) in wishes.iter().enumerate() {
        if wishes[..index]
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&wish.name))
        {
            return Err(usage(format!("the header {} is named twice", wish.name)));
        }
    }
    Ok(())
}

fn checked(name: &str, value: &str, model: Option<&ModelId>) -> Result<HeaderChange, Failure> {
    headers::check(name, value).map_err(|error| header_failure(&error))?;
    Ok(HeaderChange {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        model: model.cloned(),
    })
}

/// A header that lacks its `=` may be a secret by mistake, so only its first word is repeated.
fn name_only(text: &str) -> &str {
    text.split([':', ' ']).next().unwrap_or_default()
}

fn header_failure(error: &HeaderError) -> Failure {
    usage(error.to_string())
}

fn current(
    config: &Config,
    provider_id: &str,
    model: Option<&ModelId>,
    name: &str,
) -> Option<String> {
    let provider = find_provider(config, provider_id)?;
    let holder = match model {
        Some(id) => provider.model(id.as_str())?.view,
        None => provider.view,
    };
    let (_, view) = holder
        .get("headers")?
        .entries()
        .into_iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(view.text()?.into_owned())
}
