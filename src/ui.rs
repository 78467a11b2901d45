//! Both output streams: results to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use console::{Style, Term};
use indicatif::{ProgressBar, ProgressStyle};

use crate::columns::wrap_paragraph;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// As `NO_COLOR`, `FORCE_COLOR` and the terminal say.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a piece of output means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Went well; also an added line.
    Good,
    /// Went wrong; also a removed line.
    Bad,
    /// Needs attention.
    Warn,
    /// Of less interest.
    Dim,
    /// A heading.
    Bold,
    /// A place or a hunk header.
    Place,
}

/// The two streams and what they can do.
#[derive(Debug)]
pub struct Ui {
    quiet: bool,
    /// Whether a result could not be written, to a full disk for example.
    is_cut: AtomicBool,
    color_out: bool,
    color_err: bool,
}

impl Ui {
    /// `force` and `plain` are `FORCE_COLOR` and `NO_COLOR`, where set.
    #[must_use]
    pub fn new(color: Color, force: bool, plain: bool, quiet: bool) -> Self {
        let decide = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if plain => false,
            Color::Auto => force || terminal,
        };
        let ui = Self {
            quiet,
            is_cut: AtomicBool::new(false),
            color_out: decide(io::stdout().is_terminal() && takes_colour(&Term::stdout())),
            color_err: decide(io::stderr().is_terminal() && takes_colour(&Term::stderr())),
        };
        console::set_colors_enabled(ui.color_out);
        console::set_colors_enabled_stderr(ui.color_err);
        ui
    }

    /// Whether questions can be asked: both the answers and the questions have a terminal, and it
    /// can move its cursor, which `TERM=dumb` cannot.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal() && !console::is_dumb()
    }

    /// Whether results are coloured.
    #[must_use]
    pub fn colors_results(&self) -> bool {
        self.color_out
    }

    /// The columns of the terminal that results go to, where it is one.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        let (_, columns) = console::Term::stdout().size_checked()?;
        Some(usize::from(columns))
    }

    /// Text in a tone, for [`Ui::result`].
    #[must_use]
    pub fn out(&self, tone: Tone, text: &str) -> String {
        paint(self.color_out, tone, text)
    }

    /// Text in a tone, for [`Ui::note`].
    #[must_use]
    pub fn err(&self, tone: Tone, text: &str) -> String {
        paint(self.color_err, tone, text)
    }

    /// A result line. A reader that has gone away (`| head`) ends the output quietly.
    pub fn result(&self, line: &str) {
        self.written(writeln!(io::stdout().lock(), "{line}"));
    }

    /// A part of the results, without a line end.
    pub fn result_part(&self, text: &str) {
        self.written(io::stdout().lock().write_all(text.as_bytes()));
    }

    fn written(&self, result: io::Result<()>) {
        if result.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            self.is_cut.store(true, Ordering::Relaxed);
        }
    }

    /// Whether all results were written; the last ones are, now. A reader that went away got what
    /// it wanted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.written(io::stdout().lock().flush());
        !self.is_cut.load(Ordering::Relaxed)
    }

    /// A line about what is going on; not shown when quiet. A terminal gets it broken at spaces.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            tell(line);
        }
    }

    /// Like [`Ui::note`], but never broken: a line of a file.
    pub fn verbatim(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    }

    /// Shows that something takes its time, until [`Busy::done`].
    #[must_use]
    pub fn busy(&self, what: &str) -> Busy {
        if self.quiet || !io::stderr().is_terminal() {
            return Busy(None);
        }
        // A spinner is drawn in place, which such a terminal cannot do.
        if console::is_dumb() {
            self.note(&format!("{what} …"));
            return Busy(None);
        }
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Busy(Some(bar))
    }

    /// A line that `--quiet` does not hide: a warning, an error.
    pub fn alert(&self, line: &str) {
        tell(line);
    }
}

/// A spinner beside a word on what is going on; nothing where stderr is no terminal.
#[derive(Debug)]
pub struct Busy(Option<ProgressBar>);

impl Busy {
    /// Takes the spinner away.
    pub fn done(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A console of Windows has to be told that colours will come; an old one cannot show them.
fn takes_colour(terminal: &Term) -> bool {
    !cfg!(windows) || terminal.features().colors_supported()
}

fn tell(text: &str) {
    let terminal = Term::stderr();
    let width = terminal
        .size_checked()
        .map(|(_, columns)| usize::from(columns));
    let mut lines = Vec::new();
    for line in text.split('\n') {
        match width {
            Some(width) => lines.extend(wrap_paragraph(line, width)),
            None => lines.push(line.to_owned()),
        }
    }
    let _ = writeln!(io::stderr().lock(), "{}", lines.join("\n"));
}

fn paint(enabled: bool, tone: Tone, text: &str) -> String {
    if !enabled {
        return text.to_owned();
    }
    let style = Style::new().force_styling(true);
    let style = match tone {
        Tone::Good => style.green(),
        Tone::Bad => style.red(),
        Tone::Warn => style.yellow(),
        Tone::Dim => style.dim(),
        Tone::Bold => style.bold(),
        Tone::Place => style.cyan(),
    };
    style.apply_to(text).to_string()
}
