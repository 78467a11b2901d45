//! The terminal's modes: as they were before a question after it, however the question ends.

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

    pub(super) fn keep() -> io::Result<()> {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        *before = Some(tcgetattr(io::stdin())?);
        Ok(())
    }

    pub(super) fn silence() -> io::Result<()> {
        keep()?;
        let stdin = io::stdin();
        let mut silent = tcgetattr(&stdin)?;
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        tcsetattr(&stdin, OptionalActions::Drain, &silent)?;
        Ok(())
    }

    pub(super) fn restore() -> bool {
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(modes) = before.take() else {
            return false;
        };
        // A terminal that has gone away has no modes to restore.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
        true
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
    pub(super) fn keep() -> io::Result<()> {
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(super) fn silence() -> io::Result<()> {
        Ok(())
    }

    pub(super) fn restore() -> bool {
        false
    }

    pub(super) fn discard() {}
}

/// The modes while a question is open; dropping it brings the former ones back.
#[derive(Debug)]
pub(super) struct Modes(());

impl Modes {
    /// For single keys. What is typed between two of them, while something is drawn, is neither
    /// echoed by the terminal nor lost.
    pub(super) fn for_keys() -> io::Result<Self> {
        imp::silence()?;
        Ok(Self(()))
    }

    /// For a whole line; who reads it sets what it needs.
    pub(super) fn for_line() -> io::Result<Self> {
        imp::keep()?;
        Ok(Self(()))
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        imp::restore();
    }
}

/// Forgets what was typed and not read yet.
pub(super) fn discard_input() {
    imp::discard();
}

/// Gives the terminal back as it was before an open question or a spinner, the cursor at the
/// start of an empty line. Returns whether a question is known to have been open. For the signal
/// handler: `dialoguer` leaves the echo off and the cursor hidden.
#[must_use]
pub fn restore_terminal() -> bool {
    let was_open = imp::restore();
    let terminal = console::Term::stderr();
    // Without them a terminal that is none of the kind would show the sequences as text.
    if terminal.is_term() && !console::is_dumb() {
        let _ = terminal.clear_line();
        let _ = terminal.show_cursor();
    }
    was_open
}
