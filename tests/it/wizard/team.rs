//! `team apply` by a user at a terminal.

use serde_json::json;

use super::ENTER;
use super::session::Session;
use crate::support::admin::{AdminApi, Script};
use crate::support::home::Home;

const ADMIN_KEY: &str = "pk-admin-0123456789abcdef";

fn prune(url: &str) -> [&str; 6] {
    ["team", "apply", "team.json5", "--prune", "--admin-url", url]
}

/// One prompt for the team file, and one for each thing that it doesn't name.
#[test]
fn apply_asks_once_and_prune_asks_for_each() {
    let key = |name: &str, kind: &str| json!({ "name": name, "type": kind, "scopes": [] });
    let script = Script::new(ADMIN_KEY)
        .key(key("old", "workspace-service"))
        .key(key("older", "workspace-user"))
        .key(key("administration", "organisation-service"))
        .config("spare", json!({ "provider": "@openai" }))
        .config("kept", json!({ "provider": "@openai" }));
    let admin = AdminApi::start(script);
    let home = Home::new().var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
    home.write("team.json5", "{ keys: { ops: { agent: 'ops' } } }");
    let url = admin.url();
    let args = prune(&url);
    let live = || {
        let keys = admin.keys();
        let live = keys.iter().filter(|key| !key.revoked);
        let names = live.map(|key| key.fields["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let mut session = Session::start(&home, &args);
    session.see("create").see("Apply this?").press("n");
    session.end(130);
    assert_eq!(live(), ["old", "older", "administration"]);

    let mut session = Session::start(&home, &args);
    session
        .see("Apply this?")
        .press("y")
        .see("Done: 1 created.");
    session.see("The file has no key old ").press("n");
    session.see("The file has no key older ").press("y");
    session.see("Removed key older");
    session
        .see("The file has no config spare (pc-spare-0001).")
        .press("y")
        .see("Removed config spare");
    session
        .see("The file has no config kept (pc-kept-0002).")
        .press(ENTER);
    let shown = session.end(0);
    assert!(!shown.contains("administration"), "{shown}");
    assert_eq!(live(), ["old", "administration", "ops"]);
    let configs = admin.configs();
    let names: Vec<&str> = configs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["kept"]);
}

/// Confirmed removals stay if a later prompt is cancelled, and the message doesn't deny them.
#[test]
fn earlier_removals_stay_after_cancelling() {
    let key = |name: &str| json!({ "name": name, "type": "workspace-service", "scopes": [] });
    for cancel in ["\x03", "\x1b"] {
        let script = Script::new(ADMIN_KEY).key(key("old")).key(key("older"));
        let admin = AdminApi::start(script);
        let home = Home::new().var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
        home.write("team.json5", "{}");
        let url = admin.url();
        let prune = prune(&url);
        let mut session = Session::start(&home, &prune);
        session.see("no key old ").press(cancel);
        session.see("cancelled; nothing was written");
        session.end(130);
        let mut session = Session::start(&home, &prune);
        session.see("no key old ").press("y");
        session.see("no key older ").press(cancel);
        session.see("cancelled; changes already made remain");
        session.end(130);
        assert!(admin.keys()[0].revoked && !admin.keys()[1].revoked);
    }
}

/// A key can't be restored, so just Enter revokes nothing.
#[test]
fn enter_alone_revokes_nothing() {
    let key = json!({ "name": "ci", "type": "workspace-service", "scopes": [] });
    let admin = AdminApi::start(Script::new(ADMIN_KEY).key(key));
    let home = Home::new().var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
    let url = admin.url();
    let revoke = ["key", "revoke", "ci", "--admin-url", &url];
    for (keys, status) in [(ENTER, 130), ("y", 0)] {
        let mut session = Session::start(&home, &revoke);
        session
            .see("Revoke this key permanently? (y/N)")
            .press(keys);
        session.end(status);
        assert_eq!(admin.keys()[0].revoked, status == 0);
    }
}
