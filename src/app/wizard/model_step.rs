//! The models: which to use, which is the primary, and which are fallbacks.

use crate::app::init::{self, Answers};
use crate::app::models_table::{price, tokens};
use crate::app::named_models::Naming;
use crate::args::Format;
use crate::error::Failure;
use crate::openclaw::{Aliases, ModelChoice, choice};
use crate::portkey::catalogue::{Catalogue, Mode};
use crate::portkey::headers;
use crate::portkey::key_variable::ADMIN_KEY_VARIABLE;
use crate::portkey::model_facts::{self, Cost};
use crate::portkey::model_id::{ModelId, VIRTUAL};
use crate::prompt::{Item, Many, Objection};

use super::{Wizard, split};

impl Wizard<'_> {
    pub(crate) fn models(
        &mut self,
        answers: &mut Answers,
        mut catalogue: Option<Catalogue>,
    ) -> Result<(), Failure> {
        if !answers.models.is_empty() || answers.primary.is_some() {
            return Ok(());
        }
        loop {
            let Some(known) = &catalogue else {
                return self.type_models(answers, None);
            };
            if known.models.iter().any(|model| model.id.starts_with('@')) {
                return self.pick(answers, known);
            }
            if known.mode == Mode::ProviderBacked {
                self.ui.note("A config attached to this key chooses the model, so there are no @slugs to pick from.");
                return self.type_models(answers, Some(VIRTUAL));
            }
            self.ui.alert("Portkey lists no models for this key yet. Add a provider at https://app.portkey.ai/model-catalog, then press Enter to try again.");
            let ways = ["try again", "type a model id", "quit"].map(Item::new);
            match (self.ask.menu("What now?", &ways, 0)?, answers.key.clone()) {
                (0, Some(key)) => match self.try_key(&key) {
                    Ok(again) => catalogue = Some(again),
                    Err(failure) => self.show_error(&failure),
                },
                (2, _) => return Err(Failure::cancelled()),
                _ => catalogue = None,
            }
        }
    }

    /// Offers Portkey's list, with the virtual model last if a gateway config decides.
    fn pick(&mut self, answers: &mut Answers, catalogue: &Catalogue) -> Result<(), Failure> {
        let declared = self.declared();
        let mut ids: Vec<&str> = catalogue
            .models
            .iter()
            .map(|model| model.id.as_str())
            .filter(|id| id.starts_with('@'))
            // A server may echo a key.
            .filter(|id| self.ui.secrets().safe(id) == *id)
            .collect();
        ids.sort_unstable_by_key(|id| id.split_once('/'));
        let mut items: Vec<Item> = ids
            .iter()
            .map(|id| listed(id, catalogue, &declared))
            .collect();
        let is_named = answers.headers.gateway_config.is_some();
        if is_named || self.sends(headers::CONFIG) {
            items.push(Item {
                group: Some("a gateway config decides".to_owned()),
                ..listed(VIRTUAL, catalogue, &declared)
            });
            ids.push(VIRTUAL);
        }
        let many = Many {
            marked: is_named.then(|| ids.len() - 1).into_iter().collect(),
            needed: declared.is_empty(),
            ordered: declared.is_empty(),
        };
        let question = if declared.is_empty() {
            "Models (the first one you mark becomes the primary)"
        } else {
            "Models to add (optional)"
        };
        let picked = self.ask.pick(question, &items, many)?;
        let texts: Vec<String> = picked
            .into_iter()
            .map(|index| ids[index].to_owned())
            .collect();
        answers.models = Naming::default().models(self.session, &texts)?;
        Ok(())
    }

    fn type_models(&mut self, answers: &mut Answers, default: Option<&str>) -> Result<(), Failure> {
        let session = self.session;
        let needed = self.declared().is_empty();
        let check = |text: &str| -> Result<(), Objection> {
            let texts = split(text);
            if texts.is_empty() && needed {
                return Err(format!(
                    "enter at least one model as @slug/model, or {VIRTUAL}"
                ));
            }
            Naming::default()
                .models(session, &texts)
                .map(|_| ())
                .map_err(|failure| failure.message)
        };
        let question = if needed {
            "Models (as @slug/model, separated by spaces)"
        } else {
            "Models to add (as @slug/model; optional)"
        };
        let default = default.filter(|_| needed);
        let text = self.ask.text(question, default, &check)?;
        answers.models = Naming::default().models(self.session, &split(&text))?;
        Ok(())
    }

    /// The models of the provider in the config.
    fn declared(&self) -> Vec<ModelId> {
        let models = self
            .provider()
            .map(|provider| provider.models)
            .unwrap_or_default();
        models
            .iter()
            .filter_map(|model| ModelId::parse(&model.id, &self.provider_id()).ok())
            .collect()
    }

    /// The new models, then those already in the config.
    fn candidates(&self, answers: &Answers) -> Vec<ModelId> {
        let mut all = answers.models.clone();
        let known = self
            .declared()
            .into_iter()
            .chain(answers.fallbacks.clone().unwrap_or_default());
        for id in known {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all
    }

    /// The current choice of models, for the defaults or the chosen agent.
    fn choice_now(&self) -> Option<ModelChoice<'_>> {
        choice(&init::holder(self.request.agent.as_deref(), self.session)?)
    }

    /// The model that a reference names, if it goes through this provider.
    fn ours(&self, reference: &str) -> Option<ModelId> {
        let names = Aliases::of(self.session.config(), self.session.version);
        let id = names.through(reference, &self.provider_id())?;
        ModelId::parse(id, &self.provider_id()).ok()
    }

    /// The models that can be the primary.
    fn primary_candidates(&self, answers: &Answers) -> Vec<ModelId> {
        let mut candidates = self.candidates(answers);
        let fallbacks = answers.fallbacks.as_deref().unwrap_or_default();
        candidates.retain(|id| !fallbacks.contains(id));
        candidates
    }

    /// The current primary, and the model if it is one of this provider's.
    fn primary_now(&self) -> (Option<String>, Option<ModelId>) {
        let now = self.choice_now().and_then(|choice| choice.primary_text());
        let ours = now.as_deref().and_then(|text| self.ours(text));
        (now, ours)
    }

    /// The primary without a question: a new virtual model, the current one, or the first.
    pub(super) fn default_primary(&self, answers: &mut Answers) {
        if answers.primary.is_some() {
            return;
        }
        let candidates = self.primary_candidates(answers);
        let (_, current) = self.primary_now();
        let dynamic = answers.models.iter().find(|id| id.is_virtual()).cloned();
        let known = dynamic.or(current).filter(|id| candidates.contains(id));
        answers.primary = known.or_else(|| candidates.first().cloned());
    }

    /// Reports that another vendor's model is no longer the primary, and offers to fall back to it.
    pub(super) fn keep_primary(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let (now, current) = self.primary_now();
        let (Some(now), None, Some(next)) = (now, current, &answers.primary) else {
            return Ok(());
        };
        let now = crate::portkey::printable(&now, 60);
        self.ui
            .note(&format!("{next} replaces {now} as the primary."));
        let question = format!("Keep {now} as a fallback? (outside Portkey)");
        answers.keep_primary = self.ask.confirm(&question, false)?;
        Ok(())
    }

    pub(super) fn has_choice_of_primary(&self, answers: &Answers) -> bool {
        !self.names_primary && self.primary_candidates(answers).len() > 1
    }

    pub(super) fn primary(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let mut candidates = self.primary_candidates(answers);
        let (_, current) = self.primary_now();
        let default = candidates
            .iter()
            .position(|id| Some(id) == answers.primary.as_ref());
        let note = |id: &ModelId| {
            if current.as_ref() == Some(id) {
                "current primary"
            } else {
                ""
            }
        };
        let items: Vec<Item> = candidates.iter().map(|id| noted(id, note(id))).collect();
        let question = "Primary (the model used first)";
        let chosen = self.ask.choose(question, &items, default.unwrap_or(0))?;
        answers.primary = Some(candidates.swap_remove(chosen));
        Ok(())
    }

    /// Offers to let Portkey fall back, if a config can be saved there.
    fn falls_back_in_portkey(&mut self, answers: &Answers) -> Result<bool, Failure> {
        let is_json = self.session.flags.format == Format::Json;
        if answers.unchecked || self.request.check.portkey.offline || is_json {
            return Ok(false);
        }
        if self.session.env.text(ADMIN_KEY_VARIABLE).is_none() {
            self.ui.note(&format!(
                "Portkey can fall back itself, which is faster and covers refused keys: \
                 set {ADMIN_KEY_VARIABLE}, then `openclaw-portkey set-fallback MODEL --in portkey`."
            ));
            return Ok(false);
        }
        let question = "Fall back inside Portkey? (faster, also covers refused keys)";
        Ok(self.ask.confirm(question, false)?)
    }

    fn pick_fallbacks(
        &mut self,
        candidates: &[ModelId],
        before: &[ModelId],
        marked: Vec<usize>,
    ) -> Result<Vec<ModelId>, Failure> {
        let note = |id| {
            if before.contains(id) {
                "current fallback"
            } else {
                ""
            }
        };
        let items: Vec<Item> = candidates.iter().map(|id| noted(id, note(id))).collect();
        let many = Many {
            marked,
            needed: false,
            ordered: true,
        };
        let question = "Fallbacks (tried in this order when the primary fails)";
        let picked = self.ask.pick(question, &items, many)?;
        Ok(picked
            .into_iter()
            .map(|index| candidates[index].clone())
            .collect())
    }

    /// The models that may follow the primary, current fallbacks first.
    fn fallback_candidates(
        &self,
        answers: &Answers,
        primary: &ModelId,
        before: &[ModelId],
    ) -> Vec<ModelId> {
        let mut found = before.to_vec();
        let others = self.candidates(answers).into_iter();
        for id in others.filter(|id| id != primary && !id.is_virtual()) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    /// A gateway config that chooses the model also chooses its fallbacks.
    pub(super) fn has_choice_of_fallbacks(&self, answers: &Answers) -> bool {
        let primary = answers.primary.as_ref().filter(|id| !id.is_virtual());
        answers.fallbacks.is_none()
            && primary.is_some_and(|primary| {
                let others = self.candidates(answers);
                others.iter().any(|id| id != primary && !id.is_virtual())
            })
    }

    pub(super) fn fallbacks(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let Some(primary) = answers.primary.clone() else {
            return Ok(());
        };
        let now = self
            .choice_now()
            .map(|choice| choice.fallback_texts())
            .unwrap_or_default();
        let before: Vec<ModelId> = now
            .iter()
            .filter_map(|text| self.ours(text))
            .filter(|id| *id != primary)
            .collect();
        let candidates = self.fallback_candidates(answers, &primary, &before);
        if candidates.is_empty() {
            return Ok(());
        }
        let foreign = now.iter().find(|text| self.ours(text).is_none());
        if let Some(first) = foreign {
            self.ui.note(&format!(
                "The fallback {} doesn't go through Portkey; it stays unless you change the selection.",
                crate::portkey::printable(first, 60)
            ));
        }
        // If there were no fallbacks before, the models picked along with the primary become the
        // fallbacks.
        let is_marked = |(index, id): (usize, &ModelId)| {
            let marked = if now.is_empty() {
                answers.models.contains(id)
            } else {
                index < before.len()
            };
            marked.then_some(index)
        };
        let marked: Vec<usize> = candidates
            .iter()
            .enumerate()
            .filter_map(is_marked)
            .collect();
        let order = self.pick_fallbacks(&candidates, &before, marked)?;
        let unchanged = order == before;
        let only_foreign = order.is_empty() && foreign.is_some();
        if unchanged || only_foreign {
            return Ok(());
        }
        if !order.is_empty() && self.falls_back_in_portkey(answers)? {
            answers.in_portkey = order;
        } else {
            answers.fallbacks = Some(order);
        }
        Ok(())
    }
}

fn listed(id: &str, catalogue: &Catalogue, declared: &[ModelId]) -> Item {
    let model = catalogue.models.iter().find(|model| model.id == id);
    let facts = model.map(model_facts::lookup).unwrap_or_default();
    Item {
        facts: vec![
            facts.context_window.map(tokens).unwrap_or_default(),
            facts.cost.map(price_tag).unwrap_or_default(),
        ],
        group: id.split_once('/').map(|(slug, _)| slug.to_owned()),
        text: id.to_owned(),
        note: declared
            .iter()
            .any(|one| one.as_str() == id)
            .then(|| "already in the config".to_owned()),
    }
}

fn price_tag(cost: Cost) -> String {
    let price = price(cost);
    if price.starts_with(|c: char| c.is_ascii_digit()) {
        format!("${price}")
    } else {
        price
    }
}

fn noted(id: &ModelId, note: &str) -> Item {
    let item = Item::new(id.as_str());
    if note.is_empty() {
        item
    } else {
        item.note(note)
    }
}
