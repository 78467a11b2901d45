//! A run of the program in a pseudo-terminal.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

use super::cases::KEY;
use super::{ENTER, LONGEST};
use crate::support::home::Home;

/// A run of the binary in its own terminal.
pub(super) struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal's modes can be checked after the exit.
    _slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    pub(super) shown: Arc<(Mutex<Vec<u8>>, Condvar)>,
    /// The end of the output that was waited for so far.
    seen: usize,
    modes_before: String,
}

impl Session {
    pub(super) fn start(home: &Home, args: &[&str]) -> Self {
        Self::sized(home, args, 80)
    }

    pub(super) fn sized(home: &Home, args: &[&str], cols: u16) -> Self {
        let size = PtySize {
            rows: 24,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let wanted = home.command(args);
        let mut command = CommandBuilder::new(wanted.get_program());
        command.args(wanted.get_args());
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in wanted.get_envs() {
            command.env(name, value.unwrap());
        }
        command.cwd(home.path(""));
        let modes_before = modes(&*pair.master);
        assert!(echoes(&*pair.master), "{modes_before}");
        let shown = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let copy = Arc::clone(&shown);
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                copy.0.lock().unwrap().extend_from_slice(&chunk[..n]);
                copy.1.notify_all();
            }
        });
        Self {
            child: pair.slave.spawn_command(command).unwrap(),
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            _slave: pair.slave,
            shown,
            seen: 0,
            modes_before,
        }
    }

    /// Waits until a text is shown after the previous one.
    #[track_caller]
    pub(super) fn see(&mut self, text: &str) -> &mut Self {
        let (lock, changed) = &*self.shown;
        let shown = lock.lock().unwrap();
        let seen = self.seen;
        let find = |shown: &[u8]| {
            let plain = without_sequences(shown);
            plain[seen.min(plain.len())..]
                .find(text)
                .map(|at| seen + at + text.len())
        };
        let (shown, _) = changed
            .wait_timeout_while(shown, LONGEST, |shown| find(shown).is_none())
            .unwrap();
        match find(&shown) {
            Some(end) => self.seen = end,
            None => panic!(
                "`{text}` is not shown after {} bytes of\n{}",
                seen,
                without_sequences(&shown)
            ),
        }
        drop(shown);
        self
    }

    pub(super) fn press(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Waits until input is no longer echoed. The output before is discarded.
    #[track_caller]
    pub(super) fn hidden(&mut self) -> &mut Self {
        let deadline = Instant::now() + LONGEST;
        while echoes(&*self.master) {
            assert!(Instant::now() < deadline, "the echo stays on");
            thread::sleep(Duration::from_millis(1));
        }
        self
    }

    /// Answers the prompt for the key.
    #[track_caller]
    pub(super) fn give_key(&mut self) -> &mut Self {
        self.see("Portkey API key (")
            .hidden()
            .press(KEY)
            .press(ENTER)
    }

    pub(super) fn signal(&mut self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the exit, and checks what holds for every run: the terminal's modes are restored,
    /// the key was never shown, and only colours and cursor movements were sent.
    #[track_caller]
    pub(super) fn end(mut self, status: u32) -> String {
        assert_eq!(self.child.wait().unwrap().exit_code(), status);
        assert_eq!(
            modes(&*self.master),
            self.modes_before,
            "the terminal's modes"
        );
        // Output right before the exit may still arrive.
        self.keyboard.write_all(b"end-of-run").unwrap();
        self.see("end-of-run");
        let shown = self.shown.0.lock().unwrap().clone();
        let text = String::from_utf8(shown.clone()).unwrap();
        assert!(
            text.rfind("\u{1b}[?25l") <= text.rfind("\u{1b}[?25h"),
            "the cursor is hidden"
        );
        for sequence in sequences(&text) {
            let known = matches!(
                sequence.chars().last(),
                Some('m' | 'A' | 'B' | 'C' | 'D' | 'J' | 'K')
            ) || matches!(sequence.as_str(), "[?25l" | "[?25h");
            assert!(known, "{sequence:?}");
            let is_beyond_sixteen = sequence.contains("38;") || sequence.contains("48;");
            assert!(!is_beyond_sixteen, "{sequence:?}");
        }
        let plain = without_sequences(&shown);
        assert!(!plain.contains(&KEY[8..16]), "{plain}");
        plain
    }
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn echoes(master: &dyn MasterPty) -> bool {
    modes(master)
        .split(|c: char| !c.is_ascii_uppercase())
        .any(|flag| flag == "ECHO")
}

/// The escape sequences of a text, without the escape character.
pub(super) fn sequences(text: &str) -> Vec<String> {
    text.split('\u{1b}')
        .skip(1)
        .map(|rest| {
            let end = rest[1..]
                .find(|c: char| c.is_ascii_alphabetic())
                .map_or(rest.len(), |at| at + 2);
            assert!(rest.starts_with('['), "{rest:?}");
            rest[..end].to_owned()
        })
        .collect()
}

fn without_sequences(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or(part.len(), |at| at + 1);
        plain.push_str(&part[end..]);
    }
    plain
}
