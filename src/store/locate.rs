//! Which file OpenClaw reads, resolved in OpenClaw's order.
//!
//! The order is that of OpenClaw 2026.9.6, checked by running it: the config's own variable, then a
//! profile, then the state folder's variable, then the home folder. At each step the names from
//! before the rename to OpenClaw work too.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::StoreError;

const CONFIG_PATH: &str = "OPENCLAW_CONFIG_PATH";
const STATE_DIR: &str = "OPENCLAW_STATE_DIR";
const OPENCLAW_HOME: &str = "OPENCLAW_HOME";
const PROFILE: &str = "OPENCLAW_PROFILE";
const INCLUDE_ROOTS: &str = "OPENCLAW_INCLUDE_ROOTS";
const READ_ONLY: [&str; 2] = ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"];

/// Other variables are dropped: they may hold keys.
const KEPT: [&str; 9] = [
    CONFIG_PATH,
    STATE_DIR,
    OPENCLAW_HOME,
    PROFILE,
    INCLUDE_ROOTS,
    READ_ONLY[0],
    READ_ONLY[1],
    "HOME",
    "USERPROFILE",
];

const CONFIG_NAME: &str = "openclaw.json";
const OLD_CONFIG_NAME: &str = "clawdbot.json";
const STATE_NAME: &str = ".openclaw";
const OLD_STATE_NAME: &str = ".clawdbot";

/// The parts of the process environment that determine where OpenClaw's files are.
#[derive(Clone, Debug)]
pub struct Environment {
    vars: BTreeMap<&'static str, OsString>,
    cwd: Option<PathBuf>,
    account_home: Option<PathBuf>,
}

/// Where OpenClaw's files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The config file, absolute; it may not exist.
    pub config: PathBuf,
    /// How it was found.
    pub reason: Reason,
    /// The state folder. It does not follow `OPENCLAW_CONFIG_PATH`.
    pub state_dir: PathBuf,
    /// The `.env` that OpenClaw reads regardless of the working folder: the one in `state_dir`.
    pub dotenv: PathBuf,
    /// Folders outside the config's own that its `$include`s may read from.
    pub include_roots: Vec<PathBuf>,
    /// Whether the config exists, or may exist if that can't be checked.
    pub exists: bool,
    /// The variable that forbids writing the config, if set.
    pub read_only: Option<&'static str>,
}

/// Why a config file was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Named on the command line.
    Flag,
    /// A variable names the file, its folder, or the home folder.
    Variable(&'static str),
    /// The command line names a profile.
    Profile(String),
    /// Only a file with a name from before the rename to OpenClaw exists.
    OldName(String),
    /// The default location.
    Default,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("--config"),
            Self::Variable(name) => f.write_str(name),
            Self::Profile(name) => write!(f, "--profile {name}"),
            Self::OldName(name) => write!(f, "old name {name}"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Environment {
    /// A snapshot of the relevant variables, the working folder, and the home folder from the
    /// user's account (used only if `HOME` is unset).
    #[must_use]
    pub fn from_vars(
        vars: impl IntoIterator<Item = (OsString, OsString)>,
        cwd: Option<PathBuf>,
        account_home: Option<PathBuf>,
    ) -> Self {
        let vars = vars
            .into_iter()
            .filter_map(|(name, value)| {
                let kept = KEPT.into_iter().find(|kept| {
                    name == **kept || cfg!(windows) && name.eq_ignore_ascii_case(kept)
                })?;
                Some((kept, value))
            })
            .collect();
        Self {
            vars,
            cwd,
            account_home,
        }
    }

    /// Folders outside the config's own that `$include` may read from, absolute.
    ///
    /// # Errors
    /// The working folder is unknown, so a relative entry can't be completed.
    pub fn include_roots(&self) -> Result<Vec<PathBuf>, StoreError> {
        let roots = self.var(INCLUDE_ROOTS).unwrap_or_default();
        std::env::split_paths(&roots)
            .map(|root| trim(root.as_os_str()))
            .filter(|root| !root.is_empty())
            .map(|root| self.resolve(&root))
            .collect()
    }

    /// A variable, trimmed; blank counts as unset.
    fn var(&self, name: &'static str) -> Option<OsString> {
        let value = trim(self.vars.get(name)?);
        (!value.is_empty()).then_some(value)
    }

    /// A variable that names a home folder. `undefined` and `null`, which scripts leave behind,
    /// count as unset.
    fn home_var(&self, name: &'static str) -> Option<OsString> {
        self.var(name)
            .filter(|value| value != "undefined" && value != "null")
    }

    fn account_home(&self) -> Option<OsString> {
        self.home_var("HOME")
            .or_else(|| self.home_var("USERPROFILE"))
            .or_else(|| {
                let unset = !self.vars.contains_key("HOME");
                self.account_home.clone().filter(|_| unset).map(Into::into)
            })
    }

    /// The folder that `~` expands to.
    fn home(&self) -> Result<PathBuf, StoreError> {
        let home = match self.home_var(OPENCLAW_HOME) {
            Some(explicit) => match tilde_rest(&explicit) {
                Some(rest) => self.account_home().map(|home| joined(home, rest)),
                None => Some(explicit),
            },
            None => self.account_home(),
        };
        match home {
            Some(home) => self.absolute(Path::new(&home)),
            None => self.cwd.clone().ok_or(StoreError::NoHome),
        }
    }

    /// A path as OpenClaw resolves it: `~` expanded, then relative to the working folder.
    fn resolve(&self, path: &OsStr) -> Result<PathBuf, StoreError> {
        match tilde_rest(path) {
            Some(rest) => self.absolute(Path::new(&joined(self.home()?.into(), rest))),
            None => self.absolute(Path::new(path)),
        }
    }

    /// Absolute and without `.` and `..`, resolved lexically.
    fn absolute(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let mut whole = if path.is_absolute() {
            PathBuf::new()
        } else {
            self.cwd.clone().ok_or(StoreError::NoHome)?
        };
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    whole.pop();
                }
                _ => whole.push(part),
            }
        }
        Ok(whole)
    }

    /// The state folder of a profile.
    fn profile_dir(&self, profile: &str) -> Result<PathBuf, StoreError> {
        if !is_profile(profile) {
            return Err(StoreError::BadProfile(profile.to_owned()));
        }
        let name = if profile.eq_ignore_ascii_case("default") {
            STATE_NAME.to_owned()
        } else {
            format!("{STATE_NAME}-{profile}")
        };
        Ok(self.home()?.join(name))
    }
}

/// Finds the config: `config` (from `--config`) wins, then `OPENCLAW_CONFIG_PATH`, then `profile`,
/// then `OPENCLAW_STATE_DIR`, then the home folder.
///
/// # Errors
/// A profile name that OpenClaw rejects; no home and no working folder; a path that can't be
/// checked.
pub fn locate(
    env: &Environment,
    config: Option<&Path>,
    profile: Option<&str>,
) -> Result<Location, StoreError> {
    let profile = profile.map(str::trim).filter(|name| !name.is_empty());
    let (mut path, mut reason, state_dir) = match profile {
        Some(profile) => for_profile(env, profile)?,
        None => without_profile(env)?,
    };
    if let Some(config) = config {
        path = env.resolve(config.as_os_str())?;
        reason = Reason::Flag;
    }
    Ok(Location {
        exists: !matches!(path.try_exists(), Ok(false)),
        include_roots: env.include_roots()?,
        dotenv: state_dir.join(".env"),
        read_only: READ_ONLY
            .into_iter()
            .find(|name| env.vars.get(name).is_some_and(|value| value == "1")),
        config: path,
        reason,
        state_dir,
    })
}

/// Whether the path exists. If that can't be checked, fail: skipping it would select another
/// config.
fn is_there(path: &Path) -> Result<bool, StoreError> {
    match path.try_exists() {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        result => result.map_err(|error| StoreError::failed("look up", path, error)),
    }
}

fn first_existing(paths: impl IntoIterator<Item = PathBuf>) -> Result<Option<PathBuf>, StoreError> {
    for path in paths {
        if is_there(&path)? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

type Found = (PathBuf, Reason, PathBuf);

/// Variables set for the profile we were started in yield to the requested profile; other variables
/// override it.
fn for_profile(env: &Environment, profile: &str) -> Result<Found, StoreError> {
    let wanted = env.profile_dir(profile)?;
    let inherited = env.var(PROFILE);
    let inherited = inherited
        .as_deref()
        .map_or("default", |name| name.to_str().unwrap_or_default());
    let inherited = env.profile_dir(inherited)?;
    let switches = inherited != wanted;
    let resolved = |name| env.var(name).map(|value| env.resolve(&value)).transpose();

    let state_var = resolved(STATE_DIR)?.filter(|state| !(switches && *state == inherited));
    let config_var = resolved(CONFIG_PATH)?.filter(|config| {
        !(switches && state_var.is_none() && *config == inherited.join(CONFIG_NAME))
    });
    let reason = match (&config_var, &state_var) {
        (Some(_), _) => Reason::Variable(CONFIG_PATH),
        (None, Some(_)) => Reason::Variable(STATE_DIR),
        (None, None) => Reason::Profile(profile.to_owned()),
    };
    let state_dir = state_var.unwrap_or(wanted);
    let config = config_var.unwrap_or_else(|| state_dir.join(CONFIG_NAME));
    Ok((config, reason, state_dir))
}

fn without_profile(env: &Environment) -> Result<Found, StoreError> {
    let state_var = env.var(STATE_DIR);
    let candidates = match &state_var {
        Some(state) => vec![env.resolve(state)?],
        None => vec![
            env.home()?.join(STATE_NAME),
            env.home()?.join(OLD_STATE_NAME),
        ],
    };
    let state_dir = first_existing(candidates.clone())?.unwrap_or_else(|| candidates[0].clone());
    if let Some(config) = env.var(CONFIG_PATH) {
        let config = env.resolve(&config)?;
        return Ok((config, Reason::Variable(CONFIG_PATH), state_dir));
    }
    let files = candidates
        .iter()
        .flat_map(|folder| [folder.join(CONFIG_NAME), folder.join(OLD_CONFIG_NAME)]);
    let found = first_existing(files)?;
    let config = found.unwrap_or_else(|| state_dir.join(CONFIG_NAME));
    let reason = if let Some(name) = old_name(&config, state_var.is_none()) {
        Reason::OldName(name)
    } else if state_var.is_some() {
        Reason::Variable(STATE_DIR)
    } else if env.home_var(OPENCLAW_HOME).is_some() {
        Reason::Variable(OPENCLAW_HOME)
    } else {
        Reason::Default
    };
    Ok((config, reason, state_dir))
}

/// The part of the path that dates from before the rename to OpenClaw. A folder chosen by the user
/// is never an old name.
fn old_name(config: &Path, include_folder: bool) -> Option<String> {
    let folder = config.parent().and_then(Path::file_name);
    if include_folder && folder.is_some_and(|name| name == OLD_STATE_NAME) {
        let file = config.file_name()?.to_string_lossy();
        return Some(format!("{OLD_STATE_NAME}/{file}"));
    }
    config
        .ends_with(OLD_CONFIG_NAME)
        .then(|| OLD_CONFIG_NAME.to_owned())
}

fn is_profile(name: &str) -> bool {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    rest.len() < name.len()
        && name.len() <= 64
        && rest
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The rest after a leading `~` for the home folder; `~name` is an ordinary name.
fn tilde_rest(path: &OsStr) -> Option<&str> {
    path.to_str()?
        .strip_prefix('~')
        .filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}

fn joined(mut home: OsString, rest: &str) -> OsString {
    home.push(rest);
    home
}

/// Trims whitespace at both ends. Non-Unicode values are left as they are.
fn trim(value: &OsStr) -> OsString {
    value
        .to_str()
        .map_or_else(|| value.to_owned(), |text| text.trim().into())
}
