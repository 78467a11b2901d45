//! Team files: the example, problems in a file, and setting up a developer.

mod file;
mod policy;
mod remote;
mod setup;

use crate::support::home::Home;

/// A team with rules, models and a gateway config whose id is known.
const TEAM: &str = r#"{
  openclaw: {
    models: ["@openai-prod/gpt-5", "@gemini/gemini-2.5-flash"],
    primary: "@openai-prod/gpt-5",
    fallbacks: ["@gemini/gemini-2.5-flash"],
    config: "main",
    metadata: { team: "backend" },
    headers: { "x-portkey-cache-namespace": "backend" },
  },
  configs: { main: { file: "gateway.json", id: "pc-abc-123456" } },
  policy: {
    requiredMetadata: ["team", "owner"],
    allowedModels: ["@openai-prod/*", "@gemini/*"],
    noPlaintextKeys: true,
    noBypass: true,
  },
}
"#;

/// A home with that file.
fn home() -> Home {
    let home = Home::new();
    home.write("team.json5", TEAM);
    home
}
