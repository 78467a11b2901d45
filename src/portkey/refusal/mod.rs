//! Classifies Portkey's error replies: who refused, and why.

mod texts;

use serde_json::Value;

use super::printable;
use crate::mask::mask_known;
use crate::secret::Secret;

pub use texts::{begun_in, cause_in};

/// The maximum length of a server message, in characters.
const MESSAGE_LIMIT: usize = 300;

/// How far a request got before it was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The gateway checked the key; not shown in the dashboard.
    Auth,
    /// The gateway looked up a config, provider or path; not shown in the dashboard.
    Config,
    /// Portkey stopped it at a target; shown in the dashboard.
    Target,
    /// The provider refused it; shown in the dashboard.
    Provider,
    /// Portkey's admin API.
    Admin,
    /// Unknown; the reply may not be from Portkey.
    Unknown,
}

listed_enum! {
    /// Why a request was refused.
    pub enum Refused {
        /// The key is missing, wrong or expired, or belongs to another Portkey.
        InvalidKey,
        /// The key has expired.
        KeyExpired,
        /// The key lacks a scope.
        MissingScope,
        /// The key's budget is used up.
        KeyBudget,
        /// The key's rate limit is reached.
        KeyRateLimit,
        /// The workspace's budget is used up.
        WorkspaceBudget,
        /// The workspace has expired.
        WorkspaceExpired,
        /// The workspace's rate limit is reached.
        WorkspaceRateLimit,
        /// A usage policy's budget is used up.
        PolicyBudget,
        /// A rate policy's limit is reached.
        PolicyRateLimit,
        /// The config id is not in the key's workspace.
        UnknownConfig,
        /// `x-portkey-config` is neither an id nor JSON.
        ConfigNotJson,
        /// The inline config in the header is invalid.
        InvalidConfig,
        /// The provider slug does not exist.
        UnknownSlug,
        /// No slug, no config and no provider.
        NoProvider,
        /// The same, from the open-source gateway, which has no slugs.
        OpenSourceGateway,
        /// `x-portkey-provider` is not a known name.
        InvalidProvider,
        /// The key pins its config.
        ConfigPinned,
        /// Only saved configs are allowed.
        InlineBlocked,
        /// A conditional config matched no target.
        NoTargetMatched,
        /// The path does not exist: the base URL lacks `/v1`.
        WrongPath,
        /// The model isn't on the integration's list.
        ModelNotAllowed,
        /// The provider's budget in Portkey is used up.
        ProviderBudget,
        /// The provider's entry in Portkey has expired.
        ProviderExpired,
        /// The provider's rate limit in Portkey is reached.
        ProviderRateLimit,
        /// The config's timeout expired.
        RequestTimeout,
        /// A guardrail denied the request or the response.
        GuardrailDenied,
        /// A guardrail warned; the response was still returned.
        GuardrailWarned,
        /// Portkey could not reach the provider.
        UpstreamUnreachable,
        /// The provider rejected its own key.
        UpstreamUnauthorized,
        /// The provider's account isn't allowed to do this.
        UpstreamForbidden,
        /// The provider doesn't have the model.
        ModelNotFound,
        /// The provider's own rate limit or quota.
        UpstreamRateLimit,
        /// The provider rejected the request's contents.
        UpstreamRejected,
        /// The provider failed.
        UpstreamFailed,
        /// The headers exceed the gateway's limit.
        HeadersTooLarge,
        /// The gateway itself failed or is overloaded.
        GatewayFailed,
        /// A web page instead of JSON: not an API.
        WebPage,
        /// Admin API: invalid request.
        AdminInvalid,
        /// Admin API: not found.
        AdminNotFound,
        /// Admin API: not permitted, or not in this workspace.
        AdminForbidden,
        /// Admin API: it failed.
        AdminFailed,
        /// Admin API: the key was rejected.
        AdminUnauthorized,
        /// Admin API: too many requests.
        AdminRateLimit,
        /// Admin API: it already exists.
        AdminConflict,
        /// Admin API: not included in the plan.
        AdminPlan,
        /// None of the known ones.
        Unknown,
    }
}

impl Refused {
    /// Whether it is about the key as a whole: every request with it gets this reply.
    #[must_use]
    pub fn rejects_key(self) -> bool {
        matches!(
            self,
            Self::InvalidKey
                | Self::KeyExpired
                | Self::KeyBudget
                | Self::WorkspaceBudget
                | Self::WorkspaceExpired
        )
    }

    /// How far a request with this cause gets.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::InvalidKey
            | Self::KeyExpired
            | Self::MissingScope
            | Self::KeyBudget
            | Self::KeyRateLimit
            | Self::WorkspaceBudget
            | Self::WorkspaceExpired
            | Self::WorkspaceRateLimit
            | Self::PolicyBudget
            | Self::PolicyRateLimit => Stage::Auth,
            Self::UnknownConfig
            | Self::ConfigNotJson
            | Self::InvalidConfig
            | Self::UnknownSlug
            | Self::NoProvider
            | Self::OpenSourceGateway
            | Self::InvalidProvider
            | Self::ConfigPinned
            | Self::InlineBlocked
            | Self::NoTargetMatched
            | Self::WrongPath
            | Self::HeadersTooLarge => Stage::Config,
            Self::ModelNotAllowed
            | Self::ProviderBudget
            | Self::ProviderExpired
            | Self::ProviderRateLimit
            | Self::RequestTimeout
            | Self::GuardrailDenied
            | Self::GuardrailWarned
            | Self::UpstreamUnreachable => Stage::Target,
            Self::UpstreamUnauthorized
            | Self::UpstreamForbidden
            | Self::ModelNotFound
            | Self::UpstreamRateLimit
            | Self::UpstreamRejected
            | Self::UpstreamFailed => Stage::Provider,
            Self::AdminInvalid
            | Self::AdminNotFound
            | Self::AdminForbidden
            | Self::AdminFailed
            | Self::AdminUnauthorized
            | Self::AdminRateLimit
            | Self::AdminConflict
            | Self::AdminPlan => Stage::Admin,
            Self::GatewayFailed | Self::WebPage | Self::Unknown => Stage::Unknown,
        }
    }
}

/// An error reply as received.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Whether it has `x-portkey-last-used-option-index` or `x-portkey-provider`: then the request
    /// reached a target and is shown in the dashboard.
    pub reached_target: bool,
    /// The body, or its start.
    pub body: &'a [u8],
}

/// A classified error reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// How far the request got.
    pub stage: Stage,
    /// Why it was refused.
    pub cause: Refused,
    /// The HTTP status.
    pub status: u16,
    /// Whether the dashboard shows the request.
    pub logged: bool,
    /// The server's message on one printable line, at most 300 characters, without the key; may be
    /// empty.
    pub message: String,
}

impl Refusal {
    /// Whether repeating the request a little later may succeed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.status == 429 || self.status >= 500
    }

    /// Whether Portkey sent this, and not something in between.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        !matches!(
            self.cause,
            Refused::GatewayFailed | Refused::AdminFailed | Refused::WebPage | Refused::Unknown
        )
    }
}

/// The relevant parts of a body.
#[derive(Default)]
struct Body {
    message: String,
    kind: String,
    code: String,
    /// `AB0x` of the admin API.
    admin_code: String,
    shape: Shape,
}

/// What the format of a body implies.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Shape {
    /// Nothing.
    #[default]
    Plain,
    /// A web page.
    Page,
    /// `html-message`: the gateway could not reach the provider.
    Unreachable,
    /// `ok: false`: the path doesn't exist.
    WrongPath,
    /// The open-source gateway's, which names the provider that refused.
    FromProvider,
}

/// Classifies an error reply. `key` is removed from the message if the server repeats it.
#[must_use]
pub fn classify(reply: Reply<'_>, key: Option<&Secret>) -> Refusal {
    let body = Body::read(reply.body);
    let reached_target = reply.reached_target || body.shape == Shape::FromProvider;
    let cause = cause_of(reply.status, reached_target, &body);
    let stage = match cause.stage() {
        Stage::Auth if reached_target => Stage::Target,
        Stage::Unknown if reached_target => Stage::Provider,
        stage => stage,
    };
    Refusal {
        stage,
        cause,
        status: reply.status,
        logged: reached_target,
        message: shown(&body.message, key),
    }
}

fn cause_of(status: u16, reached_target: bool, body: &Body) -> Refused {
    if let Some(cause) = texts::by_admin_code(&body.admin_code) {
        return cause;
    }
    if let Some(cause) = texts::by_type(&body.kind) {
        return cause;
    }
    // Without a target, the code comes from another server, such as a provider.
    if let Some(cause) = texts::by_code(&body.code)
        && (reached_target || cause.stage() != Stage::Provider)
    {
        return cause;
    }
    if body.shape == Shape::Unreachable {
        return Refused::UpstreamUnreachable;
    }
    if body.shape == Shape::WrongPath && !reached_target {
        return Refused::WrongPath;
    }
    // A provider's message says nothing about Portkey's own checks.
    if !reached_target && let Some(cause) = texts::by_message(&body.message) {
        return cause;
    }
    if body.shape == Shape::Page && !reached_target {
        return Refused::WebPage;
    }
    by_status(status, reached_target)
}

fn by_status(status: u16, reached_target: bool) -> Refused {
    match (status, reached_target) {
        (246, _) => Refused::GuardrailWarned,
        (446, _) => Refused::GuardrailDenied,
        (431, _) => Refused::HeadersTooLarge,
        (408, true) => Refused::RequestTimeout,
        (401, true) => Refused::UpstreamUnauthorized,
        (402 | 429, true) => Refused::UpstreamRateLimit,
        (403, true) => Refused::UpstreamForbidden,
        (404, true) => Refused::ModelNotFound,
        (400..500, true) => Refused::UpstreamRejected,
        (500.., true) => Refused::UpstreamFailed,
        (401, false) => Refused::InvalidKey,
        (404, false) => Refused::WrongPath,
        (429, false) => Refused::KeyRateLimit,
        (500.., false) => Refused::GatewayFailed,
        _ => Refused::Unknown,
    }
}

impl Body {
    fn read(bytes: &[u8]) -> Self {
        let Ok(json) = serde_json::from_slice::<Value>(bytes) else {
            let text = String::from_utf8_lossy(bytes);
            return if texts::is_page(&text) {
                Self {
                    shape: Shape::Page,
                    ..Self::default()
                }
            } else {
                Self {
                    message: text.into_owned(),
                    ..Self::default()
                }
            };
        };
        let text = |path: &str| match json.pointer(path) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let first = |paths: &[&str]| paths.iter().find_map(|path| text(path)).unwrap_or_default();
        Self {
            message: first(&[
                "/error/message",
                "/data/message",
                "/message",
                "/error",
                "/html-message",
                "/detail",
            ]),
            kind: first(&["/error/type", "/type"]),
            code: first(&["/error/code"]),
            admin_code: first(&["/data/errorCode", "/data/error_code", "/errorCode"]),
            shape: Shape::of(&json),
        }
    }
}

impl Shape {
    fn of(json: &Value) -> Self {
        if json.get("html-message").is_some() {
            Self::Unreachable
        } else if json.get("ok") == Some(&Value::Bool(false)) {
            Self::WrongPath
        } else if json.get("error").is_some() && json.get("provider").is_some_and(Value::is_string)
        {
            Self::FromProvider
        } else {
            Self::Plain
        }
    }
}

/// A server's text, safe to print. Make it printable before removing the key, so that neither
/// control characters nor truncation can hide a part of it.
fn shown(text: &str, key: Option<&Secret>) -> String {
    let line = printable(text, usize::MAX);
    let line = mask_known(&line, key.map(std::slice::from_ref).unwrap_or_default());
    printable(&line, MESSAGE_LIMIT)
}

#[cfg(test)]
mod tests;
