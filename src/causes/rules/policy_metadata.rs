//! `policy-metadata`

use serde_json::{Map, Value as Json};

use crate::help::{Help, Run};
use crate::portkey::headers::METADATA;
use crate::portkey::printable;
use crate::team::Team;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-metadata",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "metadata that the team requires is missing or differs",
    why: "`policy.requiredMetadata` in the team file lists keys that every request must have, \
          `openclaw.metadata` those with a fixed value. A model's own `x-portkey-metadata` \
          overrides the provider's. Metadata that the team sets on each API key is not required \
          here.",
    fix: "Run `{run: set-header --metadata KEY=VALUE}`.",
    team: "{ openclaw: { metadata: { team: 'backend' } }, policy: { requiredMetadata: ['owner'] } }",
    bad: &[
        wired!(headers r#""x-portkey-metadata": «'{"team":"backend"}'»"#),
        wired!(headers r#""x-portkey-metadata": «'{"team":"web","owner":"me"}'»"#),
        wired!(headers r#""x-portkey-metadata": «"{}"»"#),
        wired!(provider "baseUrl: \"https://api.portkey.ai/v1\",\n      apiKey: \"${PORTKEY_API_KEY}\",\n      headers: { \"x-portkey-metadata\": '{\"team\":\"backend\",\"owner\":\"me\"}' },\n      models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\", headers: { \"x-portkey-metadata\": «'{\"owner\":\"me\"}'» } }],"),
    ],
    good: &[
        wired!(headers r#""x-portkey-metadata": '{"team":"backend","owner":"me"}'"#),
        wired!(headers r#""x-portkey-metadata": "${METADATA}""#),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(team) = facts.team.as_deref() else {
        return;
    };
    let of_all: Vec<(&str, &str)> = team.metadata().collect();
    let is_given = |name: &str| of_all.iter().any(|(key, _)| *key == name);
    let required = team.required_metadata().map(|name| name.value.as_str());
    let required: Vec<&str> = required.filter(|name| !is_given(name)).collect();
    if of_all.is_empty() && required.is_empty() {
        return;
    }
    for provider in &facts.portkey {
        if provider.header(METADATA, None).is_none() {
            check_object(&Map::new(), &of_all, &required, |message, help| {
                findings.at_name(&provider.view, with_file(&message, team), help);
            });
        }
        for header in provider
            .headers
            .iter()
            .filter(|header| header.name == METADATA)
        {
            let Some(text) = header.literal() else {
                continue;
            };
            let object: Map<String, Json> = serde_json::from_str(&text).unwrap_or_default();
            check_object(&object, &of_all, &required, |message, help| {
                findings.at(&header.value, with_file(&message, team), help);
            });
        }
    }
}

fn with_file(message: &str, team: &Team) -> String {
    format!("{message} ({})", printable(team.name(), 80))
}

/// Reports what a metadata object lacks.
fn check_object(
    object: &Map<String, Json>,
    of_all: &[(&str, &str)],
    required: &[&str],
    report: impl FnOnce(String, Help),
) {
    let text = |key: &str| object.get(key).and_then(Json::as_str);
    let differs = |(key, value): &&(&str, &str)| text(key) != Some(*value);
    let wrong: Vec<&(&str, &str)> = of_all.iter().filter(differs).collect();
    let is_blank = |key: &&&str| text(key).is_none_or(|text| text.trim().is_empty());
    let missing: Vec<&&str> = required.iter().filter(is_blank).collect();
    let pairs = wrong.iter().map(|(key, value)| format!("{key}={value}"));
    let pairs = pairs.chain(missing.iter().map(|key| format!("{key}=VALUE")));
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() {
        return;
    }
    let wrong = wrong.iter().map(|(key, value)| {
        let (key, value) = (printable(key, 40), printable(value, 60));
        format!("`{key}` is not `{value}`")
    });
    let missing = missing
        .iter()
        .map(|key| format!("`{}` is missing", printable(key, 40)));
    let faults: Vec<String> = wrong.chain(missing).collect();
    let run = pairs.iter().fold(Run::new("set-header"), |run, pair| {
        run.flag("--metadata").value(pair.as_str())
    });
    let message = format!(
        "the metadata is not what the team requires: {}",
        faults.join(", ")
    );
    report(message, Help::from("run: ").run(run));
}
