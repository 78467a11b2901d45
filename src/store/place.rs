//! Which file of a config an entry of the undo record is about.
//!
//! The record is next to the config and goes where it goes: with a copy or a renamed folder. So
//! nothing in it is absolute, and what it names counts only where a write to this config could
//! have been.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::backup::Digest;
use super::include::{followed, is_below, normal};
use super::temp::folder_of;
use super::{Location, StoreError};

/// A file that belongs to a config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    /// The config itself.
    Config,
    /// A file below the config's folder; the path from there, with `/`.
    Below(String),
    /// The state folder's `.env`, where that is elsewhere; with a digest of its path, which tells
    /// whether it is still the same.
    Dotenv(Digest),
    /// An include in another folder that is allowed for them.
    Include(PathBuf),
}

/// A place, found.
pub(super) struct Resolved {
    pub(super) path: PathBuf,
    /// Whether this is the file's old path; if not, only its contents can tell.
    pub(super) is_certain: bool,
}

impl Place {
    /// The place of a file that is to be written.
    pub(super) fn of(path: &Path, location: &Location) -> Result<Self, StoreError> {
        let path = absolute(path)?;
        Self::find(&path, location)?.ok_or(StoreError::OutsideConfig(path))
    }

    /// `None` when this path is not one that a write to this config may touch.
    pub(super) fn find(path: &Path, location: &Location) -> Result<Option<Self>, StoreError> {
        let config = absolute(&location.config)?;
        if path == config {
            return Ok(Some(Self::Config));
        }
        let is_dotenv = path == absolute(&location.dotenv)?;
        let folder = folder_of(&config);
        let below = path
            .strip_prefix(folder)
            .or_else(|_| path.strip_prefix(followed(folder)));
        if let Ok(below) = below
            && let Some(text) = portable(below)
            && (is_dotenv || is_below(path, &[folder.to_owned()]))
        {
            return Ok(Some(Self::Below(text)));
        }
        if is_dotenv {
            return Ok(Some(Self::Dotenv(digest(path))));
        }
        let is_include = is_plain(path) && is_below(path, &location.include_roots);
        Ok(is_include.then(|| Self::Include(path.to_owned())))
    }

    /// The file, if a write to this config may touch it. Nothing that a record says is taken on
    /// trust: it may have been made by anyone.
    pub(super) fn resolve(&self, location: &Location) -> Result<Resolved, StoreError> {
        let certain = |path| Resolved {
            path,
            is_certain: true,
        };
        let config = absolute(&location.config)?;
        match self {
            Self::Config => Ok(certain(config)),
            Self::Below(text) => {
                let folder = folder_of(&config);
                let path = folder.join(text);
                let stays = portable(Path::new(text)).as_deref() == Some(text);
                let may_lead_out = path == absolute(&location.dotenv)?;
                if stays && (may_lead_out || is_below(&path, &[folder.to_owned()])) {
                    Ok(certain(path))
                } else {
                    Err(StoreError::OutsideConfig(path))
                }
            }
            Self::Dotenv(recorded) => {
                let path = absolute(&location.dotenv)?;
                let is_certain = digest(&path) == *recorded;
                Ok(Resolved { path, is_certain })
            }
            Self::Include(path) => {
                if is_plain(path) && is_below(path, &location.include_roots) {
                    Ok(certain(path.clone()))
                } else {
                    Err(StoreError::OutsideConfig(path.clone()))
                }
            }
        }
    }
}

fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    let whole =
        std::path::absolute(path).map_err(|error| StoreError::failed("find", path, error))?;
    Ok(normal(&whole))
}

fn digest(path: &Path) -> Digest {
    Digest::of(path.as_os_str().as_encoded_bytes())
}

/// A path with `/` between its parts, if it is one that leads down and nowhere else.
fn portable(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            _ => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Whether a path is absolute and says where it leads.
fn is_plain(path: &Path) -> bool {
    path.is_absolute() && normal(path) == path
}
