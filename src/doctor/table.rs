//! All checks, in the order in which they run.

use crate::causes::{Area, Doubt, Symptom};

use super::{Check, Row, gateway, key, place, portkey, probe, profile, wiring};

pub(super) static CONFIG_FOUND: Check = Check {
    id: "config-found",
    row: Row::OpenClaw,
    symptoms: &[Symptom::OpenClaw],
    what: "the config exists and is the one OpenClaw uses",
    doubt: Doubt::None,
    vouches_for: &[],
    run: place::config_found,
};

pub(super) static CONFIG_READABLE: Check = Check {
    id: "config-readable",
    row: Row::OpenClaw,
    symptoms: &[Symptom::OpenClaw],
    what: "OpenClaw can read the config and starts with it",
    doubt: Doubt::Always,
    vouches_for: &[],
    run: wiring::readable,
};

pub(super) static GATEWAY_RUNNING: Check = Check {
    id: "gateway-running",
    row: Row::OpenClaw,
    symptoms: &[Symptom::OpenClaw],
    what: "the running gateway uses the current config",
    doubt: Doubt::None,
    vouches_for: &[],
    run: gateway::running,
};

pub(super) static WIRED: Check = Check {
    id: "wired",
    row: Row::Routing,
    symptoms: &[Symptom::Dashboard],
    what: "the primary, fallbacks and agents go through Portkey, and Portkey logs them",
    doubt: Doubt::Always,
    vouches_for: &[],
    run: wiring::wired,
};

pub(super) static KEY_GIVEN: Check = Check {
    id: "key-given",
    row: Row::Key,
    symptoms: &[Symptom::Unauthorized],
    what: "the gateway service has the intended key",
    doubt: Doubt::UntilAnswered,
    vouches_for: &[],
    run: key::given,
};

pub(super) static AUTH_PROFILE: Check = Check {
    id: "auth-profile",
    row: Row::Key,
    symptoms: &[Symptom::Unauthorized],
    what: "no OpenClaw auth profile overrides the key",
    doubt: Doubt::UntilAnswered,
    vouches_for: &[],
    run: profile::profile,
};

pub(super) static KEY_ACCEPTED: Check = Check {
    id: "key-accepted",
    row: Row::Key,
    symptoms: &[Symptom::Unauthorized],
    what: "Portkey accepts the key",
    doubt: Doubt::UntilAnswered,
    vouches_for: &[],
    run: portkey::key,
};

pub(super) static MODELS_KNOWN: Check = Check {
    id: "models-known",
    row: Row::Models,
    symptoms: &[Symptom::NotFound],
    what: "every model in use is declared and in the Model Catalog",
    doubt: Doubt::UntilAnswered,
    vouches_for: &[],
    run: portkey::models,
};

pub(super) static HEADERS_RIGHT: Check = Check {
    id: "headers-right",
    row: Row::Headers,
    symptoms: &[Symptom::Config],
    what: "headers and gateway configs are valid",
    doubt: Doubt::UntilAnswered,
    vouches_for: &[Area::Headers, Area::Routing],
    run: portkey::configs,
};

pub(super) static REACHABLE: Check = Check {
    id: "reachable",
    row: Row::Network,
    symptoms: &[Symptom::Network],
    what: "the base URL leads to Portkey, and OpenClaw allows requests to it",
    doubt: Doubt::UntilAnswered,
    vouches_for: &[],
    run: portkey::reachable,
};

pub(super) static PROBE: Check = Check {
    id: "probe",
    row: Row::Requests,
    symptoms: &[Symptom::RateLimited],
    what: "a small request to each model arrives",
    doubt: Doubt::None,
    vouches_for: &[],
    run: probe::answered,
};

/// All checks, in the order in which they run.
pub static CHECKS: &[&Check] = &[
    &CONFIG_FOUND,
    &CONFIG_READABLE,
    &GATEWAY_RUNNING,
    &WIRED,
    &KEY_GIVEN,
    &AUTH_PROFILE,
    &KEY_ACCEPTED,
    &MODELS_KNOWN,
    &HEADERS_RIGHT,
    &REACHABLE,
    &PROBE,
];
