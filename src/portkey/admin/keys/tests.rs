use super::*;
use crate::portkey::admin::limits::{Budget, Rate};

fn settings() -> Settings {
    Settings {
        limits: Limits {
            budget: Some(Budget::parse("20 usd/month").unwrap()),
            alert_at: Some(16),
            rates: vec![Rate::parse("60/min").unwrap()],
        },
        alert_emails: vec!["me@example.com".to_owned()],
        config: Some("pc-a".to_owned()),
        can_override: Some(false),
        metadata: vec![("agent".to_owned(), "ops".to_owned())],
        expires: Some("2027-01-01T00:00:00Z".to_owned()),
        scopes: vec!["completions.write".to_owned()],
    }
}

#[test]
fn a_new_key_sends_all_its_settings() {
    let new = NewKey {
        name: "openclaw-ops".to_owned(),
        settings: settings(),
        ..NewKey::default()
    };
    let request = create(&new, Some("ws-a"));
    assert_eq!(request.to_string(), "POST /api-keys/workspace/service");
    let body = request.body.unwrap();
    assert_eq!(
        body,
        json!({
            "name": "openclaw-ops",
            "scopes": ["completions.write"],
            "usage_limits": {
                "type": "cost", "credit_limit": 20, "alert_threshold": 16,
                "periodic_reset": "monthly",
            },
            "rate_limits": [{ "type": "requests", "unit": "rpm", "value": 60 }],
            "expires_at": "2027-01-01T00:00:00Z",
            "alert_emails": ["me@example.com"],
            "defaults": {
                "metadata": { "agent": "ops" }, "config_id": "pc-a",
                "allow_config_override": false,
            },
            "workspace_id": "ws-a",
        })
    );
    // Parsing returns what was sent.
    assert_eq!(key(&body).settings, settings());
    let bare = create(
        &NewKey {
            name: "a".to_owned(),
            ..NewKey::default()
        },
        None,
    );
    assert_eq!(bare.body.unwrap(), json!({ "name": "a", "scopes": [] }));
}

#[test]
fn an_update_sends_what_differs() {
    let before = Key {
        id: "u".to_owned(),
        settings: settings(),
        ..Key::default()
    };
    let change = |edit: fn(&mut Settings)| {
        let mut wanted = settings();
        edit(&mut wanted);
        update(&before, &wanted, false).and_then(|request| request.body)
    };
    assert_eq!(change(|_| {}), None);
    assert_eq!(
        update(&before, &settings(), true).unwrap().body.unwrap(),
        json!({ "reset_usage": true })
    );
    assert_eq!(
        change(|it| it.limits.rates.clear()),
        Some(json!({ "rate_limits": null }))
    );
    assert_eq!(
        change(|it| it.expires = None),
        Some(json!({ "expires_at": null }))
    );
    assert_eq!(
        change(|it| {
            it.limits.budget = None;
            it.limits.alert_at = None;
        }),
        Some(json!({ "usage_limits": null }))
    );
    assert_eq!(
        change(|it| it.limits.budget = Some(Budget::parse("20 usd").unwrap())),
        Some(json!({ "usage_limits": {
            "type": "cost", "credit_limit": 20, "alert_threshold": 16,
            "periodic_reset": null, "periodic_reset_days": null,
        } }))
    );
    assert_eq!(
        change(|it| it.can_override = Some(true)),
        Some(json!({ "defaults": {
            "metadata": { "agent": "ops" }, "config_id": "pc-a", "allow_config_override": true,
        } }))
    );
}

/// The formats in Portkey's documentation.
#[test]
fn replies_are_parsed_leniently() {
    for (flag, pinned) in [
        (
            json!({ "defaults": { "config_id": "pc-a", "allow_config_override": false } }),
            true,
        ),
        (
            json!({ "defaults": { "config_id": "pc-a" }, "allow_config_override": 0 }),
            true,
        ),
        (
            json!({ "defaults": { "config_id": "pc-a" }, "allow_config_override": 1 }),
            false,
        ),
        (
            json!({ "defaults": { "config_id": "pc-a" }, "allow_config_override": null }),
            false,
        ),
        (json!({ "allow_config_override": false }), false),
    ] {
        let mut reply = json!({ "id": "u", "name": "a", "type": "workspace-user" });
        reply
            .as_object_mut()
            .unwrap()
            .extend(flag.as_object().unwrap().clone());
        let top = key(&reply);
        assert_eq!(top.settings.is_pinned(), pinned, "{flag}");
        assert_eq!(top.kind, Kind::WorkspaceUser);
        assert_eq!(key(&json!({ "success": true, "data": reply })), top);
    }
    let list = [
        json!({ "id": "a", "status": "exhausted", "usage_limits": { "credit_limit": 10.0, "type": "cost" } }),
        json!({ "id": "b", "status": "archived" }),
        json!({ "name": "without an id" }),
        json!("nonsense"),
    ];
    let found = keys(&list);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0]
            .settings
            .limits
            .budget
            .as_ref()
            .unwrap()
            .to_string(),
        "10 usd in total"
    );
}

#[test]
fn settings_are_compared_by_meaning() {
    let mut back = settings();
    back.expires = Some("2027-01-01T00:00:00.000Z".to_owned());
    back.config = Some("0f8fad5b-d9cb-469f-a165-70867728950e".to_owned());
    assert!(settings().same(&back));
    for edit in [
        (|it| it.limits.budget = None) as fn(&mut Settings),
        |it| it.limits.rates.clear(),
        |it| it.expires = Some("2027-01-02T00:00:00Z".to_owned()),
        |it| it.config = Some("pc-b".to_owned()),
        |it| it.config = None,
        |it| it.can_override = None,
        |it| it.metadata.clear(),
        |it| it.scopes.clear(),
    ] {
        let mut other = settings();
        edit(&mut other);
        assert!(!settings().same(&other), "{other:?}");
    }
    let free = Settings {
        can_override: Some(true),
        ..Settings::default()
    };
    assert!(free.same(&Settings::default()));
}

#[test]
fn a_key_is_issued_once() {
    for reply in [
        json!({ "id": "u", "key": "pk-canary", "object": "api-key" }),
        json!({ "success": true, "data": { "id": "u", "key": "pk-canary" } }),
    ] {
        let issued = issued(&reply).unwrap();
        assert_eq!(
            (issued.id.as_str(), issued.key.expose()),
            ("u", "pk-canary")
        );
        assert!(!format!("{issued:?}").contains("canary"));
    }
    assert!(issued(&json!({ "id": "u" })).is_err());
    let rotated = json!({ "id": "u", "key": "k", "key_transition_expires_at": "2027" });
    assert_eq!(issued(&rotated).unwrap().old_until.as_deref(), Some("2027"));
    let key = Key {
        id: "u".to_owned(),
        kind: Kind::WorkspaceUser,
        ..Key::default()
    };
    let request = rotate(&key, MIN_OVERLAP);
    assert_eq!(request.to_string(), "POST /api-keys/u/rotate");
    assert_eq!(
        request.scopes_text(),
        "workspace_user_api_keys.update, workspace_user_api_keys.rotate"
    );
    assert_eq!(revoke(&key).to_string(), "DELETE /api-keys/u");
    assert!(!revoke(&key).is_repeatable());
}
