//! Recognises vendors' keys by their prefix: people paste them where Portkey's own belongs.

/// The prefixes; a longer one precedes its own prefixes.
const VENDORS: &[(&str, &str)] = &[
    ("sk-ant-", "Anthropic"),
    ("sk-or-", "OpenRouter"),
    // Other vendors use the same prefix.
    ("sk-", "OpenAI"),
    ("AIza", "Google"),
    ("AKIA", "AWS"),
    ("csk-", "Cerebras"),
    ("fw_", "Fireworks"),
    ("ghp_", "GitHub"),
    ("github_pat_", "GitHub"),
    ("gsk_", "Groq"),
    ("hf_", "Hugging Face"),
    ("nvapi-", "NVIDIA"),
    ("pplx-", "Perplexity"),
    ("r8_", "Replicate"),
    ("tgp_v1_", "Together"),
    ("xai-", "xAI"),
];

/// The vendor of a key, judged by its prefix.
#[must_use]
pub fn vendor_of_key(key: &str) -> Option<&'static str> {
    /// Shorter texts aren't keys.
    const MIN_LENGTH: usize = 16;
    let row = VENDORS.iter().find(|(start, _)| key.starts_with(start));
    row.filter(|_| key.len() >= MIN_LENGTH)
        .map(|(_, vendor)| *vendor)
}

#[cfg(test)]
mod tests {
    use super::vendor_of_key;

    #[test]
    fn recognises_prefixes() {
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
