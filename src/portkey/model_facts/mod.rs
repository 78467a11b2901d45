//! Facts about a model: context window, output limit, input, reasoning, price.
//!
//! `data.tsv` holds the facts, one model per line, sorted by key; `scripts/models.py` generates it.
//! A line combines what two catalogues and all vendors that Portkey routes to say about the model,
//! with `!` where they disagree. Most keys are a vendor's id in lower case; those that start with
//! `*` are a stem, the model without vendor, region, date and revision, and hold only what all its
//! ids have in common. A wrong fact is worse than none, so anything uncertain stays unknown.

mod fields;

use super::catalogue::CatalogueModel;
use super::model_id::ModelId;

const DATA: &str = include_str!("data.tsv");

/// The known facts about a model. `None` means unknown, or disputed (see [`ModelFacts::disputed`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelFacts {
    /// Prompt and response together, in tokens.
    pub context_window: Option<u64>,
    /// The maximum response, in tokens.
    pub max_tokens: Option<u64>,
    /// The supported input kinds: text always, then in the order of [`Input`].
    pub input: Option<Vec<Input>>,
    /// Whether the model can reason before it responds.
    pub reasoning: Option<bool>,
    /// The price.
    pub cost: Option<Cost>,
    /// The facts left out because sources or vendors disagree, in the order of [`Fact`].
    pub disputed: Vec<Fact>,
}

/// The kinds of input that OpenClaw distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Text.
    Text,
    /// Images.
    Image,
    /// Audio; unknown to OpenClaw 2026.4.15 and earlier.
    Audio,
    /// Video; unknown to OpenClaw 2026.4.15 and earlier.
    Video,
}

/// A price in dollars per million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Input tokens read from the vendor's cache, if priced separately.
    pub cache_read: Option<f64>,
    /// Input tokens written to the vendor's cache, if priced separately.
    pub cache_write: Option<f64>,
}

/// The facts, in the order of the data's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// [`ModelFacts::context_window`].
    ContextWindow,
    /// [`ModelFacts::max_tokens`].
    MaxTokens,
    /// [`ModelFacts::input`].
    Input,
    /// [`ModelFacts::reasoning`].
    Reasoning,
    /// [`ModelFacts::cost`].
    Cost,
}

impl Input {
    /// The word in OpenClaw's config.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }
}

impl Fact {
    /// Every fact, in the order of the data's columns.
    pub const ALL: [Self; 5] = [
        Self::ContextWindow,
        Self::MaxTokens,
        Self::Input,
        Self::Reasoning,
        Self::Cost,
    ];

    /// The key in OpenClaw's config.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContextWindow => "contextWindow",
            Self::MaxTokens => "maxTokens",
            Self::Input => "input",
            Self::Reasoning => "reasoning",
            Self::Cost => "cost",
        }
    }
}

/// The facts about a listed model. Its id has priority (`us.` on Bedrock costs more than the name
/// without region); the other names only fill gaps, and must not contradict it.
#[must_use]
pub fn lookup(model: &CatalogueModel) -> ModelFacts {
    let id = match model.id.strip_prefix('@') {
        Some(rest) => rest.split_once('/').map_or("", |(_, name)| name),
        None => model.id.as_str(),
    };
    let names = [
        Some(id),
        model.slug.as_deref(),
        model.canonical_slug.as_deref(),
    ];
    let mut cells = Cells::default();
    for name in names.into_iter().flatten() {
        cells.join(Cells::of(&name.to_ascii_lowercase()));
    }
    cells.facts()
}

/// The facts about a model, by its id alone.
#[must_use]
pub fn lookup_id(id: &ModelId) -> ModelFacts {
    if id.is_virtual() {
        return ModelFacts::default();
    }
    Cells::of(&id.model().to_ascii_lowercase()).facts()
}

const UNKNOWN: &str = "";
const DISPUTED: &str = "!";
const COST: usize = Fact::Cost as usize;

/// The columns of a line after its key: a value, `!`, or nothing.
#[derive(Clone, Copy, Default)]
struct Cells([&'static str; 5]);

impl Cells {
    /// Looks up a name in lower case: the name itself, else the name without region or maker; gaps
    /// are filled by its stem.
    fn of(name: &str) -> Self {
        if name.starts_with('*') {
            return Self::default();
        }
        if let Some(base) = name.strip_suffix(":free") {
            return Self::row(name).unwrap_or_else(|| Self::of(base).for_free());
        }
        let mut cells = Self::row(name)
            .or_else(|| Self::without_region(name))
            .or_else(|| Self::without_maker(name))
            .unwrap_or_default();
        if let Some(general) = Self::row(&format!("*{}", stem(name))) {
            cells.fill(general);
        }
        cells
    }

    /// Bedrock offers a model in several regions, each with its own price except `global.`.
    fn without_region(name: &str) -> Option<Self> {
        let (region, base) = region(name)?;
        let mut cells = Self::row(base)?;
        if region != "global" {
            cells.0[COST] = UNKNOWN;
        }
        Some(cells)
    }

    /// Portkey writes `anthropic.claude-…@20250514` for what Vertex calls `claude-…@20250514`.
    fn without_maker(name: &str) -> Option<Self> {
        let base = maker(name)?;
        base.contains('@').then(|| Self::row(base)).flatten()
    }

    /// A free model: its limits may be stricter than those of the paid one.
    fn for_free(self) -> Self {
        let [_, _, input, reasoning, _] = self.0;
        if input.is_empty() && reasoning.is_empty() {
            return Self::default();
        }
        Self([UNKNOWN, UNKNOWN, input, reasoning, "0 0"])
    }

    fn row(key: &str) -> Option<Self> {
        let mut cells = find(DATA, key)?.split('\t');
        Some(Self(std::array::from_fn(|_| {
            cells.next().unwrap_or(UNKNOWN)
        })))
    }

    /// Fills gaps.
    fn fill(&mut self, other: Self) {
        for (mine, other) in self.0.iter_mut().zip(other.0) {
            if mine.is_empty() {
                *mine = other;
            }
        }
    }

    /// Fills gaps, and marks as disputed what another name of the model contradicts. A price only
    /// fills a gap, since it may be another region's.
    fn join(&mut self, other: Self) {
        for (mine, theirs) in self.0[..COST].iter_mut().zip(other.0) {
            if !mine.is_empty() && !theirs.is_empty() && theirs != DISPUTED && *mine != theirs {
                *mine = DISPUTED;
            }
        }
        self.fill(other);
    }

    fn facts(self) -> ModelFacts {
        let [context_window, max_tokens, input, reasoning, cost] = self.0;
        ModelFacts {
            context_window: context_window.parse().ok(),
            max_tokens: max_tokens.parse().ok(),
            input: read_input(input),
            reasoning: match reasoning {
                "y" => Some(true),
                "n" => Some(false),
                _ => None,
            },
            cost: read_cost(cost),
            disputed: Fact::ALL
                .into_iter()
                .zip(self.0)
                .filter(|(_, cell)| *cell == DISPUTED)
                .map(|(fact, _)| fact)
                .collect(),
        }
    }
}

fn read_input(cell: &str) -> Option<Vec<Input>> {
    let kinds: Option<Vec<Input>> = cell
        .chars()
        .map(|letter| match letter {
            't' => Some(Input::Text),
            'i' => Some(Input::Image),
            'a' => Some(Input::Audio),
            'v' => Some(Input::Video),
            _ => None,
        })
        .collect();
    kinds.filter(|kinds| !kinds.is_empty())
}

/// Parses `1.25 10 0.125 -`: input, output, cache read, cache write.
fn read_cost(cell: &str) -> Option<Cost> {
    let mut prices = cell.split(' ').map(|price| price.parse().ok());
    Some(Cost {
        input: prices.next()??,
        output: prices.next()??,
        cache_read: prices.next().flatten(),
        cache_write: prices.next().flatten(),
    })
}

/// The cells after a key, by binary search in the sorted lines. The comment at the top sorts before
/// every key.
fn find<'a>(mut lines: &'a str, key: &str) -> Option<&'a str> {
    while !lines.is_empty() {
        let middle = lines.len() / 2;
        let start = lines.get(..middle)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = lines.get(start..)?;
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let (name, cells) = line.split_once('\t').unwrap_or((line, ""));
        lines = match key.cmp(name) {
            std::cmp::Ordering::Equal => return Some(cells),
            std::cmp::Ordering::Less => lines.get(..start)?,
            std::cmp::Ordering::Greater => after,
        };
    }
    None
}

/// The model without vendor, region, date and revision: `gpt-5` for `openai/gpt-5-2025-08-07`,
/// `claude-sonnet-4` for `us.anthropic.claude-sonnet-4-20250514-v1:0`. Must match `stem` in
/// `scripts/models.py`.
fn stem(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    let last = region(last).map_or(last, |(_, base)| base);
    let last = maker(last).unwrap_or(last);
    let plain = last.replace("@default", "").replace('@', "-");
    without_date(without_revision(&plain)).to_owned()
}

/// Splits off a region such as `us.`.
fn region(name: &str) -> Option<(&str, &str)> {
    let (head, base) = name.split_once('.')?;
    let known = [
        "apac", "au", "ca", "eu", "global", "jp", "sa", "us", "us-gov",
    ];
    known.contains(&head).then_some((head, base))
}

/// What follows `anthropic.`; a dot before a digit belongs to a version.
fn maker(name: &str) -> Option<&str> {
    let (head, base) = name.split_once('.')?;
    let word = head.starts_with(|c: char| c.is_ascii_lowercase())
        && head
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (word && base.starts_with(|c: char| c.is_ascii_lowercase())).then_some(base)
}

/// Drops `-v1:0` and `:0`.
fn without_revision(name: &str) -> &str {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match name.rsplit_once(':') {
        Some((base, number)) if is_number(number) => match base.rsplit_once("-v") {
            Some((shorter, number)) if is_number(number) => shorter,
            _ => base,
        },
        _ => name,
    }
}

/// Drops `-20250514` and `-2025-08-07`.
fn without_date(name: &str) -> &str {
    for shape in ["-20dddddd", "-20dd-dd-dd"] {
        let Some((base, tail)) = name
            .len()
            .checked_sub(shape.len())
            .and_then(|at| name.split_at_checked(at))
        else {
            continue;
        };
        let fits = tail.bytes().zip(shape.bytes()).all(|(have, want)| {
            if want == b'd' {
                have.is_ascii_digit()
            } else {
                have == want
            }
        });
        if fits {
            return base;
        }
    }
    name
}

#[cfg(test)]
mod tests;
