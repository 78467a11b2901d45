use snapbox::str;

use super::{WITHOUT_V1, fixed, home, only};
use crate::support::home::Home;

#[test]
fn without_a_file_checks_openclaws_own_config() {
    let home = Home::with(WITHOUT_V1);
    home.run(&only(&[])).expect(
        1,
        str![[r#"
error[base-url-without-v1]: the base URL does not end in /v1, so Portkey answers
                            404 to every request
 --> .openclaw/openclaw.json:4:16
  |
4 |       baseUrl: "https://api.portkey.ai",
  |                ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: models.providers.portkey.baseUrl
  = help: write https://api.portkey.ai/v1 (fixable with --fix)

"#]],
        str![[r#"
Found 1 error in 1 file. 1 fixable with --fix.

"#]],
    );
    Home::new().run(&["lint"]).expect(
        2,
        "",
        str![[r#"
error: no config at HOME/.openclaw/openclaw.json
  → name the files to check, or create a config with `openclaw-portkey init`

"#]],
    );
}

#[test]
fn a_profile_has_its_own_config() {
    let home = Home::new();
    home.write(".openclaw-work/openclaw.json", WITHOUT_V1);
    home.run(&only(&["--profile", "work"])).expect(
        1,
        str![[r#"
error[base-url-without-v1]: the base URL does not end in /v1, so Portkey answers
                            404 to every request
 --> .openclaw-work/openclaw.json:4:16
  |
4 |       baseUrl: "https://api.portkey.ai",
  |                ^^^^^^^^^^^^^^^^^^^^^^^^
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
fn the_exit_code_follows_the_worst_diagnostic() {
    let home = home();
    home.write(
        "note.json5",
        format!(
            "// openclaw-portkey: ignore[base-url-without-v1] x\n{}",
            fixed()
        ),
    );
    home.write("good.json5", fixed());
    for (args, status) in [
        (vec!["a.json5"], 1),
        (vec!["a.json5", "--no-fail"], 0),
        (vec!["note.json5"], 0),
        (vec!["note.json5", "--fail-on", "warning"], 0),
        (vec!["note.json5", "--fail-on", "note"], 1),
        (vec!["good.json5", "--fail-on", "note"], 0),
        (vec!["missing.json5"], 2),
        (vec!["a.json5", "missing.json5", "--no-fail"], 2),
        (vec!["a.json5", "--fail-on", "info"], 2),
        (vec!["a.json5", "--openclaw-version", "new"], 2),
        (vec!["a.json5", "--openclaw-version", "2026.2.17"], 1),
    ] {
        for format in ["text", "json", "sarif", "github"] {
            let mut all = only(&args);
            all.extend(["--format", format]);
            home.run(&all).status(status);
        }
    }
}

#[test]
fn rules_are_selected_by_id() {
    let home = home();
    home.run(&[
        "lint",
        "--select",
        "base-url-without-v1",
        "--ignore",
        "base-url-without-v1",
        "a.json5",
    ])
    .expect(
        0,
        str![],
        str![[r#"
No problems in 1 file.

"#]],
    );
    home.run(&["lint", "--ignore", "base-url-witout-v1", "a.json5"])
        .expect(
            2,
            "",
            str![[r#"
error: unknown rule `base-url-witout-v1`
  → did you mean `base-url-without-v1`?

"#]],
        );
    home.run(&["lint", "--select", "zzz", "a.json5"]).expect(
        2,
        "",
        str![[r#"
error: unknown rule `zzz`
  → `openclaw-portkey lint --rules` lists them

"#]],
    );
}

#[test]
fn a_broken_file_is_a_diagnostic_unless_its_rule_is_off() {
    let home = Home::new();
    home.write("broken.json", "{ a: 1,\n  b: }\n");
    home.write("latin1.json", b"{ a: \"\xe9\" }");
    home.run(&only(&["broken.json"])).expect(
        1,
        str![[r#"
error[syntax-error]: expected a value after this key
 --> broken.json:2:6
  |
2 |   b: }
  |      ^
  |
  = help: fix the text here; OpenClaw does not start with it

"#]],
        str![[r#"
Found 1 error in 1 file.

"#]],
    );
    home.run(&only(&["latin1.json"])).expect(
        1,
        str![[r#"
error[not-utf8]: the file is not valid UTF-8
 --> latin1.json:1:7
  |
1 | { a: "*" }
  |       ^
  |
  = help: save it as UTF-8

"#]],
        str![[r#"
Found 1 error in 1 file.

"#]],
    );
    home.run(&["lint", "--ignore", "syntax-error", "broken.json"])
        .expect(
            2,
            "",
            str![[r#"
error: broken.json:2:6: expected a value after this key
No files checked.

"#]],
        );
}

#[test]
fn standard_input() {
    let home = Home::new();
    home.run_with_input(&only(&["-"]), WITHOUT_V1).expect(
        1,
        str![[r#"
error[base-url-without-v1]: the base URL does not end in /v1, so Portkey answers
                            404 to every request
 --> <stdin>:4:16
  |
4 |       baseUrl: "https://api.portkey.ai",
  |                ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: models.providers.portkey.baseUrl
  = help: write https://api.portkey.ai/v1 (fixable with --fix)

"#]],
        str![[r#"
Found 1 error in 1 file. 1 fixable with --fix.

"#]],
    );
    home.run_with_input(&only(&["-"]), &fixed()).status(0);
    home.run_with_input(&only(&["-", "--fix"]), WITHOUT_V1)
        .expect(
            2,
            "",
            str![[r#"
error: standard input cannot be fixed in place
  → use --diff to see the fixes, or --fix FILE to write them

"#]],
        );
    home.run_with_input(&only(&["-", "--diff"]), WITHOUT_V1)
        .expect(
            1,
            str![[r#"
--- <stdin>
+++ <stdin>
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
}

#[test]
fn quiet_keeps_diagnostics() {
    let home = home();
    let loud = home.run(&only(&["a.json5"])).status(1);
    let quiet = home.run(&only(&["a.json5", "--quiet"])).status(1);
    assert_eq!(loud.stdout, quiet.stdout);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn comments_ignore_rules_with_a_reason() {
    let silenced = |comment: &str| {
        WITHOUT_V1.replace("api.portkey.ai\",", &format!("api.portkey.ai\", {comment}"))
    };
    let home = Home::new();
    home.write(
        "a.json5",
        silenced("// openclaw-portkey: ignore[base-url-without-v1] a test"),
    );
    home.run(&only(&["a.json5"])).expect(
        0,
        str![],
        str![[r#"
No problems in 1 file. 1 ignored by comments.

"#]],
    );
    home.write(
        "a.json5",
        silenced("/* openclaw-portkey: ignore[base-url-without-v1] */"),
    );
    home.run(&only(&["a.json5"])).expect(
        0,
        str![[r#"
note[ignore-without-reason]: this comment gives no reason
 --> a.json5:4:42
  |
4 | ...key.ai", /* openclaw-portkey: ignore[base-url-without-v1] */
  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write the reason after the brackets

"#]],
        str![[r#"
Found 1 note in 1 file. 1 ignored by comments.

"#]],
    );
    home.write(
        "a.json5",
        fixed().replace(
            "models: {",
            "models: { // openclaw-portkey: ignore[base-url-without-v1] x\n",
        ),
    );
    home.run(&only(&["a.json5"])).expect(
        0,
        str![[r#"
note[ignore-stale]: `base-url-without-v1` finds nothing here
 --> a.json5:2:41
  |
2 |   models: { // openclaw-portkey: ignore[base-url-without-v1] x
  |                                         ^^^^^^^^^^^^^^^^^^^
  |
  = help: remove it from the comment

"#]],
        str![[r#"
Found 1 note in 1 file.

"#]],
    );
}

#[test]
fn neither_home_nor_environment_is_needed() {
    let home = home();
    let output = home
        .command(&only(&["a.json5"]))
        .env_remove("HOME")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
}

/// Possible improvements that aren't problems are only reported on request.
#[test]
fn a_rule_that_is_off() {
    let home = Home::new();
    home.write("a.json5", fixed());
    let rule = "model-metadata-missing";
    let lint =
        |args: &[&str]| home.run(&[&["lint", "a.json5", "--fail-on", "note"], args].concat());
    lint(&[]).status(0);
    lint(&["--extend-select", rule]).expect(
        1,
        str![[r#"
note[model-metadata-missing]: contextWindow, maxTokens, input, reasoning, cost
                              could be added to this model
 --> a.json5:7:22
  |
7 |       models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
  |                      ^^^^^^^^^^^^^^^^^^^^
  |
  = note: models.providers.portkey.models[0].id
  = help: `openclaw-portkey models --sync` fills in what is known (fixable with
          --fix)

"#]],
        str![[r#"
Found 1 note in 1 file. 1 fixable with --fix.

"#]],
    );
    lint(&["--select", rule]).status(1);
    lint(&["--select", rule, "--ignore", rule]).status(0);
    lint(&["--extend-select", "nope"]).status(2);
    home.run(&["lint", "a.json5", "--fix", "--extend-select", rule])
        .status(0);
    assert!(
        home.read("a.json5").contains("contextWindow: "),
        "{}",
        home.read("a.json5")
    );
    lint(&["--extend-select", rule]).status(0);
}
