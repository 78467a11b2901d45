//! The places where a key can be, the ways to write it, and values that aren't secrets.

use crate::cli::FLASH;

/// Part of every key here, and of nothing else.
pub(super) const MARK: &str = "7f3qx9zz";

/// A key like those from generators.
pub(super) fn random_key(number: usize) -> String {
    format!("cAn{number:03}Ry7f3Qx9Zz0pLm4T")
}

/// A key that only its name gives away.
pub(super) fn weak_key(number: usize) -> String {
    format!("weak-7f3qx9zz-{number:03}")
}

/// The part of the config that contains a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Key,
    Url,
    Header,
    Provider,
    Model,
    Other,
    Defaults,
    Agents,
    Root,
    Comment,
}

use Part::*;

/// A place: `$` is the value. `true` means that the name alone gives a key away.
pub(super) type Place = (Part, &'static str, bool);

pub(super) const PLACES: &[Place] = &[
    (Key, "$", true),
    (Key, "{source: 'env', provider: 'default', id: $}", false),
    (Key, "{source: 'file', provider: 'default', id: $}", false),
    (Key, "[$]", true),
    (Key, "{value: $}", true),
    (Url, "$", false),
    (Header, "'x-portkey-api-key': $", true),
    (Header, "authorization: $", true),
    (Header, "'Proxy-Authorization': $", true),
    (Header, "'x-portkey-config': $", false),
    (Header, "'x-portkey-virtual-key': $", false),
    (Header, "'x-portkey-provider': $", false),
    (Header, "'x-portkey-metadata': $", false),
    (Header, "'x-portkey-trace-id': $", false),
    (Header, "'x-portkey-custom-host': $", false),
    (Header, "'x-portkey-forward-headers': $", false),
    (Header, "'x-portkey-vertex-service-account-json': $", false),
    (Header, "'x-portkey-aws-secret-access-key': $", true),
    (Header, "'x-portkey-azure-api-key': $", true),
    (Header, "'x-portkey-confg': $", false),
    (Header, "'ocp-apim-subscription-key': $", true),
    (Header, "'x-functions-key': $", true),
    (Header, "'x-auth': $", true),
    (Header, "'x-goog-api-key': $", true),
    (Header, "'x-amz-signature': $", true),
    (Header, "'cf-access-client-secret': $", true),
    (Header, "'X-Session': $", true),
    (Header, "cookie: $", true),
    (Header, "'x-custom': $", false),
    (
        Header,
        "'x-token': {source: 'env', provider: 'default', id: $}",
        false,
    ),
    (Header, "'x-token': [$]", true),
    (Header, "$: 'value'", false),
    (Provider, "apikey: $", true),
    (Provider, "api_key: $", true),
    (Provider, "token: $", true),
    (Provider, "password: $", true),
    (Provider, "secrets: {inner: {deep: [$]}}", true),
    (Provider, "unknownKey: $", false),
    (
        Provider,
        "request: {auth: {mode: 'bearer', token: $}}",
        true,
    ),
    (Provider, "request: {headers: {'x-auth': $}}", true),
    (Provider, "$: 1", false),
    (Model, "apiKey: $", true),
    (Model, "headers: {'x-auth': $}", true),
    (Model, "baseUrl: $", false),
    (Model, "api: $", false),
    (Model, "params: {note: $}", false),
    (Model, "contextWindow: $", false),
    (Other, "openai: {apiKey: $, models: []}", true),
    (Other, "openai: {baseUrl: $, models: []}", false),
    (Other, "openai: $", true),
    (Other, "openai: {models: [{id: $, name: $}]}", false),
    (Defaults, "model: {primary: $, fallbacks: [$]}", false),
    (Defaults, "imageModel: $", false),
    (Defaults, "models: {$: {alias: $}}", false),
    (
        Defaults,
        "memorySearch: {remote: {apiKey: $, headers: {'x-auth': $}}}",
        true,
    ),
    (Agents, "list: [{id: $, model: $}]", false),
    (Agents, "list: [{id: 'a', model: {primary: $}}]", false),
    (Root, "env: {vars: {PORTKEY_API_KEY: $}}", true),
    (Root, "env: {vars: {SOME_TOKEN: $}}", true),
    (Root, "env: {vars: {PLAIN: $}}", false),
    (Root, "env: {OPENAI_API_KEY: $}", true),
    (Root, "channels: {telegram: {botToken: $}}", true),
    (Root, "gateway: {auth: {mode: 'token', token: $}}", true),
    (
        Root,
        "gateway: {auth: {mode: 'password', password: $}}",
        true,
    ),
    (Root, "gateway: {remote: {url: $}}", false),
    (Root, "tools: {web: {search: {apiKey: $}}}", true),
    (
        Root,
        "skills: {entries: {x: {apiKey: $, env: {X_KEY: $}}}}",
        true,
    ),
    (Root, "hooks: {token: $}", true),
    (
        Root,
        "mcp: {servers: {a: {args: ['--token', $], env: {A_TOKEN: 'x'}}}}",
        false,
    ),
    (Root, "strange: $", false),
    (Root, "$: 1", false),
    (Comment, "// $", false),
    (Comment, "// apiKey: $", true),
    (Comment, "// PORTKEY_API_KEY=$", true),
    (Comment, "/* see https://user:$@host.example/ */", false),
    (
        Comment,
        "// openclaw-portkey-ignore header-unknown: $",
        false,
    ),
];

/// The source text of a string that contains a key.
pub(super) type Spelling = (&'static str, fn(&str) -> String);

pub(super) const SPELLINGS: &[Spelling] = &[
    ("plain", |key| format!("\"{key}\"")),
    ("escaped", |key| {
        let (first, rest) = key.split_at(2);
        let escapes: Vec<String> = first.bytes().map(|b| format!("\\u{b:04x}")).collect();
        format!("'{}{rest}'", escapes.concat())
    }),
    ("continued", |key| {
        format!("'{}\\\n{}'", &key[..3], &key[3..])
    }),
    ("bearer", |key| format!("'Bearer {key}'")),
    ("default", |key| format!("'${{PORTKEY_API_KEY:-{key}}}'")),
    ("json", |key| {
        format!(
            r#""{{\"provider\":\"openai\",\"api_key\":\"{key}\",\"targets\":[{{\"token\":\"{key}\"}}]}}""#
        )
    }),
    ("nested json", |key| {
        format!(r#"'{{"a":"{{\\"retry\\":1,\\"api_key\\":\\"{key}\\"}}"}}'"#)
    }),
    ("url", |key| {
        format!("'https://{key}@host.example/v1?api_key={key}'")
    }),
];

/// A config with a value in one place.
pub(super) fn config((part, fragment, _): Place, value: &str, base_url: &str) -> String {
    let fragment = fragment.replace('$', value);
    let or = |wanted: Part, usual: &str| {
        let own = (part == wanted).then(|| fragment.clone());
        own.unwrap_or_else(|| usual.to_owned())
    };
    let of = |wanted: Part| {
        let own = or(wanted, "");
        if own.is_empty() { own } else { own + ", " }
    };
    let model = match part {
        Defaults if fragment.contains("model: {") => String::new(),
        _ => format!("model: {{primary: 'portkey/{FLASH}'}}, "),
    };
    format!(
        "{{{}models: {{providers: {{portkey: {{baseUrl: {}, apiKey: {}, api: 'openai-completions', headers: {{{}}}, {}models: [{{id: '{FLASH}', name: 'Flash', {}}}]}}, {}}}}}, agents: {{{}defaults: {{{}{model}}}}}}} {}\n",
        of(Root),
        or(Url, &format!("'{base_url}'")),
        or(Key, "'${PORTKEY_API_KEY}'"),
        of(Header),
        of(Provider),
        of(Model),
        of(Other),
        of(Agents),
        of(Defaults),
        or(Comment, ""),
    )
}

/// Every place with every spelling of a key.
pub(super) fn configs() -> Vec<(String, String)> {
    let mut configs = Vec::new();
    for place in PLACES {
        for (name, spell) in SPELLINGS {
            let number = configs.len();
            let mut add = |kind: &str, key: String| {
                let value = match place.0 {
                    Comment if *name != "json" => key,
                    _ => spell(&key),
                };
                let what = format!("{} {name}, {kind}", place.1);
                configs.push((what, config(*place, &value, "https://api.portkey.ai/v1")));
            };
            add("random", random_key(number));
            // The name of a variable in braces isn't a key; the user name of a URL and the names of
            // JSON members give one away.
            let gives_away = matches!(*name, "json" | "nested json" | "url" | "default");
            if place.2 || (gives_away && place.0 != Comment) {
                add("weak", weak_key(number));
            }
        }
    }
    configs
}

/// Values that aren't secrets, each with its place.
pub(super) const NO_SECRETS: &[(Part, &str, &str)] = &[
    (Header, "'x-portkey-provider'", "@openai-prod"),
    (Header, "'x-portkey-config'", "pc-pplx-c-ca7a87"),
    (Header, "'x-portkey-virtual-key'", "openai-virtual-1a2b3c"),
    (
        Header,
        "'x-portkey-trace-id'",
        "4bf92f3577b34da6a3ce929d0e0e4736",
    ),
    (
        Header,
        "traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
    (
        Header,
        "'x-request-id'",
        "550e8400-e29b-41d4-a716-446655440000",
    ),
    (Header, "'x-portkey-vertex-region'", "us-central1"),
    (Header, "'x-portkey-vertex-project-id'", "acme-prod-123456"),
    (
        Header,
        "'x-portkey-azure-resource-name'",
        "acme-openai-westeurope",
    ),
    (Header, "'x-portkey-azure-api-version'", "2024-10-21"),
    (Header, "'x-portkey-aws-region'", "eu-central-1"),
    (
        Header,
        "'x-portkey-custom-host'",
        "https://gw.corp.example:8443/v1",
    ),
    (Header, "'x-portkey-forward-headers'", "x-request-id,x-user"),
    (Header, "'x-portkey-request-timeout'", "30000"),
    (Header, "'x-portkey-cache-namespace'", "team-backend-2026"),
    (
        Header,
        "'x-portkey-metadata'",
        r#"{\"team\":\"backend\",\"_user\":\"anna-1234\"}"#,
    ),
    (Header, "'x-portkey-span-name'", "openclaw-session"),
    (Header, "'user-agent'", "openclaw/2026.9.6 (linux; x64)"),
    (Header, "accept", "application/json"),
    (Header, "'x-team'", "platform-engineering"),
    (
        Header,
        "'anthropic-beta'",
        "context-1m-2025-08-07,fine-grained-tool-streaming-2025-05-14",
    ),
    (Header, "'anthropic-version'", "2023-06-01"),
    (Header, "'openai-organization'", "org-acme-research"),
    (
        Header,
        "'x-commit'",
        "9fceb02d0ae598e95dc970b74767f19372d61af8",
    ),
    (Header, "'idempotency-key'", "order-1234-retry-2"),
    (Header, "'x-custom'", "${CUSTOM_VALUE}"),
    (Header, "'x-api-key'", "${OPENAI_API_KEY}"),
    (Header, "cookie", "$SESSION_COOKIE"),
    (Header, "'x-auth-token'", "YOUR_TOKEN_HERE"),
    (Header, "'x-default'", "${PLAIN:-fallback-value}"),
    (Header, "'X-OpenClaw-Session-Key'", "agent:main:main"),
    (Header, "'x-slack-token'", "xoxb-YOUR-BOT-TOKEN"),
    (Provider, "apiToken", "REPLACE_ME"),
    (Provider, "auth", "api-key"),
    (Provider, "api", "openai-completions"),
    (Provider, "apikey", "${PORTKEY_API_KEY}"),
    (Provider, "secretAccessKey", "<your key>"),
    (Provider, "token", "${env:PORTKEY_API_KEY}"),
    (Provider, "note1", "https://api.portkey.ai/v1"),
    (
        Provider,
        "note2",
        "https://gw.example/v1?api-version=2024-10-21",
    ),
    (Provider, "note3", "http://[::1]:8787/v1"),
    (Provider, "note4", "Ask @anna before you change this"),
    (Provider, "note5", "the token is kept in the .env"),
    (Model, "note1", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
    (
        Model,
        "note2",
        "@vertex-prod/publishers/google/models/gemini-2.5-pro",
    ),
    (
        Model,
        "note3",
        "accounts/fireworks/models/qwen2p5-coder-32b-instruct",
    ),
    (Model, "note4", "mistralai/Mixtral-8x7B-Instruct-v0.1"),
    (
        Model,
        "note5",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo-FP8",
    ),
    (Model, "note6", "ft:gpt-4o-mini-2024-07-18:acme::A1b2C3d4"),
    (Model, "note7", "TheBloke/Mixtral-8x22B-v0.1-GGUF"),
    (Model, "note8", "Claude Sonnet 4.5 (2025-09-29)"),
    (Model, "note9", "deepseek-r1-distill-llama-70b"),
    (Agents, "note1", "agent:main:telegram:group:-1001234567890"),
    (Agents, "note2", "~/.openclaw/workspace/AGENTS.md"),
    (Agents, "sessionKey", "agent:main:main"),
    (Root, "lastTouchedVersion", "2026.9.6"),
    (Root, "lastTouchedAt", "2026-11-28T18:43:02.123Z"),
    (
        Root,
        "lastRunCommit",
        "9fceb02d0ae598e95dc970b74767f19372d61af8",
    ),
    (Root, "phone", "+491701234567"),
    (Root, "chatId", "-1001234567890"),
    (Root, "groupId", "120363403215116621@g.us"),
    (Root, "slackChannel", "C0123ABCD45"),
    (
        Root,
        "configHash",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    (
        Root,
        "includePath",
        "./models.9fceb02d0ae598e95dc970b74767f193.json5",
    ),
    (Root, "ulid", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    (Root, "instanceId", "550e8400-e29b-41d4-a716-446655440000"),
    (
        Root,
        "prompt",
        "Never reveal a password: say that it is a secret.",
    ),
    (
        Root,
        "command",
        "/usr/local/bin/node --max-old-space-size=4096",
    ),
    (Root, "schedule", "*/15 8-18 * * MON-FRI"),
    (Root, "maxTokens", "100000000"),
];
