//! `config-id-malformed`

use crate::document::Value;
use crate::portkey::headers::{CONFIG, ConfigValue, HeaderError, check_config};

use super::config_id_placeholder::is_placeholder;
use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "config-id-malformed",
    area: Area::Routing,
    level: Level::Error,
    symptoms: &[Symptom::Config],
    summary: "`x-portkey-config` is neither a config id nor a JSON object",
    why: "Portkey accepts an id that begins with `pc-` (in lower case), or a whole config as JSON \
          on one line. It answers 400 to anything else, such as the config's name. An id with \
          characters that Portkey's own ids don't have is a warning.",
    fix: "Copy the id from the config's page in Portkey, <https://app.portkey.ai/configs>.",
    bad: &[
        wired!(headers r#""x-portkey-config": «"my-router"»"#),
        wired!(headers r#""x-portkey-config": «"PC-pplx-c-ca7a87"»"#),
        wired!(headers r#""x-portkey-config": «"pc-my router"»"#),
        wired!(headers r#""x-portkey-config": «"[\"pc-a\"]"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-config": "pc-pplx-c-ca7a87""#),
        wired!(headers r#""x-portkey-config": "${PORTKEY_CONFIG}""#),
        wired!(headers r#""x-portkey-config": '{"retry":{"attempts":1}}'"#),
        // Surrounding whitespace isn't sent.
        wired!(headers r#""x-portkey-config": " pc-pplx-c-ca7a87 ""#),
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
            continue;
        }
        let help = "copy the id, which begins with pc-, from https://app.portkey.ai/configs";
        match check_config(&text) {
            Err(HeaderError::NoConfig) if text.is_empty() => {
                findings.at(
                    &header.value,
                    "the config id is empty, so no config is used",
                    help,
                );
                findings.level(Level::Warning);
            }
            Err(HeaderError::NoConfig) => {
                findings.at(
                    &header.value,
                    "this is neither a config id (pc-…) nor a JSON object, so Portkey answers 400",
                    help,
                );
                let lower = text.to_ascii_lowercase();
                if matches!(check_config(&lower), Ok(ConfigValue::Id)) {
                    findings.fix_set(
                        &header.value,
                        false,
                        "write it in lower case",
                        Value::String(lower),
                    );
                }
            }
            Ok(ConfigValue::UnusualId) => {
                findings.at(
                    &header.value,
                    "Portkey's config ids only have letters, digits, `-` and `_` after `pc-`",
                    help,
                );
                findings.level(Level::Warning);
            }
            _ => {}
        }
    }
}
