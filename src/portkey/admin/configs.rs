//! Saved gateway configs.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::{Method, Request, data, lists::is_archived, text};

/// A saved config as Portkey lists it. Unknown fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// `pc-…`
    pub slug: String,
    /// Its UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `active` and the like.
    pub status: String,
    /// Whether it is the workspace's default.
    pub is_default: bool,
    /// When it was last updated.
    pub updated: String,
    /// Its version.
    pub version: String,
    archived: bool,
}

/// A saved config with its contents.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// Its listing.
    pub entry: Entry,
    /// The contents.
    pub config: Json,
}

/// `GET /configs`
#[must_use]
pub fn list(workspace: Option<&str>) -> Request {
    Request::get(&["configs"], &[&["configs.list"]]).workspace(workspace)
}

/// `GET /configs/{slug}`
#[must_use]
pub fn get(slug: &str, workspace: Option<&str>) -> Request {
    Request::get(&["configs", slug], &[&["configs.read"]]).workspace(workspace)
}

/// `GET /configs/{slug}/versions`
#[must_use]
pub fn versions(slug: &str, workspace: Option<&str>) -> Request {
    Request::get(&["configs", slug, "versions"], &[&["configs.read"]]).workspace(workspace)
}

/// `POST /configs`
#[must_use]
pub fn create(name: &str, config: &Json, workspace: Option<&str>) -> Request {
    let body = json!({ "name": name, "config": config });
    Request::write(Method::Post, &["configs"], body, &[&["configs.create"]]).workspace(workspace)
}

/// `PUT /configs/{slug}` with just the contents, so that the name stays.
#[must_use]
pub fn update(slug: &str, config: &Json, workspace: Option<&str>) -> Request {
    let body = json!({ "config": config });
    let path = ["configs", slug];
    Request::write(Method::Put, &path, body, &[&["configs.update"]]).workspace(workspace)
}

/// `DELETE /configs/{slug}`
#[must_use]
pub fn delete(slug: &str, workspace: Option<&str>) -> Request {
    let request = Request::get(&["configs", slug], &[&["configs.delete"]]).workspace(workspace);
    Request {
        method: Method::Delete,
        ..request
    }
}

/// Parses a list entry or a whole reply.
#[must_use]
pub fn entry(reply: &Json) -> Entry {
    let of = |keys: &[&str]| text(reply, keys).unwrap_or_default().to_owned();
    let inner = data(reply);
    Entry {
        slug: of(&["slug"]),
        id: of(&["id"]),
        name: of(&["name"]),
        status: of(&["status"]),
        is_default: inner
            .get("is_default")
            .or_else(|| inner.get("isDefault"))
            .is_some_and(is_set),
        updated: of(&["last_updated_at", "updated_at", "created_at"]),
        version: of(&["version_id"]),
        archived: is_archived(inner),
    }
}

/// A flag, as a number or a boolean.
fn is_set(flag: &Json) -> bool {
    flag.as_bool()
        .or_else(|| Some(flag.as_u64()? != 0))
        .unwrap_or(false)
}

/// The entries of a list that aren't archived.
#[must_use]
pub fn entries(items: &[Json]) -> Vec<Entry> {
    let all = items.iter().map(entry);
    all.filter(|entry| !entry.slug.is_empty() && !entry.archived)
        .collect()
}

/// Parses a config with its contents, which are an object or a text.
///
/// # Errors
/// A sentence about what is missing.
pub fn saved(reply: &Json) -> Result<Saved, &'static str> {
    const NONE: &str = "the reply contains no config";
    let inner = data(reply);
    let config = inner.get("config").or_else(|| reply.get("config"));
    let config = match config.ok_or(NONE)? {
        Json::String(text) => {
            serde_json::from_str(text).map_err(|_| "the saved config is not valid JSON")?
        }
        config => config.clone(),
    };
    if !config.is_object() {
        return Err(NONE);
    }
    Ok(Saved {
        entry: entry(reply),
        config,
    })
}

/// The versions of a config, newest first, without those that have no contents. It isn't documented
/// which timestamp is the version's own, so use the one that differs between them.
#[must_use]
pub fn history(items: &[Json]) -> Vec<Saved> {
    let all = |key: &str| -> Vec<String> {
        let of = |item: &Json| text(item, &[key]).unwrap_or_default().to_owned();
        items.iter().map(of).collect()
    };
    let differ = |times: &Vec<String>| times.windows(2).any(|pair| pair[0] != pair[1]);
    let times = ["created_at", "last_updated_at", "updated_at"].map(all);
    let times = times
        .into_iter()
        .find(differ)
        .unwrap_or_else(|| all("created_at"));
    let mut list: Vec<Saved> = Vec::new();
    for (item, time) in items.iter().zip(times) {
        if let Ok(mut version) = saved(item) {
            version.entry.updated = time;
            list.push(version);
        }
    }
    // UTC timestamps sort as text; without timestamps, the order stays.
    list.sort_by(|a, b| b.entry.updated.cmp(&a.entry.updated));
    list
}

/// Whether two configs are equivalent: keys in any order, numbers compared by value.
#[must_use]
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

/// The config with its keys in the order of another, so that a diff shows only real differences.
#[must_use]
pub fn ordered_like(config: &Json, model: &Json) -> Json {
    match (config, model) {
        (Json::Object(members), Json::Object(wanted)) => {
            let keys: Vec<&String> = members.keys().collect();
            let places: HashMap<&String, usize> = keys
                .iter()
                .enumerate()
                .map(|(at, key)| (*key, at))
                .collect();
            // A key that the other lacks stays after the same key.
            let others = |from: usize| {
                let rest = keys[from..].iter().copied();
                rest.take_while(|key| !wanted.contains_key(*key))
            };
            let known = wanted
                .keys()
                .filter_map(|key| Some((key, *places.get(key)?)));
            let known = known.flat_map(|(key, at)| std::iter::once(key).chain(others(at + 1)));
            let of = |key: &String| {
                let value = &members[key];
                let value = wanted
                    .get(key)
                    .map_or_else(|| value.clone(), |model| ordered_like(value, model));
                (key.clone(), value)
            };
            others(0).chain(known).map(of).collect()
        }
        (Json::Array(items), Json::Array(wanted)) => {
            let pairs = items.iter().enumerate();
            let of = |(at, item): (usize, &Json)| {
                wanted
                    .get(at)
                    .map_or_else(|| item.clone(), |model| ordered_like(item, model))
            };
            pairs.map(of).collect()
        }
        _ => config.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documented form, and the one that Portkey's Terraform provider reads.
    #[test]
    fn both_reply_formats_are_parsed() {
        let config = json!({ "retry": { "attempts": 2 } });
        for reply in [
            json!({ "success": true, "data": { "config": config } }),
            json!({ "config": config, "name": "a", "version_id": "v" }),
            json!({ "config": config.to_string(), "slug": "pc-a" }),
            json!({ "data": { "config": config.to_string() } }),
        ] {
            assert_eq!(saved(&reply).unwrap().config, config, "{reply}");
        }
        for reply in [
            json!({}),
            json!({ "config": "{" }),
            json!({ "data": { "config": 3 } }),
        ] {
            assert!(saved(&reply).is_err(), "{reply}");
        }
        for reply in [
            json!({ "success": true, "data": { "id": "u", "version_id": "v" } }),
            json!({ "id": "u", "version_id": "v" }),
        ] {
            let entry = entry(&reply);
            assert_eq!((entry.id.as_str(), entry.version.as_str()), ("u", "v"));
            assert_eq!(entry.slug, "");
        }
    }

    #[test]
    fn archived_configs_are_left_out() {
        let items = [
            json!({ "slug": "pc-a", "name": "a", "is_default": 1 }),
            json!({ "slug": "pc-b", "name": "a", "status": "archived" }),
            json!({ "name": "without a slug" }),
        ];
        let found = entries(&items);
        assert_eq!(found.len(), 1);
        assert!(found[0].is_default);
    }

    #[test]
    fn configs_are_compared_by_meaning() {
        let one = json!({ "a": 1, "b": [1.0, "x"] });
        assert!(same(&one, &json!({ "b": [1, "x"], "a": 1.0 })));
        for other in [
            json!({ "a": 1 }),
            json!({ "a": 1, "b": ["x", 1] }),
            json!({ "a": 1, "b": [1, "x"], "c": null }),
        ] {
            assert!(!same(&one, &other), "{other}");
        }
    }

    #[test]
    fn keys_follow_the_order_of_another() {
        let config = json!({ "b": { "y": 1, "x": 2 }, "c": 3, "a": [{ "n": 1, "m": 2 }] });
        let model = json!({ "a": [{ "m": 0, "n": 0 }], "b": { "x": 0, "y": 0 } });
        let ordered = ordered_like(&config, &model);
        assert_eq!(
            ordered.to_string(),
            r#"{"a":[{"m":2,"n":1}],"b":{"x":2,"y":1},"c":3}"#
        );
        assert!(same(&ordered, &config));
    }

    #[test]
    fn history_is_newest_first() {
        let version =
            |id: &str, at: &str| json!({ "version_id": id, "created_at": at, "config": "{}" });
        let items = [
            version("a", "2026-01-01T00:00:00.000Z"),
            version("b", "2026-01-02T00:00:00.000Z"),
            json!({ "version_id": "c" }),
        ];
        let ids: Vec<String> = history(&items)
            .into_iter()
            .map(|one| one.entry.version)
            .collect();
        assert_eq!(ids, ["b", "a"]);
    }
}
