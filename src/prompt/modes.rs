//! Restores the terminal's modes after a question, however it ends.

use std::io;

#[cfg(unix)]
mod imp {
    use std::io;
    use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
    };

    /// How long the key reader may take to notice a signal.
    const SIGNAL_TIMEOUT: Duration = Duration::from_millis(200);

    /// The open question.
    struct Open {
        /// The modes before it.
        before: Termios,
        /// Whether a key is being read, during which `console` sets and restores the modes.
        is_read: bool,
    }

    static OPEN: Mutex<Option<Open>> = Mutex::new(None);
    static CLOSED: Condvar = Condvar::new();

    fn open() -> MutexGuard<'static, Option<Open>> {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep() -> io::Result<()> {
        let mut open = open();
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        tcsetattr(io::stdin(), OptionalActions::Drain, &silent)?;
        let is_read = true;
        *open = Some(Open { before, is_read });
        Ok(())
    }

    pub(super) fn restore() {
        if let Some(question) = open().take() {
            // A terminal that has gone away has no modes to restore.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &question.before);
        }
        CLOSED.notify_all();
    }

    pub(super) fn stop_reading() {
        if let Some(question) = open().as_mut() {
            question.is_read = false;
        }
        CLOSED.notify_all();
    }

    pub(super) fn abandon() -> bool {
        let is_read = |question: &mut Option<Open>| question.as_ref().is_some_and(|it| it.is_read);
        let (mut question, _) = CLOSED
            .wait_timeout_while(open(), SIGNAL_TIMEOUT, is_read)
            .unwrap_or_else(PoisonError::into_inner);
        let Some(question) = question.take() else {
            return false;
        };
        // Half a key sequence must not reach the shell, which would show it.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &question.before);
        true
    }

    pub(super) fn discard() {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// On other systems `console` sets the modes for every key.
#[cfg(not(unix))]
mod imp {
    use std::io;

    #[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
    pub(super) fn keep() -> io::Result<()> {
        Ok(())
    }

    pub(super) fn restore() {}

    pub(super) fn stop_reading() {}

    pub(super) fn abandon() -> bool {
        false
    }

    pub(super) fn discard() {}
}

/// The modes while a question is open; restored on drop.
#[derive(Debug)]
pub(super) struct Modes(());

impl Modes {
    /// Keys typed while something is being drawn are neither echoed by the terminal nor lost.
    pub(super) fn for_keys() -> io::Result<Self> {
        imp::keep()?;
        Ok(Self(()))
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        imp::restore();
    }
}

/// Discards what was typed but not read yet.
pub(super) fn discard_input() {
    imp::discard();
}

/// Waits for the signal handler to end the process after a signal has interrupted reading a key.
/// From here on, only the handler sets the terminal's modes.
pub(super) fn wait_for_end() -> ! {
    imp::stop_reading();
    loop {
        std::thread::park();
    }
}

/// Restores the terminal to its state before an open question or spinner, with the cursor at the
/// start of an empty line. Returns whether a question is known to have been open. For the signal
/// handler: a list hides the cursor.
#[must_use]
pub fn restore_terminal() -> bool {
    let was_open = imp::abandon();
    let terminal = console::Term::stderr();
    // A terminal without support would show the escape sequences as text.
    if terminal.is_term() && !console::is_dumb() {
        let _ = terminal.clear_line();
        let _ = terminal.show_cursor();
    }
    was_open
}
