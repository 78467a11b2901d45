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
        why: "A target with a provider and no model sends the model that was asked for, its \
              `@slug/` cut off. One vendor's model name means nothing to another, so the second \
              target answers 404: such a fallback never works. `portkey-dynamic` means nothing to \
              any of them.",
        fix: "Give every target its model as `\"override_params\": { \"model\": \
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
        summary: "a target sends the model that was asked for",
        why: "The target has a provider and no model. That works where OpenClaw asks for a model \
              of this provider; `portkey-dynamic` reaches the provider as it is, and gets a 404.",
        fix: "Give the target its model as `\"override_params\": { \"model\": \
              \"@provider/model\" }`, without `provider`.",
        bad: &[r#"{"provider":«"@openai-prod"»}"#],
        good: &[r#"{"provider":"@openai-prod","override_params":{"model":"gpt-5"}}"#],
        check: model_from_request,
    },
    Rule {
        id: "provider-from-request",
        level: Level::Note,
        summary: "the config leaves it to the request whom to call",
        why: "Without a provider, targets or a model with its `@slug`, the request has to say whom \
              to call. `portkey/@openai/gpt-5` does; `portkey/portkey-dynamic` gets 400.",
        fix: "Keep it as it is for requests that name their model, or add `\"override_params\": { \
              \"model\": \"@provider/model\" }`.",
        bad: &[r#"«{"retry":{"attempts":2}}»"#],
        good: &[r#"{"override_params":{"model":"@openai/gpt-5"},"retry":{"attempts":2}}"#],
        check: provider_from_request,
    },
    Rule {
        id: "provider-missing",
        level: Level::Error,
        summary: "a target that says nobody to call",
        why: "A target inside a group needs a provider, a model with its `@slug`, or \
              `\"passthrough\": true`. The gateway fails on others with 500, and does not even try \
              the next target.",
        fix: "Add `\"override_params\": { \"model\": \"@provider/model\" }`, or `\"passthrough\": \
              true` to take provider and model from the request.",
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
        summary: "a provider next to a model with its `@slug`",
        why: "With both, the provider wins and the model goes out as it is written, `@slug/` \
              included. No vendor has such a model.",
        fix: "Remove `provider`; the model names it.",
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
        summary: "a model with its `@slug` on a group",
        why: "The slug of a model is understood on the target that is called. Its targets inherit \
              the model as it is written, `@slug/` included, and no vendor has such a model.",
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
        summary: "`portkey-dynamic` as a model to send",
        why: "`portkey-dynamic` is a name for OpenClaw's side. A target that sends it gets a 404 \
              from every provider.",
        fix: "Name a model that exists, as `@provider/model`.",
        bad: &[r#"{"provider":"@openai","override_params":{"model":«"portkey-dynamic"»}}"#],
        good: &[r#"{"provider":"@openai","override_params":{"model":"gpt-5"}}"#],
        check: dynamic_model,
    },
    Rule {
        id: "passthrough-conflict",
        level: Level::Error,
        summary: "`passthrough` for the whole config next to settings that it excludes",
        why: "At the top, `\"passthrough\": true` says that provider and model come from the \
              request. Portkey refuses it next to `targets`, `strategy`, `override_params` and \
              guardrails.",
        fix: "Make it a target of its own, `{ \"passthrough\": true }`, or remove it.",
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
        format!("`{DYNAMIC}` goes out as it is to")
    } else {
        "one and the same model name goes to".to_owned()
    };
    findings.key(
        facts,
        list,
        format!("{what} {}", names.join(", ")),
        "give each target its model as `\"override_params\": { \"model\": \"@provider/model\" }` \
         instead of `provider`",
    );
    let changes = targets
        .iter()
        .map(|(target, slug)| with_model(facts, target, slug))
        .collect::<Option<Vec<_>>>();
    if let Some(changes) = changes {
        findings.fix(true, "give each target its model", changes.concat());
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
                format!("`{DYNAMIC}` goes out as it is to @{}", shown(slug))
            } else {
                format!(
                    "works only for requests that ask for a model of @{}",
                    shown(slug)
                )
            },
            "name the model as `\"override_params\": { \"model\": \"@provider/model\" }` instead",
        );
        if dynamic {
            findings.level(Level::Error);
        }
        if let Some(changes) = with_model(facts, target, slug) {
            findings.fix(true, "name the model", changes);
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
            format!(
                "nothing says whom to call, and `{DYNAMIC}` does not either: Portkey answers 400"
            )
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
        findings.fix(true, "name the model", vec![set(path, model.as_str())]);
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
                "this target says nobody to call, and the gateway fails on it",
                "add `\"override_params\": { \"model\": \"@provider/model\" }`, or \
                 `\"passthrough\": true` to take both from the request",
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
                "goes out literally as `{}`, since the provider is named next to it",
                shown(written)
            ),
            "remove `provider`; the model names it",
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
                "the targets of this group inherit the model as it is written, `@` included",
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
                "name a model that exists, as `@provider/model`",
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
            format!("`passthrough` at the top excludes {}", found.join(", ")),
            "make it a target of its own, `{ \"passthrough\": true }`, or remove it",
        );
        let path = facts.config.path(passthrough.node);
        findings.fix(false, "remove it", vec![remove(path)]);
    }
}
