//! `config-inline`

use crate::document::{Value, places};
use crate::edit;
use crate::gateway_config::check::{self, Facts as ConfigFacts, Finding};
use crate::gateway_config::read::GatewayConfig;
use crate::portkey::headers::{CONFIG, ConfigValue, ascii, check_config};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Header, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "config-inline",
    area: Area::Routing,
    level: Level::Error,
    symptoms: &[Symptom::Config],
    summary: "the inline gateway config in `x-portkey-config` has a problem",
    why: "The header contains a whole gateway config as JSON. `gateway-config check` finds what \
          the gateway refuses, ignores, or handles differently than it looks. Each message names \
          the check, and has that check's level.",
    fix: "Save the JSON as a file and run: {run: gateway-config check FILE} — it shows more details.",
    bad: &[
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "portkey-dynamic", name: "Router", headers: { "x-portkey-config": '{"strategy":{"mode":«"load-balance"»},"targets":[{"override_params":{"model":"@a/m"}}]}' } }]"#),
        wired!(headers r#""x-portkey-config": "{\"retry\":{\"attempts\":«\"1\"»}}""#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "portkey-dynamic", name: "Router", headers: { "x-portkey-config": ' {"\u0073trategy":{"mode":"fallback"},«"targets"»:[{"provider":"@a"},{"provider":"@b"}]}' } }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5" }, { id: "portkey-dynamic", name: "Router", headers: { "x-portkey-config": '{"provider":«"@a"»}' } }]"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-config": '{"retry":{"attempts":1}}'"#),
        wired!(headers r#""x-portkey-config": "pc-pplx-c-ca7a87""#),
        wired!(headers r#""x-portkey-config": '{"strategy":{"mode":"fallback"},"targets":[{"passthrough":true},{"override_params":{"model":"@b/n"}}]}'"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        let text = header.literal().filter(|_| header.name == CONFIG);
        let Some(text) = text.filter(|text| matches!(check_config(text), Ok(ConfigValue::Inline)))
        else {
            continue;
        };
        if let Ok(config) = GatewayConfig::parse(text.as_ref()) {
            inside(facts, (provider, header), &config, findings);
        }
    }
}

/// Reports the problems in one header, each at its position in the string.
fn inside(
    facts: &Facts<'_>,
    (provider, header): (&PortkeyProvider<'_>, &Header<'_>),
    config: &GatewayConfig,
    findings: &mut Findings,
) {
    let asked = header
        .model
        .map(|index| provider.models[index].id.trim().to_owned());
    let of_config = ConfigFacts {
        asked,
        version: facts.version.version(),
        ..ConfigFacts::new(config)
    };
    let (source, range) = header.value.range();
    let document = &facts.config.sources()[source].document;
    let places = places(&document.text()[range.clone()]);
    // Leading whitespace isn't sent.
    let value = header.value.text().unwrap_or_default();
    let skipped = value.len() - value.trim_start().len();
    let place = |offset: usize| {
        let last = places.len().saturating_sub(1);
        range.start + places.get(last.min(skipped + offset)).copied().unwrap_or(0)
    };
    for found in check::run(&of_config) {
        if !found.level.is_problem() {
            continue;
        }
        let message = format!("{} ({})", found.message, found.rule.id);
        let at = place(found.range.start)..place(found.range.end);
        findings.within(&header.value, at, message, found.help.clone());
        findings.level(found.level);
        fix(header, config, &found, findings);
    }
}

/// Adds the fix, which replaces the whole header.
fn fix(header: &Header<'_>, config: &GatewayConfig, found: &Finding, findings: &mut Findings) {
    let Some(fix) = &found.fix else {
        return;
    };
    let Ok(edited) = edit::apply(config.document(), &fix.changes) else {
        return;
    };
    let text = ascii(edited.document.text().trim());
    if text.contains('\n') || !matches!(check_config(&text), Ok(ConfigValue::Inline)) {
        return;
    }
    findings.fix_set(
        &header.value,
        fix.safe,
        fix.title.clone(),
        Value::String(text),
    );
}
