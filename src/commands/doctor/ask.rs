//! What only Portkey can tell, asked side by side.

use std::thread;
use std::time::Duration;

use crate::causes::{Facts, Online, PortkeyProvider, Role};
use crate::doctor::facts::{Arrived, Fact, Machine, ProbeResult, Probed, Reader};
use crate::doctor::{Asked, KeyInUse};
use crate::http::probe::{Api, Counted, Outcome, Probe};
use crate::http::{self, HttpError, Options, Portkey};
use crate::openclaw::CredentialSource;
use crate::portkey::base_url::BaseUrl;
use crate::secret::Secret;
use crate::ui::Ui;

use super::super::lint::online::is_answer;
use super::super::parallel_map::parallel_map;
use super::DoctorArgs;

/// The most requests that are under way at once.
const AT_ONCE: usize = 8;

/// What came of all questions.
pub(super) struct Answers {
    pub(super) asked: Asked,
    /// What was said to this shell's key, where it is another one.
    pub(super) other: Option<Asked>,
    pub(super) resolves_privately: Fact<bool>,
    pub(super) health: Option<String>,
    pub(super) probes: Fact<Vec<Probed>>,
}

impl Answers {
    /// Nothing was asked.
    pub(super) fn none(why: &str) -> Self {
        Self {
            asked: Asked::No(why.to_owned()),
            other: None,
            resolves_privately: Fact::Unknown(why.to_owned()),
            health: None,
            probes: Fact::Unknown(why.to_owned()),
        }
    }
}

/// Asks all that the arguments allow.
pub(super) fn ask(
    args: &DoctorArgs,
    provider_id: &str,
    ui: &Ui,
    facts: &Facts<'_>,
    machine: &Machine,
    in_use: &KeyInUse,
    other: Option<&Secret>,
) -> Answers {
    let Some(provider) = facts.provider(provider_id) else {
        return Answers::none("there is no provider to ask");
    };
    if args.offline {
        return Answers::none("not asked (--offline)");
    }
    let Some(Ok(url)) = &provider.url else {
        return Answers::none("the base URL is not known here, or is none");
    };
    let options = Options {
        timeout: Duration::from_secs(args.timeout),
        insecure_http: args.insecure_http,
    };
    let asks = Asks {
        facts,
        provider,
        machine,
        url,
        options,
    };
    let targets = args.probe.then(|| asks.targets());
    let sent = targets
        .iter()
        .flatten()
        .filter(|target| target.headers.is_ok())
        .count();
    if let (1.., KeyInUse::Known(_)) = (sent, in_use) {
        ui.note(&format!(
            "Sending {sent} small request{}, which cost{} a few tokens.",
            if sent == 1 { "" } else { "s" },
            if sent == 1 { "s" } else { "" },
        ));
    }
    let busy = ui.busy(&format!("asking {}", url.host()));
    let answers = asks.all(targets.as_deref(), in_use, other);
    busy.done();
    answers
}

/// A model to be asked.
struct Target {
    model: String,
    roles: Vec<String>,
    /// What goes out with it, or why nothing is sent.
    headers: Result<Vec<(String, String)>, String>,
}

struct Asks<'a> {
    facts: &'a Facts<'a>,
    provider: &'a PortkeyProvider<'a>,
    machine: &'a Machine,
    url: &'a BaseUrl,
    options: Options,
}

impl Asks<'_> {
    fn all(
        &self,
        targets: Option<&[Target]>,
        in_use: &KeyInUse,
        other: Option<&Secret>,
    ) -> Answers {
        let known_host = self.url.is_known_portkey_host();
        let portkey = match in_use {
            KeyInUse::Known(key) => self.portkey(key),
            KeyInUse::Unknown(why) | KeyInUse::Missing(why) => Err(why.clone()),
        };
        thread::scope(|scope| {
            let asked = scope.spawn(|| self.catalogue(portkey.as_ref()));
            let other = other.map(|key| scope.spawn(|| self.catalogue(self.portkey(key).as_ref())));
            let private = scope.spawn(|| {
                // A name of Portkey's is never private; an address needs no look-up.
                !known_host && !self.url.is_loopback() && http::resolves_privately(self.url)
            });
            let health = scope.spawn(|| {
                let portkey = portkey.as_ref().ok().filter(|_| !known_host)?;
                portkey.health().ok()?.version
            });
            let probes = match (targets, &portkey) {
                (None, _) => Fact::Unknown(
                    "only a request tells; --probe sends a small one to each model".to_owned(),
                ),
                (Some(targets), Ok(portkey)) => Fact::Known(self.probes(targets, portkey)),
                (Some(_), Err(why)) => Fact::Unknown(why.clone()),
            };
            Answers {
                asked: asked.join().unwrap_or_else(|_| failed()),
                other: other.map(|other| other.join().unwrap_or_else(|_| failed())),
                resolves_privately: private.join().map_or_else(
                    |_| Fact::Unknown("the look-up failed".to_owned()),
                    Fact::Known,
                ),
                health: health.join().unwrap_or_default(),
                probes,
            }
        })
    }

    /// A connection for a key; or why there is none.
    fn portkey(&self, key: &Secret) -> Result<Portkey, String> {
        Portkey::new(self.url, key.clone(), self.options).map_err(|error| match error {
            HttpError::PlainHttp { .. } => PLAIN_HTTP.to_owned(),
            error => error.to_string(),
        })
    }

    /// The models of a key and the configs that the headers name, asked at once.
    fn catalogue(&self, portkey: Result<&Portkey, &String>) -> Asked {
        let portkey = match portkey {
            Ok(portkey) => portkey,
            Err(why) => return Asked::No(why.clone()),
        };
        let ids = self.facts.config_ids();
        thread::scope(|scope| {
            let configs = scope.spawn(|| {
                parallel_map(AT_ONCE, &ids, |id| match portkey.check_config(id) {
                    Ok(()) => Some((id.clone(), None)),
                    Err(HttpError::Refused(refusal)) if is_answer(&refusal) => {
                        Some((id.clone(), Some(refusal)))
                    }
                    Err(_) => None,
                })
            });
            let models = match portkey.models(&[]) {
                Ok(catalogue) => Ok(catalogue),
                Err(HttpError::Refused(refusal)) if is_answer(&refusal) => Err(refusal),
                Err(error) => {
                    return Asked::Failed {
                        cause: error.cause(),
                        message: error.to_string(),
                    };
                }
            };
            let configs = configs.join().unwrap_or_default();
            let configs = configs.into_iter().flatten().collect();
            Asked::Answered(Online { models, configs })
        })
    }

    /// Every model of the provider that a primary or fallback refers to, each once.
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

    fn probes(&self, targets: &[Target], portkey: &Portkey) -> Vec<Probed> {
        parallel_map(AT_ONCE, targets, |target| Probed {
            model: target.model.clone(),
            roles: target.roles.clone(),
            result: match &target.headers {
                Ok(headers) => self.probe(&target.model, headers, portkey),
                Err(why) => ProbeResult::Skipped(why.clone()),
            },
        })
    }

    fn probe(&self, model: &str, headers: &[(String, String)], portkey: &Portkey) -> ProbeResult {
        let responses = self
            .provider
            .view
            .get("api")
            .and_then(|api| api.text())
            .is_some_and(|api| api == "openai-responses");
        let api = if responses {
            Api::Responses
        } else {
            Api::Completions
        };
        result(portkey, portkey.probe(model, headers, api))
    }

    /// The headers that go out with a model, values in place of variables.
    fn headers(&self, model: &str) -> Result<Vec<(String, String)>, String> {
        let index = self
            .provider
            .models
            .iter()
            .position(|known| known.id.trim() == model);
        let own = index.map(|index| &self.provider.models[index].view);
        let elsewhere = ["baseUrl", "api"]
            .into_iter()
            .find(|key| own.is_some_and(|own| own.get(key).is_some()));
        if let Some(key) = elsewhere {
            return Err(format!("not sent: the model has a {key} of its own"));
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
                        .and_then(|name| self.machine.variable(name))
                        .and_then(|variable| {
                            let service = variable.value(Reader::Service);
                            service.or_else(|| variable.value(Reader::Shell))
                        });
                    match found {
                        Some(secret) => secret.expose().to_owned(),
                        None => {
                            return Err(format!(
                                "not sent: the value of {} is not known here",
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

/// OpenClaw sends a key over plain http; this program does only when told to.
const PLAIN_HTTP: &str =
    "not asked over plain http, where others can read the key (--insecure-http asks all the same)";

/// A question whose thread came to grief.
fn failed() -> Asked {
    Asked::No("asking came to grief".to_owned())
}

fn result(portkey: &Portkey, probe: Probe) -> ProbeResult {
    let trace_id = probe.route.trace_id.clone();
    match probe.outcome {
        Outcome::Arrived {
            served_model,
            guardrail_warned,
        } => {
            let trace_id = trace_id.unwrap_or(probe.trace_id);
            let counted = match portkey.arrived(&trace_id) {
                Counted::Yes(_) => Some(true),
                Counted::No => Some(false),
                Counted::Unknown(_) => None,
            };
            ProbeResult::Arrived(Arrived {
                served_model,
                target_index: probe.route.target_index(),
                provider: probe.route.provider,
                retries: probe.route.retries,
                latency: probe.latency,
                trace_id,
                guardrail_warned,
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
