//! Header changes from flags and prompts.

use crate::args::HeaderArgs;
use crate::error::Failure;
use crate::openclaw::{Config, find_provider};
use crate::plan::HeaderChange;
use crate::portkey::headers::{self, HeaderError};
use crate::portkey::model_id::ModelId;

use super::usage;

/// The header changes from the flags.
pub(crate) fn header_changes(
    args: &HeaderArgs,
    config: &Config,
    provider_id: &str,
    model: Option<&ModelId>,
) -> Result<Vec<HeaderChange>, Failure> {
    let mut changes = Vec::new();
    for text in &args.header {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            usage(format!(
                "invalid header {}: expected NAME=VALUE",
                name_only(text)
            ))
            .hint("use --header NAME=VALUE")
        })?;
        changes.push(checked(name.trim(), value, model)?);
    }
    if !args.metadata.is_empty() {
        let pairs = args
            .metadata
            .iter()
            .map(|text| headers::metadata_pair(text))
            .collect::<Result<Vec<_>, _>>()?;
        let current = current(config, provider_id, model, headers::METADATA);
        let text = headers::merge_metadata(current.as_deref(), &pairs).map_err(|error| {
            let hint = matches!(error, HeaderError::MetadataNotObject);
            let failure = Failure::from(error);
            if hint {
                failure.hint("`{run: set-header --unset x-portkey-metadata}` removes the old value")
            } else {
                failure
            }
        })?;
        changes.push(checked(headers::METADATA, &text, model)?);
    }
    if let Some(id) = &args.gateway_config {
        headers::check_config(id)?;
        changes.push(checked(headers::CONFIG, id, model)?);
    }
    no_name_twice(&changes)?;
    Ok(changes)
}

pub(crate) fn no_name_twice(changes: &[HeaderChange]) -> Result<(), Failure> {
    for (index, change) in changes.iter().enumerate() {
        if changes[..index]
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&change.name))
        {
            return Err(usage(format!("the header {} is given twice", change.name)));
        }
    }
    Ok(())
}

pub(crate) fn checked(
    name: &str,
    value: &str,
    model: Option<&ModelId>,
) -> Result<HeaderChange, Failure> {
    headers::check(name, value).map_err(Failure::from)?;
    Ok(HeaderChange {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        model: model.cloned(),
    })
}

/// A header without `=` may be a mistyped secret, so only its first word is repeated.
fn name_only(text: &str) -> &str {
    text.split([':', ' ']).next().unwrap_or_default()
}

fn current(
    config: &Config,
    provider_id: &str,
    model: Option<&ModelId>,
    name: &str,
) -> Option<String> {
    let provider = find_provider(config, provider_id)?;
    let holder = match model {
        Some(id) => provider.model(id.as_str())?.view,
        None => provider.view,
    };
    let (_, view) = holder
        .get("headers")?
        .entries()
        .into_iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(view.text()?.into_owned())
}
