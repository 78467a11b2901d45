//! `lint` and `explain` as users and CI see them.
mod baseline;
mod explain;
mod files;
mod fix;
mod formats;
mod hostile;
mod interface;
mod matrix;
mod online;
mod upgrade;
mod validity;

use crate::support::home::Home;

/// A config with one fixable error, at 4:16.
const WITHOUT_V1: &str = r#"{
  models: {
    providers: { portkey: {
      baseUrl: "https://api.portkey.ai",
      apiKey: "${PORTKEY_API_KEY}",
      api: "openai-completions",
      models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
    } },
  },
  agents: { defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } } },
}
"#;

/// The same, fixed.
fn fixed() -> String {
    WITHOUT_V1.replace("https://api.portkey.ai", "https://api.portkey.ai/v1")
}

/// The arguments to make `lint` check only for that error, so that other rules don't interfere.
fn only<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "lint",
        "--select",
        "base-url-without-v1,syntax-error,not-utf8,ignore-stale,ignore-without-reason",
    ];
    args.extend_from_slice(rest);
    args
}

/// A home with that config as `a.json5`.
fn home() -> Home {
    let home = Home::new();
    home.write("a.json5", WITHOUT_V1);
    home
}
