//! A control plane on loopback: saved gateway configs with versions, and API keys, with the
//! documented responses, refusals and faults of Portkey.

#[path = "admin_analytics.rs"]
mod analytics;
#[path = "admin_keys.rs"]
pub(crate) mod keys;
#[path = "admin_configs.rs"]
mod store;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

use super::portkey::{Answer, Recorded, read_request};
use store::{Config, State};

/// The format of its responses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As in the `OpenAPI` document: no slug after a POST.
    #[default]
    Documented,
    /// As Portkey's Terraform provider reads them: at the top level, the config as text.
    Flat,
}

/// A fault for a request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Responds with this status and body, and perhaps `Retry-After`, without doing anything.
    Status(u16, String, Option<&'static str>),
    /// Does it, but responds with this status and body.
    Done(u16, String),
    /// Responds late.
    Slow(Duration),
    /// Does nothing and closes the connection.
    Lost,
    /// Does it, but closes the connection during the response.
    Cut,
    /// 302 to another host.
    Redirect(String),
}

/// Its data and behaviour.
#[derive(Clone, Debug, Default)]
#[must_use]
pub(crate) struct Script {
    key: String,
    style: Style,
    configs: Vec<(String, Value)>,
    page: Option<usize>,
    stale: usize,
    unlisted: usize,
    adds: bool,
    twin: bool,
    forbidden: Vec<&'static str>,
    faults: Vec<(&'static str, String, usize, Fault)>,
    hold: Option<(usize, bool)>,
    keys: Vec<Value>,
    providers: Vec<Value>,
    users: Vec<String>,
    used: Vec<(String, String, String, f64, f64, f64)>,
    prices: Vec<String>,
}

impl Script {
    pub(crate) fn new(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// An existing config; its id is `pc-NAME-0001` and so on.
    pub(crate) fn config(mut self, name: &str, config: Value) -> Self {
        self.configs.push((name.to_owned(), config));
        self
    }

    /// An existing key.
    pub(crate) fn key(mut self, fields: Value) -> Self {
        self.keys.push(fields);
        self
    }

    /// An existing provider.
    pub(crate) fn provider(mut self, fields: Value) -> Self {
        self.providers.push(fields);
        self
    }

    /// A user of the organisation.
    pub(crate) fn user(mut self, email: &str) -> Self {
        self.users.push(email.to_owned());
        self
    }

    /// Requests, tokens and cents for a day, a model and an agent, whose key has the same number.
    pub(crate) fn used(
        mut self,
        (day, model, agent): (&str, &str, &str),
        counts: [f64; 3],
    ) -> Self {
        let [requests, tokens, cents] = counts;
        let names = [day, model, agent].map(str::to_owned);
        let [day, model, agent] = names;
        self.used.push((day, model, agent, requests, tokens, cents));
        self
    }

    /// A model with a price, as `vendor/model`.
    pub(crate) fn price(mut self, model: &str) -> Self {
        self.prices.push(model.to_owned());
        self
    }

    /// The page size of lists.
    pub(crate) fn page(mut self, size: usize) -> Self {
        self.page = Some(size);
        self
    }

    /// The number of reads after a write that still return the old data.
    pub(crate) fn stale(mut self, reads: usize) -> Self {
        self.stale = reads;
        self
    }

    /// The number of lists that omit a new config.
    pub(crate) fn unlisted(mut self, lists: usize) -> Self {
        self.unlisted = lists;
        self
    }

    /// Adds something to what it is sent.
    pub(crate) fn adding(mut self) -> Self {
        self.adds = true;
        self
    }

    /// Another process creates a config with the same name at the same time.
    pub(crate) fn twin(mut self) -> Self {
        self.twin = true;
        self
    }

    /// The key lacks a scope.
    pub(crate) fn without(mut self, scope: &'static str) -> Self {
        self.forbidden.push(scope);
        self
    }

    /// Makes so many requests with this method and path prefix fail.
    pub(crate) fn fault(
        mut self,
        method: &'static str,
        path: &str,
        times: usize,
        fault: Fault,
    ) -> Self {
        self.faults.push((method, path.to_owned(), times, fault));
        self
    }

    /// The request with this number, from 1, gets no response until [`AdminApi::release`];
    /// `carried_out` says whether it is done.
    pub(crate) fn hold(mut self, number: usize, carried_out: bool) -> Self {
        self.hold = Some((number, carried_out));
        self
    }
}

/// A running control plane; stops when dropped.
#[derive(Debug)]
pub(crate) struct AdminApi {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    script: Script,
    state: Mutex<State>,
    changed: Condvar,
    stopping: AtomicBool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl AdminApi {
    pub(crate) fn start(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let mut state = State {
            faults: script.faults.clone(),
            ..State::default()
        };
        for (name, config) in &script.configs {
            state.create(name, config.clone(), 0);
        }
        for fields in &script.keys {
            let kind = fields["type"].as_str().unwrap_or("workspace-service");
            let _ = state.add_key(kind, fields);
        }
        state.providers = script
            .providers
            .iter()
            .cloned()
            .map(keys::Provider::new)
            .collect();
        let shared = Arc::new(Shared {
            script,
            state: Mutex::new(state),
            changed: Condvar::new(),
            stopping: AtomicBool::new(false),
        });
        let thread = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || accept(&listener, &shared))
        };
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The configs: name and the contents of each version, oldest first.
    pub(crate) fn configs(&self) -> Vec<(String, Vec<Value>)> {
        let state = self.shared.lock();
        let of = |config: &Config| {
            let versions = config.versions.iter().map(|version| version.config.clone());
            (config.name.clone(), versions.collect())
        };
        state.configs.iter().map(of).collect()
    }

    /// The keys: fields, the key itself, and its state.
    pub(crate) fn keys(&self) -> Vec<keys::Key> {
        self.shared.lock().keys.clone()
    }

    /// The current providers.
    pub(crate) fn providers(&self) -> Vec<Value> {
        let state = self.shared.lock();
        state
            .providers
            .iter()
            .map(|one| one.fields.clone())
            .collect()
    }

    /// The created guardrails.
    pub(crate) fn guardrails(&self) -> Vec<Value> {
        self.shared.lock().guardrails.clone()
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().recorded.clone()
    }

    /// The requests, one line each: method and path.
    pub(crate) fn log(&self) -> Vec<String> {
        let requests = self.requests();
        let line = |request: &Recorded| format!("{} {}", request.method, request.target);
        requests.iter().map(line).collect()
    }

    /// Waits for the held request; returns whether it arrived.
    pub(crate) fn wait_held(&self, limit: Duration) -> bool {
        let state = self.shared.lock();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, limit, |state| !state.held);
        waited.unwrap().0.held
    }

    /// Runs a command and kills it at the held request; returns whether it got that far.
    pub(crate) fn kill_when_held(&self, command: &mut Command) -> bool {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut held = false;
        while !held && child.try_wait().unwrap().is_none() {
            held = self.wait_held(Duration::from_millis(5));
        }
        held |= self.wait_held(Duration::ZERO);
        child.kill().unwrap();
        child.wait().unwrap();
        self.release();
        held
    }

    /// Like [`Script::hold`], for the request with this number from now on.
    pub(crate) fn hold_at(&self, number: usize, carried_out: bool) {
        let mut state = self.shared.lock();
        state.held = false;
        state.released = false;
        state.hold = Some((state.seen + number, carried_out));
    }

    pub(crate) fn release(&self) {
        self.shared.lock().released = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for AdminApi {
    fn drop(&mut self) {
        self.release();
        self.shared.stopping.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        // A client that disconnects early isn't a failure of the server.
        thread::spawn(move || drop(serve(stream, &shared)));
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = io::BufReader::new(stream);
    let Some(request) = read_request(&mut reader)? else {
        return Ok(());
    };
    let mut stream = reader.into_inner();
    let (fault, held) = {
        let mut state = shared.lock();
        state.recorded.push(request.clone());
        state.seen += 1;
        let held = state
            .hold
            .or(shared.script.hold)
            .filter(|(number, _)| *number == state.seen);
        (state.fault(&request), held)
    };
    if let Some((_, carried_out)) = held {
        if carried_out {
            drop(answer(shared, &request));
        }
        let mut state = shared.lock();
        state.held = true;
        shared.changed.notify_all();
        let _released = shared.changed.wait_while(state, |state| !state.released);
        return Ok(());
    }
    match fault {
        None => answer(shared, &request).send(&mut stream),
        Some(Fault::Status(status, body, retry_after)) => {
            let mut answer = Answer::new(status, body);
            if let Some(seconds) = retry_after {
                answer = answer.header("retry-after", seconds);
            }
            answer.send(&mut stream)
        }
        Some(Fault::Done(status, body)) => {
            drop(answer(shared, &request));
            Answer::new(status, body).send(&mut stream)
        }
        Some(Fault::Slow(wait)) => {
            thread::sleep(wait);
            answer(shared, &request).send(&mut stream)
        }
        Some(Fault::Lost) => Ok(()),
        Some(Fault::Cut) => {
            let bytes = answer(shared, &request).bytes();
            io::Write::write_all(&mut stream, &bytes[..bytes.len() - 10])
        }
        Some(Fault::Redirect(to)) => Answer::new(302, String::new())
            .header("location", &to)
            .send(&mut stream),
    }
}

/// A refusal in the format of the admin API.
pub(crate) fn refusal(code: &str, message: &str) -> String {
    json!({ "success": false, "data": { "message": message, "errorCode": code } }).to_string()
}

/// The scope that a request needs; `None` if the path doesn't exist.
fn scope(request: &Recorded, segments: &[&str]) -> Option<&'static str> {
    Some(match (request.method.as_str(), segments) {
        ("GET", ["configs"]) => "configs.list",
        ("GET", ["configs", ..]) => "configs.read",
        ("POST", ["configs"]) => "configs.create",
        ("PUT", ["configs", _]) => "configs.update",
        ("DELETE", ["configs", _]) => "configs.delete",
        ("GET", ["api-keys"]) => "workspace_service_api_keys.list",
        ("GET", ["api-keys", _]) => "workspace_service_api_keys.read",
        ("POST", ["api-keys", _, "rotate"]) => "workspace_service_api_keys.rotate",
        ("POST", ["api-keys", "workspace", "user"]) => "workspace_user_api_keys.create",
        ("POST", ["api-keys", _, _]) => "workspace_service_api_keys.create",
        ("PUT", ["api-keys", _]) => "workspace_service_api_keys.update",
        ("DELETE", ["api-keys", _]) => "workspace_service_api_keys.delete",
        ("GET", ["providers"]) => "providers.list",
        ("GET", ["providers", _]) => "providers.read",
        ("PUT", ["providers", _]) => "providers.update",
        ("POST", ["integrations"]) => "workspace_integrations.create",
        ("GET", ["guardrails"]) => "guardrails.list",
        ("GET", ["guardrails", _]) => "guardrails.read",
        ("POST", ["guardrails"]) => "guardrails.create",
        ("GET", ["analytics", ..]) => "analytics.view",
        ("GET", ["admin", "users"]) => "organisation_users.list",
        ("GET", ["admin", "workspaces", _, "users"]) => "workspace_users.list",
        _ => return None,
    })
}

/// A price, requested without a key.
fn price(script: &Script, path: &str) -> Answer {
    let model = path.trim_start_matches("/model-configs/pricing/");
    if !script.prices.iter().any(|priced| priced == model) {
        return Answer::new(404, json!({ "error": "not found" }).to_string());
    }
    let price = json!({ "price": 0.0001 });
    let units = json!({ "request_token": price, "response_token": price });
    Answer::new(
        200,
        json!({ "pay_as_you_go": units, "currency": "USD" }).to_string(),
    )
}

fn answer(shared: &Shared, request: &Recorded) -> Answer {
    let script = &shared.script;
    if request.path().starts_with("/model-configs/pricing/") {
        return price(script, request.path());
    }
    if request.header("x-portkey-api-key") != Some(script.key.as_str()) {
        return Answer::new(401, refusal("AB05", "Unauthorized"));
    }
    let segments: Vec<&str> = request
        .path()
        .trim_start_matches("/v1/")
        .split('/')
        .collect();
    let Some(scope) = scope(request, &segments) else {
        let body = json!({ "message": "Not Found", "ok": false });
        return Answer::new(404, body.to_string());
    };
    if script.forbidden.contains(&scope) {
        let message = "You do not have enough permissions to execute this request";
        return Answer::new(403, refusal("AB03", message));
    }
    let mut state = shared.lock();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["configs"]) => state.list(script, request),
        ("GET", ["configs", slug]) => state.read(script, slug),
        ("GET", ["configs", slug, "versions"]) => state.versions(slug),
        ("POST", ["configs"]) => state.post(script, &body),
        ("PUT", ["configs", slug]) => state.put(script, slug, &body),
        ("DELETE", ["configs", slug]) => state.delete(slug),
        ("GET", ["api-keys"]) => state.list_keys(script, request),
        ("GET", ["api-keys", id]) => state.read_key(id),
        ("POST", ["api-keys", id, "rotate"]) => state.rotate_key(id, &body),
        ("POST", ["api-keys", rest @ ..]) => state.post_key(rest, script, &body),
        ("PUT", ["api-keys", id]) => state.put_key(script, id, &body),
        ("DELETE", ["api-keys", id]) => state.delete_key(id),
        ("GET", ["providers"]) => state.list_providers(script, request),
        ("GET", ["providers", slug]) => state.read_provider(slug),
        ("PUT", ["providers", slug]) => state.put_provider(script, slug, &body),
        ("POST", ["integrations"]) => state.post_integration(script, &body),
        ("GET", ["guardrails"]) => state.list_guardrails(script, request),
        ("GET", ["guardrails", slug]) => state.read_guardrail(slug),
        ("POST", ["guardrails"]) => state.post_guardrail(&body),
        ("GET", ["analytics", "graphs", what]) => analytics::graph(script, &state, what, request),
        ("GET", ["analytics", "groups", by @ ..]) => analytics::group(script, by, request),
        ("GET", ["admin", ..]) => keys::users(script, request),
        _ => Answer::new(404, refusal("AB02", "Not found")),
    }
}
