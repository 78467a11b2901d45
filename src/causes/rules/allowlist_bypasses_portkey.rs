//! `allowlist-bypasses-portkey`

use crate::document::Value;
use crate::edit::Change;
use crate::openclaw::{AllowList, Feature, VersionSource, View, agents, allow_lists};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "allowlist-bypasses-portkey",
    area: Area::References,
    level: Level::Error,
    symptoms: &[Symptom::Dashboard],
    summary: "an allow-list omits the primary, so requests silently go to another model",
    why: "If the list in force omits the primary, OpenClaw silently uses the first model in the \
          list, with that provider's key. 2026.5.28 and 2026.8.1 do this for every such list, \
          2026.9.6 only for lists with a `provider/*`, and versions up to 2026.4.15 never. The \
          list in force is the agent's `modelPolicy.allow`, else the one in the defaults, else \
          the keys of `agents.defaults.models`, unless OpenClaw has already migrated them \
          (`meta.migrations.modelPolicyAllowlist`). If the file's version is unknown, a list \
          without `provider/*` is only a note.",
    fix: "Add `portkey/@slug/model` to that list, exactly as in the primary. An alias of the \
          model or `portkey/*` also works.",
    bad: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, modelPolicy: { allow: «[\"anthropic/*\"]» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, models: «{ \"anthropic/*\": {} }» },"),
        // An agent without its own policy inherits the defaults'.
        wired!(agents "defaults: { modelPolicy: { allow: «[\"anthropic/*\", \"portkey/@openai-prod/gpt-5\"]» }, model: \"portkey/@openai-prod/gpt-5\" }, entries: { main: { model: \"portkey/@gemini/gemini-2.5-flash\" } },"),
        // An agent's own policy replaces the defaults'; case matters.
        wired!(agents "defaults: { modelPolicy: { allow: [\"portkey/*\"] }, model: \"portkey/@openai-prod/gpt-5\" }, entries: { main: { modelPolicy: { allow: «[\"openai/*\", \"portkey/@OpenAI-prod/gpt-5\"]» } } },"),
        // In this version any key restricts.
        "{
  meta: { lastTouchedVersion: \"2026.8.1\" },
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    api: \"openai-completions\",
    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],
  } } },
  agents: { defaults: {
    model: { primary: \"portkey/@openai-prod/gpt-5\" },
    models: «{ \"anthropic/claude-opus-4-6\": { alias: \"opus\" } }»,
  } },
}",
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, modelPolicy: { allow: [\"anthropic/*\", \"Portkey/*\"] } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, modelPolicy: { allow: [\"anthropic/*\", \"portkey/@openai-prod/*\"] } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, modelPolicy: { allow: [\"anthropic/*\", \"gpt\"] }, models: { \"portkey/@openai-prod/gpt-5\": { alias: \"gpt\" } } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, modelPolicy: { allow: [] }, models: { \"anthropic/*\": {} } },"),
        wired!(agents "defaults: { modelPolicy: { allow: [\"portkey/*\"] }, model: \"portkey/@openai-prod/gpt-5\" }, entries: { main: { models: { \"openai/*\": {} } } },"),
        // OpenClaw 9.6 sends the primary to Portkey if the list has no `provider/*`.
        "{
  meta: { lastTouchedVersion: \"2026.9.6\" },
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    api: \"openai-completions\",
    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],
  } } },
  agents: { defaults: {
    model: { primary: \"portkey/@openai-prod/gpt-5\" },
    modelPolicy: { allow: [\"anthropic/claude-opus-4-6\"] },
  } },
}",
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let version = facts.version.version();
    if facts.portkey.is_empty() || !facts.complete || !version.has(Feature::ListFiltersPrimary) {
        return;
    }
    for list in allow_lists(facts.config, facts.version) {
        let filters = !version.has(Feature::OnlyWildcardsFilter) || list.has_wildcard();
        let level = match facts.version {
            _ if filters => Level::Error,
            VersionSource::Unknown => Level::Note,
            _ => continue,
        };
        let missing = missing(facts, &list);
        let (Some(first), Some(other)) = (missing.first(), list.entries().into_iter().next())
        else {
            continue;
        };
        let shown = printable(first, 80);
        let when = if level == Level::Error {
            ""
        } else {
            "before 2026.9.6, "
        };
        findings.at(
            &list.view,
            format!(
                "{when}this allow-list omits `{shown}`, so OpenClaw silently uses `{}`",
                printable(&other, 80)
            ),
            format!(
                "add {} to it",
                missing
                    .iter()
                    .map(|one| printable(one, 80))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        );
        findings.level(level);
        findings.fix_all(
            facts.config,
            false,
            "add what is missing",
            missing.into_iter().map(|one| add(&list, one)).collect(),
        );
    }
}

/// Adds a reference to a list, which may be the keys of an object.
fn add(list: &AllowList<'_>, reference: String) -> Change {
    let path = list.view.path().clone();
    if list.is_map() {
        Change::Set {
            path: path.key(reference),
            value: Value::Object(Vec::new()),
        }
    } else {
        Change::Append {
            path,
            value: Value::String(reference),
        }
    }
}

/// The Portkey primaries that a list applies to but doesn't contain.
fn missing(facts: &Facts<'_>, list: &AllowList<'_>) -> Vec<String> {
    let entries = list.entries();
    let allows = |reference: &str| {
        entries
            .iter()
            .any(|entry| list.covers(facts.resolved(entry), reference))
    };
    let defaults = facts.defaults().and_then(|model| model.primary.as_ref());
    let own = |agent: &str| {
        let choice = facts
            .choices
            .iter()
            .find(|choice| choice.agent.as_deref() == Some(agent));
        choice.and_then(|choice| choice.model.primary.as_ref())
    };
    let governed: Vec<Option<&View<'_>>> = match &list.agent {
        Some(agent) => vec![own(agent).or(defaults)],
        None => std::iter::once(defaults)
            .chain(
                agents(facts.config)
                    .iter()
                    .filter(|agent| !agent.has_policy())
                    .map(|agent| own(&agent.id)),
            )
            .collect(),
    };
    let mut found: Vec<String> = Vec::new();
    for text in governed.into_iter().flatten().filter_map(View::text) {
        let Some((provider, id)) = facts.through(&text) else {
            continue;
        };
        let reference = format!("{}/{id}", provider.id);
        if !allows(&reference) && !found.contains(&reference) {
            found.push(reference);
        }
    }
    found
}
