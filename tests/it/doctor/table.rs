//! The matrix of doctor: faults, each found by its cause and in its place, and sound but unusual
//! setups, in which nothing is.
//!
//! A row is a healthy home with some steps. In what a step puts into the config, « and » are around
//! what has to be pointed at.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{FLASH, KEY, MIXTRAL, doctor, healthy, portkey};
use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};

/// What is different from a healthy home.
#[derive(Clone, Debug)]
enum Step {
    /// In the config, this for that.
    Edit(String, String),
    /// OpenClaw's `.env` in place of the one with the key.
    Dotenv(String),
    /// A file, private.
    File(&'static str, String),
    /// A gateway service with these lines more.
    Unit(String),
    /// A variable of the shell.
    Var(&'static str, String),
    /// The permission bits of a file or folder.
    Mode(&'static str, u32),
    /// A gateway runs, and a file was changed an hour after it started.
    ChangedSince(&'static str),
    /// An argument.
    Arg(&'static str),
}
use Step::{Arg, ChangedSince, Dotenv, Edit, File, Mode, Unit, Var};

/// The result that a row has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Fails,
    Open,
    Arrives,
}

struct Row {
    steps: Vec<Step>,
    cause: &'static str,
    /// `file:line`, where « » do not say it; empty where the place does not matter.
    place: String,
    ends: Ends,
}

fn row(steps: Vec<Step>, cause: &'static str, place: &str, ends: Ends) -> Row {
    Row {
        steps,
        cause,
        place: place.to_owned(),
        ends,
    }
}

fn edit(from: &str, to: impl Into<String>) -> Step {
    Edit(from.to_owned(), to.into())
}

const DOTENV: &str = "HOME/.openclaw/.env";
const UNIT: &str = "HOME/.config/systemd/user/openclaw-gateway.service";

/// The line of the unit that the first line of a step is.
const UNIT_LINE: usize = 7;

fn unit(home: &Home, lines: &str) -> String {
    let root = home.path("");
    let root = root.display().to_string();
    let root = root.trim_end_matches('/');
    format!(
        "[Service]\nExecStart=/opt/node/bin/node /opt/openclaw/dist/index.js gateway --port 18789\n\
         EnvironmentFile=-{root}/.openclaw/gateway.systemd.env\n\
         Environment=HOME={root}\nEnvironment=OPENCLAW_SERVICE_KIND=gateway\n\
         Environment=OPENCLAW_SERVICE_MARKER=openclaw\n{lines}\n[Install]\nWantedBy=default.target\n"
    )
    .replace("HOME/", &format!("{root}/"))
}

/// A home, the arguments, and where « » are in the config.
fn home(server: &Portkey, steps: &[Step]) -> (Home, Vec<&'static str>, Option<String>) {
    let mut config = healthy(&server.base_url());
    let mut dotenv = Some(format!("PORTKEY_API_KEY={KEY}\n"));
    let mut home = Home::new();
    let mut args = Vec::new();
    for step in steps {
        match step {
            Edit(from, to) => {
                assert!(config.contains(from.as_str()), "{from} is not in {config}");
                config = config.replacen(from.as_str(), to, 1);
            }
            Dotenv(text) => dotenv = (!text.is_empty()).then(|| text.clone()),
            Var(name, value) => home = home.var(name, value),
            Arg(arg) => args.push(*arg),
            File(..) | Unit(_) | Mode(..) | ChangedSince(_) => {}
        }
    }
    let marked = config.find('«');
    let place = marked.map(|at| {
        let before = &config[..at];
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        format!("HOME/.openclaw/openclaw.json:{line}:{column}")
    });
    home.write_private(".openclaw/openclaw.json", config.replace(['«', '»'], ""));
    if let Some(dotenv) = dotenv {
        home.write_private(".openclaw/.env", dotenv);
    }
    for step in steps {
        match step {
            File(name, text) => home.write_private(name, text),
            Unit(lines) => {
                let text = unit(&home, lines);
                home.write_private(".config/systemd/user/openclaw-gateway.service", text);
            }
            _ => {}
        }
    }
    for step in steps {
        match step {
            Mode(name, mode) => {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(home.path(name), fs::Permissions::from_mode(*mode)).unwrap();
            }
            ChangedSince(name) => {
                let pid = std::process::id();
                let config = home.path(".openclaw/openclaw.json");
                let port = server.base_url();
                let port = port.trim_end_matches("/v1").rsplit(':').next().unwrap();
                let hour = Duration::from_secs(3600);
                // Before this process started, which the lock says is the gateway.
                for file in home.files() {
                    let file = fs::File::options()
                        .write(true)
                        .open(home.path(&file))
                        .unwrap();
                    file.set_modified(SystemTime::now() - hour).unwrap();
                }
                let id = rustix::process::getuid().as_raw();
                let lock = format!(".openclaw/tmp/openclaw-{id}/gateway.state.lock");
                home.write(
                    &lock,
                    format!(r#"{{"pid":{pid},"configPath":{config:?},"port":{port}}}"#),
                );
                if !name.is_empty() {
                    let file = fs::File::options()
                        .write(true)
                        .open(home.path(name))
                        .unwrap();
                    file.set_modified(SystemTime::now() + hour).unwrap();
                }
            }
            _ => {}
        }
    }
    (home, args, place)
}

/// `file:line:column` of a diagnostic, as far as it is known.
fn place_of(check: &Value) -> String {
    let at = &check["location"];
    let mut text = at["file"].as_str().unwrap_or_default().to_owned();
    for key in ["line", "column"] {
        if let Some(number) = at[key].as_u64() {
            text.push_str(&format!(":{number}"));
        }
    }
    text
}

/// What is wrong with the result of a row.
fn judged(server: &Portkey, row: &Row) -> Option<String> {
    let (home, args, marked) = home(server, &row.steps);
    let told = doctor(&home, &args);
    let place = marked.unwrap_or_else(|| row.place.clone());
    let checks = told["checks"].as_array().unwrap();
    let found = checks
        .iter()
        .any(|check| check["cause"] == row.cause && (place.is_empty() || place_of(check) == place));
    let ends = match told["arrives"].as_bool() {
        Some(true) => Ends::Arrives,
        Some(false) => Ends::Fails,
        None => Ends::Open,
    };
    // What comes of a wrong key is right, too.
    let follows = ["invalid-key", "unsendable", "key-differs"].map(Value::from);
    let others: Vec<&Value> = checks
        .iter()
        .filter(|check| ["error", "warning"].contains(&check["level"].as_str().unwrap()))
        .filter(|check| check["cause"] != row.cause && !follows.contains(&check["cause"]))
        .collect();
    let code = home.run(&[&["doctor"], &args[..]].concat()).status;
    let agrees = code == i32::from(ends == Ends::Fails);
    (!found || ends != row.ends || !others.is_empty() || !agrees).then(|| {
        let shown: Vec<String> = checks
            .iter()
            .filter(|check| check["level"] != "passed")
            .map(|one| {
                format!(
                    "  {} {} {} {}",
                    one["level"],
                    one["cause"],
                    place_of(one),
                    one["message"]
                )
            })
            .collect();
        format!(
            "{:?}\n wanted {} at {place}, {:?}; got {ends:?}, exit {code}\n{}\n",
            row.steps,
            row.cause,
            row.ends,
            shown.join("\n")
        )
    })
}

/// Judges all rows, several at a time.
fn all(rows: &[Row], judge: impl Fn(&Row) -> Option<String> + Sync) {
    let next = AtomicUsize::new(0);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let mut wrong = Vec::new();
            while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                wrong.extend(judge(row));
            }
            wrong
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

/// Values that can be no key of Portkey's, each with the cause.
const BAD_VALUES: [(&str, &str); 16] = [
    ("YOUR_API_KEY_HERE", "api-key-placeholder"),
    ("hf_x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("YOUR_PORTKEY_API_KEY", "api-key-placeholder"),
    ("your-portkey-api-key", "api-key-placeholder"),
    ("pk-xxxxxxxxxxxxxxxx", "api-key-placeholder"),
    ("changeme", "api-key-placeholder"),
    ("undefined", "api-key-placeholder"),
    ("paste-your-key-here", "api-key-placeholder"),
    ("PORTKEY_API_KEY", "api-key-placeholder"),
    ("\u{201c}x2Wp3dZq8Wn2rT5yVb7L\u{201d}", "api-key-malformed"),
    ("x2Wp3dZq8Wn2rT5yVb7L\u{2019}", "api-key-malformed"),
    ("sk-proj-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("sk-ant-api03-x2Wp3dZq8Wn2rT5", "vendor-key"),
    ("AIzaSyx2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("gsk_x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("xai-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
];

const MODEL: &str = "agents: { defaults: {";

fn key_values() -> Vec<Row> {
    let mut rows = Vec::new();
    for (value, cause) in BAD_VALUES {
        let line = format!("PORTKEY_API_KEY={value}\n");
        let fails = |steps, place: &str| row(steps, cause, place, Ends::Fails);
        rows.push(fails(vec![Dotenv(line.clone())], &format!("{DOTENV}:1")));
        rows.push(fails(
            vec![Dotenv(format!("# keys\nOTHER=1\n\nexport {line}"))],
            &format!("{DOTENV}:4"),
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                Unit(format!("Environment=\"PORTKEY_API_KEY={value}\"")),
            ],
            &format!("{UNIT}:{UNIT_LINE}"),
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                Unit("EnvironmentFile=HOME/keys.env".to_owned()),
                File("keys.env", format!("A=1\n{line}")),
            ],
            "HOME/keys.env:2",
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                edit(
                    "models: {",
                    format!("env: {{ vars: {{\n PORTKEY_API_KEY: '{value}' }} }}, models: {{"),
                ),
            ],
            "HOME/.openclaw/openclaw.json:3",
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                File(".config/openclaw/gateway.env", line.clone()),
            ],
            "HOME/.config/openclaw/gateway.env:1",
        ));
    }
    for (line, cause) in [
        (
            "PORTKEY_API_KEY=Bearer x2Wp3dZq8Wn2rT5yVb7L",
            "api-key-malformed",
        ),
        (
            "PORTKEY_API_KEY='Bearer x2Wp3dZq8Wn2rT5yVb7L'",
            "api-key-malformed",
        ),
        (
            "PORTKEY_API_KEY=\"x2Wp3dZq8Wn2rT5yVb7L",
            "api-key-malformed",
        ),
        ("PORTKEY_API_KEY='x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
        (
            "PORTKEY_API_KEY=x2Wp3dZq8Wn2rT5yVb7L\"",
            "api-key-malformed",
        ),
        ("PORTKEY_API_KEY=x2Wp3dZq 8Wn2rT5yVb7L", "api-key-malformed"),
        ("PORTKEY_API_KEY=${OTHER_KEY}", "api-key-placeholder"),
        ("PORTKEY_API_KEY=$OTHER_KEY", "api-key-placeholder"),
        ("PORTKEY_API_KEY=<your key>", "api-key-placeholder"),
        ("PORTKEY_API_KEY=x2Wp3dZq...", "api-key-placeholder"),
    ] {
        rows.push(row(
            vec![Dotenv(format!("{line}\n"))],
            cause,
            &format!("{DOTENV}:1"),
            Ends::Fails,
        ));
    }
    rows
}

/// Keys in the config itself.
fn literal_keys() -> Vec<Row> {
    let mut rows = Vec::new();
    for (value, cause) in [
        ("YOUR_PORTKEY_API_KEY", "api-key-placeholder"),
        ("PORTKEY_API_KEY", "api-key-placeholder"),
        ("env:PORTKEY_API_KEY", "api-key-placeholder"),
        ("${PORTKEY_API_KEY:-none}", "api-key-placeholder"),
        ("<key>", "api-key-placeholder"),
        ("changeme", "api-key-placeholder"),
        ("pk-xxxxxxxx", "api-key-placeholder"),
        ("Bearer x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
        ("x2Wp3dZq 8Wn2rT5yVb7L", "api-key-malformed"),
        ("sk-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
        ("sk-ant-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
        ("AIzaSyx2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ] {
        let steps = vec![edit("\"${PORTKEY_API_KEY}\"", format!("«\"{value}\"»"))];
        rows.push(row(steps, cause, "", Ends::Fails));
    }
    rows
}

/// Where the primary leads.
fn primaries() -> Vec<Row> {
    let primary = format!("primary: \"portkey/{FLASH}\"");
    let mut rows = Vec::new();
    for (text, cause, ends) in [
        ("openai/gpt-5", "agent-bypasses-portkey", Ends::Fails),
        (
            "anthropic/claude-sonnet-4-5",
            "agent-bypasses-portkey",
            Ends::Fails,
        ),
        (
            "google/gemini-2.5-flash",
            "agent-bypasses-portkey",
            Ends::Fails,
        ),
        (
            "openrouter/meta-llama/llama-3",
            "agent-bypasses-portkey",
            Ends::Fails,
        ),
        ("gpt-5", "agent-bypasses-portkey", Ends::Fails),
        ("claude-sonnet-4-5", "agent-bypasses-portkey", Ends::Fails),
        (FLASH, "reference-without-provider", Ends::Fails),
        (
            "portky/@gemini/gemini-2.5-flash",
            "reference-without-provider",
            Ends::Fails,
        ),
        (
            "portkey/gemini-2.5-flash",
            "primary-undeclared",
            Ends::Fails,
        ),
        (
            "portkey/gemini/gemini-2.5-flash",
            "primary-undeclared",
            Ends::Fails,
        ),
    ] {
        let steps = vec![edit(&primary, format!("primary: «\"{text}\"»"))];
        rows.push(row(steps, cause, "", ends));
    }
    let with_agent = |agent: &str| format!("agents: {{ entries: {{ {agent} }}, defaults: {{");
    for agent in [
        "ops: { model: «'openai/gpt-5'» }",
        "ops: { model: { primary: «'anthropic/claude-sonnet-4-5'» } }",
    ] {
        let steps = vec![edit(MODEL, with_agent(agent))];
        rows.push(row(steps, "agent-bypasses-portkey", "", Ends::Fails));
    }
    for allow in ["openai/*", "anthropic/*", "ollama/*"] {
        let list = format!("{MODEL} modelPolicy: {{ allow: «['{allow}']» }},");
        rows.push(row(
            vec![edit(MODEL, list)],
            "allowlist-bypasses-portkey",
            "",
            Ends::Fails,
        ));
        let map = format!("{MODEL} models: «{{ '{allow}': {{}} }}»,");
        rows.push(row(
            vec![edit(MODEL, map)],
            "allowlist-bypasses-portkey",
            "",
            Ends::Fails,
        ));
    }
    // The models for other tasks, of the defaults and of an agent.
    for (open, close) in [
        ("imageModel: ", ""),
        ("pdfModel: ", ""),
        ("utilityModel: ", ""),
        ("imageModel: { primary: ", " }"),
        ("subagents: { model: ", " }"),
        ("heartbeat: { model: ", " }"),
        ("compaction: { model: ", " }"),
    ] {
        let other = format!("{open}«'openai/gpt-5'»{close}");
        let steps = vec![edit(MODEL, format!("{MODEL} {other},"))];
        rows.push(row(
            steps,
            "other-model-bypasses-portkey",
            "",
            Ends::Arrives,
        ));
        if !open.starts_with("compaction") && !open.starts_with("pdf") && !open.starts_with("image")
        {
            let agent = format!("ops: {{ {other} }}");
            let steps = vec![edit(MODEL, with_agent(&agent))];
            rows.push(row(
                steps,
                "other-model-bypasses-portkey",
                "",
                Ends::Arrives,
            ));
        }
    }
    rows
}

/// Models that Portkey's list lacks.
fn unlisted() -> Vec<Row> {
    let mut rows = Vec::new();
    for (id, cause) in [
        ("@gemini/gemini-2.5-flush", "model-not-in-catalog"),
        ("@gemini/Gemini-2.5-flash", "model-not-in-catalog"),
        ("@gemini/gemini-9", "model-not-in-catalog"),
        ("@gemeni/gemini-2.5-flash", "slug-unknown"),
        ("@openai/gpt-5", "slug-unknown"),
    ] {
        let declared = vec![
            edit(&format!("{{ id: \"{FLASH}\""), format!("{{ id: «\"{id}\"»")),
            edit(
                &format!("primary: \"portkey/{FLASH}\""),
                format!("primary: \"portkey/{id}\""),
            ),
        ];
        rows.push(row(declared, cause, "", Ends::Fails));
    }
    rows
}

fn addresses(base_url: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let url = format!("\"{base_url}\"");
    for vendor in [
        "https://api.openai.com/v1",
        "https://api.anthropic.com/v1",
        "https://generativelanguage.googleapis.com/v1beta/openai/v1",
        "https://openrouter.ai/api/v1",
        "https://api.groq.com/openai/v1",
        "https://api.mistral.ai/v1",
        "https://api.deepseek.com/v1",
        "https://api.x.ai/v1",
        "https://me.openai.azure.com/openai/v1",
        "https://bedrock-runtime.us-east-1.amazonaws.com/v1",
    ] {
        let steps = vec![edit(&url, format!("«\"{vendor}\"»")), Arg("--offline")];
        rows.push(row(steps, "base-url-not-portkey", "", Ends::Fails));
    }
    for (text, cause) in [
        ("https://api.portkey.ai", "base-url-without-v1"),
        ("https//api.portkey.ai/v1", "base-url-malformed"),
        ("api.portkey.ai/v1", "base-url-malformed"),
        (
            "https://api.portkey.ai/v1/chat/completions",
            "base-url-without-v1",
        ),
        ("ftp://api.portkey.ai/v1", "base-url-malformed"),
    ] {
        let steps = vec![edit(&url, format!("«\"{text}\"»")), Arg("--offline")];
        rows.push(row(steps, cause, "", Ends::Fails));
    }
    for text in [
        "https://${GATEWAY}/v1",
        "http://${GW_HOST}:${GW_PORT}/v1",
        "${PORTKEY_URL}",
    ] {
        rows.push(row(
            vec![edit(&url, format!("«\"{text}\"»"))],
            "variable-unset",
            "",
            Ends::Fails,
        ));
    }
    rows
}

fn headers() -> Vec<Row> {
    let mut rows = Vec::new();
    for (header, value) in [
        ("x-portkey-config", "${PORTKEY_CONFIG}"),
        ("x-portkey-trace-id", "$TRACE"),
        ("x-portkey-metadata", "{\\\"team\\\":\\\"${TEAM}\\\"}"),
        ("x-portkey-cache-namespace", "${SPACE}"),
        ("x-custom", "a-${PART}-b"),
    ] {
        let steps = vec![edit(
            "api:",
            format!("headers: {{ '{header}': «\"{value}\"» }}, api:"),
        )];
        rows.push(row(steps, "variable-unset", "", Ends::Fails));
    }
    rows
}

fn places() -> Vec<Row> {
    let other = "x2Wp3dZq8Wn2rT5yVb7Lc0aJ";
    let mut rows = vec![
        // Two lines that differ, of which the right one counts.
        row(
            vec![Dotenv(format!(
                "PORTKEY_API_KEY={other}\nPORTKEY_API_KEY={KEY}\n"
            ))],
            "key-repeated",
            &format!("{DOTENV}:2"),
            Ends::Arrives,
        ),
        row(
            vec![Dotenv(format!(
                "PORTKEY_API_KEY={KEY}\n# new\nPORTKEY_API_KEY={other}\n"
            ))],
            "key-repeated",
            &format!("{DOTENV}:3"),
            Ends::Fails,
        ),
        row(
            vec![
                Dotenv(String::new()),
                Unit(format!(
                    "Environment=PORTKEY_API_KEY={other}\nEnvironment=PORTKEY_API_KEY={KEY}"
                )),
            ],
            "key-repeated",
            &format!("{UNIT}:{}", UNIT_LINE + 1),
            Ends::Arrives,
        ),
        // A block of the config that has no effect.
        row(
            vec![edit(
                "models: {",
                format!("env: {{ vars: {{\n PORTKEY_API_KEY: '{other}' }} }}, models: {{"),
            )],
            "env-vars-overridden",
            "HOME/.openclaw/openclaw.json:3",
            Ends::Arrives,
        ),
        // A wrong key of the unit, in place of the right one in `.env`.
        row(
            vec![Unit(format!("Environment=PORTKEY_API_KEY={other}"))],
            "invalid-key",
            &format!("{UNIT}:{UNIT_LINE}"),
            Ends::Fails,
        ),
        // Files that others can read.
        row(
            vec![Mode(".openclaw/.env", 0o644)],
            "key-exposed",
            &format!("{DOTENV}:1"),
            Ends::Arrives,
        ),
        row(
            vec![Mode(".openclaw/.env", 0o640)],
            "key-exposed",
            &format!("{DOTENV}:1"),
            Ends::Arrives,
        ),
        row(
            vec![
                edit("${PORTKEY_API_KEY}", format!("{KEY}")),
                Mode(".openclaw/openclaw.json", 0o644),
            ],
            "key-exposed",
            "",
            Ends::Arrives,
        ),
        row(
            vec![
                Dotenv(String::new()),
                Unit(format!("Environment=PORTKEY_API_KEY={KEY}")),
                Mode(".config/systemd/user/openclaw-gateway.service", 0o644),
            ],
            "key-exposed",
            &format!("{UNIT}:{UNIT_LINE}"),
            Ends::Arrives,
        ),
        // A gateway that has the old key.
        row(
            vec![ChangedSince(".openclaw/.env")],
            "gateway-stale",
            DOTENV,
            Ends::Fails,
        ),
        row(
            vec![
                edit(
                    "models: {",
                    "gateway: { reload: { mode: 'off' } }, models: {",
                ),
                ChangedSince(".openclaw/openclaw.json"),
            ],
            "gateway-stale",
            "HOME/.openclaw/openclaw.json",
            Ends::Fails,
        ),
        // A profile that was named, and not selected.
        row(
            vec![
                Var("OPENCLAW_PROFILE", "work".to_owned()),
                File(".openclaw-work/openclaw.json", "{}".to_owned()),
            ],
            "other-config",
            "HOME/.openclaw-work/openclaw.json",
            Ends::Arrives,
        ),
    ];
    for rest in ["", "#", "\n"] {
        let empty = format!("PORTKEY_API_KEY={rest}\n");
        rows.push(row(
            vec![Dotenv(empty)],
            "key-empty",
            &format!("{DOTENV}:1"),
            Ends::Fails,
        ));
    }
    rows
}

fn profiles() -> Vec<Row> {
    let file = ".openclaw/agents/main/agent/auth-profiles.json";
    let store = |id: &str| {
        format!(
            r#"{{"version":1,"profiles":{{"{id}":{{"type":"api_key","key":"pk-profile-0123456789"}}}}}}"#
        )
    };
    let written = |version: &str| {
        edit(
            "models: {",
            format!("meta: {{ lastTouchedVersion: '{version}' }}, models: {{"),
        )
    };
    let at = format!("HOME/{file}");
    let mut rows = Vec::new();
    for version in ["2026.2.17", "2026.4.15", "2026.5.28", "2026.6.1"] {
        let steps = vec![written(version), File(file, store("portkey:default"))];
        rows.push(row(steps, "auth-profile", &at, Ends::Fails));
    }
    // Whoever's they are, they have to be moved first.
    for (version, id) in [
        ("2026.8.1", "portkey:default"),
        ("2026.8.2", "portkey:default"),
        ("2026.9.6", "portkey:work"),
        ("2026.9.6", "openai:default"),
    ] {
        let steps = vec![written(version), File(file, store(id))];
        rows.push(row(steps, "auth-profiles-legacy", &at, Ends::Fails));
    }
    rows
}

/// What OpenClaw refuses.
fn refused() -> Vec<Row> {
    let mut rows = Vec::new();
    for (from, to, cause) in [
        ("api:", "«retries»: 3, api:", "unknown-key"),
        ("api:", "«configId»: 'pc-a', api:", "unknown-key"),
        ("mode: \"merge\"", "mode: «\"mrge\"»", "invalid-value"),
        (
            "models: [",
            "timeoutSeconds: «'ten'», models: [",
            "invalid-value",
        ),
        (
            "name: \"Gemini 2.5 Flash\" }",
            "name: \"Gemini 2.5 Flash\", contextWindow: «'big'» }",
            "model-metadata-invalid",
        ),
        (
            "api: \"openai-completions\"",
            "api: «\"openai\"»",
            "api-incompatible",
        ),
    ] {
        rows.push(row(vec![edit(from, to)], cause, "", Ends::Fails));
    }
    rows
}

fn faults(server: &Portkey) -> Vec<Row> {
    [
        key_values(),
        literal_keys(),
        primaries(),
        unlisted(),
        addresses(&server.base_url()),
        headers(),
        places(),
        profiles(),
        refused(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn each_fault_is_found_by_its_cause_and_in_its_place() {
    let server = portkey(Script::new(KEY).config("pc-known-123456"));
    let rows = faults(&server);
    assert!(rows.len() >= 200, "{}", rows.len());
    all(&rows, |row| judged(&server, row));
}

/// A primary that the config does not declare is looked up as well.
#[test]
fn a_primary_that_portkey_does_not_list() {
    let server = portkey(Script::new(KEY));
    for (model, ends, cause) in [
        ("@gemini/gemini-9", Some(false), "model-not-in-catalog"),
        ("@nope/gemini-2.5-flash", Some(false), "slug-unknown"),
    ] {
        let primary = format!("primary: \"portkey/{FLASH}\"");
        let steps = [edit(&primary, format!("primary: \"portkey/{model}\""))];
        let (home, ..) = home(&server, &steps);
        let told = doctor(&home, &[]);
        assert_eq!(told["arrives"].as_bool(), ends, "{model}: {told:#}");
        assert!(
            super::ids(&told).contains(&cause.to_owned()),
            "{model}: {told:#}"
        );
        // What decides is shown whatever symptom is asked for.
        home.run(&["doctor", "--symptom", "guardrail"])
            .status(1)
            .stdout_has("the Model Catalog");
    }
}

/// Setups that are right, though few have them.
fn sound(server: &Portkey) -> Vec<Vec<Step>> {
    let url = format!("\"{}\"", server.base_url());
    let no_dotenv = || Dotenv(String::new());
    let line = format!("PORTKEY_API_KEY={KEY}");
    let with = |text: &str| vec![edit("models: {", format!("{text}, models: {{"))];
    let header = |text: &str| vec![edit("api:", format!("headers: {{ {text} }}, api:"))];
    let mut rows: Vec<Vec<Step>> = vec![vec![]];
    // The key in every place, in every form.
    for text in [
        format!("export {line}\n"),
        format!("PORTKEY_API_KEY='{KEY}'\n"),
        format!("PORTKEY_API_KEY=\"{KEY}\"\n"),
        format!("PORTKEY_API_KEY=`{KEY}`\n"),
        format!("PORTKEY_API_KEY = {KEY}\n"),
        format!("PORTKEY_API_KEY: {KEY}\n"),
        format!("{line} # the team's\n"),
        format!("# PORTKEY_API_KEY=old\n{line}\n"),
        format!("{line}\n{line}\n"),
        format!("\u{feff}{line}\n"),
        format!("{line}\r\nOTHER=1\r\n"),
        line.clone(),
        format!("OPENAI_API_KEY=sk-proj-x2Wp3dZq8Wn2rT5\n{line}\n"),
        format!("OTHER=changeme\n{line}\n"),
        format!("PORTKEY_API_KEY_OLD=YOUR_KEY\n{line}\n"),
    ] {
        rows.push(vec![Dotenv(text)]);
    }
    for text in [
        format!("Environment={line}"),
        format!("Environment=\"{line}\""),
        format!("Environment=A=1 {line} B=2"),
        format!(
            "Environment=PORTKEY_API_KEY=old\nEnvironment=\nEnvironment=OPENCLAW_SERVICE_KIND=gateway {line}"
        ),
    ] {
        rows.push(vec![no_dotenv(), Unit(text)]);
    }
    rows.push(vec![
        no_dotenv(),
        Unit("EnvironmentFile=HOME/k.env".into()),
        File("k.env", line.clone()),
    ]);
    rows.push(vec![Unit("EnvironmentFile=-HOME/none.env".into())]);
    rows.push(vec![
        no_dotenv(),
        File(".config/openclaw/gateway.env", line.clone()),
    ]);
    rows.push(vec![
        no_dotenv(),
        edit(
            "models: {",
            format!("env: {{ vars: {{ PORTKEY_API_KEY: '{KEY}' }} }}, models: {{"),
        ),
    ]);
    rows.push(vec![edit(
        "models: {",
        format!("env: {{ vars: {{ PORTKEY_API_KEY: '{KEY}' }} }}, models: {{"),
    )]);
    rows.push(vec![
        Unit(String::new()),
        File(".openclaw/gateway.systemd.env", line.clone()),
    ]);
    rows.push(vec![Unit(String::new())]);
    rows.push(vec![Var("PORTKEY_API_KEY", KEY.into())]);
    rows.push(vec![edit("${PORTKEY_API_KEY}", KEY)]);
    rows.push(vec![edit(
        "\"${PORTKEY_API_KEY}\"",
        "{ source: 'env', provider: 'default', id: 'PORTKEY_API_KEY' }",
    )]);
    rows.push(vec![edit("${PORTKEY_API_KEY}", "$PORTKEY_API_KEY")]);
    rows.push(vec![
        edit("${PORTKEY_API_KEY}", "${TEAM_KEY}"),
        Dotenv(format!("TEAM_KEY={KEY}\n")),
    ]);
    // Modes.
    rows.push(vec![
        Mode(".openclaw/.env", 0o644),
        Mode(".openclaw", 0o700),
    ]);
    rows.push(vec![Mode(".openclaw/.env", 0o400)]);
    rows.push(vec![Mode(".openclaw/openclaw.json", 0o644)]);
    // Versions.
    for version in [
        "2026.2.12",
        "2026.2.17",
        "2026.3.13",
        "2026.4.15",
        "2026.5.28",
        "2026.6.1",
        "2026.6.35",
        "2026.7.1",
        "2026.8.1",
        "2026.9.1",
        "2026.9.6",
    ] {
        rows.push(with(&format!(
            "meta: {{ lastTouchedVersion: '{version}' }}"
        )));
    }
    // Headers.
    for text in [
        "'x-portkey-config': 'pc-known-123456'",
        "'X-Portkey-Config': 'pc-known-123456'",
        "'x-portkey-metadata': '{\"_user\":\"ops\"}'",
        "'x-custom': 'a'",
    ] {
        rows.push(header(text));
    }
    rows.push(
        [
            header("'x-custom': '${TEAM}'"),
            vec![Dotenv(format!("{line}\nTEAM=a-team\n"))],
        ]
        .concat(),
    );
    rows.push(
        [
            header("'x-portkey-config': '${PC}'"),
            vec![Dotenv(format!("{line}\nPC=pc-known-123456\n"))],
        ]
        .concat(),
    );
    rows.push(header("'x-custom': '$${NOT_A_VARIABLE}'"));
    // Gateways.
    rows.push(vec![ChangedSince("")]);
    rows.push(vec![ChangedSince(".openclaw/openclaw.json")]);
    rows.push(
        [
            with("gateway: { reload: { mode: 'off' } }"),
            vec![ChangedSince("")],
        ]
        .concat(),
    );
    rows.push(with("gateway: { reload: { mode: 'off' } }"));
    rows.push(with("gateway: { reload: { mode: 'hybrid' } }"));
    // Auth profiles that don't count.
    let file = ".openclaw/agents/main/agent/auth-profiles.json";
    let store = |id: &str, key: &str| {
        format!(r#"{{"version":1,"profiles":{{"{id}":{{"type":"api_key","key":"{key}"}}}}}}"#)
    };
    for (version, id, key) in [
        ("2026.2.17", "openai:default", "sk-1"),
        ("2026.5.28", "portkey:default", KEY),
        ("2026.6.35", "portkey:default", "pk-profile-0123456789"),
        ("2026.7.1", "portkey:default", "pk-profile-0123456789"),
    ] {
        let meta = with(&format!("meta: {{ lastTouchedVersion: '{version}' }}"));
        rows.push([meta, vec![File(file, store(id, key))]].concat());
    }
    let off = with("meta: { lastTouchedVersion: '2026.5.28' }, auth: { order: { portkey: [] } }");
    rows.push(
        [
            off,
            vec![File(
                file,
                store("portkey:default", "pk-profile-0123456789"),
            )],
        ]
        .concat(),
    );
    // Agents and models.
    for text in [
        "agents: { entries: { ops: {} }, defaults: {".to_owned(),
        format!("agents: {{ entries: {{ ops: {{ model: 'portkey/{MIXTRAL}' }} }}, defaults: {{"),
        format!("agents: {{ list: [{{ id: 'ops', model: 'portkey/{MIXTRAL}' }}], defaults: {{"),
        format!("{MODEL} imageModel: 'portkey/{FLASH}',"),
        format!("{MODEL} utilityModel: 'portkey/{MIXTRAL}',"),
        format!("{MODEL} heartbeat: {{ model: 'portkey/{MIXTRAL}' }},"),
        format!("{MODEL} modelPolicy: {{ allow: ['portkey/*'] }},"),
        format!("{MODEL} modelPolicy: {{ allow: ['openai/*', 'portkey/{FLASH}'] }},"),
        format!("{MODEL} modelPolicy: {{ allow: [] }},"),
        format!(
            "{MODEL} models: {{ 'portkey/{FLASH}': {{ alias: 'flash' }}, 'portkey/{MIXTRAL}': {{}} }},"
        ),
    ] {
        rows.push(vec![edit(MODEL, text)]);
    }
    rows.push(vec![edit(
        &format!("primary: \"portkey/{FLASH}\""),
        format!("primary: \"Portkey/{FLASH}\""),
    )]);
    rows.push(vec![edit(
        &format!("primary: \"portkey/{FLASH}\""),
        format!("primary: \" portkey/{FLASH} \""),
    )]);
    rows.push(vec![edit(
        &format!(", fallbacks: [\"portkey/{MIXTRAL}\"]"),
        "",
    )]);
    rows.push(vec![edit(
        "      portkey: {",
        "      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'l', name: 'L' }] },\n      portkey: {",
    )]);
    rows.push(vec![edit("mode: \"merge\",", "")]);
    rows.push(vec![edit(
        &url,
        format!("{}/\"", url.trim_end_matches('"')),
    )]);
    rows.push(vec![edit("${PORTKEY_API_KEY}", " ${PORTKEY_API_KEY} ")]);
    // Proxies, which a gateway on this machine never needs.
    rows.push(vec![
        Var("HTTPS_PROXY", "http://127.0.0.1:9".into()),
        Unit(String::new()),
    ]);
    rows.push(vec![Unit(
        "Environment=HTTP_PROXY=http://127.0.0.1:9".into(),
    )]);
    rows.push(vec![Var("OPENCLAW_PROFILE", "work".into())]);
    rows.push(vec![File(".openclaw-work/openclaw.json", "{}".into())]);
    rows
}

#[test]
fn sound_setups_give_no_alarm() {
    let server = portkey(Script::new(KEY).config("pc-known-123456"));
    let rows: Vec<Row> = sound(&server)
        .into_iter()
        .map(|steps| row(steps, "", "", Ends::Arrives))
        .collect();
    assert!(rows.len() >= 75, "{}", rows.len());
    all(&rows, |row| {
        let (home, args, _) = home(&server, &row.steps);
        let told = doctor(&home, &args);
        let ran = home.run(&[&["doctor"], &args[..]].concat());
        let found = super::ids(&told);
        let is_right = found.is_empty() && told["arrives"] == true && ran.status == 0;
        (!is_right).then(|| format!("{:?}: {found:?}, {}", row.steps, told["summary"]))
    });
}

/// The proxy of the service, for a host that is not on this machine.
#[test]
fn proxies_of_the_service() {
    let server = portkey(Script::new(KEY));
    let url = format!("\"{}\"", server.base_url());
    let remote = || edit(&url, "\"https://gateway.example/v1\"");
    let proxy = "http://127.0.0.1:9";
    for (steps, found) in [
        (vec![Unit(format!("Environment=HTTPS_PROXY={proxy}"))], true),
        (
            vec![Unit(String::new()), Var("HTTPS_PROXY", proxy.into())],
            true,
        ),
        (
            vec![Unit(String::new()), Var("ALL_PROXY", proxy.into())],
            true,
        ),
        (
            vec![
                Unit(format!("Environment=HTTPS_PROXY={proxy}")),
                Var("https_proxy", proxy.into()),
            ],
            false,
        ),
        (
            vec![
                Unit(String::new()),
                Var("HTTPS_PROXY", proxy.into()),
                Var("NO_PROXY", ".example".into()),
            ],
            false,
        ),
        (vec![Var("HTTPS_PROXY", proxy.into())], false),
        (
            vec![
                Unit(String::new()),
                Var("HTTPS_PROXY", proxy.into()),
                Dotenv(format!("PORTKEY_API_KEY={KEY}\nHTTPS_PROXY={proxy}\n")),
            ],
            false,
        ),
    ] {
        let steps = [vec![remote(), Arg("--offline")], steps].concat();
        let (home, args, _) = home(&server, &steps);
        let told = doctor(&home, &args);
        let is_found = super::ids(&told).contains(&"proxy-differs".to_owned());
        assert_eq!(is_found, found, "{steps:?}: {told:#}");
        assert_eq!(told["arrives"], Value::Null, "{steps:?}: {told:#}");
    }
}
