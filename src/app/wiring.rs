//! How the config connects OpenClaw to Portkey: values with their locations.

use serde_json::{Value as Json, json};

use crate::causes::{Facts, Header, PortkeyProvider, Role};
use crate::diagnostic::Location;
use crate::doctor::facts::{KeyPlace, KeySource, Reader};
use crate::mask::{MASK, header_names_secret, mask_header, mask_value};
use crate::openclaw::{
    AllowList, CredentialSource, View, agents, allow_lists, choice, is_variable_name,
};
use crate::report::json::location as location_json;

use super::session::Session;

/// A value, masked for display, and its location.
pub(crate) struct Shown {
    pub(crate) value: String,
    pub(crate) at: Location,
}

/// The whole connection.
pub(crate) struct Wiring {
    pub(crate) providers: Vec<Provider>,
    /// The ids of the providers that don't go to Portkey.
    pub(crate) others: Vec<String>,
    pub(crate) defaults: Option<Choice>,
    pub(crate) agents: Vec<(String, Choice)>,
    pub(crate) allow_lists: Vec<Allowed>,
}

pub(crate) struct Provider {
    pub(crate) id: String,
    pub(crate) at: Location,
    pub(crate) base_url: Option<Shown>,
    pub(crate) api: Option<Shown>,
    pub(crate) key: Option<Key>,
    pub(crate) headers: Vec<(String, Shown)>,
    pub(crate) models_at: Option<Location>,
    pub(crate) models: Vec<Model>,
}

pub(crate) struct Key {
    pub(crate) source: CredentialSource,
    pub(crate) at: Location,
    /// Where the variable is set.
    pub(crate) set_in: Option<String>,
}

pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) at: Location,
    pub(crate) headers: Vec<(String, Shown)>,
}

pub(crate) struct Choice {
    pub(crate) at: Location,
    pub(crate) primary: Option<Reference>,
    pub(crate) fallbacks: Vec<Reference>,
    /// The models for other tasks, each with its key.
    pub(crate) others: Vec<(String, Reference)>,
}

pub(crate) struct Reference {
    pub(crate) text: String,
    pub(crate) at: Location,
    /// Whether it goes through Portkey; `None` if it doesn't name a provider.
    pub(crate) via_portkey: Option<bool>,
}

pub(crate) struct Allowed {
    pub(crate) path: String,
    pub(crate) at: Location,
    pub(crate) ours: Vec<String>,
    pub(crate) others: usize,
}

impl Wiring {
    /// Reads the connection. `only` is the provider from the command line.
    pub(crate) fn of(session: &Session<'_>, only: Option<&str>) -> Self {
        let config = session.config();
        let facts = Facts::new(config, session.version);
        let wanted = |provider: &&PortkeyProvider<'_>| {
            only.is_none_or(|id| provider.id.eq_ignore_ascii_case(id))
        };
        let of_holder = |holder: &View<'_>, agent: Option<&str>| {
            let found = choice(holder);
            let others = others(&facts, agent);
            if found.is_none() && others.is_empty() {
                return None;
            }
            let at = found.as_ref().map_or(holder, |found| &found.view);
            let found = found.as_ref();
            Some(Choice {
                at: Location::of(at),
                primary: found
                    .and_then(|found| found.primary.as_ref())
                    .map(|view| reference(view, &facts)),
                fallbacks: found
                    .into_iter()
                    .flat_map(|found| &found.fallbacks)
                    .map(|view| reference(view, &facts))
                    .collect(),
                others,
            })
        };
        let named_elsewhere = only.and_then(|id| facts.provider(id));
        let mut providers: Vec<&PortkeyProvider<'_>> =
            facts.portkey.iter().filter(wanted).collect();
        if providers.is_empty() {
            providers.extend(named_elsewhere);
        }
        Self {
            providers: providers
                .into_iter()
                .map(|provider| of_provider(provider, session))
                .collect(),
            others: facts.others.iter().map(|other| masked(&other.id)).collect(),
            defaults: config
                .at(&["agents", "defaults"])
                .and_then(|view| of_holder(&view, None)),
            agents: agents(config)
                .into_iter()
                .filter_map(|agent| {
                    let found = of_holder(&agent.view, Some(&agent.id))?;
                    let at = Location::of(&agent.view);
                    Some((masked(&agent.id), Choice { at, ..found }))
                })
                .collect(),
            allow_lists: allow_lists(config, session.version)
                .iter()
                .map(|list| allowed(list, &facts))
                .collect(),
        }
    }

    /// The fields of the JSON document.
    pub(crate) fn json(&self) -> Json {
        let providers: Vec<Json> = self.providers.iter().map(Provider::json).collect();
        json!({
            "wired": !providers.is_empty(),
            "provider": if let [only] = providers.as_slice() { only.clone() } else { Json::Null },
            "providers": providers,
            "otherProviders": self.others,
            "defaults": self.defaults.as_ref().map(Choice::json),
            "agents": self.agents.iter().map(|(id, choice)| {
                let mut agent = choice.json();
                agent["id"] = id.as_str().into();
                agent
            }).collect::<Vec<_>>(),
            "allowLists": self.allow_lists.iter().map(|list| json!({
                "path": list.path,
                "portkey": list.ours,
                "others": list.others,
                "location": location_json(&list.at),
            })).collect::<Vec<_>>(),
        })
    }
}

impl Provider {
    fn json(&self) -> Json {
        let value = |shown: &Option<Shown>| shown.as_ref().map(|shown| shown.value.clone());
        json!({
            "id": self.id,
            "baseUrl": value(&self.base_url),
            "api": value(&self.api),
            "apiKey": self.key.as_ref().map(Key::json),
            "headers": headers_json(&self.headers),
            "models": self.models.iter().map(|model| json!({
                "id": model.id,
                "name": model.name,
                "headers": headers_json(&model.headers),
                "location": location_json(&model.at),
            })).collect::<Vec<_>>(),
            "location": location_json(&self.at),
        })
    }
}

impl Key {
    fn json(&self) -> Json {
        let kind = match &self.source {
            CredentialSource::Literal => "literal",
            CredentialSource::Empty => "empty",
            CredentialSource::Unexpanded => "placeholder",
            CredentialSource::Invalid => "invalid",
            CredentialSource::Variable(_) => "variable",
            CredentialSource::SecretRef { .. } => "secretRef",
        };
        json!({
            "kind": kind,
            "variable": self.source.variable().map(masked),
            "setIn": self.set_in,
            "location": location_json(&self.at),
        })
    }
}

impl Choice {
    fn json(&self) -> Json {
        json!({
            "primary": self.primary.as_ref().map(Reference::json),
            "fallbacks": self.fallbacks.iter().map(Reference::json).collect::<Vec<_>>(),
            "otherModels": self.others.iter().map(|(key, other)| {
                let mut other = other.json();
                other["key"] = key.as_str().into();
                other
            }).collect::<Vec<_>>(),
            "location": location_json(&self.at),
        })
    }
}

impl Reference {
    fn json(&self) -> Json {
        json!({
            "model": self.text,
            "viaPortkey": self.via_portkey,
            "location": location_json(&self.at),
        })
    }
}

fn headers_json(headers: &[(String, Shown)]) -> Vec<Json> {
    headers
        .iter()
        .map(|(name, shown)| {
            json!({ "name": name, "value": shown.value, "location": location_json(&shown.at) })
        })
        .collect()
}

fn shown(view: &View<'_>) -> Shown {
    Shown {
        value: plain(view),
        at: Location::of(view),
    }
}

/// A value whose name isn't that of a secret.
fn plain(view: &View<'_>) -> String {
    view.text()
        .map_or_else(|| "not a string".to_owned(), |text| masked(&text))
}

fn masked(text: &str) -> String {
    mask_value("name", text)
}

fn of_provider(provider: &PortkeyProvider<'_>, session: &Session<'_>) -> Provider {
    let headers = |owner: Option<usize>| {
        let own = provider
            .headers
            .iter()
            .filter(|header| header.model == owner);
        own.map(|header| (masked(&header.written), header_value(header)))
            .collect()
    };
    Provider {
        id: masked(&provider.id),
        at: Location::of(&provider.view),
        base_url: provider.base_url.as_ref().map(shown),
        api: provider.view.get("api").as_ref().map(shown),
        key: provider.api_key.as_ref().map(|view| {
            let source = CredentialSource::read(view);
            Key {
                set_in: source.variable().map(|name| set_in(name, session)),
                at: Location::of(view),
                source,
            }
        }),
        headers: headers(None),
        models_at: provider.list.as_ref().map(Location::of),
        models: provider
            .models
            .iter()
            .enumerate()
            .map(|(index, model)| Model {
                id: masked(&model.id),
                name: model
                    .view
                    .get("name")
                    .and_then(|name| Some(masked(&name.text()?))),
                at: Location::of(&model.view),
                headers: headers(Some(index)),
            })
            .collect(),
    }
}

fn header_value(header: &Header<'_>) -> Shown {
    let view = &header.value;
    let value = match CredentialSource::read(view) {
        CredentialSource::SecretRef { source, id } => secret_ref(&source, &id),
        CredentialSource::Variable(name) => format!("${{{name}}}"),
        CredentialSource::Invalid if header_names_secret(&header.written) => MASK.to_owned(),
        _ => view.text().map_or_else(
            || "not a string".to_owned(),
            |text| mask_header(&header.written, &text),
        ),
    };
    Shown {
        value,
        at: Location::of(view),
    }
}

/// A SecretRef; users may have put a key where a name belongs.
pub(crate) fn secret_ref(source: &str, id: &str) -> String {
    let is_name = source != "env" || is_variable_name(id);
    let id = mask_value(if is_name { "name" } else { "secret" }, id);
    format!("SecretRef {source}:{id}")
}

/// Where a variable is set, for OpenClaw on this machine.
fn set_in(name: &str, session: &Session<'_>) -> String {
    const SHELL_ONLY: &str = "this shell only; the gateway service doesn't see it";
    let machine = session.variables();
    let Some(variable) = machine.variable(name) else {
        return "not checked".to_owned();
    };
    let set = |reader| {
        variable
            .seen_by(reader)
            .filter(|source| source.secret().is_some())
    };
    let place = |source: &KeySource| match (&source.file, source.line) {
        (Some(file), _) if source.place == KeyPlace::StateDotenv => session.short(file),
        (Some(file), Some(line)) => format!("{}:{line}", session.short(file)),
        (Some(file), None) => session.short(file),
        (None, _) => source.place.name().to_owned(),
    };
    let in_shell = set(Reader::Shell).is_some_and(|s| s.place == KeyPlace::ShellEnvironment);
    match (set(Reader::Service), set(Reader::Shell)) {
        (Some(service), _) if in_shell => format!("this shell and {}", place(service)),
        (Some(service), _) => place(service),
        (None, Some(_)) if in_shell => SHELL_ONLY.to_owned(),
        (None, Some(shell)) => place(shell),
        (None, None) => "not set anywhere OpenClaw looks".to_owned(),
    }
}

/// The models of an agent, or of the defaults, for tasks other than chat.
fn others(facts: &Facts<'_>, agent: Option<&str>) -> Vec<(String, Reference)> {
    let own = facts
        .references
        .iter()
        .filter(|one| one.agent.as_deref() == agent);
    own.filter_map(|one| match one.role {
        Role::Other(key) => Some((key.to_owned(), reference(&one.view, facts))),
        Role::Primary | Role::Fallback => None,
    })
    .collect()
}

fn reference(view: &View<'_>, facts: &Facts<'_>) -> Reference {
    let text = plain(view);
    let via_portkey = if facts.through(&text).is_some() {
        Some(true)
    } else {
        facts.resolved(&text).contains('/').then_some(false)
    };
    Reference {
        text,
        at: Location::of(view),
        via_portkey,
    }
}

fn allowed(list: &AllowList<'_>, facts: &Facts<'_>) -> Allowed {
    let (ours, others): (Vec<String>, Vec<String>) = list
        .entries()
        .into_iter()
        .partition(|entry| facts.through(entry).is_some());
    Allowed {
        path: list.view.path().to_string(),
        at: Location::of(&list.view),
        ours: ours.iter().map(|entry| masked(entry)).collect(),
        others: others.len(),
    }
}
