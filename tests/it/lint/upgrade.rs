//! `lint --fix` for a newer OpenClaw: the same result as `openclaw doctor --fix`, with comments
//! kept.

use crate::support::home::Home;

const NEWEST: [&str; 4] = ["lint", "a.json5", "--openclaw-version", "2026.9.6"];

/// Settings that some older version accepted.
const OLD: &str = r#"// My assistant, made with 2026.5
{
  meta: { lastTouchedVersion: "2026.5.28" }, // written by OpenClaw
  env: {
    FOO: "bar", // for a script
    vars: { BAZ: "1" },
  },
  models: {
    pricing: { enabled: false },
    providers: {
      // through Portkey
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "openai-completions",
        models: [
          { id: "@openai-prod/gpt-5", name: "GPT 5", compat: { nativeWebSearchTool: true } }, // main
        ],
      },
    },
  },
  agents: {
    defaults: {
      model: { primary: "portkey/@openai-prod/gpt-5", timeoutMs: 5000 },
      // how times are shown
      timeFormat: "24",
      pdfMaxBytesMb: 10, // large ones
      imageGenerationModel: { primary: "portkey/@openai-prod/gpt-image-1" },
      memorySearch: { enabled: false },
      compaction: { reserveTokensFloor: 20000 },
      heartbeat: { every: "30m", ackMaxChars: 300 },
      sandbox: { mode: "off", perSession: true },
    },
    list: [
      { id: "main", default: true },
      // on call
      {
        id: "ops",
        sandbox: { perSession: false },
        memorySearch: {
          // expensive
          enabled: true,
        },
        systemPromptOverride: "You are ops.",
      },
    ],
  },
  auth: { cooldowns: { billingBackoffHours: 5 } },
  canvasHost: { enabled: false },
}
"#;

/// The same for 2026.9.6. Values with comments inside stay, and so does what only OpenClaw can
/// move.
const NEW: &str = r#"// My assistant, made with 2026.5
{
  meta: { lastTouchedVersion: "2026.5.28" }, // written by OpenClaw
  env: {
    // for a script
    vars: { BAZ: "1", FOO: "bar" },
  },
  models: {
    providers: {
      // through Portkey
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "openai-completions",
        models: [
          { id: "@openai-prod/gpt-5", name: "GPT 5" }, // main
        ],
      },
    },
  },
  agents: {
    defaults: {
      model: { primary: "portkey/@openai-prod/gpt-5" },
      // how times are shown
      pdfMaxMb: 10, // large ones
      heartbeat: { every: "30m" },
      sandbox: { mode: "off", scope: "session" },
      mediaModels: {
        image: { primary: "portkey/@openai-prod/gpt-image-1" },
      },
    },
    list: [
      { id: "main", default: true },
      // on call
      {
        id: "ops",
        sandbox: { scope: "shared" },
        memorySearch: {
          // expensive
          enabled: true,
        },
      },
    ],
  },
  canvasHost: { enabled: false },
  memory: { search: { enabled: false } },
}
"#;

fn fixed(text: &str) -> (Home, String) {
    let home = Home::new();
    home.write("a.json5", text);
    let _ = home.run(&[&NEWEST[..], &["--fix"]].concat());
    let text = home.read("a.json5");
    (home, text)
}

#[test]
fn an_old_file_is_upgraded() {
    let home = Home::new();
    home.write("a.json5", OLD);
    let ran = home.run(&[&NEWEST[..], &["--fix"]].concat()).status(1);
    assert_eq!(home.read("a.json5"), NEW);
    assert!(
        ran.stdout
            .contains("= help: move it to `agents.list[1].memory.search`"),
        "{}",
        ran.stdout
    );
    let _ = home
        .run(&["undo", "--yes", "--config", "a.json5"])
        .status(0);
    assert_eq!(home.read("a.json5"), OLD);
}

#[test]
fn settings_that_only_openclaw_can_move_get_its_command() {
    let home = Home::new();
    home.write("a.json5", "{\n  canvasHost: { enabled: false },\n}\n");
    let ran = home
        .run(&[&NEWEST[..], &["--format", "github"]].concat())
        .status(1);
    assert_eq!(
        ran.stdout.lines().find(|line| line.starts_with("::error")),
        Some(
            "::error file=a.json5,line=2,endLine=2,col=3,endColumn=13,title=retired-key::OpenClaw \
             2026.9.6 has no key `canvasHost` here (2026.7.35 had it), and won't start with \
             it%0Aremove it, or let OpenClaw move it, which drops all comments: openclaw doctor --fix"
        )
    );
}

/// Before and after.
const CASES: &[(&str, &str)] = &[
    // Already set in the new place: the old one is removed.
    (
        "{ agents: { defaults: { pdfMaxBytesMb: 5, pdfMaxMb: 9 } } }",
        "{ agents: { defaults: { pdfMaxMb: 9 } } }",
    ),
    (
        "{ env: { A: \"1\", vars: { A: \"2\" } } }",
        "{ env: { vars: { A: \"2\" } } }",
    ),
    // Only what is missing there is added.
    (
        "{ memory: { search: { enabled: true } }, \
         agents: { defaults: { memorySearch: { enabled: false, provider: \"openai\" } } } }",
        "{ memory: { search: { enabled: true, provider: \"openai\" } }, agents: { defaults: {} } }",
    ),
    // The last member takes the object with it.
    (
        "{ agents: { defaults: { contextPruning: { mode: \"off\", softTrimRatio: 0.5 } } } }",
        "{ agents: { defaults: { contextPruning: { mode: \"off\" } } } }",
    ),
    (
        "{ secrets: { resolution: { maxBatchBytes: 10000 } } }",
        "{}",
    ),
    // A value that affects another key.
    (
        "{ agents: { defaults: { compaction: { truncateAfterCompaction: false, \
         maxActiveTranscriptBytes: 1000 } } } }",
        "{ agents: { defaults: { compaction: {} } } }",
    ),
    (
        "{ agents: { defaults: { compaction: { truncateAfterCompaction: true, \
         maxActiveTranscriptBytes: 1000 } } } }",
        "{ agents: { defaults: { compaction: { maxActiveTranscriptBytes: 1000 } } } }",
    ),
    // One part moves, the rest is removed.
    (
        "{ agents: { defaults: { promptOverlays: { gpt5: { personality: \"off\" } } } } }",
        "{ agents: { defaults: {} }, plugins: { entries: { openai: { config: { personality: \"off\" } } } } }",
    ),
    (
        "{ agents: { defaults: { promptOverlays: {} } } }",
        "{ agents: { defaults: {} } }",
    ),
    // An agent's own.
    (
        "{ agents: { entries: { main: { sandbox: { browser: { enableNoVnc: true } } } } } }",
        "{ agents: { entries: { main: { sandbox: { browser: { noVncEnabled: true } } } } } }",
    ),
];

#[test]
fn every_kind_moves_as_in_openclaw() {
    for (before, after) in CASES {
        let (home, text) = fixed(before);
        let read = |text: &str| json5::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&text), read(after), "{before}\n{text}");
        let _ = home
            .run(&[&NEWEST[..], &["--select", "retired-key,unknown-key"]].concat())
            .status(0);
    }
}

#[test]
fn a_setting_with_comments_inside_stays() {
    for before in [
        "{ agents: { defaults: { memorySearch: { /* why */ enabled: false } } } }",
        "{ agents: { defaults: { imageGenerationModel: { /* why */ primary: \"a/b\" } } } }",
        "{ cli: { /* why */ } }",
    ] {
        assert_eq!(fixed(before).1, before);
    }
}

#[test]
fn without_a_version_moving_is_unsafe() {
    let home = Home::new();
    let before = "{ agents: { defaults: { pdfMaxBytesMb: 5 } } }";
    home.write("a.json5", before);
    let _ = home.run(&["lint", "a.json5", "--fix"]).status(0);
    assert_eq!(home.read("a.json5"), before);
    let _ = home
        .run(&["lint", "a.json5", "--fix", "--unsafe-fixes"])
        .status(0);
    assert!(home.read("a.json5").contains("pdfMaxMb"));
}

#[test]
fn settings_move_within_an_included_file() {
    let home = Home::new();
    home.write("a.json5", "{ agents: { $include: \"./agents.json5\" } }");
    home.write(
        "agents.json5",
        "{ defaults: { pdfMaxBytesMb: 5 /* MB */ } }",
    );
    let _ = home.run(&[&NEWEST[..], &["--fix"]].concat());
    assert_eq!(
        home.read("agents.json5"),
        "{ defaults: { pdfMaxMb: 5 /* MB */ } }"
    );
}
