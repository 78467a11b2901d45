//! `init`: from what flags and questions came to, to the write.

use crate::args::{CheckArgs, HeaderArgs, KeyIn, MetadataArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::http;
use crate::openclaw::{
    Aliases, CredentialSource, VersionSource, View, choice, find_agent, is_variable_name,
};
use crate::plan::{Fallbacks, Intent, NewModel};
use crate::portkey::model_id::ModelId;
use crate::prompt::Terminal;
use crate::ui::Ui;

use super::change::{ConfigChange, EnvEntry};
use super::credential::{self, FoundKey, KEY_VARIABLE, Origin};
use super::headers::header_changes;
use super::inquiry::Inquiry;
use super::session::Session;
use super::usage;
use super::wizard::{self, Wizard};

/// What flags and questions came to.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) key: Option<FoundKey>,
    pub(crate) key_in: Option<KeyIn>,
    pub(crate) models: Vec<ModelId>,
    pub(crate) primary: Option<ModelId>,
    pub(crate) fallbacks: Option<Vec<ModelId>>,
    pub(crate) headers: HeaderArgs,
    /// Portkey could not be reached, and the user continues anyway.
    pub(crate) unchecked: bool,
    /// Portkey as the questions asked it.
    pub(crate) inquiry: Option<Inquiry>,
}

/// What `init` is to do.
pub(crate) struct Request {
    pub(crate) answers: Answers,
    pub(crate) base_url: Option<String>,
    pub(crate) api: Option<&'static str>,
    pub(crate) agent: Option<String>,
    pub(crate) check: CheckArgs,
    pub(crate) metadata: MetadataArgs,
    pub(crate) dynamic: bool,
    /// The variable that the command line takes the key from.
    pub(crate) key_env: Option<String>,
}

/// Asks what is open, then makes the change.
///
/// # Errors
/// When the config cannot be edited, a check fails, nobody answers, or the user says no.
pub(crate) fn run(
    request: &mut Request,
    session: &Session<'_>,
    write: &WriteArgs,
    asks: bool,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    // An invalid header is found before any question is asked.
    named(&request.answers, session)?;
    let mut answers = std::mem::take(&mut request.answers);
    if answers.key.is_none() {
        answers.key = credential::existing(session);
    }
    if asks {
        Wizard::new(ui, session, request, &mut Terminal).fill(&mut answers)?;
    }
    request.answers = answers;
    apply(request, session, write, ui)
}

/// What the answers name: models, their use, and headers.
pub(crate) fn named(answers: &Answers, session: &Session<'_>) -> Result<Intent, Failure> {
    let headers = header_changes(
        &answers.headers,
        session.config(),
        &session.provider_id()?,
        None,
    )?;
    Ok(Intent {
        models: answers
            .models
            .iter()
            .map(|id| NewModel {
                id: id.clone(),
                name: None,
            })
            .collect(),
        primary: answers.primary.clone(),
        fallbacks: answers
            .fallbacks
            .clone()
            .map_or(Fallbacks::Keep, Fallbacks::Set),
        headers,
        ..Intent::default()
    })
}

/// From the answers to the write.
fn apply(
    request: &mut Request,
    session: &Session<'_>,
    write: &WriteArgs,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    let storage = plan_key_storage(request, session)?;
    let mut check = request.check;
    check.portkey.offline |= request.answers.unchecked;
    let intent = intent(request, session, &storage, check.portkey.offline)?;
    let inquiry = request.answers.inquiry.take();
    ConfigChange::new("init", session, write, ui)
        .agent(request.agent.as_deref())
        .check(check)
        .metadata(request.metadata)
        .key(request.answers.key.clone())
        .dotenv(storage.dotenv)
        .inquiry(inquiry)
        .warn(storage.plaintext.then_some(
            "the key will be stored in plain text in the config; --key-in dotenv keeps it out",
        ))
        .run_with(intent, |proposal| {
            let dotenv = &session.location.dotenv;
            wizard::next_steps(
                request.agent.as_deref(),
                session,
                ui,
                proposal.touches(dotenv),
            )
        })
}

fn intent(
    request: &Request,
    session: &Session<'_>,
    storage: &KeyStorage,
    offline: bool,
) -> Result<Intent, Failure> {
    let mut intent = Intent {
        create: true,
        base_url: request.base_url.clone(),
        api: request.api.map(str::to_owned),
        api_key: storage.api_key.clone(),
        primary: primary(request, session)?,
        ..named(&request.answers, session)?
    };
    if nothing_named(session, &intent)? {
        return Err(usage("no model given, and the config has none")
            .hint("pass one with --model @slug/model, or use --dynamic with --gateway-config pc-…")
            .hint("`{run: models}` lists what a key can route to"));
    }
    intent.allow_private_network = !offline && needs_private_network(session, &intent)?;
    Ok(intent)
}

/// What is done with the key.
#[derive(Debug, Default)]
struct KeyStorage {
    /// The text of `apiKey`.
    api_key: Option<String>,
    dotenv: Option<EnvEntry>,
    plaintext: bool,
}

fn plan_key_storage(request: &Request, session: &Session<'_>) -> Result<KeyStorage, Failure> {
    let answers = &request.answers;
    let given = session
        .provider(&session.provider_id()?)
        .and_then(|provider| provider.api_key)
        .map_or(CredentialSource::Empty, |view| {
            CredentialSource::read(&view)
        });
    let key = answers.key.as_ref();
    // A readable key in the config stays there until another place or another key is asked for.
    if given == CredentialSource::Literal
        && answers.key_in.is_none()
        && key.is_none_or(|key| key.origin == Origin::Config)
    {
        return Ok(KeyStorage::default());
    }
    if given.is_reference() && given.variable().is_none() {
        return match key.map(|key| &key.origin) {
            Some(Origin::Given(_)) => Err(usage(
                "the config reads the key from a secret store, and that stays as it is",
            )
            .hint("put the new key into that store, and run init without a key")),
            _ => Ok(KeyStorage::default()),
        };
    }
    let variable = match given.variable() {
        Some(name) => name.to_owned(),
        None => new_variable(request)?,
    };
    let reference = format!("${{{variable}}}");
    match answers.key_in.unwrap_or(KeyIn::Dotenv) {
        KeyIn::Config => config_key(&given, key),
        KeyIn::Env => Ok(KeyStorage {
            api_key: Some(reference),
            ..KeyStorage::default()
        }),
        KeyIn::Dotenv => {
            let Some(key) = key else {
                return if request.check.portkey.offline || answers.unchecked {
                    Ok(KeyStorage {
                        api_key: Some(reference),
                        ..KeyStorage::default()
                    })
                } else {
                    Err(credential::missing(session))
                };
            };
            let stays = match &key.origin {
                Origin::Dotenv(name) => *name == variable,
                Origin::Config | Origin::Elsewhere(_) => given.is_reference(),
                Origin::Given(_) | Origin::Environment(_) => false,
            };
            Ok(KeyStorage {
                api_key: Some(reference),
                dotenv: (!stays).then(|| EnvEntry {
                    name: variable,
                    key: key.secret.clone(),
                }),
                plaintext: false,
            })
        }
    }
}

/// The variable that a config without a reference will name. With `--key-in env` it is the one
/// that holds the key already.
fn new_variable(request: &Request) -> Result<String, Failure> {
    let by_env = request.answers.key_in == Some(KeyIn::Env);
    match &request.key_env {
        Some(name) if by_env && !is_variable_name(name) => Err(usage(format!(
            "OpenClaw doesn't expand {name}; use only capital letters, digits and _"
        ))
        .hint("rename the variable, or use --key-in dotenv")),
        Some(name) if by_env => Ok(name.clone()),
        _ => Ok(KEY_VARIABLE.to_owned()),
    }
}

fn config_key(given: &CredentialSource, key: Option<&FoundKey>) -> Result<KeyStorage, Failure> {
    if let Some(name) = given.variable() {
        return Err(usage(format!(
            "the config refers to the variable {name} for the key, which is kept"
        ))
        .hint("leave out --key-in config; the key goes into OpenClaw's .env"));
    }
    let Some(key) = key else {
        return Err(usage("no key to write into the config")
            .hint("pass one with --api-key-env, --api-key-stdin or --api-key-file"));
    };
    Ok(KeyStorage {
        api_key: Some(key.secret.expose().to_owned()),
        dotenv: None,
        plaintext: true,
    })
}

/// The primary that was asked for; else the first model, where nothing goes through Portkey yet.
fn primary(request: &Request, session: &Session<'_>) -> Result<Option<ModelId>, Failure> {
    let answers = &request.answers;
    if answers.primary.is_some() {
        return Ok(answers.primary.clone());
    }
    let virtual_model = answers.models.iter().find(|id| id.is_virtual());
    if request.dynamic && virtual_model.is_some() {
        return Ok(virtual_model.cloned());
    }
    let current =
        holder(request.agent.as_deref(), session).and_then(|view| choice(&view)?.primary_text());
    let aliases = Aliases::of(session.config(), session.version);
    let provider_id = session.provider_id()?;
    if current.is_some_and(|text| aliases.through(&text, &provider_id).is_some()) {
        return Ok(None);
    }
    let fallbacks = answers.fallbacks.as_deref().unwrap_or_default();
    Ok(virtual_model
        .or_else(|| answers.models.iter().find(|id| !fallbacks.contains(id)))
        .cloned())
}

/// What holds the `model` in question: the defaults or an agent.
pub(crate) fn holder<'s>(agent: Option<&str>, session: &'s Session<'_>) -> Option<View<'s>> {
    match agent {
        Some(id) => find_agent(session.config(), id).map(|agent| agent.view),
        None => session.config().at(&["agents", "defaults"]),
    }
}

fn nothing_named(session: &Session<'_>, intent: &Intent) -> Result<bool, Failure> {
    let declared = session
        .provider(&session.provider_id()?)
        .is_some_and(|provider| !provider.models.is_empty());
    Ok(!declared
        && intent.models.is_empty()
        && intent.primary.is_none()
        && intent.fallbacks.wanted().is_empty())
}

/// OpenClaw refuses a host name with a private address unless the provider allows it; a literal
/// address it lets pass. Older versions do not know the key.
fn needs_private_network(session: &Session<'_>, intent: &Intent) -> Result<bool, Failure> {
    let url = session.base_url(intent.base_url.as_deref())?;
    let named = !url.is_loopback() && !url.is_private_literal() && !url.is_known_portkey_host();
    // An OpenClaw that does not know the key refuses the file, so a guess is not enough.
    let known = session.version != VersionSource::Unknown;
    Ok(named
        && known
        && session.version.version().blocks_private_hosts()
        && http::resolves_privately(&url))
}
