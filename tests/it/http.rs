//! Portkey over HTTP, against a loopback Portkey.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::portkey::{Fault, Portkey, ROWS, Script, closed_port};
use openclaw_portkey::causes::{self, Transport};
use openclaw_portkey::http::{HttpError, Options, Portkey as Http};
use openclaw_portkey::portkey::base_url::BaseUrl;
use openclaw_portkey::portkey::catalogue::{Catalogue, Mode};
use openclaw_portkey::portkey::refusal::Refused;
use openclaw_portkey::secret::Secret;

const KEY: &str = "pk-canary+/=";

fn http(base_url: &str) -> Http {
    http_with(
        base_url,
        Options {
            timeout: Duration::from_secs(5),
            insecure_http: false,
        },
    )
}

fn http_with(base_url: &str, options: Options) -> Http {
    Http::new(
        &BaseUrl::parse(base_url).unwrap(),
        Secret::new(KEY),
        options,
    )
    .unwrap()
}

fn script() -> Script {
    Script::new(KEY).config("pc-known-123456")
}

fn models(script: Script) -> Result<Catalogue, HttpError> {
    let server = Portkey::start(script).unwrap();
    http(&server.base_url()).models(&[])
}

fn failure(script: Script) -> HttpError {
    let error = models(script).unwrap_err();
    assert_silent_about_the_key(&error);
    error
}

fn assert_silent_about_the_key(error: &HttpError) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("canary"), "{shown}");
    let sentence = error.to_string();
    assert!(!sentence.chars().any(char::is_control), "{sentence:?}");
    assert!(sentence.chars().count() < 500, "{sentence}");
}

fn transport(error: &HttpError) -> Transport {
    let cause = error.cause();
    cause
        .transport
        .unwrap_or_else(|| panic!("{}: {error}", cause.id))
}

#[test]
fn lists_models_and_sends_the_key_in_one_header_only() {
    let server = Portkey::start(script()).unwrap();
    let catalogue = http(&server.base_url())
        .models(&[("x-portkey-metadata", r#"{"team":"köln"}"#)])
        .unwrap();
    let ids: Vec<_> = catalogue
        .models
        .iter()
        .map(|model| model.id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["@gemini/gemini-2.5-flash", "@mistral/open-mixtral-8x7b"]
    );
    assert_eq!(catalogue.mode, Mode::Integrated);

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("GET", "/v1/models")
    );
    assert_eq!(request.header("authorization"), Some("Bearer pk-canary+/="));
    assert_eq!(
        request.header("x-portkey-fetch-integrated-models"),
        Some("true")
    );
    assert_eq!(
        request.header("x-portkey-metadata"),
        Some(r#"{"team":"köln"}"#)
    );
    let carriers: Vec<_> = request
        .headers
        .iter()
        .filter(|(_, value)| value.contains("canary"))
        .collect();
    assert_eq!(carriers.len(), 1, "{carriers:?}");
    assert!(request.body.is_empty());
}

#[test]
fn detects_a_provider_backed_list() {
    let catalogue = models(script().provider_backed("google")).unwrap();
    assert_eq!(catalogue.mode, Mode::ProviderBacked);
    assert_eq!(catalogue.models[0].id, "gemini-2.5-flash");
}

#[test]
fn collects_all_pages() {
    let ids: Vec<String> = (0..25).map(|n| format!("@a/m{n}")).collect();
    let server = Portkey::start(script().models(ids.clone()).page(10)).unwrap();
    let catalogue = http(&server.base_url()).models(&[]).unwrap();
    assert!(catalogue.models.iter().map(|model| &model.id).eq(&ids));
    assert!(!catalogue.is_partial());
    let targets: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(
        targets,
        [
            "/v1/models",
            "/v1/models?limit=10&offset=10",
            "/v1/models?limit=10&offset=20"
        ]
    );
}

#[test]
fn all_pages_share_one_deadline() {
    let ids: Vec<String> = (0..200).map(|n| format!("@a/m{n}")).collect();
    let slow = Fault::Slow(Duration::from_millis(150));
    let server = Portkey::start(script().models(ids).page(1).fault(slow)).unwrap();
    let options = Options {
        timeout: Duration::from_secs(1),
        insecure_http: false,
    };
    let start = Instant::now();
    let catalogue = http_with(&server.base_url(), options).models(&[]).unwrap();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(catalogue.is_partial());
    assert!((1..=20).contains(&catalogue.models.len()));
}

#[test]
fn stops_if_the_server_ignores_the_offset() {
    let ids: Vec<String> = (0..25).map(|n| format!("@a/m{n}")).collect();
    let server = Portkey::start(script().models(ids).page(10).ignoring_offset()).unwrap();
    let catalogue = http(&server.base_url()).models(&[]).unwrap();
    assert_eq!((catalogue.models.len(), catalogue.total), (10, Some(25)));
    assert!(catalogue.is_partial());
    assert_eq!(server.requests().len(), 2);

    assert!(
        models(script().models(["@a/b"]).page(0))
            .unwrap()
            .models
            .is_empty()
    );
}

#[test]
fn checks_configs_without_requesting_the_catalogue() {
    let server = Portkey::start(script()).unwrap();
    let http = http(&server.base_url());
    http.check_config("pc-known-123456").unwrap();
    let error = http.check_config("pc-unknown").unwrap_err();
    assert!(
        matches!(&error, HttpError::Refused(refusal) if refusal.cause == Refused::UnknownConfig),
        "{error:?}"
    );
    let requests = server.requests();
    assert_eq!(
        requests[0].header("x-portkey-config"),
        Some("pc-known-123456")
    );
    assert_eq!(
        requests[0].header("x-portkey-fetch-integrated-models"),
        None
    );
}

#[test]
fn a_providers_error_does_not_fail_the_config_check() {
    for (fault, is_fine) in [
        (Fault::Row("upstream-unauthorized"), true),
        (Fault::Row("config-pinned"), false),
        (Fault::Row("invalid-key"), false),
        (Fault::Reply(200, "<html>sign in</html>".to_owned()), false),
    ] {
        let server = Portkey::start(script().fault(fault.clone())).unwrap();
        assert_eq!(
            http(&server.base_url())
                .check_config("pc-known-123456")
                .is_ok(),
            is_fine,
            "{fault:?}"
        );
    }
}

#[test]
fn every_refusal_finds_its_symptom() {
    for row in ROWS {
        let error = failure(script().fault(Fault::Row(row.name)));
        assert_eq!(error.cause().id, row.symptom(), "{}: {error}", row.name);
        let HttpError::Refused(refusal) = &error else {
            panic!("{}: {error:?}", row.name);
        };
        assert_eq!(refusal.status, row.status);
        assert_eq!(
            refusal.logged,
            row.reached_target || row.name.ends_with(":oss"),
            "{}",
            row.name
        );
        assert!(
            error.to_string().contains(&row.status.to_string()),
            "{error}"
        );
    }
}

#[test]
fn every_symptom_of_a_refusal_has_a_reply() {
    // One comes with an answer, the other is recognised by what the gateway returns at its root.
    const OTHERS: [&str; 2] = ["guardrail-warned", "open-source-gateway"];
    for cause in causes::all() {
        if cause.reply.is_some() && !OTHERS.contains(&cause.id) {
            assert!(
                ROWS.iter().any(|row| row.symptom() == cause.id),
                "{}",
                cause.id
            );
        }
    }
}

#[test]
fn a_wrong_key_is_rejected() {
    let error = failure(Script::new("another"));
    assert_eq!(
        error.to_string(),
        "Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03)"
    );
    assert!(!error.is_unreached());
}

#[test]
fn server_messages_are_sanitised() {
    let body = format!(
        "{{\"message\":\"\\u001b]0;x\\u0007 your key {KEY} {}\"}}",
        "very ".repeat(200)
    );
    let error = failure(script().fault(Fault::Reply(400, body)));
    assert!(
        error.to_string().contains("]0;x your key ******** very"),
        "{error}"
    );
}

#[test]
fn rejects_replies_without_a_list() {
    for (body, id) in [
        ("<!DOCTYPE html><title>Sign in</title>", "web-page"),
        ("AI Gateway says hey!", "not-portkey"),
        ("", "not-portkey"),
        (r#"{"object":"list"}"#, "not-portkey"),
        ("[]", "not-portkey"),
    ] {
        let error = failure(script().fault(Fault::Reply(200, body.to_owned())));
        assert_eq!(error.cause().id, id, "{body}");
        assert!(matches!(error, HttpError::NotJson { .. }));
        assert!(error.is_unreached());
    }
}

#[test]
fn broken_and_endless_responses_are_reported() {
    assert_eq!(
        transport(&failure(script().fault(Fault::CutOff))),
        Transport::Cut
    );
    assert_eq!(
        transport(&failure(script().fault(Fault::Huge))),
        Transport::TooLarge
    );
}

#[test]
fn silent_and_slow_servers_time_out() {
    for fault in [
        Fault::Slow(Duration::from_secs(30)),
        Fault::Drip(Duration::from_millis(40)),
    ] {
        let server = Portkey::start(script().fault(fault)).unwrap();
        let options = Options {
            timeout: Duration::from_millis(250),
            ..Options::default()
        };
        let error = http_with(&server.base_url(), options)
            .models(&[])
            .unwrap_err();
        assert_eq!(transport(&error), Transport::Timeout, "{error:?}");
        assert!(error.to_string().contains("0.25 s"), "{error}");
        assert_silent_about_the_key(&error);
    }
}

#[test]
fn another_host_gets_no_request() {
    let other = Portkey::start(script()).unwrap();
    for to in [
        format!("{}/models", other.base_url()),
        format!("http://u:p@{}/v1/models?k=v", other.address()),
    ] {
        let error = failure(script().fault(Fault::RedirectTo(to)));
        assert!(
            matches!(&error, HttpError::Redirect { to, .. } if to == &format!("http://{}", other.address())),
            "{error:?}"
        );
    }
    assert!(other.requests().is_empty());
}

#[test]
fn redirects_within_the_host_are_followed_three_times() {
    assert_eq!(
        models(script().fault(Fault::RedirectToSelf(3)))
            .unwrap()
            .models
            .len(),
        2
    );
    let error = failure(script().fault(Fault::RedirectToSelf(4)));
    assert_eq!(transport(&error), Transport::Redirect);
    // A different scheme counts as another host, and so does a user name.
    for to in [
        "https://{host}/v1/models",
        "http://u@{host}/v1/models?hop=9",
        "//:p@{host}/v1/models",
    ] {
        let server = Portkey::start(script().fault(Fault::RedirectTo(to.to_owned()))).unwrap();
        let error = http(&server.base_url()).models(&[]).unwrap_err();
        assert_eq!(transport(&error), Transport::Redirect);
        assert_eq!(server.requests().len(), 1, "{to}");
    }
}

#[test]
fn distinguishes_closed_ports_from_bad_tls() {
    let port = closed_port().unwrap();
    let plain = Portkey::start(script()).unwrap();
    let hangs_up = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_port = hangs_up.local_addr().unwrap().port();
    thread::spawn(move || hangs_up.incoming().for_each(drop));
    for (base_url, kind) in [
        (format!("http://127.0.0.1:{port}/v1"), Transport::Connect),
        (format!("https://127.0.0.1:{port}/v1"), Transport::Connect),
        (
            plain.base_url().replace("http:", "https:"),
            Transport::TlsFailed,
        ),
        (
            format!("https://127.0.0.1:{silent_port}/v1"),
            Transport::TlsFailed,
        ),
        (format!("http://127.0.0.1:{silent_port}/v1"), Transport::Cut),
    ] {
        let error = http(&base_url).models(&[]).unwrap_err();
        assert_eq!(transport(&error), kind, "{base_url}: {error:?}");
        assert!(error.is_unreached());
        assert_silent_about_the_key(&error);
    }
    assert!(plain.requests().is_empty());
}

#[expect(clippy::disallowed_methods, reason = "a test may read its environment")]
fn is_proxied() -> bool {
    std::env::vars_os().any(|(name, _)| name.to_string_lossy().to_lowercase().ends_with("_proxy"))
}

#[test]
fn missing_hosts_are_reported() {
    // A proxy in the environment would be used instead of DNS.
    if is_proxied() {
        return;
    }
    // A label this long is rejected before any lookup.
    let host = format!("{}.invalid", "a".repeat(64));
    for scheme in ["http", "https"] {
        let options = Options {
            insecure_http: true,
            ..Options::default()
        };
        let error = http_with(&format!("{scheme}://{host}/v1"), options)
            .models(&[])
            .unwrap_err();
        assert_eq!(transport(&error), Transport::Dns, "{error:?}");
        assert_silent_about_the_key(&error);
    }
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let url = |text: &str| BaseUrl::parse(text).unwrap();
    for text in [
        "http://192.0.2.1/v1",
        "http://10.0.0.1/v1",
        "http://gateway.test:8787/v1",
    ] {
        let error = Http::new(&url(text), Secret::new(KEY), Options::default()).unwrap_err();
        assert_eq!(transport(&error), Transport::PlainHttp);
        assert!(!error.is_unreached());
        assert_silent_about_the_key(&error);
        let insisted = Options {
            insecure_http: true,
            ..Options::default()
        };
        assert!(Http::new(&url(text), Secret::new(KEY), insisted).is_ok());
    }
    for text in [
        "http://localhost:1/v1",
        "http://[::1]:1/v1",
        "https://192.0.2.1/v1",
    ] {
        assert!(
            Http::new(&url(text), Secret::new(KEY), Options::default()).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn unsendable_requests_are_not_sent() {
    let server = Portkey::start(script()).unwrap();
    let base_url = BaseUrl::parse(&server.base_url()).unwrap();
    for key in ["pk-canary\n", "pk-canary\u{201d}", "pk-\u{1b}canary"] {
        let http = Http::new(&base_url, Secret::new(key), Options::default()).unwrap();
        let error = http.models(&[]).unwrap_err();
        assert_eq!(transport(&error), Transport::Unsendable);
        assert!(error.to_string().contains("the API key"), "{error}");
        assert_silent_about_the_key(&error);
    }
    let http = http(&server.base_url());
    for header in [
        ("x portkey", "v"),
        ("x-a", "canary\r\nx-b: c"),
        ("x-a", "canary “"),
        ("", "v"),
    ] {
        let error = http.models(&[header]).unwrap_err();
        assert_eq!(transport(&error), Transport::Unsendable);
        assert_silent_about_the_key(&error);
    }
    assert!(server.requests().is_empty());
    assert!(!format!("{http:?}").contains("canary"));
}

/// Sends raw bytes and reads the whole reply.
fn raw(server: &Portkey, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn chat(server: &Portkey, headers: &str, body: &str) -> String {
    let length = body.len();
    raw(
        server,
        &format!(
            "POST /v1/chat/completions HTTP/1.1\r\nauthorization: Bearer {KEY}\r\n{headers}content-length: {length}\r\n\r\n{body}"
        ),
    )
}

#[test]
fn the_loopback_portkey_behaves_like_the_real_one() {
    let server = Portkey::start(script()).unwrap();
    let whole = chat(
        &server,
        "",
        r#"{"model":"@gemini/gemini-2.5-flash","messages":[]}"#,
    );
    assert!(
        whole.starts_with("HTTP/1.1 200 ") && whole.contains("x-portkey-provider: gemini\r\n"),
        "{whole}"
    );
    assert!(whole.contains(r#""finish_reason":"stop""#), "{whole}");
    let stream = chat(
        &server,
        "",
        r#"{"model":"@gemini/gemini-2.5-flash","stream":true}"#,
    );
    assert!(
        stream.contains("text/event-stream") && stream.ends_with("data: [DONE]\n\n"),
        "{stream}"
    );
    let routed = chat(
        &server,
        "x-portkey-config: pc-known-123456\r\n",
        r#"{"model":"portkey-dynamic"}"#,
    );
    assert!(routed.starts_with("HTTP/1.1 200 "), "{routed}");
    for (headers, model, says) in [
        ("", "portkey-dynamic", "Either x-portkey-config or"),
        ("", "@nope/x", "Following keys are not valid: nope"),
        ("", "@gemini/x", "model_not_allowed_error"),
        (
            "x-portkey-config: pc-x\r\n",
            "@gemini/x",
            "Invalid config id passed",
        ),
        ("x-portkey-config: x\r\n", "@gemini/x", "valid json"),
        (
            "x-portkey-api-key: Bearer x\r\n",
            "@gemini/x",
            "Error Code: 03",
        ),
    ] {
        let reply = chat(&server, headers, &format!(r#"{{"model":"{model}"}}"#));
        assert!(reply.contains(says), "{reply}");
    }
    assert!(raw(&server, "GET /v1/health HTTP/1.1\r\n\r\n").contains("Server is healthy"));
    assert!(raw(&server, "POST /chat/completions HTTP/1.1\r\n\r\n").contains(r#""ok":false"#));
    assert!(raw(&server, "GET /v1/models/ HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));
}

#[test]
fn prices_are_requested_without_the_key() {
    let path = "/model-configs/pricing/openai/gpt-5";
    let reply = r#"{"pay_as_you_go":{"request_token":{"price":0.000125},"response_token":{"price":0.001}}}"#;
    let server = Portkey::start(Script::new(KEY).price(path, reply)).unwrap();
    let portkey = http(&server.base_url());
    let cost = portkey.price("openai", "gpt-5").unwrap().unwrap();
    assert_eq!((cost.input, cost.output), (1.25, 10.0));
    assert_eq!(portkey.price("openai", "gpt-6").unwrap(), None);
    assert_eq!(portkey.price("openai", "a/b?c#d").unwrap(), None);
    let requests = server.requests();
    assert_eq!(
        requests[2].target,
        "/model-configs/pricing/openai/a%2Fb%3Fc%23d"
    );
    for request in requests {
        let report = format!("{:?}", request.headers);
        assert!(
            !report.contains(KEY) && !report.contains("authorization"),
            "{report}"
        );
    }
    let failing = Portkey::start(Script::new(KEY).fault(Fault::Row("gateway-failed"))).unwrap();
    assert!(http(&failing.base_url()).price("openai", "gpt-5").is_err());
}
