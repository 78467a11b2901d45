//! Everything that can keep requests from reaching models through Portkey, in one table with a row
//! for each cause.
//!
//! A row says where the cause can be seen (in a config, on the machine, in a reply from Portkey, in
//! a pasted text), what it means, why it happens, and how to fix it. The rules of `lint`, the
//! checks of `doctor`, error messages, `explain` and the documentation are all generated from this
//! table.
//!
//! A rule is a row with a check: a function from [`Facts`] to diagnostics. It never fetches
//! anything and reports nothing when unsure.

mod belongs;
mod connection;
mod duplicates;
mod example;
mod facts;
mod findings;
mod ignore;
mod listed;
pub(crate) mod machine;
mod misspelt;
mod policy;
mod provider;
mod recognise;
mod replies;
pub(crate) mod rules;
pub(crate) mod team;
mod texts;
mod unreadable;
mod upgraded;
mod validity;

use crate::diagnostic::{Diagnostic, Level};
use crate::portkey::listed_enum;
use crate::portkey::refusal::Refused;

pub use duplicates::Duplicate;
pub use facts::{Choice, Facts, Online, Reference, Role, UnreadInclude};
pub use findings::Findings;
pub use ignore::{Unignored, apply_ignores, nearest};
pub use listed::{Listed, listed};
pub use misspelt::{Misspelt, misspelt};
pub use provider::{Address, Header, KeyFrom, PortkeyProvider, portkey_providers};
pub use recognise::{for_status, recognise};
pub use rules::RULES;
pub use unreadable::unreadable;
pub use validity::Validity;

const API_KEYS: &str = "https://app.portkey.ai/api-keys";
const CATALOG: &str = "https://app.portkey.ai/model-catalog";
const CONFIGS: &str = "https://app.portkey.ai/configs";
const LOGS: &str = "https://app.portkey.ai";
const STATUS: &str = "https://status.portkey.ai";
pub(crate) const OPENCLAW_DOCS: &str = "https://docs.openclaw.ai/gateway/configuration";

/// What the user notices first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symptom {
    /// Requests don't show up in Portkey's dashboard, or not as expected.
    Dashboard,
    /// 401 and 403.
    Unauthorized,
    /// A model, provider or path is not found.
    NotFound,
    /// 429.
    RateLimited,
    /// A budget is used up.
    Budget,
    /// A guardrail intervened.
    Guardrail,
    /// Nothing arrived in time.
    Timeout,
    /// No connection, or a broken one.
    Network,
    /// The Portkey config or the headers are wrong.
    Config,
    /// Portkey or the provider failed.
    Server,
    /// Something OpenClaw itself says or does.
    OpenClaw,
    /// A team file or its rules.
    Team,
}

impl Symptom {
    /// Every symptom, most frequent first.
    pub const ALL: [Self; 12] = [
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
        Self::Team,
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
            Self::Team => "team",
        }
    }
}

/// The part of the setup that a cause is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// The file as a whole.
    File,
    /// `models.providers.<Portkey>`.
    Provider,
    /// The API key.
    Key,
    /// The provider's models.
    Models,
    /// Primary, fallbacks, agents, allow-lists.
    References,
    /// Gateway configs and provider slugs.
    Routing,
    /// Headers.
    Headers,
    /// What a team file requires.
    Policy,
    /// Found by a rule only with Portkey's answers.
    Online,
    /// A reply from Portkey or a provider behind it.
    Reply,
    /// No reply arrived.
    Connection,
    /// The machine: services, processes, variables, files.
    Machine,
    /// A team file.
    Team,
    /// A message from OpenClaw.
    OpenClaw,
    /// A complaint or log line that fits many causes.
    Complaint,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 13] = [
        Self::File,
        Self::Provider,
        Self::Key,
        Self::Models,
        Self::References,
        Self::Routing,
        Self::Headers,
        Self::Online,
        Self::Reply,
        Self::Connection,
        Self::Machine,
        Self::OpenClaw,
        Self::Complaint,
    ];

    /// The areas that have rules, in the order of the documentation.
    pub const OF_RULES: [Self; 9] = [
        Self::File,
        Self::Provider,
        Self::Key,
        Self::Models,
        Self::References,
        Self::Routing,
        Self::Headers,
        Self::Policy,
        Self::Online,
    ];

    /// Its name in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Provider => "provider",
            Self::Key => "key",
            Self::Models => "models",
            Self::References => "references",
            Self::Routing => "routing",
            Self::Headers => "headers",
            Self::Policy => "policy",
            Self::Online => "online",
            Self::Reply => "reply",
            Self::Connection => "connection",
            Self::Machine => "machine",
            Self::Team => "team",
            Self::OpenClaw => "openclaw",
            Self::Complaint => "complaint",
        }
    }
}

listed_enum! {
    /// Why no reply arrived from Portkey.
    pub enum Transport {
        /// The key would have been sent over the network unencrypted.
        PlainHttp,
        /// The key would have been sent to a proxy unencrypted.
        PlainProxy,
        /// The proxy variable can't be parsed.
        UnreadableProxy,
        /// The key or a header can't be sent as is.
        Unsendable,
        /// The host name is unknown.
        Dns,
        /// Nothing listens there, or it cannot be reached.
        Connect,
        /// The proxy from the environment refused or failed.
        Proxy,
        /// The certificate comes from an unknown authority.
        TlsUntrusted,
        /// The certificate has expired, or the clock is wrong.
        TlsExpired,
        /// The certificate belongs to another host.
        TlsWrongHost,
        /// The TLS handshake failed.
        TlsFailed,
        /// Nothing arrived in time.
        Timeout,
        /// The server redirects to another host.
        Redirect,
        /// The response is too large.
        TooLarge,
        /// The connection closed before the end of the response.
        Cut,
        /// The response is empty.
        Empty,
        /// The server only accepts encrypted connections.
        HttpsExpected,
        /// The response isn't one that Portkey sends.
        NotPortkey,
    }
}

/// Which of a rule's diagnostics `doctor` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDoctor {
    /// Errors and warnings.
    Problems,
    /// Notes as well, because they explain a symptom.
    WithNotes,
    /// None: a leak or untidiness that causes no symptom.
    Never,
    /// None: a check of `doctor` answers the same question with more facts.
    Elsewhere,
}

/// Whether a warning means that requests to the primary model may not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// They arrive anyway.
    None,
    /// Until the model has answered a request.
    UntilAnswered,
    /// Even then: OpenClaw may not behave like a probe.
    Always,
}

/// Finds a cause in a config.
pub type Check = fn(&Facts<'_>, &mut Findings);

/// Texts that show a cause: each is a list of lower-case words that must all occur.
pub type Words = &'static [&'static [&'static str]];

/// A cause: a row of the table.
#[derive(Debug)]
pub struct Cause {
    /// Its id in kebab-case, for people and for `ignore[…]`.
    pub id: &'static str,
    /// The part of the setup that it is about.
    pub area: Area,
    /// The default level.
    pub level: Level,
    /// The symptoms that the user sees; `doctor` groups by the first.
    pub symptoms: &'static [Symptom],
    /// What is wrong: a clause without a full stop that can precede `: details`.
    pub summary: &'static str,
    /// Why it matters, in a few sentences of Markdown.
    pub why: &'static str,
    /// How to fix it, in one or two sentences of Markdown; see [`crate::help::Help`] for commands.
    pub fix: &'static str,
    /// The page where it can be fixed; empty if there is none.
    pub link: &'static str,
    /// The HTTP statuses of replies with this cause; empty if there is no reply or any status is
    /// possible.
    pub statuses: &'static [u16],
    /// The refusal with this cause.
    pub reply: Option<Refused>,
    /// The connection failure with this cause.
    pub transport: Option<Transport>,
    /// Texts that show this cause.
    pub words: Words,
    /// The rule's check; `None` if this isn't a rule, or is found while the file is read.
    pub check: Option<Check>,
    /// Whether the rule is on by default.
    pub on: bool,
    /// Complete configs in which only this rule reports something, with «» around what it points
    /// at. Rules that need more than a config (`syntax-error`, the online ones) are tested
    /// separately.
    pub bad: &'static [&'static str],
    /// Complete configs similar to the bad ones, in which nothing is reported.
    pub good: &'static [&'static str],
    /// The team file for these examples if the rule is about a team; otherwise empty.
    pub team: &'static str,
    /// Which of the rule's diagnostics `doctor` shows.
    pub in_doctor: InDoctor,
    /// Whether a warning means that requests may not arrive.
    pub doubt: Doubt,
    /// Whether an error may keep OpenClaw from starting.
    pub stops_openclaw: bool,
}

/// Two causes are equal if they are the same row.
impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Cause {}

impl Cause {
    /// The defaults of a row.
    const BLANK: Self = Self {
        id: "",
        area: Area::File,
        level: Level::Error,
        symptoms: &[],
        summary: "",
        why: "",
        fix: "",
        link: "",
        statuses: &[],
        reply: None,
        transport: None,
        words: &[],
        check: None,
        on: true,
        bad: &[],
        good: &[],
        team: "",
        in_doctor: InDoctor::Problems,
        doubt: Doubt::None,
        stops_openclaw: false,
    };

    const fn new(id: &'static str, area: Area, symptoms: &'static [Symptom]) -> Self {
        Self {
            id,
            area,
            symptoms,
            ..Self::BLANK
        }
    }

    const fn because(mut self, summary: &'static str, why: &'static str) -> Self {
        self.summary = summary;
        self.why = why;
        self
    }

    const fn fixed_by(mut self, fix: &'static str, link: &'static str) -> Self {
        self.fix = fix;
        self.link = link;
        self
    }

    const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    const fn doubt(mut self, doubt: Doubt) -> Self {
        self.doubt = doubt;
        self
    }

    /// Whether `lint` can report it.
    #[must_use]
    pub fn is_rule(&self) -> bool {
        Area::OF_RULES.contains(&self.area)
    }

    /// Whether `lint` reports it only with a team file.
    #[must_use]
    pub fn is_policy(&self) -> bool {
        self.area == Area::Policy
    }

    /// Whether `lint` reports it only with Portkey's answers.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.area == Area::Online
    }

    /// The symptom the user notices first.
    #[must_use]
    pub fn first_symptom(&self) -> Option<Symptom> {
        self.symptoms.first().copied()
    }
}

/// Every cause, rules first.
pub fn all() -> impl Iterator<Item = &'static Cause> {
    RULES
        .iter()
        .copied()
        .chain(replies::TABLE)
        .chain(connection::TABLE)
        .chain(machine::TABLE.iter().copied())
        .chain(team::TABLE.iter().copied())
        .chain(texts::TABLE)
}

/// The rules that are on by default.
pub fn on() -> impl Iterator<Item = &'static Cause> {
    RULES.iter().copied().filter(|rule| rule.on)
}

/// The cause with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Cause> {
    all().find(|cause| cause.id == id)
}

/// The rule with this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Cause> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The cause of a refusal.
#[must_use]
pub fn for_refusal(refused: Refused) -> &'static Cause {
    // A test checks that each refusal has a row.
    all()
        .find(|cause| cause.reply == Some(refused))
        .unwrap_or(&replies::TABLE[0])
}

/// The cause of a connection failure.
#[must_use]
pub fn for_transport(transport: Transport) -> &'static Cause {
    all()
        .find(|cause| cause.transport == Some(transport))
        .unwrap_or(&connection::TABLE[0])
}

/// Runs rules over the facts. Returns the diagnostics sorted by location.
#[must_use]
pub fn run<'r>(
    facts: &Facts<'_>,
    rules: impl IntoIterator<Item = &'r &'static Cause>,
) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    for rule in rules {
        if let Some(check) = rule.check {
            findings.start(rule);
            check(facts, &mut findings);
        }
    }
    findings.keep_keys_single(facts);
    findings.drop_duplicates(&rules::OF_THE_SCHEMA, rules::OF_MISSING_KEYS);
    findings.drop_softer(rules::STRICTER);
    findings.choose_providers(facts);
    findings.sorted(facts.config)
}

#[cfg(test)]
mod tests;
