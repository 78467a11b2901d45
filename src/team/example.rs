//! The file that `team init` writes.

/// A commented example with every key.
pub const EXAMPLE: &str = r#"// A team on OpenClaw and Portkey: what it keeps at Portkey, and what each openclaw.json says.
// There is no secret in this file, so commit it.
//
//   openclaw-portkey team plan team.json5         compares with Portkey
//   openclaw-portkey team apply team.json5        creates and changes, after a yes
//   openclaw-portkey init --from team.json5       sets up one developer's OpenClaw
//   openclaw-portkey lint --policy team.json5     checks that a config follows the rules
{
  // The workspace at Portkey, where the admin key is an organisation's.
  // workspace: "ws-team-1a2b3c",

  // Providers of the Model Catalog by their slugs, with their limits.
  providers: {
    "openai-prod": { budget: "500 usd/month", rate: "100/min" },
    gemini: { budget: "10M tokens/week" },
  },

  // Gateway configs, each a file next to this one. `team apply` adds their ids.
  configs: {
    // main: { file: "gateway.json" },
  },

  // API keys by name: for a user, a service or an agent of OpenClaw's.
  keys: {
    alice: {
      user: "alice@example.com",
      // One of `configs`, or an id; with `pin`, requests cannot choose another.
      // config: "main",
      // pin: true,
      budget: "20 usd/month",
      rate: "60/min",
      // Added to every request; openclaw.json cannot change it.
      metadata: { team: "backend" },
      // A date, or a time from its creation.
      expires: "90d",
      alert: ["lead@example.com"],
    },
    ci: { service: "ci", budget: "5 usd/week", metadata: { team: "backend" } },
    ops: { agent: "ops", budget: "20 usd/month", metadata: { team: "backend" } },
  },

  // What every openclaw.json says.
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
