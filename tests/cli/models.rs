//! `models`.

use super::support::home::Home;
use super::{KEY, portkey, wired_home};

#[test]
fn lists_and_filters() {
    let portkey = portkey();
    let home = wired_home(&portkey.base_url());
    home.run(&["models"]).expect(
        0,
        "@gemini/gemini-2.5-flash (in the config)\n@mistral/open-mixtral-8x7b (in the config)\n@openai-prod/gpt-5\n",
        "3 of 3 models\n",
    );
    home.run(&["models", "GPT", "--quiet"])
        .expect(0, "@openai-prod/gpt-5\n", "");
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
        serde_json::json!([{ "id": "@mistral/open-mixtral-8x7b", "declared": true }])
    );
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
