//! Answers to the wizard, and their results. The wizard's unit tests pass each case as a script;
//! the integration tests type it into a terminal.

use Reply::{Default, Item, Items, Text, Yes};

pub(crate) const KEY: &str = "pk-test-0123456789abcdef";
pub(crate) const FLASH: &str = "@gemini/gemini-2.5-flash";
pub(crate) const MIXTRAL: &str = "@mistral/open-mixtral-8x7b";
pub(crate) const GPT: &str = "@openai-prod/gpt-5";

/// The config that exists at the Portkey of the cases.
const CONFIG_ID: &str = "pc-abc-123456";

/// The answer to a question.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    /// Just Enter.
    Default,
    /// A text, or the key.
    Text(&'static str),
    /// The item that contains the text.
    Item(&'static str),
    /// For each text, the item that contains it; none are marked beforehand.
    Items(&'static [&'static str]),
    Yes(bool),
}

/// What answers at the base URL.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Server {
    /// A Portkey with all three models.
    Up,
    /// A Portkey whose key has a config attached.
    Attached,
    Down,
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) server: Server,
    /// The existing config, for a base URL; empty means that none exists.
    pub(crate) config: fn(&str) -> String,
    /// Whether `PORTKEY_API_KEY` is set to [`KEY`].
    pub(crate) has_key: bool,
    /// Flags in addition to `--base-url`, which is passed if there is no config.
    pub(crate) flags: &'static [&'static str],
    /// The beginnings of the questions, in order.
    pub(crate) steps: &'static [(&'static str, Reply)],
    pub(crate) provider_id: &'static str,
    pub(crate) models: &'static [&'static str],
    pub(crate) primary: &'static str,
    /// `None` leaves the existing ones.
    pub(crate) fallbacks: Option<&'static [&'static str]>,
    pub(crate) metadata: &'static [&'static str],
    pub(crate) gateway_config: Option<&'static str>,
    /// Whether the config changes, rather than only the key's file.
    pub(crate) is_edited: bool,
}

const NOTHING: fn(&str) -> String = |_| String::new();

/// Nothing exists except the key.
const CASE: Case = Case {
    name: "",
    server: Server::Up,
    config: NOTHING,
    has_key: true,
    flags: &[],
    steps: &[],
    provider_id: "portkey",
    models: &[],
    primary: "",
    fallbacks: None,
    metadata: &[],
    gateway_config: None,
    is_edited: true,
};

/// A connected config with primary, two fallbacks and headers.
pub(crate) fn wired(base_url: &str) -> String {
    format!(
        r#"{{
  models: {{ providers: {{ portkey: {{
    baseUrl: "{base_url}", apiKey: "${{PORTKEY_API_KEY}}", api: "openai-completions",
    headers: {{ "x-portkey-config": "{CONFIG_ID}", "x-portkey-metadata": '{{"a":"b"}}' }},
    models: [{{ id: "{FLASH}", name: "F" }}, {{ id: "{MIXTRAL}", name: "M" }}, {{ id: "{GPT}", name: "G" }}],
  }} }} }},
  agents: {{ defaults: {{ model: {{ primary: "portkey/{MIXTRAL}", fallbacks: ["portkey/{GPT}", "portkey/{FLASH}"] }} }} }},
}}"#
    )
}

/// [`wired`], with an agent that has its own model.
fn with_an_agent(base_url: &str) -> String {
    wired(base_url).replace(
        "agents: { ",
        &format!("agents: {{ list: [{{ id: \"work\", model: \"portkey/{FLASH}\" }}], "),
    )
}

/// [`wired`], with a fallback of another vendor.
pub(crate) fn with_a_fallback_elsewhere(base_url: &str) -> String {
    wired(base_url).replace(
        &format!("[\"portkey/{GPT}\", \"portkey/{FLASH}\"]"),
        "[\"openai/gpt-4o\"]",
    )
}

/// A Portkey provider without models, and another vendor's primary.
pub(crate) fn with_a_primary_elsewhere(base_url: &str) -> String {
    format!(
        r#"{{
  models: {{ providers: {{ portkey: {{ baseUrl: "{base_url}", apiKey: "${{PORTKEY_API_KEY}}", api: "openai-completions", models: [] }} }} }},
  agents: {{ defaults: {{ model: "openai/gpt-4o" }} }},
}}"#
    )
}

/// A Portkey provider with another id.
pub(crate) fn gate(_: &str) -> String {
    format!(
        r#"{{ models: {{ providers: {{ gate: {{ baseUrl: "https://api.portkey.ai/v1", models: [{{ id: "{GPT}", name: "G" }}] }} }} }} }}"#
    )
}

const NO_CONFIG: (&str, Reply) = ("Gateway config", Default);
const NO_METADATA: (&str, Reply) = ("Metadata", Default);
const KEPT: (&str, Reply) = ("Where should the key be stored?", Default);
const NO_MORE: (&str, Reply) = ("Anything else?", Default);
const MORE: (&str, Reply) = ("Anything else?", Yes(true));

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a first time asks three questions",
        has_key: false,
        steps: &[
            ("Portkey API key", Text(KEY)),
            ("Models", Items(&["mixtral", "flash", "gpt"])),
            NO_MORE,
        ],
        models: &[MIXTRAL, FLASH, GPT],
        primary: MIXTRAL,
        ..CASE
    },
    Case {
        name: "Enter alone takes the first model",
        steps: &[("Models", Default), NO_MORE],
        models: &[FLASH],
        primary: FLASH,
        ..CASE
    },
    Case {
        name: "the rest is asked on demand",
        steps: &[
            ("Models", Items(&["mixtral", "flash", "gpt"])),
            MORE,
            ("Gateway config", Text("")),
            ("Primary", Item("flash")),
            ("Fallbacks", Default),
            ("Metadata", Text("team=backend, env=dev")),
            KEPT,
        ],
        models: &[MIXTRAL, FLASH, GPT],
        primary: FLASH,
        fallbacks: Some(&[MIXTRAL, GPT]),
        metadata: &["team=backend", "env=dev"],
        ..CASE
    },
    Case {
        name: "Enter alone takes good defaults",
        steps: &[
            ("Models", Items(&["mixtral", "flash"])),
            MORE,
            NO_CONFIG,
            ("Primary", Default),
            ("Fallbacks", Default),
            NO_METADATA,
            KEPT,
        ],
        models: &[MIXTRAL, FLASH],
        primary: MIXTRAL,
        fallbacks: Some(&[FLASH]),
        ..CASE
    },
    Case {
        name: "one model is the primary without a question",
        steps: &[
            ("Models", Items(&["gpt"])),
            MORE,
            NO_CONFIG,
            NO_METADATA,
            KEPT,
        ],
        models: &[GPT],
        primary: GPT,
        ..CASE
    },
    Case {
        name: "flags answer their questions",
        flags: &[
            "--model",
            FLASH,
            "--model",
            GPT,
            "--primary",
            GPT,
            "--fallback",
            FLASH,
            "--gateway-config",
            CONFIG_ID,
            "--metadata",
            "a=b",
            "--key-in",
            "env",
        ],
        models: &[FLASH, GPT],
        primary: GPT,
        fallbacks: Some(&[FLASH]),
        metadata: &["a=b"],
        gateway_config: Some(CONFIG_ID),
        ..CASE
    },
    Case {
        name: "some flags leave the other questions",
        flags: &["--model", FLASH, "--model", GPT],
        steps: &[
            MORE,
            NO_CONFIG,
            ("Primary", Item(GPT)),
            ("Fallbacks", Default),
            NO_METADATA,
            KEPT,
        ],
        models: &[FLASH, GPT],
        primary: GPT,
        fallbacks: Some(&[FLASH]),
        ..CASE
    },
    Case {
        name: "a primary is a model as well",
        flags: &["--model", FLASH, "--primary", GPT, "--key-in", "env"],
        steps: &[MORE, NO_CONFIG, ("Fallbacks", Default), NO_METADATA],
        models: &[FLASH],
        primary: GPT,
        fallbacks: Some(&[FLASH]),
        ..CASE
    },
    Case {
        name: "a fallback flag keeps the model from being primary",
        flags: &["--fallback", FLASH, "--key-in", "env"],
        steps: &[("Models", Items(&["gpt"])), NO_MORE],
        models: &[GPT],
        primary: GPT,
        fallbacks: Some(&[FLASH]),
        ..CASE
    },
    Case {
        name: "without Portkey it goes on unchecked",
        server: Server::Down,
        steps: &[
            ("What now?", Default),
            ("Models", Text("@a/b, @c/d")),
            NO_MORE,
        ],
        models: &["@a/b", "@c/d"],
        primary: "@a/b",
        ..CASE
    },
    Case {
        name: "a config may choose the model",
        flags: &["--key-in", "env"],
        steps: &[
            ("Models", Items(&["gpt"])),
            MORE,
            ("Gateway config", Text("pc-nope")),
            ("Gateway config", Text(CONFIG_ID)),
            (
                "Let this config choose the model, through portkey-dynamic?",
                Yes(true),
            ),
            ("Primary", Default),
            NO_METADATA,
        ],
        models: &[GPT, "portkey-dynamic"],
        primary: "portkey-dynamic",
        gateway_config: Some(CONFIG_ID),
        ..CASE
    },
    Case {
        name: "a config does not choose where models were picked",
        flags: &["--key-in", "env"],
        steps: &[
            ("Models", Items(&["gpt"])),
            MORE,
            ("Gateway config", Text(CONFIG_ID)),
            (
                "Let this config choose the model, through portkey-dynamic?",
                Default,
            ),
            NO_METADATA,
        ],
        models: &[GPT],
        primary: GPT,
        gateway_config: Some(CONFIG_ID),
        ..CASE
    },
    Case {
        name: "the virtual model is offered where a config is named",
        flags: &["--gateway-config", CONFIG_ID, "--key-in", "env"],
        steps: &[("Models", Default), NO_MORE],
        models: &["portkey-dynamic"],
        primary: "portkey-dynamic",
        gateway_config: Some(CONFIG_ID),
        ..CASE
    },
    Case {
        name: "a key with a config attached suggests the virtual model",
        server: Server::Attached,
        flags: &["--key-in", "env"],
        steps: &[("Models", Default), NO_MORE],
        models: &["portkey-dynamic"],
        primary: "portkey-dynamic",
        ..CASE
    },
    Case {
        name: "what is configured is the default",
        config: wired,
        steps: &[("Models to add", Default), NO_MORE],
        primary: MIXTRAL,
        is_edited: false,
        ..CASE
    },
    Case {
        name: "what is configured is the default of each question",
        config: wired,
        steps: &[
            ("Models to add", Default),
            MORE,
            ("Primary", Default),
            ("Fallbacks", Default),
            ("New Portkey API key", Text("")),
            ("Base URL", Default),
        ],
        primary: MIXTRAL,
        is_edited: false,
        ..CASE
    },
    Case {
        name: "the models of an agent are its own",
        config: with_an_agent,
        flags: &["--agent", "work"],
        steps: &[("Models to add", Default), NO_MORE],
        primary: FLASH,
        is_edited: false,
        ..CASE
    },
    Case {
        name: "fallbacks elsewhere stay",
        config: with_a_fallback_elsewhere,
        steps: &[
            ("Models to add", Default),
            MORE,
            ("Primary", Default),
            ("Fallbacks", Default),
            ("New Portkey API key", Text("")),
            ("Base URL", Default),
        ],
        primary: MIXTRAL,
        is_edited: false,
        ..CASE
    },
    Case {
        name: "a provider of another name may be updated",
        config: gate,
        flags: &["--offline", "--key-in", "env"],
        steps: &[("Provider", Default), ("Models to add", Text("")), NO_MORE],
        provider_id: "gate",
        primary: GPT,
        ..CASE
    },
    Case {
        name: "a provider may be added next to another",
        config: gate,
        flags: &["--offline", "--key-in", "env"],
        steps: &[
            ("Provider", Item("next to it")),
            ("Models", Text("@a/b")),
            NO_MORE,
        ],
        models: &["@a/b"],
        primary: "@a/b",
        ..CASE
    },
    Case {
        name: "the primary of another vendor is replaced",
        config: with_a_primary_elsewhere,
        flags: &["--key-in", "env"],
        steps: &[
            ("Models", Items(&["gpt"])),
            ("Keep openai/gpt-4o as a fallback?", Default),
            NO_MORE,
        ],
        models: &[GPT],
        primary: GPT,
        ..CASE
    },
];
