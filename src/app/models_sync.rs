//! `models --sync`: what is known of the models in the config, brought into it.

use crate::args::WriteArgs;
use crate::error::{Exit, Failure};
use crate::plan::{Intent, PlanError, Sync};
use crate::portkey::model_id::ModelId;
use crate::ui::Ui;

use super::change::ConfigChange;
use super::inquiry::Inquiry;
use super::model_facts::{self, Known};
use super::session::Session;
use super::usage;

/// Adds what is known to the models whose id contains a text. `ask` gives Portkey, or nothing
/// where the built-in catalogue alone counts.
///
/// # Errors
/// No such model, Portkey cannot be asked, or the config cannot be edited.
pub(crate) fn sync(
    session: &Session<'_>,
    filter: &str,
    sync: Sync,
    ask: impl FnOnce() -> Result<Option<Inquiry>, Failure>,
    write: &WriteArgs,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    let ids = ids(session, filter)?;
    let facts = match &ask()? {
        Some(inquiry) => listed(inquiry, &ids, ui)?,
        None => model_facts::by_id(&ids),
    };
    for (id, facts) in &facts {
        if facts.fields(session.version).is_empty() {
            ui.note(&format!("note: nothing certain is known of {id}"));
        }
    }
    let intent = Intent {
        facts,
        sync: Some(sync),
        ..Intent::default()
    };
    ConfigChange::new("models --sync", session, write, ui).run(intent)
}

/// The models in the config that a text picks.
fn ids(session: &Session<'_>, filter: &str) -> Result<Vec<ModelId>, Failure> {
    let provider_id = session.provider_id()?;
    let Some(provider) = session.provider(&provider_id) else {
        return Err(PlanError::NotWired(provider_id).into());
    };
    let ids: Vec<ModelId> = provider
        .models
        .iter()
        .filter(|model| model.id.to_lowercase().contains(filter))
        .filter_map(|model| ModelId::parse(&model.id, &provider_id).ok())
        .filter(|id| !id.is_virtual())
        .collect();
    if ids.is_empty() {
        return Err(usage("the config has no such model").hint("`{run: show}` lists its models"));
    }
    Ok(ids)
}

/// What is known by Portkey's list, with its prices.
fn listed(inquiry: &Inquiry, ids: &[ModelId], ui: &Ui) -> Result<Known, Failure> {
    let facts = ui.asking(inquiry.url().host(), || inquiry.facts(ids));
    match (facts, inquiry.models()) {
        (Some((facts, complete)), _) => {
            if !complete {
                ui.note(model_facts::NO_PRICES);
            }
            Ok(facts)
        }
        (None, Err(error)) => Err(Failure::from(error)
            .hint("nothing was written; --offline uses the built-in catalogue alone")),
        (None, Ok(_)) => Ok(model_facts::by_id(ids)),
    }
}
