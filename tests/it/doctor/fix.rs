//! `--fix`.

use super::{KEY, finds, healthy_home, portkey};
use crate::support::portkey::Script;

#[test]
fn mends_what_is_safe_and_says_what_remains() {
    let server = portkey(Script::new(KEY));
    let at = server.base_url();
    let home = healthy_home(&at);
    let good = home.config();
    let header = "headers: { \"x-portkey-metadata\": \"{team: 'backend'}\" },\n        api:";
    let bad = good.replace("api:", header);
    home.write(".openclaw/openclaw.json", &bad);
    let told = finds(&home, &[], &["metadata-not-json-object"]);
    assert!(told.to_string().contains("\"fixable\":true"), "{told:#}");
    let dry = home.run(&["doctor", "--fix", "--dry-run"]).status(0);
    assert!(dry.stdout.contains("+        headers"), "{}", dry.stdout);
    assert_eq!(home.config(), bad);
    home.fails(&["doctor", "--fix"], 2)
        .stdout_has("this is no JSON object")
        .stderr_has("--yes writes without asking");
    assert_eq!(home.config(), bad);
    let ran = home.run(&["doctor", "--fix", "--yes", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(ran.json()["fix"]["written"], true);
    let metadata = r#""x-portkey-metadata": "{\"team\":\"backend\"}""#;
    assert_eq!(
        home.config(),
        bad.replace("\"x-portkey-metadata\": \"{team: 'backend'}\"", metadata)
    );
    home.run(&["doctor", "--fix", "--yes"])
        .status(0)
        .stderr_has("Nothing here can be fixed automatically");
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.config(), bad);
}

#[test]
fn does_not_touch_a_broken_file() {
    let home = healthy_home("http://127.0.0.1:9/v1");
    home.write(".openclaw/openclaw.json", "{ models: ");
    let before = home.tree();
    finds(&home, &["--fix", "--yes"], &["syntax-error"]);
    assert_eq!(home.tree(), before);
}
