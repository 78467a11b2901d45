//! Shared by the tests: a throwaway home for OpenClaw, a Portkey on loopback, and comparisons.

pub(crate) mod admin;
pub(crate) mod home;
pub(crate) mod portkey;
pub(crate) mod schema;
pub(crate) mod snapshot;
