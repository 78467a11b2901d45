//! `models`.

use super::{CONFIG, FLASH, GPT, KEY, MIXTRAL, changed_lines, portkey, wired, wired_home};
use crate::support::home::Home;

const HEADING: &str =
    "  model                       context  $/M in+out  input              output  reasons\n";

#[test]
fn lists_and_filters() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    home.run(&["models"]).expect(
        0,
        "\
✓ @gemini/gemini-2.5-flash         1M     0.3+2.5  image+audio+video   65.5K  yes
✓ @mistral/open-mixtral-8x7b      32K     0.7+0.7  text                  32K  no
  @openai-prod/gpt-5             400K     1.25+10  image                128K  yes
",
        &format!("{HEADING}3 of 3 models; ✓ marks the 2 in the config\n"),
    );
    home.run(&["models", "GPT", "--quiet"]).expect(
        0,
        "  @openai-prod/gpt-5     400K     1.25+10  image    128K  yes\n",
        "",
    );
    home.run(&["models", "gemini-2.5-flush"]).expect(
        0,
        "",
        "0 of 3 models\ndid you mean @gemini/gemini-2.5-flash?\n",
    );
    let json = home
        .run(&["models", "mistral", "--format", "json"])
        .status(0)
        .json();
    assert_eq!(json["total"], 3);
    assert_eq!(
        json["models"],
        serde_json::json!([{
            "id": "@mistral/open-mixtral-8x7b",
            "declared": true,
            "contextWindow": 32000,
            "maxTokens": 32000,
            "input": ["text"],
            "reasoning": false,
            "cost": { "input": 0.7, "output": 0.7, "cacheRead": null, "cacheWrite": null },
        }])
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
        "",
        "0 of 3 models\nthe providers of this key are @gemini, @mistral, @openai-prod; `nope` may be none of them\n",
    );
    home.fails(&["models", "--min-context", "much"], 2)
        .stderr_has("tokens are written like 128000, 128k or 1m");
    home.fails(&["models", "--yes"], 2)
        .stderr_has("error: nothing is written without --sync\n");
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
    assert_eq!(
        changed_lines(&ran.stderr),
        "\
-          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576 },
-          { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral' }, // cheap
+          { id: '@gemini/gemini-2.5-flash', name: 'Gemini 2.5 Flash', contextWindow: 1048576, maxTokens: 65535, input: ['text', 'image'], reasoning: true, cost: { input: 0.3, output: 2.5, cacheRead: 0.03 } },
+          { id: '@mistral/open-mixtral-8x7b', name: 'Mixtral', contextWindow: 32000, maxTokens: 32000, input: ['text'], reasoning: false, cost: { input: 0.7, output: 0.7 } }, // cheap
"
    );
    home.run(&["models", "--sync", "--yes"])
        .status(0)
        .stdout_has("Nothing to change");
    home.run(&["undo", "--yes"]).status(0);
    assert_eq!(home.config(), before);
}

#[test]
fn what_a_person_has_set_stays_unless_told_otherwise() {
    let home = Home::with(&wired("https://api.portkey.ai/v1").replace("1048576", "500000"));
    let filled = ["models", "gemini", "--sync", "--offline", "--yes"];
    home.run(&filled).status(0).stderr_has(
        "note: 1 value in the config differ from what is known and stay; --overwrite changes them\n",
    );
    assert!(home.config().contains("contextWindow: 500000"));
    // The other model is not asked for.
    assert!(home.config().contains("name: 'Mixtral' }"));
    home.run(&[&filled[..], &["--overwrite"]].concat())
        .status(0);
    assert!(home.config().contains("contextWindow: 1048576"));
    home.fails(&["models", "--overwrite"], 2);
}

#[test]
fn what_sync_has_to_say_where_there_is_nothing_to_do() {
    let own = "contextWindow: 1048576, maxTokens: 1, input: ['text'], reasoning: true, cost: { input: 1 } }";
    let config = wired("https://api.portkey.ai/v1")
        .replace("contextWindow: 1048576 }", own)
        .replace(
            "@mistral/open-mixtral-8x7b', name",
            "@a/nobody-knows-it', name",
        );
    let home = Home::with(&config);
    let sync = ["models", "--sync", "--offline", "--yes"];
    // A price of one's own is not topped up.
    home.run(&sync)
        .status(0)
        .stdout_has("Nothing to change")
        .stderr_has("note: nothing certain is known of @a/nobody-knows-it\n");
    assert_eq!(home.config(), config);
    home.fails(&["models", "zzz", "--sync", "--offline"], 2)
        .stderr_has("error: the config has no such model\n");
    Home::new()
        .fails(&["models", "--sync"], 2)
        .stderr_has("error: the config has no provider `portkey`\n");
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
    home.fails(&["models", "--base-url", &base_url], 2)
        .stderr_has("error: there is no API key to check with\n");
    let args = ["models", "--base-url", &base_url, "--api-key-stdin"];
    let ran = home.run_with_input(&args, KEY).status(0);
    assert_eq!(ran.stdout.lines().count(), 3);
    let ran = home.run_with_input(&args, "pk-wrong").status(1);
    assert!(
        ran.stderr
            .starts_with("error: Portkey does not accept the API key"),
        "{}",
        ran.stderr
    );
    assert_eq!(home.files(), [".cache/openclaw-portkey/models"]);
}
