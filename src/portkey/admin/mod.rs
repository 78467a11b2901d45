//! Portkey's admin API: requests as data, and replies parsed leniently, because the documentation
//! contradicts itself. Nothing is sent here.

pub mod analytics;
pub mod configs;
pub mod expiry;
pub mod guardrails;
pub mod keys;
pub mod limits;
pub mod lists;
pub mod providers;
pub mod users;

use std::fmt;

use serde_json::Value as Json;

use super::refusal::{Refusal, Refused};

/// The default URL of the control plane.
pub const DEFAULT_ADMIN_URL: &str = super::DEFAULT_BASE_URL;

/// The HTTP method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; safe to repeat.
    Get,
    /// Creates; repeating it creates another one.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// Its name in HTTP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A request to the admin API.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The path segments below the base URL, not yet encoded.
    pub path: Vec<String>,
    /// The query parameters.
    pub query: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<Json>,
    /// The scopes that the key needs; one of each inner list is enough.
    pub scopes: &'static [&'static [&'static str]],
}

impl Request {
    /// A read request.
    #[must_use]
    pub fn get(path: &[&str], scopes: &'static [&'static [&'static str]]) -> Self {
        Self {
            method: Method::Get,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            body: None,
            scopes,
        }
    }

    /// A write request.
    #[must_use]
    pub fn write(
        method: Method,
        path: &[&str],
        body: Json,
        scopes: &'static [&'static [&'static str]],
    ) -> Self {
        Self {
            method,
            body: Some(body),
            ..Self::get(path, scopes)
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Sets the workspace, for an organisation's key: in the query of a read, in the body of a
    /// write.
    #[must_use]
    pub fn workspace(mut self, id: Option<&str>) -> Self {
        let Some(id) = id else {
            return self;
        };
        match &mut self.body {
            Some(body) => body["workspace_id"] = id.into(),
            None => self.query.push(("workspace_id", id.to_owned())),
        }
        self
    }

    /// Whether repeating it is safe.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.method == Method::Get
    }

    /// The scopes, formatted for people.
    #[must_use]
    pub fn scopes_text(&self) -> String {
        let one = |either: &&[&str]| either.join(" or ");
        self.scopes.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} /{}", self.method.name(), self.path.join("/"))
    }
}

/// Interprets a refusal by the admin API: without an error code, its status decides. The gateway in
/// front rejects unknown keys with its own messages.
#[must_use]
pub fn refusal(mut refusal: Refusal) -> Refusal {
    // A server without this API at all replies with just this.
    let is_foreign = match refusal.cause {
        Refused::WrongPath => refusal.message == "Not Found",
        cause => cause == Refused::WebPage,
    };
    refusal.cause = match refusal.status {
        _ if refusal.cause.stage() == super::refusal::Stage::Admin => refusal.cause,
        403 => Refused::AdminForbidden,
        _ if is_foreign => refusal.cause,
        400 | 422 => Refused::AdminInvalid,
        401 => Refused::AdminUnauthorized,
        402 => Refused::AdminPlan,
        404 => Refused::AdminNotFound,
        409 => Refused::AdminConflict,
        429 => Refused::AdminRateLimit,
        500.. => Refused::AdminFailed,
        _ => refusal.cause,
    };
    refusal.stage = refusal.cause.stage();
    refusal
}

/// Whether a refusal means that something doesn't exist; for another workspace's, a key gets 403.
#[must_use]
pub fn is_missing(refusal: &Refusal) -> bool {
    matches!(
        refusal.cause,
        Refused::AdminNotFound | Refused::AdminForbidden
    )
}

/// The payload of a reply: the object under `data` if there is one, else the reply itself. The same
/// request has returned both forms.
fn data(reply: &Json) -> &Json {
    match reply.get("data") {
        Some(data) if data.is_object() => data,
        _ => reply,
    }
}

/// A text at the top level or under `data`.
fn text<'r>(reply: &'r Json, keys: &[&str]) -> Option<&'r str> {
    let of = |json: &'r Json| keys.iter().find_map(|key| json.get(key)?.as_str());
    of(data(reply))
        .or_else(|| of(reply))
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portkey::refusal::{Reply, classify};

    fn cause(status: u16, body: &str) -> Refused {
        let reply = Reply {
            status,
            reached_target: false,
            body: body.as_bytes(),
        };
        refusal(classify(reply, None)).cause
    }

    #[test]
    fn a_refusal_without_a_code_depends_on_its_status() {
        for (status, body, wanted) in [
            (
                403,
                r#"{"success":false,"data":{"message":"no","errorCode":"AB03"}}"#,
                Refused::AdminForbidden,
            ),
            (
                403,
                r#"{"message":"Portkey Error: Forbidden!. Error Code: 033"}"#,
                Refused::AdminForbidden,
            ),
            (403, "{}", Refused::AdminForbidden),
            (
                401,
                r#"{"message":"Portkey Error: Invalid API Key. Error Code: 03"}"#,
                Refused::AdminUnauthorized,
            ),
            (
                404,
                r#"{"message":"Not Found","ok":false}"#,
                Refused::WrongPath,
            ),
            (404, "{}", Refused::AdminNotFound),
            (409, "", Refused::AdminConflict),
            (429, "", Refused::AdminRateLimit),
            (503, "", Refused::AdminFailed),
            (
                502,
                "<html><body>Bad gateway</body></html>",
                Refused::WebPage,
            ),
            (
                400,
                r#"{"error":{"message":"bad","type":"x"}}"#,
                Refused::AdminInvalid,
            ),
        ] {
            assert_eq!(cause(status, body), wanted, "{status} {body}");
        }
    }

    #[test]
    fn the_workspace_goes_into_the_query_or_body() {
        let read = Request::get(&["configs"], &[&["configs.list"]]).workspace(Some("ws-a"));
        assert_eq!(read.query, [("workspace_id", "ws-a".to_owned())]);
        let body = serde_json::json!({ "name": "a" });
        let write = Request::write(Method::Post, &["configs"], body, &[]).workspace(Some("ws-a"));
        assert_eq!(write.body.unwrap()["workspace_id"], "ws-a");
        assert_eq!(read.to_string(), "GET /configs");
        let two = Request::get(&[], &[&["a", "b"], &["c"]]);
        assert_eq!(two.scopes_text(), "a or b, c");
    }
}
