//! How OpenClaw reads a credential from a string or object.

use crate::document::{Kind, Value};

use super::View;

/// Where the credential in a value such as `apiKey` comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// `${NAME}` as the whole value, which OpenClaw expands.
    Variable(String),
    /// A SecretRef object, or its short form `$NAME`. `id` is the variable's name if the source is
    /// `env`.
    SecretRef {
        /// `env`, `file`, `exec` or `store`.
        source: String,
        /// The variable, path or name.
        id: String,
    },
    /// Text that OpenClaw sends as is.
    Literal,
    /// Text that looks like a reference but isn't expanded (`${VAR:-x}`, `env:VAR`, a placeholder):
    /// OpenClaw would send it literally.
    Unexpanded,
    /// An empty string.
    Empty,
    /// Neither a string nor a SecretRef; OpenClaw rejects the config.
    Invalid,
}

impl CredentialSource {
    /// The environment variable that holds the credential.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Variable(name) => Some(name),
            Self::SecretRef { source, id } if source == "env" => Some(id),
            _ => None,
        }
    }

    /// Whether the credential is stored outside this value.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        matches!(self, Self::Variable(_) | Self::SecretRef { .. })
    }

    /// Reads a value of the config.
    #[must_use]
    pub fn read(view: &View<'_>) -> Self {
        match view.kind() {
            Kind::String => view
                .text()
                .map_or(Self::Invalid, |text| Self::of_text(&text)),
            Kind::Object => {
                let text = |key| view.get(key).and_then(|v| v.text()).map(|t| t.to_string());
                match (text("source"), text("id")) {
                    (Some(source), Some(id)) => Self::SecretRef { source, id },
                    _ => Self::Invalid,
                }
            }
            _ => Self::Invalid,
        }
    }

    /// Reads a string.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if let Some(name) = whole_variable(trimmed) {
            return Self::Variable(name.to_owned());
        }
        if let Some(name) = trimmed
            .strip_prefix('$')
            .filter(|name| is_variable_name(name))
        {
            return Self::SecretRef {
                source: "env".to_owned(),
                id: name.to_owned(),
            };
        }
        if looks_unexpanded(trimmed) {
            return Self::Unexpanded;
        }
        Self::Literal
    }
}

/// `${NAME}` and nothing else.
fn whole_variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    is_variable_name(name).then_some(name)
}

/// `[A-Z_][A-Z0-9_]*`, the names that OpenClaw expands.
#[must_use]
pub fn is_variable_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_uppercase() || b == b'_')
        && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// A reference to a variable, in the form every OpenClaw version reads.
#[must_use]
pub fn variable_reference(name: &str) -> Value {
    Value::String(format!("${{{name}}}"))
}

/// Whether OpenClaw expands a variable in a text: `${NAME}` anywhere (but not `$${NAME}`), or
/// `$NAME` as the whole text.
#[must_use]
pub fn has_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(is_variable_name) || braced(text).any(|expanded| expanded)
}

/// The names of the variables that OpenClaw expands in a text.
#[must_use]
pub fn variables_in(text: &str) -> Vec<&str> {
    let whole = text
        .trim()
        .strip_prefix('$')
        .filter(|name| is_variable_name(name));
    let braced = text.match_indices("${").filter_map(|(at, _)| {
        let (name, _) = text[at + 2..].split_once('}')?;
        (!text[..at].ends_with('$') && is_variable_name(name)).then_some(name)
    });
    whole.into_iter().chain(braced).collect()
}

/// Each `${` in a text, and whether OpenClaw expands it.
fn braced(text: &str) -> impl Iterator<Item = bool> {
    text.match_indices("${").map(|(at, _)| {
        let name = text[at + 2..].split_once('}').map(|(name, _)| name);
        !text[..at].ends_with('$') && name.is_some_and(is_variable_name)
    })
}

/// The part of a text that looks like a variable but that OpenClaw sends literally: `%NAME%`,
/// `$(NAME)`, `{{NAME}}`, `${name}`, `${NAME:-x}`, or `$NAME` within a longer text.
#[must_use]
pub fn unexpanded_variable(text: &str) -> Option<&str> {
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        // `%C3%A4` is an encoded letter in a URL.
        name.len() > 2
            && bytes
                .next()
                .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let between = |open: &str, close: &str| {
        text.match_indices(open).find_map(|(at, _)| {
            let (name, _) = text[at + open.len()..].split_once(close)?;
            let end = at + open.len() + name.len() + close.len();
            is_name(name.trim().trim_start_matches("env.")).then(|| &text[at..end])
        })
    };
    let braced = || {
        text.match_indices("${").find_map(|(at, _)| {
            let (name, _) = text[at + 2..].split_once('}')?;
            let is_plain = text[..at].ends_with('$') || is_variable_name(name);
            (!is_plain && !name.is_empty()).then(|| &text[at..at + 3 + name.len()])
        })
    };
    let bare = || {
        text.match_indices('$').find_map(|(at, _)| {
            let rest = &text[at + 1..];
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let is_apart = text[..at].ends_with([' ', '/', ':', '=', '"']);
            let is_meant = is_variable_name(&rest[..end]) && rest[..end].contains('_');
            (is_apart && is_meant).then(|| &text[at..=at + end])
        })
    };
    between("%", "%")
        .or_else(|| between("$(", ")"))
        .or_else(|| between("{{", "}}"))
        .or_else(braced)
        .or_else(bare)
}

fn looks_unexpanded(text: &str) -> bool {
    const PLACEHOLDERS: [&str; 9] = [
        "your_",
        "your-",
        "<",
        "replace",
        "changeme",
        "xxx",
        "placeholder",
        "env:",
        "process.env",
    ];
    let lower = text.to_ascii_lowercase();
    braced(text).any(|expanded| !expanded)
        || unexpanded_variable(text).is_some_and(|part| part.len() == text.len())
        || PLACEHOLDERS.iter().any(|start| lower.starts_with(start))
        || (is_variable_name(text) && text.contains('_'))
}

#[cfg(test)]
mod tests {
    use super::{CredentialSource, has_variable, unexpanded_variable, variables_in};

    #[test]
    fn distinguishes_references_from_text() {
        let variable = |name: &str| CredentialSource::Variable(name.to_owned());
        let env = |id: &str| CredentialSource::SecretRef {
            source: "env".to_owned(),
            id: id.to_owned(),
        };
        let cases = [
            ("${PORTKEY_API_KEY}", variable("PORTKEY_API_KEY")),
            (" ${_X1} ", variable("_X1")),
            ("$PORTKEY_API_KEY", env("PORTKEY_API_KEY")),
            ("${lower}", CredentialSource::Unexpanded),
            ("${VAR:-x}", CredentialSource::Unexpanded),
            ("${env:VAR}", CredentialSource::Unexpanded),
            ("$${VAR}", CredentialSource::Unexpanded),
            ("${A}-${b}", CredentialSource::Unexpanded),
            ("pk-${PART}", CredentialSource::Literal),
            ("PORTKEY_API_KEY", CredentialSource::Unexpanded),
            ("%PORTKEY_API_KEY%", CredentialSource::Unexpanded),
            ("$(PORTKEY_API_KEY)", CredentialSource::Unexpanded),
            ("{{PORTKEY_API_KEY}}", CredentialSource::Unexpanded),
            ("{{ env.PORTKEY_API_KEY }}", CredentialSource::Unexpanded),
            ("env:PORTKEY_API_KEY", CredentialSource::Unexpanded),
            ("YOUR_PORTKEY_API_KEY", CredentialSource::Unexpanded),
            ("<your key>", CredentialSource::Unexpanded),
            ("", CredentialSource::Empty),
            ("  ", CredentialSource::Empty),
            ("pk-live-abc", CredentialSource::Literal),
            ("ABCDEF0123", CredentialSource::Literal),
        ];
        for (text, expected) in cases {
            assert_eq!(CredentialSource::of_text(text), expected, "{text}");
        }
    }

    #[test]
    fn lists_variable_names() {
        assert_eq!(variables_in("https://${HOST}:${PORT}/v1"), ["HOST", "PORT"]);
        assert_eq!(variables_in("$HOST"), ["HOST"]);
        assert_eq!(variables_in("$${HOST} ${host} ${A:-b} US$HOST"), [""; 0]);
    }

    #[test]
    fn finds_unexpanded_variables() {
        for (text, part) in [
            ("%GATEWAY%/v1", Some("%GATEWAY%")),
            ("https://$(HOST)/v1", Some("$(HOST)")),
            ("https://{{ host }}/v1", Some("{{ host }}")),
            ("https://${host}/v1", Some("${host}")),
            ("${A}${B:-x}", Some("${B:-x}")),
            ("${env:GATEWAY}", Some("${env:GATEWAY}")),
            ("Bearer $PORTKEY_API_KEY", Some("$PORTKEY_API_KEY")),
            ("https://${HOST}/v1", None),
            ("$PORTKEY_API_KEY", None),
            ("$${HOST}", None),
            ("https://gw.test/%C3%A4/v1", None),
            ("100% sure, 50% done", None),
            ("US$ 5", None),
            (r#"{"a":{"b":{}}}"#, None),
            ("", None),
        ] {
            assert_eq!(unexpanded_variable(text), part, "{text}");
        }
    }

    #[test]
    fn finds_variables_in_a_text() {
        for (text, has) in [
            ("https://${HOST}/v1", true),
            ("${HOST}", true),
            ("$${HOST}", false),
            ("${HOST:-x}${PORT}", true),
            ("${host}", false),
            ("$HOST", true),
            ("US$HOST", false),
            ("${HOST", false),
            ("{\"u\":\"${USER}\"}", true),
            ("US$", false),
        ] {
            assert_eq!(has_variable(text), has, "{text}");
        }
    }
}
