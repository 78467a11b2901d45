//! OpenClaw's calendar versions, and what differs between them.

use std::fmt;

use super::Feature;

/// A version such as `2026.9.6`; a suffix (`-beta.1`) is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    year: u16,
    month: u16,
    patch: u16,
}

impl Version {
    /// The newest version whose behaviour is known.
    pub const NEWEST: Version = Version::new(2026, 9, 6);

    /// A version from its three numbers.
    #[must_use]
    pub const fn new(year: u16, month: u16, patch: u16) -> Self {
        Self { year, month, patch }
    }

    /// Parses `2026.9.6` or `v2026.2.17-1`; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(str::parse);
        let version = Self::new(
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
        );
        parts.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.year, self.month, self.patch)
    }
}

/// The OpenClaw version to check against, and where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// Given on the command line.
    Flag(Version),
    /// `meta.lastTouchedVersion` in the config.
    Config(Version),
    /// The installed `openclaw`.
    Installed(Version),
    /// Not found.
    Unknown,
}

impl fmt::Display for VersionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(version) => write!(f, "{version} (--openclaw-version)"),
            Self::Installed(version) => write!(f, "{version} (installed)"),
            Self::Config(version) => write!(f, "{version} (last wrote the config)"),
            Self::Unknown => write!(f, "version unknown; assuming {}", Version::NEWEST),
        }
    }
}

impl VersionSource {
    /// The order is the same for every command: the command line, then the installed `openclaw`,
    /// then the version that last wrote the config. Pass no `installed` version for a file that may
    /// not belong to this machine, so that the result is the same everywhere.
    #[must_use]
    pub fn of(
        flag: Option<Version>,
        installed: Option<Version>,
        written_by: Option<Version>,
    ) -> Self {
        flag.map(Self::Flag)
            .or_else(|| installed.map(Self::Installed))
            .or_else(|| written_by.map(Self::Config))
            .unwrap_or(Self::Unknown)
    }

    /// The source in one word, for JSON.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Flag(_) => "flag",
            Self::Installed(_) => "installed",
            Self::Config(_) => "config",
            Self::Unknown => "unknown",
        }
    }

    /// Whether `audio` and `video` are valid input kinds of a model. Not assumed for an unknown
    /// version.
    #[must_use]
    pub fn knows_media(self) -> bool {
        self != Self::Unknown && self.version().has(Feature::Media)
    }

    /// The version to check against; the newest known one if unknown.
    #[must_use]
    pub fn version(self) -> Version {
        match self {
            Self::Flag(version) | Self::Config(version) | Self::Installed(version) => version,
            Self::Unknown => Version::NEWEST,
        }
    }

    /// Whether an agent's `models` map must be treated as an allow-list. Assumed for an unknown
    /// version: an extra entry is harmless if the map doesn't restrict, but a missing entry sends
    /// requests to another provider if it does.
    #[must_use]
    pub fn models_map_restricts(self) -> bool {
        match self {
            Self::Unknown => true,
            known => !known.version().has(Feature::OnlyWildcardsFilter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Version, VersionSource};

    #[test]
    fn parses_calendar_versions() {
        let cases = [
            ("2026.9.6", Some(Version::new(2026, 9, 6))),
            ("v2026.2.17-1", Some(Version::new(2026, 2, 17))),
            ("2026.10.1+x", Some(Version::new(2026, 10, 1))),
            ("2026.9", None),
            ("2026.9.6.1", None),
            ("latest", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Version::parse(text), expected, "{text}");
        }
        assert!(Version::new(2026, 10, 1) > Version::NEWEST);
        assert_eq!(Version::NEWEST.to_string(), "2026.9.6");
    }

    #[test]
    fn allow_list_follows_the_version() {
        let map = |text| {
            let version = Version::parse(text).unwrap();
            VersionSource::Installed(version).models_map_restricts()
        };
        assert!(map("2026.2.17"));
        assert!(map("2026.8.1"));
        assert!(!map("2026.9.6"));
        assert!(VersionSource::Unknown.models_map_restricts());
        assert!(!VersionSource::Installed(Version::NEWEST).models_map_restricts());
    }
}
