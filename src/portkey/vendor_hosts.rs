//! Hosts that certainly aren't Portkey's: those of model vendors and other gateways.

/// The hosts of model vendors' APIs; `*` matches any part of a name.
const VENDOR_HOSTS: &[(&str, &str)] = &[
    ("api.openai.com", "OpenAI"),
    ("*.openai.azure.com", "Azure"),
    ("*.services.ai.azure.com", "Azure"),
    ("api.anthropic.com", "Anthropic"),
    ("*.googleapis.com", "Google"),
    ("openrouter.ai", "OpenRouter"),
    ("api.groq.com", "Groq"),
    ("api.mistral.ai", "Mistral"),
    ("api.deepseek.com", "DeepSeek"),
    ("api.x.ai", "xAI"),
    ("api.together.xyz", "Together"),
    ("api.together.ai", "Together"),
    ("api.fireworks.ai", "Fireworks"),
    ("api.cohere.com", "Cohere"),
    ("api.cohere.ai", "Cohere"),
    ("api.perplexity.ai", "Perplexity"),
    ("api.cerebras.ai", "Cerebras"),
    ("integrate.api.nvidia.com", "NVIDIA"),
    ("api.moonshot.ai", "Moonshot"),
    ("api.moonshot.cn", "Moonshot"),
    ("bedrock*.amazonaws.com", "AWS"),
    ("api-inference.huggingface.co", "Hugging Face"),
    ("router.huggingface.co", "Hugging Face"),
    ("api.helicone.ai", "Helicone"),
    ("gateway.ai.cloudflare.com", "Cloudflare"),
    ("ai-gateway.vercel.sh", "Vercel"),
];

/// The vendor whose API a host serves, bypassing Portkey.
#[must_use]
pub fn vendor_of(host: &str) -> Option<&'static str> {
    let is_host = |known: &str| match known.split_once('*') {
        Some((start, end)) => host.starts_with(start) && host.ends_with(end),
        None => host == known,
    };
    let found = VENDOR_HOSTS.iter().find(|(known, _)| is_host(known));
    found.map(|(_, vendor)| *vendor)
}

#[cfg(test)]
mod tests {
    use super::vendor_of;

    #[test]
    fn hosts_of_vendors() {
        for (host, vendor) in [
            ("api.openai.com", Some("OpenAI")),
            ("me.openai.azure.com", Some("Azure")),
            ("generativelanguage.googleapis.com", Some("Google")),
            ("bedrock-runtime.us-east-1.amazonaws.com", Some("AWS")),
            ("api.portkey.ai", None),
            ("aigw.portkey.ai", None),
            ("api.openai.com.example", None),
            ("openai.example", None),
            ("gateway.corp.example", None),
            ("my-gateway.elb.us-east-1.amazonaws.com", None),
        ] {
            assert_eq!(vendor_of(host), vendor, "{host}");
        }
    }
}
