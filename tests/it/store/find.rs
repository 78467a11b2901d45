//! Locating the config.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use openclaw_portkey::store::{Environment, Location, Reason, StoreError, locate};
use tempfile::TempDir;

use super::{folder, put};

/// A home folder `H`; a leading `H` in variables and expectations is replaced by its path.
struct Home(TempDir);

impl Home {
    fn new(files: &[&str]) -> Self {
        let home = Self(folder());
        for file in files {
            put(&home.path(file), "{}");
        }
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn env(&self, vars: &[(&str, &str)]) -> Environment {
        let fill = |value: &str| {
            value
                .strip_prefix("H/")
                .map_or(value.into(), |v| self.path(v).into())
        };
        let vars = [("HOME", "H/")].iter().chain(vars);
        let vars: Vec<(OsString, OsString)> = vars
            .map(|(name, value)| ((*name).into(), fill(value)))
            .collect();
        Environment::from_vars(vars, Some(self.path("cwd")), Some("/nobody".into()))
    }

    fn locate(&self, vars: &[(&str, &str)], profile: Option<&str>) -> Location {
        locate(&self.env(vars), None, profile).unwrap()
    }

    #[track_caller]
    fn expect(&self, vars: &[(&str, &str)], profile: Option<&str>, config: &str, reason: &str) {
        let found = self.locate(vars, profile);
        assert_eq!(found.config, self.path(config), "{vars:?} {profile:?}");
        assert_eq!(found.reason.to_string(), reason, "{vars:?} {profile:?}");
    }
}

/// Each case was run with `openclaw config file` of 2026.9.6, which printed the same path.
#[test]
fn finds_the_config_in_openclaws_order() {
    const CONFIG: &str = "OPENCLAW_CONFIG_PATH";
    const STATE: &str = "OPENCLAW_STATE_DIR";
    let home = Home::new(&[]);
    let default = ".openclaw/openclaw.json";
    home.expect(&[], None, default, "default");
    home.expect(&[(CONFIG, "~/x/c.json")], Some("work"), "x/c.json", CONFIG);
    home.expect(&[(CONFIG, "  ~/a/../b.json ")], None, "b.json", CONFIG);
    home.expect(
        &[(CONFIG, "~user/x.json")],
        None,
        "cwd/~user/x.json",
        CONFIG,
    );
    home.expect(&[(CONFIG, " ")], None, default, "default");
    home.expect(&[(CONFIG, "undefined")], None, "cwd/undefined", CONFIG);
    home.expect(&[(STATE, "null")], None, "cwd/null/openclaw.json", STATE);
    home.expect(&[(STATE, "sd")], None, "cwd/sd/openclaw.json", STATE);
    home.expect(&[(STATE, "H/sd")], Some("work"), "sd/openclaw.json", STATE);
    let own_home = "OPENCLAW_HOME";
    home.expect(&[(own_home, "undefined")], None, default, "default");
    home.expect(
        &[(own_home, "~/foo")],
        None,
        "foo/.openclaw/openclaw.json",
        own_home,
    );
    home.expect(&[(own_home, "~")], None, default, own_home);
    home.expect(
        &[("HOME", ""), ("USERPROFILE", "H/up")],
        None,
        "up/.openclaw/openclaw.json",
        "default",
    );
    home.expect(
        &[("HOME", "")],
        None,
        "cwd/.openclaw/openclaw.json",
        "default",
    );
    home.expect(
        &[("HOME", "undefined")],
        None,
        "cwd/.openclaw/openclaw.json",
        "default",
    );
    home.expect(
        &[],
        Some("dev"),
        ".openclaw-dev/openclaw.json",
        "--profile dev",
    );
    home.expect(&[], Some("Default"), default, "--profile Default");
    home.expect(&[("OPENCLAW_PROFILE", "work")], None, default, "default");
}

#[test]
fn a_profile_overrides_the_one_it_was_started_in() {
    let home = Home::new(&[]);
    let inherited = [
        ("OPENCLAW_PROFILE", "foo"),
        ("OPENCLAW_STATE_DIR", "H/.openclaw-foo"),
        ("OPENCLAW_CONFIG_PATH", "H/.openclaw-foo/openclaw.json"),
    ];
    home.expect(
        &inherited,
        Some("bar"),
        ".openclaw-bar/openclaw.json",
        "--profile bar",
    );
    let default = [("OPENCLAW_CONFIG_PATH", "H/.openclaw/openclaw.json")];
    home.expect(
        &default,
        Some("bar"),
        ".openclaw-bar/openclaw.json",
        "--profile bar",
    );
    home.expect(
        &inherited,
        Some("foo"),
        ".openclaw-foo/openclaw.json",
        "OPENCLAW_CONFIG_PATH",
    );
}

#[test]
fn uses_old_names_if_there_is_no_new_one() {
    let none: &[(&str, &str)] = &[];
    let found = |files: &[&str], vars, config: &str, reason: &str, state: &str| {
        let home = Home::new(files);
        home.expect(vars, None, config, reason);
        assert_eq!(home.locate(vars, None).state_dir, home.path(state));
    };
    let old = ".clawdbot/clawdbot.json";
    found(
        &[old],
        none,
        old,
        "old name .clawdbot/clawdbot.json",
        ".clawdbot",
    );
    found(
        &[old, ".openclaw/x"],
        none,
        old,
        "old name .clawdbot/clawdbot.json",
        ".openclaw",
    );
    let name = ".openclaw/clawdbot.json";
    found(&[name], none, name, "old name clawdbot.json", ".openclaw");
    found(
        &[".clawdbot/x"],
        none,
        ".clawdbot/openclaw.json",
        "old name .clawdbot/openclaw.json",
        ".clawdbot",
    );
    found(
        &[".moltbot/moltbot.json"],
        none,
        ".openclaw/openclaw.json",
        "default",
        ".openclaw",
    );
    let state: &[_] = &[("OPENCLAW_STATE_DIR", "H/sd")];
    found(
        &["sd/clawdbot.json"],
        state,
        "sd/clawdbot.json",
        "old name clawdbot.json",
        "sd",
    );
    found(
        &[".openclaw/openclaw.json"],
        state,
        "sd/openclaw.json",
        "OPENCLAW_STATE_DIR",
        "sd",
    );
    let home = Home::new(&[".openclaw-work/clawdbot.json"]);
    home.expect(
        none,
        Some("work"),
        ".openclaw-work/openclaw.json",
        "--profile work",
    );
}

#[test]
fn the_flag_wins_and_the_env_file_stays_in_the_state_folder() {
    let home = Home::new(&["my.json"]);
    let env = home.env(&[("OPENCLAW_CONFIG_PATH", "H/other.json")]);
    let found = locate(&env, Some(Path::new("~/my.json")), Some("work")).unwrap();
    assert_eq!(found.config, home.path("my.json"));
    assert_eq!(found.reason, Reason::Flag);
    assert!(found.exists);
    assert_eq!(found.dotenv, home.path(".openclaw-work/.env"));

    let found = locate(&env, None, None).unwrap();
    assert!(!found.exists);
    assert_eq!(found.dotenv, home.path(".openclaw/.env"));
}

#[test]
fn reports_read_only_and_include_roots() {
    let home = Home::new(&[]);
    let read_only = |name, value| home.locate(&[(name, value)], None).read_only;
    assert_eq!(
        read_only("OPENCLAW_CONFIG_READONLY", "1"),
        Some("OPENCLAW_CONFIG_READONLY")
    );
    assert_eq!(
        read_only("OPENCLAW_NIX_MODE", "1"),
        Some("OPENCLAW_NIX_MODE")
    );
    assert_eq!(read_only("OPENCLAW_CONFIG_READONLY", "true"), None);

    let roots = std::env::join_paths(["~/a", " ", "b"]).unwrap();
    let env = home.env(&[("OPENCLAW_INCLUDE_ROOTS", roots.to_str().unwrap())]);
    assert_eq!(
        env.include_roots().unwrap(),
        [home.path("a"), home.path("cwd/b")]
    );
}

#[test]
fn rejects_profile_names_that_openclaw_rejects() {
    let home = Home::new(&[]);
    for name in ["a/b", "-a", "..", "a b", &"a".repeat(65)] {
        let error = locate(&home.env(&[]), None, Some(name)).unwrap_err();
        assert!(matches!(error, StoreError::BadProfile(_)), "{name}");
    }
    let found = home.locate(&[], Some(&"a".repeat(64)));
    assert_eq!(found.reason, Reason::Profile("a".repeat(64)));
}

#[test]
fn keeps_no_other_variable() {
    let home = Home::new(&[]);
    let env = home.env(&[("PORTKEY_API_KEY", "pk-canary")]);
    assert!(!format!("{env:?}").contains("canary"));
}

/// It must not be skipped in favour of an older name, or a config would be created in the wrong
/// place.
#[cfg(unix)]
#[test]
fn a_path_that_cannot_be_checked_is_an_error() {
    let home = Home::new(&[]);
    let path = |name: &str| home.path(name);
    std::os::unix::fs::symlink(path("loop"), path("loop")).unwrap();
    std::os::unix::fs::symlink(path("loop"), path(".openclaw")).unwrap();
    let error = locate(&home.env(&[]), None, None).unwrap_err();
    assert!(error.to_string().starts_with("cannot look up "), "{error}");
    // If it is named explicitly, there is nothing to check; reading it reports the problem.
    let named = home.locate(
        &[
            ("OPENCLAW_CONFIG_PATH", "H/loop"),
            ("OPENCLAW_STATE_DIR", "H/s"),
        ],
        None,
    );
    assert!(named.exists);
    // A file in place of the folder contains no config.
    let home = Home::new(&[".openclaw"]);
    home.expect(&[], None, ".openclaw/openclaw.json", "default");
}
