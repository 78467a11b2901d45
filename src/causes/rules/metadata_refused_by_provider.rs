//! `metadata-refused-by-provider`

use serde_json::Value;

use crate::portkey::headers::METADATA;
use crate::portkey::printable;

use super::config_overrides_slug::governed;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

/// A config with this metadata and this model.
macro_rules! labelled {
    ($metadata:literal, $model:literal) => {
        concat!(
            "{\n  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    headers: { \"x-portkey-metadata\": ",
            $metadata,
            " },\n    models: [{ id: \"",
            $model,
            "\", name: \"A model\" }],\n  } } },\n",
            "  agents: { defaults: { model: { primary: \"portkey/",
            $model,
            "\" } } },\n}\n"
        )
    };
}

pub(super) static CAUSE: Cause = Cause {
    id: "metadata-refused-by-provider",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config, Symptom::Server],
    summary: "the metadata contains a character that Amazon Bedrock refuses",
    why: "Portkey passes metadata to Bedrock as request metadata. Bedrock answers 400 if a key or \
          value contains anything but letters, digits, spaces and `: _ @ $ # = / + , - .`.",
    fix: "Use only these characters: `{run: set-header --metadata team=backend}`.",
    bad: &[
        labelled!(
            "«'{\"team\":\"R&D\"}'»",
            "@bedrock/anthropic.claude-sonnet-4-5"
        ),
        labelled!(
            "«'{\"user\":\"Zoë\"}'»",
            "@aws-prod/us.anthropic.claude-sonnet-4-5"
        ),
        labelled!("«'{\"cost(centre)\":\"4\"}'»", "@aws/amazon.nova-pro-v1:0"),
    ],
    good: &[
        labelled!("'{\"team\":\"R & D\"}'", "@openai-prod/gpt-5"),
        labelled!(
            "'{\"team\":\"backend@eu.example.com\"}'",
            "@bedrock/anthropic.claude-sonnet-4-5"
        ),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        let Some(text) = header.literal().filter(|_| header.name == METADATA) else {
            continue;
        };
        let Ok(Value::Object(labels)) = serde_json::from_str(&text) else {
            continue;
        };
        let texts = labels
            .iter()
            .flat_map(|(key, value)| [Some(key.as_str()), value.as_str()]);
        let refused = texts.flatten().find(|text| !text.chars().all(is_taken));
        let model = governed(provider, header).find(|id| is_of_bedrock(id));
        if let (Some(refused), Some(model)) = (refused, model) {
            findings.at(
                &header.value,
                format!(
                    "Bedrock refuses `{}` in metadata, and `{}` seems to be a Bedrock model",
                    printable(refused, 60),
                    printable(model, 80)
                ),
                "use only letters, digits, spaces and : _ @ $ # = / + , - .",
            );
        }
    }
}

fn is_taken(c: char) -> bool {
    c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || ":_@$#=/+,-.".contains(c)
}

/// Whether a model seems to be on Bedrock: by its slug, or by a name that starts with the vendor
/// and a dot.
fn is_of_bedrock(id: &str) -> bool {
    const VENDORS: [&str; 8] = [
        "ai21",
        "amazon",
        "anthropic",
        "cohere",
        "deepseek",
        "meta",
        "mistral",
        "writer",
    ];
    const REGIONS: [&str; 6] = ["us", "eu", "apac", "global", "jp", "au"];
    let Some((slug, model)) = id.strip_prefix('@').and_then(|id| id.split_once('/')) else {
        return false;
    };
    let mut parts = model.split('.');
    let first = parts.next().unwrap_or_default();
    let vendor = if REGIONS.contains(&first) {
        parts.next().unwrap_or_default()
    } else {
        first
    };
    slug.contains("bedrock") || (model.contains('.') && VENDORS.contains(&vendor))
}
