//! Portkey's admin API: requests as data, and replies read leniently, since the sources that
//! describe them disagree. Nothing is sent here.

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

/// Where the control plane listens.
pub const DEFAULT_ADMIN_URL: &str = super::DEFAULT_BASE_URL;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; may be sent again.
    Get,
    /// Creates; sent twice, it creates two.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The name on the wire.
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
    /// What it does.
    pub method: Method,
    /// The segments of its path below the base URL, not yet encoded.
    pub path: Vec<String>,
    /// Its query.
    pub query: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Option<Json>,
    /// The scopes that the key needs; any one of an inner list will do.
    pub scopes: &'static [&'static [&'static str]],
}

impl Request {
    /// A request that reads.
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

    /// A request that writes.
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

    /// With one more pair in its query.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Of an organisation's key: the workspace that is meant, in the query of what reads and in the
    /// body of what writes.
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

    /// Whether it may be sent a second time without harm.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.method == Method::Get
    }

    /// The scopes as a person reads them.
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

/// A refusal as the admin API means it: without a code of its own, its status decides. A key that
/// the gateway in front does not know is refused in the gateway's words.
#[must_use]
pub fn refusal(mut refusal: Refusal) -> Refusal {
    // What knows no such path at all says no more than this.
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

/// Whether a refusal says that what was asked for is not there; a key of another workspace gets 403.
#[must_use]
pub fn is_missing(refusal: &Refusal) -> bool {
    matches!(
        refusal.cause,
        Refused::AdminNotFound | Refused::AdminForbidden
    )
}

/// The part of a reply that counts: what is under `data`, where that is an object; else the reply
/// itself. Both forms were seen of the same request.
fn data(reply: &Json) -> &Json {
    match reply.get("data") {
        Some(data) if data.is_object() => data,
        _ => reply,
    }
}

/// A text at the top or under `data`.
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
    fn a_refusal_without_a_code_is_judged_by_its_status() {
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
    fn a_workspace_goes_where_the_request_has_room() {
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
