//! Errors between this machine and Portkey.

use std::fmt;
use std::time::Duration;

use crate::causes::{self, Cause, Transport};
use crate::portkey::refusal::{Refusal, Refused};

/// Why there was no answer from Portkey, or a refusal. Contains no key, user name or query.
#[derive(Debug)]
pub enum HttpError {
    /// The key would have been sent over a network unencrypted; nothing was sent.
    PlainHttp {
        /// The host.
        host: String,
    },
    /// The key would have been sent to a proxy unencrypted; nothing was sent.
    PlainProxy {
        /// The host.
        host: String,
        /// The variable with the proxy.
        variable: &'static str,
    },
    /// The proxy in a variable can't be parsed; nothing was sent.
    UnreadableProxy {
        /// The variable.
        variable: &'static str,
    },
    /// The key or a header cannot be sent; nothing was sent.
    Unsendable {
        /// `the API key` or the header's name.
        what: String,
    },
    /// No connection, or a broken one.
    Failed {
        /// The host.
        host: String,
        /// The kind of failure.
        kind: Transport,
        /// The system's message, on one line; may be empty.
        detail: String,
    },
    /// Nothing arrived in time.
    Timeout {
        /// The host.
        host: String,
        /// The timeout.
        after: Duration,
    },
    /// The server redirects to another host, or too often to itself; not followed.
    Redirect {
        /// The base URL's host.
        host: String,
        /// The scheme, host and port of the target.
        to: String,
    },
    /// The response exceeds the limit.
    TooLarge {
        /// The host.
        host: String,
    },
    /// The response isn't one that Portkey sends.
    NotJson {
        /// The host.
        host: String,
        /// Whether it is a web page.
        is_page: bool,
    },
    /// Portkey, or a provider behind it, refused the request.
    Refused(Refusal),
}

impl HttpError {
    /// The cause, which includes how to fix it.
    #[must_use]
    pub fn cause(&self) -> &'static Cause {
        match self {
            Self::PlainHttp { .. } => causes::for_transport(Transport::PlainHttp),
            Self::PlainProxy { .. } => causes::for_transport(Transport::PlainProxy),
            Self::UnreadableProxy { .. } => causes::for_transport(Transport::UnreadableProxy),
            Self::Unsendable { .. } => causes::for_transport(Transport::Unsendable),
            Self::Failed { kind, .. } => causes::for_transport(*kind),
            Self::Timeout { .. } => causes::for_transport(Transport::Timeout),
            Self::Redirect { .. } => causes::for_transport(Transport::Redirect),
            Self::TooLarge { .. } => causes::for_transport(Transport::TooLarge),
            Self::NotJson { is_page: true, .. } => causes::for_refusal(Refused::WebPage),
            Self::NotJson { is_page: false, .. } => causes::for_transport(Transport::NotPortkey),
            Self::Refused(refusal) => causes::for_refusal(refusal.cause),
        }
    }

    /// Whether Portkey couldn't be reached, regardless of what was typed: key, models and configs
    /// may be right or wrong.
    #[must_use]
    pub fn is_unreached(&self) -> bool {
        match self {
            Self::Refused(refusal) => !refusal.is_answer(),
            Self::PlainHttp { .. }
            | Self::PlainProxy { .. }
            | Self::UnreadableProxy { .. }
            | Self::Unsendable { .. } => false,
            _ => true,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.cause().summary;
        match self {
            Self::PlainHttp { host } => write!(f, "{title}: {host} is reached over plain http"),
            Self::PlainProxy { host, variable } => {
                write!(
                    f,
                    "{title}: {variable} sends what goes to {host} through a proxy"
                )
            }
            Self::UnreadableProxy { variable } => write!(f, "{title}: {variable}"),
            Self::Unsendable { what } => write!(f, "{title}: {what}"),
            Self::Failed { host, detail, .. } if detail.is_empty() => write!(f, "{title}: {host}"),
            Self::Failed { host, detail, .. } => write!(f, "{title}: {host} ({detail})"),
            Self::Timeout { host, after } => {
                write!(
                    f,
                    "{title}: {host} was silent for {} s",
                    after.as_secs_f32()
                )
            }
            Self::Redirect { host, to } => write!(f, "{title}: {host} points to {to}"),
            Self::TooLarge { host } | Self::NotJson { host, .. } => write!(f, "{title}: {host}"),
            Self::Refused(Refusal {
                status, message, ..
            }) if message.is_empty() => write!(f, "{title} ({status})"),
            Self::Refused(Refusal {
                status, message, ..
            }) => write!(f, "{title} ({status}: {message})"),
        }
    }
}

impl std::error::Error for HttpError {}
