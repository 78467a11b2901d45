//! Generates the rules and symptoms as Markdown for `docs/`; `cargo run --example docs` writes the
//! files.

use std::fmt::Write as _;

use crate::causes::{self, Area, Cause, RULES, Symptom};
use crate::gateway_config::check;
use crate::help::Help;

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
    for area in Area::OF_RULES {
        let rules: Vec<&Cause> = RULES
            .iter()
            .copied()
            .filter(|rule| rule.area == area)
            .collect();
        if rules.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {}\n\n| rule | level | finds |\n|---|---|---|\n",
            heading(area.name())
        );
        for rule in &rules {
            let _ = writeln!(
                page,
                "| [`{id}`](#{id}) | {}{} | {} |",
                rule.level,
                if rule.on { "" } else { ", off" },
                rule.summary.replace('|', "\\|"),
                id = rule.id
            );
        }
        for rule in rules {
            rule_section(&mut page, rule);
        }
    }
    gateway_config(&mut page);
    page
}

/// The rules of `gateway-config check`, which `lint` also applies to an inline config in a header.
fn gateway_config(page: &mut String) {
    page.push_str(
        "\n## Gateway configs\n\nRules of `openclaw-portkey gateway-config check`; `lint` runs them on a \
         config that is written out in `x-portkey-config` (`config-inline`).\n\n\
         | rule | level | finds | why | fix |\n|---|---|---|---|---|\n",
    );
    let cell = |text: &str| text.replace('|', "\\|");
    for rule in check::all_rules() {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            rule.id,
            rule.level,
            cell(rule.summary),
            cell(rule.why),
            cell(rule.fix)
        );
    }
}

fn rule_section(page: &mut String, rule: &Cause) {
    let _ = write!(
        page,
        "\n### {}\n\n*{}*: {}.\n\n{}\n\n**Fix:** {}\n",
        rule.id,
        rule.level,
        rule.summary,
        rule.why,
        Help::from(rule.fix)
    );
    if !rule.team.is_empty() {
        let _ = write!(
            page,
            "\nWith the team file:\n\n```json5\n{}\n```\n",
            rule.team
        );
    }
    if let Some(bad) = rule.bad.first() {
        let _ = write!(
            page,
            "\nReported at `«»`:\n\n```json5\n{}\n```\n",
            bad.trim_end()
        );
    }
    if let Some(good) = rule.good.first() {
        let _ = write!(
            page,
            "\nNot reported:\n\n```json5\n{}\n```\n",
            good.trim_end()
        );
    }
}

/// `docs/troubleshooting.md`.
#[must_use]
pub fn troubleshooting() -> String {
    let mut page = format!(
        "{GENERATED}\n# Troubleshooting\n\nPaste what OpenClaw or Portkey says, or name a status: \
         `openclaw-portkey explain \"401 Invalid API Key\"`, `openclaw-portkey explain 412`.\n"
    );
    for (symptom, title) in SYMPTOMS {
        let mut causes: Vec<&Cause> = causes::all()
            .filter(|cause| is_documented(cause) && cause.first_symptom() == Some(*symptom))
            .collect();
        if causes.is_empty() {
            continue;
        }
        // Replies first: they are pasted most often.
        causes.sort_by_key(|cause| (cause.reply.is_none(), cause.id));
        let _ = write!(page, "\n## {title}\n");
        for cause in causes {
            cause_section(&mut page, cause);
        }
    }
    page
}

/// Whether it can occur outside `lint`, which has its own page.
fn is_documented(cause: &Cause) -> bool {
    !cause.is_rule() || cause.reply.is_some()
}

fn cause_section(page: &mut String, cause: &Cause) {
    let statuses: Vec<String> = cause.statuses.iter().map(u16::to_string).collect();
    let statuses = if statuses.is_empty() {
        String::new()
    } else {
        format!(" ({})", statuses.join(", "))
    };
    let _ = write!(
        page,
        "\n### {}{statuses}\n\n`{}`. {}\n\n**Fix:** {}\n",
        heading(cause.summary),
        cause.id,
        cause.why,
        Help::from(cause.fix)
    );
    if !cause.link.is_empty() {
        let _ = write!(page, "\n<{}>\n", cause.link);
    }
}

/// The symptoms in the order of the page.
const SYMPTOMS: &[(Symptom, &str)] = &[
    (Symptom::Dashboard, "Requests do not show in the dashboard"),
    (Symptom::Unauthorized, "Unauthorized"),
    (Symptom::NotFound, "Not found"),
    (Symptom::RateLimited, "Rate limits"),
    (Symptom::Budget, "Budgets"),
    (Symptom::Guardrail, "Guardrails"),
    (Symptom::Timeout, "Timeouts"),
    (Symptom::Network, "Network"),
    (Symptom::Config, "Gateway configs and headers"),
    (Symptom::Server, "Portkey and provider failures"),
    (Symptom::OpenClaw, "OpenClaw"),
    (Symptom::Team, "Team files"),
];

/// Capitalised, unless the first word is a name such as `x-portkey-config`.
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
    fn pages_are_complete() {
        let page = rules();
        for rule in RULES {
            assert!(
                page.contains(&format!("\n### {}\n", rule.id)),
                "{}",
                rule.id
            );
        }
        for rule in check::all_rules() {
            assert!(
                page.contains(&format!("\n| `{}` | ", rule.id)),
                "{}",
                rule.id
            );
        }
        let page = troubleshooting();
        for cause in causes::all().filter(|cause| super::is_documented(cause)) {
            assert!(
                page.contains(&format!("\n`{}`. ", cause.id)),
                "{}",
                cause.id
            );
        }
    }
}
