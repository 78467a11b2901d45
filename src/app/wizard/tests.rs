//! The wizard against a script of answers and a Portkey on loopback.
#![expect(clippy::disallowed_methods, reason = "the tests make throwaway homes")]

use std::ffi::OsString;

use clap::Parser;

use super::{Wizard, greet};
use crate::app::Env;
use crate::app::credential::{FoundKey, Origin};
use crate::app::init::Answers;
use crate::app::session::Session;
use crate::args::KeyIn;
use crate::commands::init::InitArgs;
use crate::error::{Failure, FailureKind};
use crate::portkey::model_id::ModelId;
use crate::prompt::script::{Answer, Script};
use crate::secret::Secret;
use crate::store::Environment;
use crate::ui::{Color, Ui};
use Answer::{Cancel, Default, Item, Items, Text, Yes};

#[path = "../../../tests/it/support/portkey.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod server;

use server::{Portkey, closed_port};

const KEY: &str = "pk-test-0123456789abcdef";
const FLASH: &str = "@gemini/gemini-2.5-flash";
const MIXTRAL: &str = "@mistral/open-mixtral-8x7b";
const GPT: &str = "@openai-prod/gpt-5";

fn portkey() -> Portkey {
    Portkey::start(
        server::Script::new(KEY)
            .models([GPT, FLASH, MIXTRAL])
            .config("pc-abc-123456"),
    )
    .unwrap()
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    init: InitArgs,
}

/// How a run of the wizard went.
struct Told {
    asked: Vec<String>,
    answers: Answers,
    provider_id: String,
    end: Result<(), Failure>,
}

/// Runs the wizard with flags on a config, a key found beforehand, and a script.
fn run(
    config: &str,
    flags: &[&str],
    key: Option<(&str, Origin)>,
    script: impl IntoIterator<Item = Answer>,
) -> Told {
    let home = tempfile::tempdir().unwrap();
    if !config.is_empty() {
        std::fs::create_dir(home.path().join(".openclaw")).unwrap();
        std::fs::write(home.path().join(".openclaw/openclaw.json"), config).unwrap();
    }
    let env = Env {
        files: Environment::from_vars([(OsString::from("HOME"), home.path().into())], None, None),
        cache: None,
        variable: |_| None,
    };
    let args = Line::parse_from([&["init"], flags].concat()).init;
    let mut session = Session::open(&args.write.config, &env).unwrap();
    let ui = Ui::new(Color::Never, false, false, true);
    let mut script = Script::new(script);
    let mut answers = Answers::default();
    let end = greet(&session, &ui, &mut script).and_then(|id| {
        session.flags.provider_id = Some(id);
        let mut request = args.request(&session).unwrap();
        answers = std::mem::take(&mut request.answers);
        answers.key = key.map(|(text, origin)| FoundKey {
            secret: Secret::new(text),
            origin,
        });
        Wizard::new(&ui, &session, &request, &mut script).fill(&mut answers)
    });
    assert!(
        script.is_done(),
        "not all was asked, only {:?}",
        script.asked
    );
    let name = |question: String| question.split(" (").next().unwrap().to_owned();
    Told {
        asked: script.asked.into_iter().map(name).collect(),
        answers,
        provider_id: session.flags.provider_id.unwrap_or_default(),
        end,
    }
}

impl Told {
    #[track_caller]
    fn asked(&self, names: &[&str]) {
        self.end.as_ref().unwrap();
        assert_eq!(self.asked, names);
    }

    fn models(&self) -> Vec<&str> {
        self.answers.models.iter().map(ModelId::as_str).collect()
    }

    fn primary(&self) -> Option<&str> {
        self.answers.primary.as_ref().map(ModelId::as_str)
    }

    fn fallbacks(&self) -> Option<Vec<&str>> {
        let list = self.answers.fallbacks.as_ref()?;
        Some(list.iter().map(ModelId::as_str).collect())
    }
}

fn environment() -> (&'static str, Origin) {
    (KEY, Origin::Environment("PORTKEY_API_KEY".to_owned()))
}

#[test]
fn a_first_time_asks_few_questions_in_order() {
    let portkey = portkey();
    let told = run(
        "",
        &["--base-url", &portkey.base_url()],
        None,
        [
            Text(KEY),
            Items(&["mixtral", "flash", "gpt"]),
            Text(""),
            Item("flash"),
            Items(&["gpt"]),
            Text("team=backend, env=dev"),
            Default,
        ],
    );
    told.asked(&[
        "Portkey API key",
        "Models",
        "Gateway config",
        "Primary",
        "Fallbacks",
        "Metadata",
        "The key is kept in",
    ]);
    assert_eq!(told.models(), [MIXTRAL, FLASH, GPT]);
    assert_eq!(told.primary(), Some(FLASH));
    assert_eq!(told.fallbacks(), Some(vec![GPT]));
    assert_eq!(told.answers.headers.metadata, ["team=backend", "env=dev"]);
    assert_eq!(told.answers.key_in, Some(KeyIn::Dotenv));
    assert!(!told.answers.unchecked);
}

#[test]
fn enter_alone_takes_good_defaults() {
    let portkey = portkey();
    let told = run(
        "",
        &["--base-url", &portkey.base_url()],
        Some(environment()),
        [
            Items(&["mixtral", "flash"]),
            Default,
            Default,
            Default,
            Default,
            Default,
        ],
    );
    told.asked(&[
        "Models",
        "Gateway config",
        "Primary",
        "Fallbacks",
        "Metadata",
        "The key is kept in",
    ]);
    assert_eq!(told.primary(), Some(MIXTRAL));
    assert_eq!(told.fallbacks(), Some(vec![FLASH]));
}

#[test]
fn one_model_is_the_primary_without_a_question() {
    let portkey = portkey();
    let told = run(
        "",
        &["--base-url", &portkey.base_url()],
        Some(environment()),
        [Items(&["gpt"]), Default, Default, Default],
    );
    told.asked(&["Models", "Gateway config", "Metadata", "The key is kept in"]);
    assert_eq!((told.primary(), told.fallbacks()), (Some(GPT), None));
}

#[test]
fn flags_answer_their_questions() {
    let portkey = portkey();
    let url = portkey.base_url();
    let all = [
        "--base-url",
        &url,
        "--model",
        FLASH,
        "--model",
        GPT,
        "--primary",
        GPT,
        "--fallback",
        FLASH,
    ];
    let rest = [
        "--gateway-config",
        "pc-abc-123456",
        "--metadata",
        "a=b",
        "--key-in",
        "env",
    ];
    run("", &[&all[..], &rest].concat(), Some(environment()), []).asked(&[]);
    let some = run(
        "",
        &all[..6],
        Some(environment()),
        [Default, Item(GPT), Default, Default, Default],
    );
    some.asked(&[
        "Gateway config",
        "Primary",
        "Fallbacks",
        "Metadata",
        "The key is kept in",
    ]);
    assert_eq!(some.fallbacks(), Some(vec![FLASH]));
    let primary = run(
        "",
        &[
            "--base-url",
            &url,
            "--model",
            FLASH,
            "--primary",
            GPT,
            "--key-in",
            "env",
        ],
        Some(environment()),
        [Default, Default, Default],
    );
    primary.asked(&["Gateway config", "Fallbacks", "Metadata"]);
    assert_eq!(primary.fallbacks(), Some(vec![FLASH]));
}

#[test]
fn a_fallback_flag_keeps_the_model_from_being_primary() {
    let portkey = portkey();
    let flags = [
        "--base-url",
        &portkey.base_url(),
        "--fallback",
        FLASH,
        "--key-in",
        "env",
    ];
    let told = run(
        "",
        &flags,
        Some(environment()),
        [Items(&["gpt"]), Default, Default],
    );
    told.asked(&["Models", "Gateway config", "Metadata"]);
    assert_eq!(told.primary(), Some(GPT));
    assert_eq!(told.fallbacks(), Some(vec![FLASH]));
}

#[test]
fn a_rejected_key_is_asked_again() {
    let portkey = portkey();
    let told = run(
        "",
        &["--base-url", &portkey.base_url()],
        Some(("pk-old", Origin::Dotenv("PORTKEY_API_KEY".to_owned()))),
        [
            Item("another key"),
            Text("pk-typo"),
            Item("try again"),
            Default,
            Text(KEY),
            Items(&["gpt"]),
            Default,
            Default,
            Default,
        ],
    );
    told.asked(&[
        "What now?",
        "Portkey API key",
        "What now?",
        "What now?",
        "Portkey API key",
        "Models",
        "Gateway config",
        "Metadata",
        "The key is kept in",
    ]);
    assert_eq!(told.answers.key.unwrap().secret.expose(), KEY);
}

#[test]
fn without_portkey_it_goes_on_unchecked() {
    let url = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let told = run(
        "",
        &["--base-url", &url],
        Some(environment()),
        [
            Default,
            Text("@a/b, @c/d"),
            Default,
            Default,
            Default,
            Default,
            Default,
        ],
    );
    told.asked(&[
        "What now?",
        "Models",
        "Gateway config",
        "Primary",
        "Fallbacks",
        "Metadata",
        "The key is kept in",
    ]);
    assert!(told.answers.unchecked);
    assert_eq!(told.models(), ["@a/b", "@c/d"]);
    let told = run(
        "",
        &["--base-url", &url],
        Some(environment()),
        [Item("stop")],
    );
    assert_eq!(told.end.unwrap_err().kind, FailureKind::Cancelled);
}

#[test]
fn without_a_key_it_goes_on_unchecked() {
    let told = run("", &[], None, [Text(""), Text("@a/b"), Default, Default]);
    told.asked(&["Portkey API key", "Models", "Gateway config", "Metadata"]);
    assert!(told.answers.unchecked);
    assert_eq!(told.answers.key_in, Some(KeyIn::Env));
}

#[test]
fn a_key_in_a_secret_store_stays_there() {
    let config = r#"{ models: { providers: { portkey: { apiKey: { source: "file", provider: "x", id: "k" } } } } }"#;
    let told = run(
        config,
        &[],
        None,
        [Yes(true), Text("@a/b"), Default, Default],
    );
    told.asked(&[
        "Update the provider portkey?",
        "Models",
        "Gateway config",
        "Metadata",
    ]);
    assert!(told.answers.unchecked && told.answers.key.is_none() && told.answers.key_in.is_none());
}

#[test]
fn an_unknown_config_is_asked_again_and_a_known_one_may_choose() {
    let portkey = portkey();
    let flags = ["--base-url", &portkey.base_url(), "--key-in", "env"];
    let told = run(
        "",
        &flags,
        Some(environment()),
        [
            Items(&["gpt"]),
            Text("pc-nope"),
            Text("pc-abc-123456"),
            Yes(true),
            Default,
            Default,
        ],
    );
    told.asked(&[
        "Models",
        "Gateway config",
        "Gateway config",
        "Let this config choose the model, as portkey-dynamic?",
        "Primary",
        "Metadata",
    ]);
    assert_eq!(told.primary(), Some("portkey-dynamic"));
    assert_eq!(
        told.answers.headers.gateway_config.as_deref(),
        Some("pc-abc-123456")
    );
    let told = run(
        "",
        &flags,
        Some(environment()),
        [Items(&["portkey-dynamic"]), Text("pc-abc-123456"), Default],
    );
    told.asked(&["Models", "Gateway config", "Metadata"]);
    assert_eq!(
        (told.primary(), told.fallbacks()),
        (Some("portkey-dynamic"), None)
    );
}

#[test]
fn a_key_with_a_config_attached_suggests_the_virtual_model() {
    let portkey = Portkey::start(server::Script::new(KEY).provider_backed("openai")).unwrap();
    let told = run(
        "",
        &["--base-url", &portkey.base_url(), "--key-in", "env"],
        Some(environment()),
        [Default, Default, Default],
    );
    told.asked(&["Models", "Gateway config", "Metadata"]);
    assert_eq!(told.primary(), Some("portkey-dynamic"));
}

/// A wired config with primary, two fallbacks and headers.
fn wired(url: &str) -> String {
    format!(
        r#"{{
  models: {{ providers: {{ portkey: {{
    baseUrl: "{url}", apiKey: "${{PORTKEY_API_KEY}}", api: "openai-completions",
    headers: {{ "x-portkey-config": "pc-abc-123456", "x-portkey-metadata": '{{"a":"b"}}' }},
    models: [{{ id: "{FLASH}", name: "F" }}, {{ id: "{MIXTRAL}", name: "M" }}, {{ id: "{GPT}", name: "G" }}],
  }} }} }},
  agents: {{ defaults: {{ model: {{ primary: "portkey/{MIXTRAL}", fallbacks: ["portkey/{GPT}", "portkey/{FLASH}"] }} }} }},
}}"#
    )
}

#[test]
fn what_is_configured_is_the_default() {
    let portkey = portkey();
    let config = wired(&portkey.base_url());
    let kept = run(
        &config,
        &[],
        Some(environment()),
        [Default, Default, Default, Default],
    );
    kept.asked(&[
        "Update the provider portkey?",
        "Models to add",
        "Primary",
        "Fallbacks",
    ]);
    assert_eq!(kept.models(), [""; 0]);
    assert_eq!(
        (kept.primary(), kept.fallbacks()),
        (Some(MIXTRAL), None),
        "unchanged fallbacks are left alone"
    );
    let changed = run(
        &config,
        &[],
        Some(environment()),
        [Default, Default, Item("gpt"), Items(&["mixtral", "flash"])],
    );
    assert_eq!(
        (changed.primary(), changed.fallbacks()),
        (Some(GPT), Some(vec![MIXTRAL, FLASH]))
    );
    let cleared = run(
        &config,
        &[],
        Some(environment()),
        [Default, Default, Default, Items(&[])],
    );
    assert_eq!(cleared.fallbacks(), Some(Vec::new()));
    let left = run(&config, &[], Some(environment()), [Yes(false)]);
    assert_eq!(left.end.unwrap_err().kind, FailureKind::Cancelled);
}

#[test]
fn the_models_of_an_agent_are_its_own() {
    let portkey = portkey();
    let config = wired(&portkey.base_url()).replace(
        "agents: { ",
        &format!("agents: {{ list: [{{ id: \"work\", model: \"portkey/{FLASH}\" }}], "),
    );
    let told = run(
        &config,
        &["--agent", "work"],
        Some(environment()),
        [Default, Default, Default, Default],
    );
    assert_eq!((told.primary(), told.fallbacks()), (Some(FLASH), None));
}

#[test]
fn fallbacks_elsewhere_stay_unless_others_are_marked() {
    let portkey = portkey();
    let config = wired(&portkey.base_url()).replace(
        &format!("[\"portkey/{GPT}\", \"portkey/{FLASH}\"]"),
        "[\"openai/gpt-4o\"]",
    );
    let kept = run(
        &config,
        &[],
        Some(environment()),
        [Default, Default, Default, Default],
    );
    assert_eq!(kept.fallbacks(), None);
    let replaced = run(
        &config,
        &[],
        Some(environment()),
        [Default, Default, Default, Items(&["gpt"])],
    );
    assert_eq!(replaced.fallbacks(), Some(vec![GPT]));
}

#[test]
fn a_provider_of_another_name_may_be_updated() {
    let config = format!(
        r#"{{ models: {{ providers: {{ gate: {{ baseUrl: "https://api.portkey.ai/v1", models: [{{ id: "{GPT}", name: "G" }}] }} }} }} }}"#
    );
    let flags = ["--offline", "--key-in", "env"];
    let told = run(
        &config,
        &flags,
        Some(environment()),
        [Default, Text(""), Default, Default],
    );
    told.asked(&["Provider", "Models to add", "Gateway config", "Metadata"]);
    assert_eq!(told.provider_id, "gate");
    assert_eq!(told.primary(), Some(GPT));
    let told = run(
        &config,
        &flags,
        Some(environment()),
        [Item("next to it"), Text("@a/b"), Default, Default],
    );
    assert_eq!(told.provider_id, "portkey");
}

#[test]
fn what_the_flags_name_wrongly_is_told_before_anything_is_asked() {
    let portkey = portkey();
    let url = portkey.base_url();
    for (flag, value, says) in [
        (
            "--model",
            "@gemini/gemini-2.5-flsh",
            "is not in the Model Catalog",
        ),
        ("--gateway-config", "pc-nope", "pc-nope"),
    ] {
        let told = run(
            "",
            &["--base-url", &url, flag, value],
            Some(environment()),
            [],
        );
        let failure = told.end.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Check);
        assert!(failure.message.contains(says), "{failure}");
    }
}

#[test]
fn closing_any_question_cancels() {
    let portkey = portkey();
    let flags = ["--base-url", &portkey.base_url()];
    let answers = || {
        [
            Text(KEY),
            Items(&["gpt", "flash"]),
            Text("pc-abc-123456"),
            Yes(false),
            Default,
            Default,
            Default,
            Default,
        ]
    };
    for closed in 0..answers().len() {
        let script: Vec<Answer> = answers().into_iter().take(closed).chain([Cancel]).collect();
        let end = run("", &flags, None, script).end.unwrap_err();
        assert_eq!(
            (end.kind, end.message.as_str()),
            (FailureKind::Cancelled, "cancelled; nothing was written")
        );
    }
}
