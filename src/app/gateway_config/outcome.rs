//! The outcome of a simulation, call by call.

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::gateway_config::client::{Reaction, reaction};
use crate::gateway_config::overview::{Scene, label};
use crate::gateway_config::simulate::{AnswerKind, Branch, Branches, Call, End, Outcome};
use crate::ui::{Tone, Ui};

use super::{finish, table};

/// Shows every way the requests can take.
pub(crate) fn show(scene: &Scene<'_>, found: &Branches<'_>, format: Format, ui: &Ui) {
    finish(ui, format, "simulate", || json(scene, found));
    if format == Format::Text {
        text(scene, found, ui);
    }
}

fn text(scene: &Scene<'_>, found: &Branches<'_>, ui: &Ui) {
    for (at, branch) in found.list.iter().enumerate() {
        if at > 0 {
            ui.result("");
        }
        if found.list.len() > 1 || found.left_out > 0.0 {
            let share = format!("{} of the requests", table::percent(branch.share));
            ui.result(&ui.out(Tone::Bold, &share));
        }
        let many = branch.outcomes.len() > 1;
        for (number, outcome) in branch.outcomes.iter().enumerate() {
            if many {
                ui.result(&ui.out(Tone::Bold, &format!("request {}", number + 1)));
            }
            outcome_text(scene, outcome, ui);
        }
    }
    let outcomes = found.list.iter().flat_map(|branch| &branch.outcomes);
    let reactions = outcomes.filter_map(|it| reaction(scene.version, scene.way, it));
    let reactions: Vec<Reaction> = reactions.collect();
    if let Some(footnote) = table::footnote(scene, &reactions) {
        ui.result(&format!("\n{footnote}"));
    }
    if found.left_out > 0.0 {
        ui.result(&format!(
            "\n{} of the requests take other paths, too many to follow",
            table::percent(found.left_out)
        ));
    }
}

/// More calls than this aren't listed individually.
const MAX_LISTED: usize = 40;

fn outcome_text(scene: &Scene<'_>, outcome: &Outcome<'_>, ui: &Ui) {
    for call in outcome.calls.iter().take(MAX_LISTED) {
        ui.result(&format!(
            "  {:>8}  {}  {}{}",
            table::time(call.at),
            answer(call.answer),
            call_name(call),
            ui.out(
                Tone::Dim,
                &format!("  ({})", scene.config.index(call.target))
            )
        ));
    }
    if let Some(more) = outcome.calls.len().checked_sub(MAX_LISTED + 1) {
        ui.result(&format!("  … and {} more", more + 1));
    }
    let took = table::calls(outcome.calls.len(), outcome.elapsed);
    let (tone, line) = match &outcome.end {
        End::Reply(reply) => {
            let from = match reply.target {
                Some(target) => format!(" from {}", label(scene.config, target)),
                None => " from the gateway".to_owned(),
            };
            let message = reply.message.iter().chain(&reply.errors);
            let message: Vec<&str> = message.map(String::as_str).collect();
            let message = if message.is_empty() {
                String::new()
            } else {
                format!(": {}", message.join("; "))
            };
            let cut = if reply.is_cut { ", cut off" } else { "" };
            let good = reply.is_ok() && !reply.is_cut;
            (
                if good { Tone::Good } else { Tone::Bad },
                format!("{}{from}{cut}, after {took}{message}", reply.status),
            )
        }
        End::NoAnswer => (
            Tone::Bad,
            "no answer, ever: the gateway has no target to call".to_owned(),
        ),
        End::TooManyCalls => (Tone::Bad, format!("given up after {took}")),
        End::Unknown(what) => (Tone::Warn, format!("unknown: {what}")),
    };
    ui.result(&format!(
        "  {} {}",
        ui.out(tone, "→"),
        crate::mask::printable(&line)
    ));
    if let Some(reaction) = reaction(scene.version, scene.way, outcome) {
        let then = table::reaction(&reaction, outcome.calls.len());
        ui.result(&format!("    OpenClaw {}: {then}", scene.version));
    }
}

pub(super) fn call_name(call: &Call<'_>) -> String {
    let name = match call.model() {
        Some(model) => format!("@{}/{model}", call.upstream),
        None => format!("@{}", call.upstream),
    };
    crate::mask::printable(&name).into_owned()
}

pub(super) fn answer(kind: AnswerKind) -> String {
    match kind {
        AnswerKind::Status(status) => status.to_string(),
        AnswerKind::Closed => "closed".to_owned(),
        AnswerKind::Unreachable => "unreachable".to_owned(),
        AnswerKind::Silence => "silence".to_owned(),
    }
}

fn json(scene: &Scene<'_>, found: &Branches<'_>) -> Json {
    let branches: Vec<Json> = found
        .list
        .iter()
        .map(|branch| branch_json(scene, branch))
        .collect();
    json!({
        "gateway": table::gateway(scene.gateway),
        "openclaw": scene.version.to_string(),
        "branches": branches,
        "leftOut": found.left_out,
    })
}

fn branch_json(scene: &Scene<'_>, branch: &Branch<'_>) -> Json {
    let requests: Vec<Json> = branch
        .outcomes
        .iter()
        .map(|outcome| outcome_json(scene, outcome))
        .collect();
    json!({ "share": branch.share, "requests": requests })
}

fn outcome_json(scene: &Scene<'_>, outcome: &Outcome<'_>) -> Json {
    let calls: Vec<Json> = outcome
        .calls
        .iter()
        .map(|call| {
            json!({
                "index": scene.config.index(call.target),
                "provider": call.upstream,
                "model": call.model(),
                "at": call.at,
                "answer": match call.answer {
                    AnswerKind::Status(status) => status.into(),
                    kind => Json::from(answer(kind)),
                },
            })
        })
        .collect();
    let reply = match &outcome.end {
        End::Reply(reply) => json!({
            "status": reply.status,
            "index": reply.target.map(|target| scene.config.index(target)),
            "retries": reply.retries,
            "cache": reply.cache,
            "cut": reply.is_cut,
            "message": reply.message,
            "errors": reply.errors,
        }),
        End::NoAnswer | End::TooManyCalls | End::Unknown(_) => Json::Null,
    };
    json!({
        "calls": calls,
        "reply": reply,
        "noAnswer": matches!(outcome.end, End::NoAnswer),
        "unknown": match &outcome.end {
            End::Unknown(what) => Some(what.as_str()),
            End::TooManyCalls => Some("too many calls to follow"),
            _ => None,
        },
        "elapsed": outcome.elapsed,
        "openclaw": reaction(scene.version, scene.way, outcome).map(|it| reaction_json(&it)),
    })
}

pub(super) fn reaction_json(reaction: &Reaction) -> Json {
    json!({
        "tries": reaction.tries,
        "fallsBack": reaction.falls_back,
        "seconds": reaction.seconds.map(|(least, most)| [least, most]),
        "seen": reaction.is_seen,
        "note": (!reaction.note.is_empty()).then_some(reaction.note),
    })
}
