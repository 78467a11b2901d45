//! Why no reply arrived, sorted by id.

use super::{API_KEYS, Area, Cause, LOGS, STATUS, Symptom, Transport, Words};

const fn transport(
    id: &'static str,
    transport: Transport,
    symptoms: &'static [Symptom],
    words: Words,
) -> Cause {
    Cause {
        transport: Some(transport),
        words,
        ..Cause::new(id, Area::Connection, symptoms)
    }
}

pub(super) static TABLE: &[Cause] = &[
    transport("answer-cut", Transport::Cut, &[Symptom::Network], &[&["econnreset"], &["socket hang up"], &["other side closed"], &["network connection was interrupted"]])
        .because("the connection closed during the answer", "The server or something in between closed it early.")
        .fixed_by("Try again. If it persists, try without a VPN or proxy.", STATUS),
    transport("answer-empty", Transport::Empty, &[Symptom::Server, Symptom::Network], &[])
        .because("the model's answer is empty", "The request was accepted, but the provider sent an empty stream, or something in between dropped it.")
        .fixed_by("Try again. If it persists, look the request up in Portkey's logs, and try another model.", LOGS),
    transport("answer-too-large", Transport::TooLarge, &[Symptom::Network], &[])
        .because("the answer is too large", "Portkey's answers are smaller than 8 MiB; another server answered, or the answer never ended.")
        .fixed_by("Check the base URL.", ""),
    transport(
        "certificate-expired",
        Transport::TlsExpired,
        &[Symptom::Network],
        &[&["cert_has_expired"], &["certificate has expired"], &["cert_not_yet_valid"], &["certificate is not yet valid"]],
    )
    .because("the server's certificate is expired or not yet valid", "It has expired, or this machine's clock is wrong.")
    .fixed_by("Check this machine's date and time. For your own gateway, renew its certificate.", ""),
    transport(
        "certificate-untrusted",
        Transport::TlsUntrusted,
        &[Symptom::Network],
        &[
            &["tls certificate validation rejected"],
            &["tls certificate error"],
            &["self_signed_cert"],
            &["self-signed certificate"],
            &["self signed certificate"],
            &["unable_to_verify_leaf_signature"],
            &["unable_to_get_issuer_cert"],
            &["unable to get local issuer certificate"],
            &["unable to verify the first certificate"],
        ],
    )
    .because(
        "the server's certificate comes from an authority that this machine does not trust",
        "A corporate proxy or your own gateway uses its own certificate authority, or the certificate is self-signed.",
    )
    .fixed_by("Install that authority in the system's certificate store; OpenClaw also needs NODE_EXTRA_CA_CERTS=/path/to/ca.pem. Replace a self-signed certificate with one that is signed by an authority.", ""),
    transport(
        "certificate-wrong-host",
        Transport::TlsWrongHost,
        &[Symptom::Network],
        &[&["err_tls_cert_altname_invalid"], &["does not match certificate's altnames"]],
    )
    .because("the server's certificate belongs to another host", "The base URL's host is misspelt or an IP address, or another server intercepts the connection.")
    .fixed_by("Write the host in the base URL exactly as it is in the certificate.", ""),
    transport("connect", Transport::Connect, &[Symptom::Network, Symptom::Dashboard], &[&["econnrefused"], &["ehostunreach"], &["enetunreach"], &["connection refused"], &["endpoint is unreachable from this host"]])
        .because("nothing accepts a connection at the base URL", "The port is wrong, the gateway is not running, or a firewall blocks it.")
        .fixed_by("Check the host and port of the base URL. For your own gateway, start it; for api.portkey.ai, check the network and the status page.", STATUS),
    transport("dns", Transport::Dns, &[Symptom::Network, Symptom::Dashboard], &[&["enotfound"], &["eai_again"], &["getaddrinfo"], &["dns error"], &["dns lookup for the provider endpoint failed"]])
        .because("the base URL's host name can't be resolved", "It is misspelt, or this machine has no working DNS.")
        .fixed_by("Check this machine's connection and DNS, and the host in the base URL. Portkey's own is https://api.portkey.ai/v1.", STATUS),
    transport("https-expected", Transport::HttpsExpected, &[Symptom::Network], &[&["plain http request was sent to https port"], &["http request to an https server"]])
        .because("the server expects https", "The base URL begins with http://, but the server only accepts encrypted connections on this port.")
        .fixed_by("Write https:// instead of http:// in the base URL.", ""),
    transport("not-portkey", Transport::NotPortkey, &[Symptom::Network, Symptom::Dashboard], &[&["unexpected token", "json"], &["is not valid json"], &["ai gateway says hey"]])
        .because("the answer does not come from Portkey", "Another server answers at the base URL, or the URL lacks /v1.")
        .fixed_by("Set the base URL to https://api.portkey.ai/v1, or to your own gateway's address followed by /v1.", ""),
    transport("plain-http", Transport::PlainHttp, &[Symptom::Network], &[])
        .because("the key would be sent unencrypted", "The base URL begins with http://, and its host is not this machine.")
        .fixed_by("Use https://, or add --insecure-http if you trust the network.", ""),
    transport("plain-proxy", Transport::PlainProxy, &[Symptom::Network], &[])
        .because("the key would be sent unencrypted to a proxy", "Over plain http, a proxy can read every header. --insecure-http only allows a direct connection to the gateway.")
        .fixed_by("Add the host to NO_PROXY, unset the proxy variable for this command, or use https://.", ""),
    transport("proxy", Transport::Proxy, &[Symptom::Network], &[&["proxy authentication required"], &["proxy", "407"], &["proxy or tunnel configuration blocked"], &["tunneling socket"], &["tunnel connection failed"]])
        .because("the proxy refused or failed", "HTTPS_PROXY or ALL_PROXY sends the request through a proxy that refused it or failed.")
        .fixed_by("Check HTTPS_PROXY, including the user name and password if it needs them, or add the host to NO_PROXY.", ""),
    transport("proxy-unreadable", Transport::UnreadableProxy, &[Symptom::Network], &[])
        .because("the proxy address is invalid", "The variable is not a URL such as http://proxy.example:8080, so requests would bypass the proxy.")
        .fixed_by("Correct or unset the variable, or add the host to NO_PROXY.", ""),
    transport("redirect", Transport::Redirect, &[Symptom::Network, Symptom::Dashboard], &[])
        .because("the server redirects to another address", "The key is not sent there. The base URL is outdated, or the network requires a sign-in.")
        .fixed_by("If the other host is right, use it in the base URL.", ""),
    transport("timeout", Transport::Timeout, &[Symptom::Timeout, Symptom::Network], &[&["etimedout"], &["timed out"], &["und_err_connect_timeout"], &["deadline exceeded"]])
        .because("no answer came in time", "The network, a firewall or the server is slow or doesn't respond.")
        .fixed_by("Try again, check the status page, and try without a VPN.", STATUS),
    transport("tls", Transport::TlsFailed, &[Symptom::Network], &[&["wrong version number"], &["err_ssl"], &["eproto"], &["ssl routines"]])
        .because("no encrypted connection could be set up", "The server does not use TLS on this port: the open-source gateway uses plain http.")
        .fixed_by("For a gateway on this machine, write http:// instead of https://. Otherwise check the port.", ""),
    transport("unsendable", Transport::Unsendable, &[Symptom::Config, Symptom::OpenClaw], &[&["invalid character in header"], &["err_invalid_char"], &["invalid header"]])
        .because("the key or a header contains characters that can't be sent", "It contains a line break, another control character, or a character outside Latin-1.")
        .fixed_by("Copy the value again without line breaks, spaces and quotes.", API_KEYS),
];
