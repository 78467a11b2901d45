//! “Did you mean”: the known word that is most similar to a misspelt one. All of the program's
//! suggestions use this.

/// Longer words aren't compared: hostile files may contain words of any length.
const MAX_LENGTH: usize = 120;

/// From this similarity on, a word may have been intended.
const MIN_LIKENESS: f64 = 0.75;

/// A word without what people spell differently: case, `-`, `_`, `.` and spaces.
#[must_use]
pub fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two words differ only in what [`plain`] removes.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// From 0 (nothing in common) to 1 (equal except for case and separators).
#[must_use]
pub fn likeness(one: &str, other: &str) -> f64 {
    if one.len() > MAX_LENGTH || other.len() > MAX_LENGTH {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(&plain(one), &plain(other))
}

/// Like [`likeness`], but with more weight on the start, for names that are often truncated or
/// extended, such as models'. Both must be in lower case.
#[must_use]
pub fn likeness_by_start(one: &str, other: &str) -> f64 {
    if one.len() > MAX_LENGTH || other.len() > MAX_LENGTH {
        return 0.0;
    }
    strsim::jaro_winkler(one, other)
}

/// The known word that was likely intended.
#[must_use]
pub fn nearest<T: AsRef<str>>(word: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    nearest_few(word, known, 1).pop()
}

/// At most `limit` known words that may have been intended, likeliest first.
#[must_use]
pub fn nearest_few<T: AsRef<str>>(
    word: &str,
    known: impl IntoIterator<Item = T>,
    limit: usize,
) -> Vec<T> {
    let mut near: Vec<(f64, T)> = known
        .into_iter()
        .map(|known| (likeness(word, known.as_ref()), known))
        .filter(|(likeness, _)| *likeness >= MIN_LIKENESS)
        .collect();
    near.sort_by(|a, b| {
        let by_name = || a.1.as_ref().cmp(b.1.as_ref());
        b.0.total_cmp(&a.0).then_with(by_name)
    });
    near.into_iter()
        .take(limit)
        .map(|(_, known)| known)
        .collect()
}

/// The word that was likely intended, if its start is similar enough. The flag says that the two
/// differ only in spelling: case, `-`, `_` or a plural.
pub(crate) fn closest<'w>(
    word: &str,
    words: impl IntoIterator<Item = &'w str>,
) -> Option<(&'w str, bool)> {
    let bare = |word: &str| {
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        let letters: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        letters
            .strip_suffix('s')
            .map_or(letters.clone(), str::to_owned)
    };
    let own = bare(word);
    let mut near: Option<(f64, &str)> = None;
    for known in words {
        if bare(known) == own {
            return Some((known, true));
        }
        let likeness = likeness_by_start(&own, &bare(known));
        if likeness > 0.87 && near.is_none_or(|(most, _)| likeness > most) {
            near = Some((likeness, known));
        }
    }
    near.map(|(_, known)| (known, false))
}

/// `did you mean …`, or `otherwise`.
pub(crate) fn did_you_mean(near: Option<(&str, bool)>, otherwise: &str) -> String {
    match near {
        Some((near, _)) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_same, likeness, likeness_by_start, nearest, nearest_few};

    #[test]
    fn typos_find_the_intended_word() {
        let rules = [
            "base-url-insecure",
            "base-url-without-v1",
            "primary-missing",
        ];
        let keys = ["baseUrl", "apiKey", "headers", "models"];
        let agents = ["main", "ops", "research"];
        for (word, known, found) in [
            (
                "base-url-witout-v1",
                &rules[..],
                Some("base-url-without-v1"),
            ),
            ("base_url_without_v1", &rules, Some("base-url-without-v1")),
            ("primary-mising", &rules, Some("primary-missing")),
            ("mian", &agents, Some("main")),
            ("Main", &agents, Some("main")),
            ("baseURL", &keys, Some("baseUrl")),
            ("base_url", &keys, Some("baseUrl")),
            ("header", &keys, Some("headers")),
            // Not similar.
            ("modelsById", &keys, None),
            ("qqq", &rules, None),
            ("", &rules, None),
            ("no", &agents, None),
        ] {
            assert_eq!(nearest(word, known.iter().copied()), found, "{word}");
        }
    }

    #[test]
    fn sorts_by_likeness_then_order() {
        let known = ["cat", "car", "cart", "dog"];
        assert_eq!(nearest_few("cart", known, 3), ["cart", "car", "cat"]);
        assert_eq!(nearest_few("cas", ["bas", "das", "cas"], 1), ["cas"]);
        assert!(nearest_few("cart", known, 0).is_empty());
        let owned = vec!["alpha".to_owned()];
        assert_eq!(nearest("alhpa", &owned).map(String::as_str), Some("alpha"));
    }

    #[test]
    fn long_words_are_fast() {
        let long = "a".repeat(1_000_000);
        assert!(nearest(&long, [long.as_str()]).is_none());
        assert!(likeness(&long, "a") < 0.1 && likeness_by_start(&long, "a") < 0.1);
    }

    #[test]
    fn ignores_case_and_separators() {
        assert!(is_same("x_portkey_config", "X-Portkey-Config"));
        assert!(is_same("Base Url", "baseUrl"));
        assert!(!is_same("model", "models"));
    }
}
