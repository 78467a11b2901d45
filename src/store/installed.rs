//! Finds the installed OpenClaw without running it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::open::{Links, read_limited};

/// OpenClaw's own `package.json` is about 100 KB.
const MAX_PACKAGE_BYTES: u64 = 4 * 1024 * 1024;

/// The first `openclaw` on a `PATH`.
#[must_use]
pub fn openclaw_program(path: &OsStr) -> Option<PathBuf> {
    let name = if cfg!(windows) {
        "openclaw.cmd"
    } else {
        "openclaw"
    };
    std::env::split_paths(path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The version of the first `openclaw` on a `PATH`, from the `package.json` next to it. `None` if
/// there is no such program or it isn't installed as a package.
#[must_use]
pub fn installed_openclaw(path: &OsStr) -> Option<String> {
    let found = openclaw_program(path)?;
    let program = fs::canonicalize(&found).ok()?;
    // npm links the program into the package; on Windows a script sits next to `node_modules`.
    let package = found
        .parent()
        .map(|folder| folder.join("node_modules/openclaw"));
    program
        .ancestors()
        .skip(1)
        .take(3)
        .map(Path::to_owned)
        .chain(package)
        .find_map(|folder| package_version(&folder.join("package.json")))
}

fn package_version(file: &Path) -> Option<String> {
    let bytes = read_limited(file, MAX_PACKAGE_BYTES, Links::Follow).ok()??;
    let package: Value = serde_json::from_slice(&bytes).ok()?;
    (package.get("name")?.as_str()? == "openclaw")
        .then(|| package.get("version")?.as_str().map(str::to_owned))
        .flatten()
}

#[cfg(all(test, unix))]
mod tests {
    use super::installed_openclaw;

    #[test]
    fn follows_the_link_into_the_package() {
        let root = tempfile::tempdir().unwrap();
        let package = root.path().join("lib/node_modules/openclaw");
        let bin = root.path().join("bin");
        std::fs::create_dir_all(&package).unwrap();
        std::fs::create_dir(&bin).unwrap();
        std::fs::write(package.join("openclaw.mjs"), "").unwrap();
        std::fs::write(
            package.join("package.json"),
            r#"{"name":"openclaw","version":"2026.9.6"}"#,
        )
        .unwrap();
        assert_eq!(installed_openclaw(bin.as_os_str()), None);
        std::os::unix::fs::symlink(package.join("openclaw.mjs"), bin.join("openclaw")).unwrap();
        assert_eq!(
            installed_openclaw(bin.as_os_str()).as_deref(),
            Some("2026.9.6")
        );
    }
}
