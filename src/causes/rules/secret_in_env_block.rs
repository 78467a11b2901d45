//! `secret-in-env-block`

use crate::openclaw::{CredentialSource, View, has_variable};
use crate::portkey::key_variable::KEY_VARIABLE;

use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, Symptom};

/// A wired config with an `env` block.
macro_rules! with_env {
    ($env:literal) => {
        concat!(
            "{\n  env: ",
            $env,
            ",\n  models: { providers: { portkey: {\n",
            "    baseUrl: \"https://api.portkey.ai/v1\",\n    apiKey: \"${PORTKEY_API_KEY}\",\n",
            "    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n  } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n}\n"
        )
    };
}

pub(super) static CAUSE: Cause = Cause {
    id: "secret-in-env-block",
    area: Area::Key,
    level: Level::Warning,
    symptoms: &[Symptom::Unauthorized],
    summary: "the config's `env` block has Portkey's key in plain text",
    why: "A reference keeps the key out of the config; `env` in the same file puts it back in, \
          with all its copies and backups. Other variables in the block are not checked.",
    fix: "Move the line to OpenClaw's `.env`, which is not part of the config.",
    bad: &[
        with_env!("{ vars: { PORTKEY_API_KEY: «\"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ\"» } }"),
        with_env!(
            "{ PORTKEY_API_KEY: «\"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ\"» },\n  \
             meta: { lastTouchedVersion: \"2026.7.1\" }"
        ),
    ],
    good: &[
        with_env!("{ vars: { PORTKEY_API_KEY: \"${MY_PORTKEY_KEY}\" } }"),
        with_env!("{ vars: { SOME_TOKEN: \"abcd1234efgh5678\" } }"),
        with_env!("{ vars: { PORTKEY_API_KEY: \"\" } }"),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if facts.portkey.is_empty() {
        return;
    }
    let Some(env) = facts.config.at(&["env"]) else {
        return;
    };
    let names = key_variables(facts);
    for holder in env.get("vars").into_iter().chain([env]) {
        for name in &names {
            let Some(value) = holder.get(name) else {
                continue;
            };
            if holds_secret(&value) {
                findings.at(
                    &value,
                    "the `env` block has Portkey's key in plain text",
                    "move the line to OpenClaw's .env",
                );
            }
        }
    }
}

/// The variables that hold the Portkey key.
fn key_variables(facts: &Facts<'_>) -> Vec<String> {
    let mut names = vec![KEY_VARIABLE.to_owned()];
    for key in facts.portkey.iter().filter_map(|it| it.api_key.as_ref()) {
        if let Some(name) = CredentialSource::read(key).variable()
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn holds_secret(value: &View<'_>) -> bool {
    value.text().is_some_and(|text| {
        CredentialSource::of_text(&text) == CredentialSource::Literal && !has_variable(&text)
    })
}
