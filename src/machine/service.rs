//! Finds the installed gateway services by their units and plists.

use std::path::{Path, PathBuf};

use crate::doctor::facts::{Fact, KeyPlace, Service, ServiceKind};

use super::Query;
use super::files::{entries, has_extension, name, same, text};
use super::launchd;
use super::unit::{Assigned, Unit, environment_file};

/// Lists the variables that `.env` may override although the service's unit sets them.
const MANAGED: &str = "OPENCLAW_SERVICE_MANAGED_ENV_KEYS";

/// The file of variables that OpenClaw writes next to a systemd unit.
const OWN_SYSTEMD_FILE: &str = "gateway.systemd.env";

/// The names used by services of OpenClaw and its predecessors.
const FAMILY: [&str; 3] = ["openclaw", "clawdbot", "moltbot"];

/// A service with the variables that it starts the gateway with.
pub(super) struct Installed {
    pub(super) service: Service,
    /// The places that set variables, strongest first.
    pub(super) places: Vec<Place>,
    /// The folder that the gateway is started in.
    pub(super) folder: Option<PathBuf>,
}

/// A place that sets variables of a service.
pub(super) struct Place {
    pub(super) kind: KeyPlace,
    pub(super) file: PathBuf,
    /// In order, the last one with the same name wins; or why the file couldn't be read.
    pub(super) variables: Result<Vec<Assigned>, String>,
}

impl Place {
    pub(super) fn get(&self, name: &str) -> Option<&Assigned> {
        let variables = self.variables.as_ref().ok()?;
        variables
            .iter()
            .rev()
            .find(|variable| variable.name == name)
    }
}

impl Installed {
    /// Whether OpenClaw prefers a variable from `.env` although the unit sets it too: under systemd
    /// it does so for the names that it recorded during installation.
    pub(super) fn prefers_dotenv(&self, name: &str) -> bool {
        let is_systemd = matches!(
            self.service.kind,
            ServiceKind::SystemdUser | ServiceKind::SystemdSystem
        );
        is_systemd
            && value_in(&self.places, MANAGED)
                .is_some_and(|names| names.split(',').any(|managed| managed.trim() == name))
    }
}

/// Every installed gateway service; the one that uses the located config comes first.
pub(super) fn find(query: &Query<'_>) -> (Vec<Installed>, Fact<()>) {
    if cfg!(windows) {
        let reason = "Windows scheduled tasks are not checked".to_owned();
        return (Vec::new(), Fact::Unknown(reason));
    }
    let mut found = Vec::new();
    let mut unread = Vec::new();
    for (kind, file) in candidates(query) {
        match read(query, kind, &file) {
            Ok(service) => found.extend(service),
            Err(reason) => unread.push(reason),
        }
    }
    found.sort_by_key(|installed| !installed.service.is_ours);
    let is_found = found.iter().any(|installed| installed.service.is_ours);
    let fact = match unread.into_iter().next() {
        Some(reason) if !is_found => Fact::Unknown(reason),
        _ => Fact::Known(()),
    };
    (found, fact)
}

/// The folders of services, and whether to look into all files of a folder: the system's own
/// folders are full of other programs' units.
fn candidates(query: &Query<'_>) -> Vec<(ServiceKind, PathBuf)> {
    let system = |path: &str| Some(query.root.join(path));
    let home = |path: &str| Some(query.home.as_ref()?.join(path));
    let folders = [
        (ServiceKind::SystemdUser, home(".config/systemd/user"), true),
        (ServiceKind::SystemdUser, system("etc/systemd/user"), false),
        (
            ServiceKind::SystemdSystem,
            system("etc/systemd/system"),
            true,
        ),
        (
            ServiceKind::SystemdSystem,
            system("usr/lib/systemd/system"),
            false,
        ),
        (ServiceKind::LaunchAgent, home("Library/LaunchAgents"), true),
        (
            ServiceKind::LaunchAgent,
            system("Library/LaunchAgents"),
            false,
        ),
        (
            ServiceKind::LaunchDaemon,
            system("Library/LaunchDaemons"),
            true,
        ),
    ];
    let mut found = Vec::new();
    for (kind, folder, look_into_all) in folders {
        let ending = if is_launchd(kind) {
            ".plist"
        } else {
            ".service"
        };
        for file in folder.iter().flat_map(|folder| entries(folder)) {
            let by_name = is_family(name(&file));
            if name(&file).ends_with(ending) && (by_name || look_into_all) {
                found.push((kind, file));
            }
        }
    }
    found
}

fn is_launchd(kind: ServiceKind) -> bool {
    matches!(kind, ServiceKind::LaunchAgent | ServiceKind::LaunchDaemon)
}

fn is_family(text: &str) -> bool {
    FAMILY.iter().any(|name| text.contains(name))
}

/// The service in a file, if it starts a gateway.
fn read(query: &Query<'_>, kind: ServiceKind, file: &Path) -> Result<Option<Installed>, String> {
    let text = match text(file) {
        Ok(Some(text)) => text,
        // What is masked or belongs to someone else isn't one of our gateways.
        Err(reason) if is_family(name(file)) => return Err(reason),
        Ok(None) | Err(_) => return Ok(None),
    };
    if !is_family(&text) && !is_family(name(file)) {
        return Ok(None);
    }
    let started = if is_launchd(kind) {
        launchd::read(query, file, &text)?
    } else {
        systemd(query, kind, file, &text)
    };
    Ok(started
        .filter(Started::is_gateway)
        .map(|started| started.installed(query, kind, file)))
}

/// How a service starts its program.
pub(super) struct Started {
    pub(super) command: Vec<String>,
    pub(super) places: Vec<Place>,
    pub(super) folder: Option<PathBuf>,
    pub(super) home: Option<PathBuf>,
}

fn systemd(query: &Query<'_>, kind: ServiceKind, file: &Path, text: &str) -> Option<Started> {
    let is_system = kind == ServiceKind::SystemdSystem;
    let manager_home = match &query.home {
        Some(home) if !is_system => home.display().to_string(),
        _ => "/root".to_owned(),
    };
    let drop_ins = entries(&with_ending(file, ".d"))
        .into_iter()
        .filter(|path| has_extension(path, "conf"))
        .filter_map(|path| {
            let text = super::files::text(&path).ok()??;
            Some((path, text))
        });
    let mut unit = Unit::default();
    let mut parts = Vec::new();
    for (path, text) in std::iter::once((file.to_owned(), text.to_owned())).chain(drop_ins) {
        unit.read(&text, &manager_home);
        parts.push(path);
    }
    let mut places: Vec<Place> = unit.files.iter().map(|file| file_place(file)).collect();
    places.reverse();
    places.extend(parts.into_iter().enumerate().rev().map(|(part, file)| {
        Place {
            kind: KeyPlace::UnitEnvironment,
            file,
            variables: Ok(unit
                .variables
                .iter()
                .filter(|variable| variable.part == part)
                .cloned()
                .collect()),
        }
    }));
    for variables in places
        .iter_mut()
        .filter_map(|place| place.variables.as_mut().ok())
    {
        variables.retain(|variable| !unit.unset.contains(&variable.name));
    }
    let home = if is_system {
        account_home(query, unit.user.as_deref().unwrap_or("root"))
    } else {
        query.home.clone()
    };
    let folder = match unit.folder.as_deref() {
        Some("~") => home.clone(),
        Some(folder) => Some(PathBuf::from(folder)),
        None if is_system => Some(PathBuf::from("/")),
        None => home.clone(),
    };
    (!unit.command.is_empty()).then_some(Started {
        command: unit.command,
        places,
        folder,
        home,
    })
}

fn file_place(file: &str) -> Place {
    let path = PathBuf::from(file);
    Place {
        kind: if name(&path) == OWN_SYSTEMD_FILE {
            KeyPlace::ServiceEnvFile
        } else {
            KeyPlace::UnitEnvironmentFile
        },
        variables: text(&path).map(|text| environment_file(&text.unwrap_or_default())),
        file: path,
    }
}

impl Started {
    fn variable(&self, name: &str) -> Option<&str> {
        value_in(&self.places, name)
    }

    /// The value of `--name value` or `--name=value`.
    fn flag(&self, name: &str) -> Option<&str> {
        self.command.iter().enumerate().find_map(|(index, word)| {
            match word.strip_prefix(name)?.strip_prefix('=') {
                Some(value) => Some(value),
                None if word == name => self.command.get(index + 1).map(String::as_str),
                None => None,
            }
        })
    }

    /// Whether the program is OpenClaw's gateway, rather than its node or the macOS app.
    fn is_gateway(&self) -> bool {
        match self.variable("OPENCLAW_SERVICE_KIND") {
            Some(kind) => kind == "gateway",
            None => {
                self.command.iter().any(|word| is_family(word))
                    && self.command.iter().any(|word| word.contains("gateway"))
            }
        }
    }

    /// The profile that its OpenClaw uses, unless it is the default one.
    fn profile(&self) -> Option<String> {
        let is_dev = || self.command.iter().any(|word| word == "--dev");
        self.variable("OPENCLAW_PROFILE")
            .or_else(|| self.flag("--profile"))
            .or_else(|| is_dev().then_some("dev"))
            .filter(|profile| !profile.eq_ignore_ascii_case("default"))
            .map(str::to_owned)
    }

    /// What `~` means to its OpenClaw.
    fn openclaw_home(&self) -> Option<PathBuf> {
        let home = self.variable("HOME").map(PathBuf::from);
        let home = home.or(self.home.clone());
        self.variable("OPENCLAW_HOME")
            .map(|path| expanded(path, home.as_deref()))
            .or(home)
    }

    fn installed(self, query: &Query<'_>, kind: ServiceKind, file: &Path) -> Installed {
        let profile = self.profile();
        let home = self.openclaw_home();
        let path = |name| Some(expanded(self.variable(name)?, home.as_deref()));
        let state_dir = path("OPENCLAW_STATE_DIR").unwrap_or_else(|| {
            let ending = profile.as_ref().map(|name| format!("-{name}"));
            let name = format!(".openclaw{}", ending.unwrap_or_default());
            home.clone().unwrap_or_default().join(name)
        });
        let config =
            path("OPENCLAW_CONFIG_PATH").unwrap_or_else(|| state_dir.join("openclaw.json"));
        let port = self
            .flag("--port")
            .or_else(|| self.variable("OPENCLAW_GATEWAY_PORT"))
            .and_then(|port| port.parse().ok());
        let files = self.places.iter().rev().filter(|place| {
            matches!(
                place.kind,
                KeyPlace::ServiceEnvFile | KeyPlace::UnitEnvironmentFile
            )
        });
        let stem = name(file)
            .trim_end_matches(".service")
            .trim_end_matches(".plist");
        let service = Service {
            kind,
            name: stem.to_owned(),
            file: file.to_owned(),
            port,
            is_ours: same(&config, &query.config),
            config,
            state_dir,
            enabled: is_enabled(kind, file),
            version: self.variable("OPENCLAW_SERVICE_VERSION").map(str::to_owned),
            environment_files: files.map(|place| place.file.clone()).collect(),
            openclaw_variables: openclaw_variables(&self.places),
            profile,
        };
        Installed {
            service,
            places: self.places,
            folder: self.folder,
        }
    }
}

/// The effective value, unless it is blank.
pub(super) fn value_in<'p>(places: &'p [Place], name: &str) -> Option<&'p str> {
    let found = places.iter().find_map(|place| place.get(name))?;
    Some(found.value.trim()).filter(|value| !value.is_empty())
}

/// OpenClaw's own variables, except credentials.
fn openclaw_variables(places: &[Place]) -> Vec<(String, String)> {
    const SECRET: [&str; 5] = ["TOKEN", "PASSWORD", "SECRET", "KEY", "URL"];
    let mut names: Vec<&str> = places
        .iter()
        .filter_map(|place| place.variables.as_ref().ok())
        .flatten()
        .map(|variable| variable.name.as_str())
        .filter(|name| name.starts_with("OPENCLAW_"))
        .filter(|name| *name == MANAGED || SECRET.iter().all(|word| !name.contains(word)))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), value_in(places, name)?.to_owned())))
        .collect()
}

/// Whether a target in the same folder wants the unit.
fn is_enabled(kind: ServiceKind, file: &Path) -> Option<bool> {
    if is_launchd(kind) {
        return None;
    }
    let wanted = entries(file.parent()?)
        .into_iter()
        .filter(|folder| has_extension(folder, "wants"))
        .any(|folder| folder.join(name(file)).symlink_metadata().is_ok());
    Some(wanted)
}

/// The home folder of an account, by its name or number.
fn account_home(query: &Query<'_>, account: &str) -> Option<PathBuf> {
    let accounts = text(&query.root.join("etc/passwd")).ok()??;
    accounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let is_it = fields.first() == Some(&account) || fields.get(2) == Some(&account);
        fields.get(5).filter(|_| is_it).map(PathBuf::from)
    })
}

/// A path with `~` expanded to the home folder.
fn expanded(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(path),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    PathBuf::from(whole)
}
