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
    /// The newest version whose behaviour is known here.
    pub const NEWEST: Version = Version::new(2026, 9, 6);

    /// A version from its three numbers.
    #[must_use]
    pub const fn new(year: u16, month: u16, patch: u16) -> Self {
        Self { year, month, patch }
    }

    /// Reads `2026.9.6` or `v2026.2.17-1`; anything else is `None`.
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

/// What is known of the version at hand, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// The command line names it.
    Flag(Version),
    /// `meta.lastTouchedVersion` in the config.
    Config(Version),
    /// The `openclaw` that is installed.
    Installed(Version),
    /// Nothing says.
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
    /// The one order for every command: what the command line names, then the `openclaw` that is
    /// installed, then the one that last wrote the config. `installed` is left out for a file that
    /// need not be this machine's, so that its judgement is the same everywhere.
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

    /// Where the version comes from, in one word for JSON.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Flag(_) => "flag",
            Self::Installed(_) => "installed",
            Self::Config(_) => "config",
            Self::Unknown => "unknown",
        }
    }

    /// Whether `audio` and `video` are kinds of a model's input. Of an unknown version it is not
    /// assumed.
    #[must_use]
    pub fn knows_media(self) -> bool {
        self != Self::Unknown && self.version().has(Feature::Media)
    }

    /// The version to judge by; the newest known when nothing says.
    #[must_use]
    pub fn version(self) -> Version {
        match self {
            Self::Flag(version) | Self::Config(version) | Self::Installed(version) => version,
            Self::Unknown => Version::NEWEST,
        }
    }

    /// Whether the `models` map of an agent has to be treated as an allow-list. Of an unknown
    /// version this is assumed: an entry more is harmless where the map restricts nothing, an
    /// entry too few sends requests to another provider where it does.
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
    fn reads_calendar_versions() {
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
