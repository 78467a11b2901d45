//! An existing key is replaced only on request.

use snapbox::str;

use super::{FLASH, KEY, changed_lines, portkey, wired_home};
use crate::support::home::Home;

const DOTENV: &str = ".openclaw/.env";
const OLD: &str = "pk-live-0123456789ab7f3a";
const NEW: &str = "pk-work-fedcba987654c0de";

fn init<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let given = [
        "init",
        "--yes",
        "--offline",
        "--api-key-stdin",
        "--model",
        FLASH,
    ];
    [&given, more].concat()
}

/// A config whose provider has these members in addition to its models.
fn config(members: &str) -> String {
    format!(
        "{{\n  models: {{ providers: {{ portkey: {{\n    \
         baseUrl: 'https://api.portkey.ai/v1',\n    {members}\n    \
         models: [{{ id: '{FLASH}', name: 'Flash' }}],\n  }} }} }},\n  \
         agents: {{ defaults: {{ model: 'portkey/{FLASH}' }} }},\n}}\n"
    )
}

/// Neither key is shown.
#[track_caller]
fn silent(text: &str) {
    for key in [OLD, NEW, KEY] {
        assert!(!text.contains(key), "{text}");
    }
}

#[test]
fn a_second_provider_has_its_own_variable() {
    let home = Home::with(&config("apiKey: '${PORTKEY_API_KEY}',"));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    home.run_with_input(&init(&["--provider-id", "portkey-work"]), NEW)
        .status(0);
    assert_eq!(
        home.read(DOTENV),
        format!("PORTKEY_API_KEY={OLD}\nPORTKEY_WORK_API_KEY={NEW}\n")
    );
    assert!(home.config().contains("apiKey: '${PORTKEY_WORK_API_KEY}'"));
    // Named after the first one, although that has another name.
    let home =
        Home::with(&config("apiKey: '${PORTKEY_API_KEY}',").replace("portkey: {", "work: {"));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    home.run_with_input(&init(&["--provider-id", "portkey"]), NEW)
        .status(0);
    assert_eq!(
        home.read(DOTENV),
        format!("PORTKEY_API_KEY={OLD}\nPORTKEY_API_KEY_2={NEW}\n")
    );
    for (id, name) in [
        ("acme.portkey", "ACME_PORTKEY_API_KEY"),
        ("2nd", "PORTKEY_2ND_API_KEY"),
        ("Work_1", "WORK_1_API_KEY"),
    ] {
        let home = Home::new();
        home.run_with_input(&init(&["--provider-id", id]), NEW)
            .status(0);
        assert_eq!(home.read(DOTENV), format!("{name}={NEW}\n"));
    }
}

#[test]
fn the_variable_can_be_chosen() {
    let home = Home::with(&config("apiKey: '${PORTKEY_API_KEY}',"));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    let args = init(&["--key-name", "TEAM_KEY"]);
    let ran = home.run_with_input(&args, NEW).status(0);
    assert_eq!(
        changed_lines(&ran.stderr),
        "+TEAM_KEY=********\n-    apiKey: '${PORTKEY_API_KEY}',\n+    apiKey: '${TEAM_KEY}',\n"
    );
    assert_eq!(
        home.read(DOTENV),
        format!("PORTKEY_API_KEY={OLD}\nTEAM_KEY={NEW}\n")
    );
    home.run_with_input(&args, NEW).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    home.fails(&init(&["--key-name", "team-key"]), 2);
    home.fails(
        &[
            "init",
            "--yes",
            "--offline",
            "--model",
            FLASH,
            "--key-name",
            "team-key",
        ],
        2,
    )
    .says(
        "",
        str![[r#"
error: OpenClaw doesn't expand team-key; use only capital letters, digits and _
  → choose another name

"#]],
    );
}

#[test]
fn a_line_of_dotenv_is_kept() {
    let home = Home::with(&config("apiKey: '${PORTKEY_API_KEY}',"));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    let ran = home.run_with_input(&init(&[]), NEW).expect(2, "", str![[r#"
· not checked with Portkey
--- ~/.openclaw/.env
+++ ~/.openclaw/.env
@@ -1 +1 @@
-PORTKEY_API_KEY=********
+PORTKEY_API_KEY=********
warning: PORTKEY_API_KEY in ~/.openclaw/.env: replaces the current key (ends in …7f3a)
error: PORTKEY_API_KEY in ~/.openclaw/.env already has a different key (ends in …7f3a); nothing was written
  → use --replace-key to replace it
  → use --key-name NAME to keep it and store the new key in another variable

"#]]);
    silent(&ran.stderr);
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={OLD}\n"));
    let ran = home.run_with_input(&init(&["--dry-run"]), NEW).expect(
        0,
        str![[r#"
--- ~/.openclaw/.env
+++ ~/.openclaw/.env
@@ -1 +1 @@
-PORTKEY_API_KEY=********
+PORTKEY_API_KEY=********

"#]],
        str![[r#"
· not checked with Portkey
warning: PORTKEY_API_KEY in ~/.openclaw/.env: replaces the current key (ends in …7f3a)
Nothing was written: --dry-run.

"#]],
    );
    silent(&(ran.stdout + &ran.stderr));
    let ran = home
        .run_with_input(&init(&["--replace-key", "--format", "json"]), NEW)
        .status(0);
    assert_eq!(
        ran.json()["notes"][0]["message"],
        "PORTKEY_API_KEY in ~/.openclaw/.env: replaces the current key (ends in …7f3a)"
    );
    silent(&(ran.stdout + &ran.stderr));
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={NEW}\n"));
    let ran = home.run(&["undo", "--yes"]).status(0);
    assert!(
        ran.stderr.contains(
            "warning: PORTKEY_API_KEY in ~/.openclaw/.env: replaces the current key (ends in …c0de)\n"
        ),
        "{}",
        ran.stderr
    );
    silent(&(ran.stdout + &ran.stderr));
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={OLD}\n"));
}

/// In every format of the line; and only if it contains a key.
#[test]
fn every_form_of_a_line() {
    for (line, is_kept) in [
        (format!("export PORTKEY_API_KEY={OLD}\n"), true),
        (format!("PORTKEY_API_KEY='{OLD}' # live\r\n"), true),
        (format!("PORTKEY_API_KEY: \"{OLD}\"\n"), true),
        (
            format!("PORTKEY_API_KEY=first\nPORTKEY_API_KEY={OLD}\n"),
            true,
        ),
        (
            format!("PORTKEY_API_KEY={OLD}\nPORTKEY_API_KEY=last\n"),
            false,
        ),
        ("PORTKEY_API_KEY=pk-of-12chars\n".to_owned(), true),
        (format!("#PORTKEY_API_KEY={OLD}\n"), false),
        ("PORTKEY_API_KEY=\n".to_owned(), false),
        ("PORTKEY_API_KEY=YOUR_PORTKEY_API_KEY\n".to_owned(), false),
        ("PORTKEY_API_KEY=dummy\n".to_owned(), false),
        (format!("PORTKEY_API_KEY='{NEW}'\n"), false),
    ] {
        let home = Home::with(&config("apiKey: '${PORTKEY_API_KEY}',"));
        home.write(DOTENV, &line);
        let ran = home.run_with_input(&init(&[]), NEW);
        silent(&(ran.stdout.clone() + &ran.stderr));
        assert_eq!(
            ran.status,
            if is_kept { 2 } else { 0 },
            "{line}\n{}",
            ran.stderr
        );
        assert_eq!(home.read(DOTENV).contains(NEW), !is_kept, "{line}");
        assert_eq!(
            ran.stderr.contains("different key (ends in …7f3a)"),
            line.contains(OLD) && is_kept
        );
        assert!(!ran.stderr.contains("…hars"), "{}", ran.stderr);
    }
}

#[test]
fn configs_that_share_a_dotenv() {
    let home = Home::with(&config("apiKey: '${PORTKEY_API_KEY}',"));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    home.write(".openclaw/other.json5", "{}");
    let other = ["--config", ".openclaw/other.json5"];
    let ran = home.run_with_input(&init(&other), NEW).status(2);
    assert!(
        ran.stderr.contains("already has a different key"),
        "{}",
        ran.stderr
    );
    let named = [&other[..], &["--key-name", "OTHER_KEY"]].concat();
    home.run_with_input(&init(&named), NEW).status(0);
    assert_eq!(
        home.read(DOTENV),
        format!("PORTKEY_API_KEY={OLD}\nOTHER_KEY={NEW}\n")
    );
}

#[test]
fn a_variable_that_the_config_names() {
    for reference in [
        "'${WORK_KEY}'",
        "'$WORK_KEY'",
        "{ source: 'env', provider: 'default', id: 'WORK_KEY' }",
    ] {
        let home = Home::with(&config(&format!("apiKey: {reference},")));
        home.write(DOTENV, format!("WORK_KEY={OLD}\n"));
        let ran = home.run_with_input(&init(&[]), NEW).status(2);
        assert!(
            ran.stderr.contains(
                "error: WORK_KEY in ~/.openclaw/.env already has a different key (ends in …7f3a)"
            ),
            "{}",
            ran.stderr
        );
        home.run_with_input(&init(&["--replace-key"]), NEW)
            .status(0);
        assert_eq!(home.read(DOTENV), format!("WORK_KEY={NEW}\n"));
        assert!(home.config().contains(reference));
    }
}

/// A variable set in the config counts if `.env` doesn't set it.
#[test]
fn a_variable_that_the_config_sets() {
    let vars = format!("{{\n  env: {{ vars: {{ PORTKEY_API_KEY: '{OLD}' }} }},");
    let text = config("apiKey: '${PORTKEY_API_KEY}',").replacen('{', &vars, 1);
    let home = Home::with(&text);
    let ran = home.run_with_input(&init(&[]), NEW).status(2);
    let message = "error: PORTKEY_API_KEY in the config's own env already has a different key (ends in …7f3a)";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    silent(&ran.stderr);
    home.run_with_input(&init(&["--replace-key"]), NEW)
        .status(0);
    assert!(home.config().contains(OLD));
    let ran = home.run(&["unwire", "--yes", "--remove-key"]).status(0);
    assert!(
        ran.stderr
            .contains("note: the key is still in the config, as `env.vars.PORTKEY_API_KEY`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_key_in_the_config() {
    let members = format!("apiKey: '{OLD}',");
    for place in ["config", "dotenv", "env"] {
        let home = Home::with(&config(&members));
        let ran = home
            .run_with_input(&init(&["--key-in", place]), NEW)
            .status(2);
        assert!(
            ran.stderr.contains(
                "error: models.providers.portkey.apiKey in ~/.openclaw/openclaw.json already has a \
                 different key (ends in …7f3a); nothing was written"
            ),
            "{}",
            ran.stderr
        );
        silent(&ran.stderr);
        home.run_with_input(&init(&["--key-in", place, "--replace-key"]), NEW)
            .status(0);
        assert!(!home.config().contains(OLD));
    }
    // If it was moved, or is set where OpenClaw finds it, it isn't lost.
    let home = Home::with(&config(&members));
    home.run(&[
        "init",
        "--yes",
        "--offline",
        "--model",
        FLASH,
        "--key-in",
        "dotenv",
    ])
    .status(0);
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={OLD}\n"));
    let home = Home::with(&config(&members));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    home.run(&[
        "init",
        "--yes",
        "--offline",
        "--model",
        FLASH,
        "--key-in",
        "env",
    ])
    .status(0);
    assert!(home.config().contains("${PORTKEY_API_KEY}"));
}

/// Portkey's key is in a header; `apiKey` only exists because OpenClaw requires one.
#[test]
fn a_key_in_a_header_next_to_a_dummy() {
    let move_it = [
        "init",
        "--yes",
        "--offline",
        "--model",
        FLASH,
        "--key-in",
        "dotenv",
    ];
    for (name, prefix) in [
        ("x-portkey-api-key", ""),
        ("X-Portkey-API-Key", ""),
        ("Authorization", "Bearer "),
    ] {
        let members = format!("apiKey: 'dummy',\n    headers: {{ '{name}': '{prefix}{OLD}' }},");
        let home = Home::with(&config(&members));
        home.run(&move_it).status(0);
        assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={OLD}\n"));
        assert_eq!(
            home.config(),
            config(&members).replace(OLD, "${PORTKEY_API_KEY}")
        );
        home.run(&move_it).stdout_has("Nothing to change");
        // Replaces another live key only on request.
        let home = Home::with(&config(&members));
        home.write(DOTENV, format!("PORTKEY_API_KEY={NEW}\n"));
        home.fails(&move_it, 2);
        // A new key goes to the same place.
        let home = Home::with(&config(&members));
        home.run_with_input(&init(&["--replace-key"]), NEW)
            .status(0);
        assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={NEW}\n"));
        assert!(home.config().contains("apiKey: 'dummy'"));
    }
    let members = "apiKey: 'unused',\n    headers: { 'x-portkey-api-key': '${PORTKEY_API_KEY}' },";
    let home = Home::with(&config(members));
    home.write(DOTENV, format!("PORTKEY_API_KEY={OLD}\n"));
    home.run(&move_it).stdout_has("Nothing to change");
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={OLD}\n"));
}

#[test]
fn a_header_that_is_set_again() {
    let members = format!("apiKey: 'dummy',\n    headers: {{ 'x-portkey-api-key': '{OLD}' }},");
    let home = Home::with(&config(&members));
    let header = format!("x-portkey-api-key={NEW}");
    let args = ["set-header", "--yes", "--offline", "--header", &header];
    let ran = home.fails(&args, 2);
    silent(&ran.stderr);
    let args = [&args[..], &["--replace-key"]].concat();
    home.run(&args).status(0);
    assert!(home.config().contains(NEW));
}

/// A second run with nothing new sends nothing to Portkey.
#[test]
fn a_second_init_sends_nothing() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    for flags in [
        &["--model", "@openai-prod/gpt-5"][..],
        &[
            "--model",
            "@mistral/open-mixtral-8x7b",
            "--primary",
            "@mistral/open-mixtral-8x7b",
        ],
    ] {
        let args = [&["init", "--yes"], flags].concat();
        home.run(&args).status(0);
        let asked = portkey.requests().len();
        let before = home.tree();
        home.run(&args).stdout_has("Nothing to change");
        assert_eq!(portkey.requests().len(), asked);
        assert!(home.tree() == before);
    }
}
