//! Portkey's terms: slugs, model ids, headers, catalogue, refusals.

/// An enum with a list of its variants, so that tests can check tables over it for completeness.
macro_rules! listed_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant,)* }

        impl $name {
            /// Every variant, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }
    };
}
pub(crate) use listed_enum;

pub mod admin;
pub mod base_url;
pub mod catalogue;
pub mod guardrails;
pub mod headers;
pub mod jwt;
pub mod key_variable;
pub mod model_facts;
pub mod model_id;
pub mod pricing;
pub mod refusal;
pub mod vendor_hosts;
pub mod vendor_key;

use crate::document::is_printable;

/// The base URL of Portkey's hosted gateway.
pub const DEFAULT_BASE_URL: &str = "https://api.portkey.ai/v1";

/// Untrusted text as one printable line of at most `limit` characters, truncated with `…`.
#[must_use]
pub fn printable(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| is_printable(*c)).collect();
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if let Some((cut, _)) = line.char_indices().nth(limit) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn untrusted_text_becomes_one_bounded_printable_line() {
        for (text, want) in [
            ("plain", "plain"),
            ("two\r\n  lines\t", "two lines"),
            ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
            ("a \u{202e} b\u{200b}c", "a bc"),
            ("", ""),
        ] {
            assert_eq!(printable(text, 20), want, "{text:?}");
        }
        assert_eq!(printable("äöüß", 3), "äöü…");
        assert_eq!(printable("äöü", 3), "äöü");
    }
}
