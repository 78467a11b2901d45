//! The rules' diagnostics about the config, by symptom.

use crate::causes::machine::{INCLUDE_UNREAD, NOT_WIRED};
use crate::causes::rules::{agent_bypasses_portkey, base_url_not_portkey};
use crate::causes::{Facts, InDoctor, PortkeyProvider};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::help::{Help, Run};
use crate::openclaw::schema::Verdict;
use crate::openclaw::{View, default_agent, has_variable};
use crate::portkey::vendor_hosts::vendor_of;
use crate::portkey::{DEFAULT_BASE_URL, printable};

use super::{Diagnostics, DoctorFacts};

fn is_shown(found: &Diagnostic) -> bool {
    found.cause.is_some_and(|rule| match rule.in_doctor {
        InDoctor::Problems => found.level.is_problem(),
        InDoctor::WithNotes => true,
        InDoctor::Never | InDoctor::Elsewhere => false,
    })
}

/// Diagnostics left to `lint`: neither shown here nor covered by a check.
fn left_to_lint<'e>(evidence: &'e DoctorFacts<'_>) -> impl Iterator<Item = &'e Diagnostic> {
    evidence.found.iter().filter(|found| {
        let elsewhere = found
            .cause
            .is_some_and(|rule| rule.in_doctor == InDoctor::Elsewhere);
        !is_shown(found) && !elsewhere
    })
}

/// Adds the rules' diagnostics with this check's symptom.
pub(super) fn findings(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let symptom = out.check.symptoms.first().copied();
    for found in evidence.found.iter().filter(|found| is_shown(found)) {
        if found.symptoms.first().copied() == symptom {
            out.push(found.clone());
        }
    }
}

pub(super) fn readable(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    findings(evidence, out);
    for unread in evidence.unread {
        out.push(Diagnostic::of(&INCLUDE_UNREAD, unread.clone()));
    }
    if out.has_no_problem() {
        match (&evidence.facts, evidence.config.exists) {
            (_, false) => return out.skipped("no config"),
            (None, true) => return out.skipped("it could not be read"),
            (Some(facts), true) => accepted(facts, out),
        }
    }
    let left = left_to_lint(evidence).count();
    if left > 0 {
        let all_notes = left_to_lint(evidence).all(|found| found.level == Level::Note);
        let what = if all_notes { "note" } else { "diagnostic" };
        let plural = if left == 1 { "" } else { "s" };
        out.note(format!(
            "`openclaw-portkey lint` reports {left} more {what}{plural}"
        ));
    }
}

/// Reports whether OpenClaw accepts the config, if no rule reported something it rejects.
fn accepted(facts: &Facts<'_>, out: &mut Diagnostics) {
    match &facts.validity().judged.verdict {
        Verdict::Unknown(reason) => {
            out.note(format!(
                "can't tell whether OpenClaw accepts the config: {reason}"
            ));
        }
        Verdict::Accepted | Verdict::Refused => out.passed("OpenClaw accepts the config"),
    }
}

pub(super) fn wired(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    let Some(provider) = provider(evidence) else {
        if facts.complete {
            let message = format!("the config has no provider `{}`", evidence.provider_id);
            let mut found = Diagnostic::of(&NOT_WIRED, message);
            let others: Vec<&str> = facts.portkey.iter().map(|one| one.id.as_str()).collect();
            if let Some(first) = others.first() {
                let names = others.join(", ");
                let run = Run::new("doctor").flag("--provider-id").value(*first);
                found = found
                    .because(format!("Portkey is configured under another id: {names}."))
                    .help(Help::from("Run: ").run(run));
            }
            out.push(found);
        } else {
            out.skipped("an include could not be read, and may contain the provider");
        }
        return;
    };
    findings(evidence, out);
    let Some((agent, primary)) = primary(facts) else {
        return;
    };
    let Some(text) = primary.text() else {
        return;
    };
    let shown = printable(&text, 80);
    let whose = agent.map_or_else(String::new, |agent| format!(" of agent {agent}"));
    match facts.through(&text) {
        Some((through, _)) if through.id.eq_ignore_ascii_case(&provider.id) => {
            if out.has_no_problem() {
                let id = &through.id;
                out.passed(format!(
                    "the primary{whose} {shown} goes through the provider `{id}`"
                ));
            }
            not_portkey(provider, out);
        }
        Some((through, _)) => out.skipped(format!(
            "the primary{whose} {shown} goes through the provider `{0}`, which was not checked; \
             run `openclaw-portkey doctor --provider-id {0}`",
            through.id
        )),
        None if has_variable(&text) => out.skipped(format!(
            "the primary{whose} comes from a variable, `{shown}`"
        )),
        None => bypasses(
            evidence,
            &primary,
            &format!("the primary{whose} `{shown}`"),
            out,
        ),
    }
}

/// `lint` assumes this is intentional; whoever misses requests wants to know.
fn bypasses(evidence: &DoctorFacts<'_>, primary: &View<'_>, what: &str, out: &mut Diagnostics) {
    let place = primary.place();
    let is_there = |found: &Diagnostic| {
        let at = found.location.as_ref();
        at.is_some_and(|at| at.file == place.file && at.position() == Some(place.position))
    };
    let mut is_reported = false;
    for found in out.own_mut() {
        if is_there(found) && found.is(&agent_bypasses_portkey::CAUSE) {
            found.level = Level::Error;
            is_reported = true;
        }
    }
    // A rule with another symptom may know better what was intended.
    let mut others = evidence.found.iter().filter(|found| is_shown(found));
    if is_reported || others.any(|found| found.level.is_problem() && is_there(found)) {
        return;
    }
    out.push(
        Diagnostic::error(
            &agent_bypasses_portkey::CAUSE,
            format!("{what} bypasses Portkey"),
        )
        .at(Location::of(primary)),
    );
}

/// Reports a base URL that is a vendor's own.
fn not_portkey(provider: &PortkeyProvider<'_>, out: &mut Diagnostics) {
    let Some((Ok(url), view)) = provider.url.as_ref().zip(provider.base_url.as_ref()) else {
        return;
    };
    let Some(vendor) = vendor_of(url.host()) else {
        return;
    };
    let message = format!(
        "{} is {vendor}'s own API, so nothing goes through Portkey",
        url.host()
    );
    let run = Run::new("init").flag("--base-url").value(DEFAULT_BASE_URL);
    out.push(
        Diagnostic::error(&base_url_not_portkey::CAUSE, message)
            .at(Location::of(view))
            .help(Help::from("Run: ").run(run)),
    );
}

/// The primary of the default agent, with the agent if it has its own primary.
pub(super) fn primary<'e>(facts: &'e Facts<'e>) -> Option<(Option<String>, View<'e>)> {
    let agent = default_agent(facts.config);
    let own = facts.choices.iter().find(|choice| {
        let owner = choice.agent.as_deref();
        owner.is_some_and(|owner| owner.eq_ignore_ascii_case(&agent))
    });
    match own.and_then(|choice| choice.model.primary.clone()) {
        Some(primary) => Some((Some(agent), primary)),
        None => Some((None, facts.defaults()?.primary.clone()?)),
    }
}

/// The provider to check.
pub(super) fn provider<'e>(evidence: &DoctorFacts<'e>) -> Option<&'e PortkeyProvider<'e>> {
    evidence.facts?.provider(evidence.provider_id)
}
