//! Finds problems in a gateway config, with their location and how to fix them.
//!
//! A rule is data, documentation and a function from [`Facts`] to findings. It knows the gateway's
//! schema and what the gateway does with a config; when unsure, it reports nothing.

mod balance;
mod breaker;
mod cache;
mod conditions;
mod credentials;
mod facts;
mod groups;
mod guardrails;
mod online;
mod providers;
mod queries;
mod retry;
mod settings;
mod shape;
mod timeout;

use std::ops::Range;

use crate::diagnostic::Level;
use crate::document::Path;
use crate::edit::Change;

pub use facts::{Facts, Findings};
pub use online::Online;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its id, in kebab case.
    pub id: &'static str,
    /// The default level of its findings.
    pub level: Level,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Why it matters, in a few sentences of Markdown.
    pub why: &'static str,
    /// How to fix it, in a sentence or two of Markdown.
    pub fix: &'static str,
    /// Complete configs that trigger this rule and no other error or warning, with «» around what
    /// it points at.
    pub bad: &'static [&'static str],
    /// Complete configs similar to the bad ones that don't trigger this rule, or any error or
    /// warning.
    pub good: &'static [&'static str],
    /// The check.
    pub check: fn(&Facts<'_>, &mut Findings),
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Its level.
    pub level: Level,
    /// The byte range it points at.
    pub range: Range<usize>,
    /// The path to the value.
    pub path: Path,
    /// One sentence: what is wrong.
    pub message: String,
    /// One sentence: how to fix it.
    pub help: String,
    /// The change that fixes it.
    pub fix: Option<Fix>,
}

/// A change that fixes a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether it certainly preserves what the user wants.
    pub safe: bool,
    /// What it does, as a verb phrase.
    pub title: String,
    /// The changes to the document.
    pub changes: Vec<Change>,
}

/// The name of this group of rules, where `lint` has areas.
pub const GROUP: &str = "gateway-config";

/// All rules, by topic.
pub const RULES: &[&[Rule]] = &[
    shape::RULES,
    groups::RULES,
    providers::RULES,
    credentials::RULES,
    settings::RULES,
    balance::RULES,
    breaker::RULES,
    retry::RULES,
    timeout::RULES,
    cache::RULES,
    guardrails::RULES,
    conditions::RULES,
    queries::RULES,
];

/// All rules in one sequence.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten()
}

/// All rules, including those that need Portkey's answers.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules().chain(online::RULES)
}

/// Runs all rules. Returns the findings sorted by position.
#[must_use]
pub fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    for rule in all_rules() {
        findings.start(rule);
        (rule.check)(facts, &mut findings);
    }
    findings.sorted()
}

#[cfg(test)]
mod tests;
