//! A loopback Portkey for tests and demonstrations, built on the standard library's threads and
//! sockets: the real gateway's rules for key, slug and config, its error bodies, and faults.
//!
//! It listens on a free port of `127.0.0.1`, answers `GET /v1/models`, `POST /v1/chat/completions`
//! (also as a stream) and `GET /v1/health`, and records requests. Files that include it without
//! using all of it have `#[expect(dead_code, …)]`.

#[path = "portkey_rows.rs"]
mod rows;

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) use rows::ROWS;

/// A fault, on every path except `/v1/health`.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The response in [`ROWS`] with this name.
    Row(&'static str),
    /// Any status and body.
    Reply(u16, String),
    /// Nothing for this long, then the usual response.
    Slow(Duration),
    /// The usual response, one byte at a time with this pause.
    Drip(Duration),
    /// Closes the connection in the middle of the usual response.
    CutOff,
    /// 10 MB of JSON.
    Huge,
    /// 302 to this address, in which `{host}` is this server's host and port.
    RedirectTo(String),
    /// 307 to itself this many times, then the usual response.
    RedirectToSelf(usize),
}

/// The data and behaviour of the loopback Portkey.
#[derive(Clone, Debug, Default)]
#[must_use]
pub(crate) struct Script {
    key: String,
    models: Vec<String>,
    configs: Vec<String>,
    provider: Option<String>,
    page: Option<usize>,
    ignores_offset: bool,
    fault: Option<Fault>,
    fault_at: Option<&'static str>,
    prices: Vec<(String, String)>,
    key_start: Option<&'static str>,
    counted_from: Option<usize>,
    counts_asked: Arc<AtomicUsize>,
}

impl Script {
    /// A Portkey that accepts this key and has one model from each of two providers.
    pub(crate) fn new(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..Self::default()
        }
        .models(["@gemini/gemini-2.5-flash", "@mistral/open-mixtral-8x7b"])
    }

    /// Replaces the catalogue.
    pub(crate) fn models<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.models = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Also accepts keys with this prefix.
    pub(crate) fn keys_that_begin(mut self, start: &'static str) -> Self {
        self.key_start = Some(start);
        self
    }

    /// Adds a config id to the workspace.
    pub(crate) fn config(mut self, id: &str) -> Self {
        self.configs.push(id.to_owned());
        self
    }

    /// Attaches a config to the key: `/models` returns one provider's list without slugs.
    pub(crate) fn provider_backed(mut self, provider: &str) -> Self {
        self.provider = Some(provider.to_owned());
        self
    }

    /// The maximum number of models per response.
    pub(crate) fn page(mut self, size: usize) -> Self {
        self.page = Some(size);
        self
    }

    /// Always sends the first page.
    pub(crate) fn ignoring_offset(mut self) -> Self {
        self.ignores_offset = true;
        self
    }

    /// The key can read analytics, and requests count as of this query (the first is 0).
    pub(crate) fn counted_from(mut self, question: usize) -> Self {
        self.counted_from = Some(question);
        self
    }

    /// The response for a path of the public prices; others return 404.
    pub(crate) fn price(mut self, path: &str, reply: &str) -> Self {
        self.prices.push((path.to_owned(), reply.to_owned()));
        self
    }

    /// A fault for requests to this path only.
    pub(crate) fn fault_at(mut self, path: &'static str, fault: Fault) -> Self {
        self.fault_at = Some(path);
        self.fault(fault)
    }

    /// A fault for all requests.
    pub(crate) fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }
}

/// A request as received.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// With the query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn query(&self, name: &str) -> Option<usize> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
    }
}

/// A running loopback Portkey; stops when dropped.
#[derive(Debug)]
pub(crate) struct Portkey {
    address: SocketAddr,
    recorded: Arc<Mutex<Vec<Recorded>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Portkey {
    /// Starts to listen.
    pub(crate) fn start(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let thread = {
            let (recorded, stopping) = (Arc::clone(&recorded), Arc::clone(&stopping));
            thread::spawn(move || accept(&listener, &Arc::new(script), &recorded, &stopping))
        };
        Ok(Self {
            address,
            recorded,
            stopping,
            thread: Some(thread),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT/v1`
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.recorded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Portkey {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for a connection.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// A port on this machine that nothing listens on.
pub(crate) fn closed_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

fn accept(
    listener: &TcpListener,
    script: &Arc<Script>,
    recorded: &Arc<Mutex<Vec<Recorded>>>,
    stopping: &AtomicBool,
) {
    for stream in listener.incoming() {
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let (script, recorded) = (Arc::clone(script), Arc::clone(recorded));
        // A client that disconnects early isn't a failure of the server.
        thread::spawn(move || drop(serve(stream, &script, &recorded)));
    }
}

fn serve(stream: TcpStream, script: &Script, recorded: &Mutex<Vec<Recorded>>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    let Some(first) = reader.fill_buf()?.first().copied() else {
        return Ok(());
    };
    // Like a plain http server that receives a TLS handshake.
    if !first.is_ascii_uppercase() {
        return Answer::new(400, "Bad Request".to_owned()).send(reader.get_mut());
    }
    let Some(request) = read_request(&mut reader)? else {
        return Ok(());
    };
    recorded
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request.clone());
    let mut stream = reader.into_inner();
    match script
        .fault
        .as_ref()
        .filter(|_| request.path() != "/v1/health")
        .filter(|_| script.fault_at.is_none_or(|path| request.path() == path))
    {
        None => answer(script, &request).send(&mut stream),
        Some(Fault::Row(name)) => Answer::row(name).send(&mut stream),
        Some(Fault::Reply(status, body)) => Answer::new(*status, body.clone()).send(&mut stream),
        Some(Fault::Slow(wait)) => {
            thread::sleep(*wait);
            answer(script, &request).send(&mut stream)
        }
        Some(Fault::Drip(wait)) => {
            for byte in answer(script, &request).bytes() {
                stream.write_all(&[byte])?;
                thread::sleep(*wait);
            }
            Ok(())
        }
        Some(Fault::CutOff) => {
            let bytes = answer(script, &request).bytes();
            stream.write_all(&bytes[..bytes.len() - 10])
        }
        Some(Fault::Huge) => {
            let padding = "x".repeat(10_000_000);
            Answer::new(200, format!(r#"{{"data":[],"padding":"{padding}"}}"#)).send(&mut stream)
        }
        Some(Fault::RedirectTo(to)) => {
            let to = to.replace("{host}", request.header("host").unwrap_or_default());
            Answer::new(302, String::new())
                .header("location", &to)
                .send(&mut stream)
        }
        Some(Fault::RedirectToSelf(times)) => {
            let hop = request.query("hop").unwrap_or(0);
            let answer = if hop < *times {
                Answer::new(307, String::new())
                    .header("location", &format!("{}?hop={}", request.path(), hop + 1))
            } else {
                answer(script, &request)
            };
            answer.send(&mut stream)
        }
    }
}

pub(super) fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Recorded>> {
    let first = latin1_line(reader)?;
    let mut parts = first.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (parts.next(), parts.next()) else {
        return Ok(None);
    };
    let mut headers = Vec::new();
    while let Some((name, value)) = latin1_line(reader)?.trim_end().split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Recorded {
        method,
        target,
        headers,
        body: Vec::new(),
    };
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    reader.take(length).read_to_end(&mut request.body)?;
    Ok(Some(request))
}

/// A line of a request's head, which is Latin-1.
fn latin1_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    Ok(line.into_iter().map(char::from).collect())
}

/// A response before it is sent.
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    pub(super) fn new(status: u16, body: String) -> Self {
        let kind = if body.starts_with('<') {
            "text/html"
        } else {
            "application/json"
        };
        Self {
            status,
            headers: vec![("content-type", kind.to_owned())],
            body,
        }
    }

    /// The response in [`ROWS`] with this name; 500 if there is none.
    fn row(name: &str) -> Self {
        match ROWS.iter().find(|row| row.name == name) {
            Some(row) if row.reached_target => {
                Self::new(row.status, row.body.to_owned()).reached("openai")
            }
            Some(row) => Self::new(row.status, row.body.to_owned()),
            None => Self::new(500, format!("no row `{name}`")),
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn reached(self, provider: &str) -> Self {
        self.reached_at(provider, 0)
    }

    fn reached_at(self, provider: &str, index: usize) -> Self {
        self.header("x-portkey-trace-id", "0f0f")
            .header("x-portkey-provider", provider)
            .header(
                "x-portkey-last-used-option-index",
                &format!("config.targets[{index}]"),
            )
            .header("x-portkey-retry-attempt-count", "0")
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        let _ = write!(
            text,
            "content-length: {}\r\n\r\n{}",
            self.body.len(),
            self.body
        );
        text.into_bytes()
    }

    pub(super) fn send(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(&self.bytes())?;
        stream.flush()
    }
}

fn answer(script: &Script, request: &Recorded) -> Answer {
    match (request.method.as_str(), request.path()) {
        ("GET", path) if script.prices.iter().any(|(known, _)| known == path) => {
            let mut prices = script.prices.iter();
            let reply = prices.find(|(known, _)| known == path);
            Answer::new(
                200,
                reply.map(|(_, reply)| reply.clone()).unwrap_or_default(),
            )
        }
        ("GET", "/v1/health") => Answer::new(
            200,
            json!({"status": "success", "message": "Server is healthy", "version": "2.2.3"})
                .to_string(),
        ),
        ("GET", "/v1/analytics/graphs/requests") if script.counted_from.is_some() => {
            let asked = script.counts_asked.fetch_add(1, Ordering::SeqCst);
            let total = script.counted_from.is_some_and(|from| asked >= from);
            Answer::new(
                200,
                json!({"summary": {"total": usize::from(total)}, "data_points": []}).to_string(),
            )
        }
        ("GET", "/v1/analytics/graphs/requests/rescued") if script.counted_from.is_some() => {
            let summary = json!({"retry": 0, "fallback": script.counted_from.map_or(0, |from| usize::from(from == 0))});
            Answer::new(
                200,
                json!({"summary": summary, "data_points": []}).to_string(),
            )
        }
        ("GET", "/v1/models/") => Answer::row("no-provider"),
        ("GET", "/v1/models") => {
            refusal(script, request).unwrap_or_else(|| models(script, request))
        }
        ("POST", "/v1/chat/completions") => {
            refusal(script, request).unwrap_or_else(|| completion(script, request))
        }
        _ => Answer::row("wrong-path"),
    }
}

/// What the gateway checks first: the key, then the config.
fn refusal(script: &Script, request: &Recorded) -> Option<Answer> {
    let key = request
        .header("x-portkey-api-key")
        .or_else(|| request.header("authorization")?.strip_prefix("Bearer "));
    let is_other = |key: &str| script.key_start.is_some_and(|start| key.starts_with(start));
    if key != Some(script.key.as_str()) && !key.is_some_and(is_other) {
        return Some(Answer::row("invalid-key"));
    }
    let config = request.header("x-portkey-config")?;
    if config.starts_with("pc-") {
        let is_known = script.configs.iter().any(|known| known == config);
        return (!is_known).then(|| Answer::row("unknown-config"));
    }
    serde_json::from_str::<Value>(config)
        .is_err()
        .then(|| Answer::row("config-not-json"))
}

fn models(script: &Script, request: &Recorded) -> Answer {
    if let Some(provider) = &script.provider {
        let data: Vec<Value> = script
            .models
            .iter()
            .map(|id| json!({"id": model_of(id), "object": "model", "created": 0, "owned_by": provider}))
            .collect();
        return Answer::new(
            200,
            json!({"object": "list", "data": data, "provider": provider}).to_string(),
        );
    }
    let offset = if script.ignores_offset {
        0
    } else {
        request.query("offset").unwrap_or(0)
    };
    let size = script
        .page
        .unwrap_or(usize::MAX)
        .min(request.query("limit").unwrap_or(usize::MAX));
    let data: Vec<Value> = script
        .models
        .iter()
        .skip(offset)
        .take(size)
        .map(|id| json!({"id": id, "slug": model_of(id), "canonical_slug": model_of(id), "object": "model"}))
        .collect();
    Answer::new(
        200,
        json!({"object": "list", "total": script.models.len(), "data": data}).to_string(),
    )
}

fn model_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, model)| model)
}

fn completion(script: &Script, request: &Recorded) -> Answer {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let config = request.header("x-portkey-config").unwrap_or_default();
    let config: Value = serde_json::from_str(config).unwrap_or_default();
    let targets = config["targets"].as_array();
    // The first target whose model exists.
    let models = targets.into_iter().flatten().enumerate();
    let served = models
        .map(|(index, target)| (index, target["override_params"]["model"].as_str()))
        .find(|(_, model)| model.is_none_or(|model| script.models.iter().any(|id| id == model)));
    if targets.is_some() && served.is_none() {
        return Answer::row("model-not-found");
    }
    let (index, overridden) = served.unwrap_or_default();
    let model = overridden.unwrap_or(body["model"].as_str().unwrap_or_default());
    let slug = model
        .strip_prefix('@')
        .and_then(|rest| rest.split_once('/'))
        .map(|(slug, _)| slug);
    // A config routes any model, including the virtual one.
    if request.header("x-portkey-config").is_none() {
        let Some(slug) = slug else {
            return Answer::row("no-provider");
        };
        let prefix = format!("@{slug}/");
        if !script.models.iter().any(|id| id.starts_with(&prefix)) {
            let message = format!("Following keys are not valid: {slug}");
            return Answer::new(
                400,
                json!({"status": "failure", "message": message}).to_string(),
            );
        }
        if !script.models.iter().any(|id| id == model) {
            return Answer::row("model-not-allowed");
        }
    }
    let text = format!("Hello from the loopback Portkey, by {model}.");
    let answer = if body["stream"] == Value::Bool(true) {
        let mut answer = Answer::new(200, stream_of(model, &text));
        answer.headers = vec![("content-type", "text/event-stream".to_owned())];
        answer
    } else {
        Answer::new(200, whole(model, &text).to_string())
    };
    answer.reached_at(slug.unwrap_or("openai"), index)
}

fn whole(model: &str, text: &str) -> Value {
    json!({
        "id": "chatcmpl-0", "object": "chat.completion", "created": 0, "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    })
}

fn stream_of(model: &str, text: &str) -> String {
    let chunk = |delta: Value, finish: Value| {
        json!({
            "id": "chatcmpl-0", "object": "chat.completion.chunk", "created": 0, "model": model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        })
    };
    let mut stream = String::new();
    for event in [
        chunk(json!({"role": "assistant", "content": ""}), Value::Null),
        chunk(json!({"content": text}), Value::Null),
        chunk(json!({}), json!("stop")),
    ] {
        let _ = write!(stream, "data: {event}\n\n");
    }
    stream.push_str("data: [DONE]\n\n");
    stream
}
