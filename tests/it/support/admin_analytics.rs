//! Usage data of the loopback control plane.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::portkey::{Answer, Recorded};
use super::Script;
use super::store::{State, paged};

/// A graph over time; for a key, the usage of its agent.
pub(super) fn graph(script: &Script, state: &State, what: &str, request: &Recorded) -> Answer {
    let key = request.target.split("api_key_ids=").nth(1);
    let key = key.map(|key| key.split('&').next().unwrap_or_default());
    let of_key = key.map(|id| {
        let found = state.keys.iter().find(|key| key.fields["id"] == id);
        let agent = found.and_then(|key| key.fields.pointer("/defaults/metadata/agent")?.as_str());
        agent.unwrap_or("no agent").to_owned()
    });
    let mut days: BTreeMap<&str, f64> = BTreeMap::new();
    for (day, _, agent, requests, tokens, cents) in &script.used {
        if of_key.as_ref().is_some_and(|wanted| wanted != agent) {
            continue;
        }
        *days.entry(day).or_default() += match what {
            "requests" => requests,
            "tokens" => tokens,
            _ => cents,
        };
    }
    let total: f64 = days.values().sum();
    let points: Vec<Value> = days
        .into_iter()
        .map(|(day, total)| json!({ "timestamp": format!("{day}T12:00:00.000Z"), "total": total }))
        .collect();
    let reply = json!({
        "summary": { "total": total, "avg": 1 }, "data_points": points, "object": "analytics-graph",
    });
    Answer::new(200, reply.to_string())
}

/// Rows by model, user or a metadata key.
pub(super) fn group(script: &Script, by: &[&str], request: &Recorded) -> Answer {
    let mut lines: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for (_, model, agent, requests, tokens, cents) in &script.used {
        let name = if by[0] == "ai-models" { model } else { agent };
        let line = lines.entry(name).or_default();
        *line = (line.0 + requests, line.1 + tokens, line.2 + cents);
    }
    let line = |(name, (requests, tokens, cents)): (&str, (f64, f64, f64))| match by {
        ["ai-models"] => json!({ "ai_model": name, "requests": requests.to_string() }),
        ["users"] => {
            json!({ "user": name, "requests": requests.to_string(), "cost": cents.to_string() })
        }
        _ => json!({
            "metadata_value": name, "requests": requests, "cost": cents,
            "avg_tokens": tokens / requests,
        }),
    };
    paged(
        lines.into_iter().map(line).collect(),
        Some(script.page.unwrap_or(50)),
        request,
    )
}
