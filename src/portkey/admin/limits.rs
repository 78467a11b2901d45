//! Budgets and rate limits as people write them (`500 usd/month`, `10M tokens/week`, `100/min`) and
//! as the admin API represents them.

use std::fmt;

use serde_json::{Map, Number, Value as Json, json};

mod read;
#[cfg(test)]
mod tests;
mod words;

use words::{Words, compact};

/// JavaScript integers are exact up to here.
const MAX_AMOUNT: u64 = 9_007_199_254_740_991;

/// Portkey's documented minimum for a token budget.
const MIN_TOKENS: u64 = 100;

/// The maximum period of a budget, in days.
const MAX_DAYS: u64 = 365;

/// The limits of a key or a provider.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The spending limit.
    pub budget: Option<Budget>,
    /// The amount that triggers a notification.
    pub alert_at: Option<u64>,
    /// The rate limits.
    pub rates: Vec<Rate>,
}

/// A spending limit and when it resets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The amount.
    pub amount: Number,
    /// The unit.
    pub of: Spent,
    /// When it resets.
    pub reset: Reset,
}

/// The unit of a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spent {
    /// US dollars.
    Cost,
    /// Tokens.
    Tokens,
    /// Unknown to this release; holds Portkey's name.
    Other(String),
}

/// When a budget resets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// Never: it is for the whole lifetime of the key.
    Never,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
    /// After this many days.
    Days(u64),
}

/// A rate limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The number of units.
    pub value: Number,
    /// The unit.
    pub of: Counted,
    /// The period.
    pub per: Per,
}

/// The unit of a rate limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Requests.
    Requests,
    /// Tokens.
    Tokens,
    /// Unknown to this release; holds Portkey's name.
    Other(String),
}

/// The period of a rate limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Per {
    /// `rps`
    Second,
    /// `rpm`
    Minute,
    /// `rph`
    Hour,
    /// `rpd`
    Day,
    /// `rpw`
    Week,
    /// Unknown to this release; holds Portkey's name.
    Other(String),
}

/// What the limits apply to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An API key.
    Key,
    /// A provider, an integration's workspace or a policy.
    Provider,
}

/// When to send a notification about a nearly used-up budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertAt {
    /// After this percentage of it.
    Percent(u64),
    /// After this amount.
    Amount(u64),
}

const BUDGET_FORM: &str = "write a budget such as `500 usd/month`, `10M tokens/week` or `20 usd`";
const RATE_FORM: &str = "write a rate such as `100/min`, `5 requests/s` or `100k tokens/hour`";

impl Limits {
    /// The fields of a request: all that are set or, given `before`, those that differ. A removed
    /// limit becomes null.
    pub(super) fn fields(&self, before: Option<&Self>) -> Map<String, Json> {
        let none = Self::default();
        let (old, is_change) = (before.unwrap_or(&none), before.is_some());
        let mut fields = Map::new();
        if (&self.budget, self.alert_at) != (&old.budget, old.alert_at) {
            let limits = self.budget.as_ref();
            let limits = limits.map(|budget| budget.to_json(self.alert_at, is_change));
            fields.insert("usage_limits".to_owned(), limits.unwrap_or_default());
        }
        if self.rates != old.rates {
            let rates: Vec<Json> = self.rates.iter().map(Rate::to_json).collect();
            let rates = if rates.is_empty() {
                Json::Null
            } else {
                json!(rates)
            };
            fields.insert("rate_limits".to_owned(), rates);
        }
        fields
    }
}

impl Budget {
    /// Parses `500 usd/month` and the like.
    ///
    /// # Errors
    /// A sentence about what is invalid, and what would be valid.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = Words::of(text).map_err(|why| format!("{why}; {BUDGET_FORM}"))?;
        let mut of = words.is_dollars.then_some(Spent::Cost);
        let mut reset = None;
        let mut days = None;
        for word in &words.rest {
            match word.as_str() {
                "usd" | "$" | "us$" | "dollar" | "dollars" if of.is_none() => {
                    of = Some(Spent::Cost);
                }
                "tok" | "token" | "tokens" if of.is_none() => of = Some(Spent::Tokens),
                "in" | "total" | "once" => {}
                word if reset.is_none() => match (days.take(), period(word)) {
                    (None, Some(found)) => reset = Some(found),
                    (Some(count), Some(Reset::Days(1))) => reset = Some(Reset::Days(count)),
                    (Some(1), Some(one)) => reset = Some(one),
                    (Some(count), Some(Reset::Weekly)) => {
                        reset = Some(Reset::Days(count.saturating_mul(7)));
                    }
                    (None, None) => match number_of_days(word) {
                        Some((count, true)) => reset = Some(Reset::Days(count)),
                        Some((count, false)) => days = Some(count),
                        None => return Err(odd_word(word)),
                    },
                    _ => return Err(odd_word(word)),
                },
                word => return Err(odd_word(word)),
            }
        }
        if days.is_some() {
            return Err(format!("there is one number too many; {BUDGET_FORM}"));
        }
        let of = of.ok_or_else(|| format!("the unit is missing; {BUDGET_FORM}"))?;
        let amount = words.whole().ok_or_else(|| {
            "a budget must be in whole dollars or tokens, without a fraction".to_owned()
        })?;
        if amount == 0 {
            return Err(
                "a budget must be at least 1; to disable a key, use `key revoke`".to_owned(),
            );
        }
        if of == Spent::Tokens && amount < MIN_TOKENS {
            return Err(format!("a token budget must be at least {MIN_TOKENS}"));
        }
        let reset = reset.unwrap_or(Reset::Never);
        if matches!(reset, Reset::Days(days) if days == 0 || days > MAX_DAYS) {
            return Err(format!(
                "a budget resets after 1 to {MAX_DAYS} days, weekly, monthly or never"
            ));
        }
        Ok(Self {
            amount: amount.into(),
            of,
            reset,
        })
    }

    /// In the admin API's format. If `changes`, a removed setting becomes null.
    #[must_use]
    pub fn to_json(&self, alert_at: Option<u64>, changes: bool) -> Json {
        let mut fields = Map::new();
        fields.insert("type".to_owned(), self.of.api_name().into());
        fields.insert("credit_limit".to_owned(), Json::Number(self.amount.clone()));
        if let Some(at) = alert_at {
            fields.insert("alert_threshold".to_owned(), at.into());
        }
        let (period, days) = match self.reset {
            Reset::Never => (None, None),
            Reset::Weekly => (Some("weekly"), None),
            Reset::Monthly => (Some("monthly"), None),
            Reset::Days(days) => (None, Some(days)),
        };
        if changes || period.is_some() {
            fields.insert("periodic_reset".to_owned(), json!(period));
        }
        if changes || days.is_some() {
            fields.insert("periodic_reset_days".to_owned(), json!(days));
        }
        Json::Object(fields)
    }
}

/// Parses the period after which a budget resets.
fn period(word: &str) -> Option<Reset> {
    Some(match word {
        "week" | "weeks" | "weekly" | "wk" | "w" => Reset::Weekly,
        "month" | "monthly" | "mo" | "mon" => Reset::Monthly,
        "day" | "days" | "daily" | "d" => Reset::Days(1),
        "year" | "yearly" | "annually" => Reset::Days(MAX_DAYS),
        _ => return None,
    })
}

/// Parses `30` or `30d`; `true` if it has the `d`.
fn number_of_days(word: &str) -> Option<(u64, bool)> {
    let (digits, is_days) = match word.strip_suffix('d') {
        Some(digits) => (digits, true),
        None => (word, false),
    };
    Some((digits.parse().ok()?, is_days))
}

fn odd_word(word: &str) -> String {
    let word = crate::portkey::printable(word, 30);
    match word.as_str() {
        "eur" | "€" | "euro" | "euros" | "gbp" | "£" => {
            format!("Portkey counts in US dollars, not in {word}")
        }
        "hour" | "hourly" | "minute" | "min" | "second" => format!(
            "a budget resets after 1 to {MAX_DAYS} days, weekly, monthly or never; for shorter periods, set a rate such as `100/min`"
        ),
        _ => format!("unknown word `{word}`; {BUDGET_FORM}"),
    }
}

impl Spent {
    fn api_name(&self) -> &str {
        match self {
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Spent::Cost => write!(f, "{} usd", self.amount)?,
            Spent::Tokens => write!(f, "{} tokens", compact(&self.amount))?,
            Spent::Other(name) => write!(f, "{} {name}", compact(&self.amount))?,
        }
        match self.reset {
            Reset::Never => f.write_str(" in total"),
            Reset::Weekly => f.write_str("/week"),
            Reset::Monthly => f.write_str("/month"),
            Reset::Days(1) => f.write_str("/day"),
            Reset::Days(days) => write!(f, "/{days} days"),
        }
    }
}

impl Rate {
    /// Parses `100/min` and the like.
    ///
    /// # Errors
    /// A sentence about what is invalid, and what would be valid.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = Words::of(text).map_err(|why| format!("{why}; {RATE_FORM}"))?;
        if words.is_dollars {
            return Err(format!("a rate is in requests or tokens; {RATE_FORM}"));
        }
        let (mut of, mut per) = (None, None);
        for word in &words.rest {
            match word.as_str() {
                "request" | "requests" | "req" | "reqs" if of.is_none() => {
                    of = Some(Counted::Requests);
                }
                "token" | "tokens" | "tok" if of.is_none() => of = Some(Counted::Tokens),
                word if per.is_none() => match time(word) {
                    Some((unit, counted)) if of.is_none() || counted.is_none() => {
                        per = Some(unit);
                        of = of.or(counted);
                    }
                    _ => return Err(odd_rate(word)),
                },
                word => return Err(odd_rate(word)),
            }
        }
        let per = per.ok_or_else(|| format!("the period is missing; {RATE_FORM}"))?;
        let value = words
            .whole()
            .ok_or_else(|| "a rate must be a whole number".to_owned())?;
        if value == 0 {
            return Err(
                "a rate of 0 would refuse every request; to disable a key, use `key revoke`"
                    .to_owned(),
            );
        }
        Ok(Self {
            value: value.into(),
            of: of.unwrap_or(Counted::Requests),
            per,
        })
    }

    /// In the admin API's format.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({ "type": self.of.api_name(), "unit": self.per.api_name(), "value": self.value })
    }
}

/// Checks that the API accepts these rate limits together.
///
/// # Errors
/// A sentence about what it rejects.
pub fn check_rates(rates: &[Rate], holder: Holder) -> Result<(), String> {
    for (index, rate) in rates.iter().enumerate() {
        let is_known = matches!(rate.per, Per::Minute | Per::Hour | Per::Day);
        if holder == Holder::Provider && !is_known {
            return Err(format!(
                "`{rate}`: a provider's rate is per minute, hour or day; only a key's can be per second or week"
            ));
        }
        if rates[..index]
            .iter()
            .any(|other| other.of == rate.of && other.per == rate.per)
        {
            return Err(format!("`{rate}`: there is already a rate of this kind"));
        }
    }
    Ok(())
}

/// Parses the period of a rate limit, and for `rpm` and `tpm` the unit.
fn time(word: &str) -> Option<(Per, Option<Counted>)> {
    Some(match word {
        "s" | "sec" | "second" => (Per::Second, None),
        "min" | "minute" | "m" => (Per::Minute, None),
        "h" | "hr" | "hour" | "hourly" => (Per::Hour, None),
        "d" | "day" | "daily" => (Per::Day, None),
        "w" | "wk" | "week" | "weekly" => (Per::Week, None),
        _ => {
            let counted = match word.chars().next()? {
                'r' => Counted::Requests,
                't' => Counted::Tokens,
                _ => return None,
            };
            let per = match &word[1..] {
                "ps" => Per::Second,
                "pm" => Per::Minute,
                "ph" => Per::Hour,
                "pd" => Per::Day,
                "pw" => Per::Week,
                _ => return None,
            };
            (per, Some(counted))
        }
    })
}

fn odd_rate(word: &str) -> String {
    let word = crate::portkey::printable(word, 30);
    match word.as_str() {
        "month" | "monthly" | "year" | "usd" | "$" => {
            format!(
                "`{word}`: a rate is per second, minute, hour, day or week; for longer periods, set a budget such as `500 usd/month`"
            )
        }
        _ => format!("unknown word `{word}`; {RATE_FORM}"),
    }
}

impl Counted {
    fn api_name(&self) -> &str {
        match self {
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Other(name) => name,
        }
    }
}

impl Per {
    fn api_name(&self) -> &str {
        match self {
            Self::Second => "rps",
            Self::Minute => "rpm",
            Self::Hour => "rph",
            Self::Day => "rpd",
            Self::Week => "rpw",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = self.of.api_name();
        let is_one = self.value.as_u64() == Some(1);
        let counted = counted
            .strip_suffix('s')
            .filter(|_| is_one)
            .unwrap_or(counted);
        write!(f, "{} {counted}", compact(&self.value))?;
        f.write_str(match &self.per {
            Per::Second => "/s",
            Per::Minute => "/min",
            Per::Hour => "/hour",
            Per::Day => "/day",
            Per::Week => "/week",
            Per::Other(name) => return write!(f, " ({name})"),
        })
    }
}

impl AlertAt {
    /// Parses `80%` or `400`.
    ///
    /// # Errors
    /// A sentence about what would be valid.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "write a share of the budget such as `80%`, or an amount such as `400`";
        let text = text.trim();
        if let Some(percent) = text.strip_suffix('%') {
            let percent = percent.trim().parse().ok();
            return percent
                .filter(|percent| (1..=100).contains(percent))
                .map(Self::Percent)
                .ok_or_else(|| FORM.to_owned());
        }
        let words = Words::of(text).map_err(|_| FORM.to_owned())?;
        let amount = words
            .whole()
            .filter(|amount| *amount > 0 && words.rest.is_empty());
        amount.map(Self::Amount).ok_or_else(|| FORM.to_owned())
    }

    /// Scales an amount to another budget, keeping its share.
    #[must_use]
    pub fn kept(at: u64, before: &Budget, after: &Budget) -> u64 {
        let whole = |budget: &Budget| u128::from(budget.amount.as_u64().unwrap_or(MAX_AMOUNT));
        let part = u128::from(at) * whole(after) / whole(before).max(1);
        let part = u64::try_from(part).unwrap_or(MAX_AMOUNT);
        part.clamp(1, after.amount.as_u64().unwrap_or(MAX_AMOUNT))
    }

    /// The amount for a given budget.
    ///
    /// # Errors
    /// It is more than the budget.
    pub fn of(self, budget: &Budget) -> Result<u64, String> {
        let whole = budget.amount.as_u64().unwrap_or(MAX_AMOUNT);
        match self {
            Self::Percent(percent) => Ok((whole.saturating_mul(percent) / 100).max(1)),
            Self::Amount(amount) if amount <= whole => Ok(amount),
            Self::Amount(amount) => Err(format!(
                "an alert at {amount} would never be sent: the budget is {budget}"
            )),
        }
    }
}
