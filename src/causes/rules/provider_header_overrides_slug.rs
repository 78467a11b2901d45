//! `provider-header-overrides-slug`

use crate::portkey::headers::PROVIDER;
use crate::portkey::printable;

use super::config_overrides_slug::governed;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "provider-header-overrides-slug",
    area: Area::Routing,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "`x-portkey-provider` contradicts the `@slug` of a model",
    why: "The header wins: Portkey strips the `@slug` from the model's id and sends the rest to \
          the header's provider, which may not even have such a model.",
    fix: "Remove the header and let the `@slug` of each model decide.",
    bad: &[
        wired!(headers r#""x-portkey-provider": «"@anthropic-prod"»"#),
        wired!(headers r#""X-Portkey-Provider": «"openai"»"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "x-portkey-provider": «"@openai-test"» } }]"#),
    ],
    good: &[
        // The header and the slug agree.
        wired!(headers r#""x-portkey-provider": "@openai-prod""#),
        wired!(headers r#""x-portkey-provider": "${PORTKEY_PROVIDER}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == PROVIDER) else {
            continue;
        };
        // `header-value-invalid` reports this.
        if text.contains('/') {
            continue;
        }
        let wanted = text.trim_start_matches('@');
        let overridden = governed(provider, header).find(|id| {
            id.strip_prefix('@')
                .and_then(|id| id.split_once('/'))
                .is_some_and(|(slug, _)| slug != wanted)
        });
        if let Some(id) = overridden.filter(|_| !wanted.is_empty()) {
            findings.at(
                &header.value,
                format!(
                    "`{}` is used for all models here, so the slug of `{}` is ignored",
                    printable(&text, 60),
                    printable(id, 80)
                ),
                "remove the header and let the @slug of each model decide",
            );
            findings.fix_remove(&header.value, false, "remove the header");
        }
    }
}
