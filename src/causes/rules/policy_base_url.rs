//! `policy-base-url`

use crate::document::Value;
use crate::portkey::DEFAULT_BASE_URL;
use crate::portkey::base_url::BaseUrl;

use crate::causes::example::wired;
use crate::causes::policy::at_setting;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-base-url",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "a Portkey provider does not use the team's base URL",
    why: "A team with its own gateway sets it in `openclaw.baseUrl`. Without that, but with \
          `policy.noBypass`, it must be Portkey's own host: another gateway may not log anything \
          or enforce budgets.",
    fix: "Set `baseUrl` to the team's, or run `{run: init --from FILE}`.",
    team: "{ openclaw: { baseUrl: 'https://gateway.example.com/v1' } }",
    bad: &[wired!(base_url "«\"https://other.example.com/v1\"»")],
    good: &[
        wired!(base_url "\"https://gateway.example.com/v1\""),
        wired!(base_url "\"${GATEWAY_URL}\""),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(team) = facts.team.as_deref() else {
        return;
    };
    let (wanted, place) = match (&team.openclaw.base_url, &team.policy.no_bypass) {
        (Some(url), _) => (url.value.as_str(), team.place(url)),
        (None, Some(flag)) if flag.value => (DEFAULT_BASE_URL, team.place(flag)),
        _ => return,
    };
    let Ok(wanted) = BaseUrl::parse(wanted) else {
        return;
    };
    for provider in &facts.portkey {
        let message = match &provider.url {
            Some(Ok(url)) if *url == wanted => continue,
            Some(Ok(_)) => format!(
                "the base URL must be {}, the team's ({place})",
                wanted.as_str()
            ),
            None if provider.base_url.is_none() => {
                format!(
                    "the base URL is missing; the team's is {} ({place})",
                    wanted.as_str()
                )
            }
            // A variable, or something another rule reports.
            _ => continue,
        };
        let help = format!("set it to {}", wanted.as_str());
        at_setting(
            provider,
            provider.base_url.as_ref(),
            findings,
            message,
            help,
        );
        if let Some(view) = &provider.base_url {
            let value = Value::String(wanted.as_str().to_owned());
            findings.fix_set(view, false, "use the team's base URL", value);
        }
    }
}
