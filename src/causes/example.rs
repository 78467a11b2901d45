//! Complete configs for the rules' examples, each with one part replaced.

/// A wired config with one part replaced: `key`, `base_url`, `headers`, `models`, `provider`
/// (everything in it), `agents` (the same) or `config` (everything).
macro_rules! wired {
    (key $text:literal) => {
        wired!(provider
            concat!("baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: ", $text, ",\n      api: \"openai-completions\",\n      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"))
    };
    (base_url $text:literal) => {
        wired!(provider
            concat!("baseUrl: ", $text, ",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      api: \"openai-completions\",\n      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"))
    };
    (headers $text:literal) => {
        wired!(provider
            concat!("baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      headers: { ", $text, " },\n      api: \"openai-completions\",\n      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"))
    };
    (models $text:literal) => {
        wired!(provider
            concat!("baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      api: \"openai-completions\",\n      models: ", $text, ","))
    };
    (provider $text:expr) => {
        concat!(
            "{\n  models: {\n    providers: { portkey: {\n      ",
            $text,
            "\n    } },\n  },\n  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n}\n"
        )
    };
    (agents $text:literal) => {
        concat!(
            "{\n  models: {\n    providers: { portkey: {\n      baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      api: \"openai-completions\",\n      models: [\n        { id: \"@openai-prod/gpt-5\", name: \"GPT 5\" },\n        { id: \"@gemini/gemini-2.5-flash\", name: \"Gemini 2.5 Flash\" },\n      ],\n    } },\n  },\n  agents: {\n    ",
            $text,
            "\n  },\n}\n"
        )
    };
}

/// A config whose requests are routed by a saved Portkey config, so that fallbacks needn't take
/// over.
macro_rules! routed {
    ($agents:literal) => {
        concat!(
            "{\n  models: {\n    providers: { portkey: {\n      baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      headers: { \"x-portkey-config\": \"pc-pplx-c-ca7a87\" },\n      api: \"openai-completions\",\n      models: [\n        { id: \"@openai-prod/gpt-5\", name: \"GPT 5\" },\n        { id: \"@gemini/gemini-2.5-flash\", name: \"Gemini 2.5 Flash\" },\n      ],\n    } },\n  },\n  agents: {\n    ",
            $agents,
            "\n  },\n}\n"
        )
    };
}

pub(super) use {routed, wired};

/// The diagnostics of all rules with Portkey's answers: rule, level and the text pointed at, one
/// per line.
#[cfg(test)]
pub(super) fn found_online(text: &str, online: &super::Online) -> String {
    let document = crate::document::Document::parse(text).unwrap();
    let config = crate::openclaw::Config::new("openclaw.json".into(), document);
    let mut facts = super::Facts::new(&config, crate::openclaw::VersionSource::Unknown);
    facts.online = Some(online);
    let on: Vec<_> = super::on().collect();
    let lines: Vec<String> = super::run(&facts, &on)
        .into_iter()
        .map(|found| {
            format!(
                "{} {} {}",
                found.check,
                found.level,
                &text[found.span().unwrap().range.clone()]
            )
        })
        .collect();
    lines.join("\n")
}

/// A catalogue with these ids.
#[cfg(test)]
pub(super) fn catalogue(ids: &[&str]) -> crate::portkey::catalogue::Catalogue {
    let data: Vec<_> = ids
        .iter()
        .map(|id| serde_json::json!({ "id": id }))
        .collect();
    let reply = serde_json::json!({ "object": "list", "data": data }).to_string();
    crate::portkey::catalogue::Catalogue::parse(reply.as_bytes()).unwrap()
}

/// A refusal with this cause.
#[cfg(test)]
pub(super) fn refusal(cause: crate::portkey::refusal::Refused) -> crate::portkey::refusal::Refusal {
    crate::portkey::refusal::Refusal {
        stage: cause.stage(),
        cause,
        status: 400,
        logged: false,
        message: String::new(),
    }
}
