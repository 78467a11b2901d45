//! The proxies in the environment. The HTTP client uses them automatically, ignores those it can't
//! parse, and sends plain http to a proxy unencrypted.
#![expect(
    clippy::disallowed_methods,
    reason = "the HTTP client reads these variables itself; this checks them"
)]

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// How a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Directly to the host.
    Direct,
    /// Through the proxy in this variable.
    Through(&'static str),
    /// The proxy in this variable can't be parsed.
    Unreadable(&'static str),
}

/// The route of a request in this process's environment.
pub(super) fn route(url: &Url) -> Route {
    of(url, &|name| std::env::var(name).ok())
}

/// The first of two spellings that is set wins, and a proxy for the scheme wins over one for all,
/// as in the client.
pub(super) fn of(url: &Url, variable: &dyn Fn(&str) -> Option<String>) -> Route {
    let first = |names: [&'static str; 2]| {
        let mut set = names.into_iter();
        set.find_map(|name| Some((name, variable(name)?)))
    };
    let Ok(target) = url.as_str().parse() else {
        return Route::Direct;
    };
    let (_, exempt) = first(["NO_PROXY", "no_proxy"]).unwrap_or_default();
    let any = Matcher::builder().all("http://proxy").no(exempt).build();
    // In a CGI script, `HTTP_PROXY` may come from the visitor.
    if any.intercept(&target).is_none() || variable("REQUEST_METHOD").is_some() {
        return Route::Direct;
    }
    let of_scheme = if url.scheme() == "https" {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    for (name, value) in [of_scheme, ["ALL_PROXY", "all_proxy"]]
        .into_iter()
        .filter_map(first)
    {
        if value.trim().is_empty() {
            continue;
        }
        let proxy = Matcher::builder().all(value).build();
        let place = proxy.intercept(&target);
        let is_readable = place.is_some_and(|place| {
            let authority = place.uri().authority().map_or("", |it| it.as_str());
            let port = authority
                .rsplit(']')
                .next()
                .and_then(|it| it.split_once(':'));
            port.is_none() || place.uri().port_u16().is_some()
        });
        return if is_readable {
            Route::Through(name)
        } else {
            Route::Unreadable(name)
        };
    }
    Route::Direct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_effective_variable() {
        use Route::{Direct, Through, Unreadable};

        let (plain, safe) = ("http://gw.example/v1", "https://gw.example/v1");
        for (url, set, want) in [
            (plain, &[][..], Direct),
            (
                plain,
                &[("http_proxy", "http://p:1")],
                Through("http_proxy"),
            ),
            (safe, &[("http_proxy", "http://p:1")], Direct),
            (safe, &[("HTTPS_PROXY", "p:1")], Through("HTTPS_PROXY")),
            (plain, &[("HTTPS_PROXY", "p:1")], Direct),
            (plain, &[("all_proxy", "socks5://p")], Through("all_proxy")),
            (
                plain,
                &[("ALL_PROXY", "http://a"), ("http_proxy", "http://b")],
                Through("http_proxy"),
            ),
            (
                safe,
                &[("HTTPS_PROXY", ""), ("ALL_PROXY", "http://a")],
                Through("ALL_PROXY"),
            ),
            (
                safe,
                &[("HTTPS_PROXY", "http//p:1")],
                Unreadable("HTTPS_PROXY"),
            ),
            (
                safe,
                &[("https_proxy", "http://p:x:y")],
                Unreadable("https_proxy"),
            ),
            (safe, &[("ALL_PROXY", "ftp://p")], Unreadable("ALL_PROXY")),
            (
                safe,
                &[("ALL_PROXY", "http://p:port")],
                Unreadable("ALL_PROXY"),
            ),
            (
                safe,
                &[("ALL_PROXY", "http://[::1]:80")],
                Through("ALL_PROXY"),
            ),
            (safe, &[("ALL_PROXY", "http://[::1]")], Through("ALL_PROXY")),
            (
                safe,
                &[("HTTPS_PROXY", "http://a b"), ("ALL_PROXY", "http://a")],
                Unreadable("HTTPS_PROXY"),
            ),
            (
                safe,
                &[("HTTPS_PROXY", "ftp://p"), ("NO_PROXY", "gw.example")],
                Direct,
            ),
            (
                plain,
                &[("http_proxy", "http://p"), ("no_proxy", ".example")],
                Direct,
            ),
            (
                plain,
                &[("http_proxy", "http://p"), ("NO_PROXY", "gw.other")],
                Through("http_proxy"),
            ),
            (
                plain,
                &[("HTTP_PROXY", "http://p"), ("REQUEST_METHOD", "GET")],
                Direct,
            ),
        ] {
            let url = Url::parse(url).unwrap();
            let variable = |name: &str| {
                let found = set.iter().find(|(set, _)| *set == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(of(&url, &variable), want, "{url} {set:?}");
        }
    }
}
