//! Rules about which provider and model is called.

use crate::diagnostic::Level;
use crate::document::Kind;
use crate::edit::Change;
use crate::gateway_config::read::{Target, Upstream, split_slug};

use super::Rule;
use super::facts::{DYNAMIC, Facts, Findings, remove, set, shown};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "model-of-another-vendor",
        level: Level::Error,
        summary: "several providers get the same model name",
        why: "A target with a provider but no model sends the requested model without its \
              `@slug/`. Vendors don't share model names, so the second target answers 404 and \
              such a fallback never works. `portkey-dynamic` works with none of them.",
        fix: "Give every target its own model as `\"override_params\": { \"model\": \
              \"@provider/model\" }`, without `provider`.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},«"targets"»:[{"provider":"@anthropic-prod"},{"provider":"@openai-backup"}]}"#,
            r#"{"strategy":{"mode":"loadbalance"},«"targets"»:[{"provider":"@anthropic-us","weight":0.5},{"provider":"@anthropic-eu","weight":0.5}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@anthropic-prod/claude-sonnet-4-5"}},{"override_params":{"model":"@openai-backup/gpt-5"}}]}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"provider":"@anthropic-prod","override_params":{"model":"claude-sonnet-4-5"}},{"provider":"@openai-backup","override_params":{"model":"gpt-5"}}]}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"passthrough":true},{"override_params":{"model":"@openai-backup/gpt-5"}}]}"#,
            r#"{"strategy":{"mode":"fallback"},"override_params":{"model":"claude-sonnet-4-5"},"targets":[{"provider":"@anthropic-us"},{"provider":"@anthropic-eu"}]}"#,
        ],
        check: model_of_another_vendor,
    },
    Rule {
        id: "model-from-request",
        level: Level::Note,
        summary: "a target sends whichever model the request names",
        why: "The target has a provider but no model. That works if OpenClaw requests one of this \
              provider's models; `portkey-dynamic` reaches the provider unchanged and gets a 404.",
        fix: "Give the target its own model as `\"override_params\": { \"model\": \
              \"@provider/model\" }`, without `provider`.",
        bad: &[r#"{"provider":«"@openai-prod"»}"#],
        good: &[r#"{"provider":"@openai-prod","override_params":{"model":"gpt-5"}}"#],
        check: model_from_request,
    },
    Rule {
        id: "provider-from-request",
        level: Level::Note,
        summary: "the config leaves the provider to the request",
        why: "Without a provider, targets or a model with an `@slug`, the request has to name the \
              provider. `portkey/@openai/gpt-5` does; `portkey/portkey-dynamic` gets 400.",
        fix: "Keep it for requests that name their provider, or add `\"override_params\": { \
              \"model\": \"@provider/model\" }`.",
        bad: &[r#"«{"retry":{"attempts":2}}»"#],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2}}"#],
        check: provider_from_request,
    },
    Rule {
        id: "provider-missing",
        level: Level::Error,
        summary: "a target names no provider",
        why: "A target in a group needs a provider, a model with an `@slug`, or `\"passthrough\": \
              true`. Without one of these, the gateway fails with 500 and doesn't try the next \
              target.",
        fix: "Add `\"override_params\": { \"model\": \"@provider/model\" }`, or `\"passthrough\": \
              true` to use the provider and model of the request.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[«{"retry":{"attempts":1}}»,{"override_params":{"model":"@openai/gpt-5"}}]}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[«{"override_params":{"model":"gpt-5"}}»,{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"passthrough":true},{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: provider_missing,
    },
    Rule {
        id: "provider-with-slug-model",
        level: Level::Error,
        summary: "`provider` is set next to a model with an `@slug`",
        why: "With both, `provider` wins and the model is sent as written, including `@slug/`. No \
              vendor has such a model.",
        fix: "Remove `provider`; the model already names it.",
        bad: &[
            r#"{"provider":"@openai","override_params":{"model":«"@openai/gpt-5"»}}"#,
            r#"{"strategy":{"mode":"fallback"},"targets":[{"provider":"@google","override_params":{"model":«"@openai/gpt-5"»}}]}"#,
        ],
        good: &[
            r#"{"override_params":{"model":"@openai/gpt-5"}}"#,
            r#"{"provider":"@workers","override_params":{"model":"@cf/meta/llama-3"}}"#,
        ],
        check: provider_with_slug_model,
    },
    Rule {
        id: "slug-model-on-group",
        level: Level::Error,
        summary: "a group has a model with an `@slug`",
        why: "The gateway only interprets a slug on the target that is called. Targets that \
              inherit the model send it as written, including `@slug/`, and no vendor has such a \
              model.",
        fix: "Move the model to the targets.",
        bad: &[
            r#"{"strategy":{"mode":"fallback"},"override_params":{"model":«"@openai/gpt-5"»},"targets":[{"provider":"@openai"},{"provider":"@azure"}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"override_params":{"model":"gpt-5"},"targets":[{"provider":"@openai"},{"provider":"@azure"}]}"#,
        ],
        check: slug_model_on_group,
    },
    Rule {
        id: "dynamic-model",
        level: Level::Error,
        summary: "a target sends `portkey-dynamic` as its model",
        why: "`portkey-dynamic` only means something in OpenClaw. Every provider answers 404 to \
              it.",
        fix: "Use a model that exists, as `@provider/model`.",
        bad: &[r#"{"provider":"@openai","override_params":{"model":«"portkey-dynamic"»}}"#],
        good: &[r#"{"provider":"@openai","override_params":{"model":"gpt-5"}}"#],
        check: dynamic_model,
    },
    Rule {
        id: "passthrough-conflict",
        level: Level::Error,
        summary: "top-level `passthrough` is combined with settings that it excludes",
        why: "At the top, `\"passthrough\": true` means that the request names the provider and \
              model. Portkey refuses it next to `targets`, `strategy`, `override_params` and \
              guardrails.",
        fix: "Make it a separate target, `{ \"passthrough\": true }`, or remove it.",
        bad: &[
            r#"{«"passthrough"»:true,"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        good: &[
            r#"{"strategy":{"mode":"fallback"},"targets":[{"passthrough":true},{"override_params":{"model":"@openai/gpt-5"}}]}"#,
        ],
        check: passthrough_conflict,
    },
];

/// Targets that send the requested model to a fixed provider.
fn without_model<'c>(facts: &Facts<'c>) -> Vec<(&'c Target, &'c str)> {
    let leaves = facts.config.leaves();
    leaves
        .filter(|(_, target)| target.inherited.model.is_none())
        .filter_map(|(_, target)| match facts.config.upstream(target) {
            Upstream::Slug(name) | Upstream::Vendor(name) => Some((target, name)),
            Upstream::Request | Upstream::Nobody => None,
        })
        .collect()
}

fn differ(targets: &[(&Target, &str)]) -> bool {
    targets.iter().any(|(_, name)| *name != targets[0].1)
}

/// The change that sets a target's model, if the user named one.
fn with_model(facts: &Facts<'_>, target: &Target, slug: &str) -> Option<Vec<Change>> {
    let model = facts.model_of(slug)?;
    let params = facts.path(target.node, "override_params");
    let mut changes = vec![set(params.key("model"), model)];
    if let Some(provider) = &target.provider {
        changes.push(remove(facts.config.path(provider.node)));
    }
    Some(changes)
}

fn model_of_another_vendor(facts: &Facts<'_>, findings: &mut Findings) {
    let targets = without_model(facts);
    let root = facts.config.root().targets.as_ref();
    let (Some(list), true) = (root, differ(&targets)) else {
        return;
    };
    let mut names: Vec<String> = Vec::new();
    for (_, name) in &targets {
        let name = format!("@{}", shown(name));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let what = if facts.asks_dynamic() {
        format!("`{DYNAMIC}` is sent unchanged to")
    } else {
        "the same model name is sent to".to_owned()
    };
    findings.key(
        facts,
        list,
        format!("{what} {}", names.join(", ")),
        "give each target its own model as `\"override_params\": { \"model\": \"@provider/model\" \
         }` instead of `provider`",
    );
    let changes = targets
        .iter()
        .map(|(target, slug)| with_model(facts, target, slug))
        .collect::<Option<Vec<_>>>();
    if let Some(changes) = changes {
        findings.fix(true, "give each target its own model", changes.concat());
    }
}

fn model_from_request(facts: &Facts<'_>, findings: &mut Findings) {
    let targets = without_model(facts);
    if differ(&targets) {
        return;
    }
    for (target, slug) in targets {
        let Some(at) = target.provider.as_ref().or(target.virtual_key.as_ref()) else {
            continue;
        };
        let dynamic = facts.asks_dynamic();
        findings.value(
            facts,
            at,
            if dynamic {
                format!("`{DYNAMIC}` is sent unchanged to @{}", shown(slug))
            } else {
                format!(
                    "this only works for requests for a model of @{}",
                    shown(slug)
                )
            },
            "set the model as `\"override_params\": { \"model\": \"@provider/model\" }` instead",
        );
        if dynamic {
            findings.level(Level::Error);
        }
        if let Some(changes) = with_model(facts, target, slug) {
            findings.fix(true, "set the model", changes);
        }
    }
}

fn provider_from_request(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    let passes = root.passthrough.is_some() || root.strategy.is_some() || root.targets.is_some();
    let is_object = facts.document().kind(root.node) == Kind::Object;
    if passes || !is_object || facts.config.upstream(root) != Upstream::Request {
        return;
    }
    let dynamic = facts.asks_dynamic();
    findings.add(
        facts,
        root.node,
        root.range.clone(),
        if dynamic {
            format!("neither the config nor `{DYNAMIC}` names a provider, so Portkey answers 400")
        } else {
            format!("the request has to name its provider; `{DYNAMIC}` gets 400")
        },
        "add `\"override_params\": { \"model\": \"@provider/model\" }`",
    );
    if dynamic {
        findings.level(Level::Error);
    }
    let mut models = facts
        .models
        .iter()
        .filter(|model| split_slug(model).is_some());
    if let (Some(model), None) = (models.next(), models.next()) {
        let path = facts.path(root.node, "override_params").key("model");
        findings.fix(true, "set the model", vec![set(path, model.as_str())]);
    }
}

fn provider_missing(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.leaves() {
        let is_object = facts.document().kind(target.node) == Kind::Object;
        if is_object
            && target.targets.is_none()
            && facts.config.upstream(target) == Upstream::Nobody
        {
            findings.add(
                facts,
                target.node,
                target.range.clone(),
                "this target names no provider, so the gateway answers 500",
                "add `\"override_params\": { \"model\": \"@provider/model\" }`, or \
                 `\"passthrough\": true` to use those of the request",
            );
        }
    }
}

fn provider_with_slug_model(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let key = target.provider.as_ref().or(target.virtual_key.as_ref());
        let (Some(provider), Some((slug, _)), Some(model)) =
            (key, target.slug_model(), &target.model)
        else {
            continue;
        };
        if target.strategy.is_some() {
            continue;
        }
        let written = model.value.as_str().unwrap_or_default();
        findings.value(
            facts,
            model,
            format!(
                "the model is sent literally as `{}`, because `provider` is set too",
                shown(written)
            ),
            "remove `provider`; the model already names it",
        );
        let same = provider.value.trim_start_matches('@') == slug;
        let path = facts.config.path(provider.node);
        findings.fix(same, "remove `provider`", vec![remove(path)]);
    }
}

fn slug_model_on_group(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, group) in facts.groups() {
        if let (Some(model), Some(_)) = (&group.model, group.slug_model()) {
            findings.value(
                facts,
                model,
                "the targets of this group inherit the model as written, including `@`",
                "move it to the targets",
            );
        }
    }
}

fn dynamic_model(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, target) in facts.config.targets() {
        let Some(model) = &target.model else {
            continue;
        };
        let name = model.value.as_str().unwrap_or_default();
        let bare = split_slug(name).map_or(name, |(_, model)| model);
        if bare == DYNAMIC {
            findings.value(
                facts,
                model,
                format!("no provider has a model `{DYNAMIC}`"),
                "use a model that exists, as `@provider/model`",
            );
        }
    }
}

fn passthrough_conflict(facts: &Facts<'_>, findings: &mut Findings) {
    let root = facts.config.root();
    let Some(passthrough) = root.passthrough.as_ref().filter(|it| it.value) else {
        return;
    };
    let excluded = [
        ("targets", root.targets.is_some()),
        ("strategy", root.strategy.is_some()),
        ("override_params", root.override_params.is_some()),
        (
            "guardrails",
            !root.input.keys.is_empty() || !root.output.keys.is_empty(),
        ),
    ];
    let found: Vec<&str> = excluded
        .iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(key, _)| *key)
        .collect();
    if !found.is_empty() {
        findings.key(
            facts,
            passthrough,
            format!(
                "top-level `passthrough` can't be combined with {}",
                found.join(", ")
            ),
            "make it a separate target, `{ \"passthrough\": true }`, or remove it",
        );
        let path = facts.config.path(passthrough.node);
        findings.fix(false, "remove it", vec![remove(path)]);
    }
}
