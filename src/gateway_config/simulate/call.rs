//! Calls a leaf target: its checks, the cache, the calls and retries.

use crate::document::Value;
use crate::gateway_config::Gateway;
use crate::gateway_config::read::{Guardrail, Target, TargetId};

use super::hooks::{self, Report, Subject};
use super::machine::{Model, Run, Stop, failed};
use super::retry::{self, Got, MAX_TIMER, Next, Settings, Waits};
use super::script::Answer;
use super::{Call, Cause, MAX_CALLS, Reply, breaker};

/// The minimum and maximum lifetime of a cached response, and the lifetime of one outside this
/// range, in seconds.
const CACHE_SECONDS: (f64, f64, u64) = (60.0, 7_776_000.0, 604_800);

/// The result of a target's calls.
struct Calls {
    /// The last response, or the one used in its place.
    got: Got,
    /// Retries in this round.
    used: u64,
    /// Whether a `retry-after` ended the retries.
    skipped: bool,
}

/// A response after its checks.
struct Checked {
    status: u16,
    after: Report,
    /// Whether the reply has a body that can show the verdicts.
    has_body: bool,
}

impl<'c> Run<'c, '_> {
    pub(super) fn call(&mut self, id: TargetId) -> Result<Reply, Stop> {
        let target = self.config.target(id);
        let Some((upstream, model)) = self.upstream(target) else {
            return Ok(Reply::own(500, Cause::Exception, "Provider  not found"));
        };
        let input = self.guards(target, |it| it.inherited.input, |it| &it.input.list);
        let before = self.check_input(target, &input, model)?;
        if before.denied {
            return Ok(Reply {
                before: before.verdicts,
                ..reply(id, 446, Cause::Guardrail)
            });
        }
        let cache = self.cache_key(target, upstream);
        let (status, key) = match &cache {
            None => ("DISABLED", None),
            Some((status, key)) => (*status, key.as_ref()),
        };
        if status == "HIT" {
            let hit = if before.failed() { 246 } else { 200 };
            return Ok(Reply {
                cache: Some(status),
                ..reply(id, hit, Cause::Cache)
            });
        }
        let output = self.guards(target, |it| it.inherited.output, |it| &it.output.list);
        let answered = self.answered(id, upstream, model, before, &output)?;
        if let (Some(key), 200) = (key, answered.status) {
            let until = self.state.clock + self.now + self.cache_life(target);
            self.state.cached.insert(key.clone(), until);
        }
        let now = self.state.clock + self.now;
        if answered.cause != Cause::Exception {
            breaker::record(
                self.config,
                self.gateway,
                self.state,
                id,
                answered.status,
                now,
            );
        }
        Ok(Reply {
            cache: answered.cache.and(Some(status)),
            ..answered
        })
    }

    /// Calls, checks the response, and calls again if the checks turned it into a status to retry.
    fn answered(
        &mut self,
        id: TargetId,
        upstream: &'c str,
        model: Model<'c>,
        before: Report,
        output: &[&Guardrail],
    ) -> Result<Reply, Stop> {
        let target = self.config.target(id);
        let owner = target.inherited.retry.map(|id| self.config.target(id));
        let settings = Settings::of(owner.and_then(|it| it.retry.as_ref()).map(|it| &it.value));
        let is_stream = self.param(target, "stream") == Some(&Value::Bool(true));
        let mut made = 0;
        loop {
            let calls = self.calls(id, upstream, model, &settings)?;
            let Some(checked) = self.checked(&calls.got, &before, output, is_stream)? else {
                return Ok(failed());
            };
            let Checked {
                status,
                after,
                has_body,
            } = checked;
            let retried = settings.retries(status);
            #[expect(clippy::cast_precision_loss, reason = "calls are counted, and bounded")]
            let left = settings.attempts - calls.used as f64 - made as f64;
            if left > 0.0 && !calls.skipped && retried {
                made += calls.used + 1;
                continue;
            }
            let used = calls.used + made;
            #[expect(
                clippy::cast_precision_loss,
                clippy::float_cmp,
                reason = "calls are counted, and bounded"
            )]
            let exhausted = used as f64 == settings.attempts && retried;
            self.now = self.now.saturating_add(calls.got.answer.pause);
            return Ok(Reply {
                retries: Some(if exhausted || calls.skipped {
                    -1
                } else {
                    i64::try_from(used).unwrap_or(i64::MAX)
                }),
                cache: Some("DISABLED"),
                before: if has_body {
                    before.verdicts
                } else {
                    Vec::new()
                },
                after: if has_body { after.verdicts } else { Vec::new() },
                is_cut: calls.got.answer.is_cut && status < 300,
                ..reply(id, status, cause(&calls.got, status))
            });
        }
    }

    /// A response after its checks; `None` if the gateway can't pass it on.
    fn checked(
        &self,
        got: &Got,
        before: &Report,
        output: &[&Guardrail],
        is_stream: bool,
    ) -> Result<Option<Checked>, Stop> {
        let status = match got.status {
            Some(status) if !is_status(status) => return Ok(None),
            Some(status) => status,
            None if got.unreachable => 503,
            None => 500,
        };
        let streams = is_stream && matches!(status, 200 | 246);
        let after = if status == 200 {
            // The checks see none of a stream's text.
            let text = got.answer.text.clone().unwrap_or_else(|| "ok".to_owned());
            let subject = Subject {
                text: Some(if streams { String::new() } else { text }),
                model: None,
            };
            self.check(output, &subject)?
        } else {
            Report::default()
        };
        let has_body = !streams && got.status.is_some();
        let failed = (before.failed() || after.failed()) && status == 200;
        let status = match (after.denied && has_body, failed) {
            (true, _) => 446,
            (false, true) => 246,
            (false, false) => status,
        };
        Ok(Some(Checked {
            status,
            after,
            has_body,
        }))
    }

    /// The first call and its retries.
    fn calls(
        &mut self,
        id: TargetId,
        upstream: &'c str,
        model: Model<'c>,
        settings: &Settings<'_>,
    ) -> Result<Calls, Stop> {
        let timeout = self.timeout(self.config.target(id));
        let mut waits = Waits::new(self.gateway);
        loop {
            if self.calls.len() >= MAX_CALLS {
                return Err(Stop::TooManyCalls);
            }
            let answer = self.next_answer(id, upstream, model);
            self.calls.push(Call {
                target: id,
                upstream,
                model: model.value,
                model_text: model.text,
                at: self.now,
                answer: answer.kind,
            });
            let mut got = retry::call(answer, timeout);
            self.now = self.now.saturating_add(got.took);
            match waits.after(&mut got, settings) {
                Next::Again(wait) => self.now = self.now.saturating_add(wait),
                Next::Done(wait) => {
                    self.now = self.now.saturating_add(wait);
                    return Ok(Calls {
                        got,
                        used: waits.used,
                        skipped: false,
                    });
                }
                Next::Skipped(failure) => {
                    got.status = waits.failure(failure);
                    return Ok(Calls {
                        got,
                        used: waits.used,
                        skipped: true,
                    });
                }
            }
        }
    }

    fn next_answer(&mut self, id: TargetId, upstream: &str, model: Model<'_>) -> Answer {
        let first = *self.first.get_or_insert(id);
        let list = self.script.list(id, upstream, model.name(), first == id);
        let Some(list) = list else {
            let foreign = self.script.knows_models() && model.is_foreign(upstream, self.request);
            return Answer::status(if foreign { 404 } else { 200 });
        };
        let at = self.state.next(list);
        self.script.answer(list, at).cloned().unwrap_or_default()
    }

    /// The timeout of a call, in milliseconds.
    fn timeout(&self, target: &Target) -> Option<u64> {
        let header = self.request.header("x-portkey-request-timeout");
        let header = header.and_then(|text| text.trim().parse::<f64>().ok());
        let own = || {
            let owner = self.config.target(target.inherited.request_timeout?);
            Some(owner.request_timeout.as_ref()?.value)
        };
        let timeout = header
            .filter(|time| *time != 0.0 && !time.is_nan())
            .or_else(own)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast stops at the ends of the range"
        )]
        let milliseconds = timeout as u64;
        let fits = (1..=MAX_TIMER).contains(&milliseconds);
        // Such a timer fires before any response.
        Some(if fits { milliseconds } else { 0 })
    }

    /// A parameter of the request as it is sent: the nearest override wins.
    pub(super) fn param(&self, target: &'c Target, key: &str) -> Option<&'c Value> {
        let groups = self.config.above(target).map(|(_, group)| group);
        std::iter::once(target)
            .chain(groups)
            .find_map(|holder| holder.override_params.as_ref()?.value.get(key))
            .or_else(|| self.request.body.get(key))
    }

    fn check_input(
        &self,
        target: &'c Target,
        guards: &[&Guardrail],
        model: Model<'c>,
    ) -> Result<Report, Stop> {
        if guards.is_empty() {
            return Ok(Report::default());
        }
        let subject = Subject {
            text: hooks::last_message(self.param(target, "messages")),
            model: model.value,
        };
        self.check(guards, &subject)
    }

    /// The cache status, and the key to store the response under; `None` without a cache.
    fn cache_key(
        &self,
        target: &'c Target,
        upstream: &str,
    ) -> Option<(&'static str, Option<String>)> {
        if self.gateway == Gateway::OpenSource {
            return None;
        }
        let owner = self.config.target(target.inherited.cache?);
        let mode = owner.cache.as_ref()?.value.mode.as_ref()?;
        if mode.value == "semantic" {
            return Some(("SEMANTIC MISS", None));
        }
        let namespace = self.request.header("x-portkey-cache-namespace");
        let apart = namespace.or_else(|| self.request.header("x-portkey-metadata"));
        let overrides: Vec<_> = std::iter::once(target)
            .chain(self.config.above(target).map(|(_, group)| group))
            .filter_map(|holder| Some(&holder.override_params.as_ref()?.value))
            .collect();
        let key = format!("{upstream} {apart:?} {:?} {overrides:?}", self.request.body);
        let now = self.state.clock + self.now;
        let is_there = self
            .state
            .cached
            .get(&key)
            .is_some_and(|until| now < *until);
        Some((if is_there { "HIT" } else { "MISS" }, Some(key)))
    }

    fn cache_life(&self, target: &Target) -> u64 {
        let owner = target.inherited.cache.map(|id| self.config.target(id));
        let cache = owner.and_then(|owner| owner.cache.as_ref());
        let age = cache.and_then(|cache| cache.value.max_age.as_ref());
        let (shortest, longest, otherwise) = CACHE_SECONDS;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is in that range"
        )]
        let seconds = match age {
            Some(age) if (shortest..=longest).contains(&age.value) => age.value as u64,
            _ => otherwise,
        };
        seconds * 1000
    }
}

/// A target's reply.
fn reply(id: TargetId, status: u16, cause: Cause) -> Reply {
    Reply {
        target: Some(id),
        retries: Some(0),
        message: None,
        ..Reply::own(status, cause, "")
    }
}

/// Statuses that a reply with a body can have.
fn is_status(status: u16) -> bool {
    (200..=599).contains(&status) && !matches!(status, 205 | 304)
}

fn cause(got: &Got, status: u16) -> Cause {
    if status == 446 && got.status == Some(200) {
        Cause::Guardrail
    } else if got.timed_out {
        Cause::Timeout
    } else if got.status.is_none() {
        Cause::Connection
    } else {
        Cause::Upstream
    }
}
