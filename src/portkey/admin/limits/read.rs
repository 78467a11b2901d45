//! Parses limits in admin API responses.

use serde_json::{Number, Value as Json};

use super::{Budget, Counted, Limits, Per, Rate, Reset, Spent};

impl Limits {
    /// Parses `usage_limits` and `rate_limits` of a key or a provider.
    #[must_use]
    pub fn read(json: &Json) -> Self {
        let of = |name: &str| json.get(name).unwrap_or(&Json::Null);
        Self {
            budget: Budget::read(of("usage_limits")),
            alert_at: alert_at(of("usage_limits")),
            rates: Rate::read_all(of("rate_limits")),
        }
    }
}

impl Budget {
    /// Parses `usage_limits`: an object, or a list with at most one.
    #[must_use]
    pub fn read(json: &Json) -> Option<Self> {
        let json = json.as_array().map_or(Some(json), |list| list.first())?;
        let amount = number(json.get("credit_limit")?)?;
        let of = match json.get("type").and_then(Json::as_str) {
            None | Some("cost") => Spent::Cost,
            Some("tokens") => Spent::Tokens,
            Some(other) => Spent::Other(other.to_owned()),
        };
        let reset = match json.get("periodic_reset").and_then(Json::as_str) {
            Some("weekly") => Reset::Weekly,
            Some("monthly") => Reset::Monthly,
            _ => match json.get("periodic_reset_days").and_then(Json::as_u64) {
                Some(days) => Reset::Days(days),
                None => Reset::Never,
            },
        };
        Some(Self { amount, of, reset })
    }
}

/// The `alert_threshold` of `usage_limits`.
pub(super) fn alert_at(json: &Json) -> Option<u64> {
    let json = json.as_array().map_or(Some(json), |list| list.first())?;
    number(json.get("alert_threshold")?)?.as_u64()
}

impl Rate {
    /// Parses `rate_limits`: a list, or a single object.
    #[must_use]
    pub fn read_all(json: &Json) -> Vec<Self> {
        match json {
            Json::Array(list) => list.iter().filter_map(Self::read).collect(),
            single => Self::read(single).into_iter().collect(),
        }
    }

    fn read(json: &Json) -> Option<Self> {
        let per = match json.get("unit")?.as_str()? {
            "rps" => Per::Second,
            "rpm" => Per::Minute,
            "rph" => Per::Hour,
            "rpd" => Per::Day,
            "rpw" => Per::Week,
            other => Per::Other(other.to_owned()),
        };
        let of = match json.get("type").and_then(Json::as_str) {
            None | Some("requests") => Counted::Requests,
            Some("tokens") => Counted::Tokens,
            Some(other) => Counted::Other(other.to_owned()),
        };
        let value = number(json.get("value")?)?;
        Some(Self { value, of, per })
    }
}

/// A number; Portkey returns `10.0` if 10 was sent.
fn number(json: &Json) -> Option<Number> {
    let number = json.as_number()?;
    let whole = number
        .as_f64()
        .filter(|value| value.fract() == 0.0 && *value >= 0.0);
    let whole = whole.and_then(|value| format!("{value:.0}").parse::<u64>().ok());
    Some(whole.map_or_else(|| number.clone(), Number::from))
}
