//! The wizard with scripted answers and a Portkey on loopback.
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
use crate::ui::{Color, Secrets, Ui};
use Answer::{Cancel, Default, Item, Items, Text, Yes};

#[path = "../../../tests/it/support/portkey.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod server;

#[path = "../../../tests/it/wizard/cases.rs"]
#[expect(dead_code, reason = "the tests in a terminal use more of it")]
mod cases;

use cases::{
    CASES, Case, FLASH, GPT, KEY, MIXTRAL, Reply, Server, wired, with_a_fallback_elsewhere,
};
use server::{Portkey, closed_port};

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

/// The result of a run of the wizard.
struct Finished {
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
) -> Finished {
    let home = tempfile::tempdir().unwrap();
    if !config.is_empty() {
        std::fs::create_dir(home.path().join(".openclaw")).unwrap();
        std::fs::write(home.path().join(".openclaw/openclaw.json"), config).unwrap();
    }
    let env = Env {
        files: Environment::from_vars([(OsString::from("HOME"), home.path().into())], None, None),
        cache: None,
        variable: |_| None,
        secrets: Secrets::default(),
        locks: std::cell::RefCell::new(None),
    };
    let args = Line::parse_from([&["init"], flags].concat()).init;
    let mut session = Session::open(&args.write.config, &env).unwrap();
    let ui = Ui::new(Color::Never, false, false, true, Secrets::default());
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
        "not all questions were asked, only {:?}",
        script.asked
    );
    let name = |question: String| question.split(" (").next().unwrap().to_owned();
    Finished {
        asked: script.asked.into_iter().map(name).collect(),
        answers,
        provider_id: session.flags.provider_id.unwrap_or_default(),
        end,
    }
}

impl Finished {
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

fn answer(reply: Reply) -> Answer {
    match reply {
        Reply::Default => Default,
        Reply::Text(text) => Text(text),
        Reply::Item(part) => Item(part),
        Reply::Items(parts) => Items(parts),
        Reply::Yes(yes) => Yes(yes),
    }
}

fn play(case: &Case) -> Finished {
    let server = match case.server {
        Server::Up => Some(portkey()),
        Server::Attached => {
            let script = server::Script::new(KEY).provider_backed("openai");
            Some(Portkey::start(script).unwrap())
        }
        Server::Down => None,
    };
    let url = server.as_ref().map_or_else(
        || format!("http://127.0.0.1:{}/v1", closed_port().unwrap()),
        Portkey::base_url,
    );
    let config = (case.config)(&url);
    let mut flags = case.flags.to_vec();
    if config.is_empty() {
        flags.extend(["--base-url", &url]);
    }
    let key = case.has_key.then(environment);
    let script = case.steps.iter().map(|(_, reply)| answer(*reply));
    run(&config, &flags, key, script)
}

#[test]
fn every_case() {
    for case in CASES {
        let name = case.name;
        let ended = play(case);
        let questions: Vec<&str> = case.steps.iter().map(|(question, _)| *question).collect();
        assert!(ended.end.is_ok(), "{name}: {:?}", ended.end);
        assert_eq!(ended.asked, questions, "{name}");
        assert_eq!(ended.provider_id, case.provider_id, "{name}");
        assert_eq!(ended.models(), case.models, "{name}");
        assert_eq!(ended.primary(), Some(case.primary), "{name}");
        assert_eq!(ended.fallbacks().as_deref(), case.fallbacks, "{name}");
        let headers = &ended.answers.headers;
        assert_eq!(headers.metadata, case.metadata, "{name}");
        let gateway_config = headers.gateway_config.as_deref();
        assert_eq!(gateway_config, case.gateway_config, "{name}");
        assert_eq!(
            ended.answers.unchecked,
            case.server == Server::Down,
            "{name}"
        );
        if questions.last() == Some(&"Where should the key be stored?") {
            assert_eq!(ended.answers.key_in, Some(KeyIn::Dotenv), "{name}");
        }
    }
}

#[test]
fn a_rejected_key_is_prompted_for_again() {
    let portkey = portkey();
    let refused = || Some(("pk-old", Origin::Dotenv("PORTKEY_API_KEY".to_owned())));
    let url = portkey.base_url();
    let flags = ["--base-url", &url];
    let script = [Text("pk-typo"), Text(KEY), Items(&["gpt"]), Default];
    let ended = run("", &flags, refused(), script);
    ended.asked(&[
        "Portkey API key",
        "Portkey API key",
        "Models",
        "Anything else?",
    ]);
    assert_eq!(ended.answers.key.unwrap().secret.expose(), KEY);

    let kept = run("", &flags, refused(), [Text(""), Text("@a/b"), Default]);
    kept.asked(&["Portkey API key", "Models", "Anything else?"]);
    assert!(kept.answers.unchecked);
    assert_eq!(kept.answers.key.unwrap().secret.expose(), "pk-old");
}

#[test]
fn the_user_can_quit_if_portkey_is_unreachable() {
    let url = format!("http://127.0.0.1:{}/v1", closed_port().unwrap());
    let ended = run(
        "",
        &["--base-url", &url],
        Some(environment()),
        [Item("quit")],
    );
    assert_eq!(ended.end.unwrap_err().kind, FailureKind::Cancelled);
}

#[test]
fn without_a_key_it_continues_unchecked() {
    let script = [Text(""), Text(""), Text("@a/b"), Default];
    let ended = run("", &[], None, script);
    ended.asked(&[
        "Portkey API key",
        "Portkey API key",
        "Models",
        "Anything else?",
    ]);
    assert!(ended.answers.unchecked);
    assert_eq!(ended.answers.key_in, Some(KeyIn::Env));
}

#[test]
fn a_key_in_a_secret_store_stays_there() {
    let config = r#"{ models: { providers: { portkey: { apiKey: { source: "file", provider: "x", id: "k" } } } } }"#;
    let ended = run(
        config,
        &[],
        None,
        [Text("@a/b"), Yes(true), Default, Default, Default],
    );
    ended.asked(&[
        "Models",
        "Anything else?",
        "Gateway config",
        "Metadata",
        "Base URL",
    ]);
    assert!(
        ended.answers.unchecked && ended.answers.key.is_none() && ended.answers.key_in.is_none()
    );
}

#[test]
fn an_empty_model_list_can_be_requested_again() {
    let none: [&str; 0] = [];
    let portkey = Portkey::start(server::Script::new(KEY).models(none)).unwrap();
    let script = [Default, Item("type"), Text("@a/b"), Default];
    let ended = run(
        "",
        &["--base-url", &portkey.base_url()],
        Some(environment()),
        script,
    );
    ended.asked(&["What now?", "What now?", "Models", "Anything else?"]);
    assert_eq!(portkey.requests().len(), 2);
}

#[test]
fn a_primary_of_another_provider_may_stay_as_a_fallback() {
    let portkey = portkey();
    let config = cases::with_a_primary_elsewhere(&portkey.base_url());
    for keeps in [true, false] {
        let script = [Items(&["gpt"]), Yes(keeps), Default];
        let ended = run(&config, &[], Some(environment()), script);
        assert_eq!(ended.answers.keep_primary, keeps);
    }
}

#[test]
fn existing_settings_can_be_changed() {
    let portkey = portkey();
    let config = wired(&portkey.base_url());
    let rest = || [Text(""), Default];
    let play = |answers: [Answer; 4]| {
        let script = answers.into_iter().chain(rest());
        run(&config, &[], Some(environment()), script)
    };
    let changed = play([
        Default,
        Yes(true),
        Item("gpt"),
        Items(&["mixtral", "flash"]),
    ]);
    assert_eq!(
        (changed.primary(), changed.fallbacks()),
        (Some(GPT), Some(vec![MIXTRAL, FLASH]))
    );
    let cleared = play([Default, Yes(true), Default, Items(&[])]);
    assert_eq!(cleared.fallbacks(), Some(Vec::new()));
    let script = [
        Default,
        Yes(true),
        Default,
        Default,
        Text("pk-no"),
        Text(KEY),
        Text("https://gateway.example.com/v1"),
    ];
    let replaced = run(&config, &[], Some(environment()), script);
    replaced.end.unwrap();
    assert_eq!(
        replaced.answers.key.unwrap().origin,
        Origin::Given("the prompt")
    );
    assert_eq!(
        replaced.answers.base_url.as_deref(),
        Some("https://gateway.example.com/v1")
    );
}

#[test]
fn fallbacks_of_other_providers_can_be_replaced() {
    let portkey = portkey();
    let config = with_a_fallback_elsewhere(&portkey.base_url());
    let script = [
        Default,
        Yes(true),
        Default,
        Items(&["gpt"]),
        Text(""),
        Default,
    ];
    let replaced = run(&config, &[], Some(environment()), script);
    assert_eq!(replaced.fallbacks(), Some(vec![GPT]));
}

#[test]
fn wrong_flag_values_are_reported_before_the_first_prompt() {
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
        let ended = run(
            "",
            &["--base-url", &url, flag, value],
            Some(environment()),
            [],
        );
        let failure = ended.end.unwrap_err();
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
            Yes(true),
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
