//! Finds the API key: in flags, the environment, `.env` or the config.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use crate::args::KeyArgs;
use crate::doctor::facts::{KeyPlace, Reader};
use crate::doctor::{KeyInUse, KeyOrigin, key_in_use, variable_in_use};
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::names_secret;
use crate::openclaw::CredentialSource;
use crate::portkey::key_variable::{KEY_VARIABLE, variable_for};
use crate::secret::Secret;
use crate::store::{self, StoreError};
use crate::usage_error::looks_like_key;

use super::session::Session;
use super::{Env, usage};

/// The maximum length of a key, in bytes; a JWT has about 2,000.
const MAX_KEY: usize = 16 * 1024;

/// A key and its origin.
#[derive(Clone, Debug)]
pub(crate) struct FoundKey {
    pub(crate) secret: Secret,
    pub(crate) origin: Origin,
}

/// The origin of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Passed by a flag or typed: it will be stored.
    Given(&'static str),
    /// An environment variable of this process.
    Environment(String),
    /// A line of OpenClaw's `.env`.
    Dotenv(String),
    /// `env.vars`, or `apiKey` itself.
    Config,
    /// Another location that OpenClaw reads: a unit, `gateway.env`, an auth profile.
    Elsewhere(String),
}

impl From<KeyOrigin> for Origin {
    fn from(origin: KeyOrigin) -> Self {
        match origin {
            KeyOrigin::Config => Self::Config,
            KeyOrigin::Profile(id) => Self::Elsewhere(format!("the auth profile {id}")),
            KeyOrigin::Variable { name, place } => match place {
                KeyPlace::ShellEnvironment => Self::Environment(name),
                KeyPlace::StateDotenv => Self::Dotenv(name),
                KeyPlace::ConfigEnv => Self::Config,
                place => Self::Elsewhere(format!("{name} in {}", place.name())),
            },
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(how) => f.write_str(how),
            Self::Environment(name) => write!(f, "the environment variable {name}"),
            Self::Dotenv(name) => write!(f, "{name} in OpenClaw's .env"),
            Self::Config => f.write_str("the config"),
            Self::Elsewhere(place) => f.write_str(place),
        }
    }
}

/// The key from the flags, if any.
pub(crate) fn from_flags(args: &KeyArgs, env: &Env) -> Result<Option<FoundKey>, Failure> {
    let (text, how) = if let Some(name) = &args.api_key_env {
        if !is_name(name) {
            return Err(key_for_a_name());
        }
        let text = env.text(name).ok_or_else(|| {
            usage(format!("the environment variable {name} is not set")).hint(format!(
                "export {name}=… first, or pass the key on standard input"
            ))
        })?;
        (text, "--api-key-env")
    } else if args.api_key_stdin {
        (key_from_input()?, "--api-key-stdin")
    } else if let Some(path) = &args.api_key_file {
        (key_file(path)?, "--api-key-file")
    } else {
        return Ok(None);
    };
    env.secrets.add(&text);
    let text = bare(&text);
    env.secrets.add(text);
    Ok(Some(FoundKey {
        secret: checked(text)?,
        origin: Origin::Given(how),
    }))
}

/// Whether a text looks like a variable name rather than a key.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !looks_like_key(text)
}

/// The text isn't repeated: it may be the key.
fn key_for_a_name() -> Failure {
    usage("this isn't a variable name")
        .hint("if it is the key itself, it is now in your shell history: replace it at https://app.portkey.ai/api-keys")
        .hint("pass the key on standard input or in a file, or set a variable and pass its name, such as PORTKEY_API_KEY")
}

/// Reads a key from standard input.
pub(crate) fn key_from_input() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(MAX_KEY as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| {
            usage(format!(
                "the key could not be read from standard input: {error}"
            ))
        })?;
    Ok(text)
}

/// Reads a key file: a regular file, or a pipe as from `<(pass show portkey)`.
pub(crate) fn key_file(path: &Path) -> Result<String, Failure> {
    let failed = |reason: &dyn fmt::Display| {
        Failure::new(
            FailureKind::File,
            format!(
                "the key file {} could not be read: {reason}",
                path.display()
            ),
        )
    };
    let bytes = store::read_small(path, MAX_KEY as u64).map_err(|error| match &error {
        StoreError::Failed { source, .. } => failed(source),
        other => failed(other),
    })?;
    String::from_utf8(bytes).map_err(|_| failed(&"it isn't text"))
}

/// The quotes that a shell, a config or a chat puts around a key.
const QUOTES: [(char, char); 7] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('„', '“'),
    ('‘', '’'),
    ('«', '»'),
];

/// A pasted key without anything copied along with it: white space, invisible characters, quotes,
/// and the assignment or header around it, as in `export PORTKEY_API_KEY="…"`.
pub(crate) fn bare(text: &str) -> &str {
    let is_blank = |c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let text = text.trim_matches(is_blank).trim_end_matches([',', ';']);
    let value = text.find(['=', ':']).and_then(|at| {
        let name = text[..at].trim_end().trim_end_matches(['"', '\'']);
        let name = name.rsplit([' ', '"', '\'']).next().unwrap_or(name);
        // PowerShell's `$env:NAME="…"` has a colon before the name.
        let rest = &text[at + 1..];
        if name == "$env" {
            return rest.split_once('=').map(|(_, value)| value);
        }
        let is_name = names_secret(name) || name.eq_ignore_ascii_case("authorization");
        is_name.then_some(rest)
    });
    let text = value.unwrap_or(text).trim();
    let quoted = QUOTES.into_iter().find_map(|(open, close)| {
        text.strip_prefix(open)?
            .strip_suffix(close)
            .filter(|inner| !inner.is_empty())
    });
    let text = quoted.unwrap_or(text).trim();
    match value {
        Some(_) => text.strip_prefix("Bearer ").unwrap_or(text).trim(),
        None => text,
    }
}

/// Recognizes other things that are pasted instead of a key.
pub(crate) fn mistaken(text: &str) -> Option<&'static str> {
    let text = bare(text);
    if text.contains("://") {
        Some("this is a URL, not a key")
    } else if text.starts_with('@') && text.contains('/') {
        Some("this is a model, not a key")
    } else if text.starts_with("pc-") {
        Some("this is a gateway config id, not a key")
    } else {
        None
    }
}

/// Validates a key: no white space, no `Bearer`, no placeholder.
pub(crate) fn checked(text: &str) -> Result<Secret, Failure> {
    let text = text.trim();
    let fault = if text.is_empty() {
        "the key is empty"
    } else if text.len() > MAX_KEY {
        "the key is too long"
    } else if text.starts_with("Bearer ") || text.starts_with("bearer ") {
        "the key starts with `Bearer `, which OpenClaw adds itself"
    } else if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        "the key contains whitespace"
    } else if !text.is_ascii() {
        "the key contains characters not allowed in an HTTP header"
    } else if matches!(
        CredentialSource::of_text(text),
        CredentialSource::Unexpanded
            | CredentialSource::Variable(_)
            | CredentialSource::SecretRef { .. }
    ) {
        "the key is a placeholder or a variable name"
    } else {
        return Ok(Secret::new(text));
    };
    Err(usage(fault).hint("copy the key from https://app.portkey.ai/api-keys"))
}

/// The key that OpenClaw sends, if this machine shows it; if the config names none, the value of
/// [`KEY_VARIABLE`].
pub(crate) fn existing(session: &Session<'_>) -> Option<FoundKey> {
    let provider = session.provider(&session.provider_id().ok()?);
    let machine = session.variables();
    let (secret, origin) = match key_in_use(
        session.config(),
        session.version,
        provider.as_ref(),
        machine,
    ) {
        KeyInUse::Known(secret, origin) => (secret, Origin::from(origin)),
        KeyInUse::Unknown(_) => return None,
        KeyInUse::Missing(_) => {
            let named = provider
                .and_then(|provider| provider.api_key)
                .map(|view| CredentialSource::read(&view));
            match named.as_ref().and_then(CredentialSource::variable) {
                Some(name) => variable(session, name)?,
                None => variable(session, &variable_for(&session.provider_id().ok()?))
                    .or_else(|| variable(session, KEY_VARIABLE))?,
            }
        }
    };
    Some(FoundKey {
        secret: checked(secret.expose()).ok()?,
        origin,
    })
}

/// A variable as OpenClaw's service sees it, or else this shell.
fn variable(session: &Session<'_>, name: &str) -> Option<(Secret, Origin)> {
    let machine = session.variables();
    if let Some((secret, origin)) = variable_in_use(name, machine) {
        return Some((secret, origin.into()));
    }
    let source = machine.variable(name)?.seen_by(Reader::Shell)?;
    let origin = KeyOrigin::Variable {
        name: name.to_owned(),
        place: source.place,
    };
    Some((source.secret()?.clone(), origin.into()))
}

/// The secrets that must not be shown even if nothing names them.
pub(crate) fn known(session: &Session<'_>, key: Option<&FoundKey>) -> Vec<Secret> {
    let mut known = session.secrets();
    known.extend(key.map(|key| key.secret.clone()));
    known
}

/// The failure if there is no key for Portkey. `takes_flags` says whether the command has the flags
/// that pass one.
pub(crate) fn missing(session: &Session<'_>, takes_flags: bool) -> Failure {
    let provider = session.provider_id().ok();
    let provider = provider.and_then(|id| session.provider(&id));
    let store = if provider.is_some() {
        "set-key"
    } else {
        "init"
    };
    let given = provider
        .and_then(|provider| provider.api_key)
        .map(|view| CredentialSource::read(&view));
    let variable = given.as_ref().and_then(CredentialSource::variable);
    let is_in_store =
        variable.is_none() && given.as_ref().is_some_and(CredentialSource::is_reference);
    let failure = usage(match variable {
        Some(variable) => format!(
            "no API key: {variable} is set neither in the environment nor in {}",
            session.short(&session.location.dotenv)
        ),
        None if is_in_store => {
            "no API key: the config takes it from a secret store that only OpenClaw can read"
                .to_owned()
        }
        None => "no API key for Portkey".to_owned(),
    });
    let variable = variable.unwrap_or(KEY_VARIABLE);
    match (takes_flags, is_in_store) {
        (true, true) => failure.hint(format!("pass one with {KEY_FLAGS}")),
        (true, false) => failure.hint(format!("pass one with {KEY_FLAGS}, or set {variable}")),
        (false, true) => failure,
        (false, false) => failure.hint(
            Help::from(format!("set {variable}, or store a key with `"))
                .run(Run::new(store))
                .text("`"),
        ),
    }
}

/// What `init` and `models` call the flags of [`KeyArgs`].
const KEY_FLAGS: &str = "--api-key-env NAME, --api-key-stdin or --api-key-file FILE";

/// What to do if nothing can be checked, for the commands that can do without.
pub(crate) const OFFLINE: &str = "use --offline to continue without checking";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_copied_along_with_a_key_is_removed() {
        for pasted in [
            "¤",
            "  ¤\t\r\n",
            "\"¤\"",
            "“¤”",
            "‘¤’",
            "«¤»",
            "„¤“",
            "`¤`",
            "\u{feff}¤\u{200b}",
            "¤;",
            "PORTKEY_API_KEY=¤",
            "PORTKEY_API_KEY: ¤",
            "PORTKEY_API_KEY = ¤",
            "export PORTKEY_API_KEY=\"¤\"",
            "export PORTKEY_API_KEY=“¤”;",
            "$ export PORTKEY_API_KEY='¤'",
            "set PORTKEY_WORK_API_KEY=¤",
            "$env:PORTKEY_API_KEY=\"¤\"",
            "\"apiKey\": \"¤\",",
            "apiKey: '¤',",
            "x-portkey-api-key: ¤",
            "Authorization: Bearer ¤",
        ] {
            for key in ["pk-1", "aB+/9=", "a:b", "eyJ.eyJ.x_-"] {
                assert_eq!(bare(&pasted.replace('¤', key)), key, "{pasted}");
            }
        }
        for kept in ["", "\"\"", "Bearer pk-1", "a b", "=", "x=y"] {
            assert_eq!(bare(kept), kept);
        }
    }

    #[test]
    fn other_things_than_keys_are_recognised() {
        for text in [
            "https://app.portkey.ai/api-keys",
            "@openai-prod/gpt-5",
            " \"pc-abc-123\"",
        ] {
            assert!(mistaken(text).is_some(), "{text}");
        }
        assert_eq!(mistaken("pk-1"), None);
    }
}
