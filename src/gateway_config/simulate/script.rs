//! The targets' responses.

use std::time::Duration;

use crate::gateway_config::read::{GatewayConfig, TargetId, split_slug};

/// The maximum length of a list of responses.
const MAX_ANSWERS: usize = 1000;

/// The connect timeout, in milliseconds.
const CONNECT_MS: u64 = 10_000;

/// One response from a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its kind.
    pub kind: Kind,
    /// Milliseconds until it starts.
    pub delay: u64,
    /// Milliseconds from its start to its end.
    pub pause: u64,
    /// Whether it breaks off after starting.
    pub is_cut: bool,
    /// `retry-after-ms`, `x-ms-retry-after-ms`, `retry-after`.
    pub retry_after: [Option<String>; 3],
    /// The text of the message.
    pub text: Option<String>,
}

/// The kind of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A status.
    Status(u16),
    /// The connection breaks or is refused.
    Closed,
    /// The connection is never established.
    Unreachable,
    /// Nothing ever arrives.
    Silence,
}

impl Default for Answer {
    fn default() -> Self {
        Self::of(Kind::Status(200))
    }
}

impl Answer {
    /// An immediate response.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            delay: if kind == Kind::Unreachable {
                CONNECT_MS
            } else {
                0
            },
            pause: 0,
            is_cut: false,
            retry_after: [None, None, None],
            text: None,
        }
    }

    /// An immediate response with this status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::of(Kind::Status(status))
    }
}

/// Which targets a list of responses is for, from least to most specific; the most specific wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// All targets.
    Anyone,
    /// The target that is called first.
    First,
    /// A provider, by its slug or vendor.
    Provider(String),
    /// A model of a provider.
    Model(String, String),
    /// A single target.
    Target(TargetId),
}

/// The responses of all targets. Targets that match the same list share it; its last response
/// repeats. Targets without a list answer 200.
#[derive(Clone, Debug, Default)]
pub struct Script {
    rules: Vec<(Who, Vec<Answer>)>,
    /// Workspace guardrails whose checks fail.
    failing: Vec<String>,
    /// Whether a provider without a list answers 404 to a model it can't have.
    knows_models: bool,
}

impl Script {
    /// Every target answers 200.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list of responses.
    #[must_use]
    pub fn with(mut self, who: Who, answers: Vec<Answer>) -> Self {
        self.rules.push((who, answers));
        self
    }

    /// Adds a guardrail whose checks fail.
    #[must_use]
    pub fn failing(mut self, guardrail: impl Into<String>) -> Self {
        self.failing.push(guardrail.into());
        self
    }

    /// Makes providers without a list answer 404 to models they can't have: those with an `@slug`,
    /// `portkey-dynamic`, and those requested from another provider.
    #[must_use]
    pub fn with_known_models(mut self) -> Self {
        self.knows_models = true;
        self
    }

    /// Whether providers know their models.
    pub(super) fn knows_models(&self) -> bool {
        self.knows_models
    }

    /// Whether a guardrail's checks fail.
    #[must_use]
    pub fn fails(&self, guardrail: &str) -> bool {
        self.failing.iter().any(|failing| failing == guardrail)
    }

    /// Parses and adds `WHO=ANSWERS`, such as `@openai/gpt-5=429*3,200`.
    ///
    /// # Errors
    /// A sentence about the invalid part.
    pub fn add(self, text: &str, config: &GatewayConfig) -> Result<Self, String> {
        let Some((who, answers)) = text.split_once('=') else {
            return Err(format!(
                "`{text}` has no `=`; write it as @provider/model=429*3,200"
            ));
        };
        let who = who.trim();
        if who.starts_with("pg-") {
            return match answers.trim() {
                "fail" => Ok(self.failing(who)),
                "pass" => Ok(self),
                other => Err(format!("a guardrail can `pass` or `fail`, not `{other}`")),
            };
        }
        Ok(self.with(Who::parse(who, config)?, parse(answers)?))
    }

    /// The list for a target.
    pub(super) fn list(
        &self,
        target: TargetId,
        upstream: &str,
        model: Option<&str>,
        is_first: bool,
    ) -> Option<usize> {
        let fits = |who: &Who| match who {
            Who::Anyone => true,
            Who::First => is_first,
            Who::Provider(slug) => slug == upstream,
            Who::Model(slug, name) => slug == upstream && Some(name.as_str()) == model,
            Who::Target(id) => *id == target,
        };
        let fitting = self.rules.iter().enumerate();
        fitting
            .filter(|(_, (who, _))| fits(who))
            .max_by(|(_, (a, _)), (_, (b, _))| a.cmp(b))
            .map(|(at, _)| at)
    }

    /// A response from a list.
    pub(super) fn answer(&self, list: usize, at: usize) -> Option<&Answer> {
        let answers = &self.rules.get(list)?.1;
        answers.get(at).or_else(|| answers.last())
    }

    /// The number of lists.
    pub(super) fn lists(&self) -> usize {
        self.rules.len()
    }
}

impl Who {
    /// Parses `*`, `first`, `@slug`, `@slug/model` or `config.targets[0]`.
    ///
    /// # Errors
    /// A sentence about the invalid part.
    pub fn parse(text: &str, config: &GatewayConfig) -> Result<Self, String> {
        match text {
            "*" => return Ok(Self::Anyone),
            "first" => return Ok(Self::First),
            _ => {}
        }
        if text == "config" || text.starts_with("config.") {
            let mut targets = config.targets();
            return match targets.find(|(id, _)| config.index(*id) == text) {
                Some((id, _)) => Ok(Self::Target(id)),
                None => Err(format!("the config has no target `{text}`")),
            };
        }
        if let Some((slug, model)) = split_slug(text) {
            return Ok(Self::Model(slug.to_owned(), model.to_owned()));
        }
        match text.strip_prefix('@').unwrap_or(text) {
            "" => Err(
                "missing target before `=`; write @provider, @provider/model, first or *"
                    .to_owned(),
            ),
            name => Ok(Self::Provider(name.to_owned())),
        }
    }
}

/// Parses responses: `429*3,200`, `closed`, `429:retry-after=20`, `200:after=5s:cut`. A list that
/// ends with a count is followed by 200s; otherwise its last response repeats.
fn parse(text: &str) -> Result<Vec<Answer>, String> {
    let mut answers = Vec::new();
    let mut ends = false;
    for part in text.split(',') {
        let (answer, count) = match part.trim().rsplit_once('*') {
            Some((answer, count)) => {
                let count = count.trim().parse::<usize>();
                let count = count.ok().filter(|count| (1..=MAX_ANSWERS).contains(count));
                let message =
                    || format!("`{part}` needs a count from 1 to {MAX_ANSWERS} after `*`");
                (answer, Some(count.ok_or_else(message)?))
            }
            None => (part.trim(), None),
        };
        let answer = one(answer.trim())?;
        ends = count.is_some();
        answers.extend(std::iter::repeat_n(answer, count.unwrap_or(1)));
        if answers.len() > MAX_ANSWERS {
            return Err(format!("more than {MAX_ANSWERS} answers in a row"));
        }
    }
    if ends {
        answers.push(Answer::default());
    }
    Ok(answers)
}

fn one(text: &str) -> Result<Answer, String> {
    let mut parts = text.split(':').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let mut answer = match kind {
        "closed" | "refused" => Answer::of(Kind::Closed),
        "unreachable" => Answer::of(Kind::Unreachable),
        "silence" => Answer::of(Kind::Silence),
        "cut" => Answer {
            is_cut: true,
            ..Answer::default()
        },
        status => match status.parse::<u16>() {
            Ok(status) if (200..=599).contains(&status) => Answer::status(status),
            _ => {
                return Err(format!(
                    "invalid answer `{status}`; use a status from 200 to 599, `closed`, `cut`, \
                     `unreachable` or `silence`"
                ));
            }
        },
    };
    for part in parts {
        let value = |name: &str| part.strip_prefix(name)?.strip_prefix('=');
        if let Some(seconds) = value("retry-after") {
            answer.retry_after[2] = Some(seconds.to_owned());
        } else if let Some(text) = value("after") {
            let message = || format!("invalid time `{text}`; write it like 500ms or 5s");
            answer.delay = milliseconds(text).ok_or_else(message)?;
        } else if part == "cut" {
            answer.is_cut = true;
        } else {
            return Err(format!(
                "unknown setting `{part}`; use `retry-after=20`, `after=5s` or `cut`"
            ));
        }
    }
    Ok(answer)
}

/// Parses `500ms`, `5s`, `2m` or `5` (seconds).
#[must_use]
pub fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, unit) = match text.find(|c: char| !c.is_ascii_digit() && c != '.') {
        Some(at) => text.split_at(at),
        None => (text, "s"),
    };
    let number: f64 = number.parse().ok()?;
    let unit = match unit.trim() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let time = Duration::try_from_secs_f64(number * unit).ok()?;
    let time = u64::try_from(time.as_millis()).ok()?;
    u32::try_from(time).ok().map(u64::from)
}
