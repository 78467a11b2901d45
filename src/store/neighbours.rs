//! Other configs in a folder.

use std::path::{Path, PathBuf};

use super::open::read_side;

/// Folders with more files than this aren't searched further.
const MAX_FILES: usize = 200;

/// A config is a few kilobytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The configs in a folder that contain a word, except those in `but`.
#[must_use]
pub fn configs_with(folder: &Path, word: &str, but: &[&Path]) -> Vec<PathBuf> {
    let is_config = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("json" | "json5")) && !but.contains(&path.as_path())
    };
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .take(MAX_FILES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_config)
        .filter(|path| {
            let bytes = read_side(path, MAX_BYTES).ok().flatten();
            bytes.is_some_and(|bytes| has_word(&String::from_utf8_lossy(&bytes), word))
        })
        .collect();
    found.sort();
    found
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}
