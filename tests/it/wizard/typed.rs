//! The cases of the wizard, typed into a terminal.

use super::ENTER;
use super::cases::{CASES, Case, FLASH, GPT, KEY, MIXTRAL, Reply, Server};
use super::session::Session;
use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script, closed_port};

/// Types an answer once its question accepts input.
#[track_caller]
fn answer(session: &mut Session, reply: Reply) {
    match reply {
        Reply::Default => session.press(ENTER),
        Reply::Text(KEY) => session.hidden().press(KEY).press(ENTER),
        Reply::Text("") => session.see("›").press(ENTER),
        Reply::Text(text) => session.see("›").press(text).see(text).press(ENTER),
        Reply::Item(part) => {
            let shown = format!("› {part}");
            session.press(part).see(&shown).press(ENTER)
        }
        Reply::Items(parts) => {
            session.see("Space mark");
            for (marked, part) in parts.iter().enumerate() {
                session.press(part).see(&format!("› {part}"));
                session.press(" ").see(&format!("{} marked", marked + 1));
            }
            session.press(ENTER)
        }
        Reply::Yes(yes) => session.press(if yes { "y" } else { "n" }),
    };
}

/// The config without what differs between styles.
fn bare(config: &str) -> String {
    let is_style = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    config.chars().filter(|c| !is_style(*c)).collect()
}

#[track_caller]
fn is_written(case: &Case, config: &str) {
    let id = case.provider_id;
    let in_full = |model: &&str| format!("{id}/{model}");
    let mut parts = vec![format!("{id}/{}", case.primary)];
    if !bare(config).contains(&format!("model:{}", parts[0])) {
        parts[0] = format!("primary:{}", parts[0]);
    }
    parts.extend(case.models.iter().map(|model| format!("id:{model}")));
    if let Some(models) = case.fallbacks {
        let list: Vec<String> = models.iter().map(in_full).collect();
        parts.push(format!("fallbacks:[{}]", list.join(",")));
    }
    if !case.metadata.is_empty() {
        let pairs = case.metadata.join(",").replace('=', ":");
        parts.push(format!("x-portkey-metadata:{{{pairs}}}"));
    }
    if let Some(id) = case.gateway_config {
        parts.push(format!("x-portkey-config:{id}"));
    }
    let bare = bare(config);
    for part in parts {
        assert!(
            bare.contains(&part),
            "{}: {part} is not in\n{config}",
            case.name
        );
    }
}

fn run(case: &Case) {
    let models = Script::new(KEY)
        .models([GPT, FLASH, MIXTRAL])
        .config("pc-abc-123456");
    let portkey = match case.server {
        Server::Up => Some(Portkey::start(models).unwrap()),
        Server::Attached => Some(Portkey::start(models.provider_backed("openai")).unwrap()),
        Server::Down => None,
    };
    let base_url = portkey.as_ref().map_or_else(
        || format!("http://127.0.0.1:{}/v1", closed_port().unwrap()),
        Portkey::base_url,
    );
    let before = (case.config)(&base_url);
    let mut args = [&["init"], case.flags].concat();
    let mut home = Home::new();
    if before.is_empty() {
        args.extend(["--base-url", &base_url]);
    } else {
        home = Home::with(&before);
    }
    if case.has_key {
        home = home.var("PORTKEY_API_KEY", KEY);
    }
    let mut session = Session::start(&home, &args);
    for (question, reply) in case.steps {
        session.see(question);
        answer(&mut session, *reply);
    }
    session.see("Write this?").press("y").see("Wrote ");
    if case.server != Server::Down && !case.flags.contains(&"--offline") {
        session.see("Send a test request now?").press("n");
    }
    session.end(0);
    if case.is_edited {
        is_written(case, &home.config());
    } else {
        assert_eq!(home.config(), before, "{}", case.name);
    }
}

#[test]
fn every_case_typed_by_a_user() {
    for case in CASES {
        run(case);
    }
}

/// A key pasted into the menu isn't shown.
#[test]
fn a_key_pasted_into_the_menu() {
    let home = Home::new();
    let url = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let mut session = Session::start(&home, &["init", "--base-url", &url]);
    session.give_key().see("What now?").see("quit");
    session.press(&format!("{KEY}{ENTER}jkq{KEY} {ENTER}"));
    std::thread::sleep(std::time::Duration::from_millis(200));
    session
        .press(ENTER)
        .see("What now? · continue without checking");
    session.see("Models (").press("\u{1b}");
    session.end(130);
}

/// Text to copy is one line, however narrow the terminal is.
#[test]
fn the_next_steps_can_be_copied() {
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let args = ["init", "--yes", "--offline", "--model", FLASH];
    let mut session = Session::sized(&home, &args, 40);
    session
        .see("npm install -g openclaw@latest   # OpenClaw isn't installed here")
        .see("openclaw agent --agent main --message \"hi\"");
    session.end(0);
}
