//! What the tests share: a throwaway home for OpenClaw, and a Portkey on loopback.

pub(crate) mod home;
pub(crate) mod portkey;
