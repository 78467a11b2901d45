//! Routes OpenClaw through the Portkey AI gateway without rewriting `openclaw.json`.
//!
//! # Map
//! The core uses no files, environment, network or clock and prints nothing:
//! [`document`] (text and a tree of byte ranges), [`edit`] (changes → replacements), [`diff`] (what
//! a change looks like), [`lines`] (offsets → line and column), [`dotenv`] (lines of a `.env`),
//! [`mask`] and [`secret`] (what must never be shown), [`openclaw`] (how OpenClaw reads the file),
//! [`portkey`] (slugs, headers, catalogue, refusals, model facts), [`plan`] (intent → list of
//! changes), [`causes`] (everything that keeps requests from arriving, in one table),
//! [`diagnostic`] (the result of a check) with [`help`] (the command to run), [`report`]
//! (diagnostics → text, JSON, SARIF, annotations; the causes → documentation) and [`doctor`]
//! (checks and conclusion).
//! JSON, SARIF, annotations, and the causes as documentation) and [`doctor`] (checks and verdict).
//!
//! Around it are thin modules that use the core but not each other: [`store`] (files), [`http`]
//! (Portkey), [`machine`] (services, processes, variables), [`prompt`] (questions), [`ui`] (stdout
//! and stderr), `launch` (`man` and the browser) and [`error`] (failures and exit codes). Both
//! `store` and `machine` use `process`.
//! `app` connects them: `Session`, `Inquiry` and `Change`. [`commands`] has the arguments of each
//! command; [`cli`] parses them and is the only reader of the environment.
//!
//! Dependencies point one way: `main → cli → commands → app → {store, http, machine, prompt, ui} → core`.

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
mod launch;
pub mod lines;
pub mod machine;
pub mod mask;
pub mod nearest;
pub mod openclaw;
pub mod pasted;
mod pattern;
pub mod plan;
pub mod portkey;
mod process;
pub mod prompt;
mod random;
pub mod report;
pub mod secret;
pub mod store;
pub mod team;
mod timestamp;
pub mod ui;
mod usage_error;
