use super::{BaseUrl, BaseUrlError, names_portkey};

#[test]
fn classifies_hosts() {
    // URL, loopback, private, Portkey's own, https.
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
fn recognises_internal_names() {
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
fn normalises_only_what_openclaw_does() {
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
fn private_addresses() {
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
        // OpenClaw allows literal addresses, but they are just as private.
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
