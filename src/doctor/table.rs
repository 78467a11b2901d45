//! All checks, in the order in which they are told.

use crate::symptoms::Group;

use super::{Check, gateway, key, place, portkey, probe, wiring};

const fn check(
    id: &'static str,
    group: Group,
    what: &'static str,
    run: fn(&super::DoctorFacts<'_>, &mut super::Outcomes),
) -> Check {
    Check {
        id,
        group,
        what,
        run,
    }
}

/// All checks.
pub const CHECKS: &[Check] = &[
    check(
        "config-found",
        Group::OpenClaw,
        "the config exists, and is the one that OpenClaw uses",
        place::config_found,
    ),
    check(
        "config-readable",
        Group::OpenClaw,
        "OpenClaw can read the config and starts with it",
        wiring::readable,
    ),
    check(
        "gateway-running",
        Group::OpenClaw,
        "the running gateway uses this config as it is now",
        gateway::running,
    ),
    check(
        "wired",
        Group::Dashboard,
        "primary, fallbacks and agents go through Portkey, and Portkey logs them",
        wiring::wired,
    ),
    check(
        "key-given",
        Group::Unauthorized,
        "the gateway service has the key that is meant",
        key::given,
    ),
    check(
        "auth-profile",
        Group::Unauthorized,
        "no auth profile of OpenClaw takes the key's place",
        key::profile,
    ),
    check(
        "key-accepted",
        Group::Unauthorized,
        "Portkey accepts the key",
        portkey::key,
    ),
    check(
        "models-known",
        Group::NotFound,
        "every model that is referred to is declared, and is in the Model Catalog",
        portkey::models,
    ),
    check(
        "headers-right",
        Group::Config,
        "headers and gateway configs are as Portkey takes them",
        portkey::configs,
    ),
    check(
        "reachable",
        Group::Network,
        "the base URL leads to Portkey, and OpenClaw lets requests go there",
        portkey::reachable,
    ),
    check(
        "probe",
        Group::RateLimited,
        "a small request to each model arrives",
        probe::answered,
    ),
];
