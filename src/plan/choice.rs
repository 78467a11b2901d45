//! Primary and fallbacks, of the defaults or of one agent.

use crate::document::{Kind, Value};
use crate::help::{Help, Run};
use crate::openclaw::{ModelChoice, View, agents, allow_list, choice, find_provider, holders};
use crate::portkey::model_id::ModelId;

use super::provider::wants_config;
use super::{Fallbacks, Holder, Intent, OldPrimary, PlanError, Planner, sends_config, wrong_kind};

impl<'c> Planner<'c> {
    pub(super) fn choose(&mut self, holder: &Holder<'c>, intent: &Intent) -> Result<(), PlanError> {
        let current = holder.view.as_ref().and_then(choice);
        let list = current
            .as_ref()
            .and_then(|choice| choice.view.get("fallbacks"));
        if let Some(list) = list.filter(|list| list.kind() != Kind::Array) {
            return Err(wrong_kind(&list, "an array"));
        }
        let before = current
            .as_ref()
            .map(ModelChoice::fallback_texts)
            .unwrap_or_default();
        let primary = match &intent.primary {
            Some(id) => Some(self.reference(id)),
            None => current.as_ref().and_then(ModelChoice::primary_text),
        };
        let mut after = self.fallbacks_after(&before, &intent.fallbacks);
        if let Some(clash) = intent.fallbacks.wanted().iter().find(|id| {
            primary
                .as_deref()
                .is_some_and(|primary| self.names().same(primary, &self.reference(id)))
        }) {
            return Err(PlanError::FallbackIsPrimary(clash.clone()));
        }
        if intent.primary.is_some() {
            let kept = after.len();
            after.retain(|text| {
                primary
                    .as_deref()
                    .is_none_or(|primary| !self.names().same(primary, text))
            });
            if after.len() < kept {
                self.note("the new primary was a fallback, and is now removed from the fallbacks");
            }
        }
        let old = current.as_ref().and_then(ModelChoice::primary_text);
        if let (OldPrimary::Fallback, Some(old), Some(new)) =
            (intent.old_primary, old, primary.as_deref())
            && !self.names().same(&old, new)
            && !after.iter().any(|text| self.names().same(text, &old))
        {
            after.push(old);
        }
        if after != before
            && self.put_fallbacks(holder, current.as_ref(), primary.as_ref(), &after)?
        {
            return Ok(());
        }
        match (&intent.primary, primary) {
            (Some(_), Some(primary)) => {
                let path = holder.path.clone().key("model");
                let is_string = current.as_ref().is_some_and(ModelChoice::is_string);
                let at = if is_string { path } else { path.key("primary") };
                self.set(&at, Value::String(primary))
            }
            _ => Ok(()),
        }
    }

    /// Returns whether the primary is written along with them.
    fn put_fallbacks(
        &mut self,
        holder: &Holder<'c>,
        current: Option<&ModelChoice<'c>>,
        primary: Option<&String>,
        fallbacks: &[String],
    ) -> Result<bool, PlanError> {
        let Some(primary) = primary else {
            return Err(PlanError::NoPrimary(self.target.agent.clone()));
        };
        let path = holder.path.clone().key("model");
        let text = |text: &String| Value::String(text.clone());
        let list = Value::Array(fallbacks.iter().map(text).collect());
        // The string form can't hold fallbacks.
        if current.is_none_or(ModelChoice::is_string) {
            let both = vec![
                ("primary".to_owned(), text(primary)),
                ("fallbacks".to_owned(), list),
            ];
            self.set(&path, Value::Object(both))?;
            return Ok(true);
        }
        if fallbacks.is_empty() {
            self.remove_keys_leaving_comments(&path, &["fallbacks".to_owned()])?;
        } else {
            self.set(&path.key("fallbacks"), list)?;
        }
        Ok(false)
    }

    fn fallbacks_after(&self, before: &[String], change: &Fallbacks) -> Vec<String> {
        let references = |ids: &[ModelId]| -> Vec<String> {
            let mut unique: Vec<String> = Vec::new();
            for reference in ids.iter().map(|id| self.reference(id)) {
                if !unique.contains(&reference) {
                    unique.push(reference);
                }
            }
            unique
        };
        let has = |list: &[String], text: &str| list.iter().any(|one| self.names().same(one, text));
        match change {
            Fallbacks::Keep => before.to_vec(),
            Fallbacks::Clear => Vec::new(),
            Fallbacks::Set(ids) => references(ids),
            Fallbacks::Add(ids) => {
                let mut after = before.to_vec();
                after.extend(
                    references(ids)
                        .into_iter()
                        .filter(|text| !has(before, text)),
                );
                after
            }
            Fallbacks::Remove(ids) => {
                let removed = references(ids);
                before
                    .iter()
                    .filter(|text| !has(&removed, text))
                    .cloned()
                    .collect()
            }
        }
    }

    /// The chosen agent, or the defaults and every agent without one.
    pub(super) fn target_holders(&self) -> Vec<(Option<String>, View<'c>)> {
        let mut holders = holders(self.config);
        if let Some(meant) = &self.target.agent {
            holders.retain(|(agent, _)| {
                agent
                    .as_ref()
                    .is_some_and(|agent| agent.eq_ignore_ascii_case(meant))
            });
        }
        holders
    }

    /// Every `model` value, with its agent (`None` for the defaults).
    pub(super) fn choices(&self) -> Vec<(Option<String>, ModelChoice<'c>)> {
        holders(self.config)
            .into_iter()
            .filter_map(|(agent, holder)| Some((agent, choice(&holder)?)))
            .collect()
    }

    /// Notes what won't go through Portkey although the rest does, and what a gateway config
    /// overrides.
    pub(super) fn note_bypasses(&mut self, intent: &Intent) {
        if intent.primary.is_some() || intent.create {
            for (agent, found) in self.choices() {
                self.note_bypass(agent.as_deref(), &found, intent);
            }
            self.note_own_lists(intent);
        }
        let models_named = intent
            .models
            .iter()
            .map(|new| &new.id)
            .chain(&intent.primary)
            .chain(intent.fallbacks.wanted());
        let (virtual_models, real_models): (Vec<_>, Vec<_>) =
            models_named.partition(|id| id.is_virtual());
        let provider = find_provider(self.config, &self.target.provider_id);
        let configured = wants_config(intent) || provider.as_ref().is_some_and(sends_config);
        if !virtual_models.is_empty() && !configured {
            self.warn(
                "portkey-dynamic is not a real model; unless a config is attached to the API key, pass one with --gateway-config",
                None,
            );
        }
        if wants_config(intent) && !real_models.is_empty() {
            self.note("a gateway config that names a provider or targets routes every request, so the @slug of a model is ignored");
        }
    }

    /// Notes agents that inherit their model from the defaults, but have an allow-list without it.
    fn note_own_lists(&mut self, intent: &Intent) {
        let Some(id) = intent
            .primary
            .as_ref()
            .filter(|_| self.target.agent.is_none())
        else {
            return;
        };
        let reference = self.reference(id);
        for agent in agents(self.config) {
            let inherits = choice(&agent.view).is_none();
            let list = allow_list(self.config, self.target.version, Some(&agent.id));
            let own = list.filter(|list| list.agent.is_some() && !list.allows(&reference));
            if let Some(list) = own.filter(|_| inherits) {
                let run = Run::new("set-primary")
                    .value(id.as_str())
                    .flag("--agent")
                    .value(&agent.id);
                self.warn_with_help(
                    format!(
                        "agent `{}` has its own allow-list without {reference}, and may not go through Portkey",
                        agent.id
                    ),
                    Help::from("`").run(run).text("` adds it"),
                    Some(list.view.place()),
                );
            }
        }
    }

    fn note_bypass(&mut self, agent: Option<&str>, found: &ModelChoice<'_>, intent: &Intent) {
        let target = self.target.agent.as_deref();
        let is_target = match (agent, target) {
            (None, None) => true,
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            _ => false,
        };
        if !is_target
            && let Some(agent) = agent
            && let Some(primary) = found.primary_text().filter(|text| !self.is_ours(text))
        {
            let run = Run::new("set-primary")
                .flag("MODEL")
                .flag("--agent")
                .value(agent);
            self.warn_with_help(
                format!(
                    "agent `{agent}` has its own model, {primary}, and will not go through Portkey"
                ),
                Help::from("`").run(run).text("` changes that"),
                found.primary.as_ref().map(View::place),
            );
        }
        if is_target && matches!(intent.fallbacks, Fallbacks::Keep | Fallbacks::Add(_)) {
            for fallback in &found.fallbacks {
                if let Some(text) = fallback
                    .text()
                    .filter(|text| text.contains('/') && !self.is_ours(text))
                {
                    self.warn(
                        format!("the fallback {text} does not go through Portkey"),
                        Some(fallback.place()),
                    );
                }
            }
        }
    }
}
