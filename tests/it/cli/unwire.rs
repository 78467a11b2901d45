//! `unwire`.

use super::{changed_lines, offline_home};
use crate::support::home::Home;

#[test]
fn takes_portkey_out() {
    let home = offline_home();
    let before = home.config();
    home.fails(&["unwire"], 2)
        .stderr_has("--yes writes without asking");
    let dry = home.run(&["unwire", "--dry-run"]).status(0);
    let ran = home.run(&["unwire", "--yes"]).status(0);
    assert_eq!(changed_lines(&dry.stdout), changed_lines(&ran.stderr));
    ran.stderr_has(
        "note: the primary is no longer set: OpenClaw's own default model takes its place\n",
    )
    .stderr_has("note: the key itself stays where it is, in the variable PORTKEY_API_KEY\n");
    assert_eq!(
        home.config(),
        "// My OpenClaw. Portkey in front of everything.
{
  models: {
    mode: 'merge',
    providers: {
      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'Llama 3' }] },
    },
  },
  agents: {
    defaults: {
      // the good one first
      workspace: '~/clawd',
    },
    list: [
      { id: 'main', default: true },
      { id: 'work', model: 'ollama/llama3' }, // stays local
    ],
  },
  gateway: { port: 18789 },
}
"
    );
    home.run(&["unwire", "--yes"])
        .status(0)
        .stdout_has("Nothing to change");
    let json = home.run(&["unwire", "--format", "json"]).status(0).json();
    assert_eq!(json["changed"], false);
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.config(), before);
}

#[test]
fn a_fallback_takes_over() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    let ran = home.run(&["unwire", "--yes"]).status(0).stderr_has(
        "note: the primary becomes groq/llama-3.3-70b-versatile, until now its fallback\n",
    );
    let config = home.config();
    assert!(!config.contains("portkey"), "{config}");
    assert!(
        config.contains("\"primary\": \"groq/llama-3.3-70b-versatile\""),
        "{config}"
    );
    assert!(
        changed_lines(&ran.stderr).contains("-          \"portkey/@gemini/gemini-2.5-flash\",\n")
    );
}

#[test]
fn agents_and_aliases() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    home
        .run(&["unwire", "--yes"])
        .status(0)
        .stderr_has("note: the primary becomes anthropic/claude-sonnet-4-5, until now its fallback\n")
        .stderr_has("note: the primary of agent `kids` is no longer set: the defaults' model takes its place\n");
    let config = home.config();
    assert!(config.contains("{ id: \"kids\" }, // an alias"), "{config}");
    assert!(!config.contains("portkey/"), "{config}");
}

#[test]
fn names_what_it_leaves() {
    let home = Home::with(
        "{
  models: {providers: {portkey: {models: []}}},
  hooks: {model: 'portkey/@a/b', note: 'portkey is nice'},
  agents: {defaults: {imageModel: {primary: 'portkey/@a/c'}, utilityModel: 'flash',
    models: {'portkey/@a/d': {alias: 'flash'}}}},
}",
    );
    home
        .run(&["unwire", "--yes"])
        .status(0)
        .stderr_has("warning: `hooks.model` still names a Portkey model; change it by hand (openclaw.json:3:18)\n")
        .stderr_has("warning: `agents.defaults.imageModel.primary` still names a Portkey model; change it by hand (openclaw.json:4:45)\n")
        .stderr_has("warning: `agents.defaults.utilityModel` still names a Portkey model; change it by hand (openclaw.json:4:76)\n");
}

#[test]
fn another_provider_id() {
    let home = offline_home();
    home.run(&["unwire", "--yes", "--provider-id", "ollama"])
        .status(0);
    let config = home.config();
    assert!(
        config.contains("portkey: {") && !config.contains("ollama"),
        "{config}"
    );
}

#[test]
fn one_agent_alone() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    let ran = home
        .run(&["unwire", "--agent", "kids", "--yes"])
        .status(0)
        .stderr_has("note: the primary of agent `kids` is no longer set: the defaults' model takes its place\n");
    assert_eq!(
        changed_lines(&ran.stderr).lines().count(),
        2,
        "{}",
        ran.stderr
    );
    home.fails(&["unwire", "--agent", "nobody", "--yes"], 2)
        .stderr_has("the config has no agent `nobody`");
}
