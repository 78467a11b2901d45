//! Usage: requests, tokens and cost, over time and by group.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Request, data};

const VIEW: &[&[&str]] = &[&["analytics.view"]];

/// A time range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The start, such as `2026-11-21T00:00:00Z`.
    pub from: String,
    /// The end.
    pub until: String,
}

/// A quantity over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graph {
    /// Requests.
    Requests,
    /// Tokens.
    Tokens,
    /// US cents.
    Cost,
}

impl Graph {
    /// Every graph.
    pub const ALL: [Self; 3] = [Self::Requests, Self::Tokens, Self::Cost];

    fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
        }
    }
}

/// What requests are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// The model.
    Model,
    /// The user, by `_user` or the request's own `user`.
    User,
    /// The value of a metadata key.
    Metadata(String),
}

/// `GET /analytics/graphs/…`, optionally for a single key.
#[must_use]
pub fn graph(graph: Graph, window: &Window, key: Option<&str>, workspace: Option<&str>) -> Request {
    let request = Request::get(&["analytics", "graphs", graph.name()], VIEW);
    let request = within(request, window, workspace);
    match key {
        Some(id) => request.with("api_key_ids", id),
        None => request,
    }
}

/// `GET /analytics/groups/…`
#[must_use]
pub fn group(group: &Group, window: &Window, workspace: Option<&str>) -> Request {
    let mut path = vec!["analytics", "groups"];
    match group {
        Group::Model => path.push("ai-models"),
        Group::User => path.push("users"),
        Group::Metadata(key) => path.extend(["metadata", key]),
    }
    within(Request::get(&path, VIEW), window, workspace)
}

fn within(request: Request, window: &Window, workspace: Option<&str>) -> Request {
    let request = request
        .with("time_of_generation_min", window.from.clone())
        .with("time_of_generation_max", window.until.clone());
    match workspace {
        Some(slug) => request.with("workspace_slug", slug),
        None => request,
    }
}

/// The total of a graph, and its values by day (`2026-11-21`).
#[must_use]
pub fn counted(reply: &Json) -> (f64, BTreeMap<String, f64>) {
    // The points are next to `data`, or inside it.
    let inner = data(reply);
    let points = inner.get("data_points").and_then(Json::as_array);
    let mut days = BTreeMap::new();
    for point in points.into_iter().flatten() {
        let day = point
            .get("timestamp")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let day = day.get(..10).unwrap_or_default();
        if !day.is_empty() {
            *days.entry(day.to_owned()).or_default() += number(point.get("total"));
        }
    }
    let total = inner.pointer("/summary/total");
    let total = match total {
        Some(total) => number(Some(total)),
        None => days.values().sum(),
    };
    (total, days)
}

/// A number, possibly as text.
fn number(json: Option<&Json>) -> f64 {
    let number = match json {
        Some(Json::String(text)) => text.trim().parse().unwrap_or(0.0),
        Some(json) => json.as_f64().unwrap_or(0.0),
        None => 0.0,
    };
    if number.is_finite() { number } else { 0.0 }
}

/// One row of a group. What Portkey doesn't return is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Used {
    /// The user, model or value.
    pub name: String,
    /// Requests.
    pub requests: f64,
    /// Tokens.
    pub tokens: Option<f64>,
    /// US cents.
    pub cents: Option<f64>,
}

/// The rows of a group.
#[must_use]
pub fn used(items: &[Json]) -> Vec<Used> {
    items.iter().map(line).collect()
}

fn line(item: &Json) -> Used {
    let name = ["ai_model", "user", "metadata_value"]
        .iter()
        .find_map(|key| item.get(key)?.as_str());
    let requests = number(item.get("requests"));
    let average = item.get("avg_tokens").filter(|average| !average.is_null());
    Used {
        name: name.unwrap_or_default().to_owned(),
        requests,
        tokens: average.map(|average| number(Some(average)) * requests),
        cents: item.get("cost").map(|cost| number(Some(cost))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn window() -> Window {
        Window {
            from: "2026-11-21T00:00:00Z".to_owned(),
            until: "2026-11-28T00:00:00Z".to_owned(),
        }
    }

    #[test]
    fn requests_name_the_window() {
        let request = graph(Graph::Cost, &window(), Some("u"), Some("ws-a"));
        assert_eq!(request.to_string(), "GET /analytics/graphs/cost");
        let names: Vec<&str> = request.query.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "time_of_generation_min",
                "time_of_generation_max",
                "workspace_slug",
                "api_key_ids"
            ]
        );
        for (by, path) in [
            (Group::Model, "GET /analytics/groups/ai-models"),
            (Group::User, "GET /analytics/groups/users"),
            (
                Group::Metadata("agent".to_owned()),
                "GET /analytics/groups/metadata/agent",
            ),
        ] {
            assert_eq!(group(&by, &window(), None).to_string(), path);
        }
    }

    #[test]
    fn points_are_summed_by_day() {
        let points = json!([
            { "timestamp": "2026-11-21T08:00:00.000Z", "total": 2 },
            { "timestamp": "2026-11-21T09:00:00.000Z", "total": "3" },
            { "timestamp": "2026-11-22T09:00:00.000Z", "total": 1.5 },
            { "total": 9 },
            { "timestamp": "x" },
        ]);
        let reply = json!({ "summary": { "total": 7 }, "data_points": points });
        let (total, days) = counted(&reply);
        assert_eq!(total.to_string(), "7");
        assert_eq!(
            format!("{days:?}"),
            r#"{"2026-11-21": 5.0, "2026-11-22": 1.5}"#
        );
        let (total, _) = counted(&json!({ "data": { "data_points": points } }));
        assert_eq!(total.to_string(), "6.5");
        assert_eq!(counted(&json!([])), (0.0, BTreeMap::new()));
    }

    #[test]
    fn group_rows() {
        let items = [
            json!({ "ai_model": "gpt-5", "requests": "12" }),
            json!({ "user": "ops", "requests": "3", "cost": "4.5" }),
            json!({ "metadata_value": "ops", "requests": 4, "cost": 10, "avg_tokens": 100 }),
            json!({ "requests": null }),
        ];
        let found = used(&items);
        assert_eq!(found[0].requests.to_string(), "12");
        assert_eq!((found[0].tokens, found[0].cents), (None, None));
        assert_eq!(found[1].cents, Some(4.5));
        assert_eq!(found[2].tokens, Some(400.0));
        assert_eq!(found[3], Used::default());
    }
}
