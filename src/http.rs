//! Portkey over HTTP.
