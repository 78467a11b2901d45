//! Faults.

use super::Step::{Arg, ChangedSince, Dotenv, File, Mode, Unit, Var};
use super::{DOTENV, Ends, MODEL, Row, UNIT, UNIT_LINE, edit, row};
use crate::doctor::{FLASH, KEY};
use crate::support::portkey::Portkey;

/// Values that can't be Portkey keys, each with the cause.
const BAD_VALUES: [(&str, &str); 16] = [
    ("YOUR_API_KEY_HERE", "api-key-placeholder"),
    ("hf_x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("YOUR_PORTKEY_API_KEY", "api-key-placeholder"),
    ("your-portkey-api-key", "api-key-placeholder"),
    ("pk-xxxxxxxxxxxxxxxx", "api-key-placeholder"),
    ("changeme", "api-key-placeholder"),
    ("undefined", "api-key-placeholder"),
    ("paste-your-key-here", "api-key-placeholder"),
    ("PORTKEY_API_KEY", "api-key-placeholder"),
    ("\u{201c}x2Wp3dZq8Wn2rT5yVb7L\u{201d}", "api-key-malformed"),
    ("x2Wp3dZq8Wn2rT5yVb7L\u{2019}", "api-key-malformed"),
    ("sk-proj-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("sk-ant-api03-x2Wp3dZq8Wn2rT5", "vendor-key"),
    ("AIzaSyx2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("gsk_x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ("xai-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
];

fn key_values() -> Vec<Row> {
    let mut rows = Vec::new();
    for (value, cause) in BAD_VALUES {
        let line = format!("PORTKEY_API_KEY={value}\n");
        let fails = |steps, place: &str| row(steps, cause, place, Ends::Fails);
        rows.push(fails(vec![Dotenv(line.clone())], &format!("{DOTENV}:1")));
        rows.push(fails(
            vec![Dotenv(format!("# keys\nOTHER=1\n\nexport {line}"))],
            &format!("{DOTENV}:4"),
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                Unit(format!("Environment=\"PORTKEY_API_KEY={value}\"")),
            ],
            &format!("{UNIT}:{UNIT_LINE}"),
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                Unit("EnvironmentFile=HOME/keys.env".to_owned()),
                File("keys.env", format!("A=1\n{line}")),
            ],
            "HOME/keys.env:2",
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                edit(
                    "models: {",
                    format!("env: {{ vars: {{\n PORTKEY_API_KEY: '{value}' }} }}, models: {{"),
                ),
            ],
            "HOME/.openclaw/openclaw.json:3",
        ));
        rows.push(fails(
            vec![
                Dotenv(String::new()),
                File(".config/openclaw/gateway.env", line.clone()),
            ],
            "HOME/.config/openclaw/gateway.env:1",
        ));
    }
    for (line, cause) in [
        (
            "PORTKEY_API_KEY=Bearer x2Wp3dZq8Wn2rT5yVb7L",
            "api-key-malformed",
        ),
        (
            "PORTKEY_API_KEY='Bearer x2Wp3dZq8Wn2rT5yVb7L'",
            "api-key-malformed",
        ),
        (
            "PORTKEY_API_KEY=\"x2Wp3dZq8Wn2rT5yVb7L",
            "api-key-malformed",
        ),
        ("PORTKEY_API_KEY='x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
        (
            "PORTKEY_API_KEY=x2Wp3dZq8Wn2rT5yVb7L\"",
            "api-key-malformed",
        ),
        ("PORTKEY_API_KEY=x2Wp3dZq 8Wn2rT5yVb7L", "api-key-malformed"),
        ("PORTKEY_API_KEY=${OTHER_KEY}", "api-key-placeholder"),
        ("PORTKEY_API_KEY=$OTHER_KEY", "api-key-placeholder"),
        ("PORTKEY_API_KEY=<your key>", "api-key-placeholder"),
        ("PORTKEY_API_KEY=x2Wp3dZq...", "api-key-placeholder"),
    ] {
        rows.push(row(
            vec![Dotenv(format!("{line}\n"))],
            cause,
            &format!("{DOTENV}:1"),
            Ends::Fails,
        ));
    }
    rows
}

/// Keys in the config itself.
fn literal_keys() -> Vec<Row> {
    let mut rows = Vec::new();
    for (value, cause) in [
        ("YOUR_PORTKEY_API_KEY", "api-key-placeholder"),
        ("PORTKEY_API_KEY", "api-key-placeholder"),
        ("env:PORTKEY_API_KEY", "api-key-placeholder"),
        ("${PORTKEY_API_KEY:-none}", "api-key-placeholder"),
        ("<key>", "api-key-placeholder"),
        ("changeme", "api-key-placeholder"),
        ("pk-xxxxxxxx", "api-key-placeholder"),
        ("Bearer x2Wp3dZq8Wn2rT5yVb7L", "api-key-malformed"),
        ("x2Wp3dZq 8Wn2rT5yVb7L", "api-key-malformed"),
        ("sk-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
        ("sk-ant-x2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
        ("AIzaSyx2Wp3dZq8Wn2rT5yVb7L", "vendor-key"),
    ] {
        let steps = vec![edit("\"${PORTKEY_API_KEY}\"", format!("«\"{value}\"»"))];
        rows.push(row(steps, cause, "", Ends::Fails));
    }
    rows
}

/// Where the primary goes.
fn primaries() -> Vec<Row> {
    let primary = format!("primary: \"portkey/{FLASH}\"");
    let mut rows = Vec::new();
    for (text, cause, ends) in [
        ("openai/gpt-5", "agent-bypasses-portkey", Ends::Fails),
        (
            "anthropic/claude-sonnet-4-5",
            "agent-bypasses-portkey",
            Ends::Fails,
        ),
        (
            "google/gemini-2.5-flash",
            "agent-bypasses-portkey",
            Ends::Fails,
        ),
        (
            "openrouter/meta-llama/llama-3",
            "agent-bypasses-portkey",
            Ends::Fails,
        ),
        ("gpt-5", "agent-bypasses-portkey", Ends::Fails),
        ("claude-sonnet-4-5", "agent-bypasses-portkey", Ends::Fails),
        (FLASH, "reference-without-provider", Ends::Fails),
        (
            "portky/@gemini/gemini-2.5-flash",
            "reference-without-provider",
            Ends::Fails,
        ),
        (
            "portkey/gemini-2.5-flash",
            "primary-undeclared",
            Ends::Fails,
        ),
        (
            "portkey/gemini/gemini-2.5-flash",
            "primary-undeclared",
            Ends::Fails,
        ),
    ] {
        let steps = vec![edit(&primary, format!("primary: «\"{text}\"»"))];
        rows.push(row(steps, cause, "", ends));
    }
    let with_agent = |agent: &str| format!("agents: {{ entries: {{ {agent} }}, defaults: {{");
    for agent in [
        "ops: { model: «'openai/gpt-5'» }",
        "ops: { model: { primary: «'anthropic/claude-sonnet-4-5'» } }",
    ] {
        let steps = vec![edit(MODEL, with_agent(agent))];
        rows.push(row(steps, "agent-bypasses-portkey", "", Ends::Fails));
    }
    for allow in ["openai/*", "anthropic/*", "ollama/*"] {
        let list = format!("{MODEL} modelPolicy: {{ allow: «['{allow}']» }},");
        rows.push(row(
            vec![edit(MODEL, list)],
            "allowlist-bypasses-portkey",
            "",
            Ends::Fails,
        ));
        let map = format!("{MODEL} models: «{{ '{allow}': {{}} }}»,");
        rows.push(row(
            vec![edit(MODEL, map)],
            "allowlist-bypasses-portkey",
            "",
            Ends::Fails,
        ));
    }
    // The models for other tasks, of the defaults and of an agent.
    for (open, close) in [
        ("imageModel: ", ""),
        ("pdfModel: ", ""),
        ("utilityModel: ", ""),
        ("imageModel: { primary: ", " }"),
        ("subagents: { model: ", " }"),
        ("heartbeat: { model: ", " }"),
        ("compaction: { model: ", " }"),
    ] {
        let other = format!("{open}«'openai/gpt-5'»{close}");
        let steps = vec![edit(MODEL, format!("{MODEL} {other},"))];
        rows.push(row(
            steps,
            "other-model-bypasses-portkey",
            "",
            Ends::Arrives,
        ));
        if !open.starts_with("compaction") && !open.starts_with("pdf") && !open.starts_with("image")
        {
            let agent = format!("ops: {{ {other} }}");
            let steps = vec![edit(MODEL, with_agent(&agent))];
            rows.push(row(
                steps,
                "other-model-bypasses-portkey",
                "",
                Ends::Arrives,
            ));
        }
    }
    rows
}

/// Models that aren't in Portkey's list.
fn unlisted() -> Vec<Row> {
    let mut rows = Vec::new();
    for (id, cause) in [
        ("@gemini/gemini-2.5-flush", "model-not-in-catalog"),
        ("@gemini/Gemini-2.5-flash", "model-not-in-catalog"),
        ("@gemini/gemini-9", "model-not-in-catalog"),
        ("@gemeni/gemini-2.5-flash", "slug-unknown"),
        ("@openai/gpt-5", "slug-unknown"),
    ] {
        let declared = vec![
            edit(&format!("{{ id: \"{FLASH}\""), format!("{{ id: «\"{id}\"»")),
            edit(
                &format!("primary: \"portkey/{FLASH}\""),
                format!("primary: \"portkey/{id}\""),
            ),
        ];
        rows.push(row(declared, cause, "", Ends::Fails));
    }
    rows
}

fn addresses(base_url: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let url = format!("\"{base_url}\"");
    for vendor in [
        "https://api.openai.com/v1",
        "https://api.anthropic.com/v1",
        "https://generativelanguage.googleapis.com/v1beta/openai/v1",
        "https://openrouter.ai/api/v1",
        "https://api.groq.com/openai/v1",
        "https://api.mistral.ai/v1",
        "https://api.deepseek.com/v1",
        "https://api.x.ai/v1",
        "https://me.openai.azure.com/openai/v1",
        "https://bedrock-runtime.us-east-1.amazonaws.com/v1",
    ] {
        let steps = vec![edit(&url, format!("«\"{vendor}\"»")), Arg("--offline")];
        rows.push(row(steps, "base-url-not-portkey", "", Ends::Fails));
    }
    for (text, cause) in [
        ("https://api.portkey.ai", "base-url-without-v1"),
        ("https//api.portkey.ai/v1", "base-url-malformed"),
        ("api.portkey.ai/v1", "base-url-malformed"),
        (
            "https://api.portkey.ai/v1/chat/completions",
            "base-url-without-v1",
        ),
        ("ftp://api.portkey.ai/v1", "base-url-malformed"),
    ] {
        let steps = vec![edit(&url, format!("«\"{text}\"»")), Arg("--offline")];
        rows.push(row(steps, cause, "", Ends::Fails));
    }
    for text in [
        "https://${GATEWAY}/v1",
        "http://${GW_HOST}:${GW_PORT}/v1",
        "${PORTKEY_URL}",
    ] {
        rows.push(row(
            vec![edit(&url, format!("«\"{text}\"»"))],
            "variable-unset",
            "",
            Ends::Fails,
        ));
    }
    rows
}

fn headers() -> Vec<Row> {
    let mut rows = Vec::new();
    for (header, value) in [
        ("x-portkey-config", "${PORTKEY_CONFIG}"),
        ("x-portkey-trace-id", "$TRACE"),
        ("x-portkey-metadata", "{\\\"team\\\":\\\"${TEAM}\\\"}"),
        ("x-portkey-cache-namespace", "${SPACE}"),
        ("x-custom", "a-${PART}-b"),
    ] {
        let steps = vec![edit(
            "api:",
            format!("headers: {{ '{header}': «\"{value}\"» }}, api:"),
        )];
        rows.push(row(steps, "variable-unset", "", Ends::Fails));
    }
    rows
}

fn places() -> Vec<Row> {
    let other = "x2Wp3dZq8Wn2rT5yVb7Lc0aJ";
    let mut rows = vec![
        // Two different lines, of which the right one counts.
        row(
            vec![Dotenv(format!(
                "PORTKEY_API_KEY={other}\nPORTKEY_API_KEY={KEY}\n"
            ))],
            "key-repeated",
            &format!("{DOTENV}:2"),
            Ends::Arrives,
        ),
        row(
            vec![Dotenv(format!(
                "PORTKEY_API_KEY={KEY}\n# new\nPORTKEY_API_KEY={other}\n"
            ))],
            "key-repeated",
            &format!("{DOTENV}:3"),
            Ends::Fails,
        ),
        row(
            vec![
                Dotenv(String::new()),
                Unit(format!(
                    "Environment=PORTKEY_API_KEY={other}\nEnvironment=PORTKEY_API_KEY={KEY}"
                )),
            ],
            "key-repeated",
            &format!("{UNIT}:{}", UNIT_LINE + 1),
            Ends::Arrives,
        ),
        // A block in the config without effect.
        row(
            vec![edit(
                "models: {",
                format!("env: {{ vars: {{\n PORTKEY_API_KEY: '{other}' }} }}, models: {{"),
            )],
            "env-vars-overridden",
            "HOME/.openclaw/openclaw.json:3",
            Ends::Arrives,
        ),
        // A wrong key in the unit, overriding the right one in `.env`.
        row(
            vec![Unit(format!("Environment=PORTKEY_API_KEY={other}"))],
            "invalid-key",
            &format!("{UNIT}:{UNIT_LINE}"),
            Ends::Fails,
        ),
    ];
    for rest in ["", "#", "\n"] {
        let empty = format!("PORTKEY_API_KEY={rest}\n");
        rows.push(row(
            vec![Dotenv(empty)],
            "key-empty",
            &format!("{DOTENV}:1"),
            Ends::Fails,
        ));
    }
    rows
}

fn modes_and_gateways() -> Vec<Row> {
    vec![
        // Files that others can read.
        row(
            vec![Mode(".openclaw/.env", 0o644)],
            "key-exposed",
            &format!("{DOTENV}:1"),
            Ends::Arrives,
        ),
        row(
            vec![Mode(".openclaw/.env", 0o640)],
            "key-exposed",
            &format!("{DOTENV}:1"),
            Ends::Arrives,
        ),
        row(
            vec![
                edit("${PORTKEY_API_KEY}", KEY),
                Mode(".openclaw/openclaw.json", 0o644),
            ],
            "key-exposed",
            "",
            Ends::Arrives,
        ),
        row(
            vec![
                Dotenv(String::new()),
                Unit(format!("Environment=PORTKEY_API_KEY={KEY}")),
                Mode(".config/systemd/user/openclaw-gateway.service", 0o644),
            ],
            "key-exposed",
            &format!("{UNIT}:{UNIT_LINE}"),
            Ends::Arrives,
        ),
        // A gateway with the old key.
        row(
            vec![ChangedSince(".openclaw/.env")],
            "gateway-stale",
            DOTENV,
            Ends::Fails,
        ),
        row(
            vec![
                edit(
                    "models: {",
                    "gateway: { reload: { mode: 'off' } }, models: {",
                ),
                ChangedSince(".openclaw/openclaw.json"),
            ],
            "gateway-stale",
            "HOME/.openclaw/openclaw.json",
            Ends::Fails,
        ),
        // A profile that is named but not selected.
        row(
            vec![
                Var("OPENCLAW_PROFILE", "work".to_owned()),
                File(".openclaw-work/openclaw.json", "{}".to_owned()),
            ],
            "other-config",
            "HOME/.openclaw-work/openclaw.json",
            Ends::Arrives,
        ),
    ]
}

fn profiles() -> Vec<Row> {
    let file = ".openclaw/agents/main/agent/auth-profiles.json";
    let store = |id: &str| {
        format!(
            r#"{{"version":1,"profiles":{{"{id}":{{"type":"api_key","key":"pk-profile-0123456789"}}}}}}"#
        )
    };
    let written = |version: &str| {
        edit(
            "models: {",
            format!("meta: {{ lastTouchedVersion: '{version}' }}, models: {{"),
        )
    };
    let at = format!("HOME/{file}");
    let mut rows = Vec::new();
    for version in ["2026.2.17", "2026.4.15", "2026.5.28", "2026.6.1"] {
        let steps = vec![written(version), File(file, store("portkey:default"))];
        rows.push(row(steps, "auth-profile", &at, Ends::Fails));
    }
    // Any provider's profiles must be migrated first.
    for (version, id) in [
        ("2026.8.1", "portkey:default"),
        ("2026.8.2", "portkey:default"),
        ("2026.9.6", "portkey:work"),
        ("2026.9.6", "openai:default"),
    ] {
        let steps = vec![written(version), File(file, store(id))];
        rows.push(row(steps, "auth-profiles-legacy", &at, Ends::Fails));
    }
    rows
}

/// Configs that OpenClaw rejects.
fn refused() -> Vec<Row> {
    let mut rows = Vec::new();
    for (from, to, cause) in [
        ("api:", "«retries»: 3, api:", "unknown-key"),
        ("api:", "«configId»: 'pc-a', api:", "unknown-key"),
        ("mode: \"merge\"", "mode: «\"mrge\"»", "invalid-value"),
        (
            "models: [",
            "timeoutSeconds: «'ten'», models: [",
            "invalid-value",
        ),
        (
            "name: \"Gemini 2.5 Flash\" }",
            "name: \"Gemini 2.5 Flash\", contextWindow: «'big'» }",
            "model-metadata-invalid",
        ),
        (
            "api: \"openai-completions\"",
            "api: «\"openai\"»",
            "api-incompatible",
        ),
    ] {
        rows.push(row(vec![edit(from, to)], cause, "", Ends::Fails));
    }
    rows
}

pub(super) fn all(server: &Portkey) -> Vec<Row> {
    [
        key_values(),
        literal_keys(),
        primaries(),
        unlisted(),
        addresses(&server.base_url()),
        headers(),
        places(),
        modes_and_gateways(),
        profiles(),
        refused(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
