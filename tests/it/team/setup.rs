use snapbox::str;

use super::{TEAM, home};
use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};
use crate::support::snapshot::{file, same};

const KEY: &str = "pk-test-0123456789abcdef";
const GPT: &str = "@openai-prod/gpt-5";
const FLASH: &str = "@gemini/gemini-2.5-flash";

fn portkey() -> Portkey {
    let script = Script::new(KEY)
        .models([GPT, FLASH])
        .config("pc-abc-123456");
    Portkey::start(script).unwrap()
}

/// A home whose team file uses the loopback Portkey as its gateway.
fn of_team(portkey: &Portkey) -> Home {
    let home = home().var("MY_KEY", KEY);
    let url = format!("openclaw: {{\n    baseUrl: \"{}\",", portkey.base_url());
    home.write("team.json5", TEAM.replace("openclaw: {", &url));
    home
}

const FROM: [&str; 7] = [
    "init",
    "--from",
    "team.json5",
    "--metadata",
    "owner=alice",
    "--api-key-env",
    "MY_KEY",
];

#[test]
fn a_developer_gets_the_team_settings() {
    let portkey = portkey();
    let home = of_team(&portkey);
    home.run(&[&FROM[..], &["--yes"]].concat()).expect(
        0,
        str![[r#"
Wrote ~/.openclaw/.env
Wrote ~/.openclaw/openclaw.json

"#]],
        file("team/init-from.txt"),
    );
    same(&home.config(), file("team/init-from.json"));
    assert_eq!(
        home.read(".openclaw/.env"),
        format!("PORTKEY_API_KEY={KEY}\n")
    );
    home.run(&["lint", "--policy", "team.json5", "--fail-on", "warning"])
        .status(0);
    home.run(&[&FROM[..], &["--yes"]].concat()).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![[r#"
note: a gateway config that names a provider or targets routes every request, so the @slug of a model is ignored

"#]],
    );
}

/// The file has the same effect as the flags.
#[test]
fn the_plan_is_the_same_as_with_flags() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let dry = ["--dry-run", "--format", "json"];
    let from = of_team(&portkey).run(&[&FROM[..], &dry].concat()).status(0);
    let flags = [
        "init",
        "--api-key-env",
        "MY_KEY",
        "--base-url",
        &base_url,
        "--model",
        GPT,
        "--model",
        FLASH,
        "--primary",
        GPT,
        "--fallback",
        FLASH,
        "--gateway-config",
        "pc-abc-123456",
        "--metadata",
        "team=backend",
        "--metadata",
        "owner=alice",
        "--header",
        "x-portkey-cache-namespace=backend",
    ];
    let flags = of_team(&portkey)
        .run(&[&flags[..], &dry].concat())
        .status(0);
    assert_eq!(from.stdout, flags.stdout);
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let from = ["init", "--from", "team.json5", "--offline", "--yes"];
    [&from[..], more].concat()
}

#[test]
fn flags_that_contradict_the_team_file() {
    let home = home().var("MY_KEY", KEY);
    for (more, want) in [
        (
            &[][..],
            str![[r#"
error: the team file requires the metadata `owner` (team.json5:12:32)
  → pass it: `openclaw-portkey init --from team.json5 --metadata owner=VALUE`

"#]],
        ),
        (
            &["--metadata", "team=web", "--metadata", "owner=a"],
            str![[r#"
error: the team file sets the metadata `team` to `backend` (team.json5)
  → leave out --metadata team=…

"#]],
        ),
        (
            &[
                "--metadata",
                "owner=a",
                "--api-key-env",
                "MY_KEY",
                "--key-in",
                "config",
            ],
            str![[r#"
error: the team file forbids keys in plain text (team.json5:14:22)
  → leave out --key-in, or pass --key-in dotenv

"#]],
        ),
        (
            &["--model", GPT],
            str![[r#"
error: the argument '--from <FILE>' cannot be used with '--model <MODEL>'

Usage: openclaw-portkey init --from <FILE> --offline --yes

For more information, try '--help'.

"#]],
        ),
        (
            &["--gateway-config", "pc-a"],
            str![[r#"
error: the argument '--from <FILE>' cannot be used with '--gateway-config <pc-…>'

Usage: openclaw-portkey init --from <FILE> --offline --yes

For more information, try '--help'.

"#]],
        ),
    ] {
        home.fails(&with(more), 2).says("", want);
    }
    home.write("team.json5", TEAM.replace(", id: \"pc-abc-123456\"", ""));
    home.fails(&with(&["--metadata", "owner=a"]), 2).says(
        "",
        str![[r#"
error: team.json5 doesn't have the id of the config `main` yet
  at team.json5:6:13
  → `openclaw-portkey team apply team.json5` saves the config at Portkey and adds its id

"#]],
    );
}
