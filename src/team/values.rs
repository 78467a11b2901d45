//! The formats of values.

/// Whether a text looks like an email address; Portkey decides.
pub(super) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.contains('@')
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

/// Whether a model matches a pattern, in which `*` is any text.
pub(super) fn matches(pattern: &str, model: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = model.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, inner)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in inner {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Checks a model pattern.
pub(super) fn pattern(text: &str) -> Result<(), String> {
    let shown = crate::portkey::printable(text, 80);
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) || text.is_empty() {
        return Err(format!(
            "`{shown}` isn't a model pattern; use `@slug/*` or `@slug/model`"
        ));
    }
    let starts = text.starts_with('@') || text.starts_with('*');
    if !starts && text != crate::portkey::model_id::VIRTUAL {
        return Err(format!(
            "`{shown}` matches no model, since models start with the provider's slug; use `@slug/*` or `@slug/model`"
        ));
    }
    Ok(())
}
