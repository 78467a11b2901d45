//! What users type first, and the response.

use snapbox::str;

use super::CONFIG;
use crate::support::home::Home;
use crate::support::snapshot::file;

const WIRED: &str = include_str!("../../../fixtures/wired.json5");

#[test]
fn help_and_version_are_commands_too() {
    let home = Home::new();
    for name in ["init", "undo", "gateway-config"] {
        let by_command = home.run(&["help", name]).status(0);
        let by_flag = home.run(&[name, "--help"]).status(0);
        assert_eq!(by_command.stdout, by_flag.stdout, "{name}");
    }
    let by_command = home.run(&["version"]).status(0).stdout;
    assert_eq!(by_command, home.run(&["--version"]).status(0).stdout);
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        by_command.starts_with(&format!("openclaw-portkey {version} ("))
            && by_command.contains('-'),
        "{by_command}"
    );
    let short = home.run(&["-V"]).status(0).stdout;
    assert_eq!(short, format!("openclaw-portkey {version}\n"));
}

#[test]
fn a_value_without_its_flag_gets_the_flag() {
    let home = Home::with(WIRED);
    for (args, tip) in [
        (
            &["set-header", "team=backend"][..],
            "did you mean `--metadata team=backend`?",
        ),
        (
            &["set-header", "x-portkey-cache-namespace=a b"],
            "did you mean `--header 'x-portkey-cache-namespace=a b'`?",
        ),
        (
            &["set-header", "pc-abc-123456"],
            "did you mean `--gateway-config pc-abc-123456`?",
        ),
        (
            &["init", "@openai-prod/gpt-5"],
            "did you mean `--model @openai-prod/gpt-5`?",
        ),
        (&["init", "team=x"], "did you mean `--metadata team=x`?"),
        (
            &["doctor", "401"],
            "did you mean `openclaw-portkey explain 401`?",
        ),
        (&["doctor", "@a/m"], "did you mean `--probe`?"),
        (
            &["show", "other.json5"],
            "did you mean `--config other.json5`?",
        ),
        (
            &["undo", "openclaw.json"],
            "did you mean `--config openclaw.json`?",
        ),
    ] {
        let ran = home.fails(args, 2);
        assert!(ran.stderr.contains(tip), "{args:?}\n{}", ran.stderr);
    }
    for args in [
        &["show", "what"][..],
        &["set-header", "--nope"],
        &["set-header", "sk-proj-0123456789abcdefghij=x"],
    ] {
        let ran = home.fails(args, 2);
        assert!(
            !ran.stderr.contains("did you mean"),
            "{args:?}\n{}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("0123456789"), "{}", ran.stderr);
    }
}

#[test]
fn removing_what_does_not_exist_fails() {
    let home = Home::with(WIRED);
    home.fails(&["remove-model", "@gemini/gemini-2.5-flish", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: model `@gemini/gemini-2.5-flish` not found; did you mean `@gemini/gemini-2.5-flash`?
  → `openclaw-portkey show` lists the config

"#]],
        );
    for (args, error) in [
        (
            &["remove-model", "@x/y"][..],
            "error: model `@x/y` not found\n",
        ),
        (
            &[
                "remove-model",
                "@gemini/gemini-2.5-flash",
                "--agent",
                "nobody",
            ],
            "error: the config has no agent `nobody`",
        ),
        (
            &["set-fallback", "--remove", "@x/y"],
            "error: fallback `@x/y` not found\n",
        ),
        (
            &["set-header", "--unset", "x-portkey-trace"],
            "error: header `x-portkey-trace` not found",
        ),
    ] {
        let ran = home.fails(&[args, &["--offline", "--yes"]].concat(), 2);
        assert!(ran.stderr.starts_with(error), "{args:?}\n{}", ran.stderr);
    }
}

#[test]
fn a_named_config_must_exist_to_be_shown() {
    let home = Home::new();
    home.fails(&["show", "--config", "none.json"], 2).says(
        "",
        str![[r#"
error: HOME/none.json does not exist
  → `openclaw-portkey init --config none.json` creates it

"#]],
    );
    home.run(&["show"]).status(0);
}

#[test]
fn unsafe_fixes_need_fix_or_diff() {
    let home = Home::with(&WIRED.replace("primary: '", "primary: 'x"));
    let before = home.tree();
    let offered = home.run(&["lint", "--unsafe-fixes"]);
    assert!(before == home.tree(), "{}", offered.stderr);
}

#[test]
fn a_missing_file_is_an_error() {
    const RULE: &str = "base-url-without-v1";
    let home = Home::with("{}\n");
    let ran = home.fails(&["lint", "MISSING", "--select", RULE], 2);
    assert!(
        ran.stderr.ends_with("No files checked.\n"),
        "{}",
        ran.stderr
    );
    let ran = home.fails(&["lint", "MISSING", CONFIG, "--select", RULE], 2);
    assert!(
        ran.stderr.ends_with("No problems in 1 of 2 files.\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn causes_are_listed() {
    let home = Home::new();
    let rules = home.run(&["lint", "--rules"]).status(0).stdout;
    let all = home.run(&["explain"]).status(0).stdout;
    let is_row = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    for line in rules.lines().filter(is_row) {
        assert!(all.contains(line), "{line}");
    }
    assert!(rules.len() < all.len());
    let areas: Vec<&str> = all.lines().filter(|line| line.ends_with(':')).collect();
    let mut unique = areas.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(areas.len(), unique.len(), "{areas:?}");
    home.run(&[
        "lint",
        "--rules",
        "--select",
        "api-key-missing,primary-missing",
    ])
    .expect(0, file("explain/list.txt"), str![]);
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let home = Home::new();
    let page = home.run(&["man", "init"]).status(0).stdout;
    assert!(page.contains(".TH openclaw-portkey-init 1"), "{page}");
    let nested = home
        .run(&["man", "gateway-config", "check"])
        .status(0)
        .stdout;
    assert!(
        nested.contains(".TH openclaw-portkey-gateway-config-check 1"),
        "{nested}"
    );
    home.fails(&["man", "inti"], 2).says(
        "",
        str![[r#"
error: no command `inti`
  → `openclaw-portkey help` lists the commands

"#]],
    );
    home.run(&["man", "--dir", "pages"]).status(0);
    assert!(
        home.path("pages/openclaw-portkey-gateway-config-check.1")
            .exists()
    );
    assert!(!home.path("init").exists());
}

#[test]
fn changes_that_can_be_undone_are_listed() {
    let home = Home::with(WIRED);
    home.run(&["undo", "--list"]).expect(
        0,
        str![],
        str![[r#"
Nothing to undo for ~/.openclaw/openclaw.json.

"#]],
    );
    home.run(&["set-header", "--metadata", "a=b", "--offline", "--yes"])
        .status(0);
    home.run(&["set-fallback", "--clear", "--offline", "--yes"])
        .status(0);
    home.run(&["undo", "--list"]).expect(
        0,
        str![[r#"
1  TIME  set-fallback  openclaw.json
2  TIME  set-header  openclaw.json

"#]],
        str![],
    );
}

#[test]
fn links_are_printed_without_a_browser() {
    let home = Home::new();
    for (page, url) in [
        (&["open"][..], "https://app.portkey.ai\n"),
        (&["open", "logs"], "https://app.portkey.ai/logs\n"),
        (
            &["open", "keys", "--print"],
            "https://app.portkey.ai/api-keys\n",
        ),
        (&["open", "configs"], "https://app.portkey.ai/configs\n"),
        (
            &["open", "models"],
            "https://app.portkey.ai/model-catalog\n",
        ),
    ] {
        home.run(page).expect(0, url, str![]);
    }
}

#[test]
fn colour_can_be_forced_and_forbidden() {
    for (name, value, colored) in [
        ("FORCE_COLOR", "1", true),
        ("FORCE_COLOR", "0", false),
        ("CLICOLOR_FORCE", "1", true),
    ] {
        let home = Home::new().var(name, value);
        let shown = home.run(&["show"]).status(0).stdout;
        assert_eq!(shown.contains('\u{1b}'), colored, "{name}={value}");
    }
    let home = Home::new().var("FORCE_COLOR", "1").var("NO_COLOR", "1");
    assert!(!home.run(&["show"]).status(0).stdout.contains('\u{1b}'));
}
