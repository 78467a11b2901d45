//! What can go wrong between here and Portkey.

use std::fmt;
use std::time::Duration;

use crate::causes::{self, Cause, Transport};
use crate::portkey::refusal::{Refusal, Refused};

/// Why Portkey gave no answer, or said no. Holds no key, no user name and no query.
#[derive(Debug)]
pub enum HttpError {
    /// The key would have crossed a network unencrypted; nothing was sent.
    PlainHttp {
        /// The host.
        host: String,
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
        /// What kind of failure.
        kind: Transport,
        /// What the system says, on one line; may be empty.
        detail: String,
    },
    /// Nothing came in time.
    Timeout {
        /// The host.
        host: String,
        /// The limit.
        after: Duration,
    },
    /// The server points to another host, or too often to itself; not followed.
    Redirect {
        /// The base URL's host.
        host: String,
        /// Scheme, host and port it points to.
        to: String,
    },
    /// More than the limit.
    TooLarge {
        /// The host.
        host: String,
    },
    /// The answer is not what Portkey sends.
    NotJson {
        /// The host.
        host: String,
        /// Whether it is a web page.
        is_page: bool,
    },
    /// Portkey, or a provider behind it, said no.
    Refused(Refusal),
}

impl HttpError {
    /// What it comes down to, and how to fix it.
    #[must_use]
    pub fn cause(&self) -> &'static Cause {
        match self {
            Self::PlainHttp { .. } => causes::for_transport(Transport::PlainHttp),
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

    /// Whether Portkey could not be asked, through no fault of what was typed: key, models and
    /// configs may be right or wrong.
    #[must_use]
    pub fn is_unreached(&self) -> bool {
        match self {
            Self::Refused(refusal) => !refusal.is_answer(),
            Self::PlainHttp { .. } | Self::Unsendable { .. } => false,
            _ => true,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.cause().summary;
        match self {
            Self::PlainHttp { host } => write!(f, "{title}: {host} is reached over plain http"),
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
