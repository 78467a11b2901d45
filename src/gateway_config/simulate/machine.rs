//! Routes a request through the targets.

use std::borrow::Cow;

use crate::document::{Kind, Value};
use crate::gateway_config::Gateway;
use crate::gateway_config::read::schema::Issue;
use crate::gateway_config::read::{
    GatewayConfig, Guardrail, Mode, Strategy, Target, TargetId, Upstream, split_slug,
};

use super::{Call, Cause, Chance, End, Outcome, Reply, Request, Script, Setup, State, breaker, js};

/// The default lifetime of a sticky session, in seconds.
const STICKY_SECONDS: f64 = 300.0;

/// Why the simulation stops.
pub(super) enum Stop {
    /// No condition matches.
    Router(String),
    /// The gateway throws an exception.
    Failed,
    /// More calls than the simulation allows.
    TooManyCalls,
    /// Something this program can't simulate.
    Unknown(String),
}

/// One request in progress.
pub(super) struct Run<'c, 's> {
    pub(super) config: &'c GatewayConfig,
    pub(super) gateway: Gateway,
    pub(super) script: &'c Script,
    pub(super) request: &'c Request,
    pub(super) state: &'s mut State,
    pub(super) chance: &'s mut dyn Chance,
    pub(super) calls: Vec<Call<'c>>,
    /// Milliseconds since the request started.
    pub(super) now: u64,
    /// The target that was called first.
    pub(super) first: Option<TargetId>,
    /// The targets with an open circuit breaker.
    open: Vec<TargetId>,
}

pub(super) fn run<'c>(
    setup: &Setup<'c>,
    request: &'c Request,
    state: &mut State,
    chance: &mut dyn Chance,
) -> Outcome<'c> {
    let refusal = refusal(setup, request);
    let open = breaker::open(setup.config, setup.gateway, state);
    let mut run = Run {
        config: setup.config,
        gateway: setup.gateway,
        script: setup.script,
        request,
        state,
        chance,
        calls: Vec::new(),
        now: 0,
        first: None,
        open,
    };
    let end = match refusal {
        Some(reply) => End::Reply(reply),
        None => run.end(),
    };
    let Run {
        calls, now, state, ..
    } = run;
    state.pass(now);
    Outcome {
        calls,
        end,
        elapsed: now,
    }
}

/// The gateway's error before it looks at the targets, if any.
fn refusal(setup: &Setup<'_>, request: &Request) -> Option<Reply> {
    let config = setup.config;
    let document = config.document();
    let root = config.root();
    let refuse = |message: &str| Some(Reply::own(400, Cause::Refused, message));
    if document.kind(document.root()) == Kind::Null {
        return refuse("Invalid config passed. You need to pass a valid json");
    }
    let names_target = root
        .provider
        .as_ref()
        .is_some_and(|it| !it.value.is_empty())
        || document.get(document.root(), "targets").is_some()
        || root.virtual_key.is_some()
        || root.slug_model().is_some();
    if !names_target && of_request(setup.gateway, request).is_none() {
        return refuse(
            "Either x-portkey-provider needs to be passed. Or the x-portkey-config header should \
             have a valid config with provider details in it.",
        );
    }
    let issues = config.issues(setup.gateway);
    if !issues.is_empty() {
        return refuse("Invalid config passed").map(|reply| Reply {
            errors: issues.iter().map(Issue::line).collect(),
            ..reply
        });
    }
    None
}

/// The provider that a request itself names, and the model without it.
fn of_request(gateway: Gateway, request: &Request) -> Option<&str> {
    let header = request.header("x-portkey-provider");
    let header = header.map(|name| name.strip_prefix('@').unwrap_or(name));
    let model = || split_slug(request.model()?).map(|(slug, _)| slug);
    header.or_else(|| model().filter(|_| gateway == Gateway::Hosted))
}

impl<'c> Run<'c, '_> {
    fn end(&mut self) -> End {
        match self.visit(TargetId::ROOT) {
            Ok(Some(reply)) => End::Reply(reply),
            Ok(None) => End::NoAnswer,
            Err(Stop::Router(message)) => End::Reply(Reply::own(400, Cause::Router, message)),
            Err(Stop::Failed) => End::Reply(failed()),
            Err(Stop::TooManyCalls) => End::TooManyCalls,
            Err(Stop::Unknown(what)) => End::Unknown(what),
        }
    }

    /// The reply of a target; `None` if a group has nothing to call.
    fn visit(&mut self, id: TargetId) -> Result<Option<Reply>, Stop> {
        let target = self.config.target(id);
        let is_broken = |guard: &Guardrail| matches!(guard, Guardrail::Broken(_));
        if target
            .input
            .list
            .iter()
            .chain(&target.output.list)
            .any(is_broken)
        {
            return Err(Stop::Failed);
        }
        let (Some(strategy), Some(mode)) = (&target.strategy, target.mode()) else {
            return self.call(id).map(Some);
        };
        let strategy = &strategy.value;
        let members = match self.healthy(target) {
            Some(members) => members,
            // The conditions are checked first.
            None if mode == Mode::Conditional => Cow::Borrowed(&[][..]),
            None => return Err(Stop::Failed),
        };
        match mode {
            Mode::Fallback => self.fall_back(strategy, &members),
            Mode::LoadBalance => self.balance(strategy, &members),
            Mode::Conditional => {
                let chosen = self.route(strategy, &members)?;
                self.visit(chosen)
            }
            Mode::Single => match members.first() {
                Some(first) => self.visit(*first),
                None => Err(Stop::Failed),
            },
        }
    }

    /// The targets of a group without those with an open circuit breaker, unless all are open.
    fn healthy(&self, target: &'c Target) -> Option<Cow<'c, [TargetId]>> {
        let all = &target.targets.as_ref()?.value;
        if self.open.is_empty() {
            return Some(Cow::Borrowed(all));
        }
        let closed = all.iter().copied().filter(|id| !self.open.contains(id));
        let closed: Vec<TargetId> = closed.collect();
        Some(if closed.is_empty() {
            Cow::Borrowed(all)
        } else {
            Cow::Owned(closed)
        })
    }

    fn fall_back(
        &mut self,
        strategy: &'c Strategy,
        members: &[TargetId],
    ) -> Result<Option<Reply>, Stop> {
        let mut last = None;
        for &member in members {
            last = self.visit(member)?;
            let status = last.as_ref().map(|reply| f64::from(reply.status));
            let stays = match &strategy.on_status_codes {
                Some(codes) => !codes.value.iter().any(|code| Some(code.value) == status),
                None => last.as_ref().is_some_and(Reply::is_ok),
            };
            let is_exception = |reply: &Reply| reply.cause == Cause::Exception;
            if stays || last.as_ref().is_some_and(is_exception) {
                break;
            }
        }
        Ok(last)
    }

    fn balance(
        &mut self,
        strategy: &'c Strategy,
        members: &[TargetId],
    ) -> Result<Option<Reply>, Stop> {
        let sticky = self.sticky_key(strategy);
        let now = self.state.clock + self.now;
        let kept = sticky.as_ref().and_then(|(key, _)| {
            let (position, until) = *self.state.sticky.get(key)?;
            (now < until && position < members.len()).then_some(position)
        });
        let position = kept.or_else(|| {
            let weight = |id: &TargetId| {
                let weight = &self.config.target(*id).weight;
                weight.as_ref().map_or(1.0, |it| it.value)
            };
            let weights: Vec<f64> = members.iter().map(weight).collect();
            self.chance.choose(&weights)
        });
        if let (Some((key, life)), None, Some(position)) = (sticky, kept, position) {
            self.state.sticky.insert(key, (position, now + life));
        }
        match (position, self.gateway) {
            (Some(position), _) => self.visit(members[position]),
            (None, Gateway::OpenSource) => Ok(None),
            (None, Gateway::Hosted) => Err(Stop::Failed),
        }
    }

    /// The key of a sticky session, and its lifetime in milliseconds.
    fn sticky_key(&self, strategy: &Strategy) -> Option<(String, u64)> {
        let sticky = &strategy.sticky.as_ref()?.value;
        let enabled = sticky.enabled.as_ref().is_some_and(|it| it.value);
        if !enabled || self.gateway == Gateway::OpenSource {
            return None;
        }
        let fields = sticky.hash_fields.iter().flat_map(|fields| &fields.value);
        let mut key = String::new();
        for field in fields {
            if let Some(value) = self.sticky_value(&field.value).filter(|it| !it.is_empty()) {
                key.extend([field.value.as_str(), ":", value.as_str(), "|"]);
            }
        }
        let seconds = match sticky.ttl.as_ref().map_or(0.0, |it| it.value) {
            0.0 => STICKY_SECONDS,
            seconds => seconds,
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates"
        )]
        let life = (seconds * 1000.0) as u64;
        Some((key, life.min(u64::from(u32::MAX))))
    }

    fn sticky_value(&self, field: &str) -> Option<String> {
        let (root, path) = field.split_once('.')?;
        let down = |value: &Value| {
            let found = path.split('.').try_fold(value, |at, key| at.get(key))?;
            Some(js::text(Some(found)))
        };
        match root {
            "params" => down(&self.request.body),
            "metadata" => {
                let text = self.request.header("x-portkey-metadata")?;
                down(&js::from_json(&serde_json::from_str(text).ok()?))
            }
            "headers" => self
                .request
                .header(&path.to_ascii_lowercase())
                .map(str::to_owned),
            _ => None,
        }
    }

    /// The provider that a target calls, and the model.
    pub(super) fn upstream(&self, target: &'c Target) -> Option<(&'c str, Model<'c>)> {
        let asked = self.request.body.get("model");
        // The hosted gateway strips the slug from the requested model.
        let bare = match self.gateway {
            Gateway::Hosted => self
                .request
                .model()
                .and_then(split_slug)
                .map(|(_, model)| model),
            Gateway::OpenSource => None,
        };
        let asked = Model {
            value: asked,
            text: bare,
            is_asked: true,
        };
        let upstream = self.config.upstream(target);
        let owner = target.inherited.model.map(|id| self.config.target(id));
        let model = owner.and_then(|owner| owner.model.as_ref());
        let model = model.map_or(asked, |model| Model {
            value: Some(&model.value),
            text: None,
            is_asked: false,
        });
        match upstream {
            Upstream::Slug(slug) => {
                let names_itself = target.provider.is_none() && target.virtual_key.is_none();
                let own = target.slug_model().filter(|_| names_itself);
                let model = own.map_or(model, |(_, name)| Model {
                    text: Some(name),
                    ..model
                });
                Some((slug, model))
            }
            Upstream::Vendor(name) => Some((name, model)),
            Upstream::Request => Some((of_request(self.gateway, self.request)?, model)),
            Upstream::Nobody => None,
        }
    }
}

/// A model as it is sent.
#[derive(Clone, Copy)]
pub(super) struct Model<'c> {
    pub(super) value: Option<&'c Value>,
    pub(super) text: Option<&'c str>,
    /// Whether it is the request's own model.
    pub(super) is_asked: bool,
}

impl Model<'_> {
    pub(super) fn name(&self) -> Option<&str> {
        self.text.or_else(|| self.value.and_then(Value::as_str))
    }

    /// Whether a provider can't have this model.
    pub(super) fn is_foreign(&self, upstream: &str, request: &Request) -> bool {
        let Some(name) = self.name() else {
            return false;
        };
        let of_another = || {
            let asked = request.model().and_then(split_slug);
            self.is_asked && asked.is_some_and(|(slug, _)| slug != upstream)
        };
        name == "portkey-dynamic" || split_slug(name).is_some() || of_another()
    }
}

/// The reply of a gateway that threw an exception.
pub(super) fn failed() -> Reply {
    Reply::own(500, Cause::Exception, "Something went wrong")
}
