//! Which target a load balancer chooses: by a given random number, or all of them with their
//! shares.

use super::{Outcome, Request, Setup, State, run};

/// The maximum number of branches, and of calls across all of them.
const MAX_BRANCHES: usize = 512;
const MAX_CALLS: usize = 100_000;

/// A source of random choices.
pub trait Chance {
    /// The index chosen from these weights, if any.
    fn choose(&mut self, weights: &[f64]) -> Option<usize>;
}

/// Always the same number, from 0 (inclusive) to 1 (exclusive).
#[derive(Clone, Copy, Debug)]
pub struct Fixed(pub f64);

impl Chance for Fixed {
    fn choose(&mut self, weights: &[f64]) -> Option<usize> {
        pick(self.0, weights)
    }
}

/// Any source of numbers from 0 (inclusive) to 1 (exclusive).
impl<F: FnMut() -> f64> Chance for F {
    fn choose(&mut self, weights: &[f64]) -> Option<usize> {
        pick(self(), weights)
    }
}

/// The gateway's algorithm, step by step.
fn pick(random: f64, weights: &[f64]) -> Option<usize> {
    let total: f64 = weights.iter().sum();
    let mut left = random * total;
    for (at, weight) in weights.iter().enumerate() {
        if left < *weight {
            return Some(at);
        }
        left -= weight;
    }
    None
}

/// The share of each weight. If they add up to less than 1, nothing is chosen for the rest.
#[must_use]
pub fn shares(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 || !total.is_finite() {
        // The gateway's number is 0 whatever the random number; below 0, use the middle of the
        // range.
        let chosen = pick(0.5, weights);
        return (0..weights.len())
            .map(|at| if chosen == Some(at) { 1.0 } else { 0.0 })
            .collect();
    }
    let mut sum: f64 = 0.0;
    let mut covered: f64 = 0.0;
    weights
        .iter()
        .map(|weight| {
            sum += weight;
            let upper = sum.clamp(covered, total);
            let share = (upper - covered) / total;
            covered = upper;
            share
        })
        .collect()
}

/// One possible sequence of random choices.
#[derive(Clone, Debug)]
pub struct Branch<'c> {
    /// Its probability, from 0 to 1.
    pub share: f64,
    /// The outcome of each request.
    pub outcomes: Vec<Outcome<'c>>,
}

/// All possible sequences of random choices.
#[derive(Clone, Debug)]
pub struct Branches<'c> {
    /// The branches, in the order of the targets.
    pub list: Vec<Branch<'c>>,
    /// The total share of branches that were not simulated.
    pub left_out: f64,
}

/// Runs requests one after the other, for every possible sequence of random choices.
#[must_use]
pub fn branches<'c>(setup: &Setup<'c>, requests: &'c [Request]) -> Branches<'c> {
    let mut paths = Paths::default();
    let mut list = Vec::new();
    let mut covered = 0.0;
    let mut calls = 0;
    while list.len() < MAX_BRANCHES && calls < MAX_CALLS {
        paths.start();
        let mut state = State::new(setup.script);
        let outcomes: Vec<Outcome<'c>> = requests
            .iter()
            .map(|request| run(setup, request, &mut state, &mut paths))
            .collect();
        // A request without a call takes time as well.
        let made = outcomes.iter().map(|outcome| outcome.calls.len() + 1);
        calls += made.sum::<usize>();
        let share = paths.share();
        if share > 0.0 {
            covered += share;
            list.push(Branch { share, outcomes });
        }
        if !paths.next() {
            return Branches {
                list,
                left_out: 0.0,
            };
        }
    }
    Branches {
        list,
        left_out: (1.0 - covered).max(0.0),
    }
}

/// Iterates over all sequences of choices, like an odometer.
#[derive(Default)]
struct Paths {
    /// For each choice, the shares (the last one is for choosing nothing) and the chosen index.
    choices: Vec<(Vec<f64>, usize)>,
    at: usize,
}

impl Paths {
    fn start(&mut self) {
        self.at = 0;
    }

    fn share(&self) -> f64 {
        let chosen = self.choices.iter();
        chosen.map(|(shares, chosen)| shares[*chosen]).product()
    }

    /// Moves on to the next sequence whose share is not 0.
    fn next(&mut self) -> bool {
        while let Some((shares, chosen)) = self.choices.last_mut() {
            let rest = shares.iter().enumerate().skip(*chosen + 1);
            let mut possible = rest.filter(|(_, share)| **share > 0.0);
            if let Some((next, _)) = possible.next() {
                *chosen = next;
                return true;
            }
            self.choices.pop();
        }
        false
    }
}

impl Chance for Paths {
    fn choose(&mut self, weights: &[f64]) -> Option<usize> {
        if self.at == self.choices.len() {
            let mut list = shares(weights);
            let rest = 1.0 - list.iter().sum::<f64>();
            // Sums of floats are not exact.
            list.push(if rest > 1e-9 { rest } else { 0.0 });
            let first = list
                .iter()
                .position(|share| *share > 0.0)
                .unwrap_or(weights.len());
            self.choices.push((list, first));
        }
        let (_, chosen) = self.choices[self.at];
        self.at += 1;
        (chosen < weights.len()).then_some(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_match_the_gateway() {
        for (weights, expected) in [
            (&[1.0, 1.0][..], &[0.5, 0.5][..]),
            (&[0.5, 1.0], &[1.0 / 3.0, 2.0 / 3.0]),
            (&[0.0, 1.0], &[0.0, 1.0]),
            (&[0.0, 0.0], &[0.0, 0.0]),
            (&[-1.0, 2.0], &[0.0, 1.0]),
            (&[2.0, -1.0], &[1.0, 0.0]),
            (&[3.0, -1.0, 2.0], &[0.75, 0.0, 0.25]),
            (&[], &[]),
        ] {
            let found = shares(weights);
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{weights:?}: {found}");
            }
        }
    }

    /// The shares must match the frequencies of many random numbers.
    #[test]
    fn shares_match_random_picks() {
        for weights in [
            &[0.7, 0.3][..],
            &[3.0, -1.0, 2.0],
            &[-1.0, 2.0],
            &[1.0, 0.0, 2.5],
        ] {
            let mut counts = vec![0_u32; weights.len()];
            for step in 0..10_000_u32 {
                if let Some(at) = pick(f64::from(step) / 10_000.0, weights) {
                    counts[at] += 1;
                }
            }
            for (count, share) in counts.iter().zip(shares(weights)) {
                assert!(
                    (f64::from(*count) / 10_000.0 - share).abs() < 1e-3,
                    "{weights:?}"
                );
            }
        }
    }
}
