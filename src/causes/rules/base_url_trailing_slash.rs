//! `base-url-trailing-slash`

use crate::document::Value;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "base-url-trailing-slash",
    area: Area::Provider,
    level: Level::Note,
    symptoms: &[Symptom::Network],
    summary: "the base URL ends in a slash, or has spaces around it",
    why: "OpenClaw corrects this itself. Other programs that use this address may not: Portkey \
          answers 400 to paths such as `/v1/models/`.",
    fix: "End the base URL in `/v1`, without a slash or space.",
    bad: &[
        wired!(base_url r#"«"https://api.portkey.ai/v1/"»"#),
        wired!(base_url r#"«" https://api.portkey.ai/v1"»"#),
    ],
    good: &[wired!(base_url r#""https://api.portkey.ai/v1""#)],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for address in facts.addresses() {
        let (view, Ok(url)) = (&address.view, &address.url) else {
            continue;
        };
        let slashed = |text: &str| text.ends_with('/') || text.trim() != text;
        if view.text().is_some_and(|text| slashed(&text)) {
            findings.at(
                view,
                "the base URL ends in a slash or has spaces around it",
                format!("write {url}"),
            );
            findings.fix_set(
                view,
                true,
                format!("write {url}"),
                Value::from(url.as_str()),
            );
        }
    }
}
