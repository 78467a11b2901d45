//! `lint`: finds and reads files, runs the rules and applies fixes.

pub(crate) mod baseline;
pub(crate) mod fix;
pub(crate) mod inputs;
pub(crate) mod linter;
pub(crate) mod online;
mod reporter;
pub(crate) mod run;
mod verdict;

use std::path::PathBuf;

use crate::args::{FailOn, LintFormat};
use crate::causes::Cause;
use crate::openclaw::Version;

/// What to do with fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fixes {
    /// Mention them.
    Offer,
    /// Show them as a diff.
    Show,
    /// Write them.
    Write,
}

/// The options of `lint`.
#[expect(clippy::struct_excessive_bools, reason = "each is a command-line flag")]
pub(crate) struct Options {
    /// Files and folders; if empty, OpenClaw's own config.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) profile: Option<String>,
    pub(crate) version: Option<Version>,
    pub(crate) rules: Vec<&'static Cause>,
    pub(crate) online: bool,
    /// The team file whose rules apply.
    pub(crate) policy: Option<PathBuf>,
    /// Whether a rule that needs a team file was selected.
    pub(crate) selects_policy: bool,
    /// Whether a rule that needs Portkey was selected.
    pub(crate) selects_online: bool,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) write_baseline: Option<PathBuf>,
    pub(crate) fixes: Fixes,
    /// Whether safe fixes were requested.
    pub(crate) safe: bool,
    pub(crate) also_unsafe: bool,
    pub(crate) format: LintFormat,
    pub(crate) fail_on: FailOn,
    pub(crate) no_fail: bool,
}
