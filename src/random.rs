//! Ids that nobody had before.

use std::fmt::Write as _;

/// So many random bytes as hexadecimal digits, never all zero, which is not a valid trace id.
/// For ids, not for secrets: where the system has no randomness to give, they are not random.
pub(crate) fn id<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    // TLS needs the same source, so without it no request arrives, whatever its id is.
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
    fn ids_differ_and_have_their_length() {
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
