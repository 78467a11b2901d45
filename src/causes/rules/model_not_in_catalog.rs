//! `model-not-in-catalog`

use crate::document::Value;
use crate::openclaw::View;
use crate::portkey::model_id::ModelId;
use crate::portkey::printable;

use crate::causes::{Area, Cause, Facts, Findings, Level, Listed, Online, Symptom, listed};

pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "model-not-in-catalog",
    area: Area::Online,
    level: Level::Error,
    symptoms: &[Symptom::NotFound],
    summary: "a model is not in the key's Model Catalog",
    why: "The provider slug exists, but Portkey lists no such model under it for this key: it is \
          misspelt, or not enabled. Ids are case-sensitive. Models routed by a config or provider \
          header are not checked, and nothing is reported if the list is incomplete or belongs to \
          a config attached to the key.",
    fix: "Copy the id from `{run: models}`, or enable the model in the Model Catalog.",
    bad: &[],
    good: &[],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    missing(facts, &CAUSE, findings);
}

/// Reports declared models that Portkey's list doesn't have, if `cause` is the reason.
pub(super) fn missing(facts: &Facts<'_>, cause: &Cause, findings: &mut Findings) {
    let Some(Online {
        models: Ok(catalogue),
        ..
    }) = facts.online
    else {
        return;
    };
    for (view, id) in asked(facts) {
        let Listed {
            diagnostic,
            nearest,
        } = listed(catalogue, &id, false);
        if !diagnostic.is(cause) {
            continue;
        }
        findings.at(&view, diagnostic.message, diagnostic.help);
        if let Some(model) = nearest {
            let title = format!("write {}", printable(&model.id, 80));
            findings.fix_set(&view, false, title, Value::String(model.id.clone()));
        }
    }
}

/// The declared models whose `@slug` selects the provider, each with the view of its id.
fn asked<'c>(facts: &Facts<'c>) -> Vec<(View<'c>, ModelId)> {
    let mut asked = Vec::new();
    for provider in facts.asked() {
        for (index, model) in provider.models.iter().enumerate() {
            if provider.is_routed(Some(index)) {
                continue;
            }
            let id = ModelId::parse(&model.id, "").ok();
            if let (Some(view), Some(id)) = (model.view.get("id"), id) {
                asked.push((view, id));
            }
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use crate::causes::Online;
    use crate::causes::example::{catalogue, found_online, wired};

    #[test]
    fn looks_up_declared_models() {
        let online = Online {
            models: Ok(catalogue(&[
                "@openai-prod/gpt-5",
                "@openai-prod/gpt-5-mini",
                "@b/x",
            ])),
            configs: Vec::new(),
        };
        for (config, want) in [
            (
                wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "A" }]"#),
                "",
            ),
            (
                wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "A" }, { id: "@openai-prod/gpt-5-minni", name: "B" }]"#),
                "model-not-in-catalog error \"@openai-prod/gpt-5-minni\"",
            ),
            (
                wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "A" }, { id: "@OpenAI-prod/gpt-5", name: "B" }]"#),
                "model-not-in-catalog error \"@OpenAI-prod/gpt-5\"",
            ),
            (
                wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "A" }, { id: "@nope/gpt-5", name: "B" }]"#),
                "slug-unknown error \"@nope/gpt-5\"",
            ),
            // A header selects the provider.
            (
                wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "A" }, { id: "@nope/gpt-5", name: "B", headers: { "x-portkey-config": "pc-a1" } }]"#),
                "",
            ),
        ] {
            assert_eq!(found_online(config, &online), want, "{config}");
        }
    }

    #[test]
    fn ignores_incomplete_lists() {
        let mut models = catalogue(&["@openai-prod/gpt-5"]);
        models.total = Some(2);
        let online = Online {
            models: Ok(models),
            configs: Vec::new(),
        };
        let config = wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "A" }, { id: "@nope/gpt-5", name: "B" }, { id: "@openai-prod/o9", name: "C" }]"#);
        assert_eq!(found_online(config, &online), "");
    }
}
