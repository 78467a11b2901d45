//! Gathers the input of the checks and runs them.

use std::path::{Path, PathBuf};

use crate::args::LintFormat;
use crate::causes::{self, Facts, Online};
use crate::diagnostic::Diagnostic;
use crate::doctor::facts::{Machine, Reader};
use crate::doctor::{
    self, ConfigFile, DoctorFacts, KeyInUse, OtherKey, Verdict, key_in_use, known_keys,
};
use crate::error::Failure;
use crate::help::RunContext;
use crate::http;
use crate::mask::mask_known;
use crate::openclaw::CredentialSource;
use crate::secret::Secret;
use crate::ui::Ui;

use super::Options;
use super::ask::{self, Answers};
use crate::app::lint::linter::Linter;
use crate::app::load::{Loaded, Unread};
use crate::app::session::Session;

/// Labels the shell's own key, as opposed to the gateway's.
const THIS_SHELL: &str = "this shell";

/// The result of a run.
pub(crate) struct Report {
    /// The config and why it is used.
    pub(crate) config: String,
    pub(crate) config_json: serde_json::Value,
    pub(crate) openclaw: String,
    pub(crate) openclaw_json: serde_json::Value,
    pub(crate) outcomes: Vec<Diagnostic>,
    pub(crate) verdict: Verdict,
    /// The flags to repeat in suggested commands.
    pub(crate) context: RunContext,
    pub(crate) home: Option<PathBuf>,
}

/// The linter for the session's config.
pub(crate) fn linter(session: &Session<'_>, known: Vec<Secret>) -> Linter {
    Linter {
        team: None,
        rules: causes::on().collect(),
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

/// Inspects machine and config, contacts Portkey, and runs the checks.
///
/// # Errors
/// Several providers go to Portkey, and no flag chooses one.
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
    let found = loaded
        .map(|loaded| findings(&linter, loaded, answers.answer.online(), &provider_id))
        .unwrap_or_default();
    let unread = loaded.map(unread).unwrap_or_default();
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
        answer: answers.answer,
        other_key: answers.other.map(|answer| OtherKey {
            whose: THIS_SHELL.to_owned(),
            answer,
        }),
        proxies: facts
            .as_ref()
            .and_then(|facts| proxies(facts, &provider_id, &machine)),
        resolves_privately: answers.resolves_privately,
        health: answers.health,
        probes: answers.probes,
        forced: answers.forced,
        now: crate::store::now(),
        short: &short,
    };
    // Answers may echo what was sent.
    let outcomes: Vec<Diagnostic> = doctor::run(&facts)
        .into_iter()
        .map(|one| one.map_text(|text| mask_known(text, &known)))
        .collect();
    let verdict = doctor::verdict(&facts, &outcomes);
    Ok(report(session, outcomes, verdict))
}

/// The proxies of the gateway service and this shell for the base URL, if they differ.
fn proxies(
    facts: &Facts<'_>,
    provider_id: &str,
    machine: &Machine,
) -> Option<(Option<String>, Option<String>)> {
    machine.service()?;
    let Some(Ok(url)) = &facts.provider(provider_id)?.url else {
        return None;
    };
    if url.is_loopback() {
        return None;
    }
    let of = |reader| {
        http::proxy_of(url, &|name| {
            let value = machine.variable(name)?.value(reader)?;
            Some(value.expose().to_owned())
        })
    };
    let (service, shell) = (of(Reader::Service), of(Reader::Shell));
    let name = |proxy: Option<(&str, String)>| proxy.map(|(name, _)| name.to_owned());
    let value = |proxy: &Option<(&str, String)>| proxy.as_ref().map(|(_, value)| value.clone());
    (value(&service) != value(&shell)).then(|| (name(service), name(shell)))
}

/// The includes that couldn't be read, and why.
fn unread(loaded: &Loaded) -> Vec<String> {
    loaded.unread.iter().map(Unread::text).collect()
}

fn report(session: &Session<'_>, outcomes: Vec<Diagnostic>, verdict: Verdict) -> Report {
    let location = &session.location;
    Report {
        config: format!("{} ({})", session.short(&location.config), location.reason),
        config_json: crate::app::output::config_json(location),
        openclaw: session.version.to_string(),
        openclaw_json: crate::app::output::version_json(session.version),
        outcomes,
        verdict,
        context: session.run_context(),
        home: session.env.home(),
    }
}

/// What the machine and Portkey report.
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
    let busy = ui.busy("checking this machine");
    let machine = session.machine();
    busy.done();
    let Some(facts) = facts else {
        let why = if session.location.exists {
            "the config could not be read"
        } else {
            "no config"
        };
        return Gathered {
            machine,
            in_use: KeyInUse::Missing(why.to_owned()),
            answers: Answers::none(why),
        };
    };
    let in_use = key_in_use(
        facts.config,
        facts.version,
        facts.provider(provider_id),
        &machine,
    );
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

/// The key that OpenClaw would send if started from this shell, if it isn't the one in use.
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

/// The diagnostics of the rules, with secrets masked.
fn findings(
    linter: &Linter,
    loaded: &Loaded,
    online: Option<&Online>,
    provider_id: &str,
) -> Vec<Diagnostic> {
    linter
        .check_errors(loaded, online, provider_id)
        .report
        .diagnostics
}
