//! Keys, providers, guardrails and usage at Portkey, against the loopback control plane.

mod guardrails;
mod keys;
mod providers;
mod trouble;
mod usage;

use serde_json::{Value, json};

use crate::support::admin::{AdminApi, Script};
use crate::support::home::{Home, Ran};
use crate::support::portkey::{self, Portkey};

pub(crate) const ADMIN_KEY: &str = "pk-admin-0123456789abcdef";
const KEY: &str = "pk-test-0123456789abcdef";
const ISSUED: &str = crate::support::admin::keys::ISSUED;

const CONFIG: &str = r#"// Mine.
{
  models: {
    providers: {
      portkey: {
        baseUrl: 'BASE', // the gateway
        apiKey: '${PORTKEY_API_KEY}',
        headers: { 'x-portkey-metadata': '{"team":"backend"}' },
        api: 'openai-completions',
        models: [
          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576 },
          { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral' },
        ],
      },
    },
  },
  agents: {
    defaults: {
      model: {
        primary: 'portkey/@gemini/gemini-2.5-flash',
        fallbacks: ['portkey/@mistral/open-mixtral-8x7b'],
      },
    },
    list: [{ id: 'main', default: true }, { id: 'ops' }, { id: 'local', model: 'ollama/llama3' }],
  },
}
"#;

/// A control plane, a gateway, and a home that uses both.
struct Setting {
    admin: AdminApi,
    portkey: Portkey,
    home: Home,
}

fn script() -> Script {
    Script::new(ADMIN_KEY)
        .user("alice@example.com")
        .price("google/gemini-2.5-flash")
        .price("mistral-ai/open-mixtral-8x7b")
}

/// An existing key.
fn key(name: &str) -> Value {
    json!({
        "name": name, "scopes": ["completions.write"],
        "usage_limits": { "type": "cost", "credit_limit": 20.0, "periodic_reset": "monthly" },
        "rate_limits": [{ "type": "requests", "unit": "rpm", "value": 60 }],
    })
}

impl Setting {
    fn new(script: Script) -> Self {
        let gateway = portkey::Script::new(KEY).keys_that_begin(ISSUED);
        let portkey = Portkey::start(gateway).unwrap();
        let home = Home::with(&CONFIG.replace("BASE", &portkey.base_url()))
            .var("PORTKEY_ADMIN_API_KEY", ADMIN_KEY);
        home.write_private(".openclaw/.env", format!("PORTKEY_API_KEY={KEY}\n"));
        Self {
            admin: AdminApi::start(script),
            portkey,
            home,
        }
    }

    /// Runs a command; its output must not contain a key.
    #[track_caller]
    fn run(&self, args: &[&str]) -> Ran {
        let ran = self.raw(args);
        for secret in [ISSUED, ADMIN_KEY, KEY] {
            for stream in [&ran.stdout, &ran.stderr] {
                assert!(!stream.contains(secret), "{args:?} shows a key:\n{stream}");
            }
        }
        ran
    }

    #[track_caller]
    fn raw(&self, args: &[&str]) -> Ran {
        let url = self.admin.url();
        self.home.run(&[args, &["--admin-url", &url]].concat())
    }

    fn transcript(&self, args: &[&str]) -> String {
        let port = |text: String| {
            text.replace(&self.admin.url(), "http://ADMIN/v1")
                .replace(&self.portkey.base_url(), "http://GATEWAY/v1")
        };
        port(self.run(args).transcript(args))
    }

    /// The requests that change something.
    fn writes(&self) -> Vec<String> {
        let mut log = self.admin.log();
        log.retain(|line| !line.starts_with("GET"));
        log
    }

    fn dotenv(&self) -> String {
        self.home.read(".openclaw/.env")
    }
}

/// Asserts the status and that the output contains these parts.
#[track_caller]
fn expect(ran: &Ran, status: i32, parts: &[&str]) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.status, status, "{all}");
    for part in parts {
        assert!(all.contains(part), "`{part}` is not in\n{all}");
    }
}
