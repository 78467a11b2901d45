//! Gateway configs saved at Portkey by a user at a terminal.

use super::ENTER;
use super::session::Session;
use crate::gateway_config::saving::{ADMIN_KEY, KEY, Setting, saved, script};
use crate::support::admin::Style;
use crate::support::home::Home;

fn start(setting: &Setting, args: &[&str]) -> Session {
    let url = setting.admin.url();
    Session::start(&setting.home, &[args, &["--admin-url", &url]].concat())
}

fn writes(setting: &Setting) -> usize {
    let log = setting.admin.log();
    log.iter().filter(|line| !line.starts_with("GET")).count()
}

/// Both changes are shown, with one prompt.
#[test]
fn a_fallback_is_confirmed_once() {
    let setting = Setting::new(script());
    let before = setting.home.config();
    let args = ["set-fallback", "@openai/gpt-5", "--in", "portkey"];
    let mut session = start(&setting, &args);
    session.see("gateway config openclaw-fallback (new)");
    session
        .see("portkey/portkey-dynamic")
        .see("Write this?")
        .press("n");
    session.end(130);
    assert_eq!(setting.home.config(), before);
    assert_eq!(writes(&setting), 0);

    let mut session = start(&setting, &args);
    session
        .see("Write this?")
        .press("y")
        .see("Created gateway config")
        .see("Wrote ");
    let shown = session.end(0);
    assert_eq!(shown.matches("? Write this?").count(), 1, "{shown}");
    assert_eq!(writes(&setting), 1);
}

/// A failed probe offers the previous version.
#[test]
fn a_failed_probe_offers_a_rollback() {
    for (key, versions) in [("y", 3), ("n", 2)] {
        // The gateway doesn't have this config.
        let setting = Setting::new(script().style(Style::Flat).config("gone", saved()));
        let args = ["gateway-config", "push", "good.json", "--name", "gone"];
        let mut session = start(&setting, &args);
        session
            .see("Write this?")
            .press("y")
            .see("Saved gateway config");
        session.see("Roll back to the previous version?").press(key);
        session.end(1);
        let (_, all) = setting.admin.configs().remove(0);
        assert_eq!(all.len(), versions);
        assert_eq!(all[versions - 1] == saved(), key == "y");
    }
}

/// Picks two models, the first as primary and the other as fallback.
fn choose_two(session: &mut Session) {
    session.see("Models").see("Space mark");
    session
        .press("@gem")
        .see("› @gem")
        .press(" ")
        .see("1 marked");
    session.press("gpt").see("› gpt").press(" ").see("2 marked");
    session.press(ENTER);
    session.see("Anything else?").press("y");
    session.see("Gateway config (").see("›").press(ENTER);
    session.see("Primary").press(ENTER);
    session.see("Fallbacks").press(ENTER);
}

/// The wizard offers it if there is an admin key. Earlier writes stay if the second change is
/// refused.
#[test]
fn the_wizard_offers_to_fall_back_inside_portkey() {
    for answer in ["y", "n"] {
        let setting = Setting::new(script());
        let home = Home::new()
            .var("PORTKEY_API_KEY", KEY)
            .var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
        let (url, base_url) = (setting.admin.url(), setting.portkey.base_url());
        let args = ["init", "--base-url", &base_url, "--admin-url", &url];
        let mut session = Session::start(&home, &args);
        choose_two(&mut session);
        session.see("Fall back inside Portkey?").press("y");
        session.see("Metadata").see("›").press(ENTER);
        session.see("Where should the key be stored?").press(ENTER);
        session.see("Write this?").press("y").see("Wrote ");
        session.see("Send a test request now?").press("n");
        session.see("gateway config openclaw-fallback (new)");
        session.see("Write this?").press(answer);
        let (status, count) = if answer == "y" { (0, 1) } else { (130, 0) };
        session.end(status);
        assert_eq!(writes(&setting), count);
        let config = home.config();
        assert_eq!(
            config.contains("pc-openclaw-fallback"),
            answer == "y",
            "{config}"
        );
        assert!(!config.contains("fallbacks"), "{config}");
    }
}

/// Without an admin key, the wizard shows the command, and OpenClaw handles the fallback.
#[test]
fn without_an_admin_key_the_wizard_names_the_command() {
    let setting = Setting::new(script());
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let base_url = setting.portkey.base_url();
    let mut session = Session::start(&home, &["init", "--base-url", &base_url]);
    choose_two(&mut session);
    session.see("set-fallback MODEL --in portkey");
    session.see("Metadata").see("›").press(ENTER);
    session.see("Where should the key be stored?").press(ENTER);
    session.see("Write this?").press("y").see("Wrote ");
    session.see("Send a test request now?").press("n");
    session.end(0);
    assert!(home.config().contains("fallbacks"));
}
