//! Model ids as Portkey reads them: `@slug/model`.

use std::fmt;

use crate::document::is_printable;

/// The virtual model from Portkey's guide: in no catalogue, routed by the config in a header.
pub const VIRTUAL: &str = "portkey-dynamic";

/// A model id: `@slug/model`, or the virtual [`VIRTUAL`]. Case-sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(String);

/// Why a text isn't a model id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelIdError {
    /// The text is empty.
    Empty,
    /// Contains whitespace, a control character or an invisible one.
    BadCharacter(char),
    /// `@slug/` is missing. Holds what to type.
    NoSlug {
        /// The text as given, without OpenClaw's provider id.
        given: String,
        /// The likely id.
        suggestion: String,
    },
    /// Just `@slug`, or `@/model`.
    Incomplete(String),
    /// The provider id is repeated. Holds what to type.
    Doubled(String),
}

impl fmt::Display for ModelIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "the model id is empty; write @slug/model, such as @gemini/gemini-2.5-flash",
            ),
            Self::BadCharacter(c) => write!(
                f,
                "a model id can't contain {}; write @slug/model without spaces",
                if *c == ' ' {
                    "a space".to_owned()
                } else {
                    format!("the character U+{:04X}", u32::from(*c))
                }
            ),
            Self::NoSlug { given, suggestion } => write!(
                f,
                "`{given}` lacks the provider slug; write {suggestion} (the part after @ is the slug in your Model Catalog)"
            ),
            Self::Incomplete(given) => write!(
                f,
                "`{given}` is incomplete; write @slug/model, such as @gemini/gemini-2.5-flash"
            ),
            Self::Doubled(suggestion) => {
                write!(f, "the provider id is repeated; write {suggestion}")
            }
        }
    }
}

impl std::error::Error for ModelIdError {}

impl ModelId {
    /// Parses a model id, with or without OpenClaw's provider id in front (`portkey/@slug/model`).
    ///
    /// # Errors
    /// Says what is wrong and what to type instead.
    pub fn parse(text: &str, provider_id: &str) -> Result<Self, ModelIdError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ModelIdError::Empty);
        }
        if let Some(bad) = text
            .chars()
            .find(|c| c.is_whitespace() || !is_printable(*c))
        {
            return Err(ModelIdError::BadCharacter(bad));
        }
        let id = without_provider(text, provider_id).unwrap_or(text);
        if id == VIRTUAL {
            return Ok(Self(id.to_owned()));
        }
        let Some(rest) = id.strip_prefix('@') else {
            if let Some(inner) = without_provider(id, provider_id)
                && let Ok(Self(inner)) = Self::parse(inner, provider_id)
            {
                return Err(ModelIdError::Doubled(inner));
            }
            return Err(no_slug(id));
        };
        match rest.split_once('/') {
            Some((slug, model)) if !slug.is_empty() && !model.is_empty() => Ok(Self(id.to_owned())),
            _ => Err(ModelIdError::Incomplete(id.to_owned())),
        }
    }

    /// An id without a slug, if a header or a config selects the provider. Only for a text that
    /// [`ModelId::parse`] rejected for its missing slug alone.
    #[must_use]
    pub fn bare(given: &str) -> Self {
        Self(given.to_owned())
    }

    /// The provider slug, without `@`; `None` for the virtual model and for bare ids.
    #[must_use]
    pub fn slug(&self) -> Option<&str> {
        self.0
            .strip_prefix('@')?
            .split_once('/')
            .map(|(slug, _)| slug)
    }

    /// The provider's name for the model: what follows the slug.
    #[must_use]
    pub fn model(&self) -> &str {
        let rest = self.0.strip_prefix('@').and_then(|id| id.split_once('/'));
        rest.map_or(&self.0, |(_, model)| model)
    }

    /// The id in the form Portkey accepts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the virtual model, which only a config can route.
    #[must_use]
    pub fn is_virtual(&self) -> bool {
        self.0 == VIRTUAL
    }

    /// How OpenClaw refers to it: `portkey/@slug/model`.
    #[must_use]
    pub fn reference(&self, provider_id: &str) -> String {
        format!("{provider_id}/{}", self.0)
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What follows `<provider_id>/`; OpenClaw ignores case in provider ids.
fn without_provider<'a>(text: &'a str, provider_id: &str) -> Option<&'a str> {
    let (head, rest) = text.split_once('/')?;
    head.eq_ignore_ascii_case(provider_id).then_some(rest)
}

/// First words of model names whose vendor has a different name.
const VENDORS: &[(&str, &str)] = &[
    ("chatgpt", "openai"),
    ("claude", "anthropic"),
    ("codestral", "mistral"),
    ("command", "cohere"),
    ("gpt", "openai"),
    ("grok", "xai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("open", "mistral"),
];

fn no_slug(given: &str) -> ModelIdError {
    let is_part = |c: char| c.is_alphanumeric() || "-._:/+@".contains(c);
    let suggestion = if given.eq_ignore_ascii_case(VIRTUAL) {
        VIRTUAL.to_owned()
    } else if !given.chars().all(is_part) {
        "@slug/model".to_owned()
    } else if given.contains('/') {
        format!("@{}", given.trim_start_matches('/'))
    } else {
        let first = given.split(['-', '.', ':']).next().unwrap_or(given);
        let vendor = VENDORS
            .iter()
            .find(|(word, _)| first.eq_ignore_ascii_case(word))
            .map_or_else(
                || first.to_ascii_lowercase(),
                |(_, vendor)| (*vendor).to_owned(),
            );
        format!("@{vendor}/{given}")
    };
    ModelIdError::NoSlug {
        given: given.to_owned(),
        suggestion,
    }
}

/// Words that aren't simply capitalised.
const WORDS: &[(&str, &str)] = &[
    ("ai", "AI"),
    ("deepseek", "DeepSeek"),
    ("glm", "GLM"),
    ("gpt", "GPT"),
    ("moe", "MoE"),
    ("o1", "o1"),
    ("o3", "o3"),
    ("o4", "o4"),
    ("oss", "OSS"),
    ("qwq", "QwQ"),
    ("tts", "TTS"),
    ("vl", "VL"),
];

/// A display name: `@mistral/open-mixtral-8x7b` becomes `Open Mixtral 8x7b`.
#[must_use]
pub fn display_name(id: &ModelId) -> String {
    if id.is_virtual() {
        return "Portkey Router".to_owned();
    }
    let model = id.model();
    let last = model
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or(model);
    let (base, variant) = last.split_once(':').unwrap_or((last, ""));
    let words: Vec<&str> = without_vendor(base)
        .split(['-', '_'])
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = String::new();
    let mut at = 0;
    while let Some((word, taken)) = next_word(&words[at..]) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&word);
        at += taken;
    }
    // A number after the colon is a revision (`v2:0`), which means nothing to readers.
    if !variant.is_empty() && !variant.bytes().all(|b| b.is_ascii_digit()) {
        name.push_str(" (");
        name.push_str(variant);
        name.push(')');
    }
    if name.is_empty() {
        model.to_owned()
    } else {
        name
    }
}

/// Drops `us.anthropic.` and the like: dots between letters separate vendors, dots next to digits
/// belong to versions.
fn without_vendor(text: &str) -> &str {
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('.') {
        let letters = head.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if head.is_empty() || !letters || !tail.starts_with(|c: char| c.is_ascii_alphabetic()) {
            break;
        }
        rest = tail;
    }
    rest
}

/// The next word of the name, and how many parts it consumed.
fn next_word(parts: &[&str]) -> Option<(String, usize)> {
    let digits = |index: usize, count: usize| {
        parts
            .get(index)
            .is_some_and(|part| part.len() == count && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let first = *parts.first()?;
    if digits(0, 4) && digits(1, 2) && digits(2, 2) {
        return Some((parts[..3].join("-"), 3));
    }
    if digits(0, 1) && digits(1, 1) && !digits(2, 1) {
        return Some((parts[..2].join("."), 2));
    }
    if let Some((_, spelling)) = WORDS
        .iter()
        .find(|(word, _)| first.eq_ignore_ascii_case(word))
    {
        return Some(((*spelling).to_owned(), 1));
    }
    let is_revision = first
        .strip_prefix('v')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let mut letters = first.chars();
    let word = match letters.next() {
        Some(letter) if !is_revision => letter.to_uppercase().chain(letters).collect(),
        _ => first.to_owned(),
    };
    Some((word, 1))
}

#[cfg(test)]
mod tests {
    use super::{ModelId, ModelIdError, VIRTUAL, display_name};

    #[test]
    fn parses_ids_with_and_without_the_provider() {
        for (text, id, slug, model) in [
            (
                "@gemini/gemini-2.5-flash",
                "@gemini/gemini-2.5-flash",
                Some("gemini"),
                "gemini-2.5-flash",
            ),
            ("portkey/@x/y", "@x/y", Some("x"), "y"),
            ("PortKey/@x/y", "@x/y", Some("x"), "y"),
            ("  @x/y\n", "@x/y", Some("x"), "y"),
            (
                "@openrouter/meta-llama/llama-3:free",
                "@openrouter/meta-llama/llama-3:free",
                Some("openrouter"),
                "meta-llama/llama-3:free",
            ),
            ("@X/Y", "@X/Y", Some("X"), "Y"),
            ("@portkey/m", "@portkey/m", Some("portkey"), "m"),
            ("portkey-dynamic", VIRTUAL, None, VIRTUAL),
            ("portkey/portkey-dynamic", VIRTUAL, None, VIRTUAL),
        ] {
            let parsed = ModelId::parse(text, "portkey").unwrap();
            assert_eq!(parsed.as_str(), id, "{text:?}");
            assert_eq!(parsed.slug(), slug, "{text:?}");
            assert_eq!(parsed.model(), model, "{text:?}");
            assert_eq!(parsed.is_virtual(), id == VIRTUAL);
        }
        let other = ModelId::parse("pk2/@x/y", "pk2").unwrap();
        assert_eq!(other.reference("pk2"), "pk2/@x/y");
    }

    #[test]
    fn a_bare_id_is_the_model_itself() {
        for id in ["gpt-5", "meta-llama/llama-3", "llama3:8b"] {
            let bare = ModelId::bare(id);
            assert_eq!((bare.slug(), bare.model(), bare.as_str()), (None, id, id));
            assert_eq!(bare.reference("portkey"), format!("portkey/{id}"));
        }
        let error = ModelId::parse("clear;", "portkey").unwrap_err();
        assert!(error.to_string().contains("write @slug/model"), "{error}");
    }

    #[test]
    fn says_what_to_type_instead() {
        let suggestion = |text: &str| match ModelId::parse(text, "portkey") {
            Err(ModelIdError::NoSlug { suggestion, .. } | ModelIdError::Doubled(suggestion)) => {
                suggestion
            }
            other => panic!("{text:?}: {other:?}"),
        };
        for (text, want) in [
            ("gemini-2.5-flash", "@gemini/gemini-2.5-flash"),
            ("portkey/gemini-2.5-flash", "@gemini/gemini-2.5-flash"),
            ("gemini/gemini-2.5-flash", "@gemini/gemini-2.5-flash"),
            ("gpt-5", "@openai/gpt-5"),
            ("claude-sonnet-4-5", "@anthropic/claude-sonnet-4-5"),
            ("openai/gpt-5", "@openai/gpt-5"),
            ("other/@x/y", "@other/@x/y"),
            ("portkey/portkey/@x/y", "@x/y"),
            ("portkey/portkey/portkey-dynamic", VIRTUAL),
            ("Portkey-Dynamic", VIRTUAL),
        ] {
            assert_eq!(suggestion(text), want, "{text:?}");
        }
    }

    #[test]
    fn rejects_invalid_ids() {
        for text in ["@", "@gemini", "@gemini/", "@/model", "portkey/@gemini"] {
            assert!(
                matches!(
                    ModelId::parse(text, "portkey"),
                    Err(ModelIdError::Incomplete(_))
                ),
                "{text:?}"
            );
        }
        for (text, bad) in [
            ("@x/a b", ' '),
            ("@x/a\u{1b}", '\u{1b}'),
            ("@x/\u{202e}a", '\u{202e}'),
            ("@x\t/a", '\t'),
        ] {
            assert_eq!(
                ModelId::parse(text, "portkey"),
                Err(ModelIdError::BadCharacter(bad)),
                "{text:?}"
            );
        }
        for text in ["", "  ", "\n"] {
            assert_eq!(ModelId::parse(text, "portkey"), Err(ModelIdError::Empty));
        }
        for text in ["", "@x/a b", "gpt-5", "@gemini", "portkey/portkey/@x/y"] {
            let message = ModelId::parse(text, "portkey").unwrap_err().to_string();
            assert!(message.contains("write "), "{message}");
        }
    }

    #[test]
    fn makes_display_names() {
        for (id, want) in [
            ("@mistral/open-mixtral-8x7b", "Open Mixtral 8x7b"),
            ("@openai/gpt-5", "GPT 5"),
            ("@openai/gpt-4o-mini", "GPT 4o Mini"),
            ("@openai/gpt-5.1-codex", "GPT 5.1 Codex"),
            ("@openai/gpt-5-2025-08-07", "GPT 5 2025-08-07"),
            ("@openai/o3-mini", "o3 Mini"),
            ("@gemini/gemini-2.5-flash", "Gemini 2.5 Flash"),
            ("@anthropic/claude-sonnet-4-5", "Claude Sonnet 4.5"),
            (
                "@anthropic/claude-3-5-sonnet-20241022",
                "Claude 3.5 Sonnet 20241022",
            ),
            (
                "@anthropic/claude-sonnet-4-20250514",
                "Claude Sonnet 4 20250514",
            ),
            (
                "@or/meta-llama/llama-3.3-70b-instruct:free",
                "Llama 3.3 70b Instruct (free)",
            ),
            (
                "@bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
                "Claude 3.5 Sonnet 20241022 v2",
            ),
            ("@groq/openai/gpt-oss-120b", "GPT OSS 120b"),
            ("@ds/deepseek-r1", "DeepSeek R1"),
            ("@hf/Qwen/Qwen2.5-VL-7B", "Qwen2.5 VL 7B"),
            ("@x/1-2-3", "1 2.3"),
            ("@x/--", "--"),
            ("@x/ünï-model", "Ünï Model"),
            ("portkey-dynamic", "Portkey Router"),
        ] {
            assert_eq!(
                display_name(&ModelId::parse(id, "portkey").unwrap()),
                want,
                "{id}"
            );
        }
    }
}
