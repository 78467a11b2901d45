//! Recognises the cause behind a status or a pasted text.

use std::cmp::Reverse;

use crate::pasted::Pasted;
use crate::portkey::refusal::{Refused, Stage, begun_in, cause_in};

use super::{Area, Cause, all, by_id, for_refusal};

/// The most common of the causes that share a status with others.
const LIKELIEST: [&str; 14] = [
    "invalid-key",
    "missing-scope",
    "unknown-slug",
    "no-provider",
    "unknown-config",
    "wrong-path",
    "model-not-found",
    "key-budget",
    "model-not-allowed",
    "upstream-unauthorized",
    "upstream-rate-limit",
    "upstream-failed",
    "gateway-failed",
    "upstream-rejected",
];

/// The causes that an HTTP status can mean, likeliest first: the gateway's, then a provider's, then
/// those of Portkey's admin API, which only this program calls.
#[must_use]
pub fn for_status(status: u16) -> Vec<&'static Cause> {
    let mut found: Vec<_> = all()
        .filter(|cause| cause.statuses.contains(&status))
        .collect();
    found.sort_by_key(|cause| {
        let rank = LIKELIEST.iter().position(|id| *id == cause.id);
        let stage = cause.reply.map(Refused::stage);
        (stage == Some(Stage::Admin), rank.unwrap_or(LIKELIEST.len()))
    });
    found
}

/// The causes that a pasted text shows: an error reply, a line of OpenClaw's log, a short
/// complaint. The most specific match wins: an id printed by this program, then a text that only
/// one failure has, then a status, then a text that fits many causes. Returns several, likeliest
/// first, if there is only a status; none if nothing matches.
#[must_use]
pub fn recognise(text: &str) -> Vec<&'static Cause> {
    let pasted = Pasted::read(text);
    let exact = named(&pasted)
        .or_else(|| best(&pasted, Area::OpenClaw))
        .or_else(|| cause_in(&pasted).map(for_refusal))
        .or_else(|| best(&pasted, Area::Connection))
        .or_else(|| truncated(&pasted));
    if let Some(cause) = exact {
        return vec![cause];
    }
    let by_status = pasted.status().map(for_status).unwrap_or_default();
    if by_status.is_empty() {
        best(&pasted, Area::Complaint).into_iter().collect()
    } else {
        by_status
    }
}

/// The cause whose id the text contains, as in this program's output.
fn named(pasted: &Pasted) -> Option<&'static Cause> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    pasted
        .folded()
        .split(|c| !is_part(c))
        .filter(|word| word.contains('-') && word.len() >= 8)
        .find_map(by_id)
}

/// The cause of an area that matches most of the text.
fn best(pasted: &Pasted, area: Area) -> Option<&'static Cause> {
    let held = |cause: &'static Cause| {
        let words = cause.words.iter();
        words.filter_map(|words| pasted.holds(words, false)).max()
    };
    all()
        .filter(|cause| cause.area == area)
        .filter_map(|cause| Some((held(cause)?, cause)))
        .min_by_key(|(held, _)| Reverse(*held))
        .map(|(_, cause)| cause)
}

/// The only cause whose text starts with what precedes an ellipsis.
fn truncated(pasted: &Pasted) -> Option<&'static Cause> {
    let of_words = all().flat_map(|cause| {
        let words = cause.words.iter();
        words.filter_map(move |words| Some((pasted.holds(words, true)?, cause)))
    });
    let of_replies = begun_in(pasted).map(|(held, refused)| (held, for_refusal(refused)));
    // Skip causes with a complete text that matches as much: on its own that text fits many causes.
    let found: Vec<_> = of_words
        .chain(of_replies)
        .filter(|(held, cause)| {
            let mut whole = cause
                .words
                .iter()
                .filter_map(|words| pasted.holds(words, false));
            !whole.any(|whole| whole >= *held)
        })
        .collect();
    let most = found.iter().map(|(held, _)| *held).max()?;
    let mut likely = found.iter().filter(|(held, _)| *held == most);
    let (_, first) = likely.next()?;
    likely.all(|(_, cause)| cause == first).then_some(first)
}
