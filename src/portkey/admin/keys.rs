//! API keys.

use serde_json::{Map, Value as Json, json};

use super::limits::Limits;
use super::lists::is_archived;
use super::{Method, Request, data, expiry, text};
use crate::secret::Secret;

#[cfg(test)]
mod tests;

/// The minimum time an old key stays valid after a rotation, in milliseconds.
pub const MIN_OVERLAP: u64 = 1_800_000;

/// The scopes of a key for OpenClaw: send requests, and list available models.
pub const SCOPES: [&str; 2] = ["completions.write", "virtual_keys.list"];

/// The metadata key for the agent that uses the key.
pub const AGENT: &str = "agent";

/// What a key is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A program in a workspace.
    #[default]
    WorkspaceService,
    /// A member of a workspace.
    WorkspaceUser,
    /// Administration of the organisation.
    OrganisationService,
    /// Unknown to this release.
    Other,
}

impl Kind {
    fn read(text: &str) -> Self {
        match text {
            "workspace-service" => Self::WorkspaceService,
            "workspace-user" => Self::WorkspaceUser,
            "organisation-service" => Self::OrganisationService,
            _ => Self::Other,
        }
    }

    /// The name in the admin API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WorkspaceService => "workspace-service",
            Self::WorkspaceUser => "workspace-user",
            Self::OrganisationService => "organisation-service",
            Self::Other => "other",
        }
    }

    /// The scopes needed for an action on keys of this kind.
    fn scopes(self, action: Action) -> &'static [&'static [&'static str]] {
        match (self, action) {
            (Self::WorkspaceUser, Action::Create) => &[&["workspace_user_api_keys.create"]],
            (Self::OrganisationService, Action::Create) => {
                &[&["organisation_service_api_keys.create"]]
            }
            (_, Action::Create) => &[&["workspace_service_api_keys.create"]],
            (Self::WorkspaceUser, Action::Update) => &[&["workspace_user_api_keys.update"]],
            (Self::OrganisationService, Action::Update) => {
                &[&["organisation_service_api_keys.update"]]
            }
            (_, Action::Update) => &[&["workspace_service_api_keys.update"]],
            (Self::WorkspaceUser, Action::Delete) => &[&["workspace_user_api_keys.delete"]],
            (Self::OrganisationService, Action::Delete) => {
                &[&["organisation_service_api_keys.delete"]]
            }
            (_, Action::Delete) => &[&["workspace_service_api_keys.delete"]],
            // The documentation contradicts itself about which one a rotation needs.
            (Self::WorkspaceUser, Action::Rotate) => &[
                &["workspace_user_api_keys.update"],
                &["workspace_user_api_keys.rotate"],
            ],
            (Self::OrganisationService, Action::Rotate) => &[
                &["organisation_service_api_keys.update"],
                &["organisation_service_api_keys.rotate"],
            ],
            (_, Action::Rotate) => &[
                &["workspace_service_api_keys.update"],
                &["workspace_service_api_keys.rotate"],
            ],
        }
    }
}

#[derive(Clone, Copy)]
enum Action {
    Create,
    Update,
    Delete,
    Rotate,
}

const LIST: &[&[&str]] = &[&[
    "workspace_service_api_keys.list",
    "workspace_user_api_keys.list",
    "organisation_service_api_keys.list",
]];
const READ: &[&[&str]] = &[&[
    "workspace_service_api_keys.read",
    "workspace_user_api_keys.read",
    "organisation_service_api_keys.read",
]];

/// A key as Portkey lists it, without the key itself. Unknown fields are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Key {
    /// Its UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it is for.
    pub kind: Kind,
    /// `active`, `exhausted` and the like.
    pub status: String,
    /// The user it belongs to.
    pub user: String,
    /// When it was created.
    pub created: String,
    /// When it was last updated.
    pub updated: String,
    /// Its other settings.
    pub settings: Settings,
    /// Whether it was revoked and is archived.
    pub archived: bool,
}

/// The configurable settings of a key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Its budget and rate limits.
    pub limits: Limits,
    /// Who is notified when the budget is nearly used up.
    pub alert_emails: Vec<String>,
    /// The default gateway config.
    pub config: Option<String>,
    /// Whether requests can use a different one.
    pub can_override: Option<bool>,
    /// Metadata added to every request.
    pub metadata: Vec<(String, String)>,
    /// When it expires.
    pub expires: Option<String>,
    /// Its scopes.
    pub scopes: Vec<String>,
}

/// A key to create.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// The UUID of the user it belongs to.
    pub user: Option<String>,
    /// Its other settings.
    pub settings: Settings,
}

/// `GET /api-keys`
#[must_use]
pub fn list(workspace: Option<&str>) -> Request {
    Request::get(&["api-keys"], LIST).workspace(workspace)
}

/// `GET /api-keys/{id}`
#[must_use]
pub fn get(id: &str) -> Request {
    Request::get(&["api-keys", id], READ)
}

/// `POST /api-keys/{type}/{sub-type}`
#[must_use]
pub fn create(new: &NewKey, workspace: Option<&str>) -> Request {
    let mut body = Map::new();
    body.insert("name".to_owned(), new.name.as_str().into());
    if let Some(user) = &new.user {
        body.insert("user_id".to_owned(), user.as_str().into());
    }
    body.extend(new.settings.fields(None));
    let path = match new.kind {
        Kind::OrganisationService => ["api-keys", "organisation", "service"],
        Kind::WorkspaceUser => ["api-keys", "workspace", "user"],
        Kind::WorkspaceService | Kind::Other => ["api-keys", "workspace", "service"],
    };
    let scopes = new.kind.scopes(Action::Create);
    Request::write(Method::Post, &path, Json::Object(body), scopes).workspace(workspace)
}

/// `PUT /api-keys/{id}` with what changes; `None` if nothing does.
#[must_use]
pub fn update(key: &Key, wanted: &Settings, resets_usage: bool) -> Option<Request> {
    let mut fields = wanted.fields(Some(&key.settings));
    if resets_usage {
        fields.insert("reset_usage".to_owned(), true.into());
    }
    let body = Json::Object(fields);
    let scopes = key.kind.scopes(Action::Update);
    (body != json!({})).then(|| Request::write(Method::Put, &["api-keys", &key.id], body, scopes))
}

/// `DELETE /api-keys/{id}`
#[must_use]
pub fn revoke(key: &Key) -> Request {
    Request {
        method: Method::Delete,
        ..Request::get(&["api-keys", &key.id], key.kind.scopes(Action::Delete))
    }
}

/// `POST /api-keys/{id}/rotate`
#[must_use]
pub fn rotate(key: &Key, overlap: u64) -> Request {
    let body = json!({ "key_transition_period_ms": overlap });
    let path = ["api-keys", &key.id, "rotate"];
    Request::write(Method::Post, &path, body, key.kind.scopes(Action::Rotate))
}

impl Settings {
    /// The fields of a request: all that are set or, given `before`, those that differ. A removed
    /// setting becomes null.
    fn fields(&self, before: Option<&Self>) -> Map<String, Json> {
        let is_change = before.is_some();
        let none = Self::default();
        let old = before.unwrap_or(&none);
        let mut fields = self.limits.fields(before.map(|before| &before.limits));
        let mut put = |name: &str, value: Json| {
            fields.insert(name.to_owned(), value);
        };
        if self.scopes != old.scopes || !is_change {
            put("scopes", json!(self.scopes));
        }
        if self.expires != old.expires {
            put("expires_at", json!(self.expires));
        }
        if self.alert_emails != old.alert_emails {
            let taken_away = is_change && self.alert_emails.is_empty();
            let emails = json!(self.alert_emails);
            put("alert_emails", if taken_away { Json::Null } else { emails });
        }
        let defaults = |of: &Self| (of.metadata.clone(), of.config.clone(), of.can_override);
        if defaults(self) != defaults(old) {
            put("defaults", self.defaults(before));
        }
        fields
    }

    /// `defaults` as a whole: it isn't documented whether sending part of it replaces the rest.
    fn defaults(&self, before: Option<&Self>) -> Json {
        let mut defaults = Map::new();
        if before.is_some() || !self.metadata.is_empty() {
            let of = |(key, value): &(String, String)| (key.clone(), Json::from(value.as_str()));
            let metadata: Map<String, Json> = self.metadata.iter().map(of).collect();
            defaults.insert("metadata".to_owned(), Json::Object(metadata));
        }
        let had_one = before.is_some_and(|before| before.config.is_some());
        if had_one || self.config.is_some() {
            defaults.insert("config_id".to_owned(), json!(self.config));
        }
        if let Some(can) = self.can_override {
            defaults.insert("allow_config_override".to_owned(), can.into());
        }
        Json::Object(defaults)
    }

    fn read(json: &Json) -> Self {
        let defaults = json.get("defaults");
        let of_defaults = |name: &str| defaults.and_then(|defaults| defaults.get(name));
        let texts = |name: &str| -> Vec<String> {
            let list = json.get(name).and_then(Json::as_array);
            let texts = list.into_iter().flatten().filter_map(Json::as_str);
            texts.map(str::to_owned).collect()
        };
        let metadata = of_defaults("metadata").and_then(Json::as_object);
        let metadata = metadata.into_iter().flatten().map(|(key, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (key.clone(), value)
        });
        let over = of_defaults("allow_config_override");
        let over = over.or_else(|| json.get("allow_config_override"));
        let owned = |value: Option<&Json>| {
            let text = value.and_then(Json::as_str).filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        Self {
            limits: Limits::read(json),
            alert_emails: texts("alert_emails"),
            config: owned(of_defaults("config_id")),
            // The API returns a boolean, 0 or 1, or null.
            can_override: over
                .and_then(|flag| flag.as_bool().or_else(|| Some(flag.as_u64()? != 0))),
            metadata: metadata.collect(),
            expires: owned(json.get("expires_at")),
            scopes: texts("scopes"),
        }
    }

    /// Whether two settings are equivalent, however Portkey writes them.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list
        };
        let metadata = |of: &Self| {
            let mut pairs = of.metadata.clone();
            pairs.sort();
            pairs
        };
        let time = |of: &Self| of.expires.as_deref().map(expiry::to_the_second);
        let is_free = |of: &Self| of.can_override != Some(false);
        self.limits == other.limits
            && is_free(self) == is_free(other)
            && same_config(self.config.as_deref(), other.config.as_deref())
            && sorted(&self.alert_emails) == sorted(&other.alert_emails)
            && sorted(&self.scopes) == sorted(&other.scopes)
            && metadata(self) == metadata(other)
            && time(self) == time(other)
    }

    /// Whether requests can't use a different config.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.config.is_some() && self.can_override == Some(false)
    }
}

/// Whether two values may refer to the same config. A `pc-…` may come back as its UUID, which can't
/// be matched to it.
fn same_config(a: Option<&str>, b: Option<&str>) -> bool {
    let is_slug = |text: &str| text.starts_with("pc-");
    match (a, b) {
        (Some(a), Some(b)) => a == b || is_slug(a) != is_slug(b),
        (a, b) => a == b,
    }
}

/// Parses a list entry or a whole reply.
#[must_use]
pub fn key(reply: &Json) -> Key {
    let of = |keys: &[&str]| text(reply, keys).unwrap_or_default().to_owned();
    let inner = data(reply);
    Key {
        id: of(&["id"]),
        name: of(&["name"]),
        description: of(&["description"]),
        kind: Kind::read(&of(&["type"])),
        status: of(&["status"]),
        user: of(&["user_id"]),
        created: of(&["created_at"]),
        updated: of(&["last_updated_at"]),
        settings: Settings::read(inner),
        archived: is_archived(inner),
    }
}

/// The keys of a list that aren't archived.
#[must_use]
pub fn keys(items: &[Json]) -> Vec<Key> {
    let all = items.iter().map(key);
    all.filter(|key| !key.id.is_empty() && !key.archived)
        .collect()
}

/// A newly created or rotated key.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its UUID.
    pub id: String,
    /// The key itself; Portkey shows it only this once.
    pub key: Secret,
    /// When the previous key expires.
    pub old_until: Option<String>,
}

/// Parses the reply to a POST.
///
/// # Errors
/// A sentence about what is missing.
pub fn issued(reply: &Json) -> Result<Issued, &'static str> {
    let key = text(reply, &["key"]).ok_or("the reply contains no key")?;
    // A line break would add a line to `.env`.
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the key in the reply has characters that no key has");
    }
    Ok(Issued {
        id: text(reply, &["id"]).unwrap_or_default().to_owned(),
        key: Secret::new(key),
        old_until: text(reply, &["key_transition_expires_at"]).map(str::to_owned),
    })
}
