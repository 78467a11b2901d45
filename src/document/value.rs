//! A JSON5 value, represented exactly: `-0`, `NaN` and infinities are preserved.

use std::collections::HashMap;

/// A JSON5 value. Objects keep the order of their keys.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number. `NaN` equals `NaN` and `-0` differs from `0` in comparisons.
    Number(f64),
    /// A string. A lone surrogate escape is kept as U+FFFD.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object with unique keys. A repeated key has the last value, at the position of the first.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// An object with these members; if a key is repeated, the last value counts.
    #[must_use]
    pub fn object<K: Into<String>, V: Into<Self>>(
        members: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::from_members(
            members
                .into_iter()
                .map(|(key, value)| (key.into(), value.into())),
        )
    }

    /// An array of these items.
    #[must_use]
    pub fn array<V: Into<Self>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }

    pub(super) fn from_members(members: impl Iterator<Item = (String, Self)>) -> Self {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut unique: Vec<(String, Self)> = Vec::new();
        for (key, value) in members {
            if let Some(&place) = places.get(&key) {
                unique[place].1 = value;
            } else {
                places.insert(key.clone(), unique.len());
                unique.push((key, value));
            }
        }
        Self::Object(unique)
    }

    /// The value of a key; `None` if this isn't an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .rev()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The nesting depth: 0 for a scalar, 1 for `[]`.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::Array(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(members) => {
                1 + members
                    .iter()
                    .map(|(_, value)| value.depth())
                    .max()
                    .unwrap_or(0)
            }
            _ => 0,
        }
    }
}

/// Whether two numbers are the same value: `NaN` and `NaN` are, `-0` and `0` aren't.
pub(crate) fn same_number(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// Ignores the order of keys.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => same_number(*a, *b),
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => {
                let by_key: HashMap<&str, &Self> = b.iter().map(|(k, v)| (k.as_str(), v)).collect();
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, value)| by_key.get(key.as_str()) == Some(&value))
            }
            _ => false,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(items)
    }
}
