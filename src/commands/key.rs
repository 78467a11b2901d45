//! Where the API key is: given, in the environment, in `.env`, or in the config.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use crate::cli::KeyArgs;
use crate::dotenv;
use crate::error::{Failure, FailureKind};
use crate::openclaw::{CredentialSource, find_provider};
use crate::secret::Secret;
use crate::store::{self, StoreError};

use super::workspace::Workspace;
use super::{Env, usage};

/// The variable that holds the key unless the config names another.
pub(super) const KEY_VARIABLE: &str = "PORTKEY_API_KEY";

/// The longest text that is taken for a key, in bytes; a JWT has about 2,000.
const LONGEST_KEY: usize = 16 * 1024;

/// A key and where it was found.
#[derive(Clone, Debug)]
pub(super) struct FoundKey {
    pub(super) secret: Secret,
    pub(super) origin: Origin,
}

/// Where a key was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A flag named it, or it was typed: it is to be kept from now on.
    CredentialSource(&'static str),
    /// A variable of this process.
    Environment(String),
    /// A line of OpenClaw's `.env`.
    Dotenv(String),
    /// `env.vars`, or `apiKey` itself.
    Config,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialSource(how) => f.write_str(how),
            Self::Environment(name) => write!(f, "the environment variable {name}"),
            Self::Dotenv(name) => write!(f, "{name} in OpenClaw's .env"),
            Self::Config => f.write_str("the config"),
        }
    }
}

/// The key that the flags name, if any.
pub(super) fn from_flags(args: &KeyArgs, env: &Env) -> Result<Option<FoundKey>, Failure> {
    let (text, how) = if let Some(name) = &args.api_key_env {
        let text = env.text(name).ok_or_else(|| {
            usage(format!("the environment variable {name} is not set"))
                .hint(format!("export {name}=… first, or use --api-key-stdin"))
        })?;
        (text, "--api-key-env")
    } else if args.api_key_stdin {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .take(LONGEST_KEY as u64 + 1)
            .read_to_string(&mut text)
            .map_err(|error| {
                usage(format!(
                    "the key could not be read from standard input: {error}"
                ))
            })?;
        (text, "--api-key-stdin")
    } else if let Some(path) = &args.api_key_file {
        (key_file(path)?, "--api-key-file")
    } else {
        return Ok(None);
    };
    Ok(Some(FoundKey {
        secret: checked(&text)?,
        origin: Origin::CredentialSource(how),
    }))
}

/// What a key file holds: a regular file, or a pipe as `<(pass show portkey)` makes it.
fn key_file(path: &Path) -> Result<String, Failure> {
    let failed = |reason: &dyn fmt::Display| {
        Failure::new(
            FailureKind::File,
            format!(
                "the key file {} could not be read: {reason}",
                path.display()
            ),
        )
    };
    let bytes = store::read_small(path, LONGEST_KEY as u64).map_err(|error| match &error {
        StoreError::Failed { source, .. } => failed(source),
        other => failed(other),
    })?;
    String::from_utf8(bytes).map_err(|_| failed(&"it is not text"))
}

/// A key as it must be: no white space, no `Bearer`, no placeholder.
pub(super) fn checked(text: &str) -> Result<Secret, Failure> {
    let text = text.trim();
    let fault = if text.is_empty() {
        "the key is empty"
    } else if text.len() > LONGEST_KEY {
        "the key is too long to be one"
    } else if text.starts_with("Bearer ") || text.starts_with("bearer ") {
        "the key has `Bearer ` in front, which OpenClaw adds itself"
    } else if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        "the key has white space in it"
    } else if !text.is_ascii() {
        "the key has characters that no HTTP header can carry"
    } else if matches!(
        CredentialSource::of_text(text),
        CredentialSource::Unexpanded
            | CredentialSource::Variable(_)
            | CredentialSource::SecretRef { .. }
    ) {
        "the key is a placeholder or the name of a variable"
    } else {
        return Ok(Secret::new(text));
    };
    Err(usage(fault).hint("copy the key from https://app.portkey.ai/api-keys"))
}

/// The key as OpenClaw would find it, then [`KEY_VARIABLE`].
pub(super) fn existing(workspace: &Workspace, provider_id: &str, env: &Env) -> Option<FoundKey> {
    let configured = find_provider(&workspace.config, provider_id)
        .and_then(|provider| provider.view.get("apiKey"));
    if let Some(view) = configured {
        match CredentialSource::read(&view) {
            CredentialSource::Literal => {
                return Some(FoundKey {
                    secret: checked(&view.text()?).ok()?,
                    origin: Origin::Config,
                });
            }
            given => {
                if let Some(name) = given.variable() {
                    return variable(workspace, name, env);
                }
                if given.is_reference() {
                    return None;
                }
            }
        }
    }
    variable(workspace, KEY_VARIABLE, env)
}

/// The keys that must not be shown even where nothing names them: the one at hand and the one
/// that was there before.
pub(super) fn known(
    workspace: &Workspace,
    provider_id: &str,
    env: &Env,
    key: Option<&FoundKey>,
) -> Vec<Secret> {
    let before = existing(workspace, provider_id, env);
    key.into_iter()
        .chain(before.as_ref())
        .map(|key| key.secret.clone())
        .collect()
}

/// A variable as OpenClaw sees it: the process, `.env`, then `env.vars` of the config.
pub(super) fn variable(workspace: &Workspace, name: &str, env: &Env) -> Option<FoundKey> {
    let found = |text: String, origin| {
        Some(FoundKey {
            secret: checked(&text).ok()?,
            origin,
        })
    };
    if let Some(text) = env.text(name) {
        return found(text, Origin::Environment(name.to_owned()));
    }
    if let Some(text) = workspace
        .dotenv_text()
        .and_then(|text| dotenv::get(text, name))
    {
        return found(text, Origin::Dotenv(name.to_owned()));
    }
    let in_config = workspace
        .config
        .at(&["env", "vars", name])
        .or_else(|| workspace.config.at(&["env", name]))?;
    found(in_config.text()?.into_owned(), Origin::Config)
}
