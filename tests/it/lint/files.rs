use std::fmt::Write as _;

use super::{WITHOUT_V1, home, mended, only};
use crate::support::home::Home;

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
    home.run(&only(&["empty"]))
        .expect(0, "", "No problems in 0 files.\n");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_no_way() {
    let home = Home::new();
    home.write("tree/a/openclaw.json", WITHOUT_V1);
    std::os::unix::fs::symlink(home.path("tree"), home.path("tree/a/up")).unwrap();
    std::os::unix::fs::symlink("openclaw.json", home.path("tree/a/openclaw.json5")).unwrap();
    let found = home.run(&only(&["tree", "--format", "github"])).status(1);
    assert_eq!(found.stdout.lines().count(), 2, "{}", found.stdout);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_beside_the_findings() {
    let home = home();
    std::os::unix::fs::symlink("nowhere", home.path("dangling.json")).unwrap();
    let ran = home
        .run(&only(&["dangling.json", "a.json5", "."]))
        .status(2);
    assert!(
        ran.stdout.contains("error[base-url-without-v1]"),
        "{}",
        ran.stdout
    );
    ran.stderr_has("dangling.json");
}

#[test]
fn includes_are_followed_and_findings_are_told_in_their_file() {
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
    home.run(&only(&["c"]))
        .status(1)
        .stdout_has("--> c/sub/p.json5:1:23")
        .stdout_has("models.providers.portkey.baseUrl");
}

#[test]
fn what_an_unread_include_may_hold_is_not_missed() {
    for (include, note) in [
        ("'./none.json5'", "does not exist"),
        ("'../out.json5'", "outside"),
        ("'./openclaw.json'", "in a circle"),
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
        ran.stderr_has("c/openclaw.json:1:23: include not read")
            .stderr_has(note);
    }
    let broken = Home::new();
    broken.write("c/openclaw.json", "{ models: { $include: './m.json5' } }");
    broken.write("c/m.json5", "{ a: }");
    broken
        .run(&only(&["c"]))
        .status(1)
        .stdout_has("--> c/m.json5:1:6");
}

#[test]
fn includes_that_multiply_end() {
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
    home.run(&only(&["openclaw.json"]))
        .status(0)
        .stderr_has("more than 200 files are included");
}

#[test]
fn many_files_are_told_in_order() {
    let home = Home::new();
    let mut wanted = Vec::new();
    for index in 0..700 {
        let name = format!("t/{index:03}/openclaw.json");
        if index % 7 == 3 {
            home.write(&name, WITHOUT_V1);
            wanted.push(name);
        } else {
            home.write(&name, mended());
        }
    }
    let ran = home.run(&only(&["t", "--format", "json"])).status(1);
    let whole: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let files: Vec<&str> = whole["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, wanted);
    assert_eq!(whole["summary"]["files"], 700);
    assert_eq!(
        ran.stderr,
        "Found 100 errors in 700 files. --fix mends 100.\n"
    );
}
