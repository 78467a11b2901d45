//! `config-id-placeholder`

use crate::openclaw::CredentialSource;
use crate::portkey::headers::{CONFIG, CONFIG_PLACEHOLDER};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "config-id-placeholder",
    area: Area::Routing,
    level: Level::Error,
    symptoms: &[Symptom::Config],
    summary: "`x-portkey-config` is a placeholder, or a reference that OpenClaw does not expand",
    why: "The value is sent literally, and Portkey answers 400 `Invalid config id passed`. \
          `pc-config-id`, the placeholder in Portkey's guide, is only a warning, so that a config \
          copied from the guide can be checked.",
    fix: "Copy your config's id from <https://app.portkey.ai/configs>; for a variable write \
          `\"${NAME}\"`.",
    bad: &[
        wired!(headers r#""x-portkey-config": «"pc-config-id"»"#),
        wired!(headers r#""x-portkey-config": «"YOUR_CONFIG_ID"»"#),
        wired!(headers r#""x-portkey-config": «"pc-your-config-id"»"#),
        wired!(headers r#""x-portkey-config": «"pc-xxxxxx"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-config": "pc-config-a1b2c3""#),
        wired!(headers r#""x-portkey-config": "${PORTKEY_CONFIG}""#),
        wired!(headers r#""x-portkey-config": "pc-${STAGE}""#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == CONFIG) else {
            continue;
        };
        if is_placeholder(&text) {
            findings.at(
                &header.value,
                "this placeholder is sent instead of a config id, and Portkey answers 400",
                "copy your config's id from https://app.portkey.ai/configs",
            );
            if text == CONFIG_PLACEHOLDER {
                findings.level(Level::Warning);
            }
        }
    }
}

/// Whether a text is a placeholder for an id.
pub(super) fn is_placeholder(text: &str) -> bool {
    if text.starts_with('{') {
        return false;
    }
    let id = text
        .strip_prefix("pc-")
        .unwrap_or(text)
        .to_ascii_lowercase();
    let blank = |c: char| matches!(c, 'x' | '*' | '.' | '…' | '-' | '_');
    text == CONFIG_PLACEHOLDER
        || CredentialSource::of_text(text) == CredentialSource::Unexpanded
        || ["your-", "your_", "<", "..."]
            .iter()
            .any(|start| id.starts_with(start))
        || (!id.is_empty() && id.chars().all(blank))
}
