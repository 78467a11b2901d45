//! Shared by all commands, and the only module that connects the shells.

pub(crate) mod admin;
pub(crate) mod cause_list;
pub(crate) mod change;
pub(crate) mod complete;
pub(crate) mod credential;
pub(crate) mod doctor;
pub(crate) mod failure;
pub(crate) mod gateway_config;
pub(crate) mod guardrails;
pub(crate) mod headers;
pub(crate) mod init;
pub(crate) mod inquiry;
pub(crate) mod key_storage;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod lsp;
pub(crate) mod model_facts;
pub(crate) mod models_sync;
pub(crate) mod models_table;
pub(crate) mod named_models;
pub(crate) mod output;
pub(crate) mod parallel_map;
pub(crate) mod providers;
pub(crate) mod remote;
pub(crate) mod report;
pub(crate) mod saved_models;
pub(crate) mod session;
pub(crate) mod table;
pub(crate) mod team;
pub(crate) mod unwire;
pub(crate) mod usage_report;
pub(crate) mod wiring;
pub(crate) mod wizard;
pub(crate) mod written;

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::store::{Environment, Locks};
use crate::ui::Secrets;

pub(crate) use failure::{print_failure, report_failure, usage};

/// The environment of the commands.
pub struct Env {
    /// Determines where OpenClaw's files are.
    pub files: Environment,
    /// A folder for files that can be lost.
    pub cache: Option<PathBuf>,
    /// Looks up a variable; values aren't stored, since variables may contain keys.
    pub variable: fn(&str) -> Option<OsString>,
    /// The secrets to mask.
    pub secrets: Secrets,
    /// The locks that the command holds from the start.
    pub locks: RefCell<Option<Locks>>,
}

impl Env {
    /// A variable's value, unless it is empty or white space.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = (self.variable)(name)?.into_string().ok()?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// Whether the command holds the locks of all these files.
    pub(crate) fn hold(&self, files: &[&Path]) -> bool {
        let locks = self.locks.borrow();
        locks
            .as_ref()
            .is_some_and(|locks| files.iter().all(|file| locks.cover(file)))
    }

    /// Runs with locks held.
    pub(crate) fn with_locks<T>(&self, locks: Locks, run: impl Fn() -> T) -> T {
        self.locks.replace(Some(locks));
        let result = run();
        self.locks.replace(None);
        result
    }

    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.text("HOME")
            .or_else(|| self.text("USERPROFILE"))
            .map(PathBuf::from)
    }
}
