//! The machine: services, processes, variables and files around OpenClaw, gathered in parallel.
//!
//! Only reads, and starts no process.
#![expect(
    clippy::disallowed_methods,
    reason = "this module reads OpenClaw's files on this machine"
)]

mod files;
mod gateway;
mod launchd;
mod others;
mod plist;
mod profiles;
mod service;
mod sqlite;
mod unit;
mod variables;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;

use crate::doctor::facts::{Fact, Machine, Service, Variable};
use crate::secret::Secret;

use service::Installed;

/// The variables for proxies, and for hosts that don't need one.
const PROXIES: [&str; 8] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

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
    /// The same, for variables that aren't secret.
    pub settings: Vec<String>,
    /// `env.vars` of the config with includes merged: name, value, file and line.
    pub config_env: Vec<ConfigVariable>,
    /// The id of the provider whose auth profiles matter.
    pub provider_id: String,
    /// `gateway.port` of the config.
    pub port: Option<u16>,
    /// The version of the installed `openclaw`.
    pub installed: Option<String>,
    /// The folder that contains system-wide paths such as `/etc/systemd`; `/`.
    pub root: PathBuf,
}

/// A variable that the config sets.
#[derive(Clone, Debug)]
pub struct ConfigVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Secret,
    /// The file that sets it.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

/// The variables' sources and the services that read them: everything that needs no waiting.
#[must_use]
pub fn variables(query: &Query<'_>) -> Machine {
    let not_looked_at = || "not checked".to_owned();
    let (installed, looked) = service::find(query);
    let dotenvs = variables::Dotenvs::of(query, ours(&installed));
    Machine {
        installed: query.installed.clone(),
        variables: all_variables(query, &query.variables, ours(&installed), &dotenvs),
        settings: all_variables(query, &query.settings, ours(&installed), &dotenvs),
        services: services(installed, looked),
        gateways: Fact::Unknown(not_looked_at()),
        profiles: Fact::Unknown(not_looked_at()),
        other_configs: Vec::new(),
        exposed_config: false,
        shell_profile: None,
    }
}

/// The service that uses the located config; another one doesn't see the same variables.
fn ours(installed: &[Installed]) -> Option<&Installed> {
    installed.first().filter(|found| found.service.is_ours)
}

fn all_variables(
    query: &Query<'_>,
    names: &[String],
    ours: Option<&Installed>,
    dotenvs: &variables::Dotenvs,
) -> Vec<Variable> {
    names
        .iter()
        .map(|name| variables::variable(query, name, ours, dotenvs))
        .collect()
}

fn services(installed: Vec<Installed>, looked: Fact<()>) -> Fact<Vec<Service>> {
    match looked {
        Fact::Known(()) => Fact::Known(installed.into_iter().map(|i| i.service).collect()),
        Fact::Unknown(reason) => Fact::Unknown(reason),
    }
}

/// Gathers everything. Takes milliseconds, unless a gateway doesn't answer.
#[must_use]
pub fn gather(query: &Query<'_>) -> Machine {
    thread::scope(|scope| {
        let profiles = scope.spawn(|| profiles::find(query));
        let (installed, looked) = service::find(query);
        let ours = ours(&installed);
        let dotenvs = variables::Dotenvs::of(query, ours);
        let mut variable_files: Vec<PathBuf> = dotenvs
            .of_service()
            .into_iter()
            .map(Path::to_owned)
            .collect();
        if let Some(ours) = ours {
            variable_files.extend(ours.service.environment_files.iter().cloned());
        }
        let variables = all_variables(query, &query.variables, ours, &dotenvs);
        let proxies = PROXIES.map(str::to_owned);
        let names: Vec<String> = query.settings.iter().cloned().chain(proxies).collect();
        let settings = all_variables(query, &names, ours, &dotenvs);
        let other_configs = others::find(query, &installed);
        let gateways = gateway::find(query, &installed, &variable_files);
        Machine {
            installed: query.installed.clone(),
            variables,
            gateways: Fact::Known(gateways),
            services: services(installed, looked),
            profiles: profiles
                .join()
                .unwrap_or_else(|_| Fact::Unknown("the check failed".to_owned())),
            other_configs,
            exposed_config: files::is_exposed(&query.config, query.home.as_deref()),
            settings,
            shell_profile: (query.variable)("OPENCLAW_PROFILE")
                .and_then(|name| name.into_string().ok())
                .filter(|name| !name.trim().is_empty()),
        }
    })
}
