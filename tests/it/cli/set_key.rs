//! `set-key`: a rotation by hand.

use snapbox::str;

use super::{KEY, portkey, wired_home};
use crate::support::home::Home;

const DOTENV: &str = ".openclaw/.env";
const OLD: &str = "pk-live-0123456789ab7f3a";
const WIRED: &str = include_str!("../../../fixtures/wired.json5");

#[test]
fn the_new_key_replaces_the_old_one() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let before = home.config();
    home.write(DOTENV, format!("# mine\nPORTKEY_API_KEY={OLD}\nB=1\n"));
    home.run_with_input(&["set-key", "--stdin", "--yes"], KEY)
        .expect(0, str![[r#"
Wrote ~/.openclaw/.env (backup: .env.portkey.bak)

"#]], str![[r#"
✓ Key accepted: 3 models from 3 providers
--- ~/.openclaw/.env
+++ ~/.openclaw/.env
@@ -2 +2 @@
-PORTKEY_API_KEY=********
+PORTKEY_API_KEY=********
warning: agent `work` has its own model, ollama/llama3, and will not go through Portkey; `openclaw-portkey set-primary MODEL --agent work` changes that (openclaw.json:30:28)
warning: PORTKEY_API_KEY in ~/.openclaw/.env: replaces the current key (ends in …7f3a)
note: ~/.openclaw/.env is now readable only by its owner (its mode was 644)

Next:
  openclaw agent --agent main --message "hi"
To undo: openclaw-portkey undo

"#]]);
    assert_eq!(
        home.read(DOTENV),
        format!("# mine\nPORTKEY_API_KEY={KEY}\nB=1\n")
    );
    assert_eq!(home.config(), before);
    home.run(&["undo", "--yes"]).status(0);
    assert!(home.read(DOTENV).contains(OLD));
    home.write("key.txt", KEY);
    home.run(&["set-key", "--file", "key.txt", "--yes"])
        .status(0);
    assert!(home.read(DOTENV).contains(KEY));
    // As the flags are called in `init`.
    home.run(&["set-key", "--api-key-file", "key.txt", "--yes"])
        .expect(0, str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]], str![[r#"
warning: agent `work` has its own model, ollama/llama3, and will not go through Portkey; `openclaw-portkey set-primary MODEL --agent work` changes that (openclaw.json:30:28)

"#]]);
}

#[test]
fn a_key_in_the_config_moves_to_dotenv() {
    let text = WIRED.replace("${PORTKEY_API_KEY}", OLD);
    assert_ne!(text, WIRED);
    let home = Home::with(&text).var("NEW_KEY", KEY);
    let ran = home
        .run(&["set-key", "--api-key-env", "NEW_KEY", "--offline", "--yes"])
        .status(0);
    assert!(
        !ran.stderr.contains(OLD) && !ran.stderr.contains(KEY),
        "{}",
        ran.stderr
    );
    assert!(home.config().contains("${PORTKEY_API_KEY}") && !home.config().contains(OLD));
    assert_eq!(home.read(DOTENV), format!("PORTKEY_API_KEY={KEY}\n"));
}

#[test]
fn what_it_refuses() {
    let home = Home::with(WIRED);
    home.fails(&["set-key", "--offline", "--yes"], 2).says(
        "",
        str![[r#"
error: no key given
  → pass one with --stdin, --env NAME or --file FILE

"#]],
    );
    let refused = portkey();
    let wired = wired_home(&refused.base_url());
    wired.write("key.txt", OLD);
    let ran = wired.fails(&["set-key", "--file", "key.txt", "--yes"], 1);
    assert!(!ran.stderr.contains(OLD), "{}", ran.stderr);
    let none = Home::with("{}\n");
    none.write("key.txt", KEY);
    none.fails(&["set-key", "--file", "key.txt", "--yes"], 2)
        .says(
            "",
            str![[r#"
error: the config has no provider `portkey`
  → `openclaw-portkey init` adds it

"#]],
        );
}
