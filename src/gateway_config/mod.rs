//! Gateway configs: what Portkey does with a request that names one.
//!
//! [`read`] makes a typed tree of a text; [`check`] finds what is wrong with it, [`simulate`] runs
//! it against answers that are given, [`client`] knows what OpenClaw does with
//! the result and [`overview`] goes through every failure. [`compose`] makes a new one,
//! `forced` makes one fail on purpose, and [`routing`] says who chooses the model.

pub mod check;
pub mod client;
pub mod compose;
pub(crate) mod forced;
pub mod overview;
pub mod picture;
pub mod read;
pub mod routing;
pub mod simulate;

/// Which gateway runs a config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gateway {
    /// Portkey's own, and the enterprise one.
    #[default]
    Hosted,
    /// The open-source gateway, 1.15.2.
    OpenSource,
}
