//! Where the key comes from and where it is stored.

use std::fmt::Write as _;

use snapbox::str;

use super::{FLASH, KEY, portkey};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

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
    let home = Home::new().var("NEW_KEY", KEY);
    let old = "# mine\nexport OTHER='a b' # x\r\nPORTKEY_API_KEY=\"pk-old\" # from work\nLAST=1";
    home.write(DOTENV, old);
    let ran = home
        .run(&init(&base_url, &["--api-key-env", "NEW_KEY"]))
        .status(0);
    let new = home.read(DOTENV);
    assert_eq!(new.replace(KEY, "pk-old"), old);
    assert!(new.contains(KEY));
    ran.says(
        str![[r#"
Wrote ~/.openclaw/.env (backup: .env.portkey.bak)
Wrote ~/.openclaw/openclaw.json

"#]],
        file("keys/other-lines-of-dotenv-stay.txt"),
    );
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
    ran.says(
        str![[r#"
Wrote ~/.openclaw/openclaw.json

"#]],
        file("keys/a-key-in-dotenv-is-found-and-stays.txt"),
    );
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
    .says(
        "",
        str![[r#"
error: OpenClaw doesn't expand team_key; use only capital letters, digits and _
  → rename the variable, or use --key-in dotenv

"#]],
    );
}

#[test]
fn in_the_config_after_a_warning() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let args = init(&base_url, &["--key-in", "config"]);
    let ran = home.run(&args).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/openclaw.json

"#]],
        file("keys/in-the-config-after-a-warning.txt"),
    );
    assert!(!ran.stderr.contains(KEY) && !ran.stdout.contains(KEY));
    assert!(
        ran.stderr.contains("+        \"apiKey\": \"********\",\n"),
        "{}",
        ran.stderr
    );
    assert!(home.config().contains(KEY));
    #[cfg(unix)]
    assert_eq!(home.mode(super::CONFIG), 0o600);
    // A plain-text key stays where it is, and moves on request.
    home.run(&init(&base_url, &[])).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    home.run(&init(&base_url, &["--key-in", "dotenv"]))
        .status(0);
    assert!(!home.config().contains(KEY));
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={KEY}\n"));
}

/// The reference in the config stays, and names the variable in `.env`.
#[test]
fn references_are_kept() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    for (reference, wanted) in [
        (r#""${WORK_KEY}""#, file("keys/references-are-kept.txt")),
        (r#""$WORK_KEY""#, file("keys/references-are-kept-2.txt")),
        (
            r#"{"source": "env", "provider": "default", "id": "WORK_KEY"}"#,
            file("keys/references-are-kept-3.txt"),
        ),
    ] {
        let config = format!(
            r#"{{"models": {{"providers": {{"portkey": {{"apiKey": {reference}, "models": []}}}}}}}}"#
        );
        let home = Home::with(&config);
        home.run_with_input(&init(&base_url, &["--api-key-stdin"]), &format!("{KEY}\n"))
            .expect(
                0,
                str![[r#"
Wrote ~/.openclaw/.env
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]],
                wanted,
            );
        assert!(home.config().contains(reference), "{}", home.config());
        assert_eq!(home.read(DOTENV), format!("WORK_KEY={KEY}\n"));
        home.fails(&init(&base_url, &["--key-in", "config"]), 2)
            .says(
                "",
                str![[r#"
error: the config already reads the key from the variable WORK_KEY
  → leave out --key-in config; the key goes into OpenClaw's .env

"#]],
            );
    }
}

#[test]
fn without_a_key_the_command_names_a_way_to_give_it() {
    let config = r#"{"models": {"providers": {"portkey": {"baseUrl": "http://127.0.0.1:9/v1", "apiKey": "${WORK_KEY}", "models": []}}}}"#;
    let home = Home::with(config);
    home.fails(&["add-model", FLASH, "--yes"], 2).says(
        "",
        str![[r#"
error: no API key: WORK_KEY is set neither in the environment nor in ~/.openclaw/.env
  → set WORK_KEY, or store a key with `openclaw-portkey set-key`
  → use --offline to continue without checking

"#]],
    );
    home.fails(&["models"], 2).says(
        "",
        str![[r#"
error: no API key: WORK_KEY is set neither in the environment nor in ~/.openclaw/.env
  → pass one with --api-key-env NAME, --api-key-stdin or --api-key-file FILE, or set WORK_KEY

"#]],
    );
    let home = Home::new();
    home.write("gateway.json", r#"{"cache": {"mode": "simple"}}"#);
    home.fails(&["gateway-config", "check", "--online", "gateway.json"], 2)
        .says(
            "",
            str![[r#"
error: no API key for Portkey
  → set PORTKEY_API_KEY, or store a key with `openclaw-portkey init`

"#]],
        );
}

#[test]
fn a_secret_store_is_kept() {
    let config = r#"{"models": {"providers": {"portkey": {"apiKey": {"source": "exec", "provider": "vault", "id": "portkey"}, "models": []}}}}"#;
    let home = Home::with(config).var("PORTKEY_API_KEY", KEY);
    home.fails(&["init", "--yes", "--model", FLASH], 2).says(
        "",
        str![[r#"
error: no API key: the config takes it from a secret store that only OpenClaw can read
  → use --offline to continue without checking

"#]],
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
    .says(
        "",
        str![[r#"
error: the config reads the key from a secret store, which isn't changed
  → add the new key to that store and run init without a key

"#]],
    );
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
        .says(
            "",
            str![[r#"
error: the key file gone.txt could not be read: SYSTEM MESSAGE

"#]],
        );
    home.fails(&init(&base_url, &["--api-key-env", "GONE"]), 2)
        .says(
            "",
            str![[r#"
error: the environment variable GONE is not set
  → export GONE=… first, or pass the key on standard input

"#]],
        );
    home.fails(
        &init(&base_url, &["--api-key-stdin", "--api-key-env", "X"]),
        2,
    );
}

#[test]
fn invalid_keys() {
    let home = Home::new();
    let args = [
        "init",
        "--yes",
        "--offline",
        "--model",
        FLASH,
        "--api-key-stdin",
    ];
    let long = "k".repeat(20_000);
    let mut output = String::new();
    for text in [
        "",
        " \n",
        "Bearer pk-1",
        "pk 1",
        "pk\n1",
        "pk-ü",
        "YOUR_PORTKEY_API_KEY",
        "${PORTKEY_API_KEY}",
        "<your key>",
        "<key>",
        &long,
    ] {
        let ran = home.run_with_input(&args, text).status(2);
        let shown: String = text.chars().take(30).collect();
        let _ = write!(output, "{shown:?}\n{}", ran.transcript(&args));
        assert_eq!(home.files(), [""; 0]);
    }
    same(&output, file("keys/what-is-no-key.txt"));
}
