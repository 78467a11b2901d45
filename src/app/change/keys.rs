//! Keys that a change would overwrite.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::Path;

use crate::document::{Document, Kind, NodeId};
use crate::dotenv;
use crate::error::Failure;
use crate::openclaw::{CredentialSource, is_variable_name};
use crate::portkey::headers::{API_KEY, AUTHORIZATION};
use crate::secret::Secret;

use super::propose::FileChange;
use crate::app::usage;

/// Shorter texts, such as `dummy`, aren't keys.
const MIN_KEY_LENGTH: usize = 8;

/// From this length on, the last four characters identify the key without exposing it.
const LONG_KEY: usize = 16;

/// A key that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReplacedKey {
    /// Its location.
    slot: String,
    /// Its last characters, if it is long enough.
    end: Option<String>,
}

impl ReplacedKey {
    pub(crate) fn new(slot: String, key: &str) -> Self {
        let length = key.chars().count();
        let end = (length >= LONG_KEY).then(|| key.chars().skip(length - 4).collect());
        Self { slot, end }
    }

    /// The failure if replacing it isn't allowed.
    pub(crate) fn refusal(&self, command: &str) -> Failure {
        let failure = usage(format!(
            "{} already has a different key{}; nothing was written",
            self.slot,
            self.which()
        ))
        .hint("use --replace-key to replace it");
        match command {
            "init" => failure
                .hint("use --key-name NAME to keep it and store the new key in another variable"),
            _ => failure,
        }
    }

    fn which(&self) -> String {
        let end = self.end.as_ref();
        end.map(|end| format!(" (ends in …{end})"))
            .unwrap_or_default()
    }
}

impl fmt::Display for ReplacedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: replaces the current key{}", self.slot, self.which())
    }
}

/// The keys that disappear from the files because something else is written in their place.
pub(crate) fn replaced_keys(
    files: &[FileChange],
    kept: &[Secret],
    name: &dyn Fn(&Path) -> String,
) -> Vec<ReplacedKey> {
    let slots: Vec<(Slots, Slots)> = files
        .iter()
        .map(|file| {
            let path = &file.snapshot.path;
            let old = file.snapshot.bytes.as_deref().unwrap_or_default();
            (slots(path, old), slots(path, &file.bytes))
        })
        .collect();
    let after: HashSet<&str> = slots
        .iter()
        .flat_map(|(_, new)| new.values())
        .flatten()
        .map(String::as_str)
        .chain(kept.iter().map(Secret::expose))
        .collect();
    let mut found = Vec::new();
    for (file, (old, new)) in files.iter().zip(&slots) {
        for (slot, key) in old {
            let (Some(key), Some(next)) = (key, new.get(slot)) else {
                continue;
            };
            let is_replaced = match next {
                Some(next) => !key.contains(next.as_str()),
                // A reference, or nothing: the key may have moved.
                None => !after.contains(key.as_str()),
            };
            if is_replaced {
                let slot = format!("{slot} in {}", name(&file.snapshot.path));
                found.push(ReplacedKey::new(slot, key));
            }
        }
    }
    found
}

/// The locations for keys in a file, each with its key if it is stored there in plain text.
type Slots = BTreeMap<String, Option<String>>;

fn slots(path: &Path, bytes: &[u8]) -> Slots {
    let mut slots = Slots::new();
    if path.file_name().is_some_and(|name| name == ".env") {
        let text = String::from_utf8_lossy(bytes);
        for name in dotenv::names(&text) {
            let key = dotenv::get(&text, &name).and_then(|value| key_of(&value));
            slots.insert(name, key);
        }
    } else if let Ok(document) = Document::read(bytes.to_vec()) {
        collect(&document, &mut slots);
    }
    slots
}

fn collect(document: &Document, slots: &mut Slots) {
    let mut open = vec![(document.root(), String::new())];
    while let Some((node, path)) = open.pop() {
        for member in document.members(node) {
            let path = if path.is_empty() {
                member.key.to_string()
            } else {
                format!("{path}.{}", member.key)
            };
            if is_slot(&member.key, &path) {
                slots.insert(path.clone(), literal(document, member.value));
            }
            open.push((member.value, path));
        }
        for (index, item) in document.items(node).enumerate() {
            open.push((item, format!("{path}[{index}]")));
        }
    }
}

/// Whether OpenClaw looks for a key in this member.
fn is_slot(key: &str, path: &str) -> bool {
    key == "apiKey"
        || [API_KEY, AUTHORIZATION]
            .iter()
            .any(|name| key.eq_ignore_ascii_case(name))
        || (path.starts_with("env.") && is_variable_name(key))
}

fn literal(document: &Document, node: NodeId) -> Option<String> {
    if document.kind(node) != Kind::String {
        return None;
    }
    key_of(&document.string(node)?)
}

/// The key in a text; `None` if it is empty, a reference, a placeholder or just a word.
fn key_of(text: &str) -> Option<String> {
    let text = text.trim();
    let key = text.strip_prefix("Bearer ").unwrap_or(text).trim();
    let is_key =
        CredentialSource::of_text(key) == CredentialSource::Literal && key.len() >= MIN_KEY_LENGTH;
    is_key.then(|| key.to_owned())
}
