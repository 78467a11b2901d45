//! Where `init` stores the key: the reference in the config, and the line in `.env`.

use crate::args::KeyIn;
use crate::causes::PortkeyProvider;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::openclaw::{CredentialSource, is_variable_name};
use crate::plan::HeaderChange;
use crate::portkey::headers::{API_KEY, AUTHORIZATION};
use crate::portkey::key_variable::variable_for;

use super::change::EnvEntry;
use super::credential::{self, FoundKey, Origin};
use super::init::Request;
use super::session::Session;
use super::usage;

/// The plan for storing a key.
#[derive(Debug, Default)]
pub(crate) struct KeyStorage {
    /// The new value of `apiKey`.
    pub(crate) api_key: Option<String>,
    /// Whether it replaces an existing reference.
    pub(crate) new_reference: bool,
    /// The header that contains Portkey's key instead of `apiKey`.
    pub(crate) header: Option<HeaderChange>,
    pub(crate) dotenv: Option<EnvEntry>,
    pub(crate) notes: Vec<Diagnostic>,
}

/// The setting in the config that contains Portkey's key.
struct Slot {
    given: CredentialSource,
    /// The header as spelled in the config, if it is one.
    header: Option<String>,
    /// Whether `apiKey` is missing next to the header; OpenClaw sends nothing without it.
    lacks_api_key: bool,
}

impl Slot {
    fn of(provider: Option<&PortkeyProvider<'_>>) -> Self {
        let api_key = provider.and_then(|provider| provider.api_key.as_ref());
        let header = provider.and_then(|provider| {
            let mut names = [API_KEY, AUTHORIZATION].iter();
            names.find_map(|name| provider.header(name, None))
        });
        let given = match header {
            None => api_key.map_or(CredentialSource::Empty, CredentialSource::read),
            Some(header) => match header.value.text() {
                Some(text) => CredentialSource::of_text(text.trim_start_matches("Bearer ")),
                None => CredentialSource::read(&header.value),
            },
        };
        Self {
            given,
            header: header.map(|header| header.written.clone()),
            lacks_api_key: api_key.is_none(),
        }
    }

    /// The plan with this text, a reference or the key itself, in the setting.
    fn filled(&self, text: String) -> KeyStorage {
        let Some(name) = &self.header else {
            return KeyStorage {
                api_key: Some(text),
                ..KeyStorage::default()
            };
        };
        let prefix = if name.eq_ignore_ascii_case(AUTHORIZATION) {
            "Bearer "
        } else {
            ""
        };
        KeyStorage {
            header: Some(HeaderChange {
                name: name.clone(),
                value: Some(format!("{prefix}{text}")),
                model: None,
            }),
            api_key: self.lacks_api_key.then_some(text),
            ..KeyStorage::default()
        }
    }

    /// The plan with a reference to a variable; an existing reference is kept.
    fn referring(&self, variable: &str) -> KeyStorage {
        if self.given.variable() == Some(variable) {
            return KeyStorage::default();
        }
        KeyStorage {
            new_reference: true,
            ..self.filled(format!("${{{variable}}}"))
        }
    }
}

/// Decides where to store the key.
///
/// # Errors
/// There is no key, or it can't be stored where the config reads it.
pub(crate) fn plan(request: &Request, session: &Session<'_>) -> Result<KeyStorage, Failure> {
    let answers = &request.answers;
    let provider = session.provider(&session.provider_id()?);
    let slot = Slot::of(provider.as_ref());
    let key = answers.key.as_ref();
    // A plain-text key stays in the config until another location or key is requested.
    if slot.given == CredentialSource::Literal
        && answers.key_in.is_none()
        && request.key_name.is_none()
        && key.is_none_or(|key| key.origin == Origin::Config)
    {
        return Ok(KeyStorage::default());
    }
    if slot.given.is_reference() && slot.given.variable().is_none() {
        return match key.map(|key| &key.origin) {
            Some(Origin::Given(_)) => Err(usage(
                "the config reads the key from a secret store, which isn't changed",
            )
            .hint("add the new key to that store and run init without a key")),
            _ => Ok(KeyStorage::default()),
        };
    }
    let variable = variable(request, session, &slot)?;
    match answers.key_in.unwrap_or(KeyIn::Dotenv) {
        KeyIn::Config => in_config(&slot, key),
        KeyIn::Env => Ok(slot.referring(&variable)),
        KeyIn::Dotenv => match key {
            Some(key) => Ok(in_dotenv(&slot, key, variable)),
            None if request.check.portkey.offline || answers.unchecked => {
                Ok(slot.referring(&variable))
            }
            None => Err(credential::missing(session, true).hint(credential::OFFLINE)),
        },
    }
}

fn in_dotenv(slot: &Slot, key: &FoundKey, variable: String) -> KeyStorage {
    let stays = match &key.origin {
        Origin::Dotenv(name) => *name == variable,
        Origin::Config | Origin::Elsewhere(_) => slot.given.is_reference(),
        Origin::Given(_) | Origin::Environment(_) => false,
    };
    let storage = slot.referring(&variable);
    KeyStorage {
        dotenv: (!stays).then(|| EnvEntry {
            name: variable,
            key: Some(key.secret.clone()),
        }),
        ..storage
    }
}

fn in_config(slot: &Slot, key: Option<&FoundKey>) -> Result<KeyStorage, Failure> {
    if let Some(name) = slot.given.variable() {
        return Err(usage(format!(
            "the config already reads the key from the variable {name}"
        ))
        .hint("leave out --key-in config; the key goes into OpenClaw's .env"));
    }
    let Some(key) = key else {
        return Err(usage("no key to write into the config")
            .hint("pass one with --api-key-env, --api-key-stdin or --api-key-file"));
    };
    let warning =
        "the key will be stored in plain text in the config; use --key-in dotenv to avoid that";
    Ok(KeyStorage {
        notes: vec![Diagnostic::warning(None, warning)],
        ..slot.filled(key.secret.expose().to_owned())
    })
}

/// The variable that the config reads the key from: the requested one, the current one, the one
/// that already contains the key, or a new one for the provider.
fn variable(request: &Request, session: &Session<'_>, slot: &Slot) -> Result<String, Failure> {
    if let Some(name) = &request.key_name {
        return if is_variable_name(name) {
            Ok(name.clone())
        } else {
            Err(not_expanded(name).hint("choose another name"))
        };
    }
    if let Some(name) = slot.given.variable() {
        return Ok(name.to_owned());
    }
    let key = request.answers.key.as_ref().map(|key| &key.origin);
    if let Some(Origin::Dotenv(name)) = key {
        return Ok(name.clone());
    }
    match (&request.key_env, key) {
        _ if request.answers.key_in != Some(KeyIn::Env) => {}
        (Some(name), _) if !is_variable_name(name) => {
            return Err(not_expanded(name).hint("rename the variable, or use --key-in dotenv"));
        }
        (Some(name), _) | (None, Some(Origin::Environment(name))) => return Ok(name.clone()),
        _ => {}
    }
    let provider_id = session.provider_id()?;
    let own = variable_for(&provider_id);
    let is_free = |name: &String| !session.uses_variable(name, Some(&provider_id));
    let numbered = (2..).map(|number| format!("{own}_{number}"));
    Ok(std::iter::once(own.clone())
        .chain(numbered)
        .find(is_free)
        .unwrap_or(own))
}

fn not_expanded(name: &str) -> Failure {
    usage(format!(
        "OpenClaw doesn't expand {name}; use only capital letters, digits and _"
    ))
}
