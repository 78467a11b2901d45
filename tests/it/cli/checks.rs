//! The check before a write: what Portkey refuses, and what keeps it from answering.

use std::fmt::Write as _;
use std::time::Duration;

use snapbox::str;

use super::{FLASH, GPT, KEY, MIXTRAL, script, wired, wired_home};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script, closed_port};
use crate::support::snapshot::{file, same};

fn faulty(fault: Fault) -> Portkey {
    Portkey::start(script().fault(fault)).unwrap()
}

#[test]
fn a_rejected_key() {
    let portkey = super::portkey();
    let home =
        Home::with(&wired(&portkey.base_url())).var("PORTKEY_API_KEY", "pk-wrong-0123456789abc");
    home.fails(&["set-primary", GPT, "--yes"], 1).says(
        "",
        str![[r#"
error: Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03)
  → Copy the key again from the API Keys page, or create a new one; `openclaw-portkey init` stores it.
  → nothing was written; use --force to write anyway

"#]],
    );
    // A new key is checked before it is written to `.env`.
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
    home.run_with_input(&args, "pk-wrong-0123456789abc").expect(
        1,
        "",
        str![[r#"
error: Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03)
  → Copy the key again from the API Keys page, or create a new one; `openclaw-portkey init` stores it.
  → nothing was written; use --force to write anyway

"#]],
    );
    assert_eq!(home.files(), [""; 0]);
    home.run_with_input(
        &[&args[..], &["--format", "json"]].concat(),
        "pk-wrong-0123456789abc",
    )
    .expect(1, str![[r#"
{
  "version": 1,
  "command": "init",
  "error": {
    "kind": "check",
    "message": "Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03)",
    "location": null,
    "hints": [
      "Copy the key again from the API Keys page, or create a new one; `openclaw-portkey init` stores it.",
      "nothing was written; use --force to write anyway"
    ]
  }
}

"#]], str![[r#"
error: Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03)
  → Copy the key again from the API Keys page, or create a new one; `openclaw-portkey init` stores it.
  → nothing was written; use --force to write anyway

"#]]);
}

#[test]
fn a_key_without_the_scope() {
    let portkey = faulty(Fault::Row("missing-scope"));
    let home = wired_home(&portkey.base_url());
    home.fails(&["add-model", GPT, "--yes"], 1).says(
        "",
        str![[r#"
error: the API key lacks a permission (403: Portkey Error: Forbidden!. Error Code: 033)
  → On the API Keys page, edit the key and add these permissions.
  → nothing was written; use --force to write anyway

"#]],
    );
    home.fails(&["models"], 1).says(
        "",
        str![[r#"
error: the API key lacks a permission (403: Portkey Error: Forbidden!. Error Code: 033)
  → On the API Keys page, edit the key and add these permissions.

"#]],
    );
}

#[test]
fn unknown_names() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    for (model, wanted) in [
        (
            "@opnai-prod/gpt-5",
            str![[r#"
✓ Key accepted: 3 models from 3 providers
error: the Model Catalog has no provider @opnai-prod
  → did you mean @openai-prod/gpt-5?
  → nothing was written; use --force to write anyway

"#]],
        ),
        (
            "@openai-prod/gpt-55",
            str![[r#"
✓ Key accepted: 3 models from 3 providers
error: @openai-prod/gpt-55 is not in the Model Catalog, but its provider is
  → did you mean @openai-prod/gpt-5?
  → nothing was written; use --force to write anyway

"#]],
        ),
        (
            "@OpenAI-Prod/gpt-5",
            str![[r#"
✓ Key accepted: 3 models from 3 providers
error: @OpenAI-Prod/gpt-5 is not in the Model Catalog; model ids are case-sensitive
  → did you mean @openai-prod/gpt-5?
  → nothing was written; use --force to write anyway

"#]],
        ),
        (
            "@zzz/qqqqqqqqqqqqqqqqqqqqqq",
            str![[r#"
✓ Key accepted: 3 models from 3 providers
error: the Model Catalog has no provider @zzz
  → `openclaw-portkey models` lists what this key can route to
  → nothing was written; use --force to write anyway

"#]],
        ),
    ] {
        for command in [
            &["set-primary", model][..],
            &["add-model", model],
            &["set-fallback", "--add", model],
            &["init", "--model", model],
        ] {
            home.fails(&[command, &["--yes"]].concat(), 1)
                .says("", wanted.clone());
        }
    }
    home.fails(
        &["add-model", "@zzz/a", "@openai-prod/gpt-55", GPT, "--yes"],
        1,
    )
    .says("", str![[r#"
✓ Key accepted: 3 models from 3 providers
✓ @openai-prod/gpt-5 is in the Model Catalog
error: the Model Catalog has no provider @zzz; @openai-prod/gpt-55 is not in the Model Catalog, but its provider is
  → `openclaw-portkey models` lists what this key can route to
  → did you mean @openai-prod/gpt-5?
  → nothing was written; use --force to write anyway

"#]]);
}

#[test]
fn force_writes_anyway() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    home.run(&["set-primary", "@openai-prod/gpt-6", "--yes", "--force"])
        .expect(
            0,
            str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
            file("checks/force-writes-all-the-same.txt"),
        );
    assert!(
        home.config()
            .contains("primary: 'portkey/@openai-prod/gpt-6'")
    );
}

#[test]
fn offline_sends_nothing() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    let ran = home
        .run(&["set-primary", "@a/b", "--yes", "--offline"])
        .status(0);
    ran.says(
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("checks/offline-asks-nobody.txt"),
    );
    assert_eq!(portkey.requests().len(), 0);
    // Nothing to change, nothing to look up.
    home.run(&["set-primary", "@a/b", "--yes"]).status(0);
    // Models to remove aren't looked up.
    home.run(&["set-fallback", "--remove", MIXTRAL, "--yes"])
        .status(0);
    home.run(&["remove-model", MIXTRAL, "--yes"]).status(0);
    assert_eq!(portkey.requests().len(), 0);
}

/// A config attached to the key gives a list without slugs.
#[test]
fn lists_that_prove_nothing() {
    let portkey = Portkey::start(script().provider_backed("openai")).unwrap();
    let home = wired_home(&portkey.base_url());
    home.run(&["set-primary", "@other/model", "--yes"]).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("checks/lists-that-cannot-tell.txt"),
    );
    home.run(&["models"]).expect(
        0,
        str![[r#"
gemini-2.5-flash        1M     0.3/2.5  image+audio+video   65.5K  yes
gpt-5                 400K     1.25/10  image                128K  yes
open-mixtral-8x7b      32K     0.7/0.7  text                  32K  no

"#]],
        str![[r#"
model              context  $/M in/out  input              output  reasoning
3 of 3 models
note: a config attached to the key decides the provider, so the models have no @slugs

"#]],
    );

    let portkey = Portkey::start(script().page(2).ignoring_offset()).unwrap();
    let home = wired_home(&portkey.base_url());
    home.run(&["set-primary", "@other/model", "--yes"]).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("checks/lists-that-cannot-tell-2.txt"),
    );
    home.run(&["models"]).expect(
        0,
        str![[r#"
@gemini/gemini-2.5-flash         1M     0.3/2.5  image+audio+video   65.5K  yes
@mistral/open-mixtral-8x7b      32K     0.7/0.7  text                  32K  no

"#]],
        str![[r#"
model                       context  $/M in/out  input              output  reasoning
2 of 2 models; 2 in the config
note: Portkey has more models than it listed

"#]],
    );
}

/// If a gateway config chooses the model, models aren't looked up.
#[test]
fn models_under_a_config() {
    let portkey = super::portkey();
    let home = wired_home(&portkey.base_url());
    home.run(&[
        "init",
        "--yes",
        "--model",
        "@any/thing",
        "--gateway-config",
        "pc-abc-123456",
    ])
    .expect(
        0,
        str![[r#"
Wrote ~/.openclaw/.env
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("checks/models-under-a-config.txt"),
    );
}

#[test]
fn portkey_cannot_be_reached() {
    let port = closed_port().unwrap();
    let down = wired_home(&format!("http://127.0.0.1:{port}/v1"));
    down.fails(&["set-primary", GPT, "--yes"], 2)
        .says("", str![[r#"
error: nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)
  → Check the host and port of the base URL. For your own gateway, start it; for api.portkey.ai, check the network and the status page.
  → nothing was written; use --offline to continue without checking

"#]]);
    // --force overrides Portkey's answer, and there is none.
    down.fails(&["set-primary", GPT, "--yes", "--force"], 2)
        .says("", str![[r#"
error: nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)
  → Check the host and port of the base URL. For your own gateway, start it; for api.portkey.ai, check the network and the status page.
  → nothing was written; use --offline to continue without checking

"#]]);
    down.fails(&["set-primary", GPT, "--yes", "--format", "json"], 2)
        .says(str![[r#"
{
  "version": 1,
  "command": "set-primary",
  "error": {
    "kind": "network",
    "message": "nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)",
    "location": null,
    "hints": [
      "Check the host and port of the base URL. For your own gateway, start it; for api.portkey.ai, check the network and the status page.",
      "nothing was written; use --offline to continue without checking"
    ]
  }
}

"#]], str![[r#"
error: nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)
  → Check the host and port of the base URL. For your own gateway, start it; for api.portkey.ai, check the network and the status page.
  → nothing was written; use --offline to continue without checking

"#]]);

    let mut output = String::new();
    for fault in [
        Fault::Slow(Duration::from_secs(4)),
        Fault::Reply(200, "<html>hello</html>".to_owned()),
        Fault::Reply(200, "hello".to_owned()),
        Fault::Row("web-page"),
        Fault::Row("gateway-failed"),
        Fault::CutOff,
        Fault::Huge,
        Fault::RedirectTo("https://portkey.example/v1/models".to_owned()),
    ] {
        let _ = writeln!(output, "{fault:?}");
        let portkey = faulty(fault);
        let home = wired_home(&portkey.base_url());
        for command in [&["set-primary", GPT, "--yes"][..], &["models"]] {
            let args = [command, &["--timeout", "1"]].concat();
            output += &home.fails(&args, 2).transcript(&args);
        }
    }
    same(&output, file("checks/portkey-cannot-be-asked.txt"));
}

#[test]
fn no_key_over_plain_http() {
    let config = wired("http://192.0.2.1/v1");
    let home = Home::with(&config).var("PORTKEY_API_KEY", KEY);
    for (command, wanted) in [
        (
            &["set-primary", GPT, "--yes"][..],
            str![[r#"
error: the key would be sent unencrypted: 192.0.2.1 is reached over plain http
  → Use https://, or add --insecure-http if you trust the network.

"#]],
        ),
        (
            &["models"],
            str![[r#"
error: the key would be sent unencrypted: 192.0.2.1 is reached over plain http
  → Use https://, or add --insecure-http if you trust the network.

"#]],
        ),
    ] {
        home.fails(command, 2).says("", wanted);
    }
    assert_eq!(home.config(), config);
    home.run(&["set-primary", GPT, "--yes", "--offline"])
        .status(0);
}

#[test]
fn no_key_to_a_proxy_over_plain_http() {
    let proxy = Portkey::start(Script::new(KEY)).unwrap();
    let address = proxy.base_url().replace("/v1", "");
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        let home = Home::with(&wired("http://gateway.example/v1"))
            .var("PORTKEY_API_KEY", KEY)
            .var(variable, &address);
        for command in [
            &["set-primary", GPT, "--yes", "--insecure-http"][..],
            &["models", "--insecure-http"],
            &["init", "--yes", "--model", GPT, "--insecure-http"],
        ] {
            let ran = home.fails(command, 2);
            let expected = format!(
                "the key would be sent unencrypted to a proxy: {variable} sends what goes to gateway.example through a proxy"
            );
            assert!(ran.stderr.contains(&expected), "{}", ran.stderr);
        }
        let ran = home.run(&["doctor", "--insecure-http", "--probe"]);
        assert!(ran.stdout.contains(variable), "{}", ran.stdout);
    }
    assert_eq!(proxy.requests().len(), 0);
}

#[test]
fn a_proxy_that_cannot_be_read() {
    for (variable, value) in [
        ("HTTPS_PROXY", "http//user:canary@proxy:1"),
        ("https_proxy", "http://proxy:port"),
        ("ALL_PROXY", "ftp://proxy.example"),
    ] {
        let home = Home::with(&wired("https://gateway.invalid/v1"))
            .var("PORTKEY_API_KEY", KEY)
            .var(variable, value);
        home.fails(&["models"], 2).says(
            "",
            format!(
                "error: the proxy address is invalid: {variable}
  → Correct or unset the variable, or add the host to NO_PROXY.
"
            ),
        );
    }
}

#[test]
fn an_invalid_base_url() {
    let home = Home::with(&wired("api.portkey.ai/v1")).var("PORTKEY_API_KEY", KEY);
    home.fails(&["set-primary", GPT, "--yes"], 2).says(
        "",
        str![[r#"
error: the base URL does not begin with https://; write https://api.portkey.ai/v1
  at HOME/.openclaw/openclaw.json:7:18
  → `openclaw-portkey init --base-url URL` sets it

"#]],
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
    .says(
        "",
        str![[r#"
error: the base URL does not begin with https://; write https://api.portkey.ai/v1

"#]],
    );
}
