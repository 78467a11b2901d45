//! Checks that involve several parts of the config.

use crate::document::Step;
use crate::openclaw::Version;

use super::super::table::{CheckRow, version_of};
use super::super::tree::Cursor;
use super::super::walk::Walk;
use super::keys;

/// The versions that look for a bundled plugin in a folder named after each provider, and fail if
/// there is none: seen in 5.28, 6.1, 6.35, 7.1 and 7.35; not in 4.15 and 8.1.
const IDS_ARE_FOLDERS: (Version, Version) = (Version::new(2026, 5, 28), Version::new(2026, 7, 35));

/// The last version that treats `channels.modelByChannel` as a channel.
const BEFORE_MODELS_BY_CHANNEL: Version = Version::new(2026, 2, 17);

impl Walk<'_> {
    pub(super) fn check_config(&mut self, check: &CheckRow, at: &Cursor) {
        match check.name {
            "tailscale-bind" => self.tailscale_bind(at),
            "tailscale-auth" => {
                let mode = self.tailscale(at);
                if mode.is_some()
                    && self.text_at(at, &["gateway", "auth", "mode"]).as_deref() == Some("none")
                {
                    self.wrong(
                        at,
                        &["gateway", "auth", "mode"],
                        "`auth.mode: \"none\"` can't be used while Tailscale exposes the gateway",
                        "use `token` or `password`",
                    );
                }
            }
            "search-provider" => self.search_provider(check, at),
            "channel-ids" => self.channels(check, at),
            "custom-providers" => self.custom_providers(check, at),
            "channels-acp" => self.channels_acp(at, &mut Vec::new()),
            "portals" => self.portals(at),
            "stale-threshold" => {
                let minutes = self
                    .number_at(at, &["channelHealthCheckMinutes"])
                    .unwrap_or(5.0);
                let stale = self.number_at(at, &["channelStaleEventThresholdMinutes"]);
                if minutes != 0.0 && stale.is_some_and(|stale| stale < minutes) {
                    self.wrong(
                        at,
                        &["channelStaleEventThresholdMinutes"],
                        "must be at least `channelHealthCheckMinutes`",
                        "",
                    );
                }
            }
            "roles-default" => {
                let default = self.text_at(at, &["default"]).unwrap_or_default();
                if self.config.down(at, &["definitions", &default]).is_none() {
                    self.wrong(
                        at,
                        &["default"],
                        "must be one of the keys in `definitions`",
                        "",
                    );
                }
            }
            _ => self.sandbox_env(at),
        }
    }

    fn tailscale(&self, root: &Cursor) -> Option<String> {
        let mode = self.text_at(root, &["gateway", "tailscale", "mode"])?;
        ["serve", "funnel"].contains(&&*mode).then_some(mode)
    }

    fn tailscale_bind(&mut self, root: &Cursor) {
        if self.tailscale(root).is_none() {
            return;
        }
        let bind = self.text_at(root, &["gateway", "bind"]);
        let host = self
            .text_at(root, &["gateway", "customBindHost"])
            .unwrap_or_default();
        let is_local = host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|ip| ip.is_loopback());
        let fits = match bind.as_deref() {
            None | Some("loopback") => true,
            Some("custom") => is_local,
            Some(_) => false,
        };
        if !fits {
            self.wrong(
                root,
                &["gateway", "bind"],
                "must be `loopback` while Tailscale exposes the gateway",
                "",
            );
        }
    }

    /// Whether a plugin named in the config may provide something OpenClaw itself doesn't have.
    fn names_plugin(&self, root: &Cursor, id: &str) -> bool {
        let Some(plugins) = self.config.get(root, "plugins") else {
            return false;
        };
        let is_it = |other: &str| other.trim().eq_ignore_ascii_case(id);
        let allowed = self
            .config
            .get(&plugins, "allow")
            .map(|list| self.config.items(&list));
        let allowed = allowed.unwrap_or_default();
        allowed
            .iter()
            .any(|item| self.config.text(item).is_some_and(|text| is_it(&text)))
            || ["entries", "installs"].iter().any(|key| {
                let object = self.config.get(&plugins, key);
                object.is_some_and(|object| {
                    self.config
                        .entries(&object)
                        .iter()
                        .any(|entry| is_it(&entry.key))
                })
            })
    }

    /// Plugins that OpenClaw doesn't bundle; whether they are installed isn't known here.
    pub(super) fn plugins(&mut self, check: &CheckRow, root: &Cursor) {
        let known = self.listed(check.list);
        let named: Vec<(String, Cursor)> = match check.name {
            "plugin-entries" => {
                let entries = self.config.down(root, &["plugins", "entries"]);
                let entries = entries
                    .map(|object| self.config.entries(&object))
                    .unwrap_or_default();
                entries
                    .into_iter()
                    .map(|entry| (entry.key.into_owned(), entry.value))
                    .collect()
            }
            "plugin-slot" => {
                let slot = self.config.down(root, &["plugins", "slots", "memory"]);
                let slot = slot.into_iter().filter_map(|slot| self.named(slot));
                slot.filter(|(id, _)| id.trim() != "none").collect()
            }
            name => {
                let key = name.trim_start_matches("plugin-");
                let list = self.config.down(root, &["plugins", key]);
                let items = list
                    .map(|list| self.config.items(&list))
                    .unwrap_or_default();
                items
                    .into_iter()
                    .filter_map(|item| self.named(item))
                    .collect()
            }
        };
        for (id, at) in named {
            if !id.trim().is_empty() && !known.contains(&&*id) {
                let id = crate::portkey::printable(&id, 60);
                self.at(
                    &at,
                    super::Problem::Unsure(format!(
                        "can't tell whether the plugin `{id}` is installed"
                    )),
                );
            }
        }
    }

    fn named(&self, value: Cursor) -> Option<(String, Cursor)> {
        Some((self.config.text(&value)?.into_owned(), value))
    }

    fn search_provider(&mut self, check: &CheckRow, root: &Cursor) {
        const PATH: &[&str] = &["tools", "web", "search", "provider"];
        let Some(provider) = self.text_at(root, PATH) else {
            return;
        };
        let provider = provider.trim();
        let known = self.listed(check.list);
        if provider.is_empty() {
            self.wrong(root, PATH, "must not be empty", "");
        } else if !known.is_empty()
            && !known.contains(&provider)
            && !self.names_plugin(root, provider)
        {
            let mut known = known;
            known.sort_unstable();
            self.wrong(
                root,
                PATH,
                "must be one of OpenClaw's search providers",
                &format!("use one of {}", known.join(", ")),
            );
        }
    }

    fn channels(&mut self, check: &CheckRow, root: &Cursor) {
        let Some(channels) = self.config.get(root, "channels") else {
            return;
        };
        let known = self.listed(check.list);
        let version = version_of(self.bit.trailing_zeros());
        let has_models = version.is_some_and(|version| version > BEFORE_MODELS_BY_CHANNEL);
        for entry in self.config.entries(&channels) {
            let id = entry.key.trim();
            let is_own =
                id.is_empty() || id == "defaults" || (has_models && id == "modelByChannel");
            if !is_own && !known.contains(&id) && !self.names_plugin(root, id) {
                let message = format!(
                    "OpenClaw has no channel `{}`",
                    crate::portkey::printable(id, 60)
                );
                let help = "correct the name, or install the plugin that provides it";
                self.wrong_key(&entry, &["channels", id], message, help);
            }
        }
    }

    /// Reports a key of the config by its path from the root.
    fn wrong_key(
        &mut self,
        entry: &super::super::tree::Entry<'_>,
        path: &[&str],
        message: String,
        help: &str,
    ) {
        self.path.0.extend(keys(path));
        self.issues.push(super::super::issue::Issue {
            source: entry.source,
            range: entry.key_range.clone(),
            path: self.path.clone(),
            problem: super::Problem::Wrong {
                message,
                help: help.to_owned(),
            },
        });
        self.path.0.clear();
    }

    fn custom_providers(&mut self, check: &CheckRow, providers: &Cursor) {
        let own = self.listed(check.list);
        let version = version_of(self.bit.trailing_zeros());
        let (first, last) = IDS_ARE_FOLDERS;
        let is_folder = version.is_some_and(|version| (first..=last).contains(&version));
        for entry in self.config.entries(providers) {
            if own.contains(&&*entry.key.trim().to_lowercase()) {
                continue;
            }
            if is_folder && (entry.key.contains(['/', '\\']) || [".", ".."].contains(&&*entry.key))
            {
                let message =
                    "OpenClaw uses a provider's id as a folder name, so it can't contain a slash";
                let help = "rename the provider, and update the references to it";
                let path = ["models", "providers", &entry.key];
                self.wrong_key(&entry, &path, message.to_owned(), help);
            }
            let base_url = self.text_at(&entry.value, &["baseUrl"]).unwrap_or_default();
            for (key, lacks) in [
                ("baseUrl", base_url.is_empty()),
                ("models", self.config.get(&entry.value, "models").is_none()),
            ] {
                if lacks {
                    self.below(
                        providers,
                        &keys(&[&entry.key, key]),
                        format!("a provider that is not built into OpenClaw needs `{key}`"),
                        "add it",
                    );
                }
            }
        }
    }

    fn channels_acp(&mut self, at: &Cursor, steps: &mut Vec<Step>) {
        let channels = at.clone();
        self.acp_below(&channels, at, steps);
    }

    fn acp_below(&mut self, channels: &Cursor, at: &Cursor, steps: &mut Vec<Step>) {
        for (index, item) in self.config.items(at).iter().enumerate() {
            steps.push(Step::Index(index));
            self.acp_below(channels, item, steps);
            steps.pop();
        }
        if let Some(acp) = self.config.down(at, &["bindings", "acp"]) {
            use crate::document::Kind::{Array, Object};
            if matches!(self.config.kind(&acp), Object | Array) {
                let mut steps = steps.clone();
                steps.extend(keys(&["bindings", "acp"]));
                self.below(
                    channels,
                    &steps,
                    "a channel's ACP bindings have moved to `bindings` at the top of the config"
                        .to_owned(),
                    "move them there",
                );
            }
        }
        for entry in self.config.entries(at) {
            steps.push(Step::Key(entry.key.clone().into_owned()));
            self.acp_below(channels, &entry.value, steps);
            steps.pop();
        }
    }

    fn portals(&mut self, gateway: &Cursor) {
        const PORT: &[&str] = &["portals", "ingress", "port"];
        const DOMAIN: &[&str] = &["portals", "ingress", "domain"];
        let Some(domain) = self
            .text_at(gateway, DOMAIN)
            .map(|text| text.to_lowercase())
        else {
            return;
        };
        let mut origins: Vec<String> = self
            .text_at(gateway, &["publicOrigin"])
            .into_iter()
            .collect();
        if let Some(list) = self.config.down(gateway, &["controlUi", "allowedOrigins"]) {
            let items = self.config.items(&list);
            origins.extend(
                items
                    .iter()
                    .filter_map(|item| self.config.text(item).map(std::borrow::Cow::into_owned)),
            );
        }
        let clashes = origins.iter().any(|origin| {
            let url = url::Url::parse(origin).ok();
            let host = url
                .as_ref()
                .and_then(|url| url.host_str())
                .map(str::to_lowercase);
            host.is_some_and(|host| host == domain || host.ends_with(&format!(".{domain}")))
        });
        if clashes {
            self.wrong(
                gateway,
                DOMAIN,
                "must be a different domain than the gateway's and the Control UI's",
                "",
            );
        }
        let port = self.number_at(gateway, &["port"]).unwrap_or(18789.0);
        if self.number_at(gateway, PORT) == Some(port) {
            self.wrong(
                gateway,
                PORT,
                "must be a different port than the gateway's",
                "",
            );
        }
    }

    fn sandbox_env(&mut self, root: &Cursor) {
        let mut places = vec![keys(&["agents", "defaults"])];
        for agent in self.roster(root) {
            let mut steps = keys(&["agents"]);
            steps.extend(agent.steps());
            places.push(steps);
        }
        for mut steps in places {
            steps.extend(keys(&["sandbox", "docker", "env"]));
            let Some(env) = steps
                .iter()
                .try_fold(root.clone(), |at, step| self.config.step(&at, step))
            else {
                continue;
            };
            for entry in self.config.entries(&env) {
                let name = &entry.key;
                let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                let is_line = self
                    .config
                    .text(&entry.value)
                    .is_none_or(|text| !text.contains(['\r', '\n', '\0']));
                if !is_name || !is_line {
                    let what = if is_name {
                        "must be a single line"
                    } else {
                        "must have a name of letters, digits and `_`"
                    };
                    let mut steps = steps.clone();
                    steps.push(Step::Key(name.clone().into_owned()));
                    self.below(root, &steps, what.to_owned(), "");
                }
            }
        }
    }
}
