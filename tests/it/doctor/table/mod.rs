//! The matrix for `doctor`: faults, each reported with its cause and location, and unusual but
//! valid setups, in which nothing is reported.
//!
//! A row is a healthy home with some steps. In text that a step puts into the config, «» surrounds
//! what must be pointed at.

mod faults;
mod sound;

use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{FLASH, KEY, doctor, healthy, portkey};
use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};

/// A difference from a healthy home.
#[derive(Clone, Debug)]
enum Step {
    /// Replaces a text in the config.
    Edit(String, String),
    /// Replaces OpenClaw's `.env`, which has the key.
    Dotenv(String),
    /// Writes a private file.
    File(&'static str, String),
    /// Installs a gateway service with additional lines.
    Unit(String),
    /// Sets a variable of the shell.
    Var(&'static str, String),
    /// Sets the permission bits of a file or folder.
    Mode(&'static str, u32),
    /// A gateway is running, and a file changed an hour after it started.
    ChangedSince(&'static str),
    /// Adds an argument.
    Arg(&'static str),
}
use Step::{Arg, ChangedSince, Dotenv, Edit, File, Mode, Unit, Var};

/// The expected result of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Fails,
    Open,
    Arrives,
}

struct Row {
    steps: Vec<Step>,
    cause: &'static str,
    /// `file:line`, unless it is marked with «»; empty if the location doesn't matter.
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

const MODEL: &str = "agents: { defaults: {";
const DOTENV: &str = "HOME/.openclaw/.env";
const UNIT: &str = "HOME/.config/systemd/user/openclaw-gateway.service";

/// The line of the unit at which a step's first line ends up.
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

/// A home, the arguments, and where the «» are in the config.
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
                // Before this process started, which is the gateway according to the lock.
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
                    format!(
                        r#"{{"pid":{pid},"configPath":"{}","port":{port}}}"#,
                        config.display()
                    ),
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

/// `file:line:column` of a diagnostic, as far as known.
fn place_of(check: &Value) -> String {
    let at = &check["location"];
    let mut text = at["file"].as_str().unwrap_or_default().to_owned();
    for key in ["line", "column"] {
        if let Some(number) = at[key].as_u64() {
            let _ = write!(text, ":{number}");
        }
    }
    text
}

/// What is wrong with the result of a row.
fn judged(server: &Portkey, row: &Row) -> Option<String> {
    let (home, args, marked) = home(server, &row.steps);
    let report = doctor(&home, &args);
    let place = marked.unwrap_or_else(|| row.place.clone());
    let checks = report["checks"].as_array().unwrap();
    let found = checks
        .iter()
        .any(|check| check["cause"] == row.cause && (place.is_empty() || place_of(check) == place));
    let ends = match report["arrives"].as_bool() {
        Some(true) => Ends::Arrives,
        Some(false) => Ends::Fails,
        None => Ends::Open,
    };
    // Consequences of a wrong key are correct too.
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

/// Checks all rows, several in parallel.
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

#[test]
fn faults_have_the_right_cause_and_location() {
    let server = portkey(Script::new(KEY).config("pc-known-123456"));
    let rows = faults::all(&server);
    assert!(rows.len() >= 200, "{}", rows.len());
    all(&rows, |row| judged(&server, row));
}

/// A primary that the config doesn't declare is looked up as well.
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
        let report = doctor(&home, &[]);
        assert_eq!(report["arrives"].as_bool(), ends, "{model}: {report:#}");
        assert!(
            super::ids(&report).contains(&cause.to_owned()),
            "{model}: {report:#}"
        );
        // The decisive diagnostic is shown whatever symptom was requested.
        home.run(&["doctor", "--symptom", "guardrail"])
            .status(1)
            .stdout_has("the Model Catalog");
    }
}

#[test]
fn valid_setups_have_no_problems() {
    let server = portkey(Script::new(KEY).config("pc-known-123456"));
    let rows: Vec<Row> = sound::all(&server)
        .into_iter()
        .map(|steps| row(steps, "", "", Ends::Arrives))
        .collect();
    assert!(rows.len() >= 75, "{}", rows.len());
    all(&rows, |row| {
        let (home, args, _) = home(&server, &row.steps);
        let report = doctor(&home, &args);
        let ran = home.run(&[&["doctor"], &args[..]].concat());
        let found = super::ids(&report);
        let is_right = found.is_empty() && report["arrives"] == true && ran.status == 0;
        (!is_right).then(|| format!("{:?}: {found:?}, {}", row.steps, report["summary"]))
    });
}

/// The service's proxy, for a host on another machine.
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
        let report = doctor(&home, &args);
        let is_found = super::ids(&report).contains(&"proxy-differs".to_owned());
        assert_eq!(is_found, found, "{steps:?}: {report:#}");
        assert_eq!(report["arrives"], Value::Null, "{steps:?}: {report:#}");
    }
}
