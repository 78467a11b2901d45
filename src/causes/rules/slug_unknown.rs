//! `slug-unknown`

use super::model_not_in_catalog::missing;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(in crate::causes) static CAUSE: Cause = Cause {
    id: "slug-unknown",
    area: Area::Online,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::Dashboard],
    summary: "the key has no models with this provider slug",
    why: "The part after `@` must be the slug of a provider in the key's workspace. It is not the \
          vendor's name, and it is case-sensitive. Portkey answers 400 `Following keys are not \
          valid`. Models routed by a config or provider header are not checked.",
    fix: "Copy the id from `{run: models}`, or add the provider in the Model Catalog.",
    bad: &[],
    good: &[],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    missing(facts, &CAUSE, findings);
}
