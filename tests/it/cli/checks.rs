//! The check before a write: what Portkey says no to, and what keeps it from saying anything.

use std::time::Duration;

use super::{CONFIG, FLASH, GPT, KEY, MIXTRAL, script, wired, wired_home};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, closed_port};

const FORCE: &str = "  → nothing was written; --force writes anyway\n";
const OFFLINE: &str = "  → nothing was written; --offline continues without checking\n";

fn faulty(fault: Fault) -> Portkey {
    Portkey::start(script().fault(fault)).unwrap()
}

#[test]
fn a_rejected_key() {
    let portkey = super::portkey();
    let home =
        Home::with(&wired(&portkey.base_url())).var("PORTKEY_API_KEY", "pk-wrong-0123456789abc");
    let ran = home
        .fails(&["set-primary", GPT, "--yes"], 1)
        .stderr_has("error: Portkey does not accept the API key (401: ")
        .stderr_has(FORCE);
    assert_eq!(ran.stdout, "");
    // A key that is new is checked before `.env` gets it.
    let home = Home::new();
    let args = [
        "init",
        "--yes",
        "--api-key-stdin",
        "--base-url",
        &portkey.base_url(),
        "--model",
        FLASH,
    ];
    home.run_with_input(&args, "pk-wrong-0123456789abc")
        .status(1)
        .stderr_has(FORCE);
    assert_eq!(home.files(), [""; 0]);
    let json = home
        .run_with_input(
            &[&args[..], &["--format", "json"]].concat(),
            "pk-wrong-0123456789abc",
        )
        .status(1)
        .json();
    assert_eq!(json["error"]["kind"], "check");
}

#[test]
fn a_key_without_the_scope() {
    let portkey = faulty(Fault::Row("missing-scope"));
    let home = wired_home(&portkey.base_url());
    home.fails(&["add-model", GPT, "--yes"], 1)
        .stderr_has("(403: ")
        .stderr_has(FORCE);
    home.fails(&["models"], 1).stderr_has("(403: ");
}

#[test]
fn unknown_names() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    let accepted = "✓ Key accepted: 3 models from 3 providers\n";
    for (model, message, hint) in [
        (
            "@opnai-prod/gpt-5",
            "the Model Catalog has no provider @opnai-prod",
            "did you mean @openai-prod/gpt-5?",
        ),
        (
            "@openai-prod/gpt-55",
            "@openai-prod/gpt-55 is not in the Model Catalog, though its provider is",
            "did you mean @openai-prod/gpt-5?",
        ),
        (
            "@OpenAI-Prod/gpt-5",
            "@OpenAI-Prod/gpt-5 is not in the Model Catalog; upper and lower case count",
            "did you mean @openai-prod/gpt-5?",
        ),
        (
            "@zzz/qqqqqqqqqqqqqqqqqqqqqq",
            "the Model Catalog has no provider @zzz",
            "`openclaw-portkey models` lists what this key can route to",
        ),
    ] {
        for command in [
            &["set-primary", model][..],
            &["add-model", model],
            &["set-fallback", "--add", model],
            &["init", "--model", model],
        ] {
            home.fails(&[command, &["--yes"]].concat(), 1).expect(
                1,
                "",
                &format!("{accepted}error: {message}\n  → {hint}\n{FORCE}"),
            );
        }
    }
    home.fails(&["add-model", "@zzz/a", "@openai-prod/gpt-55", GPT, "--yes"], 1).stderr_has(
        "✓ @openai-prod/gpt-5 is in the Model Catalog
error: the Model Catalog has no provider @zzz; @openai-prod/gpt-55 is not in the Model Catalog, though its provider is
",
    );
}

#[test]
fn force_writes_all_the_same() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    home.run(&["set-primary", "@openai-prod/gpt-6", "--yes", "--force"])
        .status(0)
        .stderr_has("✗ @openai-prod/gpt-6 is not in the Model Catalog, though its provider is\n");
    assert!(
        home.config()
            .contains("primary: 'portkey/@openai-prod/gpt-6'")
    );
}

#[test]
fn offline_asks_nobody() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    let ran = home
        .run(&["set-primary", "@a/b", "--yes", "--offline"])
        .status(0);
    assert!(
        ran.stderr.starts_with("· not checked against Portkey\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(portkey.requests().len(), 0);
    // Nothing to change, nothing to ask.
    home.run(&["set-primary", "@a/b", "--yes"]).status(0);
    // What is taken away is not looked up.
    home.run(&["set-fallback", "--remove", MIXTRAL, "--yes"])
        .status(0);
    home.run(&["remove-model", MIXTRAL, "--yes"]).status(0);
    assert_eq!(portkey.requests().len(), 0);
}

/// A config attached to the key gives a list without slugs.
#[test]
fn lists_that_cannot_tell() {
    let portkey = Portkey::start(script().provider_backed("openai")).unwrap();
    let home = wired_home(&portkey.base_url());
    home.run(&["set-primary", "@other/model", "--yes"]).status(0).stderr_has(
        "· @other/model is not looked up: a config attached to the key decides, and the list has no slugs\n",
    );
    home.run(&["models"])
        .status(0)
        .stdout_has("  gpt-5 ")
        .stderr_has(
            "note: a config attached to the key decides the provider, so the list has no @slugs\n",
        );

    let portkey = Portkey::start(script().page(2).ignoring_offset()).unwrap();
    let home = wired_home(&portkey.base_url());
    home.run(&["set-primary", "@other/model", "--yes"]).status(0).stderr_has(
        "· @other/model is not among the models that arrived, and Portkey says there are more\n",
    );
    home.run(&["models"])
        .status(0)
        .stderr_has("note: Portkey says there are more models than it listed\n");
}

/// A gateway config decides: models under it are not looked up.
#[test]
fn models_under_a_config() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    home
        .run(&["init", "--yes", "--model", "@any/thing", "--gateway-config", "pc-abc-123456"])
        .status(0)
        .stderr_has("· @any/thing is not looked up: the gateway config decides\n")
        .stderr_has("note: a gateway config that names a provider or targets routes every request; the @slug of a model is then ignored\n");
}

#[test]
fn portkey_cannot_be_asked() {
    let port = closed_port().unwrap();
    let down = wired_home(&format!("http://127.0.0.1:{port}/v1"));
    down.fails(&["set-primary", GPT, "--yes"], 2)
        .stderr_has("error: nothing accepts a connection at the base URL: 127.0.0.1")
        .stderr_has(OFFLINE);
    // --force is about what Portkey says, and it says nothing.
    down.fails(&["set-primary", GPT, "--yes", "--force"], 2)
        .stderr_has(OFFLINE);
    let json = down
        .fails(&["set-primary", GPT, "--yes", "--format", "json"], 2)
        .json();
    assert_eq!(json["error"]["kind"], "network");

    for (fault, message) in [
        (
            Fault::Slow(Duration::from_secs(4)),
            "error: no answer came in time: 127.0.0.1",
        ),
        (
            Fault::Reply(200, "<html>hello</html>".to_owned()),
            "error: ",
        ),
        (
            Fault::Reply(200, "hello".to_owned()),
            "error: the answer is not what Portkey sends: 127.0.0.1",
        ),
        (Fault::Row("web-page"), "error: "),
        (Fault::Row("gateway-failed"), "error: "),
        (Fault::CutOff, "error: "),
        (
            Fault::Huge,
            "error: the answer is too large to be a list of models: 127.0.0.1",
        ),
        (
            Fault::RedirectTo("https://portkey.example/v1/models".to_owned()),
            "points to https://portkey.example",
        ),
    ] {
        let shown = format!("{fault:.40?}");
        let portkey = faulty(fault);
        let home = wired_home(&portkey.base_url());
        let ran = home
            .fails(&["set-primary", GPT, "--yes", "--timeout", "1"], 2)
            .stderr_has(message);
        assert!(ran.stderr.ends_with(OFFLINE), "{shown}: {}", ran.stderr);
        home.fails(&["models", "--timeout", "1"], 2)
            .stderr_has(message);
    }
}

#[test]
fn no_key_over_plain_http() {
    let config = wired("http://192.0.2.1/v1");
    let home = Home::with(&config).var("PORTKEY_API_KEY", KEY);
    for command in [&["set-primary", GPT, "--yes"][..], &["models"]] {
        home.fails(command, 2).stderr_has(
            "error: the key would be sent unencrypted: 192.0.2.1 is reached over plain http\n",
        );
    }
    assert_eq!(home.config(), config);
    home.run(&["set-primary", GPT, "--yes", "--offline"])
        .status(0);
}

#[test]
fn a_base_url_that_is_none() {
    let home = Home::with(&wired("api.portkey.ai/v1")).var("PORTKEY_API_KEY", KEY);
    home.fails(&["set-primary", GPT, "--yes"], 2).expect(
        2,
        "",
        &format!(
            "error: the base URL has no https:// in front; write https://api.portkey.ai/v1
  at HOME/{CONFIG}:7:18
  → `openclaw-portkey init --base-url URL` sets it
"
        ),
    );
    let home = Home::new();
    home.fails(
        &[
            "init",
            "--yes",
            "--model",
            FLASH,
            "--base-url",
            "api.portkey.ai/v1",
        ],
        2,
    )
    .stderr_has("error: the base URL has no https:// in front; write https://api.portkey.ai/v1\n");
}
