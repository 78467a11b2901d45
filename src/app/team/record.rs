//! Adds the ids of saved configs to a team file, keeping its comments.

use std::path::Path;

use crate::app::gateway_config::write::write;
use crate::document::{Document, Kind, Path as Way, Value};
use crate::edit::{self, Change};
use crate::error::{Failure, FailureKind};
use crate::store;

/// Adds the id of a config.
///
/// # Errors
/// The file is gone, can no longer be parsed, or can't be written.
pub(crate) fn id(path: &Path, name: &str, slug: &str) -> Result<(), Failure> {
    let failed = |what: String| {
        Failure::new(FailureKind::File, what)
            .hint(format!("add the id {slug} to `{name}` in the file by hand"))
    };
    let bytes = store::read(path)?.bytes.unwrap_or_default();
    let document = Document::read(bytes)
        .map_err(|error| failed(format!("{}: {}", path.display(), error.message)))?;
    let way = Way::keys(["configs", name]);
    let holds = document.at(&way);
    let change = match holds.map(|node| (document.kind(node), node)) {
        // A plain file name has no room for an id.
        Some((Kind::String, node)) => {
            let file = document.string(node).unwrap_or_default().into_owned();
            let members = vec![
                ("file".to_owned(), Value::String(file)),
                ("id".to_owned(), Value::String(slug.to_owned())),
            ];
            Change::Set {
                path: way,
                value: Value::Object(members),
            }
        }
        Some(_) => Change::Set {
            path: way.key("id"),
            value: Value::String(slug.to_owned()),
        },
        None => return Ok(()),
    };
    let edited = edit::apply(&document, &[change])
        .map_err(|error| failed(format!("{}: {error}", path.display())))?;
    if edited.replacements.is_empty() {
        return Ok(());
    }
    write(path, edited.document.text().as_bytes(), true)
}
