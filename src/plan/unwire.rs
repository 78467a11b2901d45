//! Removes Portkey: the provider, and every reference to it.

use crate::document::{Kind, Step, Value};
use crate::openclaw::{ModelChoice, OTHER_REFERENCES, View, allow_list, choice, find_provider};

use super::{PlanError, Planner, wrong_kind};

impl Planner<'_> {
    pub(super) fn unwire(&mut self) -> Result<(), PlanError> {
        let id = self.target.provider_id.clone();
        let names = self.names();
        let ours = |text: &str| names.through(text, &id).is_some();
        let holder = self.holder()?;
        let chosen = self.next_primary.clone();
        for note in self.drop_references(&ours)? {
            self.note(note);
        }
        if let Some(next) = self.next_primary.take() {
            let current = holder.view.as_ref().and_then(choice);
            let path = holder.path.clone().key("model");
            let is_string = current.as_ref().is_some_and(ModelChoice::is_string);
            let at = if is_string { path } else { path.key("primary") };
            self.set(&at, Value::String(next))?;
        }
        if let Some(next) = chosen {
            self.warn_unless_allowed(&next, &ours);
        }
        if self.target.agent.is_some() {
            return Ok(());
        }
        if let Some(provider) = find_provider(self.config, &id) {
            if provider.view.kind() != Kind::Object {
                return Err(wrong_kind(&provider.view, "an object"));
            }
            let providers = crate::document::Path::root().key("models").key("providers");
            self.remove_keys(&providers, &[provider.id])?;
        }
        self.warn_of_leftovers(&ours);
        Ok(())
    }

    /// Warns if the allow-list that remains without Portkey's models doesn't include the new
    /// primary.
    fn warn_unless_allowed(&mut self, next: &str, ours: &dyn Fn(&str) -> bool) {
        let agent = self.target.agent.as_deref();
        let Some(list) = allow_list(self.config, self.target.version, agent) else {
            return;
        };
        if !list.allows(next) && list.entries().iter().any(|entry| !ours(entry)) {
            self.warn(
                format!(
                    "the allow-list `{}` doesn't have {next}, so OpenClaw may use another model",
                    list.view.path()
                ),
                Some(list.view.place()),
            );
        }
    }

    /// Reports references in places that only their owner understands, without changing them.
    fn warn_of_leftovers(&mut self, ours: &dyn Fn(&str) -> bool) {
        let mut open = vec![self.config.root()];
        let mut left: Vec<View<'_>> = Vec::new();
        while let Some(view) = open.pop() {
            match view.kind() {
                Kind::Object => open.extend(view.entries().into_iter().map(|(_, child)| child)),
                Kind::Array => open.extend(view.items()),
                Kind::String
                    if view.text().is_some_and(|text| {
                        (text.contains('/') || holds_a_model(&view)) && ours(&text)
                    }) =>
                {
                    left.push(view);
                }
                _ => {}
            }
        }
        left.sort_by_key(|view| view.place().position);
        for view in left {
            let path = view.path();
            if self
                .touched
                .iter()
                .any(|touched| path.0.starts_with(&touched.0))
            {
                continue;
            }
            let path = path.to_string();
            self.warn(
                format!("`{path}` still names a Portkey model; change it by hand"),
                Some(view.place()),
            );
        }
    }
}

/// Whether a value is under a key for a model, where a plain word is an alias.
fn holds_a_model(view: &View<'_>) -> bool {
    let mut keys = view.path().0.iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    keys.next().is_some_and(|key| {
        matches!(key, "primary" | "fallbacks")
            || OTHER_REFERENCES.iter().any(|way| way.last() == Some(&key))
    })
}
