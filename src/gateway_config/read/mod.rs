//! A gateway config as Portkey reads it: JSON or JSON5 is parsed into a tree of targets in which
//! every setting has its byte range.
//!
//! Only text that can't be parsed is rejected. A setting of the wrong type is missing from the
//! tree; [`schema`] lists what the gateway would reject.

mod fields;
mod guardrails;
pub mod keys;
pub mod schema;

use std::ops::Range;
use std::sync::OnceLock;

use crate::document::{Document, Kind, NodeId, Path, ReadError, Step, Value};
use crate::gateway_config::Gateway;

pub use crate::document::Spanned;
pub use guardrails::{Check, Guardrail, Hook};

/// A list of status codes.
pub type Codes = Spanned<Vec<Spanned<f64>>>;

/// The index of a target in a [`GatewayConfig`]; the config itself is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId(usize);

impl TargetId {
    /// The whole config.
    pub const ROOT: Self = Self(0);
}

/// A gateway config.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    document: Document,
    targets: Vec<Target>,
    /// The issues for each gateway, computed on first use.
    issues: [OnceLock<Vec<schema::Issue>>; 2],
}

/// The config or one of its targets: a group if it has a strategy, else a leaf that is called.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its node.
    pub node: NodeId,
    /// Its byte range.
    pub range: Range<usize>,
    /// The target that contains it, and its index there.
    pub parent: Option<(TargetId, usize)>,
    /// `name`
    pub name: Option<Spanned<String>>,
    /// `provider`
    pub provider: Option<Spanned<String>>,
    /// `virtual_key`
    pub virtual_key: Option<Spanned<String>>,
    /// `api_key`, without its value.
    pub api_key: Option<Spanned<()>>,
    /// `custom_host`
    pub custom_host: Option<Spanned<String>>,
    /// `passthrough`
    pub passthrough: Option<Spanned<bool>>,
    /// `weight`
    pub weight: Option<Spanned<f64>>,
    /// `on_status_codes`; the gateway reads it only in a strategy.
    pub on_status_codes: Option<Codes>,
    /// `strategy`
    pub strategy: Option<Spanned<Strategy>>,
    /// `targets`
    pub targets: Option<Spanned<Vec<TargetId>>>,
    /// `retry`
    pub retry: Option<Spanned<Retry>>,
    /// `cache`
    pub cache: Option<Spanned<Cache>>,
    /// `request_timeout`, in milliseconds.
    pub request_timeout: Option<Spanned<f64>>,
    /// `override_params`
    pub override_params: Option<Spanned<Value>>,
    /// `override_params.model`
    pub model: Option<Spanned<Value>>,
    /// `forward_headers`
    pub forward_headers: Option<Spanned<Vec<String>>>,
    /// `before_request_hooks`, then `input_guardrails`.
    pub input: Guards,
    /// `after_request_hooks`, then `output_guardrails`.
    pub output: Guards,
    /// Which target's settings apply here; see [`Inherited`].
    pub inherited: Inherited,
}

/// The checks of one side.
#[derive(Clone, Debug, Default)]
pub struct Guards {
    /// The keys that hold them; if there are none, the parent group's checks apply.
    pub keys: Vec<Spanned<()>>,
    /// The checks, in the order in which they run.
    pub list: Vec<Guardrail>,
}

/// For each setting, the target (this one or an ancestor) whose value applies. The nearest wins;
/// values aren't merged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inherited {
    /// For `retry`.
    pub retry: Option<TargetId>,
    /// For `cache`.
    pub cache: Option<TargetId>,
    /// For `request_timeout`.
    pub request_timeout: Option<TargetId>,
    /// For `override_params.model`; the other parameters are merged key by key.
    pub model: Option<TargetId>,
    /// For `forward_headers`.
    pub forward_headers: Option<TargetId>,
    /// For the checks before the request.
    pub input: Option<TargetId>,
    /// For the checks after the response.
    pub output: Option<TargetId>,
    /// For `strategy.cb_config`.
    pub breaker: Option<TargetId>,
}

/// `strategy`
#[derive(Clone, Debug, Default)]
pub struct Strategy {
    /// `mode`
    pub mode: Option<Spanned<String>>,
    /// `on_status_codes`
    pub on_status_codes: Option<Codes>,
    /// `conditions`
    pub conditions: Option<Spanned<Vec<Condition>>>,
    /// `default`
    pub default: Option<Spanned<String>>,
    /// `sticky`
    pub sticky: Option<Spanned<Sticky>>,
    /// `cb_config`
    pub breaker: Option<Spanned<Breaker>>,
}

/// How a group chooses among its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only the first.
    Single,
    /// One at random, by weight.
    LoadBalance,
    /// One after the other.
    Fallback,
    /// One, depending on the request.
    Conditional,
}

impl Mode {
    /// The modes with their names in a config.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("single", Self::Single),
        ("loadbalance", Self::LoadBalance),
        ("fallback", Self::Fallback),
        ("conditional", Self::Conditional),
    ];

    /// The mode with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, mode)| *mode)
    }
}

/// One of a strategy's conditions.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Its node.
    pub node: NodeId,
    /// Its byte range.
    pub range: Range<usize>,
    /// `query`
    pub query: Option<Spanned<Value>>,
    /// `then`: the name of a target.
    pub then: Option<Spanned<String>>,
}

/// `retry`
#[derive(Clone, Debug, Default)]
pub struct Retry {
    /// `attempts`
    pub attempts: Option<Spanned<f64>>,
    /// `on_status_codes`
    pub on_status_codes: Option<Codes>,
    /// `use_retry_after_header`
    pub use_retry_after_header: Option<Spanned<bool>>,
}

/// `cache`
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// `mode`
    pub mode: Option<Spanned<String>>,
    /// `max_age`, in seconds.
    pub max_age: Option<Spanned<f64>>,
}

/// `strategy.sticky`
#[derive(Clone, Debug, Default)]
pub struct Sticky {
    /// `enabled`
    pub enabled: Option<Spanned<bool>>,
    /// `hash_fields`
    pub hash_fields: Option<Spanned<Vec<Spanned<String>>>>,
    /// `ttl`, in seconds.
    pub ttl: Option<Spanned<f64>>,
}

/// `strategy.cb_config`
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    /// `failure_threshold`
    pub failure_threshold: Option<Spanned<f64>>,
    /// `failure_threshold_percentage`
    pub failure_threshold_percentage: Option<Spanned<f64>>,
    /// `cooldown_interval`, in milliseconds.
    pub cooldown_interval: Option<Spanned<f64>>,
    /// `minimum_requests`
    pub minimum_requests: Option<Spanned<f64>>,
    /// `failure_status_codes`
    pub failure_status_codes: Option<Codes>,
}

/// What a target calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Upstream<'c> {
    /// A provider of the Portkey workspace.
    Slug(&'c str),
    /// A vendor by Portkey's name for it, with the key in the config.
    Vendor(&'c str),
    /// Whatever the request names.
    Request,
    /// Nothing: the gateway answers with an exception.
    Nobody,
}

impl GatewayConfig {
    /// Parses a text.
    ///
    /// # Errors
    /// The text is not valid JSON5.
    pub fn parse(text: impl Into<String>) -> Result<Self, ReadError> {
        Document::parse(text).map(Self::new)
    }

    /// Reads a parsed document.
    #[must_use]
    pub fn new(document: Document) -> Self {
        let targets = fields::targets(&document);
        Self {
            document,
            targets,
            issues: Default::default(),
        }
    }

    /// What a gateway rejects; see [`schema::issues`].
    #[must_use]
    pub fn issues(&self, gateway: Gateway) -> &[schema::Issue] {
        let which = usize::from(gateway == Gateway::OpenSource);
        self.issues[which].get_or_init(|| schema::issues(&self.document, gateway))
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The whole config.
    #[must_use]
    pub fn root(&self) -> &Target {
        &self.targets[0]
    }

    /// A target.
    #[must_use]
    pub fn target(&self, id: TargetId) -> &Target {
        &self.targets[id.0]
    }

    /// All targets in document order, the config itself first.
    pub fn targets(&self) -> impl Iterator<Item = (TargetId, &Target)> {
        let all = self.targets.iter().enumerate();
        all.map(|(at, target)| (TargetId(at), target))
    }

    /// The leaf targets, each reached only through groups with a strategy.
    pub fn leaves(&self) -> impl Iterator<Item = (TargetId, &Target)> {
        self.targets()
            .filter(|(_, target)| target.strategy.is_none())
            .filter(|(_, target)| {
                self.above(target)
                    .all(|(_, group)| group.strategy.is_some())
            })
    }

    /// The groups that contain a target, nearest first.
    pub fn above<'c>(&'c self, target: &'c Target) -> impl Iterator<Item = (TargetId, &'c Target)> {
        let up = |target: &'c Target| {
            let (id, _) = target.parent?;
            Some((id, self.target(id)))
        };
        std::iter::successors(up(target), move |(_, group)| up(group))
    }

    /// The targets of a group.
    pub fn members<'c>(
        &'c self,
        group: &'c Target,
    ) -> impl Iterator<Item = (TargetId, &'c Target)> {
        let ids = group.targets.iter().flat_map(|targets| &targets.value);
        ids.map(|&id| (id, self.target(id)))
    }

    /// How `x-portkey-last-used-option-index` refers to a target: `config.targets[1]`.
    #[must_use]
    pub fn index(&self, id: TargetId) -> String {
        let mut positions = Vec::new();
        let mut target = self.target(id);
        while let Some((parent, position)) = target.parent {
            positions.push(position);
            target = self.target(parent);
        }
        let mut index = "config".to_owned();
        for position in positions.iter().rev() {
            index.push_str(".targets[");
            index.push_str(&position.to_string());
            index.push(']');
        }
        index
    }

    /// The path to a node of the document.
    #[must_use]
    pub fn path(&self, node: NodeId) -> Path {
        let document = &self.document;
        let wanted = document.span(node);
        let holds = |child: NodeId| {
            let span = document.span(child);
            span.start <= wanted.start && wanted.end <= span.end
        };
        let mut path = Path::root();
        let mut at = document.root();
        while at != node {
            let found = if document.kind(at) == Kind::Object {
                let member = document.members(at).find(|member| holds(member.value));
                member.map(|member| (Step::Key(member.key.into_owned()), member.value))
            } else {
                let item = document
                    .items(at)
                    .enumerate()
                    .find(|(_, item)| holds(*item));
                item.map(|(index, item)| (Step::Index(index), item))
            };
            let Some((step, child)) = found else { break };
            path.0.push(step);
            at = child;
        }
        path
    }

    /// What a target calls, regardless of its groups.
    #[must_use]
    pub fn upstream<'c>(&self, target: &'c Target) -> Upstream<'c> {
        if target.passthrough.as_ref().is_some_and(|it| it.value) {
            return Upstream::Request;
        }
        let provider = target.provider.as_ref().map(|it| it.value.as_str());
        match provider.filter(|name| !name.is_empty()) {
            Some(name) => match name.strip_prefix('@') {
                Some(slug) => return Upstream::Slug(slug),
                None => return Upstream::Vendor(name),
            },
            None => {
                if let Some(key) = &target.virtual_key {
                    return Upstream::Slug(&key.value);
                }
            }
        }
        match target.slug_model() {
            Some((slug, _)) => Upstream::Slug(slug),
            None if target.parent.is_none() => Upstream::Request,
            None => Upstream::Nobody,
        }
    }
}

impl Target {
    /// How the group chooses; `None` if the mode is invalid.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        let mode = self.strategy.as_ref()?.value.mode.as_ref()?;
        Mode::named(&mode.value)
    }

    /// The slug and the model of `override_params.model: "@slug/model"`.
    #[must_use]
    pub fn slug_model(&self) -> Option<(&str, &str)> {
        split_slug(self.model.as_ref()?.value.as_str()?)
    }
}

/// Whether a list of status codes contains one.
#[must_use]
#[expect(clippy::float_cmp, reason = "a status is a whole number")]
pub fn lists(codes: &Codes, status: u16) -> bool {
    codes
        .value
        .iter()
        .any(|code| code.value == f64::from(status))
}

/// Splits `@slug/model`. Cloudflare's `@cf/…` and `@hf/…` are models.
#[must_use]
pub fn split_slug(model: &str) -> Option<(&str, &str)> {
    let (slug, model) = model.strip_prefix('@')?.split_once('/')?;
    let is_slug = !slug.is_empty() && slug != "cf" && slug != "hf" && !model.is_empty();
    is_slug.then_some((slug, model))
}
