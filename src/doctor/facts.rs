//! Facts about OpenClaw on this machine: plain data, gathered by [`crate::machine`].
//!
//! Nothing here is a judgement. What couldn't be determined is [`Fact::Unknown`] with the reason,
//! so that a check that needs it can be reported as skipped.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::causes::Cause;
use crate::portkey::refusal::Refusal;
use crate::secret::Secret;

/// A fact, or why it isn't known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// The fact.
    Known(T),
    /// Why it isn't known: part of a sentence, without a full stop.
    Unknown(String),
}

impl<T> Fact<T> {
    /// The fact, if known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Why it isn't known.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(reason) => Some(reason),
        }
    }
}

/// Everything known about the machine.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The version of the installed `openclaw`; `None` if there is none on the `PATH`.
    pub installed: Option<String>,
    /// The requested variables, in that order.
    pub variables: Vec<Variable>,
    /// The installed gateway services. The one that uses the located config comes first.
    pub services: Fact<Vec<Service>>,
    /// The gateways running as this user; the one on the located config comes first.
    pub gateways: Fact<Vec<Gateway>>,
    /// The auth profiles of every agent, including those of other providers.
    pub profiles: Fact<Vec<AuthProfile>>,
    /// Other config files of this user that could be confused with the located one.
    pub other_configs: Vec<OtherConfig>,
    /// Whether other users of this machine can read the located config.
    pub exposed_config: bool,
    /// Variables that aren't secret: those in base URLs and headers, and proxy variables.
    pub settings: Vec<Variable>,
    /// `OPENCLAW_PROFILE` of this shell, which on its own selects no other config.
    pub shell_profile: Option<String>,
}

impl Machine {
    /// The service that uses the located config.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        self.services
            .known()?
            .iter()
            .find(|service| service.is_ours)
    }

    /// The gateway running on the located config.
    #[must_use]
    pub fn gateway(&self) -> Option<&Gateway> {
        self.gateways
            .known()?
            .iter()
            .find(|gateway| gateway.is_ours)
    }

    /// A requested variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables
            .iter()
            .chain(&self.settings)
            .find(|variable| variable.name == name)
    }
}

/// What reads a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The gateway service; if none is installed, one as OpenClaw would install it.
    Service,
    /// `openclaw agent --local` and `openclaw gateway run`, started from this shell and folder.
    Shell,
}

/// An environment variable such as `PORTKEY_API_KEY`, and every place that could set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The places, strongest first. Includes places that don't set it.
    pub sources: Vec<KeySource>,
}

impl Variable {
    /// The source that a reader uses. The first place that sets the variable wins, even if it is
    /// empty: an empty value in the process overrides every `.env` file. Only the config's
    /// `env.vars` replaces an empty one.
    #[must_use]
    pub fn seen_by(&self, reader: Reader) -> Option<&KeySource> {
        let mut set = self
            .sources
            .iter()
            .filter(|source| source.is_seen_by(reader) && source.is_present());
        let first = set.next()?;
        if first.secret().is_some() {
            return Some(first);
        }
        let config = set.find(|source| source.place == KeyPlace::ConfigEnv);
        Some(
            config
                .filter(|source| source.secret().is_some())
                .unwrap_or(first),
        )
    }

    /// The value that a reader gets; `None` if there is none or it is empty.
    #[must_use]
    pub fn value(&self, reader: Reader) -> Option<&Secret> {
        self.seen_by(reader)?.secret()
    }

    /// The places that a reader uses and that couldn't be read, so that [`Variable::seen_by`] may
    /// be wrong.
    pub fn unread(&self, reader: Reader) -> impl Iterator<Item = (&KeySource, &str)> {
        self.sources
            .iter()
            .filter(move |source| source.is_seen_by(reader))
            .filter_map(|source| Some((source, source.setting.reason()?)))
    }
}

/// One place that could set a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySource {
    /// The kind of place.
    pub place: KeyPlace,
    /// The file; `None` for this shell's environment. It may not exist.
    pub file: Option<PathBuf>,
    /// The line that wins, from 1.
    pub line: Option<usize>,
    /// An earlier line that sets the variable to another value.
    pub earlier: Option<usize>,
    /// What the place sets.
    pub setting: Fact<Setting>,
    /// Whether the gateway service uses it.
    pub service_sees: bool,
    /// Whether `openclaw` started from this shell uses it.
    pub shell_sees: bool,
    /// Whether it is a file that other users of this machine can read.
    pub is_exposed: bool,
}

impl KeySource {
    /// Whether a reader uses this place.
    #[must_use]
    pub fn is_seen_by(&self, reader: Reader) -> bool {
        match reader {
            Reader::Service => self.service_sees,
            Reader::Shell => self.shell_sees,
        }
    }

    /// The value, if it isn't empty.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match self.setting.known()? {
            Setting::Set(secret) => Some(secret),
            Setting::Unset | Setting::Empty => None,
        }
    }

    /// Whether the place sets the variable, even if to an empty value.
    #[must_use]
    pub fn is_present(&self) -> bool {
        matches!(self.setting, Fact::Known(Setting::Empty | Setting::Set(_)))
    }
}

/// What a place sets a variable to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Not set, or the file doesn't exist.
    Unset,
    /// An empty or blank value.
    Empty,
    /// This value.
    Set(Secret),
}

/// The kinds of places that could set a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// The environment of the shell that started us.
    ShellEnvironment,
    /// An `EnvironmentFile=` of the service's systemd unit, other than OpenClaw's own.
    UnitEnvironmentFile,
    /// `Environment=` in the service's systemd unit or a drop-in.
    UnitEnvironment,
    /// `EnvironmentVariables` of the service's launchd plist.
    PlistEnvironment,
    /// The file that OpenClaw generated for the service when it was installed:
    /// `gateway.systemd.env`, or `service-env/<label>.env` on macOS. A copy that can become stale.
    ServiceEnvFile,
    /// `.env` of this shell's working folder. OpenClaw ignores some names there.
    CwdDotenv,
    /// `.env` of the folder that the service is started in: the home folder under systemd.
    ServiceCwdDotenv,
    /// `.env` of the state folder.
    StateDotenv,
    /// `.env` next to a config outside the state folder. Only `openclaw gateway run` of 2026.9.6
    /// reads it, after the state folder's.
    ConfigDotenv,
    /// `~/.config/openclaw/gateway.env`.
    GatewayEnv,
    /// `env.vars` of the config, or a name directly under `env` as before 2026.8.1.
    ConfigEnv,
}

impl KeyPlace {
    /// A name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ShellEnvironment => "this shell",
            Self::UnitEnvironmentFile => "an EnvironmentFile of the gateway service",
            Self::UnitEnvironment => "the unit of the gateway service",
            Self::PlistEnvironment => "the plist of the gateway service",
            Self::ServiceEnvFile => "the environment file of the gateway service",
            Self::CwdDotenv => "the .env of this folder",
            Self::ServiceCwdDotenv => "the .env in the service's folder",
            Self::StateDotenv => "OpenClaw's .env",
            Self::ConfigDotenv => "the .env next to the config",
            Self::GatewayEnv => "gateway.env",
            Self::ConfigEnv => "the config's own env",
        }
    }
}

/// The kind of service that starts the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceKind {
    /// `~/.config/systemd/user/….service`
    SystemdUser,
    /// `/etc/systemd/system/….service`
    SystemdSystem,
    /// `~/Library/LaunchAgents/….plist`
    LaunchAgent,
    /// `/Library/LaunchDaemons/….plist`
    LaunchDaemon,
}

/// An installed gateway service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its kind.
    pub kind: ServiceKind,
    /// The unit name without `.service`, or the launchd label.
    pub name: String,
    /// Its unit or plist.
    pub file: PathBuf,
    /// The profile it was installed for, from `OPENCLAW_PROFILE` or `--profile`.
    pub profile: Option<String>,
    /// The port, from `--port` or `OPENCLAW_GATEWAY_PORT`.
    pub port: Option<u16>,
    /// The config that it uses.
    pub config: PathBuf,
    /// The state folder that it uses.
    pub state_dir: PathBuf,
    /// Whether [`Service::config`] is the located config.
    pub is_ours: bool,
    /// Whether it starts with the session; `None` if the files don't say.
    pub enabled: Option<bool>,
    /// The version that installed it, from `OPENCLAW_SERVICE_VERSION`.
    pub version: Option<String>,
    /// Files that it reads variables from, in order; they may not exist.
    pub environment_files: Vec<PathBuf>,
    /// The `OPENCLAW_…` variables that it sets, except keys, tokens and passwords.
    pub openclaw_variables: Vec<(String, String)>,
}

/// A running gateway, found by its lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The process id.
    pub pid: u32,
    /// The lock file that names it.
    pub lock: PathBuf,
    /// The config that it was started with.
    pub config: PathBuf,
    /// Whether that is the located config.
    pub is_ours: bool,
    /// The port it listens on; taken from the config or the default if the lock doesn't have it.
    pub port: u16,
    /// When the process started.
    pub started: Option<SystemTime>,
    /// The result of `/health`.
    pub health: Health,
    /// Files that changed after the process started; only for the located config.
    pub newer: Vec<Newer>,
}

impl Gateway {
    /// Whether `.env` has changes that the process can't have seen: it is read only at startup.
    #[must_use]
    pub fn needs_restart(&self) -> bool {
        self.newer.iter().any(|newer| !newer.is_config)
    }
}

/// A file that changed after a gateway started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newer {
    /// The file.
    pub file: PathBuf,
    /// Whether it is the config, which a gateway reloads automatically unless configured otherwise;
    /// if not, it is a file of variables, read only at startup.
    pub is_config: bool,
    /// The time between the start and the change.
    pub after: Duration,
}

/// The result of a gateway's `/health`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// `{"ok":true,"status":"live"}`
    Live,
    /// Another HTTP status, as from versions without `/health`.
    Answers(u16),
    /// No answer in time, or no connection: the reason.
    Silent(String),
}

/// An auth profile, whose key overrides the config's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthProfile {
    /// For example `portkey:default`.
    pub id: String,
    /// The agent that it belongs to, if known.
    pub agent: Option<String>,
    /// The file that holds it.
    pub file: PathBuf,
    /// Its key, if the file contains it; a profile may also refer to one.
    pub key: Option<Secret>,
    /// Where it is kept.
    pub store: ProfileStore,
    /// Whether it is for the provider being checked.
    pub is_ours: bool,
}

/// Where OpenClaw keeps an auth profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileStore {
    /// `auth-profiles.json`
    File,
    /// `openclaw-agent.sqlite` of an agent, or `openclaw.sqlite` for all.
    Database,
}

/// A config file that exists but isn't the located one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherConfig {
    /// The file.
    pub file: PathBuf,
    /// Why OpenClaw would use it.
    pub why: OtherWhy,
}

/// Why OpenClaw would use another config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherWhy {
    /// With `--profile` and this name.
    Profile(String),
    /// Without a profile and without variables.
    Default,
    /// Older versions use it, or newer ones if there is no newer config.
    OldName,
    /// This variable of the shell names it.
    Variable(&'static str),
    /// An installed service with this name uses it.
    Service(String),
}

/// A model that was sent a request, and the result.
#[derive(Clone, Debug)]
pub struct Probed {
    /// Its id.
    pub model: String,
    /// Its roles: `primary`, `fallback`, `primary of agent work`.
    pub roles: Vec<String>,
    /// The result.
    pub result: ProbeResult,
}

/// The result of a request.
#[derive(Clone, Debug)]
pub enum ProbeResult {
    /// None was sent: the reason.
    Skipped(String),
    /// The model answered.
    Arrived(Arrived),
    /// Portkey or a provider refused it.
    Refused {
        /// Who refused it, and why.
        refusal: Refusal,
        /// The trace id in the dashboard, if it is shown there.
        trace_id: Option<String>,
    },
    /// No usable answer.
    Failed {
        /// The kind of failure.
        cause: &'static Cause,
        /// One sentence.
        message: String,
    },
}

/// The result of a forced fallback, whose first target was made to fail.
#[derive(Clone, Debug)]
pub struct ForcedFallback {
    /// The nonexistent model that the first target requested.
    pub failing: String,
    /// Whether it is the config's own fallback, rather than one made for the test.
    pub is_own: bool,
    /// The result; its `counted` is about rescued requests.
    pub result: ProbeResult,
}

/// A model's answer, and how it was routed.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The model according to the answer.
    pub served_model: Option<String>,
    /// The vendor that served it.
    pub provider: Option<String>,
    /// Portkey's retries; `-1` if all were used up.
    pub retries: Option<i32>,
    /// The target of the config that served it; anything but 0 means a fallback or another branch.
    pub target_index: Option<usize>,
    /// The time from sending to the first token.
    pub latency: Duration,
    /// The trace id in the dashboard.
    pub trace_id: String,
    /// Whether a guardrail failed but let the answer through.
    pub guardrail_warned: bool,
    /// Whether the answer has one of Portkey's headers.
    pub by_portkey: bool,
    /// Whether Portkey counted it.
    pub counted: Counting,
}

/// Whether Portkey counted a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// It did.
    Yes,
    /// Not within this time, which doesn't prove that it never will.
    NotWithin(Duration),
    /// The key isn't allowed to ask, or there was no answer.
    Unknown,
}
