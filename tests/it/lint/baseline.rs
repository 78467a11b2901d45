use snapbox::str;

use super::{WITHOUT_V1, fixed, home, only};
use crate::support::home::Home;
use crate::support::snapshot::same;

#[test]
fn hides_its_diagnostics() {
    let home = home();
    home.run(&only(&["--write-baseline", "base.json", "a.json5"]))
        .expect(
            0,
            str![],
            str![[r#"
No problems in 1 file. Wrote 1 finding to base.json.

"#]],
        );
    same(
        &home.read("base.json"),
        str![[r#"
{
  "version": 1,
  "findings": [
    {"file":"a.json5","rule":"base-url-without-v1","path":"models.providers.portkey.baseUrl","value":"71b7db80d1e23714"}
  ]
}

"#]],
    );
    home.run(&only(&["--baseline", "base.json", "a.json5"]))
        .expect(
            0,
            str![],
            str![[r#"
No problems in 1 file. 1 hidden by the baseline.

"#]],
        );
    // Different lines, same diagnostic.
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
        .expect(1, str![[r#"
error[base-url-without-v1]: the base URL does not end in /v1, so Portkey answers
                            404 to every request
 --> a.json5:4:16
  |
4 |       baseUrl: "https://eu.portkey.ai",
  |                ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: models.providers.portkey.baseUrl
  = help: write https://eu.portkey.ai/v1 (fixable with --fix)

"#]], str![[r#"
note: stale baseline entry: base-url-without-v1 at models.providers.portkey.baseUrl in a.json5 is no longer reported
Found 1 error in 1 file. 1 fixable with --fix.

"#]]);
    // Another file.
    home.write("b.json5", WITHOUT_V1);
    let _ = home
        .run(&only(&["--baseline", "base.json", "b.json5"]))
        .status(1);
}

#[test]
fn stale_entries_are_reported_and_harmless() {
    let home = home();
    let _ = home
        .run(&only(&["--write-baseline", "base.json", "a.json5"]))
        .status(0);
    home.write("a.json5", fixed());
    home.run(&only(&["--baseline", "base.json", "a.json5"]))
        .expect(0, str![], str![[r#"
note: stale baseline entry: base-url-without-v1 at models.providers.portkey.baseUrl in a.json5 is no longer reported
No problems in 1 file.

"#]]);
    home.run(&only(&[
        "--baseline",
        "base.json",
        "a.json5",
        "--format",
        "json",
    ]))
    .expect(0, str![[r#"
{
  "version": 1,
  "command": "lint",
  "findings": [],
  "files": [{"file":"a.json5","openclawVersion":"2026.9.6","acceptedByOpenClaw":true,"reason":null}],
  "summary": {"files":1,"errors":0,"warnings":0,"notes":0,"fixable":0,"unsafelyFixable":0,"ignoredByComment":0,"heldByBaseline":0},
  "changes": [],
  "staleBaselineEntries": [{"file":"a.json5","check":"base-url-without-v1","path":"models.providers.portkey.baseUrl","fingerprint":"71b7db80d1e23714"}],
  "skipped": [],
  "errors": []
}

"#]], str![[r#"
note: stale baseline entry: base-url-without-v1 at models.providers.portkey.baseUrl in a.json5 is no longer reported
No problems in 1 file.

"#]]);
    // A rule that doesn't run, or a file that isn't checked, makes no entry stale.
    home.write("b.json5", fixed());
    home.run(&[
        "lint",
        "--select",
        "not-utf8",
        "--baseline",
        "base.json",
        "a.json5",
    ])
    .expect(
        0,
        str![],
        str![[r#"
No problems in 1 file.

"#]],
    );
    home.run(&only(&["--baseline", "base.json", "b.json5"]))
        .expect(
            0,
            str![],
            str![[r#"
No problems in 1 file.

"#]],
        );
}

#[test]
fn works_from_any_folder() {
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
fn an_invalid_baseline_is_an_error() {
    let home = home();
    home.write("base.json", "{}");
    home.run(&only(&["--baseline", "base.json", "a.json5"]))
        .expect(
            2,
            "",
            str![[r#"
error: the baseline base.json isn't a baseline
  → --write-baseline FILE recreates it

"#]],
        );
    home.run(&only(&["--baseline", "none.json", "a.json5"]))
        .expect(
            2,
            "",
            str![[r#"
error: the baseline none.json cannot be read: SYSTEM MESSAGE

"#]],
        );
}
