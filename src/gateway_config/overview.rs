//! The consequences of every kind of failure.

use crate::openclaw::Version;

use super::Gateway;
use super::client::{FAILURES, Failure, Reaction, Way, reaction};
use super::read::{GatewayConfig, Mode, TargetId, Upstream};
use super::simulate::{End, Outcome, Request, Script, Setup, Who, branches};

/// What to simulate.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'c> {
    /// The config.
    pub config: &'c GatewayConfig,
    /// The gateway.
    pub gateway: Gateway,
    /// OpenClaw's version.
    pub version: Version,
    /// How requests reach OpenClaw.
    pub way: Way,
}

/// One failure.
#[derive(Clone, Debug)]
pub struct Row {
    /// The failure.
    pub failure: &'static Failure,
    /// What happens if the first target fails like this.
    pub first: Vec<Summary>,
    /// What happens if all targets do.
    pub all: Vec<Summary>,
}

/// One way a request can go.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its probability, from 0 to 1.
    pub share: f64,
    /// The number of calls.
    pub calls: usize,
    /// The duration, in milliseconds.
    pub elapsed: u64,
    /// The status of the reply; `None` without a reply.
    pub status: Option<u16>,
    /// The target that replied.
    pub target: Option<TargetId>,
    /// Whether the stream breaks off.
    pub is_cut: bool,
    /// What OpenClaw does next; `None` after a success.
    pub reaction: Option<Reaction>,
}

impl Summary {
    /// Summarises an outcome.
    #[must_use]
    pub fn of(scene: &Scene<'_>, share: f64, outcome: &Outcome<'_>) -> Self {
        let reply = match &outcome.end {
            End::Reply(reply) => Some(reply),
            End::NoAnswer | End::TooManyCalls | End::Unknown(_) => None,
        };
        Self {
            share,
            calls: outcome.calls.len(),
            elapsed: outcome.elapsed,
            status: reply.map(|reply| reply.status),
            target: reply.and_then(|reply| reply.target),
            is_cut: reply.is_some_and(|reply| reply.is_cut),
            reaction: reaction(scene.version, scene.way, outcome),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        Self {
            share: other.share,
            ..self.clone()
        } == *other
    }
}

/// The ways a request can go, with equal ones merged, most frequent first.
#[must_use]
pub fn summaries(scene: &Scene<'_>, script: &Script, request: &Request) -> Vec<Summary> {
    let setup = Setup {
        config: scene.config,
        gateway: scene.gateway,
        script,
    };
    let requests = std::slice::from_ref(request);
    let mut list: Vec<Summary> = Vec::new();
    for branch in branches(&setup, requests).list {
        for outcome in &branch.outcomes {
            let summary = Summary::of(scene, branch.share, outcome);
            match list.iter_mut().find(|known| known.is_like(&summary)) {
                Some(known) => known.share += summary.share,
                None => list.push(summary),
            }
        }
    }
    list.sort_by(|a, b| b.share.total_cmp(&a.share));
    list
}

/// What happens without a failure.
#[must_use]
pub fn unharmed(scene: &Scene<'_>, request: &Request) -> Vec<Summary> {
    summaries(scene, &Script::new().with_known_models(), request)
}

/// The consequences of every kind of failure.
#[must_use]
pub fn rows(scene: &Scene<'_>, request: &Request) -> Vec<Row> {
    let each = |who: &Who, failure: &Failure| {
        let script = Script::new().with_known_models();
        summaries(
            scene,
            &script.with(who.clone(), vec![failure.answer()]),
            request,
        )
    };
    let rows = FAILURES.iter().map(|failure| Row {
        failure,
        first: each(&Who::First, failure),
        all: each(&Who::Anyone, failure),
    });
    rows.collect()
}

/// The request that OpenClaw sends: for the dynamic model, unless a target takes provider and model
/// from the request.
#[must_use]
pub fn default_request(config: &GatewayConfig) -> Request {
    let mut leaves = config.leaves();
    let from_request = leaves.any(|(_, leaf)| config.upstream(leaf) == Upstream::Request);
    Request::of_model(if from_request {
        "@provider/model"
    } else {
        "portkey-dynamic"
    })
}

/// A name for a target that people understand: what it calls.
#[must_use]
pub fn label(config: &GatewayConfig, id: TargetId) -> String {
    let target = config.target(id);
    let owner = target.inherited.model.map(|owner| config.target(owner));
    let model = owner.and_then(|owner| owner.model.as_ref()?.value.as_str());
    match (config.upstream(target), target.slug_model()) {
        (Upstream::Slug(slug), Some((own, model))) if own == slug => format!("@{slug}/{model}"),
        (Upstream::Slug(slug), _) => match model {
            Some(model) => format!("@{slug}/{model}"),
            None => format!("@{slug}"),
        },
        (Upstream::Vendor(name), _) => name.to_owned(),
        (Upstream::Request, _) => "the requested model".to_owned(),
        (Upstream::Nobody, _) => "no provider".to_owned(),
    }
}

/// A short description of a config.
#[must_use]
pub fn kind(config: &GatewayConfig) -> String {
    let root = config.root();
    let count = root
        .targets
        .as_ref()
        .map_or(0, |targets| targets.value.len());
    let targets = if count == 1 {
        "1 target"
    } else {
        &format!("{count} targets")
    };
    match root.mode() {
        Some(Mode::Fallback) => format!("fallback over {targets}"),
        Some(Mode::LoadBalance) => format!("load balance over {targets}"),
        Some(Mode::Conditional) => format!("conditions choose among {targets}"),
        Some(Mode::Single) => "only the first target".to_owned(),
        None => "a single target".to_owned(),
    }
}
