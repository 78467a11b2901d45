//! Checks of a single text.

use std::net::IpAddr;

use url::Url;

/// What is wrong with a text according to a check. `None` if it passes or the check isn't about
/// text.
pub(in super::super) fn of_text(check: &str, text: &str) -> Option<String> {
    let (fits, message) = match check {
        "absolute-path" => (
            text.starts_with('/') || is_windows_path(text),
            "must be an absolute path",
        ),
        "posix-path" => (text.starts_with('/'), "must be an absolute path"),
        "home-path" => (
            text.starts_with('/') || text == "~" || text.starts_with("~/"),
            "must be an absolute path, or start with `~/`",
        ),
        "safe-executable" => (
            is_safe_executable(text),
            "must be the name or path of a program, without shell characters",
        ),
        "file-ref" => (
            text == "value" || (text.starts_with('/') && is_json_pointer(text)),
            "must be `value`, or a path into the file such as /providers/portkey/apiKey",
        ),
        "exec-ref" => (
            is_exec_ref(text),
            "must start with a letter or digit and have only letters, digits and `._:/#-`",
        ),
        "loopback-or-https" => (
            is_https(text) || is_loopback_http(text),
            "must be an https:// URL, or http:// to this machine",
        ),
        "https-url" => (
            Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.username().is_empty()),
            "must be an https:// URL without a user name",
        ),
        "https-url-path" => (
            Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.path() != "/"),
            "must be an https:// URL with a path",
        ),
        "http-url" => (is_http(text), "must be an http:// or https:// URL"),
        "plain-http-url" => (
            Url::parse(text).is_ok_and(|url| url.scheme() == "http"),
            "must be an http:// URL",
        ),
        "trimmed" => (
            !text.is_empty() && text.trim() == text,
            "must not be empty or have whitespace around it",
        ),
        "cloud-trimmed" => (text.trim() == text, "must not have whitespace around it"),
        "model-ref" => (
            text.trim().is_empty() || provider_model(text).is_some(),
            "must be a reference such as portkey/@openai-prod/gpt-5",
        ),
        "not-auto" => (
            text != "auto" && text != "default",
            "must name a runtime, not `auto` or `default`",
        ),
        "byte-size" => (
            byte_size(text).is_some(),
            "must be a size such as 512kb or 10mb",
        ),
        "relative-module" => (
            is_relative_module(text),
            "must be a path below the config's folder, without `..`",
        ),
        "public-origin" => (
            is_origin(text) && (is_https(text) || is_loopback_http(text)),
            "must be an https:// origin such as https://openclaw.example.com",
        ),
        "http-origin" => (
            is_origin(text),
            "must be an origin such as https://openclaw.example.com",
        ),
        "portal-domain" => (
            is_portal_domain(text),
            "must be a domain such as portals.example.com",
        ),
        "agent-id" => (
            is_agent_id(text.trim()),
            "must be an agent id: letters, digits, `_` and `-`",
        ),
        "not-blank" => (!text.trim().is_empty(), "must not be blank"),
        "positive-duration" => (
            duration(text, "d").is_some_and(|ms| ms > 0.0),
            "must be a duration such as 30d or 12h",
        ),
        "minute-duration" => (
            text.ends_with(['s', 'm', 'h', 'd', 'S', 'M', 'H', 'D'])
                && duration(text, "ms").is_some_and(|ms| ms >= 60_000.0),
            "must be a duration with a unit, at least 1m",
        ),
        "allowed-host" => (
            is_allowed_host(text),
            "must be a single host name, without a scheme, path, port or wildcard",
        ),
        "cloud-repo" => (
            is_cloud_repo(text),
            "must be a repository such as github.com/owner/name, in lower case",
        ),
        _ => return None,
    };
    (!fits).then(|| message.to_owned())
}

fn is_windows_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'/' | b'\\');
    let share = text.strip_prefix("\\\\").is_some_and(|rest| {
        rest.split_once('\\').is_some_and(|(host, share)| {
            !host.is_empty() && !share.is_empty() && !share.starts_with('\\')
        })
    });
    drive || share
}

pub(super) fn is_safe_executable(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty()
        || text.contains([
            ';', '&', '|', '`', '$', '<', '>', '\0', '\r', '\n', '"', '\'',
        ])
    {
        return false;
    }
    let is_path =
        text.starts_with(['.', '~']) || text.contains(['/', '\\']) || is_windows_path(text);
    is_path
        || (!text.starts_with('-')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte)))
}

/// `~` may only appear in `~0` and `~1`.
fn is_json_pointer(text: &str) -> bool {
    text.split('~')
        .skip(1)
        .all(|rest| rest.starts_with(['0', '1']))
}

fn is_exec_ref(text: &str) -> bool {
    text.len() <= 256
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._:/#-".contains(&byte))
        && text.split('/').all(|part| part != "." && part != "..")
}

fn is_http(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_https(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "https")
}

fn is_loopback_http(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        url.scheme() == "http"
            && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
    })
}

fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().unwrap_or_default().is_empty()
            && url.fragment().unwrap_or_default().is_empty()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// A host and at least two path segments, as OpenClaw itself writes them.
fn is_cloud_repo(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let is_plain = |part: &&str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    parts.len() >= 3 && parts.iter().all(is_plain) && text.strip_suffix(".git").is_none()
}

fn is_portal_domain(text: &str) -> bool {
    text.len() <= 220
        && text.contains('.')
        && text.parse::<IpAddr>().is_err()
        && text.split('.').all(is_label)
        && Url::parse(&format!("https://portal.{text}")).is_ok_and(|url| {
            url.host_str() == Some(&format!("portal.{}", text.to_ascii_lowercase()))
        })
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_allowed_host(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let host = text.trim_end_matches('.');
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    if host.contains('*') {
        return false;
    }
    if bare.parse::<IpAddr>().is_ok() {
        return true;
    }
    if bare.is_empty()
        || bare.contains([':', '/', '?', '#', '@'])
        || bare.contains(char::is_whitespace)
    {
        return false;
    }
    let ascii = Url::parse(&format!("https://{bare}/"));
    ascii.is_ok_and(|url| {
        url.host_str()
            .is_some_and(|host| host.len() <= 253 && host.split('.').all(is_label))
    })
}

fn is_relative_module(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && !text.starts_with(['/', '~'])
        && !text.contains(':')
        && text.split(['/', '\\']).all(|part| part != "..")
}

pub(super) fn is_agent_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// The agent id that OpenClaw derives from a text.
pub(in super::super) fn agent_id(text: &str) -> String {
    let text = text.trim();
    let lower = text.to_lowercase();
    if is_agent_id(text) {
        return lower;
    }
    let mut id = String::new();
    for c in lower.chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-') {
            id.push(c);
        } else if !id.ends_with('\u{1}') {
            id.push('\u{1}');
        }
    }
    let id = id.replace('\u{1}', "-");
    let id: String = id.trim_matches('-').chars().take(64).collect();
    if id.is_empty() { "main".to_owned() } else { id }
}

/// The provider and model of a reference.
pub(super) fn provider_model(text: &str) -> Option<(&str, &str)> {
    let (provider, model) = text.trim().split_once('/')?;
    let (provider, model) = (provider.trim(), model.trim());
    (!provider.is_empty() && !model.is_empty()).then_some((provider, model))
}

/// A duration such as `1h30m`, in milliseconds. A bare number is in `unit`.
pub(super) fn duration(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let (number, rest) = leading_number(&text)?;
    if rest.is_empty() {
        return within_safe(number * milliseconds(unit)?);
    }
    let mut total = 0.0;
    let mut left = text.as_str();
    while !left.is_empty() {
        let (number, rest) = leading_number(left)?;
        let unit = ["ms", "s", "m", "h", "d"]
            .into_iter()
            .find(|unit| rest.starts_with(unit))?;
        total += number * milliseconds(unit)?;
        left = &rest[unit.len()..];
    }
    within_safe(total)
}

fn within_safe(value: f64) -> Option<f64> {
    (value.round() <= 9_007_199_254_740_991.0).then_some(value)
}

fn milliseconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        "h" => 36e5,
        "d" => 864e5,
        _ => return None,
    })
}

/// Digits, optionally with a decimal part.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if end == 0 {
        return None;
    }
    if text[end..].starts_with('.') {
        let more = digits(&text[end + 1..]);
        if more > 0 {
            end += 1 + more;
        }
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// A size such as `10mb`, in bytes.
pub(super) fn byte_size(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let (number, unit) = leading_number(&text)?;
    let factor = match unit {
        "" | "b" => 1.0,
        "k" | "kb" => 1024.0,
        "m" | "mb" => 1_048_576.0,
        "g" | "gb" => 1_073_741_824.0,
        "t" | "tb" => 1_099_511_627_776.0,
        _ => return None,
    };
    within_safe(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_checks_match_openclaws() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (
                "absolute-path",
                &["/usr/bin/op", "C:\\op", "\\\\host\\share"],
                &["op", "./op", "C:op"],
            ),
            ("home-path", &["~", "~/x", "/x"], &["x", "~x"]),
            (
                "safe-executable",
                &["op", "./op", "/usr/bin/op"],
                &["", "op;ls", "-op", "a b", "o\"p"],
            ),
            (
                "file-ref",
                &["value", "/", "/a/~0b~1"],
                &["a", "/a~", "/a~2"],
            ),
            ("exec-ref", &["a/b#c", "0"], &["", "/a", "a/../b", "a b"]),
            (
                "byte-size",
                &["1", "1.5mb", "2 kb".trim_end(), "10TB"],
                &["", "mb", "-1", "1pb"],
            ),
            (
                "positive-duration",
                &["30", "1h30m", "0.5d"],
                &["", "0d", "1w", "1h30"],
            ),
            (
                "minute-duration",
                &["1m", "60s", "1h"],
                &["60000", "59s", "1"],
            ),
            ("agent-id", &["main", "A-1"], &["", "-a", "a b"]),
            (
                "public-origin",
                &["https://a.example", "http://localhost:1"],
                &["http://a.example", "https://a.example/x"],
            ),
            (
                "allowed-host",
                &["api.example.com", "127.0.0.1", "[::1]"],
                &["", "*.example.com", "a/b", "a:1", "https://a"],
            ),
            (
                "cloud-repo",
                &["github.com/a/b"],
                &["github.com/a", "GitHub.com/a/b"],
            ),
            ("relative-module", &["a/b.js"], &["", "/a", "../a", "a:b"]),
            ("model-ref", &["", "a/b"], &["a", "a/", "/b"]),
        ];
        for (check, good, bad) in cases {
            for text in *good {
                if *text != "2 kb" {
                    assert_eq!(of_text(check, text), None, "{check}: {text}");
                }
            }
            for text in *bad {
                assert!(of_text(check, text).is_some(), "{check}: {text}");
            }
        }
    }

    #[test]
    fn agent_ids_match_openclaws() {
        for (text, id) in [
            ("Main", "main"),
            (" a b ", "a-b"),
            ("--", "main"),
            ("ä", "main"),
            ("a.b!c", "a-b-c"),
        ] {
            assert_eq!(agent_id(text), id, "{text}");
        }
    }
}
