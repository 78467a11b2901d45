//! Why no reply came at all, sorted by id.

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
        .fixed_by("Try again; if it persists, try without VPN or proxy.", STATUS),
    transport("answer-empty", Transport::Empty, &[Symptom::Server, Symptom::Network], &[])
        .because("the model's answer is empty", "The request was accepted, and then nothing came: the provider sent an empty stream, or something in between swallowed it.")
        .fixed_by("Try again; if it persists, look the request up in Portkey's logs, and try another model.", LOGS),
    transport("answer-too-large", Transport::TooLarge, &[Symptom::Network], &[])
        .because("the answer is larger than anything that Portkey sends", "A list has less than 8 MiB; something else answered, or without end.")
        .fixed_by("Check the base URL.", ""),
    transport(
        "certificate-expired",
        Transport::TlsExpired,
        &[Symptom::Network],
        &[&["cert_has_expired"], &["certificate has expired"], &["cert_not_yet_valid"], &["certificate is not yet valid"]],
    )
    .because("the server's certificate is expired or not yet valid", "It has expired, or this machine's clock is wrong.")
    .fixed_by("Check the date and time of this machine; for your own gateway, renew its certificate.", ""),
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
        "A company's proxy or your own gateway signs with a certificate authority of its own, or the certificate is self-signed.",
    )
    .fixed_by("Install that authority in the system's certificate store; OpenClaw also needs NODE_EXTRA_CA_CERTS=/path/to/ca.pem. A self-signed certificate must be replaced by one that an authority signed.", ""),
    transport(
        "certificate-wrong-host",
        Transport::TlsWrongHost,
        &[Symptom::Network],
        &[&["err_tls_cert_altname_invalid"], &["does not match certificate's altnames"]],
    )
    .because("the server's certificate belongs to another host", "The base URL's host is misspelt, an address instead of a name, or someone is in between.")
    .fixed_by("Write the host's name in the base URL exactly as the certificate has it.", ""),
    transport("connect", Transport::Connect, &[Symptom::Network, Symptom::Dashboard], &[&["econnrefused"], &["ehostunreach"], &["enetunreach"], &["connection refused"], &["endpoint is unreachable from this host"]])
        .because("nothing accepts a connection at the base URL", "The port is wrong, the gateway is not running, or a firewall is in between.")
        .fixed_by("Check host and port of the base URL; start your own gateway; for api.portkey.ai check the network and the status page.", STATUS),
    transport("dns", Transport::Dns, &[Symptom::Network, Symptom::Dashboard], &[&["enotfound"], &["eai_again"], &["getaddrinfo"], &["dns error"], &["dns lookup for the provider endpoint failed"]])
        .because("the base URL's host name is not known", "It is misspelt, or this machine has no working DNS.")
        .fixed_by("Check this machine's connection and DNS, and the host in the base URL: Portkey's own is https://api.portkey.ai/v1.", STATUS),
    transport("https-expected", Transport::HttpsExpected, &[Symptom::Network], &[&["plain http request was sent to https port"], &["http request to an https server"]])
        .because("the server expects https", "The base URL begins with http://, and the server at this port takes encrypted connections only.")
        .fixed_by("Write https:// instead of http:// in the base URL.", ""),
    transport("not-portkey", Transport::NotPortkey, &[Symptom::Network, Symptom::Dashboard], &[&["unexpected token", "json"], &["is not valid json"], &["ai gateway says hey"]])
        .because("the answer is not what Portkey sends", "Something else listens at the base URL, or it lacks /v1.")
        .fixed_by("Set the base URL to https://api.portkey.ai/v1, or for your own gateway to its address and /v1.", ""),
    transport("plain-http", Transport::PlainHttp, &[Symptom::Network], &[])
        .because("the key would be sent unencrypted", "The base URL begins with http:// and its host is not this machine.")
        .fixed_by("Use https://, or add --insecure-http if the network is your own.", ""),
    transport("plain-proxy", Transport::PlainProxy, &[Symptom::Network], &[])
        .because("the key would be sent unencrypted to a proxy", "Over plain http a proxy reads every header, and --insecure-http allows no more than the way to the gateway itself.")
        .fixed_by("Add the host to NO_PROXY, unset the proxy's variable for this command, or use https://.", ""),
    transport("proxy", Transport::Proxy, &[Symptom::Network], &[&["proxy authentication required"], &["proxy", "407"], &["proxy or tunnel configuration blocked"], &["tunneling socket"], &["tunnel connection failed"]])
        .because("the proxy refused or failed", "HTTPS_PROXY or ALL_PROXY sends the request through a proxy that did not let it through.")
        .fixed_by("Check HTTPS_PROXY, with user name and password if it needs them, or add the host to NO_PROXY.", ""),
    transport("proxy-unreadable", Transport::UnreadableProxy, &[Symptom::Network], &[])
        .because("the address of the proxy cannot be read", "The variable does not hold a URL such as http://proxy.example:8080, so a request would go past the proxy.")
        .fixed_by("Correct the variable, unset it, or add the host to NO_PROXY.", ""),
    transport("redirect", Transport::Redirect, &[Symptom::Network, Symptom::Dashboard], &[])
        .because("the server points to another address", "The key is not sent there; the base URL is outdated, or the network asks for a sign-in.")
        .fixed_by("If the other host is right, write it as the base URL.", ""),
    transport("timeout", Transport::Timeout, &[Symptom::Timeout, Symptom::Network], &[&["etimedout"], &["timed out"], &["und_err_connect_timeout"], &["deadline exceeded"]])
        .because("no answer came in time", "The network, a firewall or the server is slow or silent.")
        .fixed_by("Try again; check the status page; try without VPN.", STATUS),
    transport("tls", Transport::TlsFailed, &[Symptom::Network], &[&["wrong version number"], &["err_ssl"], &["eproto"], &["ssl routines"]])
        .because("no encrypted connection came about", "The server does not speak TLS at this port: the open-source gateway speaks plain http.")
        .fixed_by("For a gateway on this machine, write http:// instead of https://; else check the port.", ""),
    transport("unsendable", Transport::Unsendable, &[Symptom::Config, Symptom::OpenClaw], &[&["invalid character in header"], &["err_invalid_char"], &["invalid header"]])
        .because("the key or a header cannot be sent as it is", "It holds a line break, another control character, or a character outside Latin-1.")
        .fixed_by("Copy the value again without line breaks, spaces and quotes.", API_KEYS),
];
