//! Pasted input, and input typed too early.

use std::thread;
use std::time::Duration;

use super::cases::{FLASH, KEY};
use super::session::Session;
use super::{CTRL_C, ENTER, ESC, home, portkey};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script};

/// A key inside the line it was copied with.
#[test]
fn a_key_within_a_line() {
    let portkey = portkey();
    for line in [
        format!("export PORTKEY_API_KEY=\u{201c}{KEY}\u{201d}"),
        format!("\"apiKey\": \"{KEY}\","),
    ] {
        let home = Home::new();
        let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
        session
            .see("Portkey API key (")
            .hidden()
            .press(&format!("{line}{ENTER}"));
        session.see("Key accepted").see("Space mark").press(ESC);
        session.end(130);
    }
}

#[test]
fn a_second_line_pasted_with_the_key_is_not_an_answer() {
    let home = home();
    let mut session = Session::start(&home, &["init", "--offline"]);
    session
        .see("Portkey API key (")
        .hidden()
        .press(&format!("{KEY}\r{KEY}\r"));
    session.see("separated by spaces)").see("›").press(CTRL_C);
    session.end(130);
}

/// A pasted line ending or an impatient Enter must not confirm anything.
#[test]
fn input_before_a_question_does_not_answer_it() {
    let home = home().var("PORTKEY_API_KEY", KEY);
    let before = home.files();
    let mut session = Session::start(&home, &["init", "--offline"]);
    session
        .see("separated by spaces)")
        .see("›")
        .press("@a/b\r@c/d\r@e/f\r@g/h\r");
    session.see("Anything else?").see("›");
    thread::sleep(Duration::from_millis(300));
    session.press(CTRL_C).see("cancelled; nothing was written");
    session.end(130);
    assert_eq!(home.files(), before);

    let slow = Script::new(KEY)
        .models([FLASH])
        .fault_at("/v1/models", Fault::Slow(Duration::from_millis(1500)));
    let portkey = Portkey::start(slow).unwrap();
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("contacting 127.0.0.1").press("\r\r\r\r");
    session.see("Space mark");
    thread::sleep(Duration::from_millis(300));
    session.press(CTRL_C).see("cancelled; nothing was written");
    session.end(130);
}
