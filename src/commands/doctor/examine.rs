//! Gathers what the checks need, and runs them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::causes::{self, Facts, Online};
use crate::diagnostic::Diagnostic;
use crate::doctor::facts::Machine;
use crate::doctor::{
    self, Asked, ConfigFile, DoctorFacts, KeyInUse, OtherKey, Verdict, key_in_use, known_keys,
};
use crate::document::Kind;
use crate::error::Failure;
use crate::help::RunContext;
use crate::machine::{self, ConfigVariable, Query};
use crate::mask::mask_known;
use crate::openclaw::{Config, CredentialSource, Version, VersionSource};
use crate::secret::Secret;
use crate::store::{self, Location};
use crate::ui::Ui;

use super::super::lint::LintFormat;
use super::super::lint::judge::Job;
use super::super::lint::load::{self, Loaded, Overlay};
use super::super::workspace::locate;
use super::super::{Env, output};
use super::DoctorArgs;
use super::ask::{self, Answers};

/// Where the shell's own key is told from the gateway's.
const THIS_SHELL: &str = "this shell";

/// The provider that is meant where no flag names another.
const DEFAULT_PROVIDER: &str = "portkey";

/// The config as it was found, and who reads it.
pub(super) struct Target {
    pub(super) location: Location,
    /// `None` where there is no config.
    pub(super) loaded: Option<Loaded>,
    installed: Option<String>,
    home: Option<PathBuf>,
}

/// What the examination came to.
pub(super) struct Report {
    /// The config and what led to it.
    pub(super) config: String,
    pub(super) openclaw: String,
    pub(super) outcomes: Vec<Diagnostic>,
    pub(super) verdict: Verdict,
    /// What the commands to type get from this run.
    pub(super) context: RunContext,
    pub(super) home: Option<PathBuf>,
}

impl Target {
    pub(super) fn find(args: &DoctorArgs, env: &Env) -> Result<Self, Failure> {
        let config = &args.write.config;
        let location = locate(config, env)?;
        let loaded = location
            .exists
            .then(|| load::file(&location.config, &env.files, &Overlay::new()))
            .transpose()?;
        let installed = (env.variable)("PATH").and_then(|path| store::installed_openclaw(&path));
        Ok(Self {
            location,
            loaded,
            installed,
            home: env.home(),
        })
    }

    /// The OpenClaw that reads the config: the installed one, else the one that last wrote it.
    pub(super) fn version(&self) -> VersionSource {
        let installed = self.installed.as_deref().and_then(Version::parse);
        let config = self
            .loaded
            .as_ref()
            .and_then(|loaded| loaded.config.as_ref());
        match (installed, config.and_then(Config::written_by)) {
            (Some(version), _) => VersionSource::Installed(version),
            (None, Some(version)) => VersionSource::Config(version),
            (None, None) => VersionSource::Unknown,
        }
    }

    /// How `lint` looks at the config, for the same version.
    pub(super) fn job(&self, known: Vec<Secret>) -> Job {
        let version = match self.version() {
            VersionSource::Installed(version) | VersionSource::Config(version) => Some(version),
            VersionSource::Unknown => None,
        };
        Job {
            rules: causes::on().collect(),
            version,
            format: LintFormat::Text,
            color: false,
            cwd: std::path::absolute(".").unwrap_or_default(),
            baseline: None,
            writes_baseline: None,
            known,
        }
    }
}

/// Looks at machine and config, asks Portkey, and runs the checks.
pub(super) fn examine(target: &Target, args: &DoctorArgs, ui: &Ui, env: &Env) -> Report {
    let provider_id = &args.write.config.provider_id;
    let unmasked = target.job(Vec::new());
    let facts = target
        .loaded
        .as_ref()
        .and_then(|loaded| unmasked.facts(loaded));
    let Gathered {
        machine,
        in_use,
        answers,
    } = gather(target, facts.as_ref(), args, ui, env);
    let mut known = known_keys(&machine);
    if let KeyInUse::Known(key) = in_use {
        known.push(key);
    }
    let job = target.job(known.clone());
    let online = match &answers.asked {
        Asked::Answered(online) => Some(online),
        Asked::No(_) | Asked::Failed { .. } => None,
    };
    let found = target
        .loaded
        .as_ref()
        .map(|loaded| findings(&job, loaded, online))
        .unwrap_or_default();
    let short = |path: &Path| output::short(path, target.home.as_deref());
    let evidence = DoctorFacts {
        config: ConfigFile {
            path: target.location.config.clone(),
            exists: target.location.exists,
        },
        facts: facts.as_ref(),
        found: &found,
        unread: target
            .loaded
            .as_ref()
            .map_or(&[][..], |loaded| &loaded.notes),
        provider_id,
        version: target.version(),
        machine: &machine,
        asked: answers.asked,
        other_key: answers.other.map(|asked| OtherKey {
            whose: THIS_SHELL.to_owned(),
            asked,
        }),
        resolves_privately: answers.resolves_privately,
        health: answers.health,
        probes: answers.probes,
        short: &short,
    };
    // What came from elsewhere may hold what was sent there.
    let outcomes: Vec<Diagnostic> = doctor::run(&evidence)
        .into_iter()
        .map(|outcome| outcome.map_text(|text| mask_known(text, &known)))
        .collect();
    let verdict = doctor::verdict(&evidence, &outcomes);
    Report {
        config: format!(
            "{} ({})",
            short(&target.location.config),
            target.location.reason
        ),
        openclaw: openclaw(target),
        outcomes,
        verdict,
        context: context(args),
        home: target.home.clone(),
    }
}

/// Commands to type go to the same config and provider as this run.
fn context(args: &DoctorArgs) -> RunContext {
    let config = &args.write.config;
    RunContext {
        profile: config.profile.clone(),
        config: config.config.clone(),
        provider_id: (config.provider_id != DEFAULT_PROVIDER).then(|| config.provider_id.clone()),
        ..RunContext::default()
    }
}

/// What machine and Portkey say.
struct Gathered {
    machine: Machine,
    in_use: KeyInUse,
    answers: Answers,
}

fn gather(
    target: &Target,
    facts: Option<&Facts<'_>>,
    args: &DoctorArgs,
    ui: &Ui,
    env: &Env,
) -> Gathered {
    let busy = ui.busy("looking at this machine");
    let machine = look(target, facts, args, env);
    busy.done();
    let Some(facts) = facts else {
        let why = if target.location.exists {
            "the config could not be read"
        } else {
            "there is no config"
        };
        return Gathered {
            machine,
            in_use: KeyInUse::Missing(why.to_owned()),
            answers: Answers::none(why),
        };
    };
    let provider_id = &args.write.config.provider_id;
    let in_use = key_in_use(facts, provider_id, &machine);
    let other = match in_use {
        KeyInUse::Known(_) | KeyInUse::Missing(_) => {
            shell_key(facts, provider_id, &machine, &in_use)
        }
        KeyInUse::Unknown(_) => None,
    };
    let answers = ask::ask(
        args,
        provider_id,
        ui,
        facts,
        &machine,
        &in_use,
        other.as_ref(),
    );
    Gathered {
        machine,
        in_use,
        answers,
    }
}

fn openclaw(target: &Target) -> String {
    match target.version() {
        VersionSource::Installed(version) => format!("{version} (installed)"),
        VersionSource::Config(version) => {
            format!("{version} (last wrote the config; none is on the PATH)")
        }
        VersionSource::Unknown => "none on the PATH, version unknown".to_owned(),
    }
}

/// The key that OpenClaw started from this shell would send, where it is not the one in use.
fn shell_key(
    facts: &Facts<'_>,
    provider_id: &str,
    machine: &Machine,
    in_use: &KeyInUse,
) -> Option<Secret> {
    let provider = facts.provider(provider_id)?;
    let given = CredentialSource::read(provider.api_key.as_ref()?);
    let variable = machine.variable(given.variable()?)?;
    let value = variable.value(crate::doctor::facts::Reader::Shell)?;
    match in_use {
        KeyInUse::Known(key) if key == value => None,
        _ => Some(value.clone()),
    }
}

fn look(target: &Target, facts: Option<&Facts<'_>>, args: &DoctorArgs, env: &Env) -> Machine {
    let provider_id = &args.write.config.provider_id;
    let provider = facts.and_then(|facts| facts.provider(provider_id));
    let mut variables: Vec<String> = Vec::new();
    if let Some(provider) = provider {
        let headers = provider.headers.iter().map(|header| &header.value);
        for view in provider.api_key.iter().chain(headers) {
            if let Some(name) = CredentialSource::read(view).variable() {
                variables.push(name.to_owned());
            }
        }
    }
    let config = facts.map(|facts| facts.config);
    let port = config
        .and_then(|config| config.at(&["gateway", "port"]))
        .and_then(|view| match view.value() {
            crate::document::Value::Number(port) => {
                u16::try_from(format!("{port:.0}").parse::<u64>().ok()?).ok()
            }
            _ => None,
        });
    machine::gather(&Query {
        config: absolute(&target.location.config),
        state_dir: absolute(&target.location.state_dir),
        home: target.home.clone(),
        cwd: std::env::current_dir().ok(),
        variable: &|name| (env.variable)(name),
        variables,
        config_env: config.map(config_env).unwrap_or_default(),
        provider_id: provider_id.clone(),
        port,
        installed: target.installed.clone(),
        timeout: Duration::from_secs(args.timeout),
        root: PathBuf::from("/"),
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
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

/// What the rules find, safe to show.
fn findings(job: &Job, loaded: &Loaded, online: Option<&Online>) -> Vec<Diagnostic> {
    job.judge_errors(loaded, online).report.diagnostics
}
