//! The file that `team init` writes.

/// A commented example with every key.
pub const EXAMPLE: &str = r#"// A team's resources at Portkey, and its settings for every openclaw.json.
// This file contains no secrets, so commit it.
//
//   openclaw-portkey team plan team.json5         compares with Portkey
//   openclaw-portkey team apply team.json5        creates and updates, after confirmation
//   openclaw-portkey init --from team.json5       sets up one developer's OpenClaw
//   openclaw-portkey lint --policy team.json5     checks that a config follows the rules
{
  // The workspace at Portkey, if the admin key is an organisation's.
  // workspace: "ws-team-1a2b3c",

  // Providers in the Model Catalog by slug, with their limits.
  providers: {
    "openai-prod": { budget: "500 usd/month", rate: "100/min" },
    gemini: { budget: "10M tokens/week" },
  },

  // Gateway configs, each a file next to this one. `team apply` adds their ids.
  configs: {
    // main: { file: "gateway.json" },
  },

  // API keys by name: for a user, a service or an OpenClaw agent.
  keys: {
    alice: {
      user: "alice@example.com",
      // A name from `configs`, or an id; with `pin`, requests can't choose another.
      // config: "main",
      // pin: true,
      budget: "20 usd/month",
      rate: "60/min",
      // Added to every request; openclaw.json can't change it.
      metadata: { team: "backend" },
      // A date, or a period from its creation.
      expires: "90d",
      alert: ["lead@example.com"],
    },
    ci: { service: "ci", budget: "5 usd/week", metadata: { team: "backend" } },
    ops: { agent: "ops", budget: "20 usd/month", metadata: { team: "backend" } },
  },

  // Settings for every openclaw.json.
  openclaw: {
    // baseUrl: "https://portkey.example.com/v1",
    models: ["@openai-prod/gpt-5", "@gemini/gemini-2.5-flash"],
    primary: "@openai-prod/gpt-5",
    fallbacks: ["@gemini/gemini-2.5-flash"],
    // config: "main",
    metadata: { team: "backend" },
    headers: {},
  },

  // The rules of `lint --policy`.
  policy: {
    requiredMetadata: ["team"],
    allowedModels: ["@openai-prod/*", "@gemini/*"],
    noPlaintextKeys: true,
    noBypass: true,
  },
}
"#;
