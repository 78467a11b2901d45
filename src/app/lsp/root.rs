//! Which config a file belongs to: itself, or the one that includes it.

use std::path::{Path, PathBuf};

use crate::app::lint::inputs::NAMES;
use crate::app::load::{self, Loaded, Overlay};
use crate::openclaw::Config;
use crate::store::Environment;

/// How many parent folders to search for a config.
const MAX_PARENTS: usize = 4;

/// Top-level keys that only a config has.
const OWN_KEYS: [&str; 4] = ["models", "agents", "gateway", "channels"];

/// The files that the diagnostics are based on.
pub(super) fn files(loaded: &Loaded) -> impl Iterator<Item = &Path> {
    let read = loaded.config.iter().flat_map(Config::sources);
    read.map(|source| source.path.as_path())
        .chain(loaded.broken.iter().map(|broken| broken.path.as_path()))
}

/// Whether a file is named like a config.
pub(super) fn is_named_config(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| NAMES.iter().any(|known| name == *known))
}

/// The config that includes a file. Files with other names may not be configs: an editor sends
/// every JSON file that it opens.
pub(super) fn including(path: &Path, env: &Environment, texts: &Overlay) -> Option<Loaded> {
    let open = texts.keys().cloned();
    let folders = path.ancestors().skip(1).take(MAX_PARENTS);
    let near = folders.flat_map(|folder| NAMES.map(|name| folder.join(name)));
    let mut configs: Vec<PathBuf> = open.filter(|path| is_named_config(path)).collect();
    configs.extend(near.filter(|path| path.is_file()));
    configs.into_iter().find_map(|config| {
        let loaded = load::file_or_empty(&config, env, texts).ok()?;
        let is_included = files(&loaded).any(|file| file == path);
        is_included.then_some(loaded)
    })
}

/// Whether a file of any name is a config.
pub(super) fn is_config(loaded: &Loaded) -> bool {
    let config = loaded.config.as_ref();
    config.is_some_and(|config| OWN_KEYS.iter().any(|key| config.at(&[key]).is_some()))
}
