//! From symptom to cause to cure: one table that feeds checks, error messages, explanations
//! and documentation.

mod local;
mod refused;
mod status;

use crate::portkey::listed_enum;
use crate::portkey::refusal::{Cause, cause_in};

const API_KEYS: &str = "https://app.portkey.ai/api-keys";
const CATALOG: &str = "https://app.portkey.ai/model-catalog";
const CONFIGS: &str = "https://app.portkey.ai/configs";
const LOGS: &str = "https://app.portkey.ai";
const STATUS: &str = "https://status.portkey.ai";
pub(crate) const OPENCLAW_DOCS: &str = "https://docs.openclaw.ai/gateway/configuration";

/// What a user sees first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Requests do not show in Portkey's dashboard, or not as expected.
    Dashboard,
    /// 401 and 403.
    Unauthorized,
    /// A model, provider or path is not found.
    NotFound,
    /// 429.
    RateLimited,
    /// A budget is used up.
    Budget,
    /// A guardrail stepped in.
    Guardrail,
    /// Nothing came in time.
    Timeout,
    /// No connection, or a broken one.
    Network,
    /// The Portkey config or the headers are at fault.
    Config,
    /// Portkey or the provider failed.
    Server,
    /// What OpenClaw says or does by itself.
    OpenClaw,
}

impl Group {
    /// Every group, the most asked for first.
    pub const ALL: [Self; 11] = [
        Self::Dashboard,
        Self::Unauthorized,
        Self::NotFound,
        Self::RateLimited,
        Self::Budget,
        Self::Guardrail,
        Self::Timeout,
        Self::Network,
        Self::Config,
        Self::Server,
        Self::OpenClaw,
    ];

    /// Its name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::Unauthorized => "401",
            Self::NotFound => "not-found",
            Self::RateLimited => "rate-limit",
            Self::Budget => "budget",
            Self::Guardrail => "guardrail",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Config => "config",
            Self::Server => "server",
            Self::OpenClaw => "openclaw",
        }
    }
}

listed_enum! {
    /// Why no reply of Portkey came at all.
    pub enum Transport {
        /// The key would have crossed the network unencrypted.
        PlainHttp,
        /// The key or a header cannot be sent as it is.
        Unsendable,
        /// The host name is unknown.
        Dns,
        /// Nothing listens there, or it cannot be reached.
        Connect,
        /// The proxy of the environment refused or failed.
        Proxy,
        /// The certificate comes from an unknown authority.
        TlsUntrusted,
        /// The certificate is out of date, or the clock is wrong.
        TlsExpired,
        /// The certificate belongs to another host.
        TlsWrongHost,
        /// No encrypted connection came about.
        TlsFailed,
        /// Nothing came in time.
        Timeout,
        /// The server points to another host.
        Redirect,
        /// The answer is too large.
        TooLarge,
        /// The connection ended within the answer.
        Cut,
        /// The answer is not what Portkey sends.
        NotPortkey,
    }
}

/// Where a symptom comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A reply of Portkey or of a provider behind it.
    Refused(Cause),
    /// No reply came.
    Transport(Transport),
    /// A text of OpenClaw.
    OpenClaw,
    /// What the machine is found to be like.
    Machine,
    /// A complaint or a line of a log that fits many causes; tried when nothing else fits.
    Vague,
}

/// What went wrong, why, and the cure.
#[derive(Clone, Copy, Debug)]
pub struct Symptom {
    /// A stable name, kebab-case.
    pub id: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// What the user sees first.
    pub group: Group,
    /// One clause without a full stop, fit to stand before `: details`.
    pub title: &'static str,
    /// One or two sentences.
    pub why: &'static str,
    /// What to type or click.
    pub fix: &'static str,
    /// The page where it is done; empty where none helps.
    pub link: &'static str,
    /// Texts that tell it, each a list of lower-case words that must all occur.
    words: &'static [&'static [&'static str]],
}

impl Symptom {
    const fn new(
        id: &'static str,
        source: Source,
        group: Group,
        words: &'static [&'static [&'static str]],
    ) -> Self {
        Self {
            id,
            source,
            group,
            title: "",
            why: "",
            fix: "",
            link: "",
            words,
        }
    }

    const fn because(mut self, title: &'static str, why: &'static str) -> Self {
        self.title = title;
        self.why = why;
        self
    }

    const fn cure(mut self, fix: &'static str, link: &'static str) -> Self {
        self.fix = fix;
        self.link = link;
        self
    }

    fn is_told_by(&self, lower: &str) -> bool {
        self.words
            .iter()
            .any(|words| words.iter().all(|word| lower.contains(word)))
    }
}

/// Every symptom.
pub fn all() -> impl Iterator<Item = &'static Symptom> {
    refused::TABLE.iter().chain(local::TABLE)
}

/// The symptoms that come with an HTTP status: of the gateway, of Portkey's admin API, or of a
/// provider.
pub fn for_status(status: u16) -> impl Iterator<Item = &'static Symptom> {
    all().filter(move |symptom| symptom.statuses().contains(&status))
}

/// The symptom of this name.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Symptom> {
    all().find(|symptom| symptom.id == id)
}

/// The symptom of a refusal.
#[must_use]
pub fn for_cause(cause: Cause) -> &'static Symptom {
    by_source(Source::Refused(cause))
}

/// The symptom of a failed transport.
#[must_use]
pub fn for_transport(transport: Transport) -> &'static Symptom {
    by_source(Source::Transport(transport))
}

fn by_source(source: Source) -> &'static Symptom {
    // A test shows that every cause has its row.
    all()
        .find(|symptom| symptom.source == source)
        .unwrap_or(&refused::TABLE[0])
}

/// The symptom that a pasted text tells of: an error reply, a line of OpenClaw's log, a
/// complaint in a few words. The most telling text counts: OpenClaw's own, then Portkey's,
/// then that of the network, then what fits many causes.
#[must_use]
pub fn recognise(text: &str) -> Option<&'static Symptom> {
    let lower = text.to_lowercase();
    let told = |wanted: fn(Source) -> bool| {
        all().find(|symptom| wanted(symptom.source) && symptom.is_told_by(&lower))
    };
    told(|source| source == Source::OpenClaw)
        .or_else(|| cause_in(text).map(for_cause))
        .or_else(|| told(|source| matches!(source, Source::Transport(_))))
        .or_else(|| told(|source| source == Source::Vague))
}

#[cfg(test)]
mod tests;
