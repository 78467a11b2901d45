//! Unusual but valid setups.

use super::Step::{self, ChangedSince, Dotenv, File, Mode, Unit, Var};
use super::{MODEL, edit};
use crate::doctor::{FLASH, KEY, MIXTRAL};
use crate::support::portkey::Portkey;

pub(super) fn all(server: &Portkey) -> Vec<Vec<Step>> {
    [
        keys(),
        versions_and_headers(),
        gateways_and_profiles(),
        models(server),
    ]
    .concat()
}

fn with(text: &str) -> Vec<Step> {
    vec![edit("models: {", format!("{text}, models: {{"))]
}

fn header(text: &str) -> Vec<Step> {
    vec![edit("api:", format!("headers: {{ {text} }}, api:"))]
}

/// The key in every place, in every form.
fn keys() -> Vec<Vec<Step>> {
    let no_dotenv = || Dotenv(String::new());
    let line = format!("PORTKEY_API_KEY={KEY}");
    let mut rows: Vec<Vec<Step>> = vec![vec![]];
    // The key in every place, in every form.
    for text in [
        format!("export {line}\n"),
        format!("PORTKEY_API_KEY='{KEY}'\n"),
        format!("PORTKEY_API_KEY=\"{KEY}\"\n"),
        format!("PORTKEY_API_KEY=`{KEY}`\n"),
        format!("PORTKEY_API_KEY = {KEY}\n"),
        format!("PORTKEY_API_KEY: {KEY}\n"),
        format!("{line} # the team's\n"),
        format!("# PORTKEY_API_KEY=old\n{line}\n"),
        format!("{line}\n{line}\n"),
        format!("\u{feff}{line}\n"),
        format!("{line}\r\nOTHER=1\r\n"),
        line.clone(),
        format!("OPENAI_API_KEY=sk-proj-x2Wp3dZq8Wn2rT5\n{line}\n"),
        format!("OTHER=changeme\n{line}\n"),
        format!("PORTKEY_API_KEY_OLD=YOUR_KEY\n{line}\n"),
    ] {
        rows.push(vec![Dotenv(text)]);
    }
    for text in [
        format!("Environment={line}"),
        format!("Environment=\"{line}\""),
        format!("Environment=A=1 {line} B=2"),
        format!(
            "Environment=PORTKEY_API_KEY=old\nEnvironment=\nEnvironment=OPENCLAW_SERVICE_KIND=gateway {line}"
        ),
    ] {
        rows.push(vec![no_dotenv(), Unit(text)]);
    }
    rows.push(vec![
        no_dotenv(),
        Unit("EnvironmentFile=HOME/k.env".into()),
        File("k.env", line.clone()),
    ]);
    rows.push(vec![Unit("EnvironmentFile=-HOME/none.env".into())]);
    rows.push(vec![
        no_dotenv(),
        File(".config/openclaw/gateway.env", line.clone()),
    ]);
    rows.push(vec![
        no_dotenv(),
        edit(
            "models: {",
            format!("env: {{ vars: {{ PORTKEY_API_KEY: '{KEY}' }} }}, models: {{"),
        ),
    ]);
    rows.push(vec![edit(
        "models: {",
        format!("env: {{ vars: {{ PORTKEY_API_KEY: '{KEY}' }} }}, models: {{"),
    )]);
    rows.push(vec![
        Unit(String::new()),
        File(".openclaw/gateway.systemd.env", line.clone()),
    ]);
    rows.push(vec![Unit(String::new())]);
    rows.push(vec![Var("PORTKEY_API_KEY", KEY.into())]);
    rows.push(vec![edit("${PORTKEY_API_KEY}", KEY)]);
    rows.push(vec![edit(
        "\"${PORTKEY_API_KEY}\"",
        "{ source: 'env', provider: 'default', id: 'PORTKEY_API_KEY' }",
    )]);
    rows.push(vec![edit("${PORTKEY_API_KEY}", "$PORTKEY_API_KEY")]);
    rows.push(vec![
        edit("${PORTKEY_API_KEY}", "${TEAM_KEY}"),
        Dotenv(format!("TEAM_KEY={KEY}\n")),
    ]);
    rows
}

fn versions_and_headers() -> Vec<Vec<Step>> {
    let line = format!("PORTKEY_API_KEY={KEY}");
    let mut rows: Vec<Vec<Step>> = Vec::new();
    // Modes.
    rows.push(vec![
        Mode(".openclaw/.env", 0o644),
        Mode(".openclaw", 0o700),
    ]);
    rows.push(vec![Mode(".openclaw/.env", 0o400)]);
    rows.push(vec![Mode(".openclaw/openclaw.json", 0o644)]);
    // Versions.
    for version in [
        "2026.2.12",
        "2026.2.17",
        "2026.3.13",
        "2026.4.15",
        "2026.5.28",
        "2026.6.1",
        "2026.6.35",
        "2026.7.1",
        "2026.8.1",
        "2026.9.1",
        "2026.9.6",
    ] {
        rows.push(with(&format!(
            "meta: {{ lastTouchedVersion: '{version}' }}"
        )));
    }
    // Headers.
    for text in [
        "'x-portkey-config': 'pc-known-123456'",
        "'X-Portkey-Config': 'pc-known-123456'",
        "'x-portkey-metadata': '{\"_user\":\"ops\"}'",
        "'x-custom': 'a'",
    ] {
        rows.push(header(text));
    }
    rows.push(
        [
            header("'x-custom': '${TEAM}'"),
            vec![Dotenv(format!("{line}\nTEAM=a-team\n"))],
        ]
        .concat(),
    );
    rows.push(
        [
            header("'x-portkey-config': '${PC}'"),
            vec![Dotenv(format!("{line}\nPC=pc-known-123456\n"))],
        ]
        .concat(),
    );
    rows.push(header("'x-custom': '$${NOT_A_VARIABLE}'"));
    rows
}

fn gateways_and_profiles() -> Vec<Vec<Step>> {
    let off = || with("gateway: { reload: { mode: 'off' } }");
    let mut rows: Vec<Vec<Step>> = vec![
        vec![ChangedSince("")],
        vec![ChangedSince(".openclaw/openclaw.json")],
        [off(), vec![ChangedSince("")]].concat(),
        off(),
        with("gateway: { reload: { mode: 'hybrid' } }"),
    ];
    // Auth profiles that don't count.
    let file = ".openclaw/agents/main/agent/auth-profiles.json";
    let store = |id: &str, key: &str| {
        format!(r#"{{"version":1,"profiles":{{"{id}":{{"type":"api_key","key":"{key}"}}}}}}"#)
    };
    for (version, id, key) in [
        ("2026.2.17", "openai:default", "sk-1"),
        ("2026.5.28", "portkey:default", KEY),
        ("2026.6.35", "portkey:default", "pk-profile-0123456789"),
        ("2026.7.1", "portkey:default", "pk-profile-0123456789"),
    ] {
        let meta = with(&format!("meta: {{ lastTouchedVersion: '{version}' }}"));
        rows.push([meta, vec![File(file, store(id, key))]].concat());
    }
    let off = with("meta: { lastTouchedVersion: '2026.5.28' }, auth: { order: { portkey: [] } }");
    rows.push(
        [
            off,
            vec![File(
                file,
                store("portkey:default", "pk-profile-0123456789"),
            )],
        ]
        .concat(),
    );
    rows
}

fn models(server: &Portkey) -> Vec<Vec<Step>> {
    let url = format!("\"{}\"", server.base_url());
    let mut rows: Vec<Vec<Step>> = Vec::new();
    // Agents and models.
    for text in [
        "agents: { entries: { ops: {} }, defaults: {".to_owned(),
        format!("agents: {{ entries: {{ ops: {{ model: 'portkey/{MIXTRAL}' }} }}, defaults: {{"),
        format!("agents: {{ list: [{{ id: 'ops', model: 'portkey/{MIXTRAL}' }}], defaults: {{"),
        format!("{MODEL} pdfModel: 'portkey/{FLASH}',"),
        format!("{MODEL} utilityModel: 'portkey/{MIXTRAL}',"),
        format!("{MODEL} heartbeat: {{ model: 'portkey/{MIXTRAL}' }},"),
        format!("{MODEL} modelPolicy: {{ allow: ['portkey/*'] }},"),
        format!("{MODEL} modelPolicy: {{ allow: ['openai/*', 'portkey/{FLASH}'] }},"),
        format!("{MODEL} modelPolicy: {{ allow: [] }},"),
        format!(
            "{MODEL} models: {{ 'portkey/{FLASH}': {{ alias: 'flash' }}, 'portkey/{MIXTRAL}': {{}} }},"
        ),
    ] {
        rows.push(vec![edit(MODEL, text)]);
    }
    rows.push(vec![edit(
        &format!("primary: \"portkey/{FLASH}\""),
        format!("primary: \"Portkey/{FLASH}\""),
    )]);
    rows.push(vec![edit(
        &format!("primary: \"portkey/{FLASH}\""),
        format!("primary: \" portkey/{FLASH} \""),
    )]);
    rows.push(vec![edit(
        &format!(", fallbacks: [\"portkey/{MIXTRAL}\"]"),
        "",
    )]);
    rows.push(vec![edit(
        "      portkey: {",
        "      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', models: [{ id: 'l', name: 'L' }] },\n      portkey: {",
    )]);
    rows.push(vec![edit("mode: \"merge\",", "")]);
    rows.push(vec![edit(
        &url,
        format!("{}/\"", url.trim_end_matches('"')),
    )]);
    rows.push(vec![edit("${PORTKEY_API_KEY}", " ${PORTKEY_API_KEY} ")]);
    // Proxies, which a gateway on this machine never needs.
    rows.push(vec![
        Var("HTTPS_PROXY", "http://127.0.0.1:9".into()),
        Unit(String::new()),
    ]);
    rows.push(vec![Unit(
        "Environment=HTTP_PROXY=http://127.0.0.1:9".into(),
    )]);
    rows.push(vec![Var("OPENCLAW_PROFILE", "work".into())]);
    rows.push(vec![File(".openclaw-work/openclaw.json", "{}".into())]);
    rows
}
