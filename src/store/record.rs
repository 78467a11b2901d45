//! The record of our writes, `<config>.portkey.undo.json`.
//!
//! It lists the last five writes: which files, and the length and hash of their bytes before and
//! after. The bytes themselves are in the backups next to each file, so the record holds no key. It
//! may come from elsewhere, copied with a folder or planted by an attacker: paths, modes and texts
//! in it are checked or bounded before use.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::backup::{Digest, KEPT};
use super::clock;
use super::open::{Unreadable, free_name, read_side};
use super::place::Place;
use super::read::read;
use super::swap::rename_new;
use super::temp::{sync_folder, with_ending};
use super::{Location, Snapshot, StoreError, WriteNote};
use crate::mask::printable;

/// Five writes are a few kilobytes.
const MAX_RECORD_BYTES: u64 = 1024 * 1024;

/// The maximum length of a text from the record that is shown.
const MAX_TEXT: usize = 100;

/// The permission bits that an undo may set.
const MODE_BITS: u32 = 0o777;

/// The writes that can be undone, oldest first.
#[derive(Serialize, Deserialize)]
pub(super) struct History {
    version: u32,
    pub(super) writes: Vec<Write>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Write {
    pub(super) at: String,
    pub(super) what: String,
    pub(super) files: Vec<FileRecord>,
    /// An undo of this write has begun.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) undoing: bool,
}

/// A file before and after a write.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileRecord {
    pub(super) place: Place,
    /// `None` if the write created the file.
    pub(super) before: Option<Digest>,
    /// The Unix permission bits before the write.
    pub(super) mode: Option<u32>,
    pub(super) after: Digest,
}

/// The record format before 0.1, with absolute paths.
#[derive(Deserialize)]
struct FirstHistory {
    writes: Vec<FirstWrite>,
}

#[derive(Deserialize)]
struct FirstWrite {
    at: String,
    what: String,
    files: Vec<FirstFileRecord>,
}

#[derive(Deserialize)]
struct FirstFileRecord {
    path: PathBuf,
    before: Option<Digest>,
    mode: Option<u32>,
    after: Digest,
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// A record and the file it was read from.
pub(super) struct Loaded {
    pub(super) history: History,
    pub(super) file: Snapshot,
    /// Why the existing record is unusable; the history is then empty.
    pub(super) unusable: Option<StoreError>,
}

/// A record that was renamed out of the way.
pub(super) struct SetAside {
    from: PathBuf,
    to: PathBuf,
}

/// The path of a config's undo record.
pub(super) fn record_path(config: &Path) -> PathBuf {
    with_ending(config, ".portkey.undo.json")
}

impl Loaded {
    /// Reads the record. Fails if it can't be read right now; if its contents can't be used,
    /// `unusable` says why.
    pub(super) fn read(location: &Location) -> Result<Self, StoreError> {
        let path = record_path(&location.config);
        let mut loaded = Self {
            history: History::new(),
            file: Snapshot {
                path: path.clone(),
                target: path.clone(),
                bytes: None,
            },
            unusable: None,
        };
        match read_side(&path, MAX_RECORD_BYTES) {
            Ok(None) => {}
            Ok(Some(bytes)) => {
                match History::parse(&bytes, &path, location) {
                    Ok(history) => loaded.history = history,
                    Err(error) => loaded.unusable = Some(error),
                }
                loaded.file.bytes = Some(bytes);
            }
            Err(Unreadable::Failed(error)) => {
                return Err(StoreError::failed("read", &path, error));
            }
            Err(Unreadable::NotAFile | Unreadable::TooLarge) => {
                loaded.unusable = Some(StoreError::BadHistory(path));
            }
        }
        Ok(loaded)
    }

    /// Renames an unusable record, so that a new one can be started.
    pub(super) fn set_aside(
        &mut self,
        notes: &mut Vec<WriteNote>,
    ) -> Result<Option<SetAside>, StoreError> {
        let Some(why) = self.unusable.take() else {
            return Ok(None);
        };
        let from = self.file.path.clone();
        let failed = |error| StoreError::failed("move away", &from, error);
        let to = free_name(&from, ".unreadable", 1).map_err(failed)?;
        if !rename_new(&from, &to).map_err(failed)? {
            std::fs::rename(&from, &to).map_err(failed)?;
        }
        sync_folder(&from);
        self.file.bytes = None;
        notes.push(WriteNote::RecordSetAside {
            record: from.clone(),
            to: to.clone(),
            why: why.to_string(),
        });
        Ok(Some(SetAside { from, to }))
    }
}

impl SetAside {
    /// Restores the record after a failed write.
    pub(super) fn roll_back(self) {
        let _ = rename_new(&self.to, &self.from);
    }
}

impl History {
    const VERSION: u32 = 2;

    fn new() -> Self {
        Self {
            version: Self::VERSION,
            writes: Vec::new(),
        }
    }

    fn parse(bytes: &[u8], path: &Path, location: &Location) -> Result<Self, StoreError> {
        let damaged = |_| StoreError::BadHistory(path.to_owned());
        let Versioned { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        let mut history = match version {
            1 => Self::from_first(
                serde_json::from_slice(bytes).map_err(damaged)?,
                path,
                location,
            )?,
            2 => serde_json::from_slice(bytes).map_err(damaged)?,
            _ => return Err(StoreError::NewerHistory(path.to_owned())),
        };
        let surplus = history.writes.len().saturating_sub(KEPT);
        history.writes.drain(..surplus);
        for write in &mut history.writes {
            write.at = bounded(&write.at);
            write.what = bounded(&write.what);
            for file in &mut write.files {
                file.mode = file.mode.map(|mode| mode & MODE_BITS);
            }
        }
        Ok(history)
    }

    /// Converts a record from before paths were relative. It applies only where it was made: in a
    /// copy of the folder it would refer to the original's files.
    fn from_first(
        first: FirstHistory,
        record: &Path,
        location: &Location,
    ) -> Result<Self, StoreError> {
        let mut history = Self::new();
        for write in first.writes {
            let mut files = Vec::with_capacity(write.files.len());
            for file in write.files {
                let place = Place::find(&file.path, location)?;
                files.push(FileRecord {
                    place: place.ok_or_else(|| StoreError::HistoryFromElsewhere {
                        record: record.to_owned(),
                        file: file.path.clone(),
                    })?,
                    before: file.before,
                    mode: file.mode,
                    after: file.after,
                });
            }
            history.writes.push(Write {
                at: write.at,
                what: write.what,
                files,
                undoing: false,
            });
        }
        Ok(history)
    }

    /// Adds a write. If it completes what a killed run of the same command began, the two are
    /// merged: a single undo reverts both.
    pub(super) fn push(&mut self, what: &str, files: Vec<FileRecord>, location: &Location) {
        let last = self.writes.last_mut();
        if let Some(last) = last.filter(|last| last.what == what && last.is_cut_off(location)) {
            last.finish_with(files);
            return;
        }
        if self.writes.len() >= KEPT {
            self.writes.drain(..=self.writes.len() - KEPT);
        }
        self.writes.push(Write {
            at: clock::stamp(),
            what: what.to_owned(),
            files,
            undoing: false,
        });
    }

    /// Drops trailing writes that never happened or are already undone, so that they don't use up
    /// the history.
    pub(super) fn forget_undone(&mut self, location: &Location) {
        while self
            .writes
            .last()
            .is_some_and(|write| write.is_undone(location))
        {
            self.writes.pop();
        }
    }

    /// Whether a write that can be undone needs this version of a file.
    pub(super) fn needs(&self, place: &Place, digest: &Digest) -> bool {
        let mut files = self.writes.iter().flat_map(|write| &write.files);
        files.any(|file| file.place == *place && file.before.as_ref() == Some(digest))
    }

    pub(super) fn to_bytes(&self, record: &Path) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| StoreError::failed("write", record, io::Error::from(error)))
    }
}

impl Write {
    /// Whether only some of its files were written, as when the process was killed in between.
    fn is_cut_off(&self, location: &Location) -> bool {
        let holds = |wanted: fn(&FileRecord) -> Option<&Digest>| {
            move |file: &FileRecord| {
                file.now(location)
                    .is_some_and(|now| now.as_ref() == wanted(file))
            }
        };
        let (old, new) = (
            holds(|file| file.before.as_ref()),
            holds(|file| Some(&file.after)),
        );
        !self.undoing
            && self.files.iter().all(|file| old(file) || new(file))
            && self.files.iter().any(old)
            && self.files.iter().any(new)
    }

    /// Merges the write that completes this one.
    fn finish_with(&mut self, files: Vec<FileRecord>) {
        for file in files {
            match self
                .files
                .iter_mut()
                .find(|known| known.place == file.place)
            {
                Some(known) => known.after = file.after,
                None => self.files.push(file),
            }
        }
        self.at = clock::stamp();
    }

    /// Whether all of its files hold their previous contents. `false` if that can't be determined.
    fn is_undone(&self, location: &Location) -> bool {
        self.files
            .iter()
            .all(|file| file.now(location).is_some_and(|now| now == file.before))
    }
}

impl FileRecord {
    /// The file's current digest, `Some(None)` if it is missing, `None` if that can't be
    /// determined.
    #[expect(clippy::option_option, reason = "outer: unknown; inner: no file")]
    fn now(&self, location: &Location) -> Option<Option<Digest>> {
        let found = self.place.resolve(location).ok()?;
        let now = read(&found.path).ok().filter(|_| found.is_certain)?;
        Some(now.bytes.as_deref().map(Digest::of))
    }
}

/// A text from the record, made safe to print.
fn bounded(text: &str) -> String {
    let short: String = text.chars().take(MAX_TEXT).collect();
    printable(&short).into_owned()
}
