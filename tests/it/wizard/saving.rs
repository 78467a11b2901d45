//! Gateway configs saved at Portkey by a person at a terminal.

use super::session::Session;
use crate::gateway_config::saving::{Setting, saved, script};
use crate::support::admin::Style;

fn start(setting: &Setting, args: &[&str]) -> Session {
    let url = setting.admin.url();
    Session::start(&setting.home, &[args, &["--admin-url", &url]].concat())
}

fn writes(setting: &Setting) -> usize {
    let log = setting.admin.log();
    log.iter().filter(|line| !line.starts_with("GET")).count()
}

/// Both changes are shown, and one question is asked.
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

/// A probe that fails offers the version from before.
#[test]
fn a_failing_probe_offers_the_way_back() {
    for (key, versions) in [("y", 3), ("n", 2)] {
        // The gateway does not know this config.
        let setting = Setting::new(script().style(Style::Flat).config("gone", saved()));
        let args = ["gateway-config", "push", "good.json", "--name", "gone"];
        let mut session = start(&setting, &args);
        session
            .see("Write this?")
            .press("y")
            .see("Saved gateway config");
        session.see("Roll back to the version before?").press(key);
        session.end(1);
        let (_, all) = setting.admin.configs().remove(0);
        assert_eq!(all.len(), versions);
        assert_eq!(all[versions - 1] == saved(), key == "y");
    }
}
