//! `config-unknown`

use crate::portkey::headers::CONFIG;
use crate::portkey::refusal::Cause;
use crate::symptoms;

use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "config-unknown",
    group: Group::Online,
    level: Level::Error,
    summary: "Portkey refuses the config id",
    why: "The id is misspelt, deleted or of another workspace (400 `Invalid config id passed`), or \
          the key has a config of its own that may not be overridden (400 `Cannot override \
          default config`). Every request with the header fails.",
    fix: "Copy the id from <https://app.portkey.ai/configs>; where the key pins its config, \
          remove the header.",
    bad: &[],
    good: &[],
    check,
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
        if matches!(refusal.cause, Cause::UnknownConfig | Cause::ConfigPinned) {
            let symptom = symptoms::for_cause(refusal.cause);
            findings.at(
                &header.value,
                symptom.title,
                symptom.fix.trim_end_matches('.'),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Online;
    use super::super::example::{catalogue, found_online, refusal, wired};
    use crate::portkey::refusal::Cause;

    #[test]
    fn refused_configs_are_found() {
        let config = wired!(headers r#""x-portkey-config": "pc-a1b2c3""#);
        for (answer, want) in [
            (None, ""),
            (
                Some(Cause::UnknownConfig),
                "config-unknown error \"pc-a1b2c3\"",
            ),
            (
                Some(Cause::ConfigPinned),
                "config-unknown error \"pc-a1b2c3\"",
            ),
            (Some(Cause::GatewayFailed), ""),
        ] {
            let online = Online {
                models: Ok(catalogue(&["@openai-prod/gpt-5"])),
                configs: vec![("pc-a1b2c3".to_owned(), answer.map(refusal))],
            };
            assert_eq!(found_online(config, &online), want, "{answer:?}");
        }
    }
}
