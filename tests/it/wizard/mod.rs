//! The wizard as a person meets it: the real binary in a pseudo-terminal.

mod cases;
mod saving;
mod session;
mod team;
mod typed;
mod unwire;

use std::thread;
use std::time::Duration;

use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script, closed_port};
use cases::{FLASH, GPT, KEY, MIXTRAL};
use session::{Session, sequences};

/// No test takes nearly as long; it only keeps a broken one from hanging.
const LONGEST: Duration = Duration::from_secs(60);

const CTRL_C: &str = "\u{3}";
const ESC: &str = "\u{1b}";
const ENTER: &str = "\r";
const UP: &str = "\u{1b}[A";
const DOWN: &str = "\u{1b}[B";

fn portkey() -> Portkey {
    Portkey::start(Script::new(KEY).models([FLASH, MIXTRAL, GPT])).unwrap()
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
        .see("Where should the key be stored?")
        .see("in openclaw.json")
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
        if text.contains("leave empty to skip") {
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
        ("(leave empty to skip)", key.as_str()),
        ("Done (0 chosen)", ENTER),
        ("Done (1 chosen)", ENTER),
        ("optional)", ENTER),
        ("optional)", ENTER),
        ("Where should the key be stored?", ENTER),
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
        ("(leave empty to skip)", key.as_str()),
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
        session.see("(leave empty to skip)").hidden().press(KEY);
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
        .see("enter a different key")
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
        .see("continue without checking")
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
        .see("Where should the key be stored?")
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
        .see("(leave empty to skip)")
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
        .see("models from 50 providers");
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
