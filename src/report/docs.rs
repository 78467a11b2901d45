//! The rules and the symptoms as Markdown, for `docs/`; `cargo run --example docs` writes it.

use std::fmt::Write as _;

use crate::rules::{Group as RuleGroup, RULES, Rule};
use crate::symptoms::{self, Group, Symptom};

const GENERATED: &str = "<!-- Written by `cargo run --example docs`; do not edit. -->\n";

/// `docs/rules.md`.
#[must_use]
pub fn rules() -> String {
    let mut page = format!(
        "{GENERATED}\n# Rules of `openclaw-portkey lint`\n\nLevels: an *error* means that OpenClaw \
         will not start, or that requests will fail or go elsewhere; a *warning*, that something \
         is likely wrong or leaks; a *note* is worth knowing. A rule that is *off* runs with \
         `--extend-select RULE`. `openclaw-portkey explain RULE` shows \
         the same in a terminal.\n"
    );
    for group in RuleGroup::ALL {
        let rules: Vec<&&Rule> = RULES.iter().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {}\n\n| rule | level | finds |\n|---|---|---|\n",
            heading(group.name())
        );
        for rule in &rules {
            let _ = writeln!(
                page,
                "| [`{id}`](#{id}) | {}{} | {} |",
                rule.level,
                if rule.is_on() { "" } else { ", off" },
                rule.summary.replace('|', "\\|"),
                id = rule.id
            );
        }
        for rule in rules {
            rule_section(&mut page, rule);
        }
    }
    page
}

fn rule_section(page: &mut String, rule: &Rule) {
    let _ = write!(
        page,
        "\n### {}\n\n*{}*: {}.\n\n{}\n\n**Fix:** {}\n",
        rule.id, rule.level, rule.summary, rule.why, rule.fix
    );
    if let Some(bad) = rule.bad.first() {
        let _ = write!(
            page,
            "\nFound, at `«»`:\n\n```json5\n{}\n```\n",
            bad.trim_end()
        );
    }
    if let Some(good) = rule.good.first() {
        let _ = write!(page, "\nNot found:\n\n```json5\n{}\n```\n", good.trim_end());
    }
}

/// `docs/troubleshooting.md`.
#[must_use]
pub fn troubleshooting() -> String {
    let mut page = format!(
        "{GENERATED}\n# Troubleshooting\n\nPaste what OpenClaw or Portkey says, or name a status: \
         `openclaw-portkey explain \"401 Invalid API Key\"`, `openclaw-portkey explain 412`.\n"
    );
    for (group, title) in GROUPS {
        let symptoms: Vec<&Symptom> = symptoms::all()
            .filter(|symptom| symptom.group == *group)
            .collect();
        if symptoms.is_empty() {
            continue;
        }
        let _ = write!(page, "\n## {title}\n");
        for symptom in symptoms {
            symptom_section(&mut page, symptom);
        }
    }
    page
}

fn symptom_section(page: &mut String, symptom: &Symptom) {
    let statuses: Vec<String> = symptom.statuses().iter().map(u16::to_string).collect();
    let statuses = if statuses.is_empty() {
        String::new()
    } else {
        format!(" ({})", statuses.join(", "))
    };
    let _ = write!(
        page,
        "\n### {}{statuses}\n\n`{}`. {}\n\n**Fix:** {}\n",
        heading(symptom.title),
        symptom.id,
        symptom.why,
        symptom.fix
    );
    if !symptom.link.is_empty() {
        let _ = write!(page, "\n<{}>\n", symptom.link);
    }
}

/// The groups in the order of the page.
const GROUPS: &[(Group, &str)] = &[
    (Group::Dashboard, "Requests do not show in the dashboard"),
    (Group::Unauthorized, "Not authorised"),
    (Group::NotFound, "Not found"),
    (Group::RateLimited, "Rate limits"),
    (Group::Budget, "Budgets"),
    (Group::Guardrail, "Guardrails"),
    (Group::Timeout, "Time limits"),
    (Group::Network, "Network"),
    (Group::Config, "Gateway configs and headers"),
    (Group::Server, "Failures of Portkey or of a provider"),
    (Group::OpenClaw, "OpenClaw itself"),
];

/// With a capital, unless the first word is a name such as `x-portkey-config`.
fn heading(text: &str) -> String {
    let (first, _) = text.split_once(' ').unwrap_or((text, ""));
    if first.contains('-') {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_on_its_page() {
        let page = rules();
        for rule in RULES {
            assert!(
                page.contains(&format!("\n### {}\n", rule.id)),
                "{}",
                rule.id
            );
        }
        let page = troubleshooting();
        for symptom in symptoms::all() {
            assert!(
                page.contains(&format!("\n`{}`. ", symptom.id)),
                "{}",
                symptom.id
            );
        }
    }
}
