//! Where the key comes from and where it is kept.

use super::{FLASH, KEY, portkey};
use crate::support::home::Home;

const DOTENV: &str = ".openclaw/.env";

fn init<'a>(base_url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [
        &["init", "--yes", "--base-url", base_url, "--model", FLASH],
        more,
    ]
    .concat()
}

#[test]
fn other_lines_of_dotenv_stay() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let old = "# mine\nexport OTHER='a b' # x\r\nPORTKEY_API_KEY=\"pk-old\" # from work\nLAST=1";
    home.write(DOTENV, old);
    let ran = home.run(&init(&base_url, &[])).status(0);
    let new = home.read(DOTENV);
    assert_eq!(new.replace(KEY, "pk-old"), old);
    assert!(new.contains(KEY));
    ran.stderr_has("-PORTKEY_API_KEY=********\n+PORTKEY_API_KEY=********\n")
        .stdout_has("Wrote ~/.openclaw/.env (backup: .env.portkey.bak)\n");
    #[cfg(unix)]
    assert_eq!(home.mode(".openclaw/.env.portkey.bak"), 0o600);
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.read(DOTENV), old);
}

#[test]
fn a_key_in_dotenv_is_found_and_stays() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new();
    home.write(DOTENV, format!("PORTKEY_API_KEY={KEY}\n"));
    let ran = home.run(&init(&base_url, &[])).status(0);
    assert_eq!(ran.stdout, "Wrote ~/.openclaw/openclaw.json\n");
    ran.stderr_has("1. A running gateway takes the change up by itself.\n");
}

#[test]
fn only_the_reference() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new()
        .var("PORTKEY_API_KEY", KEY)
        .var("TEAM_KEY", KEY)
        .var("team_key", KEY);
    home.run(&init(&base_url, &["--key-in", "env"])).status(0);
    assert!(home.config().contains("\"apiKey\": \"${PORTKEY_API_KEY}\""));
    assert_eq!(
        home.files(),
        [
            ".openclaw/openclaw.json",
            ".openclaw/openclaw.json.portkey.undo.json"
        ]
    );
    home.run(&["undo", "--yes"]).status(0);

    home.run(&init(
        &base_url,
        &["--key-in", "env", "--api-key-env", "TEAM_KEY"],
    ))
    .status(0);
    assert!(
        home.config().contains("\"apiKey\": \"${TEAM_KEY}\""),
        "{}",
        home.config()
    );
    home.run(&["undo", "--yes"]).status(0);

    home.fails(
        &init(&base_url, &["--key-in", "env", "--api-key-env", "team_key"]),
        2,
    )
    .expect(
        2,
        "",
        "error: OpenClaw doesn't expand team_key: it takes capital letters, digits and _
  → rename the variable, or use --key-in dotenv
",
    );
}

#[test]
fn in_the_config_after_a_warning() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let args = init(&base_url, &["--key-in", "config"]);
    let ran = home
        .run(&args)
        .status(0)
        .stderr_has("warning: the key will be stored in plain text in the config; --key-in dotenv keeps it out\n");
    assert!(!ran.stderr.contains(KEY) && !ran.stdout.contains(KEY));
    assert!(
        ran.stderr.contains("+        \"apiKey\": \"********\",\n"),
        "{}",
        ran.stderr
    );
    assert!(home.config().contains(KEY));
    #[cfg(unix)]
    assert_eq!(home.mode(super::CONFIG), 0o600);
    // A readable key stays where it is, and moves when that is asked for.
    home.run(&init(&base_url, &[]))
        .status(0)
        .stdout_has("Nothing to change");
    home.run(&init(&base_url, &["--key-in", "dotenv"]))
        .status(0);
    assert!(!home.config().contains(KEY));
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={KEY}\n"));
}

/// The reference in the config stays, and names the line of `.env`.
#[test]
fn references_are_kept() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    for reference in [
        r#""${WORK_KEY}""#,
        r#""$WORK_KEY""#,
        r#"{"source": "env", "provider": "default", "id": "WORK_KEY"}"#,
    ] {
        let config = format!(
            r#"{{"models": {{"providers": {{"portkey": {{"apiKey": {reference}, "models": []}}}}}}}}"#
        );
        let home = Home::with(&config);
        let ran = home
            .run_with_input(&init(&base_url, &["--api-key-stdin"]), &format!("{KEY}\n"))
            .status(0);
        assert!(home.config().contains(reference), "{}", home.config());
        assert_eq!(home.read(DOTENV), format!("WORK_KEY={KEY}\n"));
        ran.stderr_has("+WORK_KEY=********\n");
        home.fails(&init(&base_url, &["--key-in", "config"]), 2)
            .stderr_has(
                "error: the config refers to the variable WORK_KEY for the key, which is kept\n",
            );
    }
}

#[test]
fn a_secret_store_is_kept() {
    let config = r#"{"models": {"providers": {"portkey": {"apiKey": {"source": "exec", "provider": "vault", "id": "portkey"}, "models": []}}}}"#;
    let home = Home::with(config).var("PORTKEY_API_KEY", KEY);
    home.fails(&["init", "--yes", "--model", FLASH], 2).expect(
        2,
        "",
        "error: the key cannot be checked: the config takes it from a secret store that only OpenClaw reads
  → --offline continues without checking
",
    );
    home.fails(
        &[
            "init",
            "--yes",
            "--model",
            FLASH,
            "--api-key-env",
            "PORTKEY_API_KEY",
        ],
        2,
    )
    .stderr_has("error: the config takes the key from a secret store, which is kept\n");
    home.run(&["init", "--yes", "--offline", "--model", FLASH])
        .status(0);
    assert!(home.config().contains(r#""source": "exec""#));
}

#[test]
fn from_a_file_or_standard_input() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new();
    home.write("key.txt", format!("{KEY}\n"));
    home.run(&init(&base_url, &["--api-key-file", "key.txt"]))
        .status(0);
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={KEY}\n"));
    let home = Home::new();
    home.run_with_input(&init(&base_url, &["--api-key-stdin"]), KEY)
        .status(0);
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={KEY}\n"));
    home.fails(&init(&base_url, &["--api-key-file", "gone.txt"]), 2)
        .stderr_has("error: the key file gone.txt could not be read");
    home
        .fails(&init(&base_url, &["--api-key-env", "GONE"]), 2)
        .stderr_has("error: the environment variable GONE is not set\n  → export GONE=… first, or use --api-key-stdin\n");
    home.fails(
        &init(&base_url, &["--api-key-stdin", "--api-key-env", "X"]),
        2,
    );
}

#[test]
fn what_is_no_key() {
    let home = Home::new();
    for (text, fault) in [
        ("", "the key is empty"),
        (" \n", "the key is empty"),
        (
            "Bearer pk-1",
            "the key has `Bearer ` in front, which OpenClaw adds itself",
        ),
        ("pk 1", "the key has white space in it"),
        ("pk\n1", "the key has white space in it"),
        (
            "pk-ü",
            "the key has characters that no HTTP header can carry",
        ),
        (
            "YOUR_PORTKEY_API_KEY",
            "the key is a placeholder or the name of a variable",
        ),
        (
            "${PORTKEY_API_KEY}",
            "the key is a placeholder or the name of a variable",
        ),
        ("<your key>", "the key has white space in it"),
        (
            "<key>",
            "the key is a placeholder or the name of a variable",
        ),
    ] {
        let args = [
            "init",
            "--yes",
            "--offline",
            "--model",
            FLASH,
            "--api-key-stdin",
        ];
        let hint = "  → copy the key from https://app.portkey.ai/api-keys\n";
        home.run_with_input(&args, text)
            .expect(2, "", &format!("error: {fault}\n{hint}"));
        assert_eq!(home.files(), [""; 0]);
    }
    let long = "k".repeat(20_000);
    let args = [
        "init",
        "--yes",
        "--offline",
        "--model",
        FLASH,
        "--api-key-stdin",
    ];
    home.run_with_input(&args, &long)
        .status(2)
        .stderr_has("the key is too long to be one");
}
