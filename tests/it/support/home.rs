//! A throwaway home in which the real binary runs, without the caller's environment.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use snapbox::IntoData;

use super::schema::assert_document;
use super::snapshot::difference;

/// A temporary home folder and the variables that the binary sees.
#[must_use]
pub(crate) struct Home {
    folder: tempfile::TempDir,
    vars: Vec<(String, String)>,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// The exit status; 128 + n for a signal.
    pub(crate) status: i32,
}

impl Home {
    /// An empty home.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            vars: Vec::new(),
        }
    }

    /// A home with a config.
    pub(crate) fn with(config: &str) -> Self {
        let home = Self::new();
        home.write(".openclaw/openclaw.json", config);
        home
    }

    /// Sets a variable for the binary.
    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, creating its folders.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The same, readable only by the owner.
    pub(crate) fn write_private(&self, name: &str, text: impl AsRef<[u8]>) {
        self.write(name, text);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    /// A file's text.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The config's text.
    pub(crate) fn config(&self) -> String {
        self.read(".openclaw/openclaw.json")
    }

    /// Every file in the home, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![self.folder.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.folder.path()).unwrap();
                    found.push(with_slashes(path_text(name)));
                }
            }
        }
        found.sort();
        found
    }

    /// Every file with its bytes, to compare before and after.
    pub(crate) fn tree(&self) -> Vec<(String, Vec<u8>)> {
        let read = |name: String| {
            let bytes = fs::read(self.path(&name)).unwrap();
            (name, bytes)
        };
        self.files().into_iter().map(read).collect()
    }

    /// A file's or folder's permission bits.
    #[cfg(unix)]
    pub(crate) fn mode(&self, name: &str) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    /// Runs a command that must fail and change nothing.
    #[track_caller]
    pub(crate) fn fails<S: AsRef<OsStr>>(&self, args: &[S], status: i32) -> Ran {
        let before = self.tree();
        let ran = self.run(args).status(status);
        assert!(before == self.tree(), "a failed command has changed files");
        ran
    }

    /// The binary with this home's environment.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-portkey"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.path(".cache"))
            .envs(self.vars.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .args(args);
        command
    }

    /// Runs the binary without a terminal.
    #[must_use]
    #[track_caller]
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        self.run_with_input(args, "")
    }

    /// Runs the binary with text on standard input. JSON output is validated against its schema.
    #[must_use]
    #[track_caller]
    pub(crate) fn run_with_input<S: AsRef<OsStr>>(&self, args: &[S], input: &str) -> Ran {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads no input may exit before it is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        if wants_json(args) {
            assert_document(&String::from_utf8_lossy(&output.stdout));
        }
        Ran {
            stdout: self.scrub(&output.stdout),
            stderr: self.scrub(&output.stderr),
            status: output.status.code().unwrap_or(128),
        }
    }

    /// The output with the home's path replaced, and Unix path separators.
    fn scrub(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8(bytes.to_vec()).expect("the output is UTF-8");
        let real = fs::canonicalize(self.folder.path()).unwrap();
        let mut text = text
            .replace(path_text(&real), "HOME")
            .replace(path_text(self.folder.path()), "HOME");
        if cfg!(windows) {
            // In JSON, each backslash is doubled.
            let escaped = path_text(self.folder.path()).replace('\\', r"\\");
            text = text.replace(&escaped, "HOME");
            for folder in ["HOME", "~", ".openclaw"] {
                for separator in [r"\\", r"\"] {
                    text = text.replace(&format!("{folder}{separator}"), &format!("{folder}/"));
                }
            }
        }
        text
    }
}

/// Whether a run prints one JSON document.
fn wants_json<S: AsRef<OsStr>>(args: &[S]) -> bool {
    let words: Vec<&str> = args
        .iter()
        .map(|arg| arg.as_ref().to_str().unwrap_or_default())
        .take_while(|arg| *arg != "--")
        .collect();
    let asks =
        words.contains(&"--format=json") || words.windows(2).any(|two| two == ["--format", "json"]);
    asks && !words
        .iter()
        .any(|word| ["-h", "--help", "--version"].contains(word))
}

/// A path with Unix separators.
fn with_slashes(path: &str) -> String {
    if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    }
}

fn path_text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Ran {
    /// Asserts status, standard output and standard error, all exactly.
    #[track_caller]
    pub(crate) fn expect(self, status: i32, stdout: impl IntoData, stderr: impl IntoData) -> Self {
        self.status(status).says(stdout, stderr)
    }

    /// Asserts standard output and standard error, both exactly.
    #[track_caller]
    pub(crate) fn says(self, stdout: impl IntoData, stderr: impl IntoData) -> Self {
        let differences: String = [
            difference("standard output", &self.stdout, stdout),
            difference("standard error", &self.stderr, stderr),
        ]
        .into_iter()
        .flatten()
        .collect();
        assert!(differences.is_empty(), "{differences}");
        self
    }

    /// Asserts the status, and shows the output if it differs.
    #[track_caller]
    pub(crate) fn status(self, status: i32) -> Self {
        assert!(
            self.status == status,
            "status {} (wanted {status})\n--- stdout\n{}--- stderr\n{}",
            self.status,
            self.stdout,
            self.stderr
        );
        self
    }

    /// The whole output as one text, below the command.
    #[must_use]
    pub(crate) fn transcript(&self, args: &[&str]) -> String {
        let quoted = |arg: &&str| {
            let plain = !arg.is_empty() && !arg.contains(char::is_whitespace);
            if plain {
                (*arg).to_owned()
            } else {
                format!("{arg:?}")
            }
        };
        let args: Vec<String> = args.iter().map(quoted).collect();
        format!(
            "$ openclaw-portkey {}\nstatus {}\n----- stdout -----\n{}----- stderr -----\n{}\n",
            args.join(" "),
            self.status,
            self.stdout,
            self.stderr
        )
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        let json: serde_json::Value = serde_json::from_str(&self.stdout).unwrap();
        assert_eq!(json["version"], 1, "{json}");
        json
    }

    /// Asserts that standard output contains a text.
    #[track_caller]
    pub(crate) fn stdout_has(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text),
            "`{text}` is not in\n{}",
            self.stdout
        );
        self
    }
}
