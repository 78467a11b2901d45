//! All integration tests in a single program, so that it is linked once and its helpers are
//! compiled once.
//!
//! Modules that test a command run the real program in a separate process. Shared state stays
//! unchanged: no test changes the environment, the current folder or a signal handler of this
//! process.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests access files directly, and may panic"
)]
#![expect(
    clippy::needless_raw_string_hashes,
    reason = "updated snapshots always have hashes"
)]

mod admin;
mod agreement;
mod cli;
#[cfg(unix)]
mod doctor;
mod document;
mod edit;
mod fuzz;
mod gateway_config;
mod http;
mod json;
mod lint;
mod lsp;
#[cfg(unix)]
mod machine;
mod probe;
mod readme;
mod store;
mod support;
mod team;
#[cfg(unix)]
mod wizard;
