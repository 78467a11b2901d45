//! The result of an intent: the files with their new texts and diffs.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Location};
use crate::diff::{self, Line, Side};
use crate::doctor::facts::KeyPlace;
use crate::doctor::{KeyOrigin, known_keys, variable_in_use};
use crate::document::Document;
use crate::edit::{self, Change as DocumentChange, EditError, Edited, Replacement};
use crate::error::{Failure, FailureKind};
use crate::mask::mask_lines;
use crate::openclaw::Config;
use crate::plan::{self, Intent, Target};
use crate::secret::Secret;
use crate::store::Snapshot;

use super::Call;
use super::keys::{ReplacedKey, replaced_keys};
use crate::app::load::Overlay;
use crate::app::session::Session;

pub(crate) struct FileChange {
    pub(crate) snapshot: Snapshot,
    pub(crate) bytes: Vec<u8>,
    /// Whether the file is removed.
    pub(crate) removes: bool,
    pub(crate) diff: Vec<Line>,
}

/// Everything that a command is about to do.
#[derive(Default)]
pub(crate) struct Proposal {
    pub(crate) files: Vec<FileChange>,
    /// The calls to Portkey, made before the files are written.
    pub(crate) calls: Vec<Call>,
    pub(crate) notes: Vec<Diagnostic>,
    /// The keys that are replaced.
    pub(crate) replaced: Vec<ReplacedKey>,
}

impl Proposal {
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.calls.is_empty()
    }

    /// Adds a warning for each key that is replaced. Keys in `kept` are stored elsewhere, too.
    pub(crate) fn new(
        files: Vec<FileChange>,
        notes: Vec<Diagnostic>,
        kept: &[Secret],
        name: &dyn Fn(&Path) -> String,
    ) -> Self {
        let replaced = replaced_keys(&files, kept, name);
        let mut proposal = Self {
            files,
            calls: Vec::new(),
            notes,
            replaced: Vec::new(),
        };
        proposal.replace(replaced);
        proposal
    }

    fn replace(&mut self, keys: impl IntoIterator<Item = ReplacedKey>) {
        for key in keys {
            self.notes.push(Diagnostic::warning(None, key.to_string()));
            self.replaced.push(key);
        }
    }

    /// Drops the warnings about replaced keys: replacing them was requested.
    pub(crate) fn expects_replaced_keys(&mut self) {
        for key in std::mem::take(&mut self.replaced) {
            let text = key.to_string();
            self.notes.retain(|note| note.message != text);
        }
    }

    /// Whether it changes a file.
    pub(crate) fn touches(&self, path: &Path) -> bool {
        self.files.iter().any(|file| file.snapshot.path == path)
    }

    /// The new texts, for reading the config as it will be.
    pub(crate) fn overlay(&self, session: &Session<'_>) -> Overlay {
        let mut texts: Overlay = session
            .config()
            .sources()
            .iter()
            .map(|source| (source.path.clone(), source.document.text().to_owned()))
            .collect();
        for file in &self.files {
            if let Ok(text) = String::from_utf8(file.bytes.clone()) {
                texts.insert(file.snapshot.path.clone(), text);
            }
        }
        texts
    }
}

/// The new value of a variable in OpenClaw's `.env`.
#[derive(Clone, Debug)]
pub(crate) struct EnvEntry {
    pub(crate) name: String,
    /// `None` removes it.
    pub(crate) key: Option<Secret>,
}

/// Plans an intent and computes the new texts of the files.
pub(crate) fn propose(
    session: &Session<'_>,
    target: &Target,
    intent: &Intent,
    dotenv: Option<&EnvEntry>,
    known: &[Secret],
) -> Result<Proposal, Failure> {
    let config = session.config();
    let plan = plan::plan(config, target, intent)?;
    let mut files = Vec::new();
    if let Some(entry) = dotenv {
        files.extend(dotenv_change(session, entry)?);
    }
    for (index, source) in config.sources().iter().enumerate() {
        let changes: Vec<DocumentChange> = plan
            .changes
            .iter()
            .filter(|(owner, _)| *owner == index)
            .map(|(_, change)| change.clone())
            .collect();
        if changes.is_empty() {
            continue;
        }
        let edited = edit::apply(&source.document, &changes)
            .map_err(|error| edit_failure(config, index, &error))?;
        if !edited.replacements.is_empty() {
            files.extend(config_change(session, index, &edited, known));
        }
    }
    let kept = known_keys(session.variables());
    let name = |path: &Path| session.short(path);
    let mut proposal = Proposal::new(files, plan.notes, &kept, &name);
    if proposal.replaced.is_empty() {
        proposal.replace(dotenv.and_then(|entry| overridden(session, entry)));
    }
    Ok(proposal)
}

/// A key that an entry in `.env` overrides although it is stored elsewhere.
fn overridden(session: &Session<'_>, entry: &EnvEntry) -> Option<ReplacedKey> {
    let (current, origin) = variable_in_use(&entry.name, session.variables())?;
    let KeyOrigin::Variable { name, place } = origin else {
        return None;
    };
    let is_weaker = matches!(
        place,
        KeyPlace::ConfigEnv | KeyPlace::ConfigDotenv | KeyPlace::GatewayEnv
    );
    let is_other = entry.key.as_ref().is_some_and(|key| *key != current);
    (is_weaker && is_other)
        .then(|| ReplacedKey::new(format!("{name} in {}", place.name()), current.expose()))
}

fn config_change(
    session: &Session<'_>,
    index: usize,
    edited: &Edited,
    known: &[Secret],
) -> Option<FileChange> {
    let source = &session.config().sources()[index];
    let exists = index > 0 || session.loaded.exists;
    let old = exists.then_some(&source.document);
    let snapshot = session.loaded.snapshots.get(index)?.as_ref()?;
    Some(FileChange {
        snapshot: snapshot.with_bytes(old.map(|old| old.text().as_bytes().to_vec())),
        diff: document_diff(
            &session.short(&source.path),
            old,
            &edited.document,
            &edited.replacements,
            known,
        ),
        bytes: edited.document.text().as_bytes().to_vec(),
        removes: false,
    })
}

/// The masked diff of a config file; every line if it is new.
pub(crate) fn document_diff(
    name: &str,
    old: Option<&Document>,
    new: &Document,
    replacements: &[Replacement],
    known: &[Secret],
) -> Vec<Line> {
    let new_side = Side {
        text: new.text(),
        masked: &|lines| mask_lines(new, lines, known),
    };
    let Some(old) = old else {
        let nothing = Side {
            text: "",
            masked: &|_| String::new(),
        };
        let whole = Replacement {
            range: 0..0,
            text: new.text().to_owned(),
        };
        return diff::unified(name, nothing, new_side, &[whole], true);
    };
    let old_side = Side {
        text: old.text(),
        masked: &|lines| mask_lines(old, lines, known),
    };
    diff::unified(name, old_side, new_side, replacements, true)
}

/// The file changes from texts in memory to the files of a config.
pub(crate) fn of_texts(
    config: &Config,
    snapshots: &[Option<Snapshot>],
    texts: &Overlay,
    known: &[Secret],
    name: &dyn Fn(&Path) -> String,
) -> Vec<FileChange> {
    let mut seen: Vec<&PathBuf> = Vec::new();
    let mut files = Vec::new();
    for (source, snapshot) in config.sources().iter().zip(snapshots) {
        let Some(text) = texts
            .get(&source.path)
            .filter(|_| !seen.contains(&&source.path))
        else {
            continue;
        };
        seen.push(&source.path);
        let old = &source.document;
        let Ok(new) = Document::parse(text.as_str()) else {
            continue;
        };
        let snapshot = snapshot.clone().unwrap_or_else(|| Snapshot {
            path: source.path.clone(),
            target: source.path.clone(),
            bytes: None,
        });
        files.push(FileChange {
            snapshot: snapshot.with_bytes(Some(old.text().as_bytes().to_vec())),
            diff: document_diff(
                &name(&source.path),
                Some(old),
                &new,
                &[diff::between(old.text(), text)],
                known,
            ),
            bytes: text.clone().into_bytes(),
            removes: false,
        });
    }
    files
}

fn dotenv_change(session: &Session<'_>, entry: &EnvEntry) -> Result<Option<FileChange>, Failure> {
    let path = &session.location.dotenv;
    let unreadable = |what: String| {
        Failure::new(FailureKind::File, what).hint(format!(
            "write the line {}=… into it yourself and use --key-in env",
            entry.name
        ))
    };
    let old = match session.dotenv.bytes {
        None => "",
        Some(_) => session
            .dotenv_text()
            .ok_or_else(|| unreadable(format!("{} is not UTF-8 text", path.display())))?,
    };
    let new = match &entry.key {
        Some(key) => crate::dotenv::set(old, &entry.name, key.expose()),
        None => crate::dotenv::remove(old, &entry.name),
    };
    let new =
        new.map_err(|error| unreadable(format!("{} cannot be changed: {error}", path.display())))?;
    if new == old {
        return Ok(None);
    }
    Ok(Some(FileChange {
        diff: dotenv_diff(&session.short(path), old, &new),
        snapshot: session.dotenv.clone(),
        bytes: new.into_bytes(),
        removes: false,
    }))
}

/// The changed lines of a `.env`, with values masked.
pub(crate) fn dotenv_diff(name: &str, old: &str, new: &str) -> Vec<Line> {
    diff::unified(
        name,
        Side {
            text: old,
            masked: &|lines| mask_assignments(&old[lines]),
        },
        Side {
            text: new,
            masked: &|lines| mask_assignments(&new[lines]),
        },
        &[diff::between(old, new)],
        false,
    )
}

/// Masks every value in a `.env`. Only changed lines are shown, so values that span several lines
/// don't matter.
fn mask_assignments(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let body = line.trim_end_matches(['\n', '\r']);
            let end = &line[body.len()..];
            match body.split_once('=') {
                Some((name, _)) => format!("{name}={}{end}", crate::mask::MASK),
                None if body.trim().is_empty() => line.to_owned(),
                None => format!("{}{end}", crate::mask::MASK),
            }
        })
        .collect()
}

fn edit_failure(config: &Config, source: usize, error: &EditError) -> Failure {
    let kind = if matches!(error, EditError::VerificationFailed { .. }) {
        FailureKind::Internal
    } else {
        FailureKind::Config
    };
    let failure = Failure::new(kind, error.to_string());
    let source = &config.sources()[source];
    let span = match error {
        EditError::DuplicateKey { spans, .. } => spans.last(),
        EditError::NotAContainer { span, .. } => Some(span),
        _ => None,
    };
    let failure = match span {
        Some(span) => failure.at(Location::new(
            &source.path,
            source.document.locate(span.start),
        )),
        None => failure,
    };
    failure.hint("nothing was written; fix the file and run the command again")
}
