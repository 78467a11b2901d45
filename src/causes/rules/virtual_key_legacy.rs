//! `virtual-key-legacy`

use crate::document::Value;
use crate::edit::Change;
use crate::portkey::headers::{PROVIDER, VIRTUAL_KEY};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "virtual-key-legacy",
    area: Area::Routing,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "`x-portkey-virtual-key` is the old name for a provider",
    why: "Virtual keys have become providers in the Model Catalog. The header still works, and \
          overrides the `@slug` of the models: they all go to that one provider.",
    fix: "Remove it and use `@slug/model` as the model's id, or send `x-portkey-provider: @slug`.",
    bad: &[
        wired!(headers r#"«"x-portkey-virtual-key"»: "openai-prod-a1b2c3""#),
        wired!(headers r#"«"x-portkey-virtual-key"»: "${PORTKEY_VIRTUAL_KEY}""#),
    ],
    good: &[wired!(headers r#""x-portkey-provider": "@openai-prod""#)],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        if header.name != VIRTUAL_KEY {
            continue;
        }
        findings.at_key(
            &header.holder,
            &header.written,
            "virtual keys are now providers, and this header overrides the @slug of the models",
            "remove it and write @slug/model, or send x-portkey-provider with @slug",
        );
        let other = provider.header(PROVIDER, header.model);
        if let Some(slug) = header
            .literal()
            .filter(|slug| !slug.is_empty() && other.is_none())
        {
            let slug = format!("@{}", slug.trim_start_matches('@'));
            let holder = header.holder.path();
            let changes = vec![
                Change::Rename {
                    path: holder.clone().key(&header.written),
                    key: PROVIDER.to_owned(),
                },
                Change::Set {
                    path: holder.clone().key(PROVIDER),
                    value: Value::String(slug),
                },
            ];
            findings.fix_all(
                facts.config,
                false,
                "send x-portkey-provider instead",
                changes,
            );
        }
    }
}
