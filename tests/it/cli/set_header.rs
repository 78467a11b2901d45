//! `set-header`.

use super::{FLASH, GPT, MIXTRAL, changed_lines, offline_home, portkey, wired_home};
use crate::support::home::Home;

/// Runs `set-header` and gives the changed lines.
#[track_caller]
fn set(home: &Home, args: &[&str]) -> String {
    let args = [&["set-header", "--yes"], args].concat();
    let changed = changed_lines(&home.run(&args).status(0).stderr);
    let again = home.run(&args).status(0);
    assert!(
        again.stdout.starts_with("Nothing to change; "),
        "{}",
        again.stdout
    );
    changed
}

#[test]
fn metadata_is_merged() {
    let home = offline_home();
    assert_eq!(
        set(
            &home,
            &["--metadata", "project=api-v2", "--metadata", "team=web"]
        ),
        r#"-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"web","project":"api-v2"}' },
"#
    );
    let home = Home::with(
        "{models: {providers: {portkey: {headers: {'X-Portkey-Metadata': 'team=backend'}, models: []}}}}",
    );
    home.fails(&["set-header", "--yes", "--metadata", "a=b"], 2).expect(
        2,
        "",
        "error: the metadata is no JSON object, so Portkey drops it without a word; write it as text such as {\"team\":\"backend\"}
  → `openclaw-portkey set-header --unset x-portkey-metadata` takes the old value out
",
    );
    assert_eq!(
        set(&home, &["--unset", "x-portkey-metadata"]),
        "-{models: {providers: {portkey: {headers: {'X-Portkey-Metadata': 'team=backend'}, models: []}}}}
+{models: {providers: {portkey: {models: []}}}}
"
    );
}

#[test]
fn the_spelling_that_is_there() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    assert_eq!(
        set(&home, &["--metadata", "room=attic"]),
        "-\t\t\t\theaders : { \"X-Portkey-Metadata\": \"{\\\"place\\\":\\\"home\\\"}\" }, // by hand
+\t\t\t\theaders : { \"X-Portkey-Metadata\": \"{\\\"place\\\":\\\"home\\\",\\\"room\\\":\\\"attic\\\"}\" }, // by hand
"
    );
}

#[test]
fn of_one_model() {
    let home = Home::with(include_str!("../../../fixtures/strict.json"));
    assert_eq!(
        set(&home, &["--model", MIXTRAL, "--trace-id", "t", "--header", "x-portkey-cache-namespace=a=b"]),
        "-            \"name\": \"Open Mixtral 8x7b\"
+            \"name\": \"Open Mixtral 8x7b\",
+            \"headers\": {
+              \"x-portkey-trace-id\": \"t\",
+              \"x-portkey-cache-namespace\": \"a=b\"
+            }
"
        .replace(
            "              \"x-portkey-trace-id\": \"t\",\n+              \"x-portkey-cache-namespace\": \"a=b\"",
            "              \"x-portkey-cache-namespace\": \"a=b\",\n+              \"x-portkey-trace-id\": \"t\""
        )
    );
    assert_eq!(
        set(
            &home,
            &[
                "--model",
                &format!("portkey/{FLASH}"),
                "--unset",
                "X-PORTKEY-TRACE-ID"
            ]
        ),
        "-            ],
-            \"headers\": {
-              \"x-portkey-trace-id\": \"flash\"
-            }
+            ]
"
    );
    home.fails(&["set-header", "--yes", "--model", GPT, "--trace-id", "t"], 2).expect(
        2,
        "",
        "error: the config does not declare @openai-prod/gpt-5\n  → `openclaw-portkey add-model @openai-prod/gpt-5` first\n",
    );
}

#[test]
fn a_gateway_config_is_checked() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    home.fails(
        &["set-header", "--yes", "--gateway-config", "pc-abc-12345"],
        1,
    )
    .expect(
        1,
        "",
        "✓ Key accepted: 3 models from 3 providers
error: the config id does not exist in the key's workspace: pc-abc-12345
  → Copy the id from the config's page and run: openclaw-portkey set-header --gateway-config pc-…
  → nothing was written; --force writes anyway
",
    );
    let ran = home
        .run(&["set-header", "--yes", "--gateway-config", "pc-abc-123456"])
        .status(0)
        .stderr_has("✓ the config pc-abc-123456 exists\n");
    assert_eq!(
        changed_lines(&ran.stderr),
        r#"-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"backend"}', 'x-portkey-config': 'pc-abc-123456' },
"#
    );
    // An inline config and plain headers need no question.
    let before = portkey.requests().len();
    home.run(&["set-header", "--yes", "--trace-id", "x"])
        .status(0);
    assert_eq!(portkey.requests().len(), before);
    home.run(&[
        "set-header",
        "--yes",
        "--gateway-config",
        r#"{"cache":{"mode":"simple"}}"#,
    ])
    .status(0)
    .stderr_has("· the config written out in the header is judged by the gateway alone\n");
}

#[test]
fn what_is_no_header() {
    let home = offline_home();
    let cases: [(&[&str], &str); 13] = [
        (&[], "no header is named"),
        (
            &["--metadata", "team"],
            "`team` is no metadata; write key=value, such as team=backend",
        ),
        (
            &["--header", "x-a=b\nc"],
            "a header value cannot hold line breaks or other control characters; write it on one line",
        ),
        (&["--header", "x a=b"], "`x a` is no header name"),
        (
            &["--header", "x-a: s3cret"],
            "--header x-a is no NAME=VALUE",
        ),
        (&["--header", "x-a=日"], "the character U+65E5"),
        (
            &["--header", "x-a=1", "--header", "X-A=2"],
            "the header X-A is named twice",
        ),
        (
            &["--trace-id", "a", "--unset", "X-Portkey-Trace-Id"],
            "X-Portkey-Trace-Id cannot be both set and unset",
        ),
        (
            &["--trace-id", "a", "--header", "x-portkey-trace-id=b"],
            "is named twice",
        ),
        (
            &["--gateway-config", "pc-config-id"],
            "pc-config-id is the guide's placeholder",
        ),
        (
            &["--gateway-config", "my config"],
            "this is no Portkey config",
        ),
        (&["--unset", "x a"], "`x a` is no header name"),
        (
            &["--unset", "x-a", "--unset", "X-A", "--metadata", "a"],
            "`a` is no metadata",
        ),
    ];
    for (args, message) in cases {
        let ran = home
            .fails(&[&["set-header", "--yes", "--offline"], args].concat(), 2)
            .stderr_has(message);
        assert!(!ran.stderr.contains("s3cret"));
    }
}

#[test]
fn unset_what_is_not_there() {
    let home = offline_home();
    home.run(&["set-header", "--unset", "x-nothing"])
        .status(0)
        .stdout_has("Nothing to change");
}
