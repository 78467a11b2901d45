//! The models that a key can use, from replies to `GET /v1/models`.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use super::model_id::ModelId;
use crate::document::is_printable;
use crate::nearest::likeness_by_start;

/// A model that the key can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueModel {
    /// `@slug/model`, or the provider's own id in a provider-backed reply.
    pub id: String,
    /// The model's name without provider, if the reply includes it.
    pub slug: Option<String>,
    /// The model's name without region and revision, if the reply includes it.
    pub canonical_slug: Option<String>,
}

/// The source of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Portkey's Model Catalog: ids are `@slug/model`.
    Integrated,
    /// One provider's own list, because a config or provider is attached to the key or was sent:
    /// ids lack `@slug/`.
    ProviderBacked,
}

/// The models of one or more replies, without duplicates, in the order of arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The models.
    pub models: Vec<CatalogueModel>,
    /// The source of the list.
    pub mode: Mode,
    /// The total number of models according to Portkey, if it says so.
    pub total: Option<usize>,
}

/// Why a reply isn't a list of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueError {
    /// Not JSON.
    NotJson,
    /// JSON without a `data` list.
    NoList,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the reply is not valid JSON",
            Self::NoList => "the reply contains no list of models",
        })
    }
}

impl std::error::Error for CatalogueError {}

/// The result of looking up a model id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// It is listed.
    Found(&'a CatalogueModel),
    /// It is listed with different case, which Portkey rejects.
    CaseSlip(&'a CatalogueModel),
    /// The provider slug exists, but the model isn't listed under it.
    UnknownModel,
    /// No listed model has this provider slug.
    UnknownSlug,
    /// Can't be determined: a virtual model, or a list without slugs.
    Unknowable,
}

impl Catalogue {
    /// A message that the key was accepted: `Key accepted: 4 models from 2 providers`.
    #[must_use]
    pub fn accepted(&self) -> String {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let models = count(self.models.len(), "model");
        match self.slugs().len() {
            0 => format!("Key accepted: {models}"),
            slugs => format!("Key accepted: {models} from {}", count(slugs, "provider")),
        }
    }

    /// Parses one reply. Skips entries without a printable `id`.
    ///
    /// # Errors
    /// The reply isn't JSON or has no list.
    pub fn parse(body: &[u8]) -> Result<Self, CatalogueError> {
        let reply: Value = serde_json::from_slice(body).map_err(|_| CatalogueError::NotJson)?;
        let data = reply
            .get("data")
            .and_then(Value::as_array)
            .ok_or(CatalogueError::NoList)?;
        let text = |entry: &Value, key: &str| {
            entry
                .get(key)
                .and_then(Value::as_str)
                .filter(|text| is_plain(text))
                .map(str::to_owned)
        };
        let mut catalogue = Self {
            models: Vec::new(),
            mode: Mode::Integrated,
            total: reply
                .get("total")
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok()),
        };
        catalogue.add(data.iter().filter_map(|entry| {
            Some(CatalogueModel {
                id: text(entry, "id")?,
                slug: text(entry, "slug"),
                canonical_slug: text(entry, "canonical_slug"),
            })
        }));
        let without_slugs = !catalogue.models.is_empty()
            && catalogue
                .models
                .iter()
                .all(|model| !model.id.starts_with('@'));
        if without_slugs
            || reply
                .get("provider")
                .is_some_and(|provider| !provider.is_null())
        {
            catalogue.mode = Mode::ProviderBacked;
        }
        Ok(catalogue)
    }

    /// Adds another page and returns the number of new models.
    pub fn add_page(&mut self, page: Self) -> usize {
        let before = self.models.len();
        self.add(page.models.into_iter());
        self.models.len() - before
    }

    fn add(&mut self, models: impl Iterator<Item = CatalogueModel>) {
        let mut seen: HashSet<String> = self.models.iter().map(|model| model.id.clone()).collect();
        self.models
            .extend(models.filter(|model| seen.insert(model.id.clone())));
    }

    /// Whether Portkey says that there are more models than arrived.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.total.is_some_and(|total| total > self.models.len())
    }

    /// The provider slugs, without duplicates, in the order of the list.
    #[must_use]
    pub fn slugs(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.models
            .iter()
            .filter_map(|model| slug_of(&model.id))
            .filter(|slug| seen.insert(*slug))
            .collect()
    }

    /// Looks up a model id.
    #[must_use]
    pub fn lookup(&self, id: &ModelId) -> Lookup<'_> {
        let Some(slug) = id.slug() else {
            let found = self.models.iter().find(|model| model.id == id.as_str());
            return found.map_or(Lookup::Unknowable, Lookup::Found);
        };
        if let Some(found) = self.models.iter().find(|model| model.id == id.as_str()) {
            return Lookup::Found(found);
        }
        if self.mode == Mode::ProviderBacked {
            return Lookup::Unknowable;
        }
        if let Some(slip) = self
            .models
            .iter()
            .find(|model| model.id.eq_ignore_ascii_case(id.as_str()))
        {
            return Lookup::CaseSlip(slip);
        }
        if self
            .models
            .iter()
            .any(|model| slug_of(&model.id) == Some(slug))
        {
            Lookup::UnknownModel
        } else {
            Lookup::UnknownSlug
        }
    }

    /// At most `limit` listed models that were likely intended, likeliest first. Accepts any text:
    /// a wrong slug, a missing `@slug/`, a typo, wrong case.
    #[must_use]
    pub fn nearest(&self, wanted: &str, limit: usize) -> Vec<&CatalogueModel> {
        let wanted = Wanted::new(wanted);
        let mut ranked: Vec<(f64, &CatalogueModel)> = self
            .models
            .iter()
            .map(|model| (wanted.likeness(&model.id), model))
            .filter(|(likeness, _)| *likeness >= 0.8)
            .collect();
        ranked.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.id.cmp(&y.id)));
        ranked
            .into_iter()
            .take(limit)
            .map(|(_, model)| model)
            .collect()
    }
}

/// Whether a text can be used as is in a config and on a terminal.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || !is_printable(c))
}

fn slug_of(id: &str) -> Option<&str> {
    id.strip_prefix('@')?.split_once('/').map(|(slug, _)| slug)
}

/// What was typed, split once for many comparisons.
struct Wanted {
    slug: Option<String>,
    model: String,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let rest = text.find("/@").map_or(text.as_str(), |at| &text[at + 1..]);
        match (rest.strip_prefix('@'), rest.split_once('/')) {
            (Some(id), _) => match id.split_once('/') {
                Some((slug, model)) => Self {
                    slug: Some(slug.to_owned()),
                    model: model.to_owned(),
                },
                None => Self {
                    slug: None,
                    model: id.to_owned(),
                },
            },
            (None, Some((slug, model))) => Self {
                slug: Some(slug.to_owned()),
                model: model.to_owned(),
            },
            (None, None) => Self {
                slug: None,
                model: rest.to_owned(),
            },
        }
    }

    /// From 0 (nothing in common) to 1 (equal except for case). The model counts most: a wrong slug
    /// is more likely than another model under that slug.
    fn likeness(&self, id: &str) -> f64 {
        let id = id.to_lowercase();
        let (slug, model) = match slug_of(&id) {
            Some(slug) => (Some(slug), &id[slug.len() + 2..]),
            None => (None, id.as_str()),
        };
        let tail = model.rsplit('/').next().unwrap_or(model);
        let own_tail = self.model.rsplit('/').next().unwrap_or(&self.model);
        let by_model = likeness_by_start(&self.model, model)
            .max(likeness_by_start(own_tail, tail) * 0.99)
            .max(if contains_words(tail, own_tail) {
                0.9
            } else {
                0.0
            });
        let by_slug = match (&self.slug, slug) {
            (Some(mine), Some(slug)) => likeness_by_start(mine, slug),
            (Some(_) | None, None) => 1.0,
            (None, Some(_)) => 0.9,
        };
        by_model * 0.9 + by_slug * 0.1
    }
}

/// Whether every word of `part` is a word of `whole`: `sonnet-4-5` in `claude-sonnet-4-5`.
fn contains_words(whole: &str, part: &str) -> bool {
    part.len() > 2
        && part
            .split(['-', '.', ':'])
            .all(|word| whole.split(['-', '.', ':']).any(|have| have == word))
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, CatalogueError, Lookup, Mode};
    use crate::portkey::model_id::ModelId;

    fn of(ids: &[&str]) -> Catalogue {
        let data: Vec<_> = ids
            .iter()
            .map(|id| serde_json::json!({ "id": id }))
            .collect();
        Catalogue::parse(serde_json::json!({ "data": data }).to_string().as_bytes()).unwrap()
    }

    const IDS: &[&str] = &[
        "@gemini/gemini-2.5-flash",
        "@gemini/gemini-2.5-pro",
        "@mistral/open-mixtral-8x7b",
        "@anthropic-prod/claude-sonnet-4-5",
        "@openrouter/meta-llama/llama-3.3-70b-instruct",
        "@openai-prod/gpt-5",
    ];

    #[test]
    fn parses_leniently() {
        let body = br#"{"object":"list","total":9,"extra":1,"data":[
            {"id":"@gemini/gemini-2.5-flash","slug":"gemini-2.5-flash","canonical_slug":"gemini-2.5-flash","object":"model"},
            {"id":"@a/b","slug":7,"canonical_slug":null},
            {"id":"@a/b"}, {"id":""}, {"id":"@a/\u001b[31m"}, {"id":3}, {"name":"x"}, null, "text"
        ]}"#;
        let catalogue = Catalogue::parse(body).unwrap();
        let ids: Vec<_> = catalogue
            .models
            .iter()
            .map(|model| model.id.as_str())
            .collect();
        assert_eq!(ids, ["@gemini/gemini-2.5-flash", "@a/b"]);
        assert_eq!(
            catalogue.models[0].canonical_slug.as_deref(),
            Some("gemini-2.5-flash")
        );
        assert_eq!(catalogue.models[1].slug, None);
        assert_eq!(
            (catalogue.mode, catalogue.total),
            (Mode::Integrated, Some(9))
        );
        assert!(catalogue.is_partial());
        assert_eq!(catalogue.slugs(), ["gemini", "a"]);
    }

    #[test]
    fn detects_the_mode() {
        for (body, mode) in [
            (r#"{"data":[]}"#, Mode::Integrated),
            (r#"{"data":[{"id":"@a/b"}]}"#, Mode::Integrated),
            (
                r#"{"data":[{"id":"@a/b"},{"id":"gpt-5"}]}"#,
                Mode::Integrated,
            ),
            (r#"{"data":[{"id":"gpt-5"}]}"#, Mode::ProviderBacked),
            (r#"{"data":[],"provider":"openai"}"#, Mode::ProviderBacked),
            (
                r#"{"data":[{"id":"@a/b"}],"provider":null}"#,
                Mode::Integrated,
            ),
        ] {
            assert_eq!(
                Catalogue::parse(body.as_bytes()).unwrap().mode,
                mode,
                "{body}"
            );
        }
    }

    #[test]
    fn rejects_other_replies() {
        for (body, error) in [
            ("<!doctype html>", CatalogueError::NotJson),
            ("", CatalogueError::NotJson),
            (r#"{"data":[{"id":"@a/b"}"#, CatalogueError::NotJson),
            ("[]", CatalogueError::NoList),
            ("null", CatalogueError::NoList),
            (r#"{"data":{}}"#, CatalogueError::NoList),
        ] {
            assert_eq!(Catalogue::parse(body.as_bytes()), Err(error), "{body}");
        }
    }

    #[test]
    fn pages_add_up_without_duplicates() {
        let mut catalogue = of(&["@a/1", "@a/2"]);
        assert_eq!(catalogue.add_page(of(&["@a/2", "@a/3"])), 1);
        assert_eq!(catalogue.add_page(of(&["@a/2", "@a/3"])), 0);
        assert_eq!(catalogue.models.len(), 3);
    }

    #[test]
    fn looks_up_models() {
        let catalogue = of(IDS);
        let lookup = |text: &str| catalogue.lookup(&ModelId::parse(text, "portkey").unwrap());
        assert!(matches!(
            lookup("@gemini/gemini-2.5-flash"),
            Lookup::Found(_)
        ));
        assert!(
            matches!(lookup("@Gemini/gemini-2.5-flash"), Lookup::CaseSlip(model) if model.id == IDS[0])
        );
        assert_eq!(lookup("@gemini/gemini-9"), Lookup::UnknownModel);
        assert_eq!(lookup("@nope/gemini-2.5-flash"), Lookup::UnknownSlug);
        assert_eq!(lookup("portkey-dynamic"), Lookup::Unknowable);
        let backed = of(&["gpt-5"]);
        assert_eq!(
            backed.lookup(&ModelId::parse("@openai/gpt-5", "portkey").unwrap()),
            Lookup::Unknowable
        );
    }

    #[test]
    fn suggests_the_intended_model() {
        let catalogue = of(IDS);
        for (wanted, first) in [
            ("gemini-2.5-flash", Some(IDS[0])),
            ("portkey/gemini-2.5-flash", Some(IDS[0])),
            ("@gemini/gemini-2.5-flahs", Some(IDS[0])),
            ("@Gemini/Gemini-2.5-Flash", Some(IDS[0])),
            ("portkey/@gemini/gemini-2.5-flsh", Some(IDS[0])),
            ("@google/gemini-2.5-pro", Some(IDS[1])),
            ("@gemini", Some(IDS[0])),
            ("open-mixtral", Some(IDS[2])),
            ("@anthropic/claude-sonnet-4-5", Some(IDS[3])),
            ("claude-sonnet-4.5", Some(IDS[3])),
            ("sonnet", Some(IDS[3])),
            ("llama-3.3-70b-instruct", Some(IDS[4])),
            ("openai/gpt-5", Some(IDS[5])),
            ("@openai-prod/gpt5", Some(IDS[5])),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(
                catalogue
                    .nearest(wanted, 1)
                    .first()
                    .map(|model| model.id.as_str()),
                first,
                "{wanted:?}"
            );
        }
        assert_eq!(catalogue.nearest("gemini-2.5", 5).len(), 2);
        assert!(catalogue.nearest("gemini-2.5", 0).is_empty());
    }
}
