//! `key show`: one API key.

use clap::Args;

use crate::app::keys::{OPENCLAW, find, listing};
use crate::app::{Env, credential};
use crate::commands::remote::ReadArgs;
use crate::error::{Exit, Failure};
use crate::portkey::jwt::Jwt;
use crate::store::now;
use crate::ui::Ui;

/// Arguments of `key show`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey key show openclaw
  openclaw-portkey key show openclaw-ops --format json

Portkey doesn't show the key itself again. If OpenClaw sends a JWT, its claims
are shown, without contacting Portkey.")]
pub(super) struct ShowArgs {
    #[arg(
        value_name = "KEY",
        help = "The key's name or id [default: `openclaw`, or the JWT in its place]"
    )]
    key: Option<String>,
    #[command(flatten)]
    pub(super) remote: ReadArgs,
}

pub(super) fn run(args: &ShowArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    if args.key.is_none()
        && let Some(key) = credential::existing(&args.remote.session(env)?)
        && let Some(jwt) = Jwt::read(key.secret.expose())
    {
        let origin = key.origin.to_string();
        return Ok(listing::jwt(
            &jwt,
            (&origin, now()),
            args.remote.format(),
            ui,
        ));
    }
    let name = args.key.as_deref().unwrap_or(OPENCLAW);
    let (_session, admin) = args.remote.open(env)?;
    let Some(key) = admin.read(ui, || find(&admin, name))? else {
        return Ok(Exit::Done);
    };
    listing::show(&key, args.remote.format(), ui);
    Ok(Exit::Done)
}
