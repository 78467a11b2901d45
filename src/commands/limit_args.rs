//! Limit flags, for keys and providers.

use clap::Args;

use crate::app::usage;
use crate::error::Failure;
use crate::portkey::admin::limits::{AlertAt, Budget, Holder, Limits, Rate, check_rates};

/// A limit, or `none` to remove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish<T> {
    /// Remove it.
    Nothing,
    /// Set this one.
    Of(T),
}

impl<T> Wish<T> {
    /// Parses `none`, or else calls `parse`.
    pub(crate) fn read(
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Self, String> {
        match text.trim() {
            "none" | "off" | "never" => Ok(Self::Nothing),
            text => parse(text).map(Self::Of),
        }
    }

    /// The limit to set.
    pub(crate) fn into_option(self) -> Option<T> {
        match self {
            Self::Nothing => None,
            Self::Of(value) => Some(value),
        }
    }
}

/// Limits.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Spending limit, such as `500 usd/month`
    ///
    /// In dollars or tokens (`10M tokens/week`), per week, per month or in total.
    #[arg(long, value_name = "AMOUNT", value_parser = budget)]
    pub(crate) budget: Option<Wish<Budget>>,
    /// Rate limit, such as `100/min`; can be repeated
    ///
    /// Of requests or tokens (`100k tokens/min`).
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(crate) rate: Vec<Wish<Rate>>,
    /// Alert at this share of the budget, such as 80%
    #[arg(long, value_name = "PART", value_parser = alert_at, hide_short_help = true)]
    pub(crate) alert_at: Option<Wish<AlertAt>>,
}

fn budget(text: &str) -> Result<Wish<Budget>, String> {
    Wish::read(text, Budget::parse)
}

fn rate(text: &str) -> Result<Wish<Rate>, String> {
    Wish::read(text, Rate::parse)
}

fn alert_at(text: &str) -> Result<Wish<AlertAt>, String> {
    Wish::read(text, AlertAt::parse)
}

impl LimitArgs {
    /// Whether no limit is given.
    pub(crate) fn is_empty(&self) -> bool {
        self.budget.is_none() && self.rate.is_empty() && self.alert_at.is_none()
    }

    /// The previous limits with these changes.
    pub(crate) fn apply(&self, before: &Limits, holder: Holder) -> Result<Limits, Failure> {
        let mut limits = before.clone();
        if let Some(budget) = self.budget.clone() {
            limits.budget = budget.into_option();
        }
        let budget = limits.budget.as_ref();
        limits.alert_at = match (&self.alert_at, budget) {
            (Some(Wish::Of(at)), Some(budget)) => Some(at.of(budget).map_err(usage)?),
            (Some(Wish::Of(_)), None) => {
                return Err(usage("--alert-at needs a budget, and there is none")
                    .hint("also pass --budget"));
            }
            (Some(Wish::Nothing), _) | (None, None) => None,
            // It remains the same share of the budget.
            (None, Some(budget)) => limits.alert_at.map(|at| {
                let old = before.budget.as_ref().unwrap_or(budget);
                AlertAt::kept(at, old, budget)
            }),
        };
        if !self.rate.is_empty() {
            let wishes = self.rate.iter().cloned();
            let rates: Vec<Rate> = wishes.filter_map(Wish::into_option).collect();
            if !rates.is_empty() && rates.len() < self.rate.len() {
                return Err(usage("--rate none cannot be combined with another --rate"));
            }
            limits.rates = rates;
        }
        check_rates(&limits.rates, holder).map_err(usage)?;
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(budget: &[&str], rates: &[&str], alert: &[&str]) -> LimitArgs {
        LimitArgs {
            budget: budget.first().map(|text| super::budget(text).unwrap()),
            rate: rates
                .iter()
                .map(|text| super::rate(text).unwrap())
                .collect(),
            alert_at: alert.first().map(|text| super::alert_at(text).unwrap()),
        }
    }

    #[test]
    fn limits_change_the_previous_ones() {
        let before = args(&["100 usd/month"], &["60/min"], &["80%"])
            .apply(&Limits::default(), Holder::Key)
            .unwrap();
        assert_eq!(before.alert_at, Some(80));
        let of = |args: LimitArgs| args.apply(&before, Holder::Key);
        assert_eq!(of(args(&[], &[], &[])).unwrap(), before);
        let none = of(args(&["none"], &["none"], &[])).unwrap();
        assert_eq!(none, Limits::default());
        let more = of(args(&["200 usd/month"], &[], &[])).unwrap();
        assert_eq!((more.alert_at, more.rates.len()), (Some(160), 1));
        let tokens = of(args(&["10M tokens/week"], &[], &[])).unwrap();
        assert_eq!(tokens.alert_at, Some(8_000_000));
        assert_eq!(of(args(&[], &[], &["none"])).unwrap().alert_at, None);
        assert_eq!(of(args(&[], &["1/s", "5/h"], &[])).unwrap().rates.len(), 2);
        for (wrong, part) in [
            (args(&["50 usd"], &[], &["51"]), "would never be sent"),
            (args(&["none"], &[], &["50%"]), "there is none"),
            (args(&[], &["none", "1/s"], &[]), "combined"),
            (args(&[], &["1/s", "2/s"], &[]), "already a rate"),
        ] {
            let why = of(wrong).unwrap_err();
            assert!(why.message.contains(part), "{}", why.message);
        }
    }
}
