//! Problems on the machine: keys, services, profiles, other configs.

use snapbox::str;

use super::{FLASH, KEY, diagnostics, doctor, finds, healthy, healthy_home, portkey};
use crate::support::home::Home;
use crate::support::portkey::Script;
use crate::support::snapshot::same;

/// A gateway service as OpenClaw installs it, with additional lines.
fn install_service(home: &Home, lines: &str) {
    let root = home.path("");
    home.write(
        ".config/systemd/user/openclaw-gateway.service",
        format!(
            "[Service]\nExecStart=/opt/node/bin/node /opt/openclaw/dist/index.js gateway --port 18789\n\
             EnvironmentFile=-{root}/.openclaw/gateway.systemd.env\n\
             Environment=HOME={root}\nEnvironment=OPENCLAW_SERVICE_KIND=gateway\n\
             Environment=OPENCLAW_SERVICE_MARKER=openclaw\n{lines}\n[Install]\nWantedBy=default.target\n",
            root = root.display().to_string().trim_end_matches('/'),
        ),
    );
}

#[test]
fn no_config_and_no_provider() {
    let home = Home::new();
    let report = finds(&home, &[], &["config-missing"]);
    assert_eq!(report["arrives"], false);
    finds(
        &Home::with("{ gateway: { port: 18789 } }"),
        &[],
        &["not-wired"],
    );
    finds(
        &Home::with("{ gateway: { port: 18789 "),
        &[],
        &["syntax-error"],
    );
}

#[test]
fn a_missing_include() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let config = home
        .config()
        .replacen('{', "{\n  channels: { $include: './channels.json5' },", 1);
    home.write(".openclaw/openclaw.json", &config);
    let report = finds(&home, &[], &["include-unread"]);
    assert_eq!(report["arrives"], false);
    home.write(".openclaw/channels.json5", "{}");
    finds(&home, &[], &[]);
}

#[test]
fn a_missing_or_empty_key() {
    let server = portkey(Script::new(KEY));
    let home = Home::with(&healthy(&server.base_url()));
    finds(&home, &[], &["no-api-key"]);
    home.write(
        ".openclaw/openclaw.json",
        healthy(&server.base_url()).replace("apiKey:", "// apiKey:"),
    );
    finds(&home, &[], &["no-api-key"]);
    // An empty variable overrides the line in `.env`.
    let home = healthy_home(&server.base_url()).var("PORTKEY_API_KEY", "");
    let report = doctor(&home, &[]);
    assert!(
        report["arrives"] == true,
        "the service has no such variable: {report:#}"
    );
    let home = Home::with(&healthy(&server.base_url()));
    home.write_private(".openclaw/.env", "PORTKEY_API_KEY=\n");
    finds(&home, &[], &["key-empty"]);
    assert!(
        server
            .requests()
            .iter()
            .all(|r| r.header("authorization") != Some("Bearer "))
    );
}

#[test]
fn an_empty_line_hides_the_shells_key_only_from_a_gateway() {
    let server = portkey(Script::new(KEY));
    let home = Home::with(&healthy(&server.base_url())).var("PORTKEY_API_KEY", KEY);
    home.write_private(".openclaw/.env", "PORTKEY_API_KEY=\n");
    let report = finds(&home, &[], &["key-empty"]);
    assert_eq!(report["arrives"], true);
    install_service(&home, "");
    let report = finds(&home, &[], &["key-empty"]);
    assert_eq!(report["arrives"], false);
}

#[test]
fn a_key_that_only_the_shell_has() {
    let server = portkey(Script::new(KEY));
    let home = Home::with(&healthy(&server.base_url())).var("PORTKEY_API_KEY", KEY);
    // Without a gateway, `openclaw agent --local` uses it.
    let report = finds(&home, &[], &["key-not-in-service"]);
    assert_eq!(report["arrives"], true);
    install_service(&home, "");
    let report = finds(&home, &[], &["key-not-in-service"]);
    assert_eq!(report["arrives"], false);
}

#[test]
fn a_stale_copy_in_the_service() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    install_service(&home, "");
    home.write_private(
        ".openclaw/gateway.systemd.env",
        format!("PORTKEY_API_KEY={KEY}\n"),
    );
    finds(&home, &[], &[]);
    home.write_private(
        ".openclaw/gateway.systemd.env",
        "PORTKEY_API_KEY=pk-old-0123456789abcdef\n",
    );
    let report = doctor(&home, &[]);
    let found = super::ids(&report);
    assert!(
        found.contains(&"key-stale-in-service".to_owned()),
        "{report:#}"
    );
    assert!(!report.to_string().contains("pk-old"), "{report:#}");
}

#[test]
fn another_key_in_the_shell() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url()).var("PORTKEY_API_KEY", "pk-other-0123456789abcdef");
    install_service(&home, "");
    let report = finds(&home, &[], &["invalid-key", "key-differs"]);
    assert_eq!(
        report["arrives"], true,
        "the gateway's own key is right: {report:#}"
    );
}

#[test]
fn an_auth_profile_overrides_the_key() {
    let server = portkey(Script::new(KEY));
    let profile = |key: &str| {
        format!(
            r#"{{"version":1,"profiles":{{"portkey:default":{{"type":"api_key","provider":"portkey","key":"{key}"}}}}}}"#
        )
    };
    let home = healthy_home(&server.base_url());
    // Up to this version, the file counts.
    let of_then =
        |config: &str| config.replacen('{', "{\n  meta: { lastTouchedVersion: '2026.6.1' },", 1);
    home.write(".openclaw/openclaw.json", of_then(&home.config()));
    let file = ".openclaw/agents/main/agent/auth-profiles.json";
    home.write(file, profile("pk-profile-0123456789"));
    let report = finds(&home, &[], &["auth-profile", "invalid-key"]);
    assert_eq!(report["arrives"], false);
    assert!(!report.to_string().contains("pk-profile"));
    let row = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["cause"] == "auth-profile")
        .unwrap();
    assert_eq!(
        row["help"],
        "add `auth: { order: { portkey: [] } }` to the config, or remove the profile from the file"
    );
    // The same key is still harmless, and another vendor's profile always is.
    home.write(file, profile(KEY));
    finds(&home, &[], &[]);
    home.write(
        file,
        profile("pk-profile-0123456789").replace("portkey:", "openai:"),
    );
    finds(&home, &[], &[]);
    // An empty order disables profiles.
    home.write(file, profile("pk-profile-0123456789"));
    home.write(
        ".openclaw/openclaw.json",
        of_then(&healthy(&server.base_url()))
            .replace("agents:", "auth: { order: { portkey: [] } },\n  agents:"),
    );
    finds(&home, &[], &[]);
}

/// The agent's database counts from 2026.6.35 on, followed by the config's key.
#[test]
fn an_auth_profile_in_the_database() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sqlite");
    let database = std::fs::read(folder.join("plain.sqlite")).unwrap();
    let store = |agent: &str| format!(".openclaw/agents/{agent}/agent/openclaw-agent.sqlite");
    home.write_private(&store("main"), &database);
    let report = finds(&home, &[], &["auth-profile", "invalid-key"]);
    assert!(!report.to_string().contains("pk-profile"));
    same(
        &diagnostics(&report),
        str![[r#"
note: `openclaw-portkey lint` reports 1 more note → nothing
note: no gateway is running with this config; start one with `openclaw gateway run` → nothing
warning: the auth profile portkey:default of agent main has a different key than the config and takes precedence; the config's key is only tried after a 401 → Run: openclaw models auth logout portkey:default --yes
error: Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03) → Copy the key again from the API Keys page, or create a new one; `openclaw-portkey init` stores it.
"#]],
    );
    // The database for all agents works too.
    let state = healthy_home(&server.base_url());
    let shared = std::fs::read(folder.join("state.sqlite")).unwrap();
    state.write_private(".openclaw/state/openclaw.sqlite", shared);
    finds(&state, &[], &["auth-profile", "invalid-key"]);
    // For an older version it is just a file.
    let older = home
        .config()
        .replacen('{', "{\n  meta: { lastTouchedVersion: '2026.6.1' },", 1);
    home.write(".openclaw/openclaw.json", older);
    finds(&home, &[], &[]);
    // Another agent's profile is a note, if the config has that agent.
    let home = healthy_home(&server.base_url());
    home.write_private(&store("ops"), &database);
    finds(&home, &[], &[]);
    let config = home.config().replace(
        "agents: {",
        "agents: { list: [{ id: 'main', default: true }, { id: 'ops' }],",
    );
    home.write(".openclaw/openclaw.json", config);
    let report = finds(&home, &[], &[]);
    assert!(
        diagnostics(&report).contains("the agent ops uses the auth profile portkey:default"),
        "{report:#}"
    );
}

/// The profile that counts is the default agent's, in the config's order.
#[test]
fn profiles_of_other_agents_and_an_order() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let of_then = home
        .config()
        .replacen('{', "{\n  meta: { lastTouchedVersion: '2026.6.1' },", 1);
    home.write(".openclaw/openclaw.json", of_then);
    let file = |agent: &str| format!(".openclaw/agents/{agent}/agent/auth-profiles.json");
    let bad = r#""portkey:default":{"type":"api_key","provider":"portkey","key":"pk-profile-0123456789"}"#;
    let good = format!(r#""portkey:work":{{"type":"api_key","provider":"portkey","key":"{KEY}"}}"#);
    home.write(
        &file("archive"),
        format!(r#"{{"version":1,"profiles":{{{bad}}}}}"#),
    );
    finds(&home, &[], &[]);
    home.write(
        &file("main"),
        format!(r#"{{"version":1,"profiles":{{{bad},{good}}}}}"#),
    );
    finds(&home, &[], &["auth-profile", "invalid-key"]);
    let config = home.config().replace(
        "agents:",
        "auth: { order: { portkey: ['portkey:work'] } },\n  agents:",
    );
    home.write(".openclaw/openclaw.json", config);
    finds(&home, &[], &[]);
}

#[test]
fn a_provider_under_another_name() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    let config = home
        .config()
        .replace("portkey: {", "pk: {")
        .replace("portkey/@", "pk/@")
        .replace(
            "api:",
            "headers: { 'x-portkey-metadata': '{\"a\":\"b\"}' }, api:",
        );
    home.write(".openclaw/openclaw.json", config);
    // A single Portkey provider needs no flag.
    finds(&home, &[], &[]);
    finds(&home, &["--provider-id", "pk"], &[]);
    let report = finds(&home, &["--provider-id", "portkey"], &["not-wired"]);
    same(
        &diagnostics(&report),
        str![[r#"
note: `openclaw-portkey lint` reports 1 more note → nothing
note: no gateway is running with this config; start one with `openclaw gateway run` → nothing
error: the config has no provider `portkey` → Run: openclaw-portkey doctor --provider-id pk
"#]],
    );
}

#[test]
fn suggested_commands_use_the_same_config() {
    let home = Home::new();
    home.write(".openclaw-work/openclaw.json", "{}");
    let report = finds(&home, &["--profile", "work"], &["not-wired"]);
    same(
        &diagnostics(&report),
        str![[r#"
note: no gateway is running with this config; start one with `openclaw gateway run` → nothing
error: the config has no provider `portkey` → Run: openclaw-portkey init --profile work
"#]],
    );
}

#[test]
fn the_gateway_uses_another_config() {
    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    home.write(".openclaw-work/openclaw.json", healthy(&server.base_url()));
    let state = home.path(".openclaw-work");
    install_service(
        &home,
        &format!(
            "Environment=OPENCLAW_PROFILE=work\nEnvironment=OPENCLAW_STATE_DIR={}\nEnvironment=OPENCLAW_CONFIG_PATH={}/openclaw.json",
            state.display(),
            state.display()
        ),
    );
    let report = finds(&home, &[], &["other-config"]);
    assert_eq!(report["arrives"], true);
    home.write_private(".openclaw-work/.env", format!("PORTKEY_API_KEY={KEY}\n"));
    finds(&home, &["--profile", "work"], &[]);
}

#[test]
fn requests_that_bypass_portkey() {
    let server = portkey(Script::new(KEY));
    let at = server.base_url();
    let other = healthy(&at).replace("      portkey: {", "      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'llama3', name: 'Llama 3' }] },\n      portkey: {");
    let home = healthy_home(&at);
    home.write(
        ".openclaw/openclaw.json",
        other.replace(
            &format!("primary: \"portkey/{FLASH}\""),
            "primary: \"ollama/llama3\"",
        ),
    );
    let report = finds(
        &home,
        &["--symptom", "dashboard"],
        &["agent-bypasses-portkey"],
    );
    assert_eq!(report["arrives"], false);
    let listed = other.replace(
        "model: { primary",
        "modelPolicy: { allow: ['ollama/*'] }, model: { primary",
    );
    home.write(".openclaw/openclaw.json", &listed);
    let report = finds(&home, &[], &["allowlist-bypasses-portkey"]);
    assert_eq!(report["arrives"], false);
    // The default agent's model counts, even if it is the only one.
    home.write(
        ".openclaw/openclaw.json",
        other.replace(
            "agents: {",
            "agents: { entries: { ops: { model: 'ollama/llama3' } }, ",
        ),
    );
    let report = finds(&home, &[], &["agent-bypasses-portkey"]);
    assert_eq!(report["arrives"], false);
    // Another agent's own model is intentional, and a note.
    home.write(
        ".openclaw/openclaw.json",
        other.replace(
            "agents: {",
            "agents: { list: [{ id: 'main', default: true }, { id: 'kids', model: 'ollama/llama3' }], ",
        ),
    );
    let report = finds(&home, &[], &[]);
    same(
        &diagnostics(&report),
        str![[r#"
note: `openclaw-portkey lint` reports 1 more note → nothing
note: no gateway is running with this config; start one with `openclaw gateway run` → nothing
note: the agent `kids` uses `ollama/llama3`, which bypasses Portkey → use a model of the Portkey provider, unless this is intended
"#]],
    );
}

/// `init` makes the file private; one created by something else may not be.
#[cfg(unix)]
#[test]
fn a_key_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let server = portkey(Script::new(KEY));
    let home = healthy_home(&server.base_url());
    for (mode, wanted) in [
        (0o644, &["key-exposed"][..]),
        (0o640, &["key-exposed"]),
        (0o600, &[]),
    ] {
        let file = home.path(".openclaw/.env");
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
        let _ = finds(&home, &[], wanted);
    }
}

/// A JWT used as a key. Its contents are checked locally, without the network.
#[test]
fn a_jwt_in_place_of_a_key() {
    // {"alg":"RS256","typ":"JWT","kid":"k1"}, and HS256 without a kid.
    const GOOD: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0";
    const BAD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    // The claims that Portkey requires; it expires in 2001, or in 2096.
    const OVER: &str = "eyJwb3J0a2V5X29pZCI6Im8iLCJwb3J0a2V5X3dvcmtzcGFjZSI6IndzIiwic2NvcGUiOiJhIiwiZXhwIjoxMDAwMDAwMDAwfQ";
    const LATER: &str = "eyJwb3J0a2V5X29pZCI6Im8iLCJwb3J0a2V5X3dvcmtzcGFjZSI6IndzIiwic2NvcGUiOiJhIiwiZXhwIjo0MDAwMDAwMDAwfQ";
    for (header, claims, wanted) in [
        (GOOD, LATER, &[][..]),
        (GOOD, OVER, &["jwt-expired"]),
        (BAD, LATER, &["jwt-invalid"]),
        (BAD, "e30", &["jwt-invalid"]),
    ] {
        let key = format!("{header}.{claims}.c2lnbmF0dXJl");
        let server = portkey(Script::new(&key));
        let home = Home::with(&healthy(&server.base_url()));
        home.write_private(".openclaw/.env", format!("PORTKEY_API_KEY={key}\n"));
        let report = finds(&home, &[], wanted);
        assert!(!report.to_string().contains(&key));
        if claims == LATER && wanted.is_empty() {
            assert!(
                report
                    .to_string()
                    .contains("expires at 2096-10-02T07:06:40Z"),
                "{report:#}"
            );
        }
        let shown = home.run(&["key", "show"]);
        assert_eq!(
            shown.status,
            i32::from(!wanted.is_empty()),
            "{}",
            shown.stderr
        );
        assert!(
            shown
                .stdout
                .starts_with("kind: JWT, from PORTKEY_API_KEY in OpenClaw's .env")
        );
        assert!(!shown.stdout.contains(&key));
        let report = home.run(&["key", "show", "--format", "json"]).json();
        assert_eq!(report["jwt"]["expired"], claims == OVER);
        assert_eq!(
            report["jwt"]["faults"].as_array().unwrap().is_empty(),
            header == GOOD
        );
    }
}
