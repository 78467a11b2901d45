//! `key-rejected`

use crate::portkey::refusal::Cause;
use crate::symptoms;

use super::{Facts, Findings, Group, Level, Online, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "key-rejected",
    group: Group::Online,
    level: Level::Error,
    summary: "Portkey does not accept the API key",
    why: "Portkey was asked for the models of the key and refused it: the key is wrong, has \
          expired or belongs to another Portkey, or its budget is used up. Every request of \
          OpenClaw gets the same answer.",
    fix: "Copy the key again from <https://app.portkey.ai/api-keys>, or create a new one; raise \
          the budget there.",
    bad: &[],
    good: &[],
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(Online {
        models: Err(refusal),
        ..
    }) = facts.online
    else {
        return;
    };
    let rejected = matches!(
        refusal.cause,
        Cause::InvalidKey
            | Cause::KeyExpired
            | Cause::KeyBudget
            | Cause::WorkspaceBudget
            | Cause::WorkspaceExpired
    );
    if rejected {
        report(facts, findings, refusal.cause);
    }
}

/// A finding at the key, in the words that the cause has everywhere.
pub(super) fn report(facts: &Facts<'_>, findings: &mut Findings, cause: Cause) {
    let Some(provider) = facts.asked().next() else {
        return;
    };
    let symptom = symptoms::for_cause(cause);
    let view = provider.api_key.as_ref().unwrap_or(&provider.view);
    findings.at(view, symptom.title, symptom.fix.trim_end_matches('.'));
}

#[cfg(test)]
mod tests {
    use super::super::Online;
    use super::super::example::{found_online, refusal, wired};
    use crate::portkey::refusal::Cause;

    #[test]
    fn a_refused_key_is_found_at_its_place() {
        let refused = |cause| Online {
            models: Err(refusal(cause)),
            configs: Vec::new(),
        };
        let config = wired!(key r#""${PORTKEY_API_KEY}""#);
        for (cause, want) in [
            (
                Cause::InvalidKey,
                "key-rejected error \"${PORTKEY_API_KEY}\"",
            ),
            (
                Cause::KeyBudget,
                "key-rejected error \"${PORTKEY_API_KEY}\"",
            ),
            (
                Cause::MissingScope,
                "key-scope-missing warning \"${PORTKEY_API_KEY}\"",
            ),
            // For a while only, and nothing that the config can mend.
            (Cause::KeyRateLimit, ""),
            (Cause::GatewayFailed, ""),
        ] {
            assert_eq!(found_online(config, &refused(cause)), want, "{cause:?}");
        }
    }
}
