//! Allow-lists: models are added to an existing one, but none is ever created.

use snapbox::str;

use super::changed_lines;
use crate::support::home::Home;

const PROVIDER: &str = "models: {providers: {portkey: {models: [{id: '@a/one', name: 'One'}]}}}";

/// The lines that `set-primary @a/one` changes, except the primary itself.
#[track_caller]
fn added(defaults: &str, rest: &str) -> Vec<String> {
    let home = Home::with(&format!(
        "{{\n{PROVIDER},\nagents: {{defaults: {{\n{defaults}\n}}}},\n{rest}\n}}\n"
    ));
    let args = ["set-primary", "@a/one", "--offline", "--yes"];
    let ran = home.run(&args).status(0);
    home.run(&args).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    let changed = changed_lines(&ran.stderr);
    let added: Vec<String> = changed
        .lines()
        .filter(|line| line.starts_with('+') && !line.contains("primary"))
        .map(str::to_owned)
        .collect();
    let noted = ran.stderr.contains("note: added to the allow-list");
    assert_eq!(noted, !added.is_empty(), "{}", ran.stderr);
    added
}

const MODEL: &str = "model: {primary: 'other/m1'},";

#[test]
fn the_policy() {
    let with = |list: &str| added(&format!("{MODEL}\nmodelPolicy: {{allow: {list}}}"), "");
    assert_eq!(
        with("['other/*']"),
        ["+modelPolicy: {allow: ['other/*', 'portkey/@a/one']}"]
    );
    for covered in ["[]", "['portkey/*']", "['Portkey/@a/one']"] {
        assert_eq!(with(covered), [""; 0], "{covered}");
    }
    assert_eq!(
        with("['portkey/@A/one']"),
        ["+modelPolicy: {allow: ['portkey/@A/one', 'portkey/@a/one']}"]
    );
}

/// In some versions the map is an allow-list, as shown by the last writer recorded in the config.
#[test]
fn the_map() {
    let with = |map: &str, meta: &str| added(&format!("{MODEL}\nmodels: {map}"), meta);
    let meta = |version: &str| format!("meta: {{lastTouchedVersion: '{version}'}}");
    let line = ["+models: {'other/m1': {alias: 'a'}, 'portkey/@a/one': {}}"];
    for version in ["2026.2.17", "2026.5.28", "2026.7.1", "2026.8.1"] {
        assert_eq!(
            with("{'other/m1': {alias: 'a'}}", &meta(version)),
            line,
            "{version}"
        );
    }
    // If the version is unknown, the model is added to be safe.
    assert_eq!(with("{'other/m1': {alias: 'a'}}", ""), line);
    assert_eq!(
        with("{'other/m1': {alias: 'a'}}", &meta("2026.9.6")),
        [""; 0]
    );
    assert_eq!(
        with("{'other/*': {}}", &meta("2026.9.6")),
        ["+models: {'other/*': {}, 'portkey/@a/one': {}}"]
    );
    let migrated =
        "meta: {lastTouchedVersion: '2026.8.1', migrations: {modelPolicyAllowlist: true}}";
    assert_eq!(with("{'other/*': {}}", migrated), [""; 0]);
    assert_eq!(with("{}", ""), [""; 0]);
}

#[test]
fn a_policy_replaces_the_map() {
    let both = "model: {primary: 'other/m1'},\nmodels: {'other/*': {}},\nmodelPolicy: {allow: ['other/*']}";
    assert_eq!(
        added(both, ""),
        ["+modelPolicy: {allow: ['other/*', 'portkey/@a/one']}"]
    );
    let lifted =
        "model: {primary: 'other/m1'},\nmodels: {'other/*': {}},\nmodelPolicy: {allow: []}";
    assert_eq!(added(lifted, ""), [""; 0]);
}

#[test]
fn an_agent_with_its_own_list() {
    let config = |entry: &str| {
        format!(
            "{{\n{PROVIDER},\nagents: {{defaults: {{\nmodelPolicy: {{allow: ['d/*']}}}},\nentries: {{work: {{\nmodel: 'other/m1',\n{entry}}}}}}}\n}}\n"
        )
    };
    let changed = |entry: &str| {
        let home = Home::with(&config(entry));
        let ran = home
            .run(&[
                "set-primary",
                "@a/one",
                "--agent",
                "work",
                "--offline",
                "--yes",
            ])
            .status(0);
        changed_lines(&ran.stderr)
            .lines()
            .filter(|line| line.starts_with('+') && !line.contains("model:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // Its own list replaces the defaults'; an empty one lifts the restriction.
    assert_eq!(
        changed("modelPolicy: {allow: ['other/*']}"),
        ["+modelPolicy: {allow: ['other/*', 'portkey/@a/one']}}}}"]
    );
    assert_eq!(changed("modelPolicy: {allow: []}"), [""; 0]);
    assert_eq!(
        changed(""),
        ["+modelPolicy: {allow: ['d/*', 'portkey/@a/one']}},"]
    );
    // Its own map restricts nothing.
    assert_eq!(
        changed("models: {'other/*': {}}"),
        ["+modelPolicy: {allow: ['d/*', 'portkey/@a/one']}},"]
    );
}

#[test]
fn warns_of_an_agent_whose_own_list_lacks_the_model() {
    let home = Home::with(&format!(
        "{{\n{PROVIDER},\nagents: {{entries: {{\nwork: {{modelPolicy: {{allow: ['other/*']}}}},\nfree: {{modelPolicy: {{allow: ['portkey/*']}}}}}}}}\n}}\n"
    ));
    let ran = home
        .run(&["set-primary", "@a/one", "--offline", "--yes"])
        .status(0);
    ran.says(str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
· not checked with Portkey
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -2,5 +2,7 @@
 models: {providers: {portkey: {models: [{id: '@a/one', name: 'One'}]}}},
 agents: {entries: {
 work: {modelPolicy: {allow: ['other/*']}},
-free: {modelPolicy: {allow: ['portkey/*']}}}}
+free: {modelPolicy: {allow: ['portkey/*']}}}, defaults: {
+  model: {primary: 'portkey/@a/one'}
+}}
 }
warning: agent `work` has its own allow-list without portkey/@a/one, and may not go through Portkey; `openclaw-portkey set-primary @a/one --agent work` adds it (openclaw.json:4:29)

"#]]);
}
