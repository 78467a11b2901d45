//! `config-overrides-slug`

use serde_json::Value;

use crate::portkey::headers::CONFIG;
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Header, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "config-overrides-slug",
    area: Area::Routing,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "an inline config in `x-portkey-config` names providers, so the `@slug` of the models is ignored",
    why: "A config with a provider or targets decides which provider is used. Portkey strips the \
          `@slug` from the model's id and sends the rest to the config's provider, unless a \
          target has `passthrough: true`. The contents of a saved config (`pc-…`) are not known \
          here, so those are not reported.",
    fix: "Set the header only on the model that the config is for, name that model \
          `portkey-dynamic`, or remove the provider from the config.",
    bad: &[
        wired!(headers r#""x-portkey-config": «'{"provider":"@anthropic-prod"}'»"#),
        wired!(headers r#""x-portkey-config": «'{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@a/m"}},{"override_params":{"model":"@b/n"}}]}'»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-config": '{"cache":{"mode":"simple"}}'"#),
        wired!(headers r#""x-portkey-config": '{"strategy":{"mode":"single"},"targets":[{"passthrough":true}]}'"#),
        wired!(headers r#""x-portkey-config": "pc-pplx-c-ca7a87""#),
        "{
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    api: \"openai-completions\",
    models: [
      { id: \"@openai-prod/gpt-5\", name: \"GPT 5\" },
      { id: \"portkey-dynamic\", name: \"Router\", headers: { \"x-portkey-config\": '{\"override_params\":{\"model\":\"@a/m\"}}' } },
    ],
  } } },
  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },
}",
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == CONFIG) else {
            continue;
        };
        let Ok(config) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        if names_providers(&config)
            && let Some(id) = governed(provider, header).find(|id| id.starts_with('@'))
        {
            findings.at(
                &header.value,
                format!(
                    "this config chooses the provider, so the slug of `{}` is ignored",
                    printable(id, 80)
                ),
                "remove the provider from it, or send it only with the model that it is for",
            );
        }
    }
}

fn names_providers(config: &Value) -> bool {
    let targets = config.get("targets").and_then(Value::as_array);
    let passes = |target: &Value| target.get("passthrough") == Some(&Value::Bool(true));
    config.get("provider").is_some_and(Value::is_string)
        || config.get("virtual_key").is_some_and(Value::is_string)
        || targets.is_some_and(|targets| !targets.is_empty() && !targets.iter().any(passes))
}

/// The ids of the models whose requests carry this header, rather than their own one of that name.
pub(super) fn governed<'w>(
    provider: &'w PortkeyProvider<'_>,
    header: &'w Header<'_>,
) -> impl Iterator<Item = &'w str> {
    provider
        .models
        .iter()
        .enumerate()
        .filter_map(move |(index, model)| {
            let in_force = provider.header(&header.name, Some(index))?;
            (in_force.value.range() == header.value.range()).then_some(model.id.as_ref())
        })
}
