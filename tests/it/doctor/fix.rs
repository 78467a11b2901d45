//! `--fix`.

use snapbox::str;

use super::{KEY, finds, healthy_home, portkey};
use crate::support::portkey::Script;
use crate::support::snapshot::file;

#[test]
fn applies_safe_fixes_and_reports_the_rest() {
    let server = portkey(Script::new(KEY));
    let at = server.base_url();
    let home = healthy_home(&at);
    let good = home.config();
    let header = "headers: { \"x-portkey-metadata\": \"{team: 'backend'}\" },\n        api:";
    let bad = good.replace("api:", header);
    home.write(".openclaw/openclaw.json", &bad);
    let report = finds(&home, &[], &["metadata-not-json-object"]);
    assert!(
        report.to_string().contains("\"fixable\":true"),
        "{report:#}"
    );
    home.run(&["doctor", "--fix", "--dry-run"]).expect(
        0,
        file("doctor/fix.txt"),
        str![[r#"
Nothing was written: --dry-run.

"#]],
    );
    assert_eq!(home.config(), bad);
    home.fails(&["doctor", "--fix"], 2).says(
        file("doctor/fix-2.txt"),
        str![[r#"
--- .openclaw/openclaw.json
+++ .openclaw/openclaw.json
@@ -5,7 +5,7 @@
       portkey: {
         baseUrl: "http://127.0.0.1:PORT/v1",
         apiKey: "${PORTKEY_API_KEY}",
-        headers: { "x-portkey-metadata": "{team: 'backend'}" },
+        headers: { "x-portkey-metadata": "{\"team\":\"backend\"}" },
         api: "openai-completions",
         models: [
           { id: "@gemini/gemini-2.5-flash", name: "Gemini 2.5 Flash" },
error: no terminal to ask for confirmation
  → use --yes to write without asking, or --dry-run to only show the change

"#]],
    );
    assert_eq!(home.config(), bad);
    home.run(&["doctor", "--fix", "--yes", "--format", "json"])
        .expect(
            0,
            file("doctor/fix.json"),
            str![[r#"
--- .openclaw/openclaw.json
+++ .openclaw/openclaw.json
@@ -5,7 +5,7 @@
       portkey: {
         baseUrl: "http://127.0.0.1:PORT/v1",
         apiKey: "${PORTKEY_API_KEY}",
-        headers: { "x-portkey-metadata": "{team: 'backend'}" },
+        headers: { "x-portkey-metadata": "{\"team\":\"backend\"}" },
         api: "openai-completions",
         models: [
           { id: "@gemini/gemini-2.5-flash", name: "Gemini 2.5 Flash" },
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
        );
    let metadata = r#""x-portkey-metadata": "{\"team\":\"backend\"}""#;
    assert_eq!(
        home.config(),
        bad.replace("\"x-portkey-metadata\": \"{team: 'backend'}\"", metadata)
    );
    home.run(&["doctor", "--fix", "--yes"]).expect(
        0,
        file("doctor/fix-3.txt"),
        str![[r#"
Nothing can be fixed automatically; see above for what to do.

"#]],
    );
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.config(), bad);
}

#[test]
fn leaves_a_broken_file_alone() {
    let home = healthy_home("http://127.0.0.1:9/v1");
    home.write(".openclaw/openclaw.json", "{ models: ");
    let before = home.tree();
    finds(&home, &["--fix", "--yes"], &["syntax-error"]);
    assert_eq!(home.tree(), before);
}

/// The error is reported once, and JSON includes the report.
#[test]
fn a_read_only_config_is_an_error() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url()).var("OPENCLAW_CONFIG_READONLY", "1");
    let header = "headers: { \"x-portkey-metadata\": \"{team: 'backend'}\" },\n        api:";
    home.write(
        ".openclaw/openclaw.json",
        home.config().replace("api:", header),
    );
    let ran = home.run(&["doctor", "--fix", "--yes"]).status(2);
    assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
    let ran = home
        .run(&["doctor", "--fix", "--yes", "--format", "json"])
        .status(2);
    assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
    let report = ran.json();
    assert!(
        report["checks"]
            .as_array()
            .is_some_and(|checks| checks.len() > 10)
    );
    assert_eq!(report["fix"]["written"], false);
    assert_eq!(report["fix"]["files"][0]["written"], false);
    assert_eq!(report["fix"]["error"]["kind"], "file");
}
