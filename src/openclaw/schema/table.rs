//! The settings that each OpenClaw version accepts, from `table.txt`.
//!
//! `scripts/schema/run` generates that file from the packages themselves. Rows are parsed on
//! demand: few configs need more than a hundred of the two thousand.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use crate::openclaw::Version;
use crate::pattern::Pattern;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("table.txt")));

/// The number of a row.
pub(super) type RowId = u32;

/// A set of versions; bit `i` is the `i`th of [`versions`].
pub(super) type Versions = u32;

const ALL: Versions = Versions::MAX;

/// The values allowed somewhere.
#[derive(Debug)]
pub(super) enum Row {
    Any,
    Never,
    Boolean,
    String(Box<StringRow>),
    Number(Box<NumberRow>),
    /// One of several literals.
    Values(Vec<(Literal, Versions)>),
    Array {
        item: RowId,
        min: Option<usize>,
        max: Option<usize>,
        unique: bool,
    },
    Tuple(Vec<RowId>),
    /// An object with arbitrary keys.
    Record {
        key: Option<RowId>,
        value: RowId,
        min: Option<usize>,
        max: Option<usize>,
    },
    Object(Box<ObjectRow>),
    /// A row with additional checks.
    Checked(RowId, Vec<CheckRow>),
    Union(Vec<(RowId, Versions)>),
    All(Vec<(RowId, Versions)>),
    Not(RowId),
    If {
        test: RowId,
        then: RowId,
        otherwise: RowId,
    },
    /// A different row for each version.
    ByVersion(Vec<(RowId, Versions)>),
}

#[derive(Debug)]
pub(super) struct StringRow {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
    /// Whether surrounding whitespace is ignored.
    pub(super) trim: bool,
    pub(super) url: bool,
    pub(super) patterns: Vec<(Cow<'static, str>, OnceLock<Option<Pattern>>)>,
}

#[derive(Debug)]
pub(super) struct NumberRow {
    pub(super) int: bool,
    pub(super) at_least: Option<f64>,
    pub(super) above: Option<f64>,
    pub(super) at_most: Option<f64>,
    pub(super) below: Option<f64>,
    pub(super) multiple: Option<f64>,
}

/// A literal in the schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    String(Cow<'static, str>),
}

#[derive(Debug)]
pub(super) struct ObjectRow {
    /// Whether non-objects pass.
    pub(super) partial: bool,
    /// The versions that reject any other key.
    pub(super) strict: Versions,
    /// The row for the value of any other key.
    pub(super) rest: Option<RowId>,
    /// Every key that at least one version knows, sorted.
    pub(super) keys: Vec<KeyRow>,
}

#[derive(Debug)]
pub(super) struct KeyRow {
    pub(super) name: Cow<'static, str>,
    pub(super) row: RowId,
    pub(super) versions: Versions,
    pub(super) required: Versions,
}

#[derive(Debug)]
pub(super) struct CheckRow {
    pub(super) name: &'static str,
    pub(super) versions: Versions,
    /// The row with the values the check needs.
    pub(super) list: Option<RowId>,
}

/// The versions in the table, oldest first.
pub(super) fn versions() -> &'static [Version] {
    &TABLE.versions
}

/// The row of the whole config.
pub(super) fn root() -> RowId {
    TABLE.root
}

/// A row by its number.
pub(super) fn row(id: RowId) -> &'static Row {
    static NEVER: Row = Row::Never;
    let found = TABLE.rows.get(id as usize);
    found.map_or(&NEVER, |(line, row)| {
        row.get_or_init(|| TABLE.parse(line).unwrap_or(Row::Never))
    })
}

/// The version at a bit index.
pub(super) fn version_of(bit: u32) -> Option<Version> {
    versions().get(bit as usize).copied()
}

struct Table {
    versions: Vec<Version>,
    masks: Vec<Versions>,
    root: RowId,
    rows: Vec<(&'static str, OnceLock<Row>)>,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut lines = text.lines();
        let mut head = |name| lines.next().and_then(|line| line.strip_prefix(name));
        let versions = head("versions ").unwrap_or_default();
        let masks = head("masks ").unwrap_or_default();
        let root = head("root ").unwrap_or_default();
        let masks = masks.split(' ').map(|text| u32::from_str_radix(text, 16));
        Self {
            versions: versions.split(' ').filter_map(Version::parse).collect(),
            masks: masks.map(Result::unwrap_or_default).collect(),
            root: root.parse().unwrap_or(RowId::MAX),
            rows: lines.map(|line| (line, OnceLock::new())).collect(),
        }
    }

    fn parse(&self, line: &'static str) -> Option<Row> {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        let mut fields = rest.split(' ').filter(|field| !field.is_empty());
        Some(match kind {
            "a" => Row::Any,
            "n" => Row::Never,
            "b" => Row::Boolean,
            "s" => Row::String(Box::new(string(fields)?)),
            "i" | "d" => Row::Number(Box::new(number(kind == "i", fields)?)),
            "l" => Row::Values(
                fields
                    .map(|text| self.literal(text))
                    .collect::<Option<_>>()?,
            ),
            "y" => Row::Array {
                item: fields.next()?.parse().ok()?,
                min: optional(fields.next())?,
                max: optional(fields.next())?,
                unique: fields.next() == Some("u"),
            },
            "t" => Row::Tuple(fields.map(|id| id.parse().ok()).collect::<Option<_>>()?),
            "r" => Row::Record {
                key: optional(fields.next())?,
                value: fields.next()?.parse().ok()?,
                min: optional(fields.next())?,
                max: optional(fields.next())?,
            },
            "o" | "p" => Row::Object(Box::new(ObjectRow {
                partial: kind == "p",
                strict: self.mask(fields.next()?)?,
                rest: optional(fields.next())?,
                keys: fields.map(|text| self.key(text)).collect::<Option<_>>()?,
            })),
            "c" => Row::Checked(
                fields.next()?.parse().ok()?,
                fields.map(|text| self.check(text)).collect::<Option<_>>()?,
            ),
            "u" => Row::Union(self.rows(fields)?),
            "&" => Row::All(self.rows(fields)?),
            "v" => Row::ByVersion(self.rows(fields)?),
            "!" => Row::Not(fields.next()?.parse().ok()?),
            "?" => Row::If {
                test: fields.next()?.parse().ok()?,
                then: fields.next()?.parse().ok()?,
                otherwise: fields.next()?.parse().ok()?,
            },
            _ => return None,
        })
    }

    fn rows(&self, fields: impl Iterator<Item = &'static str>) -> Option<Vec<(RowId, Versions)>> {
        let one = |text: &'static str| {
            let (mask, id) = text.split_once(':').unwrap_or(("", text));
            Some((id.parse().ok()?, self.mask(mask)?))
        };
        fields.map(one).collect()
    }

    /// A set of versions, by the number of its mask; empty means all.
    fn mask(&self, text: &str) -> Option<Versions> {
        match text {
            "" | "*" => Some(ALL),
            "-" => Some(0),
            _ => {
                let at = usize::from_str_radix(text, 36).ok()?;
                self.masks.get(at.checked_sub(1)?).copied()
            }
        }
    }

    fn literal(&self, text: &'static str) -> Option<(Literal, Versions)> {
        let (mask, value) = text.split_once(':').unwrap_or(("", text));
        let literal = match value {
            "null" => Literal::Null,
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            _ => match value.strip_prefix('=') {
                Some(string) => Literal::String(unescaped(string)),
                None => Literal::Number(value.parse().ok()?),
            },
        };
        Some((literal, self.mask(mask)?))
    }

    fn key(&self, text: &'static str) -> Option<KeyRow> {
        let mut parts = text.split(':');
        Some(KeyRow {
            name: unescaped(parts.next()?),
            row: parts.next()?.parse().ok()?,
            versions: self.mask(parts.next().unwrap_or_default())?,
            required: parts.next().map_or(Some(0), |mask| self.mask(mask))?,
        })
    }

    fn check(&self, text: &'static str) -> Option<CheckRow> {
        let mut parts = text.split(':');
        Some(CheckRow {
            name: parts.next()?,
            versions: self.mask(parts.next().unwrap_or_default())?,
            list: parts
                .next()
                .map_or(Some(None), |id| id.parse().ok().map(Some))?,
        })
    }
}

/// A number that may be missing or written `-`.
#[expect(clippy::option_option, reason = "outer `None`: an error in the table")]
fn optional<T: std::str::FromStr>(field: Option<&str>) -> Option<Option<T>> {
    match field {
        None | Some("-") => Some(None),
        Some(text) => text.parse().ok().map(Some),
    }
}

fn string(mut fields: impl Iterator<Item = &'static str>) -> Option<StringRow> {
    let (min, max) = (optional(fields.next())?, optional(fields.next())?);
    let flags = fields.next().unwrap_or_default();
    Some(StringRow {
        min,
        max,
        trim: flags.contains('t'),
        url: flags.contains('u'),
        patterns: fields
            .map(|text| (unescaped(text), OnceLock::new()))
            .collect(),
    })
}

fn number(int: bool, mut fields: impl Iterator<Item = &'static str>) -> Option<NumberRow> {
    let mut next = || optional(fields.next());
    Some(NumberRow {
        int,
        at_least: next()?,
        above: next()?,
        at_most: next()?,
        below: next()?,
        multiple: next()?,
    })
}

/// `%3a` is `:`.
fn unescaped(text: &'static str) -> Cow<'static, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(char::from(code.unwrap_or(b'%')));
        out.push_str(part.get(2..).unwrap_or_default());
    }
    Cow::Owned(out)
}
