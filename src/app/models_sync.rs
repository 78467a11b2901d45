//! `models --sync`: adds known facts to the models in the config.

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

/// Adds known facts to the models whose id contains a text. `ask` returns Portkey, or `None` to use
/// only the built-in catalogue.
///
/// # Errors
/// There is no such model, Portkey can't be reached, or the config can't be edited.
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
            ui.note(&format!("note: no reliable data about {id}"));
        }
    }
    let intent = Intent {
        facts,
        sync: Some(sync),
        ..Intent::default()
    };
    ConfigChange::new("models --sync", session, write, ui).run(intent)
}

/// The models in the config that match a filter.
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
        return Err(usage("no such model in the config").hint("`{run: show}` lists its models"));
    }
    Ok(ids)
}

/// Facts from Portkey's list, with its prices.
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
            .hint("nothing was written; use --offline to use only the built-in catalogue")),
        (None, Ok(_)) => Ok(model_facts::by_id(ids)),
    }
}
