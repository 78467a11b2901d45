//! `unwire`.

use snapbox::str;

use super::{changed_lines, offline_home};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn removes_portkey() {
    let home = offline_home();
    let before = home.config();
    home.fails(&["unwire"], 2)
        .says("", file("unwire/takes-portkey-out.txt"));
    let dry = home.run(&["unwire", "--dry-run"]).status(0);
    let ran = home.run(&["unwire", "--yes"]).status(0);
    assert_eq!(changed_lines(&dry.stdout), changed_lines(&ran.stderr));
    ran.says(
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("unwire/takes-portkey-out-2.txt"),
    );
    same(&home.config(), file("unwire/takes-portkey-out-3.txt"));
    home.run(&["unwire", "--yes"]).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    home.run(&["unwire", "--format", "json"]).expect(
        0,
        str![[r#"
{
  "version": 1,
  "command": "unwire",
  "config": {
    "path": "HOME/.openclaw/openclaw.json",
    "reason": "default",
    "exists": true
  },
  "changed": false,
  "written": false,
  "files": [],
  "notes": [],
  "checks": []
}

"#]],
        str![],
    );
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.config(), before);
}

#[test]
fn a_fallback_takes_over() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    home.run(&["unwire", "--yes"]).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("unwire/a-fallback-takes-over.txt"),
    );
    assert!(!home.config().contains("portkey"), "{}", home.config());
}

#[test]
fn agents_and_aliases() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    home.run(&["unwire", "--yes"]).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        file("unwire/agents-and-aliases.txt"),
    );
    assert!(!home.config().contains("portkey/"), "{}", home.config());
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
    home.run(&["unwire", "--yes"]).expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -1,6 +1,4 @@
 {
-  models: {providers: {portkey: {models: []}}},
   hooks: {model: 'portkey/@a/b', note: 'portkey is nice'},
-  agents: {defaults: {imageModel: {primary: 'portkey/@a/c'}, utilityModel: 'flash',
-    models: {'portkey/@a/d': {alias: 'flash'}}}},
+  agents: {defaults: {imageModel: {primary: 'portkey/@a/c'}, utilityModel: 'flash'}},
 }
\ No newline at end of file
warning: `hooks.model` still names a Portkey model; change it by hand (openclaw.json:3:18)
warning: `agents.defaults.imageModel.primary` still names a Portkey model; change it by hand (openclaw.json:4:45)
warning: `agents.defaults.utilityModel` still names a Portkey model; change it by hand (openclaw.json:4:76)

"#]]);
}

#[test]
fn another_provider_id() {
    let home = offline_home();
    let ran = home
        .run(&["unwire", "--yes", "--provider-id", "ollama"])
        .status(0);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'Llama 3' }] },
-      { id: 'work', model: 'ollama/llama3' }, // stays local
+      { id: 'work' }, // stays local

"#]],
    );
    assert!(!home.config().contains("ollama"), "{}", home.config());
}

#[test]
fn one_agent_alone() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    let ran = home.run(&["unwire", "--agent", "kids", "--yes"]).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        str![[r#"
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -17,7 +17,7 @@
 		},
 		list: [
 			{ id: "main", default: true },
-			{ id: "kids", model: "flash" }, // an alias
+			{ id: "kids" }, // an alias
 		]
 	},
 
note: the primary of agent `kids` is no longer set: the defaults' model is used instead

"#]],
    );
    assert_eq!(
        changed_lines(&ran.stderr).lines().count(),
        2,
        "{}",
        ran.stderr
    );
    home.fails(&["unwire", "--agent", "nobody", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: the config has no agent `nobody`; it has main, kids
  → use an agent in the config, or leave out --agent

"#]],
        );
}
