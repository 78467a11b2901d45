//! Runs recorded cases again.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::error::{Failure, FailureKind};
use crate::gateway_config::simulate::case::Case;

/// The observations of one case, or of all cases in a file.
pub(crate) fn observed(path: &Path) -> Result<Json, Failure> {
    let bytes = super::read_bytes(path)?;
    let failed = |message: String| {
        Failure::new(FailureKind::Config, format!("{}: {message}", path.display()))
            .hint("a case is an object with `config`, `script`, `request`; a file contains one, or a list under `cases`")
    };
    let whole: Json = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    let observed = |case: &Json| -> Result<Json, Failure> {
        let id = case.get("id").cloned();
        let ran = Case::read(case).map_err(|error| {
            failed(match &id {
                Some(id) => format!("{id}: {error}"),
                None => error,
            })
        })?;
        let mut shown = serde_json::Map::new();
        if let Some(id) = id {
            shown.insert("id".to_owned(), id);
        }
        shown.insert("observed".to_owned(), ran.observed());
        Ok(shown.into())
    };
    let list = whole.get("cases").or(Some(&whole)).and_then(Json::as_array);
    Ok(match list {
        Some(list) => {
            let cases = list.iter().map(observed).collect::<Result<Vec<_>, _>>()?;
            json!({ "cases": cases })
        }
        None => observed(&whole)?,
    })
}
