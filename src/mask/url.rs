//! Finds the secrets in URLs: user info, and parameters with a secret name or value.

use std::ops::Range;

use super::name::parameter_is_secret;
use super::shape;

/// The secrets in all URLs of a text, and in URLs nested in their parameters.
pub(super) fn ranges(text: &str) -> Vec<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>');
    let mut found = Vec::new();
    let mut done = 0;
    for (at, _) in text.match_indices("://") {
        let from = at + 3;
        let is_behind = |c: char| matches!(c, '/' | '?' | '#' | '&') || ends(c);
        let authority = &text[from..];
        let authority = &authority[..authority.find(is_behind).unwrap_or(authority.len())];
        if let Some(sign) = authority.rfind('@')
            && !is_reference(&authority[..sign])
        {
            found.push(from..from + sign);
        }
        if at >= done {
            done = text[from..].find(ends).map_or(text.len(), |i| from + i);
            let parameters = parameters(&text[from..done]);
            found.extend(parameters.map(|range| range.start + from..range.end + from));
        }
    }
    found
}

/// The values of secret parameters, except variable references.
fn parameters(url: &str) -> impl Iterator<Item = Range<usize>> {
    let is_start = |c: char| matches!(c, '?' | '&' | '#' | ';');
    url.match_indices(is_start).filter_map(move |(at, _)| {
        let parameter = &url[at + 1..];
        let parameter = &parameter[..parameter.find(is_start).unwrap_or(parameter.len())];
        let (name, value) = parameter.split_once('=')?;
        let is_secret = parameter_is_secret(name) || !shape::ranges(value, true).is_empty();
        let start = at + 1 + name.len() + 1;
        (is_secret && !value.is_empty() && !is_reference(value))
            .then_some(start..start + value.len())
    })
}

fn is_reference(text: &str) -> bool {
    text.is_empty() || text.split(':').all(super::value::is_reference)
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn users_and_secret_parameters() {
        for (url, secrets) in [
            ("https://me:pw@host/x", &["me:pw"][..]),
            ("https://key@host", &["key"]),
            ("https://key:@host/v1?x=1", &["key:"]),
            ("https://h/v1?api_key=abc&x=y", &["abc"]),
            ("https://h/v1?a=1&sig=abc#token=def", &["abc", "def"]),
            ("https://h/?code=abc see http://k@h", &["abc", "k"]),
            (
                "https://h/?x=d41d8cd98f00b204e9800998ecf8427e",
                &["d41d8cd98f00b204e9800998ecf8427e"],
            ),
            ("https://h/?next=https://a:b@h2/&x=1", &["a:b"]),
            ("https://h/v1?api-version=2024-10-21", &[]),
            ("https://${USER}:${PASSWORD}@h/?key=${KEY}", &[]),
            ("https://api.portkey.ai/v1", &[]),
            ("https://h/@slug/model?model=gpt-5", &[]),
        ] {
            let found: Vec<&str> = ranges(url).into_iter().map(|range| &url[range]).collect();
            assert_eq!(found, secrets, "{url}");
        }
    }
}
