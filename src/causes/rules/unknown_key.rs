//! `unknown-key`

use crate::diagnostic::Fix;
use crate::edit::Change;

use crate::causes::example::wired;
use crate::causes::schema::{self, KeyError, KeyErrorKind};
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

/// The rule.
pub(super) static CAUSE: Cause = Cause {
    id: "unknown-key",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Config, Symptom::OpenClaw],
    summary: "OpenClaw doesn't know the key and won't start with it",
    why: "OpenClaw is strict below `models` and `agents`: one key that it does not know, and it \
          refuses the whole file. No custom keys can be stored there.",
    fix: "Correct the spelling or remove the key. What is intended for Portkey goes into `headers`.",
    bad: &[
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      \
             «configId»: \"pc-route-1a2b\",\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],"),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", «"contextwindow"»: 400000 }]"#),
        wired!(agents
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\", «fallback»: [] } }"),
        wired!(agents
            "defaults: {\n      model: { primary: \"portkey/@openai-prod/gpt-5\" },\n      \
             sandbox: { docker: { «img»: \"x\" } },\n    }"),
        wired!(agents
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } },\n    \
             list: [{ id: \"main\", «prompt»: \"hi\" }]"),
        wired!(key
            r#"{ source: "env", provider: "default", id: "PORTKEY_API_KEY", «prefix»: "pk" }"#),
    ],
    good: &[
        // Free objects: any key may be there.
        wired!(provider
            "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      \
             params: { anything: 1 },\n      \
             models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\", params: { own: true } }],"),
        wired!(agents
            "defaults: {\n      model: { primary: \"portkey/@openai-prod/gpt-5\" },\n      \
             sandbox: { docker: { env: { MY_OWN: \"1\" } } },\n    }"),
        wired!(agents
            "defaults: { model: { primary: \"portkey/@openai-prod/gpt-5\" } },\n    \
             list: [{ id: \"main\", name: \"Main\" }]"),
    ],
    doubt: Doubt::Always,
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

/// What people write next to `headers` although Portkey takes it there; in lower case.
const HEADERS: &[(&str, &str)] = &[
    ("config", "x-portkey-config"),
    ("configid", "x-portkey-config"),
    ("metadata", "x-portkey-metadata"),
    ("portkeyconfig", "x-portkey-config"),
    ("traceid", "x-portkey-trace-id"),
    ("virtualkey", "x-portkey-provider"),
];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for strange in &facts.strange {
        let KeyErrorKind::Unknown(object) = strange.what else {
            continue;
        };
        let key = strange.shown();
        let closest = schema::closest(object, strange.key(), facts.version);
        let lower = strange.key().to_ascii_lowercase();
        let header = HEADERS.iter().find(|(word, _)| *word == lower);
        let help = match (header, closest) {
            (Some((_, header)), _) => format!("move it into `headers`, as {header}"),
            (None, Some(closest)) => format!("did you mean `{closest}`?"),
            (None, None) => "remove it".to_owned(),
        };
        findings.at_strange(
            strange,
            format!("OpenClaw doesn't know the key `{key}` here and won't start with it"),
            help,
        );
        if !schema::is_covered(facts.version) {
            findings.level(Level::Warning);
        }
        if header.is_none()
            && let Some(fix) = closest.and_then(|closest| renamed(facts, strange, closest))
        {
            findings.fix(fix);
        }
    }
}

/// The value under another key, where that is free and one file owns both.
fn renamed(facts: &Facts<'_>, strange: &KeyError, key: &str) -> Option<Fix> {
    let (_, way) = strange.path.0.split_last()?;
    let holder = facts.config.root().down(way)?;
    if holder.get(key).is_some() {
        return None;
    }
    let value = holder.get(strange.key())?.value();
    let old = facts.config.route(&strange.path).ok()?;
    let new = facts.config.route(&holder.path().clone().key(key)).ok()?;
    Some(Fix {
        safe: false,
        title: format!("rename it to {key}"),
        edits: None,
        changes: vec![
            (
                old.source,
                Change::Remove {
                    path: old.path,
                    comments_stay: true,
                },
            ),
            (
                new.source,
                Change::Set {
                    path: new.path,
                    value,
                },
            ),
        ],
    })
}
