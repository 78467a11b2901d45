//! Shared by the commands for saved gateway configs.

use clap::Args;

use crate::app::Env;
use crate::app::admin::Admin;
use crate::app::gateway_config::finish;
use crate::app::gateway_config::publish::{Published, Publisher};
use crate::app::session::Session;
use crate::args::{AdminArgs, AgentArgs, CheckArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::ui::Ui;

/// Arguments of the commands that save a config.
#[derive(Clone, Debug, Args)]
pub(super) struct SaveArgs {
    /// Don't send a small test request afterwards
    #[arg(long)]
    no_probe: bool,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

impl SaveArgs {
    /// Runs a command that saves a config.
    pub(super) fn run(
        &self,
        action: &'static str,
        uses: bool,
        ui: &Ui,
        env: &Env,
        save: impl FnOnce(&Publisher<'_>) -> Result<Published, Failure>,
    ) -> anyhow::Result<Exit> {
        let session = if uses {
            Session::open_to_change(&self.write.config, env)?
        } else {
            Session::open(&self.write.config, env)?
        };
        let admin = Admin::open(&self.admin, self.check.portkey, &session)?;
        let published = save(&Publisher {
            command: "gateway-config",
            session: &session,
            admin: &admin,
            write: &self.write,
            check: self.check,
            agent: self.agent.agent.as_deref(),
            uses,
            probes: !self.no_probe,
            ui,
        })?;
        finish(ui, self.write.config.format, action, || published.fields);
        Ok(published.exit)
    }
}

pub(super) fn id(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if text.starts_with("pc-") && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err("a config id starts with `pc-`; `gateway-config list` shows it".to_owned())
}
