//! Facts as members of a model in OpenClaw's config.

use crate::document::Value;
use crate::openclaw::{Feature, VersionSource};

use super::{Cost, Fact, Input, ModelFacts};

/// OpenClaw rejects a smaller context window (2026.4.15 and earlier; later versions accept 4000),
/// and its own instructions nearly fill it.
const MIN_WINDOW: u64 = 16_000;

impl ModelFacts {
    /// The facts that OpenClaw accepts in its config, in the order of [`Fact`]. Omits what the
    /// version doesn't know or rejects.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "no model has a quadrillion tokens"
    )]
    pub fn fields(&self, version: VersionSource) -> Vec<(Fact, Value)> {
        let number = |tokens: u64| Value::Number(tokens as f64);
        let window = self.context_window.filter(|window| *window >= MIN_WINDOW);
        // Without a window, OpenClaw uses its default, which the limit wouldn't match.
        let limit = self
            .max_tokens
            .filter(|limit| *limit > 0 && window.is_some_and(|window| *limit <= window));
        // An older version requests all of it, which leaves no room for the prompt.
        let fits = version.version().has(Feature::OutputFitsWindow);
        let limit = limit.filter(|limit| fits || Some(*limit) != window);
        let fields = [
            (Fact::ContextWindow, window.map(number)),
            (Fact::MaxTokens, limit.map(number)),
            (
                Fact::Input,
                self.input.as_deref().map(|kinds| input(kinds, version)),
            ),
            (Fact::Reasoning, self.reasoning.map(Value::Bool)),
            (Fact::Cost, self.cost.map(cost)),
        ];
        fields
            .into_iter()
            .filter_map(|(fact, value)| Some((fact, value?)))
            .collect()
    }
}

fn input(kinds: &[Input], version: VersionSource) -> Value {
    let takes = |kind: &&Input| match kind {
        Input::Text | Input::Image => true,
        Input::Audio | Input::Video => version.knows_media(),
    };
    let words = kinds.iter().filter(takes);
    Value::Array(
        words
            .map(|kind| Value::String(kind.as_str().to_owned()))
            .collect(),
    )
}

fn cost(cost: Cost) -> Value {
    let prices = [
        ("input", Some(cost.input)),
        ("output", Some(cost.output)),
        ("cacheRead", cost.cache_read),
        ("cacheWrite", cost.cache_write),
    ];
    let prices = prices
        .into_iter()
        .filter_map(|(key, price)| Some((key.to_owned(), Value::Number(price?))));
    Value::Object(prices.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openclaw::Version;

    fn facts() -> ModelFacts {
        ModelFacts {
            context_window: Some(1_000_000),
            max_tokens: Some(64_000),
            input: Some(vec![Input::Text, Input::Image, Input::Audio]),
            reasoning: Some(true),
            cost: Some(Cost {
                input: 1.25,
                output: 10.0,
                cache_read: Some(0.125),
                cache_write: None,
            }),
            disputed: Vec::new(),
        }
    }

    fn shown(facts: &ModelFacts, version: VersionSource) -> String {
        let fields = facts.fields(version).into_iter();
        let members = fields.map(|(fact, value)| (fact.as_str().to_owned(), value));
        crate::edit::create(&Value::Object(members.collect())).replace([' ', '\n'], "")
    }

    #[test]
    fn every_fact_has_its_key() {
        assert_eq!(
            shown(&facts(), VersionSource::Unknown),
            r#"{"contextWindow":1000000,"maxTokens":64000,"input":["text","image"],"reasoning":true,"cost":{"input":1.25,"output":10,"cacheRead":0.125}}"#
        );
        assert_eq!(shown(&ModelFacts::default(), VersionSource::Unknown), "{}");
    }

    #[test]
    fn input_depends_on_the_version() {
        for (version, sound) in [
            (VersionSource::Config(Version::new(2026, 2, 17)), false),
            (VersionSource::Config(Version::new(2026, 5, 28)), true),
            (VersionSource::Installed(Version::NEWEST), true),
            (VersionSource::Unknown, false),
        ] {
            assert_eq!(shown(&facts(), version).contains("audio"), sound);
        }
    }

    #[test]
    fn omits_a_limit_as_large_as_the_window_if_it_breaks_requests() {
        let facts = ModelFacts {
            context_window: Some(32_768),
            max_tokens: Some(32_768),
            ..ModelFacts::default()
        };
        for (version, has) in [
            (VersionSource::Config(Version::new(2026, 2, 17)), false),
            (VersionSource::Installed(Version::new(2026, 4, 15)), false),
            (VersionSource::Config(Version::new(2026, 5, 28)), true),
            (VersionSource::Unknown, true),
        ] {
            assert_eq!(shown(&facts, version).contains("maxTokens"), has);
        }
    }

    #[test]
    fn omits_what_openclaw_rejects() {
        let small = ModelFacts {
            context_window: Some(8192),
            max_tokens: Some(4096),
            ..ModelFacts::default()
        };
        assert_eq!(shown(&small, VersionSource::Unknown), "{}");
        let odd = ModelFacts {
            context_window: Some(32_000),
            max_tokens: Some(64_000),
            ..ModelFacts::default()
        };
        assert_eq!(
            shown(&odd, VersionSource::Unknown),
            r#"{"contextWindow":32000}"#
        );
    }
}
