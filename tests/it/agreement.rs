//! What every command must treat the same: includes, the key, OpenClaw's version, the provider.

use serde_json::Value;

use crate::support::home::Home;

const CONFIG: &str = ".openclaw/openclaw.json";

/// A config with Portkey under this id.
fn wired(id: &str) -> String {
    format!(
        r#"{{
  models: {{ providers: {{ {id} }} }},
  agents: {{ defaults: {{ model: {{ primary: "ID/@openai-prod/gpt-5" }} }} }},
}}
"#,
        id = provider(id)
    )
    .replace("ID/", &format!("{id}/"))
}

fn provider(id: &str) -> String {
    format!(
        r#"'{id}': {{
    baseUrl: "https://api.portkey.ai/v1", apiKey: "${{PORTKEY_API_KEY}}", api: "openai-completions",
    models: [{{ id: "@openai-prod/gpt-5", name: "GPT 5" }}],
  }}"#
    )
}

fn show(home: &Home, args: &[&str]) -> Value {
    home.run(&[&["show", "--format", "json"], args].concat())
        .status(0)
        .json()
}

/// Every command has the same limits, so that none hangs.
#[test]
fn multiplying_includes_terminate_everywhere() {
    let four = "{ $include: ['./openclaw.json', './openclaw.json', './openclaw.json', './openclaw.json'] }";
    let itself = Home::with(four);
    let many = Home::new();
    for file in 0..7 {
        let names: Vec<String> = (0..20)
            .map(|index| format!("'./f{}.json5'", (file + index) % 7))
            .collect();
        many.write(
            &format!(".openclaw/f{file}.json5"),
            format!("{{ a{file}: {{ $include: [{}] }} }}", names.join(", ")),
        );
    }
    many.write(CONFIG, "{ $include: ['./f0.json5', './f1.json5'] }");
    for home in [&itself, &many] {
        for command in [
            &["show"][..],
            &["add-model", "@a/b", "--offline", "--yes"],
            &["unwire", "--yes"],
            &["models", "--sync", "--offline", "--yes"],
        ] {
            let ran = home.fails(command, 2);
            assert!(
                ran.stderr.contains("include"),
                "{command:?}: {}",
                ran.stderr
            );
        }
        home.run(&["lint"]).status(1);
        home.run(&["__tab", "--", "set-primary", "@"]).status(0);
    }
}

/// If only one provider uses Portkey, it is used whatever its id; if there are several, the error
/// lists them.
#[test]
fn the_only_provider_needs_no_flag() {
    for id in ["pk", "openai", "portkey-work"] {
        let home = Home::with(&wired(id));
        let shown = show(&home, &[]);
        assert_eq!(shown["provider"]["id"], id);
        assert_eq!(shown["defaults"]["primary"]["viaPortkey"], true);
        home.run(&["add-model", "@a/b", "--offline", "--yes"])
            .status(0);
        let shown = show(&home, &[]);
        assert_eq!(shown["provider"]["models"][1]["id"], "@a/b");
        assert_eq!(shown["providers"].as_array().unwrap().len(), 1);
        home.run(&["init", "--offline", "--yes", "--model", "@c/d"])
            .status(0);
        assert_eq!(show(&home, &[])["provider"]["id"], id);
        home.run(&["unwire", "--yes"]).status(0);
        assert_eq!(show(&home, &[])["wired"], false);
    }
    let both = format!("{},\n  {}", provider("pk"), provider("gate"));
    let home = Home::with(&format!("{{ models: {{ providers: {{ {both} }} }} }}"));
    for command in [
        &["add-model", "@a/b", "--offline", "--yes"][..],
        &["init", "--offline", "--yes", "--model", "@a/b"],
        &["doctor", "--offline"],
    ] {
        let ran = home.fails(command, 2);
        assert!(
            ran.stderr.contains("pk, gate") && ran.stderr.contains("--provider-id pk"),
            "{command:?}: {}",
            ran.stderr
        );
    }
    home.run(&[
        "add-model",
        "@a/b",
        "--offline",
        "--yes",
        "--provider-id",
        "gate",
    ])
    .status(0);
    assert_eq!(show(&home, &[])["providers"].as_array().unwrap().len(), 2);
}

/// `show` and `doctor` find the key in the same place.
#[cfg(unix)]
#[test]
fn every_command_finds_the_same_key() {
    let service = |home: &Home| {
        let root = home.path("");
        home.write(
            ".config/systemd/user/openclaw-gateway.service",
            format!(
                "[Service]\nExecStart=/opt/node/bin/node /opt/openclaw/dist/index.js gateway --port 18789\n\
                 EnvironmentFile=-{root}/keys.env\n",
                root = root.display()
            ),
        );
    };
    for (file, has_service) in [
        ("keys.env", true),
        (".config/openclaw/gateway.env", false),
        (".openclaw/.env", false),
        (".openclaw/.env", true),
    ] {
        let home = Home::with(&wired("portkey"));
        if has_service {
            service(&home);
        }
        home.write_private(file, "PORTKEY_API_KEY=pk-test-0123456789abcdef\n");
        let set_in = show(&home, &[])["provider"]["apiKey"]["setIn"].clone();
        let set_in = set_in.as_str().unwrap();
        assert!(set_in.contains(file), "{file}: {set_in}");
        let report = home
            .run(&["doctor", "--offline", "--format", "json"])
            .json();
        let checks = report["checks"].as_array().unwrap();
        let given = checks.iter().find(|check| check["check"] == "key-given");
        let given = given.unwrap();
        assert_eq!(given["level"], "passed", "{given:#}");
        assert!(
            given["message"].as_str().unwrap().contains(file),
            "{given:#}"
        );
    }
}

/// Every command that reports the version reports the same one, with the same label.
#[test]
fn every_command_reports_the_same_version() {
    let config = wired("portkey").replacen('{', "{ meta: { lastTouchedVersion: '2026.5.28' },", 1);
    let home = Home::with(&config);
    let label = "2026.5.28 (last wrote the config)";
    home.run(&["show"]).status(0).stdout_has(label);
    let ran = home.run(&["doctor", "--offline"]);
    assert!(ran.stdout.contains(label), "{}", ran.stdout);
    let report = home
        .run(&["doctor", "--offline", "--format", "json"])
        .json();
    assert_eq!(show(&home, &[])["openclaw"], report["openclaw"]);
    assert_eq!(report["openclaw"]["source"], "config");
}

/// Every command that writes reports a changed file in the same form, with its backup.
#[test]
fn writes_are_reported_in_the_same_form() {
    let wrote = "Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)";
    let slip = wired("portkey").replace("/v1", "");
    for command in [
        &["add-model", "@a/b", "--offline", "--yes"][..],
        &["lint", "--fix"],
        &["doctor", "--offline", "--fix", "--yes"],
        &["unwire", "--yes"],
    ] {
        let home = Home::with(&slip);
        let ran = home.run(command);
        let output = format!("{}{}", ran.stdout, ran.stderr);
        assert!(output.contains(wrote), "{command:?}: {output}");
    }
}

/// Failing to write the results is an error.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let home = Home::with(&wired("portkey"));
    for args in [
        &["show"][..],
        &["show", "--format", "json"],
        &["explain", "401"],
        &["completions", "bash"],
        &["lint", "--format", "sarif"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = home.command(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.contains("could not be written"),
            "{args:?}: {stderr}"
        );
    }
}

/// A command suggested by an error applies to the run's config, whatever its path.
#[test]
fn suggested_commands_get_the_runs_flags() {
    let home = Home::new();
    home.write("my configs/open claw.json", "{}\n");
    let cases: [(&[&str], &str); 4] = [
        (
            &["set-primary", "@a/m"],
            "openclaw-portkey init --config 'my configs/open claw.json'",
        ),
        (
            &["remove-model", "@a/m"],
            "openclaw-portkey init --config 'my configs/open claw.json'",
        ),
        (
            &["set-header", "--metadata", "a=b", "--provider-id", "work"],
            "openclaw-portkey init --config 'my configs/open claw.json' --provider-id work",
        ),
        (
            &["init", "--yes", "--offline", "--key-in", "env"],
            "openclaw-portkey models --config 'my configs/open claw.json'",
        ),
    ];
    for (args, suggested) in cases {
        let args = [args, &["--config", "my configs/open claw.json"]].concat();
        let ran = home.fails(&args, 2);
        assert!(
            ran.stderr.contains(&format!("`{suggested}`")),
            "{args:?}\n{}",
            ran.stderr
        );
    }
}
