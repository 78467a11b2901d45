//! A control plane on loopback: saved gateway configs with their versions,
//! in the forms in which the sources say that Portkey answers, with its refusals and faults.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

use super::portkey::{Answer, Recorded, read_request};

/// How it writes its replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As the `OpenAPI` document says: no slug after a POST.
    #[default]
    Documented,
    /// As Portkey's Terraform provider reads them: at the top, the config as text.
    Flat,
}

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This status and body, perhaps with a `Retry-After`.
    Status(u16, String, Option<&'static str>),
    /// The usual answer, late.
    Slow(Duration),
    /// Nothing is done, and the connection ends.
    Lost,
    /// It is done, and the connection ends within the answer.
    Cut,
    /// 302 to another host.
    Redirect(String),
}

/// What it knows and how it behaves.
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
    forbidden: Vec<&'static str>,
    faults: Vec<(&'static str, String, usize, Fault)>,
    hold: Option<(usize, bool)>,
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

    /// A config that is saved already; its id is `pc-NAME-0001` and so on.
    pub(crate) fn config(mut self, name: &str, config: Value) -> Self {
        self.configs.push((name.to_owned(), config));
        self
    }

    /// Lists come in pages of so many.
    pub(crate) fn page(mut self, size: usize) -> Self {
        self.page = Some(size);
        self
    }

    /// After a write so many reads still give what was there before.
    pub(crate) fn stale(mut self, reads: usize) -> Self {
        self.stale = reads;
        self
    }

    /// So many lists lack a config that was created.
    pub(crate) fn unlisted(mut self, lists: usize) -> Self {
        self.unlisted = lists;
        self
    }

    /// It adds something to what it is sent.
    pub(crate) fn adding(mut self) -> Self {
        self.adds = true;
        self
    }

    /// The key lacks a scope.
    pub(crate) fn without(mut self, scope: &'static str) -> Self {
        self.forbidden.push(scope);
        self
    }

    /// So many requests of this method to paths that begin so go wrong.
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

    /// The request of this number, from 1, gets no answer until [`AdminApi::release`]; it is
    /// carried out or not.
    pub(crate) fn hold(mut self, number: usize, carried_out: bool) -> Self {
        self.hold = Some((number, carried_out));
        self
    }
}

#[derive(Clone, Debug)]
struct Version {
    id: String,
    config: Value,
    at: String,
}

#[derive(Clone, Debug)]
struct Config {
    slug: String,
    id: String,
    name: String,
    versions: Vec<Version>,
    stale: usize,
    unlisted: usize,
}

#[derive(Debug, Default)]
struct State {
    configs: Vec<Config>,
    clock: u32,
    seen: usize,
    recorded: Vec<Recorded>,
    faults: Vec<(&'static str, String, usize, Fault)>,
    held: bool,
    released: bool,
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

    /// The configs: name, and the contents of each version, the oldest first.
    pub(crate) fn configs(&self) -> Vec<(String, Vec<Value>)> {
        let state = self.shared.lock();
        let of = |config: &Config| {
            let versions = config.versions.iter().map(|version| version.config.clone());
            (config.name.clone(), versions.collect())
        };
        state.configs.iter().map(of).collect()
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().recorded.clone()
    }

    /// The requests as lines: method and path.
    pub(crate) fn log(&self) -> Vec<String> {
        let requests = self.requests();
        let line = |request: &Recorded| format!("{} {}", request.method, request.target);
        requests.iter().map(line).collect()
    }

    /// Waits for the request that is held; whether it came.
    pub(crate) fn wait_held(&self, limit: Duration) -> bool {
        let state = self.shared.lock();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, limit, |state| !state.held);
        waited.unwrap().0.held
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
        // A client that goes away early is no failure of the server.
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
        let held = shared
            .script
            .hold
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

/// A refusal as the admin API writes it.
pub(crate) fn refusal(code: &str, message: &str) -> String {
    json!({ "success": false, "data": { "message": message, "errorCode": code } }).to_string()
}

fn answer(shared: &Shared, request: &Recorded) -> Answer {
    let script = &shared.script;
    if request.header("x-portkey-api-key") != Some(script.key.as_str()) {
        return Answer::new(401, refusal("AB05", "Unauthorized"));
    }
    let segments: Vec<&str> = request
        .path()
        .trim_start_matches("/v1/")
        .split('/')
        .collect();
    let scope = match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["configs"]) => "configs.list",
        ("GET", ["configs", ..]) => "configs.read",
        ("POST", ["configs"]) => "configs.create",
        ("PUT", ["configs", _]) => "configs.update",
        _ => {
            return Answer::new(
                404,
                json!({ "message": "Not Found", "ok": false }).to_string(),
            );
        }
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
        ("POST", _) => state.post(script, &body),
        ("PUT", ["configs", slug]) => state.put(script, slug, &body),
        _ => Answer::new(404, refusal("AB02", "Not found")),
    }
}

fn paged(items: Vec<Value>, size: Option<usize>, request: &Recorded) -> Answer {
    let total = items.len();
    let size = size
        .unwrap_or(usize::MAX)
        .min(request.query("page_size").unwrap_or(usize::MAX));
    let from = request
        .query("current_page")
        .unwrap_or(0)
        .saturating_mul(size);
    let page: Vec<Value> = items.into_iter().skip(from).take(size).collect();
    let reply = json!({ "success": true, "object": "list", "total": total, "data": page });
    Answer::new(200, reply.to_string())
}

impl State {
    fn fault(&mut self, request: &Recorded) -> Option<Fault> {
        let fits = |(method, path, times, _): &&mut (&str, String, usize, Fault)| {
            *times > 0 && request.method == *method && request.path().starts_with(path.as_str())
        };
        let (_, _, times, fault) = self.faults.iter_mut().find(fits)?;
        *times -= 1;
        Some(fault.clone())
    }

    fn version(&mut self, config: Value) -> Version {
        self.clock += 1;
        Version {
            id: format!(
                "{:08x}-0000-4000-8000-000000000000",
                0x00a0_0000 + self.clock
            ),
            config,
            at: format!("2026-11-{:02}T10:00:00.000Z", self.clock),
        }
    }

    fn create(&mut self, name: &str, config: Value, unlisted: usize) {
        let number = self.configs.len() + 1;
        let version = self.version(config);
        self.configs.push(Config {
            slug: format!("pc-{name}-{number:04}"),
            id: format!("00000000-0000-4000-8000-{number:012}"),
            name: name.to_owned(),
            versions: vec![version],
            stale: 0,
            unlisted,
        });
    }

    fn list(&mut self, script: &Script, request: &Recorded) -> Answer {
        let mut items = Vec::new();
        for config in &mut self.configs {
            if config.unlisted > 0 {
                config.unlisted -= 1;
                continue;
            }
            items.push(json!({
                "id": config.id, "name": config.name, "slug": config.slug, "status": "active",
                "is_default": 0, "last_updated_at": config.versions.last().unwrap().at,
            }));
        }
        if script.page.is_some() {
            return paged(items, script.page, request);
        }
        Answer::new(200, json!({ "success": true, "data": items }).to_string())
    }

    fn read(&mut self, script: &Script, slug: &str) -> Answer {
        let Some(config) = self.configs.iter_mut().find(|config| config.slug == slug) else {
            return Answer::new(404, refusal("AB02", "Config not found"));
        };
        let is_stale = config.stale > 0 && config.versions.len() > 1;
        config.stale = config.stale.saturating_sub(1);
        let version = &config.versions[config.versions.len() - 1 - usize::from(is_stale)];
        let reply = match script.style {
            Style::Documented => json!({ "success": true, "data": { "config": version.config } }),
            Style::Flat => json!({
                "config": version.config.to_string(), "name": config.name, "slug": config.slug,
                "version_id": version.id, "last_updated_at": version.at,
            }),
        };
        Answer::new(200, reply.to_string())
    }

    fn versions(&self, slug: &str) -> Answer {
        let Some(config) = self.configs.iter().find(|config| config.slug == slug) else {
            return Answer::new(404, refusal("AB02", "Config not found"));
        };
        let items: Vec<Value> = config
            .versions
            .iter()
            .map(|version| {
                json!({
                    "id": config.id, "slug": config.slug, "name": config.name,
                    "version_id": version.id, "config": version.config.to_string(),
                    "created_at": version.at, "object": "config",
                })
            })
            .collect();
        let reply = json!({ "object": "list", "total": items.len(), "data": items });
        Answer::new(200, reply.to_string())
    }

    fn post(&mut self, script: &Script, body: &Value) -> Answer {
        let (Some(name), config) = (body["name"].as_str(), &body["config"]) else {
            return Answer::new(400, refusal("AB01", "name is required"));
        };
        if !config.is_object() {
            return Answer::new(400, refusal("AB01", "config is required"));
        }
        self.create(name, stored(script, config), script.unlisted);
        let config = self.configs.last().unwrap();
        let version = &config.versions[0].id;
        let reply = match script.style {
            Style::Documented => {
                json!({ "success": true, "data": { "id": config.id, "version_id": version } })
            }
            Style::Flat => json!({ "id": config.id, "slug": config.slug, "version_id": version }),
        };
        Answer::new(200, reply.to_string())
    }

    fn put(&mut self, script: &Script, slug: &str, body: &Value) -> Answer {
        if !body["config"].is_object() {
            return Answer::new(400, refusal("AB01", "config is required"));
        }
        let version = self.version(stored(script, &body["config"]));
        let Some(config) = self.configs.iter_mut().find(|config| config.slug == slug) else {
            return Answer::new(404, refusal("AB02", "Config not found"));
        };
        config.stale = script.stale;
        config.versions.push(version.clone());
        let reply = match script.style {
            Style::Documented => json!({ "success": true, "data": { "version_id": version.id } }),
            Style::Flat => json!({ "version_id": version.id }),
        };
        Answer::new(200, reply.to_string())
    }
}

fn stored(script: &Script, config: &Value) -> Value {
    let mut config = config.clone();
    if script.adds {
        config["strict_open_ai_compliance"] = true.into();
    }
    config
}
