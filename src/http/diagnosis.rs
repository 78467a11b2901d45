//! Determines what kind of failure is behind an error from the HTTP client.

use std::io;

use rustls::CertificateError;
use rustls::pki_types::InvalidDnsNameError;

use crate::causes::Transport;
use crate::portkey::printable;

type AnyError = dyn std::error::Error + 'static;

/// Whether reading a body exceeded the request's timeout.
pub(super) fn is_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout)
}

/// An error and its sources, including those that `io::Error` wraps without reporting.
fn sources(error: &AnyError) -> impl Iterator<Item = &AnyError> {
    std::iter::successors(Some(error), |error| below(*error))
}

fn below(error: &AnyError) -> Option<&AnyError> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// The kind of failure behind a client error, other than a timeout.
pub(super) fn transport_of(error: &reqwest::Error) -> Transport {
    if error.is_dns() || sources(error).any(<AnyError>::is::<InvalidDnsNameError>) {
        return Transport::Dns;
    }
    if let Some(kind) = sources(error)
        .find_map(|source| source.downcast_ref::<rustls::Error>())
        .map(tls_failure)
    {
        return kind;
    }
    if sources(error).any(|source| source.to_string().contains("tunnel")) {
        return Transport::Proxy;
    }
    if !error.is_connect() {
        return Transport::Cut;
    }
    // Connected, but the handshake didn't complete.
    let broke_off = sources(error)
        .filter_map(|source| source.downcast_ref::<io::Error>())
        .any(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::InvalidData
            )
        });
    if broke_off {
        Transport::TlsFailed
    } else {
        Transport::Connect
    }
}

/// Whether the response isn't HTTP, such as a TLS alert.
pub(super) fn is_no_http(error: &reqwest::Error) -> bool {
    sources(error).any(|source| {
        let text = source.to_string();
        text.contains("invalid HTTP version") || text.contains("invalid HTTP header")
    })
}

fn tls_failure(error: &rustls::Error) -> Transport {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return Transport::TlsFailed;
    };
    match certificate {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Transport::TlsExpired,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Transport::TlsWrongHost
        }
        // A self-signed certificate is reported as `Other`.
        CertificateError::UnknownIssuer | CertificateError::Other(_) => Transport::TlsUntrusted,
        _ => Transport::TlsFailed,
    }
}

/// The innermost error, which is the most specific, on one line.
pub(super) fn deepest(error: &reqwest::Error) -> String {
    let innermost = sources(error)
        .last()
        .filter(|source| !source.is::<reqwest::Error>());
    innermost
        .map(|source| printable(&source.to_string(), 200))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, CertificateError, Error};

    use super::tls_failure;
    use crate::causes::Transport;

    #[test]
    fn distinguishes_certificate_errors() {
        for (error, kind) in [
            (
                Error::InvalidCertificate(CertificateError::UnknownIssuer),
                Transport::TlsUntrusted,
            ),
            (
                Error::InvalidCertificate(CertificateError::Expired),
                Transport::TlsExpired,
            ),
            (
                Error::InvalidCertificate(CertificateError::NotValidYet),
                Transport::TlsExpired,
            ),
            (
                Error::InvalidCertificate(CertificateError::NotValidForName),
                Transport::TlsWrongHost,
            ),
            (
                Error::InvalidCertificate(CertificateError::BadEncoding),
                Transport::TlsFailed,
            ),
            (
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                Transport::TlsFailed,
            ),
        ] {
            assert_eq!(tls_failure(&error), kind, "{error}");
        }
    }
}
