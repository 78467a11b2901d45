//! `lsp` over standard input and output, as an editor uses it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::support::home::Home;

const GOOD: &str = r#"{
  "models": { "providers": { "portkey": {
    "baseUrl": "https://api.portkey.ai/v1",
    "apiKey": "${PORTKEY_API_KEY}",
    "api": "openai-completions",
    "headers": { "x-portkey-cache-namespace": "a" },
    "models": [{ "id": "@openai-prod/gpt-5", "name": "GPT 5" }]
  } } },
  "agents": { "defaults": { "model": { "primary": "portkey/@openai-prod/gpt-5" } } }
}
"#;

/// An editor.
struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: u64,
    uri: String,
}

impl Client {
    fn start(home: &Home) -> Self {
        let mut child = home
            .command(&["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut client = Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            next: 0,
            uri: format!("file://{}", home.path(".openclaw/openclaw.json").display()),
        };
        let answer = client.ask("initialize", &json!({ "capabilities": {} }));
        assert_eq!(answer["capabilities"]["hoverProvider"], true, "{answer}");
        client.notify("initialized", &json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(
                self.output.read_line(&mut line).unwrap(),
                0,
                "the server exited"
            );
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let answer = self.receive();
        assert_eq!(answer["id"], id, "{answer}");
        match answer.get("error") {
            Some(error) => error.clone(),
            None => answer["result"].clone(),
        }
    }

    /// The diagnostics after a change.
    fn diagnostics(&mut self) -> Vec<Value> {
        let message = self.receive();
        assert_eq!(message["method"], "textDocument/publishDiagnostics");
        assert_eq!(message["params"]["uri"], self.uri);
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    fn open(&mut self, text: &str) -> Vec<Value> {
        let uri = self.uri.clone();
        let document = json!({ "uri": uri, "languageId": "json5", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        self.diagnostics()
    }

    fn change(&mut self, text: &str) -> Vec<Value> {
        self.edit(&json!([{ "text": text }]))
    }

    fn edit(&mut self, changes: &Value) -> Vec<Value> {
        let uri = self.uri.clone();
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": changes }),
        );
        self.diagnostics()
    }

    /// Sends a request for the position at the end of a text.
    fn at(&mut self, method: &str, text: &str, after: &str) -> Value {
        let offset = text.find(after).unwrap() + after.len();
        let before = &text[..offset];
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let uri = self.uri.clone();
        self.ask(
            method,
            &json!({
                "textDocument": { "uri": uri },
                "position": { "line": line, "character": character },
            }),
        )
    }

    fn labels(&mut self, text: &str, after: &str) -> Vec<String> {
        let answer = self.at("textDocument/completion", text, after);
        let items = answer["items"].as_array().unwrap().clone();
        let label = |item: &Value| item["label"].as_str().unwrap().to_owned();
        items.iter().map(label).collect()
    }

    fn hover(&mut self, text: &str, after: &str) -> String {
        let answer = self.at("textDocument/hover", text, after);
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn end(mut self) {
        assert_eq!(self.ask("shutdown", &Value::Null), Value::Null);
        self.notify("exit", &Value::Null);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn reports_the_same_as_lint_while_typing() {
    let home = Home::with(GOOD);
    let mut client = Client::start(&home);
    assert_eq!(client.open(GOOD), [Value::Null; 0]);
    let slash = GOOD.replace("portkey.ai/v1\"", "portkey.ai/v1/\"");
    let found = client.change(&slash);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "base-url-trailing-slash");
    assert_eq!(found[0]["source"], "openclaw-portkey");
    assert_eq!(found[0]["range"]["start"]["line"], 2);

    // `lint` reports the same for this text.
    home.write(".openclaw/openclaw.json", &slash);
    let lint = home.run(&["lint", "--format", "json"]).json();
    let rules: Vec<&Value> = lint["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["check"])
        .collect();
    assert_eq!(rules, ["base-url-trailing-slash"]);

    let uri = client.uri.clone();
    let actions = client.ask(
        "textDocument/codeAction",
        &json!({ "textDocument": { "uri": uri }, "range": found[0]["range"], "context": { "diagnostics": found } }),
    );
    let edit = &actions[0]["edit"]["changes"][uri.as_str()][0];
    assert_eq!(actions[0]["kind"], "quickfix", "{actions}");
    let start = &edit["range"]["start"];
    assert_eq!(start["line"], 2, "{actions}");

    let broken = client.change("{ models: {");
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!(broken[0]["severity"], 1);
    assert_eq!(client.change(GOOD), [Value::Null; 0]);
    client.notify(
        "textDocument/didClose",
        &json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(client.diagnostics(), [Value::Null; 0]);
    client.end();
}

#[test]
fn changes_can_replace_parts_of_the_text() {
    let home = Home::with(GOOD);
    let mut client = Client::start(&home);
    let text = format!("// 😀\r\n{GOOD}").replace("portkey.ai/v1\"", "portkey.ai/v1/\"");
    assert_eq!(client.open(&text).len(), 1);
    let line = text.lines().position(|line| line.contains("/v1/"));
    let at = text.lines().find_map(|line| line.find("/v1/")).unwrap() + 3;
    let part = |start: usize, end: usize, text: &str| {
        let at = |character| json!({ "line": line, "character": character });
        json!([{ "range": { "start": at(start), "end": at(end) }, "text": text }])
    };
    assert_eq!(client.edit(&part(at, at + 1, "")), [Value::Null; 0]);
    assert_eq!(client.edit(&part(at, at, "/")).len(), 1);
    client.end();
}

/// An editor sends every JSON file that it opens.
#[test]
fn files_are_checked_as_what_they_are() {
    let home = Home::with("{ $include: \"./portkey.json5\", x: 1 }");
    let included = GOOD.replace("portkey.ai/v1\"", "portkey.ai/v1/\"");
    home.write(".openclaw/portkey.json5", &included);
    let mut client = Client::start(&home);
    let config = client.uri.clone();
    // An unknown key in the config itself; issues in the included file belong to that file.
    let found = client.open("{ $include: './portkey.json5', x: 1 }");
    let codes = |found: &[Value]| {
        found
            .iter()
            .map(|one| one["code"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&found), ["unknown-key"]);

    client.uri = config.replace("openclaw.json", "portkey.json5");
    assert_eq!(codes(&client.open(&included)), ["base-url-trailing-slash"]);
    let part = client.uri.clone();
    client.uri.clone_from(&config);
    assert_eq!(codes(&client.diagnostics()), ["unknown-key"]);

    // The including config is checked again after each change.
    client.uri.clone_from(&part);
    assert_eq!(client.change(GOOD), [Value::Null; 0]);
    client.uri.clone_from(&config);
    assert_eq!(codes(&client.diagnostics()), ["unknown-key"]);

    client.uri = config.replace(".openclaw/openclaw.json", "package.json");
    assert_eq!(
        client.open(r#"{ "name": "x", "version": "1" }"#),
        [Value::Null; 0]
    );
    assert_eq!(client.change("{ \"name\": "), [Value::Null; 0]);
    client.uri = config.replace("openclaw.json", "mine.json5");
    assert_eq!(codes(&client.open("{ gateway: { prt: 1 } }")).len(), 2);
    client.end();
}

#[test]
fn hover_explains_a_word() {
    let home = Home::with(GOOD);
    let mut client = Client::start(&home);
    client.open(GOOD);
    let base_url = client.hover(GOOD, "baseU");
    assert!(
        base_url.starts_with("**baseUrl**\n\nThe URL that OpenClaw sends"),
        "{base_url}"
    );
    let model = client.hover(GOOD, "{ \"id\": \"@openai-prod");
    assert_eq!(
        model,
        "**@openai-prod/gpt-5**\n\n400K context · 128K output · $1.25/10 per million tokens in/out"
    );
    let reference = client.hover(GOOD, "portkey/@openai-prod");
    assert!(reference.contains("400K context"), "{reference}");
    let header = client.hover(GOOD, "x-portkey-cache-name");
    assert!(
        header.starts_with("**x-portkey-cache-namespace**: "),
        "{header}"
    );
    assert_eq!(client.hover(GOOD, "{\n  "), "");
    client.end();
}

#[test]
fn completes_keys_values_models_and_references() {
    let home = Home::with(GOOD);
    home.write(
        ".cache/openclaw-portkey/models",
        "https://api.portkey.ai/v1\n@gemini/gemini-2.5-flash\n",
    );
    let mut client = Client::start(&home);
    client.open(GOOD);
    let typed = |from: &str, to: &str| GOOD.replacen(from, to, 1);

    let text = typed("\"baseUrl\": \"https", "\"h\": 1, \"baseUrl\": \"https");
    client.change(&text);
    let keys = client.labels(&text, "\"portkey\": {\n    \"h");
    assert!(keys.contains(&"headers".to_owned()), "{keys:?}");

    let text = typed("\"openai-completions\"", "\"");
    client.change(&text);
    let values = client.labels(&text, "\"api\": \"");
    assert!(
        values.contains(&"openai-responses".to_owned()),
        "{values:?}"
    );

    client.change(GOOD);
    assert_eq!(
        client.labels(GOOD, "\"id\": \"@open"),
        ["@gemini/gemini-2.5-flash"]
    );
    assert_eq!(
        client.labels(GOOD, "\"primary\": \"portkey"),
        ["portkey/@openai-prod/gpt-5"]
    );
    let headers = client.labels(GOOD, "\"x-portkey-cache");
    assert!(
        headers.contains(&"x-portkey-metadata".to_owned()),
        "{headers:?}"
    );
    client.end();
}

#[test]
fn protocol_errors() {
    let home = Home::with(GOOD);
    let mut client = Client::start(&home);
    assert_eq!(
        client.ask("textDocument/rename", &json!({}))["code"],
        -32601
    );
    assert_eq!(client.at("textDocument/hover", GOOD, "models"), Value::Null);
    write!(
        client.input.as_mut().unwrap(),
        "Content-Length: 5\r\n\r\n{{bad}}"
    )
    .unwrap();
    let answer = client.receive();
    assert_eq!(answer["error"]["code"], -32700, "{answer}");
    assert_eq!(answer["id"], Value::Null);
    client.end();
    let ran = home.run_with_input(&["lsp"], "hello\n\n").status(2);
    assert!(
        ran.stderr.contains("not a language client"),
        "{}",
        ran.stderr
    );
    home.run_with_input(&["lsp"], "").status(1);
}

/// No message contains a key from the file or the environment.
#[test]
fn no_message_shows_a_key() {
    let key = "cAn001Ry7f3Qx9Zz0pLm4T";
    let home = Home::with(GOOD).var("PORTKEY_API_KEY", key);
    let text = GOOD.replace("${PORTKEY_API_KEY}", key);
    let mut client = Client::start(&home);
    let found = client.open(&text);
    assert!(
        found.iter().any(|one| one["code"] == "api-key-plaintext"),
        "{found:?}"
    );
    assert!(!format!("{found:?}").contains(key));
    let hover = client.hover(&text, &key[..8]);
    assert!(!hover.contains(key), "{hover}");
    client.end();
}
