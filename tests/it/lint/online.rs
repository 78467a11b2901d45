use snapbox::str;

use super::{WITHOUT_V1, fixed, only};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script, closed_port};

const KEY: &str = "pk-test-0123456789abcdef";

fn online(home: &Home, base_url: &str, file: &[&str]) -> crate::support::home::Ran {
    let config = fixed().replace("https://api.portkey.ai/v1", base_url);
    home.write("a.json5", &config);
    home.write(".openclaw/openclaw.json", &config);
    let mut args = only(&["--online"]);
    args.extend_from_slice(file);
    home.run(&args)
}

#[test]
fn files_with_the_same_key_and_url_share_one_request() {
    let portkey = Portkey::start(Script::new(KEY)).unwrap();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    home.write(
        "b.json5",
        fixed().replace("https://api.portkey.ai/v1", &portkey.base_url()),
    );
    online(&home, &portkey.base_url(), &["a.json5", "b.json5"]).status(0);
    assert_eq!(portkey.requests().len(), 1);
}

#[test]
fn without_the_flag_nothing_is_sent() {
    let portkey = Portkey::start(Script::new(KEY)).unwrap();
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    home.write(
        "a.json5",
        fixed().replace("https://api.portkey.ai/v1", &portkey.base_url()),
    );
    home.run(&["lint", "--ignore", "portkey-missing", "a.json5"])
        .status(0);
    assert!(portkey.requests().is_empty());
}

#[test]
fn failed_lookups_are_skipped_rather_than_passed() {
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let closed = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    online(&home, &closed, &["a.json5"]).expect(2, "", str![[r#"
skipped: a.json5: not checked with Portkey: nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)
No files checked.

"#]]);
    online(&home, &closed, &["a.json5", "--format", "json"]).expect(2, str![[r#"
{
  "version": 1,
  "command": "lint",
  "findings": [],
  "files": [{"file":"a.json5","openclawVersion":"2026.9.6","acceptedByOpenClaw":true,"reason":null}],
  "summary": {"files":1,"errors":0,"warnings":0,"notes":0,"fixable":0,"unsafelyFixable":0,"ignoredByComment":0,"heldByBaseline":0},
  "changes": [],
  "staleBaselineEntries": [],
  "skipped": ["a.json5: not checked with Portkey: nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)"],
  "errors": []
}

"#]], str![[r#"
skipped: a.json5: not checked with Portkey: nothing accepts a connection at the base URL: 127.0.0.1:PORT (SYSTEM MESSAGE)
No files checked.

"#]]);

    let failing = Portkey::start(Script::new(KEY).fault(Fault::Row("gateway-failed"))).unwrap();
    online(&home, &failing.base_url(), &["a.json5"]).expect(2, "", str![[r#"
skipped: a.json5: not checked with Portkey: the gateway failed before the request reached a provider (503: no healthy upstream)
No files checked.

"#]]);

    let no_key = Home::new();
    online(&no_key, &closed, &["a.json5"]).expect(
        2,
        "",
        str![[r#"
skipped: a.json5: not checked with Portkey: no API key for Portkey; set PORTKEY_API_KEY
No files checked.

"#]],
    );
}

#[test]
fn other_files_do_not_decide_where_the_key_is_sent() {
    let home = Home::new().var("PORTKEY_API_KEY", KEY);
    let ran = online(&home, "https://gateway.example.invalid/v1", &["a.json5"]).status(2);
    ran.says("", str![[r#"
skipped: a.json5: not checked with Portkey: gateway.example.invalid isn't a Portkey host, so the key wasn't sent to it; only OpenClaw's own config (without FILE) is checked with any host
No files checked.

"#]]);
}

#[test]
fn the_dotenv_key_is_used_for_openclaws_own_config() {
    let portkey = Portkey::start(Script::new(KEY)).unwrap();
    let home = Home::new();
    home.write(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    online(&home, &portkey.base_url(), &[]).status(0);
    assert_eq!(portkey.requests().len(), 1);
}

#[test]
fn a_config_without_portkey_sends_nothing() {
    let home = Home::new();
    home.write("a.json5", "{}");
    home.run(&only(&["--online", "a.json5"])).expect(
        0,
        str![],
        str![[r#"
No problems in 1 file.

"#]],
    );
    home.write("a.json5", WITHOUT_V1);
    home.run(&only(&["--online", "a.json5"])).status(2);
}
