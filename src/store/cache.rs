//! A disposable cache of small texts that save a request.

use std::io;
use std::path::Path;

use super::attributes::FileAttributes;
use super::open::read_side;
use super::temp::{Temp, create_folder, sweep};

/// The largest entry that is read back, in bytes.
const LIMIT: u64 = 4 * 1024 * 1024;

/// Stores a text under a name, readable only by the owner (0600, folder 0700).
///
/// # Errors
/// Any I/O error; the previous text is kept.
pub fn put(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    create_folder(folder)?;
    sweep(folder);
    let like = FileAttributes::new_in(folder, 0o600)?;
    Temp::create(folder, text.as_bytes(), &like)?.rename_to(&folder.join(name))
}

/// The text stored under a name; `None` if it is missing or unreadable.
#[must_use]
pub fn get(folder: &Path, name: &str) -> Option<String> {
    let bytes = read_side(&folder.join(name), LIMIT).ok()??;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn ignores_other_files_and_removes_leftovers() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};

        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        let mode = Mode::RUSR | Mode::WUSR;
        mknodat(CWD, at("pipe"), FileType::Fifo, mode, 0).unwrap();
        std::fs::write(at("text"), "x").unwrap();
        std::os::unix::fs::symlink("text", at("link")).unwrap();
        let huge = std::fs::File::create(at("huge")).unwrap();
        huge.set_len(LIMIT + 1).unwrap();
        for name in ["pipe", "link", "huge", "."] {
            assert_eq!(get(root.path(), name), None, "{name}");
        }
        let origin = crate::process::origin().unwrap_or("0");
        let left = format!(".openclaw-portkey.{origin}.{}.0.tmp", u32::MAX);
        std::fs::write(at(&left), "x").unwrap();
        put(root.path(), "text", "y").unwrap();
        assert!(!at(&left).exists());
        // A pipe with this name is replaced.
        put(root.path(), "pipe", "z").unwrap();
        assert_eq!(get(root.path(), "pipe").as_deref(), Some("z"));
    }

    #[test]
    fn stores_private_files() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        assert_eq!(get(&folder, "x"), None);
        put(&folder, "x", "one").unwrap();
        put(&folder, "x", "two").unwrap();
        assert_eq!(get(&folder, "x").as_deref(), Some("two"));
        assert_eq!(folder.read_dir().unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&folder.join("x"))), (0o700, 0o600));
        }
    }
}
