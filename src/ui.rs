//! Both output streams: results go to stdout, everything else to stderr. All output passes through
//! here, so that known secrets are masked and control characters escaped.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use console::{Style, Term};
use indicatif::{ProgressBar, ProgressStyle};

use crate::columns::wrap_paragraph;
use crate::document::is_printable;
use crate::mask::Known;
use crate::secret::Secret;

/// When to colour the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// Only on a terminal, unless `NO_COLOR` or `FORCE_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The meaning of a piece of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Success; also an added line.
    Good,
    /// Failure; also a removed line.
    Bad,
    /// Needs attention.
    Warn,
    /// Less important.
    Dim,
    /// A heading.
    Bold,
    /// A location or a hunk header.
    Place,
}

/// The secrets of a run. Any code that encounters a secret adds it here, and from then on it is
/// masked. All clones share the same secrets.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<RwLock<Known>>);

impl Secrets {
    /// Masks a secret from now on.
    pub fn add(&self, secret: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.add(secret);
    }

    /// Masks several.
    pub fn add_all<'s>(&self, secrets: impl IntoIterator<Item = &'s Secret>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            known.add(secret.expose());
        }
    }

    /// A text with known secrets masked.
    #[must_use]
    pub fn safe<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match known.mask(text) {
            Cow::Borrowed(text) => harmless(text),
            Cow::Owned(text) => Cow::Owned(harmless(&text).into_owned()),
        }
    }
}

/// The two streams and their capabilities.
#[derive(Debug)]
pub struct Ui {
    secrets: Secrets,
    quiet: bool,
    /// Whether a result couldn't be written, for example to a full disk.
    is_cut: AtomicBool,
    color_out: bool,
    color_err: bool,
}

impl Ui {
    /// `force` and `plain` are `FORCE_COLOR` and `NO_COLOR`, if set.
    #[must_use]
    pub fn new(color: Color, force: bool, plain: bool, quiet: bool, secrets: Secrets) -> Self {
        let decide = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if plain => false,
            Color::Auto => force || terminal,
        };
        let ui = Self {
            secrets,
            quiet,
            is_cut: AtomicBool::new(false),
            color_out: decide(io::stdout().is_terminal() && supports_colour(&Term::stdout())),
            color_err: decide(io::stderr().is_terminal() && supports_colour(&Term::stderr())),
        };
        console::set_colors_enabled(ui.color_out);
        console::set_colors_enabled_stderr(ui.color_err);
        ui
    }

    /// The secrets to mask.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Whether questions can be asked: stdin and stderr are terminals, and the terminal can move
    /// its cursor, which `TERM=dumb` can't.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        has_person() && !console::is_dumb()
    }

    /// Whether the user is at a terminal that can't show questions.
    #[must_use]
    pub fn is_dumb(&self) -> bool {
        has_person() && console::is_dumb()
    }

    /// Whether results are coloured.
    #[must_use]
    pub fn colors_results(&self) -> bool {
        self.color_out
    }

    /// Whether everything else is coloured.
    #[must_use]
    pub fn colors_notes(&self) -> bool {
        self.color_err
    }

    /// The width of the terminal that results go to, in columns, if it is one.
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

    /// Prints a result line. If the reader has gone away (`| head`), the output ends quietly.
    pub fn result(&self, line: &str) {
        let line = self.secrets.safe(line);
        self.written(writeln!(io::stdout().lock(), "{line}"));
    }

    /// Prints a secret on purpose: the only line that isn't masked.
    ///
    /// # Errors
    /// If it couldn't be printed: it isn't shown again.
    pub fn reveal(&self, secret: &Secret) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", secret.expose())?;
        out.flush()
    }

    /// Prints part of the results, without a line break.
    pub fn result_part(&self, text: &str) {
        let text = self.secrets.safe(text);
        self.written(io::stdout().lock().write_all(text.as_bytes()));
    }

    /// Prints a message of the Language Server Protocol: its length and its text.
    pub fn message(&self, text: &str) {
        let text = self.secrets.safe(text);
        let mut out = io::stdout().lock();
        let head = format!("Content-Length: {}\r\n\r\n", text.len());
        let sent = out.write_all(head.as_bytes());
        let sent = sent.and_then(|()| out.write_all(text.as_bytes()));
        self.written(sent.and_then(|()| out.flush()));
    }

    fn written(&self, result: io::Result<()>) {
        if result.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            self.is_cut.store(true, Ordering::Relaxed);
        }
    }

    /// Flushes and returns whether all results were written. A reader that closed the pipe got what
    /// it wanted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.written(io::stdout().lock().flush());
        !self.is_cut.load(Ordering::Relaxed)
    }

    /// Prints progress or a note, unless quiet. Wrapped on a terminal.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            print(&self.secrets.safe(line));
        }
    }

    /// Like [`Ui::note`], but never wrapped: a line of a file.
    pub fn verbatim(&self, line: &str) {
        if !self.quiet {
            let line = self.secrets.safe(line);
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    }

    /// Shows that something takes a while, until [`Busy::done`].
    #[must_use]
    pub fn busy(&self, what: &str) -> Busy {
        if self.quiet || !io::stderr().is_terminal() {
            return Busy(None);
        }
        // A spinner is drawn in place, which such a terminal can't do.
        if console::is_dumb() {
            self.note(&format!("{what} …"));
            return Busy(None);
        }
        let what = self.secrets.safe(what).into_owned();
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Busy(Some(bar))
    }

    /// Runs a request to a host with a spinner.
    pub fn asking<T>(&self, host: &str, ask: impl FnOnce() -> T) -> T {
        let busy = self.busy(&format!("contacting {host}"));
        let answer = ask();
        busy.done();
        answer
    }

    /// Shows a progress bar, until [`Progress::done`].
    #[must_use]
    pub fn progress(&self, steps: usize) -> Progress {
        if self.quiet || !io::stderr().is_terminal() || console::is_dumb() {
            return Progress {
                bar: None,
                secrets: self.secrets.clone(),
            };
        }
        let bar = ProgressBar::new(steps.try_into().unwrap_or(u64::MAX));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress {
            bar: Some(bar),
            secrets: self.secrets.clone(),
        }
    }

    /// Prints a line that `--quiet` doesn't hide: a warning or an error.
    pub fn alert(&self, line: &str) {
        print(&self.secrets.safe(line));
    }
}

/// Prints only the location of a panic: its message may contain secrets.
pub fn hide_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(
            io::stderr(),
            "error: openclaw-portkey stopped unexpectedly{}; please report it",
            place.unwrap_or_default()
        );
    }));
}

/// A spinner with a message; nothing if stderr isn't a terminal.
#[derive(Debug)]
pub struct Busy(Option<ProgressBar>);

impl Busy {
    /// Removes the spinner.
    pub fn done(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A progress bar; nothing if stderr isn't a terminal.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    secrets: Secrets,
}

impl Progress {
    /// Shows the current step.
    pub fn next(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(self.secrets.safe(what).into_owned());
        }
    }

    /// Advances by one step.
    pub fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// Removes the bar.
    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Windows consoles need colours switched on; old ones don't support them.
fn supports_colour(terminal: &Term) -> bool {
    !cfg!(windows) || terminal.features().colors_supported()
}

/// Escapes everything that must not reach a terminal: control characters except line breaks, tabs
/// and colours, and characters that are invisible or reorder a line.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_fine = |c: char| is_printable(c) || matches!(c, '\n' | '\t');
    if text.chars().all(is_fine) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        if is_fine(c) || (c == '\u{1b}' && is_colour(&text[at + 1..])) {
            safe.push(c);
        } else {
            safe.extend(c.escape_default());
        }
    }
    Cow::Owned(safe)
}

/// Whether the text starts with the rest of a terminal colour sequence.
fn is_colour(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|order| {
        let end = order.find(|c: char| !(c.is_ascii_digit() || c == ';'));
        end.is_some_and(|end| order[end..].starts_with('m'))
    })
}

fn print(text: &str) {
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

/// Whether stdin and stderr are terminals.
fn has_person() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_secrets_are_masked() {
        let secrets = Secrets::default();
        assert_eq!(secrets.safe("key-1234567"), "key-1234567");
        secrets.clone().add("key-1234567");
        secrets.add_all(&[Secret::new("cAnArY7f3Q+x/Zz0=")]);
        assert_eq!(
            secrets.safe("\u{1b}[31mkey-1234567\u{1b}[0m, cAnArY7f3Q+x/Zz0="),
            "\u{1b}[31m********\u{1b}[0m, ********"
        );
    }

    #[test]
    fn only_colour_sequences_reach_the_terminal() {
        let secrets = Secrets::default();
        for (text, shown) in [
            ("a\tb\nc é 😀", "a\tb\nc é 😀"),
            ("\u{1b}[1;31ma\u{1b}[0m", "\u{1b}[1;31ma\u{1b}[0m"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{1b}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
            ("a\rb\u{9b}c", "a\\rb\\u{9b}c"),
            (
                "a\u{202e}b\u{2066}c\u{200b}d",
                "a\\u{202e}b\\u{2066}c\\u{200b}d",
            ),
        ] {
            assert_eq!(secrets.safe(text), shown);
        }
    }
}
