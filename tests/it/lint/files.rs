use std::fmt::Write as _;

use snapbox::str;

use super::{WITHOUT_V1, fixed, home, only};
use crate::support::home::Home;
use crate::support::snapshot::same;

#[test]
fn folders_are_searched_in_order() {
    let home = Home::new();
    for name in ["b/openclaw.json5", "a/x/openclaw.json", "a/openclaw.json"] {
        home.write(&format!("tree/{name}"), WITHOUT_V1);
    }
    for name in [
        "a/other.json",
        "node_modules/openclaw.json",
        ".git/openclaw.json",
        "c/my-openclaw.json",
    ] {
        home.write(&format!("tree/{name}"), WITHOUT_V1);
    }
    let found = home.run(&only(&["tree", "--format", "github"])).status(1);
    let files: Vec<&str> = found
        .stdout
        .lines()
        .filter_map(|line| line.split(['=', ',']).nth(1))
        .collect();
    assert_eq!(
        files,
        [
            "tree/a/openclaw.json",
            "tree/a/x/openclaw.json",
            "tree/b/openclaw.json5"
        ]
    );
    home.write("empty/x", "");
    home.run(&only(&["empty"])).expect(
        0,
        str![],
        str![[r#"
No files checked.

"#]],
    );
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed() {
    let home = Home::new();
    home.write("tree/a/openclaw.json", WITHOUT_V1);
    std::os::unix::fs::symlink(home.path("tree"), home.path("tree/a/up")).unwrap();
    std::os::unix::fs::symlink("openclaw.json", home.path("tree/a/openclaw.json5")).unwrap();
    let found = home.run(&only(&["tree", "--format", "github"])).status(1);
    assert_eq!(found.stdout.lines().count(), 2, "{}", found.stdout);
}

#[cfg(unix)]
#[test]
fn unreadable_files_are_reported_with_the_diagnostics() {
    let home = home();
    std::os::unix::fs::symlink("nowhere", home.path("dangling.json")).unwrap();
    let ran = home
        .run(&only(&["dangling.json", "a.json5", "."]))
        .status(2);
    ran.says(
        str![[r#"
error[base-url-without-v1]: the base URL does not end in /v1, so Portkey answers
                            404 to every request
 --> a.json5:4:16
  |
4 |       baseUrl: "https://api.portkey.ai",
  |                ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: models.providers.portkey.baseUrl
  = help: write https://api.portkey.ai/v1 (fixable with --fix)

"#]],
        str![[r#"
error: HOME/dangling.json is a symlink to nowhere, which doesn't exist
  → create nowhere, or remove the symlink: rm HOME/dangling.json
Found 1 error in 2 files. 1 fixable with --fix.

"#]],
    );
}

#[test]
fn includes_are_followed_and_reported_in_their_file() {
    let home = Home::new();
    home.write(
        "c/openclaw.json",
        "{ models: { $include: './sub/models.json5' } }",
    );
    home.write(
        "c/sub/models.json5",
        "{ providers: { $include: './p.json5' } }",
    );
    home.write(
        "c/sub/p.json5",
        "{ portkey: { baseUrl: 'https://api.portkey.ai' } }",
    );
    home.run(&only(&["c"])).expect(
        1,
        str![[r#"
error[base-url-without-v1]: the base URL does not end in /v1, so Portkey answers
                            404 to every request
 --> c/sub/p.json5:1:23
  |
1 | { portkey: { baseUrl: 'https://api.portkey.ai' } }
  |                       ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: models.providers.portkey.baseUrl
  = help: write https://api.portkey.ai/v1 (fixable with --fix)

"#]],
        str![[r#"
Found 1 error in 1 file. 1 fixable with --fix.

"#]],
    );
}

#[test]
fn nothing_is_missing_if_an_include_is_unread() {
    for (include, wanted) in [
        (
            "'./none.json5'",
            str![[r#"
note: HOME/c/openclaw.json:1:23: include not read: the included file HOME/c/none.json5 does not exist
No problems in 1 file.

"#]],
        ),
        (
            "'../out.json5'",
            str![[r#"
note: HOME/c/openclaw.json:1:23: include not read: the included file HOME/out.json5 is outside the config's folder, so OpenClaw doesn't read it
No problems in 1 file.

"#]],
        ),
        (
            "'./openclaw.json'",
            str![[r#"
note: HOME/c/openclaw.json:1:23: include not read: the includes form a cycle
No problems in 1 file.

"#]],
        ),
    ] {
        let home = Home::new();
        home.write("out.json5", "{}");
        home.write(
            "c/openclaw.json",
            format!("{{ models: {{ $include: {include} }} }}"),
        );
        let ran = home
            .run(&[
                "lint",
                "c",
                "--select",
                "portkey-missing",
                "--fail-on",
                "note",
            ])
            .status(0);
        ran.says("", wanted);
    }
    let broken = Home::new();
    broken.write("c/openclaw.json", "{ models: { $include: './m.json5' } }");
    broken.write("c/m.json5", "{ a: }");
    broken.run(&only(&["c"])).expect(
        1,
        str![[r#"
error[syntax-error]: expected a value after this key
 --> c/m.json5:1:6
  |
1 | { a: }
  |      ^
  |
  = help: fix the text here; OpenClaw does not start with it

"#]],
        str![[r#"
Found 1 error in 1 file.

"#]],
    );
}

#[test]
fn multiplying_includes_terminate() {
    let home = Home::new();
    let mut list = String::new();
    for index in 0..40 {
        let _ = write!(list, "'./m{index}.json5', ");
    }
    home.write("openclaw.json", format!("{{ $include: [{list}] }}"));
    for index in 0..40 {
        home.write(
            &format!("m{index}.json5"),
            format!("{{ a{index}: {{ $include: [{list}] }} }}"),
        );
    }
    let ran = home.run(&only(&["openclaw.json"])).status(0);
    let note = "include not read: more than 200 included files\n";
    assert!(ran.stderr.matches(note).count() > 100, "{}", ran.stderr);
}

#[test]
fn many_files_are_reported_in_order() {
    let home = Home::new();
    let mut wanted = Vec::new();
    for index in 0..700 {
        let name = format!("t/{index:03}/openclaw.json");
        if index % 7 == 3 {
            home.write(&name, WITHOUT_V1);
            wanted.push(name);
        } else {
            home.write(&name, fixed());
        }
    }
    let ran = home.run(&only(&["t", "--format", "json"])).status(1);
    let whole: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let files: Vec<&str> = whole["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["location"]["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, wanted);
    assert_eq!(whole["summary"]["files"], 700);
    same(
        &ran.stderr,
        str![[r#"
Found 100 errors in 700 files. 100 fixable with --fix.

"#]],
    );
}
