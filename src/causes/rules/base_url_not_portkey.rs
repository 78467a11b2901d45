//! `base-url-not-portkey`

use crate::document::Value;
use crate::portkey::DEFAULT_BASE_URL;
use crate::portkey::base_url::BaseUrl;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

pub(crate) static CAUSE: Cause = Cause {
    id: "base-url-not-portkey",
    area: Area::Provider,
    level: Level::Note,
    symptoms: &[Symptom::Dashboard, Symptom::Network],
    summary: "the base URL is not one of Portkey's own hosts",
    why: "Requests go to the base URL. That is right if you host the gateway yourself; otherwise \
          nothing reaches Portkey, and its key goes to someone else. Portkey's web app \
          (`app.portkey.ai`) does not serve requests: that address is a warning.",
    fix: "Write `https://api.portkey.ai/v1`, unless you host the gateway yourself.",
    bad: &[
        wired!(base_url r#"«"https://llm.example.com/v1"»"#),
        wired!(base_url r#"«"https://app.portkey.ai/v1"»"#),
        // A model's own URL overrides the provider's.
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: «"https://api.openai.com/v1"» }]"#),
    ],
    good: &[
        wired!(base_url r#""https://aigw.portkey.ai/v1""#),
        wired!(base_url r#""http://127.0.0.1:8787/v1""#),
        wired!(base_url r#""https://${GATEWAY}/v1""#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", baseUrl: "https://aigw.portkey.ai/v1" }]"#),
    ],
    doubt: Doubt::UntilAnswered,
    check: Some(check),
    ..Cause::BLANK
};

/// Portkey hosts that serve web pages and accept no requests.
const PAGES: &[&str] = &[
    "app.portkey.ai",
    "docs.portkey.ai",
    "portkey.ai",
    "status.portkey.ai",
    "www.portkey.ai",
];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for address in facts.addresses() {
        let (view, Ok(url)) = (&address.view, &address.url) else {
            continue;
        };
        if is_plainly_ones_own(url) || is_of_the_team(facts, url) {
            continue;
        }
        if PAGES.contains(&url.host()) {
            findings.at(
                view,
                format!("{} serves web pages, not API requests", url.host()),
                format!("write {DEFAULT_BASE_URL}"),
            );
            findings.level(Level::Warning);
            findings.fix_set(
                view,
                false,
                format!("write {DEFAULT_BASE_URL}"),
                Value::from(DEFAULT_BASE_URL),
            );
        } else if address.model.is_some() {
            findings.at(
                view,
                format!(
                    "requests for this model go to {} with Portkey's key",
                    url.host()
                ),
                "remove it to use the provider's base URL",
            );
            findings.level(Level::Warning);
            findings.fix_remove(view, false, "remove it");
        } else {
            findings.at(
                view,
                format!("{} is not one of Portkey's own hosts", url.host()),
                format!("unless you host the gateway yourself, write {DEFAULT_BASE_URL}"),
            );
        }
    }
}

/// Whether this is the team's gateway.
fn is_of_the_team(facts: &Facts<'_>, url: &BaseUrl) -> bool {
    let team = facts.team.as_deref();
    let own = team.and_then(|team| team.openclaw.base_url.as_ref());
    own.is_some_and(|own| BaseUrl::parse(&own.value).as_ref() == Ok(url))
}

/// Portkey's own host, this machine, or a URL that `base-url-insecure` already reports.
fn is_plainly_ones_own(url: &BaseUrl) -> bool {
    url.is_known_portkey_host() || url.is_loopback() || !url.is_https()
}
