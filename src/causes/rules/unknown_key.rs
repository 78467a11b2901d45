//! `unknown-key`

use crate::edit::Change;

use crate::causes::example::wired;
use crate::causes::misspelt::{Misspelt, header_for};
use crate::causes::schema::{self, KeyErrorKind};
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

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for strange in &facts.strange {
        let KeyErrorKind::Unknown(object) = strange.what else {
            continue;
        };
        let key = strange.shown();
        let closest = schema::closest(object, strange.key(), facts.version);
        let misspelt = Misspelt::of(strange, facts.config, facts.version);
        let help = match (header_for(strange.key()), closest) {
            (Some(header), _) => format!("move it into `headers`, as {header}"),
            (None, Some(closest)) if misspelt.is_none() => {
                format!("remove it, or `{closest}`, which is there too")
            }
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
        if let Some(misspelt) = misspelt.filter(|misspelt| misspelt.is_alone) {
            let rename = Change::Rename {
                path: strange.path.clone(),
                key: misspelt.intended.to_owned(),
            };
            findings.fix_all(
                facts.config,
                misspelt.is_certain,
                format!("rename it to {}", misspelt.intended),
                vec![rename],
            );
        }
    }
}
