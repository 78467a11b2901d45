//! `base-url-trailing-slash`

use crate::document::Value;

use super::example::wired;
use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "base-url-trailing-slash",
    group: Group::Provider,
    level: Level::Note,
    summary: "the base URL ends in a slash, or has spaces around it",
    why: "OpenClaw mends this by itself. Other programs that take the address from here do not: \
          Portkey answers 400 to `/v1/models/` and the like.",
    fix: "Let the base URL end in `/v1`, without a slash or a space.",
    bad: &[
        wired!(base_url r#"«"https://api.portkey.ai/v1/"»"#),
        wired!(base_url r#"«" https://api.portkey.ai/v1"»"#),
    ],
    good: &[wired!(base_url r#""https://api.portkey.ai/v1""#)],
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let (Some(view), Some(Ok(url))) = (&provider.base_url, &provider.url) else {
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
