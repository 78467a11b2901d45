//! `key-scope-missing`

use crate::portkey::refusal::Refused;

use super::key_rejected::report;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Level, Online, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "key-scope-missing",
    area: Area::Online,
    level: Level::Warning,
    symptoms: &[Symptom::NotFound, Symptom::Unauthorized],
    summary: "the API key lacks a permission",
    why: "Portkey knows the key, but the key may not list models (`models.list`, which some \
          gateways call `virtual_keys.list`). Chat needs another permission, `completions.write`, \
          which was not tested because a request costs money.",
    fix: "Give the key both permissions at <https://app.portkey.ai/api-keys>.",
    bad: &[],
    good: &[],
    in_doctor: InDoctor::Elsewhere,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if let Some(Online {
        models: Err(refusal),
        ..
    }) = facts.online
        && refusal.cause == Refused::MissingScope
    {
        report(facts, findings, refusal.cause);
    }
}
