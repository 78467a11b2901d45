//! `openclaw-portkey` wires OpenClaw to the Portkey AI gateway.
//!
//! It reads `openclaw.json` without losing a byte, knows what the file must say for
//! OpenClaw to reach models through Portkey, and brings it there.
//!
//! # Map
//! The core knows no files, no environment, no network, no clock and prints nothing:
//! [`document`] (text and a tree of byte ranges), [`edit`] (changes → replacements),
//! [`diff`] (what a change looks like), [`mask`] and [`secret`] (what must never be shown), [`openclaw`] (what OpenClaw means by
//! the file), [`portkey`] (slugs, headers, catalogue, refusals), [`plan`] (an intent becomes
//! a list of changes), [`rules`] (what keeps requests from arriving) and [`symptoms`] (what went wrong, why, and the cure), [`lines`] (offsets → line and column) and [`report`] (findings → text, JSON, SARIF, annotations, and the rules as documentation).
//!
//! The shells are thin, each knows the core and none knows another: [`store`] (files),
//! [`http`] (Portkey), [`prompt`] (questions), [`ui`] (both streams), [`error`] (the edge).
//! [`commands`] joins them; [`cli`] parses arguments and is the only reader of the
//! environment.
//!
//! Arrows point one way: `main → cli → commands → {store, http, prompt, ui} → core`.

pub mod cli;
mod columns;
pub mod commands;
pub mod diff;
pub mod document;
pub mod dotenv;
pub mod edit;
pub mod error;
pub mod http;
pub mod lines;
pub mod mask;
pub mod openclaw;
pub mod plan;
pub mod portkey;
pub mod prompt;
pub mod report;
pub mod rules;
pub mod secret;
pub mod store;
pub mod symptoms;
pub mod ui;
