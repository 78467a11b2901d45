//! Which of a config's files an entry in the undo record refers to.
//!
//! The record sits next to the config and moves with it, in a copied or renamed folder. So its
//! paths are relative where possible, and a path counts only if a write to this config could have
//! touched it.

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
    /// A file below the config's folder: the relative path, with `/`.
    Below(String),
    /// The state folder's `.env`, if it is elsewhere, with a digest of its path to check that it is
    /// still the same.
    Dotenv(Digest),
    /// An include in one of the other folders that are allowed for includes.
    Include(PathBuf),
}

/// A resolved place.
pub(super) struct Resolved {
    pub(super) path: PathBuf,
    /// Whether this is the file's original path; if not, only its contents can confirm it.
    pub(super) is_certain: bool,
}

impl Place {
    /// The place of a file about to be written.
    pub(super) fn of(path: &Path, location: &Location) -> Result<Self, StoreError> {
        let path = absolute(path)?;
        Self::find(&path, location)?.ok_or(StoreError::OutsideConfig(path))
    }

    /// `None` if a write to this config may not touch this path.
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

    /// The file, if a write to this config may touch it. The record isn't trusted: anyone may have
    /// written it.
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

/// A relative path with `/` separators, if it only leads down.
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

/// Whether a path is absolute and has no `.` or `..`.
fn is_plain(path: &Path) -> bool {
    path.is_absolute() && normal(path) == path
}
