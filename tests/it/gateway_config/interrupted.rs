//! Killed at any request, whether or not that request was carried out: running again results in one
//! config.

use serde_json::Value;

use super::checking::GOOD;
use super::saving::{Setting, saved, script};
use crate::support::admin::{Script, Style};

/// Kills a command at its request with this number, then runs it again; `None` if it doesn't get
/// that far.
fn killed(script: Script, args: &[&str], number: usize, carried_out: bool) -> Option<Setting> {
    let setting = Setting::new(script.hold(number, carried_out));
    let url = setting.admin.url();
    let mut args = args.to_vec();
    args.extend(["--admin-url", &url]);
    let held = setting
        .admin
        .kill_when_held(&mut setting.home.command(&args));
    if !held {
        return None;
    }
    setting.home.run(&args).status(0);
    Some(setting)
}

fn each(script: &Script, args: &[&str], check: impl Fn(&Setting, usize)) {
    for carried_out in [false, true] {
        let mut number = 1;
        while let Some(setting) = killed(script.clone(), args, number, carried_out) {
            check(&setting, number);
            number += 1;
        }
        assert!(number > 3, "{args:?}: only {number} requests");
    }
}

fn good() -> Value {
    serde_json::from_str(GOOD).unwrap()
}

#[test]
fn a_new_config_is_created_once() {
    for style in [Style::Documented, Style::Flat] {
        let args = ["gateway-config", "push", "good.json", "--use", "--yes"];
        each(&script().style(style), &args, |setting, number| {
            let wanted = vec![("good".to_owned(), vec![good()])];
            assert_eq!(setting.admin.configs(), wanted, "killed at {number}");
            assert!(
                setting.home.config().contains("pc-good-0001"),
                "killed at {number}"
            );
        });
    }
}

#[test]
fn an_update_happens_once() {
    let before = script().config("good", saved());
    let args = ["gateway-config", "push", "good.json", "--yes"];
    each(&before, &args, |setting, number| {
        let wanted = vec![("good".to_owned(), vec![saved(), good()])];
        assert_eq!(setting.admin.configs(), wanted, "killed at {number}");
    });
    // The old contents are a version, so rolling back creates a third.
    let args = [
        "gateway-config",
        "rollback",
        "pc-good-0001",
        "--to",
        "00a00001",
        "--yes",
    ];
    let setting = Setting::new(script().config("good", good()));
    let _ = setting.run(&args[1..]);
}

#[test]
fn a_fallback_in_portkey_creates_one_config() {
    let args = ["set-fallback", "@openai/gpt-5", "--in", "portkey", "--yes"];
    each(&script(), &args, |setting, number| {
        let configs = setting.admin.configs();
        assert_eq!(configs.len(), 1, "killed at {number}");
        assert_eq!(configs[0].1.len(), 1, "killed at {number}");
        assert!(setting.home.config().contains("pc-openclaw-fallback-0001"));
    });
}
