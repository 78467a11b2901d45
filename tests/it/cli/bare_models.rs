//! Model ids without a slug: complete if a header chooses the provider; otherwise the slug is
//! looked up in the config and in Portkey's list.

use super::{GPT, KEY, changed_lines, wired};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script};

/// A home whose provider names `openai` in a header, and a gateway that lists its models.
fn routed() -> (Portkey, Home) {
    let script = Script::new(KEY)
        .models(["gpt-5", "gpt-5-mini"])
        .provider_backed("openai");
    let portkey = Portkey::start(script).unwrap();
    let config = format!(
        r#"{{
  models: {{ providers: {{ portkey: {{
    baseUrl: "{}",
    apiKey: "${{PORTKEY_API_KEY}}",
    headers: {{ "x-portkey-provider": "openai" }},
    models: [{{ id: "gpt-5", name: "GPT 5" }}],
  }} }} }},
  agents: {{ defaults: {{ model: {{ primary: "portkey/gpt-5" }} }} }},
}}
"#,
        portkey.base_url()
    );
    (portkey, Home::with(&config).var("PORTKEY_API_KEY", KEY))
}

#[test]
fn a_header_makes_them_complete() {
    let (portkey, home) = routed();
    let yes = ["--yes", "--no-metadata"];
    let added = home
        .run(&[&["add-model", "gpt-5-mini"], &yes[..]].concat())
        .status(0);
    let listed = "✓ the provider lists gpt-5-mini\n";
    assert!(added.stderr.contains(listed), "{}", added.stderr);
    assert!(
        home.config()
            .contains("{ id: \"gpt-5-mini\", name: \"GPT 5 Mini\" }"),
        "{}",
        home.config()
    );
    home.run(&[&["set-fallback", "gpt-5-mini"], &yes[..]].concat())
        .status(0);
    assert!(
        home.config()
            .contains("fallbacks: [\"portkey/gpt-5-mini\"]"),
        "{}",
        home.config()
    );
    home.run(&["set-fallback", "--remove", "gpt-5-mini", "--yes"])
        .status(0);
    home.run(&[&["set-primary", "portkey/gpt-5-mini"], &yes[..]].concat())
        .status(0);
    assert!(
        home.config().contains("primary: \"portkey/gpt-5-mini\""),
        "{}",
        home.config()
    );
    home.run(&["remove-model", "gpt-5", "--yes"]).status(0);
    assert!(!home.config().contains("\"gpt-5\""), "{}", home.config());
    let requests = portkey.requests();
    let lists = requests
        .iter()
        .filter(|one| one.target.starts_with("/v1/models"));
    let mut asked = 0;
    for request in lists {
        assert_eq!(request.header("x-portkey-provider"), Some("openai"));
        asked += 1;
    }
    assert!(asked >= 3, "{asked}");
}

#[test]
fn a_header_that_init_sets_does_so_too() {
    let (portkey, _) = routed();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    home.run(&[
        "init",
        "--yes",
        "--no-metadata",
        "--base-url",
        &portkey.base_url(),
        "--header",
        "x-portkey-provider=openai",
        "--model",
        "gpt-5",
        "--primary",
        "gpt-5",
    ])
    .status(0);
    assert!(
        home.config().contains("\"portkey/gpt-5\""),
        "{}",
        home.config()
    );
    let requests = portkey.requests();
    let list = requests
        .iter()
        .find(|one| one.target.starts_with("/v1/models"));
    assert_eq!(
        list.and_then(|one| one.header("x-portkey-provider")),
        Some("openai")
    );
    // Without it the slug is missing.
    Home::new()
        .run(&["init", "--yes", "--offline", "--model", "gpt-5"])
        .status(2);
}

#[test]
fn a_model_with_its_own_header() {
    let home = Home::with(
        &wired("https://api.portkey.ai/v1").replace(
            "name: 'Mixtral' }",
            "name: 'Mixtral' }, { id: 'gpt-5', name: 'GPT 5', headers: { 'x-portkey-provider': 'openai' } }",
        ),
    );
    let offline = ["--offline", "--yes", "--no-metadata"];
    home.run(&[&["set-primary", "gpt-5"], &offline[..]].concat())
        .status(0);
    assert!(
        home.config().contains("primary: 'portkey/gpt-5'"),
        "{}",
        home.config()
    );
    home.run(&[&["add-model", "gpt-5-mini"], &offline[..]].concat())
        .status(2);
}

#[test]
fn models_can_be_removed_as_declared() {
    let config = wired("https://api.portkey.ai/v1");
    let home = Home::with(
        &config
            .replace("id: '@mistral/open-mixtral-8x7b'", "id: 'mixtral'")
            .replace("portkey/@mistral/open-mixtral-8x7b", "portkey/mixtral"),
    );
    let ran = home.run(&["remove-model", "mixtral", "--yes"]).status(0);
    assert!(!home.config().contains("'mixtral'"), "{}", ran.stdout);
    home.run(&["remove-model", "mixtral", "--yes"]).status(2);
}

/// Looks in the config first, then in Portkey's list; never invents a slug.
#[test]
fn the_slug_is_looked_up() {
    let portkey = super::portkey();
    let home = super::wired_home(&portkey.base_url());
    for (given, message) in [
        ("gemini-2.5-flash", "write @gemini/gemini-2.5-flash\n"),
        ("open-mixtral-8x7b", "write @mistral/open-mixtral-8x7b\n"),
        ("gpt-5", "write @openai-prod/gpt-5\n"),
        ("GPT-5", "write @openai-prod/gpt-5\n"),
    ] {
        for command in ["add-model", "set-primary", "set-fallback"] {
            let ran = home.fails(&[command, given], 2);
            assert!(
                ran.stderr.contains(message),
                "{command} {given}: {}",
                ran.stderr
            );
        }
    }
    let before = portkey.requests().len();
    let ran = home.fails(&["add-model", "gpt-5", "--offline"], 2);
    assert!(!ran.stderr.contains("@openai-prod"), "{}", ran.stderr);
    assert_eq!(portkey.requests().len(), before);
    let ran = home.fails(&["add-model", "clear;"], 2);
    assert!(ran.stderr.contains("write @slug/model"), "{}", ran.stderr);
    assert!(!changed_lines(&ran.stdout).contains('+'));
}

#[test]
fn the_open_source_gateway_is_recognised() {
    let script = Script::new(KEY)
        .price("/", "AI Gateway says hey!")
        .fault_at("/v1/models", Fault::Row("no-provider"));
    let portkey = Portkey::start(script).unwrap();
    let home = super::wired_home(&portkey.base_url());
    let message = "the open-source gateway needs the provider's name (400: ";
    for command in [
        &["add-model", GPT, "--yes"][..],
        &["models"],
        &["models", "--sync", "--yes"],
    ] {
        let ran = home.fails(command, 1);
        assert!(ran.stderr.contains(message), "{command:?}: {}", ran.stderr);
    }
    let ran = home.run(&["doctor"]).status(1);
    assert!(
        ran.stdout
            .contains("✗ key        the open-source gateway needs")
    );
    let way = "set-header --header x-portkey-provider=openai), and use";
    let words: Vec<&str> = ran.stdout.split_whitespace().collect();
    assert!(words.join(" ").contains(way), "{}", ran.stdout);
    let ran = home.run(&["lint", "--online"]).status(2);
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    assert!(!ran.stderr.contains("No problems"), "{}", ran.stderr);
    // The health check doesn't send the key.
    let roots: Vec<_> = portkey.requests();
    let mut roots = roots.iter().filter(|request| request.target == "/");
    assert!(roots.all(|request| {
        request.header("authorization").is_none() && request.header("x-portkey-api-key").is_none()
    }));
    // Portkey's hosted gateway doesn't answer it.
    let script = Script::new(KEY).fault_at("/v1/models", Fault::Row("no-provider"));
    let portkey = Portkey::start(script).unwrap();
    let home = super::wired_home(&portkey.base_url());
    let ran = home.fails(&["add-model", GPT, "--yes"], 1);
    assert!(!ran.stderr.contains(message), "{}", ran.stderr);
}
