//! Conditions: which target a request is routed to.

use std::borrow::Cow;

use crate::document::Value;
use crate::gateway_config::read::{Strategy, TargetId};
use crate::pattern::{self, NoMatch};

use super::machine::{Run, Stop};
use super::{Request, js};

/// What conditions can see of a request.
pub(super) struct Context<'r> {
    metadata: Option<Value>,
    request: &'r Request,
}

impl<'r> Context<'r> {
    pub(super) fn new(request: &'r Request) -> Self {
        let metadata = request.header("x-portkey-metadata");
        let metadata = metadata.and_then(|text| serde_json::from_str(text).ok());
        Self {
            metadata: metadata.as_ref().map(js::from_json),
            request,
        }
    }

    /// A value by its path; only the first two parts count.
    fn get(&self, path: &str) -> Option<Cow<'_, Value>> {
        let mut parts = path.split('.');
        let (root, key) = (parts.next()?, parts.next().unwrap_or("undefined"));
        match root {
            "metadata" => member(self.metadata.as_ref()?, key),
            "params" => member(&self.request.body, key),
            "url" if key == "pathname" => {
                Some(Cow::Owned(Value::String("/v1/chat/completions".to_owned())))
            }
            _ => None,
        }
    }
}

fn member<'v>(holder: &'v Value, key: &str) -> Option<Cow<'v, Value>> {
    match holder {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?).map(Cow::Borrowed),
        holder => holder.get(key).map(Cow::Borrowed),
    }
}

impl<'c> Run<'c, '_> {
    /// Which of these targets the conditions choose.
    pub(super) fn route(
        &self,
        strategy: &'c Strategy,
        members: &[TargetId],
    ) -> Result<TargetId, Stop> {
        let Some(conditions) = &strategy.conditions else {
            return Err(router("No conditions passed in the query router"));
        };
        let context = Context::new(self.request);
        let find = |name: &str| {
            let named = |id: &&TargetId| {
                let target = self.config.target(**id);
                target.name.as_ref().is_some_and(|it| it.value == name)
            };
            let missing = || {
                router(format!(
                    "Invalid target name found in the query router: {name}"
                ))
            };
            members.iter().find(named).copied().ok_or_else(missing)
        };
        for condition in &conditions.value {
            let (Some(query), Some(then)) = (&condition.query, &condition.then) else {
                continue;
            };
            if holds(&query.value, &context)? {
                return find(&then.value);
            }
        }
        match &strategy.default {
            Some(name) if !name.value.is_empty() => find(&name.value),
            _ => Err(router("Query router did not resolve to any valid target")),
        }
    }
}

fn router(message: impl Into<String>) -> Stop {
    Stop::Router(message.into())
}

/// Whether a query matches.
pub(super) fn holds(query: &Value, context: &Context<'_>) -> Result<bool, Stop> {
    match query {
        Value::Object(members) => {
            let entries = members.iter().map(|(key, value)| (key.as_str(), value));
            all_hold(entries, context)
        }
        Value::Array(items) => {
            let keys: Vec<String> = (0..items.len()).map(|at| at.to_string()).collect();
            all_hold(keys.iter().map(String::as_str).zip(items), context)
        }
        Value::Null => Err(router("Cannot convert undefined or null to object")),
        // Each character counts as a condition that never matches.
        Value::String(text) => Ok(text.is_empty()),
        Value::Bool(_) | Value::Number(_) => Ok(true),
    }
}

fn all_hold<'v>(
    entries: impl Iterator<Item = (&'v str, &'v Value)>,
    context: &Context<'_>,
) -> Result<bool, Stop> {
    for (key, value) in entries {
        match (key, value) {
            // These two return immediately: later keys are not evaluated.
            ("$or", Value::Array(parts)) => {
                for part in parts {
                    if holds(part, context)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            ("$and", Value::Array(parts)) => {
                for part in parts {
                    if !holds(part, context)? {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
            _ => {}
        }
        let found = context.get(key);
        let found = found.as_deref();
        let fits = match value {
            Value::Object(operators) => {
                let operators = operators.iter().map(|(key, value)| (key.as_str(), value));
                operators_hold(operators, found)?
            }
            Value::Array(items) => match items.first() {
                Some(_) => return Err(unsupported("0")),
                None => true,
            },
            value => js::strictly_equal(found, value),
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

fn unsupported(operator: &str) -> Stop {
    router(format!(
        "Unsupported operator used in the query router: {operator}"
    ))
}

fn operators_hold<'v>(
    operators: impl Iterator<Item = (&'v str, &'v Value)>,
    found: Option<&Value>,
) -> Result<bool, Stop> {
    for (operator, value) in operators {
        let number = || (js::parse_float(found), js::parse_float(Some(value)));
        let listed = || match value {
            Value::Array(items) => Some(items.iter().any(|item| js::strictly_equal(found, item))),
            _ => None,
        };
        let fits = match operator {
            "$eq" => js::strictly_equal(found, value),
            "$ne" => !js::strictly_equal(found, value),
            "$gt" => number().0 > number().1,
            "$gte" => number().0 >= number().1,
            "$lt" => number().0 < number().1,
            "$lte" => number().0 <= number().1,
            "$in" => listed() == Some(true),
            "$nin" => listed() == Some(false),
            // Later operators are not evaluated.
            "$regex" => {
                let pattern = js::text(Some(value));
                return match pattern::test(&pattern, &js::text(found)) {
                    Ok(matches) => Ok(matches),
                    Err(NoMatch::Invalid) => Ok(false),
                    Err(NoMatch::Unknown) => Err(Stop::Unknown(format!(
                        "whether the regular expression `{pattern}` matches"
                    ))),
                };
            }
            other => return Err(unsupported(other)),
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}
