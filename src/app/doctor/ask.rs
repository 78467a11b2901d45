//! Requests to Portkey, sent in parallel.

use std::thread;
use std::time::{Duration, Instant};

use crate::causes::{Facts, PortkeyProvider, Role};
use crate::doctor::facts::{Arrived, Counting, Fact, ForcedFallback, Machine, ProbeResult, Probed};
use crate::doctor::{Answer, KeyInUse, variable_in_use};
use crate::gateway_config::forced::{between, first_fails};
use crate::http::probe::{Api, Counted, Outcome, Probe, Route};
use crate::http::{self, HttpError, Options as HttpOptions};
use crate::openclaw::{CredentialSource, View};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::headers::CONFIG;
use crate::secret::Secret;
use crate::ui::Ui;

use super::Options;
use crate::app::inquiry::{Inquiry, MAX_PARALLEL};
use crate::app::parallel_map::parallel_map;

/// All answers.
pub(crate) struct Answers {
    pub(crate) answer: Answer,
    /// The answer for this shell's key, if that is a different one.
    pub(crate) other: Option<Answer>,
    pub(crate) resolves_privately: Fact<bool>,
    pub(crate) health: Option<String>,
    pub(crate) probes: Fact<Vec<Probed>>,
    pub(crate) forced: Option<ForcedFallback>,
}

impl Answers {
    /// Nothing was sent.
    pub(crate) fn none(why: &str) -> Self {
        Self {
            answer: Answer::NotSent(why.to_owned()),
            other: None,
            resolves_privately: Fact::Unknown(why.to_owned()),
            health: None,
            probes: Fact::Unknown(why.to_owned()),
            forced: None,
        }
    }
}

/// What to look up.
pub(crate) struct Scope<'a> {
    pub(crate) options: &'a Options<'a>,
    pub(crate) provider_id: &'a str,
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) machine: &'a Machine,
    pub(crate) in_use: &'a KeyInUse,
}

/// Sends all requests that the arguments allow.
pub(crate) fn ask(scope: &Scope<'_>, other: Option<&Secret>, ui: &Ui) -> Answers {
    let Some(provider) = scope.facts.provider(scope.provider_id) else {
        return Answers::none("the config has no Portkey provider");
    };
    if scope.options.portkey.offline {
        return Answers::none("Portkey not contacted (--offline)");
    }
    let Some(Ok(url)) = &provider.url else {
        return Answers::none("the base URL is invalid or unknown on this machine");
    };
    let questions = Lookups {
        facts: scope.facts,
        provider,
        machine: scope.machine,
        url,
        options: scope.options.portkey.options(),
        wait: scope.options.wait,
        forces: scope.options.prove_fallback,
    };
    let targets = scope.options.probe.then(|| questions.targets());
    let sent = targets
        .iter()
        .flatten()
        .filter(|target| target.headers.is_ok())
        .count();
    let sent = sent + usize::from(sent > 0 && questions.forces);
    if let (1.., KeyInUse::Known(..)) = (sent, scope.in_use) {
        ui.note(&format!(
            "Sending {sent} small request{}, which cost{} a few tokens.",
            if sent == 1 { "" } else { "s" },
            if sent == 1 { "s" } else { "" },
        ));
    }
    ui.asking(url.host(), || {
        questions.all(targets.as_deref(), scope.in_use, other)
    })
}

/// A model to test.
struct Target {
    model: String,
    roles: Vec<String>,
    /// The headers to send, or why nothing is sent.
    headers: Result<Vec<(String, String)>, String>,
}

struct Lookups<'a> {
    facts: &'a Facts<'a>,
    provider: &'a PortkeyProvider<'a>,
    machine: &'a Machine,
    url: &'a BaseUrl,
    options: HttpOptions,
    /// How long to wait until Portkey has counted a request.
    wait: Duration,
    /// Whether to force a fallback.
    forces: bool,
}

impl Lookups<'_> {
    fn all(
        &self,
        targets: Option<&[Target]>,
        in_use: &KeyInUse,
        other: Option<&Secret>,
    ) -> Answers {
        let known_host = self.url.is_known_portkey_host();
        let inquiry = match in_use {
            KeyInUse::Known(key, _) => self.inquiry(key),
            KeyInUse::Unknown(why) | KeyInUse::Missing(why) => Err(why.clone()),
        };
        thread::scope(|scope| {
            let answer = scope.spawn(|| self.catalogue(inquiry.as_ref()));
            let other = other.map(|key| scope.spawn(|| self.catalogue(self.inquiry(key).as_ref())));
            let private = scope.spawn(|| {
                // Portkey's own host names are never private, and an IP address needs no lookup.
                !known_host && !self.url.is_loopback() && http::resolves_privately(self.url)
            });
            let health = scope.spawn(|| {
                let inquiry = inquiry.as_ref().ok().filter(|_| !known_host)?;
                inquiry.health()
            });
            let forced = match (targets, &inquiry) {
                (Some(targets), Ok(inquiry)) if self.forces => {
                    Some(scope.spawn(|| self.forced(targets, inquiry)))
                }
                _ => None,
            };
            let probes = match (targets, &inquiry) {
                (None, _) => Fact::Unknown(
                    "not tested; --probe sends one small request per model".to_owned(),
                ),
                (Some(targets), Ok(inquiry)) => Fact::Known(self.probes(targets, inquiry)),
                (Some(_), Err(why)) => Fact::Unknown(why.clone()),
            };
            Answers {
                answer: answer.join().unwrap_or_else(|_| failed()),
                other: other.map(|other| other.join().unwrap_or_else(|_| failed())),
                resolves_privately: private.join().map_or_else(
                    |_| Fact::Unknown("the lookup failed".to_owned()),
                    Fact::Known,
                ),
                health: health.join().unwrap_or_default(),
                probes,
                forced: forced.and_then(|forced| forced.join().ok().flatten()),
            }
        })
    }

    /// Sends the primary's request with a first target that fails; `None` if no primary goes
    /// through Portkey.
    fn forced(&self, targets: &[Target], inquiry: &Inquiry) -> Option<ForcedFallback> {
        let has =
            |target: &&Target, role: &str| target.roles.iter().any(|own| own.starts_with(role));
        let primary = targets.iter().find(|target| has(target, "primary"))?;
        let fallback = targets.iter().find(|target| has(target, "fallback"));
        let skipped = |why: String| ForcedFallback {
            failing: String::new(),
            is_own: false,
            result: ProbeResult::Skipped(why),
        };
        let mut headers = match &primary.headers {
            Ok(headers) => headers.clone(),
            Err(why) => return Some(skipped(why.clone())),
        };
        let is_config = |name: &str| name.eq_ignore_ascii_case(CONFIG);
        let config = headers.iter().find(|(name, _)| is_config(name));
        let own = config.and_then(|(_, text)| serde_json::from_str(text).ok());
        let forced = match &own {
            Some(config) => first_fails(config, &primary.model),
            // This key can't read a saved config.
            None => between(&primary.model, &fallback.unwrap_or(primary).model),
        };
        let forced = match forced {
            Ok(forced) => forced,
            Err(why) => return Some(skipped(why)),
        };
        headers.retain(|(name, _)| !is_config(name));
        headers.push((CONFIG.to_owned(), forced.config.to_string()));
        let probe = inquiry.probe(&primary.model, &headers, self.api());
        let wait = Wait::of(self.wait);
        Some(ForcedFallback {
            failing: forced.failing,
            is_own: own.is_some(),
            result: result(probe, wait, |trace_id| inquiry.rescued(trace_id)),
        })
    }

    /// A connection with a key, or why it can't be used.
    fn inquiry(&self, key: &Secret) -> Result<Inquiry, String> {
        Inquiry::new(self.url, key, self.options).map_err(|error| match error {
            HttpError::PlainHttp { .. } => PLAIN_HTTP.to_owned(),
            error => error.to_string(),
        })
    }

    /// The models of a key, and the configs in the headers.
    fn catalogue(&self, inquiry: Result<&Inquiry, &String>) -> Answer {
        match inquiry {
            Err(why) => Answer::NotSent(why.clone()),
            Ok(inquiry) => match inquiry.online(&self.facts.config_ids()) {
                Ok((online, _)) => Answer::Answered(online),
                Err(error) => Answer::Failed {
                    cause: error.cause(),
                    message: error.to_string(),
                },
            },
        }
    }

    /// The provider's models that are used as primary or fallback, each once.
    fn targets(&self) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for reference in &self.facts.references {
            let what = match reference.role {
                Role::Primary => "primary",
                Role::Fallback => "fallback",
                Role::Other(_) => continue,
            };
            let Some((provider, model)) = self.facts.through(&reference.text) else {
                continue;
            };
            if provider.id != self.provider.id {
                continue;
            }
            let role = match &reference.agent {
                Some(agent) => format!("{what} of agent {agent}"),
                None => what.to_owned(),
            };
            match targets.iter_mut().find(|target| target.model == model) {
                Some(target) => target.roles.push(role),
                None => targets.push(Target {
                    headers: self.headers(model),
                    model: model.to_owned(),
                    roles: vec![role],
                }),
            }
        }
        targets
    }

    fn probes(&self, targets: &[Target], inquiry: &Inquiry) -> Vec<Probed> {
        let deadline = self.options.deadline();
        // One for all of them, since Portkey counts them together.
        let wait = Wait::of(self.wait);
        parallel_map(MAX_PARALLEL, targets, |target| Probed {
            model: target.model.clone(),
            roles: target.roles.clone(),
            result: match &target.headers {
                Ok(_) if Instant::now() >= deadline => {
                    ProbeResult::Skipped("the time limit for all requests was reached".to_owned())
                }
                Ok(headers) => self.probe(target, headers, inquiry, wait),
                Err(why) => ProbeResult::Skipped(why.clone()),
            },
        })
    }

    fn probe(
        &self,
        target: &Target,
        headers: &[(String, String)],
        inquiry: &Inquiry,
        wait: Wait,
    ) -> ProbeResult {
        let probe = inquiry.probe(&target.model, headers, self.api());
        result(probe, wait, |trace_id| inquiry.arrived(trace_id))
    }

    /// The API format of the provider.
    fn api(&self) -> Api {
        let api = self.provider.view.get("api");
        match api.as_ref().and_then(View::text).as_deref() {
            Some("openai-responses") => Api::Responses,
            _ => Api::Completions,
        }
    }

    /// The headers sent with a model, with variables replaced by their values.
    fn headers(&self, model: &str) -> Result<Vec<(String, String)>, String> {
        let index = self
            .provider
            .models
            .iter()
            .position(|found| found.id.trim() == model);
        let own = index.map(|index| &self.provider.models[index].view);
        let elsewhere = ["baseUrl", "api"]
            .into_iter()
            .find(|key| own.is_some_and(|own| own.get(key).is_some()));
        if let Some(key) = elsewhere {
            return Err(format!("not sent: the model has its own {key}"));
        }
        let mut headers: Vec<(String, String)> = Vec::new();
        for header in &self.provider.headers {
            if header.model.is_some() && header.model != index {
                continue;
            }
            let value = match CredentialSource::read(&header.value) {
                CredentialSource::Literal | CredentialSource::Empty => {
                    header.value.text().unwrap_or_default().into_owned()
                }
                given => {
                    let found = given
                        .variable()
                        .and_then(|name| variable_in_use(name, self.machine));
                    match found {
                        Some((secret, _)) => secret.expose().to_owned(),
                        None => {
                            return Err(format!(
                                "not sent: the value of {} is unknown on this machine",
                                header.name
                            ));
                        }
                    }
                }
            };
            headers.retain(|(name, _)| *name != header.name || header.model.is_none());
            headers.push((header.name.clone(), value));
        }
        Ok(headers)
    }
}

/// Whose primary to test, and with which key.
pub(crate) struct Wanted<'a> {
    pub(crate) provider_id: &'a str,
    pub(crate) agent: Option<&'a str>,
    pub(crate) key: &'a Secret,
}

/// Sends a small request to the primary only, or returns why not.
pub(crate) fn primary(
    facts: &Facts<'_>,
    machine: &Machine,
    wanted: &Wanted<'_>,
    options: HttpOptions,
) -> Result<Probed, String> {
    let provider = facts.provider(wanted.provider_id);
    let provider = provider.ok_or("the config has no Portkey provider")?;
    let Some(Ok(url)) = &provider.url else {
        return Err("the base URL is invalid or unknown on this machine".to_owned());
    };
    let lookups = Lookups {
        facts,
        provider,
        machine,
        url,
        options,
        wait: Duration::ZERO,
        forces: false,
    };
    let role = wanted.agent.map_or_else(
        || "primary".to_owned(),
        |agent| format!("primary of agent {agent}"),
    );
    let mut targets = lookups.targets();
    targets.retain(|target| {
        target
            .roles
            .iter()
            .any(|own| own.eq_ignore_ascii_case(&role))
    });
    let inquiry = lookups.inquiry(wanted.key)?;
    let probed = lookups.probes(&targets, &inquiry).into_iter().next();
    probed.ok_or_else(|| "no primary model goes through Portkey".to_owned())
}

/// OpenClaw sends keys over plain http; this program does only with --insecure-http.
const PLAIN_HTTP: &str =
    "not contacted over plain http, where others can read the key (allow it with --insecure-http)";

fn failed() -> Answer {
    Answer::NotSent("the request thread failed".to_owned())
}

/// How long Portkey may take to count a request.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    time: Duration,
    until: Instant,
}

impl Wait {
    pub(crate) fn of(time: Duration) -> Self {
        Self {
            time,
            until: Instant::now() + time,
        }
    }
}

/// The first and last pause between checks whether a request was counted.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_secs(4);

/// Polls Portkey until it has counted a request or the time is up.
fn counting(ask: impl Fn() -> Counted, wait: Wait) -> Counting {
    let mut pause = FIRST_PAUSE;
    let mut last = Counting::Unknown;
    loop {
        match ask() {
            Counted::Yes(_) => return Counting::Yes,
            Counted::No => last = Counting::NotWithin(wait.time),
            Counted::Unknown(HttpError::Refused(refusal)) if refusal.is_passing() => {}
            Counted::Unknown(_) => return last,
        }
        let left = wait.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return last;
        }
        thread::sleep(pause.min(left));
        pause = LAST_PAUSE.min(pause * 2);
    }
}

/// The result of a probe, and whether Portkey counted it; `counted` checks by trace id.
pub(crate) fn result(probe: Probe, wait: Wait, counted: impl Fn(&str) -> Counted) -> ProbeResult {
    let trace_id = probe.route.trace_id.clone();
    match probe.outcome {
        Outcome::Arrived {
            served_model,
            guardrail_warned,
        } => {
            let by_portkey = probe.route != Route::default();
            let trace_id = trace_id.unwrap_or(probe.trace_id);
            let counted = counting(|| counted(&trace_id), wait);
            ProbeResult::Arrived(Arrived {
                served_model,
                target_index: probe.route.target_index(),
                provider: probe.route.provider,
                retries: probe.route.retries,
                latency: probe.latency,
                trace_id,
                guardrail_warned,
                by_portkey,
                counted,
            })
        }
        Outcome::Refused(refusal) => ProbeResult::Refused { refusal, trace_id },
        Outcome::Failed(error) => ProbeResult::Failed {
            cause: error.cause(),
            message: error.to_string(),
        },
    }
}
