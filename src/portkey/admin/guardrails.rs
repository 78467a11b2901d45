//! Guardrails: checks on requests or responses, which gateway configs refer to as `pg-…`.

use serde_json::{Value as Json, json};

use super::lists::is_archived;
use super::{Method, Request, text};

/// A guardrail as Portkey lists it. Unknown fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guardrail {
    /// `pg-…`
    pub slug: String,
    /// Its UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `active` and the like.
    pub status: String,
    /// When it was last updated.
    pub updated: String,
}

/// What to do with the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// Whether a failed check denies the request.
    pub denies: bool,
    /// Whether the check runs in parallel with the request, and so can't stop it.
    pub is_async: bool,
}

/// `GET /guardrails`
#[must_use]
pub fn list(workspace: Option<&str>) -> Request {
    Request::get(&["guardrails"], &[&["guardrails.list"]]).workspace(workspace)
}

/// `GET /guardrails/{id}`
#[must_use]
pub fn get(slug: &str) -> Request {
    Request::get(&["guardrails", slug], &[&["guardrails.read"]])
}

/// `POST /guardrails` with one check.
#[must_use]
pub fn create(
    name: &str,
    check: &str,
    parameters: &Json,
    actions: Actions,
    workspace: Option<&str>,
) -> Request {
    // The documented defaults, which the API requires explicitly.
    let feedback =
        |value: i32| json!({ "feedback": { "value": value, "weight": 1, "metadata": "" } });
    let body = json!({
        "name": name,
        "checks": [{ "id": check, "parameters": parameters }],
        "actions": {
            "deny": actions.denies,
            "async": actions.is_async,
            "on_success": feedback(5),
            "on_fail": feedback(-5),
        },
    });
    let path = ["guardrails"];
    Request::write(Method::Post, &path, body, &[&["guardrails.create"]]).workspace(workspace)
}

/// Parses a list entry or a whole reply.
#[must_use]
pub fn guardrail(reply: &Json) -> Guardrail {
    let of = |keys: &[&str]| text(reply, keys).unwrap_or_default().to_owned();
    Guardrail {
        slug: of(&["slug"]),
        id: of(&["id"]),
        name: of(&["name"]),
        status: of(&["status"]),
        updated: of(&["last_updated_at", "created_at"]),
    }
}

/// The guardrails of a list that aren't archived.
#[must_use]
pub fn guardrails(items: &[Json]) -> Vec<Guardrail> {
    let active = items.iter().filter(|item| !is_archived(item));
    active
        .map(guardrail)
        .filter(|one| !one.slug.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guardrails_actions() {
        let parameters = json!({ "redact": true });
        let actions = Actions {
            denies: true,
            is_async: false,
        };
        let body = create("pii", "portkey.pii", &parameters, actions, Some("ws-a"))
            .body
            .unwrap();
        assert_eq!(
            body["checks"],
            json!([{ "id": "portkey.pii", "parameters": { "redact": true } }])
        );
        assert_eq!(body["actions"]["deny"], true);
        assert_eq!(body["actions"]["on_fail"]["feedback"]["value"], -5);
        assert_eq!(body["workspace_id"], "ws-a");
        let items = [
            json!({ "id": "u", "slug": "pg-a", "name": "a", "status": "active" }),
            json!({ "id": "v", "slug": "pg-b", "status": "archived" }),
            json!({ "id": "w" }),
        ];
        let found = guardrails(&items);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].slug, "pg-a");
    }
}
