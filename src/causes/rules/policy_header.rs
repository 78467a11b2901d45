//! `policy-header`

use crate::document::Value;
use crate::help::{Help, Run};
use crate::portkey::headers::CONFIG;
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-header",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "a header that the team requires is missing or differs",
    why: "`openclaw.headers` and `openclaw.config` in the team file define headers for every \
          request; `config` is the gateway config in `x-portkey-config`. A model's own header \
          overrides the provider's.",
    fix: "Set the header: `{run: set-header --header NAME=VALUE}`, or `--gateway-config ID`.",
    team: "{ openclaw: { config: 'pc-team-123456', headers: { 'x-portkey-cache-namespace': 'team' } } }",
    bad: &[
        wired!(headers "\"x-portkey-config\": «\"pc-mine-123456\"», \"x-portkey-cache-namespace\": \"team\""),
        wired!(headers "\"x-portkey-config\": \"pc-team-123456\", \"x-portkey-cache-namespace\": «\"mine\"»"),
    ],
    good: &[
        wired!(headers "\"X-Portkey-Config\": \"pc-team-123456\", \"x-portkey-cache-namespace\": \"team\""),
        wired!(headers "\"x-portkey-config\": \"${CONFIG}\", \"x-portkey-cache-namespace\": \"team\""),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(team) = facts.team.as_deref() else {
        return;
    };
    let openclaw = &team.openclaw;
    let mut wanted: Vec<(String, &str, String)> = Vec::new();
    if let Some(config) = &openclaw.config
        && let Some(id) = team.config_id(&config.value)
    {
        wanted.push((CONFIG.to_owned(), id, team.place(config)));
    }
    for (name, value) in openclaw.headers.iter().flat_map(|pairs| &pairs.value) {
        let lower = name.value.to_ascii_lowercase();
        wanted.push((lower, &value.value, team.place(value)));
    }
    for provider in &facts.portkey {
        for (name, value, place) in &wanted {
            header(provider, name, value, place, findings);
        }
    }
}

fn header(
    provider: &PortkeyProvider<'_>,
    name: &str,
    value: &str,
    place: &str,
    findings: &mut Findings,
) {
    let run = Run::new("set-header");
    let run = if name == CONFIG {
        run.flag("--gateway-config").value(value)
    } else {
        run.flag("--header").value(format!("{name}={value}"))
    };
    let help = |title: &'static str| Help::from(title).run(run.clone());
    if provider.header(name, None).is_none() {
        let message = format!("the header {name}, which the team requires, is missing ({place})");
        findings.at_name(&provider.view, message, help("run: "));
    }
    for header in provider.headers.iter().filter(|header| header.name == name) {
        // A variable's value isn't known here.
        let Some(text) = header.literal().filter(|text| text != value) else {
            continue;
        };
        let shown = printable(&text, 60);
        let message = format!(
            "{name} is `{shown}`, but the team's is `{}` ({place})",
            printable(value, 60)
        );
        findings.at(&header.value, message, help("run: "));
        let wanted = Value::String(value.to_owned());
        findings.fix_set(&header.value, false, "use the team's value", wanted);
    }
}
