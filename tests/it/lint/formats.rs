use serde_json::Value;
use snapbox::str;

use super::{home, only};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn text() {
    home().run(&only(&["a.json5"])).expect(
        1,
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
Found 1 error in 1 file. 1 fixable with --fix.

"#]],
    );
}

#[test]
fn colour_is_off_without_a_terminal_and_with_no_color() {
    let escape = '\u{1b}';
    assert!(!home().run(&only(&["a.json5"])).stdout.contains(escape));
    assert!(
        home()
            .run(&only(&["a.json5", "--color", "always"]))
            .stdout
            .contains(escape)
    );
    assert!(
        home()
            .var("CLICOLOR_FORCE", "1")
            .run(&only(&["a.json5"]))
            .stdout
            .contains(escape)
    );
    let plain = home().var("CLICOLOR_FORCE", "1").var("NO_COLOR", "1");
    assert!(!plain.run(&only(&["a.json5"])).stdout.contains(escape));
}

#[test]
fn text_fits_80_columns_however_long_the_line() {
    let home = Home::new();
    let filler = format!("x: '{}', ", "é".repeat(900));
    home.write(
        "a.json5",
        format!("{{ {filler} models: {{ providers: {{ portkey: {{ baseUrl: 'https://api.portkey.ai', {filler} }} }} }} }}"),
    );
    let ran = home.run(&only(&["a.json5"])).status(1);
    assert!(
        ran.stdout.contains(" --> a.json5:1:954\n"),
        "{}",
        ran.stdout
    );
    for line in ran.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let marks = ran.stdout.lines().find(|line| line.contains('^')).unwrap();
    let source = ran
        .stdout
        .lines()
        .find(|line| line.starts_with("1 |"))
        .unwrap();
    let marked: String = source
        .chars()
        .zip(marks.chars())
        .filter(|(_, mark)| *mark == '^')
        .map(|(c, _)| c)
        .collect();
    assert_eq!(marked, "'https://api.portkey.ai'");
}

#[test]
fn json() {
    home()
        .run(&only(&["a.json5", "--format", "json"]))
        .expect(1, str![[r#"
{
  "version": 1,
  "command": "lint",
  "findings": [
    {"check":"base-url-without-v1","cause":"base-url-without-v1","level":"error","symptoms":["network","dashboard","not-found"],"message":"the base URL does not end in /v1, so Portkey answers 404 to every request","why":null,"help":"write https://api.portkey.ai/v1","link":null,"location":{"file":"a.json5","line":4,"column":16},"fixable":true,"range":{"start":{"line":4,"column":16,"offset":57},"end":{"line":4,"column":40,"offset":81}},"path":"models.providers.portkey.baseUrl","fix":{"title":"write https://api.portkey.ai/v1","safe":true,"edits":[{"file":"a.json5","range":{"start":{"line":4,"column":16,"offset":57},"end":{"line":4,"column":40,"offset":81}},"text":"\"https://api.portkey.ai/v1\""}]},"fingerprint":"71b7db80d1e23714"}
  ],
  "files": [{"file":"a.json5","openclawVersion":"2026.9.6","acceptedByOpenClaw":true,"reason":null}],
  "summary": {"files":1,"errors":1,"warnings":0,"notes":0,"fixable":1,"unsafelyFixable":0,"ignoredByComment":0,"heldByBaseline":0},
  "changes": [],
  "staleBaselineEntries": [],
  "skipped": [],
  "errors": []
}

"#]], str![[r#"
Found 1 error in 1 file. 1 fixable with --fix.

"#]]);
}

#[test]
fn json_is_always_one_document() {
    let home = home();
    for (args, stdout, stderr) in [
        (
            &["a.json5", "none.json"][..],
            str![[r#"
{
  "version": 1,
  "command": "lint",
  "findings": [
    {"check":"base-url-without-v1","cause":"base-url-without-v1","level":"error","symptoms":["network","dashboard","not-found"],"message":"the base URL does not end in /v1, so Portkey answers 404 to every request","why":null,"help":"write https://api.portkey.ai/v1","link":null,"location":{"file":"a.json5","line":4,"column":16},"fixable":true,"range":{"start":{"line":4,"column":16,"offset":57},"end":{"line":4,"column":40,"offset":81}},"path":"models.providers.portkey.baseUrl","fix":{"title":"write https://api.portkey.ai/v1","safe":true,"edits":[{"file":"a.json5","range":{"start":{"line":4,"column":16,"offset":57},"end":{"line":4,"column":40,"offset":81}},"text":"\"https://api.portkey.ai/v1\""}]},"fingerprint":"71b7db80d1e23714"}
  ],
  "files": [{"file":"a.json5","openclawVersion":"2026.9.6","acceptedByOpenClaw":true,"reason":null}],
  "summary": {"files":2,"errors":1,"warnings":0,"notes":0,"fixable":1,"unsafelyFixable":0,"ignoredByComment":0,"heldByBaseline":0},
  "changes": [],
  "staleBaselineEntries": [],
  "skipped": [],
  "errors": [{"kind":"file","message":"HOME/none.json does not exist","location":null,"hints":[]}]
}

"#]],
            str![[r#"
error: HOME/none.json does not exist
Found 1 error in 2 files. 1 fixable with --fix.

"#]],
        ),
        (
            &["none.json"],
            str![[r#"
{
  "version": 1,
  "command": "lint",
  "findings": [],
  "files": [],
  "summary": {"files":1,"errors":0,"warnings":0,"notes":0,"fixable":0,"unsafelyFixable":0,"ignoredByComment":0,"heldByBaseline":0},
  "changes": [],
  "staleBaselineEntries": [],
  "skipped": [],
  "errors": [{"kind":"file","message":"HOME/none.json does not exist","location":null,"hints":[]}]
}

"#]],
            str![[r#"
error: HOME/none.json does not exist
No files checked.

"#]],
        ),
        (
            &["--select", "zzz", "a.json5"],
            str![[r#"
{
  "version": 1,
  "command": "lint",
  "error": {
    "kind": "usage",
    "message": "unknown rule `zzz`",
    "location": null,
    "hints": [
      "`openclaw-portkey lint --rules` lists them"
    ]
  }
}

"#]],
            str![[r#"
error: unknown rule `zzz`
  → `openclaw-portkey lint --rules` lists them

"#]],
        ),
    ] {
        let ran = home
            .run(&[&["lint", "--format", "json"], args].concat())
            .expect(2, stdout, stderr);
        let _: Value = serde_json::from_str(&ran.stdout).unwrap();
    }
}

#[test]
fn github() {
    home()
        .run(&only(&["a.json5", "--format", "github"]))
        .expect(1, str![[r#"
::error file=a.json5,line=4,endLine=4,col=16,endColumn=40,title=base-url-without-v1::the base URL does not end in /v1, so Portkey answers 404 to every request%0Awrite https://api.portkey.ai/v1

"#]], str![[r#"
Found 1 error in 1 file. 1 fixable with --fix.

"#]]);
}

#[cfg(unix)]
#[test]
fn a_file_name_cannot_break_out() {
    let home = home();
    let name = "a%,:\u{1b}[31m\n::error::x é.json5";
    home.write(name, home.read("a.json5"));
    let github = home.run(&only(&[name, "--format", "github"])).status(1);
    assert_eq!(github.stdout.lines().count(), 1, "{}", github.stdout);
    same(
        &github.stdout,
        str![[r#"
::error file=a%25%2C%3A\u{1b}[31m\n%3A%3Aerror%3A%3Ax é.json5,line=4,endLine=4,col=16,endColumn=40,title=base-url-without-v1::the base URL does not end in /v1, so Portkey answers 404 to every request%0Awrite https://api.portkey.ai/v1

"#]],
    );
    let sarif = sarif(&home, &[name]);
    assert_eq!(
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "a%25,%3A%1B%5B31m%0A%3A%3Aerror%3A%3Ax%20%C3%A9.json5"
    );
    for format in ["text", "json"] {
        let ran = home.run(&only(&[name, "--format", format])).status(1);
        assert!(!ran.stdout.contains('\u{1b}'));
    }
}

fn sarif(home: &Home, args: &[&str]) -> Value {
    let mut all = only(args);
    all.extend(["--format", "sarif"]);
    serde_json::from_str(&home.run(&all).stdout).unwrap()
}

/// Only the rule of the diagnostic is included.
#[test]
fn sarif_with_one_diagnostic() {
    let mut whole = sarif(&home(), &["a.json5"]);
    let index = whole["runs"][0]["results"][0]["ruleIndex"]
        .as_u64()
        .unwrap();
    let rules = whole["runs"][0]["tool"]["driver"]["rules"]
        .as_array_mut()
        .unwrap();
    let rule = rules.swap_remove(usize::try_from(index).unwrap());
    *rules = vec![rule];
    whole["runs"][0]["results"][0]["ruleIndex"].take();
    let text = serde_json::to_string_pretty(&whole).unwrap();
    same(&text, file("lint/one-finding.sarif"));
}

/// What the schema requires, and what code scanning additionally needs.
#[test]
fn sarif_has_all_rules_and_its_column_kind() {
    let whole = sarif(&home(), &["a.json5", "none.json"]);
    assert_eq!(whole["version"], "2.1.0");
    let run = &whole["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    let text = notification["message"]["text"].as_str().unwrap();
    same(
        &text.replace(home_of(run), "HOME"),
        str!["HOME/none.json does not exist"],
    );
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), openclaw_portkey::causes::RULES.len());
    for rule in rules {
        for text in [
            &rule["shortDescription"]["text"],
            &rule["fullDescription"]["text"],
            &rule["help"]["text"],
            &rule["help"]["markdown"],
        ] {
            assert!(text.as_str().unwrap().len() > 10, "{rule}");
        }
        assert!(
            ["note", "warning", "error"]
                .contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
    }
}

/// The home's path as it appears in the output, which is parsed before it can be scrubbed.
fn home_of(run: &Value) -> &str {
    let text = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
        .as_str()
        .unwrap();
    text.split("/none.json").next().unwrap()
}

#[test]
fn keys_are_in_no_format() {
    const CANARY: &str = "pk-canary-0123456789";
    let home = Home::new().var("PORTKEY_API_KEY", CANARY);
    home.write(
        "a.json5",
        format!(
            "{{ models: {{ providers: {{ portkey: {{ baseUrl: 'https://api.portkey.ai', apiKey: 'Bearer {CANARY} ',\n\
             headers: {{ 'x-portkey-api-key': '{CANARY}', Authorization: 'Bearer {CANARY}' }} }} }} }} }} // apiKey: '{CANARY}'\n"
        ),
    );
    home.write(
        "broken.json5",
        format!("{{ apiKey: '{CANARY}', '{CANARY}' }}"),
    );
    for format in ["text", "json", "sarif", "github"] {
        for extra in [vec![], vec!["--diff", "--unsafe-fixes"]] {
            let mut args = vec!["lint", "--format", format, "a.json5", "broken.json5"];
            args.extend(extra);
            let ran = home.run(&args);
            assert!(
                ran.stdout.contains("broken.json5") || format == "text",
                "{}",
                ran.stdout
            );
            for stream in [&ran.stdout, &ran.stderr] {
                assert!(!stream.contains("canary"), "{format}: {stream}");
            }
        }
    }
    let _ = home
        .run(&[
            "lint",
            "--write-baseline",
            "base.json",
            "a.json5",
            "broken.json5",
        ])
        .status(0);
    assert!(!home.read("base.json").contains("canary"));
}
