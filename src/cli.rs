//! Arguments and environment; nothing else reads the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "the environment is read here and passed on"
)]

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, FromArgMatches as _, Parser, Subcommand};

use crate::app::{self, Env};
use crate::args::{Format, WriteArgs};
use crate::commands;
use crate::error::{Exit, Failure};
use crate::help::RunContext;
use crate::mask::{keys_in, names_secret};
use crate::prompt;
use crate::store::{self, Environment};
use crate::ui::{Color, Secrets, Ui};
use crate::usage_error;

/// The version, with the commit and target it was built from.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("OPENCLAW_PORTKEY_BUILD"),
    ")"
);

/// The commands that short help lists.
const COMMON: [&str; 8] = [
    "init",
    "add-model",
    "set-primary",
    "models",
    "show",
    "lint",
    "doctor",
    "undo",
];

/// Route OpenClaw through the Portkey AI gateway without rewriting your openclaw.json.
#[derive(Debug, Parser)]
#[command(
    name = "openclaw-portkey",
    version,
    long_version = LONG_VERSION,
    max_term_width = 80,
    arg_required_else_help = true,
    after_help = "Examples:
  openclaw-portkey init   answer a few questions, review the change, confirm
  openclaw-portkey lint   check the config for problems
  openclaw-portkey undo   undo the last change",
    after_long_help = "Examples:
  openclaw-portkey init
  openclaw-portkey show
  openclaw-portkey lint
  openclaw-portkey explain 401
  openclaw-portkey undo

Each command's help has examples: `openclaw-portkey init --help`.

More: https://portkey.ai/docs and
https://docs.openclaw.ai/gateway/configuration"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

#[derive(Debug, Args)]
struct Global {
    /// When to color the output
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        help_heading = "Output",
        value_name = "WHEN",
        hide_short_help = true
    )]
    color: Color,
    /// Print only results and errors
    #[arg(
        long,
        short,
        global = true,
        help_heading = "Output",
        hide_short_help = true
    )]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Connect OpenClaw to Portkey; prompts for anything not passed as a flag
    Init(Box<commands::init::InitArgs>),
    /// Add models, optionally as primary or fallback
    AddModel(commands::add_model::AddModelArgs),
    /// Remove models and all references to them
    RemoveModel(commands::remove_model::RemoveModelArgs),
    /// Set the primary model
    SetPrimary(commands::set_primary::SetPrimaryArgs),
    /// Set the fallback models
    SetFallback(commands::set_fallback::SetFallbackArgs),
    /// Set or remove headers sent with every request
    SetHeader(commands::set_header::SetHeaderArgs),
    /// Replace the Portkey API key
    SetKey(commands::set_key::SetKeyArgs),
    /// List the models your API key can route to
    Models(commands::models::ModelsArgs),
    /// Show how OpenClaw is connected to Portkey, with file and line
    Show(commands::show::ShowArgs),
    /// Check the config for problems that keep requests from reaching Portkey
    Lint(commands::lint::LintArgs),
    /// Diagnose why requests don't reach Portkey
    Doctor(commands::doctor::DoctorArgs),
    /// Check, simulate, write and save Portkey gateway configs
    GatewayConfig(commands::gateway_config::GatewayConfigArgs),
    /// Create, limit, rotate and revoke Portkey API keys
    Key(commands::key::KeyArgs),
    /// Add providers at Portkey and set their budgets and rate limits
    Provider(commands::provider::ProviderArgs),
    /// List and create guardrails: checks on requests and answers
    Guardrail(commands::guardrail::GuardrailArgs),
    /// Show requests, tokens and cost, as Portkey counted them
    Usage(commands::usage::UsageArgs),
    /// Manage a team's keys, limits, configs and rules in one file
    Team(commands::team::TeamArgs),
    /// Explain a rule, an HTTP status or an error text
    Explain(commands::explain::ExplainArgs),
    /// Print a diagnosis to paste into an issue, without keys or names
    Report(commands::report::ReportArgs),
    /// Check the config in an editor, as a language server
    Lsp(commands::lsp::LspArgs),
    /// Open a Portkey page in the browser
    Open(commands::open::OpenArgs),
    /// Undo the last change
    Undo(commands::undo::UndoArgs),
    /// Remove Portkey from the config
    Unwire(commands::unwire::UnwireArgs),
    /// Generate a shell completion script
    Completions(commands::completions::CompletionsArgs),
    /// Print the manual, or write its pages to a folder
    Man(commands::man::ManArgs),
    /// Print the version, commit and target
    #[command(hide = true)]
    Version,
    #[command(hide = true)]
    #[command(name = "__tab")]
    Tab(commands::tab::TabArgs),
}

impl Command {
    fn format(&self) -> Format {
        match (self, self.write()) {
            (_, Some(write)) => write.config.format,
            (Self::Show(args), _) => args.config.format,
            (Self::Lint(args), _) => args.format.of_failures(),
            (Self::Explain(args), _) => args.format,
            (Self::Open(args), _) => args.format,
            (Self::GatewayConfig(args), _) => args.format(),
            (Self::Key(args), _) => args.format(),
            (Self::Guardrail(args), _) => args.format(),
            (Self::Usage(args), _) => args.format(),
            (Self::Provider(args), _) => args.format(),
            (Self::Team(args), _) => args.format(),
            _ => Format::Text,
        }
    }

    /// The flags to repeat in suggested commands.
    fn run_context(&self) -> RunContext {
        match (self, self.write()) {
            (_, Some(write)) => write.config.run_context(),
            (Self::Show(args), _) => args.config.run_context(),
            _ => RunContext::default(),
        }
    }

    /// The arguments of a command that writes.
    fn write(&self) -> Option<&WriteArgs> {
        Some(match self {
            Self::Init(args) => &args.write,
            Self::AddModel(args) => &args.write,
            Self::RemoveModel(args) => &args.write,
            Self::SetPrimary(args) => &args.write,
            Self::SetFallback(args) => &args.write,
            Self::SetHeader(args) => &args.write,
            Self::SetKey(args) => &args.write,
            Self::Models(args) => &args.write,
            Self::Doctor(args) => &args.write,
            Self::Undo(args) => &args.write,
            Self::Unwire(args) => &args.write,
            Self::GatewayConfig(args) => return args.write(),
            Self::Key(args) => return args.write(),
            Self::Guardrail(args) => return args.write(),
            Self::Provider(args) => return args.write(),
            Self::Team(args) => return args.write(),
            Self::Show(_)
            | Self::Lint(_)
            | Self::Usage(_)
            | Self::Explain(_)
            | Self::Report(_)
            | Self::Lsp(_)
            | Self::Open(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Version
            | Self::Tab(_) => return None,
        })
    }

    /// The name on the command line.
    fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::AddModel(_) => "add-model",
            Self::RemoveModel(_) => "remove-model",
            Self::SetPrimary(_) => "set-primary",
            Self::SetFallback(_) => "set-fallback",
            Self::SetHeader(_) => "set-header",
            Self::SetKey(_) => "set-key",
            Self::Models(_) => "models",
            Self::Show(_) => "show",
            Self::Lint(_) => "lint",
            Self::Doctor(_) => "doctor",
            Self::GatewayConfig(_) => "gateway-config",
            Self::Key(_) => "key",
            Self::Guardrail(_) => "guardrail",
            Self::Usage(_) => "usage",
            Self::Provider(_) => "provider",
            Self::Team(_) => "team",
            Self::Explain(_) => "explain",
            Self::Report(_) => "report",
            Self::Lsp(_) => "lsp",
            Self::Open(_) => "open",
            Self::Undo(_) => "undo",
            Self::Unwire(_) => "unwire",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
            Self::Version => "version",
            Self::Tab(_) => "__tab",
        }
    }

    fn run(&self, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
        match self {
            Self::Init(args) => commands::init::run(args, ui, env),
            Self::AddModel(args) => commands::add_model::run(args, ui, env),
            Self::RemoveModel(args) => commands::remove_model::run(args, ui, env),
            Self::SetPrimary(args) => commands::set_primary::run(args, ui, env),
            Self::SetFallback(args) => commands::set_fallback::run(args, ui, env),
            Self::SetHeader(args) => commands::set_header::run(args, ui, env),
            Self::SetKey(args) => commands::set_key::run(args, ui, env),
            Self::Models(args) => commands::models::run(args, ui, env),
            Self::Show(args) => commands::show::run(args, ui, env),
            Self::Lint(args) => commands::lint::run(args, ui, env),
            Self::Doctor(args) => commands::doctor::run(args, ui, env),
            Self::GatewayConfig(args) => commands::gateway_config::run(args, ui, env),
            Self::Key(args) => commands::key::run(args, ui, env),
            Self::Guardrail(args) => commands::guardrail::run(args, ui, env),
            Self::Usage(args) => commands::usage::run(args, ui, env),
            Self::Provider(args) => commands::provider::run(args, ui, env),
            Self::Team(args) => commands::team::run(args, ui, env),
            Self::Explain(args) => commands::explain::run(args, ui),
            Self::Report(args) => Ok(commands::report::run(args, LONG_VERSION, ui, env)?),
            Self::Lsp(args) => Ok(commands::lsp::run(args, ui, env)?),
            Self::Open(args) => Ok(commands::open::run(args, ui, env)?),
            Self::Undo(args) => commands::undo::run(args, ui, env),
            Self::Unwire(args) => commands::unwire::run(args, ui, env),
            Self::Completions(args) => Ok(commands::completions::run(args, ui)),
            Self::Man(args) => commands::man::run(args, command(), ui),
            Self::Version => {
                ui.result(&format!("openclaw-portkey {LONG_VERSION}"));
                Ok(Exit::Done)
            }
            Self::Tab(args) => Ok(commands::tab::run(args, command(), ui, env)),
        }
    }
}

/// Parses the arguments (the first is the program's name), runs the command and reports the result.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let secrets = of_environment();
    for arg in args.iter().filter_map(|arg| arg.to_str()) {
        for key in keys_in(after_existing_path(arg)) {
            secrets.add(key);
        }
    }
    let definition = if is_first_look(&args) {
        first_look(command())
    } else {
        command()
    };
    let parsed = definition
        .color(help_color())
        .try_get_matches_from(&args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage_error::report(error, &args, &command(), secrets),
    };
    let ui = ui(&cli.global, secrets);
    let env = env(&ui);
    end_on_signals();
    let run = || cli.command.run(&ui, &env).map_err(Failure::from);
    let result = match cli.command.write() {
        Some(write) => app::change::queued(write, &env, run),
        None => run(),
    };
    let exit = match result {
        Ok(exit) => exit,
        Err(failure) => {
            let (format, name) = (cli.command.format(), cli.command.name());
            app::report_failure(&ui, format, name, &failure, &cli.command.run_context())
        }
    };
    if ui.is_complete() {
        return exit;
    }
    ui.alert("error: the output could not be written");
    Exit::CouldNotRun
}

/// The part of an argument after the longest existing path: the name of a temporary folder looks
/// like a key but isn't one.
fn after_existing_path(arg: &str) -> &str {
    let value = arg.split_once('=').map(|(_, value)| value);
    let place = [Some(arg), value].into_iter().flatten().find_map(|text| {
        let mut folders = Path::new(text).ancestors();
        let place = folders.find(|place| !place.as_os_str().is_empty() && place.exists())?;
        text.strip_prefix(place.to_str()?)
    });
    place.unwrap_or(arg)
}

/// Whether the environment forces colour.
fn forces_color() -> bool {
    let set =
        |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    set("FORCE_COLOR") || set("CLICOLOR_FORCE")
}

/// Whether the environment forbids colour, which takes precedence.
fn forbids_color() -> bool {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    plain || std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// The colour of help and usage errors, which are printed before flags are parsed.
fn help_color() -> clap::ColorChoice {
    if forbids_color() {
        clap::ColorChoice::Never
    } else if forces_color() {
        clap::ColorChoice::Always
    } else {
        clap::ColorChoice::Auto
    }
}

fn ui(global: &Global, secrets: Secrets) -> Ui {
    Ui::new(
        global.color,
        forces_color(),
        forbids_color(),
        global.quiet,
        secrets,
    )
}

/// The secrets in environment variables, recognized by name.
fn of_environment() -> Secrets {
    let secrets = Secrets::default();
    for (name, value) in std::env::vars_os() {
        if let (Some(name), Some(value)) = (name.to_str(), value.to_str())
            && names_secret(name)
        {
            secrets.add(value);
        }
    }
    secrets
}

/// The environment of the commands.
fn env(ui: &Ui) -> Env {
    Env {
        secrets: ui.secrets().clone(),
        files: Environment::from_vars(
            std::env::vars_os(),
            std::env::current_dir().ok(),
            dirs::home_dir(),
        ),
        cache: cache_folder(),
        variable: |name| std::env::var_os(name),
        locks: RefCell::new(None),
    }
}

fn end_on_signals() {
    // For Ctrl-C, SIGTERM and SIGHUP, including during a prompt. A second one has no effect, since
    // the handler exits.
    let _ = ctrlc::set_handler(|| {
        store::wait_until_saved(|| {
            let _ = writeln!(std::io::stderr(), "exiting once the new key is stored");
        });
        store::abandon();
        // Without a prompt, it isn't known how far the command got.
        let message = if prompt::restore_terminal() {
            store::cancelled()
        } else {
            "cancelled"
        };
        // `eprintln!` would panic if the terminal is gone.
        let _ = writeln!(std::io::stderr(), "{message}");
        std::process::exit(i32::from(Exit::Cancelled.status()));
    });
}

/// `$XDG_CACHE_HOME` on every system, else the system's own cache folder.
fn cache_folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let folder = named.filter(|folder| folder.is_absolute());
    Some(folder.or_else(dirs::cache_dir)?.join("openclaw-portkey"))
}

/// All commands, for completion and the manual.
#[must_use]
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command().mut_subcommands(with_links)
}

/// Whether the arguments are empty or only `-h`, so that the help must fit a screen.
fn is_first_look(args: &[OsString]) -> bool {
    let mut args = args.iter().skip(1);
    args.all(|arg| arg.as_encoded_bytes().starts_with(b"-") && arg != "--help")
}

/// Hides all but the most common commands.
fn first_look(command: clap::Command) -> clap::Command {
    command
        .mut_subcommands(|command| {
            let is_common = COMMON.contains(&command.get_name());
            command.hide(!is_common)
        })
        .after_help("All commands: openclaw-portkey help")
}

/// Short help keeps two examples; long help has all of them, and links.
fn with_links(command: clap::Command) -> clap::Command {
    let command = command.mut_subcommands(with_links);
    let Some(help) = command.get_after_help() else {
        return command;
    };
    let help = help.to_string();
    let mut short = String::new();
    let mut examples = 0;
    for line in help.lines().take_while(|line| !line.is_empty()) {
        // An example may continue on the next line.
        examples += usize::from(line.starts_with("  openclaw-portkey "));
        if examples > 2 {
            break;
        }
        short.push_str(line);
        short.push('\n');
    }
    let long = format!(
        "{help}\n\nMore: https://portkey.ai/docs and\n{}",
        crate::causes::OPENCLAW_DOCS
    );
    command.after_help(short).after_long_help(long)
}
