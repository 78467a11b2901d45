//! What the rules found in the config, sorted by what the user sees first.

use crate::openclaw::{View, default_agent};
use crate::portkey::printable;
use crate::rules::{Facts, Group as RuleGroup, PortkeyProvider, Rule};
use crate::symptoms::Group;

use super::{At, DoctorFacts, Found, Outcomes, Verdict};

/// Rules whose group is not told by their own.
const GROUPS: [(&str, Group); 20] = [
    ("agent-bypasses-portkey", Group::Dashboard),
    ("allowlist-bypasses-portkey", Group::Dashboard),
    ("api-incompatible", Group::Config),
    ("base-url-not-portkey", Group::Dashboard),
    ("config-unknown", Group::Config),
    ("duplicate-key", Group::Config),
    ("fallback-bypasses-portkey", Group::Dashboard),
    ("fallback-cannot-take-over", Group::OpenClaw),
    ("fallback-duplicate", Group::OpenClaw),
    ("fallback-is-primary", Group::OpenClaw),
    ("header-hides-requests", Group::Dashboard),
    ("metadata-not-json-object", Group::Dashboard),
    ("metadata-value-not-string", Group::Dashboard),
    ("metadata-value-too-long", Group::Dashboard),
    ("mode-replace", Group::OpenClaw),
    ("model-name-missing", Group::OpenClaw),
    ("models-empty", Group::OpenClaw),
    ("portkey-missing", Group::Dashboard),
    ("primary-missing", Group::Dashboard),
    ("trace-id-static", Group::Dashboard),
];

/// Rules that find leaks and untidiness, and no cause of a symptom; and those whose question
/// another check answers with more facts.
const LEFT_TO_LINT: [&str; 9] = [
    "api-key-missing",
    "api-key-plaintext",
    "ignore-stale",
    "ignore-without-reason",
    "key-rejected",
    "key-scope-missing",
    "portkey-missing",
    "secret-in-env-block",
    "secret-in-header",
];

/// Notes that explain a symptom.
const TELLING_NOTES: [&str; 2] = [BYPASS, "primary-missing"];

/// The rule that tells of agents and defaults that ask other providers.
pub(super) const BYPASS: &str = "agent-bypasses-portkey";

fn group(rule: &Rule) -> Group {
    let listed = GROUPS.iter().find(|(id, _)| *id == rule.id);
    listed.map_or_else(
        || match rule.group {
            RuleGroup::File => Group::OpenClaw,
            RuleGroup::Provider => Group::Network,
            RuleGroup::Key => Group::Unauthorized,
            RuleGroup::Models | RuleGroup::References | RuleGroup::Online => Group::NotFound,
            RuleGroup::Routing | RuleGroup::Headers => Group::Config,
        },
        |(_, group)| *group,
    )
}

fn is_told(found: &Found) -> bool {
    let id = found.rule.id;
    let verdict = Verdict::from(found.level);
    !LEFT_TO_LINT.contains(&id) && (verdict > Verdict::Note || TELLING_NOTES.contains(&id))
}

/// How many notes are left to `lint`.
fn untold_notes(evidence: &DoctorFacts<'_>) -> usize {
    let untold = |found: &&Found| !is_told(found) && found.rule.id != "portkey-missing";
    evidence.found.iter().filter(untold).count()
}

/// Adds what the rules of a group found.
pub(super) fn findings(evidence: &DoctorFacts<'_>, out: &mut Outcomes) {
    let wanted = out.check.group;
    for found in evidence.found {
        if group(found.rule) != wanted || !is_told(found) {
            continue;
        }
        let level = Verdict::from(found.level);
        // Unencrypted requests arrive all the same.
        let verdict = if found.rule.id == "base-url-insecure" {
            level.min(Verdict::Warning)
        } else {
            level
        };
        let mut outcome = out.blank(verdict, found.message.clone());
        outcome.id = Some(found.rule.id);
        outcome.cure.clone_from(&found.help);
        outcome.fixable = found.fixable;
        outcome.at = Some(At {
            file: found.file.clone(),
            line: Some(found.line),
            column: Some(found.column),
        });
        out.push(outcome);
    }
}

pub(super) fn readable(evidence: &DoctorFacts<'_>, out: &mut Outcomes) {
    findings(evidence, out);
    for unread in evidence.unread {
        let outcome = out.named(Verdict::Problem, "include-unread", unread.clone());
        out.push(outcome);
    }
    let untold = untold_notes(evidence);
    if out.has_no_problem() {
        match (&evidence.facts, evidence.config.exists) {
            (_, false) => return out.skipped("there is no config"),
            (None, true) => return out.skipped("it could not be read"),
            (Some(_), true) => out.passed("nothing in it keeps OpenClaw from starting"),
        }
    }
    if untold > 0 {
        let plural = if untold == 1 { "" } else { "s" };
        out.note(format!(
            "`openclaw-portkey lint` has {untold} more remark{plural}, none about a symptom"
        ));
    }
}

pub(super) fn wired(evidence: &DoctorFacts<'_>, out: &mut Outcomes) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    let Some(provider) = provider(evidence) else {
        if facts.complete {
            let found = format!("the config has no provider `{}`", evidence.provider_id);
            let mut outcome = out.named(Verdict::Problem, "not-wired", found);
            let others: Vec<&str> = facts.portkey.iter().map(|one| one.id.as_str()).collect();
            if let Some(first) = others.first() {
                let names = others.join(", ");
                outcome.cause = format!("Portkey is wired under another name: {names}.");
                outcome.cure = format!("Run: openclaw-portkey doctor --provider-id {first}");
            }
            out.push(outcome);
        } else {
            out.skipped("an include could not be read, and the provider may stand in it");
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
    if facts.through(&text).is_some() {
        if out.has_no_problem() {
            let whose = agent.map_or_else(String::new, |agent| format!(" of agent {agent}"));
            out.passed(format!(
                "the primary{whose} {shown} goes through the provider `{}`",
                provider.id
            ));
        }
        return;
    }
    // Lint takes it for a wish; whoever misses requests wants to know.
    let place = primary.place().position;
    for outcome in out.own_mut() {
        let at = outcome.at.as_ref();
        let is_here =
            at.is_some_and(|at| (at.line, at.column) == (Some(place.line), Some(place.column)));
        if is_here && outcome.id == Some(BYPASS) {
            outcome.verdict = outcome.verdict.max(Verdict::Warning);
        }
    }
}

/// The primary that is asked where no agent is named, with its agent where it has one of its own.
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

/// The provider that is meant.
pub(super) fn provider<'e>(evidence: &DoctorFacts<'e>) -> Option<&'e PortkeyProvider<'e>> {
    evidence.facts?.provider(evidence.provider_id)
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, LEFT_TO_LINT, TELLING_NOTES};
    use crate::rules::by_id;

    #[test]
    fn the_rules_exist() {
        let ids = GROUPS
            .iter()
            .map(|(id, _)| *id)
            .chain(LEFT_TO_LINT)
            .chain(TELLING_NOTES);
        for id in ids {
            assert!(by_id(id).is_some(), "{id}");
        }
    }
}
