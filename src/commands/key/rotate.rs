//! `key rotate`: replaces a key, which stays valid for a while.

use std::time::Duration;

use clap::Args;

use crate::app::{Env, usage};
use crate::commands::remote::ChangeArgs;
use crate::error::{Exit, Failure};
use crate::portkey::admin::expiry;
use crate::portkey::admin::keys::MIN_OVERLAP;
use crate::ui::Ui;

use super::{PlaceArgs, agent_id, changed, default_name, openclaw};

/// Arguments of `key rotate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key rotate
  openclaw-portkey key rotate --agent ops --overlap 12h
  openclaw-portkey key rotate ci -o new-ci.key

Without -o, the new key replaces the old one in OpenClaw's .env.")]
pub(super) struct RotateArgs {
    /// The key's name or id [default: `openclaw`, or `openclaw-ID` with --agent]
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// Rotate the key of this agent
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// How long the old key stays valid, at least 30m
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = overlap, help_heading = "Key")]
    overlap: Duration,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

fn overlap(text: &str) -> Result<Duration, String> {
    let span = expiry::span(text)?;
    if span < Duration::from_millis(MIN_OVERLAP) {
        return Err("Portkey keeps the old key valid for at least 30 minutes".to_owned());
    }
    Ok(span)
}

pub(super) fn run(args: &RotateArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let agent = args.agent.as_deref();
    let chosen = args.place.chosen(&args.change)?;
    // A key with another name may be anyone's.
    if chosen.is_none() && agent.is_none() && args.key.as_deref().is_some_and(is_others) {
        return Err(usage("no destination for the new key")
            .hint("store it in a file with -o FILE; to rotate OpenClaw's own key, leave out the name; for an agent's key, use --agent ID"));
    }
    changed(
        &args.change,
        "rotate",
        (ui, env),
        chosen.is_none(),
        |ring| {
            let agent_id = agent_id(ring.session, agent);
            let name = args.key.clone();
            let name = name.unwrap_or_else(|| default_name(agent_id.as_deref()));
            let place = match chosen {
                Some(place) => place,
                None => openclaw(ring.session, &args.change, agent, false)?,
            };
            ring.rotate(&name, args.overlap, &place)
        },
    )
}

/// Whether the name isn't one of OpenClaw's keys.
fn is_others(name: &str) -> bool {
    name != default_name(None)
}
