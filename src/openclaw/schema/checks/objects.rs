//! Checks of one object.

use crate::document::Step;

use super::super::tree::Cursor;
use super::super::walk::Walk;
use super::keys;
use super::text::{byte_size, duration, is_safe_executable, provider_model};

impl Walk<'_> {
    pub(super) fn check_object(&mut self, check: &str, at: &Cursor) {
        match check {
            "cdp" | "cdp-strict" | "user-data-dir" | "extension-url" => self.browser(check, at),
            "allow-or-also"
                if self.count_at(at, "allow") > 0 && self.count_at(at, "alsoAllow") > 0 =>
            {
                self.wrong(
                    at,
                    &[],
                    "`allow` and `alsoAllow` can't be used together",
                    "move the entries of `alsoAllow` into `allow`",
                );
            }
            "exec-mode" => self.exec_mode(at),
            "exact-entries" => self.exact_entries(at),
            "safe-first" => self.program_first(at),
            "web-search" | "web-search-key" => self.web_search(check, at),
            "acp-binding" => {
                let id = self.text_at(at, &["match", "peer", "id"]);
                if id.is_none_or(|id| id.trim().is_empty()) {
                    self.wrong(
                        at,
                        &["match", "peer"],
                        "an ACP binding needs `match.peer.id`",
                        "name its conversation",
                    );
                }
            }
            "broadcast-groups" => self.broadcast_groups(at),
            "maintenance" | "maintenance-rotate" | "maintenance-sizes" | "cron-retention"
            | "cron-retention-log" => {
                self.durations(check, at);
            }
            "hooks-persistent" => self.hooks(at),
            "talk-provider" => self.talk_provider(at),
            "not-empty" if self.config.entries(at).is_empty() => {
                self.wrong(at, &[], "must not be empty", "");
            }
            "run-retries" => {
                if let (Some(min), Some(max)) =
                    (self.number_at(at, &["min"]), self.number_at(at, &["max"]))
                    && max < min
                {
                    self.wrong(at, &["max"], "must be at least `min`", "");
                }
            }
            "loop-detection" => self.loop_detection(at),
            "edge-auth" => self.edge_auth(at),
            _ => {}
        }
    }

    fn exec_mode(&mut self, at: &Cursor) {
        let has = |key| self.config.get(at, key).is_some();
        if has("mode") && (has("security") || has("ask")) {
            self.wrong(
                at,
                &["mode"],
                "`mode` can't be combined with `security` or `ask`",
                "keep either `mode`, or the other two",
            );
        }
    }

    fn program_first(&mut self, at: &Cursor) {
        let first = self.config.items(at).into_iter().next();
        let text = first.as_ref().and_then(|first| self.config.text(first));
        if !text.is_some_and(|text| is_safe_executable(&text)) {
            let message = "must be the name or path of a program".to_owned();
            self.below(at, &[Step::Index(0)], message, "");
        }
    }

    fn browser(&mut self, check: &str, at: &Cursor) {
        let driver = self.text_at(at, &["driver"]).unwrap_or_default();
        let has = |key: &str| self.config.get(at, key).is_some();
        let has_text = |key: &str| {
            self.text_at(at, &[key])
                .is_some_and(|text| !text.is_empty())
        };
        let port = self
            .number_at(at, &["cdpPort"])
            .is_some_and(|port| port != 0.0);
        match check {
            "cdp" | "cdp-strict" => {
                let own = driver == "existing-session" || (check == "cdp" && driver == "extension");
                if !own && !port && !has_text("cdpUrl") {
                    self.wrong(
                        at,
                        &[],
                        "the browser profile needs `cdpPort` or `cdpUrl`",
                        "add one of them",
                    );
                }
            }
            "user-data-dir" => {
                if driver != "existing-session" && has("userDataDir") && has_text("userDataDir") {
                    self.wrong(
                        at,
                        &["userDataDir"],
                        "`userDataDir` only works with `driver: \"existing-session\"`",
                        "",
                    );
                }
            }
            _ => {
                if driver == "extension" && has_text("cdpUrl") {
                    self.wrong(
                        at,
                        &["cdpUrl"],
                        "`cdpUrl` can't be used with `driver: \"extension\"`",
                        "",
                    );
                }
            }
        }
    }

    fn exact_entries(&mut self, at: &Cursor) {
        for entry in self.config.entries(at) {
            if !entry.key.contains('*') && provider_model(&entry.key).is_some() {
                continue;
            }
            for key in ["pickerRuntimes", "codeMode"] {
                if self.config.get(&entry.value, key).is_some() {
                    self.wrong(
                        at,
                        &[&entry.key, key],
                        &format!("`{key}` needs an exact model reference as its key"),
                        "",
                    );
                }
            }
        }
    }

    fn web_search(&mut self, check: &str, at: &Cursor) {
        const PROVIDERS: &[&str] = &[
            "brave",
            "duckduckgo",
            "exa",
            "firecrawl",
            "gemini",
            "grok",
            "kimi",
            "minimax",
            "ollama",
            "perplexity",
            "searxng",
            "tavily",
        ];
        for entry in self.config.entries(at) {
            let key = &*entry.key;
            let is_old = PROVIDERS.contains(&key) && self.config.is_object(&entry.value);
            if is_old || (check == "web-search-key" && key == "apiKey") {
                self.wrong(
                    at,
                    &[key],
                    &format!("`{key}` has moved to plugins.entries.<plugin>.config.webSearch"),
                    "`{openclaw: doctor --fix}` moves it",
                );
            }
        }
    }

    fn broadcast_groups(&mut self, at: &Cursor) {
        for entry in self.config.entries(at) {
            let is_list = self.config.kind(&entry.value) == crate::document::Kind::Array;
            let qualified = is_qualified(&entry.key);
            if self.config.is_object(&entry.value) && !qualified {
                self.wrong(
                    at,
                    &[&entry.key],
                    "the key must also name the channel: <channel>:<peer>",
                    "",
                );
            } else if is_list && qualified && self.config.item_count(&entry.value) > 16 {
                self.wrong(at, &[&entry.key], "must have at most 16 agents", "");
            }
        }
    }

    fn durations(&mut self, check: &str, at: &Cursor) {
        // The key, the unit of a bare number (`None` for sizes), and whether `false` disables it.
        type Rule = (&'static [&'static str], Option<&'static str>, bool);
        const MAINTENANCE: &[Rule] = &[
            (&["rotateBytes"], None, false),
            (&["pruneAfter"], Some("d"), false),
            (&["resetArchiveRetention"], Some("d"), true),
            (&["maxDiskBytes"], None, false),
            (&["highWaterBytes"], None, false),
        ];
        const SIZES: &[Rule] = &[
            (&["maxDiskBytes"], None, true),
            (&["highWaterBytes"], None, false),
        ];
        const CRON: &[Rule] = &[
            (&["sessionRetention"], Some("h"), true),
            (&["runLog", "maxBytes"], None, false),
        ];
        let rules = match check {
            "maintenance-rotate" => MAINTENANCE,
            "maintenance" => &MAINTENANCE[1..],
            "maintenance-sizes" => SIZES,
            "cron-retention" => &CRON[..1],
            _ => CRON,
        };
        for (path, unit, off) in rules {
            let Some(value) = self.config.down(at, path) else {
                continue;
            };
            if *off && self.config.boolean(&value) == Some(false) {
                continue;
            }
            let text = match self.config.number(&value) {
                Some(number) => number.to_string(),
                None => self.config.text(&value).unwrap_or_default().into_owned(),
            };
            let fits = match unit {
                Some(unit) => duration(&text, unit).is_some(),
                None => byte_size(&text).is_some(),
            };
            if !fits {
                let what = if unit.is_some() {
                    "must be a duration such as 30d or 12h"
                } else {
                    "must be a size such as 512kb or 10mb"
                };
                self.wrong(at, path, what, "");
            }
        }
    }

    fn hooks(&mut self, at: &Cursor) {
        let has_text = |at: &Cursor, key: &str| {
            self.text_at(at, &[key])
                .is_some_and(|text| !text.trim().is_empty())
        };
        if has_text(at, "defaultSessionKey") {
            return;
        }
        let list = self
            .config
            .get(at, "mappings")
            .map(|list| self.config.items(&list));
        let lacking: Vec<usize> = list
            .unwrap_or_default()
            .iter()
            .enumerate()
            .filter(|(_, one)| {
                self.text_at(one, &["action"])
                    .is_none_or(|action| action == "agent")
                    && self.text_at(one, &["sessionMode"]).as_deref() == Some("persistent")
                    && !has_text(one, "sessionKey")
                    && self.config.get(one, "transform").is_none()
            })
            .map(|(index, _)| index)
            .collect();
        for index in lacking {
            let steps = [
                Step::Key("mappings".to_owned()),
                Step::Index(index),
                Step::Key("sessionKey".to_owned()),
            ];
            self.below(at, &steps, "a persistent hook needs a `sessionKey`, `hooks.defaultSessionKey` or a `transform`".to_owned(), "");
        }
    }

    fn talk_provider(&mut self, at: &Cursor) {
        let provider = self
            .text_at(at, &["provider"])
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        let providers = self
            .config
            .get(at, "providers")
            .map(|list| self.config.entries(&list))
            .unwrap_or_default();
        if !provider.is_empty()
            && !providers.is_empty()
            && !providers.iter().any(|one| one.key == provider)
        {
            self.below(
                at,
                &keys(&["provider"]),
                "must be one of the keys in `providers`".to_owned(),
                "",
            );
        } else if provider.is_empty() && providers.len() > 1 {
            self.below(
                at,
                &keys(&["provider"]),
                "`provider` must name the provider to use".to_owned(),
                "",
            );
        }
    }

    fn loop_detection(&mut self, at: &Cursor) {
        let number = |key| self.number_at(at, &[key]);
        let (warning, critical, breaker) = (
            number("warningThreshold"),
            number("criticalThreshold"),
            number("globalCircuitBreakerThreshold"),
        );
        if let (Some(warning), Some(critical)) = (warning, critical)
            && warning >= critical
        {
            self.wrong(
                at,
                &["criticalThreshold"],
                "must be greater than `warningThreshold`",
                "",
            );
        }
        if let (Some(critical), Some(breaker)) = (critical, breaker)
            && critical >= breaker
        {
            self.wrong(
                at,
                &["globalCircuitBreakerThreshold"],
                "must be greater than `criticalThreshold`",
                "",
            );
        }
    }

    fn edge_auth(&mut self, at: &Cursor) {
        const OWNED: &[&str] = &["host", "connection", "upgrade", "content-length"];
        let entries = self.config.entries(at);
        if entries.is_empty() {
            self.wrong(at, &[], "must not be empty", "");
        }
        let mut seen: Vec<String> = Vec::new();
        for entry in &entries {
            let lower = entry.key.to_lowercase();
            let is_name = !lower.is_empty()
                && lower
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
            if !is_name
                || OWNED.contains(&&*lower)
                || lower.starts_with("sec-websocket-")
                || seen.contains(&lower)
            {
                self.wrong(at, &[&entry.key], "can't be set as a header here", "");
            }
            seen.push(lower);
        }
    }
}

/// `<channel>:<peer>`
pub(super) fn is_qualified(key: &str) -> bool {
    key.split_once(':').is_some_and(|(channel, peer)| {
        !peer.is_empty()
            && channel.starts_with(|c: char| c.is_ascii_alphabetic())
            && channel
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    })
}
