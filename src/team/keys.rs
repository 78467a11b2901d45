//! The keys of a team file: one table for the check, the reader and the docs.

/// The type of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A string, or a list of them.
    TextOrTexts,
    /// `true` or `false`.
    Flag,
    /// An object of strings.
    Pairs,
    /// An object with these keys.
    Object(&'static [Key]),
    /// An object from names to objects with these keys.
    Named(&'static [Key]),
    /// The same, but a plain string is short for the object's first key.
    NamedOrText(&'static [Key]),
}

/// A key of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// The type of its value.
    pub holds: Holds,
    /// Whether the key is required.
    pub required: bool,
}

const fn key(name: &'static str, holds: Holds) -> Key {
    Key {
        name,
        holds,
        required: false,
    }
}

/// The top level of the file.
pub const FILE: &[Key] = &[
    key("workspace", Holds::Text),
    key("providers", Holds::Named(PROVIDER)),
    key("configs", Holds::NamedOrText(CONFIG)),
    key("keys", Holds::Named(KEY)),
    key("openclaw", Holds::Object(OPENCLAW)),
    key("policy", Holds::Object(POLICY)),
];

/// A provider of the Portkey workspace.
pub const PROVIDER: &[Key] = &[key("budget", Holds::Text), key("rate", Holds::TextOrTexts)];

/// A gateway config.
pub const CONFIG: &[Key] = &[
    Key {
        required: true,
        ..key("file", Holds::Text)
    },
    key("id", Holds::Text),
];

/// An API key.
pub const KEY: &[Key] = &[
    key("user", Holds::Text),
    key("service", Holds::Text),
    key("agent", Holds::Text),
    key("config", Holds::Text),
    key("pin", Holds::Flag),
    key("budget", Holds::Text),
    key("rate", Holds::TextOrTexts),
    key("metadata", Holds::Pairs),
    key("expires", Holds::Text),
    key("alert", Holds::TextOrTexts),
];

/// Settings for every `openclaw.json`.
pub const OPENCLAW: &[Key] = &[
    key("baseUrl", Holds::Text),
    key("models", Holds::Texts),
    key("primary", Holds::Text),
    key("fallbacks", Holds::Texts),
    key("config", Holds::Text),
    key("metadata", Holds::Pairs),
    key("headers", Holds::Pairs),
];

/// The rules of `lint --policy`.
pub const POLICY: &[Key] = &[
    key("requiredMetadata", Holds::Texts),
    key("allowedModels", Holds::Texts),
    key("noPlaintextKeys", Holds::Flag),
    key("noBypass", Holds::Flag),
];
