//! `models`.

use snapbox::str;

use super::{CONFIG, FLASH, GPT, KEY, MIXTRAL, changed_lines, portkey, wired, wired_home};
use crate::support::home::Home;
use crate::support::snapshot::{file, same};

#[test]
fn lists_and_filters() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    home.run(&["models"]).expect(
        0,
        str![[r#"
@gemini/gemini-2.5-flash         1M     0.3/2.5  image+audio+video   65.5K  yes
@mistral/open-mixtral-8x7b      32K     0.7/0.7  text                  32K  no
@openai-prod/gpt-5             400K     1.25/10  image                128K  yes

"#]],
        str![[r#"
model                       context  $/M in/out  input              output  reasoning
3 of 3 models; 2 in the config

"#]],
    );
    home.run(&["models", "GPT", "--quiet"]).expect(
        0,
        str![[r#"
@openai-prod/gpt-5     400K     1.25/10  image    128K  yes

"#]],
        str![],
    );
    home.run(&["models", "gemini-2.5-flush"]).expect(
        0,
        str![],
        str![[r#"
0 of 3 models
did you mean @gemini/gemini-2.5-flash?

"#]],
    );
    home.run(&["models", "mistral", "--format", "json"]).expect(
        0,
        file("models/lists-and-filters.json"),
        str![],
    );
}

#[test]
fn filters_by_facts_and_sorts() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let ids = |args: &[&str]| -> Vec<String> {
        let ran = home
            .run(&[&["models", "--format", "json"], args].concat())
            .status(0)
            .json();
        let models = ran["models"].as_array().unwrap().clone();
        models
            .iter()
            .map(|model| model["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&["--input", "image"]), [FLASH, GPT]);
    assert_eq!(ids(&["--input", "audio"]), [FLASH]);
    assert_eq!(ids(&["--min-context", "400k"]), [FLASH, GPT]);
    assert_eq!(ids(&["--provider", "openai-prod"]), [GPT]);
    assert_eq!(ids(&["--provider", "@mistral"]), [MIXTRAL]);
    assert_eq!(ids(&["--sort", "price"]), [MIXTRAL, FLASH, GPT]);
    assert_eq!(ids(&["--sort", "context"]), [FLASH, GPT, MIXTRAL]);
    assert_eq!(ids(&["--sort", "output"]), [GPT, FLASH, MIXTRAL]);
    home.run(&["models", "--provider", "nope"]).expect(
        0,
        str![],
        str![[r#"
0 of 3 models
the providers of this key are @gemini, @mistral, @openai-prod; `nope` may not be one of them

"#]],
    );
    home.fails(&["models", "--min-context", "much"], 2).says(
        "",
        str![[r#"
error: invalid value 'much' for '--min-context <TOKENS>': expected tokens such as 128000, 128k or 1m

For more information, try '--help'.

"#]],
    );
    home.fails(&["models", "--yes"], 2).says(
        "",
        str![[r#"
error: --dry-run and --yes need --sync
  → leave out --dry-run and --yes, or add --sync

"#]],
    );
}

#[test]
fn brings_the_config_up_to_date() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    let before = home.config();
    let dry = home.run(&["models", "--sync", "--dry-run"]).status(0);
    assert_eq!(home.config(), before);
    let ran = home.run(&["models", "--sync", "--yes"]).status(0);
    assert_eq!(changed_lines(&ran.stderr), changed_lines(&dry.stdout));
    same(
        &changed_lines(&ran.stderr),
        str![[r#"
-          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576 },
-          { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral' }, // cheap
+          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576, maxTokens: 65535, input: ['text', 'image'], reasoning: true, cost: { input: 0.3, output: 2.5, cacheRead: 0.03 } },
+          { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral', contextWindow: 32000, maxTokens: 32000, input: ['text'], reasoning: false, cost: { input: 0.7, output: 0.7 } }, // cheap

"#]],
    );
    home.run(&["models", "--sync", "--yes"]).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![],
    );
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.config(), before);
}

#[test]
fn values_set_by_hand_stay_unless_overwritten() {
    let home = Home::with(&wired("https://api.portkey.ai/v1").replace("1048576", "500000"));
    let filled = ["models", "gemini", "--sync", "--offline", "--yes"];
    home.run(&filled).expect(0, str![[r#"
Wrote ~/.openclaw/openclaw.json (backup: openclaw.json.portkey.bak)

"#]], str![[r#"
--- ~/.openclaw/openclaw.json
+++ ~/.openclaw/openclaw.json
@@ -9,7 +9,7 @@
         headers: { 'x-portkey-metadata': '{"team":"backend"}' },
         api: 'openai-completions',
         models: [
-          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 500000 },
+          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 500000, maxTokens: 65535, input: ['text', 'image'], reasoning: true, cost: { input: 0.3, output: 2.5, cacheRead: 0.03 } },
           { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral' }, // cheap
         ],
       },
note: kept 1 value that differs from what is known; --overwrite replaces them

"#]]);
    assert!(home.config().contains("contextWindow: 500000"));
    // The other model isn't selected.
    assert!(home.config().contains("name: 'Mixtral' }"));
    home.run(&[&filled[..], &["--overwrite"]].concat())
        .status(0);
    assert!(home.config().contains("contextWindow: 1048576"));
    home.fails(&["models", "--overwrite"], 2);
}

#[test]
fn sync_with_nothing_to_do() {
    let own = "contextWindow: 1048576, maxTokens: 1, input: ['text'], reasoning: true, cost: { input: 1 } }";
    let config = wired("https://api.portkey.ai/v1")
        .replace("contextWindow: 1048576 }", own)
        .replace(
            "@mistral/open-mixtral-8x7b', name",
            "@a/nobody-knows-it', name",
        );
    let home = Home::with(&config);
    let sync = ["models", "--sync", "--offline", "--yes"];
    // A custom price isn't extended.
    home.run(&sync).expect(
        0,
        str![[r#"
Nothing to change; ~/.openclaw/openclaw.json is already up to date.

"#]],
        str![[r#"
note: no reliable data about @a/nobody-knows-it
note: kept 3 values that differ from what is known; --overwrite replaces them

"#]],
    );
    assert_eq!(home.config(), config);
    home.fails(&["models", "zzz", "--sync", "--offline"], 2)
        .says(
            "",
            str![[r#"
error: no such model in the config
  → `openclaw-portkey show` lists its models

"#]],
        );
    Home::new().fails(&["models", "--sync"], 2).says(
        "",
        str![[r#"
error: the config has no provider `portkey`
  → `openclaw-portkey init` adds it

"#]],
    );
}

#[test]
fn portkeys_own_price_wins() {
    let script = super::script().price(
        "/model-configs/pricing/openai/gpt-5",
        r#"{"pay_as_you_go":{"request_token":{"price":0.0002},"response_token":{"price":0.0016}},"currency":"USD"}"#,
    );
    let portkey = super::Portkey::start(script).unwrap();
    let home = wired_home(&portkey.base_url());
    home.run(&["add-model", GPT, "--yes"]).status(0);
    assert!(
        home.config().contains("cost: { input: 2, output: 16 }"),
        "{}",
        home.config()
    );
    let slow = super::script().price("/model-configs/pricing/openai/gpt-5", "not a price");
    let portkey = super::Portkey::start(slow).unwrap();
    let home = wired_home(&portkey.base_url());
    home.run(&["add-model", GPT, "--yes"]).status(0);
    assert!(
        home.config()
            .contains("cost: { input: 1.25, output: 10, cacheRead: 0.125 }"),
        "{}",
        home.config()
    );
    assert!(home.read(CONFIG).contains("contextWindow: 400000"));
}

#[test]
fn without_a_config() {
    let portkey = portkey();
    let base_url = portkey.base_url();
    let home = Home::new();
    home.fails(&["models", "--base-url", &base_url], 2).says(
        "",
        str![[r#"
error: no API key for Portkey
  → pass one with --api-key-env NAME, --api-key-stdin or --api-key-file FILE, or set PORTKEY_API_KEY

"#]],
    );
    let args = ["models", "--base-url", &base_url, "--api-key-stdin"];
    home.run_with_input(&args, KEY).expect(
        0,
        str![[r#"
@gemini/gemini-2.5-flash         1M     0.3/2.5  image+audio+video   65.5K  yes
@mistral/open-mixtral-8x7b      32K     0.7/0.7  text                  32K  no
@openai-prod/gpt-5             400K     1.25/10  image                128K  yes

"#]],
        str![[r#"
model                       context  $/M in/out  input              output  reasoning
3 of 3 models

"#]],
    );
    home.run_with_input(&args, "pk-wrong").expect(
        1,
        "",
        str![[r#"
error: Portkey does not accept the API key (401: Portkey Error: Invalid API Key. Error Code: 03)
  → Copy the key again from the API Keys page, or create a new one; `openclaw-portkey init` stores it.

"#]],
    );
    assert_eq!(home.files(), [".cache/openclaw-portkey/models"]);
}
