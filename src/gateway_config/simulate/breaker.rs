//! The hosted gateway's circuit breaker, which skips targets for a while after too many failures.

use crate::gateway_config::Gateway;
use crate::gateway_config::read::{Breaker, GatewayConfig, TargetId, Upstream, lists};

use super::state::State;

/// The minimum cooldown, in milliseconds.
pub const MIN_COOLDOWN: f64 = 30_000.0;

/// The minimum number of requests before a percentage is considered.
const MINIMUM_REQUESTS: f64 = 5.0;

/// The failure counts of a target.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Health {
    failures: f64,
    successes: f64,
    first_failure: Option<u64>,
}

/// The circuit breaker that applies to a target.
fn of(config: &GatewayConfig, id: TargetId) -> Option<&Breaker> {
    let target = config.target(id);
    let owner = config.target(target.inherited.breaker?);
    let breaker = owner.strategy.as_ref()?.value.breaker.as_ref()?;
    matches!(config.upstream(target), Upstream::Slug(_)).then_some(&breaker.value)
}

/// The targets to skip for this request.
pub(super) fn open(config: &GatewayConfig, gateway: Gateway, state: &mut State) -> Vec<TargetId> {
    if gateway == Gateway::OpenSource || state.health.is_empty() {
        return Vec::new();
    }
    let now = state.clock;
    let mut open = Vec::new();
    state.health.retain(|id, health| {
        let Some(breaker) = of(config, *id) else {
            return false;
        };
        let cooldown = number(breaker.cooldown_interval.as_ref()).max(MIN_COOLDOWN);
        #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
        let over = health
            .first_failure
            .is_some_and(|first| (now - first) as f64 > cooldown);
        if !over && is_open(breaker, health) {
            open.push(*id);
        }
        !over
    });
    open
}

fn number(value: Option<&crate::gateway_config::read::Spanned<f64>>) -> f64 {
    value.map_or(0.0, |it| it.value)
}

fn is_open(breaker: &Breaker, health: &Health) -> bool {
    let threshold = number(breaker.failure_threshold.as_ref());
    let percentage = number(breaker.failure_threshold_percentage.as_ref());
    let minimum = match number(breaker.minimum_requests.as_ref()) {
        0.0 => MINIMUM_REQUESTS,
        minimum => minimum,
    };
    let all = health.failures + health.successes;
    let failed = if all > 0.0 && all >= minimum {
        100.0 * health.failures / all
    } else {
        0.0
    };
    (threshold != 0.0 && health.failures >= threshold)
        || (percentage != 0.0 && failed >= percentage)
}

/// Counts a reply.
pub(super) fn record(
    config: &GatewayConfig,
    gateway: Gateway,
    state: &mut State,
    id: TargetId,
    status: u16,
    now: u64,
) {
    if gateway == Gateway::OpenSource {
        return;
    }
    let Some(breaker) = of(config, id) else {
        return;
    };
    let is_failure = match &breaker.failure_status_codes {
        Some(codes) => lists(codes, status),
        None => status >= 500,
    };
    let health = state.health.entry(id).or_default();
    if (200..=299).contains(&status) {
        health.successes += 1.0;
    } else if is_failure {
        health.failures += 1.0;
        health.first_failure.get_or_insert(now);
    }
}
