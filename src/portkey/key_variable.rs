//! The names of the variables that hold keys.

/// The variable for the key, unless the config uses a different one.
pub const KEY_VARIABLE: &str = "PORTKEY_API_KEY";

/// The variable for the admin key.
pub const ADMIN_KEY_VARIABLE: &str = "PORTKEY_ADMIN_API_KEY";

/// A provider's variable: `PORTKEY_WORK_API_KEY` for `portkey-work`.
#[must_use]
pub fn variable_for(provider_id: &str) -> String {
    let name = provider_id
        .to_ascii_uppercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    format!("{}{name}_API_KEY", if digit { "PORTKEY_" } else { "" })
}
