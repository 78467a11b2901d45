//! Draws a simulation.

use crate::gateway_config::client::{FAILURES, reaction};
use crate::gateway_config::overview::{Scene, kind, label};
use crate::gateway_config::picture::{Block, Track, svg};
use crate::gateway_config::simulate::{
    AnswerKind, Branches, End, Outcome, Request, Script, Setup, Who, branches,
};
use crate::ui::Ui;

use super::{outcome, table};

/// Draws each failure of the target that is called first, on its most frequent branch.
pub(crate) fn overview(scene: &Scene<'_>, request: &Request, ui: &Ui) {
    let requests = std::slice::from_ref(request);
    let of = |title: &str, script: &Script| {
        let setup = Setup {
            config: scene.config,
            gateway: scene.gateway,
            script,
        };
        let found = branches(&setup, requests);
        let likely = found.list.iter().max_by(|a, b| a.share.total_cmp(&b.share));
        let outcome = likely.and_then(|branch| branch.outcomes.first());
        outcome.map(|outcome| track(scene, title.to_owned(), outcome))
    };
    let plain = of("no failure", &Script::new().with_known_models());
    let failing = FAILURES.iter().filter_map(|failure| {
        let script = Script::new().with_known_models();
        of(
            failure.name,
            &script.with(Who::First, vec![failure.answer()]),
        )
    });
    let tracks: Vec<Track> = plain.into_iter().chain(failing).collect();
    let title = format!(
        "{}; the target that is called first fails",
        kind(scene.config)
    );
    ui.result_part(&svg(&title, &tracks));
}

/// Draws every way the requests can take.
pub(crate) fn ways(scene: &Scene<'_>, found: &Branches<'_>, ui: &Ui) {
    let mut tracks = Vec::new();
    for branch in &found.list {
        let share = table::percent(branch.share);
        for (number, outcome) in branch.outcomes.iter().enumerate() {
            let title = match (found.list.len() > 1, branch.outcomes.len() > 1) {
                (false, false) => "the request".to_owned(),
                (false, true) => format!("request {}", number + 1),
                (true, false) => format!("{share} of requests"),
                (true, true) => format!("{share}, request {}", number + 1),
            };
            tracks.push(track(scene, title, outcome));
        }
    }
    ui.result_part(&svg(&kind(scene.config), &tracks));
}

fn track(scene: &Scene<'_>, title: String, outcome: &Outcome<'_>) -> Track {
    let blocks = outcome.calls.iter().map(|call| Block {
        target: outcome::call_name(call),
        answer: outcome::answer(call.answer),
        at: call.at,
        is_good: matches!(call.answer, AnswerKind::Status(200..=299)),
    });
    let took = table::calls(outcome.calls.len(), outcome.elapsed);
    let (end, is_good) = match &outcome.end {
        End::Reply(reply) => {
            let from = match reply.target {
                Some(target) => label(scene.config, target),
                None => "the gateway".to_owned(),
            };
            let cut = if reply.is_cut { ", cut off" } else { "" };
            (
                format!("{} from {from}{cut}, after {took}", reply.status),
                reply.is_ok() && !reply.is_cut,
            )
        }
        End::NoAnswer => ("no answer, ever".to_owned(), false),
        End::TooManyCalls => ("given up".to_owned(), false),
        End::Unknown(what) => (format!("unknown: {what}"), false),
    };
    let note = reaction(scene.version, scene.way, outcome);
    Track {
        title,
        blocks: blocks.collect(),
        end,
        is_good,
        note: note.map_or_else(String::new, |note| {
            let then = table::reaction(&note, outcome.calls.len());
            format!("OpenClaw: {then}")
        }),
    }
}
