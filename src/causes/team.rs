//! Problems with a team file, sorted by id.

use super::{Area, Cause, Symptom};

const fn team(id: &'static str) -> Cause {
    Cause::new(id, Area::Team, &[Symptom::Team])
}

pub(crate) static CONTRADICTION: Cause = team("team-contradiction")
    .because(
        "a team file says two things that cannot both hold",
        "What the file asks of every openclaw.json, of its keys and in its policy has to fit together: otherwise no config could follow it, or a setting would do nothing.",
    )
    .fixed_by("Change one of the two; the finding says which.", "");

pub(crate) static KEY_DUPLICATE: Cause = team("team-key-duplicate")
    .because(
        "a key or a name is in a team file twice",
        "JSON readers keep the last of two equal keys, so what the first one says is lost.",
    )
    .fixed_by("Remove one of them, or rename it.", "");

pub(crate) static KEY_MISSING: Cause = team("team-key-missing")
    .because(
        "a team file lacks a key that has to be there",
        "A gateway config needs its `file`, and an API key has to say whose it is: `user`, `service` or `agent`.",
    )
    .fixed_by("Add the key.", "");

pub(crate) static KEY_UNKNOWN: Cause = team("team-key-unknown")
    .because(
        "a team file has an unknown key",
        "A misspelt setting would do nothing: a key without its budget, a policy that checks nothing.",
    )
    .fixed_by("Rename the key, or remove it. `{run: team init}` writes an example with all keys.", "");

pub(crate) static REFERENCE: Cause = team("team-reference")
    .because(
        "a team file names something that it doesn't have",
        "`config` names one of `configs` or an id, and primary and fallbacks are among `models`.",
    )
    .fixed_by("Fix the name, or add what it names.", "");

pub(crate) static TYPE: Cause = team("team-type")
    .because(
        "a value in a team file is of the wrong type",
        "Budgets, rates and names are strings, flags are `true` or `false`, and lists are in `[ … ]`.",
    )
    .fixed_by("Write a value of the type that the finding names.", "");

pub(crate) static VALUE: Cause = team("team-value")
    .because(
        "a value in a team file cannot be used",
        "Budgets are written like `500 usd/month`, rates like `100/min`, models like `@slug/model`, and headers have to fit into a request.",
    )
    .fixed_by("Write the value in the form that the finding names.", "");

pub(super) static TABLE: &[&Cause] = &[
    &CONTRADICTION,
    &KEY_DUPLICATE,
    &KEY_MISSING,
    &KEY_UNKNOWN,
    &REFERENCE,
    &TYPE,
    &VALUE,
];
