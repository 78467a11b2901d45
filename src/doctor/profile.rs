//! Auth profiles, which behave in three ways depending on the version. Up to 2026.6.1, a profile in
//! the agent's file is sent instead of the config's key; from 2026.6.35 on the file is ignored and
//! the agent's database is used, then the config's key; from 2026.8.1 on a file that wasn't
//! migrated stops every request.

use crate::causes::Facts;
use crate::causes::machine::{AUTH_PROFILE, AUTH_PROFILES_LEGACY};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::help::{Help, Run};
use crate::openclaw::{Config, Feature, VersionSource, default_agent, find_agent};
use crate::portkey::printable;
use crate::secret::Secret;

use super::facts::{AuthProfile, Fact, Machine, ProfileStore};
use super::key::{KeyInUse, key_in_use};
use super::{Diagnostics, DoctorFacts};

/// Where a version looks for auth profiles.
fn store(version: VersionSource) -> ProfileStore {
    if version.version().has(Feature::ProfilesInDatabase) {
        ProfileStore::Database
    } else {
        ProfileStore::File
    }
}

/// The profile whose key is sent instead of the config's, for the default agent.
pub(super) fn effective_profile<'m>(
    config: &Config,
    version: VersionSource,
    provider_id: &str,
    machine: &'m Machine,
) -> Option<&'m AuthProfile> {
    let agent = default_agent(config);
    let store = store(version);
    let is_its_own = |profile: &&AuthProfile| {
        let owner = profile.agent.as_deref();
        profile.is_ours
            && profile.store == store
            && owner.is_none_or(|owner| owner.eq_ignore_ascii_case(&agent))
    };
    let mut profiles = machine.profiles.known()?.iter().filter(is_its_own);
    let Some(order) = config.at(&["auth", "order", provider_id]) else {
        return profiles.next();
    };
    // Profiles that the order omits aren't used; an empty order disables all.
    let profiles: Vec<_> = profiles.collect();
    order.items().iter().find_map(|item| {
        let id = item.text()?;
        profiles.iter().copied().find(|profile| profile.id == id)
    })
}

pub(super) fn profile(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    if let Fact::Unknown(reason) = &evidence.machine.profiles {
        return out.skipped(format!("auth profiles could not be read: {reason}"));
    }
    if old_profiles(facts, evidence, out) {
        return;
    }
    let id = evidence.provider_id;
    let Some(profile) = effective_profile(facts.config, facts.version, id, evidence.machine) else {
        if !of_other_agents(facts, evidence, out) {
            out.passed("no OpenClaw auth profile overrides the key");
        }
        return;
    };
    let configured = configured_key(facts, id, evidence.machine);
    if configured.is_some() && profile.key.as_ref() == configured.as_ref() {
        return out.note(format!(
            "the auth profile {} contains the same key, so changing the key in the config will \
             have no effect",
            profile.id
        ));
    }
    let is_first = profile.store == ProfileStore::Database;
    let tail = if is_first {
        "; the config's key is only tried after a 401"
    } else {
        ""
    };
    let message = match (&profile.key, configured) {
        (Some(_), Some(_)) => format!(
            "the auth profile {}{} has a different key than the config and takes precedence{tail}",
            profile.id,
            whose(profile)
        ),
        _ => format!(
            "the auth profile {}{} takes precedence over the config's key{tail}",
            profile.id,
            whose(profile)
        ),
    };
    // Only Portkey knows whether its key is rejected.
    out.push(
        Diagnostic::of(&AUTH_PROFILE, message)
            .at(Location::file(&profile.file))
            .help(without(profile, facts)),
    );
}

fn whose(profile: &AuthProfile) -> String {
    let agent = profile.agent.as_ref();
    agent.map_or_else(String::new, |agent| format!(" of agent {agent}"))
}

/// How to remove a profile, or to work around it if the version has no command for that.
fn without(profile: &AuthProfile, facts: &Facts<'_>) -> Help {
    if !facts.version.version().has(Feature::ProfileLogout) {
        let provider = profile.id.split(':').next().unwrap_or_default();
        let provider = printable(provider, 40);
        return Help::from(format!(
            "add `auth: {{ order: {{ {provider}: [] }} }}` to the config, or remove the profile from the file"
        ));
    }
    let default = default_agent(facts.config);
    let mut run = Run::openclaw("models auth logout").value(&profile.id);
    if let Some(agent) = profile.agent.as_ref().filter(|agent| **agent != default) {
        run = run.flag("--agent").value(agent);
    }
    Help::from("Run: ").run(run.flag("--yes"))
}

/// Profiles in the old file, for versions that send no requests at all as long as it exists.
fn old_profiles(facts: &Facts<'_>, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) -> bool {
    if !facts.version.version().has(Feature::OldProfilesStop) {
        return false;
    }
    let agent = default_agent(facts.config);
    let profiles = evidence.machine.profiles.known().into_iter().flatten();
    let mut old = profiles.filter(|profile| {
        let owner = profile.agent.as_deref();
        profile.store == ProfileStore::File
            && owner.is_none_or(|owner| owner.eq_ignore_ascii_case(&agent))
    });
    let Some(first) = old.next() else {
        return false;
    };
    let message = format!(
        "{} has auth profiles that OpenClaw {} needs to move first, so no model is called",
        (evidence.short)(&first.file),
        facts.version.version()
    );
    let found = Diagnostic::of(&AUTH_PROFILES_LEGACY, message).at(Location::file(&first.file));
    // The version may be older and use the file.
    out.push(if facts.version == VersionSource::Unknown {
        found.level(Level::Warning)
    } else {
        found
    });
    true
}

/// Profiles of agents other than the default one.
fn of_other_agents(facts: &Facts<'_>, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) -> bool {
    let configured = configured_key(facts, evidence.provider_id, evidence.machine);
    let store = store(facts.version);
    let profiles = evidence.machine.profiles.known().into_iter().flatten();
    let known = |id: &str| find_agent(facts.config, id).is_some() || id == "main";
    let mut found = false;
    let agent = default_agent(facts.config);
    for profile in profiles.filter(|profile| profile.is_ours && profile.store == store) {
        let owner = profile.agent.as_deref().unwrap_or_default();
        let is_same = configured.is_some() && profile.key == configured;
        if owner.eq_ignore_ascii_case(&agent) || is_same || !known(owner) {
            continue;
        }
        found = true;
        let message = format!(
            "the agent {owner} uses the auth profile {}, not the config's key",
            profile.id
        );
        out.push(
            Diagnostic::note(&AUTH_PROFILE, message)
                .at(Location::file(&profile.file))
                .help(without(profile, facts)),
        );
    }
    found
}

/// The key that would be sent without profiles.
fn configured_key(facts: &Facts<'_>, provider_id: &str, machine: &Machine) -> Option<Secret> {
    let without = Machine {
        profiles: Fact::Known(Vec::new()),
        ..machine.clone()
    };
    match key_in_use(
        facts.config,
        facts.version,
        facts.provider(provider_id),
        &without,
    ) {
        KeyInUse::Known(key, _) => Some(key),
        KeyInUse::Unknown(_) | KeyInUse::Missing(_) => None,
    }
}
