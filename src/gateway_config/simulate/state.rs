//! What is kept from one request to the next.

use std::collections::HashMap;

use crate::gateway_config::read::TargetId;

use super::Script;
use super::breaker::Health;

/// What is kept from one request to the next: which answers were given, and what the hosted
/// gateway remembers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How many answers of each list were given.
    given: Vec<usize>,
    /// Milliseconds since the first request began.
    pub(super) clock: u64,
    /// Of each target under a circuit breaker.
    pub(super) health: HashMap<TargetId, Health>,
    /// Where sticky sessions go, and until when.
    pub(super) sticky: HashMap<String, (usize, u64)>,
    /// Until when an answer is in the cache.
    pub(super) cached: HashMap<String, u64>,
}

impl State {
    /// Nothing has happened.
    #[must_use]
    pub fn new(script: &Script) -> Self {
        Self {
            given: vec![0; script.lists()],
            ..Self::default()
        }
    }

    /// Lets time pass between two requests.
    pub fn pass(&mut self, milliseconds: u64) {
        self.clock = self.clock.saturating_add(milliseconds);
    }

    /// The position of a list's next answer.
    pub(super) fn next(&mut self, list: usize) -> usize {
        if self.given.len() <= list {
            self.given.resize(list + 1, 0);
        }
        let at = self.given[list];
        self.given[list] = at.saturating_add(1);
        at
    }
}
