//! File attributes that a rewrite must preserve: mode, owner, extended attributes, link count.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Extended attributes that sign the old contents, so they must not be copied.
#[cfg(target_os = "linux")]
const OF_THE_BYTES: [&[u8]; 2] = [b"security.ima", b"security.evm"];

/// The attributes that a new file gets.
#[derive(Clone)]
pub(super) struct FileAttributes {
    /// Unix permission bits.
    pub(super) mode: u32,
    /// User and group, where the system has them.
    pub(super) owner: Option<(u32, u32)>,
    /// The number of hard links.
    pub(super) links: u64,
    /// Extended attributes, including access control lists.
    extended: Vec<Extended>,
}

/// An extended attribute. `value` is `None` if it may not be read.
#[derive(Clone)]
struct Extended {
    name: Vec<u8>,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "not preserved on other systems")
    )]
    value: Option<Vec<u8>>,
}

/// Attributes that could not be applied to a new file.
#[derive(Default)]
pub(super) struct Lost {
    /// The owner or the group.
    pub(super) owner: bool,
    /// Names of extended attributes.
    pub(super) extended: Vec<String>,
}

impl FileAttributes {
    /// Accessible only to the user running this.
    pub(super) const fn with_mode(mode: u32) -> Self {
        Self {
            mode,
            owner: None,
            links: 1,
            extended: Vec::new(),
        }
    }

    /// The attributes of an existing file; `None` if it doesn't exist.
    pub(super) fn of(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(Self {
                extended: extended(path)?,
                ..Self::from_metadata(&metadata)
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    #[cfg(unix)]
    fn from_metadata(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;

        Self {
            owner: Some((metadata.uid(), metadata.gid())),
            links: metadata.nlink(),
            ..Self::with_mode(metadata.mode() & 0o7777)
        }
    }

    #[cfg(not(unix))]
    fn from_metadata(_metadata: &fs::Metadata) -> Self {
        Self::with_mode(0o600)
    }

    /// For a new file in a folder. Root gives it to the folder's owner: with `sudo`, a file in a
    /// user's home must stay accessible to them.
    pub(super) fn new_in(folder: &Path, mode: u32) -> io::Result<Self> {
        let mut new = Self::with_mode(mode);
        if is_root() {
            new.owner = Self::from_metadata(&fs::metadata(folder)?).owner;
        }
        Ok(new)
    }

    /// For one of our own files next to this one: accessible only to its owner.
    pub(super) fn side_file(&self) -> Self {
        Self {
            owner: self.owner,
            ..Self::with_mode(0o600)
        }
    }

    /// Removes all access except the owner's, including access control lists. Returns the previous
    /// mode if it was wider.
    pub(super) fn make_private(&mut self) -> Option<u32> {
        let wide = self.mode & 0o077 != 0;
        let before = self.mode;
        if wide {
            self.mode = 0o600;
        }
        self.extended
            .retain(|attribute| !attribute.name.starts_with(b"system."));
        wide.then_some(before)
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

#[cfg(target_os = "linux")]
fn extended(path: &Path) -> io::Result<Vec<Extended>> {
    use rustix::io::Errno;

    let names = match whole(|buffer| rustix::fs::listxattr(path, buffer)) {
        Ok(names) => names,
        // There are none, or the sandbox doesn't know the call.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::PERM | Errno::ACCESS) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error.into()),
    };
    Ok(names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty() && !OF_THE_BYTES.contains(name))
        .map(|name| Extended {
            name: name.to_owned(),
            value: whole(|buffer| rustix::fs::getxattr(path, name, buffer)).ok(),
        })
        .collect())
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "Linux may refuse")]
fn extended(_path: &Path) -> io::Result<Vec<Extended>> {
    Ok(Vec::new())
}

/// Retries with larger buffers until the value fits; the system's limit is 64 KiB.
#[cfg(target_os = "linux")]
fn whole(
    call: impl Fn(&mut [u8]) -> rustix::io::Result<usize>,
) -> Result<Vec<u8>, rustix::io::Errno> {
    let mut buffer = vec![0; 1024];
    loop {
        match call(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            Err(rustix::io::Errno::RANGE) if buffer.len() < 64 * 1024 => {
                buffer = vec![0; 64 * 1024];
            }
            Err(error) => return Err(error),
        }
    }
}

/// Applies the owner if permitted, then the mode (changing the owner clears mode bits), then
/// extended attributes (changing the mode changes the access control list).
#[cfg(unix)]
pub(super) fn apply_attributes(file: &File, like: &FileAttributes) -> io::Result<Lost> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};

    let mut lost = Lost::default();
    let metadata = file.metadata()?;
    if let Some((user, group)) = like.owner
        && (metadata.uid(), metadata.gid()) != (user, group)
        && fchown(file, Some(user), Some(group)).is_err()
    {
        // Only root may give files away; setting a group of our own may still work.
        let has_group = metadata.gid() == group || fchown(file, None, Some(group)).is_ok();
        lost.owner = metadata.uid() != user || !has_group;
    }
    file.set_permissions(fs::Permissions::from_mode(like.mode))?;
    lost.extended = set_extended(file, like);
    Ok(lost)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "Unix may refuse")]
pub(super) fn apply_attributes(_file: &File, _like: &FileAttributes) -> io::Result<Lost> {
    Ok(Lost::default())
}

/// Returns the names of attributes that were refused and that the file doesn't already have.
#[cfg(target_os = "linux")]
fn set_extended(file: &File, like: &FileAttributes) -> Vec<String> {
    use rustix::fs::{XattrFlags, fgetxattr, fsetxattr};

    let set = |attribute: &Extended| {
        let name = attribute.name.as_slice();
        let Some(value) = &attribute.value else {
            return false;
        };
        let present = whole(|buffer| fgetxattr(file, name, buffer));
        present.as_ref() == Ok(value) || fsetxattr(file, name, value, XattrFlags::empty()).is_ok()
    };
    like.extended
        .iter()
        .filter(|attribute| !set(attribute))
        .map(|attribute| String::from_utf8_lossy(&attribute.name).into_owned())
        .collect()
}

#[cfg(all(unix, not(target_os = "linux")))]
fn set_extended(_file: &File, _like: &FileAttributes) -> Vec<String> {
    Vec::new()
}
