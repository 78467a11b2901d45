//! One file a command: its arguments, and what it does with them.

pub mod add_model;
pub mod completions;
pub mod doctor;
pub mod explain;
pub mod gateway_config;
pub mod init;
pub mod lint;
pub mod lsp;
pub mod man;
pub mod models;
pub mod open;
pub mod remove_model;
pub mod report;
pub mod set_fallback;
pub mod set_header;
pub mod set_key;
pub mod set_primary;
pub mod show;
pub mod tab;
pub mod undo;
pub mod unwire;
