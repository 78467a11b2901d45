//! Gathers what the checks need, and runs them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::args::{ConfigArgs, LintFormat};
use crate::doctor::facts::{Machine, Reader};
use crate::doctor::{
    self, Arrival, Asked, ConfigFile, DoctorFacts, Found, KeyInUse, OtherKey, Outcome, key_in_use,
    known_keys,
};
use crate::error::Failure;
use crate::mask::mask_known;
use crate::openclaw::{Config, CredentialSource};
use crate::rules::{self, Facts, Online};
use crate::secret::Secret;
use crate::ui::Ui;

use super::Options;
use super::ask::{self, Answers};
use crate::app::lint::linter::{Checked, Linter};
use crate::app::load::Loaded;
use crate::app::session::Session;

/// Where the shell's own key is told from the gateway's.
const THIS_SHELL: &str = "this shell";

/// What the examination came to.
pub(crate) struct Report {
    /// The config and what led to it.
    pub(crate) config: String,
    pub(crate) config_json: serde_json::Value,
    pub(crate) openclaw: String,
    pub(crate) openclaw_json: serde_json::Value,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) arrival: Arrival,
    pub(crate) home: Option<PathBuf>,
}

/// How `lint` looks at the session's config.
pub(crate) fn linter(session: &Session<'_>, known: Vec<Secret>) -> Linter {
    Linter {
        rules: rules::on().collect(),
        version: None,
        installed: session.installed_version(),
        format: LintFormat::Text,
        color: false,
        cwd: std::path::absolute(".").unwrap_or_default(),
        baseline: None,
        writes_baseline: None,
        known,
    }
}

/// Looks at machine and config, asks Portkey, and runs the checks.
///
/// # Errors
/// Several providers go to Portkey, and no flag says which one.
pub(crate) fn examine(
    session: &Session<'_>,
    options: &Options<'_>,
    ui: &Ui,
) -> Result<Report, Failure> {
    let provider_id = session.provider_id()?;
    let loaded = session.loaded.exists.then_some(&session.loaded);
    let unmasked = linter(session, Vec::new());
    let facts = loaded.and_then(|loaded| unmasked.facts(loaded));
    let Gathered {
        machine,
        in_use,
        answers,
    } = gather(session, &provider_id, facts.as_ref(), options, ui);
    let mut known = known_keys(&machine);
    if let KeyInUse::Known(key, _) = in_use {
        known.push(key);
    }
    let linter = linter(session, known.clone());
    let online = match &answers.asked {
        Asked::Answered(online) => Some(online),
        Asked::No(_) | Asked::Failed { .. } => None,
    };
    let found = loaded
        .map(|loaded| findings(&linter, loaded, online))
        .unwrap_or_default();
    let unread: Vec<String> = loaded
        .iter()
        .flat_map(|loaded| &loaded.unread)
        .map(crate::app::load::Unread::text)
        .collect();
    let short = |path: &Path| session.short(path);
    let facts = DoctorFacts {
        config: ConfigFile {
            path: session.location.config.clone(),
            exists: session.location.exists,
        },
        facts: facts.as_ref(),
        found: &found,
        unread: &unread,
        provider_id: &provider_id,
        version: session.version,
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
    let mut outcomes = doctor::run(&facts);
    // What came from elsewhere may hold what was sent there.
    for outcome in &mut outcomes {
        outcome.found = mask_known(&outcome.found, &known);
        let cure = with_flags(&outcome.cure, &session.flags);
        outcome.cure = mask_known(&cure, &known);
    }
    let arrival = doctor::arrival(&facts, &outcomes);
    Ok(Report {
        config: format!(
            "{} ({})",
            session.short(&session.location.config),
            session.location.reason
        ),
        config_json: crate::app::output::config_json(&session.location),
        openclaw: session.version.to_string(),
        openclaw_json: crate::app::output::version_json(session.version),
        outcomes,
        arrival,
        home: session.env.home(),
    })
}

/// A cure that goes to the same config and provider as this run.
fn with_flags(cure: &str, flags: &ConfigArgs) -> String {
    const COMMANDS: [&str; 5] = [
        "doctor",
        "init",
        "set-fallback",
        "set-header",
        "set-primary",
    ];
    let mut words = String::new();
    if let Some(profile) = &flags.profile {
        let _ = write!(words, " --profile {profile}");
    }
    if let Some(file) = &flags.config {
        let _ = write!(words, " --config {}", file.display());
    }
    if let Some(id) = flags
        .provider_id
        .as_ref()
        .filter(|_| !cure.contains("--provider-id"))
    {
        let _ = write!(words, " --provider-id {id}");
    }
    if words.is_empty() || cure.contains("--config") {
        return cure.to_owned();
    }
    COMMANDS.iter().fold(cure.to_owned(), |cure, command| {
        let plain = format!("openclaw-portkey {command}");
        cure.replace(&plain, &format!("{plain}{words}"))
    })
}

/// What machine and Portkey say.
struct Gathered {
    machine: Machine,
    in_use: KeyInUse,
    answers: Answers,
}

fn gather(
    session: &Session<'_>,
    provider_id: &str,
    facts: Option<&Facts<'_>>,
    options: &Options<'_>,
    ui: &Ui,
) -> Gathered {
    let busy = ui.busy("looking at this machine");
    let machine = session.machine(Duration::from_secs(options.portkey.timeout));
    busy.done();
    let Some(facts) = facts else {
        let why = if session.location.exists {
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
    let in_use = key_in_use(facts.config, facts.provider(provider_id), &machine);
    let other = match in_use {
        KeyInUse::Known(..) | KeyInUse::Missing(_) => {
            shell_key(facts, provider_id, &machine, &in_use)
        }
        KeyInUse::Unknown(_) => None,
    };
    let answers = ask::ask(
        &ask::Scope {
            options,
            provider_id,
            facts,
            machine: &machine,
            in_use: &in_use,
        },
        other.as_ref(),
        ui,
    );
    Gathered {
        machine,
        in_use,
        answers,
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
    let value = variable.value(Reader::Shell)?;
    match in_use {
        KeyInUse::Known(key, _) if key == value => None,
        _ => Some(value.clone()),
    }
}

/// What the rules find, each with its location.
fn findings(linter: &Linter, loaded: &Loaded, online: Option<&Online>) -> Vec<Found> {
    let Checked {
        report, findings, ..
    } = linter.check(loaded, online);
    let sources = loaded.config.iter().flat_map(Config::sources);
    let paths: Vec<&Path> = sources
        .map(|source| source.path.as_path())
        .chain(loaded.broken.iter().map(|broken| broken.path.as_path()))
        .collect();
    report
        .findings
        .iter()
        .zip(&findings)
        .map(|(shown, finding)| Found {
            rule: shown.rule,
            level: shown.level,
            message: shown.message.clone(),
            help: shown.help.clone(),
            file: paths
                .get(shown.file)
                .map(|path| (*path).to_owned())
                .unwrap_or_default(),
            line: shown.start.line,
            column: shown.start.column,
            fixable: finding.fix.as_ref().is_some_and(|fix| fix.safe),
        })
        .collect()
}
