//! `provider-repeated`

use std::collections::HashMap;

use crate::portkey::printable;

use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

/// A config with a second provider.
macro_rules! second {
    ($key:literal) => {
        concat!(
            "{\n  models: { providers: {\n    portkey: {\n",
            "      baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n",
            "      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n    },\n    ",
            $key,
            ": {\n",
            "      baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n",
            "      models: [{ id: \"@gemini/gemini-2.5-flash\", name: \"Gemini\" }],\n    },\n  } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },\n}\n"
        )
    };
}

pub(super) static CAUSE: Cause = Cause {
    id: "provider-repeated",
    area: Area::Provider,
    level: Level::Warning,
    symptoms: &[Symptom::NotFound, Symptom::Unauthorized],
    summary: "two provider ids differ only in case",
    why: "OpenClaw compares provider ids case-insensitively and only uses the one in lower case; \
          the models, key and headers of the other are ignored.",
    fix: "Merge both into one provider with its id in lower case.",
    bad: &[second!("«Portkey»"), second!("«PORTKEY»")],
    good: &[second!("\"portkey-eu\"")],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    // The provider that OpenClaw uses for each id.
    let mut used: HashMap<String, &str> = HashMap::new();
    for provider in facts.portkey.iter().chain(&facts.others) {
        let lower = provider.id.to_ascii_lowercase();
        let is_lower = provider.id == lower;
        let one = used.entry(lower).or_insert(&provider.id);
        if is_lower {
            *one = &provider.id;
        }
    }
    for provider in &facts.portkey {
        let lower = provider.id.to_ascii_lowercase();
        let Some(used) = used.get(&lower).filter(|used| **used != provider.id) else {
            continue;
        };
        findings.at_name(
            &provider.view,
            format!(
                "`{}` and `{}` are the same provider to OpenClaw, and only one of them is used",
                printable(&provider.id, 40),
                printable(used, 40)
            ),
            format!("move the contents into `{}`", printable(used, 40)),
        );
    }
}
