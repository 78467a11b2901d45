//! `lsp`: a language server for `openclaw.json`.

use clap::Args;

use crate::app::Env;
use crate::app::lsp::Server;
use crate::error::{Exit, Failure};
use crate::ui::Ui;

/// Arguments of `lsp`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey lsp

Editors start it and use standard input and output; docs/editors.md has the
settings for VS Code, Neovim, Helix and Zed.")]
pub struct LspArgs {
    /// Accepted because many editors pass it
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs `lsp`.
///
/// # Errors
/// The input isn't the protocol.
pub fn run(_: &LspArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    Server::new(ui, env).run()
}
