//! `init`: from flags and answers to the write.

use crate::args::{CheckArgs, HeaderArgs, KeyIn, MetadataArgs, WriteArgs};
use crate::diagnostic::{Diagnostic, Level};
use crate::error::{Exit, Failure};
use crate::http;
use crate::openclaw::{Aliases, Feature, VersionSource, View, choice, find_agent};
use crate::plan::{Fallbacks, Intent, NewModel, OldPrimary};
use crate::portkey::model_id::ModelId;
use crate::prompt::Terminal;
use crate::ui::Ui;

use super::change::ConfigChange;
use super::credential::{self, FoundKey};
use super::headers::header_changes;
use super::inquiry::Inquiry;
use super::key_storage::{self, KeyStorage};
use super::session::Session;
use super::usage;
use super::wizard::Wizard;
use super::written::After;

/// The answers from flags and prompts.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) key: Option<FoundKey>,
    pub(crate) key_in: Option<KeyIn>,
    pub(crate) models: Vec<ModelId>,
    pub(crate) primary: Option<ModelId>,
    pub(crate) fallbacks: Option<Vec<ModelId>>,
    /// Whether the current primary becomes a fallback.
    pub(crate) keep_primary: bool,
    /// A base URL other than the flag's or the config's.
    pub(crate) base_url: Option<String>,
    /// The fallback models if Portkey handles the fallback instead of OpenClaw.
    pub(crate) in_portkey: Vec<ModelId>,
    pub(crate) headers: HeaderArgs,
    /// Portkey couldn't be reached, and the user continues anyway.
    pub(crate) unchecked: bool,
    /// The connection that the prompts used.
    pub(crate) inquiry: Option<Inquiry>,
}

/// The options of `init`.
pub(crate) struct Request {
    pub(crate) answers: Answers,
    /// The command's name in the undo record.
    pub(crate) command: &'static str,
    pub(crate) base_url: Option<String>,
    pub(crate) api: Option<&'static str>,
    pub(crate) agent: Option<String>,
    pub(crate) check: CheckArgs,
    pub(crate) metadata: MetadataArgs,
    pub(crate) dynamic: bool,
    /// Whether to send a test request without asking.
    pub(crate) test: bool,
    /// The variable that the command line reads the key from.
    pub(crate) key_env: Option<String>,
    /// The variable that the config should read the key from.
    pub(crate) key_name: Option<String>,
    pub(crate) replace_key: bool,
}

impl Request {
    /// Replaces the key of an existing provider.
    pub(crate) fn of_key(command: &'static str, key: FoundKey, check: CheckArgs) -> Self {
        Self {
            answers: Answers {
                key: Some(key),
                ..Answers::default()
            },
            command,
            base_url: None,
            api: None,
            agent: None,
            check,
            metadata: MetadataArgs::default(),
            dynamic: false,
            test: false,
            key_env: None,
            key_name: None,
            replace_key: true,
        }
    }
}

/// Prompts for what is missing, then makes the change.
///
/// # Errors
/// When the config can't be edited, a check fails, a prompt gets no answer, or the user declines.
pub(crate) fn run(
    request: &mut Request,
    session: &Session<'_>,
    write: &WriteArgs,
    asks: bool,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    // Invalid headers are reported before the first prompt.
    named(&request.answers, session)?;
    let mut answers = std::mem::take(&mut request.answers);
    if answers.key.is_none() {
        answers.key = credential::existing(session);
    }
    if asks {
        Wizard::new(ui, session, request, &mut Terminal).fill(&mut answers)?;
    }
    request.base_url = answers.base_url.take().or(request.base_url.take());
    request.answers = answers;
    apply(request, session, write, asks, ui)
}

/// The models, their roles and the headers in the answers.
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
        old_primary: if answers.keep_primary {
            OldPrimary::Fallback
        } else {
            OldPrimary::Forget
        },
        fallbacks: answers
            .fallbacks
            .clone()
            .map_or(Fallbacks::Keep, Fallbacks::Set),
        headers,
        ..Intent::default()
    })
}

/// Applies the answers.
fn apply(
    request: &mut Request,
    session: &Session<'_>,
    write: &WriteArgs,
    asks: bool,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    let storage = key_storage::plan(request, session)?;
    let mut check = request.check;
    check.portkey.offline |= request.answers.unchecked;
    let intent = intent(request, session, &storage, check.portkey.offline)?;
    let inquiry = request.answers.inquiry.take();
    let key = request.answers.key.clone();
    let tests = request.test || (asks && key.is_some() && !check.portkey.offline);
    let mut exit = Exit::Done;
    let written = ConfigChange::new(request.command, session, write, ui)
        .agent(request.agent.as_deref())
        .check(check)
        .metadata(request.metadata)
        .key(key.clone())
        .dotenv(storage.dotenv)
        .inquiry(inquiry)
        .replace_keys(request.replace_key)
        .notes(storage.notes)
        .run_with(intent, |proposal| {
            let after = After {
                session,
                write,
                agent: request.agent.as_deref(),
                key: key.as_ref(),
                ui,
            };
            let tested = if tests {
                after.test(check.portkey, !request.test)?
            } else {
                None
            };
            let fails = |it: &Diagnostic| matches!(it.level, Level::Error | Level::Skipped);
            let answered = tested.as_ref().map(|it| !fails(it));
            if answered == Some(false) {
                exit = Exit::Problems;
            }
            if !proposal.is_empty() {
                after.next_steps(proposal.touches(&session.location.dotenv), answered);
            }
            Ok(tested)
        })?;
    Ok(match written {
        Exit::Done => exit,
        other => other,
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
        new_reference: storage.new_reference,
        primary: primary(request, session)?,
        ..named(&request.answers, session)?
    };
    intent.headers.extend(storage.header.clone());
    if nothing_named(session, &intent)? {
        return Err(usage("no model given, and the config has none")
            .hint("pass one with --model @slug/model, or use --dynamic with --gateway-config pc-…")
            .hint("`{run: models}` lists what a key can route to"));
    }
    intent.allow_private_network = !offline && needs_private_network(session, &intent)?;
    Ok(intent)
}

/// The requested primary; or else the first model, if nothing goes through Portkey yet; or else the
/// first model in the config, if it has no primary.
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
    let has_primary = current.is_some();
    let aliases = Aliases::of(session.config(), session.version);
    let provider_id = session.provider_id()?;
    if current.is_some_and(|text| aliases.through(&text, &provider_id).is_some()) {
        return Ok(None);
    }
    let fallbacks = answers.fallbacks.as_deref().unwrap_or_default();
    let is_free = |id: &&ModelId| !fallbacks.contains(id);
    let named = virtual_model.or_else(|| answers.models.iter().find(is_free));
    if named.is_some() || has_primary || request.command != "init" {
        return Ok(named.cloned());
    }
    let declared = session.provider(&provider_id).map(|it| it.models);
    let ids = declared.iter().flatten();
    let ids = ids.filter_map(|model| ModelId::parse(&model.id, &provider_id).ok());
    Ok(ids.into_iter().find(|id| is_free(&id)))
}

/// The parent of the `model` setting: the defaults or an agent.
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

/// OpenClaw refuses a host name with a private address unless the provider allows it; it accepts a
/// literal address. Older versions don't have the setting.
fn needs_private_network(session: &Session<'_>, intent: &Intent) -> Result<bool, Failure> {
    let url = session.base_url(intent.base_url.as_deref())?;
    let named = !url.is_loopback() && !url.is_private_literal() && !url.is_known_portkey_host();
    // An OpenClaw that doesn't have the setting refuses the file, so a guess isn't enough.
    let known = session.version != VersionSource::Unknown;
    Ok(named
        && known
        && session.version.version().has(Feature::PrivateHostsBlocked)
        && http::resolves_privately(&url))
}
