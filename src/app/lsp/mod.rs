//! A language server on standard input and output: runs `lint` as the file is typed. It writes no
//! files and sends nothing to Portkey.

mod answers;
mod place;
mod root;
mod wire;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use url::Url;

use crate::args::LintFormat;
use crate::causes;
use crate::diagnostic::{Diagnostic, Edit, Level};
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::secret_values;
use crate::openclaw::{Config, Version, VersionSource};
use crate::report::Report;
use crate::store;
use crate::ui::Ui;

use super::Env;
use super::lint::linter::Linter;
use super::load::{self, Loaded, Overlay};
use super::saved_models::listed_models;
use answers::Scope;

/// The protocol's error codes for an unknown method and for invalid JSON.
const UNKNOWN_METHOD: i32 = -32601;
const NOT_JSON: i32 = -32700;

struct Open {
    path: PathBuf,
    text: String,
    /// The last version of the config that could be read.
    config: Option<Config>,
    fixes: Vec<Quick>,
    /// The files that the diagnostics are based on.
    read: Vec<PathBuf>,
}

/// A fix and the range where it is offered.
struct Quick {
    at: Range<usize>,
    action: Json,
}

pub(crate) struct Server<'a> {
    ui: &'a Ui,
    env: &'a Env,
    installed: Option<Version>,
    open: BTreeMap<String, Open>,
    stops: bool,
}

impl<'a> Server<'a> {
    pub(crate) fn new(ui: &'a Ui, env: &'a Env) -> Self {
        let path = (env.variable)("PATH");
        let installed = path.and_then(|path| store::installed_openclaw(&path));
        Self {
            ui,
            env,
            installed: installed.as_deref().and_then(Version::parse),
            open: BTreeMap::new(),
            stops: false,
        }
    }

    /// Handles messages until the client sends `exit` or disconnects.
    ///
    /// # Errors
    /// The input isn't the protocol.
    pub(crate) fn run(mut self) -> Result<Exit, Failure> {
        let mut input = io::stdin().lock();
        loop {
            let message = wire::read(&mut input).map_err(|error| {
                Failure::new(
                    FailureKind::Usage,
                    format!("not a language client: {error}"),
                )
                .hint("this command is started by an editor; in a terminal, use `{run: lint}`")
            })?;
            let Some(message) = message else {
                return Ok(Exit::Problems);
            };
            let Ok(message) = message else {
                self.send(&error(&Json::Null, NOT_JSON, "not JSON"));
                continue;
            };
            let method = message["method"].as_str().unwrap_or_default();
            if method == "exit" {
                return Ok(if self.stops {
                    Exit::Done
                } else {
                    Exit::Problems
                });
            }
            match message.get("id") {
                Some(id) if !method.is_empty() => {
                    let answer = self.answer(method, &message["params"]);
                    self.send(&match answer {
                        Some(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                        None => error(id, UNKNOWN_METHOD, "unknown method"),
                    });
                }
                Some(_) => {}
                None => self.notice(method, &message["params"]),
            }
        }
    }

    /// Sends a message, with secrets masked.
    fn send(&self, message: &Json) {
        let message = self.safe(message);
        self.ui.message(&message.to_string());
    }

    fn safe(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => self.ui.secrets().safe(text).into_owned().into(),
            Json::Array(items) => items.iter().map(|item| self.safe(item)).collect(),
            Json::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), self.safe(value)))
                .collect(),
            other => other.clone(),
        }
    }

    /// The result of a request; `None` if the method is unknown.
    fn answer(&mut self, method: &str, params: &Json) -> Option<Json> {
        Some(match method {
            "initialize" => json!({
                "capabilities": {
                    "positionEncoding": "utf-16",
                    "textDocumentSync": { "openClose": true, "change": 2 },
                    "hoverProvider": true,
                    "completionProvider": { "triggerCharacters": ["\"", "'", "@", "/", "-"] },
                    "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                },
                "serverInfo": { "name": "openclaw-portkey", "version": env!("CARGO_PKG_VERSION") },
            }),
            "shutdown" => {
                self.stops = true;
                Json::Null
            }
            "textDocument/hover" => self.at(params, true),
            "textDocument/completion" => self.at(params, false),
            "textDocument/codeAction" => self.actions(params),
            _ => return None,
        })
    }

    fn notice(&mut self, method: &str, params: &Json) {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        let path = Url::parse(uri).ok().and_then(|url| url.to_file_path().ok());
        let Some(path) = path else { return };
        let before = self.open.get(uri).map_or("", |open| &open.text);
        let text = match method {
            "textDocument/didOpen" => {
                let text = params["textDocument"]["text"].as_str();
                Some(text.unwrap_or_default().to_owned())
            }
            "textDocument/didChange" => {
                let changes = params["contentChanges"].as_array();
                Some(place::changed(before, changes.map_or(&[], Vec::as_slice)))
            }
            "textDocument/didClose" => None,
            _ => return,
        };
        let before = self.open.remove(uri);
        if let Some(text) = text {
            let open = Open {
                path: path.clone(),
                text,
                config: before.and_then(|before| before.config),
                fixes: Vec::new(),
                read: Vec::new(),
            };
            self.open.insert(uri.to_owned(), open);
            self.check(uri);
        } else {
            self.publish(uri, &[]);
        }
        // Files that include it, or are included along with it, are checked again with its new
        // text.
        let others = self.open.iter().filter(|(other, _)| *other != uri);
        let others = others.filter(|(_, open)| open.read.contains(&path));
        let others: Vec<String> = others.map(|(other, _)| other.clone()).collect();
        for other in others {
            self.check(&other);
        }
    }

    /// The config that a file belongs to, and its path; `None` if it isn't part of a config.
    fn judged(&self, open: &Open, texts: &Overlay) -> Result<Option<Loaded>, Failure> {
        let env = &self.env.files;
        if !root::is_named_config(&open.path)
            && let Some(loaded) = root::including(&open.path, env, texts)
        {
            return Ok(Some(loaded));
        }
        let loaded = load::file_or_empty(&open.path, env, texts)?;
        let is_config =
            root::is_named_config(&open.path) || open.config.is_some() || root::is_config(&loaded);
        Ok(is_config.then_some(loaded))
    }

    /// Runs the rules on a file as it is in the editor.
    fn check(&mut self, uri: &str) {
        let texts: Overlay = self
            .open
            .values()
            .map(|open| (open.path.clone(), open.text.clone()))
            .collect();
        let Some(open) = self.open.get(uri) else {
            return;
        };
        let loaded = match self.judged(open, &texts) {
            Ok(Some(loaded)) => loaded,
            Ok(None) => return self.publish(uri, &[]),
            Err(failure) => {
                let whole = range_of(&open.text, &(0..0));
                let found = json!({ "range": whole, "severity": 1, "message": failure.message, "source": SOURCE });
                return self.publish(uri, &[found]);
            }
        };
        for source in loaded.config.iter().flat_map(Config::sources) {
            self.ui.secrets().add_all(&secret_values(&source.document));
        }
        let read: Vec<PathBuf> = root::files(&loaded).map(Path::to_owned).collect();
        let linter = self.linter(read.first().unwrap_or(&open.path));
        let checked = linter.check(&loaded, None);
        let (found, fixes) = shown(open, uri, &read, &checked.report);
        drop(checked);
        if let Some(open) = self.open.get_mut(uri) {
            open.fixes = fixes;
            open.read = read;
            open.config = loaded.config.or(open.config.take());
        }
        self.publish(uri, &found);
    }

    /// The rules that `lint` runs.
    fn linter(&self, path: &Path) -> Linter {
        Linter {
            rules: causes::on().collect(),
            version: None,
            installed: self.installed,
            format: LintFormat::Text,
            color: false,
            cwd: path.parent().unwrap_or(Path::new("")).to_owned(),
            baseline: None,
            writes_baseline: None,
            team: None,
            known: Vec::new(),
        }
    }

    fn publish(&self, uri: &str, found: &[Json]) {
        self.send(&json!({
            "jsonrpc": "2.0",
            "method": "textDocument/publishDiagnostics",
            "params": { "uri": uri, "diagnostics": found },
        }));
    }

    /// Hover text or completion for the location in a request.
    fn at(&self, params: &Json, hovers: bool) -> Json {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        let Some(open) = self.open.get(uri) else {
            return Json::Null;
        };
        let offset = place::offset(&open.text, &params["position"]);
        let Some(place) = place::place(&open.text, offset) else {
            return Json::Null;
        };
        let config = open.config.as_ref();
        let written_by = config.and_then(Config::written_by);
        let scope = Scope {
            text: &open.text,
            config,
            version: VersionSource::of(None, self.installed, written_by).version(),
            listed: &listed_models(config, self.env),
        };
        if hovers {
            scope.hover(&place).unwrap_or_default()
        } else {
            scope.completion(&place)
        }
    }

    /// The fixes in a range.
    fn actions(&self, params: &Json) -> Json {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        let Some(open) = self.open.get(uri) else {
            return json!([]);
        };
        let start = place::offset(&open.text, &params["range"]["start"]);
        let end = place::offset(&open.text, &params["range"]["end"]);
        open.fixes
            .iter()
            .filter(|fix| fix.at.start <= end && start <= fix.at.end)
            .map(|fix| fix.action.clone())
            .collect()
    }
}

/// An error response.
fn error(id: &Json, code: i32, message: &str) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// The source of diagnostics, as shown by editors.
const SOURCE: &str = "openclaw-portkey";

use place::range as range_of;

/// The diagnostics in the open file, and the fixes.
fn shown(open: &Open, uri: &str, read: &[PathBuf], report: &Report<'_>) -> (Vec<Json>, Vec<Quick>) {
    let mut found = Vec::new();
    let mut fixes = Vec::new();
    for one in &report.diagnostics {
        let Some(span) = one.span() else { continue };
        if read.get(span.source) != Some(&open.path) {
            continue;
        }
        let diagnostic = diagnostic(open, one, &span.range, report);
        if let Some(action) = quick_fix(open, uri, (one, span.source), &diagnostic) {
            fixes.push(Quick {
                at: span.range.clone(),
                action,
            });
        }
        found.push(diagnostic);
    }
    (found, fixes)
}

fn diagnostic(open: &Open, one: &Diagnostic, at: &Range<usize>, report: &Report<'_>) -> Json {
    let severity = match one.level {
        Level::Error => 1,
        Level::Warning => 2,
        _ => 3,
    };
    let mut message = one.message.clone();
    for more in [one.why.to_string(), one.help.render(&report.context)] {
        if !more.is_empty() {
            message.push('\n');
            message.push_str(&more);
        }
    }
    let mut diagnostic = json!({
        "range": range_of(&open.text, at),
        "severity": severity,
        "code": one.check,
        "source": SOURCE,
        "message": message,
    });
    if !one.link.is_empty() {
        diagnostic["codeDescription"] = json!({ "href": one.link });
    }
    diagnostic
}

/// The fix of a diagnostic, if it is in the same file.
fn quick_fix(
    open: &Open,
    uri: &str,
    (one, source): (&Diagnostic, usize),
    diagnostic: &Json,
) -> Option<Json> {
    let fix = one.fix.as_ref()?;
    let edits = fix.edits.as_ref()?;
    if edits.is_empty() || edits.iter().any(|edit| edit.source != source) {
        return None;
    }
    let text_edit =
        |edit: &Edit| json!({ "range": range_of(&open.text, &edit.range), "newText": edit.text });
    let edits: Vec<Json> = edits.iter().map(text_edit).collect();
    let mut changes = serde_json::Map::new();
    changes.insert(uri.to_owned(), edits.into());
    Some(json!({
        "title": fix.title,
        "kind": "quickfix",
        "isPreferred": fix.safe,
        "diagnostics": [diagnostic],
        "edit": { "changes": changes },
    }))
}
