//! A key in every place, in every spelling, with every command and format that reads it: it is
//! never shown. Values that aren't secrets are shown.

mod places;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use places::Part::{Comment, Header};
use places::{
    MARK, NO_SECRETS, PLACES, Part, Place, SPELLINGS, config, configs, random_key, weak_key,
};

use super::{FLASH, GPT};
use crate::support::home::Home;
use crate::support::portkey::{Fault, Portkey, Script, closed_port};

/// Lines that show a key.
#[derive(Default)]
struct Leaks(Mutex<Vec<String>>);

impl Leaks {
    fn run(&self, home: &Home, what: &str, args: &[&str]) -> String {
        let ran = home.run(args);
        let output = ran.stdout + &ran.stderr;
        for line in output.lines() {
            if line.to_lowercase().contains(MARK) {
                let command = args.join(" ");
                let leak = format!("{what}: `{command}`: {line}");
                self.0.lock().unwrap().push(leak);
            }
        }
        output
    }

    #[track_caller]
    fn none(self) {
        let leaks = self.0.into_inner().unwrap();
        assert!(
            leaks.is_empty(),
            "{} leaks:\n{}",
            leaks.len(),
            leaks.join("\n")
        );
    }
}

/// Runs a function for each item on all cores.
fn each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

#[test]
fn no_key_is_shown_wherever_it_is() {
    let leaks = Leaks::default();
    assert!(PLACES.len() >= 60 && SPELLINGS.len() >= 4);
    let home = Home::new();
    let configs = configs();
    for (number, (_, text)) in configs.iter().enumerate() {
        home.write(&format!("c/{number:04}/openclaw.json"), text);
        // The same, followed by a syntax error.
        home.write(
            &format!("b/{number:04}/openclaw.json"),
            format!("{text} oops"),
        );
    }
    for format in ["text", "json", "sarif", "github"] {
        for folder in ["c", "b"] {
            leaks.run(&home, "all", &["lint", folder, "--format", format]);
        }
    }
    let masked = AtomicUsize::new(0);
    let numbered: Vec<(usize, &str)> = configs
        .iter()
        .enumerate()
        .map(|(number, (what, _))| (number, what.as_str()))
        .collect();
    each(&numbered, |(number, what)| {
        let file = format!("c/{number:04}/openclaw.json");
        let edit = [
            "set-header",
            "--header",
            "x-new=1",
            "--dry-run",
            "--yes",
            "--provider-id",
            "portkey",
        ];
        let shown = match number % 3 {
            0 => leaks.run(&home, what, &["show", "--config", &file]),
            1 => leaks.run(
                &home,
                what,
                &["show", "--format", "json", "--config", &file],
            ),
            _ => leaks.run(&home, what, &[&edit[..], &["--config", &file]].concat()),
        };
        let is_masked = number % 3 == 2 && shown.contains("********");
        masked.fetch_add(usize::from(is_masked), Ordering::Relaxed);
    });
    leaks.none();
    // Checks that something was shown at all.
    let masked = masked.into_inner();
    assert!(
        masked * 10 > configs.len() / 3 * 8,
        "{masked} of {}",
        configs.len()
    );
}

/// All commands, on configs with a key in each kind of place.
#[test]
fn no_command_shows_a_key() {
    let leaks = Leaks::default();
    let portkey =
        Portkey::start(Script::new("pk-test-0123456789abcdef").models([FLASH, GPT])).unwrap();
    let base_url = portkey.base_url();
    let commands: &[&[&str]] = &[
        &["doctor"],
        &["doctor", "--format", "json"],
        &["report"],
        &["report", "--offline"],
        &["doctor", "--probe", "--fix", "--dry-run"],
        &["models"],
        &["models", "--sync", "--dry-run", "--offline"],
        &["lint", "--diff"],
        &["lint", "--online"],
        &[
            "add-model",
            GPT,
            "--as",
            "primary",
            "--offline",
            "--dry-run",
        ],
        &["init", "--model", GPT, "--dry-run", "--offline", "--yes"],
        &["unwire", "--dry-run"],
        &["set-primary", GPT, "--offline", "--yes"],
        &["add-model", GPT, "--offline", "--yes", "--format", "json"],
        &["undo", "--dry-run"],
        &["undo", "--yes", "--format", "json"],
        &["unwire", "--yes"],
        &["undo", "--yes"],
    ];
    let some: Vec<(usize, &Place)> = PLACES.iter().enumerate().step_by(3).collect();
    each(&some, |(number, place)| {
        let (name, spell) = SPELLINGS[number % SPELLINGS.len()];
        let value = match place.0 {
            Comment => random_key(*number),
            _ => spell(&random_key(*number)),
        };
        let home = Home::with(&config(**place, &value, &base_url));
        for command in commands {
            leaks.run(&home, &format!("{} {name}", place.1), command);
        }
    });
    leaks.none();
}

/// Where OpenClaw and this program look for keys besides the config.
#[test]
fn no_key_of_another_place_is_shown() {
    let leaks = Leaks::default();
    let key = random_key(1);
    let files: &[(&str, String)] = &[
        (".openclaw/.env", format!("PORTKEY_API_KEY={key}\n")),
        (
            ".openclaw/.env",
            format!("export PORTKEY_API_KEY=\"{key}\" # {key}\n"),
        ),
        (
            ".openclaw/.env",
            format!("PORTKEY_API_KEY='{key}'\n#PORTKEY_API_KEY={key}\n"),
        ),
        (
            ".openclaw/.env",
            format!("PORTKEY_API_KEY=`{key}`\nOTHER_TOKEN={key}x\n"),
        ),
        (".openclaw/.env", format!("PORTKEY_API_KEY=\"{key}\n")),
        (".env", format!("PORTKEY_API_KEY={key}\n")),
        (
            ".config/openclaw/gateway.env",
            format!("PORTKEY_API_KEY={key}\n"),
        ),
        (
            ".config/systemd/user/openclaw-gateway.service",
            format!(
                "[Service]\nExecStart=/usr/bin/node /opt/openclaw/dist/index.js gateway\nEnvironment=PORTKEY_API_KEY={key}\nEnvironment=OPENCLAW_SERVICE_MARKER=openclaw\n"
            ),
        ),
        (
            ".openclaw/agents/main/agent/auth-profiles.json",
            format!(
                "{{\"version\":1,\"profiles\":{{\"portkey:default\":{{\"type\":\"api_key\",\"provider\":\"portkey\",\"key\":\"{key}\"}}}}}}"
            ),
        ),
        (
            ".openclaw/inc.json5",
            format!(
                "{{ models: {{ providers: {{ other: {{ apiKey: '{key}', models: [] }} }} }} }}"
            ),
        ),
        (".openclaw/inc.json5", format!("{{ apiKey: '{key}' oops }}")),
        (
            ".openclaw/inc.json5",
            format!("{{ '$include': './{key}.json5' }}"),
        ),
    ];
    let commands: &[&[&str]] = &[
        &["show"],
        &["show", "--format", "json"],
        &["doctor", "--offline"],
        &["doctor", "--format", "json"],
        &["models"],
        &["lint"],
        &["lint", "--format", "json"],
        &["add-model", GPT, "--dry-run"],
        &["init", "--model", GPT, "--yes", "--offline"],
        &[
            "init",
            "--model",
            GPT,
            "--yes",
            "--offline",
            "--key-in",
            "dotenv",
        ],
        &["unwire", "--yes"],
        &["undo", "--yes"],
    ];
    // The server echoes the key in every reply.
    let echo = format!("{{\"error\":{{\"message\":\"bad key {key}\",\"code\":\"{key}\"}}}}");
    let portkey = Portkey::start(Script::new("x").fault(Fault::Reply(401, echo))).unwrap();
    let text = format!(
        "{{ '$include': './inc.json5', models: {{ providers: {{ portkey: {{ baseUrl: '{}', apiKey: '${{PORTKEY_API_KEY}}', models: [{{ id: '{FLASH}', name: 'F' }}] }} }} }}, agents: {{ defaults: {{ model: {{ primary: 'portkey/{FLASH}' }} }} }} }}\n",
        portkey.base_url()
    );
    each(files, |(file, content)| {
        let home = Home::with(&text).var("OTHER_KEY", &weak_key(7));
        home.write(".openclaw/inc.json5", "{}");
        home.write(file, content);
        for command in commands {
            leaks.run(&home, &format!("{file} {content}"), command);
        }
    });
    leaks.none();
}

/// Keys typed in the wrong place.
#[test]
fn no_key_of_the_command_line_is_shown() {
    let leaks = Leaks::default();
    let key = random_key(1);
    let weak = weak_key(1);
    let home = Home::with(&config(PLACES[0], "'x'", "https://api.portkey.ai/v1"))
        .var("PORTKEY_API_KEY", &weak);
    let url = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let args: Vec<Vec<String>> = [
        "explain Bearer KEY",
        "explain 401 apiKey=KEY",
        "explain KEY",
        "explain --format json Authorization: Bearer KEY",
        "init --api-key KEY",
        "init --api-key=KEY",
        "init --api-key-env KEY",
        "init --api-key-env=KEY --format json",
        "init --api-key-file KEY",
        "init --provider-id KEY! --yes",
        "init --base-url https://KEY@host --yes --model @a/b --offline",
        "init --base-url KEY --yes --model @a/b --offline",
        "init --model KEY --yes --offline",
        "init --model @a/RANDOM --yes --offline --dry-run",
        "set-header --header x-auth=KEY --dry-run",
        "set-header --header x-custom=KEY --dry-run --format json",
        "set-header --header KEY --dry-run",
        "set-header --metadata KEY --dry-run",
        "set-header --metadata token=KEY --dry-run",
        "set-header --gateway-config KEY --yes --offline",
        "set-primary KEY --yes",
        "add-model KEY --yes --format json",
        "remove-model KEY --yes",
        "models KEY",
        "models --provider KEY",
        "lint --select KEY",
        "lint --KEY",
        "lint KEY",
        "lint --baseline KEY",
        "show --config KEY",
        "show --profile KEY",
        "KEY",
        "--KEY",
        "doctor --timeout KEY",
        "gateway-config check KEY",
        "unwire --agent KEY",
    ]
    .iter()
    .flat_map(|line| {
        [&key, &weak].map(|key| {
            let words = line.split(' ').map(|word| {
                word.replace("KEY", key)
                    .replace("RANDOM", &random_key(2))
                    .replace("URL", &url)
            });
            words.collect()
        })
    })
    .collect();
    each(&args, |args| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        leaks.run(&home, "arguments", &args);
    });
    leaks.none();
    let ran = home.run(&["init", "--api-key-env", &key]);
    snapbox::assert_data_eq!(
        ran.stderr,
        snapbox::str![[r#"
error: this isn't a variable name
  → if it is the key itself, it is now in your shell history: replace it at https://app.portkey.ai/api-keys
  → pass the key on standard input or in a file, or set a variable and pass its name, such as PORTKEY_API_KEY

"#]]
    );
    let ran = home.run(&["init", "--api-key", &key]);
    snapbox::assert_data_eq!(
        ran.stderr,
        snapbox::str![[r#"
error: unexpected argument '--api-key' found

  tip: don't pass a key as an argument, where others can see it; use --api-key-stdin or --api-key-file FILE

For more information, try '--help'.

"#]]
    );
}

#[test]
fn values_that_are_not_secrets_are_shown() {
    assert!(NO_SECRETS.len() >= 60);
    let of = |wanted: Part| -> String {
        let own = NO_SECRETS.iter().filter(|(part, ..)| *part == wanted);
        let own: Vec<String> = own
            .map(|(_, name, value)| format!("{name}: \"{value}\", "))
            .collect();
        own.concat()
    };
    let text = format!(
        "{{{}models: {{providers: {{portkey: {{baseUrl: 'https://api.portkey.ai/v1', apiKey: '${{PORTKEY_API_KEY}}', headers: {{{}}}, {}models: [{{id: '{FLASH}', name: 'Flash', {}}}]}}}}}}, agents: {{{}}}}} // id 550e8400-e29b-41d4-a716-446655440000, commit 9fceb02d; it holds no token: see below\n",
        of(Part::Root),
        of(Header),
        of(Part::Provider),
        of(Part::Model),
        of(Part::Agents),
    );
    let home = Home::with(&text);
    let diff = home
        .run(&["set-header", "--header", "x-new=1", "--dry-run"])
        .stdout;
    let missing = Mutex::new(Vec::new());
    for (_, name, value) in NO_SECRETS {
        if !diff.contains(&format!("{name}: \"{value}\"")) {
            missing.lock().unwrap().push((name, value));
        }
    }
    let missing = missing.into_inner().unwrap();
    assert!(missing.is_empty(), "masked: {missing:#?}\n{diff}");
    assert!(!diff.contains("***"), "{diff}");
    let shown = home.run(&["show"]).stdout;
    for (part, name, value) in NO_SECRETS {
        let value = value.replace("\\\"", "\"");
        let line = format!("{}: {value}", name.trim_matches('\''));
        let is_shown = *part != Header || value == "$SESSION_COOKIE" || shown.contains(&line);
        assert!(is_shown, "{line}\n{shown}");
    }
}

/// Temporary folders have names that look like keys, but the user must see the file's name.
#[test]
fn a_path_that_exists_is_shown() {
    for folder in [
        "tmp.3sSco1D0Jw",
        "pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ",
        "2026.9.6/k3x9q2w8z7p1m5n4b6v0",
    ] {
        let home = Home::new();
        for name in ["a.json", "b.json"] {
            home.write(&format!("{folder}/{name}"), "{}\n");
        }
        let file = |name: &str| home.path(&format!("{folder}/{name}")).display().to_string();
        let ran = home.run(&["lint", "--format", "json", &file("a.json"), &file("b.json")]);
        for name in ["a.json", "b.json"] {
            assert!(
                ran.stdout.contains(&format!("{folder}/{name}")),
                "{}",
                ran.stdout
            );
        }
        for args in [
            vec!["show", "--config", &file("a.json")],
            vec!["lint", &file("missing.json")],
            vec!["show", &format!("--config={}", file("missing.json"))],
            vec![
                "add-model",
                "@a/b",
                "--offline",
                "--dry-run",
                "--config",
                &file("a.json"),
            ],
        ] {
            let ran = home.run(&args);
            assert!(!(ran.stdout + &ran.stderr).contains("***"), "{args:?}");
        }
    }
    let key = "pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ";
    let home = Home::with("{}\n");
    for path in [
        key.to_owned(),
        home.path(key).display().to_string(),
        format!("./{key}/a.json"),
    ] {
        let ran = home.run(&["lint", &path]);
        assert!(!ran.stderr.contains(key), "{}", ran.stderr);
    }
}

/// Ordinary words as keys are masked where they are the key, and nowhere else.
#[test]
fn a_short_key_hides_no_words() {
    for key in [
        "ilt", "port", "a", "portkey", "openai", "header", "12345678", "primary",
    ] {
        let text = config(PLACES[0], &format!("'{key}'"), "https://api.portkey.ai/v1");
        let home = Home::with(&text).var("OTHER_TOKEN", key);
        let with = home.run(&["lint"]);
        let word = "z".repeat(key.len());
        let other = config(PLACES[0], &format!("'{word}'"), "https://api.portkey.ai/v1");
        let without = Home::with(&other).run(&["lint"]);
        let bare = |text: &str| text.replace(['*', '^'], "").replace(' ', "");
        assert_eq!(bare(&with.stdout), bare(&without.stdout), "{key}");
        assert_eq!(with.stderr, without.stderr, "{key}");
        assert!(home.run(&["explain", "412"]).stdout.matches('*').count() == 0);
    }
}

/// Control sequences and invisible characters never reach the terminal.
#[test]
fn no_control_character_comes_through() {
    let strange = "a\u{202e}b\u{2066}c\u{9b}d\u{200b}e\u{feff}f\u{85}g\u{1b}[2Jh\u{ad}i\u{2060}j";
    let is_strange = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || "\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}\u{2060}".contains(c)
    };
    let places: Vec<&Place> = PLACES.iter().filter(|place| place.0 != Comment).collect();
    let commands: &[&[&str]] = &[
        &["show"],
        &["show", "--format", "json"],
        &["lint"],
        &["lint", "--format", "json"],
        &["lint", "--format", "sarif"],
        &["lint", "--format", "github"],
        &["doctor", "--offline"],
        &["doctor", "--offline", "--format", "json"],
        &["set-header", "--header", "x-new=1", "--dry-run"],
        &[
            "set-header",
            "--header",
            "x-new=1",
            "--dry-run",
            "--format",
            "json",
        ],
        &["unwire", "--dry-run"],
    ];
    let some: Vec<(usize, &&Place)> = places.iter().enumerate().step_by(2).collect();
    each(&some, |(number, place)| {
        let text = config(
            ***place,
            &format!("\"{strange}\""),
            "https://api.portkey.ai/v1",
        );
        let home = Home::with(&text);
        // Each place with a third of the commands.
        for command in commands.iter().skip(number % 3).step_by(3) {
            let ran = home.run(command);
            for output in [&ran.stdout, &ran.stderr] {
                assert!(
                    !output.contains(is_strange),
                    "{} `{}`: {output:?}",
                    place.1,
                    command.join(" ")
                );
            }
        }
    });
}
