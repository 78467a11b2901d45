//! `api-key-malformed`

use crate::document::{Kind, Value};
use crate::openclaw::{CredentialSource, Feature, VersionSource, View};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(crate) static CAUSE: Cause = Cause {
    id: "api-key-malformed",
    area: Area::Key,
    level: Level::Error,
    symptoms: &[Symptom::Unauthorized, Symptom::Dashboard, Symptom::OpenClaw],
    summary: "the value can't be an API key, or OpenClaw can't read it",
    why: "OpenClaw adds `Bearer ` to the key itself: if the key has it too, or contains \
          whitespace, Portkey answers 401. A SecretRef needs `source`, `provider` and `id`, and \
          an OpenClaw version that supports it. Otherwise OpenClaw does not start.",
    fix: "Write only the key, or better `\"${PORTKEY_API_KEY}\"`.",
    bad: &[
        wired!(key r#"«"Bearer ${PORTKEY_API_KEY}"»"#),
        wired!(key r#"«"${PORTKEY_API_KEY} ${PORTKEY_KEY_REST}"»"#),
        wired!(key "«12345»"),
        wired!(key "«null»"),
        wired!(key r#"«{ source: "env", id: "PORTKEY_API_KEY" }»"#),
        wired!(key r#"«{ env: "PORTKEY_API_KEY" }»"#),
        wired!(key r#"«{ source: "vault", provider: "default", id: "portkey" }»"#),
        concat!(
            "{ meta: { lastTouchedVersion: \"2026.2.17\" }, models: { providers: { portkey: {\n",
            "  baseUrl: \"https://api.portkey.ai/v1\",\n",
            "  apiKey: «{ source: \"env\", provider: \"default\", id: \"PORTKEY_API_KEY\" }»,\n",
            "  models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }] } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } } } }"
        ),
    ],
    good: &[
        wired!(key r#"" ${PORTKEY_API_KEY} ""#),
        wired!(key r#"{ source: "exec", provider: "vault", id: "portkey" }"#),
    ],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for provider in &facts.portkey {
        let Some(view) = &provider.api_key else {
            continue;
        };
        if view.kind() == Kind::String {
            judge_text(view, findings);
        } else if let Some(why) = refused(view, facts.version) {
            findings.at(view, why, "write \"${PORTKEY_API_KEY}\"");
        }
    }
}

fn judge_text(view: &View<'_>, findings: &mut Findings) {
    let Some(text) = view.text() else {
        return;
    };
    let key = text.trim();
    let alone = without_bearer(key);
    if alone.len() < key.len() {
        findings.at(
            view,
            "OpenClaw adds `Bearer ` itself, so Portkey gets it twice and answers 401",
            "write only the key",
        );
        findings.fix_set(view, true, "remove Bearer", Value::from(alone));
    } else if CredentialSource::of_text(key) == CredentialSource::Literal
        && key.contains(char::is_whitespace)
    {
        findings.at(
            view,
            "a key can't contain whitespace; Portkey will answer 401",
            "copy the key again",
        );
    }
}

fn without_bearer(key: &str) -> &str {
    match key.split_once(char::is_whitespace) {
        Some((word, rest)) if word.eq_ignore_ascii_case("bearer") => rest.trim(),
        _ => key,
    }
}

/// Why OpenClaw rejects a value that isn't text.
fn refused(view: &View<'_>, version: VersionSource) -> Option<String> {
    if view.kind() != Kind::Object {
        return Some(format!(
            "apiKey must be a string or a SecretRef, not {}",
            view.kind()
        ));
    }
    for key in ["source", "provider", "id"] {
        if view.get(key).is_none() {
            return Some(format!(
                "a SecretRef needs `{key}`; without it, OpenClaw does not start"
            ));
        }
    }
    let source = view.get("source")?.text()?;
    if !matches!(&*source, "env" | "exec" | "file" | "store") {
        return Some(
            "a SecretRef's source must be env, file, exec or store; otherwise OpenClaw does not \
             start"
                .to_owned(),
        );
    }
    let VersionSource::Unknown = version else {
        let version = version.version();
        let too_old = version.lacks(Feature::SecretRefs)
            || (source == "store" && version.lacks(Feature::SecretStore));
        return too_old.then(|| {
            format!("OpenClaw {version} doesn't know this SecretRef and won't start with it")
        });
    };
    None
}
