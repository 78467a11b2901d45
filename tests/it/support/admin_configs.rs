//! Gateway configs of the loopback control plane, and its responses.

use serde_json::{Value, json};

use super::super::portkey::{Answer, Recorded};
use super::{Fault, Script, Style, refusal};

#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) config: Value,
    pub(super) at: String,
}

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) slug: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) versions: Vec<Version>,
    pub(super) stale: usize,
    pub(super) unlisted: usize,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) configs: Vec<Config>,
    pub(super) keys: Vec<super::keys::Key>,
    pub(super) providers: Vec<super::keys::Provider>,
    pub(super) guardrails: Vec<Value>,
    pub(super) clock: u32,
    pub(super) seen: usize,
    pub(super) hold: Option<(usize, bool)>,
    pub(super) recorded: Vec<Recorded>,
    pub(super) faults: Vec<(&'static str, String, usize, Fault)>,
    pub(super) held: bool,
    pub(super) released: bool,
}

impl State {
    pub(super) fn fault(&mut self, request: &Recorded) -> Option<Fault> {
        let fits = |(method, path, times, _): &&mut (&str, String, usize, Fault)| {
            *times > 0 && request.method == *method && request.path().starts_with(path.as_str())
        };
        let (_, _, times, fault) = self.faults.iter_mut().find(fits)?;
        *times -= 1;
        Some(fault.clone())
    }

    fn version(&mut self, config: Value) -> Version {
        self.clock += 1;
        Version {
            id: format!(
                "{:08x}-0000-4000-8000-000000000000",
                0x00a0_0000 + self.clock
            ),
            config,
            at: format!("2026-11-{:02}T10:00:00.000Z", self.clock),
        }
    }

    pub(super) fn create(&mut self, name: &str, config: Value, unlisted: usize) {
        let number = self.configs.len() + 1;
        let version = self.version(config);
        self.configs.push(Config {
            slug: format!("pc-{name}-{number:04}"),
            id: format!("00000000-0000-4000-8000-{number:012}"),
            name: name.to_owned(),
            versions: vec![version],
            stale: 0,
            unlisted,
        });
    }

    pub(super) fn list(&mut self, script: &Script, request: &Recorded) -> Answer {
        let mut items = Vec::new();
        for config in &mut self.configs {
            if config.unlisted > 0 {
                config.unlisted -= 1;
                continue;
            }
            items.push(json!({
                "id": config.id, "name": config.name, "slug": config.slug, "status": "active",
                "is_default": 0, "last_updated_at": config.versions.last().unwrap().at,
            }));
        }
        if script.page.is_some() {
            return paged(items, script.page, request);
        }
        Answer::new(200, json!({ "success": true, "data": items }).to_string())
    }

    pub(super) fn read(&mut self, script: &Script, slug: &str) -> Answer {
        let Some(config) = self.configs.iter_mut().find(|config| config.slug == slug) else {
            return Answer::new(404, refusal("AB02", "Config not found"));
        };
        let is_stale = config.stale > 0 && config.versions.len() > 1;
        config.stale = config.stale.saturating_sub(1);
        let version = &config.versions[config.versions.len() - 1 - usize::from(is_stale)];
        let reply = match script.style {
            Style::Documented => json!({ "success": true, "data": { "config": version.config } }),
            Style::Flat => json!({
                "config": version.config.to_string(), "name": config.name, "slug": config.slug,
                "version_id": version.id, "last_updated_at": version.at,
            }),
        };
        Answer::new(200, reply.to_string())
    }

    pub(super) fn versions(&self, slug: &str) -> Answer {
        let Some(config) = self.configs.iter().find(|config| config.slug == slug) else {
            return Answer::new(404, refusal("AB02", "Config not found"));
        };
        let items: Vec<Value> = config
            .versions
            .iter()
            .map(|version| {
                json!({
                    "id": config.id, "slug": config.slug, "name": config.name,
                    "version_id": version.id, "config": version.config.to_string(),
                    "created_at": version.at, "object": "config",
                })
            })
            .collect();
        let reply = json!({ "object": "list", "total": items.len(), "data": items });
        Answer::new(200, reply.to_string())
    }

    pub(super) fn post(&mut self, script: &Script, body: &Value) -> Answer {
        let (Some(name), config) = (body["name"].as_str(), &body["config"]) else {
            return Answer::new(400, refusal("AB01", "name is required"));
        };
        if !config.is_object() {
            return Answer::new(400, refusal("AB01", "config is required"));
        }
        self.create(name, stored(script, config), script.unlisted);
        if script.twin {
            self.create(name, config.clone(), 0);
        }
        let position = self.configs.len() - 1 - usize::from(script.twin);
        let config = &self.configs[position];
        let version = &config.versions[0].id;
        let reply = match script.style {
            Style::Documented => {
                json!({ "success": true, "data": { "id": config.id, "version_id": version } })
            }
            Style::Flat => json!({ "id": config.id, "slug": config.slug, "version_id": version }),
        };
        Answer::new(200, reply.to_string())
    }

    pub(super) fn put(&mut self, script: &Script, slug: &str, body: &Value) -> Answer {
        if !body["config"].is_object() {
            return Answer::new(400, refusal("AB01", "config is required"));
        }
        let version = self.version(stored(script, &body["config"]));
        let Some(config) = self.configs.iter_mut().find(|config| config.slug == slug) else {
            return Answer::new(404, refusal("AB02", "Config not found"));
        };
        config.stale = script.stale;
        config.versions.push(version.clone());
        let reply = match script.style {
            Style::Documented => json!({ "success": true, "data": { "version_id": version.id } }),
            Style::Flat => json!({ "version_id": version.id }),
        };
        Answer::new(200, reply.to_string())
    }

    pub(super) fn delete(&mut self, slug: &str) -> Answer {
        let before = self.configs.len();
        self.configs.retain(|config| config.slug != slug);
        if self.configs.len() == before {
            return Answer::new(404, refusal("AB02", "Config not found"));
        }
        Answer::new(200, "{}".to_owned())
    }
}

fn stored(script: &Script, config: &Value) -> Value {
    let mut config = config.clone();
    if script.adds {
        config["strict_open_ai_compliance"] = true.into();
    }
    config
}

pub(super) fn paged(items: Vec<Value>, size: Option<usize>, request: &Recorded) -> Answer {
    let total = items.len();
    let size = size
        .unwrap_or(usize::MAX)
        .min(request.query("page_size").unwrap_or(usize::MAX));
    let from = request
        .query("current_page")
        .unwrap_or(0)
        .saturating_mul(size);
    let page: Vec<Value> = items.into_iter().skip(from).take(size).collect();
    let reply = json!({ "success": true, "object": "list", "total": total, "data": page });
    Answer::new(200, reply.to_string())
}
