//! The people of an organisation.

use serde_json::Value as Json;

use super::{Request, text};

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The UUID.
    pub id: String,
    /// The address.
    pub email: String,
}

/// `GET /admin/users`: those of an address. It counts its pages with other names than the rest of
/// the API, so the address keeps it to one.
#[must_use]
pub fn by_email(email: &str) -> Request {
    Request::get(&["admin", "users"], &[&["organisation_users.list"]]).with("email", email)
}

/// `GET /admin/workspaces/{id}/users`: those of a workspace with an address.
#[must_use]
pub fn in_workspace(workspace: &str, email: &str) -> Request {
    let path = ["admin", "workspaces", workspace, "users"];
    Request::get(&path, &[&["workspace_users.list"]]).with("email", email)
}

/// The user of an address in a list.
#[must_use]
pub fn find(items: &[Json], email: &str) -> Option<User> {
    let mut all = items.iter().map(|item| User {
        id: text(item, &["id"]).unwrap_or_default().to_owned(),
        email: text(item, &["email"]).unwrap_or_default().to_owned(),
    });
    let is_one = |user: &User| user.email.eq_ignore_ascii_case(email) && !user.id.is_empty();
    all.find(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_user_is_found_by_the_address() {
        let items = [
            json!({ "id": "a", "email": "Alice@Example.com" }),
            json!({ "id": "b", "email": "alice@example.com.au" }),
            json!({ "email": "carol@example.com" }),
        ];
        let found = |email| find(&items, email).map(|user| user.id);
        assert_eq!(found("alice@example.com").as_deref(), Some("a"));
        assert_eq!(found("carol@example.com"), None);
        assert_eq!(found("dan@example.com"), None);
        let request = by_email("alice@example.com");
        assert_eq!(request.query, [("email", "alice@example.com".to_owned())]);
    }
}
