//! What is wrong with a gateway config, with where and how to fix it.
//!
//! A rule is data, documentation and a function from [`Facts`] to findings. It knows the gateway's
//! schema and what the gateway does with a config; where it cannot tell, it is silent.

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
    /// Its name, in kebab case.
    pub id: &'static str,
    /// How bad its findings are, unless a finding says otherwise.
    pub level: Level,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Why it matters, in a few sentences of Markdown.
    pub why: &'static str,
    /// How to fix it, in a sentence or two of Markdown.
    pub fix: &'static str,
    /// Whole configs that trigger it, and no other error or warning; what it points at is between
    /// « and ».
    pub bad: &'static [&'static str],
    /// Whole configs close to the bad ones that trigger no error or warning, and not this rule.
    pub good: &'static [&'static str],
    /// Finds.
    pub check: fn(&Facts<'_>, &mut Findings),
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub level: Level,
    /// The bytes it points at.
    pub range: Range<usize>,
    /// The way to the value.
    pub path: Path,
    /// One sentence: what is wrong.
    pub message: String,
    /// One sentence: what to do.
    pub help: String,
    /// The change that fixes it.
    pub fix: Option<Fix>,
}

/// A change that fixes a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether it surely keeps what the user wants.
    pub safe: bool,
    /// What it does, as a verb phrase.
    pub title: String,
    /// The changes to the document.
    pub changes: Vec<Change>,
}

/// What the rules are about, where those of `lint` have their areas.
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

/// All rules, one after the other.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten()
}

/// All rules, those that need Portkey's answers included.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules().chain(online::RULES)
}

/// Runs all rules. The findings come sorted by where they are.
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
