//! The provider itself: its fields, models and headers, and the allow-lists.

use crate::document::{Kind, Path, Value};
use crate::openclaw::{CredentialSource, Provider, allow_list, choice, find_provider};
use crate::portkey::model_id::{ModelId, display_name};
use crate::portkey::{DEFAULT_BASE_URL, headers};

use super::{HeaderChange, Intent, NewModel, PlanError, Planner, wrong_kind};

/// The `api` values whose request format Portkey accepts.
const COMPATIBLE_APIS: [&str; 2] = ["openai-completions", "openai-responses"];

impl Planner<'_> {
    pub(super) fn provider(
        &mut self,
        provider: Option<&Provider<'_>>,
        intent: &Intent,
    ) -> Result<(), PlanError> {
        let Some(provider) = provider else {
            return self.new_provider(intent);
        };
        if provider.view.kind() != Kind::Object {
            return Err(wrong_kind(&provider.view, "an object"));
        }
        self.provider_fields(provider, intent)?;
        let models = wanted_models(intent);
        for new in &models {
            self.declare(provider, new, intent)?;
        }
        for change in &intent.headers {
            // A model declared by this change already has its headers.
            let is_new = |id: &ModelId| {
                provider.model(id.as_str()).is_none() && models.iter().any(|model| model.id == *id)
            };
            if !change.model.as_ref().is_some_and(is_new) {
                self.header(provider, change)?;
            }
        }
        Ok(())
    }

    fn new_provider(&mut self, intent: &Intent) -> Result<(), PlanError> {
        let like = intent.like.as_deref();
        if let Some(like) = like.and_then(|id| find_provider(self.config, id)) {
            return self.copy_of(&like, intent);
        }
        let text = |text: &str| Value::String(text.to_owned());
        let base_url = intent.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let mut fields = vec![("baseUrl".to_owned(), text(base_url))];
        if let Some(key) = &intent.api_key {
            fields.push(("apiKey".to_owned(), text(key)));
        }
        let own_headers = header_object(intent, None);
        if !own_headers.is_empty() {
            fields.push(("headers".to_owned(), Value::Object(own_headers)));
        }
        let api = intent.api.as_deref().unwrap_or(COMPATIBLE_APIS[0]);
        fields.push(("api".to_owned(), text(api)));
        if intent.allow_private_network {
            let allow = vec![("allowPrivateNetwork".to_owned(), Value::Bool(true))];
            fields.push(("request".to_owned(), Value::Object(allow)));
        }
        let models = wanted_models(intent);
        let missing = intent
            .headers
            .iter()
            .filter_map(|change| change.model.as_ref())
            .find(|model| !models.iter().any(|new| new.id == **model));
        if let Some(model) = missing {
            return Err(PlanError::UndeclaredModel(model.clone()));
        }
        let models = models
            .iter()
            .map(|new| {
                let metadata = self.metadata(&new.id, intent);
                model_entry(new, metadata, header_object(intent, Some(&new.id)))
            })
            .collect();
        fields.push(("models".to_owned(), Value::Array(models)));
        if self.config.at(&["models"]).is_none() {
            // As in the guide; it is OpenClaw's default.
            self.set(&Path::root().key("models").key("mode"), text("merge"))?;
        }
        self.set(&self.provider_path(), Value::Object(fields))
    }

    /// Copies another provider, with its own key, for the models to declare.
    fn copy_of(&mut self, like: &Provider<'_>, intent: &Intent) -> Result<(), PlanError> {
        let Value::Object(mut fields) = like.view.value() else {
            return Err(wrong_kind(&like.view, "an object"));
        };
        let models = wanted_models(intent);
        let models = models.iter().map(|new| {
            let declared = like.model(new.id.as_str());
            declared.map_or_else(
                || model_entry(new, self.metadata(&new.id, intent), Vec::new()),
                |model| model.view.value(),
            )
        });
        let models = Value::Array(models.collect());
        fields.retain(|(name, _)| name != "apiKey" && name != "models");
        fields.push(("models".to_owned(), models));
        for (_, value) in &mut fields {
            without_keys(value, intent);
        }
        fields.retain(|(name, value)| name != "headers" || *value != Value::Object(Vec::new()));
        if let Some(key) = &intent.api_key {
            let base_url = fields.iter().position(|(name, _)| name == "baseUrl");
            let at = base_url.map_or(0, |at| at + 1);
            fields.insert(at, ("apiKey".to_owned(), Value::String(key.clone())));
        }
        self.set(&self.provider_path(), Value::Object(fields))
    }

    fn provider_fields(
        &mut self,
        provider: &Provider<'_>,
        intent: &Intent,
    ) -> Result<(), PlanError> {
        let path = self.provider_path();
        let base_url = match (&intent.base_url, provider.text("baseUrl")) {
            (Some(wanted), _) => Some(wanted.as_str()),
            (None, None) if intent.create => Some(DEFAULT_BASE_URL),
            _ => None,
        };
        if let Some(url) = base_url {
            self.set(&path.clone().key("baseUrl"), Value::String(url.to_owned()))?;
        }
        if let Some(key) = &intent.api_key {
            let reference = provider
                .view
                .get("apiKey")
                .is_some_and(|view| CredentialSource::read(&view).is_reference());
            if !reference || intent.new_reference {
                self.set(&path.clone().key("apiKey"), Value::String(key.clone()))?;
            }
        }
        let current = provider.text("api");
        let fits = current
            .as_deref()
            .is_none_or(|api| COMPATIBLE_APIS.contains(&api));
        let api = intent
            .api
            .as_deref()
            .or_else(|| (intent.create && !fits).then_some(COMPATIBLE_APIS[0]));
        if let Some(api) = api {
            self.set(&path.clone().key("api"), Value::String(api.to_owned()))?;
        }
        if intent.allow_private_network {
            let allow = path.key("request").key("allowPrivateNetwork");
            self.set(&allow, Value::Bool(true))?;
        }
        Ok(())
    }

    fn declare(
        &mut self,
        provider: &Provider<'_>,
        new: &NewModel,
        intent: &Intent,
    ) -> Result<(), PlanError> {
        let list = provider.view.get("models");
        if let Some(list) = list.as_ref().filter(|list| list.kind() != Kind::Array) {
            return Err(wrong_kind(list, "an array"));
        }
        let Some(model) = provider.model(new.id.as_str()) else {
            let metadata = self.metadata(&new.id, intent);
            let headers = header_object(intent, Some(&new.id));
            let entry = model_entry(new, metadata, headers);
            return self.append(&self.provider_path().key("models"), entry);
        };
        let named = model.view.get("name").is_some();
        match &new.name {
            Some(name) => self.set(
                &model.view.path().clone().key("name"),
                Value::String(name.clone()),
            ),
            None if named => Ok(()),
            None => self.set(
                &model.view.path().clone().key("name"),
                Value::String(display_name(&new.id)),
            ),
        }
    }

    fn header(&mut self, provider: &Provider<'_>, change: &HeaderChange) -> Result<(), PlanError> {
        let holder = match &change.model {
            None => provider.view.clone(),
            Some(id) => match provider.model(id.as_str()) {
                Some(model) => model.view,
                None => return Err(PlanError::UndeclaredModel(id.clone())),
            },
        };
        let headers = holder.get("headers");
        let path = match &change.model {
            None => self.provider_path().key("headers"),
            Some(_) => holder.path().clone().key("headers"),
        };
        if let Some(view) = headers.as_ref().filter(|view| view.kind() != Kind::Object) {
            return Err(wrong_kind(view, "an object"));
        }
        // Header names ignore case, so a second spelling would be a second header.
        let mut written: Vec<String> = headers
            .map(|view| view.entries())
            .unwrap_or_default()
            .into_iter()
            .map(|(key, _)| key)
            .filter(|key| key.eq_ignore_ascii_case(&change.name))
            .collect();
        let Some(value) = &change.value else {
            return self.remove_keys(&path, &written);
        };
        let key = written.pop().unwrap_or_else(|| change.name.clone());
        self.set(&path.key(key), Value::String(value.clone()))
    }

    /// Adds every model that the config will use to the allow-list in effect, if it isn't there
    /// yet.
    pub(super) fn allow(&mut self, intent: &Intent) -> Result<(), PlanError> {
        let Some(list) = allow_list(
            self.config,
            self.target.version,
            self.target.agent.as_deref(),
        ) else {
            return Ok(());
        };
        let path = list.view.path().clone();
        let mut added = Vec::new();
        for new in wanted_models(intent) {
            let reference = self.reference(&new.id);
            if list.allows(&reference) {
                continue;
            }
            if list.view.kind() == Kind::Array {
                self.append(&path, Value::String(reference.clone()))?;
            } else {
                self.set(&path.clone().key(&reference), Value::Object(Vec::new()))?;
            }
            added.push(reference);
        }
        if !added.is_empty() {
            self.note(format!(
                "added to the allow-list `{path}`: {}; otherwise OpenClaw would use another provider",
                added.join(", ")
            ));
        }
        Ok(())
    }

    pub(super) fn remove_models(
        &mut self,
        provider: Option<&Provider<'_>>,
        ids: &[ModelId],
    ) -> Result<(), PlanError> {
        let Some(provider) = provider.filter(|_| !ids.is_empty()) else {
            return Ok(());
        };
        let wanted: Vec<String> = ids.iter().map(|id| self.reference(id)).collect();
        let names = self.names();
        let is_removed = |text: &str| wanted.iter().any(|one| names.same(one, text));
        for (agent, holder) in self.target_holders() {
            let primary = choice(&holder).and_then(|choice| choice.primary_text());
            if let Some(primary) = primary.filter(|primary| is_removed(primary)) {
                let taken = ids
                    .iter()
                    .find(|id| names.same(&primary, &self.reference(id)));
                return Err(PlanError::RemovesPrimary(
                    taken.unwrap_or(&ids[0]).clone(),
                    agent,
                ));
            }
        }
        // From last to first, so that earlier indices stay valid. Other agents may use what one
        // gives up.
        let declared = provider.models();
        for model in declared
            .iter()
            .rev()
            .filter(|_| self.target.agent.is_none())
        {
            if ids.iter().any(|id| id.as_str() == model.id) {
                self.remove(model.view.path(), false)?;
            }
        }
        self.drop_references(&is_removed)?;
        Ok(())
    }
}

/// Removes headers with a key, and those that the intent unsets, at any depth.
fn without_keys(value: &mut Value, intent: &Intent) {
    let unset = intent
        .headers
        .iter()
        .filter(|change| change.value.is_none());
    let unset: Vec<&str> = unset.map(|change| change.name.as_str()).collect();
    let goes = |name: &str| {
        [headers::API_KEY, headers::AUTHORIZATION]
            .iter()
            .chain(&unset)
            .any(|header| name.eq_ignore_ascii_case(header))
    };
    match value {
        Value::Object(members) => {
            members.retain(|(name, _)| !goes(name));
            for (_, value) in members {
                without_keys(value, intent);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without_keys(item, intent)),
        _ => {}
    }
}

/// The models to declare: those listed, the primary and the fallbacks.
fn wanted_models(intent: &Intent) -> Vec<NewModel> {
    let mut models = intent.models.clone();
    for id in intent.primary.iter().chain(intent.fallbacks.wanted()) {
        if !models.iter().any(|new| new.id == *id) {
            models.push(NewModel {
                id: id.clone(),
                name: None,
            });
        }
    }
    models
}

fn model_entry(
    new: &NewModel,
    metadata: Vec<(String, Value)>,
    headers: Vec<(String, Value)>,
) -> Value {
    let name = new.name.clone().unwrap_or_else(|| display_name(&new.id));
    let mut fields = vec![
        ("id".to_owned(), Value::String(new.id.as_str().to_owned())),
        ("name".to_owned(), Value::String(name)),
    ];
    fields.extend(metadata);
    if !headers.is_empty() {
        fields.push(("headers".to_owned(), Value::Object(headers)));
    }
    Value::Object(fields)
}

fn header_object(intent: &Intent, model: Option<&ModelId>) -> Vec<(String, Value)> {
    intent
        .headers
        .iter()
        .filter(|change| change.model.as_ref() == model)
        .filter_map(|change| Some((change.name.clone(), Value::String(change.value.clone()?))))
        .collect()
}

/// Whether the intent sets a config header.
pub(super) fn wants_config(intent: &Intent) -> bool {
    intent
        .headers
        .iter()
        .any(|change| change.value.is_some() && change.name.eq_ignore_ascii_case(headers::CONFIG))
}
