use super::{WITHOUT_V1, home, mended, only};
use crate::support::home::Home;

#[test]
fn what_it_holds_is_not_told() {
    let home = home();
    home.run(&only(&["--write-baseline", "base.json", "a.json5"]))
        .expect(
            0,
            "",
            "No problems in 1 file. Wrote 1 finding to base.json.\n",
        );
    assert_eq!(
        home.read("base.json"),
        r#"{
  "version": 1,
  "findings": [
    {"file":"a.json5","rule":"base-url-without-v1","path":"models.providers.portkey.baseUrl","value":"71b7db80d1e23714"}
  ]
}
"#
    );
    home.run(&only(&["--baseline", "base.json", "a.json5"]))
        .expect(0, "", "No problems in 1 file. The baseline holds 1.\n");
    // Other lines, same finding.
    home.write("a.json5", format!("// moved\n\n{WITHOUT_V1}"));
    let _ = home
        .run(&only(&["--baseline", "base.json", "a.json5"]))
        .status(0);
    // Another value.
    home.write(
        "a.json5",
        WITHOUT_V1.replace("api.portkey.ai", "eu.portkey.ai"),
    );
    home.run(&only(&["--baseline", "base.json", "a.json5"]))
        .status(1)
        .stderr_has("is stale");
    // Another file.
    home.write("b.json5", WITHOUT_V1);
    let _ = home
        .run(&only(&["--baseline", "base.json", "b.json5"]))
        .status(1);
}

#[test]
fn stale_entries_are_told_and_change_nothing() {
    let home = home();
    let _ = home
        .run(&only(&["--write-baseline", "base.json", "a.json5"]))
        .status(0);
    home.write("a.json5", mended());
    home.run(&only(&["--baseline", "base.json", "a.json5"])).expect(
        0,
        "",
        "note: the baseline's entry for base-url-without-v1 at models.providers.portkey.baseUrl in a.json5 is stale: nothing is found there\nNo problems in 1 file.\n",
    );
    let ran = home
        .run(&only(&[
            "--baseline",
            "base.json",
            "a.json5",
            "--format",
            "json",
        ]))
        .status(0);
    let whole: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        whole["stale_baseline_entries"][0]["rule"],
        "base-url-without-v1"
    );
    // A rule that does not run, or a file that is not looked at, says nothing.
    home.write("b.json5", mended());
    home.run(&[
        "lint",
        "--select",
        "not-utf8",
        "--baseline",
        "base.json",
        "a.json5",
    ])
    .expect(0, "", "No problems in 1 file.\n");
    home.run(&only(&["--baseline", "base.json", "b.json5"]))
        .expect(0, "", "No problems in 1 file.\n");
}

#[test]
fn it_means_the_same_from_everywhere() {
    let home = Home::new();
    home.write("repo/deploy/openclaw.json", WITHOUT_V1);
    let _ = home
        .run(&only(&["--write-baseline", "repo/base.json", "repo"]))
        .status(0);
    assert!(
        home.read("repo/base.json")
            .contains("\"file\":\"deploy/openclaw.json\"")
    );
    let mut command = home.command(&only(&["--baseline", "../base.json", "openclaw.json"]));
    let output = command
        .current_dir(home.path("repo/deploy"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn one_that_is_none_stops_the_run() {
    let home = home();
    home.write("base.json", "{}");
    home.run(&only(&["--baseline", "base.json", "a.json5"]))
        .status(2)
        .stderr_has("the baseline base.json is not one");
    home.run(&only(&["--baseline", "none.json", "a.json5"]))
        .status(2)
        .stderr_has("none.json cannot be read");
}
