//! `key-rejected`

use crate::causes;
use crate::portkey::refusal::Refused;

use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, Online, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "key-rejected",
    area: Area::Online,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::Dashboard, Symptom::Unauthorized],
    summary: "Portkey does not accept the API key",
    why: "Portkey refused to list the key's models: the key is wrong, has expired or belongs to \
          another Portkey, or its budget is used up. All requests from OpenClaw get the same \
          answer.",
    fix: "Copy the key again from <https://app.portkey.ai/api-keys>, or create a new one. If the \
          budget is used up, raise it there.",
    bad: &[],
    good: &[],
    in_doctor: InDoctor::Elsewhere,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(Online {
        models: Err(refusal),
        ..
    }) = facts.online
    else {
        return;
    };
    if refusal.cause.rejects_key() {
        report(facts, findings, refusal.cause);
    }
}

/// Reports at the key, in the same words as everywhere for this cause.
pub(super) fn report(facts: &Facts<'_>, findings: &mut Findings, cause: Refused) {
    let Some(provider) = facts.asked().next() else {
        return;
    };
    let refused = causes::for_refusal(cause);
    let view = provider.api_key.as_ref().unwrap_or(&provider.view);
    findings.at(view, refused.summary, refused.fix.trim_end_matches('.'));
}

#[cfg(test)]
mod tests {
    use crate::causes::Online;
    use crate::causes::example::{found_online, refusal, wired};
    use crate::portkey::refusal::Refused;

    #[test]
    fn reports_a_rejected_key_at_its_location() {
        let refused = |cause| Online {
            models: Err(refusal(cause)),
            configs: Vec::new(),
        };
        let config = wired!(key r#""${PORTKEY_API_KEY}""#);
        for (cause, want) in [
            (
                Refused::InvalidKey,
                "key-rejected error \"${PORTKEY_API_KEY}\"",
            ),
            (
                Refused::KeyBudget,
                "key-rejected error \"${PORTKEY_API_KEY}\"",
            ),
            (
                Refused::MissingScope,
                "key-scope-missing warning \"${PORTKEY_API_KEY}\"",
            ),
            // Temporary, and nothing that the config can fix.
            (Refused::KeyRateLimit, ""),
            (Refused::GatewayFailed, ""),
        ] {
            assert_eq!(found_online(config, &refused(cause)), want, "{cause:?}");
        }
    }
}
