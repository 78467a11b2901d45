//! `man`: the manual, one page per command.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Command};
use clap_mangen::Man;

use crate::app::usage;
use crate::error::{Exit, Failure};
use crate::launch;
use crate::mask::printable;
use crate::store;
use crate::ui::Ui;

use crate::app::output;

const SOURCE: &str = concat!("openclaw-portkey ", env!("CARGO_PKG_VERSION"));

/// The command that clap adds.
const HELP: &str = "help";

/// The title of the first page.
const ROOT: &str = "openclaw-portkey";

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey man init
  openclaw-portkey man --dir ~/.local/share/man/man1
  openclaw-portkey man | man -l -")]
pub struct ManArgs {
    /// Show the page of this command; the main page if omitted
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write one page per command to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

/// A page of the manual.
#[derive(Debug)]
pub struct Page {
    /// Its file name, such as `openclaw-portkey-init.1`.
    pub name: String,
    /// Its text as roff.
    pub text: Vec<u8>,
}

/// The manual, starting with the program's own page.
///
/// # Errors
/// None is expected: pages are rendered in memory.
pub fn pages(mut root: Command) -> io::Result<Vec<Page>> {
    root.build();
    let mut commands = vec![&root];
    let mut next = 0;
    while let Some(command) = commands.get(next) {
        let documented = |command: &&Command| !command.is_hide_set() && command.get_name() != HELP;
        commands.extend(command.get_subcommands().filter(documented));
        next += 1;
    }
    commands.into_iter().map(page).collect()
}

fn page(command: &Command) -> io::Result<Page> {
    let title = command
        .get_display_name()
        .unwrap_or(command.get_name())
        .to_owned();
    let command = command
        .clone()
        .version(env!("CARGO_PKG_VERSION"))
        // Options that short help omits would be missing here.
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

/// Writes examples verbatim; roff would join their lines.
fn as_written(examples: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let body = examples.strip_prefix("Examples:\n").unwrap_or(examples);
    writeln!(page, ".SH EXAMPLES\n.nf")?;
    for line in body.lines() {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        let line = line.replace('\'', "\\(aq").replace('`', "\\(ga");
        // roff reads a line that starts with a full stop as a request.
        let guard = if line.starts_with('.') { "\\&" } else { "" };
        writeln!(page, "{guard}{line}")?;
    }
    writeln!(page, ".fi")
}

/// Runs `man`.
///
/// # Errors
/// If the command doesn't exist, or the folder can't be written.
pub fn run(args: &ManArgs, root: Command, ui: &Ui) -> anyhow::Result<Exit> {
    let pages = pages(root)?;
    let Some(folder) = &args.dir else {
        let page = named(&pages, &args.command)?;
        if !(ui.width().is_some() && launch::man(&page.text)) {
            ui.result_part(&String::from_utf8_lossy(&page.text));
        }
        return Ok(Exit::Done);
    };
    for page in &pages {
        store::publish(folder, &page.name, &page.text, 0o644)
            .with_context(|| format!("cannot write {}", folder.join(&page.name).display()))?;
    }
    ui.note(&format!(
        "{} pages written to {}",
        pages.len(),
        output::short(folder, None)
    ));
    Ok(Exit::Done)
}

fn named<'p>(pages: &'p [Page], command: &[String]) -> Result<&'p Page, Failure> {
    let words = std::iter::once(ROOT).chain(command.iter().map(String::as_str));
    let name = format!("{}.1", words.collect::<Vec<_>>().join("-"));
    pages.iter().find(|page| page.name == name).ok_or_else(|| {
        let typed = printable(&command.join(" ")).into_owned();
        usage(format!("no command `{typed}`")).hint("`{run: help}` lists the commands")
    })
}
