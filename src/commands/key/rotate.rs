//! `key rotate`: a new key in the place of one that stays valid for a while.

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

Without -o the new key goes into OpenClaw's .env, in the place of the old one.")]
pub(super) struct RotateArgs {
    /// The key's name or id [default: `openclaw`, or `openclaw-ID` with --agent]
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// The agent whose key it is
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// How long the old key stays valid; 30 minutes at least
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
        return Err("Portkey keeps the old key valid for 30 minutes at least".to_owned());
    }
    Ok(span)
}

pub(super) fn run(args: &RotateArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let agent = args.agent.as_deref();
    let chosen = args.place.chosen(&args.change)?;
    // A key of another name may be anybody's.
    if chosen.is_none() && agent.is_none() && args.key.as_deref().is_some_and(is_others) {
        return Err(usage("where the new key goes has to be said")
            .hint("-o FILE keeps it in a file; without a name, OpenClaw's own key is rotated, with --agent ID an agent's"));
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

/// Whether a key is not OpenClaw's by its name.
fn is_others(name: &str) -> bool {
    name != default_name(None)
}
