//! What may be forgotten: small texts that only spare a question.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::temp::{FileAttributes, Temp, create_folder};

/// The most that is read back, in bytes.
const LIMIT: u64 = 4 * 1024 * 1024;

/// Keeps a text under a name, for the owner only (0600, the folder 0700).
///
/// # Errors
/// Whatever the system refuses; the text from before stays.
pub fn remember(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    create_folder(folder)?;
    Temp::create(folder, text.as_bytes(), FileAttributes::PRIVATE)?.rename_to(&folder.join(name))
}

/// The text of a name; `None` where there is none that can be read.
#[must_use]
pub fn recall(folder: &Path, name: &str) -> Option<String> {
    let file = folder.join(name);
    // Opening a pipe would wait for a writer.
    if !file.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(file)
        .and_then(|file| file.take(LIMIT).read_to_string(&mut text))
        .ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_for_the_owner_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        assert_eq!(recall(&folder, "x"), None);
        remember(&folder, "x", "one").unwrap();
        remember(&folder, "x", "two").unwrap();
        assert_eq!(recall(&folder, "x").as_deref(), Some("two"));
        assert_eq!(folder.read_dir().unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&folder.join("x"))), (0o700, 0o600));
        }
    }
}
