//! Facts about models: added to new ones and synced into existing ones.

use crate::document::{Kind, Value};
use crate::openclaw::{Model, Provider};
use crate::portkey::model_facts::{Fact, ModelFacts};
use crate::portkey::model_id::ModelId;

use super::{Intent, PlanError, Planner, Sync};

impl Planner<'_> {
    /// The members of a new model other than id and name. Records what is left out, for a single
    /// note.
    pub(super) fn metadata(&mut self, id: &ModelId, intent: &Intent) -> Vec<(String, Value)> {
        let Some(facts) = facts_of(id, intent) else {
            return Vec::new();
        };
        let fields = facts.fields(self.target.version);
        let missing: Vec<&str> = Fact::ALL
            .into_iter()
            .filter(|fact| !fields.iter().any(|(known, _)| known == fact))
            .map(Fact::as_str)
            .collect();
        if fields.is_empty() {
            self.left_out.push(format!("everything for {id}"));
        } else if !missing.is_empty() {
            self.left_out
                .push(format!("{} of {id}", missing.join(", ")));
        }
        fields
            .into_iter()
            .map(|(fact, value)| (fact.as_str().to_owned(), value))
            .collect()
    }

    /// Notes what isn't written for new models.
    pub(super) fn note_left_out(&mut self) {
        if self.left_out.is_empty() {
            return;
        }
        let left_out = std::mem::take(&mut self.left_out);
        self.note(format!(
            "not written because uncertain: {}; OpenClaw uses its defaults",
            left_out.join("; ")
        ));
    }

    pub(super) fn sync(
        &mut self,
        provider: Option<&Provider<'_>>,
        intent: &Intent,
    ) -> Result<(), PlanError> {
        let (Some(provider), Some(sync)) = (provider, intent.sync) else {
            return Ok(());
        };
        let mut kept = 0;
        for model in provider.models() {
            let facts = ModelId::parse(&model.id, &self.target.provider_id)
                .ok()
                .and_then(|id| facts_of(&id, intent));
            if let Some(facts) = facts {
                kept += self.sync_model(&model, facts, sync)?;
            }
        }
        if kept > 0 {
            let (values, differ) = if kept == 1 {
                ("value", "differs")
            } else {
                ("values", "differ")
            };
            self.note(format!(
                "kept {kept} {values} that {differ} from what is known; --overwrite replaces them"
            ));
        }
        Ok(())
    }

    /// Returns how many values differ and are kept.
    fn sync_model(
        &mut self,
        model: &Model<'_>,
        facts: &ModelFacts,
        sync: Sync,
    ) -> Result<usize, PlanError> {
        let mut kept = 0;
        for (fact, value) in facts.fields(self.target.version) {
            let path = model.view.path().clone().key(fact.as_str());
            // Each price is synced separately.
            let parts = match (model.view.get(fact.as_str()), value) {
                (Some(there), Value::Object(parts)) if there.kind() == Kind::Object => parts
                    .into_iter()
                    .map(|(key, value)| (path.clone().key(&key), there.get(&key), value))
                    .collect(),
                (there, value) => vec![(path, there, value)],
            };
            // A custom price isn't completed with parts of another.
            let is_own = parts.iter().any(|(_, there, value)| {
                there.as_ref().is_some_and(|there| there.value() != *value)
            });
            let is_own = is_own && sync == Sync::Fill;
            for (path, there, value) in parts {
                match there.map(|there| there.value()) {
                    None if is_own => {}
                    None => self.set(&path, value)?,
                    Some(there) if there == value => {}
                    Some(_) if sync == Sync::Overwrite => self.set(&path, value)?,
                    Some(_) => kept += 1,
                }
            }
        }
        Ok(kept)
    }
}

fn facts_of<'i>(id: &ModelId, intent: &'i Intent) -> Option<&'i ModelFacts> {
    let (_, facts) = intent.facts.iter().find(|(known, _)| known == id)?;
    // For the virtual model, facts are known only if the config behind it was read.
    let is_known = !id.is_virtual() || *facts != ModelFacts::default();
    is_known.then_some(facts)
}
