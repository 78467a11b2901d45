//! The settings of a team file, in the types of the admin API.

use std::time::SystemTime;

use crate::document::Spanned;
use crate::portkey::admin::expiry;
use crate::portkey::admin::keys::{AGENT, Kind, SCOPES, Settings};
use crate::portkey::admin::limits::{Budget, Limits, Rate};

use super::{ApiKey, Provider};

/// When a key expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Never.
    Never,
    /// After this period from its creation; later changes don't touch it.
    After(String),
    /// At this time.
    At(String),
}

fn limits(budget: Option<&Spanned<String>>, rates: &[Spanned<String>]) -> Limits {
    // The check reports invalid values.
    let budget = budget.and_then(|budget| Budget::parse(&budget.value).ok());
    let rates = rates
        .iter()
        .filter_map(|rate| Rate::parse(&rate.value).ok());
    Limits {
        budget,
        alert_at: None,
        rates: rates.collect(),
    }
}

/// Limits with the existing alert, which a team file can't set.
pub(super) fn with_alert(mut limits: Limits, before: &Limits) -> Limits {
    limits.alert_at = before.alert_at.filter(|_| limits.budget.is_some());
    limits
}

impl Provider {
    /// The limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        limits(self.budget.as_ref(), &self.rates)
    }
}

impl ApiKey {
    /// What the key is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.user.is_some() {
            Kind::WorkspaceUser
        } else {
            Kind::WorkspaceService
        }
    }

    /// Whether requests can't choose another config.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.pin.as_ref().is_some_and(|pin| pin.value)
    }

    /// When it expires.
    #[must_use]
    pub fn ends(&self) -> Ends {
        let Some(text) = &self.expires else {
            return Ends::Never;
        };
        let epoch = SystemTime::UNIX_EPOCH;
        match (expiry::span(&text.value), expiry::parse(&text.value, epoch)) {
            (Err(_), Ok(time)) => Ends::At(time),
            _ => Ends::After(text.value.clone()),
        }
    }

    /// Its settings. The config is its id at Portkey. An expiry relative to the key's creation
    /// isn't included.
    #[must_use]
    pub fn settings(&self, config: Option<&str>) -> Settings {
        let pairs = self.metadata.iter().flat_map(|pairs| &pairs.value);
        let pair = |(key, value): &(Spanned<String>, Spanned<String>)| {
            (key.value.clone(), value.value.clone())
        };
        let mut metadata: Vec<(String, String)> = pairs.map(pair).collect();
        if let Some(agent) = &self.agent
            && !metadata.iter().any(|(key, _)| key == AGENT)
        {
            metadata.push((AGENT.to_owned(), agent.value.clone()));
        }
        Settings {
            limits: limits(self.budget.as_ref(), &self.rates),
            alert_emails: self.alerts.iter().map(|one| one.value.clone()).collect(),
            config: config.map(str::to_owned),
            can_override: config.map(|_| !self.is_pinned()),
            metadata,
            expires: match self.ends() {
                Ends::At(time) => Some(time),
                Ends::Never | Ends::After(_) => None,
            },
            scopes: SCOPES.iter().map(|&scope| scope.to_owned()).collect(),
        }
    }
}
