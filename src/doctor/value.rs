//! Checks the value sent as the key: whether it looks like it can't be a Portkey key.
//!
//! If Portkey has accepted it, its looks don't matter.

use crate::causes::machine::VENDOR_KEY;
use crate::causes::rules::{api_key_malformed, api_key_placeholder};
use crate::causes::{Cause, PortkeyProvider};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::help::Help;
use crate::openclaw::CredentialSource;
use crate::portkey::headers::PROVIDER;
use crate::portkey::vendor_key::vendor_of_key;

use super::facts::{KeyPlace, KeySource, Machine, ServiceKind};
use super::key::{KeyInUse, KeyOrigin, key_sent, source_in_use};
use super::{Diagnostics, DoctorFacts};

/// Words that people leave in place of a key.
const WORDS: &[&str] = &[
    "api-key",
    "api_key",
    "apikey",
    "changeme",
    "change-me",
    "key",
    "none",
    "null",
    "secret",
    "tbd",
    "test",
    "todo",
    "undefined",
];

/// What is wrong with a value that should be a Portkey key: the cause, and a message to append to
/// the name of its source.
pub(super) fn problem(value: &str, place: Option<KeyPlace>) -> Option<(&'static Cause, String)> {
    let text = value.trim();
    let malformed = |what: &str| Some((&api_key_malformed::CAUSE, what.to_owned()));
    let first_word = text.split_whitespace().next().unwrap_or_default();
    if first_word.eq_ignore_ascii_case("bearer") {
        return malformed("begins with `Bearer`, which OpenClaw adds itself");
    }
    if text.contains([
        '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}',
    ]) {
        return malformed("has typographic quotes, which become part of the key");
    }
    if text.starts_with(['"', '\'', '`']) || text.ends_with(['"', '\'', '`']) {
        return malformed("has an unmatched quote, which becomes part of the key");
    }
    if is_placeholder(text, place) {
        let what = "is a placeholder, not a key, so Portkey will answer 401";
        return Some((&api_key_placeholder::CAUSE, what.to_owned()));
    }
    if text.contains(char::is_whitespace) {
        return malformed("contains whitespace, which no key has");
    }
    if text.contains(|c: char| c.is_control() || !c.is_ascii()) {
        return malformed("contains a character that no key has");
    }
    let vendor = vendor_of_key(text)?;
    Some((
        &VENDOR_KEY,
        format!("looks like a {vendor} key, not a Portkey key"),
    ))
}

fn is_placeholder(text: &str, place: Option<KeyPlace>) -> bool {
    let lower = text.to_lowercase();
    let is_reference = match CredentialSource::of_text(text) {
        CredentialSource::Unexpanded => true,
        // OpenClaw expands variables only in the config.
        CredentialSource::Variable(_) | CredentialSource::SecretRef { .. } => {
            place.is_some_and(|place| place != KeyPlace::ConfigEnv)
        }
        _ => false,
    };
    let bare = lower.trim_start_matches("pk-").trim_start_matches("pk_");
    let is_filler = bare.len() >= 3
        && bare
            .chars()
            .all(|c| matches!(c, 'x' | '*' | '.' | '-' | '_'));
    is_reference
        || is_filler
        || WORDS.contains(&lower.as_str())
        || lower.contains("placeholder")
        || (lower.contains("your") && lower.contains("key"))
        || text.ends_with("...")
        || text.ends_with('\u{2026}')
}

/// Checks the value that is sent, unless Portkey has accepted it.
pub(super) fn judge(
    evidence: &DoctorFacts<'_>,
    provider: &PortkeyProvider<'_>,
    out: &mut Diagnostics,
) {
    let Some(facts) = evidence.facts else {
        return;
    };
    let accepted = evidence.answer.online();
    if accepted.is_some_and(|online| online.models.is_ok()) {
        return;
    }
    let in_use = key_sent(evidence, facts, Some(provider));
    let KeyInUse::Known(key, origin) = &in_use else {
        return;
    };
    let source = source_in_use(&in_use, evidence.machine);
    let Some((cause, what)) = problem(key.expose(), source.map(|source| source.place)) else {
        return;
    };
    // A self-hosted gateway may pass the key on to the provider in a header.
    let passes_on = provider.header(PROVIDER, None).is_some()
        && !matches!(&provider.url, Some(Ok(url)) if url.is_known_portkey_host());
    if *cause == VENDOR_KEY && passes_on {
        return;
    }
    let (message, at, help) = match (origin, source) {
        (KeyOrigin::Variable { name, .. }, Some(source)) => (
            format!("{name} in {} {what}", source.place.name()),
            at(source),
            how_to_change(source, evidence.machine),
        ),
        (KeyOrigin::Profile(id), _) => (
            format!("the key of the auth profile {id} {what}"),
            None,
            Help::from("Replace the profile's key, or remove the profile."),
        ),
        _ => {
            // The rules have reported it, except for what only its place in a file makes certain.
            if out
                .own()
                .any(|one| one.cause.is_some_and(|known| known.area == cause.area))
            {
                return;
            }
            let view = provider.api_key.as_ref();
            (
                format!("the key in the config {what}"),
                view.map(Location::of),
                Help::from("Run: {run: init}"),
            )
        }
    };
    let found = Diagnostic::of(cause, message)
        .level(Level::Error)
        .help(help);
    out.push(match at {
        Some(at) => found.at(at),
        None => found,
    });
}

/// The location of the line that sets a variable.
pub(super) fn at(source: &KeySource) -> Option<Location> {
    let file = source.file.as_deref()?;
    Some(Location::file(file).line(source.line))
}

/// How to change a value where it is set: `init` writes OpenClaw's own `.env`, which stronger
/// places override.
pub(super) fn how_to_change(source: &KeySource, machine: &Machine) -> Help {
    let service = machine.service();
    let is_system = service.is_some_and(|service| {
        matches!(
            service.kind,
            ServiceKind::SystemdSystem | ServiceKind::LaunchDaemon
        )
    });
    match source.place {
        KeyPlace::UnitEnvironment if is_system => Help::from(
            "Remove that line from the unit, which hides OpenClaw's .env; then: sudo systemctl daemon-reload — and run: {run: init}",
        ),
        KeyPlace::UnitEnvironment => Help::from(
            "Remove that line from the unit, which hides OpenClaw's .env; then: systemctl --user daemon-reload — and run: {run: init}",
        ),
        KeyPlace::PlistEnvironment => Help::from(
            "Remove it from the plist, which hides OpenClaw's .env, and load the plist again; then run: {run: init}",
        ),
        KeyPlace::UnitEnvironmentFile => Help::from(
            "Change that line, since the unit's file hides OpenClaw's .env; then: {openclaw: gateway restart}",
        ),
        KeyPlace::ServiceEnvFile => Help::from(
            "Run: {run: init} — then, since the service has a copy: {openclaw: gateway install --force}",
        ),
        KeyPlace::CwdDotenv | KeyPlace::ServiceCwdDotenv => Help::from(
            "Change or remove that line, which hides OpenClaw's own .env; then: {openclaw: gateway restart}",
        ),
        KeyPlace::ShellEnvironment => {
            Help::from("Export the right key in this shell, or run: {run: init}")
        }
        KeyPlace::StateDotenv
        | KeyPlace::ConfigDotenv
        | KeyPlace::GatewayEnv
        | KeyPlace::ConfigEnv => Help::from(
            "Run: {run: init} — it puts the key into OpenClaw's .env; then: {openclaw: gateway restart}",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyPlace, problem};

    #[test]
    fn values_that_cannot_be_keys() {
        let dotenv = Some(KeyPlace::StateDotenv);
        for (value, want) in [
            ("YOUR_PORTKEY_API_KEY", "api-key-placeholder"),
            ("your-portkey-api-key", "api-key-placeholder"),
            ("<your key>", "api-key-placeholder"),
            ("pk-xxxxxxxx", "api-key-placeholder"),
            ("xxxxxxxx", "api-key-placeholder"),
            ("***", "api-key-placeholder"),
            ("changeme", "api-key-placeholder"),
            ("TODO", "api-key-placeholder"),
            ("undefined", "api-key-placeholder"),
            ("${PORTKEY_KEY}", "api-key-placeholder"),
            ("$PORTKEY_KEY", "api-key-placeholder"),
            ("PORTKEY_API_KEY", "api-key-placeholder"),
            ("env:PORTKEY_API_KEY", "api-key-placeholder"),
            ("x2Wp3dZq8Wn...", "api-key-placeholder"),
            ("paste-your-key-here", "api-key-placeholder"),
            ("Bearer x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
            ("bearer x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
            ("\"x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
            ("x2Wp3dZq8Wn2rT5yVb7L'", "api-key-malformed"),
            ("\u{201c}x2Wp3dZq8Wn2rT5yVb7L\u{201d}", "api-key-malformed"),
            ("x2Wp3dZq 8Wn2rT5yVb7L", "api-key-malformed"),
            ("x2Wp3dZq8Wn2rT5yVb7L\u{200b}", "api-key-malformed"),
            ("sk-proj-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
            ("sk-ant-api03-x2Wp3dZq8Wn", "vendor-key"),
            ("AIzaSyx2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
            ("gsk_x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
            ("x2Wp3dZq8Wn2rT5yVb7Lc0aJ=", ""),
            ("pk-test-0123456789abcdef", ""),
            ("xYz0xxxxq8Wn2rT5yVb7L", ""),
            (" x2Wp3dZq8Wn2rT5yVb7L ", ""),
            ("skX2Wp3dZq8Wn2rT5yVb7L", ""),
            ("AIx2Wp3dZq8Wn2rT5yVb7L", ""),
        ] {
            let found = problem(value, dotenv).map_or("", |(cause, _)| cause.id);
            assert_eq!(found, want, "{value}");
        }
        // OpenClaw expands it there.
        assert!(problem("${PORTKEY_KEY}", Some(KeyPlace::ConfigEnv)).is_none());
    }
}
