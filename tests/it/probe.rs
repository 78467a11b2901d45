//! Probes against a loopback Portkey and against servers with a fixed response.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::support::portkey::{Fault, Portkey, ROWS, Script, closed_port};
use openclaw_portkey::causes::{self, Transport};
use openclaw_portkey::http::probe::{Api, Counted, GatewayHealth, Outcome, Probe, Route};
use openclaw_portkey::http::{HttpError, Options, Portkey as Http};
use openclaw_portkey::portkey::base_url::BaseUrl;
use openclaw_portkey::portkey::refusal::{Refused, Stage};
use openclaw_portkey::secret::Secret;
use serde_json::Value;

const KEY: &str = "pk-canary+/=";
const MODEL: &str = "@gemini/gemini-2.5-flash";

fn http(base_url: &str) -> Http {
    http_within(base_url, Duration::from_secs(5))
}

fn http_within(base_url: &str, timeout: Duration) -> Http {
    let options = Options {
        timeout,
        insecure_http: false,
    };
    Http::new(
        &BaseUrl::parse(base_url).unwrap(),
        Secret::new(KEY),
        options,
    )
    .unwrap()
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn script() -> Script {
    Script::new(KEY).config("pc-known-123456")
}

fn probe(script: Script) -> Probe {
    let server = Portkey::start(script).unwrap();
    checked(http(&server.base_url()).probe(MODEL, &[], Api::Completions))
}

/// The probe, which must not contain the key.
fn checked(probe: Probe) -> Probe {
    let shown = format!("{probe:?}");
    assert!(!shown.contains("canary"), "{shown}");
    probe
}

/// The cause of a failed probe.
fn symptom(probe: &Probe) -> &'static str {
    match &probe.outcome {
        Outcome::Arrived { .. } => "arrived",
        Outcome::Refused(refusal) => causes::for_refusal(refusal.cause).id,
        Outcome::Failed(error) => error.cause().id,
    }
}

/// A server that sends these bytes to every client, and the requests it received.
fn server_sending(answer: impl Into<Vec<u8>>) -> (String, Receiver<(String, Vec<u8>)>) {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let request = read_request(&stream);
            drop((&stream).write_all(&answer));
            drop(sender.send(request));
        }
    });
    (base_url, receiver)
}

/// The head in lower case, and the body.
fn read_request(stream: &TcpStream) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap_or(0) > 0 {}
    let head = head.to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next()?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, body)
}

fn stream(more_headers: &str, events: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n{more_headers}\r\n{events}"
    )
}

const ROLE: &str = "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
const TOKEN: &str =
    "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"OK\"}}]}\n\n";

fn probe_of(answer: impl Into<Vec<u8>>) -> Probe {
    let (base_url, _requests) = server_sending(answer);
    checked(http(&base_url).probe(MODEL, &[], Api::Completions))
}

#[test]
fn sends_what_openclaw_sends() {
    let server = Portkey::start(script()).unwrap();
    let configured = headers(&[
        ("x-portkey-metadata", r#"{"team":"köln"}"#),
        ("x-portkey-config", "pc-known-123456\n"),
    ]);
    let found = http(&server.base_url()).probe(MODEL, &configured, Api::Completions);
    let Outcome::Arrived {
        served_model,
        guardrail_warned,
    } = &found.outcome
    else {
        panic!("{found:?}");
    };
    assert_eq!(
        (served_model.as_deref(), *guardrail_warned),
        (Some(MODEL), false)
    );
    assert_eq!(found.route.provider.as_deref(), Some("gemini"));
    assert_eq!(
        (found.route.target_index(), found.route.retries),
        (Some(0), Some(0))
    );
    assert_eq!(found.route.trace_id.as_deref(), Some("0f0f"));

    let request = &server.requests()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/v1/chat/completions")
    );
    assert_eq!(request.header("authorization"), Some("Bearer pk-canary+/="));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.header("x-portkey-metadata"),
        Some(r#"{"team":"köln"}"#)
    );
    assert_eq!(request.header("x-portkey-config"), Some("pc-known-123456"));
    let trace = request.header("traceparent").unwrap();
    let parts: Vec<_> = trace.split('-').collect();
    assert_eq!(
        (parts[0], parts[1], parts[3]),
        ("00", found.trace_id.as_str(), "01")
    );
    assert_eq!((parts[1].len(), parts[2].len()), (32, 16));
    assert_eq!(request.body.len(), found.sent);
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(
        (&body["model"], &body["stream"]),
        (&MODEL.into(), &true.into())
    );
    assert!(body["max_completion_tokens"].as_u64().unwrap() <= 16);
    let carriers = request.headers.iter().filter(|(_, v)| v.contains("canary"));
    assert_eq!(carriers.count(), 1);
}

#[test]
fn an_authorization_header_replaces_the_key() {
    let (base_url, requests) = server_sending(
        "HTTP/1.1 401 X\r\ncontent-length: 33\r\n\r\n{\"message\":\"no sk-other-secret-1\"}",
    );
    let own = headers(&[("Authorization", "Bearer sk-other-secret-1")]);
    let found = checked(http(&base_url).probe(MODEL, &own, Api::Completions));
    let Outcome::Refused(refusal) = &found.outcome else {
        panic!("{found:?}");
    };
    assert!(!refusal.message.contains("other-secret"), "{refusal:?}");
    let (head, _) = requests.recv().unwrap();
    assert!(
        head.contains("authorization: bearer sk-other-secret-1\r\n"),
        "{head}"
    );
    assert!(!head.contains("canary"));
}

#[test]
fn every_refusal_names_who_refused() {
    for row in ROWS {
        let found = probe(script().fault(Fault::Row(row.name)));
        assert_eq!(symptom(&found), row.symptom(), "{}", row.name);
        let Outcome::Refused(refusal) = &found.outcome else {
            panic!("{}: {found:?}", row.name);
        };
        assert_eq!(refusal.status, row.status, "{}", row.name);
        let is_from_target = matches!(refusal.stage, Stage::Target | Stage::Provider);
        assert_eq!(is_from_target, refusal.logged, "{}: {refusal:?}", row.name);
        assert_eq!(
            (found.route.provider.as_deref(), found.route.target_index()),
            if row.reached_target {
                (Some("openai"), Some(0))
            } else {
                (None, None)
            },
            "{}",
            row.name
        );
    }
}

#[test]
fn distinguishes_the_gateways_own_checks() {
    let server = Portkey::start(script()).unwrap();
    let ask = |model: &str, pairs: &[(&str, &str)]| {
        let found = http(&server.base_url()).probe(model, &headers(pairs), Api::Completions);
        symptom(&checked(found))
    };
    assert_eq!(ask(MODEL, &[]), "arrived");
    assert_eq!(ask("portkey-dynamic", &[]), "no-provider");
    assert_eq!(
        ask(
            "portkey-dynamic",
            &[("x-portkey-config", "pc-known-123456")]
        ),
        "arrived"
    );
    assert_eq!(
        ask(MODEL, &[("x-portkey-config", "pc-nope")]),
        "unknown-config"
    );
    assert_eq!(ask("@nope/x", &[]), "unknown-slug");
    assert_eq!(ask("@gemini/nope", &[]), "model-not-allowed");
    assert_eq!(
        ask(MODEL, &[("x-portkey-api-key", "another")]),
        "invalid-key"
    );
    assert_eq!(ask(MODEL, &[("a name", "x")]), "unsendable");
    assert_eq!(ask(MODEL, &[("x-portkey-metadata", "日本")]), "unsendable");
}

#[test]
fn the_headers_report_the_route() {
    let found = probe_of(stream(
        "x-portkey-provider: mistral-ai\r\nx-portkey-last-used-option-index: config.targets[1]\r\n\
         x-portkey-retry-attempt-count: -1\r\nx-portkey-cache-status: MISS\r\nx-portkey-trace-id: t-1\r\n",
        &format!("{ROLE}{TOKEN}data: [DONE]\n\n"),
    ));
    assert_eq!(symptom(&found), "arrived");
    assert_eq!(
        found.route,
        Route {
            provider: Some("mistral-ai".to_owned()),
            retries: Some(-1),
            target: Some("config.targets[1]".to_owned()),
            cache: Some("MISS".to_owned()),
            trace_id: Some("t-1".to_owned()),
        }
    );
    assert_eq!(found.route.target_index(), Some(1));
}

#[test]
fn a_guardrails_warning_is_not_a_refusal() {
    let answer = stream("", &format!("{TOKEN}data: [DONE]\n\n")).replace("200 OK", "246 X");
    let found = probe_of(answer);
    assert!(
        matches!(
            found.outcome,
            Outcome::Arrived {
                guardrail_warned: true,
                ..
            }
        ),
        "{found:?}"
    );
}

#[test]
fn an_answer_in_one_piece_is_an_answer() {
    for (body, want) in [
        (
            "{\"model\":\"m\",\n\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"OK\"}}]}",
            "arrived",
        ),
        // A reasoning model may have used up the limit.
        (
            "\n\n {\"choices\":[{\"message\":{},\"finish_reason\":\"length\"}]}",
            "arrived",
        ),
        (
            "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}",
            "answer-empty",
        ),
    ] {
        let found = probe_of(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ));
        assert_eq!(symptom(&found), want, "{body}");
    }
}

/// The latency is that of the first token, and an answer that never ends isn't one.
#[test]
fn an_answer_must_end() {
    for (end, want) in [("data: [DONE]\n\n", "arrived"), ("", "timeout")] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            read_request(&stream);
            drop((&stream).write_all(self::stream("", &format!("{ROLE}{TOKEN}")).as_bytes()));
            thread::sleep(Duration::from_millis(300));
            drop((&stream).write_all(end.as_bytes()));
            thread::sleep(Duration::from_secs(60));
        });
        let http = http_within(&base_url, Duration::from_secs(2));
        let found = http.probe(MODEL, &[], Api::Completions);
        assert_eq!(symptom(&found), want, "{end}");
    }
}

/// The response to plain HTTP on a TLS port.
#[test]
fn plain_http_to_a_tls_port() {
    for answer in [
        &b"\x15\x03\x01\x00\x02\x02\x46"[..],
        b"HTTP/1.1 400 Bad Request\r\ncontent-length: 60\r\nconnection: close\r\n\r\nThe plain HTTP request was sent to HTTPS port, sorry for that",
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            read_request(&stream);
            drop((&stream).write_all(answer));
        });
        let found = http(&base_url).probe(MODEL, &[], Api::Completions);
        assert_eq!(symptom(&found), "https-expected", "{found:?}");
    }
}

#[test]
fn reports_other_responses() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let wrong = "data: {\"error\":{\"message\":\"slow down\",\"type\":\"x\",\"code\":\"rate_limit_exceeded\"}}\n\n";
    let reached = "x-portkey-provider: openai\r\nx-portkey-last-used-option-index: config\r\n";
    for (answer, id) in [
        (stream("", ROLE), "answer-cut"),
        (stream("", &format!("{ROLE}{TOKEN}")), "answer-cut"),
        (format!("{chunked}5\r\ndata:"), "answer-cut"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"choices".to_owned(),
            "answer-cut",
        ),
        (stream("", "data: [DONE]\n\n"), "answer-empty"),
        (stream("", ""), "answer-empty"),
        (
            stream(
                reached,
                "data: {\"model\":\"m\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
            ),
            "answer-empty",
        ),
        (stream("", "AI Gateway says hey!"), "not-portkey"),
        (stream("", "{\"ok\":true}"), "not-portkey"),
        (
            stream("", "<!doctype html><title>Sign in</title>"),
            "web-page",
        ),
        (stream("", "\n<html>x</html>"), "web-page"),
        (stream(reached, wrong), "upstream-rate-limit"),
        (
            stream("", &"data: {}\n\n".repeat(200_000)),
            "answer-too-large",
        ),
        (
            "HTTP/1.1 502 X\r\ncontent-length: 13\r\n\r\n<html>x</html".to_owned(),
            "web-page",
        ),
    ] {
        let found = probe_of(answer.clone());
        assert_eq!(symptom(&found), id, "{}", &answer[..answer.len().min(200)]);
    }
    assert_eq!(
        symptom(&probe(script().fault(Fault::Huge))),
        "answer-too-large"
    );
}

#[test]
fn silent_servers_time_out() {
    for fault in [
        Fault::Slow(Duration::from_secs(30)),
        Fault::Drip(Duration::from_millis(40)),
    ] {
        let server = Portkey::start(script().fault(fault)).unwrap();
        let http = http_within(&server.base_url(), Duration::from_millis(250));
        let found = checked(http.probe(MODEL, &[], Api::Completions));
        assert_eq!(symptom(&found), "timeout", "{found:?}");
    }
    let closed = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let found = http(&closed).probe(MODEL, &[], Api::Completions);
    assert!(
        matches!(
            &found.outcome,
            Outcome::Failed(HttpError::Failed {
                kind: Transport::Connect,
                ..
            })
        ),
        "{found:?}"
    );
}

#[test]
fn another_host_gets_no_request_and_no_request_changes_its_method() {
    let other = Portkey::start(script()).unwrap();
    let found = probe(script().fault(Fault::RedirectTo(other.base_url())));
    assert_eq!(symptom(&found), "redirect");
    assert!(other.requests().is_empty());

    // A 302 within the host would change the request; a 307 doesn't.
    let server = Portkey::start(script().fault(Fault::RedirectTo("/v1/x".to_owned()))).unwrap();
    let found = http(&server.base_url()).probe(MODEL, &[], Api::Completions);
    assert_eq!((symptom(&found), server.requests().len()), ("redirect", 1));
    let server = Portkey::start(script().fault(Fault::RedirectToSelf(2))).unwrap();
    let found = http(&server.base_url()).probe(MODEL, &[], Api::Completions);
    assert_eq!(symptom(&found), "arrived");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| !request.body.is_empty())
    );
}

#[test]
fn supports_the_responses_api() {
    let events = "data: {\"type\":\"response.created\",\"response\":{\"model\":\"m\"}}\n\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"OK\"}\n\ndata: {\"type\":\"response.completed\"}\n\n";
    let (base_url, requests) = server_sending(stream("", events));
    let found = http(&base_url).probe(MODEL, &[], Api::Responses);
    assert!(
        matches!(&found.outcome, Outcome::Arrived { served_model: Some(model), .. } if model == "m"),
        "{found:?}"
    );
    let (head, body) = requests.recv().unwrap();
    assert!(
        head.starts_with("post /v1/responses http/1.1\r\n"),
        "{head}"
    );
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["max_output_tokens"], 16);

    let failed = "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"model_not_found\",\"message\":\"x\"}}}\n\n";
    let (base_url, _requests) = server_sending(stream("x-portkey-provider: openai\r\n", failed));
    let found = http(&base_url).probe(MODEL, &[], Api::Responses);
    assert!(
        matches!(&found.outcome, Outcome::Refused(refusal) if refusal.cause == Refused::ModelNotFound),
        "{found:?}"
    );
}

#[test]
fn parallel_probes_have_separate_traces() {
    let server = Portkey::start(script()).unwrap();
    let http = http(&server.base_url());
    let mut traces: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| http.probe(MODEL, &[], Api::Completions)))
            .collect();
        let probes = threads.into_iter().map(|thread| thread.join().unwrap());
        probes
            .inspect(|probe| assert_eq!(symptom(probe), "arrived"))
            .map(|probe| probe.trace_id)
            .collect()
    });
    traces.sort();
    traces.dedup();
    assert_eq!(traces.len(), 8);
}

#[test]
fn a_gateways_health_needs_no_key() {
    let server = Portkey::start(script()).unwrap();
    assert_eq!(
        http(&server.base_url()).health().unwrap(),
        GatewayHealth {
            version: Some("2.2.3".to_owned())
        }
    );
    let request = &server.requests()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("GET", "/v1/health")
    );
    assert!(
        request
            .headers
            .iter()
            .all(|(_, value)| !value.contains("canary"))
    );

    for (body, id) in [
        ("{\"status\":\"failure\"}", "not-portkey"),
        ("AI Gateway says hey!", "not-portkey"),
        ("<html>", "web-page"),
    ] {
        let (base_url, _requests) = server_sending(stream("", body));
        assert_eq!(http(&base_url).health().unwrap_err().cause().id, id);
    }
    let (base_url, _requests) = server_sending("HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(
        http(&base_url).health().unwrap_err().cause().id,
        "wrong-path"
    );
}

#[test]
fn checks_whether_a_request_was_counted() {
    let ask = |status: &str, body: &str| {
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (base_url, requests) = server_sending(answer);
        let counted = http(&base_url).arrived("0f0f&x");
        let (head, _) = requests.recv().unwrap();
        assert!(
            head.starts_with(
                "get /v1/analytics/graphs/requests?trace_id=0f0f%26x&time_of_generation_min=20"
            ),
            "{head}"
        );
        assert!(!format!("{counted:?}").contains("canary"));
        counted
    };
    assert!(matches!(
        ask("200", r#"{"summary":{"total":1},"data_points":[]}"#),
        Counted::Yes(1)
    ));
    assert!(matches!(
        ask("200", r#"{"summary":{"total":0},"data_points":[]}"#),
        Counted::No
    ));
    assert!(matches!(
        ask("200", "{}"),
        Counted::Unknown(HttpError::NotJson { .. })
    ));
    let refused = |counted: Counted| match counted {
        Counted::Unknown(HttpError::Refused(refusal)) => refusal.cause,
        other => panic!("{other:?}"),
    };
    let forbidden = r#"{"success":false,"data":{"message":"You do not have enough permissions to execute this request","errorCode":"AB03"}}"#;
    assert_eq!(refused(ask("403", forbidden)), Refused::AdminForbidden);
    assert_eq!(
        refused(ask("404", r#"{"message":"Not Found","ok":false}"#)),
        Refused::WrongPath
    );
}

/// A redirect that drops the body isn't followed, so a sign-in page on the same server is reported
/// with its path.
#[test]
fn a_sign_in_page_on_the_same_server() {
    let fault = Fault::RedirectTo("http://{host}/login?next=secret".to_owned());
    let probe = probe(script().fault(fault));
    let Outcome::Failed(error) = &probe.outcome else {
        panic!("{probe:?}");
    };
    let report = error.to_string();
    assert!(
        report.contains("/login") && !report.contains("secret"),
        "{report}"
    );
}
