//! Rules that need Portkey's answers: its providers, their models, and guardrails.

use crate::diagnostic::Level;
use crate::gateway_config::overview::label;
use crate::gateway_config::read::{Guardrail, Spanned, Target, TargetId, Upstream};
use crate::nearest::nearest;
use crate::portkey::catalogue::{Catalogue, Lookup, Mode};
use crate::portkey::model_id::ModelId;
use crate::portkey::refusal::Refusal;

use super::Rule;
use super::facts::{Facts, Findings, shown};

/// Portkey's answers.
#[derive(Clone, Copy, Debug)]
pub struct Online<'o> {
    /// The models that the key can use.
    pub catalogue: &'o Catalogue,
    /// Why Portkey rejects the config itself.
    pub refusal: Option<&'o Refusal>,
}

/// Rules that report nothing in an offline run.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "slug-unknown",
        level: Level::Error,
        summary: "a provider is not in the Model Catalog",
        why: "Portkey answers 400 to every request, even if it would go to another target.",
        fix: "Copy the slug from the Model Catalog; it is case-sensitive.",
        bad: &[],
        good: &[],
        check: slug_unknown,
    },
    Rule {
        id: "model-unlisted",
        level: Level::Error,
        summary: "a model is not in the Model Catalog",
        why: "The target answers 404 or 412: the provider doesn't have the model, or the \
              workspace may not use it.",
        fix: "Choose a model from `openclaw-portkey models`.",
        bad: &[],
        good: &[],
        check: model_unlisted,
    },
    Rule {
        id: "config-refused",
        level: Level::Error,
        summary: "Portkey does not accept the config",
        why: "Portkey refused to list its models with this config, a request that costs nothing. \
              It would refuse every other request too.",
        fix: "Fix what Portkey's message names.",
        bad: &[],
        good: &[],
        check: config_refused,
    },
];

/// A catalogue that includes slugs.
fn catalogue<'o>(facts: &Facts<'o>) -> Option<&'o Catalogue> {
    let catalogue = facts.online?.catalogue;
    let is_whole = catalogue.mode == Mode::Integrated && !catalogue.is_partial();
    (is_whole && !catalogue.models.is_empty()).then_some(catalogue)
}

/// Where the target's provider is written.
fn place(target: &Target) -> Option<Spanned<()>> {
    fn of<T>(at: &Spanned<T>) -> Spanned<()> {
        Spanned {
            value: (),
            node: at.node,
            range: at.range.clone(),
            key: at.key.clone(),
        }
    }
    let provider = target.provider.as_ref().map(of);
    let provider = provider.or_else(|| target.virtual_key.as_ref().map(of));
    provider.or_else(|| target.model.as_ref().map(of))
}

fn slug_unknown(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(catalogue) = catalogue(facts) else {
        return;
    };
    let known = catalogue.slugs();
    for (_, leaf) in facts.config.leaves() {
        let Upstream::Slug(slug) = facts.config.upstream(leaf) else {
            continue;
        };
        let Some(at) = place(leaf).filter(|_| !known.contains(&slug)) else {
            continue;
        };
        let help = match nearest(slug, &known) {
            Some(near) => format!("did you mean @{near}?"),
            None => format!("the Model Catalog has @{}", known.join(", @")),
        };
        let message = format!("the Model Catalog has no provider @{}", shown(slug));
        findings.value(facts, &at, message, shown(&help));
    }
}

fn model_unlisted(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(catalogue) = catalogue(facts) else {
        return;
    };
    for (id, leaf) in facts.config.leaves() {
        let Some((model, at)) = model_of(facts, id, leaf) else {
            continue;
        };
        let unlisted = matches!(
            catalogue.lookup(&model),
            Lookup::UnknownModel | Lookup::CaseSlip(_)
        );
        if !unlisted {
            continue;
        }
        let near: Vec<&str> = catalogue
            .nearest(model.as_str(), 3)
            .into_iter()
            .map(|model| model.id.as_str())
            .collect();
        let help = match near.as_slice() {
            [] => "`openclaw-portkey models` lists what the key can route to".to_owned(),
            near => format!("did you mean {}?", near.join(", ")),
        };
        let message = format!("{} is not in the Model Catalog", shown(model.as_str()));
        findings.value(facts, &at, message, shown(&help));
    }
}

/// The model that a target calls, and where it is written.
fn model_of(facts: &Facts<'_>, id: TargetId, leaf: &Target) -> Option<(ModelId, Spanned<()>)> {
    let owner = leaf
        .inherited
        .model
        .map(|owner| facts.config.target(owner))?;
    let label = label(facts.config, id);
    let at = owner.model.as_ref()?;
    let model = ModelId::parse(&label, "")
        .ok()
        .filter(|model| model.slug().is_some())?;
    let at = Spanned {
        value: (),
        node: at.node,
        range: at.range.clone(),
        key: at.key.clone(),
    };
    Some((model, at))
}

/// Portkey's message for unknown guardrails; their ids follow.
const GUARDRAILS: &str = "Following guardrails are not valid:";
/// The same for providers, which the rule above reports.
const KEYS: &str = "Following keys are not valid:";

fn config_refused(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(refusal) = facts.online.and_then(|online| online.refusal) else {
        return;
    };
    let message = refusal.message.trim();
    if message.starts_with(KEYS) && catalogue(facts).is_some() {
        return;
    }
    let unknown: Vec<&str> = message
        .strip_prefix(GUARDRAILS)
        .into_iter()
        .flat_map(|ids| ids.split(','))
        .map(str::trim)
        .collect();
    let mut is_placed = false;
    for (_, target) in facts.config.targets() {
        for guardrail in target.input.list.iter().chain(&target.output.list) {
            let id = match guardrail {
                Guardrail::Id(id) => Some(id),
                Guardrail::Hook(hook) => hook.id.as_ref(),
                Guardrail::Broken(_) => None,
            };
            if let Some(id) = id.filter(|id| unknown.contains(&id.value.as_str())) {
                is_placed = true;
                findings.value(
                    facts,
                    id,
                    format!("Portkey has no guardrail {}", shown(&id.value)),
                    "copy its id, which begins with pg-, from https://app.portkey.ai/guardrails",
                );
            }
        }
    }
    if !is_placed {
        let root = facts.config.root();
        findings.add(
            facts,
            root.node,
            root.range.clone(),
            format!(
                "Portkey does not accept the config: {message} ({})",
                refusal.status
            ),
            "fix what the message names",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway_config::check::run;
    use crate::gateway_config::read::GatewayConfig;
    use crate::portkey::refusal::{Reply, classify};

    fn found(text: &str, ids: &[&str], said: Option<&str>) -> Vec<(String, String, String)> {
        let data: Vec<_> = ids
            .iter()
            .map(|id| serde_json::json!({ "id": id }))
            .collect();
        let list = serde_json::json!({ "object": "list", "data": data }).to_string();
        let catalogue = Catalogue::parse(list.as_bytes()).unwrap();
        let refusal = said.map(|message| {
            let body = serde_json::json!({ "status": "failure", "message": message }).to_string();
            classify(
                Reply {
                    status: 400,
                    reached_target: false,
                    body: body.as_bytes(),
                },
                None,
            )
        });
        let config = GatewayConfig::parse(text).unwrap();
        let facts = Facts {
            online: Some(Online {
                catalogue: &catalogue,
                refusal: refusal.as_ref(),
            }),
            ..Facts::new(&config)
        };
        let found = run(&facts)
            .into_iter()
            .filter(|one| one.level == Level::Error);
        found
            .map(|one| {
                (
                    one.rule.id.to_owned(),
                    text[one.range.clone()].to_owned(),
                    one.help,
                )
            })
            .collect()
    }

    const LIST: [&str; 2] = ["@openai/gpt-5", "@google/gemini-2.5-flash"];

    #[test]
    fn unknown_providers_and_models() {
        for (text, rule, at, help) in [
            (
                r#"{"override_params":{"model":"@opanai/gpt-5"}}"#,
                "slug-unknown",
                r#""@opanai/gpt-5""#,
                "did you mean @openai?",
            ),
            (
                r#"{"provider":"@x","override_params":{"model":"gpt-5"}}"#,
                "slug-unknown",
                r#""@x""#,
                "the Model Catalog has",
            ),
            (
                r#"{"override_params":{"model":"@openai/gpt-6"}}"#,
                "model-unlisted",
                r#""@openai/gpt-6""#,
                "did you mean @openai/gpt-5",
            ),
            (
                r#"{"provider":"@openai","override_params":{"model":"GPT-5"}}"#,
                "model-unlisted",
                r#""GPT-5""#,
                "@openai/gpt-5",
            ),
        ] {
            let found = found(text, &LIST, None);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].0.as_str(), found[0].1.as_str()), (rule, at));
            assert!(found[0].2.contains(help), "{found:?}");
        }
        for text in [
            r#"{"override_params":{"model":"@openai/gpt-5"}}"#,
            r#"{"provider":"@openai"}"#,
            r#"{"passthrough":true}"#,
        ] {
            assert_eq!(found(text, &LIST, None), [], "{text}");
        }
        // A list without slugs, or an empty one.
        assert_eq!(found(r#"{"provider":"@x"}"#, &["gpt-5"], None), []);
        assert_eq!(found(r#"{"provider":"@x"}"#, &[], None), []);
    }

    #[test]
    fn configs_rejected_by_portkey() {
        let text = r#"{"provider":"@openai","input_guardrails":["pg-a","pg-b"]}"#;
        let found_one = found(
            text,
            &LIST,
            Some("Following guardrails are not valid: pg-b"),
        );
        assert_eq!(found_one.len(), 1);
        assert_eq!(found_one[0].1, r#""pg-b""#);
        let other = found(text, &LIST, Some("Invalid config passed"));
        assert_eq!((other.len(), other[0].1.as_str()), (1, text));
        let twice = found(
            r#"{"provider":"@x"}"#,
            &LIST,
            Some("Following keys are not valid: x"),
        );
        assert_eq!(twice.len(), 1, "{twice:?}");
    }
}
