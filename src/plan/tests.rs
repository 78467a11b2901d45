use std::path::PathBuf;

use super::*;
use crate::document::Document;
use crate::edit;
use crate::openclaw::Version;

const WIRED: &str = "{
  models: { providers: { Portkey: { headers: { 'X-Portkey-Trace-Id': 't' }, models: [
    { id: '@a/one', name: 'One' }, { id: '@a/two' }, { id: '@a/one', name: 'again' },
  ] } } },
  agents: {
    defaults: {
      model: { primary: 'portkey/@a/one', fallbacks: ['PORTKEY/@a/two', 'other/m', 'two'] },
      models: { 'portkey/@a/two': { alias: 'two' }, 'other/m': {} },
    },
    list: [{ id: 'work', model: 'two' }, { id: 'own', model: { primary: 'other/m', fallbacks: ['portkey/@a/one'] } }],
  },
}";

fn config(text: &str) -> Config {
    Config::new(
        PathBuf::from("openclaw.json"),
        Document::parse(text).unwrap(),
    )
}

fn id(text: &str) -> ModelId {
    ModelId::parse(text, "portkey").unwrap()
}

fn target(agent: Option<&str>) -> Target {
    Target {
        provider_id: "portkey".to_owned(),
        agent: agent.map(str::to_owned),
        version: VersionSource::Unknown,
    }
}

/// The text after applying an intent; applying it again must change nothing.
#[track_caller]
fn after(text: &str, target: &Target, intent: &Intent) -> String {
    let edited = |text: &str| {
        let config = config(text);
        let plan = plan(&config, target, intent).unwrap();
        let changes: Vec<Change> = plan.changes.into_iter().map(|(_, change)| change).collect();
        edit::apply(&config.sources()[0].document, &changes).unwrap()
    };
    let new = edited(text).document.text().to_owned();
    assert!(edited(&new).replacements.is_empty(), "{new}");
    new
}

fn intents() -> Vec<Intent> {
    let new_model = |text: &str, name: Option<&str>| NewModel {
        id: id(text),
        name: name.map(str::to_owned),
    };
    let header = |name: &str, value: Option<&str>, model: Option<&str>| HeaderChange {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        model: model.map(id),
    };
    let none = Intent::default;
    vec![
        none(),
        Intent {
            create: true,
            ..none()
        },
        Intent {
            create: true,
            base_url: Some("https://gw/v1".to_owned()),
            api: Some("openai-responses".to_owned()),
            api_key: Some("${K}".to_owned()),
            allow_private_network: true,
            ..none()
        },
        Intent {
            models: vec![
                new_model("@a/two", None),
                new_model("@b/new", Some("New")),
                new_model("@b/new", None),
            ],
            ..none()
        },
        Intent {
            primary: Some(id("@a/two")),
            ..none()
        },
        Intent {
            primary: Some(id("@b/new")),
            fallbacks: Fallbacks::Set(vec![id("@a/one"), id("@a/one")]),
            ..none()
        },
        Intent {
            fallbacks: Fallbacks::Add(vec![id("@a/two"), id("@c/x")]),
            ..none()
        },
        Intent {
            fallbacks: Fallbacks::Remove(vec![id("@a/two")]),
            ..none()
        },
        Intent {
            fallbacks: Fallbacks::Clear,
            ..none()
        },
        Intent {
            headers: vec![
                header("x-portkey-trace-id", Some("u"), None),
                header("x-a", Some("1"), Some("@a/two")),
            ],
            ..none()
        },
        Intent {
            headers: vec![header("x-portkey-trace-id", None, None)],
            ..none()
        },
        Intent {
            unwire: Some(Unwire::default()),
            ..none()
        },
    ]
}

#[test]
fn planning_again_changes_nothing() {
    for intent in intents() {
        let _ = after(WIRED, &target(None), &intent);
        let _ = after(WIRED, &target(Some("OWN")), &intent);
        let fresh = Intent {
            create: true,
            ..intent
        };
        if fresh.fallbacks.wanted().is_empty() && fresh.headers.is_empty() {
            let _ = after("{}", &target(None), &fresh);
        }
    }
}

#[test]
fn names_keep_their_spelling() {
    let intent = Intent {
        primary: Some(id("@b/new")),
        ..Intent::default()
    };
    let new = after(WIRED, &target(None), &intent);
    assert!(new.contains("primary: 'portkey/@b/new'"), "{new}");
    assert!(
        new.contains("Portkey: {") && !new.contains(" portkey: {"),
        "{new}"
    );
}

#[test]
fn a_removed_model_is_removed_everywhere() {
    let intent = Intent {
        remove_models: vec![id("@a/two")],
        ..Intent::default()
    };
    // An agent uses it by its alias.
    let refused = plan(&config(WIRED), &target(None), &intent).unwrap_err();
    assert_eq!(
        refused,
        PlanError::RemovesPrimary(id("@a/two"), Some("work".to_owned()))
    );
    let free = WIRED.replace("model: 'two'", "workspace: 'w'");
    let new = after(&free, &target(None), &intent);
    assert!(!new.contains("@a/two"), "{new}");
    assert!(new.contains("fallbacks: ['other/m']"), "{new}");
}

#[test]
fn replaced_primaries() {
    let config = config(WIRED);
    let plan = plan(
        &config,
        &target(None),
        &Intent {
            unwire: Some(Unwire::default()),
            ..Intent::default()
        },
    )
    .unwrap();
    let notes: Vec<&str> = plan
        .notes
        .iter()
        .map(|note| note.message.as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "the primary becomes other/m, until now its fallback",
            "the primary of agent `work` is no longer set: the defaults' model is used instead",
        ]
    );
}

#[test]
fn the_version_determines_whether_the_map_restricts() {
    let text = WIRED
        .replace("'portkey/@a/two': { alias: 'two' }, ", "")
        .replace("'two'", "'other/n'");
    let intent = Intent {
        primary: Some(id("@a/one")),
        ..Intent::default()
    };
    let with = |version| {
        let target = Target {
            version,
            ..target(None)
        };
        after(&text, &target, &intent).contains("'portkey/@a/one': {}")
    };
    assert!(with(VersionSource::Config(Version::new(2026, 5, 28))));
    assert!(with(VersionSource::Unknown));
    assert!(!with(VersionSource::Config(Version::NEWEST)));
}

#[test]
fn impossible_intents() {
    let refused = |text: &str, agent, intent: &Intent| {
        plan(&config(text), &target(agent), intent)
            .unwrap_err()
            .to_string()
    };
    let primary = Intent {
        primary: Some(id("@a/one")),
        ..Intent::default()
    };
    assert_eq!(
        refused("{}", None, &primary),
        "the config has no provider `portkey`"
    );
    assert_eq!(
        refused(WIRED, Some("x"), &primary),
        "the config has no agent `x`; it has work, own"
    );
    let both = Intent {
        fallbacks: Fallbacks::Add(vec![id("@a/one")]),
        ..Intent::default()
    };
    assert_eq!(
        refused(WIRED, None, &both),
        "@a/one cannot be both the primary and a fallback"
    );
    let header = Intent {
        headers: vec![HeaderChange {
            name: "x".to_owned(),
            value: None,
            model: Some(id("@c/x")),
        }],
        ..Intent::default()
    };
    assert_eq!(
        refused(WIRED, None, &header),
        "the config does not declare @c/x"
    );
}

#[test]
fn empty_objects_are_removed_unless_they_have_a_comment() {
    let unwire = Intent {
        unwire: Some(Unwire::default()),
        ..Intent::default()
    };
    let provider = "models: { mode: 'merge', providers: { portkey: { models: [] } } }";
    for (before, want) in [
        // Everything that `init` created is gone.
        (
            format!("{{ {provider}, agents: {{ defaults: {{ model: 'portkey/@a/b' }} }}, x: 1 }}"),
            "{ x: 1 }",
        ),
        (
            format!("{{ {} }}", provider.replace("merge", "replace")),
            "{ models: { mode: 'replace' } }",
        ),
        // An agent without settings is still an agent.
        (
            format!(
                "{{ {provider}, agents: {{ entries: {{ kids: {{ model: 'portkey/@a/b' }} }} }} }}"
            ),
            "{ agents: { entries: { kids: {} } } }",
        ),
        (
            format!(
                "{{\n  {provider},\n  agents: {{\n    defaults: {{\n      model: {{\n        primary: 'portkey/@a/b', // was: other/m\n      }},\n    }},\n  }},\n}}"
            ),
            "{\n  agents: {\n    defaults: {\n      model: {\n        // was: other/m\n      },\n    },\n  },\n}",
        ),
        (
            format!(
                "{{\n  {provider},\n  agents: {{\n    defaults: {{\n      model: 'portkey/@a/b', // was: other/m\n    }},\n  }},\n}}"
            ),
            "{\n  agents: {\n    defaults: {\n      // was: other/m\n    },\n  },\n}",
        ),
        (
            format!(
                "{{\n  {provider},\n  agents: {{ defaults: {{ model: {{ primary: 'portkey/@a/b', fallbacks: [\n    'portkey/@a/c', // cheap\n  ] }} }} }},\n}}"
            ),
            "{\n  agents: { defaults: { model: { fallbacks: [\n    // cheap\n  ] } } },\n}",
        ),
        // Comments on the provider belong to the provider.
        (
            "{ models: { providers: {\n  portkey: { models: [] }, // all of them\n} }, x: 1 }"
                .to_owned(),
            "{ x: 1 }",
        ),
        (
            "{ models: { providers: {\n  // mine\n  portkey: { models: [] },\n} } }".to_owned(),
            "{ models: { providers: {\n  // mine\n} } }",
        ),
    ] {
        assert_eq!(after(&before, &target(None), &unwire), want, "{before}");
    }
}

#[test]
fn one_agent_only() {
    let unwire = Intent {
        unwire: Some(Unwire::default()),
        ..Intent::default()
    };
    let new = after(WIRED, &target(Some("Work")), &unwire);
    assert_eq!(
        new,
        WIRED.replace("{ id: 'work', model: 'two' }", "{ id: 'work' }")
    );
    let remove = Intent {
        remove_models: vec![id("@a/one")],
        ..Intent::default()
    };
    let new = after(WIRED, &target(Some("own")), &remove);
    assert_eq!(
        new,
        WIRED.replace(
            "{ primary: 'other/m', fallbacks: ['portkey/@a/one'] }",
            "{ primary: 'other/m' }"
        )
    );
    let refused = plan(&config(WIRED), &target(Some("x")), &unwire).unwrap_err();
    assert!(matches!(refused, PlanError::UnknownAgent(..)));
}

#[test]
fn aliases_resolve_to_their_models() {
    let add = Intent {
        fallbacks: Fallbacks::Add(vec![id("@a/two")]),
        ..Intent::default()
    };
    let only_the_alias = WIRED.replace("'PORTKEY/@a/two', ", "");
    assert_eq!(
        after(&only_the_alias, &target(None), &add),
        only_the_alias.replace("{ id: '@a/two' }", "{ id: '@a/two', name: 'Two' }")
    );
}
