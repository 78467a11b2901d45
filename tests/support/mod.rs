//! What the tests share: a throwaway home for OpenClaw, and a Portkey on loopback.

pub mod home;
pub mod portkey;
