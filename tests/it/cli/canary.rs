//! No key in any output, or in any file except the one meant for it: for every command, many
//! failures, and every way to pass a key.

use std::time::Duration;

use super::{CONFIG, FLASH, GPT, MIXTRAL};
use crate::support::home::{Home, Ran};
use crate::support::portkey::{Fault, Portkey, Script, closed_port};

/// Of no known shape, so that it isn't masked because of its shape.
const CANARY: &str = "cAnArY7f3Q+x/Zz0=";

const DOTENV: &str = ".openclaw/.env";

/// How the key is passed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Environment,
    Stdin,
    File,
    Config,
    ConfigAndComment,
    EnvVars,
    Dotenv,
}

const WAYS: [Way; 7] = [
    Way::Environment,
    Way::Stdin,
    Way::File,
    Way::Config,
    Way::ConfigAndComment,
    Way::EnvVars,
    Way::Dotenv,
];

fn config(way: Way, base_url: &str) -> String {
    let key = match way {
        Way::Config | Way::ConfigAndComment => CANARY,
        _ => "${PORTKEY_API_KEY}",
    };
    let comment = match way {
        Way::ConfigAndComment => {
            format!("// {CANARY}\n// the key is {CANARY}, KEY={CANARY}\n/*{CANARY}*/ ")
        }
        _ => String::new(),
    };
    let vars = match way {
        Way::EnvVars => format!("  env: {{ vars: {{ PORTKEY_API_KEY: '{CANARY}' }} }},\n"),
        _ => String::new(),
    };
    format!(
        "{comment}{{
{vars}  models: {{ providers: {{ portkey: {{
    baseUrl: '{base_url}',
    apiKey: '{key}', {comment}
    models: [{{ id: '{FLASH}', name: 'Flash' }}, {{ id: '{MIXTRAL}', name: 'Mix' }}],
  }} }} }},
  agents: {{ defaults: {{ model: {{ primary: 'portkey/{FLASH}', fallbacks: ['portkey/{MIXTRAL}'] }} }} }},
}}
"
    )
}

fn home(way: Way, base_url: &str) -> Home {
    let home = Home::with(&config(way, base_url)).var("RUST_BACKTRACE", "1");
    match way {
        Way::Environment => home.var("PORTKEY_API_KEY", CANARY),
        Way::File => {
            home.write("key.txt", CANARY);
            home
        }
        Way::Dotenv => {
            home.write(
                DOTENV,
                format!("# PORTKEY_API_KEY={CANARY}\nPORTKEY_API_KEY={CANARY}\n"),
            );
            home
        }
        _ => home,
    }
}

/// Whether a file, or its backup, may contain the key.
fn may_hold(way: Way, file: &str) -> bool {
    let record = [
        ".openclaw/openclaw.json.portkey.undo.json",
        ".openclaw/openclaw.json.lock",
    ]
    .contains(&file);
    let in_config = matches!(way, Way::Config | Way::ConfigAndComment | Way::EnvVars);
    match way {
        _ if file.starts_with(DOTENV) => true,
        Way::File if file == "key.txt" => true,
        _ => in_config && file.starts_with(CONFIG) && !record,
    }
}

/// Commands that succeed if Portkey answers, and some that fail.
fn commands(way: Way) -> Vec<Vec<&'static str>> {
    let key: &[&str] = match way {
        Way::Stdin => &["--api-key-stdin"],
        Way::File => &["--api-key-file", "key.txt"],
        _ => &[],
    };
    let mut commands: Vec<Vec<&str>> = [
        &["init", "--dry-run", "--model", GPT][..],
        &["init", "--dry-run", "--model", GPT, "--format", "json"],
        &["init", "--yes", "--model", "@nope/gpt-5"],
        &["init", "--yes", "--model", GPT],
        &["init", "--yes", "--model", GPT, "--key-in", "config"],
        &["init", "--yes", "--model", GPT, "--key-in", "env"],
        &[
            "init", "--yes", "--model", GPT, "--key-in", "dotenv", "--color", "always",
        ],
        &["models"],
        &["models", "--format", "json"],
    ]
    .into_iter()
    .map(|args| [args, key].concat())
    .collect();
    if way == Way::ConfigAndComment {
        // If a key is only in a comment, nothing identifies it as one.
        commands.retain(|args| !args.contains(&"--key-in"));
    }
    commands.extend(
        [
            &["show"][..],
            &["show", "--format", "json"],
            &["doctor", "--probe"],
            &["doctor", "--probe", "--format", "json"],
            &["doctor", "--fix", "--dry-run"],
            &["lint", "--online"],
            &["add-model", GPT, "--as", "fallback", "--yes"],
            &["add-model", "@nope/x", "--yes", "--format", "json"],
            &["set-primary", MIXTRAL, "--yes", "--format", "json"],
            &["set-fallback", "--clear", "--yes"],
            &[
                "set-header",
                "--metadata",
                "a=b",
                "--gateway-config",
                "pc-abc-123456",
                "--yes",
            ],
            &["set-header", "--gateway-config", "pc-nope-1", "--yes"],
            &["remove-model", GPT, "--yes"],
            &["undo", "--dry-run"],
            &["undo", "--dry-run", "--format", "json"],
            &["undo", "--yes"],
            &["unwire", "--dry-run"],
            &["unwire", "--yes", "--format", "json"],
            &["undo", "--yes", "--force"],
            &["undo", "--yes"],
        ]
        .map(<[_]>::to_vec),
    );
    commands
}

#[track_caller]
fn look(home: &Home, way: Way, what: &str, ran: &Ran) {
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        assert!(
            !text.contains(CANARY),
            "{way:?}, {what}: the key is in {stream}:\n{text}"
        );
        // Nor with JSON escapes, nor a part of it.
        assert!(
            !text.contains(&CANARY[..8]),
            "{way:?}, {what}: a part of the key is in {stream}:\n{text}"
        );
    }
    for (file, bytes) in home.tree() {
        let holds = bytes
            .windows(CANARY.len())
            .any(|window| window == CANARY.as_bytes());
        assert!(
            !holds || may_hold(way, &file),
            "{way:?}, {what}: the key is in {file}"
        );
    }
}

fn run_all(script: &Script, ways: &[Way]) {
    for way in ways {
        let portkey = Portkey::start(script.clone()).unwrap();
        let home = home(*way, &portkey.base_url());
        for command in commands(*way) {
            let ran = home.run_with_input(&command, CANARY);
            look(&home, *way, &command.join(" "), &ran);
        }
    }
}

fn script() -> Script {
    Script::new(CANARY)
        .models([FLASH, MIXTRAL, GPT])
        .config("pc-abc-123456")
}

#[test]
fn with_a_portkey_that_answers() {
    run_all(&script(), &WAYS);
}

#[test]
fn with_a_portkey_that_refuses() {
    run_all(&Script::new("another"), &WAYS);
}

/// The server echoes the key, in several kinds of bodies.
#[test]
fn with_a_server_that_echoes_it() {
    for (status, body) in [
        (
            401,
            format!("{{\"status\":\"failure\",\"message\":\"bad key {CANARY}\"}}"),
        ),
        (
            400,
            format!(
                "{{\"error\":{{\"message\":\"x-portkey-api-key: {CANARY}\",\"code\":\"{CANARY}\"}}}}"
            ),
        ),
        (500, CANARY.to_owned()),
        (200, format!("<html>{CANARY}</html>")),
        (
            200,
            format!("{{\"data\":[{{\"id\":\"@gemini/{CANARY}\"}}]}}"),
        ),
    ] {
        let script = script().fault(Fault::Reply(status, body));
        run_all(&script, &[Way::Environment, Way::Config]);
    }
    run_all(
        &script().fault(Fault::RedirectTo(format!(
            "https://{CANARY}.example/{CANARY}"
        ))),
        &[Way::Environment],
    );
}

#[test]
fn with_nothing_listening() {
    let base_url = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    for way in WAYS {
        let home = home(way, &base_url);
        for command in commands(way) {
            let ran = home.run_with_input(&command, CANARY);
            look(&home, way, &command.join(" "), &ran);
        }
    }
}

#[test]
fn in_configs_that_cannot_be_read() {
    for text in [
        format!("{{ apiKey: '{CANARY}' oops }}"),
        format!("{{ apiKey: {CANARY} }}"),
        format!("{{ apiKey: '{CANARY}\n }}"),
        format!("{{ '{CANARY}': 1, , }}"),
        format!("{{ a: 1 // {CANARY}\n b: 2 }}"),
        format!("{{ a: 1 /* {CANARY} */ b: 2 }}"),
        format!("{{ a: 1 /* {CANARY}"),
        format!("{{ headers: {{ \"x-portkey-api-key\": \"{CANARY}\" }} }} {CANARY}"),
        CANARY.to_owned(),
        format!("PORTKEY_API_KEY={CANARY}"),
        format!("[{{ apiKey: '{CANARY}' }}]"),
        format!(
            "{{ models: {{ providers: {{ portkey: {{ apiKey: ['{CANARY}'], models: [] }} }} }} }}"
        ),
        format!(
            "{{ models: {{ providers: {{ portkey: {{ apiKey: '{CANARY}', apiKey: '{CANARY}', models: [] }} }} }} }}"
        ),
        format!("{{ models: {{ providers: {{ portkey: '{CANARY}' }} }} }}"),
        format!("{{ models: {{ providers: '{CANARY}' }} }}"),
    ] {
        let home = Home::with(&text).var("RUST_BACKTRACE", "1");
        for command in commands(Way::Config) {
            let ran = home.run(&[&command[..], &["--quiet"]].concat());
            look(
                &home,
                Way::Config,
                &format!("{} on {text}", command.join(" ")),
                &ran,
            );
        }
    }
}

/// Arguments that aren't keys but may contain one.
#[test]
fn in_arguments_that_are_refused() {
    let home = Home::new().var("RUST_BACKTRACE", "1");
    for text in [
        format!("Bearer {CANARY}"),
        format!("{CANARY} {CANARY}"),
        format!("{CANARY}ü"),
        CANARY.repeat(2000),
    ] {
        let args = [
            "init",
            "--yes",
            "--offline",
            "--model",
            FLASH,
            "--api-key-stdin",
        ];
        let ran = home.run_with_input(&args, &text).status(2);
        look(&home, Way::Stdin, "init", &ran);
    }
}

/// While the command waits for a slow server, its command line contains no key.
#[cfg(target_os = "linux")]
#[test]
fn in_the_process_list() {
    use std::io::Write as _;
    use std::process::Stdio;

    let portkey = Portkey::start(script().fault(Fault::Slow(Duration::from_secs(30)))).unwrap();
    let home = home(Way::Stdin, &portkey.base_url());
    let mut child = home
        .command(&["init", "--yes", "--model", GPT, "--api-key-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(CANARY.as_bytes())
        .unwrap();
    while portkey.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
        assert!(child.try_wait().unwrap().is_none(), "the command has ended");
    }
    for file in ["cmdline", "environ", "comm"] {
        let bytes = std::fs::read(format!("/proc/{}/{file}", child.id())).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "{file}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for (file, bytes) in home.tree() {
        assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "{file}");
    }
}
