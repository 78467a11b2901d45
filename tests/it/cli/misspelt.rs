//! Misspelt keys: the existing value counts, and no second key is added next to it.

use snapbox::str;

use super::{FLASH, GPT, KEY, portkey};
use crate::support::home::Home;

/// A config with a self-hosted gateway.
const GOOD: &str = "{
  models: { providers: { portkey: {
    // ours
    baseUrl: 'https://gw.corp.example/v1', // behind the VPN
    apiKey: '${PORTKEY_API_KEY}',
    \"headers\": { 'x-portkey-config': 'pc-abc-123456' },
    models: [
      { id: '@openai-prod/gpt-5', name: 'GPT 5', contextWindow: 1000 },
    ],
  } } },
  agents: { defaults: { model: { primary: 'portkey/@openai-prod/gpt-5', fallbacks: [] } } },
}
";

/// The spelling in the config, the intended one, and whether only case, `_` or `-` differ.
const CASES: [(&str, &str, bool); 17] = [
    ("baseURL:", "baseUrl:", true),
    ("base_url:", "baseUrl:", true),
    ("'base-url':", "baseUrl:", true),
    ("baseUri:", "baseUrl:", false),
    ("api_key:", "apiKey:", true),
    ("ApiKey:", "apiKey:", true),
    ("\"Headers\":", "\"headers\":", true),
    ("\"header\":", "\"headers\":", false),
    ("Models: [", "models: [", true),
    ("providres:", "providers:", false),
    ("Providers:", "providers:", true),
    ("context_window:", "contextWindow:", true),
    ("primay:", "primary:", false),
    ("Primary:", "primary:", true),
    ("fallback:", "fallbacks:", false),
    ("modle:", "model:", false),
    ("default:", "defaults:", false),
];

fn bad(written: &str, intended: &str) -> String {
    assert_eq!(GOOD.matches(intended).count(), 1, "{intended}");
    GOOD.replace(intended, written)
}

/// The result of the fix; quotes stay.
fn fixed(written: &str, intended: &str) -> String {
    if written.starts_with('\'') {
        return GOOD.replace(intended, "'baseUrl':");
    }
    GOOD.to_owned()
}

#[test]
fn lint_renames_them_where_they_are() {
    for (written, intended, is_certain) in CASES {
        let home = Home::with(&bad(written, intended));
        let fix = [
            "lint",
            "--select",
            "unknown-key,base-url-missing,api-key-missing,primary-missing,primary-undeclared,reference-undeclared,models-empty,model-name-missing",
            "--fix",
        ];
        let _ = home.run(&fix);
        let safe = home.config();
        let wanted = fixed(written, intended);
        assert_eq!(safe == wanted, is_certain, "{written}\n{safe}");
        assert!(
            is_certain || safe == bad(written, intended),
            "{written}\n{safe}"
        );
        let _ = home.run(&[&fix[..], &["--unsafe-fixes"]].concat());
        assert_eq!(home.config(), wanted, "{written}");
    }
}

#[test]
fn doctor_renames_what_is_certain_and_adds_nothing() {
    for (written, intended, is_certain) in CASES {
        let config = bad(written, intended);
        let home = Home::with(&config);
        let _ = home.run(&["doctor", "--offline", "--fix", "--yes"]);
        let wanted = if is_certain {
            fixed(written, intended)
        } else {
            config
        };
        assert_eq!(home.config(), wanted, "{written}");
    }
}

/// No key may go to another host, and nothing may be lost.
#[test]
fn commands_that_write_name_them() {
    let commands: [&[&str]; 7] = [
        &["init", "--model", FLASH],
        &["add-model", FLASH],
        &["remove-model", FLASH],
        &["set-primary", FLASH],
        &["set-fallback", FLASH],
        &["set-header", "--metadata", "a=b"],
        &["models", "--sync"],
    ];
    for (written, intended, is_certain) in CASES {
        let home = Home::with(&bad(written, intended)).var("PORTKEY_API_KEY", KEY);
        for command in commands {
            let args = [command, &["--yes", "--offline"]].concat();
            let ran = home.fails(&args, 2);
            let plain = |text: &str| {
                text.trim_matches([':', '\'', '"', '[', ' '])
                    .replace(':', "")
            };
            let (written, intended) = (plain(written), plain(intended));
            let message = format!(
                "error: OpenClaw doesn't know the key `{written}` here; did you mean `{intended}`?\n"
            );
            assert!(ran.stderr.starts_with(&message), "{}", ran.stderr);
            let fix = if is_certain {
                "lint --fix`"
            } else {
                "lint --fix --unsafe-fixes`"
            };
            assert!(ran.stderr.contains(fix), "{}", ran.stderr);
        }
    }
}

#[test]
fn no_key_goes_to_another_host() {
    let portkey = portkey();
    let text = GOOD
        .replace("https://gw.corp.example/v1", &portkey.base_url())
        .replace("baseUrl", "baseURL");
    let home = Home::with(&text).var("PORTKEY_API_KEY", KEY);
    home.fails(&["models"], 2).says(
        "",
        str![[r#"
error: OpenClaw doesn't know the key `baseURL` here; did you mean `baseUrl`?
  at HOME/.openclaw/openclaw.json:4:5
  → `openclaw-portkey lint --fix` renames it; then run this command again

"#]],
    );
    home.fails(&["init", "--yes", "--model", GPT], 2);
    let _ = home.run(&["doctor"]);
    let _ = home.run(&["lint", "--online"]);
    assert_eq!(portkey.requests().len(), 0);
    let _ = home.run(&["lint", "--fix"]);
    home.run(&["models"]).status(0);
    assert!(!portkey.requests().is_empty());
}

/// It isn't known which one was intended.
#[test]
fn both_are_there() {
    let both = GOOD.replace(
        "    apiKey",
        "    baseURL: 'https://api.portkey.ai/v1',\n    apiKey",
    );
    let home = Home::with(&both);
    let ran = home
        .run(&["lint", "--select", "unknown-key", "--fix", "--unsafe-fixes"])
        .status(1);
    assert_eq!(home.config(), both);
    ran.says(
        str![[r#"
error[unknown-key]: OpenClaw doesn't know the key `baseURL` here and won't start
                    with it
 --> .openclaw/openclaw.json:5:5
  |
5 |     baseURL: 'https://api.portkey.ai/v1',
  |     ^^^^^^^
  |
  = note: models.providers.portkey.baseURL
  = help: remove it, or `baseUrl`, which is also set

"#]],
        str![[r#"
Found 1 error in 1 file.

"#]],
    );
    let _ = home.run(&["doctor", "--offline", "--fix", "--yes"]);
    assert_eq!(home.config(), both);
    let two = GOOD
        .replace(
            "    apiKey",
            "    base_url: 'https://api.portkey.ai/v1',\n    apiKey",
        )
        .replace("baseUrl", "baseURL");
    let home = Home::with(&two);
    let _ = home.run(&["lint", "--fix", "--unsafe-fixes"]);
    let _ = home.run(&["doctor", "--offline", "--fix", "--yes"]);
    assert_eq!(home.config(), two);
    home.fails(
        &["set-header", "--yes", "--offline", "--metadata", "a=b"],
        2,
    )
    .says(
        "",
        str![[r#"
error: OpenClaw doesn't know the key `baseURL` here; did you mean `baseUrl`?
  at HOME/.openclaw/openclaw.json:4:5
  → several keys look like `baseUrl`; keep one and give it that name

"#]],
    );
}

/// Other parts of OpenClaw's config are left alone.
#[test]
fn elsewhere_they_are_ignored() {
    let other = "providers: { ollama: { baseURL: 'http://127.0.0.1:1/v1', models: [] }, portkey: {";
    for (old, new) in [
        ("providers: { portkey: {", other),
        (
            "fallbacks: [] } }",
            "fallbacks: [] }, sandbox: { Mode: 'off' } }",
        ),
        ("1000 }", "1000, compat: { supportsStor: true } }"),
        ("    apiKey", "    timeoutSecond: 60,\n    apiKey"),
    ] {
        let text = GOOD.replace(old, new);
        assert_ne!(text, GOOD);
        let home = Home::with(&text);
        home.run(&["set-header", "--yes", "--offline", "--metadata", "a=b"])
            .status(0);
    }
}

#[test]
fn a_config_without_portkey() {
    let home = Home::with("{ agents: { defaults: { model: { primay: 'ollama/llama3' } } } }");
    home.fails(&["init", "--yes", "--offline", "--model", FLASH], 2)
        .says(
            "",
            str![[r#"
error: OpenClaw doesn't know the key `primay` here; did you mean `primary`?
  at HOME/.openclaw/openclaw.json:1:34
  → `openclaw-portkey lint --fix --unsafe-fixes` renames it; then run this command again

"#]],
        );
}

#[test]
fn at_the_root() {
    for (old, new) in [("models: { prov", "Models: { prov"), ("agents:", "Agents:")] {
        let home = Home::with(&GOOD.replace(old, new));
        let ran = home.fails(&["init", "--yes", "--offline", "--model", FLASH], 2);
        assert!(
            ran.stderr.contains("OpenClaw doesn't know the key `"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("lint --fix` renames it"),
            "{}",
            ran.stderr
        );
    }
}
