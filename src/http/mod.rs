//! Portkey over HTTP: which models a key can use, and whether a request arrives. Time and size are
//! limited, and every kind of failure is distinguished.

mod admin;
mod diagnosis;
mod error;
mod prices;
pub mod probe;
mod proxy;

use std::fmt;
use std::io::{self, Read};
use std::net::ToSocketAddrs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use url::Url;

use crate::causes::Transport;
use crate::portkey::base_url::{BaseUrl, is_private};
use crate::portkey::catalogue::{Catalogue, CatalogueError};
use crate::portkey::headers::{CONFIG, FETCH_INTEGRATED_MODELS, PROVIDER};
use crate::portkey::printable;
use crate::portkey::refusal::{Refused, Reply, classify};
use crate::secret::Secret;
use diagnosis::{deepest, is_no_http, is_timeout, transport_of};

pub use error::HttpError;
use proxy::Route;

/// The maximum size of a page, in bytes.
const PAGE_LIMIT: usize = 8 * 1024 * 1024;
/// The maximum number of models over all pages.
const MODEL_LIMIT: usize = 50_000;
/// The maximum number of pages.
const PAGES_LIMIT: usize = 200;
/// The timeout of an operation with several requests, as a multiple of a single request's.
const TOTAL_TIMEOUT_FACTOR: u32 = 3;
/// The maximum number of redirects within one host.
const REDIRECT_LIMIT: usize = 3;
/// The maximum size of an error reply, in bytes.
const REFUSAL_LIMIT: usize = 256 * 1024;

/// The response header with the target of the config that was used.
const LAST_USED_TARGET: &str = "x-portkey-last-used-option-index";

/// Settings for the connection to Portkey.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The timeout of one request, from connecting to the last byte.
    pub timeout: Duration,
    /// Whether the key may be sent over a network unencrypted.
    pub insecure_http: bool,
}

impl Options {
    /// When to stop sending requests in an operation with several.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.timeout * TOTAL_TIMEOUT_FACTOR
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            insecure_http: false,
        }
    }
}

/// A Portkey gateway and its key.
pub struct Portkey {
    base_url: BaseUrl,
    key: Secret,
    options: Options,
    /// Created with the first request, because it loads the system's certificates.
    client: OnceLock<Client>,
    /// Whether this is the open-source gateway, once known.
    open_source: OnceLock<bool>,
}

impl fmt::Debug for Portkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portkey")
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Whether a host name resolves to a private or loopback address, like that of a gateway inside a
/// company. A name that can't be resolved counts as public.
#[must_use]
pub fn resolves_privately(base_url: &BaseUrl) -> bool {
    let port = base_url.url().port_or_known_default().unwrap_or(443);
    (base_url.host(), port)
        .to_socket_addrs()
        .is_ok_and(|mut found| found.any(|address| is_private(address.ip())))
}

/// The name and value of the variable with the proxy for a request; `None` if it is sent directly.
/// `variable` is the environment of the sender.
#[must_use]
pub fn proxy_of(
    base_url: &BaseUrl,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<(&'static str, String)> {
    match proxy::of(base_url.url(), variable) {
        Route::Direct => None,
        Route::Through(name) | Route::Unreadable(name) => Some((name, variable(name)?)),
    }
}

impl Portkey {
    /// Prepares a connection to a gateway; sends nothing.
    ///
    /// # Errors
    /// [`HttpError::PlainHttp`] and [`HttpError::PlainProxy`] if the key would be sent over a
    /// network unencrypted, and [`HttpError::UnreadableProxy`].
    pub fn new(base_url: &BaseUrl, key: Secret, options: Options) -> Result<Self, HttpError> {
        let host = || authority(base_url);
        if !base_url.is_https() && !base_url.is_loopback() && !options.insecure_http {
            return Err(HttpError::PlainHttp { host: host() });
        }
        match proxy::route(base_url.url()) {
            _ if base_url.is_loopback() => {}
            Route::Through(variable) if !base_url.is_https() => {
                return Err(HttpError::PlainProxy {
                    host: host(),
                    variable,
                });
            }
            Route::Unreadable(variable) => return Err(HttpError::UnreadableProxy { variable }),
            Route::Direct | Route::Through(_) => {}
        }
        Ok(Self {
            base_url: base_url.clone(),
            key,
            options,
            client: OnceLock::new(),
            open_source: OnceLock::new(),
        })
    }

    /// The models that the key can use: `GET /models`, all pages that arrive in time.
    /// `extra_headers` are added to the requests.
    ///
    /// # Errors
    /// No response, an unusable one, or a refusal.
    pub fn models(&self, extra_headers: &[(&str, &str)]) -> Result<Catalogue, HttpError> {
        let mut headers = self.headers(extra_headers)?;
        headers.insert(FETCH_INTEGRATED_MODELS, HeaderValue::from_static("true"));
        let deadline = self.options.deadline();
        let mut catalogue = self.page(&headers, None, self.options.timeout)?;
        let size = catalogue.models.len();
        for _ in 1..PAGES_LIMIT {
            if !catalogue.is_partial() || catalogue.models.len() >= MODEL_LIMIT || size == 0 {
                break;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let window = Some((size, catalogue.models.len()));
            let page = match self.page(&headers, window, left.min(self.options.timeout)) {
                // The list remains incomplete, and is marked as such.
                Err(HttpError::Timeout { .. }) if left < self.options.timeout => break,
                page => page?,
            };
            // A server that doesn't support `offset` returns the first page forever.
            if catalogue.add_page(page) == 0 {
                break;
            }
        }
        catalogue.models.truncate(MODEL_LIMIT);
        Ok(catalogue)
    }

    /// Whether this host is the open-source gateway, according to `GET /`. Doesn't send the key.
    fn is_open_source(&self) -> bool {
        const GREETING: &[u8] = b"AI Gateway says hey!";
        let ask = || {
            let mut url = self.base_url.url().clone();
            url.set_path("/");
            self.send(&Method::GET, url, &HeaderMap::new(), None)
                .ok()
                .filter(|response| response.status().is_success())
                .and_then(|response| self.body(response, REFUSAL_LIMIT).ok())
                .is_some_and(|body| body.starts_with(GREETING))
        };
        !self.base_url.is_known_portkey_host() && *self.open_source.get_or_init(ask)
    }

    /// Whether the key's workspace has this config: `GET /models` with the config, which is free.
    /// An error from a provider behind the config counts as a yes.
    ///
    /// # Errors
    /// [`HttpError::Refused`] if Portkey rejects the config, and those of [`Self::models`].
    pub fn check_config(&self, config_id: &str) -> Result<(), HttpError> {
        let headers = self.headers(&[(CONFIG, config_id)])?;
        match self.get(&headers, None, self.options.timeout) {
            Ok(body) if serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok() => Ok(()),
            Ok(body) => Err(self.not_json(&body)),
            Err(HttpError::Refused(refusal)) if refusal.logged => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn page(
        &self,
        headers: &HeaderMap,
        window: Option<(usize, usize)>,
        timeout: Duration,
    ) -> Result<Catalogue, HttpError> {
        let body = self.get(headers, window, timeout)?;
        Catalogue::parse(&body).map_err(|error| match error {
            CatalogueError::NotJson => self.not_json(&body),
            CatalogueError::NoList => HttpError::NotJson {
                host: self.host(),
                is_page: false,
            },
        })
    }

    /// One `GET /models`; `window` is limit and offset.
    fn get(
        &self,
        headers: &HeaderMap,
        window: Option<(usize, usize)>,
        timeout: Duration,
    ) -> Result<Vec<u8>, HttpError> {
        let url = self.models_url(window)?;
        let response = self.send_within(timeout, &Method::GET, url, headers, None)?;
        self.read(response)
    }

    /// One request, following redirects within the host. The timeout covers all of them and reading
    /// the response.
    fn send(
        &self,
        method: &Method,
        url: Url,
        headers: &HeaderMap,
        body: Option<&[u8]>,
    ) -> Result<Response, HttpError> {
        self.send_within(self.options.timeout, method, url, headers, body)
    }

    fn send_within(
        &self,
        timeout: Duration,
        method: &Method,
        mut url: Url,
        headers: &HeaderMap,
        body: Option<&[u8]>,
    ) -> Result<Response, HttpError> {
        let deadline = Instant::now() + timeout;
        let client = self.client()?;
        for _ in 0..=REDIRECT_LIMIT {
            let left = deadline.saturating_duration_since(Instant::now());
            let mut request = client
                .request(method.clone(), url.clone())
                .headers(headers.clone())
                .timeout(left);
            if let Some(body) = body {
                request = request.body(body.to_vec());
            }
            let response = request.send().map_err(|error| self.failed(&error))?;
            let Some(next) = redirect_target(&url, &response) else {
                return Ok(response);
            };
            let has_user = !next.username().is_empty() || next.password().is_some();
            // Other redirects would drop the body.
            let keeps_body = body.is_none() || matches!(response.status().as_u16(), 307 | 308);
            if next.origin() != url.origin() || has_user || !keeps_body {
                return Err(HttpError::Redirect {
                    host: self.host(),
                    to: place(&next, &url),
                });
            }
            url = next;
        }
        Err(HttpError::Redirect {
            host: self.host(),
            to: place(&url, &url),
        })
    }

    fn models_url(&self, window: Option<(usize, usize)>) -> Result<Url, HttpError> {
        let mut url = self.url("models")?;
        if let Some((limit, offset)) = window {
            url.query_pairs_mut()
                .append_pair("limit", &limit.to_string())
                .append_pair("offset", &offset.to_string());
        }
        Ok(url)
    }

    /// The URL of a call.
    fn url(&self, call: &str) -> Result<Url, HttpError> {
        Url::parse(&self.base_url.join(call)).map_err(|_| HttpError::Unsendable {
            what: "the base URL".to_owned(),
        })
    }

    fn read(&self, response: Response) -> Result<Vec<u8>, HttpError> {
        if response.status().is_success() {
            return self.body(response, PAGE_LIMIT);
        }
        Err(self.refused(response))
    }

    fn refused(&self, response: Response) -> HttpError {
        let status = response.status().as_u16();
        let reached_target = reached_target(response.headers());
        // Classify the part of a refusal that arrived, even if it broke off.
        let body = self.body(response, REFUSAL_LIMIT).unwrap_or_default();
        if status == 400 && !self.base_url.is_https() && wants_https(&body) {
            return self.failure(Transport::HttpsExpected, String::new());
        }
        let reply = Reply {
            status,
            reached_target,
            body: &body,
        };
        let mut refusal = classify(reply, Some(&self.key));
        if refusal.cause == Refused::NoProvider && self.is_open_source() {
            refusal.cause = Refused::OpenSourceGateway;
        }
        HttpError::Refused(refusal)
    }

    /// The body, unless it exceeds `limit`. The request's timeout applies to it too.
    fn body(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, HttpError> {
        let mut body = Vec::new();
        let mut chunk = [0; 16 * 1024];
        loop {
            match response.read(&mut chunk) {
                Ok(0) => return Ok(body),
                Ok(n) if body.len() + n > limit => {
                    return Err(HttpError::TooLarge { host: self.host() });
                }
                Ok(n) => body.extend_from_slice(&chunk[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) => return Err(self.timeout()),
                Err(_) => return Err(self.failure(Transport::Cut, String::new())),
            }
        }
    }

    fn headers(&self, extra: &[(&str, &str)]) -> Result<HeaderMap, HttpError> {
        let unsendable = |what: &str| HttpError::Unsendable {
            what: printable(what, 60),
        };
        let mut headers = HeaderMap::new();
        for (name, value) in extra {
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable(name))?;
            headers.insert(header, sensitive(value).ok_or_else(|| unsendable(name))?);
        }
        let bearer = sensitive(&format!("Bearer {}", self.key.expose()))
            .ok_or_else(|| unsendable("the API key"))?;
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(headers)
    }

    fn client(&self) -> Result<&Client, HttpError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // Fails if a provider is already installed, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("openclaw-portkey/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none());
        if self.base_url.is_loopback() {
            builder = builder.no_proxy();
        }
        if !self.base_url.is_https() {
            // No certificate will be checked, so a machine without any must not fail.
            builder = builder.tls_certs_only([]);
        }
        let client = builder
            .build()
            .map_err(|error| self.failure(Transport::TlsFailed, deepest(&error)))?;
        Ok(self.client.get_or_init(|| client))
    }

    fn host(&self) -> String {
        authority(&self.base_url)
    }

    /// The error for a timeout.
    #[must_use]
    pub fn timeout(&self) -> HttpError {
        HttpError::Timeout {
            host: self.host(),
            after: self.options.timeout,
        }
    }

    fn failure(&self, kind: Transport, detail: String) -> HttpError {
        HttpError::Failed {
            host: self.host(),
            kind,
            detail,
        }
    }

    fn not_json(&self, body: &[u8]) -> HttpError {
        let reply = Reply {
            status: 200,
            reached_target: false,
            body,
        };
        HttpError::NotJson {
            host: self.host(),
            is_page: classify(reply, None).cause == Refused::WebPage,
        }
    }

    fn failed(&self, error: &reqwest::Error) -> HttpError {
        if error.is_timeout() {
            return self.timeout();
        }
        match transport_of(error) {
            // The first bytes of TLS aren't valid HTTP.
            Transport::Cut if !self.base_url.is_https() && is_no_http(error) => {
                self.failure(Transport::HttpsExpected, String::new())
            }
            kind => self.failure(kind, deepest(error)),
        }
    }
}

/// What nginx, Go and others answer to plain HTTP on a TLS port.
fn wants_https(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_lowercase();
    [
        "to https port",
        "to an https server",
        "to a tls port",
        "requires tls",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// Whether a request reached a provider, so that the dashboard shows it.
fn reached_target(headers: &HeaderMap) -> bool {
    headers.contains_key(LAST_USED_TARGET) || headers.contains_key(PROVIDER)
}

/// Host and port as in the URL.
fn authority(base_url: &BaseUrl) -> String {
    match base_url.url().port() {
        Some(port) => format!("{}:{port}", base_url.host()),
        None => base_url.host().to_owned(),
    }
}

/// A header value that `Debug` doesn't show.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_bytes(&latin1(text)?).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The bytes that OpenClaw sends for a text, if it can.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}

/// The target of a redirect, if the response is one.
fn redirect_target(url: &Url, response: &Response) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    url.join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()
}

/// Scheme, host and port of a URL on one printable line. On the same server, also a path of words,
/// such as that of a sign-in page; any other path may echo a key.
fn place(url: &Url, from: &Url) -> String {
    let is_word = |part: &str| {
        let is_version = part.len() == 2 && part.starts_with('v');
        let is_letter = |b: u8| b.is_ascii_lowercase() || matches!(b, b'-' | b'_');
        is_version || (part.len() <= 20 && part.bytes().all(is_letter))
    };
    let mut place = url.origin().ascii_serialization();
    if url.origin() == from.origin() && url.path().split('/').all(is_word) {
        place.push_str(url.path());
    }
    printable(&place, 100)
}
