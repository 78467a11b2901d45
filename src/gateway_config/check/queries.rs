//! Rules about the queries of conditions.

use crate::diagnostic::Level;
use crate::document::{Kind, NodeId, Value};
use crate::gateway_config::read::Spanned;
use crate::gateway_config::simulate::is_valid_pattern;

use super::Rule;
use super::conditions::{conditional, conditions, routers};
use super::facts::{Facts, Findings, closest, did_you_mean, set, shown};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "condition-operator-unknown",
        level: Level::Error,
        summary: "a condition uses an unknown operator",
        why: "The operators are `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in`, `$nin`, \
              `$regex`, `$and` and `$or`. Any other gets 400, although the documentation says \
              that the condition is skipped.",
        fix: "Use one of these.",
        bad: &[
            conditional!(r#"{"metadata.plan":{«"$exists"»:true}}"#),
            conditional!(r#"{"params.user":{«"$equals"»:"ops"}}"#),
            conditional!(r#"{«"$not"»:{"params.user":"ops"}}"#),
        ],
        good: &[conditional!(
            r#"{"$or":[{"params.user":{"$eq":"ops"}},{"params.user":{"$in":["dev"]}}]}"#
        )],
        check: condition_operator_unknown,
    },
    Rule {
        id: "condition-path",
        level: Level::Error,
        summary: "a condition uses a path that doesn't exist",
        why: "A path has two parts: `metadata.KEY`, `params.KEY` for the request's body, or \
              `url.pathname`. A third part is ignored, and any other path is always empty.",
        fix: "Use a path of two parts.",
        bad: &[
            conditional!(r#"{«"params.metadata.plan"»:"paid"}"#),
            conditional!(r#"{«"user"»:"ops"}"#),
            conditional!(r#"{«"headers.x-agent"»:"ops"}"#),
            conditional!(r#"{«"url.path"»:"/v1/chat/completions"}"#),
        ],
        good: &[conditional!(r#"{"url.pathname":"/v1/chat/completions"}"#)],
        check: condition_path,
    },
    Rule {
        id: "condition-matches-missing",
        level: Level::Warning,
        summary: "a condition also matches requests without the key",
        why: "`$ne` and `$nin` match if the key is missing, although the documentation says \
              otherwise: every request without metadata matches.",
        fix: "Match what you want with `$eq` or `$in`, and leave the rest to `default`.",
        bad: &[
            conditional!(r#"{"metadata.plan":{«"$ne"»:"paid"}}"#),
            conditional!(r#"{"params.user":{«"$nin"»:["ops"]}}"#),
        ],
        good: &[
            conditional!(r#"{"metadata.plan":{"$eq":"paid"}}"#),
            conditional!(r#"{"params.model":{"$ne":"gpt-5"}}"#),
            conditional!(r#"{"metadata.plan":{"$ne":"paid","$in":["free","trial"]}}"#),
        ],
        check: condition_matches_missing,
    },
    Rule {
        id: "condition-part-not-read",
        level: Level::Warning,
        summary: "part of a condition is ignored",
        why: "`$regex`, and `$or` and `$and` next to other keys, decide at once: whatever follows \
              them in the same object is ignored.",
        fix: "Put the parts into one `$and`.",
        bad: &[
            conditional!(r#"{"$or":[{"params.user":"ops"}],«"metadata.plan"»:"paid"}"#),
            conditional!(r#"{"params.user":{"$regex":"^ops",«"$eq"»:"ops-1"}}"#),
        ],
        good: &[
            conditional!(r#"{"metadata.plan":"paid","$or":[{"params.user":"ops"}]}"#),
            conditional!(r#"{"$and":[{"$or":[{"params.user":"ops"}]},{"metadata.plan":"paid"}]}"#),
        ],
        check: condition_part_not_read,
    },
    Rule {
        id: "condition-never-holds",
        level: Level::Warning,
        summary: "no request matches a condition",
        why: "Values are compared by type: metadata is text, so `1` never equals it, but `\"1\"` \
              can. `$in` and `$nin` need a list, and `$regex` a valid JavaScript expression.",
        fix: "Write the value with the type it has in the request.",
        bad: &[
            conditional!(r#"{"metadata.level":{"$eq":«1»}}"#),
            conditional!(r#"{"metadata.beta":«true»}"#),
            conditional!(r#"{"params.user":{"$in":«"ops"»}}"#),
            conditional!(r#"{"params.user":{"$regex":«"(ops"»}}"#),
        ],
        good: &[
            conditional!(r#"{"metadata.level":{"$eq":"1"}}"#),
            conditional!(r#"{"metadata.level":{"$gte":1}}"#),
            conditional!(r#"{"params.max_tokens":1000}"#),
        ],
        check: condition_never_holds,
    },
    Rule {
        id: "condition-always-holds",
        level: Level::Warning,
        summary: "every request matches a condition",
        why: "An empty query matches all requests, so the conditions after it and the default are \
              never reached.",
        fix: "Add what the request must match, or make the target the `default`.",
        bad: &[conditional!(r#"«{}»"#)],
        good: &[conditional!(r#"{"params.user":"ops"}"#)],
        check: condition_always_holds,
    },
];

/// Comparison operators.
const OPERATORS: [&str; 9] = [
    "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$regex",
];

fn queries<'c>(facts: &Facts<'c>) -> Vec<&'c Spanned<Value>> {
    let conditions = routers(facts).flat_map(conditions);
    conditions
        .filter_map(|condition| condition.query.as_ref())
        .collect()
}

/// One key of a query, at any depth.
struct Part {
    /// The object that contains it.
    holder: NodeId,
    /// The path that it queries, or `$and`, `$or`.
    key: String,
    value: NodeId,
    key_range: std::ops::Range<usize>,
}

/// All keys of a query that compare something.
fn parts(facts: &Facts<'_>, query: NodeId) -> Vec<Part> {
    let document = facts.document();
    let mut parts = Vec::new();
    let mut open = vec![query];
    while let Some(holder) = open.pop() {
        for member in document.members(holder) {
            if matches!(member.key.as_ref(), "$and" | "$or") {
                open.extend(document.items(member.value));
            }
            parts.push(Part {
                holder,
                key: member.key.into_owned(),
                value: member.value,
                key_range: member.key_span,
            });
        }
    }
    parts
}

fn all_parts(facts: &Facts<'_>) -> Vec<Part> {
    let queries = queries(facts).into_iter();
    queries.flat_map(|query| parts(facts, query.node)).collect()
}

fn condition_operator_unknown(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    let mut tell = |node, range, operator: &str| {
        let near = closest(operator, OPERATORS);
        findings.add(
            facts,
            node,
            range,
            format!("unknown operator `{}`", shown(operator)),
            did_you_mean(
                near,
                &format!("use one of {}, $and, $or", OPERATORS.join(", ")),
            ),
        );
    };
    for part in all_parts(facts) {
        if part.key.starts_with('$') {
            if !matches!(part.key.as_str(), "$and" | "$or") {
                tell(part.value, part.key_range, &part.key);
            }
            continue;
        }
        for operator in document.members(part.value) {
            if !OPERATORS.contains(&operator.key.as_ref()) {
                tell(operator.value, operator.key_span, &operator.key);
            }
        }
    }
}

fn condition_path(facts: &Facts<'_>, findings: &mut Findings) {
    for part in all_parts(facts) {
        if part.key.starts_with('$') {
            continue;
        }
        let pieces: Vec<&str> = part.key.split('.').collect();
        let message = match pieces[..] {
            ["metadata" | "params", key] if !key.is_empty() => continue,
            ["url", "pathname"] => continue,
            ["metadata" | "params", key, ..] if pieces.len() > 2 => {
                format!("only `{}.{}` of this path is used", pieces[0], shown(key))
            }
            _ => format!("a condition cannot use `{}`", shown(&part.key)),
        };
        findings.add(
            facts,
            part.value,
            part.key_range,
            message,
            "use `metadata.KEY`, `params.KEY` or `url.pathname`",
        );
    }
}

/// Parameters that every chat request has.
const ALWAYS_THERE: [&str; 3] = ["params.model", "params.messages", "url.pathname"];

fn condition_matches_missing(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for part in all_parts(facts) {
        if part.key.starts_with('$') || ALWAYS_THERE.contains(&part.key.as_str()) {
            continue;
        }
        let operators: Vec<_> = document.members(part.value).collect();
        let positive = |key: &str| !matches!(key, "$ne" | "$nin" | "$regex");
        if operators.iter().any(|operator| positive(&operator.key)) {
            continue;
        }
        for operator in operators {
            if matches!(operator.key.as_ref(), "$ne" | "$nin") {
                findings.add(
                    facts,
                    operator.value,
                    operator.key_span,
                    format!("also matches every request without `{}`", shown(&part.key)),
                    "match what you want with `$eq` or `$in`, and leave the rest to `default`",
                );
            }
        }
    }
}

fn condition_part_not_read(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    let mut told: Vec<NodeId> = Vec::new();
    for part in all_parts(facts) {
        let decides = match part.key.as_str() {
            "$and" | "$or" => Some((part.holder, part.key.as_str())),
            _ => document
                .get(part.value, "$regex")
                .map(|_| (part.value, "$regex")),
        };
        let Some((holder, decides)) = decides.filter(|(holder, _)| !told.contains(holder)) else {
            continue;
        };
        told.push(holder);
        let behind = document.members(holder);
        let behind = behind.skip_while(|member| member.key != decides).skip(1);
        for member in behind {
            findings.add(
                facts,
                member.value,
                member.key_span,
                format!("`{decides}` decides at once, so this is ignored"),
                "put the parts into one `$and`",
            );
        }
    }
}

fn condition_never_holds(facts: &Facts<'_>, findings: &mut Findings) {
    let document = facts.document();
    for part in all_parts(facts) {
        if part.key.starts_with('$') {
            continue;
        }
        let is_metadata = part.key.starts_with("metadata.");
        let mut compared = Vec::new();
        let operators: Vec<_> = document.members(part.value).collect();
        for operator in &operators {
            compared.push((operator.key.clone().into_owned(), operator.value));
        }
        if document.kind(part.value) != Kind::Object {
            compared.push(("$eq".to_owned(), part.value));
        }
        for (operator, node) in compared {
            let value = document.value(node);
            let message = match (operator.as_str(), &value) {
                ("$eq", Value::Number(_) | Value::Bool(_)) if is_metadata => {
                    "metadata is text, so this never matches".to_owned()
                }
                ("$eq", Value::Object(_)) => "an object never equals another".to_owned(),
                ("$in" | "$nin", value) if !matches!(value, Value::Array(_)) => {
                    format!("`{operator}` needs a list")
                }
                ("$regex", Value::String(pattern)) if !is_valid_pattern(pattern) => {
                    "this is not a valid JavaScript expression, so it never matches".to_owned()
                }
                _ => continue,
            };
            let text = match &value {
                Value::Number(_) | Value::Bool(_) => Some(document.slice(node)),
                _ => None,
            };
            findings.add(
                facts,
                node,
                document.span(node),
                message,
                match text {
                    Some(text) => format!("write it as \"{text}\""),
                    None => "write a value that can match".to_owned(),
                },
            );
            if let Some(text) = text {
                let change = set(facts.config.path(node), text);
                findings.fix(false, "write it as a string", vec![change]);
            }
        }
    }
}

fn condition_always_holds(facts: &Facts<'_>, findings: &mut Findings) {
    for query in queries(facts) {
        if matches!(&query.value, Value::Object(members) if members.is_empty()) {
            findings.value(
                facts,
                query,
                "an empty query matches every request",
                "add what the request must match, or make the target the `default`",
            );
        }
    }
}
