//! `usage`: requests usage data from Portkey and combines it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::error::Failure;
use crate::portkey::admin::Request;
use crate::portkey::admin::analytics::{self, Graph, Group, Window};
use crate::portkey::admin::keys;
use crate::report::usage::Row;

use super::admin::Admin;
use super::parallel_map::parallel_map;

/// The maximum number of concurrent requests.
const MAX_PARALLEL: usize = 8;

/// The maximum number of keys to look up, each with its own request.
const MAX_KEYS: usize = 100;

/// How the rows are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Day,
    Agent,
    Model,
    User,
    Key,
}

impl By {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Agent => "agent",
            Self::Model => "model",
            Self::User => "user",
            Self::Key => "key",
        }
    }
}

/// Usage data.
pub(crate) struct Usage {
    pub(crate) total: Row,
    /// By day, without gaps.
    pub(crate) days: Vec<Row>,
    /// The rows, largest first; for days, earliest first.
    pub(crate) rows: Vec<Row>,
    /// Whether the rows are complete.
    pub(crate) complete: bool,
}

pub(crate) fn ask(
    admin: &Admin,
    by: By,
    window: &Window,
    all_days: &[String],
) -> Result<Usage, Failure> {
    let (total, days) = over_time(admin, window, None, all_days)?;
    let (mut rows, complete) = match by {
        By::Day => (days.clone(), true),
        By::Agent => group(admin, &Group::Metadata("agent".to_owned()), window)?,
        By::Model => group(admin, &Group::Model, window)?,
        By::User => group(admin, &Group::User, window)?,
        By::Key => by_key(admin, window)?,
    };
    if by != By::Day {
        rows.sort_by(|a, b| {
            let cost = |row: &Row| row.dollars.unwrap_or(0.0);
            let order = cost(b).total_cmp(&cost(a));
            let order = order.then(b.requests.total_cmp(&a.requests));
            order.then_with(|| a.name.cmp(&b.name))
        });
    }
    Ok(Usage {
        total,
        days,
        rows,
        complete,
    })
}

/// The three graphs, in total and by day.
fn over_time(
    admin: &Admin,
    window: &Window,
    key: Option<&str>,
    all_days: &[String],
) -> Result<(Row, Vec<Row>), Failure> {
    let requests: Vec<Request> = Graph::ALL
        .iter()
        .map(|graph| analytics::graph(*graph, window, key, admin.workspace()))
        .collect();
    let replies = parallel_map(MAX_PARALLEL, &requests, |request| admin.send(request));
    let mut counted: Vec<(f64, BTreeMap<String, f64>)> = Vec::new();
    for reply in replies {
        counted.push(analytics::counted(&reply?));
    }
    let row = |name: &str, of: &dyn Fn(usize) -> f64| Row {
        name: name.to_owned(),
        requests: of(0),
        tokens: Some(of(1)),
        dollars: Some(of(2) / 100.0),
    };
    let total = row("", &|at| counted[at].0);
    let days = all_days
        .iter()
        .map(|day| row(day, &|at| counted[at].1.get(day).copied().unwrap_or(0.0)));
    Ok((total, days.collect()))
}

fn group(admin: &Admin, by: &Group, window: &Window) -> Result<(Vec<Row>, bool), Failure> {
    let pages = admin.list(&analytics::group(by, window, admin.workspace()))?;
    let rows = analytics::used(&pages.items).into_iter().map(|used| Row {
        name: used.name,
        requests: used.requests,
        tokens: used.tokens,
        dollars: used.cents.map(|cents| cents / 100.0),
    });
    Ok((rows.collect(), !pages.is_partial()))
}

/// Each key separately; unused keys are left out.
fn by_key(admin: &Admin, window: &Window) -> Result<(Vec<Row>, bool), Failure> {
    let pages = admin.list(&keys::list(admin.workspace()))?;
    let mut all = keys::keys(&pages.items);
    let complete = !pages.is_partial() && all.len() <= MAX_KEYS;
    all.truncate(MAX_KEYS);
    let asked = parallel_map(MAX_PARALLEL, &all, |key| {
        let requests = analytics::graph(Graph::Requests, window, Some(&key.id), admin.workspace());
        let (requests, _) = analytics::counted(&admin.send(&requests)?);
        if requests <= 0.0 {
            return Ok(None);
        }
        let (total, _) = over_time(admin, window, Some(&key.id), &[])?;
        let name = key.name.clone();
        Ok::<_, Failure>(Some(Row { name, ..total }))
    });
    let mut rows = Vec::new();
    for row in asked {
        rows.extend(row?);
    }
    Ok((rows, complete))
}

/// Usage as JSON.
pub(crate) fn json(usage: &Usage, by: By, window: &Window) -> Json {
    let row = |row: &Row| {
        json!({
            "name": row.name,
            "requests": whole(row.requests),
            "tokens": row.tokens.map(whole),
            "costUsd": row.dollars.map(rounded),
        })
    };
    let rows = |rows: &[Row]| -> Vec<Json> { rows.iter().map(row).collect() };
    json!({
        "by": by.name(),
        "since": window.from,
        "until": window.until,
        "total": {
            "requests": whole(usage.total.requests),
            "tokens": usage.total.tokens.map(whole),
            "costUsd": usage.total.dollars.map(rounded),
        },
        "days": rows(&usage.days),
        "rows": rows(&usage.rows),
        "complete": usage.complete,
    })
}

/// A count, without `.0`.
fn whole(count: f64) -> Json {
    let digits = format!("{count:.0}").parse::<u64>();
    digits.map_or_else(|_| count.into(), Json::from)
}

/// Rounds away errors from dividing by 100.
fn rounded(dollars: f64) -> f64 {
    (dollars * 1e6).round() / 1e6
}
