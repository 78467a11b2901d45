//! Base URLs judged without the network.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::printable;

/// The hosts of Portkey's own hosted gateways.
const PORTKEY_HOSTS: &[&str] = &["aigw.portkey.ai", "api.portkey.ai"];

/// Last parts of names that no public name server answers for.
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

/// Paths that belong to a call and not to the base URL.
const CALLS: &[&str] = &[
    "/chat/completions",
    "/completions",
    "/embeddings",
    "/models",
    "/responses",
];

/// A base URL that OpenClaw can use: http or https, a host, a path that ends in `/v1`, and no
/// user name, password, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    /// Without a slash at the end.
    text: String,
}

/// Why a text is not a usable base URL. Never holds a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrlError {
    /// Nothing was given.
    Empty,
    /// No `https://` in front. Holds what to type.
    NoScheme(String),
    /// A scheme that is neither http nor https.
    OtherScheme(String),
    /// Not a URL, or one without a host.
    Malformed,
    /// A user name or password is in it.
    UserInfo,
    /// A query or a fragment is in it. Holds what to type.
    Query(String),
    /// The address of one call (`…/chat/completions`). Holds what to type.
    Call(String),
    /// `/v1` is missing at the end. Holds what to type.
    NoV1(String),
    /// `/v1` is there twice. Holds what to type.
    Doubled(String),
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                write!(f, "the base URL is empty; write {}", super::DEFAULT_BASE_URL)
            }
            Self::NoScheme(want) => write!(f, "the base URL has no https:// in front; write {want}"),
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
                "the base URL holds a user name or password; write it without them, the key goes elsewhere",
            ),
            Self::Query(want) => {
                write!(f, "the base URL has a query or fragment (? or #); write {want}")
            }
            Self::Call(want) => write!(
                f,
                "the base URL is the address of one call, and OpenClaw adds that part itself; write {want}"
            ),
            Self::NoV1(want) => write!(f, "the base URL does not end in /v1; write {want}"),
            Self::Doubled(want) => write!(f, "the base URL has /v1 twice; write {want}"),
        }
    }
}

impl std::error::Error for BaseUrlError {}

impl BaseUrl {
    /// Reads and judges a base URL. Spaces around it and a slash at the end do not matter.
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
        // Another gateway may be mounted so.
        if path.ends_with("/v1/v1") && PORTKEY_HOSTS.contains(&url.host_str().unwrap_or_default()) {
            return Err(BaseUrlError::Doubled(corrected(url)));
        }
        let text = url.as_str().to_owned();
        Ok(Self { url, text })
    }

    /// The URL without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parsed URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host as written in the URL; an IPv6 address is in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The address of a call: `join("models")` gives `…/v1/models`.
    #[must_use]
    pub fn join(&self, call: &str) -> String {
        format!("{}/{}", self.text, call.trim_start_matches('/'))
    }

    /// Whether what is sent is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Whether the host is written as an address of a private network (10/8, 172.16/12,
    /// 192.168/16, 100.64/10, link-local, `fc00::/7`). Loopback is not private in this sense.
    #[must_use]
    pub fn is_private_literal(&self) -> bool {
        let address = match self.url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            _ => return false,
        };
        !self.is_loopback() && is_private(address)
    }

    /// Whether the host can only be reached from within some network: a private address, a name
    /// without a dot, or one under a suffix that is kept for this. Loopback is none of these.
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

/// Whether a text is a URL of one of Portkey's own hosted gateways, usable or not.
#[must_use]
pub fn names_portkey(text: &str) -> bool {
    text.contains(".portkey.ai")
        && Url::parse(text.trim())
            .is_ok_and(|url| PORTKEY_HOSTS.contains(&url.host_str().unwrap_or_default()))
}

/// Whether a URL leads to this machine or into a network of one's own.
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

/// Whether OpenClaw counts an address as private, internal or special, so that no host name may
/// lead there: a private network, link-local, this machine itself.
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

/// The scheme, lower-case. `host:8787/v1` has none although a URL parser would take `host`.
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
    // The open-source gateway on this machine speaks plain http.
    if is_loopback(&url) && url.set_scheme("http").is_err() {
        return BaseUrlError::Malformed;
    }
    BaseUrlError::NoScheme(corrected(url))
}

/// The URL as it should have been typed: no query, no call, `/v1` at the end.
fn corrected(mut url: Url) -> String {
    url.set_query(None);
    url.set_fragment(None);
    let mut path = url.path().trim_end_matches('/').to_owned();
    if let Some(call) = CALLS.iter().find(|call| path.ends_with(**call)) {
        path.truncate(path.len() - call.len());
    }
    // `/v2`, `/v1beta`, `/V1`, or several in a row
    while let Some((rest, _)) = path.rsplit_once('/').filter(|(_, last)| is_version(last)) {
        path.truncate(rest.len());
    }
    path.push_str("/v1");
    url.set_path(&path);
    url.as_str().to_owned()
}

/// Whether a part of a path names the version of an API.
fn is_version(part: &str) -> bool {
    let mut chars = part.chars();
    matches!(chars.next(), Some('v' | 'V')) && chars.next().is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{BaseUrl, BaseUrlError, names_portkey};

    #[test]
    fn judges_hosts_without_the_network() {
        // URL, loopback, private, Portkey's own, https
        for (text, loopback, private, portkey, https) in [
            ("https://api.portkey.ai/v1", false, false, true, true),
            ("https://AIGW.portkey.ai/v1/", false, false, true, true),
            (
                "https://api.portkey.ai.evil.test/v1",
                false,
                false,
                false,
                true,
            ),
            ("http://localhost:8787/v1", true, false, false, false),
            ("http://127.0.0.1:8787/v1", true, false, false, false),
            ("http://127.9.9.9/v1", true, false, false, false),
            ("http://[::1]:8787/v1", true, false, false, false),
            ("http://[::ffff:127.0.0.1]/v1", true, false, false, false),
            ("http://10.1.2.3/v1", false, true, false, false),
            ("http://172.16.0.1/v1", false, true, false, false),
            ("http://172.32.0.1/v1", false, false, false, false),
            ("http://192.168.1.1/v1", false, true, false, false),
            ("http://100.64.0.1/v1", false, true, false, false),
            ("http://169.254.1.1/v1", false, true, false, false),
            ("http://[fd00::1]/v1", false, true, false, false),
            ("http://[::ffff:10.0.0.1]/v1", false, true, false, false),
            ("http://[2001:db8::1]/v1", false, false, false, false),
            ("http://192.0.2.1/v1", false, false, false, false),
            ("http://localhost.evil.test/v1", false, false, false, false),
            ("https://gw.corp.test/portkey/v1", false, false, false, true),
        ] {
            let url = BaseUrl::parse(text).unwrap();
            assert_eq!(url.is_loopback(), loopback, "{text}");
            assert_eq!(url.is_private_literal(), private, "{text}");
            assert_eq!(url.is_known_portkey_host(), portkey, "{text}");
            assert_eq!(url.is_https(), https, "{text}");
        }
    }

    #[test]
    fn tells_names_of_inner_networks() {
        for (text, internal) in [
            ("http://portkey:8787/v1", true),
            ("http://gw.corp/v1", true),
            ("http://gateway.team.internal/v1", true),
            ("http://10.1.2.3/v1", true),
            ("http://localhost:8787/v1", false),
            ("http://192.0.2.1/v1", false),
            ("https://llm.example.com/v1", false),
            ("https://api.portkey.ai/v1", false),
        ] {
            assert_eq!(
                BaseUrl::parse(text).unwrap().is_internal(),
                internal,
                "{text}"
            );
        }
        assert!(names_portkey(" https://api.portkey.ai"));
        assert!(names_portkey("https://API.portkey.ai/v1?x=1"));
        assert!(!names_portkey("https://api.portkey.ai.evil.test/v1"));
        assert!(!names_portkey("https://app.portkey.ai/v1"));
    }

    #[test]
    fn normalises_only_what_openclaw_mends() {
        for (text, want) in [
            ("https://api.portkey.ai/v1", "https://api.portkey.ai/v1"),
            ("  https://api.portkey.ai/v1/ ", "https://api.portkey.ai/v1"),
            (
                "https://api.portkey.ai:443/v1//",
                "https://api.portkey.ai/v1",
            ),
            ("https://gw.test/a/v1", "https://gw.test/a/v1"),
        ] {
            let url = BaseUrl::parse(text).unwrap();
            assert_eq!(url.as_str(), want);
            assert_eq!(url.join("models"), format!("{want}/models"));
        }
    }

    #[test]
    fn says_what_to_type() {
        let v1 = |text: &str| text.to_owned();
        for (text, want) in [
            ("", BaseUrlError::Empty),
            (
                "api.portkey.ai/v1",
                BaseUrlError::NoScheme(v1("https://api.portkey.ai/v1")),
            ),
            (
                "api.portkey.ai",
                BaseUrlError::NoScheme(v1("https://api.portkey.ai/v1")),
            ),
            (
                "//gw.test/v1",
                BaseUrlError::NoScheme(v1("https://gw.test/v1")),
            ),
            (
                "gw.test:8443/v1",
                BaseUrlError::NoScheme(v1("https://gw.test:8443/v1")),
            ),
            (
                "localhost:8787",
                BaseUrlError::NoScheme(v1("http://localhost:8787/v1")),
            ),
            (
                "127.0.0.1:8787/v1",
                BaseUrlError::NoScheme(v1("http://127.0.0.1:8787/v1")),
            ),
            (
                "https://api.portkey.ai",
                BaseUrlError::NoV1(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/V1",
                BaseUrlError::NoV1(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/v2",
                BaseUrlError::NoV1(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://gw.test/portkey/v1beta/",
                BaseUrlError::NoV1(v1("https://gw.test/portkey/v1")),
            ),
            (
                "https://api.portkey.ai/v1/v1",
                BaseUrlError::Doubled(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/v1/v1/chat/completions",
                BaseUrlError::Call(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/xv1",
                BaseUrlError::NoV1(v1("https://api.portkey.ai/xv1/v1")),
            ),
            (
                "http://localhost:8787/",
                BaseUrlError::NoV1(v1("http://localhost:8787/v1")),
            ),
            (
                "https://api.portkey.ai/v1/chat/completions",
                BaseUrlError::Call(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/v1/responses/",
                BaseUrlError::Call(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/v1?key=pk-canary",
                BaseUrlError::Query(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://api.portkey.ai/v1#x",
                BaseUrlError::Query(v1("https://api.portkey.ai/v1")),
            ),
            (
                "https://u:pk-canary@api.portkey.ai/v1",
                BaseUrlError::UserInfo,
            ),
            (
                "https://pk-canary@api.portkey.ai/v1",
                BaseUrlError::UserInfo,
            ),
            ("u:pk-canary@api.portkey.ai/v1", BaseUrlError::UserInfo),
            (
                "ftp://api.portkey.ai/v1",
                BaseUrlError::OtherScheme("ftp".to_owned()),
            ),
            ("file:///v1", BaseUrlError::OtherScheme("file".to_owned())),
            ("https://", BaseUrlError::Malformed),
            ("https:///", BaseUrlError::Malformed),
            ("not a url", BaseUrlError::Malformed),
            ("https://a b/v1", BaseUrlError::Malformed),
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert_eq!(error, want, "{text:?}");
            let message = error.to_string();
            assert!(message.contains("write "), "{message}");
            assert!(!message.contains("canary"), "{message}");
        }
    }

    #[test]
    fn addresses_that_no_host_name_may_lead_to() {
        for (text, want) in [
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("192.168.1.1", true),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("169.254.1.1", true),
            ("127.0.0.1", true),
            ("0.0.0.0", true),
            ("8.8.8.8", false),
            ("::1", true),
            ("::", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("::ffff:10.0.0.1", true),
            ("::ffff:8.8.8.8", false),
            ("2606:4700::1", false),
        ] {
            let address = text.parse().unwrap();
            assert_eq!(super::is_private(address), want, "{text}");
            // A literal address is let through by OpenClaw; what is private about it is the same.
            let host = if text.contains(':') {
                format!("[{text}]")
            } else {
                text.to_owned()
            };
            let url = super::BaseUrl::parse(&format!("http://{host}/v1")).unwrap();
            let literal = url.is_private_literal() || url.is_loopback();
            assert_eq!(literal, want, "{url}");
        }
    }
}
