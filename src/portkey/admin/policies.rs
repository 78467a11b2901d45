//! Policies: limits for whole groups of requests. Portkey has them where it is self-hosted.

use serde_json::Value as Json;

use super::limits::{Budget, Rate};
use super::lists::is_archived;
use super::{Request, text};

/// A policy: limits for the requests that its conditions fit, counted by group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Its UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What may be spent.
    pub budget: Option<Budget>,
    /// How fast requests may come.
    pub rate: Option<Rate>,
    /// The requests that it is about, as `key=value`.
    pub conditions: Vec<String>,
    /// What it counts by, such as `metadata._user`.
    pub group_by: Vec<String>,
}

/// `GET /policies/usage-limits`
#[must_use]
pub fn budgets(workspace: Option<&str>) -> Request {
    let path = ["policies", "usage-limits"];
    Request::get(&path, &[&["policies.list"]]).workspace(workspace)
}

/// `GET /policies/rate-limits`
#[must_use]
pub fn rates(workspace: Option<&str>) -> Request {
    let path = ["policies", "rate-limits"];
    Request::get(&path, &[&["policies.list"]]).workspace(workspace)
}

/// The policies of a list that are in force.
#[must_use]
pub fn policies(items: &[Json]) -> Vec<Policy> {
    let active = items.iter().filter(|item| !is_archived(item));
    active.map(policy).collect()
}

fn policy(item: &Json) -> Policy {
    let of = |key: &str| text(item, &[key]).unwrap_or_default().to_owned();
    let list = |key: &str| item.get(key).and_then(Json::as_array).into_iter().flatten();
    let condition = |one: &Json| {
        let value = one.get("value")?;
        // The documentation has lists, too.
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{}={value}", one.get("key")?.as_str()?))
    };
    let key = |one: &Json| one.get("key")?.as_str().map(str::to_owned);
    Policy {
        id: of("id"),
        name: of("name"),
        budget: Budget::read(item),
        rate: Rate::read_all(item).into_iter().next(),
        conditions: list("conditions").filter_map(condition).collect(),
        group_by: list("group_by").filter_map(key).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn policies_of_both_kinds_are_read() {
        let items = [
            json!({
                "id": "a", "name": "per user", "type": "cost", "credit_limit": 10.0,
                "periodic_reset": "monthly", "status": "active",
                "conditions": [{ "key": "workspace_id", "value": "ws-a" }],
                "group_by": [{ "key": "metadata._user" }],
            }),
            json!({
                "id": "b", "type": "requests", "unit": "rpm", "value": 100,
                "conditions": [{ "key": "provider", "value": ["a", "b"] }], "group_by": [],
            }),
            json!({ "id": "c", "status": "archived" }),
        ];
        let found = policies(&items);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].budget.as_ref().unwrap().to_string(),
            "10 usd/month"
        );
        assert_eq!(found[0].conditions, ["workspace_id=ws-a"]);
        assert_eq!(found[0].group_by, ["metadata._user"]);
        assert_eq!(found[0].rate, None);
        assert_eq!(
            found[1].rate.as_ref().unwrap().to_string(),
            "100 requests/min"
        );
        assert_eq!(found[1].conditions, [r#"provider=["a","b"]"#]);
    }
}
