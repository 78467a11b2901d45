//! `key create`: a new API key.

use clap::Args;

use crate::app::Env;
use crate::app::keys::place::{Place, file_name};
use crate::app::usage;
use crate::args::ReplaceKeyArg;
use crate::commands::remote::ChangeArgs;
use crate::error::{Exit, Failure};
use crate::portkey::admin::keys::{AGENT, Kind, NewKey, SCOPES, Settings};
use crate::ui::Ui;

use super::settings::SettingArgs;
use super::{PlaceArgs, agent_id, changed, default_name, openclaw};

/// Arguments of `key create`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key create --agent ops --budget '20 usd/month' --rate 60/min
  openclaw-portkey key create --gateway-config pc-abc-123456 --pin
  openclaw-portkey key create --user alice@example.com --expires 90d
  openclaw-portkey key create --service ci -o ci.key --metadata team=backend
  openclaw-portkey key create --agent ops --dry-run

Without --user or --service, the key is for OpenClaw: it is stored in OpenClaw's
.env, and the config refers to it. An agent gets its own provider. A key for a
person or program is stored in a file. Keys are never shown unless you pass
--print.")]
pub(super) struct CreateArgs {
    /// For one of OpenClaw's agents
    #[arg(long, value_name = "ID", group = "whom")]
    agent: Option<String>,
    /// For a person: an email address or user id
    #[arg(long, value_name = "EMAIL", group = "whom")]
    user: Option<String>,
    /// For a program
    #[arg(long, value_name = "NAME", group = "whom")]
    service: Option<String>,
    /// The key's name at Portkey
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Key",
        hide_short_help = true
    )]
    name: Option<String>,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
    #[command(flatten)]
    replace: ReplaceKeyArg,
}

pub(super) fn run(args: &CreateArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let chosen = args.place.chosen(&args.change)?;
    let is_openclaws = args.user.is_none() && args.service.is_none();
    let writes = chosen.is_none() && is_openclaws;
    changed(&args.change, "create", (ui, env), writes, |ring| {
        let agent = agent_id(ring.session, args.agent.as_deref());
        let (new, email) = new_key(args, agent.as_deref())?;
        let place = match chosen {
            Some(place) => place,
            None if is_openclaws => openclaw(
                ring.session,
                &args.change,
                args.agent.as_deref(),
                args.settings.pins(),
            )?,
            None => Place::File(file_name(&new.name).into()),
        };
        ring.create(new, email.as_deref(), &place, args.replace.replace_key)
    })
}

fn new_key(args: &CreateArgs, agent: Option<&str>) -> Result<(NewKey, Option<String>), Failure> {
    let mut before = Settings {
        scopes: SCOPES.map(str::to_owned).to_vec(),
        ..Settings::default()
    };
    if let Some(agent) = agent {
        before.metadata.push((AGENT.to_owned(), agent.to_owned()));
    }
    let email = args.user.clone().filter(|user| user.contains('@'));
    let name = [&args.name, &args.service, &args.user];
    let name = name.into_iter().flatten().next().cloned();
    let name = name.unwrap_or_else(|| default_name(agent));
    if name.trim().is_empty() {
        return Err(usage("the key's name is empty").hint("pass one with --name NAME"));
    }
    let settings = args.settings.apply(&before)?;
    if let Some(agent) = agent
        && settings
            .metadata
            .iter()
            .any(|(key, value)| key == AGENT && value != agent)
    {
        return Err(usage(format!(
            "--metadata and --agent name different values for {AGENT}"
        ))
        .hint("leave it out of --metadata; --agent adds it"));
    }
    let new = NewKey {
        name,
        kind: if args.user.is_some() {
            Kind::WorkspaceUser
        } else {
            Kind::WorkspaceService
        },
        user: args.user.clone().filter(|_| email.is_none()),
        settings,
    };
    Ok((new, email))
}
