//! A JSON5 value, kept exactly: `-0`, `NaN` and infinities stay what they are.

/// A JSON5 value. Objects keep the order of their keys.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; `NaN` equals `NaN` and `-0` differs from `0` in comparisons.
    Number(f64),
    /// A string. A lone surrogate escape is kept as U+FFFD.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object, keys unique (the last duplicate's value, at the first's place).
    Object(Vec<(String, Value)>),
}
