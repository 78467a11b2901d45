//! `unknown-key`

use crate::document::Kind;
use crate::edit::Change;
use crate::openclaw::schema::Issue;

use crate::causes::belongs::belongs;
use crate::causes::example::wired;
use crate::causes::misspelt::header_for;
use crate::causes::upgraded::upgraded;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "unknown-key",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Config, Symptom::OpenClaw],
    summary: "OpenClaw doesn't know the key and won't start with it",
    why: "OpenClaw is strict: a single unknown key makes it refuse the whole file. No custom keys \
          are allowed.",
    fix: "Correct the spelling or remove the key. Settings for Portkey go in `headers`.",
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
        // Open objects: any key is allowed.
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
    let validity = facts.validity();
    for (issue, doubtful, misspelt) in validity.unknown_keys(facts.config) {
        let judged = &validity.judged;
        let closest = misspelt
            .map(|misspelt| misspelt.intended)
            .or_else(|| judged.closest(issue));
        let header = header_for(issue.key()).filter(|_| is_of_portkey(facts, issue));
        let place = belongs(&issue.path);
        let upgraded = upgraded(facts, issue).filter(|_| header.is_none() && place.is_none());
        let misspelt =
            misspelt.filter(|_| header.is_none() && place.is_none() && upgraded.is_none());
        let help = upgraded.as_ref().map(|upgraded| upgraded.help.clone());
        let help = help.unwrap_or_else(|| match (header, place, closest) {
            (Some(header), ..) => format!("move it into `headers`, as {header}"),
            (None, Some(place), _) => format!("write it as {place}"),
            (None, None, Some(closest)) if misspelt.is_none() => {
                format!("remove it, or `{closest}`, which is also set")
            }
            (None, None, Some(closest)) => format!("did you mean `{closest}`?"),
            (None, None, None) if is_snippet(facts, issue) => {
                "this looks like a second config pasted in; merge it with the first".to_owned()
            }
            (None, None, None) => "remove it".to_owned(),
        });
        findings.at_range(
            (issue.source, issue.range.clone()),
            &issue.path,
            format!("{} and won't start with it", issue.message(Kind::Null)),
            help,
        );
        if doubtful {
            findings.level(Level::Warning);
        }
        if let Some(upgraded) = upgraded {
            upgraded.fix(facts, findings, doubtful);
        }
        if let Some(misspelt) = misspelt.filter(|misspelt| misspelt.is_alone) {
            let rename = Change::Rename {
                path: issue.path.clone(),
                key: misspelt.intended.to_owned(),
            };
            let fits = judged
                .intended(facts.config, issue)
                .is_some_and(|(_, fits)| fits);
            findings.fix_all(
                facts.config,
                misspelt.is_certain && fits,
                format!("rename it to {}", misspelt.intended),
                vec![rename],
            );
        }
    }
}

/// Whether a key belongs to a provider that uses Portkey.
fn is_of_portkey(facts: &Facts<'_>, issue: &Issue) -> bool {
    let mut providers = facts.portkey.iter();
    providers.any(|provider| issue.path.0.starts_with(&provider.view.path().0))
}

/// Whether a key's value is an object that looks like a whole config.
fn is_snippet(facts: &Facts<'_>, issue: &Issue) -> bool {
    let value = facts.config.root().down(&issue.path.0);
    value.is_some_and(|value| {
        ["models", "agents", "providers"]
            .iter()
            .any(|key| value.get(key).is_some())
    })
}
