//! Opens files that anyone may have put there: regular files only, without blocking, and up to a
//! size limit.
//!
//! Every file next to a config is read through here: locks, the undo record, backups, caches.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::StoreError;
use super::temp::with_ending;

/// How long to wait for a key file: a password manager behind `<(…)` may prompt first.
const PIPE_TIMEOUT: Duration = Duration::from_secs(60);

/// Whether to follow a link in the last component of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Follow,
    Refuse,
}

/// Why a file was not read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// A link, folder, pipe or device.
    NotAFile,
    TooLarge,
    Failed(io::Error),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        if is_refusal(&error) {
            Self::NotAFile
        } else {
            Self::Failed(error)
        }
    }
}

/// Opens a regular file for reading and refuses anything else immediately.
pub(super) fn open_regular(path: &Path, links: Links) -> Result<File, Unreadable> {
    let mut options = OpenOptions::new();
    options.read(true);
    add_flags(&mut options, links);
    if cfg!(not(unix)) && links == Links::Refuse && fs::symlink_metadata(path)?.is_symlink() {
        return Err(Unreadable::NotAFile);
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(Unreadable::NotAFile)
    }
}

#[cfg(unix)]
fn add_flags(options: &mut OpenOptions, links: Links) {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    // Without NONBLOCK, opening a pipe waits for a writer, and no signal interrupts that.
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    if links == Links::Refuse {
        flags |= OFlags::NOFOLLOW;
    }
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
fn add_flags(_options: &mut OpenOptions, _links: Links) {}

/// What `open` returns for a link that must not be followed, and for a socket.
#[cfg(unix)]
fn is_refusal(error: &io::Error) -> bool {
    use rustix::io::Errno;

    let errno = Errno::from_io_error(error);
    errno == Some(Errno::LOOP) || errno == Some(Errno::NXIO) || errno == Some(Errno::MLINK)
}

#[cfg(not(unix))]
fn is_refusal(_error: &io::Error) -> bool {
    false
}

/// All of a regular file, up to `limit` bytes; `None` if it doesn't exist.
pub(super) fn read_limited(
    path: &Path,
    limit: u64,
    links: Links,
) -> Result<Option<Vec<u8>>, Unreadable> {
    let file = match open_regular(path, links) {
        Ok(file) => file,
        Err(Unreadable::Failed(error)) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    if length > limit {
        return Err(Unreadable::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // The file may have grown in the meantime.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Unreadable::TooLarge);
    }
    Ok(Some(bytes))
}

/// Reads one of our own files: a regular file, not a link, up to `limit` bytes.
pub(super) fn read_side(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Unreadable> {
    read_limited(path, limit, Links::Refuse)
}

/// Whether nothing has this name, not even a broken link. Fails if that can't be checked: a name
/// must never be assumed free.
pub(super) fn is_free(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// The path with `ending`, plus the lowest number that makes it free if it is taken.
pub(super) fn free_name(file: &Path, ending: &str, first: u32) -> io::Result<PathBuf> {
    const MAX_NUMBER: u32 = 1000;
    for number in first..MAX_NUMBER {
        let path = match number {
            0 => with_ending(file, ending),
            _ => with_ending(file, &format!("{ending}-{number}")),
        };
        if is_free(&path)? {
            return Ok(path);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Reads a file named by the user, such as a key file: a regular file, or a pipe such as `<(…)`.
/// Follows links and refuses devices. Both size and time are limited.
///
/// # Errors
/// A folder or device, more than `limit` bytes, a pipe that sends nothing, or any other I/O error.
pub fn read_small(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    read_within(path, limit, PIPE_TIMEOUT)
}

fn read_within(path: &Path, limit: u64, timeout: Duration) -> Result<Vec<u8>, StoreError> {
    let failed = |error| StoreError::failed("read", path, error);
    let (sender, receiver) = mpsc::channel();
    let owned = path.to_owned();
    // Opening a pipe without a writer blocks, so do it on a thread.
    thread::Builder::new()
        .spawn(move || {
            // After the timeout nothing receives this.
            let _ = sender.send(read_any(&owned, limit));
        })
        .map_err(failed)?;
    match receiver.recv_timeout(timeout) {
        Ok(result) => result,
        Err(_) => Err(failed(io::Error::new(
            io::ErrorKind::TimedOut,
            "no data arrived in time",
        ))),
    }
}

fn read_any(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    let failed = |error| StoreError::failed("read", path, error);
    // Check before opening, since opening alone triggers some devices.
    let before = fs::metadata(path).map_err(failed)?;
    refuse_special(path, &before)?;
    let file = File::open(path).map_err(failed)?;
    refuse_special(path, &file.metadata().map_err(failed)?)?;
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(StoreError::LargerThan {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

fn refuse_special(path: &Path, metadata: &fs::Metadata) -> Result<(), StoreError> {
    if metadata.is_dir() {
        Err(StoreError::Folder(path.to_owned()))
    } else if metadata.is_file() || is_pipe(metadata) {
        Ok(())
    } else {
        Err(StoreError::Special(path.to_owned()))
    }
}

#[cfg(unix)]
fn is_pipe(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn fifo(path: &Path) {
        use rustix::fs::{CWD, FileType, Mode, mknodat};

        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    }

    #[test]
    fn side_files_are_regular_and_small() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::write(at("file"), "12345678").unwrap();
        fs::create_dir(at("folder")).unwrap();
        fifo(&at("pipe"));
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        let huge = File::create(at("huge")).unwrap();
        huge.set_len(20 << 30).unwrap();

        assert_eq!(read_side(&at("file"), 8).unwrap().unwrap(), b"12345678");
        assert!(read_side(&at("missing"), 8).unwrap().is_none());
        for name in ["folder", "pipe", "link", "dangling", "socket"] {
            let result = read_side(&at(name), 8);
            assert!(matches!(result, Err(Unreadable::NotAFile)), "{name}");
            assert!(!is_free(&at(name)).unwrap(), "{name}");
        }
        for name in ["huge", "file"] {
            let result = read_side(&at(name), 7);
            assert!(matches!(result, Err(Unreadable::TooLarge)), "{name}");
        }
        assert!(is_free(&at("missing")).unwrap());
        assert!(is_free(&at("file/below")).is_err());
    }

    #[test]
    fn user_files_are_limited_in_size_and_time() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::write(at("key"), "secret").unwrap();
        std::os::unix::fs::symlink("key", at("link")).unwrap();
        assert_eq!(read_small(&at("link"), 6).unwrap(), b"secret");
        assert!(matches!(
            read_small(&at("link"), 5),
            Err(StoreError::LargerThan { limit: 5, .. })
        ));
        for device in ["/dev/zero", "/dev/null", "/dev/tty"] {
            let result = read_small(Path::new(device), 5);
            assert!(
                matches!(
                    result,
                    Err(StoreError::Special(_) | StoreError::Failed { .. })
                ),
                "{device}"
            );
        }
        assert!(matches!(
            read_small(root.path(), 5),
            Err(StoreError::Folder(_))
        ));

        fifo(&at("pipe"));
        let slow = read_within(&at("pipe"), 5, Duration::from_millis(50));
        let error = slow.unwrap_err().to_string();
        assert!(error.contains("in time"), "{error}");
        fifo(&at("written"));
        let writer = thread::spawn({
            let pipe = at("written");
            move || fs::write(pipe, "key").unwrap()
        });
        assert_eq!(read_small(&at("written"), 5).unwrap(), b"key");
        writer.join().unwrap();
    }

    #[test]
    fn free_names_are_numbered() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("x");
        assert_eq!(
            free_name(&file, ".kept", 0).unwrap(),
            root.path().join("x.kept")
        );
        fs::write(root.path().join("x.kept"), "").unwrap();
        fs::write(root.path().join("x.kept-1"), "").unwrap();
        for first in [0, 1] {
            let name = free_name(&file, ".kept", first).unwrap();
            assert_eq!(name, root.path().join("x.kept-2"));
        }
    }
}
