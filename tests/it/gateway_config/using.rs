//! A saved gateway config used by OpenClaw: `use`, `push --use`, `set-fallback --in portkey`.

use serde_json::{Value, json};

use super::checking::expect;
use super::saving::{Setting, saved, script};
use crate::support::admin::Style;
use crate::support::snapshot::{file, same};

const USE: [&str; 3] = ["use", "pc-main-0001", "--yes"];

#[test]
fn the_header_is_set_where_the_config_works() {
    for (config, wanted, not) in [
        // The config selects the model: the header goes only with portkey-dynamic.
        (
            saved(),
            &[
                "id: 'portkey-dynamic'",
                "primary: 'portkey/portkey-dynamic'",
                "pc-main-0001",
            ][..],
            "",
        ),
        // The request selects it: all models keep theirs.
        (
            json!({ "retry": { "attempts": 1 } }),
            &["'x-portkey-config': 'pc-main-0001'"],
            "portkey-dynamic",
        ),
        (
            json!({ "strategy": { "mode": "fallback" }, "targets": [{ "passthrough": true }, { "override_params": { "model": "@openai/gpt-5" } }] }),
            &["'x-portkey-config': 'pc-main-0001'"],
            "portkey-dynamic",
        ),
        // The config selects the provider: only for the primary.
        (
            json!({ "provider": "@gemini" }),
            &["pc-main-0001"],
            "portkey-dynamic",
        ),
    ] {
        let setting = Setting::new(script().config("main", config));
        expect(&setting.run(&USE), 0, &["Wrote ~/.openclaw/openclaw.json"]);
        let text = setting.home.config();
        for part in wanted {
            assert!(text.contains(part), "`{part}` is not in\n{text}");
        }
        assert!(not.is_empty() || !text.contains(not), "{text}");
        expect(&setting.run(&USE), 0, &["Nothing to change"]);
        let undone = setting.home.run(&["undo", "--yes"]).status(0);
        drop(undone);
        assert!(!setting.home.config().contains("pc-main-0001"));
    }
}

#[test]
fn use_without_an_admin_key() {
    let setting = Setting::new(script());
    let url = setting.admin.url();
    let args = Setting::args(&["use", "pc-main-0001", "--yes", "--dynamic"], &url);
    expect(&setting.home.run(&args), 0, &["Wrote"]);
    assert!(setting.home.config().contains("portkey-dynamic"));
    assert!(setting.admin.log().is_empty());
    let args = Setting::args(&["use", "pc-main-0001", "--yes", "--header-only"], &url);
    expect(&setting.home.run(&args), 0, &["Wrote"]);
    expect(&setting.run(&["use", "main"]), 2, &["starts with `pc-`"]);
    // A config that the gateway doesn't have isn't used.
    expect(
        &setting.run(&["use", "pc-none-0001", "--header-only", "--yes"]),
        1,
        &["does not exist"],
    );
}

#[test]
fn a_fallback_inside_portkey() {
    let setting = Setting::new(script().style(Style::Flat));
    let url = setting.admin.url();
    let run = |more: &[&str]| {
        let args = [&["set-fallback", "@openai/gpt-5", "--in", "portkey"], more].concat();
        let ran = setting
            .home
            .run(&[&args[..], &["--admin-url", &url]].concat());
        ran.transcript(&args)
    };
    let before = setting.home.config();
    let mut all = run(&["--dry-run"]);
    assert_eq!(setting.home.config(), before);
    all += &run(&["--yes"]);
    all += &run(&["--yes"]);
    // Another fallback: the primary remains the model that the config calls first.
    let args = [
        "set-fallback",
        "@mistral/open-mixtral-8x7b",
        "--in",
        "portkey",
        "--yes",
        "--admin-url",
        &url,
    ];
    all += &setting.home.run(&args).status(0).transcript(&args[..5]);
    same(&all, file("gateway-config/in-portkey.txt"));
    let configs = setting.admin.configs();
    assert_eq!(configs.len(), 1);
    let models = |config: &Value| -> Vec<String> {
        let targets = config["targets"].as_array().unwrap().iter();
        targets
            .map(|target| {
                target["override_params"]["model"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(
        models(&configs[0].1[0]),
        ["@gemini/gemini-2.5-flash", "@openai/gpt-5"]
    );
    assert_eq!(
        models(&configs[0].1[1]),
        ["@gemini/gemini-2.5-flash", "@mistral/open-mixtral-8x7b"]
    );
    setting.home.run(&["undo", "--yes"]).status(0);
    assert_eq!(setting.home.config(), before);
}

#[test]
fn configs_without_a_fallback() {
    let setting = Setting::new(script());
    let url = setting.admin.url();
    for (model, more, status, part) in [
        (
            "@gemini/gemini-2.5-flash",
            &[][..],
            2,
            "is already the primary",
        ),
        (
            "@openai/gpt-6",
            &[],
            1,
            "@openai/gpt-6 is not in the Model Catalog",
        ),
        ("@nobody/gpt-5", &[], 1, "no provider @nobody"),
        ("@openai/gpt-5", &["--add"], 2, "--add"),
        (
            "@openai/gpt-5",
            &["--agent", "work"],
            2,
            "doesn't go through Portkey",
        ),
    ] {
        let args = [
            &[
                "set-fallback",
                model,
                "--in",
                "portkey",
                "--yes",
                "--admin-url",
                &url,
            ],
            more,
        ]
        .concat();
        let ran = setting.home.fails(&args, status);
        expect(&ran, status, &[part]);
    }
    assert!(setting.admin.configs().is_empty());
}
