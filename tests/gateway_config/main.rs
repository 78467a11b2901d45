//! Gateway configs: the simulator against what the real gateway did, the checks, the commands.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests look at files themselves, and fail loudly"
)]

mod cases;
mod commands;
mod guide;
mod random;
mod simulating;
mod writing;
