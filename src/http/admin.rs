//! Portkey's admin API over HTTP.

use std::thread;
use std::time::{Duration, Instant};

use reqwest::Method as HttpMethod;
use reqwest::blocking::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde_json::Value as Json;

use crate::causes::Transport;
use crate::portkey::admin::lists::Pages;
use crate::portkey::admin::{Method, Request, refusal};
use crate::portkey::headers::API_KEY;

use super::{HttpError, Portkey, sensitive};

/// The timeout of a request with all its retries, as a multiple of a single try's.
const TIMEOUT_FACTOR: u32 = 6;
/// The maximum number of tries for a read request.
const MAX_TRIES: u32 = 5;
/// The delay before the first retry; it doubles each time.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The maximum delay, unless the server asks for a longer one.
const MAX_DELAY: Duration = Duration::from_secs(5);
/// The maximum number of pages of a list.
const MAX_PAGES: usize = 100;

impl Portkey {
    /// Sends a request to the admin API. A read is retried after 429, 5xx and connection failures;
    /// a write is sent only once.
    ///
    /// # Errors
    /// No response, an unusable one, or a refusal.
    pub fn admin(&self, request: &Request) -> Result<Json, HttpError> {
        self.within(request, self.admin_deadline())
    }

    /// A list from the admin API, all pages.
    ///
    /// # Errors
    /// The same as for [`Self::admin`].
    pub fn admin_list(&self, request: &Request) -> Result<Pages, HttpError> {
        let deadline = self.admin_deadline();
        let mut pages = Pages::default();
        let mut next = Some(request.clone());
        for _ in 0..MAX_PAGES {
            let Some(page) = next else { break };
            let reply = self.within(&page, deadline)?;
            if !pages.add(&reply) {
                return Err(HttpError::NotJson {
                    host: self.host(),
                    is_page: false,
                });
            }
            next = pages.next().map(|number| pages.page(request, number));
        }
        Ok(pages)
    }

    /// The URL of a request.
    #[must_use]
    pub fn admin_url(&self, request: &Request) -> String {
        self.address(request)
            .map_or_else(|_| request.to_string(), |url| url.to_string())
    }

    fn admin_deadline(&self) -> Instant {
        Instant::now() + self.options.timeout * TIMEOUT_FACTOR
    }

    fn within(&self, request: &Request, deadline: Instant) -> Result<Json, HttpError> {
        let mut wait = FIRST_DELAY;
        for tried in 1.. {
            let (error, asked) = match self.once(request, deadline) {
                Ok(reply) => return Ok(reply),
                Err(failed) => failed,
            };
            let pause = asked.unwrap_or(wait);
            let is_in_time = Instant::now() + pause < deadline;
            if tried >= MAX_TRIES || !request.is_repeatable() || !is_passing(&error) || !is_in_time
            {
                return Err(error);
            }
            thread::sleep(pause);
            wait = (wait * 2).min(MAX_DELAY);
        }
        Err(self.timeout())
    }

    /// Sends a request once. A failure includes the delay that the server asks for.
    fn once(
        &self,
        request: &Request,
        deadline: Instant,
    ) -> Result<Json, (HttpError, Option<Duration>)> {
        let plain = |error| (error, None);
        let url = self.address(request).map_err(plain)?;
        let headers = self.admin_headers(request).map_err(plain)?;
        let body = request
            .body
            .as_ref()
            .map(|body| body.to_string().into_bytes());
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = self.options.timeout.min(left);
        let response = self
            .send_within(
                timeout,
                &method(request.method),
                url,
                &headers,
                body.as_deref(),
            )
            .map_err(plain)?;
        let asked = retry_after(&response);
        let body = match self.read(response) {
            Ok(body) => body,
            Err(HttpError::Refused(refused)) => {
                let mut refused = refusal(refused);
                if let Some(wait) = asked.filter(|_| refused.status == 429) {
                    refused.message = after(&refused.message, wait);
                }
                return Err((HttpError::Refused(refused), asked));
            }
            Err(error) => return Err(plain(error)),
        };
        // Some writes return nothing.
        if body.trim_ascii().is_empty() && !request.is_repeatable() {
            return Ok(Json::Null);
        }
        serde_json::from_slice(&body).map_err(|_| plain(self.not_json(&body)))
    }

    fn address(&self, request: &Request) -> Result<url::Url, HttpError> {
        let mut url = self.base_url.url().clone();
        url.path_segments_mut()
            .map_err(|()| HttpError::Unsendable {
                what: "the admin URL".to_owned(),
            })?
            .pop_if_empty()
            .extend(&request.path);
        if !request.query.is_empty() {
            url.query_pairs_mut()
                .extend_pairs(request.query.iter().map(|(name, value)| (name, value)));
        }
        Ok(url)
    }

    fn admin_headers(&self, request: &Request) -> Result<HeaderMap, HttpError> {
        let mut headers = HeaderMap::new();
        let key = sensitive(self.key.expose()).ok_or_else(|| HttpError::Unsendable {
            what: "the admin key".to_owned(),
        })?;
        headers.insert(HeaderName::from_static(API_KEY), key);
        let json = HeaderValue::from_static("application/json");
        if request.body.is_some() {
            headers.insert(CONTENT_TYPE, json.clone());
        }
        headers.insert(ACCEPT, json);
        Ok(headers)
    }
}

fn method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Delete => HttpMethod::DELETE,
    }
}

/// Whether a retry may succeed.
fn is_passing(error: &HttpError) -> bool {
    match error {
        HttpError::Refused(refusal) => matches!(refusal.status, 429 | 500..),
        HttpError::Failed { kind, .. } => *kind == Transport::Cut,
        _ => false,
    }
}

/// The seconds in `Retry-After`; dates are ignored.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// What a refusal says, with the time after which it may be asked again.
fn after(message: &str, wait: Duration) -> String {
    let when = format!("try again after {} s", wait.as_secs());
    if message.is_empty() {
        when
    } else {
        format!("{message}; {when}")
    }
}
