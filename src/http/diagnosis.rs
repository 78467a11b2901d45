//! What kind of failure lies below an error of the HTTP client.

use std::io;

use rustls::CertificateError;
use rustls::pki_types::InvalidDnsNameError;

use crate::causes::Transport;
use crate::portkey::printable;

type AnyError = dyn std::error::Error + 'static;

/// Whether reading a body ended at the request's time limit.
pub(super) fn is_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout)
}

/// An error and those below it, also those that `io::Error` wraps without naming them.
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

/// What kind of failure an error of the client is; a timeout is none of them.
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
    // Connected, and then no handshake came about.
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

/// Whether what came back is not HTTP, such as an alert of TLS.
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
        // What is signed by itself comes as `Other`.
        CertificateError::UnknownIssuer | CertificateError::Other(_) => Transport::TlsUntrusted,
        _ => Transport::TlsFailed,
    }
}

/// The innermost error, which says most, on one line.
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
    fn certificates_fail_in_different_ways() {
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
