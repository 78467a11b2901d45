//! The checks of a target, as the gateway expands them.

use crate::document::{Document, Kind, NodeId, Value};

use super::Spanned;
use super::fields::{Field, fields, value_of};

/// When checks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Input,
    Output,
}

/// One entry of a list of checks.
#[derive(Clone, Debug)]
pub enum Guardrail {
    /// A guardrail of the Portkey workspace, by its id.
    Id(Spanned<String>),
    /// Checks defined in the config itself.
    Hook(Hook),
    /// Something that makes the gateway fail.
    Broken(Spanned<()>),
}

/// Checks with a joint verdict.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Where they are.
    pub at: Spanned<()>,
    /// `id`, which may refer to a workspace guardrail.
    pub id: Option<Spanned<String>>,
    /// `deny`: a failed check stops the request.
    pub deny: Option<Spanned<bool>>,
    /// `async`: the request doesn't wait, so nothing is denied.
    pub is_async: Option<Spanned<bool>>,
    /// The checks.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name, such as `default.contains`.
    pub id: String,
    /// Where it is.
    pub at: Spanned<()>,
    /// Its parameters.
    pub parameters: Value,
}

/// Keys of a shorthand that aren't checks.
const SETTINGS: [&str; 8] = [
    "deny",
    "on_fail",
    "on_success",
    "async",
    "id",
    "type",
    "guardrail_version_id",
    "sequential",
];

/// Raw hooks first, then shorthands.
pub(super) fn list(document: &Document, target: NodeId, side: Side) -> Vec<Guardrail> {
    let (raw, short) = match side {
        Side::Input => ("beforeRequestHooks", "inputGuardrails"),
        Side::Output => ("afterRequestHooks", "outputGuardrails"),
    };
    let mut list = Vec::new();
    for (name, unfold) in [(raw, raw_hook as Unfold), (short, shorthand as Unfold)] {
        let named = |field: &Field<'_>| field.name == name;
        if let Some(field) = fields(document, target).filter(named).last() {
            let items = document.items(field.at.node);
            list.extend(items.map(|item| unfold(document, item)));
        }
    }
    list
}

type Unfold = fn(&Document, NodeId) -> Guardrail;

/// `{ "id": …, "type": "guardrail", "checks": [{ "id": …, "parameters": … }] }`
fn raw_hook(document: &Document, node: NodeId) -> Guardrail {
    let is_guardrail = document
        .get(node, "type")
        .and_then(|kind| document.string(kind))
        .is_some_and(|kind| kind == "guardrail");
    let mut hook = hook(document, node);
    if let Some(checks) = document.get(node, "checks").filter(|_| is_guardrail) {
        let checks = document.items(checks);
        hook.checks = checks
            .filter(|&check| is_enabled(document, check))
            .filter_map(|check| {
                let id = document.string(document.get(check, "id")?)?.into_owned();
                Some(Check {
                    id,
                    at: Spanned::item(document, check),
                    parameters: value_of(document, check, "parameters").unwrap_or(Value::Null),
                })
            })
            .collect();
    }
    Guardrail::Hook(hook)
}

/// `{ "default.contains": { …parameters }, "deny": true }`, or the id of a guardrail.
fn shorthand(document: &Document, node: NodeId) -> Guardrail {
    if let Some(id) = document.string(node) {
        return Guardrail::Id(Spanned::item(document, node).with(id.into_owned()));
    }
    if document.kind(node) != Kind::Object {
        return Guardrail::Broken(Spanned::item(document, node));
    }
    let mut hook = hook(document, node);
    for member in document.members(node) {
        if SETTINGS.contains(&member.key.as_ref()) {
            continue;
        }
        let at = Spanned::of(document, &member);
        let own = document.get(member.value, "id");
        let id = match own.map(|id| (document.kind(id), document.string(id))) {
            Some((Kind::String, Some(id))) => id.into_owned(),
            None | Some((Kind::Null, _)) if document.kind(member.value) != Kind::Null => {
                member.key.into_owned()
            }
            _ => return Guardrail::Broken(at),
        };
        if is_enabled(document, member.value) {
            hook.checks.push(Check {
                id: if id.contains('.') {
                    id
                } else {
                    format!("default.{id}")
                },
                parameters: document.value(member.value),
                at,
            });
        }
    }
    Guardrail::Hook(hook)
}

fn hook(document: &Document, node: NodeId) -> Hook {
    let named = |key: &str| {
        let member = document.member(node, key)?;
        Some(Spanned::of(document, &member))
    };
    let id = named("id");
    Hook {
        at: Spanned::item(document, node),
        id: id.and_then(|at| Some(at.with(document.string(at.node)?.into_owned()))),
        deny: named("deny").map(|at| at.with(is_truthy(document, at.node))),
        is_async: named("async").map(|at| at.with(is_truthy(document, at.node))),
        checks: Vec::new(),
    }
}

fn is_enabled(document: &Document, check: NodeId) -> bool {
    let flag = document.get(check, "is_enabled");
    flag.and_then(|flag| document.boolean(flag)) != Some(false)
}

/// Whether JavaScript considers a value truthy.
fn is_truthy(document: &Document, node: NodeId) -> bool {
    match document.kind(node) {
        Kind::Object | Kind::Array => true,
        Kind::Null => false,
        Kind::Bool => document.boolean(node) == Some(true),
        Kind::String => document.string(node).is_some_and(|text| !text.is_empty()),
        Kind::Number => document
            .number(node)
            .is_some_and(|number| number != 0.0 && !number.is_nan()),
    }
}

impl Guardrail {
    /// The id, if this is a workspace guardrail.
    #[must_use]
    pub fn workspace_id(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Id(id) => Some(id),
            Self::Hook(hook) => hook.id.as_ref().filter(|_| hook.checks.is_empty()),
            Self::Broken(_) => None,
        }
    }

    /// Whether a failed check stops the request. For a workspace guardrail, this is set in Portkey.
    #[must_use]
    pub fn denies(&self) -> bool {
        match self {
            Self::Hook(hook) => {
                hook.deny.as_ref().is_some_and(|it| it.value)
                    && !hook.is_async.as_ref().is_some_and(|it| it.value)
            }
            Self::Id(_) | Self::Broken(_) => false,
        }
    }
}
