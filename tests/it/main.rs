//! All integration tests in one program: linked once, its helpers compiled once.
//!
//! Where a module tests a command, it runs the real program in a process of its own. What all of
//! them share stays as it is: no test changes the environment, the current folder or a signal's
//! handler of this process.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests look at files themselves, and fail loudly"
)]
#![expect(
    clippy::needless_raw_string_hashes,
    reason = "snapshots are renewed with hashes, needed or not"
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
