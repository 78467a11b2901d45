//! `man`: the manual, a page a command.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use crate::error::{Exit, Failure, FailureKind};
use crate::store;
use crate::ui::Ui;

use crate::app::output;

const SOURCE: &str = concat!("openclaw-portkey ", env!("CARGO_PKG_VERSION"));

/// The title of the first page.
const ROOT: &str = "openclaw-portkey";

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey man | man -l -
  openclaw-portkey man ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Write one page per command to this folder; prints the main page if omitted
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// A page of the manual.
#[derive(Debug)]
pub struct Page {
    /// Its file, such as `openclaw-portkey-init.1`.
    pub name: String,
    /// Its text, for roff.
    pub text: Vec<u8>,
}

/// The manual, the program's own page first.
///
/// # Errors
/// None that is known of: the pages are made in memory.
pub fn pages(mut root: Command) -> io::Result<Vec<Page>> {
    root.build();
    std::iter::once(&root)
        .chain(
            root.get_subcommands()
                .filter(|command| !command.is_hide_set()),
        )
        .map(page)
        .collect()
}

fn page(command: &Command) -> io::Result<Page> {
    let title = command
        .get_display_name()
        .unwrap_or(command.get_name())
        .to_owned();
    let command = command
        .clone()
        .version(env!("CARGO_PKG_VERSION"))
        // What short help leaves out would be missing here.
        .mut_args(|arg| arg.hide_short_help(false));
    let examples = command
        .get_after_long_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let man = Man::new(command)
        .title(title.as_str())
        .date("")
        .source(SOURCE);
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if title == ROOT {
        man.render_subcommands_section(&mut text)?;
    }
    as_written(&examples, &mut text)?;
    Ok(Page {
        name: format!("{title}.1"),
        text,
    })
}

/// Examples, whose lines roff would run together.
fn as_written(examples: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let body = examples.strip_prefix("Examples:\n").unwrap_or(examples);
    writeln!(page, ".SH EXAMPLES\n.nf")?;
    for line in body.lines() {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        let line = line.replace('\'', "\\(aq").replace('`', "\\(ga");
        // A full stop at the start of a line would be an order.
        let guard = if line.starts_with('.') { "\\&" } else { "" };
        writeln!(page, "{guard}{line}")?;
    }
    writeln!(page, ".fi")
}

/// Runs `man`.
///
/// # Errors
/// When the folder cannot be written.
pub fn run(args: &ManArgs, root: Command, ui: &Ui) -> Result<Exit, Failure> {
    let failed = |error: io::Error| Failure::new(FailureKind::File, error.to_string());
    let pages = pages(root).map_err(failed)?;
    let Some(folder) = &args.folder else {
        if let Some(first) = pages.first() {
            ui.result_part(&String::from_utf8_lossy(&first.text));
        }
        return Ok(Exit::Done);
    };
    for page in &pages {
        store::publish(folder, &page.name, &page.text, 0o644).map_err(|error| {
            let file = folder.join(&page.name);
            Failure::new(
                FailureKind::File,
                format!("cannot write {}: {error}", file.display()),
            )
        })?;
    }
    ui.note(&format!(
        "{} pages written to {}",
        pages.len(),
        output::short(folder, None)
    ));
    Ok(Exit::Done)
}
