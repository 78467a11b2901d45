//! The keys that each OpenClaw version knows below `models` and `agents`, from `keys.tsv`.
//!
//! `scripts/keys.py` writes that file from the versions' own schemas. An object's line is parsed
//! when a config has such an object: few configs have more than a dozen of the two hundred.

use std::sync::{LazyLock, OnceLock};

use crate::openclaw::Version;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("keys.tsv")));

/// No object.
pub(super) const NONE: u16 = u16::MAX;

/// An object of the config.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Object {
    /// Every key that some version knows, sorted.
    pub(super) keys: Vec<Key>,
    /// The versions that refuse every other key, bit by bit as in [`versions`].
    pub(super) closed: u8,
    /// The number of the object behind every other key.
    pub(super) rest: u16,
}

/// A key of an [`Object`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// The versions that know it, bit by bit as in [`versions`].
    pub(super) versions: u8,
    /// The number of its value's object, or of its items'.
    pub(super) object: u16,
}

/// The versions of the table, oldest first.
pub(super) fn versions() -> &'static [Version] {
    &TABLE.versions
}

/// The number of the object behind `models`.
pub(super) fn models() -> u16 {
    TABLE.models
}

/// The number of the object behind `agents`.
pub(super) fn agents() -> u16 {
    TABLE.agents
}

/// An object by its number; `None` for [`NONE`].
pub(super) fn object(number: u16) -> Option<&'static Object> {
    let (line, object) = TABLE.objects.get(usize::from(number))?;
    Some(object.get_or_init(|| Object::read(line).unwrap_or_default()))
}

struct Table {
    versions: Vec<Version>,
    models: u16,
    agents: u16,
    /// The lines of the objects.
    objects: Vec<(&'static str, OnceLock<Object>)>,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self {
            versions: Vec::new(),
            models: NONE,
            agents: NONE,
            objects: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, rest) = line.split_once('\t').unwrap_or_default();
            match name {
                "versions" => table.versions = rest.split(' ').filter_map(Version::parse).collect(),
                "models" => table.models = number(rest).unwrap_or(NONE),
                "agents" => table.agents = number(rest).unwrap_or(NONE),
                _ => table.objects.push((rest, OnceLock::new())),
            }
        }
        table
    }
}

impl Object {
    /// Reads a line behind its number.
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        Some(Self {
            closed: bits(columns.next()?)?,
            rest: number(columns.next()?)?,
            keys: columns
                .next()?
                .split_terminator(' ')
                .map(Key::read)
                .collect::<Option<_>>()?,
        })
    }
}

impl Key {
    fn read(text: &'static str) -> Option<Self> {
        let mut parts = text.split(':');
        Some(Self {
            name: parts.next()?,
            versions: bits(parts.next()?)?,
            object: parts.next().map_or(Some(NONE), number)?,
        })
    }
}

fn bits(text: &str) -> Option<u8> {
    u8::from_str_radix(text, 16).ok()
}

fn number(text: &str) -> Option<u16> {
    match text {
        "-" => Some(NONE),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_object(number: u16) -> bool {
        number == NONE || usize::from(number) < TABLE.objects.len()
    }

    #[test]
    fn every_line_is_well_formed() {
        let lines = include_str!("keys.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let (heads, objects): (Vec<_>, Vec<_>) =
            lines.partition(|line| line.starts_with(char::is_alphabetic));
        let names: Vec<&str> = heads
            .iter()
            .map(|line| line.split('\t').next().unwrap())
            .collect();
        assert_eq!(names, ["versions", "models", "agents"]);
        let versions: Vec<String> = versions().iter().map(Version::to_string).collect();
        assert_eq!(heads[0], format!("versions\t{}", versions.join(" ")));
        for (index, line) in objects.iter().enumerate() {
            let (number, rest) = line.split_once('\t').unwrap();
            assert_eq!(number, index.to_string());
            assert_eq!(rest.split('\t').count(), 3, "{line}");
            let object = Object::read(rest);
            assert!(object.is_some(), "{line}");
            assert_eq!(
                object.as_ref(),
                super::object(u16::try_from(index).unwrap())
            );
        }
        assert!(objects.len() > 100);
    }

    #[test]
    fn the_table_is_sorted_and_closed_in_itself() {
        let all = (1_u16 << versions().len()) - 1;
        for (number, _) in (0..).zip(&TABLE.objects) {
            let object = object(number).unwrap();
            for pair in object.keys.windows(2) {
                assert!(pair[0].name < pair[1].name, "{number}: {}", pair[1].name);
            }
            for Key {
                name,
                versions,
                object,
            } in &object.keys
            {
                assert!(!name.is_empty() && *versions != 0, "{number}: {name}");
                assert!(u16::from(*versions) <= all, "{number}: {name}");
                assert!(is_object(*object), "{number}: {name}");
            }
            assert!(u16::from(object.closed) <= all, "{number}");
            assert!(is_object(object.rest), "{number}");
        }
        assert!(versions().is_sorted());
        assert_eq!(versions().last(), Some(&Version::NEWEST));
        for number in [models(), agents()] {
            assert!(!object(number).unwrap().keys.is_empty());
        }
    }

    #[test]
    fn broken_lines_are_not_read() {
        for line in [
            "",
            "7f",
            "7f\t-",
            "7f\tx\ta:01",
            "1ff\t-\ta:01",
            "7f\t-\ta",
            "7f\t-\ta:zz",
            "7f\t-\ta:01:x",
            "7f\t-\ta:01  b:01",
        ] {
            assert_eq!(Object::read(line), None, "{line}");
        }
        let object = Object::read("7f\t3\ta:01 b:7f:2").unwrap();
        assert_eq!(
            (object.closed, object.rest, object.keys.len()),
            (0x7f, 3, 2)
        );
        assert_eq!((object.keys[0].object, object.keys[1].object), (NONE, 2));
        assert_eq!(Object::read("00\t-\t").unwrap().keys, []);
    }
}
