//! Checks that what is to be removed exists: a plan ignores anything that doesn't, but a user who
//! names it has likely misspelt it.

use std::borrow::Cow;

use crate::openclaw::{Config, ModelChoice, View, choice, find_provider};
use crate::portkey::model_id::ModelId;

use super::{Fallbacks, HeaderChange, Intent, PlanError, Planner, Target};

/// Rejects an intent that removes something that doesn't exist.
///
/// # Errors
/// [`PlanError::NotThere`] for the first such name; an agent that the config doesn't have.
pub fn check_removals(config: &Config, target: &Target, intent: &Intent) -> Result<(), PlanError> {
    let names = std::cell::OnceCell::new();
    let planner = Planner::new(config, target, &names);
    if let Fallbacks::Remove(ids) = &intent.fallbacks {
        planner.are_fallbacks(ids)?;
    }
    for change in intent
        .headers
        .iter()
        .filter(|change| change.value.is_none())
    {
        planner.has_header(change)?;
    }
    planner.has_models(&intent.remove_models)
}

impl Planner<'_> {
    fn are_fallbacks(&self, ids: &[ModelId]) -> Result<(), PlanError> {
        let holder = self.holder()?;
        let current = holder.view.as_ref().and_then(choice);
        let fallbacks = current.as_ref().map(ModelChoice::fallback_texts);
        self.are_among("fallback", ids, fallbacks.unwrap_or_default())
    }

    /// Models to remove must be declared or referenced; with an agent, it must reference them.
    fn has_models(&self, ids: &[ModelId]) -> Result<(), PlanError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.holder()?;
        let mut known: Vec<String> = Vec::new();
        if self.target.agent.is_none()
            && let Some(provider) = find_provider(self.config, &self.target.provider_id)
        {
            known.extend(provider.models().iter().map(|model| model.id.to_string()));
        }
        for (_, holder) in self.target_holders() {
            if let Some(choice) = choice(&holder) {
                known.extend(choice.primary_text());
                known.extend(choice.fallback_texts());
            }
            let allow = holder.get("modelPolicy").and_then(|view| view.get("allow"));
            let allow = allow.map(|list| list.items()).unwrap_or_default();
            known.extend(allow.iter().filter_map(View::text).map(Cow::into_owned));
            let models = holder.get("models").map(|map| map.entries());
            known.extend(models.unwrap_or_default().into_iter().map(|(key, _)| key));
        }
        self.are_among("model", ids, known)
    }

    fn are_among(
        &self,
        what: &'static str,
        ids: &[ModelId],
        known: Vec<String>,
    ) -> Result<(), PlanError> {
        let is_there = |id: &&ModelId| {
            let reference = self.reference(id);
            let is_it = |text: &String| text == id.as_str() || self.names().same(&reference, text);
            known.iter().any(is_it)
        };
        match ids.iter().find(|id| !is_there(id)) {
            None => Ok(()),
            Some(id) => Err(PlanError::NotThere {
                what,
                name: id.to_string(),
                known,
            }),
        }
    }

    fn has_header(&self, change: &HeaderChange) -> Result<(), PlanError> {
        let provider = find_provider(self.config, &self.target.provider_id);
        let holder = provider.and_then(|provider| match &change.model {
            None => Some(provider.view),
            Some(id) => Some(provider.model(id.as_str())?.view),
        });
        // The plan itself reports an unknown provider or model.
        let Some(holder) = holder else {
            return Ok(());
        };
        let headers = holder.get("headers").map(|headers| headers.entries());
        let known: Vec<String> = headers
            .unwrap_or_default()
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        if known
            .iter()
            .any(|key| key.eq_ignore_ascii_case(&change.name))
        {
            return Ok(());
        }
        Err(PlanError::NotThere {
            what: "header",
            name: change.name.clone(),
            known,
        })
    }
}
