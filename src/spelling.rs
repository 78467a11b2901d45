//! Misspelt words and those that were meant.

/// The word that is meant, where one is close enough. The flag says that the two differ only in
/// how they are written: in case, `-`, `_` or a plural.
pub(crate) fn meant<'w>(
    word: &str,
    words: impl IntoIterator<Item = &'w str>,
) -> Option<(&'w str, bool)> {
    let plain = |word: &str| {
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        let letters: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        letters
            .strip_suffix('s')
            .map_or(letters.clone(), str::to_owned)
    };
    let own = plain(word);
    let mut near: Option<(f64, &str)> = None;
    for known in words {
        if plain(known) == own {
            return Some((known, true));
        }
        let likeness = strsim::jaro_winkler(&own, &plain(known));
        if likeness > 0.87 && near.is_none_or(|(most, _)| likeness > most) {
            near = Some((likeness, known));
        }
    }
    near.map(|(_, known)| (known, false))
}

/// `did you mean …`, or else something.
pub(crate) fn did_you_mean(near: Option<(&str, bool)>, otherwise: &str) -> String {
    match near {
        Some((near, _)) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    }
}
