//! `config-unknown`

use crate::causes;
use crate::portkey::headers::CONFIG;
use crate::portkey::printable;
use crate::portkey::refusal::Refused;

use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(crate) static CAUSE: Cause = Cause {
    id: "config-unknown",
    area: Area::Online,
    level: Level::Error,
    symptoms: &[Symptom::Config, Symptom::Dashboard],
    summary: "Portkey refuses the config id",
    why: "The id is misspelt, deleted or belongs to another workspace (400 `Invalid config id \
          passed`), or the key has a default config that may not be overridden (400 `Cannot \
          override default config`). Every request with the header fails.",
    fix: "Copy the id from <https://app.portkey.ai/configs>. If the key pins its config, remove \
          the header.",
    bad: &[],
    good: &[],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(online) = facts.online else {
        return;
    };
    for (_, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == CONFIG) else {
            continue;
        };
        let answer = online.configs.iter().find(|(id, _)| *id == text);
        let Some((_, Some(refusal))) = answer else {
            continue;
        };
        if matches!(
            refusal.cause,
            Refused::UnknownConfig | Refused::ConfigPinned
        ) {
            let refused = causes::for_refusal(refusal.cause);
            findings.at(
                &header.value,
                format!("{}: {}", refused.summary, printable(&text, 80)),
                refused.fix.trim_end_matches('.'),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::causes::Online;
    use crate::causes::example::{catalogue, found_online, refusal, wired};
    use crate::portkey::refusal::Refused;

    #[test]
    fn reports_rejected_configs() {
        let config = wired!(headers r#""x-portkey-config": "pc-a1b2c3""#);
        for (answer, want) in [
            (None, ""),
            (
                Some(Refused::UnknownConfig),
                "config-unknown error \"pc-a1b2c3\"",
            ),
            (
                Some(Refused::ConfigPinned),
                "config-unknown error \"pc-a1b2c3\"",
            ),
            (Some(Refused::GatewayFailed), ""),
        ] {
            let online = Online {
                models: Ok(catalogue(&["@openai-prod/gpt-5"])),
                configs: vec![("pc-a1b2c3".to_owned(), answer.map(refusal))],
            };
            assert_eq!(found_online(config, &online), want, "{answer:?}");
        }
    }
}
