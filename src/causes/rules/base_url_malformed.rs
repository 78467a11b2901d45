//! `base-url-malformed`

use crate::document::Value;
use crate::portkey::base_url::BaseUrlError;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "base-url-malformed",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Dashboard],
    summary: "the base URL is not an address that OpenClaw can call",
    why: "OpenClaw appends `/chat/completions` to the base URL and calls the result. Without \
          `https://` it reports `Invalid URL.`; a user name, query or fragment breaks every \
          request.",
    fix: "Use only the address: `https://api.portkey.ai/v1`.",
    bad: &[
        wired!(base_url r#"«"api.portkey.ai/v1"»"#),
        wired!(base_url r#"«"htps://api.portkey.ai/v1"»"#),
        wired!(base_url r#"«"https://user:pw@api.portkey.ai/v1"»"#),
        wired!(base_url r#"«"https://api.portkey.ai/v1?team=a"»"#),
        wired!(base_url r#"«"https://"»"#),
        // Not expanded: the text itself is used as the address.
    ],
    good: &[
        wired!(base_url r#""${PORTKEY_BASE_URL}""#),
        wired!(base_url r#""https://${PORTKEY_HOST}/v1""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for address in facts.addresses() {
        let (view, Err(error)) = (&address.view, &address.url) else {
            continue;
        };
        let want = match error {
            BaseUrlError::NoScheme(want) | BaseUrlError::Query(want) => Some(want),
            BaseUrlError::OtherScheme(_) | BaseUrlError::Malformed | BaseUrlError::UserInfo => None,
            BaseUrlError::Empty
            | BaseUrlError::Call(_)
            | BaseUrlError::NoV1(_)
            | BaseUrlError::Doubled(_) => continue,
        };
        let message = error.to_string();
        let (what, todo) = message.split_once("; ").unwrap_or((&message, ""));
        findings.at(view, what, todo.to_owned());
        // Scheme and host are certain; whether a query had a meaning isn't.
        if let Some(want) = want {
            let safe = matches!(error, BaseUrlError::NoScheme(_)) && want.contains('.');
            findings.fix_set(
                view,
                safe && !want.contains('$'),
                format!("write {want}"),
                Value::from(want.as_str()),
            );
        }
    }
}
