//! Unique ids.

use std::fmt::Write as _;

/// This many random bytes in hexadecimal, never all zero, which isn't a valid trace id. For ids,
/// not for secrets: if the system can't provide randomness, they aren't random.
pub(crate) fn id<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    // TLS needs the same source, so without it no request succeeds anyway.
    let _ = getrandom::getrandom(&mut bytes);
    if let Some(last) = bytes.last_mut() {
        *last |= 1;
    }
    let mut id = String::with_capacity(2 * BYTES);
    for byte in bytes {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn ids_differ_and_have_the_right_length() {
        let ids: HashSet<String> = (0..100).map(|_| super::id::<16>()).collect();
        assert_eq!(ids.len(), 100);
        let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        assert!(
            ids.iter()
                .all(|id| id.len() == 32 && id.chars().all(is_hex))
        );
        assert_eq!(super::id::<8>().len(), 16);
        assert_ne!(super::id::<1>(), "00");
    }
}
