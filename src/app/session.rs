//! What every command starts from: which config and why, its files, OpenClaw's version, the
//! `.env`, the credentials, and the secrets that must not be shown. Nothing else loads, locates
//! or looks for a key.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::args::ConfigArgs;
use crate::causes::{PortkeyProvider, portkey_providers};
use crate::doctor::facts::Machine;
use crate::doctor::known_keys;
use crate::document::{Kind, Value};
use crate::error::{Failure, FailureKind};
use crate::help::RunContext;
use crate::machine::{self, ConfigVariable, Query};
use crate::openclaw::{Config, CredentialSource, Version, VersionSource, View};
use crate::plan::Target;
use crate::portkey::DEFAULT_BASE_URL;
use crate::portkey::base_url::BaseUrl;
use crate::portkey::model_id::ModelId;
use crate::secret::Secret;
use crate::store::{self, Location, Snapshot, StoreError};

use super::admin::ADMIN_KEY_VARIABLE;
use super::credential::KEY_VARIABLE;
use super::load::{self, Loaded, Overlay};
use super::{Env, output, usage};

/// The id of a provider that does not exist yet.
pub(crate) const DEFAULT_PROVIDER: &str = "portkey";

/// Everything that a command reads before it does anything.
pub(crate) struct Session<'e> {
    pub(crate) env: &'e Env,
    pub(crate) location: Location,
    pub(crate) loaded: Loaded,
    pub(crate) dotenv: Snapshot,
    pub(crate) version: VersionSource,
    /// The version of the `openclaw` on the `PATH`, as it is written.
    pub(crate) installed: Option<String>,
    /// The flags that led here, for the commands that are suggested.
    pub(crate) flags: ConfigArgs,
    /// What the config says of providers before anything is known of it.
    empty: Config,
    variables: OnceCell<Machine>,
}

impl<'e> Session<'e> {
    /// Opens the config of a command that shows or changes it: every file of it must be readable.
    ///
    /// # Errors
    /// A file that cannot be found or read.
    pub(crate) fn open(flags: &ConfigArgs, env: &'e Env) -> Result<Self, Failure> {
        let session = Self::examine(flags, env)?;
        session.loaded.whole()?;
        Ok(session)
    }

    /// Opens the config as far as it can be read.
    ///
    /// # Errors
    /// A config that cannot be located, or not be read as a file.
    pub(crate) fn examine(flags: &ConfigArgs, env: &'e Env) -> Result<Self, Failure> {
        let location = locate(flags, env)?;
        let loaded = load::file_or_empty(&location.config, &env.files, &Overlay::new())?;
        let dotenv = store::read(&location.dotenv).map_err(|error| store_failure(&error))?;
        let installed = (env.variable)("PATH").and_then(|path| store::installed_openclaw(&path));
        let written_by = loaded.config.as_ref().and_then(Config::written_by);
        let version = VersionSource::of(
            None,
            installed.as_deref().and_then(Version::parse),
            written_by,
        );
        Ok(Self {
            env,
            empty: load::empty(&location.config)?,
            location,
            loaded,
            dotenv,
            version,
            installed,
            flags: flags.clone(),
            variables: OnceCell::new(),
        })
    }

    /// The config; empty where it could not be read, which [`Session::open`] rules out.
    pub(crate) fn config(&self) -> &Config {
        self.loaded.config.as_ref().unwrap_or(&self.empty)
    }

    /// The OpenClaw on the `PATH`.
    pub(crate) fn installed_version(&self) -> Option<Version> {
        self.installed.as_deref().and_then(Version::parse)
    }

    /// OpenClaw's `.env`, where it exists and is text.
    pub(crate) fn dotenv_text(&self) -> Option<&str> {
        std::str::from_utf8(self.dotenv.bytes.as_deref()?).ok()
    }

    /// A path as people write it.
    pub(crate) fn short(&self, path: &Path) -> String {
        output::short(path, self.env.home().as_deref())
    }

    /// The id of the Portkey provider: the one that `--provider-id` names, else the only one that
    /// goes to Portkey, else [`DEFAULT_PROVIDER`].
    ///
    /// # Errors
    /// Several providers go to Portkey, and no flag says which one.
    pub(crate) fn provider_id(&self) -> Result<String, Failure> {
        if let Some(id) = &self.flags.provider_id {
            return Ok(id.clone());
        }
        let ids = self.portkey_ids();
        match ids.as_slice() {
            [] => Ok(DEFAULT_PROVIDER.to_owned()),
            [only] => Ok(only.clone()),
            several => Err(usage(format!(
                "several providers go to Portkey: {}",
                several.join(", ")
            ))
            .hint(format!("choose one with --provider-id {}", several[0]))),
        }
    }

    /// The ids of all providers that go to Portkey; those that differ by case alone are one.
    pub(crate) fn portkey_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for provider in portkey_providers(self.config()) {
            if !ids.iter().any(|id| id.eq_ignore_ascii_case(&provider.id)) {
                ids.push(provider.id);
            }
        }
        ids
    }

    /// The provider of an id, whether it goes to Portkey or not.
    pub(crate) fn provider(&self, id: &str) -> Option<PortkeyProvider<'_>> {
        PortkeyProvider::find(self.config(), id)
    }

    /// What the commands that are suggested get from this run.
    pub(crate) fn run_context(&self) -> RunContext {
        let is_needed = |id: &String| id != DEFAULT_PROVIDER || self.portkey_ids().len() > 1;
        RunContext {
            profile: self.flags.profile.clone(),
            config: self.flags.config.clone(),
            provider_id: self.flags.provider_id.clone().filter(is_needed),
            ..RunContext::default()
        }
    }

    /// What a change is about.
    pub(crate) fn target(&self, agent: Option<&str>) -> Result<Target, Failure> {
        Ok(Target {
            provider_id: self.provider_id()?,
            agent: agent.map(str::to_owned),
            version: self.version,
        })
    }

    /// Reads the models of a command line, each once.
    pub(crate) fn model_ids(&self, texts: &[String]) -> Result<Vec<ModelId>, Failure> {
        super::model_ids(texts, &self.provider_id()?)
    }

    /// The base URL that OpenClaw will use: what is wanted, what is configured, or Portkey's own.
    pub(crate) fn base_url(&self, wanted: Option<&str>) -> Result<BaseUrl, Failure> {
        let provider = self.provider(&self.provider_id()?);
        let configured = provider.and_then(|provider| provider.base_url);
        let text = configured.as_ref().and_then(View::text);
        let text = wanted.or(text.as_deref()).unwrap_or(DEFAULT_BASE_URL);
        BaseUrl::parse(text).map_err(|error| {
            let failure = usage(error.to_string());
            match configured.filter(|_| wanted.is_none()) {
                Some(view) => {
                    let place = view.place();
                    failure
                        .at(place.file, place.position)
                        .hint("`openclaw-portkey init --base-url URL` sets it")
                }
                None => failure,
            }
        })
    }

    /// The variables that the config's keys and headers name, and every place that sets them.
    pub(crate) fn variables(&self) -> &Machine {
        self.variables
            .get_or_init(|| machine::variables(&self.query(Duration::ZERO)))
    }

    /// Everything about the machine; may take a while.
    pub(crate) fn machine(&self, timeout: Duration) -> Machine {
        machine::gather(&self.query(timeout))
    }

    fn query(&self, timeout: Duration) -> Query<'_> {
        let config = self.config();
        Query {
            config: absolute(&self.location.config),
            state_dir: absolute(&self.location.state_dir),
            home: self.env.home(),
            cwd: std::env::current_dir().ok(),
            variable: &self.env.variable,
            variables: self.named_variables(),
            config_env: config_env(config),
            provider_id: self.provider_id().unwrap_or_default(),
            port: port(config),
            installed: self.installed.clone(),
            timeout,
            root: PathBuf::from("/"),
        }
    }

    fn named_variables(&self) -> Vec<String> {
        let mut names = vec![KEY_VARIABLE.to_owned(), ADMIN_KEY_VARIABLE.to_owned()];
        for provider in portkey_providers(self.config()) {
            let headers = provider.headers.iter().map(|header| &header.value);
            for view in provider.api_key.iter().chain(headers) {
                let given = CredentialSource::read(view);
                if let Some(name) = given
                    .variable()
                    .filter(|name| !names.iter().any(|n| n == name))
                {
                    names.push(name.to_owned());
                }
            }
        }
        names
    }

    /// Whatever is known to be a secret: the values of all variables above, and keys that are in
    /// the config.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = known_keys(self.variables());
        for provider in portkey_providers(self.config()) {
            let keys = provider.api_key.iter();
            secrets.extend(keys.filter_map(|view| {
                let literal = CredentialSource::read(view) == CredentialSource::Literal;
                Some(Secret::new(view.text().filter(|_| literal)?.trim()))
            }));
        }
        secrets
    }
}

/// The config that the flags, or else OpenClaw's own order, lead to.
pub(crate) fn locate(flags: &ConfigArgs, env: &Env) -> Result<Location, Failure> {
    store::locate(
        &env.files,
        flags.config.as_deref(),
        flags.profile.as_deref(),
    )
    .map_err(|error| store_failure(&error))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn port(config: &Config) -> Option<u16> {
    match config.at(&["gateway", "port"])?.value() {
        Value::Number(port) => u16::try_from(format!("{port:.0}").parse::<u64>().ok()?).ok(),
        _ => None,
    }
}

/// What the config sets in `env.vars`, and right under `env` as before 2026.8.1.
fn config_env(config: &Config) -> Vec<ConfigVariable> {
    let of = |keys: &[&str]| config.at(keys).map(|view| view.entries());
    let vars = of(&["env", "vars"]).unwrap_or_default();
    let own = of(&["env"]).unwrap_or_default();
    let own = own.into_iter().filter(|(name, _)| name != "vars");
    vars.into_iter()
        .chain(own)
        .filter(|(_, view)| view.kind() == Kind::String)
        .filter_map(|(name, view)| {
            let place = view.place();
            Some(ConfigVariable {
                name,
                value: Secret::new(view.text()?.into_owned()),
                file: place.file.to_owned(),
                line: place.position.line,
            })
        })
        .collect()
}

/// A failure of the file system, with what to do next.
pub(crate) fn store_failure(error: &StoreError) -> Failure {
    let kind = match error {
        StoreError::ChangedUnderneath(_) => FailureKind::Changed,
        _ => FailureKind::File,
    };
    let failure = Failure::new(kind, error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
