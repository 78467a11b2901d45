//! The members of an organisation.

use serde_json::Value as Json;

use super::{Request, text};

/// A member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The UUID.
    pub id: String,
    /// The email address.
    pub email: String,
}

/// `GET /admin/users` with an email address. This endpoint has different paging parameters from the
/// rest of the API, so the address limits it to one page.
#[must_use]
pub fn by_email(email: &str) -> Request {
    Request::get(&["admin", "users"], &[&["organisation_users.list"]]).with("email", email)
}

/// `GET /admin/workspaces/{id}/users` with an email address.
#[must_use]
pub fn in_workspace(workspace: &str, email: &str) -> Request {
    let path = ["admin", "workspaces", workspace, "users"];
    Request::get(&path, &[&["workspace_users.list"]]).with("email", email)
}

/// The user with an email address, from a list.
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
    fn finds_a_user_by_email() {
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
