//! `complete` and `completions`: the candidates for the shells, and the scripts.

use std::process::Command;

use snapbox::str;

use super::{FLASH, GPT, MIXTRAL, portkey, wired, wired_home};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

/// The candidates without their descriptions.
fn candidates(home: &Home, words: &[&str]) -> Vec<String> {
    let args = [&["__tab", "--"], words].concat();
    let ran = home.run(&args).status(0);
    assert_eq!(ran.stderr, "");
    let text = |line: &str| line.split('\t').next().unwrap().to_owned();
    ran.stdout.lines().map(text).collect()
}

#[test]
fn models_come_from_the_config_and_from_what_portkey_has_listed() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let words = ["add-model", "@"];
    assert_eq!(candidates(&home, &words), [FLASH, MIXTRAL]);
    let asked = portkey.requests().len();
    assert_eq!(asked, 0, "completion has asked Portkey");

    let _ = home.run(&["models"]).status(0);
    assert_eq!(candidates(&home, &words), [FLASH, MIXTRAL, GPT]);
    assert_eq!(candidates(&home, &["remove-model", ""]), [FLASH, MIXTRAL]);
    home.run(&["__tab", "--", "init", "--model", "@o"]).expect(
        0,
        str![[r#"
@openai-prod/gpt-5	listed by Portkey

"#]],
        str![],
    );

    // Another gateway has other models.
    home.write("other.json", wired("https://gateway.example/v1"));
    let other = ["add-model", "--config", "other.json", "@"];
    assert_eq!(candidates(&home, &other), [FLASH, MIXTRAL]);
}

#[test]
fn the_cache_is_private_and_holds_no_key() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let _ = home.run(&["models"]).status(0);
    let cache = ".cache/openclaw-portkey/models";
    same(
        &home.read(cache),
        str![[r#"
http://127.0.0.1:PORT/v1
@gemini/gemini-2.5-flash
@mistral/open-mixtral-8x7b
@openai-prod/gpt-5

"#]],
    );
    #[cfg(unix)]
    assert_eq!(home.mode(cache), 0o600);
}

#[test]
fn a_name_that_a_shell_could_run_is_not_offered() {
    let home = Home::with(
        r#"{ models: { providers: { portkey: { models: [
            { id: "@a/$(touch x)" }, { id: "@a/b;c" }, { id: "-rf" }, { id: "@a/\u001b[2J" }, { id: "@a/ok:v1" },
        ] } } } }"#,
    );
    assert_eq!(candidates(&home, &["add-model", ""]), ["@a/ok:v1"]);
}

#[test]
fn errors_are_silent() {
    let home = Home::with("{ broken");
    assert_eq!(candidates(&home, &["add-model", ""]), [""; 0]);
    assert_eq!(candidates(&home, &["no-such-command", ""]), [""; 0]);
    assert_eq!(
        candidates(&home, &["init", "--profile", "../x", "--primary", ""]),
        [""; 0]
    );
    let all = candidates(&home, &[]);
    assert!(all.contains(&"init".to_owned()), "{all:?}");
    home.run(&["__tab", "--blank", "--", "add-model", "--as"])
        .expect(
            0,
            str![[r#"
primary	Used first; only one model
fallback	Used when the primary fails

"#]],
            str![],
        );
}

#[test]
fn each_shell_has_its_script() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        home.run(&["completions", shell]).expect(
            0,
            file(&format!("completions/{shell}.txt")),
            str![],
        );
    }
    home.fails(&["completions", "tcsh"], 2).says(
        "",
        str![[r#"
error: invalid value 'tcsh' for '<SHELL>'
  [possible values: bash, zsh, fish, powershell, elvish, nushell]

  tip: a similar value exists: 'zsh'

For more information, try '--help'.

"#]],
    );
}

/// The Bash script determines where the word to replace starts.
#[test]
fn bash_completes_a_model_after_its_at_sign() {
    let home = Home::with(&wired("https://api.portkey.ai/v1"));
    let script = home.run(&["completions", "bash"]).status(0).stdout;
    let program = env!("CARGO_BIN_EXE_openclaw-portkey");
    let call = r#"
        COMP_LINE="X=1 $PROGRAM add-model @gemini/gem" COMP_POINT=${#COMP_LINE}
        _openclaw_portkey "$PROGRAM" "gemini/gem" "@"; printf '<%s>\n' "${COMPREPLY[@]}"
        COMP_LINE="$PROGRAM add-model --as=f and more" COMP_POINT=$((${#COMP_LINE} - 9))
        _openclaw_portkey "$PROGRAM" "f" "="; printf '<%s>\n' "${COMPREPLY[@]}"
        COMP_LINE="$PROGRAM show --config " COMP_POINT=${#COMP_LINE}
        _openclaw_portkey "$PROGRAM" "" "--config"; echo ${#COMPREPLY[@]}
    "#;
    let Ok(output) = Command::new("bash")
        .args(["--norc", "-c", &format!("{script}\n{call}")])
        .env("PROGRAM", program)
        .env("HOME", home.path(""))
        .output()
    else {
        return; // No bash, as on a bare Windows.
    };
    same(
        &String::from_utf8(output.stdout).unwrap(),
        str![[r#"
<gemini/gemini-2.5-flash>
<fallback>
0

"#]],
    );
}
