//! `primary-missing`

use crate::document::{Path, Value};
use crate::edit::Change;
use crate::help::Help;
use crate::openclaw::{Feature, ModelChoice, VersionSource, View, agents, choice, providers};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, InDoctor, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "primary-missing",
    area: Area::References,
    level: Level::Error,
    symptoms: &[Symptom::Dashboard],
    summary: "no primary model is set",
    why: "Without `agents.defaults.model.primary`, OpenClaw picks a model itself. Versions since \
          2026.3.13 use the first model of the first provider in `models.providers`; older ones \
          use another vendor and bypass Portkey. If that first model goes through Portkey, this \
          is not an error.",
    fix: "Set `agents.defaults.model.primary` to `portkey/@slug/model`, or run `{run: set-primary \
          MODEL}`.",
    bad: &[
        wired!(agents "«defaults»: { workspace: \"~/w\" },"),
        wired!(agents "defaults: { model: «{ fallbacks: [] }» },"),
        // The first provider in the file isn't Portkey's.
        "{
  models: { providers: {
    lab: { baseUrl: \"http://127.0.0.1:1234/v1\", api: \"openai-completions\", models: [{ id: \"a\", name: \"A\" }] },
    portkey: {
      baseUrl: \"https://api.portkey.ai/v1\",
      apiKey: \"${PORTKEY_API_KEY}\",
      api: \"openai-completions\",
      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],
    },
  } },
  «agents»: {},
}",
    ],
    good: &[
        wired!(agents "defaults: { model: \"portkey/@openai-prod/gpt-5\" },"),
        // No agent uses the defaults.
        wired!(agents "entries: { main: { model: \"portkey/@openai-prod/gpt-5\" } },"),
    ],
    in_doctor: InDoctor::WithNotes,
    doubt: Doubt::Always,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if !facts.complete || facts.portkey.is_empty() || facts.defaults().is_some_and(has_primary) {
        return;
    }
    let agents = agents(facts.config);
    let own = |view: &View<'_>| choice(view).as_ref().is_some_and(has_primary);
    if !agents.is_empty() && agents.iter().all(|agent| own(&agent.view)) {
        return;
    }
    let (message, level) = consequence(facts);
    let help = "set agents.defaults.model.primary to portkey/@slug/model";
    at_missing(facts, findings, message, help);
    findings.level(level);
    let mut models = facts.models();
    if let (Some((provider, model)), None) = (models.next(), models.next()) {
        let reference = format!("{}/{}", provider.id, model.id);
        let title = format!("make {} the primary", printable(&reference, 80));
        let set = Change::Set {
            path: Path::keys(["agents", "defaults", "model", "primary"]),
            value: Value::String(reference),
        };
        findings.fix_all(facts.config, false, title, vec![set]);
    }
}

/// Points at the object that lacks the primary.
pub(super) fn at_missing(
    facts: &Facts<'_>,
    findings: &mut Findings,
    message: String,
    help: impl Into<Help>,
) {
    let at = |keys: &[&str]| facts.config.at(keys);
    if let Some(model) = at(&["agents", "defaults", "model"]) {
        findings.at(&model, message, help);
    } else {
        let (holder, key) = if at(&["agents", "defaults"]).is_some() {
            (at(&["agents"]), "defaults")
        } else if at(&["agents"]).is_some() {
            (at(&[]), "agents")
        } else {
            (at(&["models", "providers"]), facts.portkey[0].id.as_str())
        };
        if let Some(holder) = holder {
            findings.at_key(&holder, key, message, help);
        }
    }
}

fn has_primary(model: &ModelChoice<'_>) -> bool {
    let blank = |view: &View<'_>| view.text().is_some_and(|text| text.trim().is_empty());
    model.primary.as_ref().is_some_and(|view| !blank(view))
}

/// What happens without a primary, and the level for it.
fn consequence(facts: &Facts<'_>) -> (String, Level) {
    let first = providers(facts.config).into_iter().find_map(|provider| {
        let models = provider.models();
        Some(format!("{}/{}", provider.id, models.first()?.id))
    });
    let Some(first) = first.filter(|_| facts.version.version().has(Feature::PrimaryFromProviders))
    else {
        let message = "no primary is set, so OpenClaw chooses a model itself and bypasses Portkey";
        return (message.to_owned(), Level::Error);
    };
    let shown = printable(&first, 80);
    if facts.through(&first).is_none() {
        let message = format!("no primary is set, so requests go to `{shown}` and bypass Portkey");
        (message, Level::Error)
    } else if facts.version == VersionSource::Unknown {
        let message = format!(
            "no primary is set: newer versions of OpenClaw use `{shown}`, older ones bypass Portkey"
        );
        (message, Level::Warning)
    } else {
        let message = format!("no primary is set, so OpenClaw uses the first model, `{shown}`");
        (message, Level::Note)
    }
}
