//! Side effects of a write.

use std::fmt;
use std::path::PathBuf;

use super::error::shown;

/// Something the user should know about a write. `Display` says it in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteNote {
    /// The record of earlier writes was unusable and has been renamed.
    RecordSetAside {
        /// The record.
        record: PathBuf,
        /// Where it is now.
        to: PathBuf,
        /// Why it was unusable.
        why: String,
    },
    /// The file has other hard links, which keep the old contents.
    HardLinks {
        /// The file.
        path: PathBuf,
        /// The number of links, including this one.
        links: u64,
    },
    /// The owner or group could not be preserved.
    OwnerChanged(PathBuf),
    /// Extended attributes could not be preserved.
    AttributesLost {
        /// The file.
        path: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
}

impl fmt::Display for WriteNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RecordSetAside { to, why, .. } => write!(
                f,
                "{why}. It was moved to {}; earlier writes can't be undone",
                shown(to)
            ),
            Self::HardLinks { path, links } => write!(
                f,
                "{} had {links} hard links; the others keep the old contents",
                shown(path)
            ),
            Self::OwnerChanged(path) => write!(
                f,
                "the owner or group of {} could not be kept; check who can read it",
                shown(path)
            ),
            Self::AttributesLost { path, names } => write!(
                f,
                "extended attributes of {} could not be kept: {}",
                shown(path),
                crate::mask::printable(&names.join(", "))
            ),
        }
    }
}
