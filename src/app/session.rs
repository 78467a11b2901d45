//! The starting point of every command: the config and why it is used, its files, OpenClaw's
//! version, the `.env`, the credentials, and the secrets to mask. Nothing else locates or loads
//! files or looks for keys.

use std::cell::OnceCell;
use std::path::{Path as FilePath, PathBuf};

use crate::args::ConfigArgs;
use crate::causes::{Misspelt, PortkeyProvider, misspelt, portkey_providers};
use crate::doctor::facts::Machine;
use crate::doctor::known_keys;
use crate::document::{Kind, Path, Value};
use crate::dotenv;
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run, RunContext};
use crate::machine::{self, ConfigVariable, Query};
use crate::mask::{names_secret, secret_values};
use crate::openclaw::{
    Config, CredentialSource, Version, VersionSource, View, agents, own_provider, providers,
    variables_in,
};
use crate::plan::Target;
use crate::portkey::DEFAULT_BASE_URL;
use crate::portkey::base_url::BaseUrl;
use crate::portkey::key_variable::{ADMIN_KEY_VARIABLE, KEY_VARIABLE, variable_for};
use crate::secret::Secret;
use crate::store::{self, Location, Snapshot};

use super::load::{self, Loaded, Overlay};
use super::{Env, output, usage};

/// The id for a provider that does not exist yet.
pub(crate) const DEFAULT_PROVIDER: &str = "portkey";

/// Everything that a command reads before it starts.
pub(crate) struct Session<'e> {
    pub(crate) env: &'e Env,
    pub(crate) location: Location,
    pub(crate) loaded: Loaded,
    pub(crate) dotenv: Snapshot,
    pub(crate) version: VersionSource,
    /// The version of the `openclaw` on the `PATH`, as printed.
    pub(crate) installed: Option<String>,
    /// The flags, for suggested commands.
    pub(crate) flags: ConfigArgs,
    /// An empty config, in case none could be read.
    empty: Config,
    variables: OnceCell<Machine>,
}

impl<'e> Session<'e> {
    /// Opens the config of a command that shows or changes it: all its files must be readable.
    ///
    /// # Errors
    /// A file can't be found or read.
    pub(crate) fn open(flags: &ConfigArgs, env: &'e Env) -> Result<Self, Failure> {
        let session = Self::examine(flags, env)?;
        session.loaded.whole()?;
        Ok(session)
    }

    /// Opens the config of a command that changes it. Misspelt keys are an error: adding the
    /// correct key next to one would lose its value, and with it the host that the key and requests
    /// go to.
    ///
    /// # Errors
    /// A file can't be found or read; a key is misspelt.
    pub(crate) fn open_to_change(flags: &ConfigArgs, env: &'e Env) -> Result<Self, Failure> {
        let session = Self::open(flags, env)?;
        match session.misspelt().first() {
            Some(found) => Err(Self::misspelt_failure(found)),
            None => Ok(session),
        }
    }

    fn misspelt(&self) -> Vec<Misspelt> {
        let id = self.provider_id();
        let id = id.as_deref().unwrap_or(DEFAULT_PROVIDER);
        misspelt(self.config(), self.version, id)
    }

    fn misspelt_failure(found: &Misspelt) -> Failure {
        let mut run = Run::new("lint").flag("--fix");
        if !found.is_certain {
            run = run.flag("--unsafe-fixes");
        }
        let intended = found.intended;
        let help = if found.is_alone {
            Help::from("`")
                .run(run)
                .text("` renames it; then run this command again")
        } else {
            Help::from(format!(
                "several keys look like `{intended}`; keep one and give it that name"
            ))
        };
        Failure::new(
            FailureKind::Config,
            format!(
                "OpenClaw doesn't know the key `{}` here; did you mean `{}`?",
                crate::portkey::printable(&found.written, 60),
                found.intended
            ),
        )
        .at(found.at.clone())
        .hint(help)
    }

    /// Opens the config as far as it can be read.
    ///
    /// # Errors
    /// The config can't be located, or can't be read as a file.
    pub(crate) fn examine(flags: &ConfigArgs, env: &'e Env) -> Result<Self, Failure> {
        let location = locate(flags, env)?;
        let loaded = load::file_or_empty(&location.config, &env.files, &Overlay::new())?;
        let dotenv = store::read(&location.dotenv)?;
        know_secrets(env, &loaded, &dotenv);
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

    /// Fails if `--config` names a file that does not exist.
    ///
    /// # Errors
    /// It does not exist.
    pub(crate) fn must_exist_if_named(&self) -> Result<(), Failure> {
        if self.flags.config.is_none() || self.location.exists {
            return Ok(());
        }
        let file = self.location.config.display();
        Err(
            Failure::new(FailureKind::File, format!("{file} does not exist"))
                .hint("`{run: init}` creates it"),
        )
    }

    /// The config; empty if it couldn't be read, which [`Session::open`] rules out.
    pub(crate) fn config(&self) -> &Config {
        self.loaded.config.as_ref().unwrap_or(&self.empty)
    }

    /// The version of OpenClaw on the `PATH`.
    pub(crate) fn installed_version(&self) -> Option<Version> {
        self.installed.as_deref().and_then(Version::parse)
    }

    /// OpenClaw's `.env`, if it exists and is text.
    pub(crate) fn dotenv_text(&self) -> Option<&str> {
        std::str::from_utf8(self.dotenv.bytes.as_deref()?).ok()
    }

    /// A path for display.
    pub(crate) fn short(&self, path: &FilePath) -> String {
        output::short(path, self.env.home().as_deref())
    }

    /// The id of the Portkey provider: from `--provider-id`, or else the only one that goes to
    /// Portkey and isn't an agent's own, or else [`DEFAULT_PROVIDER`].
    ///
    /// # Errors
    /// Several providers go to Portkey, and no flag chooses one.
    pub(crate) fn provider_id(&self) -> Result<String, Failure> {
        if let Some(id) = &self.flags.provider_id {
            return Ok(id.clone());
        }
        let ids = self.portkey_ids();
        match ids.as_slice() {
            [] => return Ok(DEFAULT_PROVIDER.to_owned()),
            [only] => return Ok(only.clone()),
            _ => {}
        }
        let agents = agents(self.config());
        let is_own = |id: &str| {
            let mut others = ids.iter().filter(|other| *other != id);
            others.any(|other| {
                let mut agents = agents.iter();
                agents.any(|agent| own_provider(other, &agent.id) == id)
            })
        };
        let mut shared = ids.iter().filter(|id| !is_own(id));
        match (shared.next(), shared.next()) {
            (Some(only), None) => Ok(only.clone()),
            (None, _) => Ok(DEFAULT_PROVIDER.to_owned()),
            _ => self.only_provider_id(),
        }
    }

    /// The same, including agents' own providers.
    ///
    /// # Errors
    /// Several providers go to Portkey, and no flag chooses one.
    pub(crate) fn only_provider_id(&self) -> Result<String, Failure> {
        match (&self.flags.provider_id, self.portkey_ids().as_slice()) {
            (None, several @ [first, _, ..]) => Err(usage(format!(
                "several providers go to Portkey: {}",
                several.join(", ")
            ))
            .hint(format!("choose one with --provider-id {first}"))),
            _ => self.provider_id(),
        }
    }

    /// The ids of all providers that go to Portkey; ids that differ only in case count once.
    pub(crate) fn portkey_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for provider in portkey_providers(self.config()) {
            if !ids.iter().any(|id| id.eq_ignore_ascii_case(&provider.id)) {
                ids.push(provider.id);
            }
        }
        ids
    }

    /// A provider by id, whether it goes to Portkey or not.
    pub(crate) fn provider(&self, id: &str) -> Option<PortkeyProvider<'_>> {
        PortkeyProvider::find(self.config(), id)
    }

    /// The flags to repeat in suggested commands.
    pub(crate) fn run_context(&self) -> RunContext {
        let is_needed = |id: &String| id != DEFAULT_PROVIDER || self.portkey_ids().len() > 1;
        let mut context = self.flags.run_context();
        context.provider_id = context.provider_id.filter(is_needed);
        context
    }

    /// The target of a change.
    pub(crate) fn target(&self, agent: Option<&str>) -> Result<Target, Failure> {
        Ok(Target {
            provider_id: self.provider_id()?,
            agent: agent.map(str::to_owned),
            version: self.version,
        })
    }

    /// The base URL that OpenClaw will use: the requested one, the configured one, or Portkey's.
    pub(crate) fn base_url(&self, wanted: Option<&str>) -> Result<BaseUrl, Failure> {
        let provider = self.provider(&self.provider_id()?);
        let is_missing = |provider: &PortkeyProvider<'_>| provider.base_url.is_none();
        if wanted.is_none() && provider.as_ref().is_none_or(is_missing) {
            let intended = Path::root()
                .key("models")
                .key("providers")
                .key(self.provider_id()?)
                .key("baseUrl");
            let keys = self.misspelt();
            let leads = |one: &&Misspelt| intended.0.starts_with(&one.intended_path().0);
            if let Some(found) = keys.iter().find(leads) {
                return Err(Self::misspelt_failure(found));
            }
        }
        let configured = provider.and_then(|provider| provider.base_url);
        let text = configured.as_ref().and_then(View::text);
        let text = wanted.or(text.as_deref()).unwrap_or(DEFAULT_BASE_URL);
        BaseUrl::parse(text).map_err(|error| {
            let failure = usage(error.to_string());
            match configured.filter(|_| wanted.is_none()) {
                Some(view) => {
                    let place = view.place();
                    failure
                        .at(place)
                        .hint("`{run: init --base-url URL}` sets it")
                }
                None => failure,
            }
        })
    }

    /// The variables in the config's keys and headers, and where they are set.
    pub(crate) fn variables(&self) -> &Machine {
        self.variables.get_or_init(|| {
            let machine = machine::variables(&self.query());
            self.env.secrets.add_all(&known_keys(&machine));
            machine
        })
    }

    /// Everything about the machine; may take a while.
    pub(crate) fn machine(&self) -> Machine {
        let machine = machine::gather(&self.query());
        self.env.secrets.add_all(&known_keys(&machine));
        machine
    }

    fn query(&self) -> Query<'_> {
        let config = self.config();
        Query {
            config: absolute(&self.location.config),
            state_dir: absolute(&self.location.state_dir),
            home: self.env.home(),
            cwd: std::env::current_dir().ok(),
            variable: &self.env.variable,
            variables: self.named_variables(),
            settings: self.named_settings(),
            config_env: config_env(config),
            provider_id: self.provider_id().unwrap_or_default(),
            port: port(config),
            installed: self.installed.clone(),
            root: PathBuf::from("/"),
        }
    }

    fn named_variables(&self) -> Vec<String> {
        let mut names = vec![KEY_VARIABLE.to_owned(), ADMIN_KEY_VARIABLE.to_owned()];
        let own = self.provider_id().map(|id| variable_for(&id));
        names.extend(own.ok().filter(|name| name != KEY_VARIABLE));
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

    /// The variables in base URLs and headers, which aren't secrets.
    fn named_settings(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for provider in portkey_providers(self.config()) {
            let headers = provider.headers.iter().map(|header| &header.value);
            for view in provider.base_url.iter().chain(headers) {
                let text = view.text().unwrap_or_default();
                names.extend(variables_in(&text).into_iter().map(str::to_owned));
            }
        }
        names
    }

    /// Whether a provider reads its key or a header from a variable; `but` is skipped.
    pub(crate) fn uses_variable(&self, name: &str, but: Option<&str>) -> bool {
        let mut providers = providers(self.config()).into_iter();
        providers.any(|provider| {
            let headers = provider.headers().into_iter().map(|(_, view)| view);
            but.is_none_or(|but| !provider.id.eq_ignore_ascii_case(but))
                && provider
                    .view
                    .get("apiKey")
                    .into_iter()
                    .chain(headers)
                    .any(|view| {
                        let text = view.text().unwrap_or_default();
                        CredentialSource::read(&view).variable() == Some(name)
                            || text.contains(&format!("${{{name}}}"))
                    })
        })
    }

    /// Everything known to be secret: the values of all variables above, and keys in the config.
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

/// Registers the secrets in the config's files and OpenClaw's `.env`, so that no message shows
/// them.
fn know_secrets(env: &Env, loaded: &Loaded, dotenv: &Snapshot) {
    for source in loaded.config.iter().flat_map(Config::sources) {
        env.secrets.add_all(&secret_values(&source.document));
    }
    let Some(bytes) = &dotenv.bytes else { return };
    let text = String::from_utf8_lossy(bytes);
    for name in dotenv::names(&text) {
        if names_secret(&name) {
            let value = dotenv::get(&text, &name);
            env.secrets.add(&value.unwrap_or_default());
        }
    }
}

/// The config from the flags, or else in OpenClaw's own order.
pub(crate) fn locate(flags: &ConfigArgs, env: &Env) -> Result<Location, Failure> {
    store::locate(
        &env.files,
        flags.config.as_deref(),
        flags.profile.as_deref(),
    )
    .map_err(Failure::from)
}

fn absolute(path: &FilePath) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn port(config: &Config) -> Option<u16> {
    match config.at(&["gateway", "port"])?.value() {
        Value::Number(port) => u16::try_from(format!("{port:.0}").parse::<u64>().ok()?).ok(),
        _ => None,
    }
}

/// The variables set by the config in `env.vars`, and directly in `env` as before 2026.8.1.
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
