//! `report`: contains no names and no key.

use super::KEY;
use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};

const CONFIG: &str = r#"{
  // Bob's
  models: { providers: {
    portkey: {
      baseUrl: "https://gateway.acme.example/v1", apiKey: "${PORTKEY_API_KEY}", api: "openai-completions",
      headers: { "x-portkey-metadata": '{"_user":"bob@acme.example"}', "x-acme-team": "sales" },
      models: [{ id: "@acme-openai/gpt-5", name: "Bob's model" }],
    },
    "acme-local": { baseUrl: "http://10.1.2.3/v1", models: [] },
  } },
  agents: {
    defaults: { model: { primary: "portkey/@acme-openai/gpt-5" } },
    list: [{ id: "bobby", model: "portkey/@acme-openai/gpt-5" }],
  },
  channels: { whatsapp: { allowFrom: ["+4915112345678"] } },
}
"#;

#[test]
fn it_contains_no_names_and_no_key() {
    let home = Home::with(CONFIG)
        .var("PORTKEY_API_KEY", KEY)
        .var("USER", "bobuser");
    let ran = home.run(&["report", "--offline"]).status(0);
    let report = &ran.stdout;
    for hidden in [KEY, "acme", "bob", "Bob", "sales", "4915112345678", "HOME"] {
        assert!(!report.contains(hidden), "`{hidden}` is in\n{report}");
    }
    for part in [
        "## openclaw-portkey report\n\n- openclaw-portkey ",
        "- config: ~/.openclaw/openclaw.json (default)\n",
        "### Checks\n",
        "· skipped ",
        "provider portkey\n  baseUrl https://host-1/v1\n  api openai-completions\n  apiKey a variable\n",
        "  header x-portkey-metadata\n  header (another header)\n",
        "  model @slug-1/gpt-5\n",
        "defaults: primary portkey/@slug-1/gpt-5\n",
        "agent-1: primary portkey/@slug-1/gpt-5\n",
        "1 other providers\n",
    ] {
        assert!(report.contains(part), "`{part}` is not in\n{report}");
    }
}

#[test]
fn without_a_config_and_with_one_that_does_not_exist() {
    let home = Home::new();
    let ran = home.run(&["report", "--offline"]).status(0);
    assert!(ran.stdout.contains("0 other providers"), "{}", ran.stdout);
    home.fails(&["report", "--config", "missing.json"], 2);
}

#[test]
fn it_contacts_portkey_unless_offline() {
    let portkey = Portkey::start(Script::new(KEY)).unwrap();
    let config = CONFIG.replace("https://gateway.acme.example/v1", &portkey.base_url());
    let home = Home::with(&config).var("PORTKEY_API_KEY", KEY);
    let ran = home.run(&["report"]).status(0);
    assert!(ran.stdout.contains("@slug-1"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("acme"), "{}", ran.stdout);
    assert!(!portkey.requests().is_empty());
    let before = portkey.requests().len();
    home.run(&["report", "--offline"]).status(0);
    assert_eq!(portkey.requests().len(), before);
}
