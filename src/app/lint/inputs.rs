//! The files to check: named files, those in named folders, or OpenClaw's own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Failure, FailureKind};

/// The file names to look for in folders.
pub(crate) const NAMES: [&str; 2] = ["openclaw.json", "openclaw.json5"];

/// Folders to skip: their contents belong to others.
const SKIPPED: [&str; 2] = ["node_modules", ".git"];

/// A config to check.
#[derive(Debug)]
pub(crate) enum Input {
    /// A file, as an absolute path.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// The inputs, and the failures on the way.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) found: Vec<Input>,
    pub(crate) failures: Vec<Failure>,
}

impl Inputs {
    pub(crate) fn of(file: PathBuf) -> Self {
        Self {
            found: vec![Input::File(file)],
            failures: Vec::new(),
        }
    }
}

/// Finds the inputs, in the order of the arguments; sorted by path within a folder.
pub(crate) fn find(named: &[PathBuf]) -> Inputs {
    let mut inputs = Inputs::default();
    for name in named {
        if name.as_os_str() == "-" {
            if !inputs
                .found
                .iter()
                .any(|input| matches!(input, Input::Stdin))
            {
                inputs.found.push(Input::Stdin);
            }
            continue;
        }
        match std::path::absolute(name) {
            Ok(path) if path.is_dir() => walk(&path, &mut inputs),
            Ok(path) => inputs.found.push(Input::File(path)),
            Err(error) => inputs.failures.push(unreadable(name, &error)),
        }
    }
    inputs
}

/// Links to folders aren't followed, to avoid cycles.
fn walk(root: &Path, inputs: &mut Inputs) {
    let mut open = vec![root.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                inputs.failures.push(unreadable(&folder, &error));
                continue;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    inputs.failures.push(unreadable(&folder, &error));
                    continue;
                }
            };
            let name = entry.file_name();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder {
                if !SKIPPED.iter().any(|skipped| name == *skipped) {
                    open.push(entry.path());
                }
            } else if NAMES.iter().any(|wanted| name == *wanted) && !entry.path().is_dir() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    inputs.found.extend(files.into_iter().map(Input::File));
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        FailureKind::File,
        format!("cannot read {}: {error}", path.display()),
    )
}

/// The name of a file in reports: relative to the working folder if it is inside.
pub(crate) fn name(path: &Path, cwd: &Path) -> String {
    match path.strip_prefix(cwd) {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.display().to_string(),
        _ => path.display().to_string(),
    }
}
