//! `reference-without-provider`

use crate::document::Value;
use crate::nearest::likeness;
use crate::portkey::printable;

use crate::causes::example::{routed, wired};
use crate::causes::facts::{Reference, Role};
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "reference-without-provider",
    area: Area::References,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::Dashboard],
    summary: "a reference to a Portkey model lacks the provider's id",
    why: "OpenClaw reads the part before the first slash as the id of a provider in \
          `models.providers`. In `@gemini/gemini-2.5-flash` that is `@gemini`, which does not \
          exist. A name without a slash is treated as another vendor's, and `doctor --fix` would \
          even replace it with that vendor's model.",
    fix: "Add the provider's id: `portkey/@gemini/gemini-2.5-flash`.",
    bad: &[
        wired!(agents "defaults: { model: { primary: «\"@gemini/gemini-2.5-flash\"» } },"),
        wired!(agents "defaults: { model: «\"@nobody/gpt-5\"» },"),
        wired!(agents "defaults: { model: «\"gemini-2.5-flash\"» },"),
        // The provider's id is misspelt.
        wired!(agents "defaults: { model: { primary: «\"portky/@openai-prod/gpt-5\"» } },"),
        routed!(
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", fallbacks: [«\"@gemini/gemini-2.5-flash\"»] } },"
        ),
        wired!(agents "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" }, utilityModel: «\"@gemini/gemini-2.5-flash\"» },"),
    ],
    good: &[
        wired!(agents "defaults: { model: { primary: \"portkey/@gemini/gemini-2.5-flash\" } },"),
        // An alias.
        wired!(agents "defaults: { model: { primary: \"gemini\" }, models: { \"portkey/@gemini/gemini-2.5-flash\": { alias: \"gemini\" } } },"),
        // OpenClaw finds the only provider that has the model.
        "{
  meta: { lastTouchedVersion: \"2026.9.6\" },
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    headers: { \"x-portkey-config\": \"pc-pplx-c-ca7a87\" },
    api: \"openai-completions\",
    models: [{ id: \"portkey-dynamic\", name: \"Router\" }],
  } } },
  agents: { defaults: { model: { primary: \"portkey-dynamic\" } } },
}",
    ],
    doubt: Doubt::Always,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for reference in &facts.references {
        let Some((meant, level)) = intended(facts, reference) else {
            continue;
        };
        let head = reference.text.trim();
        let message = match head.split_once('/') {
            Some((provider, _)) => format!(
                "missing `{}/` prefix: OpenClaw looks for a provider named `{}`",
                printable(meant.split('/').next().unwrap_or_default(), 40),
                printable(provider, 40)
            ),
            None => format!(
                "`{}` has no provider, and OpenClaw does not find Portkey's model by that name",
                printable(head, 60)
            ),
        };
        let shown = printable(&meant, 80);
        findings.at(&reference.view, message, format!("write {shown}"));
        findings.level(level);
        findings.fix_set(
            &reference.view,
            false,
            format!("write {shown}"),
            Value::String(meant),
        );
    }
}

/// The intended reference, if this one lacks the Portkey provider's id, and a level that says how
/// certain it is that it goes elsewhere.
pub(super) fn intended(facts: &Facts<'_>, reference: &Reference<'_>) -> Option<(String, Level)> {
    let text = facts.resolved(&reference.text);
    // Where an alias points is deliberate.
    if !reference.text.trim().starts_with(text) || facts.through(text).is_some() {
        return None;
    }
    let provider = facts.portkey.first()?;
    let write = |provider: &PortkeyProvider<'_>, id: &str| format!("{}/{id}", provider.id);
    let owner = |id: &str| facts.portkey.iter().find(|provider| provider.declares(id));
    let Some((head, rest)) = text.split_once('/') else {
        return without_slash(facts, reference, text);
    };
    if facts
        .others
        .iter()
        .any(|other| other.id.eq_ignore_ascii_case(head))
    {
        return None;
    }
    if head.starts_with('@') && head.len() > 1 {
        return Some((write(owner(text).unwrap_or(provider), text), Level::Error));
    }
    // A misspelt provider id: other providers have models with an `@` too.
    let alike = |provider: &&PortkeyProvider<'_>| {
        provider.id.len() > 3 && likeness(&provider.id, head) >= 0.7
    };
    let near = facts
        .portkey
        .iter()
        .find(alike)
        .filter(|_| rest.starts_with('@'));
    Some((
        write(
            owner(rest).or(near).filter(|_| rest.starts_with('@'))?,
            rest,
        ),
        Level::Error,
    ))
}

/// A name without a slash: certain if Portkey declares exactly that id, likely if it is a declared
/// id without its `@slug/`.
fn without_slash(
    facts: &Facts<'_>,
    reference: &Reference<'_>,
    text: &str,
) -> Option<(String, Level)> {
    if let Some(provider) = facts
        .portkey
        .iter()
        .find(|provider| provider.declares(text))
    {
        // A fallback without a provider uses the primary's.
        let sure = reference.role == Role::Primary;
        return sure.then(|| (format!("{}/{text}", provider.id), Level::Error));
    }
    let tail = |id: &str| {
        id.starts_with('@') && id.split_once('/').is_some_and(|(_, model)| model == text)
    };
    let (provider, model) = facts.models().find(|(_, model)| tail(&model.id))?;
    Some((format!("{}/{}", provider.id, model.id), Level::Warning))
}
