//! Checks of the list of agents, and of references to agents.

use std::collections::{HashMap, HashSet};

use crate::document::{Kind, Step};

use super::super::roster::Agent;
use super::super::table::CheckRow;
use super::super::tree::Cursor;
use super::super::walk::Walk;
use super::objects::is_qualified;
use super::text::{agent_id, duration, provider_model};

impl Walk<'_> {
    pub(super) fn check_agents(&mut self, check: &CheckRow, at: &Cursor) {
        match check.name {
            "roster" => self.ownership(at),
            "heartbeat" | "heartbeat-every" => self.heartbeat(check.name, at),
            "heartbeat-targets" => self.heartbeat_targets(check, at),
            "policy-refs" => self.policy_refs(at),
            "agent-dirs" => self.agent_dirs(at),
            "avatars" => self.avatars(at),
            name => self.known_agents(name, at),
        }
    }

    fn ownership(&mut self, agents: &Cursor) {
        let roster = self.roster_of(agents);
        let explicit = self.text_at(agents, &["ownership"]).as_deref() == Some("explicit");
        if roster.is_empty() {
            if explicit {
                self.wrong(
                    agents,
                    &["entries"],
                    "`agents.ownership: \"explicit\"` needs at least one agent in `agents.entries`",
                    "add an agent, or remove `ownership`",
                );
            }
            return;
        }
        let mut seen: HashMap<String, &str> = HashMap::new();
        for agent in &roster {
            let same = *seen.entry(agent_id(&agent.id)).or_insert(&agent.id);
            if !std::ptr::eq(same, agent.id.as_str()) {
                let message = format!(
                    "`{same}` and `{}` are the same agent for OpenClaw",
                    agent.id
                );
                self.below(agents, &agent.steps(), message, "rename one of them");
            }
        }
        let marked = roster
            .iter()
            .filter(|agent| self.boolean_at(&agent.value, &["default"]) == Some(true))
            .count();
        if marked > 1 {
            self.wrong(
                agents,
                &[roster_key(&roster)],
                &format!("{marked} agents have `default: true`, but only one can"),
                "remove it from the others",
            );
        }
        if explicit && marked > 0 {
            self.wrong(
                agents,
                &["ownership"],
                "`ownership: \"explicit\"` cannot be combined with `default: true`",
                "remove `default` from the agent",
            );
        }
        if roster.len() > 1 && marked == 0 && !explicit {
            let message = format!(
                "{} agents need `agents.ownership: \"explicit\"`, or `default: true` for one of them",
                roster.len()
            );
            self.wrong(
                agents,
                &[roster_key(&roster)],
                &message,
                "add `ownership: \"explicit\"` to `agents`",
            );
        }
    }

    fn known_agents(&mut self, check: &str, root: &Cursor) {
        let roster = self.roster(root);
        let keyed = check.starts_with("agents-entries");
        let mut ids: Vec<String> = roster.iter().map(|agent| agent.id.clone()).collect();
        if ids.is_empty() {
            if !keyed {
                return;
            }
            ids.push("main".to_owned());
        }
        let effective: HashSet<String> = ids.iter().map(|id| agent_id(id)).collect();
        let is_known = |id: &str| effective.contains(&agent_id(id));
        if keyed {
            const TARGETS: &[&[&str]] = &[
                &["agents", "defaults", "heartbeat", "agentId"],
                &["agents", "defaults", "systemAgent", "agentId"],
                &["talk", "agentId"],
            ];
            for path in TARGETS {
                if let Some(id) = self.text_at(root, path).filter(|id| !is_known(id)) {
                    self.wrong(root, path, &unknown_agent(&id), ADD);
                }
            }
        }
        if check != "agents-broadcast" {
            let bindings = self
                .config
                .get(root, "bindings")
                .map(|list| self.config.items(&list));
            for (index, binding) in bindings.unwrap_or_default().iter().enumerate() {
                let id = self
                    .text_at(binding, &["agentId"])
                    .filter(|id| !(is_known(id) || (keyed && id == "main")));
                if let Some(id) = id {
                    let steps = [
                        Step::Key("bindings".to_owned()),
                        Step::Index(index),
                        Step::Key("agentId".to_owned()),
                    ];
                    self.below(root, &steps, unknown_agent(&id), ADD);
                }
            }
        }
        self.broadcast(check, root, &ids);
    }

    fn broadcast(&mut self, check: &str, root: &Cursor, ids: &[String]) {
        let Some(broadcast) = self.config.get(root, "broadcast") else {
            return;
        };
        for entry in self.config.entries(&broadcast) {
            let is_list = self.config.kind(&entry.value) == Kind::Array;
            if entry.key == "strategy"
                || !(is_list || (check == "agents-entries" && is_qualified(&entry.key)))
            {
                continue;
            }
            let mut steps = vec![
                Step::Key("broadcast".to_owned()),
                Step::Key(entry.key.clone().into_owned()),
            ];
            let list = if is_list {
                Some(entry.value.clone())
            } else {
                steps.push(Step::Key("agents".to_owned()));
                self.config.get(&entry.value, "agents")
            };
            let items = list
                .map(|list| self.config.items(&list))
                .unwrap_or_default();
            for (index, item) in items.iter().enumerate() {
                let id = self
                    .config
                    .text(item)
                    .map(std::borrow::Cow::into_owned)
                    .filter(|id| !ids.contains(id));
                if let Some(id) = id {
                    steps.push(Step::Index(index));
                    self.below(root, &steps, unknown_agent(&id), ADD);
                    steps.pop();
                }
            }
        }
    }

    fn heartbeat(&mut self, check: &str, at: &Cursor) {
        let every = self
            .text_at(at, &["every"])
            .filter(|every| !every.is_empty());
        if check == "heartbeat-every" && every.is_none() {
            return;
        }
        if every.is_some_and(|every| duration(&every, "m").is_none()) {
            self.wrong(at, &["every"], "must be a duration such as 30m or 2h", "");
        }
        for (key, last) in [("start", false), ("end", true)] {
            let Some(time) = self
                .text_at(at, &["activeHours", key])
                .filter(|time| !time.is_empty())
            else {
                continue;
            };
            if !(is_time(&time) || (last && time == "24:00")) {
                self.wrong(
                    at,
                    &["activeHours", key],
                    "must be a time such as 08:30",
                    "",
                );
            }
        }
    }

    fn heartbeat_targets(&mut self, check: &CheckRow, root: &Cursor) {
        let known = self.listed(check.list);
        let mut places = vec![vec![
            Step::Key("agents".to_owned()),
            Step::Key("defaults".to_owned()),
        ]];
        for agent in self.roster(root) {
            let mut steps = vec![Step::Key("agents".to_owned())];
            steps.extend(agent.steps());
            places.push(steps);
        }
        for mut steps in places {
            steps.extend(super::keys(&["heartbeat", "target"]));
            let value = steps
                .iter()
                .try_fold(root.clone(), |at, step| self.config.step(&at, step));
            let text =
                value.and_then(|value| self.config.text(&value).map(std::borrow::Cow::into_owned));
            let Some(target) = text.map(|text| text.trim().to_lowercase()) else {
                continue;
            };
            let is_known = ["owner", "last", "none"].contains(&&*target)
                || known.iter().any(|id| id.eq_ignore_ascii_case(&target));
            if !is_known {
                self.below(
                    root,
                    &steps,
                    format!("OpenClaw has no channel `{target}`"),
                    "name a channel, `last` or `none`",
                );
            }
        }
    }

    fn policy_refs(&mut self, root: &Cursor) {
        let aliases = |at: &Cursor| -> Vec<String> {
            let models = self
                .config
                .get(at, "models")
                .map(|models| self.config.entries(&models));
            let aliases = models.unwrap_or_default();
            aliases
                .iter()
                .filter_map(|entry| self.text_at(&entry.value, &["alias"]))
                .map(|alias| alias.trim().to_lowercase())
                .collect()
        };
        let defaults = self.config.down(root, &["agents", "defaults"]);
        let shared = defaults.as_ref().map(aliases).unwrap_or_default();
        let mut places = Vec::new();
        if let Some(defaults) = defaults {
            places.push((super::keys(&["agents", "defaults"]), defaults, Vec::new()));
        }
        for agent in self.roster(root) {
            let mut steps = super::keys(&["agents"]);
            steps.extend(agent.steps());
            let own = aliases(&agent.value);
            places.push((steps, agent.value, own));
        }
        for (steps, holder, own) in places {
            let list = self.config.down(&holder, &["modelPolicy", "allow"]);
            let items = list
                .map(|list| self.config.items(&list))
                .unwrap_or_default();
            for (index, item) in items.iter().enumerate() {
                let text = self.config.text(item).unwrap_or_default().trim().to_owned();
                let lower = text.to_lowercase();
                if own.contains(&lower) || shared.contains(&lower) || is_policy_ref(&text) {
                    continue;
                }
                let mut steps = steps.clone();
                steps.extend(super::keys(&["modelPolicy", "allow"]));
                steps.push(Step::Index(index));
                self.below(root, &steps, "must be a reference such as portkey/@openai-prod/gpt-5, a wildcard such as portkey/*, or an alias".to_owned(), "");
            }
        }
    }

    fn agent_dirs(&mut self, root: &Cursor) {
        let mut seen: Vec<(String, String)> = Vec::new();
        for agent in self.roster(root) {
            let id = agent_id(&agent.id);
            let dir = self
                .text_at(&agent.value, &["agentDir"])
                .unwrap_or_default();
            let dir = dir.trim().trim_end_matches('/').to_owned();
            if dir.is_empty() || seen.iter().any(|(other, _)| *other == id) {
                continue;
            }
            if seen.iter().any(|(_, other)| *other == dir) {
                let mut steps = super::keys(&["agents"]);
                steps.extend(agent.steps());
                steps.push(Step::Key("agentDir".to_owned()));
                self.below(
                    root,
                    &steps,
                    "two agents have the same `agentDir`".to_owned(),
                    "give each agent a folder of its own",
                );
            }
            seen.push((id, dir));
        }
    }

    fn avatars(&mut self, root: &Cursor) {
        for agent in self.roster(root) {
            let avatar = self
                .text_at(&agent.value, &["identity", "avatar"])
                .unwrap_or_default();
            let avatar = avatar.trim().to_owned();
            let lower = avatar.to_lowercase();
            if avatar.is_empty()
                || ["data:", "http://", "https://"]
                    .iter()
                    .any(|start| lower.starts_with(start))
            {
                continue;
            }
            let workspace = self
                .text_at(&agent.value, &["workspace"])
                .or_else(|| self.text_at(root, &["agents", "defaults", "workspace"]));
            let inside = workspace.is_some_and(|folder| {
                avatar.starts_with(&format!("{}/", folder.trim_end_matches('/')))
            });
            if avatar.starts_with('~')
                || has_scheme(&lower)
                || (avatar.starts_with('/') && !inside)
                || climbs_out(&avatar)
            {
                let mut steps = super::keys(&["agents"]);
                steps.extend(agent.steps());
                steps.extend(super::keys(&["identity", "avatar"]));
                self.below(
                    root,
                    &steps,
                    "must be a path within the agent's workspace, an http(s) URL or a data URI"
                        .to_owned(),
                    "",
                );
            }
        }
    }
}

const ADD: &str = "correct the id, or add the agent";

fn unknown_agent(id: &str) -> String {
    format!("unknown agent `{}`", crate::portkey::printable(id, 60))
}

fn roster_key(roster: &[Agent]) -> &'static str {
    if roster.first().is_some_and(|agent| agent.index.is_some()) {
        "list"
    } else {
        "entries"
    }
}

fn is_time(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else {
        return false;
    };
    let two = |text: &str| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u8>().unwrap_or(99))
    };
    two(hour).is_some_and(|hour| hour < 24) && two(minute).is_some_and(|minute| minute < 60)
}

fn is_policy_ref(text: &str) -> bool {
    if ["openrouter:auto", "openrouter:free"].contains(&&*text.to_lowercase()) {
        return true;
    }
    let fits = |part: &str| {
        !part.is_empty()
            && !part.contains('*')
            && !part.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    if let Some(rest) = text.strip_suffix('*') {
        let parts: Vec<&str> = rest.trim_end().split('/').map(str::trim).collect();
        return parts.len() > 1
            && parts[parts.len() - 1].is_empty()
            && parts[..parts.len() - 1].iter().all(|part| fits(part));
    }
    provider_model(text)
        .is_some_and(|(provider, model)| fits(provider) && model.split('/').all(fits))
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let is_drive = scheme.len() == 1 && rest.starts_with(['/', '\\']);
        !is_drive
            && scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
    })
}

fn climbs_out(path: &str) -> bool {
    let mut depth = 0_i32;
    path.split('/').any(|part| {
        depth += match part {
            ".." => -1,
            "" | "." => 0,
            _ => 1,
        };
        depth < 0
    })
}
