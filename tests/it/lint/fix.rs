use snapbox::str;

use super::{WITHOUT_V1, fixed, home, only};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn changes_only_what_the_fix_says() {
    let home = Home::new();
    let before = WITHOUT_V1
        .replace('\n', "\r\n")
        .replace("api:", "/* kept */ 'api' :");
    home.write("a.json5", &before);
    let ran = home.run(&only(&["a.json5", "--fix"])).status(0);
    assert_eq!(ran.stdout, "");
    assert_eq!(
        home.read("a.json5"),
        before.replace("portkey.ai", "portkey.ai/v1")
    );
    ran.says(
        "",
        str![[r#"
--- a.json5
+++ a.json5
@@ -1,7 +1,7 @@
 {
   models: {
     providers: { portkey: {
-      baseUrl: "https://api.portkey.ai",
+      baseUrl: "https://api.portkey.ai/v1",
       apiKey: "${PORTKEY_API_KEY}",
       /* kept */ 'api' : "openai-completions",
       models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
Wrote ~/a.json5 (backup: a.json5.portkey.bak)
No problems in 1 file.

"#]],
    );
    home.run(&only(&["a.json5", "--fix"])).expect(
        0,
        str![],
        str![[r#"
No problems in 1 file.

"#]],
    );
    let _ = home
        .run(&["undo", "--yes", "--config", "a.json5"])
        .status(0);
    assert_eq!(home.read("a.json5"), before);
}

#[test]
fn a_diff_writes_nothing() {
    let home = home();
    home.run(&only(&["a.json5", "--diff"])).expect(
        1,
        str![[r#"
--- a.json5
+++ a.json5
@@ -1,7 +1,7 @@
 {
   models: {
     providers: { portkey: {
-      baseUrl: "https://api.portkey.ai",
+      baseUrl: "https://api.portkey.ai/v1",
       apiKey: "${PORTKEY_API_KEY}",
       api: "openai-completions",
       models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],

"#]],
        str![[r#"
Found 1 error in 1 file. 1 fixable with --fix.

"#]],
    );
    assert_eq!(home.files(), ["a.json5"]);
    assert_eq!(home.read("a.json5"), WITHOUT_V1);
}

#[test]
fn every_fault_is_fixed_in_one_run() {
    let home = Home::new();
    let two = WITHOUT_V1.replace(
        "portkey: {\n",
        "'portkey-2': { baseUrl: 'https://api.portkey.ai', headers: { 'x-portkey-config': 'pc-a' }, models: [] }, portkey: {\n",
    );
    home.write("a.json5", &two);
    home.write("b/openclaw.json", WITHOUT_V1);
    home.run(&only(&["a.json5", "b", "--fix"])).status(0);
    assert_eq!(
        home.read("a.json5"),
        two.replace("portkey.ai", "portkey.ai/v1")
    );
    assert_eq!(home.read("b/openclaw.json"), fixed());
}

#[test]
fn an_included_file_is_fixed_in_place() {
    let home = Home::new();
    home.write("openclaw.json", "{ models: { $include: './m.json5' } }");
    home.write(
        "m.json5",
        "{ providers: { portkey: { baseUrl: 'https://api.portkey.ai' } } }",
    );
    home.run(&only(&["openclaw.json", "--fix"])).status(0);
    assert_eq!(
        home.read("m.json5"),
        "{ providers: { portkey: { baseUrl: 'https://api.portkey.ai/v1' } } }"
    );
    assert_eq!(
        home.read("openclaw.json"),
        "{ models: { $include: './m.json5' } }"
    );
}

#[test]
fn ignored_and_baselined_diagnostics_are_not_fixed() {
    let home = home();
    let _ = home
        .run(&only(&["--write-baseline", "base.json", "a.json5"]))
        .status(0);
    let _ = home
        .run(&only(&["--baseline", "base.json", "a.json5", "--fix"]))
        .status(0);
    assert_eq!(home.read("a.json5"), WITHOUT_V1);
    let silenced = WITHOUT_V1.replace(
        "ai\",",
        "ai\", // openclaw-portkey: ignore[base-url-without-v1] a test",
    );
    home.write("a.json5", &silenced);
    home.run(&only(&["a.json5", "--fix"])).status(0);
    assert_eq!(home.read("a.json5"), silenced);
}

#[test]
fn a_read_only_config_is_unchanged() {
    let home = home().var("OPENCLAW_CONFIG_READONLY", "1");
    home.run(&only(&["a.json5", "--fix"])).expect(
        2,
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
--- a.json5
+++ a.json5
@@ -1,7 +1,7 @@
 {
   models: {
     providers: { portkey: {
-      baseUrl: "https://api.portkey.ai",
+      baseUrl: "https://api.portkey.ai/v1",
       apiKey: "${PORTKEY_API_KEY}",
       api: "openai-completions",
       models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
error: the config is declared read-only by OPENCLAW_CONFIG_READONLY; nothing was written
  → make the change where the config is generated
Found 1 error in 1 file.

"#]],
    );
    let report = home
        .run(&only(&["a.json5", "--fix", "--format", "json"]))
        .status(2)
        .json();
    assert_eq!(report["changes"][0]["written"], false);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(home.read("a.json5"), WITHOUT_V1);
}

/// A folder with every bad example of every rule.
fn faults() -> Home {
    let home = Home::new();
    for rule in openclaw_portkey::causes::RULES {
        for (at, bad) in rule.bad.iter().enumerate() {
            let text = bad.replace(['«', '»'], "");
            home.write(&format!("t/{}/{at}/openclaw.json", rule.id), text);
        }
    }
    home
}

/// What every rule reports for its own examples, one line each.
#[test]
fn every_rule_reports_its_examples() {
    let home = faults();
    let ran = home
        .run(&["lint", "--no-fail", "--format", "github", "t"])
        .status(0);
    same(&ran.stdout, file("lint/every-rule.github"));
}

#[test]
fn no_safe_fix_is_left() {
    for (flags, counts) in [
        (&["--fix"][..], &["fixable"][..]),
        (
            &["--fix", "--unsafe-fixes"],
            &["fixable", "unsafelyFixable"],
        ),
    ] {
        let home = faults();
        let found = |home: &Home| {
            let ran = home
                .run(&["lint", "--no-fail", "--format", "json", "t"])
                .status(0);
            let whole: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
            let count = |name: &&str| whole["summary"][*name].as_u64().unwrap();
            counts.iter().map(count).sum::<u64>()
        };
        assert!(found(&home) > 5);
        home.run(&[&["lint", "--no-fail", "--quiet", "t"], flags].concat())
            .status(0);
        assert_eq!(found(&home), 0, "{flags:?}");
        let before = home.files();
        home.run(&[&["lint", "--no-fail", "--quiet", "t"], flags].concat())
            .status(0);
        assert_eq!(home.files(), before, "the second {flags:?} wrote something");
    }
}

#[test]
fn json_lists_the_files_that_were_written() {
    let home = home();
    let report = home
        .run(&only(&["a.json5", "--fix", "--format", "json"]))
        .status(0)
        .json();
    let file = &report["changes"][0];
    assert_eq!(file["written"], true);
    for (key, end) in [("path", "a.json5"), ("backup", "a.json5.portkey.bak")] {
        assert!(
            file[key].as_str().is_some_and(|path| path.ends_with(end)),
            "{file}"
        );
    }
    assert!(
        file["diff"].as_str().is_some_and(|diff| diff.contains('+')),
        "{file}"
    );
}
