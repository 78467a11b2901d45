//! The terminal's modes: no echo while a question is open, and as they were before after it,
//! however the question ends.

use std::io;

#[cfg(unix)]
mod imp {
    use std::io;
    use std::sync::{Mutex, PoisonError};

    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
    };

    /// The modes from before the open question.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    pub(super) fn silence(modes: LocalModes) -> io::Result<()> {
        let stdin = io::stdin();
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let now = tcgetattr(&stdin)?;
        let mut silent = now.clone();
        silent.local_modes.remove(modes);
        tcsetattr(&stdin, OptionalActions::Drain, &silent)?;
        *before = Some(now);
        Ok(())
    }

    pub(super) fn keys() -> io::Result<()> {
        silence(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN)
    }

    pub(super) fn line() -> io::Result<()> {
        silence(LocalModes::ECHO)
    }

    pub(super) fn restore() {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(modes) = before.take() {
            // A terminal that has gone away has no modes to restore.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
        }
    }

    pub(super) fn discard() {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// On other systems `console` sets the modes with every key.
#[cfg(not(unix))]
mod imp {
    use std::io;

    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(super) fn keys() -> io::Result<()> {
        Ok(())
    }

    pub(super) fn restore() {}

    pub(super) fn discard() {}
}

/// As long as it lives, what is typed is not shown by the terminal itself.
#[derive(Debug)]
pub(super) struct Quiet(());

impl Quiet {
    /// Single keys, Ctrl-C among them, come through as they are typed.
    pub(super) fn new() -> io::Result<Self> {
        imp::keys()?;
        Ok(Self(()))
    }

    /// Whole lines come through; Ctrl-C is a signal.
    #[cfg(unix)]
    pub(super) fn line() -> io::Result<Self> {
        imp::line()?;
        Ok(Self(()))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        imp::restore();
    }
}

/// Forgets what was typed and not read yet.
pub(super) fn discard_input() {
    imp::discard();
}

/// Gives the terminal back as it was before an open question or a spinner, the cursor at the
/// start of an empty line. For the signal handler.
pub fn restore_terminal() {
    imp::restore();
    let terminal = console::Term::stderr();
    if !terminal.is_term() {
        return;
    }
    // Without them a terminal that is none of the kind would show the sequences as text.
    if console::is_dumb() {
        let _ = terminal.write_line("");
    } else {
        let _ = terminal.clear_line();
        let _ = terminal.show_cursor();
    }
}
