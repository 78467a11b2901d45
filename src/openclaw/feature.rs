//! Differences in behaviour between OpenClaw versions: one table, where each boundary lies between
//! two versions that were run.
//!
//! Which settings a version accepts is in the schema table instead. `tests/e2e/boundaries` rechecks
//! most of these boundaries for a new version.

use super::Version;

/// A behaviour that newer versions have and older ones don't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// A `SecretRef` can provide a key or a header's value.
    SecretRefs,
    /// A `SecretRef` can have the source `store`.
    SecretStore,
    /// A provider's headers are also sent for models that it doesn't declare.
    HeadersForUndeclared,
    /// A fallback is tried even if `agents.defaults.models` doesn't list it.
    UnlistedFallbacks,
    /// If no primary is set, one is picked from the configured providers.
    PrimaryFromProviders,
    /// The config is read when it changes, not for each message.
    ConfigReadOnce,
    /// A reference may end with an auth profile.
    ProfileInReference,
    /// Allow-lists accept `provider/*`.
    Wildcards,
    /// Context windows are accepted from 4000 tokens, not just from 16000.
    SmallWindows,
    /// `audio` and `video` are valid input kinds of a model.
    Media,
    /// An allow-list without the primary sends requests elsewhere.
    ListFiltersPrimary,
    /// The output limit of a request is whatever the context window leaves.
    OutputFitsWindow,
    /// A model id on its own finds the provider that has the model.
    OwnerOfBareId,
    /// A 404 triggers a fallback.
    FallbackAfter404,
    /// A host name that resolves to a private address is refused.
    PrivateHostsBlocked,
    /// Auth profiles are read from each agent's database; the JSON file is ignored.
    ProfilesInDatabase,
    /// A denial by a guardrail or a budget isn't printed as the reply.
    DenialIsFailure,
    /// `openclaw models auth logout` removes an auth profile.
    ProfileLogout,
    /// An auth-profiles.json that wasn't migrated stops every request.
    OldProfilesStop,
    /// A 401 or 403 disables the whole provider, so its other models aren't tried as fallbacks.
    RefusedKeyStopsProvider,
    /// An allow-list without the primary redirects requests only if it has a `provider/*`.
    OnlyWildcardsFilter,
}

/// The versions between which a behaviour appears.
#[derive(Clone, Copy, Debug)]
pub struct Boundary {
    /// The behaviour.
    pub feature: Feature,
    /// The newest version seen without it.
    pub last_without: Version,
    /// The oldest version seen with it.
    pub first_with: Version,
    /// What OpenClaw does from then on.
    pub what: &'static str,
}

const fn boundary(
    feature: Feature,
    last_without: (u16, u16),
    first_with: (u16, u16),
    what: &'static str,
) -> Boundary {
    Boundary {
        feature,
        last_without: Version::new(2026, last_without.0, last_without.1),
        first_with: Version::new(2026, first_with.0, first_with.1),
        what,
    }
}

/// Every boundary, oldest first. One per line, because `tests/e2e/boundaries` reads them.
#[rustfmt::skip]
pub static BOUNDARIES: &[Boundary] = &[
    boundary(Feature::ConfigReadOnce, (2, 12), (2, 17), "reads the config when it changes, not for each message"),
    boundary(Feature::SecretRefs, (2, 17), (3, 13), "accepts a SecretRef as a key or a header"),
    boundary(Feature::HeadersForUndeclared, (2, 17), (3, 13), "sends the provider's headers even with a model that the provider does not declare"),
    boundary(Feature::UnlistedFallbacks, (2, 17), (3, 13), "tries a fallback that is not in `agents.defaults.models`"),
    boundary(Feature::PrimaryFromProviders, (2, 17), (3, 13), "takes the primary from the configured providers if none is set"),
    boundary(Feature::ProfileInReference, (2, 17), (3, 13), "accepts an auth profile at the end of a reference"),
    boundary(Feature::Wildcards, (2, 17), (5, 28), "accepts `provider/*` in allow-lists"),
    boundary(Feature::OwnerOfBareId, (3, 13), (4, 15), "finds the provider from just a model's id"),
    boundary(Feature::FallbackAfter404, (3, 13), (4, 15), "tries the fallback after a 404"),
    boundary(Feature::SmallWindows, (4, 15), (5, 28), "accepts context windows from 4,000 tokens, instead of 16,000"),
    boundary(Feature::Media, (4, 15), (5, 28), "accepts `audio` and `video` as a model's input types"),
    boundary(Feature::ListFiltersPrimary, (4, 15), (5, 28), "uses another model if an allow-list omits the primary"),
    boundary(Feature::OutputFitsWindow, (4, 15), (5, 28), "limits the answer to the space left in the context window"),
    boundary(Feature::ProfileLogout, (5, 28), (8, 1), "has the command `openclaw models auth logout`"),
    boundary(Feature::DenialIsFailure, (5, 28), (7, 1), "does not print a refusal by a guardrail or budget as the reply"),
    boundary(Feature::PrivateHostsBlocked, (6, 1), (6, 35), "blocks a host name that resolves to a private address"),
    boundary(Feature::ProfilesInDatabase, (6, 1), (6, 35), "reads auth profiles from each agent's database, and ignores `auth-profiles.json`"),
    boundary(Feature::SecretStore, (7, 1), (8, 1), "accepts a SecretRef with the source `store`"),
    boundary(Feature::OldProfilesStop, (7, 35), (8, 1), "calls no model until `auth-profiles.json` is moved"),
    boundary(Feature::RefusedKeyStopsProvider, (7, 35), (8, 1), "turns a provider off after a 401 or 403, so its fallbacks are not tried"),
    boundary(Feature::OnlyWildcardsFilter, (9, 1), (9, 6), "uses another model only if the allow-list that omits the primary has a `provider/*`"),
];

impl Feature {
    fn boundary(self) -> &'static Boundary {
        // A test checks that each feature has a row.
        BOUNDARIES
            .iter()
            .find(|row| row.feature == self)
            .unwrap_or(&BOUNDARIES[0])
    }

    /// The oldest version seen with it.
    #[must_use]
    pub fn first_with(self) -> Version {
        self.boundary().first_with
    }
}

impl Version {
    /// Whether this version has the feature: it is at least as new as one seen with it.
    #[must_use]
    pub fn has(self, feature: Feature) -> bool {
        self >= feature.boundary().first_with
    }

    /// Whether this version certainly lacks the feature: it is at most as new as one seen without
    /// it. In between, both this and [`Self::has`] are false.
    #[must_use]
    pub fn lacks(self, feature: Feature) -> bool {
        self <= feature.boundary().last_without
    }
}

#[cfg(test)]
mod tests {
    use super::{BOUNDARIES, Feature};
    use crate::openclaw::Version;

    #[test]
    fn every_feature_has_one_boundary() {
        for (index, row) in BOUNDARIES.iter().enumerate() {
            assert!(row.last_without < row.first_with, "{row:?}");
            assert!(row.first_with <= Version::NEWEST, "{row:?}");
            assert!(Version::NEWEST.has(row.feature), "{row:?}");
            let same = |other: &&super::Boundary| other.feature == row.feature;
            assert_eq!(BOUNDARIES.iter().filter(same).count(), 1, "{row:?}");
            if let Some(next) = BOUNDARIES.get(index + 1) {
                assert!(row.last_without <= next.last_without, "{row:?}");
            }
        }
        // The compatibility page lists the same rows.
        let page = include_str!("../../docs/compatibility.md");
        for row in BOUNDARIES {
            let line = format!(
                "| {} | {} | {} |\n",
                row.what, row.last_without, row.first_with
            );
            assert!(page.contains(&line), "docs/compatibility.md lacks {line}");
        }
        // The last variant, so that none is missing.
        assert_eq!(BOUNDARIES.len(), Feature::OnlyWildcardsFilter as usize + 1);
    }

    #[test]
    fn versions_before_between_and_after() {
        let version = |text| Version::parse(text).unwrap();
        for (text, has, lacks) in [
            ("2026.6.1", false, true),
            ("2026.6.20", false, false),
            ("2026.6.35", true, false),
            ("2026.9.6", true, false),
        ] {
            let version = version(text);
            assert_eq!(version.has(Feature::PrivateHostsBlocked), has, "{text}");
            assert_eq!(version.lacks(Feature::PrivateHostsBlocked), lacks, "{text}");
        }
        assert!(version("2026.7.35").lacks(Feature::RefusedKeyStopsProvider));
        assert!(version("2026.8.1").has(Feature::RefusedKeyStopsProvider));
    }
}
