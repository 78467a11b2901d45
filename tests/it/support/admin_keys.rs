//! API keys, providers and users of the loopback control plane, and its responses.

use serde_json::{Value, json};

use super::super::portkey::{Answer, Recorded};
use super::store::{State, paged};
use super::{Script, refusal};

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) fields: Value,
    pub(crate) secret: String,
    /// Rotated keys that are still valid.
    pub(crate) old: Vec<String>,
    pub(crate) revoked: bool,
    before: Option<Value>,
    stale: usize,
}

/// The prefix of generated keys, to detect printed ones.
pub(crate) const ISSUED: &str = "pk-issued-canary-";

fn not_found() -> Answer {
    Answer::new(404, refusal("AB02", "Key not found"))
}

fn ok(reply: &Value) -> Answer {
    Answer::new(200, reply.to_string())
}

impl State {
    fn secret(&mut self) -> String {
        self.clock += 1;
        format!("{ISSUED}{:04}", self.clock)
    }

    pub(super) fn add_key(&mut self, kind: &str, body: &Value) -> Value {
        let id = format!("00000000-0000-4000-9000-{:012}", self.keys.len() + 1);
        let secret = self.secret();
        let mut fields = body.clone();
        fields["id"] = id.as_str().into();
        fields["type"] = kind.into();
        fields["status"] = "active".into();
        fields["created_at"] = "2026-11-01T10:00:00.000Z".into();
        fields["object"] = "api-key".into();
        // It is returned at the top level, as a number.
        if let Some(over) = fields.pointer("/defaults/allow_config_override").cloned() {
            fields["defaults"]
                .as_object_mut()
                .unwrap()
                .remove("allow_config_override");
            fields["allow_config_override"] = i32::from(over == true).into();
        }
        self.keys.push(Key {
            fields,
            secret: secret.clone(),
            old: Vec::new(),
            revoked: false,
            before: None,
            stale: 0,
        });
        json!({ "id": id, "key": secret, "object": "api-key" })
    }

    pub(super) fn list_keys(&self, script: &Script, request: &Recorded) -> Answer {
        let live = self.keys.iter().filter(|key| !key.revoked);
        let items: Vec<Value> = live.map(|key| key.fields.clone()).collect();
        paged(items, Some(script.page.unwrap_or(50)), request)
    }

    fn key(&mut self, id: &str) -> Option<&mut Key> {
        let fits = |key: &&mut Key| key.fields["id"] == id && !key.revoked;
        self.keys.iter_mut().find(fits)
    }

    pub(super) fn read_key(&mut self, id: &str) -> Answer {
        let Some(key) = self.key(id) else {
            return not_found();
        };
        if key.stale > 0 {
            key.stale -= 1;
            return ok(key.before.as_ref().unwrap_or(&key.fields));
        }
        ok(&key.fields)
    }

    pub(super) fn post_key(&mut self, path: &[&str], script: &Script, body: &Value) -> Answer {
        let is_user = path[1] == "user";
        let fits = body["name"].is_string() && body["scopes"].is_array();
        if !fits || (is_user && !body["user_id"].is_string()) {
            return Answer::new(
                400,
                refusal("AB01", "name, scopes and user_id are required"),
            );
        }
        let mut body = body.clone();
        if script.adds {
            body["rate_limits"] = json!([{ "type": "requests", "unit": "rpm", "value": 1 }]);
        }
        let kind = format!("{}-{}", path[0], path[1]);
        ok(&self.add_key(&kind, &body))
    }

    pub(super) fn put_key(&mut self, script: &Script, id: &str, body: &Value) -> Answer {
        let Some(key) = self.key(id) else {
            return not_found();
        };
        key.before = Some(key.fields.clone());
        key.stale = script.stale;
        for (name, value) in body.as_object().unwrap() {
            match (name.as_str(), value) {
                ("reset_usage", _) => {}
                ("defaults", value) => {
                    let mut defaults = value.clone();
                    let over = defaults
                        .as_object_mut()
                        .unwrap()
                        .remove("allow_config_override");
                    key.fields["allow_config_override"] = over.unwrap_or_default();
                    key.fields["defaults"] = defaults;
                }
                (_, Value::Null) => {
                    key.fields.as_object_mut().unwrap().remove(name);
                }
                (_, value) => key.fields[name] = value.clone(),
            }
        }
        ok(&json!({}))
    }

    pub(super) fn delete_key(&mut self, id: &str) -> Answer {
        let Some(key) = self.key(id) else {
            return not_found();
        };
        key.revoked = true;
        ok(&json!({}))
    }

    pub(super) fn rotate_key(&mut self, id: &str, body: &Value) -> Answer {
        if body["key_transition_period_ms"].as_u64().unwrap_or(0) < 1_800_000 {
            return Answer::new(
                400,
                refusal("AB01", "key_transition_period_ms is too small"),
            );
        }
        let secret = self.secret();
        let Some(key) = self.key(id) else {
            return not_found();
        };
        let old = std::mem::replace(&mut key.secret, secret.clone());
        key.old.push(old);
        ok(&json!({
            "id": id, "key": secret, "key_transition_expires_at": "2026-11-28T12:30:00.000Z",
        }))
    }
}

/// A provider, and what reads still return after a change.
#[derive(Clone, Debug)]
pub(super) struct Provider {
    pub(super) fields: Value,
    before: Option<Value>,
    stale: usize,
}

impl Provider {
    pub(super) fn new(fields: Value) -> Self {
        Self {
            fields,
            before: None,
            stale: 0,
        }
    }
}

impl State {
    pub(super) fn list_providers(&self, script: &Script, request: &Recorded) -> Answer {
        let items = self.providers.iter().map(|one| one.fields.clone());
        paged(items.collect(), Some(script.page.unwrap_or(50)), request)
    }

    fn provider(&mut self, slug: &str) -> Option<&mut Provider> {
        self.providers
            .iter_mut()
            .find(|one| one.fields["slug"] == slug)
    }

    pub(super) fn read_provider(&mut self, slug: &str) -> Answer {
        let Some(one) = self.provider(slug) else {
            return not_found();
        };
        if one.stale > 0 {
            one.stale -= 1;
            return ok(one.before.as_ref().unwrap_or(&one.fields));
        }
        ok(&one.fields)
    }

    pub(super) fn put_provider(&mut self, script: &Script, slug: &str, body: &Value) -> Answer {
        let Some(one) = self.provider(slug) else {
            return not_found();
        };
        one.before = Some(one.fields.clone());
        one.stale = script.stale;
        for (name, value) in body.as_object().unwrap() {
            one.fields[name] = value.clone();
        }
        ok(&json!({ "id": "00000000-0000-4000-b000-000000000001", "slug": slug }))
    }

    pub(super) fn post_integration(&mut self, script: &Script, body: &Value) -> Answer {
        let (Some(slug), Some(_)) = (body["slug"].as_str(), body["ai_provider_id"].as_str()) else {
            return Answer::new(400, refusal("AB01", "name and ai_provider_id are required"));
        };
        self.providers.push(Provider {
            fields: json!({
                "slug": slug, "name": body["name"], "integration_id": slug, "status": "active",
                "object": "provider",
            }),
            before: None,
            stale: script.stale,
        });
        ok(&json!({ "id": "00000000-0000-4000-b000-000000000001", "slug": slug }))
    }
}

impl State {
    pub(super) fn list_guardrails(&self, script: &Script, request: &Recorded) -> Answer {
        paged(
            self.guardrails.clone(),
            Some(script.page.unwrap_or(50)),
            request,
        )
    }

    pub(super) fn read_guardrail(&self, slug: &str) -> Answer {
        let mut found = self.guardrails.iter().filter(|one| one["slug"] == slug);
        found.next().map_or_else(not_found, ok)
    }

    /// Its refusals have another format than the rest of the API.
    pub(super) fn post_guardrail(&mut self, body: &Value) -> Answer {
        let fits = body["checks"].is_array() && body["actions"]["on_fail"].is_object();
        let Some(name) = body["name"].as_str().filter(|_| fits) else {
            let error = json!({ "message": "checks are required", "type": "x", "code": null, "param": null });
            return Answer::new(400, json!({ "error": error }).to_string());
        };
        let number = self.guardrails.len() + 1;
        let mut fields = body.clone();
        fields["slug"] = format!("pg-{name}-{number:04}").into();
        fields["id"] = format!("00000000-0000-4000-c000-{number:012}").into();
        fields["status"] = "active".into();
        fields["last_updated_at"] = "2026-11-01T10:00:00.000Z".into();
        self.guardrails.push(fields.clone());
        ok(&json!({ "id": fields["id"], "slug": fields["slug"], "version_id": "v" }))
    }
}

pub(super) fn users(script: &Script, request: &Recorded) -> Answer {
    let email = request.target.split("email=").nth(1).unwrap_or_default();
    let email = email
        .split('&')
        .next()
        .unwrap_or_default()
        .replace("%40", "@");
    let users = script.users.iter().enumerate();
    let found = users.filter(|(_, user)| email.is_empty() || **user == email);
    let items: Vec<Value> = found
        .map(|(at, user)| {
            json!({ "id": format!("00000000-0000-4000-a000-{:012}", at + 1), "email": user })
        })
        .collect();
    ok(&json!({ "object": "list", "total": items.len(), "data": items }))
}
