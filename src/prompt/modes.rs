//! The terminal's modes: as they were before a question after it, however the question ends.

use std::io;

#[cfg(unix)]
mod imp {
    use std::io;
    use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
    };

    /// The longest that the reader of a key takes to notice a signal.
    const NOTICE: Duration = Duration::from_millis(200);

    /// The open question.
    struct Open {
        /// The modes from before it.
        before: Termios,
        /// A key is being read, for which `console` sets the modes and sets them back.
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
            .wait_timeout_while(open(), NOTICE, is_read)
            .unwrap_or_else(PoisonError::into_inner);
        let Some(question) = question.take() else {
            return false;
        };
        // Half a key must not land in the shell, which shows it.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &question.before);
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

    pub(super) fn restore() {}

    pub(super) fn stop_reading() {}

    pub(super) fn abandon() -> bool {
        false
    }

    pub(super) fn discard() {}
}

/// The modes while a question is open; dropping it brings the former ones back.
#[derive(Debug)]
pub(super) struct Modes(());

impl Modes {
    /// What is typed between two keys, while something is drawn, is neither echoed by the terminal
    /// nor lost.
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

/// Forgets what was typed and not read yet.
pub(super) fn discard_input() {
    imp::discard();
}

/// Waits for the signal handler to end the process, after a signal has interrupted the reading of
/// a key. From here on nobody but the handler sets the terminal's modes.
pub(super) fn wait_for_end() -> ! {
    imp::stop_reading();
    loop {
        std::thread::park();
    }
}

/// Gives the terminal back as it was before an open question or a spinner, the cursor at the
/// start of an empty line. Returns whether a question is known to have been open. For the signal
/// handler: a list hides the cursor.
#[must_use]
pub fn restore_terminal() -> bool {
    let was_open = imp::abandon();
    let terminal = console::Term::stderr();
    // Without them a terminal that is none of the kind would show the sequences as text.
    if terminal.is_term() && !console::is_dumb() {
        let _ = terminal.clear_line();
        let _ = terminal.show_cursor();
    }
    was_open
}
