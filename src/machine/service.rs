//! The gateway services that are installed, by their units and plists.

use std::path::{Path, PathBuf};

use crate::doctor::facts::{Fact, KeyPlace, Service, ServiceKind};

use super::Query;
use super::files::{entries, has_extension, name, same, text};
use super::plist::Plist;
use super::unit::{Assigned, Unit, environment_file};

/// Names the variables that a service's `.env` may change although its unit sets them.
const MANAGED: &str = "OPENCLAW_SERVICE_MANAGED_ENV_KEYS";

/// The file of variables that OpenClaw writes next to a systemd unit.
const OWN_SYSTEMD_FILE: &str = "gateway.systemd.env";

/// A single quote within single quotes of a shell.
const QUOTE: &str = "'\\''";

/// The names by which services of OpenClaw and of its forerunners are known.
const FAMILY: [&str; 3] = ["openclaw", "clawdbot", "moltbot"];

/// A service with the variables that it starts the gateway with.
pub(super) struct Installed {
    pub(super) service: Service,
    /// The places that set variables, the strongest first.
    pub(super) places: Vec<Place>,
    /// The folder that the gateway is started in.
    pub(super) folder: Option<PathBuf>,
}

/// A place that sets variables of a service.
pub(super) struct Place {
    pub(super) kind: KeyPlace,
    pub(super) file: PathBuf,
    /// In order, the last of a name counts; or why the file could not be read.
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
    /// Whether OpenClaw takes a variable from `.env` although the unit sets it, too: under
    /// systemd it does so for the names that it wrote down when it was installed.
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
        let reason = "scheduled tasks of Windows are not looked at".to_owned();
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

/// The folders of services, and whether all of a folder's files are looked into: units of other
/// programs fill the system's own folders.
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

/// The service of a file, where it starts a gateway.
fn read(query: &Query<'_>, kind: ServiceKind, file: &Path) -> Result<Option<Installed>, String> {
    let text = match text(file) {
        Ok(Some(text)) => text,
        // What is masked or belongs to someone else is not a gateway of ours.
        Err(reason) if is_family(name(file)) => return Err(reason),
        Ok(None) | Err(_) => return Ok(None),
    };
    if !is_family(&text) && !is_family(name(file)) {
        return Ok(None);
    }
    let started = if is_launchd(kind) {
        launchd(query, file, &text)?
    } else {
        systemd(query, kind, file, &text)
    };
    Ok(started
        .filter(Started::is_gateway)
        .map(|started| started.installed(query, kind, file)))
}

/// How a service starts its program.
struct Started {
    command: Vec<String>,
    places: Vec<Place>,
    folder: Option<PathBuf>,
    home: Option<PathBuf>,
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

fn launchd(query: &Query<'_>, file: &Path, text: &str) -> Result<Option<Started>, String> {
    let Some(plist) = Plist::read(text) else {
        return Err(format!("{} is not an XML property list", file.display()));
    };
    let mut command = plist
        .get("ProgramArguments")
        .map(Plist::texts)
        .unwrap_or_default();
    let mut places = Vec::new();
    // OpenClaw starts the gateway through a script of its own, which reads a file of variables.
    if command.first().is_some_and(|first| first == "/bin/sh") {
        command.remove(0);
    }
    if command.len() > 2 && command[0].ends_with("-env-wrapper.sh") {
        let path = PathBuf::from(&command[1]);
        places.push(Place {
            kind: KeyPlace::ServiceEnvFile,
            variables: super::files::text(&path).map(|text| exports(&text.unwrap_or_default())),
            file: path,
        });
        command.drain(..2);
    }
    let inline = plist
        .get("EnvironmentVariables")
        .map(Plist::members)
        .unwrap_or_default();
    places.push(Place {
        kind: KeyPlace::PlistEnvironment,
        file: file.to_owned(),
        variables: Ok(inline
            .iter()
            .filter_map(|member| {
                Some(Assigned {
                    name: member.key.clone(),
                    value: member.value.text()?.to_owned(),
                    line: member.line,
                    part: 0,
                })
            })
            .collect()),
    });
    Ok((!command.is_empty()).then(|| Started {
        folder: plist
            .get("WorkingDirectory")
            .and_then(Plist::text)
            .map(PathBuf::from),
        command,
        places,
        home: query.home.clone(),
    }))
}

/// The variables of OpenClaw's own file for launchd: `export NAME='value'`, where `'\''` is a
/// quote and a value may go on over several lines.
fn exports(text: &str) -> Vec<Assigned> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some((name, value)) = line
            .strip_prefix("export ")
            .and_then(|rest| rest.split_once('='))
        else {
            continue;
        };
        let mut value = value.to_owned();
        while !value
            .replace(QUOTE, "")
            .matches('\'')
            .count()
            .is_multiple_of(2)
        {
            let Some((_, more)) = lines.next() else { break };
            value.push('\n');
            value.push_str(more);
        }
        let value = value.trim();
        let inner = value
            .strip_prefix('\'')
            .and_then(|value| value.strip_suffix('\''))
            .unwrap_or(value);
        found.push(Assigned {
            name: name.trim().to_owned(),
            value: inner.replace(QUOTE, "'"),
            line: index + 1,
            part: 0,
        });
    }
    found
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

    /// Whether the program is OpenClaw's gateway: not its node, nor the app of macOS.
    fn is_gateway(&self) -> bool {
        match self.variable("OPENCLAW_SERVICE_KIND") {
            Some(kind) => kind == "gateway",
            None => {
                self.command.iter().any(|word| is_family(word))
                    && self.command.iter().any(|word| word.contains("gateway"))
            }
        }
    }

    fn installed(self, query: &Query<'_>, kind: ServiceKind, file: &Path) -> Installed {
        let profile = self
            .variable("OPENCLAW_PROFILE")
            .or_else(|| self.flag("--profile"))
            .or_else(|| {
                self.command
                    .iter()
                    .any(|word| word == "--dev")
                    .then_some("dev")
            })
            .filter(|profile| !profile.eq_ignore_ascii_case("default"))
            .map(str::to_owned);
        let home = self
            .variable("HOME")
            .map(PathBuf::from)
            .or(self.home.clone());
        let home = self
            .variable("OPENCLAW_HOME")
            .map(|path| expanded(path, home.as_deref()))
            .or(home);
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

/// The value that counts, where it is not blank.
pub(super) fn value_in<'p>(places: &'p [Place], name: &str) -> Option<&'p str> {
    let found = places.iter().find_map(|place| place.get(name))?;
    Some(found.value.trim()).filter(|value| !value.is_empty())
}

/// The variables of OpenClaw's own that hold no credential.
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

/// Whether a unit is wanted by a target next to it.
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

/// A path whose `~` means the home folder.
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

#[cfg(test)]
mod tests {
    use super::exports;

    #[test]
    fn reads_the_file_of_exports() {
        let text = "# Generated by OpenClaw.\nexport A='1'\nexport B='it'\\''s'\nexport C='two\nlines'\nexport D='a\\'\nexport E=''\n";
        let found: Vec<_> = exports(text)
            .into_iter()
            .map(|v| (v.name, v.value, v.line))
            .collect();
        let expected = [
            ("A", "1", 2),
            ("B", "it's", 3),
            ("C", "two\nlines", 4),
            ("D", "a\\", 6),
            ("E", "", 7),
        ]
        .map(|(name, value, line)| (name.to_owned(), value.to_owned(), line));
        assert_eq!(found, expected);
    }
}
