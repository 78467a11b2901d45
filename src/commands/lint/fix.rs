//! Making fixes: one after the other, the rules run again after each, until nothing is left.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use crate::diff::{self, Line, Side};
use crate::document::Document;
use crate::edit;
use crate::error::{Failure, FailureKind};
use crate::mask::mask_lines;
use crate::openclaw::Config;
use crate::report::{Fingerprint, changes_of};
use crate::rules::Online;
use crate::store::{self, Deadline, Environment, Pending, Snapshot, Written};

use super::super::road::{LOCK_WAIT, declared_read_only};
use super::super::workspace::store_failure;
use super::files;
use super::judge::Job;
use super::load::{self, Loaded, Overlay};

/// The most fixes that are made in one config in one run.
const MOST_FIXES: usize = 2000;

/// A config after its fixes, in memory alone.
pub(in crate::commands) struct Fixed {
    pub(in crate::commands) loaded: Loaded,
    /// The new texts of the files that change.
    pub(in crate::commands) texts: Overlay,
    /// How many fixes were made.
    pub(in crate::commands) made: usize,
}

/// Makes all fixes, or only the safe ones, in memory.
pub(in crate::commands) fn in_memory(
    job: &Job,
    first: &Loaded,
    online: Option<&Online>,
    also_unsafe: bool,
    reload: &dyn Fn(&Overlay) -> Result<Loaded, Failure>,
) -> Result<Fixed, Failure> {
    let mut texts = Overlay::new();
    // What is on the disk may have changed since: the first reading counts.
    for source in first.config.iter().flat_map(Config::sources) {
        texts.insert(source.path.clone(), source.document.text().to_owned());
    }
    let mut fixed = Fixed {
        loaded: reload(&texts)?,
        texts,
        made: 0,
    };
    let mut seen = HashSet::from([hash(&fixed.texts)]);
    let mut hopeless: HashSet<Fingerprint> = HashSet::new();
    while fixed.made < MOST_FIXES {
        let Some((print, texts)) = next(job, &fixed, online, also_unsafe, &hopeless) else {
            break;
        };
        // Two fixes that undo each other would go on for ever.
        if !seen.insert(hash(&texts)) {
            hopeless.insert(print);
            continue;
        }
        fixed.loaded = reload(&texts)?;
        fixed.texts = texts;
        fixed.made += 1;
    }
    for source in first.config.iter().flat_map(Config::sources) {
        if fixed
            .texts
            .get(&source.path)
            .is_some_and(|text| text == source.document.text())
        {
            fixed.texts.remove(&source.path);
        }
    }
    Ok(fixed)
}

fn hash(texts: &Overlay) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish()
}

/// The texts after the first fix that can be made.
fn next(
    job: &Job,
    fixed: &Fixed,
    online: Option<&Online>,
    also_unsafe: bool,
    hopeless: &HashSet<Fingerprint>,
) -> Option<(Fingerprint, Overlay)> {
    let judged = job.judge_untried(&fixed.loaded, online);
    let sources = fixed.loaded.config.as_ref()?.sources();
    for (shown, finding) in judged.report.findings.iter().zip(&judged.findings) {
        let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safe || also_unsafe) else {
            continue;
        };
        if hopeless.contains(&shown.fingerprint) {
            continue;
        }
        let mut texts = fixed.texts.clone();
        let mut changes_something = false;
        for (index, source) in sources.iter().enumerate() {
            let changes = changes_of(fix, index);
            if changes.is_empty() {
                continue;
            }
            let Ok(edited) = edit::apply(&source.document, &changes) else {
                changes_something = false;
                break;
            };
            if !edited.replacements.is_empty() {
                changes_something = true;
                texts.insert(source.path.clone(), edited.document.text().to_owned());
            }
        }
        if changes_something {
            return Some((shown.fingerprint.clone(), texts));
        }
    }
    None
}

/// The masked diff of every file that changes.
pub(in crate::commands) fn diffs(first: &Loaded, texts: &Overlay, job: &Job) -> Vec<Vec<Line>> {
    let Some(config) = &first.config else {
        return Vec::new();
    };
    let mut shown = HashSet::new();
    config
        .sources()
        .iter()
        .filter(|source| shown.insert(&source.path))
        .filter_map(|source| {
            let new = Document::parse(texts.get(&source.path)?.as_str()).ok()?;
            let old = &source.document;
            Some(diff::unified(
                &files::name(&source.path, &job.cwd),
                Side {
                    text: old.text(),
                    masked: &|lines| mask_lines(old, lines, &job.known),
                },
                Side {
                    text: new.text(),
                    masked: &|lines| mask_lines(&new, lines, &job.known),
                },
                &[diff::between(old.text(), new.text())],
                true,
            ))
        })
        .collect()
}

/// Writes the texts, with lock and backup.
pub(in crate::commands) fn write(
    path: &Path,
    first: Loaded,
    texts: &Overlay,
    command: &str,
    env: &Environment,
) -> Result<Written, Failure> {
    let location = store::locate(env, Some(path), None).map_err(|error| store_failure(&error))?;
    if let Some(variable) = location.read_only {
        return Err(declared_read_only(variable));
    }
    let Some(config) = first.config else {
        return Ok(Written::default());
    };
    let mut snapshots: Vec<Snapshot> = Vec::new();
    for (source, snapshot) in config.sources().iter().zip(first.snapshots) {
        let known = snapshots.iter().any(|known| known.path == source.path);
        if known || !texts.contains_key(&source.path) {
            continue;
        }
        let mut snapshot = snapshot.ok_or_else(|| {
            Failure::new(FailureKind::Internal, "standard input cannot be written")
        })?;
        snapshot.bytes = Some(source.document.text().as_bytes().to_vec());
        snapshots.push(snapshot);
    }
    let pending: Vec<Pending<'_>> = snapshots
        .iter()
        .filter_map(|snapshot| {
            let text = texts.get(&snapshot.path)?;
            Some(Pending {
                snapshot,
                new_bytes: text.as_bytes(),
                private: false,
            })
        })
        .collect();
    let mut paths = vec![path];
    paths.extend(snapshots.iter().map(|snapshot| snapshot.path.as_path()));
    let _locks = store::lock_all(&paths, Deadline::after(LOCK_WAIT))
        .map_err(|error| store_failure(&error))?;
    store::write(&location, command, &pending).map_err(|error| store_failure(&error))
}

/// How a config is read again with other texts in place of the files'.
pub(in crate::commands) fn reloader<'a>(
    path: &'a Path,
    input: Option<&'a [u8]>,
    env: &'a Environment,
) -> impl Fn(&Overlay) -> Result<Loaded, Failure> + 'a {
    move |texts| match input {
        Some(bytes) => Ok(load::stdin(bytes.to_vec(), texts)),
        None => load::file(path, env, texts),
    }
}
