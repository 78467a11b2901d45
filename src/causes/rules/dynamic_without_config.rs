//! `dynamic-without-config`

use crate::portkey::model_id::VIRTUAL;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "dynamic-without-config",
    area: Area::Routing,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "the virtual model `portkey-dynamic` is declared, but no config header routes it",
    why: "`portkey-dynamic` does not exist at any provider; a Portkey config has to choose the \
          model. Without one, Portkey answers 400 (`Either x-portkey-config or x-portkey-provider \
          header is required`). A config attached to the API key also routes it; whether there is \
          one can't be seen in this file.",
    fix: "Send a config: `{run: set-header --gateway-config pc-…}`.",
    bad: &["{
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    headers: { \"x-portkey-metadata\": '{\"team\":\"backend\"}' },
    api: \"openai-completions\",
    models: [{ id: «\"portkey-dynamic\"», name: \"Portkey Router\" }],
  } } },
  agents: { defaults: { model: { primary: \"portkey/portkey-dynamic\" } } },
}"],
    good: &[
        "{
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    headers: { \"X-Portkey-Config\": \"${PORTKEY_CONFIG}\" },
    api: \"openai-completions\",
    models: [{ id: \"portkey-dynamic\", name: \"Portkey Router\" }],
  } } },
  agents: { defaults: { model: { primary: \"portkey/portkey-dynamic\" } } },
}",
        // The model's own header.
        "{
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    api: \"openai-completions\",
    models: [{ id: \"portkey-dynamic\", name: \"Portkey Router\", headers: { \"x-portkey-config\": \"pc-pplx-c-ca7a87\" } }],
  } } },
  agents: { defaults: { model: { primary: \"portkey/portkey-dynamic\" } } },
}",
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }]"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if !facts.complete {
        return;
    }
    for provider in &facts.portkey {
        for (index, model) in provider.models.iter().enumerate() {
            if model.id.trim() == VIRTUAL
                && !provider.is_routed(Some(index))
                && let Some(id) = model.view.get("id")
            {
                findings.at(
                    &id,
                    "no config header routes this virtual model; unless a config is attached to the key, Portkey answers 400",
                    "send your config's id in x-portkey-config",
                );
            }
        }
    }
}
