//! `set-header`.

use snapbox::str;

use super::{
    FLASH, GPT, MIXTRAL, changed_lines, offline_home, portkey, second_time_changes_nothing,
    wired_home,
};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

/// Runs `set-header` and returns the changed lines.
#[track_caller]
fn set(home: &Home, args: &[&str]) -> String {
    let args = [&["set-header", "--yes"], args].concat();
    let changed = changed_lines(&home.run(&args).status(0).stderr);
    second_time_changes_nothing(home, &args);
    changed
}

#[test]
fn metadata_is_merged() {
    let home = offline_home();
    same(
        &set(
            &home,
            &["--metadata", "project=api-v2", "--metadata", "team=web"],
        ),
        str![[r#"
-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"web","project":"api-v2"}' },

"#]],
    );
    let home = Home::with(
        "{models: {providers: {portkey: {headers: {'X-Portkey-Metadata': 'team=backend'}, models: []}}}}",
    );
    home.fails(&["set-header", "--yes", "--metadata", "a=b"], 2)
        .says("", str![[r#"
error: the metadata is not a JSON object, so Portkey silently drops it; write it as text such as {"team":"backend"}
  → `openclaw-portkey set-header --unset x-portkey-metadata` removes the old value

"#]]);
    same(
        &set(&home, &["--unset", "x-portkey-metadata"]),
        str![[r#"
-{models: {providers: {portkey: {headers: {'X-Portkey-Metadata': 'team=backend'}, models: []}}}}
+{models: {providers: {portkey: {models: []}}}}

"#]],
    );
}

#[test]
fn the_existing_spelling() {
    let home = Home::with(include_str!("../../../fixtures/tabs.json5"));
    same(
        &set(&home, &["--metadata", "room=attic"]),
        str![[r#"
-				headers : { "X-Portkey-Metadata": "{\"place\":\"home\"}" }, // by hand
+				headers : { "X-Portkey-Metadata": "{\"place\":\"home\",\"room\":\"attic\"}" }, // by hand

"#]],
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
    same(
        &set(
            &home,
            &[
                "--model",
                &format!("portkey/{FLASH}"),
                "--unset",
                "X-PORTKEY-TRACE-ID",
            ],
        ),
        str![[r#"
-            ],
-            "headers": {
-              "x-portkey-trace-id": "flash"
-            }
+            ]

"#]],
    );
    home.fails(
        &["set-header", "--yes", "--model", GPT, "--trace-id", "t"],
        2,
    )
    .says(
        "",
        str![[r#"
error: the config does not declare @openai-prod/gpt-5
  → `openclaw-portkey add-model @openai-prod/gpt-5` first

"#]],
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
    .says(
        "",
        str![[r#"
✓ Key accepted: 3 models from 3 providers
error: the config id does not exist in the key's workspace: pc-abc-12345
  → Copy the id from the config's page and run: openclaw-portkey set-header --gateway-config pc-…
  → nothing was written; use --force to write anyway

"#]],
    );
    let ran = home
        .run(&["set-header", "--yes", "--gateway-config", "pc-abc-123456"])
        .expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
✓ Key accepted: 3 models from 3 providers
✓ the config pc-abc-123456 exists
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -6,7 +6,7 @@
       portkey: {
         baseUrl: 'http://127.0.0.1:PORT/v1', // one key, every model
         apiKey: '${PORTKEY_API_KEY}',
-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"backend"}', 'x-portkey-config': 'pc-abc-123456' },
         api: 'openai-completions',
         models: [
           { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576 },

"#]]);
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
+        headers: { 'x-portkey-metadata': '{"team":"backend"}', 'x-portkey-config': 'pc-abc-123456' },

"#]],
    );
    // Inline configs and plain headers need no lookup.
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
    .expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
✓ Key accepted: 3 models from 3 providers
· only the gateway can check an inline config
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -6,7 +6,7 @@
       portkey: {
         baseUrl: 'http://127.0.0.1:PORT/v1', // one key, every model
         apiKey: '${PORTKEY_API_KEY}',
-        headers: { 'x-portkey-metadata': '{"team":"backend"}', 'x-portkey-config': 'pc-abc-123456', 'x-portkey-trace-id': 'x' },
+        headers: { 'x-portkey-metadata': '{"team":"backend"}', 'x-portkey-config': '{"cache":{"mode":"simple"}}', 'x-portkey-trace-id': 'x' },
         api: 'openai-completions',
         models: [
           { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576 },

"#]]);
}

#[test]
fn invalid_headers() {
    let home = offline_home();
    let mut output = String::new();
    for args in [
        &[][..],
        &["--metadata", "team"],
        &["--header", "x-a=b\nc"],
        &["--header", "x a=b"],
        &["--header", "x-a: s3cret"],
        &["--header", "x-a=日"],
        &["--header", "x-a=1", "--header", "X-A=2"],
        &["--trace-id", "a", "--unset", "X-Portkey-Trace-Id"],
        &["--trace-id", "a", "--header", "x-portkey-trace-id=b"],
        &["--gateway-config", "pc-config-id"],
        &["--gateway-config", "my config"],
        &["--unset", "x a"],
        &["--unset", "x-a", "--unset", "X-A", "--metadata", "a"],
    ] {
        let args = [&["set-header", "--yes", "--offline"], args].concat();
        let ran = home.fails(&args, 2);
        assert!(!ran.stderr.contains("s3cret"), "{}", ran.stderr);
        output += &ran.transcript(&args);
    }
    same(&output, file("set-header/what-is-no-header.txt"));
}

#[test]
fn unset_what_is_not_there() {
    let home = offline_home();
    home.fails(&["set-header", "--unset", "x-nothing"], 2).says(
        "",
        str![[r#"
error: header `x-nothing` not found
  → `openclaw-portkey show` lists the config

"#]],
    );
}
