//! Reads model ids (`@slug/model`), one per line, and prints the built-in facts about each as one
//! line of JSON. Used by `scripts/coverage.py`.

use std::io::{BufRead, Write};

use openclaw_portkey::portkey::catalogue::CatalogueModel;
use openclaw_portkey::portkey::model_facts::{Fact, Input, lookup};
use serde_json::json;

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let model = CatalogueModel {
            id: line?,
            slug: None,
            canonical_slug: None,
        };
        let facts = lookup(&model);
        let input = facts
            .input
            .map(|kinds| kinds.into_iter().map(Input::as_str).collect::<Vec<_>>());
        let cost = facts.cost.map(|cost| {
            json!({
                "input": cost.input,
                "output": cost.output,
                "cacheRead": cost.cache_read,
                "cacheWrite": cost.cache_write,
            })
        });
        let disputed: Vec<_> = facts.disputed.into_iter().map(Fact::as_str).collect();
        let line = json!({
            "id": model.id,
            "contextWindow": facts.context_window,
            "maxTokens": facts.max_tokens,
            "input": input,
            "reasoning": facts.reasoning,
            "cost": cost,
            "disputed": disputed,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()
}
