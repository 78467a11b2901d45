//! Portkey's public prices: the likely vendor of a slug, and the parser for replies.

use serde_json::Value;

use super::model_facts::Cost;

/// The vendors that Portkey has prices for, by the words that their slugs start with.
const VENDORS: [(&str, &str); 31] = [
    ("ai21", "ai21"),
    ("anthropic", "anthropic"),
    ("azure-ai", "azure-ai"),
    ("azure-openai", "azure-openai"),
    ("bedrock", "bedrock"),
    ("cerebras", "cerebras"),
    ("claude", "anthropic"),
    ("cohere", "cohere"),
    ("dashscope", "dashscope"),
    ("deepinfra", "deepinfra"),
    ("deepseek", "deepseek"),
    ("fireworks", "fireworks-ai"),
    ("gemini", "google"),
    ("google", "google"),
    ("grok", "x-ai"),
    ("groq", "groq"),
    ("minimax", "minimax"),
    ("mistral", "mistral-ai"),
    ("moonshot", "moonshot"),
    ("nebius", "nebius"),
    ("novita", "novita-ai"),
    ("openai", "openai"),
    ("openrouter", "openrouter"),
    ("perplexity", "perplexity-ai"),
    ("together", "together-ai"),
    ("vertex", "vertex-ai"),
    ("workers-ai", "workers-ai"),
    ("x-ai", "x-ai"),
    ("xai", "x-ai"),
    ("z-ai", "z-ai"),
    ("zhipu", "zhipu"),
];

/// The likely vendor of a provider slug such as `openai-prod`; people choose slugs freely.
#[must_use]
pub fn vendor_of_slug(slug: &str) -> Option<&'static str> {
    let slug = slug.to_ascii_lowercase();
    let begins = |word: &str| {
        slug.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    VENDORS
        .iter()
        .find(|(word, _)| begins(word))
        .map(|(_, vendor)| *vendor)
}

/// The price in a reply to `GET /model-configs/pricing/{vendor}/{model}`, which is in cents per
/// token. `None` if there is none: for an unknown model, that endpoint says it costs nothing.
#[must_use]
pub fn price(reply: &[u8]) -> Option<Cost> {
    let reply: Value = serde_json::from_slice(reply).ok()?;
    let config = reply.get("pricing_config").unwrap_or(&reply);
    let is_dollars = |currency: &Value| currency == "USD";
    if !config.get("currency").is_none_or(is_dollars) {
        return None;
    }
    let units = config.get("pay_as_you_go")?;
    let of = |unit: &str| {
        let cents = units.get(unit)?.get("price")?.as_f64()?;
        (cents.is_finite() && cents >= 0.0).then(|| dollars_per_million(cents))
    };
    let (input, output) = (of("request_token")?, of("response_token")?);
    let above_zero = |price: &f64| *price > 0.0;
    (input > 0.0 || output > 0.0).then(|| Cost {
        input,
        output,
        cache_read: of("cache_read_input_token").filter(above_zero),
        cache_write: of("cache_write_input_token").filter(above_zero),
    })
}

/// Converts cents per token to dollars per million tokens, without floating-point noise.
fn dollars_per_million(cents: f64) -> f64 {
    (cents * 1e10).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_of_vendors() {
        for (slug, want) in [
            ("openai", Some("openai")),
            ("openai-prod", Some("openai")),
            ("OpenAI_2", Some("openai")),
            ("gemini", Some("google")),
            ("azure-openai-eu", Some("azure-openai")),
            ("x-ai", Some("x-ai")),
            ("openaix", None),
            ("prod", None),
            ("", None),
        ] {
            assert_eq!(vendor_of_slug(slug), want, "{slug}");
        }
    }

    #[test]
    fn prices_are_cents_per_token() {
        let reply = br#"{"pay_as_you_go":{"request_token":{"price":0.000125},"response_token":{"price":0.001},
            "cache_write_input_token":{"price":0},"cache_read_input_token":{"price":1.25e-05}},"currency":"USD"}"#;
        let cost = Cost {
            input: 1.25,
            output: 10.0,
            cache_read: Some(0.125),
            cache_write: None,
        };
        assert_eq!(price(reply), Some(cost));
        let nested = br#"{"pricing_config":{"pay_as_you_go":{"request_token":{"price":0.00003},"response_token":{"price":0.00025}}}}"#;
        let found = price(nested).unwrap();
        assert_eq!((found.input, found.output), (0.3, 2.5));
    }

    #[test]
    fn replies_without_a_price() {
        for reply in [
            "",
            "{}",
            "[]",
            r#"{"pay_as_you_go":{"request_token":{"price":0},"response_token":{"price":0}}}"#,
            r#"{"pay_as_you_go":{"request_token":{"price":-1},"response_token":{"price":1}}}"#,
            r#"{"pay_as_you_go":{"request_token":{"price":1}}}"#,
            r#"{"pay_as_you_go":{"request_token":{"price":1},"response_token":{"price":1}},"currency":"EUR"}"#,
        ] {
            assert_eq!(price(reply.as_bytes()), None, "{reply}");
        }
    }
}
