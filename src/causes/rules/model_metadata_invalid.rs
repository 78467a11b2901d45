//! `model-metadata-invalid`

use crate::document::{Kind, Value};
use crate::openclaw::{Feature, VersionSource, View};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "model-metadata-invalid",
    area: Area::Models,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::OpenClaw],
    summary: "a model's limits, prices or input types are invalid",
    why: "OpenClaw refuses numbers that are not positive, and unknown input types. It refuses to \
          use a model with a context window below 4000 tokens (16000 in early versions). Its own \
          instructions take some 15000 tokens: a window that they nearly fill leaves the model \
          one token for its answer.",
    fix: "Use the numbers from the model's documentation, or remove them: OpenClaw then assumes \
          sensible ones.",
    bad: &[
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «1000» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «8192» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: «"128k"» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", maxTokens: «0» }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 128000, maxTokens: «200000» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", input: ["text", «"pdf"»] }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", input: «"text"» }]"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", reasoning: «"high"» }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", cost: { input: «"1.25"», output: 10 } }]"#),
    ],
    good: &[
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 400000, maxTokens: 128000, input: ["text", "image"], reasoning: true, cost: { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 0 } }]"#),
        wired!(models
            r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", contextWindow: 32000, maxTokens: 32000 }]"#),
    ],
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

/// The smallest context window, in tokens, that the newest OpenClaw accepts, and that early ones
/// accept.
const MIN_CONTEXT: f64 = 4_000.0;
const MIN_CONTEXT_EARLY: f64 = 16_000.0;

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, model) in facts.models() {
        let window = positive(&model.view, "contextWindow", findings);
        let most = positive(&model.view, "maxTokens", findings);
        positive(&model.view, "contextTokens", findings);
        if let Some((view, tokens)) = &window {
            judge_window(view, *tokens, facts.version, findings);
        }
        if let (Some((_, window)), Some((view, most))) = (window, most)
            && most > window
        {
            findings.at(
                &view,
                format!("maxTokens is larger than the context window, {window}"),
                "write the most tokens that the model can output",
            );
            findings.level(Level::Warning);
        }
        judge_kinds(&model.view, findings);
    }
}

/// A positive number and its view; anything else is reported.
fn positive<'c>(model: &View<'c>, key: &str, findings: &mut Findings) -> Option<(View<'c>, f64)> {
    let view = model.get(key)?;
    match view.value() {
        Value::Number(number) if number > 0.0 && number.is_finite() => Some((view, number)),
        _ => {
            findings.at(
                &view,
                format!("{key} must be a number above 0; otherwise OpenClaw does not start"),
                "write the number of tokens",
            );
            None
        }
    }
}

fn judge_window(view: &View<'_>, tokens: f64, version: VersionSource, findings: &mut Findings) {
    let early = version != VersionSource::Unknown && version.version().lacks(Feature::SmallWindows);
    let help = "write the context window from the model's documentation, in tokens";
    if tokens < MIN_CONTEXT || (early && tokens < MIN_CONTEXT_EARLY) {
        let least = if early {
            MIN_CONTEXT_EARLY
        } else {
            MIN_CONTEXT
        };
        findings.at(
            view,
            format!("OpenClaw refuses models with a context window below {least} tokens"),
            help,
        );
    } else if tokens < MIN_CONTEXT_EARLY {
        findings.at(
            view,
            "OpenClaw's own instructions nearly fill this context window, leaving the model \
             almost no room for its answer",
            help,
        );
        findings.level(Level::Warning);
    }
}

fn judge_kinds(model: &View<'_>, findings: &mut Findings) {
    if let Some(view) = model.get("reasoning")
        && view.kind() != Kind::Bool
    {
        findings.at(
            &view,
            "reasoning must be true or false",
            "write true or false",
        );
    }
    if let Some(cost) = model.get("cost") {
        if cost.kind() != Kind::Object {
            findings.at(
                &cost,
                "cost must be an object",
                "write { input, output } in dollars per million tokens",
            );
        }
        for key in ["input", "output", "cacheRead", "cacheWrite"] {
            if let Some(price) = cost.get(key)
                && price.kind() != Kind::Number
            {
                findings.at(
                    &price,
                    "a price must be a number",
                    "write dollars per million tokens",
                );
            }
        }
    }
    let Some(input) = model.get("input") else {
        return;
    };
    if input.kind() != Kind::Array {
        findings.at(
            &input,
            "input must be a list",
            "write [\"text\"] or [\"text\", \"image\"]",
        );
    }
    for kind in input.items() {
        if !matches!(
            kind.text().as_deref(),
            Some("text" | "image" | "audio" | "video")
        ) {
            findings.at(
                &kind,
                "OpenClaw doesn't know this input type, and won't start with it",
                "write \"text\" or \"image\"",
            );
        }
    }
}
