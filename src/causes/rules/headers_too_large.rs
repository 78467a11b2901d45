//! `headers-too-large`

use crate::causes::{Area, CONFIGS, Cause, Facts, Findings, Header, Level, Symptom};
use crate::portkey::refusal::Refused;

/// Repeats a text sixteen times.
macro_rules! x16 {
    ($text:expr) => {
        concat!(
            $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text,
            $text, $text, $text, $text
        )
    };
}

/// A config with a header of this value.
macro_rules! with_header {
    ($open:literal, $value:expr, $close:literal) => {
        concat!(
            "{
  models: { providers: { portkey: {
    baseUrl: \"https://api.portkey.ai/v1\",
    apiKey: \"${PORTKEY_API_KEY}\",
    headers: ",
            $open,
            "{ \"x-notes\": \"",
            $value,
            "\" }",
            $close,
            ",
    api: \"openai-completions\",
    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],
  } } },
  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } },
}"
        )
    };
}

pub(super) static CAUSE: Cause = Cause {
    id: "headers-too-large",
    area: Area::Headers,
    level: Level::Error,
    symptoms: &[Symptom::Config, Symptom::Dashboard],
    summary: "the headers are larger than 16 KiB",
    why: "Portkey's gateway accepts about 16 KiB of headers in total and answers 431 to more.",
    fix: "Shorten them; save a long config in Portkey and send its id.",
    link: CONFIGS,
    statuses: &[431],
    reply: Some(Refused::HeadersTooLarge),
    bad: &[with_header!("«", x16!(x16!(x16!("0123"))), "»")],
    good: &[with_header!("", x16!(x16!(x16!("012"))), "")],
    check: Some(check),
    ..Cause::BLANK
};

/// The gateway's limit, in bytes.
const LIMIT: usize = 16 * 1024;

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let own = |header: &&Header<'_>| header.model.is_none();
        let whole: usize = provider.headers.iter().filter(own).map(size).sum();
        if whole > LIMIT {
            if let Some(header) = provider.headers.iter().find(own) {
                report(header, findings);
            }
            continue;
        }
        for index in 0..provider.models.len() {
            let of_model: Vec<&Header<'_>> = provider
                .headers
                .iter()
                .filter(|header| header.model == Some(index))
                .collect();
            let replaced =
                |header: &&Header<'_>| of_model.iter().any(|own| own.name == header.name);
            let kept = provider
                .headers
                .iter()
                .filter(own)
                .filter(|header| !replaced(header));
            let all: usize = kept.chain(of_model.iter().copied()).map(size).sum();
            if let Some(header) = of_model.first().filter(|_| all > LIMIT) {
                report(header, findings);
            }
        }
    }
}

/// The bytes of `name: value` and its line ending; unknown values count as empty.
fn size(header: &Header<'_>) -> usize {
    let value = header.literal().map_or(0, |text| text.chars().count());
    header.name.len() + value + ": \r\n".len()
}

fn report(header: &Header<'_>, findings: &mut Findings) {
    findings.at(
        &header.holder,
        "these headers are larger than 16 KiB, so the gateway answers 431",
        "shorten them; send a saved config by its id",
    );
}
