//! `variable-not-expanded`

use crate::openclaw::{View, unexpanded_variable};
use crate::portkey::headers::API_KEY;
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "variable-not-expanded",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Config, Symptom::Unauthorized],
    summary: "a variable is written in a form that OpenClaw does not expand",
    why: "OpenClaw only expands `${NAME}` with a name in capitals, or `$NAME` as the whole value. \
          `%NAME%`, `$(NAME)`, `{{NAME}}`, `${NAME:-default}`, `${env:NAME}` and `${name}` are \
          sent literally.",
    fix: "Write `${NAME}`, with the name in capitals, and put the variable in OpenClaw's `.env`.",
    bad: &[
        wired!(base_url r#"«"%PORTKEY_BASE_URL%"»"#),
        wired!(base_url r#"«"https://$(PORTKEY_HOST)/v1"»"#),
        wired!(base_url r#"«"${PORTKEY_BASE_URL:-https://api.portkey.ai/v1}"»"#),
        wired!(headers r#""x-portkey-config": «"{{PORTKEY_CONFIG}}"»"#),
        wired!(headers r#""x-team": «"${team_name}"»"#),
        wired!(headers r#""authorization-token": «"Token $MY_TOKEN"»"#),
    ],
    good: &[
        wired!(base_url r#""${PORTKEY_BASE_URL}""#),
        wired!(headers r#""x-portkey-config": "$PORTKEY_CONFIG", "x-team": "a-${TEAM}""#),
        // Intended literally.
        wired!(headers r#""x-price": "US$ 5", "x-path": "%C3%A4", "x-literal": "$${TEAM}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let of_models = provider.models.iter();
        let urls = provider
            .base_url
            .clone()
            .into_iter()
            .chain(of_models.filter_map(|model| model.view.get("baseUrl")));
        for url in urls {
            let text = url.text().unwrap_or_default();
            if let Some(part) = unexpanded_variable(&text) {
                report(&url, part, findings);
            }
        }
        for header in &provider.headers {
            // `api-key-placeholder` reports keys.
            if header.name != API_KEY
                && let Some(part) = header.unexpanded()
            {
                report(&header.value, &part, findings);
            }
        }
    }
}

fn report(view: &View<'_>, part: &str, findings: &mut Findings) {
    let name: String = part
        .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
        .trim_start_matches("env:")
        .trim_start_matches("env.")
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    findings.at(
        view,
        format!("OpenClaw sends `{}` literally", printable(part, 60)),
        format!("write ${{{}}}", name.to_ascii_uppercase()),
    );
}
