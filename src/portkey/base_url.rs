//! Checks base URLs without using the network.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::printable;

/// The hosts of Portkey's own hosted gateways.
const PORTKEY_HOSTS: &[&str] = &["aigw.portkey.ai", "api.portkey.ai"];

/// Domain suffixes that no public name server resolves.
const INTERNAL_SUFFIXES: &[&str] = &[
    "arpa",
    "corp",
    "home",
    "internal",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "private",
];

/// Paths of API calls, which don't belong in a base URL.
const CALLS: &[&str] = &[
    "/chat/completions",
    "/completions",
    "/embeddings",
    "/models",
    "/responses",
];

/// A base URL that OpenClaw can use: http or https, a host, a path that ends in `/v1`, and no user
/// name, password, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    /// Without a trailing slash.
    text: String,
}

/// Why a text isn't a usable base URL. Never contains a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrlError {
    /// The text is empty.
    Empty,
    /// `https://` is missing. Holds what to type.
    NoScheme(String),
    /// A scheme that is neither http nor https.
    OtherScheme(String),
    /// Not a URL, or one without a host.
    Malformed,
    /// Contains a user name or password.
    UserInfo,
    /// Contains a query or fragment. Holds what to type.
    Query(String),
    /// The URL of an API call (`…/chat/completions`). Holds what to type.
    Call(String),
    /// Doesn't end with `/v1`. Holds what to type.
    NoV1(String),
    /// Contains `/v1` twice. Holds what to type.
    Doubled(String),
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                write!(f, "the base URL is empty; write {}", super::DEFAULT_BASE_URL)
            }
            Self::NoScheme(want) => write!(f, "the base URL does not begin with https://; write {want}"),
            Self::OtherScheme(scheme) => write!(
                f,
                "the base URL begins with {scheme}:; write one that begins with https://, such as {}",
                super::DEFAULT_BASE_URL
            ),
            Self::Malformed => write!(
                f,
                "the base URL is not a URL with a host; write one such as {}",
                super::DEFAULT_BASE_URL
            ),
            Self::UserInfo => f.write_str(
                "the base URL contains a user name or password; write it without them, the key is sent separately",
            ),
            Self::Query(want) => {
                write!(f, "the base URL has a query or fragment (? or #); write {want}")
            }
            Self::Call(want) => write!(
                f,
                "the base URL is the address of a single endpoint, which OpenClaw appends itself; write {want}"
            ),
            Self::NoV1(want) => write!(f, "the base URL does not end in /v1; write {want}"),
            Self::Doubled(want) => write!(f, "the base URL has /v1 twice; write {want}"),
        }
    }
}

impl std::error::Error for BaseUrlError {}

impl BaseUrl {
    /// Parses and checks a base URL. Ignores surrounding spaces and a trailing slash.
    ///
    /// # Errors
    /// Says what is wrong and what to type instead.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BaseUrlError::Empty);
        }
        let mut url = match scheme_of(text) {
            Some(scheme) if matches!(scheme.as_str(), "http" | "https") => {
                Url::parse(text).map_err(|_| BaseUrlError::Malformed)?
            }
            Some(scheme) => return Err(BaseUrlError::OtherScheme(printable(&scheme, 20))),
            None => return Err(no_scheme(text)),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::Query(corrected(url)));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        if CALLS.iter().any(|call| path.ends_with(call)) {
            return Err(BaseUrlError::Call(corrected(url)));
        }
        if !path.ends_with("/v1") {
            return Err(BaseUrlError::NoV1(corrected(url)));
        }
        // Another gateway may be mounted like this.
        if path.ends_with("/v1/v1") && PORTKEY_HOSTS.contains(&url.host_str().unwrap_or_default()) {
            return Err(BaseUrlError::Doubled(corrected(url)));
        }
        let text = url.as_str().to_owned();
        Ok(Self { url, text })
    }

    /// The URL without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parsed URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host as written in the URL; IPv6 addresses are in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The URL of a call: `join("models")` gives `…/v1/models`.
    #[must_use]
    pub fn join(&self, call: &str) -> String {
        format!("{}/{}", self.text, call.trim_start_matches('/'))
    }

    /// Whether requests are encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Whether the host is a literal private-network address (10/8, 172.16/12, 192.168/16,
    /// 100.64/10, link-local, `fc00::/7`). Loopback doesn't count.
    #[must_use]
    pub fn is_private_literal(&self) -> bool {
        let address = match self.url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            _ => return false,
        };
        !self.is_loopback() && is_private(address)
    }

    /// Whether the host is only reachable within a network: a private address, a name without a
    /// dot, or one with a reserved suffix. Loopback doesn't count.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        let Some(Host::Domain(name)) = self.url.host() else {
            return self.is_private_literal();
        };
        let name = name.trim_end_matches('.');
        match name.rsplit_once('.') {
            Some((_, last)) => INTERNAL_SUFFIXES.contains(&last),
            None => name != "localhost",
        }
    }

    /// Whether the host is one of Portkey's own hosted gateways.
    #[must_use]
    pub fn is_known_portkey_host(&self) -> bool {
        PORTKEY_HOSTS.contains(&self.host())
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a text is a URL of one of Portkey's own hosted gateways, even if it isn't usable.
#[must_use]
pub fn names_portkey(text: &str) -> bool {
    text.contains(".portkey.ai")
        && Url::parse(text.trim())
            .is_ok_and(|url| PORTKEY_HOSTS.contains(&url.host_str().unwrap_or_default()))
}

/// Whether a URL points at this machine or into a private network.
#[must_use]
pub fn is_internal_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let text = url.as_str().to_owned();
        let url = BaseUrl { url, text };
        url.is_loopback() || url.is_internal()
    })
}

/// Whether a text is an http or https URL without user name and password.
pub(super) fn is_plain_http_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).to_canonical().is_loopback(),
        None => false,
    }
}

/// Whether OpenClaw considers an address private, internal or special, so that no host name may
/// resolve to it: private networks, link-local, loopback.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    let address = address.to_canonical();
    if address.is_loopback() || address.is_unspecified() {
        return true;
    }
    match address {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let is_shared = a == 100 && b & 0b1100_0000 == 64;
            ip.is_private() || ip.is_link_local() || is_shared
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// The scheme in lower case. `host:8787/v1` has none, although a URL parser would return `host`.
fn scheme_of(text: &str) -> Option<String> {
    let (head, rest) = text.split_once(':')?;
    let well_formed = head.starts_with(|c: char| c.is_ascii_alphabetic())
        && head
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let head = head.to_ascii_lowercase();
    (well_formed && (rest.starts_with("//") || matches!(head.as_str(), "http" | "https")))
        .then_some(head)
}

fn no_scheme(text: &str) -> BaseUrlError {
    let Ok(mut url) = Url::parse(&format!("https://{}", text.trim_start_matches('/'))) else {
        return BaseUrlError::Malformed;
    };
    if !url.username().is_empty() || url.password().is_some() {
        return BaseUrlError::UserInfo;
    }
    // The open-source gateway on this machine uses plain http.
    if is_loopback(&url) && url.set_scheme("http").is_err() {
        return BaseUrlError::Malformed;
    }
    BaseUrlError::NoScheme(corrected(url))
}

/// The corrected URL: no query, no call, `/v1` at the end.
fn corrected(mut url: Url) -> String {
    url.set_query(None);
    url.set_fragment(None);
    let mut path = url.path().trim_end_matches('/').to_owned();
    if let Some(call) = CALLS.iter().find(|call| path.ends_with(**call)) {
        path.truncate(path.len() - call.len());
    }
    // `/v2`, `/v1beta`, `/V1`, or several in a row.
    while let Some((rest, _)) = path.rsplit_once('/').filter(|(_, last)| is_version(last)) {
        path.truncate(rest.len());
    }
    path.push_str("/v1");
    url.set_path(&path);
    url.as_str().to_owned()
}

/// Whether a path segment is an API version.
fn is_version(part: &str) -> bool {
    let mut chars = part.chars();
    matches!(chars.next(), Some('v' | 'V')) && chars.next().is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
