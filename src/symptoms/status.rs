//! Which HTTP statuses a symptom comes with.

use crate::portkey::refusal::Cause;

use super::{Source, Symptom};

impl Symptom {
    /// The HTTP statuses of the replies that mean it; empty where no reply came, and where any
    /// status may stand for it.
    #[must_use]
    pub fn statuses(&self) -> &'static [u16] {
        match self.source {
            Source::Refused(cause) => of_cause(cause),
            Source::Transport(_) | Source::OpenClaw | Source::Machine | Source::Vague => &[],
        }
    }
}

fn of_cause(cause: Cause) -> &'static [u16] {
    match cause {
        Cause::GuardrailWarned => &[246],
        Cause::ConfigNotJson
        | Cause::ConfigPinned
        | Cause::InlineBlocked
        | Cause::InvalidConfig
        | Cause::InvalidProvider
        | Cause::NoProvider
        | Cause::NoTargetMatched
        | Cause::UnknownConfig
        | Cause::UnknownSlug
        | Cause::UpstreamRejected
        | Cause::AdminInvalid => &[400],
        Cause::InvalidKey
        | Cause::KeyExpired
        | Cause::ProviderExpired
        | Cause::WorkspaceExpired
        | Cause::UpstreamUnauthorized
        | Cause::AdminUnauthorized => &[401],
        Cause::AdminPlan => &[402],
        Cause::MissingScope | Cause::UpstreamForbidden | Cause::AdminForbidden => &[403],
        Cause::ModelNotFound | Cause::WrongPath | Cause::AdminNotFound => &[404],
        Cause::RequestTimeout => &[408],
        Cause::AdminConflict => &[409],
        Cause::KeyBudget
        | Cause::ModelNotAllowed
        | Cause::PolicyBudget
        | Cause::ProviderBudget
        | Cause::WorkspaceBudget => &[412],
        Cause::UpstreamRateLimit => &[402, 429],
        Cause::KeyRateLimit
        | Cause::PolicyRateLimit
        | Cause::ProviderRateLimit
        | Cause::WorkspaceRateLimit
        | Cause::AdminRateLimit => &[429],
        Cause::HeadersTooLarge => &[431],
        Cause::GuardrailDenied => &[446],
        Cause::UpstreamUnreachable | Cause::AdminFailed => &[500],
        Cause::GatewayFailed | Cause::UpstreamFailed => &[500, 502, 503, 504],
        Cause::WebPage => &[200, 502, 503],
        Cause::Unknown => &[],
    }
}
