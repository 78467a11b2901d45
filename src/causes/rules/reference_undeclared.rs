//! `reference-undeclared`

use std::collections::{HashMap, HashSet};

use crate::document::Kind;
use crate::nearest::nearest;
use crate::openclaw::holders;
use crate::portkey::printable;

use super::primary_undeclared::undeclared;
use crate::causes::example::{routed, wired};
use crate::causes::facts::Role;
use crate::causes::{Area, Cause, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "reference-undeclared",
    area: Area::References,
    level: Level::Warning,
    symptoms: &[Symptom::NotFound],
    summary: "a fallback or another reference is not declared in the Portkey provider",
    why: "OpenClaw sends the name unchanged and knows nothing about the model. Usually it is a \
          typo, which only shows when the fallback is needed. This rule checks fallbacks, an \
          agent's own model, the keys of `models`, `utilityModel`, `imageModel`, `pdfModel`, and \
          the models of heartbeat, subagents and compaction.",
    fix: "Write the reference as the model is declared, or declare the model: \
          `{run: add-model @slug/model}`.",
    bad: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [«\"portkey/@gemini/gemini-2.5-pro\"»] } },"
        ),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, imageModel: «\"portkey/@gemini/gemini-2.5-image\"» },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } }, entries: { main: { model: «\"portkey/@openai-prod/o9\"» } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, models: { «\"portkey/@openai-prod/gpt-5-mini\"»: { alias: \"mini\" }, \"portkey/@openai-prod/gpt-5\": {} } },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, heartbeat: { model: «\"portkey/@openai-prod/gpt-5-nano\"» } },"),
    ],
    good: &[
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [\"portkey/@gemini/gemini-2.5-flash\"] } },"
        ),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, utilityModel: \"portkey/@gemini/gemini-2.5-flash\" },"),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, models: { \"portkey/*\": {}, \"portkey/@openai-prod/gpt-5\": {} } },"),
        // Other providers' models aren't known here.
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, pdfModel: \"portkey/@openai-prod/gpt-5\" },"),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for reference in &facts.references {
        if reference.role != Role::Primary || reference.agent.is_some() {
            undeclared(facts, reference, findings);
        }
    }
    if facts.complete {
        of_maps(facts, findings);
    }
}

/// Checks the keys of the `models` maps of the defaults and of the agents.
fn of_maps(facts: &Facts<'_>, findings: &mut Findings) {
    let declared: HashMap<String, (&PortkeyProvider<'_>, HashSet<&str>)> = facts
        .portkey
        .iter()
        .filter(|provider| !provider.models.is_empty())
        .map(|provider| {
            let ids = provider.models.iter().map(|model| model.id.trim());
            (provider.id.to_ascii_lowercase(), (provider, ids.collect()))
        })
        .collect();
    if declared.is_empty() {
        return;
    }
    let mut suggested = 0;
    for (_, holder) in holders(facts.config) {
        let Some(map) = holder
            .get("models")
            .filter(|map| map.kind() == Kind::Object)
        else {
            continue;
        };
        for (key, _) in map.entries() {
            let Some((id, model)) = key.split_once('/').filter(|(_, model)| *model != "*") else {
                continue;
            };
            let Some((provider, ids)) = declared.get(&id.to_ascii_lowercase()) else {
                continue;
            };
            if ids.contains(model) {
                continue;
            }
            suggested += 1;
            let near = (suggested <= MAX_SUGGESTED).then(|| nearest(model, ids.iter()));
            let help = match near.flatten() {
                Some(near) => format!("write {}/{}", provider.id, printable(near, 80)),
                None => "remove it, or add the model to the provider".to_owned(),
            };
            findings.at_key(
                &map,
                &key,
                format!(
                    "`{}` is not among the models of `{}`",
                    printable(model, 80),
                    printable(&provider.id, 40)
                ),
                help,
            );
        }
    }
}

/// The maximum number of keys to search a likely intended model for.
const MAX_SUGGESTED: usize = 20;
