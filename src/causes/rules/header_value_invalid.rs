//! `header-value-invalid`

use crate::document::Value;
use crate::openclaw::has_variable;
use crate::portkey::base_url::{BaseUrl, is_internal_url};
use crate::portkey::headers::{Kind, check, known};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Header, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-value-invalid",
    area: Area::Headers,
    level: Level::Error,
    symptoms: &[Symptom::Config, Symptom::Timeout, Symptom::Unauthorized],
    summary: "a header has a value that Portkey doesn't accept",
    why: "Portkey ignores most invalid values, refuses others, and misreads some: a timeout is in \
          milliseconds, and the open-source gateway refreshes a cached answer on any value of \
          `x-portkey-cache-force-refresh`, even `false`. `Bearer` belongs only in \
          `Authorization`; in `x-portkey-api-key` it makes Portkey answer 401. A custom host must \
          be a URL that the gateway can reach.",
    fix: "Write the value as the message says.",
    bad: &[
        wired!(headers r#""x-portkey-request-timeout": «"30"»"#),
        wired!(headers r#""x-portkey-request-timeout": «"30s"»"#),
        wired!(headers r#""x-portkey-cache-force-refresh": «"false"»"#),
        wired!(headers r#""x-portkey-debug": «"no"»"#),
        wired!(headers r#""x-portkey-custom-host": «"llm.example.com"»"#),
        wired!(headers r#""x-portkey-custom-host": «"http://192.168.1.5:11434/v1"»"#),
        wired!(headers r#""x-portkey-api-key": «"Bearer ${PORTKEY_API_KEY}"»"#),
        wired!(headers r#""x-portkey-provider": «"@openai-prod/gpt-5"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-request-timeout": "30000""#),
        wired!(headers r#""x-portkey-request-timeout": "${TIMEOUT}""#),
        wired!(headers r#""x-portkey-cache-force-refresh": "true""#),
        wired!(headers r#""x-portkey-strict-open-ai-compliance": "false""#),
        wired!(headers r#""x-portkey-custom-host": "https://llm.example.com/v1""#),
        wired!(headers r#""x-portkey-api-key": "${PORTKEY_API_KEY}""#),
        wired!(headers r#""x-portkey-provider": "@openai-prod""#),
    ],
    check: Some(find),
    ..Cause::BLANK
};

/// A timeout below this many milliseconds was likely intended as seconds.
const MIN_TIMEOUT: u32 = 1000;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        let Some(kind) = known(&header.name).map(|known| known.kind) else {
            continue;
        };
        match kind {
            Kind::Key => key(header, findings),
            Kind::Millis => millis(header, findings),
            Kind::Bool => boolean(header, findings),
            Kind::Url => host(provider, header, findings),
            Kind::Provider | Kind::Bearer => plain(header, findings),
            // These have their own rules.
            Kind::Text | Kind::Names | Kind::Metadata | Kind::Config => {}
        }
    }
}

fn key(header: &Header<'_>, findings: &mut Findings) {
    let Some(text) = header.value.text() else {
        return;
    };
    let text = text.trim();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) if word.eq_ignore_ascii_case("bearer") => {
            findings.at(
                &header.value,
                "`Bearer` does not belong here; with it, Portkey answers 401",
                "write the key without Bearer",
            );
            let rest = rest.trim().to_owned();
            findings.fix_set(&header.value, true, "remove Bearer", Value::String(rest));
        }
        Some(_) if !has_variable(text) => findings.at(
            &header.value,
            "a key can't contain whitespace; Portkey will answer 401",
            "copy the key again",
        ),
        _ => {}
    }
}

fn millis(header: &Header<'_>, findings: &mut Findings) {
    let Some(text) = header.literal() else {
        return;
    };
    let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    let seconds = match (text.parse::<u32>(), number.parse::<u32>()) {
        (Ok(ms), _) if ms >= MIN_TIMEOUT => return,
        (Ok(n), _) => Some(n),
        (Err(_), Ok(n)) if text.trim_start_matches(number).trim() == "s" => Some(n),
        _ => None,
    };
    let is_number = text.parse::<u32>().is_ok();
    findings.at(
        &header.value,
        if is_number {
            "this is in milliseconds, and hardly any model answers that fast"
        } else {
            "the value must be a whole number of milliseconds"
        },
        match seconds.filter(|n| *n > 0) {
            Some(n) => format!("write {} for {n} seconds", u64::from(n) * 1000),
            None => "write the milliseconds, such as 60000".to_owned(),
        },
    );
    findings.level(Level::Warning);
    if let Some(n) = seconds.filter(|n| *n > 0) {
        let text = (u64::from(n) * 1000).to_string();
        let title = format!("write {text}");
        findings.fix_set(&header.value, false, title, Value::String(text));
    }
}

fn boolean(header: &Header<'_>, findings: &mut Findings) {
    let Some(text) = header.literal() else {
        return;
    };
    if header.name == "x-portkey-cache-force-refresh" && text != "true" {
        findings.at(
            &header.value,
            "the open-source gateway refreshes cached answers on any value, even this one",
            "remove the header",
        );
        findings.level(Level::Warning);
        findings.fix_remove(&header.value, false, "remove it");
    } else if check(&header.name, &text).is_err() {
        let value = match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some("true"),
            "false" | "no" | "off" | "0" => Some("false"),
            _ => None,
        };
        findings.at(
            &header.value,
            "the value must be true or false",
            value.map_or_else(
                || "write \"true\" or \"false\"".to_owned(),
                |value| format!("write \"{value}\""),
            ),
        );
        findings.level(Level::Warning);
        if let Some(value) = value {
            let title = format!("write \"{value}\"");
            findings.fix_set(&header.value, false, title, Value::from(value));
        }
    }
}

fn host(provider: &PortkeyProvider<'_>, header: &Header<'_>, findings: &mut Findings) {
    let Some(text) = header.literal() else {
        return;
    };
    if let Err(error) = check(&header.name, &text) {
        findings.at(
            &header.value,
            error.to_string(),
            "write a URL such as https://llm.example.com/v1",
        );
        return;
    }
    let is_hosted = matches!(&provider.url, Some(Ok(url)) if BaseUrl::is_known_portkey_host(url));
    if is_hosted && is_internal_url(&text) {
        findings.at(
            &header.value,
            "Portkey's hosted gateway can't reach an address in your own network",
            "use a public address, or host the gateway yourself",
        );
    }
}

fn plain(header: &Header<'_>, findings: &mut Findings) {
    let Some(text) = header.literal() else {
        return;
    };
    if let Err(error) = check(&header.name, &text) {
        let slug = text.strip_prefix('@').and_then(|id| id.split_once('/'));
        let help = match slug.filter(|(slug, _)| !slug.is_empty()) {
            Some((slug, _)) => format!("write @{slug}; the model belongs in the model id"),
            None => "correct it, or remove the header".to_owned(),
        };
        findings.at(&header.value, error.to_string(), help);
    }
}
