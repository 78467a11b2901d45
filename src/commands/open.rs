//! `open`: Portkey's pages in the browser.

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::app::{Env, output, usage};
use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::launch;
use crate::mask::printable;
use crate::ui::Ui;

/// Arguments of `open`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey open logs 6f1c2c9e
  openclaw-portkey open keys --print

Without a browser, for example over SSH, the link is printed.")]
pub struct OpenArgs {
    /// The page
    #[arg(value_enum, default_value_t)]
    page: PortkeyPage,
    /// With `logs`: the trace id to look for
    #[arg(value_name = "TRACE")]
    trace: Option<String>,
    /// Print the link without opening it
    #[arg(long)]
    print: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: Format,
}

/// A page of Portkey's web app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PortkeyPage {
    /// The dashboard: requests, cost, errors
    #[default]
    Dashboard,
    /// Every request, with its trace id
    Logs,
    /// API keys
    #[value(alias = "key", alias = "api-keys")]
    Keys,
    /// Providers and their models
    #[value(alias = "providers", alias = "model-catalog")]
    Models,
    /// Gateway configs
    #[value(alias = "config", alias = "gateway-config")]
    Configs,
}

impl PortkeyPage {
    /// Its URL.
    #[must_use]
    pub fn url(self) -> &'static str {
        match self {
            Self::Dashboard => "https://app.portkey.ai",
            Self::Logs => "https://app.portkey.ai/logs",
            Self::Keys => "https://app.portkey.ai/api-keys",
            Self::Models => "https://app.portkey.ai/model-catalog",
            Self::Configs => "https://app.portkey.ai/configs",
        }
    }
}

/// Runs `open`.
///
/// # Errors
/// If a trace is given for a page other than the logs.
pub fn run(args: &OpenArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    if args.trace.is_some() && args.page != PortkeyPage::Logs {
        return Err(usage("only `logs` takes a trace id"));
    }
    let url = args.page.url();
    let opens = !args.print && args.format == Format::Text && ui.width().is_some();
    let opened = opens && has_screen(env) && launch::browser(url);
    output::finish(ui, args.format, "open", || json!({ "url": url }));
    if args.format == Format::Text {
        if opened {
            ui.note(&format!("Opened {url}"));
        } else {
            ui.result(url);
        }
    }
    if let Some(trace) = &args.trace {
        // There is no documented URL for a single trace.
        ui.note(&format!("Search there for the trace {}.", printable(trace)));
    }
    Ok(Exit::Done)
}

/// Whether a browser could open a window; a text browser in this terminal isn't wanted.
fn has_screen(env: &Env) -> bool {
    let screens = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];
    cfg!(any(windows, target_os = "macos")) || screens.iter().any(|name| env.text(name).is_some())
}
