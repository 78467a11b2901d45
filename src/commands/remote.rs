//! Shared by the commands that use Portkey's admin API.

use clap::Args;

use crate::app::Env;
use crate::app::admin::Admin;
use crate::app::remote::{Done, Remote};
use crate::app::session::Session;
use crate::app::usage;
use crate::args::{AdminArgs, CheckArgs, ConfigArgs, Format, PortkeyArgs, WriteArgs};
use crate::error::Failure;
use crate::ui::Ui;

/// Arguments of the commands that only read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArgs {
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    portkey: PortkeyArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    dry_run: DryRunArg,
}

/// `--dry-run` for commands that only read: the calls instead of the answers.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct DryRunArg {
    /// Show the calls as curl commands without making them
    #[arg(long, help_heading = "Output", hide_short_help = true)]
    dry_run: bool,
}

impl DryRunArg {
    /// Makes a control plane send nothing, if requested.
    pub(crate) fn apply(self, admin: &mut Admin, format: Format) -> Result<(), Failure> {
        if self.dry_run && format == Format::Json {
            return Err(usage("--dry-run prints shell commands here, not JSON")
                .hint("leave out --format json"));
        }
        if self.dry_run {
            admin.dry_run();
        }
        Ok(())
    }
}

impl ReadArgs {
    /// The session and the control plane.
    pub(crate) fn open<'e>(&self, env: &'e Env) -> Result<(Session<'e>, Admin), Failure> {
        let session = Session::open(&self.config, env)?;
        let admin = self.admin(&session)?;
        Ok((session, admin))
    }

    fn admin(&self, session: &Session<'_>) -> Result<Admin, Failure> {
        let mut admin = Admin::open(&self.admin, self.portkey, session)?;
        self.dry_run.apply(&mut admin, self.format())?;
        Ok(admin)
    }

    /// The same for commands that also work with `--offline`.
    pub(crate) fn open_if_online<'e>(
        &self,
        env: &'e Env,
    ) -> Result<(Session<'e>, Option<Admin>), Failure> {
        let session = Session::open(&self.config, env)?;
        let admin = if self.portkey.offline {
            None
        } else {
            Some(self.admin(&session)?)
        };
        Ok((session, admin))
    }

    /// The session alone.
    pub(crate) fn session<'e>(&self, env: &'e Env) -> Result<Session<'e>, Failure> {
        Session::open(&self.config, env)
    }

    pub(crate) fn format(&self) -> Format {
        self.config.format
    }
}

/// Arguments of the commands that change something at Portkey.
#[derive(Clone, Debug, Args)]
pub(super) struct ChangeArgs {
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

impl ChangeArgs {
    /// The session and the control plane.
    pub(crate) fn open<'e>(
        &self,
        env: &'e Env,
        writes: bool,
    ) -> Result<(Session<'e>, Admin), Failure> {
        let session = if writes {
            Session::open_to_change(&self.write.config, env)?
        } else {
            Session::open(&self.write.config, env)?
        };
        let admin = Admin::open(&self.admin, self.check.portkey, &session)?;
        Ok((session, admin))
    }

    /// Runs a command; `writes` means that OpenClaw's config may change, too.
    pub(crate) fn run(
        &self,
        (ui, env): (&Ui, &Env),
        writes: bool,
        run: impl FnOnce(&Remote<'_>) -> Result<Done, Failure>,
    ) -> Result<Done, Failure> {
        let (session, admin) = self.open(env, writes)?;
        run(&Remote {
            session: &session,
            admin: &admin,
            write: &self.write,
            ui,
        })
    }
}
