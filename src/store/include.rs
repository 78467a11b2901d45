//! Which file an `$include` names, and whether OpenClaw would read it.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{Environment, StoreError};

/// The file that an include names, relative to the including file. OpenClaw reads it only if, with
/// links followed, it is below the config's own folder or one of `OPENCLAW_INCLUDE_ROOTS`. If the
/// config is a link, its folder is that of the link.
///
/// # Errors
/// [`StoreError::IncludeOutside`] for a file elsewhere.
pub fn include_path(
    env: &Environment,
    config: &Path,
    including: &Path,
    target: &str,
) -> Result<PathBuf, StoreError> {
    let folder = |path: &Path| path.parent().map(Path::to_owned).unwrap_or_default();
    let path = normal(&folder(including).join(target));
    let mut roots = vec![folder(config)];
    roots.extend(env.include_roots()?);
    if is_below(&path, &roots) {
        Ok(path)
    } else {
        Err(StoreError::IncludeOutside(path))
    }
}

/// Whether a path without `.` and `..` is below one of the folders, both as written and with links
/// followed.
pub(super) fn is_below(path: &Path, roots: &[PathBuf]) -> bool {
    let real = followed(path);
    roots.iter().any(|root| {
        let real_root = followed(root);
        real.starts_with(&real_root)
            && (path.starts_with(normal(root)) || path.starts_with(&real_root))
    })
}

/// The path with links followed, as far as it exists. On Windows a followed path is spelled
/// differently from an unfollowed one, so never compare the two.
pub(super) fn followed(path: &Path) -> PathBuf {
    let known = |folder: &Path| {
        let rest = path.strip_prefix(folder).ok()?;
        Some(fs::canonicalize(folder).ok()?.join(rest))
    };
    path.ancestors()
        .find_map(known)
        .unwrap_or_else(|| path.to_owned())
}

/// The path without `.` and `..`, resolved lexically: links are not followed.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn stays_below_the_config() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        let home = root.join("home");
        fs::create_dir_all(home.join("sub")).unwrap();
        fs::create_dir(root.join("out")).unwrap();
        fs::write(root.join("out/m.json5"), "{}").unwrap();
        std::os::unix::fs::symlink(root.join("out/m.json5"), home.join("link.json5")).unwrap();
        let config = home.join("openclaw.json");
        let closed = Environment::from_vars([], None, None);
        let path = |env: &Environment, target| include_path(env, &config, &config, target).ok();
        assert_eq!(
            path(&closed, "./sub/a.json5"),
            Some(home.join("sub/a.json5"))
        );
        assert_eq!(path(&closed, "sub/../b.json5"), Some(home.join("b.json5")));
        assert_eq!(path(&closed, "../out/m.json5"), None);
        assert_eq!(path(&closed, "./link.json5"), None);
        let open = Environment::from_vars(
            [("OPENCLAW_INCLUDE_ROOTS".into(), root.join("out").into())],
            None,
            None,
        );
        assert_eq!(
            path(&open, "../out/m.json5"),
            Some(root.join("out/m.json5"))
        );
    }
}
