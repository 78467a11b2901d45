//! What the machine says about OpenClaw: plain data, gathered by [`crate::machine`].
//!
//! Nothing here is a judgement. What could not be looked at is [`Fact::Unknown`] with the reason,
//! so that a check that needs it can be reported as skipped.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::causes::Cause;
use crate::portkey::refusal::Refusal;
use crate::secret::Secret;

/// Something that was looked at, or why it was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// It was looked at.
    Known(T),
    /// It could not be; a sentence's part that says why, without a full stop.
    Unknown(String),
}

impl<T> Fact<T> {
    /// What is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Why it is not known.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(reason) => Some(reason),
        }
    }
}

/// Everything that was found out about the machine.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The installed `openclaw`'s version; `None` where no `openclaw` is on the `PATH`.
    pub installed: Option<String>,
    /// The variables that were asked for, in that order.
    pub variables: Vec<Variable>,
    /// The gateway services that are installed; empty where there are none. The one that uses the
    /// located config comes first.
    pub services: Fact<Vec<Service>>,
    /// The gateways that run as this user; the one on the located config comes first.
    pub gateways: Fact<Vec<Gateway>>,
    /// The auth profiles of every agent, those of other providers as well.
    pub profiles: Fact<Vec<AuthProfile>>,
    /// Other config files of this user that could be taken for the located one.
    pub other_configs: Vec<OtherConfig>,
    /// Whether other users of this machine can read the located config.
    pub exposed_config: bool,
    /// Variables that hold no secret: those within base URLs and headers, and those of proxies.
    pub settings: Vec<Variable>,
    /// `OPENCLAW_PROFILE` of this shell, which alone leads to no other config.
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

    /// The gateway that runs on the located config.
    #[must_use]
    pub fn gateway(&self) -> Option<&Gateway> {
        self.gateways
            .known()?
            .iter()
            .find(|gateway| gateway.is_ours)
    }

    /// A variable that was asked for.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables
            .iter()
            .chain(&self.settings)
            .find(|variable| variable.name == name)
    }
}

/// Who reads a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The gateway service; where none is installed, one as OpenClaw would install it.
    Service,
    /// `openclaw agent --local` and `openclaw gateway run`, started from this shell and folder.
    Shell,
}

/// An environment variable such as `PORTKEY_API_KEY`, and every place that could set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The places, the strongest first. Each place is listed, also where it does not set it.
    pub sources: Vec<KeySource>,
}

impl Variable {
    /// The source whose value a reader gets. The first place that sets the variable counts, also
    /// to nothing: an empty value in the process hides every `.env` file. Only the config's
    /// `env.vars` fills in for an empty one.
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

    /// The value that a reader gets; `None` where it gets none or an empty one.
    #[must_use]
    pub fn value(&self, reader: Reader) -> Option<&Secret> {
        self.seen_by(reader)?.secret()
    }

    /// The places that a reader looks at and that could not be read, so that
    /// [`Variable::seen_by`] may be wrong.
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
    /// What kind of place.
    pub place: KeyPlace,
    /// The file; `None` for this shell's environment. It need not exist.
    pub file: Option<PathBuf>,
    /// The line that counts, from 1.
    pub line: Option<usize>,
    /// A line before it that sets the variable to another value.
    pub earlier: Option<usize>,
    /// What the place says.
    pub setting: Fact<Setting>,
    /// Whether the gateway service looks at it.
    pub service_sees: bool,
    /// Whether `openclaw` started from this shell looks at it.
    pub shell_sees: bool,
    /// Whether it is a file that other users of this machine can read.
    pub is_exposed: bool,
}

impl KeySource {
    /// Whether a reader looks at this place.
    #[must_use]
    pub fn is_seen_by(&self, reader: Reader) -> bool {
        match reader {
            Reader::Service => self.service_sees,
            Reader::Shell => self.shell_sees,
        }
    }

    /// The value, where it is not empty.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match self.setting.known()? {
            Setting::Set(secret) => Some(secret),
            Setting::Unset | Setting::Empty => None,
        }
    }

    /// Whether the place names the variable, be it with an empty value.
    #[must_use]
    pub fn is_present(&self) -> bool {
        matches!(self.setting, Fact::Known(Setting::Empty | Setting::Set(_)))
    }
}

/// What a place says about a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Nothing; also where the file does not exist.
    Unset,
    /// An empty value, or blanks.
    Empty,
    /// This value.
    Set(Secret),
}

/// The kinds of places that could set a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// The environment of the shell that started us.
    ShellEnvironment,
    /// An `EnvironmentFile=` of the service's systemd unit that is not OpenClaw's own.
    UnitEnvironmentFile,
    /// `Environment=` of the service's systemd unit or of a drop-in.
    UnitEnvironment,
    /// `EnvironmentVariables` of the service's launchd plist.
    PlistEnvironment,
    /// The file that OpenClaw generated for the service when it was installed:
    /// `gateway.systemd.env`, or `service-env/<label>.env` on macOS. A copy that grows stale.
    ServiceEnvFile,
    /// `.env` of this shell's working folder. OpenClaw ignores some names there.
    CwdDotenv,
    /// `.env` of the folder that the service is started in: the home folder under systemd.
    ServiceCwdDotenv,
    /// `.env` of the state folder.
    StateDotenv,
    /// `.env` next to a config that is not in the state folder. Only `openclaw gateway run` of
    /// 2026.9.6 reads it, after that of the state folder.
    ConfigDotenv,
    /// `~/.config/openclaw/gateway.env`.
    GatewayEnv,
    /// `env.vars` of the config, or a name right under `env` as before 2026.8.1.
    ConfigEnv,
}

impl KeyPlace {
    /// What people call it.
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

/// What kind of service starts the gateway.
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
    /// Unit name without `.service`, or launchd label.
    pub name: String,
    /// Its unit or plist.
    pub file: PathBuf,
    /// The profile that it was installed for, from `OPENCLAW_PROFILE` or `--profile`.
    pub profile: Option<String>,
    /// The port, from `--port` or `OPENCLAW_GATEWAY_PORT`.
    pub port: Option<u16>,
    /// The config that it uses.
    pub config: PathBuf,
    /// The state folder that it uses.
    pub state_dir: PathBuf,
    /// Whether [`Service::config`] is the located config.
    pub is_ours: bool,
    /// Whether it is started with the session; `None` where files don't say.
    pub enabled: Option<bool>,
    /// The version that installed it, from `OPENCLAW_SERVICE_VERSION`.
    pub version: Option<String>,
    /// Files that it reads variables from, in order; they need not exist.
    pub environment_files: Vec<PathBuf>,
    /// The names of the `OPENCLAW_…` variables that it sets, with their values, except keys,
    /// tokens and passwords.
    pub openclaw_variables: Vec<(String, String)>,
}

/// A running gateway, by its lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The process.
    pub pid: u32,
    /// The lock file that names it.
    pub lock: PathBuf,
    /// The config that it was started on.
    pub config: PathBuf,
    /// Whether that is the located config.
    pub is_ours: bool,
    /// The port it listens on; guessed from the config or the default where the lock lacks it.
    pub port: u16,
    /// When the process started.
    pub started: Option<SystemTime>,
    /// What it answers on `/health`.
    pub health: Health,
    /// Files that were changed after the process started; only for the located config.
    pub newer: Vec<Newer>,
}

impl Gateway {
    /// Whether `.env` has changes that the process cannot know of: it reads it at the start only.
    #[must_use]
    pub fn needs_restart(&self) -> bool {
        self.newer.iter().any(|newer| !newer.is_config)
    }
}

/// A file that was changed after a gateway started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newer {
    /// The file.
    pub file: PathBuf,
    /// Whether it is the config, which a gateway reloads by itself unless configured otherwise;
    /// else a file of variables, which it reads when it starts.
    pub is_config: bool,
    /// How long after the start it was changed.
    pub after: Duration,
}

/// What a gateway answers on `/health`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// `{"ok":true,"status":"live"}`
    Live,
    /// Something else over HTTP, as versions before `/health` do.
    Answers(u16),
    /// Nothing within the time limit, or no connection: why.
    Silent(String),
}

/// An auth profile: its key wins over the config's, whatever that says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthProfile {
    /// Such as `portkey:default`.
    pub id: String,
    /// The agent that it belongs to, where that is known.
    pub agent: Option<String>,
    /// The file that holds it.
    pub file: PathBuf,
    /// Its key, where the file shows it; a profile may also only refer to one.
    pub key: Option<Secret>,
    /// Where it is kept.
    pub store: ProfileStore,
    /// Whether it is of the provider that is checked.
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

/// A config file that exists and is not the located one.
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
    /// Older versions did, or do where no newer one exists.
    OldName,
    /// This variable of the shell names it.
    Variable(&'static str),
    /// An installed service uses it: the service's name.
    Service(String),
}

/// A model that was sent a request, and what came of it.
#[derive(Clone, Debug)]
pub struct Probed {
    /// Its id.
    pub model: String,
    /// What it is for: `primary`, `fallback`, `primary of agent work`.
    pub roles: Vec<String>,
    /// What came of it.
    pub result: ProbeResult,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub enum ProbeResult {
    /// None was sent: why.
    Skipped(String),
    /// The model answered.
    Arrived(Arrived),
    /// Portkey or a provider said no.
    Refused {
        /// Who, and why.
        refusal: Refusal,
        /// Where the dashboard shows it, where it does.
        trace_id: Option<String>,
    },
    /// No answer that counts.
    Failed {
        /// What kind of failure.
        cause: &'static Cause,
        /// One sentence.
        message: String,
    },
}

/// A fallback that was forced: its first target was made to fail.
#[derive(Clone, Debug)]
pub struct ForcedFallback {
    /// The model that the first target asked for, which no vendor has.
    pub failing: String,
    /// Whether it is the config's own fallback; else one made for the test.
    pub is_own: bool,
    /// What came of the request; its counting is that of rescued requests.
    pub result: ProbeResult,
}

/// An answer of a model, and the way it took.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The model as the answer names it.
    pub served_model: Option<String>,
    /// The vendor that served it.
    pub provider: Option<String>,
    /// Retries that Portkey made; `-1` where all were used up.
    pub retries: Option<i32>,
    /// The target of the config that served it; not 0 means a fallback or another branch.
    pub target_index: Option<usize>,
    /// From sending to the first token.
    pub latency: Duration,
    /// Where the dashboard shows it.
    pub trace_id: String,
    /// Whether a guardrail failed and let the answer through.
    pub guardrail_warned: bool,
    /// Whether the answer has a header of Portkey's.
    pub by_portkey: bool,
    /// Whether Portkey counted it.
    pub counted: Counting,
}

/// Whether Portkey counted a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// It did.
    Yes,
    /// Not within this time, which does not prove that it never will.
    NotWithin(Duration),
    /// The key may not ask, or there was no answer.
    Unknown,
}
