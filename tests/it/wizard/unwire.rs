//! The prompts of `unwire`, and the warning before a key is replaced.

use super::cases::{FLASH, KEY};
use super::session::Session;
use super::{ENTER, ESC};
use crate::support::home::Home;

const BEFORE: &str = "{
  agents: { defaults: { model: { primary: 'anthropic/claude-x' } } },
}
";

fn connected() -> Home {
    let home = Home::with(BEFORE);
    let init = [
        "init",
        "--yes",
        "--offline",
        "--api-key-stdin",
        "--model",
        FLASH,
    ];
    home.run_with_input(&init, KEY).status(0);
    home
}

#[test]
fn it_offers_to_restore_the_primary_and_remove_the_key() {
    let home = connected();
    let mut session = Session::start(&home, &["unwire"]);
    session
        .see("Go back to anthropic/claude-x, the primary before Portkey?")
        .press("y")
        .see("remove PORTKEY_API_KEY from ~/.openclaw/.env?")
        .press("y")
        .see("-PORTKEY_API_KEY=********")
        .see("Write this?")
        .press("y")
        .see("Wrote ~/.openclaw/.env");
    session.end(0);
    assert_eq!(home.config(), BEFORE);
    assert_eq!(home.read(".openclaw/.env"), "");
}

#[test]
fn both_can_be_declined() {
    let home = connected();
    let dotenv = home.read(".openclaw/.env");
    let mut session = Session::start(&home, &["unwire"]);
    session
        .see("Go back to anthropic/claude-x")
        .press("n")
        .see("remove PORTKEY_API_KEY")
        .press(ENTER)
        .see("`openclaw-portkey unwire --remove-key` removes it")
        .see("Write this?")
        .press("y")
        .see("Wrote ");
    session.end(0);
    assert_eq!(home.read(".openclaw/.env"), dotenv);
    assert!(!home.config().contains("claude-x"));
}

#[test]
fn esc_changes_nothing() {
    let home = connected();
    let before = home.tree();
    let mut session = Session::start(&home, &["unwire"]);
    session.see("Go back to").press(ESC);
    session.end(130);
    assert!(home.tree() == before);
}

#[test]
fn a_key_is_replaced_after_a_warning() {
    let home = connected().var("NEW_KEY", "pk-work-fedcba987654c0de");
    let init = [
        "init",
        "--offline",
        "--api-key-env",
        "NEW_KEY",
        "--model",
        FLASH,
    ];
    let mut session = Session::sized(&home, &init, 120);
    session.see("Anything else?").press(ENTER);
    session
        .see("replaces the current key (ends in …cdef)")
        .see("Write this?")
        .press("y")
        .see("Wrote ~/.openclaw/.env");
    let shown = session.end(0);
    assert!(
        !shown.contains(KEY) && !shown.contains("pk-work"),
        "{shown}"
    );
    assert!(home.read(".openclaw/.env").contains("pk-work"));
}
