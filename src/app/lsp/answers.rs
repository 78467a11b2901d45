//! Hover texts and completion.

use serde_json::{Value as Json, json};

use crate::causes::portkey_providers;
use crate::document::Step;
use crate::openclaw::schema::accepted;
use crate::openclaw::{Config, Version};
use crate::portkey::headers::{KNOWN, known};
use crate::portkey::model_facts::{self, ModelFacts};
use crate::portkey::model_id::ModelId;

use super::place::{Place, Role, range};
use crate::app::models_table::{price, tokens};

/// Explanations of the keys for Portkey, by the end of their path; `*` matches any key.
const KEYS: &[(&[&str], &str)] = &[
    (
        &["models", "mode"],
        "`merge` keeps OpenClaw's built-in providers next to yours; `replace` uses only yours.",
    ),
    (
        &["providers", "*", "baseUrl"],
        "The URL that OpenClaw sends this provider's requests to. Portkey's is `https://api.portkey.ai/v1`.",
    ),
    (
        &["providers", "*", "apiKey"],
        "The key that OpenClaw sends. Store it in `.env` and refer to it as `${PORTKEY_API_KEY}`.",
    ),
    (
        &["providers", "*", "api"],
        "The format of the requests. Portkey accepts `openai-completions` and `openai-responses`.",
    ),
    (
        &["providers", "*", "headers"],
        "Headers sent with every request to this provider.",
    ),
    (
        &["providers", "*", "models"],
        "The models of this provider that OpenClaw can use.",
    ),
    (
        &["models", "*", "id"],
        "The model's id at Portkey: `@provider-slug/model`, or `portkey-dynamic` if a gateway config decides.",
    ),
    (&["models", "*", "name"], "The model's name in OpenClaw."),
    (
        &["models", "*", "contextWindow"],
        "The maximum length of prompt and answer together, in tokens.",
    ),
    (
        &["models", "*", "maxTokens"],
        "The maximum length of an answer, in tokens.",
    ),
    (
        &["models", "*", "input"],
        "The input types that a prompt can contain.",
    ),
    (
        &["models", "*", "reasoning"],
        "Whether the model can think before it answers.",
    ),
    (
        &["models", "*", "cost"],
        "The price in dollars per million tokens.",
    ),
    (
        &["model", "primary"],
        "The model that is used first, as `provider/model`.",
    ),
    (
        &["model", "fallbacks"],
        "The models that are tried in this order when the primary fails.",
    ),
];

/// The file around the cursor.
pub(super) struct Scope<'s> {
    pub(super) text: &'s str,
    /// The last version of the config that could be read.
    pub(super) config: Option<&'s Config>,
    pub(super) version: Version,
    /// The models that Portkey listed earlier.
    pub(super) listed: &'s [String],
}

impl Scope<'_> {
    /// The hover text for the word at a location.
    pub(super) fn hover(&self, place: &Place) -> Option<Json> {
        let word = self.text.get(place.word.clone())?;
        if word.is_empty() {
            return None;
        }
        let text = match place.role {
            Role::Key => self.key(place, word)?,
            Role::Value => model(word, &place.path)?,
        };
        Some(json!({
            "contents": { "kind": "markdown", "value": text },
            "range": range(self.text, &place.word),
        }))
    }

    fn key(&self, place: &Place, word: &str) -> Option<String> {
        if is_headers(&place.path) {
            let header = known(word)?;
            let mut text = format!("**{}**: {}", header.name, header.meaning);
            if !header.caution.is_empty() {
                text.push_str("\n\n");
                text.push_str(header.caution);
            }
            return Some(text);
        }
        let mut path = place.path.clone();
        path.push(Step::Key(word.into()));
        let meaning = KEYS.iter().find(|(end, _)| ends_with(&path, end));
        let words = accepted(&path, self.version).words();
        let shape = (!words.is_empty()).then(|| format!("OpenClaw {}: {words}", self.version));
        let parts: Vec<String> = meaning
            .map(|(_, meaning)| (*meaning).to_owned())
            .into_iter()
            .chain(shape)
            .collect();
        (!parts.is_empty()).then(|| format!("**{word}**\n\n{}", parts.join("\n\n")))
    }

    /// The completion items at a location.
    pub(super) fn completion(&self, place: &Place) -> Json {
        let items = match place.role {
            Role::Key if is_headers(&place.path) => self.header_names(place),
            Role::Key => self.keys(place),
            Role::Value => self.values(place),
        };
        json!({ "isIncomplete": false, "items": items })
    }

    fn item(&self, place: &Place, label: &str, text: &str, detail: &str) -> Json {
        json!({
            "label": label,
            "detail": detail,
            "textEdit": { "range": range(self.text, &place.word), "newText": text },
        })
    }

    /// A text as it would be written here: inside existing quotes, or quoted.
    fn quoted(&self, place: &Place, text: &str) -> String {
        if place.is_quoted {
            return text.to_owned();
        }
        let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_json = self.text.contains("\":") || self.text.contains("\" :");
        match place.role {
            Role::Key if is_word && !is_json => text.to_owned(),
            _ => format!("\"{text}\""),
        }
    }

    fn keys(&self, place: &Place) -> Vec<Json> {
        let keys = accepted(&place.path, self.version).keys();
        keys.into_iter()
            .map(|key| {
                let mut path = place.path.clone();
                path.push(Step::Key(key.into()));
                let words = accepted(&path, self.version).words();
                self.item(place, key, &self.quoted(place, key), &words)
            })
            .collect()
    }

    fn header_names(&self, place: &Place) -> Vec<Json> {
        let names = KNOWN.iter().filter(|header| !header.name.ends_with('-'));
        names
            .map(|header| {
                let text = self.quoted(place, header.name);
                self.item(place, header.name, &text, header.meaning)
            })
            .collect()
    }

    fn values(&self, place: &Place) -> Vec<Json> {
        if ends_with(&place.path, &["models", "*", "id"]) {
            let listed = self.listed.iter();
            return listed
                .map(|id| self.item(place, id, &self.quoted(place, id), &facts(id)))
                .collect();
        }
        if is_reference(&place.path) {
            return self.references(place);
        }
        let values = accepted(&place.path, self.version).values();
        values
            .into_iter()
            .map(|value| {
                let bare = value.trim_matches('"');
                let text = if place.is_quoted { bare } else { &value };
                self.item(place, bare, text, "")
            })
            .collect()
    }

    /// The models of the providers that go to Portkey.
    fn references(&self, place: &Place) -> Vec<Json> {
        let providers = self.config.map(portkey_providers).unwrap_or_default();
        let mut items = Vec::new();
        for provider in &providers {
            for model in &provider.models {
                let text = format!("{}/{}", provider.id, model.id);
                items.push(self.item(place, &text, &self.quoted(place, &text), &facts(&model.id)));
            }
        }
        items
    }
}

fn is_headers(path: &[Step]) -> bool {
    matches!(path.last(), Some(Step::Key(key)) if &**key == "headers")
}

/// Whether this is a model reference: `model`, `primary`, or an item of `fallbacks`.
fn is_reference(path: &[Step]) -> bool {
    let is_agents = matches!(path.first(), Some(Step::Key(key)) if &**key == "agents");
    is_agents
        && (ends_with(path, &["model"])
            || ends_with(path, &["model", "primary"])
            || ends_with(path, &["model", "fallbacks", "*"]))
}

fn ends_with(path: &[Step], end: &[&str]) -> bool {
    let Some(start) = path.len().checked_sub(end.len()) else {
        return false;
    };
    path[start..]
        .iter()
        .zip(end)
        .all(|(step, wanted)| match step {
            _ if *wanted == "*" => true,
            Step::Key(key) => **key == **wanted,
            Step::Index(_) => false,
        })
}

/// The known facts about a model, if the value is one.
fn model(word: &str, path: &[Step]) -> Option<String> {
    let id = if ends_with(path, &["models", "*", "id"]) {
        word
    } else if is_reference(path) {
        word.split_once('/')?.1
    } else {
        return None;
    };
    let known = facts(id);
    let known = if known.is_empty() {
        "Its context and price are unknown.".to_owned()
    } else {
        known
    };
    Some(format!("**{id}**\n\n{known}"))
}

/// Context, output and price in short.
fn facts(id: &str) -> String {
    let Ok(id) = ModelId::parse(id, "portkey") else {
        return String::new();
    };
    if id.is_virtual() {
        return "the gateway config chooses the model".to_owned();
    }
    let ModelFacts {
        context_window,
        max_tokens,
        cost,
        ..
    } = model_facts::lookup_id(&id);
    let parts = [
        context_window.map(|count| format!("{} context", tokens(count))),
        max_tokens.map(|count| format!("{} output", tokens(count))),
        cost.map(|cost| match price(cost) {
            free if free == "free" => free,
            price => format!("${price} per million tokens in/out"),
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}
