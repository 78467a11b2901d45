//! `slug-unknown`

use super::model_not_in_catalog::missing;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "slug-unknown",
    area: Area::Online,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::Dashboard],
    summary: "no model of the key has this provider slug",
    why: "The part after `@` must be the slug of a provider in the key's workspace; it is not the \
          vendor's name, and upper and lower case count. Portkey answers 400 `Following keys are \
          not valid`. Models that a config or provider header routes are not looked at.",
    fix: "Take the id from `{run: models}`, or add the provider in the Model Catalog.",
    bad: &[],
    good: &[],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    missing(facts, &CAUSE, findings);
}
