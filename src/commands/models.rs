//! `models`: what the API key can route to.

use clap::Args;
use serde_json::json;

use crate::cli::{CheckArgs, ConfigArgs, Format, KeyArgs};
use crate::error::{Exit, Failure};
use crate::mask::{mask_known, printable};
use crate::openclaw::find_provider;
use crate::portkey::catalogue::Mode;
use crate::ui::{Tone, Ui};

use super::workspace::Workspace;
use super::{Surroundings, check, complete, key, output, road};

/// Arguments of `models`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey models
  openclaw-portkey models gemini
  openclaw-portkey models --format json | jq -r '.models[].id'")]
pub struct ModelsArgs {
    /// Show only the models whose id contains this text
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// Portkey's address, for a self-hosted gateway
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Check",
        hide_short_help = true
    )]
    base_url: Option<String>,
    /// Send the key over plain http to a host that is not this machine
    #[arg(long, help_heading = "Check", hide_short_help = true)]
    insecure_http: bool,
    /// Seconds to wait for Portkey
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600), help_heading = "Check", hide_short_help = true)]
    timeout: u64,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Runs `models`.
///
/// # Errors
/// When there is no key, or Portkey cannot be asked or says no.
pub fn run(args: &ModelsArgs, ui: &Ui, env: &Surroundings) -> Result<Exit, Failure> {
    let provider_id = &args.config.provider_id;
    let workspace = Workspace::open(&args.config, env)?;
    let key = match key::from_flags(&args.key, env)? {
        Some(key) => key,
        None => key::existing(&workspace, provider_id, env)
            .ok_or_else(|| road::no_key(&workspace, provider_id))?,
    };
    let url = check::base_url(&workspace, provider_id, args.base_url.as_deref())?;
    let options = CheckArgs {
        timeout: args.timeout,
        insecure_http: args.insecure_http,
        ..CheckArgs::default()
    };
    let known = [key.secret.clone()];
    let portkey = check::connect(&url, key.secret, &options)?;
    let busy = ui.busy(&format!("asking {}", url.host()));
    let answer = portkey.models(&[]);
    busy.done();
    let catalogue = answer.map_err(|error| check::http_failure(&error))?;
    complete::remember(env, &url, &catalogue, &known);
    let provider = find_provider(&workspace.config, provider_id);
    let declared = |id: &str| {
        provider
            .as_ref()
            .is_some_and(|provider| provider.model(id).is_some())
    };
    let wanted = args.filter.as_deref().unwrap_or_default().to_lowercase();
    let mut shown: Vec<&str> = catalogue
        .models
        .iter()
        .map(|model| model.id.as_str())
        .filter(|id| id.to_lowercase().contains(&wanted))
        .collect();
    shown.sort_unstable();
    if args.config.format == Format::Json {
        let models: Vec<_> = shown
            .iter()
            .map(|id| json!({ "id": mask_known(id, &known), "declared": declared(id) }))
            .collect();
        ui.result(&output::document(&json!({
            "command": "models",
            "baseUrl": url.as_str(),
            "total": catalogue.models.len(),
            "models": models,
        })));
        return Ok(Exit::Done);
    }
    for id in &shown {
        let id_text = mask_known(id, &known);
        let id_text = printable(&id_text);
        if declared(id) {
            ui.result(&format!(
                "{id_text} {}",
                ui.out(Tone::Dim, "(in the config)")
            ));
        } else {
            ui.result(&id_text);
        }
    }
    ui.note(&format!(
        "{} of {} models",
        shown.len(),
        catalogue.models.len()
    ));
    if shown.is_empty() && !wanted.is_empty() {
        let near: Vec<&str> = catalogue
            .nearest(&wanted, 3)
            .into_iter()
            .map(|model| model.id.as_str())
            .collect();
        if !near.is_empty() {
            let near = mask_known(&near.join(", "), &known);
            ui.note(&format!("did you mean {}?", printable(&near)));
        }
    }
    if catalogue.mode == Mode::ProviderBacked {
        ui.note(
            "note: a config attached to the key decides the provider, so the list has no @slugs",
        );
    }
    if catalogue.is_partial() {
        ui.note("note: Portkey says there are more models than it listed");
    }
    Ok(Exit::Done)
}
