//! Providers (`@slug`), and the integrations that hold the vendors' keys.

use serde_json::{Value as Json, json};

use super::limits::Limits;
use super::lists::is_archived;
use super::{Method, Request, data, text};
use crate::secret::Secret;

/// A provider as Portkey lists it. Unknown fields are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provider {
    /// The part of a model id after `@`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The integration that it uses.
    pub integration: String,
    /// `active`, `exhausted` or `expired`.
    pub status: String,
    /// When it was created.
    pub created: String,
    /// When it expires.
    pub expires: String,
    /// Its limits.
    pub limits: Limits,
    /// Whether it is archived.
    pub archived: bool,
}

/// An integration to create, with a provider that uses it.
#[derive(Clone, Debug)]
pub struct NewIntegration {
    /// The part of a model id after `@`.
    pub slug: String,
    /// `google`, `openai` and the like.
    pub vendor: String,
    /// The vendor's key.
    pub key: Option<Secret>,
    /// The host, if it isn't the vendor's own.
    pub host: Option<String>,
}

const READ: &[&[&str]] = &[&["providers.read", "virtual_keys.read"]];
const UPDATE: &[&[&str]] = &[&["providers.update", "virtual_keys.update"]];
const INTEGRATIONS_CREATE: &[&[&str]] = &[&[
    "workspace_integrations.create",
    "organisation_integrations.create",
]];

/// `GET /providers`
#[must_use]
pub fn list(workspace: Option<&str>) -> Request {
    Request::get(&["providers"], &[&["providers.list", "virtual_keys.list"]]).workspace(workspace)
}

/// `GET /providers/{slug}`
#[must_use]
pub fn get(slug: &str, workspace: Option<&str>) -> Request {
    Request::get(&["providers", slug], READ).workspace(workspace)
}

/// `PUT /providers/{slug}` with the limits that change; `None` if none do.
#[must_use]
pub fn update(provider: &Provider, wanted: &Limits, workspace: Option<&str>) -> Option<Request> {
    let body = wanted.fields(Some(&provider.limits));
    if body.is_empty() {
        return None;
    }
    let path = ["providers", &provider.slug];
    let mut request = Request::write(Method::Put, &path, Json::Object(body), UPDATE);
    // For a provider, the workspace goes into the query, whatever the method.
    if let Some(id) = workspace {
        request = request.with("workspace_id", id);
    }
    Some(request)
}

/// `POST /integrations`, which also creates a provider with the same slug.
#[must_use]
pub fn create(new: &NewIntegration, workspace: Option<&str>) -> Request {
    let mut body = json!({
        "name": new.slug,
        "slug": new.slug,
        "ai_provider_id": new.vendor,
        "create_default_provider": true,
        "default_provider_slug": new.slug,
    });
    if let Some(key) = &new.key {
        body["key"] = key.expose().into();
    }
    if let Some(host) = &new.host {
        body["configurations"] = json!({ "custom_host": host });
    }
    let path = ["integrations"];
    Request::write(Method::Post, &path, body, INTEGRATIONS_CREATE).workspace(workspace)
}

/// Parses a list entry or a whole reply.
#[must_use]
pub fn provider(reply: &Json) -> Provider {
    let of = |keys: &[&str]| text(reply, keys).unwrap_or_default().to_owned();
    let inner = data(reply);
    Provider {
        slug: of(&["slug"]),
        name: of(&["name"]),
        integration: of(&["integration_id"]),
        status: of(&["status"]),
        created: of(&["created_at"]),
        expires: of(&["expires_at"]),
        limits: Limits::read(inner),
        archived: is_archived(inner),
    }
}

/// The providers of a list that are not archived.
#[must_use]
pub fn providers(items: &[Json]) -> Vec<Provider> {
    let all = items.iter().map(provider);
    all.filter(|one| !one.slug.is_empty() && !one.archived)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portkey::admin::limits::Budget;

    #[test]
    fn an_integration_creates_its_provider() {
        let new = NewIntegration {
            slug: "gemini".to_owned(),
            vendor: "google".to_owned(),
            key: Some(Secret::new("AIza-canary")),
            host: None,
        };
        let request = create(&new, Some("ws-a"));
        assert_eq!(
            request.body.unwrap(),
            json!({
                "name": "gemini", "slug": "gemini", "ai_provider_id": "google",
                "create_default_provider": true, "default_provider_slug": "gemini",
                "key": "AIza-canary", "workspace_id": "ws-a",
            })
        );
        let local = NewIntegration {
            key: None,
            host: Some("http://10.0.0.1/v1".to_owned()),
            ..new
        };
        let body = create(&local, None).body.unwrap();
        assert_eq!(body["configurations"]["custom_host"], "http://10.0.0.1/v1");
        assert!(body.get("key").is_none());
    }

    #[test]
    fn only_changed_limits_are_sent() {
        let json = json!({
            "slug": "gemini", "status": "active",
            "usage_limits": { "credit_limit": 10.0, "type": "cost", "periodic_reset": "monthly" },
            "rate_limits": [{ "type": "requests", "unit": "rpm", "value": 100 }],
        });
        let provider = provider(&json);
        assert_eq!(update(&provider, &provider.limits, None), None);
        let mut wanted = provider.limits.clone();
        wanted.budget = Some(Budget::parse("500 usd/month").unwrap());
        let request = update(&provider, &wanted, Some("ws-a")).unwrap();
        assert_eq!(request.to_string(), "PUT /providers/gemini");
        assert_eq!(request.query, [("workspace_id", "ws-a".to_owned())]);
        assert_eq!(
            request.body.unwrap(),
            json!({ "usage_limits": {
                "type": "cost", "credit_limit": 500, "periodic_reset": "monthly",
                "periodic_reset_days": null,
            } })
        );
        let none = update(&provider, &Limits::default(), None).unwrap();
        assert_eq!(
            none.body.unwrap(),
            json!({ "usage_limits": null, "rate_limits": null })
        );
        let items = [
            json!({ "slug": "a", "status": "archived" }),
            json,
            json!({}),
        ];
        assert_eq!(providers(&items).len(), 1);
    }
}
