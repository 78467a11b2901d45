//! `openclaw-portkey` wires OpenClaw to the Portkey AI gateway.
//!
//! It reads `openclaw.json` without losing a byte, knows what the file must say for
//! OpenClaw to reach models through Portkey, and brings it there.
//!
//! # Map
//! The core knows no files, no environment, no network, no clock and prints nothing:
//! [`document`] (text and a tree of byte ranges), [`edit`] (changes → replacements), [`diff`] (what
//! a change looks like), [`lines`] (offsets → line and column), [`dotenv`] (lines of a `.env`),
//! [`mask`] and [`secret`] (what must never be shown), [`openclaw`] (what OpenClaw means by the
//! file), [`portkey`] (slugs, headers, catalogue, refusals, what is known of models), [`plan`] (an
//! intent becomes a list of changes), [`causes`] (what keeps requests from arriving: one table),
//! [`diagnostic`] (what a check found) with [`help`] (what to type), [`report`] (diagnostics → text,
//! JSON, SARIF, annotations, and the causes as documentation) and [`doctor`] (checks and verdict).
//!
//! The shells are thin, each knows the core and none knows another: [`store`] (files),
//! [`http`] (Portkey), [`machine`] (services, processes, variables), [`prompt`] (questions),
//! [`ui`] (both streams), [`error`] (the edge). What the system says about a process both files
//! and machine ask of one place.
//! [`commands`] joins them; [`cli`] parses arguments and is the only reader of the
//! environment.
//!
//! Arrows point one way: `main → cli → commands → {store, http, machine, prompt, ui} → core`.

mod app;
pub mod args;
pub mod causes;
pub mod cli;
mod columns;
pub mod commands;
pub mod diagnostic;
pub mod diff;
pub mod doctor;
pub mod document;
pub mod dotenv;
pub mod edit;
pub mod error;
pub mod gateway_config;
pub mod help;
pub mod http;
pub mod lines;
pub mod machine;
pub mod mask;
pub mod openclaw;
pub mod plan;
pub mod portkey;
mod process;
pub mod prompt;
mod random;
pub mod report;
pub mod secret;
pub mod store;
mod timestamp;
pub mod ui;
mod usage_error;
