//! What the gateway rejects before it calls any provider: its schema, with its own messages.

use std::ops::Range;

use crate::document::{Document, Kind, NodeId, Path, Step};
use crate::gateway_config::Gateway;

use super::keys::{CACHE, CONDITION, Holds, Key, RETRY, STRATEGY, TARGET, VENDORS};
use super::{Mode, split_slug};

/// Something the gateway rejects.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// Its path, which may not exist.
    pub path: Path,
    /// Its byte range, or that of the object it is missing from.
    pub range: Range<usize>,
    /// The kind of problem.
    pub kind: IssueKind,
    /// The gateway's message.
    pub message: String,
}

/// The kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueKind {
    /// A value that isn't of this type.
    Type(&'static str),
    /// A required key is missing.
    Missing,
    /// Not a valid mode.
    Mode,
    /// Not a valid cache mode.
    CacheMode,
    /// Neither `@slug` nor a vendor.
    Provider,
    /// A list of guardrails that are neither all ids nor all objects.
    Guardrails,
    /// `forward_headers` forwards itself.
    ForwardsItself,
    /// A target that says neither what to call nor anything else.
    Incomplete,
    /// Google Vertex AI without its project or region.
    Vertex,
}

impl Issue {
    /// As the gateway lists it in its response.
    #[must_use]
    pub fn line(&self) -> String {
        let path: Vec<String> = self
            .path
            .0
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.clone(),
                Step::Index(index) => index.to_string(),
            })
            .collect();
        format!("path: {}, message: {}", path.join(","), self.message)
    }
}

/// Everything that the gateway rejects, in its order.
#[must_use]
pub fn issues(document: &Document, gateway: Gateway) -> Vec<Issue> {
    let mut checker = Checker {
        document,
        gateway,
        issues: Vec::new(),
        path: Path::root(),
    };
    checker.target(document.root());
    checker.issues
}

/// The result of checking a value. After a wrong type, its ancestors aren't checked further.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    Whole,
    TypesOnly,
    No,
}

impl Passed {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::TypesOnly, _) | (_, Self::TypesOnly) => Self::TypesOnly,
            _ => Self::Whole,
        }
    }
}

struct Checker<'d> {
    document: &'d Document,
    gateway: Gateway,
    issues: Vec<Issue>,
    path: Path,
}

impl Checker<'_> {
    fn issue(&mut self, at: NodeId, kind: IssueKind, message: impl Into<String>) -> Passed {
        self.issues.push(Issue {
            path: self.path.clone(),
            range: self.document.span(at),
            kind,
            message: message.into(),
        });
        match kind {
            IssueKind::Type(_) | IssueKind::Missing | IssueKind::Guardrails => Passed::No,
            _ => Passed::TypesOnly,
        }
    }

    fn within(&mut self, step: Step, check: impl FnOnce(&mut Self) -> Passed) -> Passed {
        self.path.0.push(step);
        let passed = check(self);
        self.path.0.pop();
        passed
    }

    fn is(&mut self, node: NodeId, kind: Kind) -> Passed {
        let found = self.document.kind(node);
        if found == kind {
            return Passed::Whole;
        }
        let expected = name(kind);
        self.issue(
            node,
            IssueKind::Type(expected),
            format!("Expected {expected}, received {}", name(found)),
        )
    }

    /// Checks an object's keys by a table, then each key's own constraints.
    fn keys(
        &mut self,
        node: NodeId,
        table: &'static [Key],
        required: &[&str],
        more: impl Fn(&mut Self, &str, NodeId) -> Passed,
    ) -> Passed {
        if self.is(node, Kind::Object) == Passed::No {
            return Passed::No;
        }
        let mut passed = Passed::Whole;
        for &(key, holds, is_checked) in table {
            let Some(value) = self.document.get(node, key) else {
                if required.contains(&key) {
                    let missing =
                        |checker: &mut Self| checker.issue(node, IssueKind::Missing, "Required");
                    passed = passed.and(self.within(Step::Key(key.to_owned()), missing));
                }
                continue;
            };
            if !is_checked {
                continue;
            }
            passed = passed.and(self.within(Step::Key(key.to_owned()), |checker| {
                match checker.holds(value, holds) {
                    Passed::No => Passed::No,
                    passed => passed.and(more(checker, key, value)),
                }
            }));
        }
        passed
    }

    fn holds(&mut self, value: NodeId, holds: Holds) -> Passed {
        match holds {
            Holds::String => self.is(value, Kind::String),
            Holds::Number => self.is(value, Kind::Number),
            Holds::Bool => self.is(value, Kind::Bool),
            Holds::Object => self.is(value, Kind::Object),
            Holds::Strings => self.items(value, |checker, item| checker.is(item, Kind::String)),
            Holds::Numbers => self.items(value, |checker, item| checker.is(item, Kind::Number)),
            Holds::Objects => self.items(value, |checker, item| checker.is(item, Kind::Object)),
            Holds::Targets => self.items(value, Self::target),
            Holds::Guardrails => self.guardrails(value),
            Holds::Any => Passed::Whole,
        }
    }

    fn items(&mut self, list: NodeId, check: impl Fn(&mut Self, NodeId) -> Passed) -> Passed {
        let mut passed = self.is(list, Kind::Array);
        if passed == Passed::No {
            return passed;
        }
        let items: Vec<NodeId> = self.document.items(list).collect();
        for (index, item) in items.into_iter().enumerate() {
            passed = passed.and(self.within(Step::Index(index), |checker| check(checker, item)));
        }
        passed
    }

    fn guardrails(&mut self, list: NodeId) -> Passed {
        let all = |kind| {
            let mut items = self.document.items(list);
            items.all(|item| self.document.kind(item) == kind)
        };
        let is_list = self.document.kind(list) == Kind::Array;
        if is_list && (all(Kind::String) || all(Kind::Object)) {
            return Passed::Whole;
        }
        self.issue(list, IssueKind::Guardrails, "Invalid input")
    }

    fn target(&mut self, node: NodeId) -> Passed {
        let passed = self.keys(node, TARGET, &[], Self::setting);
        if passed == Passed::No {
            return passed;
        }
        let mut passed = passed;
        if !self.is_complete(node) {
            let message = "Invalid configuration. It must have either 'provider' and 'api_key', or \
                           'strategy' and 'targets', or 'cache', or 'retry', or 'request_timeout'";
            passed = self.issue(node, IssueKind::Incomplete, message);
        }
        let set = |key| self.is_truthy(node, key);
        let vertex = self
            .text(node, "provider")
            .is_some_and(|it| it == "vertex-ai");
        let named = set("vertex_region")
            && (set("vertex_project_id") || set("vertex_service_account_json"));
        if vertex && !named {
            let message = "Invalid configuration. ('vertex_project_id' and 'vertex_region') or \
                           ('vertex_service_account_json' and 'vertex_region') are required for \
                           'vertex-ai' provider. Example: { 'provider': 'vertex-ai', \
                           'vertex_project_id': 'my-project-id', 'vertex_region': 'us-central1', \
                           api_key: 'ya29...' }";
            passed = self.issue(node, IssueKind::Vertex, message);
        }
        passed
    }

    /// Checks a setting's constraints other than its type.
    fn setting(&mut self, key: &str, value: NodeId) -> Passed {
        match key {
            "strategy" => self.keys(value, STRATEGY, &["mode"], Self::strategy),
            "cache" => self.keys(value, CACHE, &["mode"], |checker, key, value| {
                let mode = checker.document.string(value);
                if key != "mode" || mode.is_some_and(|it| it == "simple" || it == "semantic") {
                    return Passed::Whole;
                }
                let message = "Invalid 'cache.mode' value. Must be one of: simple, semantic";
                checker.issue(value, IssueKind::CacheMode, message)
            }),
            "retry" => self.keys(value, RETRY, &["attempts"], |_, _, _| Passed::Whole),
            "provider" => self.provider(value),
            "forward_headers" => {
                let itself = self.document.items(value).any(|item| {
                    let name = self.document.string(item);
                    name.is_some_and(|it| it.eq_ignore_ascii_case("x-portkey-forward-headers"))
                });
                if !itself {
                    return Passed::Whole;
                }
                let message = "forward_headers must not contain the 'x-portkey-forward-headers' \
                               header";
                self.issue(value, IssueKind::ForwardsItself, message)
            }
            _ => Passed::Whole,
        }
    }

    fn strategy(&mut self, key: &str, value: NodeId) -> Passed {
        match key {
            "mode" => {
                let mode = self.document.string(value);
                if mode.is_some_and(|mode| Mode::named(&mode).is_some()) {
                    return Passed::Whole;
                }
                let message = "Invalid 'mode' value. Must be one of: single, loadbalance, \
                               fallback, conditional";
                self.issue(value, IssueKind::Mode, message)
            }
            "conditions" => self.items(value, |checker, item| {
                checker.keys(item, CONDITION, &["query", "then"], |_, _, _| Passed::Whole)
            }),
            _ => Passed::Whole,
        }
    }

    fn provider(&mut self, value: NodeId) -> Passed {
        let name = self.document.string(value).unwrap_or_default();
        if name.starts_with('@') || VENDORS.contains(&name.as_ref()) {
            return Passed::Whole;
        }
        let message = format!(
            "Invalid 'provider' value. Must be one of: {}",
            VENDORS.join(", ")
        );
        self.issue(value, IssueKind::Provider, message)
    }

    /// Whether a target is complete. A workspace slug provides both vendor and key.
    fn is_complete(&self, node: NodeId) -> bool {
        let has = |key| self.document.get(node, key).is_some();
        let provider = self.text(node, "provider");
        let provider = provider.as_deref();
        let model = self.document.get(node, "override_params");
        let model = model.and_then(|params| self.text(params, "model"));
        let is_slug = provider.is_some_and(|it| it.starts_with('@'))
            || has("virtual_key")
            || model.is_some_and(|model| split_slug(&model).is_some());
        let keyless = matches!(provider, Some("ollama" | "triton"))
            || (provider == Some("azure-openai") && self.is_truthy(node, "azure_auth_mode"))
            || (provider == Some("vertex-ai")
                && self.is_truthy(node, "vertex_region")
                && (has("vertex_service_account_json") || has("vertex_project_id")));
        is_slug
            || keyless
            || (provider.is_some() && has("api_key"))
            || (has("strategy") && has("targets"))
            || self.is_truthy(node, "request_timeout")
            || (self.is_truthy(node, "aws_access_key_id")
                && self.is_truthy(node, "aws_secret_access_key"))
            || [
                "cache",
                "retry",
                "after_request_hooks",
                "before_request_hooks",
                "input_guardrails",
                "output_guardrails",
            ]
            .into_iter()
            .any(has)
            || (self.gateway == Gateway::Hosted
                && [
                    "passthrough",
                    "provider",
                    "override_params",
                    "forward_headers",
                    "prompt_id",
                ]
                .into_iter()
                .any(has))
    }

    fn text(&self, node: NodeId, key: &str) -> Option<String> {
        let value = self.document.get(node, key)?;
        self.document
            .string(value)
            .map(std::borrow::Cow::into_owned)
    }

    fn is_truthy(&self, node: NodeId, key: &str) -> bool {
        let Some(value) = self.document.get(node, key) else {
            return false;
        };
        match self.document.kind(value) {
            Kind::String => self.document.string(value).is_some_and(|it| !it.is_empty()),
            Kind::Number => self.document.number(value).is_some_and(|it| it != 0.0),
            Kind::Bool => self.document.boolean(value) == Some(true),
            Kind::Null => false,
            Kind::Object | Kind::Array => true,
        }
    }
}

/// The gateway's name for a type.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "object",
        Kind::Array => "array",
        Kind::String => "string",
        Kind::Number => "number",
        Kind::Bool => "boolean",
        Kind::Null => "null",
    }
}
