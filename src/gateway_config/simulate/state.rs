//! State kept between requests.

use std::collections::HashMap;

use crate::gateway_config::read::TargetId;

use super::Script;
use super::breaker::Health;

/// State kept between requests: which responses were used, and what the hosted gateway remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How many responses of each list were used.
    given: Vec<usize>,
    /// Milliseconds since the first request began.
    pub(super) clock: u64,
    /// The health of each target with a circuit breaker.
    pub(super) health: HashMap<TargetId, Health>,
    /// The target of each sticky session, and when it expires.
    pub(super) sticky: HashMap<String, (usize, u64)>,
    /// When each cached response expires.
    pub(super) cached: HashMap<String, u64>,
}

impl State {
    /// The initial state.
    #[must_use]
    pub fn new(script: &Script) -> Self {
        Self {
            given: vec![0; script.lists()],
            ..Self::default()
        }
    }

    /// Advances the clock between two requests.
    pub fn pass(&mut self, milliseconds: u64) {
        self.clock = self.clock.saturating_add(milliseconds);
    }

    /// The index of a list's next response.
    pub(super) fn next(&mut self, list: usize) -> usize {
        if self.given.len() <= list {
            self.given.resize(list + 1, 0);
        }
        let at = self.given[list];
        self.given[list] = at.saturating_add(1);
        at
    }
}
