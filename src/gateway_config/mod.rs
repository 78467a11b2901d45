//! Gateway configs: what Portkey does with a request that refers to one.
//!
//! [`read`] parses a text into a typed tree; [`check`] finds problems in it, [`simulate`] runs it
//! against given responses, [`client`] knows what OpenClaw does with the result and [`overview`]
//! covers every failure. [`compose`] builds a new config, `forced` makes one fail on purpose, and
//! [`routing`] says what selects the model.

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
