//! Reads nodes into settings.

use std::borrow::Cow;

use crate::document::{Document, Kind, Member, NodeId, Value};

use super::guardrails::{self, Side};
use super::{
    Breaker, Cache, Codes, Condition, Guards, Inherited, Mode, Retry, Spanned, Sticky, Strategy,
    Target, TargetId,
};

/// The config and all its targets, parents before their children.
pub(super) fn targets(document: &Document) -> Vec<Target> {
    let mut reader = Reader {
        document,
        targets: Vec::new(),
    };
    reader.target(document.root(), None);
    reader.targets
}

struct Reader<'d> {
    document: &'d Document,
    targets: Vec<Target>,
}

impl Reader<'_> {
    fn target(&mut self, node: NodeId, parent: Option<(TargetId, usize)>) -> TargetId {
        let id = TargetId(self.targets.len());
        let mut target = Target {
            node,
            range: self.document.span(node),
            parent,
            name: None,
            provider: None,
            virtual_key: None,
            api_key: None,
            custom_host: None,
            passthrough: None,
            weight: None,
            on_status_codes: None,
            strategy: None,
            targets: None,
            retry: None,
            cache: None,
            request_timeout: None,
            override_params: None,
            model: None,
            forward_headers: None,
            input: Guards::default(),
            output: Guards::default(),
            inherited: Inherited::default(),
        };
        let mut children = None;
        for field in fields(self.document, node) {
            match field.name.as_ref() {
                "targets" => children = Some(field.at),
                name => set(&mut target, name, &field, self.document),
            }
        }
        target.input.list = guardrails::list(self.document, node, Side::Input);
        target.output.list = guardrails::list(self.document, node, Side::Output);
        target.inherited = self.inherit(id, &target);
        self.targets.push(target);
        if let Some(at) = children {
            let items: Vec<NodeId> = self.document.items(at.node).collect();
            if self.document.kind(at.node) == Kind::Array {
                let ids = items
                    .into_iter()
                    .enumerate()
                    .map(|(position, item)| self.target(item, Some((id, position))))
                    .collect();
                self.targets[id.0].targets = Some(at.with(ids));
            }
        }
        id
    }

    /// The nearest target with each setting.
    fn inherit(&self, id: TargetId, target: &Target) -> Inherited {
        let above = match target.parent {
            Some((parent, _)) => self.targets[parent.0].inherited,
            None => Inherited::default(),
        };
        // A circuit breaker doesn't extend beyond a conditional group.
        let parent = target.parent.map(|(parent, _)| &self.targets[parent.0]);
        let is_routed = parent.is_some_and(|group| group.mode() == Some(Mode::Conditional));
        let nearest = |own: bool, above| if own { Some(id) } else { above };
        // `0` counts as unset.
        let timeout = target
            .request_timeout
            .as_ref()
            .is_some_and(|it| it.value != 0.0);
        let breaker = target.strategy.as_ref().is_some_and(|it| {
            it.value
                .breaker
                .as_ref()
                .is_some_and(|it| it.value.is_read())
        });
        Inherited {
            retry: nearest(target.retry.is_some(), above.retry),
            cache: nearest(target.cache.is_some(), above.cache),
            request_timeout: nearest(timeout, above.request_timeout),
            model: nearest(target.model.is_some(), above.model),
            forward_headers: nearest(target.forward_headers.is_some(), above.forward_headers),
            input: nearest(!target.input.keys.is_empty(), above.input),
            output: nearest(!target.output.keys.is_empty(), above.output),
            breaker: nearest(breaker, above.breaker.filter(|_| !is_routed)),
        }
    }
}

impl Breaker {
    /// The gateway ignores a circuit breaker that lacks either half.
    #[must_use]
    pub fn is_read(&self) -> bool {
        let set = |number: &Option<Spanned<f64>>| number.as_ref().is_some_and(|it| it.value != 0.0);
        (set(&self.failure_threshold) || set(&self.failure_threshold_percentage))
            && set(&self.cooldown_interval)
    }
}

/// A member of an object, under the gateway's name for it.
pub(super) struct Field<'d> {
    /// The key as the gateway rewrites it: `on_status_codes` becomes `onStatusCodes`.
    pub(super) name: Cow<'d, str>,
    pub(super) at: Spanned<()>,
}

/// The members of an object, in document order.
pub(super) fn fields(document: &Document, node: NodeId) -> impl Iterator<Item = Field<'_>> {
    document.members(node).map(|member| field(document, member))
}

fn field<'d>(document: &Document, member: Member<'d>) -> Field<'d> {
    Field {
        at: Spanned::of(document, &member),
        name: camel_case(member.key),
    }
}

/// Keys as the gateway sees them: underscores are removed and the next letter is capitalised.
fn camel_case(key: Cow<'_, str>) -> Cow<'_, str> {
    if !key.contains('_') {
        return key;
    }
    let mut name = String::with_capacity(key.len());
    let mut chars = key.chars().peekable();
    while let Some(c) = chars.next() {
        let is_word = |next: &char| next.is_ascii_alphanumeric() || *next == '_';
        match chars.next_if(|next| c == '_' && is_word(next)) {
            Some(next) => name.push(next.to_ascii_uppercase()),
            None => name.push(c),
        }
    }
    Cow::Owned(name)
}

fn set(target: &mut Target, name: &str, field: &Field<'_>, document: &Document) {
    let at = &field.at;
    match name {
        "name" => target.name = at.string(document),
        "provider" => target.provider = at.string(document),
        "virtualKey" => target.virtual_key = at.string(document),
        "apiKey" => target.api_key = Some(at.clone()),
        "customHost" => target.custom_host = at.string(document),
        "passthrough" => target.passthrough = at.boolean(document),
        "weight" => target.weight = at.number(document),
        "onStatusCodes" => target.on_status_codes = codes(document, at),
        "strategy" => target.strategy = at.object(document, strategy),
        "retry" => target.retry = at.object(document, retry),
        "cache" => target.cache = at.object(document, cache),
        "requestTimeout" => target.request_timeout = at.number(document),
        "overrideParams" => {
            target.override_params = at.object(document, Document::value);
            target.model = target.override_params.as_ref().and_then(|params| {
                let member = document.member(params.node, "model")?;
                let at = Spanned::of(document, &member);
                Some(at.with(document.value(member.value)))
            });
        }
        "forwardHeaders" => {
            target.forward_headers = at.strings(document).map(|list| {
                let names = list.value.iter().map(|name| name.value.clone()).collect();
                list.with(names)
            });
        }
        "inputGuardrails" | "beforeRequestHooks" => target.input.keys.push(at.clone()),
        "outputGuardrails" | "afterRequestHooks" => target.output.keys.push(at.clone()),
        _ => {}
    }
}

fn strategy(document: &Document, node: NodeId) -> Strategy {
    let mut strategy = Strategy::default();
    for field in fields(document, node) {
        let at = &field.at;
        match field.name.as_ref() {
            "mode" => strategy.mode = at.string(document),
            "onStatusCodes" => strategy.on_status_codes = codes(document, at),
            "conditions" => strategy.conditions = conditions(document, at),
            "default" => strategy.default = at.string(document),
            "sticky" => strategy.sticky = at.object(document, sticky),
            "cbConfig" => strategy.breaker = at.object(document, breaker),
            _ => {}
        }
    }
    strategy
}

fn conditions(document: &Document, at: &Spanned<()>) -> Option<Spanned<Vec<Condition>>> {
    at.list(document, |item| {
        let node = item.node;
        let query = document.member(node, "query").map(|member| {
            let at = Spanned::of(document, &member);
            at.with(document.value(member.value))
        });
        let then = document.member(node, "then");
        Some(Condition {
            node,
            range: item.range.clone(),
            query,
            then: then.and_then(|member| Spanned::of(document, &member).string(document)),
        })
    })
}

fn retry(document: &Document, node: NodeId) -> Retry {
    let mut retry = Retry::default();
    for field in fields(document, node) {
        let at = &field.at;
        match field.name.as_ref() {
            "attempts" => retry.attempts = at.number(document),
            "onStatusCodes" => retry.on_status_codes = codes(document, at),
            "useRetryAfterHeader" => retry.use_retry_after_header = at.boolean(document),
            _ => {}
        }
    }
    retry
}

fn cache(document: &Document, node: NodeId) -> Cache {
    let mut cache = Cache::default();
    for field in fields(document, node) {
        match field.name.as_ref() {
            "mode" => cache.mode = field.at.string(document),
            "maxAge" => cache.max_age = field.at.number(document),
            _ => {}
        }
    }
    cache
}

fn sticky(document: &Document, node: NodeId) -> Sticky {
    let mut sticky = Sticky::default();
    for field in fields(document, node) {
        let at = &field.at;
        match field.name.as_ref() {
            "enabled" => sticky.enabled = at.boolean(document),
            "hashFields" => sticky.hash_fields = at.strings(document),
            "ttl" => sticky.ttl = at.number(document),
            _ => {}
        }
    }
    sticky
}

/// The gateway reads this before rewriting keys, so use the names in the text.
fn breaker(document: &Document, node: NodeId) -> Breaker {
    let mut breaker = Breaker::default();
    for member in document.members(node) {
        let at = &Spanned::of(document, &member);
        match member.key.as_ref() {
            "failure_threshold" => breaker.failure_threshold = at.number(document),
            "failure_threshold_percentage" => {
                breaker.failure_threshold_percentage = at.number(document);
            }
            "cooldown_interval" => breaker.cooldown_interval = at.number(document),
            "minimum_requests" => breaker.minimum_requests = at.number(document),
            "failure_status_codes" => breaker.failure_status_codes = codes(document, at),
            _ => {}
        }
    }
    breaker
}

fn codes(document: &Document, at: &Spanned<()>) -> Option<Codes> {
    at.list(document, |item| item.number(document))
}

/// The value of a key.
pub(super) fn value_of(document: &Document, node: NodeId, key: &str) -> Option<Value> {
    document.get(node, key).map(|value| document.value(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_camel_case() {
        for (key, name) in [
            ("on_status_codes", "onStatusCodes"),
            ("onStatusCodes", "onStatusCodes"),
            ("retry", "retry"),
            ("a__b", "a_b"),
            ("_x", "X"),
            ("x_", "x_"),
            ("a_1", "a1"),
            ("a_é", "a_é"),
        ] {
            assert_eq!(camel_case(Cow::Borrowed(key)), name, "{key}");
        }
    }
}
