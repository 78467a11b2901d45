//! `fallback-cannot-take-over`

use crate::document::{Kind, Value};
use crate::edit::Change;
use crate::openclaw::{Feature, View, allow_list};
use crate::portkey::printable;

use crate::causes::example::{routed, wired};
use crate::causes::{Area, Cause, Choice, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "fallback-cannot-take-over",
    area: Area::References,
    level: Level::Note,
    symptoms: &[Symptom::OpenClaw],
    summary: "the fallbacks can't take over when a key is refused",
    why: "Since 2026.8.1, a 401 or 403 turns off the whole provider for a minute, and its other \
          models are not tried. Since they all go through `portkey`, one refused key, even that \
          of a provider behind Portkey, stops them all; other failures do fall back. Up to \
          2026.2.17, a fallback that is not a key of `agents.defaults.models` is never tried; \
          that is a warning.",
    fix: "Let Portkey fall back: send a config with `strategy: { mode: \"fallback\" }` (`{run: \
          set-header --gateway-config pc-…}`), or attach one to the key. Up to 2026.2.17, add the \
          fallback to `agents.defaults.models`.",
    bad: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: «[\"portkey/@gemini/gemini-2.5-flash\"]» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: { fallbacks: «[\"portkey/@gemini/gemini-2.5-flash\"]» } } },"),
        // An older version, and a list of models without the fallback.
        "{
  meta: { lastTouchedVersion: \"2026.2.17\" },
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    api: \"openai-completions\",
    models: [
      { id: \"@openai-prod/gpt-5\", name: \"GPT 5\" },
      { id: \"@gemini/gemini-2.5-flash\", name: \"Gemini 2.5 Flash\" },
    ],
  } } },
  agents: { defaults: {
    model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [«\"portkey/@gemini/gemini-2.5-flash\"»] },
    models: { \"portkey/@openai-prod/gpt-5\": { alias: \"gpt\" } },
  } },
}",
    ],
    good: &[
        // A Portkey config can fall back itself.
        routed!("defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [] } },"),
        // This version falls back after a 401.
        "{
  meta: { lastTouchedVersion: \"2026.7.1\" },
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    api: \"openai-completions\",
    models: [
      { id: \"@openai-prod/gpt-5\", name: \"GPT 5\" },
      { id: \"@gemini/gemini-2.5-flash\", name: \"Gemini 2.5 Flash\" },
    ],
  } } },
  agents: { defaults: {
    model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] },
  } },
}",
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if facts.portkey.is_empty() {
        return;
    }
    for choice in &facts.choices {
        if facts
            .version
            .version()
            .has(Feature::RefusedKeyStopsProvider)
        {
            same_provider(facts, choice, findings);
        } else if facts.version.version().lacks(Feature::UnlistedFallbacks) && facts.complete {
            dropped(facts, choice, findings);
        }
    }
}

fn same_provider(facts: &Facts<'_>, choice: &Choice<'_>, findings: &mut Findings) {
    let primary = facts.primary_of(choice);
    let primary = primary.as_ref().and_then(View::text);
    let Some((provider, id)) = primary.as_deref().and_then(|text| facts.through(text)) else {
        return;
    };
    let model = provider.models.iter().position(|model| model.id == id);
    let inside = |text: &str| {
        facts
            .through(text)
            .is_some_and(|(other, _)| other.id == provider.id)
            && !facts.same(text, primary.as_deref().unwrap_or_default())
    };
    let fallbacks = choice.model.fallback_texts();
    let Some(list) = choice.model.view.get("fallbacks") else {
        return;
    };
    if !provider.is_routed(model)
        && !fallbacks.is_empty()
        && fallbacks.iter().all(|text| inside(text))
    {
        findings.at(
            &list,
            "if a key is refused (401, 403), none of these is tried: all belong to the primary's provider",
            "let a Portkey config fall back, sent in x-portkey-config or attached to the key",
        );
    }
}

fn dropped(facts: &Facts<'_>, choice: &Choice<'_>, findings: &mut Findings) {
    let Some(list) = allow_list(facts.config, facts.version, None) else {
        return;
    };
    for fallback in &choice.model.fallbacks {
        let Some(text) = fallback.text() else {
            continue;
        };
        let reference = facts.resolved(&text);
        if facts.through(reference).is_none() || list.allows(reference) {
            continue;
        }
        findings.at(
            fallback,
            format!(
                "this version never tries `{}`, because it is not a key of agents.defaults.models",
                printable(&text, 80)
            ),
            "add it there",
        );
        findings.level(Level::Warning);
        if list.view.kind() == Kind::Object {
            let set = Change::Set {
                path: list.view.path().clone().key(reference),
                value: Value::Object(Vec::new()),
            };
            findings.fix_all(
                facts.config,
                false,
                "add it to agents.defaults.models",
                vec![set],
            );
        }
    }
}
