//! `complete` and `completions`: what the shells are told, and by which scripts.

use std::process::Command;

use super::{FLASH, GPT, MIXTRAL, portkey, wired, wired_home};
use crate::support::home::Home;

/// The candidates without the words on them.
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
        &format!("{GPT}\tlisted by Portkey\n"),
        "",
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
    assert_eq!(
        home.read(cache),
        format!("{}\n{FLASH}\n{MIXTRAL}\n{GPT}\n", portkey.base_url())
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
fn silent_where_something_is_wrong() {
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
        .status(0)
        .stdout_has("fallback\tUsed when the primary fails\n");
}

#[test]
fn each_shell_has_its_script() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        home.run(&["completions", shell])
            .status(0)
            .stdout_has("__tab ");
    }
    home.fails(&["completions", "tcsh"], 2)
        .stderr_has("[possible values: bash, zsh, fish, powershell, elvish, nushell]");
}

/// Bash is told by its script where the word begins that it will replace.
#[test]
fn bash_completes_a_model_behind_its_at_sign() {
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
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "<gemini/gemini-2.5-flash>\n<fallback>\n0\n"
    );
}
