//! What is gathered about a machine, using temporary homes with units, plists, lock files and
//! profiles in the form that the real OpenClaw writes.
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use openclaw_portkey::doctor::facts::{
    Fact, Health, KeyPlace, Machine, OtherWhy, ProfileStore, Reader, ServiceKind, Setting, Variable,
};
use openclaw_portkey::machine::{ConfigVariable, Query, gather};
use openclaw_portkey::secret::Secret;
use tempfile::TempDir;

const NAME: &str = "PORTKEY_API_KEY";

/// A fake machine: a root folder with a home in it.
struct World {
    root: TempDir,
    vars: Vec<(String, OsString)>,
    config_env: Vec<ConfigVariable>,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let world = Self {
            root,
            vars: Vec::new(),
            config_env: Vec::new(),
        };
        world.put("home/.openclaw/openclaw.json", "{}");
        fs::create_dir_all(world.path("work")).unwrap();
        world
    }

    fn path(&self, path: &str) -> PathBuf {
        fs::canonicalize(self.root.path()).unwrap().join(path)
    }

    /// Writes a file, replacing `ROOT` with the root folder.
    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let root = fs::canonicalize(self.root.path()).unwrap();
        fs::write(path, text.replace("ROOT", root.to_str().unwrap())).unwrap();
    }

    fn var(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.vars.push((name.to_owned(), value.into()));
        self
    }

    fn look(&self) -> Machine {
        self.look_at("home/.openclaw/openclaw.json", "home/.openclaw")
    }

    fn look_at(&self, config: &str, state_dir: &str) -> Machine {
        let variable = |name: &str| {
            let (_, value) = self.vars.iter().find(|(known, _)| known == name)?;
            Some(value.clone())
        };
        gather(&Query {
            config: self.path(config),
            state_dir: self.path(state_dir),
            home: Some(self.path("home")),
            cwd: Some(self.path("work")),
            variable: &variable,
            variables: vec![NAME.to_owned(), "OPENAI_API_KEY".to_owned()],
            settings: Vec::new(),
            config_env: self.config_env.clone(),
            provider_id: "portkey".to_owned(),
            port: None,
            installed: None,
            root: self.path(""),
        })
    }

    fn sees(&self, reader: Reader) -> Option<(KeyPlace, Option<String>)> {
        let machine = self.look();
        let source = machine.variable(NAME).unwrap().seen_by(reader)?;
        let value = source.secret().map(|secret| secret.expose().to_owned());
        Some((source.place, value))
    }
}

fn seen(place: KeyPlace, value: &str) -> (KeyPlace, Option<String>) {
    (place, Some(value.to_owned()))
}

fn places(variable: &Variable) -> Vec<KeyPlace> {
    variable.sources.iter().map(|source| source.place).collect()
}

/// As 2026.9.6 writes it; `$ENV` is replaced by more lines.
const UNIT: &str = r#"[Unit]
Description=OpenClaw Gateway
After=network-online.target
Wants=network-online.target
StartLimitBurst=10
StartLimitIntervalSec=300

[Service]
ExecStart=/opt/node/bin/node --max-old-space-size=8192 /opt/openclaw/dist/index.js gateway --port 18789
Restart=always
RestartSec=5
RestartPreventExitStatus=78
TimeoutStopSec=330
TimeoutStartSec=30
SuccessExitStatus=0 143
OOMPolicy=continue
KillMode=mixed
EnvironmentFile=-ROOT/home/.openclaw/gateway.systemd.env
Environment=HOME=ROOT/home
Environment=TMPDIR=ROOT/unit-tmp
Environment=PATH=/usr/local/bin:/usr/bin:/bin
Environment=NODE_OPTIONS=
Environment=OPENCLAW_GATEWAY_PORT=18789
Environment=OPENCLAW_SYSTEMD_UNIT=openclaw-gateway.service
Environment="OPENCLAW_WINDOWS_TASK_NAME=OpenClaw Gateway"
Environment=OPENCLAW_WINDOWS_TASK_HIDDEN_LAUNCHER=1
Environment=OPENCLAW_SERVICE_MARKER=openclaw
Environment=OPENCLAW_SERVICE_KIND=gateway
$ENV
[Install]
WantedBy=default.target
"#;

const UNIT_FILE: &str = "home/.config/systemd/user/openclaw-gateway.service";

/// As 2026.2.17 writes it for a profile.
const UNIT_OF_PROFILE: &str = r#"[Unit]
Description=OpenClaw Gateway (profile: work, v2026.2.17)
After=network-online.target
Wants=network-online.target

[Service]
ExecStart="/opt/node/bin/node" "/opt/openclaw/dist/index.js" gateway --port 18999
Restart=always
RestartSec=5
KillMode=process
Environment=PORTKEY_API_KEY=pk-work
Environment=HOME=ROOT/home
Environment=OPENCLAW_PROFILE=work
Environment=OPENCLAW_STATE_DIR=ROOT/home/.openclaw-work
Environment="OPENCLAW_CONFIG_PATH=ROOT/home/.openclaw-work/openclaw.json"
Environment=OPENCLAW_GATEWAY_PORT=18999
Environment=OPENCLAW_GATEWAY_TOKEN=tok-canary
Environment="OPENCLAW_SYSTEMD_UNIT=openclaw-gateway-work.service"
Environment=OPENCLAW_SERVICE_MARKER=openclaw
Environment=OPENCLAW_SERVICE_KIND=gateway
Environment=OPENCLAW_SERVICE_VERSION=2026.2.17

[Install]
WantedBy=default.target
"#;

/// As 2026.9.6 writes it, with the script that reads the file of variables.
const PLIST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <dict>
    <key>Label</key>
    <string>ai.openclaw.gateway</string>
    
    <key>Comment</key>
    <string>OpenClaw Gateway</string>
    <key>RunAtLoad</key>
    <true/>
    <key>ExitTimeOut</key>
    <integer>20</integer>
    <key>ProgramArguments</key>
    <array>
      <string>/bin/sh</string>
      <string>ROOT/home/.openclaw/service-env/ai.openclaw.gateway-env-wrapper.sh</string>
      <string>ROOT/home/.openclaw/service-env/ai.openclaw.gateway.env</string>
      <string>/opt/node/bin/node</string>
      <string>/opt/openclaw/dist/index.js</string>
      <string>gateway</string>
      <string>--port</string>
      <string>18789</string>
    </array>
    <key>WorkingDirectory</key>
    <string>ROOT/home/.openclaw</string>
  </dict>
</plist>
"#;

const PLIST_FILE: &str = "home/Library/LaunchAgents/ai.openclaw.gateway.plist";

const EXPORTS: &str = "# Generated by OpenClaw. Do not edit while the gateway service is installed.
export HOME='ROOT/home'
export OPENCLAW_SERVICE_KIND='gateway'
export OPENCLAW_SERVICE_MANAGED_ENV_KEYS='PORTKEY_API_KEY'
export PORTKEY_API_KEY='pk-old'
";

#[test]
fn an_empty_machine_lists_where_a_key_could_be() {
    let machine = World::new().look();
    assert_eq!(machine.services, Fact::Known(Vec::new()));
    assert_eq!(machine.gateways, Fact::Known(Vec::new()));
    assert_eq!(machine.profiles, Fact::Known(Vec::new()));
    assert!(machine.other_configs.is_empty());
    let variable = machine.variable(NAME).unwrap();
    assert_eq!(
        places(variable),
        [
            KeyPlace::ShellEnvironment,
            KeyPlace::CwdDotenv,
            KeyPlace::StateDotenv,
            KeyPlace::GatewayEnv,
        ]
    );
    for source in &variable.sources {
        assert_eq!(source.setting, Fact::Known(Setting::Unset), "{source:?}");
    }
    assert_eq!(variable.seen_by(Reader::Service), None);
    assert!(machine.variable("OTHER").is_none());
    // OpenClaw reads no vendor's key from the working folder.
    let vendor = machine.variable("OPENAI_API_KEY").unwrap();
    assert!(!places(vendor).contains(&KeyPlace::CwdDotenv));
}

#[test]
fn the_shell_and_the_service_see_different_values() {
    let world = World::new().var(NAME, "pk-shell");
    assert_eq!(
        world.sees(Reader::Shell),
        Some(seen(KeyPlace::ShellEnvironment, "pk-shell"))
    );
    assert_eq!(world.sees(Reader::Service), None);
    world.put("home/.openclaw/.env", "# note\nPORTKEY_API_KEY=pk-dotenv\n");
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::StateDotenv, "pk-dotenv"))
    );
    let machine = world.look();
    let source = machine.variable(NAME).unwrap().seen_by(Reader::Service);
    assert_eq!(source.unwrap().line, Some(2));
    assert_eq!(
        source.unwrap().file,
        Some(world.path("home/.openclaw/.env"))
    );
    assert!(!format!("{machine:?}").contains("pk-"), "{machine:?}");
}

#[test]
fn the_order_matches_openclaw() {
    let mut world = World::new();
    let with = |world: &World| world.sees(Reader::Shell);
    world.config_env.push(ConfigVariable {
        name: NAME.to_owned(),
        value: Secret::new("pk-config"),
        file: world.path("home/.openclaw/openclaw.json"),
        line: 3,
    });
    assert_eq!(with(&world), Some(seen(KeyPlace::ConfigEnv, "pk-config")));
    world.put(
        "home/.config/openclaw/gateway.env",
        "PORTKEY_API_KEY=pk-gateway\n",
    );
    assert_eq!(with(&world), Some(seen(KeyPlace::GatewayEnv, "pk-gateway")));
    world.put("home/.openclaw/.env", "PORTKEY_API_KEY=pk-state\n");
    assert_eq!(with(&world), Some(seen(KeyPlace::StateDotenv, "pk-state")));
    world.put("work/.env", "PORTKEY_API_KEY=pk-work\n");
    assert_eq!(with(&world), Some(seen(KeyPlace::CwdDotenv, "pk-work")));
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::StateDotenv, "pk-state"))
    );
    // An empty value overrides the files, and only the config fills in for it.
    let mut world = world.var(NAME, " ");
    assert_eq!(with(&world), Some(seen(KeyPlace::ConfigEnv, "pk-config")));
    world.config_env.clear();
    assert_eq!(with(&world), Some((KeyPlace::ShellEnvironment, None)));
}

#[test]
fn finds_the_unit_and_what_it_sets() {
    let world = World::new();
    world.put("home/.openclaw/.env", "PORTKEY_API_KEY=pk-state\n");
    world.put(
        UNIT_FILE,
        &UNIT.replace("$ENV", "Environment=PORTKEY_API_KEY=pk-unit\n"),
    );
    let machine = world.look();
    let service = machine.service().unwrap();
    assert_eq!(
        (service.kind, service.name.as_str(), service.port),
        (ServiceKind::SystemdUser, "openclaw-gateway", Some(18789))
    );
    assert_eq!(service.config, world.path("home/.openclaw/openclaw.json"));
    assert_eq!(
        (service.profile.as_ref(), service.enabled),
        (None, Some(false))
    );
    assert_eq!(
        service.environment_files,
        [world.path("home/.openclaw/gateway.systemd.env")]
    );
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::UnitEnvironment, "pk-unit"))
    );
    assert_eq!(
        world.sees(Reader::Shell),
        Some(seen(KeyPlace::StateDotenv, "pk-state"))
    );
    // OpenClaw's own file overrides the unit.
    world.put(
        "home/.openclaw/gateway.systemd.env",
        "PORTKEY_API_KEY=pk-file\n",
    );
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::ServiceEnvFile, "pk-file"))
    );
    // A drop-in overrides the unit, and the home folder's `.env` that of the state folder.
    world.put("home/.openclaw/gateway.systemd.env", "");
    world.put(
        "home/.config/systemd/user/openclaw-gateway.service.d/key.conf",
        "[Service]\nEnvironment=\"PORTKEY_API_KEY=pk-drop-in\"\n",
    );
    let source = world
        .look()
        .variable(NAME)
        .unwrap()
        .seen_by(Reader::Service)
        .cloned();
    let source = source.unwrap();
    assert_eq!(source.secret(), Some(&Secret::new("pk-drop-in")));
    assert!(source.file.unwrap().ends_with("key.conf"));
    world.put(
        "home/.config/systemd/user/openclaw-gateway.service.d/z.conf",
        "[Service]\nUnsetEnvironment=PORTKEY_API_KEY\n",
    );
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::StateDotenv, "pk-state"))
    );
    world.put("home/.env", "PORTKEY_API_KEY=pk-home\n");
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::ServiceCwdDotenv, "pk-home"))
    );
}

#[test]
fn dotenv_overrides_managed_variables_of_the_unit() {
    let world = World::new();
    world.put(
        UNIT_FILE,
        &UNIT.replace(
            "$ENV",
            "Environment=OPENCLAW_SERVICE_MANAGED_ENV_KEYS=PORTKEY_API_KEY,OTHER\nEnvironment=PORTKEY_API_KEY=pk-unit\n",
        ),
    );
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::UnitEnvironment, "pk-unit"))
    );
    world.put("home/.openclaw/.env", "PORTKEY_API_KEY=pk-state\n");
    assert_eq!(
        world.sees(Reader::Service),
        Some(seen(KeyPlace::StateDotenv, "pk-state"))
    );
}

#[test]
fn services_on_another_config_are_not_ours() {
    let world = World::new();
    world.put("home/.openclaw-work/openclaw.json", "{}");
    world.put("home/.openclaw-work/.env", "PORTKEY_API_KEY=pk-other\n");
    world.put(
        "home/.config/systemd/user/openclaw-gateway-work.service",
        UNIT_OF_PROFILE,
    );
    world.put(
        "home/.config/systemd/user/default.target.wants/openclaw-gateway-work.service",
        "",
    );
    let machine = world.look();
    assert!(machine.service().is_none());
    // `.wants` is a folder next to it.
    let service = &machine.services.known().unwrap()[0];
    assert_eq!(service.profile.as_deref(), Some("work"));
    assert_eq!(service.version.as_deref(), Some("2026.2.17"));
    assert_eq!((service.port, service.enabled), (Some(18999), Some(true)));
    assert_eq!(
        service.config,
        world.path("home/.openclaw-work/openclaw.json")
    );
    let shown = format!("{machine:?}");
    assert!(
        !shown.contains("canary") && !shown.contains("pk-"),
        "{shown}"
    );
    let states: Vec<_> = machine
        .variable(NAME)
        .unwrap()
        .sources
        .iter()
        .filter(|source| source.place == KeyPlace::StateDotenv)
        .map(|source| (source.service_sees, source.shell_sees))
        .collect();
    assert_eq!(states, [(true, true)]);
    assert_eq!(
        machine
            .other_configs
            .iter()
            .map(|other| &other.why)
            .collect::<Vec<_>>(),
        [&OtherWhy::Service("openclaw-gateway-work".to_owned())]
    );
    let machine = world.look_at("home/.openclaw-work/openclaw.json", "home/.openclaw-work");
    assert!(machine.service().is_some());
    assert_eq!(machine.other_configs[0].why, OtherWhy::Default);
}

#[test]
fn the_service_that_uses_the_config_comes_first() {
    let world = World::new();
    world.put(
        "home/.config/systemd/user/a-openclaw-work.service",
        UNIT_OF_PROFILE,
    );
    world.put(UNIT_FILE, &UNIT.replace("$ENV", ""));
    world.put(
        "home/.config/systemd/user/openclaw-node.service",
        &UNIT.replace("$ENV", "Environment=OPENCLAW_SERVICE_KIND=node\n"),
    );
    world.put(
        "home/.config/systemd/user/other.service",
        "[Service]\nExecStart=/bin/true\n",
    );
    let services = world.look().services;
    let names: Vec<_> = services
        .known()
        .unwrap()
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    assert_eq!(names, ["openclaw-gateway", "a-openclaw-work"]);
}

#[test]
fn a_system_unit_uses_its_accounts_home() {
    let world = World::new();
    world.put(
        "etc/passwd",
        "root:x:0:0::/root:/bin/sh\nclaw:x:99:99::ROOT/home:/bin/sh\n",
    );
    world.put(
        "etc/systemd/system/my-assistant.service",
        "[Service]\nUser=claw\nExecStart=/usr/bin/env openclaw --profile work \\\n  gateway run\n",
    );
    let machine = world.look();
    let service = &machine.services.known().unwrap()[0];
    assert_eq!(service.kind, ServiceKind::SystemdSystem);
    assert_eq!(
        service.config,
        world.path("home/.openclaw-work/openclaw.json")
    );
    assert_eq!(service.port, None);
}

#[test]
fn finds_the_plist_and_the_file_that_it_reads() {
    let world = World::new();
    world.put(PLIST_FILE, PLIST);
    world.put(
        "home/.openclaw/service-env/ai.openclaw.gateway.env",
        EXPORTS,
    );
    world.put("home/.openclaw/.env", "PORTKEY_API_KEY=pk-new\n");
    let machine = world.look();
    let service = machine.service().unwrap();
    assert_eq!(
        (
            service.kind,
            service.name.as_str(),
            service.port,
            service.enabled
        ),
        (
            ServiceKind::LaunchAgent,
            "ai.openclaw.gateway",
            Some(18789),
            None
        )
    );
    // The copy from installation wins: launchd's service doesn't check `.env` first.
    let source = machine
        .variable(NAME)
        .unwrap()
        .seen_by(Reader::Service)
        .unwrap();
    assert_eq!(
        (source.place, source.line, source.secret()),
        (
            KeyPlace::ServiceEnvFile,
            Some(5),
            Some(&Secret::new("pk-old"))
        )
    );
}

#[test]
fn unreadable_files_are_unknown() {
    let world = World::new();
    world.put(PLIST_FILE, "bplist00 openclaw");
    fs::create_dir_all(world.path("home/.openclaw/.env")).unwrap();
    world.put("home/.openclaw/agents/main/agent/auth-profiles.json", "{");
    let machine = world.look();
    let reason = machine.services.reason().unwrap();
    assert!(reason.contains("ai.openclaw.gateway.plist"), "{reason}");
    assert!(
        machine
            .profiles
            .reason()
            .unwrap()
            .contains("are not valid JSON")
    );
    let variable = machine.variable(NAME).unwrap();
    let unread: Vec<_> = variable.unread(Reader::Service).collect();
    assert_eq!(unread.len(), 1);
    assert!(
        unread[0].1.contains(".env is not a file"),
        "{}",
        unread[0].1
    );
}

#[test]
fn finds_profiles_in_the_agents_files() {
    let world = World::new();
    world.put(
        "home/.openclaw/agents/ops/agent/auth-profiles.json",
        r#"{"version":1,"profiles":{"portkey:default":{"type":"api_key","provider":"portkey","key":"pk-profile"},"openai:default":{"type":"api_key","provider":"openai","key":"sk-1"}}}"#,
    );
    let machine = world.look();
    let profiles: Vec<_> = machine.profiles.known().unwrap().iter().collect();
    assert_eq!(profiles.len(), 2);
    let profiles: Vec<_> = profiles.into_iter().filter(|one| one.is_ours).collect();
    assert_eq!(
        (profiles[0].id.as_str(), profiles[0].agent.as_deref()),
        ("portkey:default", Some("ops"))
    );
    assert_eq!(profiles[0].key, Some(Secret::new("pk-profile")));
}

/// The databases in `fixtures/sqlite` were created by `SQLite`, with 2026.9.6's table.
#[test]
fn reads_the_profiles_of_each_agents_database() {
    let database = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sqlite");
        fs::read(folder.join(name)).unwrap()
    };
    for (name, id) in [
        ("plain.sqlite", "portkey:default"),
        ("log.sqlite", "portkey:default"),
        ("long.sqlite", "portkey:work"),
        ("deleted.sqlite", ""),
    ] {
        let world = World::new();
        let file = "home/.openclaw/agents/ops/agent/openclaw-agent.sqlite";
        world.put(file, "");
        fs::write(world.path(file), database(name)).unwrap();
        if name == "log.sqlite" {
            fs::write(
                world.path(&format!("{file}-wal")),
                database("log.sqlite-wal"),
            )
            .unwrap();
        }
        let machine = world.look();
        let profiles = machine.profiles.known().unwrap();
        let ours: Vec<_> = profiles.iter().filter(|profile| profile.is_ours).collect();
        if id.is_empty() {
            assert!(profiles.is_empty(), "{name}: {profiles:?}");
            continue;
        }
        assert_eq!(ours.len(), 1, "{name}: {profiles:?}");
        assert_eq!(
            (ours[0].id.as_str(), ours[0].agent.as_deref()),
            (id, Some("ops"))
        );
        assert_eq!(ours[0].store, ProfileStore::Database);
        assert_eq!(
            ours[0].key,
            Some(Secret::new("pk-profile-0123456789")),
            "{name}"
        );
    }
}

/// The database for all agents.
#[test]
fn reads_the_profiles_of_all_agents() {
    let world = World::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sqlite");
    let file = "home/.openclaw/state/openclaw.sqlite";
    world.put(file, "");
    fs::write(
        world.path(file),
        fs::read(folder.join("state.sqlite")).unwrap(),
    )
    .unwrap();
    let machine = world.look();
    let profiles = machine.profiles.known().unwrap();
    assert_eq!(profiles.len(), 1, "{profiles:?}");
    assert_eq!(
        (profiles[0].id.as_str(), &profiles[0].agent),
        ("portkey:default", &None)
    );
    assert_eq!(profiles[0].key, Some(Secret::new("pk-profile-0123456789")));
}

/// A log with a torn last frame counts up to its last commit; a file that isn't a database is
/// reported.
#[test]
fn a_damaged_database_is_unknown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sqlite");
    let file = "home/.openclaw/agents/main/agent/openclaw-agent.sqlite";
    let world = World::new();
    world.put(file, "no database at all");
    let reason = world.look().profiles.reason().unwrap().to_owned();
    assert!(
        reason.contains("openclaw-agent.sqlite cannot be read"),
        "{reason}"
    );
    let whole = fs::read(folder.join("long.sqlite")).unwrap();
    fs::write(world.path(file), &whole[..whole.len() / 2]).unwrap();
    assert!(world.look().profiles.reason().is_some());
    fs::write(
        world.path(file),
        fs::read(folder.join("log.sqlite")).unwrap(),
    )
    .unwrap();
    let mut log = fs::read(folder.join("log.sqlite-wal")).unwrap();
    log.truncate(log.len() - 1);
    fs::write(world.path(&format!("{file}-wal")), log).unwrap();
    let machine = world.look();
    let key = machine.profiles.known().unwrap()[0].key.clone();
    assert_eq!(key, Some(Secret::new("pk-old-0123456789")));
    // No damaged byte makes the program crash.
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0xff;
        if at % 7 == 0 {
            fs::write(world.path(file), &broken).unwrap();
            let _ = world.look();
        }
    }
}

/// Starts a gateway that answers every request with this; returns its port.
fn gateway(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            let size = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..size]).into_owned();
            assert!(request.starts_with("GET /health HTTP/1.1\r\n"), "{request}");
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    port
}

const LIVE: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 27\r\n\r\n{\"ok\":true,\"status\":\"live\"}";
const PAGE: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<!doctype html>";

fn lock_folder(base: &str) -> String {
    format!("{base}/openclaw-{}", rustix::process::getuid().as_raw())
}

/// A process that lives until the test ends it.
struct Living(std::process::Child);

impl Living {
    fn start() -> Self {
        let child = Command::new("sleep").arg("600").spawn();
        Self(child.expect("sleep can be run"))
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn finds_running_gateways_by_their_locks() {
    let world = World::new();
    let process = Living::start();
    let pid = process.0.id();
    let port = gateway(LIVE);
    // As 2026.9.6 writes it: a lock for the state, one for the config, and trailing whitespace.
    let lock = format!(
        "{{\n  \"pid\": {pid},\n  \"ownerId\": \"c5\",\n  \"createdAt\": \"2026-11-24T06:53:30.974Z\",\n  \"configPath\": \"ROOT/home/.openclaw/openclaw.json\",\n  \"stateDir\": \"ROOT/home/.openclaw\",\n  \"port\": {port}\n}}\n\t  \t\t "
    );
    let folder = lock_folder("home/.openclaw/tmp");
    world.put(&format!("{folder}/gateway.state.lock"), &lock);
    world.put(&format!("{folder}/gateway.028eff02.lock"), &lock);
    world.put(&format!("{folder}/gateway.sqlite"), "no lock");
    world.put(&format!("{folder}/gateway.bad.lock"), "{");
    let embedded = lock.replace("\"ownerId\"", "\"role\": \"agent-embedded\", \"ownerId\"");
    world.put(
        &format!("{}/gateway.state.lock", lock_folder("home/.openclaw-x/tmp")),
        &embedded.replace(&pid.to_string(), &std::process::id().to_string()),
    );
    let machine = world.look();
    let gateways = machine.gateways.known().unwrap();
    assert_eq!(gateways.len(), 1, "{gateways:?}");
    let gateway = machine.gateway().unwrap();
    assert_eq!((gateway.pid, gateway.port), (pid, port));
    assert_eq!(gateway.health, Health::Live);
    assert!(gateway.started.is_some());
}

#[test]
fn finds_older_gateways_below_the_systems_folder() {
    let port = gateway(PAGE);
    let world = World::new().var("OPENCLAW_GATEWAY_PORT", port.to_string());
    world.put(UNIT_FILE, &UNIT.replace("$ENV", ""));
    let process = Living::start();
    // As 2026.2.17 writes it: no port, no state folder.
    let lock = format!(
        r#"{{"pid":{},"createdAt":"2026-11-24T06:53:10.300Z","configPath":"ROOT/home/.openclaw/openclaw.json"}}"#,
        process.0.id()
    );
    for base in ["tmp", "unit-tmp"] {
        let file = format!("{}/gateway.ed77c313.lock", lock_folder(base));
        world.put(&file, &lock);
        let machine = world.look();
        assert_eq!(machine.gateway().unwrap().health, Health::Answers(200));
        fs::remove_file(world.path(&file)).unwrap();
    }
    assert!(world.look().gateway().is_none());
}

#[test]
fn dead_and_foreign_gateways() {
    let world = World::new();
    let mut process = Living::start();
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let lock = format!(
        r#"{{"pid":{},"createdAt":"x","configPath":"ROOT/elsewhere.json","port":{port}}}"#,
        process.0.id()
    );
    let file = format!("{}/gateway.state.lock", lock_folder("home/.openclaw/tmp"));
    world.put(&file, &lock);
    let machine = world.look();
    assert!(machine.gateway().is_none());
    let other = &machine.gateways.known().unwrap()[0];
    assert!(matches!(&other.health, Health::Silent(_)), "{other:?}");
    assert_eq!(other.config, world.path("elsewhere.json"));
    // The process id has been reused.
    if cfg!(target_os = "linux") {
        world.put(&file, &lock.replace("\"port\"", "\"startTime\":1,\"port\""));
        assert_eq!(world.look().gateways, Fact::Known(Vec::new()));
    }
    world.put(&file, &lock);
    process.0.kill().unwrap();
    process.0.wait().unwrap();
    assert_eq!(world.look().gateways, Fact::Known(Vec::new()));
}

#[test]
fn notices_what_changed_after_the_start() {
    let world = World::new();
    let process = Living::start();
    let file = format!("{}/gateway.state.lock", lock_folder("home/.openclaw/tmp"));
    world.put(
        &file,
        &format!(
            r#"{{"pid":{},"createdAt":"2026-01-01T00:00:00Z","configPath":"ROOT/home/.openclaw/openclaw.json","port":9}}"#,
            process.0.id()
        ),
    );
    let touch = |path: &str, seconds: i64| {
        let now = std::time::SystemTime::now();
        let by = Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { now - by } else { now + by };
        let file = fs::File::options().append(true).open(world.path(path));
        file.unwrap().set_modified(time).unwrap();
    };
    world.put("home/.openclaw/.env", "");
    touch("home/.openclaw/openclaw.json", -3600);
    touch("home/.openclaw/.env", -3600);
    if cfg!(target_os = "linux") {
        let machine = world.look();
        assert!(machine.gateway().unwrap().newer.is_empty(), "{machine:?}");
    }
    touch("home/.openclaw/openclaw.json", 3600);
    let machine = world.look();
    assert!(
        machine
            .gateway()
            .unwrap()
            .newer
            .iter()
            .any(|newer| newer.is_config)
    );
    touch("home/.openclaw/.env", 3600);
    let machine = world.look();
    let gateway = machine.gateway().unwrap();
    assert!(gateway.needs_restart());
    assert!(
        gateway
            .newer
            .iter()
            .any(|newer| newer.file == world.path("home/.openclaw/.env"))
    );
}

#[test]
fn lists_configs_that_could_be_confused() {
    let world = World::new();
    let world = World {
        vars: vec![(
            "OPENCLAW_CONFIG_PATH".to_owned(),
            world.path("x.json").into(),
        )],
        ..world
    };
    for file in [
        "x.json",
        "home/.openclaw-dev/openclaw.json",
        "home/.openclaw/clawdbot.json",
        "home/.clawdbot/clawdbot.json",
        "home/.openclaw-empty/notes",
    ] {
        world.put(file, "{}");
    }
    let machine = world.look();
    let found: Vec<_> = machine
        .other_configs
        .iter()
        .map(|other| {
            let relative = other.file.strip_prefix(world.path("")).unwrap();
            (relative, other.why.clone())
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                Path::new("x.json"),
                OtherWhy::Variable("OPENCLAW_CONFIG_PATH")
            ),
            (
                Path::new("home/.openclaw-dev/openclaw.json"),
                OtherWhy::Profile("dev".to_owned())
            ),
            (Path::new("home/.openclaw/clawdbot.json"), OtherWhy::OldName),
            (Path::new("home/.clawdbot/clawdbot.json"), OtherWhy::OldName),
        ]
    );
}
