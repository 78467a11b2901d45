//! The wizard as a user sees it: the real binary in a pseudo-terminal.

mod cases;
mod pasted;
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

/// No test takes nearly as long; it stops a broken one from hanging.
const LONGEST: Duration = Duration::from_secs(60);

const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
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
fn the_whole_wizard_typed_by_a_user() {
    let portkey = portkey();
    let home = home();
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("~/.openclaw/openclaw.json");
    session.give_key();
    session
        .see("Portkey API key · ********")
        .see("Key accepted: 3 models from 3 providers");
    session
        .see("Models (the first one you mark becomes the primary)")
        .see("Space mark")
        .press("- FLASH")
        .see("› - FLASH  1 of 3")
        .press(" ")
        .see("1 marked")
        .see(&format!("[1] {FLASH}  "))
        .see("1M")
        .see("$0.3/2.5")
        .press("nothing")
        .see("no match")
        .press("\u{15}")
        .see("› 3 · 1 marked")
        .press("mixtral")
        .see("› mixtral  1 of 3")
        .press(" ")
        .see("2 marked")
        .press(ENTER);
    session.see(&format!("Models · {FLASH}, {MIXTRAL}"));
    session
        .see("Anything else? (gateway config, primary, fallbacks, metadata,")
        .press("y");
    session.see("Gateway config (").see("›").press(ENTER);
    session
        .see("Primary (")
        .see(MIXTRAL)
        .press(DOWN)
        .press(ENTER)
        .see(&format!("Primary · {MIXTRAL}"));
    session
        .see("Fallbacks (")
        .see("1 marked")
        .see(&format!("[1] {FLASH}"))
        .press(ENTER)
        .see(&format!("Fallbacks · {FLASH}"));
    session
        .see("Metadata (")
        .see("›")
        .press("team")
        .press(ENTER)
        .see("key=value")
        .see("›")
        .press("=backend")
        .see("team=backend")
        .press(ENTER)
        .see("Metadata · team=backend");
    session
        .see("Where should the key be stored?")
        .see("in openclaw.json")
        .press(ENTER);
    session
        .see("+PORTKEY_API_KEY=********")
        .see("openclaw.json +")
        .see(&format!(" · primary portkey/{MIXTRAL}"))
        .see(&format!("fallbacks portkey/{FLASH}"))
        .see(".env +1");
    session
        .see("Write this? (Y/n, d shows the diff)")
        .press("d")
        .see("+++ ~/.openclaw/openclaw.json")
        .see(&format!("portkey/{MIXTRAL}"))
        .see("Write this? (Y/n)")
        .press("y")
        .see("Wrote ~/.openclaw/openclaw.json");
    session
        .see("Send a test request now?")
        .press("n")
        .see("Next:")
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

/// Runs up to a question, closes it with keys, and checks that nothing changed.
#[track_caller]
fn closed(args: &[&str], steps: &[(&str, &str)], says: &str) {
    let home = home();
    let before = (home.files(), home.config());
    let mut session = Session::start(&home, args);
    for (text, keys) in steps {
        session.see(text);
        if text.contains("Portkey API key") {
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
        ("Portkey API key (", key.as_str()),
        ("Space mark", ENTER),
        ("Anything else?", "y"),
        ("Gateway config (", ENTER),
        ("Metadata (", ENTER),
        ("Where should the key be stored?", ENTER),
        ("Write this?", "n"),
    ];
    for close in [ESC, CTRL_C, CTRL_D] {
        for last in 0..steps.len() {
            let mut some = steps[..=last].to_vec();
            some[last].1 = close;
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

/// Cancelling after the write doesn't claim that nothing was written.
#[test]
fn ctrl_c_at_the_question_after_the_write() {
    let portkey = portkey();
    let home = home();
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.give_key();
    session.see("Space mark").press(ENTER);
    session.see("Anything else?").press(ENTER);
    session.see("Write this?").press(ENTER);
    session
        .see("Send a test request now?")
        .press(CTRL_C)
        .see("cancelled; changes already made remain");
    session.end(130);
    assert!(home.config().contains("portkey"));
}

#[test]
fn ctrl_c_while_portkey_thinks() {
    let portkey = Portkey::start(Script::new(KEY).fault(Fault::Slow(LONGEST * 2))).unwrap();
    let key = format!("{KEY}{ENTER}");
    let steps = [
        ("Portkey API key (", key.as_str()),
        ("contacting 127.0.0.1", CTRL_C),
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
        session.see("Portkey API key (").hidden().press(KEY);
        // The terminal processes input gradually; it must not do so only after the exit.
        thread::sleep(Duration::from_millis(100));
        session.signal(signal);
        session.end(130);
        assert_eq!(home.files(), before);
    }
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", KEY);
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("Space mark").press("fl").see("› fl");
    session.signal("-TERM");
    session.end(130);
}

#[test]
fn marks_can_be_toggled_and_one_is_required() {
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", KEY);
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session
        .see("Space mark")
        .press(" ")
        .see("1 marked")
        .see(&format!("[1] {FLASH}"))
        .press(" ")
        .see(&format!("[ ] {FLASH}"))
        .press("#")
        .see("no match")
        .press(ENTER)
        .see("choose at least one")
        .press("\u{7f}")
        .see("› 3")
        .press(UP)
        .press("\t")
        .see("1 marked")
        .see(&format!("❯ [1] {GPT}"))
        .press(ESC);
    session.end(130);
}

/// A refused key leads back to its prompt, a vendor's key is recognized, and quotes do no harm.
#[test]
fn a_refused_key_and_one_that_cannot_be_tested() {
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", "pk-stale-000000");
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session
        .see("PORTKEY_API_KEY")
        .see("✗")
        .see("Portkey API key (leave empty to keep the refused one)")
        .hidden()
        .press(&format!("\"{KEY}\"{ENTER}"));
    session.see("Key accepted").see("Space mark").press(ESC);
    session.end(130);

    let mut session = Session::start(&Home::new(), &["init"]);
    session
        .see("Portkey API key (")
        .hidden()
        .press(&format!("https://app.portkey.ai/api-keys{ENTER}"))
        .see("this is a URL, not a key")
        .press(&format!("sk-ant-api03-0123456789{ENTER}"))
        .see("this looks like Anthropic's key")
        .see("https://app.portkey.ai/api-keys")
        .press(ESC);
    let shown = session.end(130);
    assert!(!shown.contains("sk-ant"), "{shown}");

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
    session.see("Anything else?").press(ENTER);
    session
        .see("not checked with Portkey")
        .see("Write this?")
        .press(ENTER)
        .see("Wrote");
    session.end(0);
    assert!(home.config().contains(FLASH));
}

/// Three questions and three Enters lead to a config, two more to an answered request.
#[test]
fn from_nothing_to_an_answered_request() {
    let portkey = portkey();
    let url = portkey.base_url();
    for (flags, keys) in [(&["--test"][..], 3), (&[], 4)] {
        let home = Home::new();
        let args = [&["init", "--base-url", &url], flags].concat();
        let mut session = Session::start(&home, &args);
        session.give_key();
        let mut pressed = 1;
        let mut questions = vec!["Space mark", "Anything else?", "Write this?"];
        if flags.is_empty() {
            questions.push("Send a test request now?");
        }
        for question in questions {
            session.see(question).press(ENTER);
            pressed += 1;
        }
        session
            .see(&format!("✓ {FLASH} answered in "))
            .see(" ms, served by gemini.")
            .see("See it at https://app.portkey.ai/logs (trace ")
            .see("Next:")
            .see("npm install -g openclaw@latest")
            .see("openclaw agent --agent main");
        let shown = session.end(0);
        let is_answer = |line: &&str| line.contains("✓ ") && line.contains(" · ");
        let asked = shown.lines().filter(is_answer).count();
        assert_eq!((asked, pressed), (keys + 1, keys + 1), "{shown}");
        assert_eq!(shown.matches("Key accepted").count(), 1, "{shown}");
        assert_eq!(home.config().matches(FLASH).count(), 2);
        let sent = portkey.requests();
        assert!(sent.iter().any(|request| request.method == "POST"));
    }
}

/// A second run can replace the key and the base URL, and prompts twice if no key is entered.
#[test]
fn options_of_a_second_run() {
    let portkey = portkey();
    let home = Home::with(&cases::wired("http://127.0.0.1:9/v1"))
        .var("PORTKEY_API_KEY", "pk-old-0123456789");
    let url = portkey.base_url();
    let mut session = Session::start(&home, &["init", "--offline"]);
    session
        .see("It already has the provider portkey")
        .see("Models to add")
        .see("›")
        .press(ENTER);
    session.see("another key, base URL)").press("y");
    session.see("Primary (").press(ENTER);
    session.see("Fallbacks (").press(ENTER);
    session
        .see("New Portkey API key (leave empty to keep the current one)")
        .hidden()
        .press(KEY)
        .press(ENTER);
    session
        .see("Base URL")
        .see("›")
        .press(&url)
        .see(&url)
        .press(ENTER);
    session.see("Write this?").press("y").see("Wrote ");
    session.end(0);
    assert!(home.config().contains(&url));
    assert!(home.read(".openclaw/.env").contains(KEY));

    let home = Home::new();
    let mut session = Session::start(&home, &["init"]);
    session
        .see("OpenClaw isn't installed here")
        .see("Portkey API key (paste it; leave empty to skip)")
        .press(ENTER);
    session
        .see("no request will reach Portkey")
        .see("Portkey API key (leave empty again to continue without)")
        .press(ENTER);
    session
        .see("Models (")
        .see("›")
        .press(FLASH)
        .see(FLASH)
        .press(ENTER);
    session.see("Anything else?").press(ENTER);
    session.see("Write this?").press("y").see("Wrote ");
    session
        .see("OpenClaw has no key for Portkey yet.")
        .see("openclaw-portkey set-key");
    session.end(0);
}

/// The previous primary is named, and stays as a fallback on request.
#[test]
fn another_vendors_primary_may_stay_as_a_fallback() {
    let portkey = portkey();
    let home = Home::with("{ agents: { defaults: { model: 'openai/gpt-4o' } } }\n")
        .var("PORTKEY_API_KEY", KEY);
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("Space mark").press(ENTER);
    session
        .see("replaces openai/gpt-4o")
        .see("Keep openai/gpt-4o as a fallback?")
        .press("y");
    session.see("Anything else?").press(ENTER);
    session
        .see(&format!("primary openai/gpt-4o → portkey/{FLASH}"))
        .see("fallbacks openai/gpt-4o")
        .see("Write this?")
        .press("y")
        .see("Wrote ")
        .see("Send a test request now?")
        .press(ESC);
    session.end(0);
    assert!(
        home.config().contains("fallbacks: ['openai/gpt-4o']"),
        "{}",
        home.config()
    );
}

#[test]
fn no_models_yet() {
    let none: [&str; 0] = [];
    let portkey = Portkey::start(Script::new(KEY).models(none)).unwrap();
    let home = home().var("PORTKEY_API_KEY", KEY);
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session
        .see("https://app.portkey.ai/model-catalog, then press Enter to try again")
        .see("What now?")
        .press(ENTER)
        .see("What now? · try again")
        .see("Portkey lists no models")
        .see("What now?")
        .press(DOWN)
        .press(ENTER)
        .see("Models (as @slug/model")
        .press(ESC);
    session.end(130);
    let asked = portkey.requests();
    assert_eq!(asked.len(), 2);
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
        .see("Space mark")
        .press("p21 model-4321")
        .see("1 of 5000")
        .press(ENTER);
    session.see("Anything else?").press(ENTER);
    session.see("Write this?").press(ENTER).see("Wrote");
    session.see("Send a test request now?").press("n");
    let shown = session.end(0);
    assert!(!shown.contains("evil"), "{shown}");
    assert!(home.config().contains("@p21/model-4321-"));
}

#[test]
fn no_colour_if_none_is_wanted() {
    let portkey = portkey();
    let home = home().var("PORTKEY_API_KEY", KEY).var("NO_COLOR", "1");
    let mut session = Session::start(&home, &["init", "--base-url", &portkey.base_url()]);
    session.see("Models").see("Space mark").press(ESC);
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
fn a_dumb_terminal_is_treated_as_none() {
    let portkey = portkey();
    let home = home().var("TERM", "dumb").var("PORTKEY_API_KEY", KEY);
    let before = home.files();
    let url = portkey.base_url();
    let flags = ["init", "--base-url", &url, "--model", FLASH];
    for (args, status, says) in [
        (&flags[..3], 2, "cannot show questions (TERM=dumb)"),
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
