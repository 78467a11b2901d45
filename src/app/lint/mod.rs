//! `lint`: finds files, reads them, runs the rules, and fixes what they find.

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

/// What is done with the fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fixes {
    /// They are mentioned.
    Offer,
    /// They are shown as a diff.
    Show,
    /// They are written.
    Write,
}

/// What a run of `lint` is to do.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct Options {
    /// Files and folders; OpenClaw's own config where there are none.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) profile: Option<String>,
    pub(crate) version: Option<Version>,
    pub(crate) rules: Vec<&'static Cause>,
    pub(crate) online: bool,
    /// The team file whose rules count.
    pub(crate) policy: Option<PathBuf>,
    /// Whether a rule that needs a team file was named.
    pub(crate) selects_policy: bool,
    /// Whether a rule that needs Portkey was named.
    pub(crate) selects_online: bool,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) write_baseline: Option<PathBuf>,
    pub(crate) fixes: Fixes,
    /// Whether the safe fixes were asked for.
    pub(crate) safe: bool,
    pub(crate) also_unsafe: bool,
    pub(crate) format: LintFormat,
    pub(crate) fail_on: FailOn,
    pub(crate) no_fail: bool,
}
