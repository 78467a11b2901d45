//! The baseline: a JSON file in the project with accepted findings.
#![expect(
    clippy::disallowed_methods,
    reason = "a baseline is a file of the project, not of OpenClaw: it needs no lock and no backup"
)]

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value as Json;

use crate::error::{Failure, FailureKind};
use crate::report::{Fingerprint, json};

/// A file's name in the baseline, and a finding in it.
pub(crate) type Entry = (String, Fingerprint);

#[derive(Debug)]
pub(crate) struct Baseline {
    folder: PathBuf,
    entries: HashSet<Entry>,
}

impl Baseline {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |what: String| {
            Failure::new(
                FailureKind::File,
                format!("the baseline {} {what}", path.display()),
            )
        };
        let text =
            fs::read_to_string(path).map_err(|error| failed(format!("cannot be read: {error}")))?;
        let entries = entries(&text).ok_or_else(|| {
            failed("isn't a baseline".to_owned()).hint("--write-baseline FILE recreates it")
        })?;
        Ok(Self {
            folder: folder_of(path)?,
            entries,
        })
    }

    /// Whether it contains a finding.
    pub(crate) fn holds(&self, entry: &Entry) -> bool {
        self.entries.contains(entry)
    }

    /// The name of a file in the baseline.
    pub(crate) fn name(&self, path: &Path) -> String {
        name_in(&self.folder, path)
    }

    /// The entries without a finding, for files that were checked or are gone and rules that ran.
    pub(crate) fn stale(
        &self,
        found: &HashSet<Entry>,
        looked_at: &HashSet<String>,
        ran: &dyn Fn(&str) -> bool,
    ) -> Vec<Entry> {
        let mut stale: Vec<Entry> = self
            .entries
            .iter()
            .filter(|entry| !found.contains(entry) && ran(&entry.1.rule))
            .filter(|(file, _)| looked_at.contains(file) || !self.folder.join(file).exists())
            .cloned()
            .collect();
        stale.sort();
        stale
    }
}

/// Writes the findings of a run, for later runs to accept.
pub(crate) fn write(path: &Path, entries: &BTreeSet<Entry>) -> anyhow::Result<()> {
    let lines: Vec<String> = entries
        .iter()
        .map(|(file, print)| format!("\n    {}", json::entry(file, print)))
        .collect();
    let text = format!(
        "{{\n  \"version\": 1,\n  \"findings\": [{}\n  ]\n}}\n",
        lines.join(",")
    );
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

pub(crate) fn folder_of(path: &Path) -> Result<PathBuf, Failure> {
    let folder = std::path::absolute(path)
        .map(|path| path.parent().map(Path::to_owned).unwrap_or_default())
        .map_err(|error| Failure::new(FailureKind::File, error.to_string()))?;
    Ok(real(&folder))
}

/// Relative to the baseline's folder, so that it is the same on every machine.
pub(crate) fn name_in(folder: &Path, path: &Path) -> String {
    match real(path).strip_prefix(folder) {
        Ok(rest) => rest
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/"),
        Err(_) => path.display().to_string(),
    }
}

/// Resolves links, `.` and `..`, if the path exists.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn entries(text: &str) -> Option<HashSet<Entry>> {
    let whole: Json = serde_json::from_str(text).ok()?;
    if whole.get("version")?.as_u64()? != 1 {
        return None;
    }
    whole
        .get("findings")?
        .as_array()?
        .iter()
        .map(|entry| {
            let text = |key: &str| Some(entry.get(key)?.as_str()?.to_owned());
            let print = Fingerprint {
                rule: text("rule")?,
                path: text("path")?,
                value: text("value")?,
            };
            Some((text("file")?, print))
        })
        .collect()
}
