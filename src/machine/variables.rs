//! Every place that could set a variable, in OpenClaw's order.

use std::path::{Path, PathBuf};

use crate::doctor::facts::{Fact, KeyPlace, KeySource, Setting, Variable};
use crate::dotenv;
use crate::secret::Secret;

use super::Query;
use super::files::{is_exposed, same, text};
use super::service::{Installed, Place};

/// Vendors whose `…_API_KEY` and similar variables OpenClaw ignores in the `.env` of a working
/// folder.
const VENDORS: [&str; 20] = [
    "ANTHROPIC",
    "AZURE",
    "CEREBRAS",
    "COHERE",
    "DEEPSEEK",
    "FIREWORKS",
    "GEMINI",
    "GITHUB",
    "GOOGLE",
    "GROQ",
    "HUGGINGFACE",
    "KIMI",
    "LITELLM",
    "MISTRAL",
    "MOONSHOT",
    "OLLAMA",
    "OPENAI",
    "OPENROUTER",
    "TOGETHER",
    "XAI",
];

/// The `.env` files that each reader uses, without duplicates.
pub(super) struct Dotenvs {
    /// The state folder's, for this shell.
    shell: PathBuf,
    /// The state folder's, for the service.
    service: PathBuf,
    /// Next to the service's config, if that is in another folder.
    next_to_config: Option<PathBuf>,
    /// `~/.config/openclaw/gateway.env`, and whether the shell and the service read it.
    gateway: Option<(PathBuf, bool, bool)>,
}

impl Dotenvs {
    pub(super) fn of(query: &Query<'_>, installed: Option<&Installed>) -> Self {
        let service_state = installed.map_or(&query.state_dir, |i| &i.service.state_dir);
        let service_config = installed.map_or(&query.config, |i| &i.service.config);
        let dotenv = |folder: &Path| folder.join(".env");
        let service = dotenv(service_state);
        let next_to_config = service_config
            .parent()
            .map(dotenv)
            .filter(|file| !same(file, &service));
        // A non-default state folder doesn't use the account's variables.
        let gateway = query.home.as_ref().map(|home| {
            let usual = home.join(".openclaw");
            (
                home.join(".config/openclaw/gateway.env"),
                same(&usual, &query.state_dir),
                same(&usual, service_state),
            )
        });
        Self {
            shell: dotenv(&query.state_dir),
            service,
            next_to_config,
            gateway,
        }
    }

    /// The files that a running gateway read when it started.
    pub(super) fn of_service(&self) -> Vec<&Path> {
        let gateway = self.gateway.as_ref().filter(|(.., service)| *service);
        std::iter::once(self.service.as_path())
            .chain(self.next_to_config.as_deref())
            .chain(gateway.map(|(file, ..)| file.as_path()))
            .collect()
    }
}

/// The places of one variable, strongest first. A service is `installed` if it uses the located
/// config.
pub(super) fn variable(
    query: &Query<'_>,
    name: &str,
    installed: Option<&Installed>,
    dotenvs: &Dotenvs,
) -> Variable {
    let mut sources = vec![shell(query, name)];
    let of_unit = || {
        installed
            .iter()
            .flat_map(|installed| &installed.places)
            .map(|place| unit_source(query, place, name))
    };
    let dotenv_wins = installed.is_some_and(|installed| installed.prefers_dotenv(name));
    if !dotenv_wins {
        sources.extend(of_unit());
    }
    sources.extend(working_folders(
        query,
        name,
        installed,
        dotenvs,
        dotenv_wins,
    ));
    sources.extend(dotenv_files(query, name, dotenvs));
    if dotenv_wins {
        sources.extend(of_unit());
    }
    sources.extend(
        query
            .config_env
            .iter()
            .filter(|variable| variable.name == name)
            .map(|variable| KeySource {
                place: KeyPlace::ConfigEnv,
                file: Some(variable.file.clone()),
                line: Some(variable.line),
                earlier: None,
                setting: Fact::Known(setting(variable.value.expose())),
                service_sees: true,
                shell_sees: true,
                is_exposed: is_exposed(&variable.file, query.home.as_deref()),
            }),
    );
    Variable {
        name: name.to_owned(),
        sources,
    }
}

fn shell(query: &Query<'_>, name: &str) -> KeySource {
    let value = (query.variable)(name);
    KeySource {
        place: KeyPlace::ShellEnvironment,
        file: None,
        line: None,
        earlier: None,
        setting: Fact::Known(
            value.map_or(Setting::Unset, |value| setting(&value.to_string_lossy())),
        ),
        service_sees: false,
        shell_sees: true,
        is_exposed: false,
    }
}

fn unit_source(query: &Query<'_>, place: &Place, name: &str) -> KeySource {
    let assigned = place.get(name);
    let earlier = assigned.and_then(|assigned| {
        let mut others = place.variables.as_ref().ok()?.iter().rev();
        others.find(|other| other.name == name && other.value != assigned.value)
    });
    KeySource {
        place: place.kind,
        file: Some(place.file.clone()),
        line: assigned.map(|assigned| assigned.line),
        earlier: earlier.map(|earlier| earlier.line),
        setting: match &place.variables {
            Err(reason) => Fact::Unknown(reason.clone()),
            Ok(_) => Fact::Known(assigned.map_or(Setting::Unset, |a| setting(&a.value))),
        },
        service_sees: true,
        shell_sees: false,
        is_exposed: is_exposed(&place.file, query.home.as_deref()),
    }
}

/// The `.env` in each working folder that `openclaw` is started in: this one, and the service's.
fn working_folders(
    query: &Query<'_>,
    name: &str,
    installed: Option<&Installed>,
    dotenvs: &Dotenvs,
    dotenv_wins: bool,
) -> Vec<KeySource> {
    if is_ignored_in_working_folder(name) {
        return Vec::new();
    }
    let is_state = |file: &Path, state: &Path| same(file, state);
    let mut sources = Vec::new();
    if let Some(file) = query.cwd.as_ref().map(|folder| folder.join(".env"))
        && !is_state(&file, &dotenvs.shell)
    {
        sources.push(dotenv_source(
            query,
            KeyPlace::CwdDotenv,
            file,
            name,
            (false, true),
        ));
    }
    let folder = installed.and_then(|installed| installed.folder.as_ref());
    if let Some(file) = folder.map(|folder| folder.join(".env"))
        && !is_state(&file, &dotenvs.service)
        && !dotenv_wins
    {
        sources.push(dotenv_source(
            query,
            KeyPlace::ServiceCwdDotenv,
            file,
            name,
            (true, false),
        ));
    }
    sources
}

fn is_ignored_in_working_folder(name: &str) -> bool {
    name.starts_with("OPENCLAW_")
        || VENDORS.iter().any(|vendor| {
            name.strip_prefix(vendor)
                .is_some_and(|rest| rest.starts_with('_'))
        })
}

fn dotenv_files(query: &Query<'_>, name: &str, dotenvs: &Dotenvs) -> Vec<KeySource> {
    let is_one = same(&dotenvs.shell, &dotenvs.service);
    let state = |file: &Path, service, shell| {
        let seen = (service, shell);
        dotenv_source(query, KeyPlace::StateDotenv, file.to_owned(), name, seen)
    };
    let mut sources = vec![state(&dotenvs.shell, is_one, true)];
    if !is_one {
        sources.push(state(&dotenvs.service, true, false));
    }
    if let Some(file) = &dotenvs.next_to_config {
        sources.push(dotenv_source(
            query,
            KeyPlace::ConfigDotenv,
            file.clone(),
            name,
            (true, false),
        ));
    }
    if let Some((file, shell, service)) = &dotenvs.gateway {
        sources.push(dotenv_source(
            query,
            KeyPlace::GatewayEnv,
            file.clone(),
            name,
            (*service, *shell),
        ));
    }
    sources
}

fn dotenv_source(
    query: &Query<'_>,
    place: KeyPlace,
    file: PathBuf,
    name: &str,
    (service_sees, shell_sees): (bool, bool),
) -> KeySource {
    let mut earlier = None;
    let (setting, line) = match text(&file) {
        Err(reason) => (Fact::Unknown(reason), None),
        Ok(Some(text)) if text.len() > dotenv::MAX_BYTES => {
            let reason = format!(
                "{} is longer than 1 MiB, and OpenClaw ignores it",
                file.display()
            );
            (Fact::Unknown(reason), None)
        }
        Ok(text) => {
            let text = text.unwrap_or_default();
            let value = dotenv::get(&text, name);
            let known = value.map_or(Setting::Unset, |value| setting(&value));
            earlier = dotenv::contradicted_line(&text, name);
            (Fact::Known(known), dotenv::line(&text, name))
        }
    };
    KeySource {
        is_exposed: is_exposed(&file, query.home.as_deref()),
        place,
        file: Some(file),
        line,
        earlier,
        setting,
        service_sees,
        shell_sees,
    }
}

fn setting(value: &str) -> Setting {
    if value.trim().is_empty() {
        Setting::Empty
    } else {
        Setting::Set(Secret::new(value))
    }
}
