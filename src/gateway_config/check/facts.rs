//! The input and output of the rules.

use std::ops::Range;

use crate::diagnostic::Level;
use crate::document::{Document, NodeId, Path, Value};
use crate::edit::Change;
use crate::gateway_config::read::{GatewayConfig, Spanned, Target, TargetId, split_slug};
use crate::openclaw::Version;

pub(super) use crate::nearest::{closest, did_you_mean};

use super::{Finding, Fix, Online, Rule};

/// The model name that means "whatever the config selects".
pub(super) const DYNAMIC: &str = "portkey-dynamic";

/// The input of the rules.
#[derive(Debug)]
pub struct Facts<'c> {
    /// The config.
    pub config: &'c GatewayConfig,
    /// Models the user wants, as `@slug/model`; fixes use them.
    pub models: Vec<String>,
    /// The model that OpenClaw requests, if known.
    pub asked: Option<String>,
    /// The version of OpenClaw.
    pub version: Version,
    /// Portkey's answers, in an online run.
    pub online: Option<Online<'c>>,
}

impl<'c> Facts<'c> {
    /// The facts of the config alone.
    #[must_use]
    pub fn new(config: &'c GatewayConfig) -> Self {
        Self {
            config,
            models: Vec::new(),
            asked: None,
            version: Version::NEWEST,
            online: None,
        }
    }

    pub(super) fn document(&self) -> &'c Document {
        self.config.document()
    }

    /// Groups with their id.
    pub(super) fn groups(&self) -> impl Iterator<Item = (TargetId, &'c Target)> {
        let all = self.config.targets();
        all.filter(|(_, target)| target.strategy.is_some())
    }

    /// The model that the user wants from a provider.
    pub(super) fn model_of(&self, slug: &str) -> Option<&str> {
        let mut models = self.models.iter();
        let of = |model: &&String| split_slug(model).is_some_and(|(known, _)| known == slug);
        models.find(of).map(String::as_str)
    }

    /// Whether OpenClaw requests the model that means "whatever the config selects".
    pub(super) fn asks_dynamic(&self) -> bool {
        self.asked.as_deref() == Some(DYNAMIC)
    }

    /// The path to a key of an object.
    pub(super) fn path(&self, holder: NodeId, key: &str) -> Path {
        self.config.path(holder).key(key)
    }

    /// Renames a key, unless the new name already exists.
    pub(super) fn rename(&self, holder: NodeId, old: &str, new: &str) -> Option<Vec<Change>> {
        let document = self.document();
        document.get(holder, old)?;
        let is_free = document.get(holder, new).is_none();
        is_free.then(|| {
            vec![Change::Rename {
                path: self.path(holder, old),
                key: new.to_owned(),
            }]
        })
    }
}

pub(super) fn remove(path: Path) -> Change {
    Change::Remove {
        path,
        comments_stay: false,
    }
}

pub(super) fn set(path: Path, value: impl Into<Value>) -> Change {
    Change::Set {
        path,
        value: value.into(),
    }
}

/// Collects the rules' findings.
#[derive(Debug, Default)]
pub struct Findings {
    rule: Option<&'static Rule>,
    found: Vec<Finding>,
}

impl Findings {
    pub(super) fn start(&mut self, rule: &'static Rule) {
        self.rule = Some(rule);
    }

    /// Adds a finding that points at a value.
    pub(super) fn value<T>(
        &mut self,
        facts: &Facts<'_>,
        at: &Spanned<T>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(facts, at.node, at.range.clone(), message, help);
    }

    /// Adds a finding that points at a key.
    pub(super) fn key<T>(
        &mut self,
        facts: &Facts<'_>,
        at: &Spanned<T>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(facts, at.node, at.key.clone(), message, help);
    }

    /// Adds a finding that points at part of a node.
    pub(super) fn add(
        &mut self,
        facts: &Facts<'_>,
        node: NodeId,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let Some(rule) = self.rule else {
            return;
        };
        self.found.push(Finding {
            rule,
            level: rule.level,
            range,
            path: facts.config.path(node),
            message: message.into(),
            help: help.into(),
            fix: None,
        });
    }

    /// Overrides the level of the last finding.
    pub(super) fn level(&mut self, level: Level) {
        if let Some(last) = self.found.last_mut() {
            last.level = level;
        }
    }

    /// Adds a fix to the last finding.
    pub(super) fn fix(&mut self, safe: bool, title: impl Into<String>, changes: Vec<Change>) {
        if let Some(last) = self.found.last_mut() {
            last.fix = Some(Fix {
                safe,
                title: title.into(),
                changes,
            });
        }
    }

    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.found
            .sort_by_key(|finding| (finding.range.start, finding.range.end, finding.rule.id));
        self.found
    }
}

/// A text from the config, made safe to print.
pub(super) fn shown(text: &str) -> String {
    crate::portkey::printable(text, 80)
}
