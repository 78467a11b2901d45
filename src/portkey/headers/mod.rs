//! Request headers: valid names and values, and their meaning to Portkey.

mod known;

use std::fmt;

use serde_json::{Map, Value};

use super::printable;
use crate::portkey::base_url;

pub use known::{KNOWN, Kind, KnownHeader, Use, known, nearest};

/// `Authorization: Bearer KEY`, which OpenClaw generates from `apiKey`.
pub const AUTHORIZATION: &str = "authorization";
/// The Portkey key without `Bearer`.
pub const API_KEY: &str = "x-portkey-api-key";
/// The config that routes the request.
pub const CONFIG: &str = "x-portkey-config";
/// Requests the Model Catalog from `GET /models`.
pub const FETCH_INTEGRATED_MODELS: &str = "x-portkey-fetch-integrated-models";
/// Labels, as the text of a JSON object.
pub const METADATA: &str = "x-portkey-metadata";
/// The provider to use.
pub const PROVIDER: &str = "x-portkey-provider";
/// Groups requests into one trace.
pub const TRACE_ID: &str = "x-portkey-trace-id";
/// The provider to use; the deprecated name.
pub const VIRTUAL_KEY: &str = "x-portkey-virtual-key";

/// The placeholder for a config id in Portkey's guide.
pub const CONFIG_PLACEHOLDER: &str = "pc-config-id";

/// Portkey's limit for a metadata value, in characters.
pub const METADATA_VALUE_LIMIT: usize = 128;

/// What is wrong with a header. Never contains a value that may be a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The name is empty or contains an invalid character.
    Name(String),
    /// The value contains a control character, such as a line break.
    ControlCharacter,
    /// The value contains a character outside Latin-1, which OpenClaw can't send.
    NotLatin1(char),
    /// Portkey sets this header itself.
    Internal(String),
    /// The value has the wrong type; says which one it must have.
    WrongKind(&'static str),
    /// A metadata argument isn't `key=value`.
    NotKeyValue(String),
    /// A metadata value is longer than [`METADATA_VALUE_LIMIT`]; contains its key.
    TooLong(String),
    /// A metadata value isn't a string; contains its key.
    NotString(String),
    /// The metadata isn't a JSON object, so Portkey silently drops it.
    MetadataNotObject,
    /// Neither `pc-…` nor a JSON object.
    NoConfig,
    /// The placeholder from Portkey's guide instead of a config id.
    ConfigPlaceholder,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(
                f,
                "invalid header name `{}`; use letters, digits and -, such as {METADATA}",
                printable(name, 60)
            ),
            Self::ControlCharacter => {
                f.write_str("a header value can't contain line breaks or other control characters; write it on one line")
            }
            Self::NotLatin1(c) => write!(
                f,
                "a header value can't contain the character U+{:04X}, which OpenClaw can't send; use Latin letters",
                u32::from(*c)
            ),
            Self::Internal(name) => write!(f, "{name} is set by Portkey itself; remove it"),
            Self::WrongKind(want) => write!(f, "the value must be {want}"),
            Self::NotKeyValue(text) => {
                write!(f, "invalid metadata `{}`; write key=value, such as team=backend", printable(text, 60))
            }
            Self::TooLong(key) => write!(
                f,
                "the metadata value of `{}` is longer than {METADATA_VALUE_LIMIT} characters, Portkey's limit; shorten it",
                printable(key, 60)
            ),
            Self::NotString(key) => write!(
                f,
                "the metadata value of `{}` is not a string; put it in quotes",
                printable(key, 60)
            ),
            Self::MetadataNotObject => f.write_str(
                r#"the metadata is not a JSON object, so Portkey silently drops it; write it as text such as {"team":"backend"}"#,
            ),
            Self::NoConfig => f.write_str(
                "this is not a Portkey config; write the config's id, which begins with pc-, or a JSON object on one line",
            ),
            Self::ConfigPlaceholder => write!(
                f,
                "{CONFIG_PLACEHOLDER} is the guide's placeholder; copy the id of your config from https://app.portkey.ai/configs"
            ),
        }
    }
}

impl std::error::Error for HeaderError {}

/// Checks a header name against HTTP's syntax.
///
/// # Errors
/// The name is empty or contains an invalid character.
pub fn check_name(name: &str) -> Result<(), HeaderError> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.is_empty() && name.bytes().all(token) {
        Ok(())
    } else {
        Err(HeaderError::Name(name.to_owned()))
    }
}

/// Checks that a value can be sent: Latin-1 without control characters.
///
/// # Errors
/// Names the first character that can't be sent.
pub fn check_value(value: &str) -> Result<(), HeaderError> {
    match value
        .chars()
        .find(|c| c.is_control() || u32::from(*c) > 0xFF)
    {
        None => Ok(()),
        Some(c) if c.is_control() => Err(HeaderError::ControlCharacter),
        Some(c) => Err(HeaderError::NotLatin1(c)),
    }
}

/// Checks a header: its name, its value, and what Portkey requires of a known header.
///
/// # Errors
/// The first problem.
pub fn check(name: &str, value: &str) -> Result<(), HeaderError> {
    check_name(name)?;
    check_value(value)?;
    let Some(header) = known(name) else {
        return Ok(());
    };
    if header.usage == Use::Internal {
        return Err(HeaderError::Internal(name.to_ascii_lowercase()));
    }
    let must = |holds: bool, want: &'static str| {
        if holds {
            Ok(())
        } else {
            Err(HeaderError::WrongKind(want))
        }
    };
    match header.kind {
        Kind::Text => Ok(()),
        Kind::Bool => must(matches!(value, "true" | "false"), "true or false"),
        Kind::Millis => must(
            value.parse::<u32>().is_ok_and(|n| n > 0),
            "a whole number of milliseconds",
        ),
        Kind::Url => must(
            base_url::is_plain_http_url(value),
            "an http or https URL without user name and password",
        ),
        Kind::Names => must(
            value
                .split(',')
                .all(|name| check_name(name.trim()).is_ok() && !name.contains('\'')),
            "header names separated by commas, without brackets or quotes",
        ),
        Kind::Metadata => check_metadata(value),
        Kind::Config => check_config(value).map(|_| ()),
        Kind::Key => must(
            is_key(value),
            "only the Portkey key, without Bearer and without spaces",
        ),
        Kind::Bearer => must(
            value.strip_prefix("Bearer ").is_some_and(is_key),
            "`Bearer ` followed by the key",
        ),
        Kind::Provider => must(
            value
                .strip_prefix('@')
                .unwrap_or(value)
                .chars()
                .all(|c| !c.is_whitespace() && c != '/')
                && !value.trim_start_matches('@').is_empty(),
            "@slug, or the name of a provider that Portkey knows",
        ),
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// The kind of a valid `x-portkey-config` value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigValue {
    /// The id of a saved config.
    Id,
    /// An id with characters that Portkey's own ids don't have.
    UnusualId,
    /// An inline config, as a JSON object.
    Inline,
}

/// Checks the value of `x-portkey-config`.
///
/// # Errors
/// Portkey would reject it, or it is the placeholder from Portkey's guide.
pub fn check_config(value: &str) -> Result<ConfigValue, HeaderError> {
    check_value(value)?;
    if value == CONFIG_PLACEHOLDER {
        return Err(HeaderError::ConfigPlaceholder);
    }
    if let Some(rest) = value.strip_prefix("pc-") {
        let usual = !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        return Ok(if usual {
            ConfigValue::Id
        } else {
            ConfigValue::UnusualId
        });
    }
    match serde_json::from_str::<Value>(value) {
        Ok(Value::Object(_)) => Ok(ConfigValue::Inline),
        _ => Err(HeaderError::NoConfig),
    }
}

/// Splits a `key=value` argument; the value may contain more `=`.
///
/// # Errors
/// There is no `=`, no key, or the value is too long.
pub fn metadata_pair(text: &str) -> Result<(String, String), HeaderError> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| HeaderError::NotKeyValue(text.to_owned()))?;
    let key = key.trim();
    if key.is_empty() || key.chars().any(|c| !crate::document::is_printable(c)) {
        return Err(HeaderError::NotKeyValue(text.to_owned()));
    }
    check_length(key, value)?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Checks a metadata text: a JSON object with string values within the length limit.
///
/// # Errors
/// The first problem.
pub fn check_metadata(text: &str) -> Result<(), HeaderError> {
    metadata_object(text)?
        .iter()
        .try_for_each(|(key, value)| match value {
            Value::String(value) => check_length(key, value),
            _ => Err(HeaderError::NotString(key.clone())),
        })
}

/// Merges pairs into a metadata text: other keys and their order stay, existing keys get the new
/// value in place, new ones are appended. Returns the text unchanged if it already has all pairs.
/// The result is ASCII, so that any script can be sent.
///
/// # Errors
/// The existing text isn't a JSON object, or a value is too long.
pub fn merge_metadata(
    existing: Option<&str>,
    pairs: &[(String, String)],
) -> Result<String, HeaderError> {
    let mut object = existing.map_or_else(|| Ok(Map::new()), metadata_object)?;
    for (key, value) in pairs {
        check_length(key, value)?;
    }
    let says =
        |(key, value): &(String, String)| object.get(key).and_then(Value::as_str) == Some(value);
    if let Some(existing) = existing
        && pairs.iter().all(says)
    {
        return Ok(existing.to_owned());
    }
    for (key, value) in pairs {
        object.insert(key.clone(), Value::String(value.clone()));
    }
    Ok(ascii(&Value::Object(object).to_string()))
}

fn check_length(key: &str, value: &str) -> Result<(), HeaderError> {
    if value.chars().count() > METADATA_VALUE_LIMIT {
        return Err(HeaderError::TooLong(key.to_owned()));
    }
    Ok(())
}

fn metadata_object(text: &str) -> Result<Map<String, Value>, HeaderError> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(HeaderError::MetadataNotObject),
    }
}

/// JSON text with DEL and everything outside ASCII as `\u` escapes.
#[must_use]
pub fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            out.extend(
                c.encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}")),
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{
        ConfigValue, HeaderError, check, check_config, check_name, check_value, merge_metadata,
        metadata_pair,
    };

    #[test]
    fn names_are_tokens() {
        for name in ["x-portkey-config", "X_y", "a", "!#$%&'*+-.^_`|~"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "a b", "a:", "ä", "a\n", "a/b", "\"a\"", "a\u{0}"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn values_are_latin1_without_controls() {
        for value in ["", "plain", "ünï ÿ", "{\"a\":\"b\"}"] {
            assert_eq!(check_value(value), Ok(()), "{value}");
        }
        for value in ["a\nb", "a\r", "\t", "\u{1b}[0m", "\u{7f}", "\u{85}"] {
            assert_eq!(
                check_value(value),
                Err(HeaderError::ControlCharacter),
                "{value:?}"
            );
        }
        assert_eq!(check_value("a“b"), Err(HeaderError::NotLatin1('“')));
        assert_eq!(check_value("Ā"), Err(HeaderError::NotLatin1('Ā')));
    }

    #[test]
    fn known_headers_are_checked_by_their_kind() {
        for (name, value) in [
            ("x-portkey-debug", "false"),
            ("x-portkey-request-timeout", "30000"),
            ("x-portkey-custom-host", "http://127.0.0.1:9/v1"),
            ("x-portkey-forward-headers", "x-a, x-b"),
            ("x-portkey-metadata", r#"{"team":"backend"}"#),
            ("x-portkey-config", "pc-abc-123456"),
            ("x-portkey-api-key", "pk-1"),
            ("Authorization", "Bearer pk-1"),
            ("x-portkey-provider", "@gemini"),
            ("x-portkey-provider", "openai"),
            ("x-unknown", "anything"),
        ] {
            assert_eq!(check(name, value), Ok(()), "{name}: {value}");
        }
        for (name, value) in [
            ("x-portkey-debug", "no"),
            ("x-portkey-debug", "True"),
            ("x-portkey-request-timeout", "30s"),
            ("x-portkey-request-timeout", "-1"),
            ("x-portkey-custom-host", "127.0.0.1"),
            ("x-portkey-custom-host", "https://u:p@h.test"),
            ("x-portkey-forward-headers", "['X-A','X-B']"),
            ("x-portkey-forward-headers", "'x-a'"),
            ("x-portkey-metadata", "team=backend"),
            ("x-portkey-metadata", r#"{"n":1}"#),
            ("x-portkey-config", "pc-config-id"),
            ("x-portkey-api-key", "Bearer pk-canary"),
            ("authorization", "bearer pk-canary"),
            ("x-portkey-provider", "@"),
            ("x-portkey-provider", "@gemini/x"),
            ("x-portkey-config-id", "x"),
            ("x-portkey-Prompt-id", "x"),
            ("bad name", "x"),
            ("x-portkey-trace-id", "a\nb"),
        ] {
            let error = check(name, value).expect_err(name);
            assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        }
    }

    #[test]
    fn config_values() {
        for (value, want) in [
            ("pc-pplx-c-ca7a87", ConfigValue::Id),
            ("pc-abc_1", ConfigValue::Id),
            ("pc-", ConfigValue::UnusualId),
            ("pc-a b", ConfigValue::UnusualId),
            (
                r#"{"strategy":{"mode":"fallback"},"targets":[]}"#,
                ConfigValue::Inline,
            ),
        ] {
            assert_eq!(check_config(value), Ok(want), "{value}");
        }
        assert_eq!(
            check_config("pc-config-id"),
            Err(HeaderError::ConfigPlaceholder)
        );
        assert_eq!(check_config("{\n}"), Err(HeaderError::ControlCharacter));
        for value in ["", "PC-abc", "abc", "[]", "{", "\"pc-a\"", " pc-a"] {
            assert_eq!(check_config(value), Err(HeaderError::NoConfig), "{value}");
        }
    }

    fn pairs(texts: &[&str]) -> Vec<(String, String)> {
        texts
            .iter()
            .map(|text| metadata_pair(text).unwrap())
            .collect()
    }

    #[test]
    fn metadata_merges_in_place() {
        for (existing, given, want) in [
            (None, &["team=backend"][..], r#"{"team":"backend"}"#),
            (None, &["b=1", "a=2", "b=3"], r#"{"b":"3","a":"2"}"#),
            (
                Some(r#"{"z":"1","a":"2"}"#),
                &["a=3", "m=4"],
                r#"{"z":"1","a":"3","m":"4"}"#,
            ),
            (
                Some(r#"{"n":1,"deep":{"k":[]}}"#),
                &["a=b"],
                r#"{"n":1,"deep":{"k":[]},"a":"b"}"#,
            ),
            (Some(r#"{ "a" : "b" }"#), &["a=b"], r#"{ "a" : "b" }"#),
            (Some(r#"{ "a" : "b" }"#), &[], r#"{ "a" : "b" }"#),
            (
                Some("{}"),
                &["q=say \"hi\"=x\\"],
                r#"{"q":"say \"hi\"=x\\"}"#,
            ),
            (
                None,
                &["stadt=Köln 東京 🦞"],
                r#"{"stadt":"K\u00f6ln \u6771\u4eac \ud83e\udd9e"}"#,
            ),
            (None, &["line=a\nb"], r#"{"line":"a\nb"}"#),
            (None, &["empty="], r#"{"empty":""}"#),
        ] {
            let merged = merge_metadata(existing, &pairs(given)).unwrap();
            assert_eq!(merged, want);
            assert_eq!(check_value(&merged), Ok(()));
            assert_eq!(
                merge_metadata(Some(&merged), &pairs(given)).unwrap(),
                merged,
                "twice changes nothing"
            );
        }
    }

    #[test]
    fn rejects_bad_metadata() {
        for text in ["team", "=x", " =x", "", "a\u{1b}=x"] {
            assert!(
                matches!(metadata_pair(text), Err(HeaderError::NotKeyValue(_))),
                "{text:?}"
            );
        }
        let long = format!("k={}", "ä".repeat(129));
        assert_eq!(
            metadata_pair(&long),
            Err(HeaderError::TooLong("k".to_owned()))
        );
        assert!(metadata_pair(&format!("k={}", "ä".repeat(128))).is_ok());
        for existing in ["", "[]", "team=backend", "{'a':'b'}", "null"] {
            assert_eq!(
                merge_metadata(Some(existing), &[]),
                Err(HeaderError::MetadataNotObject),
                "{existing:?}"
            );
        }
    }
}
