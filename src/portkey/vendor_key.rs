//! Keys of vendors, by how they begin: people paste them where Portkey's own belongs.

/// The beginnings, longer ones of the same kind first.
const VENDORS: [(&str, &str); 13] = [
    ("sk-ant-", "Anthropic"),
    ("sk-proj-", "OpenAI"),
    ("sk-svcacct-", "OpenAI"),
    ("sk-or-", "OpenRouter"),
    ("AIza", "Google"),
    ("AKIA", "AWS"),
    ("gsk_", "Groq"),
    ("xai-", "xAI"),
    ("hf_", "Hugging Face"),
    ("pplx-", "Perplexity"),
    ("r8_", "Replicate"),
    ("nvapi-", "NVIDIA"),
    ("fw_", "Fireworks"),
];

/// The vendor whose key this is, as far as its beginning tells.
#[must_use]
pub fn vendor_of_key(key: &str) -> Option<&'static str> {
    /// Shorter texts are not keys.
    const SHORTEST: usize = 16;
    let row = VENDORS.iter().find(|(start, _)| key.starts_with(start));
    row.filter(|_| key.len() >= SHORTEST)
        .map(|(_, vendor)| *vendor)
}

#[cfg(test)]
mod tests {
    use super::vendor_of_key;

    #[test]
    fn a_beginning_tells_the_vendor() {
        for (key, vendor) in [
            ("sk-ant-api03-0123456789", Some("Anthropic")),
            ("AIzaSy0123456789012345", Some("Google")),
            ("sk-proj-0123456789012345", Some("OpenAI")),
            ("gsk_0123456789012345", Some("Groq")),
            ("sk-ant-", None),
            ("pk-test-0123456789abcdef", None),
            ("0123456789abcdefABCD+/=", None),
        ] {
            assert_eq!(vendor_of_key(key), vendor, "{key}");
        }
    }
}
