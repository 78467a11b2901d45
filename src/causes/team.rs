//! Problems with a team file, sorted by id.

use super::{Area, Cause, Symptom};

const fn team(id: &'static str) -> Cause {
    Cause::new(id, Area::Team, &[Symptom::Team])
}

pub(crate) static CONTRADICTION: Cause = team("team-contradiction")
    .because(
        "two settings in a team file contradict each other",
        "What the file requires of every openclaw.json, of its keys and in its policy must be consistent. Otherwise no config could comply, or a setting would have no effect.",
    )
    .fixed_by("Change one of the two, as the message says.", "");

pub(crate) static KEY_DUPLICATE: Cause = team("team-key-duplicate")
    .because(
        "a key or a name is duplicated in a team file",
        "JSON readers keep the last of two equal keys, so the first is lost.",
    )
    .fixed_by("Remove one of them, or rename it.", "");

pub(crate) static KEY_MISSING: Cause = team("team-key-missing")
    .because(
        "a team file lacks a required key",
        "A gateway config needs its `file`, and an API key needs an owner: `user`, `service` or `agent`.",
    )
    .fixed_by("Add the key.", "");

pub(crate) static KEY_UNKNOWN: Cause = team("team-key-unknown")
    .because(
        "a team file has an unknown key",
        "A misspelt setting would have no effect: a key would have no budget, a policy would check nothing.",
    )
    .fixed_by("Rename the key, or remove it. `{run: team init}` writes an example with all keys.", "");

pub(crate) static REFERENCE: Cause = team("team-reference")
    .because(
        "a team file refers to something that it doesn't define",
        "`config` must be one of `configs` or an id, and the primary and fallbacks must be among \
         `models`.",
    )
    .fixed_by("Fix the name, or add what it refers to.", "");

pub(crate) static TYPE: Cause = team("team-type")
    .because(
        "a value in a team file has the wrong type",
        "Budgets, rates and names are strings, flags are `true` or `false`, and lists are in `[ … ]`.",
    )
    .fixed_by("Use a value of the type that the message names.", "");

pub(crate) static VALUE: Cause = team("team-value")
    .because(
        "a value in a team file is invalid",
        "Budgets are written like `500 usd/month`, rates like `100/min`, models like `@slug/model`, and headers must be valid in HTTP.",
    )
    .fixed_by("Write the value in the form that the message names.", "");

pub(super) static TABLE: &[&Cause] = &[
    &CONTRADICTION,
    &KEY_DUPLICATE,
    &KEY_MISSING,
    &KEY_UNKNOWN,
    &REFERENCE,
    &TYPE,
    &VALUE,
];
