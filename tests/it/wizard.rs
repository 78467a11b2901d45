//! The wizard as a person meets it: the real binary in a pseudo-terminal.
use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script, closed_port};

const KEY: &str = "pk-test-0123456789abcdef";
const FLASH: &str = "@gemini/gemini-2.5-flash";
const MIXTRAL: &str = "@mistral/open-mixtral-8x7b";

/// No test takes nearly as long; it only keeps a broken one from hanging.
const LONGEST: Duration = Duration::from_secs(60);

const CTRL_C: &str = "\u{3}";
const ESC: &str = "\u{1b}";
const ENTER: &str = "\r";
const UP: &str = "\u{1b}[A";
const DOWN: &str = "\u{1b}[B";

fn portkey() -> Portkey {
    Portkey::start(Script::new(KEY).models([FLASH, MIXTRAL, "@openai-prod/gpt-5"])).unwrap()
}

/// A run of the binary in a terminal of its own.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal's modes can be looked at after the end.
    _slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    shown: Arc<(Mutex<Vec<u8>>, Condvar)>,
    /// What was waited for so far ends here.
    seen: usize,
    modes_before: String,
}

impl Session {
    fn start(home: &Home, args: &[&str]) -> Self {
        Self::sized(home, args, 80)
    }

    fn sized(home: &Home, args: &[&str], cols: u16) -> Self {
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

    /// Waits until a text is shown after what was waited for before.
    #[track_caller]
    fn see(&mut self, text: &str) -> &mut Self {
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

    fn press(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Waits until what is typed is not echoed any more. What comes before is lost, and seen.
    #[track_caller]
    fn hidden(&mut self) -> &mut Self {
        let deadline = Instant::now() + LONGEST;
        while echoes(&*self.master) {
            assert!(Instant::now() < deadline, "the echo stays on");
            thread::sleep(Duration::from_millis(1));
        }
        self
    }

    /// Answers the question for the key.
    #[track_caller]
    fn give_key(&mut self) -> &mut Self {
        self.see("(Enter alone goes on without)")
            .hidden()
            .press(KEY)
            .press(ENTER)
    }

    fn signal(&mut self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end, and looks at what holds for every run: the terminal is as it was, the
    /// key was never shown, and nothing but colours and movements of the cursor was sent.
    #[track_caller]
    fn end(mut self, status: u32) -> String {
        assert_eq!(self.child.wait().unwrap().exit_code(), status);
        assert_eq!(
            modes(&*self.master),
            self.modes_before,
            "the terminal's modes"
        );
        // What was sent right before the end may still be under way.
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
fn sequences(text: &str) -> Vec<String> {
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

fn home() -> Home {
    Home::with("{\n  // mine\n  gateway: { port: 18789 },\n}\n")
}

#[test]
fn the_whole_way_as_a_person_types_it() {
    let portkey = portkey();
    let home = home();
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("~/.openclaw/openclaw.json");
    session.give_key();
    session
        .see("Portkey API key · ********")
        .see("Key accepted: 3 models from 3 providers");
    session
        .see("Models")
        .see("Done (0 chosen)")
        .press("flash")
        .see("› flash")
        .press(ENTER)
        .see("Done (1 chosen)")
        .see(&format!("[x] {FLASH}"))
        .press("mxtrl")
        .press(ENTER)
        .see("Done (2 chosen)")
        .see(&format!("[x] {MIXTRAL}"))
        .press(ENTER);
    session.see(&format!("Models · {FLASH}, {MIXTRAL}"));
    session.see("Gateway config").see("›").press(ENTER);
    session
        .see("Primary")
        .see(MIXTRAL)
        .press(UP)
        .press(ENTER)
        .see(&format!("Primary · {MIXTRAL}"));
    session
        .see("Fallbacks")
        .see("Done (1 chosen)")
        .see(&format!("[1] {FLASH}"))
        .press(ENTER)
        .see(&format!("Fallbacks · {FLASH}"));
    session
        .see("Metadata")
        .see("›")
        .press("team")
        .press(ENTER)
        .see("key=value")
        .see("›")
        .press("team=backend")
        .press(ENTER)
        .see("Metadata · team=backend");
    session
        .see("The key is kept in")
        .see("the config itself")
        .press(ENTER);
    session
        .see("+PORTKEY_API_KEY=********")
        .see(&format!("portkey/{MIXTRAL}"));
    session
        .see("Write this?")
        .press("y")
        .see("Wrote ~/.openclaw/openclaw.json")
        .see("openclaw-portkey undo");
    session.end(0);
    assert_eq!(
        home.read(".openclaw/.env"),
        format!("PORTKEY_API_KEY={KEY}\n")
    );
    let config = home.config();
    for part in [
        "// mine",
        r#"primary: "portkey/@mistral/open-mixtral-8x7b""#,
        r#"fallbacks: ["portkey/@gemini/gemini-2.5-flash"]"#,
        r#""{\"team\":\"backend\"}""#,
    ] {
        assert!(config.contains(part), "{part} is not in\n{config}");
    }
    assert!(!config.contains(KEY));
}

/// Runs up to a question, closes it with keys, and looks whether all is as it was.
#[track_caller]
fn closed(args: &[&str], steps: &[(&str, &str)], says: &str) {
    let home = home();
    let before = (home.files(), home.config());
    let mut session = Session::start(&home, args);
    for (text, keys) in steps {
        session.see(text);
        if text.contains("goes on without") {
            session.hidden();
        }
        session.press(keys);
    }
    let shown = session.end(130);
    assert!(shown.contains(says), "{shown}");
    assert_eq!((home.files(), home.config()), before);
}

#[test]
fn esc_and_ctrl_c_close_the_questions() {
    let portkey = portkey();
    let url = portkey.base_url();
    let key = format!("{KEY}{ENTER}");
    let steps = [
        ("(Enter alone goes on without)", key.as_str()),
        ("Done (0 chosen)", ENTER),
        ("Done (1 chosen)", ENTER),
        ("optional)", ENTER),
        ("optional)", ENTER),
        ("The key is kept in (", ENTER),
        ("Write this?", "n"),
    ];
    // Where a line is typed Esc means nothing.
    let closing = [(ESC, &[1, 2, 5, 6][..]), (CTRL_C, &[0, 1, 2, 3, 4, 5, 6])];
    for (close, places) in closing {
        for last in places {
            let mut some = steps[..=*last].to_vec();
            some[*last].1 = close;
            closed(
                &["init", "--base-url", &url],
                &some,
                "cancelled; nothing was written",
            );
        }
    }
    closed(
        &["init", "--base-url", &url],
        &steps,
        "cancelled; nothing was written",
    );
}

#[test]
fn ctrl_c_while_portkey_thinks() {
    let portkey = Portkey::start(Script::new(KEY).fault(Fault::Slow(LONGEST * 2))).unwrap();
    let key = format!("{KEY}{ENTER}");
    let steps = [
        ("(Enter alone goes on without)", key.as_str()),
        ("asking 127.0.0.1", CTRL_C),
    ];
    closed(
        &[
            "init",
            "--base-url",
            &portkey.base_url(),
            "--timeout",
            "600",
        ],
        &steps,
        "cancelled",
    );
}

#[test]
fn signals_leave_the_terminal_as_it_was() {
    for (signal, flags) in [
        ("-TERM", &["--offline"][..]),
        ("-HUP", &["--offline"]),
        ("-INT", &[]),
    ] {
        let home = home();
        let before = home.files();
        let mut session = Session::start(&home, &[&["init"], flags].concat());
        session
            .see("(Enter alone goes on without)")
            .hidden()
            .press(KEY);
        // The terminal takes what was typed in by and by; it must not do so only after the end.
        thread::sleep(Duration::from_millis(100));
        session.signal(signal);
        session.end(130);
        assert_eq!(home.files(), before);
    }
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", KEY);
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("Done (0 chosen)").press("fl").see("› fl");
    session.signal("-TERM");
    session.end(130);
}

#[test]
fn marks_come_and_go_and_one_is_needed() {
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", KEY);
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session
        .see("Done (0 chosen)")
        .press(UP)
        .press(ENTER)
        .see("choose at least one")
        .see("Done (0 chosen)")
        .press(ENTER)
        .see("Done (1 chosen)")
        .see(&format!("[x] {FLASH}"))
        .press(DOWN)
        .press(ENTER)
        .see("Done (0 chosen)")
        .see(&format!("[ ] {FLASH}"))
        .press(ESC);
    session.end(130);
}

#[test]
fn a_key_that_is_refused_and_one_that_cannot_be_tried() {
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", "pk-stale-000000");
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session
        .see("PORTKEY_API_KEY")
        .see("✗")
        .see("What now?")
        .see("give another key")
        .press(ENTER);
    session
        .give_key()
        .see("Key accepted")
        .see("Done (0 chosen)")
        .press(ESC);
    session.end(130);

    let url = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let mut session = Session::start(&home, &["init", "--base-url", &url]);
    session
        .see("✗")
        .see("What now?")
        .see("go on unchecked")
        .press(ENTER);
    session
        .see("(as @slug/model, separated by spaces)")
        .press(FLASH)
        .see(FLASH)
        .press(ENTER);
    session
        .see("Gateway config (")
        .press(ENTER)
        .see("Metadata (")
        .press(ENTER)
        .see("The key is kept in (")
        .press(ENTER);
    session
        .see("not checked against Portkey")
        .see("Write this?")
        .press(ENTER)
        .see("Wrote");
    session.end(0);
    assert!(home.config().contains(FLASH));
}

#[test]
fn a_second_line_that_is_pasted_with_the_key_is_not_taken_for_an_answer() {
    let home = home();
    let mut session = Session::start(&home, &["init", "--offline"]);
    session
        .see("(Enter alone goes on without)")
        .hidden()
        .press(&format!("{KEY}\r{KEY}\r"));
    session.see("separated by spaces)").see("›").press(CTRL_C);
    session.end(130);
}

#[test]
fn thousands_of_models_with_names_of_all_kinds() {
    let long = "x".repeat(300);
    let hostile = [
        "@evil/\u{1b}]0;title\u{7}",
        "@evil/\u{1b}[2J",
        "@evil/a\u{202e}b",
    ]
    .map(str::to_owned);
    let many = (0..5000).map(|i| format!("@p{}/model-{i}-{long}", i % 50));
    let portkey = Portkey::start(Script::new(KEY).models(many.chain(hostile))).unwrap();
    let home = home().var("PORTKEY_API_KEY", KEY);
    let mut session = Session::sized(
        &home,
        &["init", "--base-url", &portkey.base_url(), "--key-in", "env"],
        50,
    );
    session
        .see("Key accepted: 5000")
        .see("models of 50 providers");
    session
        .see("Models")
        .see("Done (0 chosen)")
        .press("model-4321")
        .press(ENTER)
        .see("Done (1 chosen)")
        .press(ENTER);
    session
        .see("Gateway config (")
        .press(ENTER)
        .see("Metadata (")
        .press(ENTER);
    session.see("Write this?").press(ENTER).see("Wrote");
    let shown = session.end(0);
    assert!(!shown.contains("evil"), "{shown}");
    assert!(home.config().contains("@p21/model-4321-"));
}

#[test]
fn no_colour_where_none_is_wanted() {
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", KEY).var("NO_COLOR", "1");
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("Models").see("Done (0 chosen)").press(ESC);
    session.see("cancelled");
    let text = String::from_utf8(session.shown.0.lock().unwrap().clone()).unwrap();
    assert!(
        sequences(&text)
            .iter()
            .all(|sequence| !sequence.ends_with('m')),
        "{text:?}"
    );
    session.end(130);
}

#[test]
fn a_dumb_terminal_is_like_none() {
    let portkey = portkey();
    let home = home().var("TERM", "dumb").var("PORTKEY_API_KEY", KEY);
    let before = home.files();
    let url = portkey.base_url();
    let flags = ["init", "--base-url", &url, "--model", FLASH];
    for (args, status, says) in [
        (&flags[..3], 2, "--model"),
        (&flags, 2, "--yes"),
        (&[&flags[..], &["--yes"]].concat(), 0, "Wrote"),
    ] {
        assert_eq!(home.files(), before);
        let shown = Session::start(&home, args).end(status);
        assert!(shown.contains(says), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
    }
    assert!(home.config().contains(FLASH));
}
